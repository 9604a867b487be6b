"""Safety Bot: cited civil-protection guidance and notices over Telegram, written by operators in YAML."""
