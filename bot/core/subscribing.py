"""Notices from a resident's side: choosing places and quiet hours, an end to it, what is in force.

Every button says what shall be, never "the other way round", so that a press that comes twice changes
nothing.
"""

import datetime as dt
import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core.chat import Chat
from bot.core.content import Content
from bot.core.guidance import Language, Localized
from bot.core.message import Button, OutgoingMessage, Press, Reply, Room, Text
from bot.core.notices.audience import Area
from bot.core.notices.book import NoticeBook
from bot.core.notices.live import Live, live_for
from bot.core.notices.quiet import NIGHT, QuietHours
from bot.core.notices.rendering import notice_message

COMMANDS = frozenset({"notices", "now", "stop"})
VERBS = frozenset({"notices", "areas", "follow", "unfollow", "quiet", "unsubscribe", "now"})
CHANGING_VERBS = frozenset({"follow", "unfollow", "unsubscribe"})

AREAS_ON_A_PAGE = 8
MOST_FOUND = 4
MOST_SHOWN = 5
"""Notices that /now shows in full; more would push the gravest off the screen."""

SHORTEST_BEGINNING = 4
"""Letters of a name that a message must begin with to be taken for it: shorter ones begin too many words."""

LIKENESS = 0.8
"""How like a name a message must be to be taken for a slip of the pen (difflib's ratio)."""

QUIET_CHOICES = (
    NIGHT,
    QuietHours(dt.time(21), dt.time(8)),
    QuietHours(dt.time(23), dt.time(6)),
)

LONGEST_GOODBYE = 60
"""Letters: who writes more says more than that notices shall stop."""

TICK = "✓ "


def may_change(verb: str, noun: str) -> bool:
    """Return whether a press changes what is stored; the screen of quiet hours alone does not."""
    return verb in CHANGING_VERBS or (verb == "quiet" and bool(noun))


@dataclass(frozen=True, slots=True)
class Subscribing:
    """The part of the conversation that is about notices, over one set of content."""

    content: Content
    book: NoticeBook

    def commanded(
        self, name: str, argument: str, chat: Chat, language: Language, live: Iterable[Live], now: dt.datetime
    ) -> tuple[Reply, Chat]:
        """Return what a command gets, and the chat afterwards."""
        if name == "stop":
            return self.goodbye(chat, language)
        if name == "now":
            return Reply(self.in_force(chat, language, live, now)), chat
        if argument:
            found = self.book.areas.find(argument, language)
            screen = (
                self._found(found, language) if found else self._areas(chat, language, None, 1, unknown=True)
            )
            return Reply((screen,)), chat
        return Reply((self._main(chat, language),)), chat

    def pressed(
        self, verb: str, noun: str, chat: Chat, language: Language, live: Iterable[Live], now: dt.datetime
    ) -> tuple[Reply, Chat] | None:
        """Return what a press gets, and the chat afterwards; None where the button is out of date."""
        first, _, second = noun.partition(":")
        match verb:
            case "notices":
                return Reply(replaces=self._main(chat, language)), chat
            case "now":
                return Reply(self.in_force(chat, language, live, now)), chat
            case "unsubscribe":
                return self.goodbye(chat, language)
            case "areas" if not first or first in self.book.areas.by_id:
                return Reply(replaces=self._areas(chat, language, first or None, _page(second))), chat
            case "follow" | "unfollow" if first in self.book.areas.by_id:
                return self._choose(verb == "follow", first, second, chat, language)
            case "quiet" if not noun:
                return Reply(replaces=self._quiet_screen(chat, language)), chat
            case "quiet" if noun in _quiet_by_press():
                chosen = replace(chat, quiet=_quiet_by_press()[noun])
                return Reply(replaces=self._main(chosen, language)), chosen
            case _:
                return None

    def is_goodbye(self, text: str) -> bool:
        """Return whether a message says nothing but that notices shall stop, politely or not, in any of the
        languages.
        """
        said = _plain(text)
        if len(said) > LONGEST_GOODBYE:
            return False
        phrases = self.content.phrases
        manners = {word for words in phrases.stop_manners.values() for word in _plain(words).split()}

        def bare(words: str) -> list[str]:
            return [word for word in _plain(words).split() if word not in manners]

        known = [bare(one) for words in phrases.stop_words.values() for one in words.split(",")]
        return bool(bare(said)) and bare(said) in known

    def goodbye(self, chat: Chat, language: Language) -> tuple[Reply, Chat]:
        """Turn notices off; nobody is asked whether they are sure, since coming back is two taps."""
        phrases = self.content.phrases
        words = (phrases.unsubscribed if chat.is_subscribed else phrases.not_subscribed)[language]
        back = self._row(phrases.button_notices, "notices", language)
        return Reply((OutgoingMessage(Text(words), (back,)),)), replace(chat, areas=frozenset())

    def places_meant(self, text: str, language: Language, *, exactly: bool) -> OutgoingMessage | None:
        """Return the places that a message names, offered as buttons; None where it names none.

        `exactly` takes whole names only, otherwise also the beginning of one and slips of the pen.
        """
        said = _plain(text)
        named = {area.id: [_plain(name) for name in _names(area)] for area in self.book.areas.by_id.values()}
        found = [area for area, names in named.items() if said in names]
        if not found and not exactly and len(said) >= SHORTEST_BEGINNING:
            found = [area for area, names in named.items() if any(name.startswith(said) for name in names)]
            found = found or [area for area, names in named.items() if _is_like(said, names)]
        if not said or not found or len(found) > MOST_FOUND:
            return None
        return self._found(tuple(self.book.areas.by_id[area] for area in found), language)

    def language_of_name(self, text: str) -> Language | None:
        """Return the language in which a message is nothing but the name of a place."""
        said = _plain(text)
        for language in self.content.deployment.languages:
            for area in self.book.areas.by_id.values():
                if said in map(_plain, (area.name[language], *area.keywords.get(language, ()))):
                    return language
        return None

    def in_force(
        self, chat: Chat, language: Language, live: Iterable[Live], now: dt.datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Return what is in force for the chat's places; for a chat without any, everywhere."""
        phrases, deployment = self.content.phrases, self.content.deployment
        number = deployment.emergency.number
        found = live_for(chat.areas, live, self.book.areas, now)
        choose = self._row(phrases.button_notices, "notices", language)
        zone = ZoneInfo(deployment.time_zone)
        setting = self.book.setting(self.content.guides, zone, deployment.default_language)
        shown = [
            notice_message(one.announcement, one.times, language, setting, one.issued_at)
            for one in found[:MOST_SHOWN]
        ]
        if not chat.is_subscribed:
            shown.append(
                OutgoingMessage(Text(phrases.now_everywhere[language].format(number=number)), (choose,))
            )
        elif not found:
            shown.append(OutgoingMessage(Text(phrases.now_none[language].format(number=number)), (choose,)))
        if (rest := len(found) - MOST_SHOWN) > 0:
            shown.append(OutgoingMessage(Text(phrases.now_more[language].format(count=rest)), (choose,)))
        return tuple(shown)

    def offer_row(self, language: Language) -> tuple[Button, ...]:
        """Return the row of buttons that a greeting offers notices with."""
        return self._row(self.content.phrases.button_notices, "notices", language)

    def _main(self, chat: Chat, language: Language) -> OutgoingMessage:
        phrases = self.content.phrases
        words = phrases.notices_off[language]
        on = phrases.notices_on if chat.room is Room.PRIVATE else phrases.notices_on_group
        in_order = tuple(area for area in self.book.areas.by_id if area in chat.areas)
        if in_order:
            words = on[language].format(
                areas=self.book.areas.names(in_order, language), quiet=self._quiet_words(chat, language)
            )
        rows = [self._row(phrases.button_areas, "areas", language)]
        settings = (
            *self._row(phrases.button_quiet, "quiet", language),
            *self._row(phrases.button_language, "language", language),
        )
        rows += [settings, self._row(phrases.button_now, "now", language)]
        if chat.is_subscribed:
            rows.append(self._row(phrases.button_unsubscribe, "unsubscribe", language))
        return OutgoingMessage(Text(words), tuple(rows))

    def _areas(
        self, chat: Chat, language: Language, parent: str | None, page: int, unknown: bool = False
    ) -> OutgoingMessage:
        """Return one page of the places under `parent`, the whole of it first."""
        phrases, tree = self.content.phrases, self.book.areas
        tops = tree.children(None)
        if parent is None and len(tops) == 1 and tree.children(tops[0].id):
            parent = tops[0].id
        listed = tree.children(parent)
        pages = max(1, math.ceil(len(listed) / AREAS_ON_A_PAGE))
        page = min(page, pages)
        rows: list[tuple[Button, ...]] = []
        whole = parent is not None and not chat.areas.isdisjoint({parent, *tree.above(parent)})
        words = phrases.areas_unknown if unknown else phrases.areas_choose
        if parent is not None:
            rows.append((self._tick(chat, tree.by_id[parent], language, page),))
        text = words[language]
        if whole and parent is not None:
            # The districts are all in: a tick to take out of the whole would promise what is not kept.
            text = phrases.areas_whole[language].format(area=tree.by_id[parent].name[language])
        else:
            shown = listed[(page - 1) * AREAS_ON_A_PAGE : page * AREAS_ON_A_PAGE]
            rows += [(self._place(chat, area, language, page),) for area in shown]
            rows += self._turning(parent, page, pages, language)
        rows.append(self._row(phrases.button_done, "notices", language))
        return OutgoingMessage(Text(text), tuple(rows))

    def _place(self, chat: Chat, area: Area, language: Language, page: int) -> Button:
        if self.book.areas.children(area.id):
            return Button(f"{area.name[language]} ›", Press(f"areas:{area.id}:1"))
        return self._tick(chat, area, language, page)

    def _tick(self, chat: Chat, area: Area, language: Language, page: int) -> Button:
        chosen = area.id in chat.areas
        verb = "unfollow" if chosen else "follow"
        return Button((TICK if chosen else "") + area.name[language], Press(f"{verb}:{area.id}:{page}"))

    def _turning(
        self, parent: str | None, page: int, pages: int, language: Language
    ) -> list[tuple[Button, ...]]:
        phrases, turns = self.content.phrases, []
        if page > 1:
            turns.append(Button(phrases.button_previous[language], Press(f"areas:{parent or ''}:{page - 1}")))
        if page < pages:
            turns.append(Button(phrases.button_next[language], Press(f"areas:{parent or ''}:{page + 1}")))
        return [tuple(turns)] if turns else []

    def _found(self, found: tuple[Area, ...], language: Language) -> OutgoingMessage:
        rows: list[tuple[Button, ...]] = [
            (Button(area.name[language], Press(f"follow:{area.id}")),) for area in found[:MOST_FOUND]
        ]
        rows.append(self._row(self.content.phrases.button_areas, "areas", language))
        return OutgoingMessage(Text(self.content.phrases.areas_found[language]), tuple(rows))

    def _choose(
        self, wanted: bool, area: str, page: str, chat: Chat, language: Language
    ) -> tuple[Reply, Chat]:
        """Take a place in or out and show the list again; without a page it was found by name."""
        phrases, tree = self.content.phrases, self.book.areas
        if wanted and not chat.areas.isdisjoint(tree.above(area)):
            areas, note = chat.areas, phrases.area_covered
        elif wanted:
            areas, note = (chat.areas - tree.below(area)) | {area}, phrases.area_added
        else:
            areas, note = chat.areas - {area}, phrases.area_removed
        # Notices arrive in the language in which they were asked for, whatever the phone says later.
        chosen = replace(chat, areas=areas, language=chat.language or language)
        parent = area if tree.children(area) else tree.by_id[area].parent
        screen = self._areas(chosen, language, parent, _page(page)) if page else self._main(chosen, language)
        return Reply(
            replaces=screen, toast=note[language].format(area=tree.by_id[area].name[language])
        ), chosen

    def _quiet_screen(self, chat: Chat, language: Language) -> OutgoingMessage:
        phrases = self.content.phrases
        rows: list[tuple[Button, ...]] = [
            (Button(_ticked(_span(hours), hours == chat.quiet), Press(f"quiet:{press}")),)
            for press, hours in _quiet_by_press().items()
            if hours is not None
        ]
        none = _ticked(phrases.button_no_quiet[language], chat.quiet is None)
        rows += [(Button(none, Press("quiet:none")),), self._row(phrases.button_back, "notices", language)]
        return OutgoingMessage(Text(phrases.quiet_choose[language]), tuple(rows))

    def _quiet_words(self, chat: Chat, language: Language) -> str:
        if chat.quiet is None:
            return self.content.phrases.quiet_none[language]
        return self.content.phrases.quiet_hours[language].format(
            start=f"{chat.quiet.start:%H:%M}", end=f"{chat.quiet.end:%H:%M}"
        )

    def _row(self, label: Localized, press: str, language: Language) -> tuple[Button, ...]:
        return (Button(label[language], Press(press)),)


def _quiet_by_press() -> dict[str, QuietHours | None]:
    hours: dict[str, QuietHours | None] = {f"{one.start:%H%M}-{one.end:%H%M}": one for one in QUIET_CHOICES}
    return hours | {"none": None}


def _span(hours: QuietHours) -> str:
    return f"{hours.start:%H:%M}–{hours.end:%H:%M}"


def _ticked(label: str, chosen: bool) -> str:
    return TICK + label if chosen else label


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _names(area: Area) -> Iterable[str]:
    yield from area.name.values()
    for words in area.keywords.values():
        yield from words


def _plain(text: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in text.casefold().replace("ё", "е"))
    return " ".join(letters.split())


def _is_like(said: str, names: Iterable[str]) -> bool:
    return any(difflib.SequenceMatcher(None, said, name).ratio() >= LIKENESS for name in names)
