"""A notice in the words and values of CAP 1.2: what is announced, how grave it is, where and when.

A drill is another kind of object: no field turns one into the other, so nobody can pick the wrong line of a
menu.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from bot.core.guidance import GuideId, Language, Localized, Words, Written
from bot.core.notices.cap import Certainty, MessageType, ResponseType, Severity, Status, Urgency

AreaId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
HazardId = AreaId
NoticeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
"""The name of a notice's file. 40 characters leave room beside it in the 64 bytes of a button."""

Reference = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(@\d{4}-\d{2}-\d{2}T\d{2}:\d{2})?$", max_length=57),
]
"""The name of an earlier notice; with the time behind it, that one occurrence of a series."""

EVERYONE: Literal["all"] = "all"
"""The audience of everybody, always written out: an empty list of areas never means it (rule L05)."""

LocalText = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}( first| second)?$")]
"""A local time as typed; where clocks go back an hour happens twice, and `first` or `second` says which."""

Distance = Annotated[str, StringConstraints(pattern=r"^\+\d{1,4}(m|h|d)$")]
"""A time counted from the moment of publishing: `+30m`, `+2h`, `+1d`."""


class Kind(StrEnum):
    """What a notice is to those who read it; follows from CAP's fields and is never written down beside
    them.
    """

    NOTICE = "notice"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ALL_CLEAR = "all-clear"

    @property
    def takes_back_words(self) -> bool:
        """It says that something we sent was wrong: it overtakes everything and always rings."""
        return self in (Kind.CORRECTION, Kind.WITHDRAWAL)


class Instruction(Written):
    """One thing to do, with the guide that tells more."""

    text: Localized = Field(description="One short sentence that begins with a verb, in every language")
    guide: GuideId | None = Field(None, description="Guide behind this step; shown as a button: siren-alert")


class Wording(Written):
    """What a notice says about its event, without where and when."""

    event: HazardId = Field(description="Id of a hazard in hazards.yaml: drone-danger")
    severity: Severity = Field(description="Extreme, Severe, Moderate, Minor or Unknown")
    urgency: Urgency = Field(description="Immediate, Expected, Future, Past or Unknown")
    certainty: Certainty = Field(description="Observed, Likely, Possible, Unlikely or Unknown")
    response_type: tuple[ResponseType, ...] = Field(
        (), description="Kinds of action asked for: Shelter, Avoid, AllClear, ..."
    )
    sender_name: Localized = Field(description="Who says so, written out as people know it")
    contact: Words | None = Field(
        None, description="Where to ask: a number of the contact book, or an address"
    )
    web: Words | None = Field(None, description="Page it rests on: https, on a host of the allow-list")
    citation: Localized | None = Field(None, description="Document it rests on, where there is no page")
    headline: Localized = Field(
        description="One line, at most 100 characters; it is what a phone's lock screen shows"
    )
    description: Localized = Field(description="What happened, short; place and time are added by the bot")
    impact: Localized | None = Field(None, description="What it can do to people: 'Debris can fall ...'")
    instruction: tuple[Instruction, ...] = Field((), description="What to do: one to five steps")
    was_wrong: Localized | None = Field(
        None, description="Corrections and withdrawals: what was wrong in the earlier notice"
    )


TEXTS = ("headline", "description", "impact", "was_wrong", "citation", "sender_name")
"""Fields that hold a text in every language; the steps hold one each."""


class Announcement(Wording):
    """What notices and drills have in common: wording, place, time, and which notice it changes."""

    id: NoticeId = Field(description="Public name of the notice, the same as the file's name")
    message_type: MessageType = Field(MessageType.ALERT, description="Alert, Update or Cancel")
    references: tuple[Reference, ...] = Field(
        (),
        description="Update and Cancel: ids of the notices they change; that of a series means the last time "
        "it was sent, siren@2026-12-02T09:00 that one time",
    )
    areas: tuple[AreaId, ...] | Literal["all"] = Field(
        description="Ids from areas.yaml: [roslavl, desnogorsk]; or the word all, never an empty list"
    )
    publish: LocalText | None = Field(
        None, description='When it goes: "2026-12-02 09:00"; without it as soon as it is approved'
    )
    repeat: Words | None = Field(
        None, description="Comes again, from `publish` on: FREQ=MONTHLY;BYDAY=1WE;COUNT=12"
    )
    effective: LocalText | Distance | None = Field(
        None, description="From when it holds; without it when it goes"
    )
    onset: LocalText | Distance | None = Field(
        None, description='When the event begins: "2026-12-02 10:00" or +1h after publishing; without it: now'
    )
    expires: LocalText | Distance = Field(description='Until when it holds: "2026-12-02 11:00" or +2h')
    next_update: LocalText | Distance | None = Field(None, description="When we will say more: +1h")
    accepted: Mapping[
        Annotated[str, StringConstraints(pattern=r"^L\d\d$")], Annotated[str, Field(min_length=10)]
    ] = Field(
        {}, description="Warnings that stay, each with the reason: L25: The water is cut off tonight already"
    )
    draft: bool = Field(
        False, description="true: only a draft, it goes nowhere until an operator submits it from Telegram"
    )

    @property
    def kind(self) -> Kind:
        """What it is to its readers. CAP has one Update for news and corrections; readers need two."""
        if self.message_type is MessageType.ALERT:
            return Kind.NOTICE
        if self.message_type is MessageType.UPDATE:
            return Kind.CORRECTION if self.was_wrong else Kind.UPDATE
        return Kind.ALL_CLEAR if ResponseType.ALL_CLEAR in self.response_type else Kind.WITHDRAWAL

    @property
    def is_to_everyone(self) -> bool:
        """Whether the audience is the explicit word for all."""
        return self.areas == EVERYONE

    @property
    def area_ids(self) -> tuple[AreaId, ...]:
        """The areas that it names; none where it is to everyone."""
        return () if isinstance(self.areas, str) else self.areas

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], Localized]]:
        """Yield every text of its author's with the path that leads to it, in reading order."""
        yield ("headline",), self.headline
        yield ("description",), self.description
        for name in ("impact", "was_wrong", "citation"):
            text = getattr(self, name)
            if text is not None:
                yield (name,), text
        for position, step in enumerate(self.instruction):
            yield ("instruction", position, "text"), step.text
        yield ("sender_name",), self.sender_name

    def readable_in(self, language: Language, default: Language) -> Self:
        """Return it with every text in `language`: in the default one where it is older than that language
        here.
        """
        if all(language in text for _, text in self.texts()):
            return self

        def spoken(text: Localized | None) -> Localized | None:
            if text is None or language in text:
                return text
            return {**text, language: text.get(default) or next(iter(text.values()), "")}

        steps = tuple(step.model_copy(update={"text": spoken(step.text)}) for step in self.instruction)
        texts = {name: spoken(getattr(self, name)) for name in TEXTS}
        return self.model_copy(update={**texts, "instruction": steps})


class Notice(Announcement):
    """A real notice."""

    status: Literal[Status.ACTUAL] = Field(
        Status.ACTUAL, description="Always Actual; drills live in content/drills"
    )


class DrillAudience(StrEnum):
    """Whose phones a drill reaches."""

    OPERATORS = "operators"
    SUBSCRIBERS = "subscribers"


class Drill(Announcement):
    """A rehearsal. It goes to the operators' test chats unless it says otherwise, and cannot become real."""

    status: Literal[Status.EXERCISE, Status.TEST] = Field(description="Exercise, or Test of the technique")
    audience: DrillAudience = Field(
        DrillAudience.OPERATORS,
        description="operators: their test chats; subscribers: residents of the areas",
    )
