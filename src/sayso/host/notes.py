"""What the host logs: ids, kinds and figures, never what a customer said. `web.logs` writes the fields as JSON."""

from __future__ import annotations

import logging
import traceback

FRAMES = 8
"""How many of the innermost frames tell where an error was."""


def note(log: logging.Logger, level: int, message: str, **fields: object) -> None:
    """Log a message with fields."""
    log.log(level, message, extra={"fields": fields})


def failed(log: logging.Logger, message: str, error: BaseException, **fields: object) -> None:
    """Log an error by its kind and place: its own text may hold what a customer said."""
    frames = traceback.format_tb(error.__traceback__)[-FRAMES:]
    note(log, logging.ERROR, message, error=type(error).__name__, frames=frames, **fields)
