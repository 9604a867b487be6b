/** Presses of the buttons under messages, and the answers that the bot gives to them. */

import { attempt, copy } from "./deeds.js";
import { openAddress, safeUrl } from "./entities.js";
import { alertBox, toast } from "./popup.js";
import { here, world } from "./world.js";
import { word } from "./words.js";

const PATIENCE = 15000; // milliseconds after which a press without an answer stops waiting
const REMEMBERED = 20; // answers kept that came before the sandbox had told the id of their press

const waiting = new Map(); // callback id -> the button that waits
const early = new Map(); // callback id -> its answer

/**
 * Does what a button is for.
 * @param {(url: URL) => boolean} inside takes over links that stay in the sandbox
 * @param {(text: string) => void} fill puts text into the field
 */
export async function press(message, button, key, { inside, fill }) {
  switch (button.kind) {
    case "url":
      return follow(button.url, inside);
    case "copy":
      return copy(button.copy);
    case "switch_inline":
    case "switch_inline_current":
      return fill(`@${world.bot.username} ${button.query ?? ""}`);
    default:
      break;
  }
  if (key.classList.contains("waiting")) return;
  key.classList.add("waiting");
  key.setAttribute("aria-busy", "true");
  const answer = await attempt("press", { chat_id: message.chat_id, person_id: here.personId, message_id: message.id, data: button.data });
  if (!answer) return settle(key);
  if (early.has(answer.callback_id)) {
    settle(key);
    return showAnswer(early.get(answer.callback_id));
  }
  waiting.set(answer.callback_id, key);
  setTimeout(() => {
    if (!waiting.delete(answer.callback_id)) return;
    settle(key);
    toast(word("noAnswer"));
  }, PATIENCE);
}

function settle(key) {
  key.classList.remove("waiting");
  key.removeAttribute("aria-busy");
}

function showAnswer({ text, show_alert: showAlert, url }) {
  if (text) (showAlert ? alertBox : toast)(text);
  if (url) openAddress(url);
}

/** Takes in an answer: {callback_id, text, show_alert, url}. */
export function takeAnswer(event) {
  const key = waiting.get(event.callback_id);
  if (key) {
    waiting.delete(event.callback_id);
    settle(key);
    showAnswer(event);
    return;
  }
  early.set(event.callback_id, event);
  if (early.size > REMEMBERED) early.delete(early.keys().next().value);
}

function follow(address, inside) {
  const url = safeUrl(address);
  if (!url) toast(word("deadLink"));
  else if (!inside(url)) openAddress(url.href);
}
