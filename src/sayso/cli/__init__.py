"""The sayso command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. A user's error is told in three lines, never as a traceback; exit status 1."""
    from sayso.cli.app import command
    from sayso.errors import SaysoError

    try:
        command()(prog_name="sayso")
    except SaysoError as error:
        print(_told(error), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _told(error: Exception) -> str:
    where, mend = getattr(error, "where", ""), getattr(error, "mend", "")
    lines = [f"sayso: {where}: {error}" if where else f"sayso: {error}"]
    return "\n".join([*lines, f"  mend: {mend}"] if mend else lines)
