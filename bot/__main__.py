"""The command line: python -m bot run | demo | sandbox | ask | check | schema | notices | chats | ..."""

from importlib import import_module

import click

VERSION = "0.1.0"

COMMANDS = {
    "run": "running",
    "demo": "trying",
    "sandbox": "trying",
    "ask": "asking",
    "check": "checking",
    "schema": "schemas",
    "misses": "keeping",
    "notices": "notices",
    "chats": "keeping",
    "backup": "keeping",
    "restore": "keeping",
}
"""Command -> the module of `bot.commands` that has it."""


class Commands(click.Group):
    """Loads a command when it is used: a bot that may not run must not need seconds to find out."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"bot.commands.{COMMANDS[cmd_name]}"), cmd_name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="safety-bot")
def main() -> None:
    """Safety Bot: cited civil-protection guidance over Telegram.

    Try it without Telegram: `demo`. Ask in the terminal: `ask "found debris"`.
    After editing content: `check`. The real bot: `run`, told by BOT_... variables
    in the environment (BOT_TOKEN is the only one it needs).
    """


if __name__ == "__main__":
    main(prog_name="python -m bot")
