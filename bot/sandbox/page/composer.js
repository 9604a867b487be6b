/** Where a person writes: the text field and the sheet above it with commands, attachments or inline results. */

import { summary } from "./bubble.js";
import { byId, drawing, element } from "./element.js";
import { label, word } from "./words.js";

const LONGEST = 4096; // UTF-16 units; Telegram's own apps cut longer texts into several messages
const PAUSE = 250; // milliseconds of quiet before an inline query is asked
const ATTACHMENTS = ["photo", "video", "document", "location", "contact", "voice", "sticker"];

export class Composer {
  #form = byId("composer-form");
  #field = byId("composer");
  #sheet = byId("sheet");
  #about = byId("about");
  #subject = null; // {kind: "reply" | "edit", message}
  #desk = ""; // who is writing where
  #drafts = new Map(); // desk -> text left there
  #commands = [];
  #username = "";
  #inlineTimer = 0;
  #inline = null; // {query, queryId, shown}: what the shown results answer
  #early = null; // results that came before the sandbox had told the id of their query
  #opener = null; // the button whose sheet is open

  /**
   * @param {object} on send(texts, replyTo) and edit(message, text) promise whether it worked; command(name), attach(kind);
   *   inline(query, offset) promises a query id; choose(queryId, resultId); startWith(parameter)
   */
  constructor(on) {
    this.on = on;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    byId("about-cancel").addEventListener("click", () => this.#drop());
    byId("menu-commands").addEventListener("click", (event) => this.#toggle(event.currentTarget, () => this.#showCommands("")));
    byId("attach").addEventListener("click", (event) => this.#toggle(event.currentTarget, () => this.#showAttachments()));
    this.#sheet.addEventListener("keydown", (event) => this.#sheetKey(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (this.#opener && !this.#sheet.contains(target) && !this.#opener.contains(target)) this.closeSheet();
    });
  }

  /**
   * Moves to another person or chat, named by `desk`: what was written there before lies there again.
   * A half-written inline query comes along: it is how a button shares into another chat.
   */
  enter(desk, username) {
    this.#username = username;
    this.closeSheet();
    if (this.#inlineQuery() === null) {
      if (this.#subject?.kind !== "edit") this.#drafts.set(this.#desk, this.#field.value);
      this.#set(this.#drafts.get(desk) ?? "");
    }
    this.#desk = desk;
    this.#subject = null;
    this.#showSubject();
    this.#typed();
  }

  set commands(commands) {
    this.#commands = commands;
    if (this.#opener === byId("menu-commands")) this.#showCommands("");
  }

  /** Puts text into the field, as if it had been typed. */
  fill(text) {
    this.#drop();
    this.#set(text);
    this.focus();
    this.#typed();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  reply(message) {
    if (this.#subject?.kind === "edit") this.#set("");
    this.#subject = { kind: "reply", message };
    this.#showSubject();
    this.focus();
  }

  edit(message) {
    this.#subject = { kind: "edit", message };
    this.#set(message.text);
    this.#showSubject();
    this.focus();
  }

  /** Rows of texts to offer under the field, [] for none. */
  set replyKeyboard(rows) {
    const holder = byId("reply-keyboard");
    holder.hidden = rows.length === 0;
    holder.replaceChildren(...rows.map((row) => element("div", { class: "keyboard-row" }, row.map((key) => {
      const text = typeof key === "string" ? key : key.text;
      return element("button", { type: "button", class: "key", "data-testid": "reply-key", onclick: () => this.on.send([text], null) }, element("span", { dir: "auto" }, text));
    }))));
  }

  /** Takes the bot's answer to an inline query, if it is the one that was asked last. */
  showResults(answer) {
    if (this.#inline?.queryId === null) this.#early = answer;
    if (!this.#inline || this.#inline.queryId !== answer.query_id) return;
    const { query_id: queryId, results, next_offset: nextOffset, button } = answer;
    const more = this.#inline.shown > 0;
    this.#inline.shown += results.length;
    const items = results.map((result) => element("button", {
      type: "button", class: "result", "data-testid": "inline-result", "data-result-id": result.id,
      onclick: () => this.#choose(queryId, result.id),
    }, element("span", { class: "result-mark", "aria-hidden": "true" }, drawing("icon-document")), element("span", { class: "result-words" },
      element("b", { dir: "auto" }, result.title ?? ""), element("span", { dir: "auto" }, result.description ?? result.text ?? ""))));
    if (nextOffset && results.length) {
      items.push(element("button", { type: "button", class: "quiet more", "data-testid": "inline-more", onclick: () => this.#ask(this.#inline.query, nextOffset) }, "…"));
    }
    this.#sheet.querySelector(".more")?.remove();
    if (more) return this.#sheet.append(...items);
    const top = button && element("button", { type: "button", class: "quiet", "data-testid": "inline-button",
      onclick: () => { this.closeSheet(); this.#set(""); this.on.startWith(button.start_parameter ?? ""); } }, button.text);
    this.#open(null, word("results"), [top, ...(items.length ? items : [element("p", { class: "sheet-note" }, word("nothingFound"))])]);
  }

  closeSheet() {
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener = null;
    this.#sheet.hidden = true;
    this.#sheet.replaceChildren();
  }

  /** Says the words of the page again, after the language has changed. */
  translate() {
    this.#field.setAttribute("placeholder", word("write"));
    label(this.#field, word("write"));
    label(byId("menu-commands"), word("commands"));
    this.#showSubject();
  }

  async #submit() {
    const text = this.#field.value.trim();
    if (!text) return;
    const subject = this.#subject;
    this.#set("");
    this.#subject = null;
    this.#showSubject();
    this.#typed();
    const worked = subject?.kind === "edit" ? await this.on.edit(subject.message, text)
      : await this.on.send(pieces(text), subject?.message.id ?? null);
    if (worked || this.#field.value) return;
    this.#set(text); // so that nothing written is lost
    this.#subject = subject;
    this.#showSubject();
  }

  #key(event) {
    // While a word is being composed (Chinese and others) Enter belongs to the input method.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      if (!this.#sheet.hidden) this.closeSheet();
      else this.#drop();
    } else if (event.key === "ArrowUp" && !this.#sheet.hidden) {
      event.preventDefault();
      [...this.#sheet.querySelectorAll("button")].at(-1)?.focus();
    } else if (event.key === "ArrowUp" && !this.#field.value) {
      event.preventDefault();
      this.on.editLast();
    }
  }

  #sheetKey(event) {
    const buttons = [...this.#sheet.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") {
      const opener = this.#opener ?? this.#field;
      this.closeSheet();
      opener.focus();
    } else if (step && buttons.length) {
      event.preventDefault();
      const next = buttons.indexOf(document.activeElement) + step;
      if (next >= buttons.length && !this.#opener) this.focus();
      else buttons.at(next % buttons.length).focus();
    }
  }

  #typed() {
    byId("composer-mirror").textContent = `${this.#field.value}\u200b`;
    const text = this.#field.value;
    const query = this.#inlineQuery();
    clearTimeout(this.#inlineTimer);
    if (query !== null && this.#subject?.kind !== "edit") {
      this.#inlineTimer = setTimeout(() => this.#ask(query, ""), PAUSE);
      return;
    }
    this.#inline = null;
    const started = /^\/([a-z0-9_]*)$/i.exec(text);
    if (started) this.#showCommands(started[1].toLowerCase());
    else if (!this.#opener) this.closeSheet();
  }

  #inlineQuery() {
    if (!this.#username) return null;
    const opening = `@${this.#username} `;
    return this.#field.value.toLowerCase().startsWith(opening.toLowerCase()) ? this.#field.value.slice(opening.length) : null;
  }

  async #ask(query, offset) {
    const asked = { query, queryId: null, shown: offset ? this.#inline?.shown ?? 0 : 0 };
    this.#inline = asked;
    if (!offset) this.#open(null, word("results"), [element("p", { class: "sheet-note", role: "status" }, word("searching"))]);
    const queryId = await this.on.inline(query, offset);
    if (this.#inline !== asked) return;
    asked.queryId = queryId;
    if (queryId === null) this.closeSheet();
    else if (this.#early) this.showResults(this.#early);
    this.#early = null;
  }

  #choose(queryId, resultId) {
    this.#inline = null;
    this.closeSheet();
    this.#set("");
    this.focus();
    this.on.choose(queryId, resultId);
  }

  #toggle(button, show) {
    const open = this.#opener === button;
    this.closeSheet();
    if (open) return;
    show();
    this.#opener = button;
    button.setAttribute("aria-expanded", "true");
    this.#sheet.querySelector("button")?.focus({ preventScroll: true });
  }

  #showCommands(prefix) {
    const fitting = this.#commands.filter(({ command }) => command.startsWith(prefix));
    if (fitting.length === 0 && prefix) return this.closeSheet();
    const items = fitting.map(({ command, description }) => element("button", {
      type: "button", class: "command", "data-testid": "command", "data-command": command,
      onclick: () => { this.closeSheet(); this.#set(""); this.#typed(); this.focus(); this.on.command(command); },
    }, element("b", {}, `/${command}`), element("span", { dir: "auto" }, description)));
    this.#open(this.#opener, word("commands"), items.length ? items : [element("p", { class: "sheet-note" }, word("noCommands"))]);
  }

  #showAttachments() {
    const items = ATTACHMENTS.map((kind) => element("button", {
      type: "button", class: `attachment attachment-${kind}`, "data-testid": `attach-${kind}`,
      onclick: () => { this.closeSheet(); this.on.attach(kind); },
    }, element("span", { class: "disc" }, drawing(`icon-${kind}`)), element("span", {}, word(kind))));
    this.#open(this.#opener, word("attach"), [element("div", { class: "attachments" }, items)]);
  }

  #open(opener, title, children) {
    if (opener === null) this.closeSheet();
    this.#sheet.setAttribute("role", "group");
    this.#sheet.setAttribute("aria-label", title);
    this.#sheet.replaceChildren(...children.filter(Boolean));
    this.#sheet.hidden = false;
    this.#sheet.scrollTop = 0;
  }

  #set(text) {
    this.#field.value = text;
    byId("composer-mirror").textContent = `${text}\u200b`;
  }

  #drop() {
    if (this.#subject?.kind === "edit") this.#set("");
    this.#subject = null;
    this.#showSubject();
  }

  #showSubject() {
    this.#about.hidden = this.#subject === null;
    if (!this.#subject) return;
    const { kind, message } = this.#subject;
    this.#about.querySelector("use").setAttribute("href", kind === "edit" ? "#icon-edit" : "#icon-reply");
    byId("about-title").textContent = kind === "edit" ? word("editing") : word("replying", { name: message.from.first_name });
    byId("about-text").textContent = summary(message).slice(0, 200);
  }
}

/** A text cut into messages of allowed length, at a line or word end where there is one, never inside a character. */
export function pieces(text) {
  const result = [];
  let rest = text;
  while (rest.length > LONGEST) {
    const head = rest.slice(0, LONGEST + 1);
    let cut = Math.max(head.lastIndexOf("\n"), head.lastIndexOf(" "));
    if (cut < LONGEST / 2) cut = /[\uD800-\uDBFF]/.test(rest[LONGEST - 1]) ? LONGEST - 1 : LONGEST;
    result.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest) result.push(rest);
  return result;
}
