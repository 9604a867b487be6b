"""Who may change a group's settings: its administrators, as Telegram knows them."""

import asyncio
import logging
from collections import OrderedDict

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

log = logging.getLogger(__name__)

KEPT = 60.0
"""Seconds for which an answer holds: somebody who was just made an admin is not kept waiting."""

REMEMBERED = 5_000

ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class ChatMembers:
    """Asks Telegram, and remembers for a minute."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: OrderedDict[tuple[int, int], tuple[bool, float]] = OrderedDict()

    async def is_admin(self, chat_id: int, person_id: int) -> bool:
        """Tell whether the person is an administrator; when Telegram does not say, the safe answer is no."""
        # A group that writes in its own name is one of its anonymous admins; a private chat is its person's.
        if person_id == chat_id:
            return True
        now = asyncio.get_running_loop().time()
        known, at = self._known.get((chat_id, person_id), (False, -KEPT))
        if now - at < KEPT:
            return known
        # Other chats that write in a group's name have negative ids and are nobody's admin.
        if person_id < 0:
            return False
        try:
            member = await self._bot.get_chat_member(chat_id, person_id)
        except TelegramError as error:
            log.info("Telegram did not say who is an admin: %s", error.message)
            return False
        is_admin = member.status in ADMINS
        self._known[chat_id, person_id] = (is_admin, now)
        self._known.move_to_end((chat_id, person_id))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return is_admin
