/** Who is writing and where: the residents to switch between and the chats of the chosen one. */

import { summary } from "./bubble.js";
import { avatar, byId, drawing, element } from "./element.js";
import { languageSelect } from "./popup.js";
import { clockOrDay, label, word } from "./words.js";

const SHOWN = 60; // people in the strip; load tests make thousands

/** Draws the people; `news` are ids of people with something unread in their own chat. */
export function showPeople(people, chosen, news, on) {
  const shown = people.slice(0, SHOWN);
  if (chosen && !shown.includes(chosen)) shown.unshift(chosen);
  const entries = shown.map((person) => {
    const pressed = person === chosen;
    const unread = !pressed && news.has(person.id);
    return {
      key: String(person.id),
      says: JSON.stringify([person.first_name, pressed, unread, word("newsFor")]),
      make: () => personChip(person, pressed, unread, on.person),
    };
  });
  entries.push({ key: "add", says: word("addPerson"), make: () => addChip(on.addPerson) });
  draw(byId("people"), entries);
  if (chosen) languageSelect(chosen.language_code, byId("language"));
}

/** Draws the chats; each is {chat, title, bot: whether it wears the bot's face, latest: Message | undefined, unread: number}. */
export function showChats(chats, chosenId, on) {
  draw(byId("chats"), chats.map(({ chat, title, bot, latest, unread }) => {
    const author = latest && !bot && !latest.service && chat.type !== "channel" ? latest.from.first_name : "";
    const last = latest ? summary(latest).slice(0, 160) : word("emptyGroup");
    const time = latest ? clockOrDay(latest.date) : "";
    const current = chat.id === chosenId;
    return {
      key: String(chat.id),
      says: JSON.stringify([title, author, last, time, current, unread, chat.type]),
      make: () => chatItem({ chat, title, bot, author, last, time, current, unread }, on.chat),
    };
  }));
}

function personChip(person, pressed, unread, choose) {
  const chip = element("button", {
    type: "button", class: "person", "data-testid": "person", "data-person-id": person.id,
    "aria-pressed": String(pressed), title: person.first_name, onclick: () => choose(person.id),
  }, element("span", { class: "person-face" }, avatar({ id: person.id, name: person.first_name }), unread && element("span", { class: "dot" })),
  element("bdi", { class: "person-name" }, person.first_name));
  if (unread) label(chip, `${person.first_name}, ${word("newsFor")}`);
  return chip;
}

function addChip(add) {
  const chip = element("button", { type: "button", class: "person add", "data-testid": "add-person", onclick: add },
    element("span", { class: "avatar" }, drawing("icon-plus")), element("span", { class: "person-name" }, word("add")));
  label(chip, word("addPerson"));
  return chip;
}

function chatItem({ chat, title, bot, author, last, time, current, unread }, choose) {
  const sign = { channel: "icon-megaphone", group: "icon-group", supergroup: "icon-group" }[chat.type];
  const count = unread > 0 && element("span", { class: "count", "aria-label": word("unread", { count: unread }) }, unread > 99 ? "99+" : String(unread));
  return element("button", {
    type: "button", class: "chat", "data-testid": "chat", "data-chat-id": chat.id,
    "aria-current": current ? "true" : null, onclick: () => choose(chat.id),
  }, avatar({ id: chat.id, name: title, bot }), element("span", { class: "chat-words" },
    element("span", { class: "chat-line" }, sign && drawing(sign, "icon tiny"), element("bdi", { class: "chat-title" }, title), element("time", {}, time)),
    element("span", { class: "chat-line" }, element("span", { class: "chat-last" }, author && [element("bdi", {}, author), ": "], element("bdi", {}, last)), count)));
}

// Only entries that say something new are made anew: a press or the keyboard's place on the others must not be lost.
function draw(list, entries) {
  const present = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const items = entries.map(({ key, says, make }) => {
    const known = present.get(key);
    if (known?.dataset.says === says) return known;
    const focused = known?.contains(document.activeElement);
    const item = known ?? element("li", { "data-key": key });
    item.dataset.says = says;
    const made = make();
    item.replaceChildren(made);
    if (focused) queueMicrotask(() => made.focus());
    return item;
  });
  const wanted = new Set(items);
  for (const item of [...list.children]) if (!wanted.has(item)) item.remove();
  items.forEach((item, at) => { if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null); });
}
