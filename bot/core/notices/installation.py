"""The content of one installation -> the rules by which its notices are shown, approved and sent."""

from zoneinfo import ZoneInfo

from bot.core.content import Content
from bot.core.notices.book import NoticeBook
from bot.core.notices.freezing import Rules


def rules_of(
    content: Content,
    book: NoticeBook,
    tzdata: str = "",
    trusted: tuple[int, ...] = (),
    channel: int | None = None,
    channel_name: str = "",
) -> Rules:
    """Return the rules. `tzdata` is the edition of the time zones, `trusted` the ids of BOT_OPERATORS."""
    deployment = content.deployment
    return Rules(
        setting=book.setting(content.guides, ZoneInfo(deployment.time_zone), deployment.default_language),
        policy=book.policy,
        languages=deployment.languages,
        default=deployment.default_language,
        zone_name=deployment.time_zone,
        tzdata=tzdata,
        trusted=trusted,
        channel=channel,
        channel_name=channel_name,
    )
