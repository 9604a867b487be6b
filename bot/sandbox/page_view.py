"""The world in the shapes of the chat page, which are flatter than Telegram's."""

from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, Message, Person, Standing, World

_SHOWN = 500
"""People and chats listed at once; a load test makes thousands, no page needs them all."""


def state(world: World, person_id: int) -> Json:
    """All a page needs before the first message; texts of the bot in the language of `person_id`."""
    person = world.people.get(person_id)
    return {
        "bot": bot(world.bot, person.language_code if person else ""),
        "people": [person_view(one) for one in list(world.people.values())[:_SHOWN]],
        "chats": [chat(one) for one in _shown_chats(world)],
        "totals": {"people": len(world.people), "chats": len(world.chats)},
        "last_event": world.journal.last,
    }


def bot(who: Bot, language: str = "") -> Json:
    """The bot and its profile as a reader of this language sees it."""
    return {
        "id": who.id,
        "username": who.username,
        "first_name": who.names.get(language) or who.first_name,
        "description": who.descriptions.get(language) or who.descriptions.get("", ""),
        "short_description": who.short_descriptions.get(language) or who.short_descriptions.get("", ""),
        "can_read_all_group_messages": who.can_read_all_group_messages,
        "menu_button": who.menu_button,
    }


def person_view(who: Person) -> Json:
    """A person."""
    return {"id": who.id, "first_name": who.first_name, "language_code": who.language_code}


def chat(where: Chat) -> Json:
    """A chat, with who is in it and how the bot stands."""
    view: Json = {
        "id": where.id,
        "type": where.type.value,
        "title": where.title,
        "member_ids": list(where.members)[:_SHOWN],
        "admin_ids": [
            member_id
            for member_id, standing in where.members.items()
            if where.type is not ChatType.PRIVATE and standing in (Standing.CREATOR, Standing.ADMINISTRATOR)
        ],
        "bot_status": where.bot_standing.value,
        "blocked": where.type is ChatType.PRIVATE and where.bot_standing is Standing.KICKED,
        "pinned": where.pinned,
    }
    if where.username:
        view["username"] = where.username
    return view


def message(it: Message) -> Json:
    """A message."""
    view: Json = {
        "id": it.id,
        "chat_id": it.chat.id,
        "from": _sender(it.sender),
        "date": it.date,
        "entities": it.entities,
        "buttons": [[_button(button) for button in row] for row in it.buttons],
        "silent": it.is_silent,
        "pinned": it.id in it.chat.pinned,
        "via_bot": it.is_via_bot,
    }
    if it.edit_date:
        view["edit_date"] = it.edit_date
    if it.text:
        view["caption" if it.stub else "text"] = it.text
    if it.stub:
        view["stub"] = it.stub
    if it.file_name:
        view["file_name"] = it.file_name
    if it.file_size:
        view["file_size"] = it.file_size
    if "voice" in it.fields:
        view["seconds"] = it.fields["voice"]["duration"]
    if "location" in it.fields:
        view["location"] = it.fields["location"]
    if it.service:
        view["service"] = it.service
    if it.reply_to:
        answered = it.reply_to
        view["reply_to"] = {"id": answered.id, "text": answered.text, "from": _sender(answered.sender)}
        if it.quote:
            view["quote"] = it.quote
    if it.reply_keyboard is not None:
        view["keyboard"] = it.reply_keyboard
    return view


def event(number: int, kind: str, what: Json | Message) -> Json:
    """One event of the journal, with a message shown as it stands now."""
    payload = {"message": message(what)} if isinstance(what, Message) else what
    return {"n": number, "kind": kind, **payload}


def _shown_chats(world: World) -> list[Chat]:
    shared = [one for one in world.chats.values() if one.type is not ChatType.PRIVATE and not one.migrated_to]
    private = [one for one in world.chats.values() if one.type is ChatType.PRIVATE]
    return (shared + private)[:_SHOWN]


def _sender(who: Person | Bot | Chat) -> Json:
    name = who.title if isinstance(who, Chat) else who.first_name
    return {"id": who.id, "first_name": name, "is_bot": isinstance(who, Bot)}


def _button(button: Json) -> Json:
    view: Json = {"text": button["text"]}
    if "callback_data" in button:
        return view | {"kind": "callback", "data": button["callback_data"]}
    if "url" in button:
        return view | {"kind": "url", "url": button["url"]}
    if "copy_text" in button:
        return view | {"kind": "copy", "copy": button["copy_text"]["text"]}
    if "switch_inline_query_current_chat" in button:
        return view | {"kind": "switch_inline_current", "query": button["switch_inline_query_current_chat"]}
    if "switch_inline_query_chosen_chat" in button:
        return view | {
            "kind": "switch_inline",
            "query": button["switch_inline_query_chosen_chat"].get("query", ""),
        }
    return view | {"kind": "switch_inline", "query": button["switch_inline_query"]}
