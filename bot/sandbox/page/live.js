/** The stream of events: kept open, reopened with back-off after the last event that was seen. */

const FIRST_PAUSE = 400; // milliseconds
const LONGEST_PAUSE = 8000; // milliseconds

/**
 * Follows /page/events. Events arrive in order, none twice.
 * @param {number} after number of the last event already known
 * @param {{event: (event: object) => void, lost: () => void, resumed: () => Promise<number>}} listener
 *   `lost` is told once when the stream breaks or skips; `resumed` then fetches the state anew and returns its last event.
 */
export function follow(after, listener) {
  let last = after;
  let pause = FIRST_PAUSE;
  let source = null;

  function open() {
    source = new EventSource(`/page/events?after=${last}`);
    source.onopen = () => { pause = FIRST_PAUSE; };
    source.onmessage = ({ data }) => {
      let event;
      try {
        event = JSON.parse(data);
      } catch {
        return; // a comment or keep-alive of a form not known here
      }
      if (!Number.isInteger(event.n) || event.n <= last) return;
      last = event.n;
      listener.event(event);
    };
    source.onerror = () => {
      source.close();
      listener.lost();
      setTimeout(reopen, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  }

  // The sandbox keeps only the latest events and may have been started anew, so the state is read again first.
  async function reopen() {
    try {
      last = await listener.resumed();
    } catch {
      setTimeout(reopen, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      return;
    }
    open();
  }

  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) reopen(); });
  open();
}
