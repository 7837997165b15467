"""Rows of files that customers sent, and the folder that they lie in."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sayso.host.attachments import Kept
from sayso.model.writes import Job
from sayso.store.apply import PLAN
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, Value, micros, moment, whole, words

FOLDER = "attachments"
_COLUMNS = "id, merchant, conversation, turn, kind, mime, name, size, at, file, reason"
KEEP = f"""INSERT INTO attachments ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET mime = excluded.mime, size = excluded.size, file = excluded.file,
 reason = excluded.reason"""
THERE = "SELECT 1 FROM traces WHERE turn = ? AND merchant = ? /*pg FOR SHARE */"
FOUND = f"SELECT {_COLUMNS} FROM attachments WHERE merchant = ? AND id = ?"
LISTED = f"SELECT {_COLUMNS} FROM attachments WHERE merchant = ? ORDER BY at DESC, id LIMIT ?"
DROP = "DELETE FROM attachments WHERE merchant = ? AND id = ?"
NAMES = "SELECT merchant, file FROM attachments WHERE file <> ''"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Attachments:
    """`host.attachments.AttachmentRows` on any database."""

    database: Database
    codec: Codec

    async def keep(self, kept: Kept, job: Job | None) -> bool:
        """Store the row with the job that ends it; False when its turn was erased meanwhile."""
        return await self.database.write(_keep(kept, job, self.codec))

    async def plan(self, job: Job) -> None:
        """Store a job."""
        await self.database.write(_rows(_planned(job, self.codec)))

    async def found(self, merchant: str, id: str) -> Kept | None:
        """One file."""
        rows = await self.database.read(_rows(Statement(FOUND, (merchant, id), alone=True)))
        return _kept(rows[0]) if rows else None

    async def listed(self, merchant: str, limit: int = 100) -> Sequence[Kept]:
        """The newest first."""
        rows = await self.database.read(_rows(Statement(LISTED, (merchant, limit), alone=True)))
        return tuple(_kept(row) for row in rows)

    async def drop(self, merchant: str, id: str) -> None:
        """Delete the row."""
        await self.database.write(_rows(Statement(DROP, (merchant, id))))

    async def names(self) -> frozenset[tuple[str, str]]:
        """Merchant and name of every file that has a row."""
        rows = await self.database.read(_rows(Statement(NAMES, alone=True)))
        return frozenset((words(merchant), words(file)) for merchant, file in rows)


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _keep(kept: Kept, job: Job | None, codec: Codec) -> Script[bool]:
    if not (yield Statement(THERE, (kept.turn, kept.merchant))):
        return False
    about = (kept.id, kept.merchant, kept.conversation, kept.turn, kept.kind, kept.mime, kept.name, kept.size)
    yield Statement(KEEP, (*about, micros(kept.at), kept.file, kept.reason))
    if job is not None:
        yield _planned(job, codec)
    return True


def _planned(job: Job, codec: Codec) -> Statement:
    payload = None if job.payload is None else codec.dump(Mapping[str, str], job.payload)
    return Statement(PLAN, (job.id, job.merchant, job.kind, micros(job.due), job.conversation, payload))


def _kept(row: tuple[Value, ...]) -> Kept:
    id, merchant, conversation, turn, kind, mime, name, size, at, file, reason = row
    return Kept(
        id=words(id),
        merchant=words(merchant),
        conversation=words(conversation),
        turn=words(turn),
        kind=words(kind),
        mime=words(mime),
        name=words(name),
        size=whole(size),
        at=moment(at),
        file=words(file),
        reason=words(reason),
    )


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """`host.attachments.Files` in a folder that only this user may read: a folder for each merchant."""

    folder: Path

    async def put(self, merchant: str, name: str, content: bytes) -> None:
        """Write the file whole or not at all."""
        await asyncio.to_thread(write, self._path(merchant, name), content)

    async def get(self, merchant: str, name: str) -> bytes | None:
        """The file, None when there is none."""
        path = self._path(merchant, name)
        return await asyncio.to_thread(lambda: path.read_bytes() if path.is_file() else None)

    async def drop(self, merchant: str, name: str) -> None:
        """Delete the file if it is there."""
        if name:
            await asyncio.to_thread(self._path(merchant, name).unlink, missing_ok=True)

    async def sweep(self, known: frozenset[tuple[str, str]]) -> int:
        """Delete what has no row any more; returns how many. Only while nothing is fetched."""
        return await asyncio.to_thread(lambda: sum(1 for path in _strangers(self.folder, known) if _gone(path)))

    def _path(self, merchant: str, name: str) -> Path:
        return path_in(self.folder, merchant, name)


def path_in(folder: Path, merchant: str, name: str) -> Path:
    """Where a merchant's file lies. Raises ValueError for what is no name of ours."""
    if not (_PLAIN.fullmatch(merchant) and _PLAIN.fullmatch(name)):
        raise ValueError("no name of a file of ours")
    return folder / merchant / name


def write(path: Path, content: bytes) -> None:
    """The file, whole or not at all, for this user only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{uuid4().hex}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _strangers(folder: Path, known: frozenset[tuple[str, str]]) -> Iterator[Path]:
    """Files without a row, those half written among them."""
    for path in tuple(folder.glob("*/*")):
        if (path.parent.name, path.name) not in known:
            yield path


def _gone(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False
