/** What the page knows of the sandbox, and where in it the reader is. */

/** The bot, the people and the chats, by id. */
export const world = { bot: null, people: new Map(), chats: new Map() };

/** Who is writing and in which chat. */
export const here = { personId: 0, chatId: 0 };

/** Chat id -> its last message. */
export const latest = new Map();

/** Chat id -> how many messages of the bot came there since it was last open. */
export const unread = new Map();

/** Chat id -> until when the bot is typing there, in milliseconds since 1970. */
export const typing = new Map();

/** Who is writing. */
export function person() {
  return world.people.get(here.personId);
}

/** The open chat. */
export function chat() {
  return world.chats.get(here.chatId) ?? privateChat(here.personId);
}

// A person who never wrote may have no chat yet, but may open it.
function privateChat(personId) {
  return world.chats.get(personId)
    ?? { id: personId, type: "private", title: "", member_ids: [personId], admin_ids: [], bot_status: "member", blocked: false, pinned: [] };
}

/** The chats a person sees: the one with the bot first. */
export function chatsOf(personId) {
  const joined = [...world.chats.values()].filter(({ type, member_ids: ids }) => type === "channel" || (type !== "private" && ids.includes(personId)));
  return [privateChat(personId), ...joined];
}

/** What the chat is called in the list: the one with the bot bears its name. */
export function titleOf(one) {
  return one.type === "private" ? world.bot.first_name : one.title;
}

/** Whether the bot is in the chat. */
export function botIsHere(one) {
  return one.bot_status === "member" || one.bot_status === "administrator";
}

/** Who and where, as acts of the page protocol want it. */
export function place() {
  return { chat_id: here.chatId, person_id: here.personId };
}

/** A command as it is written here: in a group it names the bot it is for. */
export function commandHere(text) {
  return chat().type === "private" || text.includes("@") ? text : `${text}@${world.bot.username}`;
}

/** Takes in an answer of /page/state. */
export function takeState(state) {
  world.bot = state.bot;
  world.people = new Map(state.people.map((one) => [one.id, one]));
  world.chats = new Map(state.chats.map((one) => [one.id, one]));
}
