"""Which links Telegram takes, and how it writes them."""

import re

_HOST = re.compile(
    r"(?:[^\s./?#:@]+\.)+(?:xn--[A-Za-z0-9-]+|[^\s./?#:@\d]{2,})\.?|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]"
)
_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+-]*):(?://)?)?(?P<host>\[[^\]\s]*\]|[^/?#:\s]*)"
    r"(?P<port>:\d+)?(?P<rest>[/?#]\S*)?"
)


def checked_url(url: str) -> str:
    """A link as Telegram would keep it, with a scheme; "" when Telegram would not make a link of it.

    Among what it does not take are telephone and mail links, and hosts without a dot, such as localhost.
    """
    match = _URL.fullmatch(url.strip())
    if not match:
        return ""
    scheme = (match["scheme"] or "http").lower()
    if scheme in ("tg", "ton", "tonsite"):
        return url.strip() if match["host"] else ""
    if scheme not in ("http", "https") or not _HOST.fullmatch(match["host"]):
        return ""
    rest = match["rest"] or "/"
    slash = "" if rest.startswith("/") else "/"
    return f"{scheme}://{match['host']}{match['port'] or ''}{slash}{rest}"
