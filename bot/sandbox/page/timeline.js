/** The messages of the open chat, in order, with days between them; it keeps its place while they come, change and go. */

import { bubble, sideOf } from "./bubble.js";
import { byId, element } from "./element.js";
import { day, sameDay } from "./words.js";

const PAGE = 50; // messages asked for at a time
const KEPT = 500; // messages kept while the reader is at the end
const NEAR_END = 90; // pixels from the end that still count as reading the end
const SAME_BREATH = 300; // seconds within which messages of one author stand together
const ONE_SPEECH = 10_000; // milliseconds within which messages of the bot are read as one
const ROOM_ABOVE = 8; // pixels above the first of them

export class Timeline {
  #scroller = byId("scroller");
  #log = byId("log");
  #list = byId("messages");
  #messages = new Map(); // id -> message
  #items = new Map(); // id -> {message, item}
  #seen = null;
  #on = null;
  #fetch = null;
  #opening = 0; // grows with every chat opened, so that late answers for an earlier one are dropped
  #changedWhileLoading = null; // ids that events spoke of while a page was on its way: events are newer
  #hasOlder = false;
  #loadingOlder = false;
  #atEnd = true;
  #below = 0; // messages that came while the reader was further up
  #speech = { id: null, until: 0 }; // where the bot began to speak, and until when what it adds belongs to that

  /** @param {(count: number, atEnd: boolean) => void} place told when the reader moves from or to the end */
  constructor(place) {
    this.place = place;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.keepUp()).observe(this.#scroller);
  }

  /** Whether the first page of the open chat has come. */
  loaded = false;

  get messages() {
    return [...this.#messages.values()].sort((one, other) => one.id - other.id);
  }

  /** Shows another chat; `fetch(before, limit)` gives its messages, oldest first. */
  async open(seen, on, fetch) {
    this.#seen = seen;
    this.#on = on;
    this.#fetch = fetch;
    this.#messages.clear();
    this.#items.clear();
    this.#list.replaceChildren();
    this.#atEnd = true;
    this.#below = 0;
    this.#speech = { id: null, until: 0 };
    this.loaded = false;
    await this.refresh();
  }

  /** Fetches the latest page again and makes the list agree with it. */
  async refresh() {
    const opening = ++this.#opening;
    this.#changedWhileLoading = new Set();
    this.#log.setAttribute("aria-live", "off");
    const page = await this.#fetch(null, PAGE);
    if (opening !== this.#opening) return;
    const oldest = page.length === PAGE ? page[0].id : -Infinity;
    const there = new Set(page.map(({ id }) => id));
    for (const id of this.#messages.keys()) {
      if (id >= oldest && !there.has(id) && !this.#changedWhileLoading.has(id)) this.#messages.delete(id);
    }
    for (const message of page) {
      if (!this.#changedWhileLoading.has(message.id)) this.#messages.set(message.id, message);
    }
    if (page.length === PAGE) this.#hasOlder = true;
    this.#changedWhileLoading = null;
    this.loaded = true;
    this.#lay();
    setTimeout(() => { if (opening === this.#opening) this.#log.setAttribute("aria-live", "polite"); }, 300);
  }

  /** Takes in new and changed messages of this chat, and ids of those that are gone. */
  change(messages, gone = []) {
    for (const message of messages) {
      const isNew = !this.#messages.has(message.id);
      const side = sideOf(message, this.#seen.personId, this.#seen.botId);
      this.#messages.set(message.id, message);
      this.#changedWhileLoading?.add(message.id);
      if (side === "bot" && this.#atEnd) this.#listen(message.id);
      if (!isNew) continue;
      if (side === "me") {
        this.#atEnd = true;
        this.#speech = { id: null, until: 0 };
      } else if (!this.#atEnd) this.#below += 1;
    }
    for (const id of gone) {
      this.#messages.delete(id);
      this.#changedWhileLoading?.add(id);
    }
    this.#lay();
    this.#look();
  }

  /** Makes every item anew, after the language of the page has changed. */
  redraw() {
    this.#items.clear();
    this.#list.replaceChildren();
    this.#lay();
  }

  /** The element of a message, or null if it is not loaded. */
  itemOf(id) {
    return this.#items.get(id)?.item ?? null;
  }

  /** Brings a message into view and lets it glow; false if it is not loaded. */
  show(id) {
    const item = this.itemOf(id);
    if (!item) return false;
    const isFar = Math.abs(item.getBoundingClientRect().top) > 3 * this.#scroller.clientHeight; // a long glide is tiring
    item.scrollIntoView({ block: "center", behavior: isFar || calm() ? "instant" : "smooth" });
    item.classList.remove("glow");
    void item.offsetWidth; // restarts the animation
    item.classList.add("glow");
    return true;
  }

  /** Loads older messages until this one is there; false if it is not in this chat. */
  async reach(id) {
    this.#atEnd = false; // else what is loaded would be dropped again
    while (!this.#messages.has(id) && this.#hasOlder && (this.messages[0]?.id ?? 0) > id) {
      if (!(await this.#older())) return false;
    }
    return this.#messages.has(id);
  }

  /** Follows the talk to its end, for a reader who is there, but never past the beginning of what the bot is saying. */
  keepUp() {
    if (!this.#atEnd) return;
    const end = this.#scroller.scrollHeight - this.#scroller.clientHeight;
    const beginning = performance.now() < this.#speech.until ? this.#topOf(this.#speech.id) : null;
    this.#scroller.scrollTo({ top: Math.min(end, beginning ?? end), behavior: "instant" });
  }

  toEnd(smooth = false) {
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
  }

  #lay() {
    const ordered = this.messages;
    if (this.#atEnd && ordered.length > KEPT) {
      for (const { id } of ordered.splice(0, ordered.length - KEPT)) this.#messages.delete(id);
      this.#hasOlder = true;
    }
    for (const id of this.#items.keys()) if (!this.#messages.has(id)) this.#items.delete(id);
    const children = [];
    for (const [at, message] of ordered.entries()) {
      const before = ordered[at - 1];
      const continues = before !== undefined && sameDay(before.date, message.date);
      if (!continues) children.push(this.#dayMark(message));
      const item = this.#itemFor(message);
      item.classList.toggle("first", !continues || !together(before, message));
      const after = ordered[at + 1];
      item.classList.toggle("last", after === undefined || !sameDay(message.date, after.date) || !together(message, after));
      children.push(item);
    }
    this.#place(children);
    this.keepUp();
  }

  /** Notes that the bot says something: the beginning of a speech, unless one goes on that the reader has not left behind. */
  #listen(id) {
    const now = performance.now();
    const isNotShownYet = this.#messages.has(this.#speech.id) && !this.itemOf(this.#speech.id);
    const goesOn = now < this.#speech.until && (isNotShownYet || this.#topOf(this.#speech.id) !== null);
    this.#speech = { id: goesOn ? this.#speech.id : id, until: now + ONE_SPEECH };
  }

  /** Where to scroll to so that a message begins at the top of the view; null if that would be back. */
  #topOf(id) {
    const item = this.itemOf(id);
    if (!item) return null;
    const way = item.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - ROOM_ABOVE;
    return way < -1 ? null : this.#scroller.scrollTop + way;
  }

  #itemFor(message) {
    const known = this.#items.get(message.id);
    if (known?.message === message) return known.item;
    const item = bubble(message, this.#seen, this.#on);
    // An edit must not fold a quote that the reader has opened.
    const open = known?.item.querySelectorAll(".expandable") ?? [];
    item.querySelectorAll(".expandable").forEach((quote, at) => {
      if (open[at]?.classList.contains("open")) quote.querySelector(".quote-toggle").click();
    });
    if (known && message.edit_date && message.edit_date !== known.message.edit_date) item.classList.add("changed");
    this.#items.set(message.id, { message, item });
    return item;
  }

  #dayMark(message) {
    const words = day(message.date);
    const present = [...this.#list.querySelectorAll(".day")].find((mark) => mark.textContent === words);
    return present ?? element("li", { class: "day", "data-testid": "day" }, element("span", { class: "pill" }, words));
  }

  // Moves as little as possible, so that focus, selection and open quotes stay.
  #place(children) {
    const wanted = new Set(children);
    for (const child of [...this.#list.children]) if (!wanted.has(child)) child.remove();
    let at = this.#list.firstElementChild;
    for (const child of children) {
      if (child === at) at = at.nextElementSibling;
      else this.#list.insertBefore(child, at);
    }
  }

  #scrolled() {
    this.#look();
    if (this.#scroller.scrollTop < 240 && this.#hasOlder && !this.#loadingOlder && !this.#changedWhileLoading) this.#older();
  }

  /** Sees where the reader is. */
  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#atEnd) this.#below = 0;
    this.place(this.#below, this.#atEnd);
  }

  /** Loads the page before the oldest message; false if it did not come or is of no use any more. */
  async #older() {
    const opening = this.#opening;
    this.#loadingOlder = true;
    try {
      const page = await this.#fetch(this.messages[0]?.id ?? null, PAGE);
      if (opening !== this.#opening) return false;
      this.#hasOlder = page.length === PAGE;
      const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
      for (const message of page) if (!this.#messages.has(message.id)) this.#messages.set(message.id, message);
      this.#lay();
      this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
      return true;
    } catch {
      return false; // tried again at the next scroll
    } finally {
      this.#loadingOlder = false;
    }
  }
}

function together(one, other) {
  return !one.service && !other.service && one.from.id === other.from.id && other.date - one.date < SAME_BREATH;
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
