/**
 * Text and its entities become page elements. Offsets and lengths are UTF-16 units, which is how strings are indexed here.
 * Text reaches the page as text nodes only, and an address becomes a link only if its scheme is one of SCHEMES.
 */

import { drawing, element } from "./element.js";
import { word } from "./words.js";

const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/**
 * @param {string} text
 * @param {{type: string, offset: number, length: number, url?: string, language?: string}[]} entities
 * @param {{command: (text: string) => void, link: (url: URL) => boolean}} on
 *   `command` is told of a pressed command; `link` may take an address over (true) instead of opening it.
 * @returns {DocumentFragment}
 */
export function formatted(text, entities, on) {
  const fragment = document.createDocumentFragment();
  const ordered = nested(text, entities ?? []);
  const blockEnds = new Set(ordered.filter(({ type }) => BLOCKS.has(type)).map(({ end }) => end));
  fill(fragment, text, 0, text.length, ordered, blockEnds, on);
  return fragment;
}

/** Opens an address in a new tab if its scheme is allowed. */
export function openAddress(address) {
  const url = safeUrl(address);
  if (url) window.open(url.href, "_blank", "noopener,noreferrer");
  return url !== null;
}

/** The address as a URL, or null if it is none or its scheme is not allowed. A bare "example.org" means https. */
export function safeUrl(address) {
  const written = String(address ?? "").trim();
  const scheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(written); // "example.org:8080" is a host with a port
  try {
    const url = new URL(scheme ? written : `https://${written}`);
    return SCHEMES.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Outer before inner, each wholly inside the one it begins in; what crosses an edge is cut there in two. */
function nested(text, entities) {
  const waiting = entities
    .filter(({ offset, length }) => Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length > 0)
    .map((entity) => ({ ...entity, start: entity.offset, end: Math.min(entity.offset + entity.length, text.length) }))
    .filter(({ start, end }) => start < end)
    .sort(outerFirst);
  const result = [];
  const open = [];
  while (waiting.length > 0) {
    const entity = waiting.shift();
    while (open.length > 0 && open.at(-1).end <= entity.start) open.pop();
    const edge = open.at(-1)?.end ?? text.length;
    if (entity.end > edge) {
      waiting.push({ ...entity, start: edge });
      waiting.sort(outerFirst);
      entity.end = edge;
    }
    result.push(entity);
    open.push(entity);
  }
  return result;
}

function outerFirst(one, other) {
  return one.start - other.start || other.end - one.end || BLOCKS.has(other.type) - BLOCKS.has(one.type);
}

function fill(parent, text, start, end, ordered, blockEnds, on) {
  let at = start;
  while (ordered.length > 0 && ordered[0].start < end) {
    const entity = ordered.shift();
    appendText(parent, text.slice(at, entity.start), blockEnds.has(at));
    const { outer, inner } = dressed(entity, text.slice(entity.start, entity.end), on);
    fill(inner, text, entity.start, entity.end, ordered, blockEnds, on);
    parent.append(outer);
    at = entity.end;
  }
  appendText(parent, text.slice(at, end), blockEnds.has(at));
}

// A block already ends its line: the newline after it stays in the text, for copying, and is not drawn a second time.
function appendText(parent, text, afterBlock) {
  if (afterBlock && text.startsWith("\n")) {
    parent.append(element("span", { class: "drawn-by-block" }, "\n"));
    text = text.slice(1);
  }
  if (text) parent.append(text);
}

/** The element for an entity, and the element inside it that takes its text. */
function dressed(entity, text, on) {
  const same = (made) => ({ outer: made, inner: made });
  switch (entity.type) {
    case "pre": {
      const inner = element("code");
      return { outer: element("pre", { "data-language": entity.language }, inner), inner };
    }
    case "blockquote":
      return same(element("blockquote", { class: "quote", dir: "auto" }));
    case "expandable_blockquote":
      return expandable();
    case "spoiler":
      return spoiler();
    case "text_link":
      return same(link(entity.url, on));
    case "url":
      return same(link(text, on));
    case "email":
      return same(link(`mailto:${text}`, on));
    case "phone_number":
      return same(link(`tel:${text.replace(/[^\d+]/g, "")}`, on));
    case "mention":
      return same(link(`https://t.me/${text.slice(1)}`, on));
    case "bot_command":
      return same(element("button", { type: "button", class: "inline-command", "data-testid": "bot-command", onclick: () => on.command(text) }));
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return same(element("span", { class: "tag" }));
    default:
      return same(element(SIMPLE[entity.type] ?? "span"));
  }
}

function link(address, on) {
  const url = safeUrl(address);
  if (!url) return element("span", { class: "dead-link", title: word("deadLink") });
  const follow = (event) => { if (on.link(url)) event.preventDefault(); };
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href, onclick: follow });
}

function spoiler() {
  const inner = element("span", { class: "spoiler-text", inert: true });
  const outer = element("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": word("spoiler") }, inner);
  const reveal = () => {
    outer.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) outer.removeAttribute(name);
    inner.inert = false;
  };
  outer.addEventListener("click", reveal, { once: true });
  outer.addEventListener("keydown", (event) => {
    if (event.target !== outer || (event.key !== "Enter" && event.key !== " ") || outer.classList.contains("revealed")) return;
    event.preventDefault();
    reveal();
  });
  return { outer, inner };
}

let quotes = 0;

// Whether a quote is longer than its folded height is known only once it is laid out, and changes with the width.
const folded = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const outer = target.parentElement;
    if (outer && !outer.classList.contains("open")) outer.classList.toggle("short", target.scrollHeight <= target.clientHeight + 2);
  }
});

function expandable() {
  const inner = element("div", { class: "quote-text", id: `quote-${++quotes}`, dir: "auto" });
  const words = element("span", {}, word("showAll"));
  const toggle = element("button", {
    type: "button", class: "quote-toggle", "data-testid": "quote-toggle", "aria-expanded": "false", "aria-controls": inner.id,
  }, words, drawing("icon-down"));
  const outer = element("blockquote", { class: "quote expandable" }, inner, toggle);
  const unfold = (open) => {
    outer.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    words.textContent = word(open ? "showLess" : "showAll");
  };
  toggle.addEventListener("click", () => unfold(!outer.classList.contains("open")));
  inner.addEventListener("click", (event) => {
    const reading = event.target.closest("a, button, .spoiler") || !getSelection().isCollapsed;
    if (!reading && !outer.classList.contains("short")) unfold(true);
  });
  // A link that the keyboard reaches must not stay hidden in the fold.
  inner.addEventListener("focusin", () => { if (!outer.classList.contains("short")) unfold(true); });
  folded.observe(inner);
  return { outer, inner };
}
