/** The page's side of the page protocol: what is asked of the sandbox and what is done through it. */

/** The sandbox refused, with its own words, or could not be reached. */
export class Refused extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Refused("");
  }
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Refused(`HTTP ${response.status}`);
  if (!response.ok || answer.ok === false) throw new Refused(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

/** Bot, people, chats and the number of the last event; the bot's name and description as this person sees them. */
export function fetchState(personId = null) {
  return ask(personId === null ? "/page/state" : `/page/state?person_id=${personId}`);
}

/** Messages of a chat, oldest first; `before` is a message id that the page ends in front of. */
export async function fetchMessages(chatId, { before = null, limit = 50 } = {}) {
  const query = new URLSearchParams({ chat_id: chatId, limit });
  if (before !== null) query.set("before", before);
  return (await ask(`/page/messages?${query}`)).messages;
}

/** The commands that this person sees in this chat. */
export async function fetchCommands(chatId, personId) {
  const query = new URLSearchParams({ chat_id: chatId, person_id: personId });
  const answer = await ask(`/page/commands?${query}`);
  return Array.isArray(answer) ? answer : answer.commands ?? [];
}

/** Does one thing as a person; raises Refused with the sandbox's words. */
export function act(what, details) {
  return ask("/page/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ do: what, ...details }),
  });
}
