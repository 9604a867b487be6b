"""The operators' desk inside Telegram: what its buttons mean, what its messages say, what a template asks."""
