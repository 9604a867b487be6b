"""T8: whatever clocks do, a notice goes exactly once or is marked as missed, and never before its time.

`python -m tests.notices.test_clocks 2000` lives so many random histories through; a test run lives a few.
"""

import asyncio
import datetime as dt
import os
import shutil
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.notices.freezing import Rules, Unfit
from bot.core.notices.local_time import Fold, Gap, resolve, written
from bot.core.notices.news import News
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.record import EmptyAudience, Entry, Overtaken, Record
from bot.core.notices.states import Event, Refused, State
from bot.workflows.publish import LIVING
from tests.fakes_notices import make_drill, make_notice
from tests.notices.test_publishing import otherwise
from tests.notices.town import APPROVER, AUTHOR, Town, lenient_policy, make_rules, open_town, sqlite_url

HISTORIES = int(os.environ.get("HISTORIES", "25"))
MINUTE = dt.timedelta(minutes=1)

ZONES = ("Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Auckland")
"""Zones whose clocks change twice a year: north and south, by an hour and, on Lord Howe, by half of one."""

START = dt.datetime(2027, 1, 10, 12, tzinfo=dt.UTC)
DAYS = ("2027-12-31 23:59", "2028-01-01 00:00", "2028-02-28 23:30", "2028-02-29 12:00", "2028-03-01 00:00")
"""The end of a year, and a leap day."""

NIGHT = {"L25": "It is meant for this very hour"}


@cache
def clock_changes(zone: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the two instants of a year in which the clocks of a zone change, forward first."""
    there, moment = ZoneInfo(zone), START
    found: list[dt.datetime] = []
    while len(found) < 2:
        later = moment + 15 * MINUTE
        if moment.astimezone(there).utcoffset() != later.astimezone(there).utcoffset():
            found.append(later)
        moment = later
    before = [(one - MINUTE).astimezone(there).utcoffset() or dt.timedelta() for one in found]
    after = [one.astimezone(there).utcoffset() or dt.timedelta() for one in found]
    return (found[0], found[1]) if before[0] < after[0] else (found[1], found[0])


def shown(instant: dt.datetime, zone: str) -> str:
    """Return what the clocks of a zone show then."""
    return written(instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None))


def hours_of(zone: str) -> dict[str, str]:
    """Return local times around both changes of the clocks and the turns of the calendar, by a name each."""
    forward, back = clock_changes(zone)
    there = ZoneInfo(zone)
    found = {f"day-{number}": text for number, text in enumerate(DAYS)}
    for name, change in (("forward", forward), ("back", back)):
        found |= {f"{name}-before": shown(change - 90 * MINUTE, zone), f"{name}-at": shown(change, zone)}
        found |= {f"{name}-after": shown(change + 90 * MINUTE, zone)}
    twice = shown(back - 10 * MINUTE, zone)
    assert isinstance(resolve(twice, there), Fold)
    found |= {"fold-first": f"{twice} first", "fold-second": f"{twice} second"}
    if isinstance(resolve(found["back-at"], there), Fold):
        found["back-at"] += " second"
    return found


def instant_of(text: str, zone: str) -> dt.datetime:
    """Return the instant of a local time that there is once."""
    found = resolve(text, ZoneInfo(zone))
    assert isinstance(found, dt.datetime), found
    return found


async def settle_in(town: Town, zone: str) -> dict[str, str]:
    """Plan a notice for each of these hours, and return them."""
    town.publish.rules = town.rules = make_rules(zone=zone, policy=lenient_policy())
    town.clock.time = START
    await town.settle(1)
    for name, text in hours_of(zone).items():
        await town.submit(make_notice(id=name, publish=text, accepted=NIGHT))
    await town.publish.tick()
    return hours_of(zone)


async def log_of(town: Town) -> list[Entry]:
    return [e for r in await town.store.notices.list_notices() for e in await town.store.audit.history(r.id)]


async def look_at(town: Town, *away: dt.timedelta) -> None:
    """Look so far away from now, by a clock that jumps there and back."""
    for jump in away:
        town.clock.time += jump
        await town.publish.tick()
        town.clock.time -= jump
        await town.publish.tick()


JUMPS = [dt.timedelta(hours=-1), dt.timedelta(hours=1), dt.timedelta(days=1)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_each_goes_once_at_its_own_hour_however_the_clock_jumps(
    town: Town, zone: str, jump: dt.timedelta
) -> None:
    hours = await settle_in(town, zone)

    for due in sorted(instant_of(text, zone) for text in hours.values()):
        for before in (30 * MINUTE, MINUTE, 0 * MINUTE):
            town.clock.time = max(town.clock.time, due - before)
            await town.publish.tick()
        await look_at(town, jump)
    town.clock.time += dt.timedelta(days=2)
    await town.publish.tick()

    begun = [(entry.notice_id, entry.at) for entry in await log_of(town) if entry.what == "begun"]
    assert len(begun) == len(dict(begun)), "one went twice"
    assert all(at >= instant_of(hours[name], zone) for name, at in begun)
    missed = {name for name in hours if (await town.find(name)).state is State.MISSED}
    assert dict(begun).keys() | missed == hours.keys()
    if jump < dt.timedelta(days=1):  # over a whole day some of them end unseen
        assert not missed
        assert dict(begun)["fold-first"] < dict(begun)["fold-second"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_while_another_clock_is_heard_nothing_goes_early_and_nothing_is_missed(
    town: Town, zone: str, jump: dt.timedelta
) -> None:
    hours = await settle_in(town, zone)

    for due in sorted(instant_of(text, zone) for text in hours.values()):
        for before in (30 * MINUTE, MINUTE, 0 * MINUTE):
            rest = max(due - before - town.clock.time, dt.timedelta(0))
            town.clock.pass_by(seconds=rest.total_seconds())
            town.publish.hear(town.clock.time)
            await look_at(town, jump)

    begun = {entry.notice_id: entry.at for entry in await log_of(town) if entry.what == "begun"}
    for name, text in hours.items():
        assert dt.timedelta(0) <= begun[name] - instant_of(text, zone) <= MINUTE, name
    assert News.SKEWED in town.operators.news


@pytest.mark.parametrize("zone", ZONES)
async def test_an_hour_that_the_clocks_leave_out_is_refused_and_one_that_comes_again_goes_after_it(
    town: Town, zone: str
) -> None:
    forward, _ = clock_changes(zone)
    left_out = shown(forward - 10 * MINUTE, zone)[:-5] + shown(forward - MINUTE, zone)[-5:]
    gap = written(dt.datetime.fromisoformat(left_out) + 10 * MINUTE)
    assert isinstance(resolve(gap, ZoneInfo(zone)), Gap)
    town.publish.rules = town.rules = make_rules(zone=zone, policy=lenient_policy())
    town.clock.time = forward - dt.timedelta(days=20)
    await town.settle(1)

    with pytest.raises(Unfit, match="does not exist"):
        await town.submit(make_notice(publish=gap))
    first = written(dt.datetime.fromisoformat(gap) - dt.timedelta(days=14))
    await town.submit(
        make_notice(id="weekly", publish=first, repeat="FREQ=WEEKLY;COUNT=4", expires="+1h", accepted=NIGHT)
    )
    for day in range(40):
        town.clock.time = forward + dt.timedelta(days=day - 20)
        for _ in range(3):
            await town.publish.tick()

    made = await town.store.notices.list_series("weekly")
    assert len({one.occurrence for one in made}) == len(made) == 4
    [moved] = [one for one in made if one.occurrence == gap]
    assert moved.times is not None
    assert moved.times.publish == forward
    assert moved.issued_at is not None


# Random histories


kinds = st.sampled_from(["plain", "Extreme", "Minor", "review", "drill", "of residents", "series", "undone"])
plans = st.lists(st.tuples(kinds, st.integers(-300, 4000)), min_size=1, max_size=4)
deeds = st.one_of(
    st.tuples(st.just("pass"), st.sampled_from([1, 9, 31, 59, 240, 1440, 3000])),
    st.tuples(st.just("jump"), st.integers(-120, 240)),
    st.tuples(
        st.sampled_from(["restart", "stop", "release", "withdraw", "approve", "grave", "words", "hear"]),
        st.integers(0, 3),
    ),
)
histories = st.tuples(st.sampled_from(ZONES), st.booleans(), plans, st.lists(deeds, min_size=2, max_size=14))
History = tuple[str, bool, list[tuple[str, int]], list[tuple[str, int]]]


class Life:
    """A town in which clocks, operators and dangers do what they like."""

    def __init__(self, town: Town, zone: str, forward: bool) -> None:
        self.town = town
        self.zone = zone
        self.change = clock_changes(zone)[0 if forward else 1]
        self.strict = make_rules(zone=zone, policy=lenient_policy())
        self.ids: list[str] = []
        self.graves = 0

    async def begin(self, plans: list[tuple[str, int]]) -> None:
        """Plan notices around a change of the clocks."""
        self.town.publish.rules = self.town.rules = self.strict
        self.town.clock.time = self.change - dt.timedelta(days=2)
        await self.town.settle(1)
        for number, (kind, away) in enumerate(plans):
            await self.plan(f"n{number}", kind, self.change + away * MINUTE)
        await self.town.publish.tick()

    async def plan(self, name: str, kind: str, due: dt.datetime) -> None:
        """Submit a notice of a kind; what clocks never show is planned for what they do."""
        text = shown(due, self.zone)
        if isinstance(resolve(text, ZoneInfo(self.zone)), Fold):
            text += " second"
        announcement: Notice | Drill
        fields = {"id": name, "publish": text, "expires": "+2h"}
        match kind:
            case "drill" | "of residents":
                audience = "operators" if kind == "drill" else "subscribers"
                announcement = make_drill(**fields, audience=audience)
            case "series":
                rule = {"repeat": "FREQ=DAILY;COUNT=3", "publish": text.split(" second")[0]}
                announcement = make_notice(**fields | rule, severity="Minor", accepted=NIGHT)
            case "undone":
                announcement = make_notice(**fields | {"publish": None, "expires": text})
            case "Extreme" | "review":
                announcement = make_notice(**fields, severity="Extreme")
            case "Minor":
                announcement = make_notice(**fields, severity="Minor")
            case _:
                announcement = make_notice(**fields, accepted=NIGHT)
        await self.town.submit(announcement)
        self.ids.append(name)
        if kind == "Extreme":
            await self.town.approve(name, APPROVER)

    async def do(self, what: str, number: int) -> None:
        """Let one thing happen; what is refused changes nothing."""
        town = self.town
        name = self.ids[number % len(self.ids)]
        try:
            match what:
                case "pass":
                    town.clock.pass_by(minutes=number)
                case "jump":
                    town.clock.time += number * MINUTE
                case "hear":
                    town.publish.hear(town.clock.time)
                case "restart":
                    town.__post_init__()
                    town.publish.rules = town.rules
                case "words":
                    town.publish.rules = town.rules = self.other_words(town.rules)
                case "grave":
                    self.graves += 1
                    await town.issue(make_notice(id=f"grave-{self.graves}", severity="Severe", expires="+1h"))
                case "approve":
                    await town.approve(name, APPROVER)
                case "release":
                    await town.publish.release(name, AUTHOR)
                case "stop" | "withdraw":
                    await self.decide(name, what)
        except (Refused, Overtaken, EmptyAudience, Unfit):
            pass
        await town.publish.tick()

    async def decide(self, name: str, what: str) -> None:
        """Stop or withdraw a notice, of a series what is to come."""
        made = await self.town.store.notices.list_series(name)
        record = made[-1] if made else await self.town.find(name)
        await self.town.do(record.id, Event(what))

    def other_words(self, rules: Rules) -> Rules:
        """Return other rules; by turns the words that were approved, and others."""
        return otherwise(rules) if rules is self.strict else self.strict

    async def finish(self) -> None:
        """Let all that waits go or end."""
        for _ in range(12):
            self.town.clock.pass_by(hours=20)
            self.town.publish.hear(self.town.clock.time)
            for _ in range(3):
                await self.town.publish.tick()

    async def check(self) -> None:
        """Look at everything that was promised."""
        records = {one.id: one for one in await self.town.store.notices.list_notices()}
        log = await log_of(self.town)
        for name, times in Counter(entry.notice_id for entry in log if entry.what == "begun").items():
            assert times == 1, f"{name} went {times} times"
        for entry in log:
            planned = _planned(records[entry.notice_id], self.zone)
            if entry.what == "begun" and planned is not None:
                assert entry.at >= planned, f"{entry.notice_id} went {planned - entry.at} early"
        left = [one.id for one in records.values() if one.state in LIVING and not one.is_series]
        # The last of a test's sends is nobody's to finish here: nothing is delivered.
        assert not [name for name in left if records[name].state is not State.PUBLISHING], left
        for name in self.ids:
            made = [one.occurrence for one in records.values() if one.series == name]
            assert len(made) == len(set(made)) <= 3
        told = [str(one) for one in self.town.operators.heard if one.news is News.FAULT]
        assert told == []


def _planned(record: Record, zone: str) -> dt.datetime | None:
    if record.announcement.publish is None or record.times is None:
        return None
    if record.occurrence is not None:
        return record.times.publish
    return instant_of(record.announcement.publish, zone)


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


async def _live(history: History) -> None:
    zone, forward, plans, deeds = history
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(_empty_database(), folder)
        async with open_town(sqlite_url(Path(folder))) as town:
            life = Life(town, zone, forward)
            await life.begin(plans)
            for what, number in deeds:
                await life.do(what, number)
            await life.finish()
            await life.check()


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories)
def test_whatever_clocks_operators_and_dangers_do_each_goes_once_or_never_and_none_is_early(
    history: History,
) -> None:
    _empty_database()
    asyncio.run(_live(history))


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    lived = 0

    @settings(max_examples=many, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(histories)
    def live_through(history: History) -> None:
        """Live one history through, and say now and then how many it were."""
        global lived
        asyncio.run(_live(history))
        lived += 1
        if lived % 100 == 0:
            print(f"{lived} histories", flush=True)  # noqa: T201 - this is a script now

    _empty_database()
    live_through()
    print(f"{lived} histories, and every promise held")  # noqa: T201
