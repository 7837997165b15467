"""SQL as data: what a driver runs, without running it.

Theory. A *script* is a generator: it yields `Statement`s, is sent the rows of each, and returns its result. So the
order of reads and writes inside one transaction, and every decision between them, is written once and is pure; a driver
only runs statements and turns a missing row into the `Conflict` that the statement names. The SQL is what SQLite and
PostgreSQL share (`ON CONFLICT`, `RETURNING`); placeholders are `?`, and a driver with another style translates them.
What PostgreSQL alone needs is written as a comment that begins with `/*pg`: SQLite reads over it.

SQLite has one writer, so what a script has read stays true until it ends. PostgreSQL has many: a script that decides by
rows it does not change (the sum of all holds, the highest number so far) names in `locks` what must stand still.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
Value = str | int | float | bytes | None
Values = tuple[Value, ...]
Rows = Sequence[tuple[Value, ...]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `expects`: it must change or return a row, else the script fails with this Conflict. `locks`, on a
    script's first statement: names that no other script holds until this one has ended. `alone`: the script reads with
    this one statement only, and needs no transaction for it."""

    sql: str
    values: Values = ()
    expects: str = ""
    detail: str = ""
    locks: tuple[str, ...] = ()
    alone: bool = False


Script = Generator[Statement, Rows, T]
"""A transaction, or a read, as a generator of statements that returns its result."""


def micros(moment: datetime) -> int:
    """A moment as stored: whole microseconds since 1970 UTC. A moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // MICROSECOND


def moment(value: Value) -> datetime:
    """The stored moment, in UTC."""
    return EPOCH + MICROSECOND * whole(value)


def words(value: Value) -> str:
    """A text column of a row."""
    if not isinstance(value, str):
        raise TypeError(f"expected text in the row, found {value!r}")
    return value


def whole(value: Value) -> int:
    """A whole number of a row."""
    if not isinstance(value, int):
        raise TypeError(f"expected a whole number in the row, found {value!r}")
    return value
