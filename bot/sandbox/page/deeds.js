/** Doing things: an act in the sandbox or a copy to the clipboard, with a toast when it did not work. */

import { toast } from "./popup.js";
import { act, Refused } from "./wire.js";
import { word } from "./words.js";

/** Does an act; on refusal says why and returns null. */
export async function attempt(what, details) {
  try {
    return await act(what, details);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message || word("unreachable"));
    return null;
  }
}

/** Copies text and says so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(word("copied"));
  } catch {
    toast(word("notCopied"));
  }
}
