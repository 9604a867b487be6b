"""A stand-in for Telegram's Bot API with a chat page in the browser.

It knows nothing of the bot that talks to it: they meet over HTTP, as they would with the real one.
"""
