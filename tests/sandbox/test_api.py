"""Whatever is asked, the Bot API answers with a result or a refusal, and never breaks."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import people
from bot.sandbox.api import BotApi
from bot.sandbox.membership import start
from bot.sandbox.parameters import METHODS, Kind, Upload
from bot.sandbox.refusals import ApiError
from bot.sandbox.world import World, settle
from tests.sandbox.clients import ANNA, CHANNEL, HOUSE

FIELDS = [
    *(
        "type",
        "text",
        "url",
        "callback_data",
        "inline_keyboard",
        "keyboard",
        "copy_text",
        "chat_id",
        "user_id",
    ),
    *("message_id", "quote", "quote_entities", "offset", "length", "command", "description", "is_disabled"),
    *("id", "title", "input_message_content", "message_text", "start_parameter", "reply_markup", "entities"),
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([ANNA, HOUSE, CHANNEL, 2**70]),
    st.sampled_from(
        ["", "x", "<b>", "default", "chat", "article", "bold", "text_link", "https://a.ru", "\ud800"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)
shaped = {
    Kind.CHAT: st.sampled_from([ANNA, HOUSE, CHANNEL]),
    Kind.INTEGER: st.integers(-3, 5),
    Kind.TEXT: st.sampled_from(["", "x", "<i>x</i>", "HTML", "en", "typing"]),
    Kind.BOOLEAN: st.booleans(),
    Kind.LIST: st.lists(values, max_size=3),
    Kind.OBJECT: st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
    Kind.FILE: st.one_of(st.just(Upload("a.txt", 3)), st.just("https://a.ru/b")),
}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A method with most of its needed parameters in shape, and the rest anyhow."""
    method = draw(st.sampled_from(sorted(METHODS.keys() - {"getUpdates", "setWebhook", "deleteWebhook"})))
    takes = METHODS[method]
    given = {name: draw(shaped[kind] | values) for name, kind in takes.needed.items()}
    for name, kind in takes.optional.items():
        if draw(st.booleans()):
            given[name] = draw(shaped[kind] | values)
    return method, given


@settings(max_examples=600, deadline=None)
@given(st.lists(calls(), min_size=1, max_size=6))
def test_no_call_breaks_the_sandbox(made: list[tuple[str, dict[str, object]]]) -> None:
    world = World(bot_id=1, username="a_bot", name="A", now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    settle(world)
    start(world, ANNA, ANNA)
    people.ask_inline(world, ANNA, ANNA, "x")
    api = BotApi(world)

    for method, params in made:
        with suppress(ApiError):
            api.perform(method, params)

    assert api.calls.last == len(made)
    assert {call.code for call in api.calls.after(0)} <= {200, 400, 403, 404, 413}
