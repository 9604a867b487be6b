"""The Bot API without HTTP: a method and its parameters in, a result or `ApiError` out, both noted."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from bot.sandbox import answering, bot_profile, chats, editing, sending
from bot.sandbox.calls import Calls
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.parameters import METHODS, read_parameters
from bot.sandbox.polling import Polling
from bot.sandbox.refusals import WEBHOOK_ACTIVE, WEBHOOK_CAME, ApiError, NotModelled, conflict
from bot.sandbox.webhook import Webhook
from bot.sandbox.wire import Json
from bot.sandbox.world import World

_log = logging.getLogger(__name__)

_METHOD_NAMES = {name.lower(): name for name in METHODS}


class BotApi:
    """All methods over one world, with the limits and troubles in force and the record of calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = Limits()
        self.faults = Faults(world.now)
        self.calls = Calls()
        self.polling = Polling(world.updates)
        self.webhook = Webhook(world.updates, world.now, self._obey)
        self._methods = _methods(world, self.limits, self.webhook) | {"setWebhook": self._set_webhook}

    def name_of(self, written: str) -> str:
        """A method's proper name; Telegram does not mind the case. Raises `NotModelled` for unknown ones."""
        name = _METHOD_NAMES.get(written.lower())
        if name is None:
            _log.error("unknown method %s", written)
            self.calls.add(self.world.now(), written, {}, 404, "Not Found: method not found")
            raise NotModelled(404, "Not Found: method not found")
        return name

    async def call(self, method: str, given: Mapping[str, object]) -> object:
        """Perform a method under its proper name. Raises `ApiError`."""
        if method != "getUpdates":
            return self.perform(method, given)
        at, params = self.world.now(), dict(given)
        try:
            params = read_parameters(method, given)
            if self.webhook.is_set:
                raise conflict(WEBHOOK_ACTIVE)
            updates = await self.polling.get_updates(params)
        except ApiError as error:
            self.calls.add(at, method, params, error.code, error.description)
            raise
        self.calls.add(at, method, params, 200)
        return updates

    def perform(self, method: str, given: Mapping[str, object]) -> object:
        """Perform any method but getUpdates, in one go. Raises `ApiError`."""
        at, params = self.world.now(), dict(given)
        try:
            params = read_parameters(method, given)
            result = self._methods[method](params)
        except ApiError as error:
            # A well-behaved bot is told this seldom; whoever runs it should see it without looking for it.
            level = logging.ERROR if isinstance(error, NotModelled) else logging.WARNING
            _log.log(level, "%s refused: %s", method, error.description)
            self.calls.add(at, method, params, error.code, error.description)
            raise
        self.calls.add(at, method, params, 200)
        return result

    def _set_webhook(self, params: Json) -> bool:
        is_done = self.webhook.set_webhook(params)
        if self.webhook.is_set:
            self.polling.interrupt(WEBHOOK_CAME)
        return is_done

    def _obey(self, written: str, given: Json) -> object:
        try:
            method = self.name_of(written)
            return None if method == "getUpdates" else self.perform(method, given)
        except ApiError as error:
            _log.warning("a method in a webhook's answer failed: %s", error.description)
            return None


def _methods(world: World, limits: Limits, webhook: Webhook) -> dict[str, Callable[[Json], object]]:
    spending: dict[str, Callable[[World, Limits, Json], object]] = {
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "copyMessage": sending.copy_message,
        "editMessageText": editing.edit_message_text,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
    }
    free: dict[str, Callable[[World, Json], object]] = {
        "sendChatAction": sending.send_chat_action,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "pinChatMessage": editing.pin_chat_message,
        "unpinChatMessage": editing.unpin_chat_message,
        "unpinAllChatMessages": editing.unpin_all_chat_messages,
        "answerCallbackQuery": answering.answer_callback_query,
        "answerInlineQuery": answering.answer_inline_query,
        "setMyCommands": bot_profile.set_my_commands,
        "getMyCommands": bot_profile.get_my_commands,
        "deleteMyCommands": bot_profile.delete_my_commands,
        "setMyName": bot_profile.set_my_name,
        "getMyName": bot_profile.get_my_name,
        "setMyDescription": bot_profile.set_my_description,
        "getMyDescription": bot_profile.get_my_description,
        "setMyShortDescription": bot_profile.set_my_short_description,
        "getMyShortDescription": bot_profile.get_my_short_description,
        "setChatMenuButton": bot_profile.set_chat_menu_button,
        "getChatMenuButton": bot_profile.get_chat_menu_button,
        "getMe": chats.get_me,
        "getChat": chats.get_chat,
        "getChatMember": chats.get_chat_member,
        "getChatAdministrators": chats.get_chat_administrators,
        "getChatMemberCount": chats.get_chat_member_count,
        "leaveChat": chats.leave_chat,
    }
    return {
        **{name: partial(method, world, limits) for name, method in spending.items()},
        **{name: partial(method, world) for name, method in free.items()},
        "deleteWebhook": webhook.delete_webhook,
        "getWebhookInfo": lambda params: webhook.get_webhook_info(),
    }
