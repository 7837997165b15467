"""Logs: one JSON object a line, with ids, figures and names of ours. What a customer said is never among them."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

import orjson

FIELDS = "fields"


class JsonLines(logging.Formatter):
    """A record as a JSON object: time, level, logger, message and the record's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log to standard error (or `stream`) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Libraries log request URLs and payloads at INFO and DEBUG.
    for name in ("alembic", "httpx", "httpcore", "openai", "chromadb", "asyncio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def note(log: logging.Logger, level: int, message: str, **fields: object) -> None:
    """Log a message with fields."""
    log.log(level, message, extra={FIELDS: fields})
