"""PostgreSQL's errors in words that say what to do, by SQLSTATE."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import asyncpg

from sayso.errors import Conflict, SaysoError, Theirs

Cure = tuple[str, str, str]
"""Code, what, how to mend."""

UNREACHABLE: Cure = (
    "storage_unreachable",
    "the database cannot be reached",
    "check that it runs and that SAYSO_DATABASE_URL names its host and port; what was sent may be sent again: an event "
    "is handled once",
)
BUSY: Cure = ("storage_busy", "the database did not answer in time", "look for long queries in pg_stat_activity")
CURES: tuple[tuple[str, Cure], ...] = (
    ("08", UNREACHABLE),
    ("57P", UNREACHABLE),
    ("28", ("storage_refused", "the database refused the user", "check user and password in SAYSO_DATABASE_URL")),
    ("3D000", ("storage_missing", "there is no such database", "make it: createdb --encoding UTF8 NAME")),
    ("3F000", ("storage_missing", "there is no such schema", "make it, or leave search_path out of the URL")),
    ("42501", ("storage_readonly", "the user may not do that", "make the user owner of the database")),
    ("25006", ("storage_readonly", "it is a read-only copy", "let SAYSO_DATABASE_URL name the primary server")),
    (
        "53100",
        ("storage_full", "the database's disk is full", "make room on it; nothing was lost, and writing resumes"),
    ),
    ("53300", ("storage_busy", "it has no connection left", "raise max_connections, 10 for each host")),
    ("53", BUSY),
    ("55P03", BUSY),
    ("57014", BUSY),
    ("23", ("storage_constraint", "a row breaks a rule of the schema", "report this: it is a bug of sayso")),
    ("XX", ("storage_damaged", "the database is damaged", "stop sayso and restore the last backup")),
)
UNKNOWN: Cure = ("storage_failed", "the database refused", "report this with the text in brackets")
UNORDERED = ("40001", "40P01")
"""Serialisation failure and deadlock: run again, it is nobody's fault."""
UNTEXT = ("22021", "22P05")
"""A text that no database of UTF-8 takes: half a character, a NUL."""


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors of the database at `where`, which shows no password."""

    where: str

    @staticmethod
    def at(url: str) -> Errors:
        """For the database that the URL names."""
        parts = urlsplit(url)
        host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
        port = f":{parts.port}" if parts.port else ""
        return Errors(f"postgresql://{host}{port}{parts.path}")

    def clear(self, error: Exception) -> Exception:
        """The error to raise instead; ours and other parties' pass as they are."""
        if isinstance(error, SaysoError):
            return error
        state = getattr(error, "sqlstate", None) or ""
        # The driver wraps what it cannot encode.
        if isinstance(error.__cause__, UnicodeEncodeError) or state in UNTEXT:
            return Theirs(
                "a text is not valid Unicode", where="event", mend="send UTF-8 without NUL or lone surrogates"
            )
        if state in UNORDERED:
            return Conflict("order_of_turns", state)
        cure = self._cure(error, state)
        if cure is None:
            return error
        code, what, mend = cure
        return SaysoError(
            f"{self.where}: {what} ({error or type(error).__name__})",
            where=self.where,
            mend=mend,
            code=code,
            status=503,
        )

    def _cure(self, error: Exception, state: str) -> Cure | None:
        if state:
            return next((cure for prefix, cure in CURES if state.startswith(prefix)), UNKNOWN)
        if isinstance(error, TimeoutError | asyncio.TimeoutError):
            return BUSY
        if isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError):
            return UNKNOWN  # A value of a type that the column does not take.
        if isinstance(error, OSError | asyncpg.InterfaceError):
            return UNREACHABLE
        return UNKNOWN if isinstance(error, asyncpg.PostgresError) else None


def closed() -> SaysoError:
    return SaysoError("the store is closed", mend="ask again when the host is back", code="storage_closed", status=503)
