"""T11: files are broken in every way while the bot runs, and the last good content keeps answering."""

import asyncio
import os
import random
import re
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.content.watched import ContentFolder
from bot.core.answering.finding import NoAnswer, Reason
from bot.core.content import Content
from bot.core.dialogue import Dialogue
from bot.core.message import Commanded, IncomingMessage, Pressed, Reply, Room
from bot.core.notices.installation import rules_of
from bot.core.notices.news import News
from bot.core.notices.states import State
from bot.core.problem import Level, Problem
from bot.workflows.refresh import keep_fresh
from bot.workflows.respond import Respond
from bot.workflows.take_in import TakeIn
from tests.adapters.content.test_folder import REAL, make_corner, mutated
from tests.factories import TODAY
from tests.fakes_notices import NOW, make_notice
from tests.notices.office import Office
from tests.notices.town import APPROVER, AUTHOR, THIRD, open_town, sqlite_url, until

MUTATIONS = int(os.environ.get("MUTATIONS", "200"))
PLANNED = "notices/planned.yaml"
NOTICES = ("areas", "hazards", "lint", "notice_phrases", "operator_phrases", "notice_policy")
RESIDENT = 900_001

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
"""Nine to the power of nine words in half a kilobyte."""


def make_installation(folder: Path) -> Path:
    """Return two guides and everything of the notices, with one notice that is planned for tomorrow."""
    make_corner(folder)
    for name in NOTICES:
        shutil.copy(REAL / f"{name}.yaml", folder)
    for name in ("notices", "drills", "notice-templates"):
        shutil.copytree(REAL / name, folder / name)
    for file in (
        file for name in ("notices", "drills", "notice-templates") for file in (folder / name).iterdir()
    ):
        file.write_text(re.sub(r"^\s*guide: .*\n", "", file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    example = (folder / "notices/water-cut-example.yaml").read_text("utf-8")
    own = example.replace("water-cut-example", "planned").replace("draft: true\n", "")
    (folder / PLANNED).write_text(
        own.replace("expires: +6h", 'publish: "2026-11-23 12:00"\nexpires: +6h'), "utf-8"
    )
    return folder


def overwritten(raw: bytes) -> Callable[[Path, random.Random], None]:
    """Return what puts these bytes in a file's place."""

    def overwrite(file: Path, _: random.Random) -> None:
        file.write_bytes(raw)

    return overwrite


def half_written(file: Path, chance: random.Random) -> None:
    """Leave a file as an editor does that was killed while saving."""
    raw = file.read_bytes()
    file.write_bytes(raw[: chance.randrange(len(raw))])


def in_another_encoding(file: Path, chance: random.Random) -> None:
    """Save a file as programs of other times do."""
    encoding = chance.choice(("cp1251", "utf-16", "koi8-r", "utf-8-sig", "utf-32"))
    file.write_bytes(file.read_text("utf-8").encode(encoding, "replace"))


def huge(file: Path, _: random.Random) -> None:
    """Let a file have 100 MB."""
    with file.open("r+b") as opened:
        opened.truncate(100 * 1024 * 1024)


def changed_a_little(file: Path, chance: random.Random) -> None:
    """Change, cut, double or add a few bytes."""
    file.write_bytes(mutated(file.read_bytes(), chance))


def gone(file: Path, _: random.Random) -> None:
    """Take a file away."""
    file.unlink()


def a_folder(file: Path, _: random.Random) -> None:
    """Put a folder in a file's place."""
    file.unlink()
    file.mkdir()
    (file / "x.yaml").write_text("a: 1\n")


def a_circle(file: Path, _: random.Random) -> None:
    """Put a link to itself in a file's place."""
    file.unlink()
    file.symlink_to(file)


def deep(file: Path, _: random.Random) -> None:
    """Nest something a thousand times."""
    file.write_text("a: " + "[" * 1000 + "]" * 1000)


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    *[changed_a_little] * 10,
    *(half_written, half_written, in_another_encoding, huge, gone, a_folder, a_circle, deep),
    overwritten(BOMB.encode()),
    overwritten(b""),
    overwritten(b"\0" * 64),
    overwritten(b"\xff\xfe\xfa"),
    overwritten(b"just words, no keys\n"),
)


@dataclass
class Running:
    """A bot that looks at its folder all the time, and all that it has read there."""

    office: Office
    respond: Respond
    folder: Path
    reads: int = 0
    refused: list[Sequence[Problem]] = field(default_factory=list)

    async def ask(self, act: Pressed | Commanded) -> Reply:
        """Return the answer to a resident."""
        incoming = IncomingMessage(RESIDENT, Room.PRIVATE, RESIDENT, act, self.office.town.clock(), "ru")
        self.office.town.clock.pass_by(seconds=15)  # nobody asks faster for long
        return await asyncio.wait_for(self.respond.respond(incoming), 5)

    async def answers(self) -> tuple[str, str]:
        """Return what a resident reads in a guide, and what is in force."""
        guide = await self.ask(Pressed("guide:fire", 1))
        in_force = await self.ask(Commanded("now"))
        shown = guide.replaces or guide.messages[0]
        return shown.text.words, "\n".join(message.text.words for message in in_force.messages)

    async def change(self, deed: Callable[[], None]) -> None:
        """Do something to the files, and wait until the bot has looked at them."""
        before = self.reads
        deed()
        await until(lambda: self.reads > before, within=20)


def dialogue_of(content: Content) -> Dialogue:
    return Dialogue(content, lambda _, language: NoAnswer(Reason.UNKNOWN, language or "ru", 0.0))


@asynccontextmanager
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Run what watches the folder, takes files in, answers residents and tells operators."""
    folder = make_installation(tmp_path / "content")
    watched = ContentFolder(folder, lambda: TODAY)
    content, problems = watched.read()
    assert content is not None, problems
    assert content.notices is not None
    rules = rules_of(content, content.notices, "2026a", (AUTHOR, APPROVER, THIRD))
    stop = asyncio.Event()
    async with open_town(sqlite_url(tmp_path), rules=rules) as town:
        office = Office(town, content, content.notices)
        respond = Respond(dialogue_of(content), town.store, None, town.clock, town.store.notices)  # type: ignore[arg-type] # nobody is in a group
        taking = TakeIn(
            office.operators,
            town.store.notices,
            office.compose.problems_in_file,
            office.watch.tell,
            town.publish.wake,
        )
        bot = Running(office, respond, folder)

        async def accept(fresh: Content, found: Sequence[Problem]) -> None:
            if fresh.notices is not None:
                town.rules = rules_of(fresh, fresh.notices, "2026a", (AUTHOR, APPROVER, THIRD))
                office.operators.replace(fresh, fresh.notices, town.rules)
                town.publish.rules = town.rules
                found = (*found, *await taking.take())
            respond.dialogue = dialogue_of(fresh)
            await hear(found)

        async def hear(found: Sequence[Problem]) -> None:
            bot.refused.append([one for one in found if one.level is Level.ERROR])
            await office.watch.report(found)
            bot.reads += 1

        await taking.take()
        seen = watched.fingerprint()
        task = asyncio.create_task(keep_fresh(watched, seen, accept, hear, stop, look_every=0.01))
        try:
            yield bot
        finally:
            stop.set()
            await task


async def test_whatever_happens_to_the_files_the_last_good_content_answers_and_the_reason_is_told(
    tmp_path: Path,
) -> None:
    chance = random.Random(1112)  # noqa: S311 - the same mutations every time
    async with running(tmp_path) as bot:
        town = bot.office.town
        await town.settle(2)
        await town.submit(make_notice(id="in-force", severity="Severe", expires="+30d"))
        await town.approve("in-force")
        await town.approve("planned")
        await town.publish.tick()
        await town.deliver_all()
        first = await bot.answers()
        files = sorted(file for file in bot.folder.rglob("*.yaml"))
        silent = 0

        for number in range(MUTATIONS):
            file = chance.choice(files)
            kept = file.read_bytes()
            before, way = await bot.answers(), chance.choice(WAYS)
            bot.refused.clear()
            await bot.change(lambda file=file, way=way: way(file, chance))  # type: ignore[misc]
            after = await bot.answers()
            await town.publish.tick()

            name = f"mutation {number}: {getattr(way, '__name__', way)} of {file.name}"
            assert all(after), name
            if any(bot.refused):
                told = len(bot.office.messages.words(AUTHOR))
                await bot.office.watch.tick()
                reason = bot.refused[-1][0]
                assert reason.file in " ".join(bot.office.messages.words(AUTHOR)[told:]), name
                assert all(one.wrong and str(one).isprintable() for one in bot.refused[-1]), name
            else:
                silent += 1
            if any(one.file == file.relative_to(bot.folder).as_posix() for one in bot.refused[-1]) and (
                file.parent.name not in ("notices", "drills")
            ):
                assert after == before, name
            await bot.change(lambda file=file, kept=kept: put_back(file, kept))  # type: ignore[misc]
            assert await bot.answers() == first, name

        assert (await town.find("in-force")).state is State.ACTIVE
        assert News.FAULT not in {told.news for told in town.operators.heard}
        assert silent < MUTATIONS / 2, "most of it was to be seen"


def put_back(file: Path, raw: bytes) -> None:
    """Put a file back as it was."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)
    file.write_bytes(raw)


async def test_a_notice_planned_from_a_file_keeps_its_approval_while_other_files_break(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as bot:
        town = bot.office.town
        await town.settle(2)
        await town.approve("planned")
        await town.publish.tick()
        waiting = await town.find("planned")

        for name in ("lint.yaml", "notice-templates/drill.yaml", "guides/fire.yaml", PLANNED):
            file = bot.folder / name
            kept = file.read_bytes()
            await bot.change(lambda file=file: half_written(file, random.Random(3)))  # type: ignore[misc] # noqa: S311
            await town.publish.tick()
            assert (await town.find("planned")) == waiting, name
            await bot.change(lambda file=file, kept=kept: put_back(file, kept))  # type: ignore[misc]

        town.clock.time = NOW.replace(day=23)
        await town.publish.tick()
        assert (await town.find("planned")).state is State.PUBLISHING
