/** The chat page: joins the list of people and chats, the open chat and the field to write in with the sandbox behind them. */

import { showAbout } from "./about.js";
import { sideOf } from "./bubble.js";
import { Composer } from "./composer.js";
import { attempt, copy } from "./deeds.js";
import { byId } from "./element.js";
import { follow } from "./live.js";
import { askGroup, askPerson, toast } from "./popup.js";
import { press, takeAnswer } from "./presses.js";
import { drawRoom, statusOf } from "./room.js";
import { showChats, showPeople } from "./sidebar.js";
import { nameTheme, startTheme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { fetchCommands, fetchMessages, fetchState, Refused } from "./wire.js";
import { speak, word } from "./words.js";
import { chat, chatsOf, commandHere, here, latest, person, place, takeState, titleOf, typing, unread, world } from "./world.js";

const TYPING = 5000; // milliseconds that a chat action is shown, as Telegram shows it
const LATER = 50; // milliseconds within which events are drawn together

let connected = true;

const timeline = new Timeline((below, atEnd) => {
  byId("to-bottom").hidden = atEnd;
  byId("below-count").hidden = below === 0;
  byId("below-count").textContent = String(below);
});

const composer = new Composer({
  send: (texts, replyTo) => write(texts, replyTo),
  edit: (message, text) => attempt("edit_text", { ...place(), message_id: message.id, text }),
  editLast: () => {
    const mine = timeline.messages.findLast((message) => message.from.id === here.personId && message.text && !message.via_bot);
    if (mine) composer.edit(mine);
  },
  command: (name) => write([commandHere(`/${name}`)], null),
  attach: (what) => attempt("send_stub", { ...place(), what }),
  inline: async (query, offset) => (await attempt("inline", { ...place(), query, offset }))?.query_id ?? null,
  choose: (queryId, resultId) => attempt("choose_inline", { ...place(), query_id: queryId, result_id: resultId }),
  startWith: (payload) => start(payload),
});

const onMessage = {
  press: (message, button, key) => press(message, button, key, { inside: followInside, fill: (text) => composer.fill(text) }),
  command: (text) => write([commandHere(text)], null),
  link: followInside,
  jump: async (id) => { if (await timeline.reach(id)) timeline.show(id); else toast(word("notThere")); },
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  copy: (message) => copy(message.text ?? message.caption ?? ""),
  erase: (message) => attempt("delete_message", { ...place(), message_id: message.id }),
};

// ---- what a person does

async function write(texts, replyTo) {
  const where = place(); // the reader may move on while a long text goes out in pieces
  for (const [at, text] of texts.entries()) {
    const details = { ...where, text };
    if (replyTo !== null && at === 0) details.reply_to = replyTo;
    if (!(await attempt("send_text", details))) return false;
  }
  return true;
}

async function start(payload = "") {
  const own = { chat_id: here.personId, person_id: here.personId };
  if (here.chatId !== here.personId) await openChat(here.personId);
  await attempt("start", payload ? { ...own, payload } : own);
}

/** A link to the bot itself stays in the sandbox: it starts the bot with its payload. */
function followInside(url) {
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : /^(?:t|telegram)\.me$/i.test(url.hostname) ? url.pathname.slice(1) : null;
  if (name?.toLowerCase() !== world.bot.username.toLowerCase()) return false;
  if (url.searchParams.has("start")) start(url.searchParams.get("start"));
  else openChat(here.personId);
  return true;
}

async function addPerson(details) {
  const added = await attempt("add_person", details);
  if (!added?.person) return;
  world.people.set(added.person.id, added.person);
  await becomePerson(added.person.id);
}

async function addGroup(details) {
  const added = await attempt("add_group", { ...details, creator_id: here.personId });
  if (!added?.chat) return;
  world.chats.set(added.chat.id, added.chat);
  await openChat(added.chat.id);
}

// ---- what happens in the sandbox

const waiting = []; // events not yet drawn
let drawing = 0;

function takeEvent(event) {
  waiting.push(event);
  drawing ||= setTimeout(drawEvents, LATER);
}

function drawEvents() {
  drawing = 0;
  const open = { changed: [], gone: [] };
  for (const event of waiting.splice(0)) takeIn(event, open);
  if (open.changed.length || open.gone.length) showChanges(open.changed, open.gone);
  showSidebar();
  showRoom();
}

function takeIn(event, open) {
  switch (event.kind) {
    case "message":
    case "edited":
      noteLatest(event.message, event.kind === "message");
      if (event.message.service === "migrated") readState(); // a chat has given way to another
      if (event.message.chat_id === here.chatId) open.changed.push(event.message);
      break;
    case "deleted":
      if (event.chat_id === here.chatId) open.gone.push(...event.message_ids);
      if (event.message_ids.includes(latest.get(event.chat_id)?.id)) fetchLatest(event.chat_id);
      break;
    case "chat":
      world.chats.set(event.chat.id, event.chat);
      break;
    case "person":
      takePerson(event.person);
      break;
    case "bot":
      readState();
      break;
    case "action":
      typing.set(event.chat_id, Date.now() + TYPING);
      setTimeout(showRoom, TYPING + 50);
      break;
    case "callback_answer":
      takeAnswer(event);
      break;
    case "inline_results":
      if (event.person_id === here.personId) composer.showResults(event);
      break;
    case "commands":
      readCommands();
      break;
    case "pinned":
      takePinned(event, open);
      break;
    case "reload":
      resume().catch(() => {});
      break;
    default:
      break;
  }
}

function showChanges(changed, gone) {
  timeline.change(changed, gone);
  composer.replyKeyboard = offeredKeyboard();
  showRoom();
}

function noteLatest(message, isNew) {
  const last = latest.get(message.chat_id);
  if (!last || message.id >= last.id) latest.set(message.chat_id, message);
  if (!isNew) return;
  const fromBot = sideOf(message, here.personId, world.bot.id) === "bot";
  if (fromBot) typing.delete(message.chat_id);
  if (message.chat_id !== here.chatId && fromBot && !message.service) unread.set(message.chat_id, (unread.get(message.chat_id) ?? 0) + 1);
}

function takePerson(one) {
  const before = world.people.get(one.id);
  world.people.set(one.id, one);
  if (one.id === here.personId && before?.language_code !== one.language_code) {
    changeWords();
    timeline.redraw();
  }
}

function takePinned({ chat_id: chatId, message_id: messageId, pinned }, open) {
  const one = world.chats.get(chatId);
  if (one) {
    const others = (one.pinned ?? []).filter((id) => id !== messageId);
    world.chats.set(chatId, { ...one, pinned: pinned ? [...others, messageId] : others });
  }
  if (chatId !== here.chatId) return;
  const message = open.changed.findLast(({ id }) => id === messageId) ?? timeline.messages.find(({ id }) => id === messageId);
  if (message && message.pinned !== pinned) open.changed.push({ ...message, pinned });
}

// ---- what is shown

function showRoom() {
  drawRoom({ connected, loaded: timeline.loaded, messages: timeline.messages }, {
    start: () => start(),
    unblock: toggleBlock,
    grown: () => timeline.keepUp(),
  });
}

// A talk with the bot that has not begun stands first; other silent chats stand last.
function freshness({ bot, latest: last }) {
  return last?.date ?? (bot ? Infinity : 0);
}

function showSidebar() {
  const news = new Set([...unread].filter(([id, count]) => id > 0 && count > 0).map(([id]) => id));
  showPeople([...world.people.values()], person(), news, { person: becomePerson, addPerson: () => askPerson(addPerson) });
  const entries = chatsOf(here.personId).map((one) => ({
    chat: one, title: titleOf(one), bot: one.type === "private", latest: latest.get(one.id), unread: unread.get(one.id) ?? 0,
  }));
  entries.sort((one, other) => freshness(other) - freshness(one) || 0);
  showChats(entries, here.chatId, { chat: (id) => { showList(false); openChat(id); } });
  byId("elsewhere").hidden = !entries.some(({ unread: count }) => count > 0);
}

function offeredKeyboard() {
  return timeline.messages.findLast(({ keyboard }) => Array.isArray(keyboard))?.keyboard ?? [];
}

function openAbout() {
  const facts = { bot: world.bot, chat: chat(), title: titleOf(chat()), status: statusOf(chat()), people: [...world.people.values()] };
  showAbout(facts, async (what, details) => {
    const answer = await attempt(what, details);
    await readState();
    if (answer?.chat && answer.chat.id !== here.chatId) await openChat(answer.chat.id);
    else if (what === "set_privacy" || what === "promote_bot") openAbout(); // a switch shows where it stands now
  });
}

function toggleBlock() {
  return attempt(chat().blocked ? "unblock" : "block", { person_id: here.personId });
}

function showList(open) {
  document.body.classList.toggle("list-open", open);
  byId("chat-list-toggle").setAttribute("aria-expanded", String(open));
  byId("scrim").hidden = !open;
  byId("room").inert = open;
  if (open) byId("sidebar").querySelector("[aria-pressed=true], button")?.focus();
  else if (byId("sidebar").contains(document.activeElement)) byId("chat-list-toggle").focus();
}

// ---- moving about

async function openChat(id) {
  here.chatId = id;
  unread.delete(id);
  remember();
  composer.enter(`${here.personId} ${id}`, world.bot.username);
  composer.replyKeyboard = [];
  const seen = { personId: here.personId, botId: world.bot.id, username: world.bot.username, many: chat().type === "group" || chat().type === "supergroup" };
  readCommands();
  const opening = timeline.open(seen, onMessage, (before, limit) => fetchMessages(id, { before, limit }));
  showSidebar();
  showRoom();
  try {
    await opening;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  if (here.chatId !== id) return;
  composer.replyKeyboard = offeredKeyboard();
  showRoom();
  if (matchMedia("(hover: hover) and (min-width: 760px)").matches) composer.focus();
}

async function becomePerson(id) {
  const own = here.chatId === here.personId; // stay with the bot, or in a chat that both are in
  here.personId = id;
  const keep = !own && chatsOf(id).some((one) => one.id === here.chatId);
  changeWords();
  await openChat(keep ? here.chatId : id);
  await Promise.all(chatsOf(id).filter((one) => !latest.has(one.id)).map((one) => fetchLatest(one.id)));
}

/** The page speaks the language of the person who writes; the bot's name and commands follow too. */
function changeWords() {
  speak(person()?.language_code);
  composer.translate();
  nameTheme();
  showSidebar();
  showRoom();
  readState();
  readCommands();
}

function remember() {
  const address = new URL(location.href);
  address.search = "";
  address.searchParams.set("as", here.personId);
  if (here.chatId !== here.personId) address.searchParams.set("chat", here.chatId);
  history.replaceState(null, "", address);
}

// ---- reading anew

async function readState() {
  try {
    takeState(await fetchState(here.personId));
  } catch {
    return; // the stream of events will notice and read it again
  }
  showSidebar();
  showRoom();
}

async function readCommands() {
  const { personId, chatId } = here;
  const commands = await fetchCommands(chatId, personId).catch(() => []);
  if (personId !== here.personId || chatId !== here.chatId) return;
  composer.commands = commands;
  byId("menu-commands").hidden = commands.length === 0;
}

async function fetchLatest(chatId) {
  const messages = await fetchMessages(chatId, { limit: 1 }).catch(() => []);
  if (messages.length) latest.set(chatId, messages.at(-1));
  else latest.delete(chatId);
  showSidebar();
}

async function resume() {
  const state = await fetchState(here.personId);
  takeState(state);
  if (!world.people.has(here.personId)) here.personId = state.people[0].id;
  if (!chatsOf(here.personId).some(({ id }) => id === here.chatId)) await openChat(here.personId);
  else await timeline.refresh();
  connected = true;
  latest.clear();
  await Promise.all(chatsOf(here.personId).map((one) => fetchLatest(one.id)));
  composer.replyKeyboard = offeredKeyboard();
  readCommands();
  showRoom();
  return state.last_event;
}

async function begin() {
  startTheme();
  const asked = new URL(location.href).searchParams;
  let state;
  for (;;) {
    try {
      state = await fetchState(Number(asked.get("as")) || null);
      break;
    } catch {
      toast(word("unreachable"));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
  takeState(state);
  const ids = state.people.map(({ id }) => id);
  const wanted = Number(asked.get("as"));
  here.personId = ids.includes(wanted) ? wanted : (ids.find((id) => id !== 1000) ?? ids[0]);
  const chatId = Number(asked.get("chat"));
  here.chatId = here.personId;
  changeWords();
  follow(state.last_event, {
    event: takeEvent,
    lost: () => { connected = false; showRoom(); },
    resumed: resume,
  });
  await openChat(chatsOf(here.personId).some(({ id }) => id === chatId) ? chatId : here.personId);
  await Promise.all(chatsOf(here.personId).map((one) => fetchLatest(one.id)));
  if (asked.has("start")) await start(asked.get("start"));
}

byId("language").addEventListener("change", ({ target }) => attempt("set_language", { person_id: here.personId, language_code: target.value }));
byId("add-group").addEventListener("click", () => askGroup([...world.people.values()].slice(0, 60), here.personId, addGroup));
byId("block").addEventListener("click", toggleBlock);
byId("pinned").addEventListener("click", () => onMessage.jump(chat().pinned?.at(-1)));
byId("to-bottom").addEventListener("click", () => timeline.toEnd(true));
byId("chat-list-toggle").addEventListener("click", () => showList(true));
byId("scrim").addEventListener("click", () => showList(false));
byId("chat-info").addEventListener("click", openAbout);
document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && document.body.classList.contains("list-open")) showList(false); });
matchMedia("(min-width: 760px)").addEventListener("change", () => showList(false));

begin();
