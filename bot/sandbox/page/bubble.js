/** One message becomes one list item: its bubble, what it replies to, its picture and the buttons under it. */

import { avatar, drawing, element } from "./element.js";
import { formatted } from "./entities.js";
import { clock, known, label, moment, word } from "./words.js";

const BUTTON_ICONS = { url: "icon-out", copy: "icon-copy", switch_inline: "icon-share", switch_inline_current: "icon-share" };

/** Whose message it is, seen by this person: "bot", "me" or "other". */
export function sideOf(message, personId, botId) {
  if (message.from.id === personId) return "me";
  return message.from.is_bot || message.from.id === botId || (message.chat_id < 0 && message.from.id === message.chat_id) ? "bot" : "other";
}

/** The message in a line, for previews. */
export function summary(message) {
  if (message.service) return nameOf(message.service);
  return message.text || message.caption || (message.stub ? nameOf(message.stub) : "");
}

function nameOf(kind) {
  return known(kind) ? word(kind) : kind;
}

/**
 * @param {object} message as the page protocol describes it
 * @param {{personId: number, botId: number, username: string, many: boolean}} seen by whom, and who the bot is, and whether the chat has many people
 * @param {object} on press(message, button, element), command(text), link(url), jump(id), reply(message), edit(message),
 *   copy(message), erase(message)
 * @returns {HTMLLIElement}
 */
export function bubble(message, seen, on) {
  const side = sideOf(message, seen.personId, seen.botId);
  const attributes = { "data-testid": "message", "data-message-id": message.id, "data-from": side };
  if (message.service) {
    return element("li", { ...attributes, class: "service" }, element("span", { class: "pill" }, nameOf(message.service)));
  }
  const shown = element("div", { class: `bubble${message.stub === "sticker" ? " bare" : ""}` }, heading(message, seen, side), quoted(message, on),
    stub(message), body(message, on));
  return element("li", { ...attributes, class: `message from-${side}` },
    seen.many && side !== "me" && avatar({ id: message.from.id, name: message.from.first_name, bot: side === "bot" }),
    element("div", { class: "stack" }, shown, keyboard(message, on)),
    actions(message, side, on));
}

function heading(message, seen, side) {
  const author = seen.many && side !== "me" && element("span", { class: "author" }, element("bdi", {}, message.from.first_name));
  const via = message.via_bot && element("span", { class: "via" }, word("via", { name: viaName(message, seen) }));
  return author || via ? element("p", { class: "heading" }, author, via) : null;
}

function viaName(message, seen) {
  return typeof message.via_bot === "string" ? message.via_bot.replace(/^@/, "") : message.via_bot.username ?? seen.username;
}

function quoted(message, on) {
  if (!message.reply_to) return null;
  const { id, from, text } = message.reply_to;
  return element("button", { type: "button", class: "replied", onclick: () => on.jump(id) },
    element("b", {}, element("bdi", {}, from?.first_name ?? "…")), element("span", { dir: "auto" }, message.quote || text || "…"));
}

function body(message, on) {
  const text = message.text ?? message.caption ?? "";
  return element("div", { class: `body${text ? "" : " only-meta"}`, dir: "auto" },
    text && element("span", { class: "text", "data-testid": "text" }, formatted(text, message.entities, on)), meta(message));
}

function meta(message) {
  const silent = message.silent && element("span", { class: "mark", role: "img", "aria-label": word("silent"), title: word("silent"), "data-testid": "silent" },
    drawing("icon-silent"));
  const pinned = message.pinned && element("span", { class: "mark", role: "img", "aria-label": word("pinned"), title: word("pinned") }, drawing("icon-pin"));
  return element("span", { class: "meta" }, pinned, silent,
    message.edit_date && element("span", { class: "edited", "data-testid": "edited", title: moment(message.edit_date) }, word("edited")),
    element("time", { datetime: new Date(message.date * 1000).toISOString(), title: moment(message.date) }, clock(message.date)));
}

function keyboard(message, on) {
  if (!message.buttons?.length) return null;
  return element("div", { class: "keyboard", "data-testid": "keyboard" }, message.buttons.map((row) =>
    element("div", { class: "keyboard-row" }, row.map((button) => {
      const corner = BUTTON_ICONS[button.kind];
      return element("button", {
        type: "button", class: /\S{19}/.test(button.text) ? "key breaking" : "key", "data-testid": "button", "data-kind": button.kind,
        onclick: (event) => on.press(message, button, event.currentTarget),
      }, element("span", { dir: "auto" }, button.text), corner && drawing(corner, "corner"));
    }))));
}

function stub(message) {
  if (!message.stub) return null;
  const attributes = { class: `stub stub-${message.stub}`, "data-testid": "stub", "data-stub": message.stub, role: "img", "aria-label": nameOf(message.stub) };
  switch (message.stub) {
    case "photo":
      return element("div", attributes, drawing("scene-photo", "scene"));
    case "video":
      return element("div", attributes, drawing("scene-photo", "scene"), element("span", { class: "disc" }, drawing("icon-play")));
    case "location":
      return element("div", attributes, drawing("scene-map", "scene"), place(message));
    case "sticker":
      return element("div", attributes, drawing("scene-sticker", "scene"));
    case "voice":
      return element("div", attributes, element("span", { class: "disc" }, drawing("icon-play")), drawing("scene-voice", "wave"), element("small", {}, length(message.seconds)));
    case "contact":
      return element("div", attributes, element("span", { class: "disc" }, drawing("icon-contact")), card(message.file_name ?? word("contact"), word("stub")));
    default:
      return element("div", attributes, element("span", { class: "disc" }, drawing("icon-document")),
        card(message.file_name ?? nameOf(message.stub), Number.isFinite(message.file_size) ? size(message.file_size) : word("stub")));
  }
}

function place(message) {
  if (!message.location) return null;
  const { latitude, longitude } = message.location;
  return element("small", { class: "place" }, `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`);
}

function length(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function card(title, note) {
  return element("span", { class: "card" }, element("b", { dir: "auto" }, title), element("small", {}, note));
}

function size(bytes) {
  const kilobytes = bytes / 1024;
  if (kilobytes < 1) return `${bytes} B`;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function actions(message, side, on) {
  const open = element("button", { type: "button", class: "round small", "data-testid": "message-actions", "aria-haspopup": "menu", "aria-expanded": "false" },
    drawing("icon-more"));
  label(open, word("actions"));
  const holder = element("div", { class: "actions" }, open);
  let list = null;
  const close = () => {
    const shown = list;
    list = null; // first: removing moves the focus, which closes once more
    shown?.remove();
    open.setAttribute("aria-expanded", "false");
  };
  const item = (testId, iconId, words, what) =>
    element("button", { type: "button", role: "menuitem", "data-testid": testId, onclick: () => { close(); what(message); } }, drawing(iconId), words);
  open.addEventListener("click", () => {
    if (list) return close();
    const text = message.text ?? message.caption;
    // Near the foot of the chat there is no room below.
    const above = open.getBoundingClientRect().top > window.innerHeight / 2;
    list = element("div", { class: `actions-list ${above ? "above" : "below"}`, role: "menu", "aria-label": word("actions") },
      item("action-reply", "icon-reply", word("reply"), on.reply),
      side === "me" && message.text && !message.via_bot && item("action-edit", "icon-edit", word("edit"), on.edit),
      text && item("action-copy", "icon-copy", word("copyText"), on.copy),
      side === "me" && item("action-delete", "icon-trash", word("erase"), on.erase));
    holder.append(list);
    open.setAttribute("aria-expanded", "true");
    list.firstElementChild.focus();
  });
  holder.addEventListener("focusout", ({ relatedTarget }) => { if (!holder.contains(relatedTarget)) close(); });
  holder.addEventListener("keydown", (event) => {
    const items = [...holder.querySelectorAll("[role=menuitem]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { close(); open.focus(); }
    if (step && items.length) {
      event.preventDefault();
      items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    }
  });
  return holder;
}
