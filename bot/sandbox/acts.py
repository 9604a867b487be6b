"""What a visitor can do on the chat page: a table from an act's name to what it changes and answers."""

from collections.abc import Callable

from bot.sandbox import membership, page_view, people
from bot.sandbox.people import NotPossible
from bot.sandbox.wire import Json
from bot.sandbox.world import Message, World


class Asked:
    """The body of one act, read field by field; a missing or wrong field is a `NotPossible`."""

    def __init__(self, body: Json) -> None:
        self._body = body

    def number(self, name: str) -> int:
        """A whole number; 0 where it is left out is never right, so it must be there."""
        value = self._body.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise NotPossible(f"{name}: a whole number is needed.")
        return value

    def number_or_zero(self, name: str) -> int:
        """A whole number that may be left out."""
        return self.number(name) if self._body.get(name) is not None else 0

    def numbers(self, name: str) -> list[int]:
        """A list of whole numbers."""
        value = self._body.get(name)
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            raise NotPossible(f"{name}: a list of whole numbers is needed.")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default it must be there."""
        value = self._body.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise NotPossible(f"{name}: a text is needed.")
        # JSON escapes can hold half a character, which nothing after this could send on.
        return value.encode("utf-8", "replace").decode()

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._body.get(name)
        if not isinstance(value, bool):
            raise NotPossible(f"{name}: true or false is needed.")
        return value


def perform(world: World, body: Json) -> Json:
    """Do what the page asks; gives the answer without its "ok". Raises `NotPossible` with a sentence."""
    asked = Asked(body)
    name = asked.text("do", "")
    act = _ACTS.get(name)
    if act is None:
        raise NotPossible(f"do: {name!r} is unknown; there are {', '.join(_ACTS)}.")
    return act(world, asked)


def _send_text(world: World, asked: Asked) -> Json:
    return _posted(
        people.say(
            world,
            asked.number("chat_id"),
            asked.number("person_id"),
            asked.text("text"),
            asked.number_or_zero("reply_to"),
        )
    )


def _edit_text(world: World, asked: Asked) -> Json:
    return _posted(
        people.edit(
            world,
            asked.number("chat_id"),
            asked.number("person_id"),
            asked.number("message_id"),
            asked.text("text"),
        )
    )


def _delete_message(world: World, asked: Asked) -> Json:
    people.delete(world, asked.number("chat_id"), asked.number("person_id"), asked.number("message_id"))
    return {}


def _press(world: World, asked: Asked) -> Json:
    query_id = people.press(
        world,
        asked.number("chat_id"),
        asked.number("person_id"),
        asked.number("message_id"),
        asked.text("data"),
    )
    return {"callback_id": query_id}


def _start(world: World, asked: Asked) -> Json:
    return _posted(
        membership.start(world, asked.number("chat_id"), asked.number("person_id"), asked.text("payload", ""))
    )


def _send_stub(world: World, asked: Asked) -> Json:
    return _posted(
        people.send_stub(world, asked.number("chat_id"), asked.number("person_id"), asked.text("what"))
    )


def _block(world: World, asked: Asked) -> Json:
    membership.block(world, asked.number("person_id"))
    return {}


def _unblock(world: World, asked: Asked) -> Json:
    membership.unblock(world, asked.number("person_id"))
    return {}


def _add_person(world: World, asked: Asked) -> Json:
    person = membership.arrive(world, asked.text("first_name"), asked.text("language_code", "ru"))
    return {"person": page_view.person_view(person)}


def _set_language(world: World, asked: Asked) -> Json:
    person = people.set_language(world, asked.number("person_id"), asked.text("language_code"))
    return {"person": page_view.person_view(person)}


def _add_group(world: World, asked: Asked) -> Json:
    chat = membership.found_group(
        world, asked.text("title"), asked.numbers("member_ids"), asked.number("creator_id")
    )
    return {"chat": page_view.chat(chat)}


def _add_channel(world: World, asked: Asked) -> Json:
    return {
        "chat": page_view.chat(
            membership.found_channel(world, asked.text("title"), asked.text("username", ""))
        )
    }


def _add_bot(world: World, asked: Asked) -> Json:
    membership.invite_bot(world, asked.number("chat_id"))
    return {}


def _remove_bot(world: World, asked: Asked) -> Json:
    membership.remove_bot(world, asked.number("chat_id"))
    return {}


def _promote_bot(world: World, asked: Asked) -> Json:
    membership.promote_bot(world, asked.number("chat_id"), asked.flag("admin"))
    return {}


def _migrate(world: World, asked: Asked) -> Json:
    return {"chat": page_view.chat(membership.migrate(world, asked.number("chat_id")))}


def _set_privacy(world: World, asked: Asked) -> Json:
    membership.set_privacy(world, can_read_all=asked.flag("can_read_all"))
    return {}


def _inline(world: World, asked: Asked) -> Json:
    query = people.ask_inline(
        world,
        asked.number("chat_id"),
        asked.number("person_id"),
        asked.text("query", ""),
        asked.text("offset", ""),
    )
    return {"query_id": query.id}


def _choose_inline(world: World, asked: Asked) -> Json:
    return _posted(
        people.choose_inline(
            world,
            asked.number("chat_id"),
            asked.number("person_id"),
            asked.text("query_id"),
            asked.text("result_id"),
        )
    )


def _posted(message: Message) -> Json:
    return {"message": page_view.message(message)}


_ACTS: dict[str, Callable[[World, Asked], Json]] = {
    "send_text": _send_text,
    "edit_text": _edit_text,
    "delete_message": _delete_message,
    "press": _press,
    "start": _start,
    "send_stub": _send_stub,
    "block": _block,
    "unblock": _unblock,
    "add_person": _add_person,
    "set_language": _set_language,
    "add_group": _add_group,
    "add_channel": _add_channel,
    "add_bot": _add_bot,
    "remove_bot": _remove_bot,
    "promote_bot": _promote_bot,
    "migrate": _migrate,
    "set_privacy": _set_privacy,
    "inline": _inline,
    "choose_inline": _choose_inline,
}
