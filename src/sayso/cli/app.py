"""The table of commands. Each is a function in a file of its own, imported only when it is called: `sayso --help` and
`sayso check` must not wait for what `sayso run` needs."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "run": ("sayso.cli.run", "run", "Serve the published merchants: web chat, API, Alexa."),
    "chat": ("sayso.cli.chat", "chat", "Talk to a merchant in this terminal."),
    "check": ("sayso.cli.check", "check", "Check manifests; every fault at once, with its fix."),
    "test": ("sayso.cli.test", "test", "Hold the golden conversations and tell which came out otherwise."),
    "preview": ("sayso.cli.preview", "preview", "Show a merchant's conversations on all its channels, as a page."),
    "export": ("sayso.cli.export", "export", "Write what a platform wants to be given of a merchant: alexa."),
    "publish": ("sayso.cli.publish", "publish", "Check, compile and publish merchants."),
    "backup": ("sayso.cli.backup", "backup", "Save all rows to one file, while the host runs."),
    "restore": ("sayso.cli.restore", "restore", "Bring a store back from a backup."),
    "new": ("sayso.cli.new", "new", "Make a merchant or a skill to begin with, with conversations that pass."),
    "erase": ("sayso.cli.erase", "erase", "Forget a customer, with a receipt; or export what is known."),
    "schema": ("sayso.cli.schema", "schema", "Write the JSON Schemas of the manifests."),
    "usage": ("sayso.cli.usage", "usage", "Tell what merchants' days took of the language model."),
    "unrecognised": ("sayso.cli.unrecognised", "unrecognised", "Tell what was not understood, and what teaches it."),
    "trace": ("sayso.cli.trace", "trace", "Tell what happened in a turn or a conversation, and why."),
}
"""Name -> module, function, line of help."""


class Lazy(TyperGroup):
    """A group that imports a command's module when the command is asked for, not to list it."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name=cmd_name)(getattr(import_module(module), function))
        return typer.main.get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def root() -> typer.Typer:
    """The command line, its commands not loaded yet."""
    app = typer.Typer(cls=Lazy, add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    app.callback()(_root)
    return app


def command() -> Any:
    """The root as a command that raises what its commands raise."""
    return typer.main.get_command(root())


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sayso {version('sayso')}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Sayso hosts merchants' skills in every conversation. Nothing is bought without the customer's say-so."""
