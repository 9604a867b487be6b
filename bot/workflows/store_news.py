"""Trouble with the store told once, whichever part meets it first, and its end once all of them are well."""

from collections.abc import Awaitable, Callable

from bot.core.notices.news import News, Told

Tell = Callable[[Told], Awaitable[None]]


class StoreNews:
    """Stands between the parts and the operators; all other news pass as they are."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._away: set[str] = set()

    def of(self, part: str) -> Tell:
        """Return how this part tells."""

        async def tell(told: Told) -> None:
            was_known = bool(self._away)
            if told.news is News.STORE_AWAY:
                self._away.add(part)
                if was_known:
                    return
            elif told.news is News.STORE_BACK:
                self._away.discard(part)
                if self._away:
                    return
            await self._tell(told)

        return tell
