/** The open chat around its messages: its head, the pinned message, the welcome, and what stands in place of the field. */

import { summary } from "./bubble.js";
import { avatar, byId, element, paintAvatar } from "./element.js";
import { fetchMessages } from "./wire.js";
import { botIsHere, chat, titleOf, typing, world } from "./world.js";
import { label, memberCount, readerCount, word } from "./words.js";

/**
 * Draws all of it anew.
 * @param {{connected: boolean, loaded: boolean, messages: object[]}} facts about the stream and what it brought
 * @param {{start: () => void, unblock: () => void, grown: () => void}} on
 */
export function drawRoom({ connected, loaded, messages }, on) {
  const one = chat();
  const own = one.type === "private";
  paintAvatar(byId("room-avatar"), { id: one.id, name: titleOf(one), bot: own });
  byId("room-title").textContent = titleOf(one);
  const isTyping = (typing.get(one.id) ?? 0) > Date.now();
  byId("room-status").textContent = statusOf(one, { connected, isTyping });
  byId("room-status").classList.toggle("busy", isTyping || !connected);
  const wasTyping = !byId("typing").hidden;
  byId("typing").hidden = !isTyping;
  if (isTyping && !wasTyping) on.grown();
  byId("block").hidden = !own;
  byId("block").setAttribute("aria-pressed", String(Boolean(one.blocked)));
  label(byId("block"), word(one.blocked ? "unblock" : "block"));
  showPinned(one, messages);
  showWelcome(one, loaded && messages.length === 0, on);
  showClosed(one, on);
}

/** The line under the title. */
export function statusOf(one, { connected = true, isTyping = false } = {}) {
  if (!connected) return word("connecting");
  if (isTyping) return word("typing");
  if (one.type === "private") return one.blocked ? `${word("bot")} · ${word("blocked")}` : word("bot");
  if (one.type === "channel") return `${word("channel")} · ${readerCount(one.member_ids.length)}`;
  const count = memberCount(one.member_ids.length);
  return botIsHere(one) ? count : `${count} · ${word("noBot")}`;
}

let fetched = null; // the pinned message of the open chat, when it is older than what is loaded

function showPinned(one, messages) {
  const id = one.pinned?.at(-1);
  byId("pinned").hidden = id === undefined;
  if (id === undefined) return;
  const isPinned = (message) => message?.id === id && message.chat_id === one.id;
  const message = messages.find(isPinned) ?? [fetched].find(isPinned);
  byId("pinned-text").textContent = message ? summary(message).slice(0, 200) : "…";
  if (!message && messages.length > 0) fetchPinned(one.id, id, messages);
}

async function fetchPinned(chatId, id, messages) {
  fetched = { id, chat_id: chatId }; // so that it is asked for once
  const [message] = await fetchMessages(chatId, { before: id + 1, limit: 1 }).catch(() => []);
  if (message?.id !== id) return;
  fetched = message;
  showPinned(chat(), messages);
}

function showWelcome(one, isEmpty, on) {
  const welcome = byId("welcome");
  welcome.hidden = !isEmpty;
  if (welcome.hidden) return;
  if (one.type !== "private") return welcome.replaceChildren(element("p", { class: "pill" }, word("emptyGroup")));
  const words = JSON.stringify([world.bot, word("start")]);
  if (welcome.dataset.says === words && welcome.querySelector(".start")) return;
  welcome.dataset.says = words;
  welcome.replaceChildren(avatar({ id: world.bot.id, name: world.bot.first_name, bot: true }),
    element("h2", { dir: "auto" }, world.bot.first_name),
    element("p", { class: "welcome-words", dir: "auto", "data-testid": "bot-description" }, world.bot.description || word("emptyBot")),
    element("button", { type: "button", class: "primary start", "data-testid": "start", onclick: () => on.start() }, word("start")));
}

/** In place of the field: a way back to a blocked bot, or why nobody can write here. */
function showClosed(one, on) {
  const reason = one.type === "channel" ? "readOnly" : one.type === "private" && one.blocked ? "unblock" : "";
  const closed = byId("closed");
  byId("composer-form").hidden = reason !== "";
  closed.hidden = reason === "";
  if (closed.dataset.says === word("send") + reason) return;
  closed.dataset.says = word("send") + reason;
  if (reason === "unblock") {
    closed.replaceChildren(element("button", { type: "button", class: "primary", "data-testid": "unblock", onclick: () => on.unblock() }, word("unblock")));
  } else if (reason) {
    closed.replaceChildren(element("p", {}, word(reason)));
  }
}
