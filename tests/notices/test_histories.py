"""Random histories over the real store and workflows: whatever happens, the promises hold."""

import asyncio
import datetime as dt
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.notices.delivery import (
    Ambiguous,
    DeliveryState,
    Outcome,
    Rejected,
    Sent,
    Task,
    Throttled,
    Unavailable,
    Unreachable,
    conclude,
)
from bot.core.notices.record import Claim, Mailing, Marked
from bot.core.notices.states import ENDED, Event, Refused, State
from tests.fakes_notices import make_notice
from tests.notices.test_endings import make_change
from tests.notices.town import Town, open_town, sqlite_url

RESIDENTS = 5
EXAMPLES = int(os.environ.get("HISTORIES", "12"))

OUTCOMES: dict[str, Outcome] = {
    "sent": Sent(1),
    "arrived without an answer": Ambiguous("timeout"),
    "lost without an answer": Ambiguous("reset"),
    "throttled": Throttled(dt.timedelta(seconds=20)),
    "no connection": Unavailable("refused"),
    "blocked": Unreachable("bot was blocked by the user"),
    "rejected": Rejected("bad"),
}
ARRIVES = {"sent", "arrived without an answer"}

deeds = st.one_of(
    st.tuples(st.just("deliver"), st.integers(1, 4), st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1)),
    st.tuples(st.just("take off"), st.integers(1, 4), st.none()),
    st.tuples(st.just("land"), st.none(), st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1)),
    st.tuples(st.just("crash"), st.integers(1, 4), st.lists(st.booleans(), min_size=1)),
    st.tuples(st.just("pass"), st.sampled_from([1, 30, 3600, 4 * 3600]), st.none()),
    st.tuples(st.sampled_from(["stop", "resume", "correct", "withdraw", "leave"]), st.none(), st.none()),
)


Rows = dict[tuple[Task, str, int], DeliveryState]
"""Task, notice and chat -> how the delivery stands."""


class History:
    """A town in which one notice goes out, and what its phones hold."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.phones: dict[tuple[str, int], list[int]] = {}
        self.edited: dict[int, str] = {}
        self.last_id = 0
        self.left: set[int] = set()
        self.flying: list[tuple[Mailing, Claim]] = []

    async def begin(self) -> None:
        """Let people subscribe and a notice go out."""
        await self.town.settle(RESIDENTS)
        await self.town.issue(make_notice(expires="+10h"))

    async def claims(self, most: int) -> tuple[Mailing | None, tuple[Claim, ...]]:
        """Claim as the delivering does: from the highest class that has somebody due."""
        for mailing in await self.town.store.outbox.open_mailings():
            claims = await self.town.store.outbox.claim(mailing, most, self.town.clock())
            if claims:
                return mailing, claims
        return None, ()

    def arrive(self, mailing: Mailing, claim: Claim) -> int:
        """Put a copy on a phone, or change the one that is there."""
        if mailing.task is Task.EDIT:
            assert claim.reply_to is not None
            self.edited[claim.reply_to] = mailing.words["ru"].text.words
            return claim.reply_to
        self.last_id += 1
        who = (claim.delivery.notice_id, claim.delivery.chat_id)
        self.phones.setdefault(who, []).append(self.last_id)
        return self.last_id

    async def take_off(self, most: int) -> None:
        """Claim some messages; how they end is for later."""
        mailing, claims = await self.claims(most)
        if mailing is not None:
            self.flying += [(mailing, claim) for claim in claims]

    async def land(self, outcomes: list[str]) -> None:
        """Let what is in flight end, each message with its own luck."""
        now, marks = self.town.clock(), []
        for position, (mailing, claim) in enumerate(self.flying):
            name = outcomes[position % len(outcomes)]
            outcome = OUTCOMES[name]
            if name in ARRIVES:
                message_id = self.arrive(mailing, claim)
                outcome = Sent(message_id) if name == "sent" else outcome
            gone = isinstance(outcome, Unreachable)
            marks.append(Marked(claim, conclude(claim.delivery, outcome, now), gone))
        self.flying.clear()
        await self.town.store.outbox.record(marks, now)

    async def crash(self, most: int, arrived: list[bool]) -> None:
        """End in the middle of attempts, of which some have arrived; then begin anew."""
        await self.take_off(most)
        for position, (mailing, claim) in enumerate(self.flying):
            if arrived[position % len(arrived)]:
                self.arrive(mailing, claim)
        self.flying.clear()
        await self.town.store.outbox.recover(self.town.clock())

    async def do(self, what: str, number: int | None, more: list[str] | list[bool] | None) -> None:
        """Let one thing happen; what the tables refuse changes nothing."""
        town = self.town
        try:
            match what:
                case "deliver":
                    await self.take_off(number or 1)
                    await self.land([str(one) for one in more or ()])
                case "take off":
                    await self.take_off(number or 1)
                case "land":
                    await self.land([str(one) for one in more or ()])
                case "crash":
                    await self.crash(number or 1, [bool(one) for one in more or ()])
                case "pass":
                    town.clock.pass_by(seconds=number or 0)
                case "stop" | "resume":
                    await town.do("water-cut", Event(what))
                case "correct" | "withdraw":
                    kind = {"correct": "correction", "withdraw": "withdrawal"}[what]
                    if await town.store.notices.find_notice(f"water-cut-{kind}") is None:
                        await town.submit(make_change(kind, expires="+10h"))
                case "leave":
                    self.left.add(RESIDENTS)
                    await town.store.forget_chat(RESIDENTS)
        except Refused:
            pass
        await town.publish.tick()

    async def finish(self) -> None:
        """Let everything that waits be sent."""
        await self.do("land", None, ["sent"])
        if (await self.town.find("water-cut")).state is State.STOPPED:
            await self.do("resume", None, None)
        for _ in range(200):
            self.town.clock.pass_by(seconds=21)
            await self.do("deliver", 4, ["sent"])
            await self.town.store.outbox.close_finished(self.town.clock())
            if await self.town.is_quiet():
                return
        raise AssertionError("it never ends")

    async def check(self) -> None:
        """Look at everything that was promised."""
        assert max(map(len, self.phones.values()), default=0) <= 2, "a third copy"
        notice = await self.town.find("water-cut")
        progress = await self.town.progress("water-cut")
        assert progress.total == RESIDENTS
        assert progress.is_finished
        rows = await _rows(self.town)
        for (task, name, chat), state in rows.items():
            if (task, name) != (Task.SEND, "water-cut") or chat < 0:  # who left has no name here
                continue
            copies = len(self.phones.get(("water-cut", chat), ()))
            if state is DeliveryState.SENT:
                assert copies >= 1, "marked as sent, and nobody has it"
            elif state in (DeliveryState.DROPPED, DeliveryState.REFUSED):
                assert copies <= 1
        if notice.state is State.ACTIVE:
            assert progress.dropped <= len(self.left), "dropped without a reason"
        correction = notice.ended_by
        if correction and (await self.town.find(correction)).announcement.kind.takes_back_words:
            await self._check_correction(correction, rows)
        if notice.state in ENDED:
            self._check_edits(rows, f"{notice.state} ru")

    def _check_edits(self, rows: Rows, words: str) -> None:
        for (task, name, chat), state in rows.items():
            if (task, name, state) == (Task.SEND, "water-cut", DeliveryState.SENT) and chat > 0:
                edit = rows.get((Task.EDIT, name, chat))
                assert edit is not None, "a delivered copy is not edited"
                if edit is DeliveryState.SENT:
                    shown = [self.edited.get(one, "") for one in self.phones[name, chat]]
                    assert any(words in one or "corrected ru" in one for one in shown), shown

    async def _check_correction(self, correction: str, rows: Rows) -> None:
        told = Counter(chat for (name, chat) in self.phones if name == correction)
        wrong = {chat for (name, chat) in self.phones if name == "water-cut"}
        reached = {chat for (task, name, chat) in rows if (task, name) == (Task.SEND, correction)}
        assert wrong - self.left <= reached | self.left, "somebody has the wrong words and is not told"
        assert all(count == 1 for count in told.values())


async def _rows(town: Town) -> Rows:
    query = "SELECT task, notice_id, chat_id, state FROM deliveries"
    async with town.store._database.reading() as connection:
        rows = (await connection.exec_driver_sql(query)).all()
    return {(Task(one.task), one.notice_id, one.chat_id): DeliveryState(one.state) for one in rows}


_template: list[Path] = []


def _empty_database() -> Path:
    if not _template:
        folder = Path(tempfile.mkdtemp())

        async def make() -> None:
            async with open_town(sqlite_url(folder)):
                pass

        asyncio.run(make())
        _template.append(folder / "bot.db")
    return _template[0]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, min_size=3, max_size=18))
@example([("take off", 2, None), ("correct", None, None), ("land", None, ["sent"])])
@example([("take off", 2, None), ("withdraw", None, None), ("crash", 2, [True])])
def test_whatever_happens_nobody_is_lost_and_nobody_gets_a_third_copy(
    history: list[tuple[str, int | None, list[str] | None]],
) -> None:
    empty = _empty_database()

    async def live() -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(empty, folder)
            async with open_town(sqlite_url(Path(folder))) as town:
                told = History(town)
                await told.begin()
                for what, number, more in history:
                    await told.do(what, number, more)
                await told.finish()
                await told.check()

    asyncio.run(live())
