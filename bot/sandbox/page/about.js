/** The card of a chat: who is in it, what the bot says of itself, and what may be changed about the bot there. */

import { avatar, element } from "./element.js";
import { box } from "./popup.js";
import { memberCount, readerCount, word } from "./words.js";

/**
 * @param {{bot: object, chat: object, title: string, status: string, people: object[]}} facts
 * @param {(what: string, details: object) => void} act one act of the page protocol
 */
export function showAbout({ bot, chat, title, status, people }, act) {
  const dialog = box("about-chat", word("aboutChat"));
  const own = chat.type === "private";
  dialog.append(element("div", { class: "about-top" }, avatar({ id: chat.id, name: title, bot: own }),
    element("p", { class: "about-name", dir: "auto" }, title), element("p", { class: "about-status" }, own ? `@${bot.username}` : status)));
  if (own) {
    for (const words of [bot.short_description, bot.description]) if (words) dialog.append(element("p", { class: "about-prose", dir: "auto" }, words));
  } else {
    dialog.append(members(chat, people), rights(bot, chat, (what, details) => { dialog.close(); act(what, details); }));
  }
  dialog.showModal();
}

function members(chat, people) {
  const shown = people.filter(({ id }) => chat.member_ids.includes(id)).slice(0, 30);
  return element("div", { class: "about-members" }, element("h3", {}, (chat.type === "channel" ? readerCount : memberCount)(chat.member_ids.length)),
    element("ul", {}, shown.map((person) => element("li", {}, avatar({ id: person.id, name: person.first_name }), element("bdi", {}, person.first_name),
      chat.admin_ids?.includes(person.id) && element("small", {}, word("admin"))))));
}

function rights(bot, chat, act) {
  const here = chat.bot_status === "member" || chat.bot_status === "administrator";
  const deed = (testId, words, what, details, checked = null) => element("button", {
    type: "button", class: checked === null ? "deed" : "deed switch", "data-testid": testId,
    role: checked === null ? null : "switch", "aria-checked": checked === null ? null : String(checked), onclick: () => act(what, details),
  }, words);
  const place = { chat_id: chat.id };
  const isAdmin = chat.bot_status === "administrator";
  const readsAll = bot.can_read_all_group_messages;
  return element("div", { class: "deeds" }, element("h3", {}, word("rights")),
    chat.type !== "channel" && deed("privacy", word("readsAll"), "set_privacy", { can_read_all: !readsAll }, readsAll),
    here && deed("bot-admin", word("isAdmin"), "promote_bot", { ...place, admin: !isAdmin }, isAdmin),
    chat.type === "group" && here && deed("migrate", word("migrate"), "migrate", place),
    deed("bot-membership", word(here ? "removeBot" : "addBot"), here ? "remove_bot" : "add_bot", place));
}
