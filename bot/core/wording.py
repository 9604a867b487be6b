"""A finding, a guide or a screen, in one language -> the message that says it."""

import math
from collections.abc import Sequence

from bot.core.answering.finding import Answer, Choices, Finding, Lead, NoAnswer, Reason
from bot.core.content import Content
from bot.core.guidance import Guide, Language, Localized, Part, Passage, Source
from bot.core.message import (
    Button,
    OutgoingMessage,
    Press,
    Profile,
    ShareInline,
    Style,
    Suggestion,
    Text,
    joined,
    styled,
)

SOURCES_ON_A_PAGE = 12
SUGGESTIONS = 10
COMMANDS = ("topics", "112", "notices", "now", "help", "language", "sources", "privacy", "forget")
NOTICE_COMMANDS = frozenset({"notices", "now"})
BESIDE = "topics:beside"
"""The press for the topics as a message of their own: what stands above may still be needed."""

MARKS = {Part.NOW: "", Part.NEVER: "✕ ", Part.AFTER: "• "}


def say(content: Content, phrase: Localized, language: Language) -> str:
    """Return one of the bot's phrases with the blanks that every deployment fills in the same way."""
    deployment = content.deployment
    return phrase[language].format(
        number=deployment.emergency.number,
        service=deployment.service[language],
        privacy=deployment.contacts.privacy,
    )


def emergency_line(content: Content, language: Language) -> Text:
    """Return the line that comes first wherever life is in danger."""
    return styled(Style.BOLD, say(content, content.phrases.emergency_line, language))


def with_emergency_first(content: Content, language: Language, message: OutgoingMessage) -> OutgoingMessage:
    """Return the message with the emergency line above everything else."""
    text = joined((emergency_line(content, language), message.text), "\n\n")
    return OutgoingMessage(text, message.buttons, message.silent)


def guide_body(
    content: Content, guide: Guide, language: Language, lead: Lead | None = None, urgent: bool = False
) -> Text:
    """Return everything that a guide says before its sources: under 1,200 characters, or `check` refuses it.

    `lead` is shown first and again in its place, so that the order of the steps stays readable.
    """
    numbers = {source.id: n for n, source in enumerate(content.citations(guide.passages()), 1)}

    def cited(passage: Passage) -> str:
        marks = "".join(f"[{numbers[source]}]" for source in passage.step.sources)
        return f"{passage.step.text[language]} {marks}"

    def section(part: Part, heading: str) -> Text:
        passages = [passage for passage in guide.passages() if passage.part is part]
        if not passages:
            return Text()
        lines = [
            f"{n}. {cited(passage)}" if part is Part.NOW else f"{MARKS[part]}{cited(passage)}"
            for n, passage in enumerate(passages, 1)
        ]
        return joined((styled(Style.BOLD, heading), *lines))

    phrases = content.phrases
    first = [emergency_line(content, language)] if guide.life_threat or urgent else []
    title = joined((styled(Style.BOLD, guide.title[language]), styled(Style.ITALIC, guide.summary[language])))
    leading = [
        styled(Style.BOLD, f"➤ {MARKS[passage.part]}{cited(passage)}")
        for passage in guide.passages()
        if lead is not None and (passage.part, passage.position) == (lead.part, lead.position)
    ]
    sections = (
        section(Part.NOW, phrases.now[language]),
        section(Part.NEVER, phrases.never[language]),
        section(Part.AFTER, phrases.after[language]),
    )
    return joined((*first, title, *leading, *sections), "\n\n")


def guide_sources(content: Content, guide: Guide, language: Language) -> Text:
    """Return the numbered list of a guide's sources, folded into an expandable quote."""
    lines = [
        f"[{n}] " + source_line(content, source, language)
        for n, source in enumerate(content.citations(guide.passages()), 1)
    ]
    heading = styled(Style.BOLD, content.phrases.sources[language])
    return styled(Style.EXPANDABLE_QUOTE, joined((heading, *lines)))


def source_line(content: Content, source: Source, language: Language) -> Text:
    """Return one source: whose words, the linked title, when it was checked."""
    phrases = content.phrases
    publisher = source.publisher[language]
    if source.quotes is not None and source.quotes[language] != publisher:
        publisher = phrases.source_quotes[language].format(
            authority=source.quotes[language], publisher=publisher
        )
    checked = phrases.source_checked[language].format(date=source.checked)
    return publisher + ": " + styled(Style.LINK, source.title, source.url) + f", {checked}"


def guide_message(
    content: Content,
    guide: Guide,
    language: Language,
    lead: Lead | None = None,
    urgent: bool = False,
    back: str = "",
) -> OutgoingMessage:
    """Return a guide as one message, related guides as buttons; `back` is the press of a way back."""
    text = joined(
        (guide_body(content, guide, language, lead, urgent), guide_sources(content, guide, language)), "\n\n"
    )
    related = guide_buttons(content, guide.related, language, "guide")
    share = Button(content.phrases.button_share[language], ShareInline(guide.title[language]))
    way = (
        Button(content.phrases.button_back[language], Press(back))
        if back
        else Button(content.phrases.button_topics[language], Press(BESIDE))
    )
    return OutgoingMessage(text, (*related, (way, share)))


def guide_buttons(
    content: Content, guides: Sequence[str], language: Language, press: str
) -> tuple[tuple[Button, ...], ...]:
    """Return one row a guide, titled; the press is `press`, a colon and the guide's id."""
    return tuple(
        (Button(content.guides[guide].title[language], Press(f"{press}:{guide}")),) for guide in guides
    )


def finding_message(content: Content, finding: Finding, language: Language) -> OutgoingMessage:
    """Return what a finding says: a guide, choices, or why there is none and what to do instead."""
    if isinstance(finding, Answer):
        guide = content.guides[finding.guide]
        return guide_message(content, guide, language, finding.lead, finding.urgent)
    if isinstance(finding, Choices):
        message = OutgoingMessage(
            Text(content.phrases.choices[language]),
            (
                *guide_buttons(content, finding.choices, language, "guide"),
                (Button(content.phrases.button_topics[language], Press(BESIDE)),),
            ),
        )
    else:
        message = no_answer_message(content, finding, language)
    return with_emergency_first(content, language, message) if finding.urgent else message


def no_answer_message(content: Content, finding: NoAnswer, language: Language) -> OutgoingMessage:
    """Return why there is no answer, whom to call, and the topics."""
    phrases = content.phrases
    words = {
        Reason.UNKNOWN: phrases.no_answer,
        Reason.WEAPONS: phrases.refuse_weapons,
        Reason.MILITARY: phrases.refuse_military,
        Reason.ORDER: phrases.refuse_order,
        Reason.GREETING: phrases.small_talk_greeting,
        Reason.THANKS: phrases.small_talk_thanks,
        Reason.ABUSE: phrases.small_talk_abuse,
        Reason.WORDLESS: phrases.wordless,
    }[finding.reason]
    text = Text(say(content, words, language))
    if finding.reason is Reason.THANKS:
        return OutgoingMessage(text)
    return OutgoingMessage(text, category_buttons(content, language))


def category_buttons(content: Content, language: Language) -> tuple[tuple[Button, ...], ...]:
    """Return one row a category."""
    return tuple(
        (Button(category.title[language], Press(f"topic:{category.id}")),) for category in content.categories
    )


def topics_screen(content: Content, language: Language) -> OutgoingMessage:
    """Return the list of categories."""
    title = styled(Style.BOLD, content.phrases.topics[language])
    return OutgoingMessage(title, category_buttons(content, language))


def category_screen(content: Content, category_id: str, language: Language) -> OutgoingMessage:
    """Return the guides of one category, with a way back to the list.

    Raises:
        KeyError: there is no such category (an old button).
    """
    category = {category.id: category for category in content.categories}[category_id]
    guides = [guide.id for guide in content.guides_of(category_id)]
    back = (Button(content.phrases.button_back[language], Press("topics")),)
    title = styled(Style.BOLD, category.title[language])
    return OutgoingMessage(title, (*guide_buttons(content, guides, language, "read"), back))


def emergency_screen(content: Content, language: Language) -> OutgoingMessage:
    """Return whom to call and what to say."""
    emergency = content.deployment.emergency
    lines = [f"{other.number} — {other.name[language]}" for other in emergency.others]
    others = joined((content.phrases.emergency_others[language], *lines)) if lines else Text()
    text = joined((say(content, content.phrases.emergency, language), others), "\n\n")
    return OutgoingMessage(text, category_buttons(content, language))


def language_screen(content: Content, language: Language) -> OutgoingMessage:
    """Return the choice of a language."""
    row = tuple(
        Button(content.phrases.language_name[other], Press(f"language:{other}"))
        for other in content.deployment.languages
    )
    return OutgoingMessage(Text(content.phrases.language[language]), (row,))


def sources_screen(content: Content, page: int, language: Language) -> OutgoingMessage:
    """Return one page (from 1) of all sources; a page that does not exist gives the nearest one."""
    sources = tuple(content.sources.values())
    pages = max(1, math.ceil(len(sources) / SOURCES_ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown = sources[(page - 1) * SOURCES_ON_A_PAGE : page * SOURCES_ON_A_PAGE]
    title = styled(Style.BOLD, content.phrases.source_list[language].format(page=page, pages=pages))
    text = joined((title, *("• " + source_line(content, source, language) for source in shown)))
    row = []
    if page > 1:
        row.append(Button(content.phrases.button_previous[language], Press(f"sources:{page - 1}")))
    if page < pages:
        row.append(Button(content.phrases.button_next[language], Press(f"sources:{page + 1}")))
    return OutgoingMessage(text, (tuple(row),) if row else ())


def suggestion(content: Content, guide: Guide, language: Language) -> Suggestion:
    """Return a guide as a result of an inline query."""
    whole = guide_message(content, guide, language)
    return Suggestion(guide.id, guide.title[language], guide.summary[language], OutgoingMessage(whole.text))


def nothing_found_suggestion(content: Content, language: Language) -> Suggestion:
    """Return the one result of an inline query that no guide fits: chosen, it says whom to call."""
    title = content.phrases.nothing_inline[language]
    numbers = emergency_screen(content, language)
    return Suggestion("emergency", title, numbers.text.words.splitlines()[0], OutgoingMessage(numbers.text))


def profile(content: Content, language: Language | None, operators: tuple[int, ...] = ()) -> Profile:
    """Return what Telegram shows about the bot in one language; None is for every language we do not have."""
    spoken = language or content.deployment.default_language
    phrases = content.phrases
    commands = tuple(
        (name, getattr(phrases, f"command_{name}")[spoken])
        for name in COMMANDS
        if content.notices or name not in NOTICE_COMMANDS
    )
    return Profile(
        language=language,
        name=content.deployment.service[spoken],
        description=phrases.description[spoken],
        short_description=phrases.short_description[spoken],
        commands=commands,
        operators=operators if content.notices else (),
        operator_commands=(("desk", phrases.command_desk[spoken]), *commands),
    )
