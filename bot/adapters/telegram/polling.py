"""Fetches updates, and confirms one to Telegram only once it is answered: a killed process loses none."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, TelegramError

from bot.adapters.telegram.dispatch import Dispatcher
from bot.adapters.telegram.incoming import ALLOWED_UPDATES
from bot.adapters.telegram.outage import Outage
from bot.adapters.telegram.request import AiohttpRequest, Throttled, Unavailable

log = logging.getLogger(__name__)

BATCH = 100  # updates at once at most (Bot API, getUpdates)
LONG_POLL = 25  # seconds for which Telegram keeps the question open

CONFIRMED_ANYWAY_AFTER = 15.0
"""Seconds after which an unanswered update is confirmed: one stuck chat must not stop the others."""

CONFIRMED_IF_CROWDED_AFTER = 2.0
"""The same when unanswered updates fill a whole batch, and nobody else's come through any more."""

FIRST_LOOK, LONGEST_LOOK = 0.05, 1.0
"""Seconds between two fetches while updates at the head are being answered: Telegram repeats them at once."""


class Poller:
    """Long polling. `request` should be its own, as a poll keeps its connection to itself."""

    def __init__(
        self,
        request: AiohttpRequest,
        url: str,
        dispatcher: Dispatcher,
        delete_webhook: Callable[[], Awaitable[Any]],
        random: Callable[[], float],
    ) -> None:
        """Take the address of getUpdates, and how to end a webhook that stands in its way."""
        self._request = request
        self._url = url
        self._dispatcher = dispatcher
        self._delete_webhook = delete_webhook
        self._outage = Outage(log, "no updates from Telegram", random)
        self._unanswered: dict[int, tuple[asyncio.Task[None], float]] = {}
        self._offset: int | None = None
        self._seen: set[int] = set()

    @property
    def is_away(self) -> bool:
        """Whether updates cannot be fetched now."""
        return self._outage.is_on

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and hand over updates until `stop`."""
        stopping = asyncio.create_task(stop.wait())
        look = FIRST_LOOK
        try:
            while not stop.is_set():
                if not self._dispatcher.has_room:
                    await _first_of(stopping, asyncio.sleep(FIRST_LOOK))
                    continue
                fetched = await _first_of(stopping, self._fetch())
                if isinstance(fetched, float):
                    await _first_of(stopping, asyncio.sleep(fetched))
                    continue
                updates = fetched or []
                is_news = self._take(updates)
                look = FIRST_LOOK if is_news else min(LONGEST_LOOK, 2 * look)
                await self._look_after(stopping, look, crowded=len(updates) >= BATCH and not is_news)
        finally:
            stopping.cancel()

    async def confirm(self) -> None:
        """Tell Telegram what was answered last, so that the next start does not get it again."""
        self._move_on(0.0, float("inf"))
        if self._offset is None:
            return
        try:
            await asyncio.wait_for(self._call(self._offset, 0, 1), 3.0)
        except (TelegramError, TimeoutError) as reason:
            log.info("the last updates stay unconfirmed; the journal knows them: %s", type(reason).__name__)

    async def _fetch(self) -> list[dict[str, Any]] | float:
        """Return the updates from the offset on, or after a failure in how many seconds to try again."""
        now = asyncio.get_running_loop().time
        try:
            updates = await self._call(self._offset, 0 if self._unanswered else LONG_POLL, BATCH)
        except Conflict as conflict:
            if "webhook" in conflict.message:
                return await self._end_webhook()
            reason = "another process is polling with this token; stop it, only one may"
            return self._outage.failed(reason, now())
        except Throttled as throttled:
            return max(throttled.seconds, self._outage.failed(throttled.message, now()))
        except TelegramError as error:
            return self._outage.failed(error.message, now())
        self._outage.over(now())
        return updates

    async def _call(self, offset: int | None, seconds: int, limit: int) -> list[dict[str, Any]]:
        # Raw, unlike Bot.get_updates: there one update that PTB cannot read takes the batch into the log.
        query = {"timeout": seconds, "limit": limit, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            query["offset"] = offset
        payload = await self._request.retrieve(
            f"{self._url}?{urlencode(query)}", read_timeout=self._request.read_timeout + seconds
        )
        updates = self._request.parse_json_payload(payload).get("result")
        if not isinstance(updates, list):
            raise Unavailable("the answer is not the Bot API's")
        return [update for update in updates if isinstance(update, dict)]

    async def _end_webhook(self) -> float:
        log.warning("a webhook is set for this token; it is removed, as BOT_MODE is polling")
        try:
            await self._delete_webhook()
        except TelegramError as error:
            return self._outage.failed(error.message, asyncio.get_running_loop().time())
        return 0.0

    def _take(self, updates: list[dict[str, Any]]) -> bool:
        """Hand the updates over; return whether there was a new one among them."""
        now = asyncio.get_running_loop().time()
        seen_before = len(self._seen)
        for update in updates:
            update_id = update.get("update_id")
            if not isinstance(update_id, int) or update_id in self._seen:
                continue
            self._seen.add(update_id)
            task = self._dispatcher.accept(update)
            if task is not None and not task.done():
                self._unanswered[update_id] = (task, now)
        return len(self._seen) > seen_before

    async def _look_after(self, stopping: asyncio.Task[Any], look: float, crowded: bool) -> None:
        """Give what is unanswered a moment, then move the offset as far as may be."""
        if self._unanswered:
            tasks = {task for task, _ in self._unanswered.values()}
            await _first_of(stopping, asyncio.wait(tasks, timeout=look))
        patience = CONFIRMED_IF_CROWDED_AFTER if crowded else CONFIRMED_ANYWAY_AFTER
        self._move_on(asyncio.get_running_loop().time(), patience)

    def _move_on(self, now: float, patience: float) -> None:
        self._unanswered = {
            update_id: (task, since)
            for update_id, (task, since) in self._unanswered.items()
            if (not task.done() and now - since < patience) or task.cancelled()
        }
        if self._seen:
            highest = max(self._seen)
            self._offset = min(self._unanswered, default=highest + 1)
            # What lies under the offset does not come again.
            self._seen = {update_id for update_id in self._seen if update_id >= self._offset} or {highest}


async def _first_of(stopping: asyncio.Task[Any], work: Any) -> Any:
    """Return what the work returns, None if it was cut short by the wish to stop."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return None
