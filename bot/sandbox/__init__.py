"""A stand-in for Telegram's Bot API with a chat page in the browser; it knows nothing of the bot that talks to it."""
