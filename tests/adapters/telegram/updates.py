"""Raw updates as Telegram sends them, valid by default: a test names only what it is about."""

from typing import Any

from bot.adapters.telegram.incoming import Identity

ME = Identity(id=42, username="SafetyBot", supports_inline=True)
PERSON = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "ru"}
OTHER_BOT = {"id": 8, "is_bot": True, "first_name": "Other", "username": "other_bot"}
MYSELF = {"id": 42, "is_bot": True, "first_name": "Safety", "username": "SafetyBot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "House"}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
SENT = 1_795_000_000
"""When every message was sent, in seconds since 1970."""


def sent_by(who: dict[str, Any] | None) -> dict[str, Any]:
    """Return the field that says who wrote; its name is a word of Python's."""
    return {"from": who}


def make_message(**fields: Any) -> dict[str, Any]:
    """Return a message; in private from a person unless told otherwise. None removes a field."""
    message = {"message_id": 5, "date": SENT, "chat": PRIVATE, "from": PERSON, **fields}
    return {name: value for name, value in message.items() if value is not None}


def make_update(kind: str = "message", **fields: Any) -> dict[str, Any]:
    """Return an update that carries such a message."""
    return {"update_id": 1, kind: make_message(**fields)}


def make_group_update(text: str, kind: str = "message", **fields: Any) -> dict[str, Any]:
    """Return an update with a text in a group, the mentions and commands in it marked as Telegram does."""
    entities = []
    position = 0
    for word in text.split(" "):
        if word.startswith("@"):
            entities.append({"type": "mention", "offset": position, "length": len(word.rstrip(",?"))})
        if word.startswith("/"):
            entities.append({"type": "bot_command", "offset": position, "length": len(word)})
        position += len(word.encode("utf-16-le")) // 2 + 1
    return make_update(kind, chat=GROUP, text=text, entities=entities, **fields)


def make_press(**fields: Any) -> dict[str, Any]:
    """Return an update for a pressed button under a message of the bot's."""
    query = {
        "id": "q1",
        "from": PERSON,
        "chat_instance": "c",
        "data": "guide:fire",
        "message": make_message(text="shown", message_id=9, **sent_by(MYSELF)),
        **fields,
    }
    return {"update_id": 1, "callback_query": {k: v for k, v in query.items() if v is not None}}


def make_membership(was: str, becomes: str, chat: dict[str, Any] = PRIVATE, **fields: Any) -> dict[str, Any]:
    """Return an update about the bot's own place in a chat."""

    def member(status: str) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if status == "kicked":
            extra = {"until_date": 0}
        if status == "administrator":
            rights = (
                "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
                "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
                "can_edit_stories can_delete_stories"
            )
            extra = dict.fromkeys(rights.split(), False)
        return {"status": status, "user": MYSELF, **extra}

    change = {
        "chat": chat,
        "from": PERSON,
        "date": SENT,
        "old_chat_member": member(was),
        "new_chat_member": member(becomes),
        **fields,
    }
    return {"update_id": 1, "my_chat_member": change}
