"""Telegram: its updates become core's messages, and core's replies become calls of the Bot API."""

from bot.adapters.telegram.channel import TelegramChannel, TokenRefused

__all__ = ["TelegramChannel", "TokenRefused"]
