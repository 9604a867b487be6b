"""The methods by which the bot answers a press or an inline query, once and in time."""

import re
from datetime import timedelta

from bot.sandbox.entities import utf16_length
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.markup import formatted
from bot.sandbox.objects import read_object
from bot.sandbox.refusals import QUERY_TOO_OLD, NotModelled, bad_request
from bot.sandbox.sending import TEXT_LIMIT
from bot.sandbox.wire import Json
from bot.sandbox.world import World

ANSWERED_WITHIN = timedelta(seconds=30)
"""Telegram publishes no number; queries have been seen to expire between ten seconds and a minute."""

_NOTICE_LIMIT = 200
_RESULTS_LIMIT = 50
_RESULT_ID_BYTES = 64
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def answer_callback_query(world: World, params: Json) -> bool:
    """answerCallbackQuery: 0 to 200 characters, shown for a moment or as an alert."""
    query_id = params["callback_query_id"]
    press = world.presses.get(query_id)
    if press is None or world.now() - press.pressed_at > ANSWERED_WITHIN:
        raise bad_request(QUERY_TOO_OLD)
    text = params.get("text", "")
    if utf16_length(text) > _NOTICE_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.get("url", "")
    if url and not url.lower().removeprefix("https://").startswith(f"t.me/{world.bot.username}?".lower()):
        raise bad_request("URL_INVALID")
    del world.presses[query_id]
    world.journal.add(
        "callback_answer",
        {
            "callback_id": query_id,
            "text": text,
            "show_alert": params.get("show_alert", False),
            "url": url,
        },
    )
    return True


def answer_inline_query(world: World, params: Json) -> bool:
    """answerInlineQuery: at most 50 articles with a text to send; other kinds of result are refused."""
    asked = world.inline_queries.get(params["inline_query_id"])
    if asked is None or asked.is_answered or world.now() - asked.asked_at > ANSWERED_WITHIN:
        raise bad_request(QUERY_TOO_OLD)
    if len(params["results"]) > _RESULTS_LIMIT:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(params.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    results: dict[str, Json] = {}
    for given in params["results"]:
        result = _read_result(given)
        if result["id"] in results:
            raise bad_request("RESULT_ID_DUPLICATE")
        results[result["id"]] = result
    button = _read_button(params.get("button"))
    asked.results, asked.is_answered = results, True
    world.journal.add(
        "inline_results",
        {
            "query_id": asked.id,
            "chat_id": asked.chat.id,
            "person_id": asked.person.id,
            "results": [
                {key: result[key] for key in ("id", "title", "description", "text", "entities")}
                for result in results.values()
            ],
            "next_offset": params.get("next_offset", ""),
            "button": button,
        },
    )
    return True


def _read_result(given: object) -> Json:
    if isinstance(given, dict) and given.get("type") != "article":
        raise NotModelled(400, "Bad Request: the sandbox knows inline results of the type article only")
    article = read_object("InlineQueryResultArticle", given)
    if not 1 <= len(article["id"].encode()) <= _RESULT_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not article["title"]:
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = read_object("InputTextMessageContent", article["input_message_content"])
    said = formatted(content["message_text"], content.get("parse_mode", ""), content.get("entities"))
    if not said.text:
        raise bad_request("MESSAGE_EMPTY")
    if utf16_length(said.text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    return {
        "id": article["id"],
        "title": article["title"],
        "description": article.get("description", ""),
        "text": said.text,
        "entities": list(said.entities),
        "buttons": read_keyboard(article.get("reply_markup"), only_inline=True).buttons,
    }


def _read_button(given: Json | None) -> Json | None:
    if given is None:
        return None
    button = read_object("InlineQueryResultsButton", given)
    if not _START_PARAMETER.fullmatch(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")
    return button
