"""Files that customers send: fetched after the turn from the platform's own hosts, kept for a while, then deleted.

Nothing is fetched before the platform has its answer, nothing from a host that the channel's table does not name, no
more than it allows. What a file says of its own type is not believed: its first bytes tell.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sayso.channels.contract import Account, Attaching, Call, Channel
from sayso.errors import NotFound, SaysoError, Upstream
from sayso.host.access import Access
from sayso.host.notes import note
from sayso.host.ports import Clock
from sayso.model.event import Attached, Event
from sayso.model.writes import Job

log = logging.getLogger("sayso.attachments")

FETCH, EXPIRE = "fetch_attachment", "expire_attachment"
AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Waits before a platform that cannot be reached is asked again."""
MOST = 26_214_400
"""Bytes of a file at most, whatever a platform carries."""


class TooLarge(Upstream):
    """The file is larger than is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a customer sent. `file`: its name in the store, "" when it was not fetched, as `reason` says."""

    id: str
    merchant: str
    conversation: str
    turn: str
    kind: str
    mime: str
    name: str
    size: int
    at: datetime
    file: str = ""
    reason: str = ""


class Files(Protocol):
    """Where files lie: a folder, or a store of somebody else's."""

    async def put(self, merchant: str, name: str, content: bytes) -> None: ...

    async def get(self, merchant: str, name: str) -> bytes | None: ...

    async def drop(self, merchant: str, name: str) -> None: ...


class AttachmentRows(Protocol):
    """Rows of files."""

    async def keep(self, kept: Kept, job: Job | None) -> bool:
        """Store the row with the job that ends it. False, and nothing is stored, when its conversation was erased."""
        ...

    async def plan(self, job: Job) -> None: ...

    async def found(self, merchant: str, id: str) -> Kept | None: ...

    async def listed(self, merchant: str, limit: int = 100) -> Sequence[Kept]:
        """The newest first."""
        ...

    async def drop(self, merchant: str, id: str) -> None: ...


Fetch = Callable[[Call, Sequence[str], int], Awaitable[bytes]]
"""(call, hosts, most bytes) -> the body. Raises TooLarge, NotFound for what is refused or gone, other Upstream for what
may work later."""

Way = Callable[[str, str], Awaitable[tuple[Channel, Account]]]
"""(merchant, channel) -> both. Raises NotFound."""


def fetches(event: Event, turn: str, now: datetime) -> Iterator[Job]:
    """The job that fetches what came with an event."""
    body = event.body
    if isinstance(body, Attached) and body.handle and body.kind not in ("contact", "sticker"):
        payload = {"turn": turn, "kind": body.kind, "handle": body.handle, "mime": body.mime, "name": body.name}
        yield Job(f"{FETCH}:{named(event.key, event.id)}", event.merchant, FETCH, now, event.key, payload)


def named(*parts: str) -> str:
    """A short name that nobody can take apart."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Fetching:
    """Runs the jobs of files."""

    rows: AttachmentRows
    files: Files
    way: Way
    fetch: Fetch
    access: Access
    clock: Clock

    def jobs(self) -> Mapping[str, Callable[[Job], Awaitable[None]]]:
        """Kind -> what it does."""
        return {FETCH: self.run, EXPIRE: self.expire}

    async def run(self, job: Job) -> None:
        """Fetch a file; later when its platform cannot be reached; else a row says why there is none."""
        payload, now = dict(job.payload or {}), self.clock.now()
        id = job.id.split(":")[1]
        merchant, channel, *_ = job.conversation.split("/", 3)
        attached = Attached(payload["kind"], payload["handle"], payload.get("mime", ""), name=payload.get("name", ""))
        row = Kept(id, merchant, job.conversation, payload["turn"], attached.kind, "", attached.name[:200], 0, now)
        try:
            found, account = await self.way(merchant, channel)
            if not isinstance(found, Attaching):
                return
            content = await self._content(found, account, attached)
        except (NotFound, TooLarge) as error:
            await self.rows.keep(replace(row, reason=error.text), None)
        except SaysoError as error:
            await self._later(job, payload, row, error)
        else:
            await self._keep(row, content, account)

    async def expire(self, job: Job) -> None:
        """The file's days are over."""
        id = (job.payload or {}).get("id", "")
        kept = await self.rows.found(job.merchant, id)
        if kept is not None:
            await self.files.drop(kept.merchant, kept.file)
            await self.rows.drop(kept.merchant, id)

    async def _content(self, channel: Attaching, account: Account, attached: Attached) -> bytes:
        """The file, in one call or two."""
        call = channel.attachment(attached, account)
        if call is None:
            raise NotFound("the platform gives no such file")
        content = await self._called(call, channel, account)
        if then := channel.attachment_at(content, attached, account):
            content = await self._called(then, channel, account)
        return content

    async def _called(self, call: Call, channel: Attaching, account: Account) -> bytes:
        assert isinstance(channel, Channel)
        caps = channel.capabilities
        filled = await self.access.filled(call, channel, account)
        return await self.fetch(filled, caps.hosts, min(caps.attachment_bytes or MOST, MOST))

    async def _keep(self, row: Kept, content: bytes, account: Account) -> None:
        """The file first, then its row: a file without a row is swept, a row without a file would be a lie."""
        days = account.merchant.attachment_days
        file = hashlib.blake2b(content, digest_size=20, key=row.id.encode()).hexdigest()
        kept = replace(row, mime=sniffed(content), size=len(content), file=file)
        ends = Job(
            f"{EXPIRE}:{row.id}", row.merchant, EXPIRE, row.at + timedelta(days=days), row.conversation, {"id": row.id}
        )
        await self.files.put(row.merchant, file, content)
        if not await self.rows.keep(kept, ends):
            await self.files.drop(row.merchant, file)

    async def _later(self, job: Job, payload: dict[str, str], row: Kept, error: SaysoError) -> None:
        tries = int(payload.get("tries", "0"))
        note(log, logging.INFO, "file not fetched", merchant=row.merchant, tries=tries, code=error.code)
        if tries >= len(AGAIN):
            await self.rows.keep(replace(row, reason=error.text), None)
            return
        base = ":".join(job.id.split(":")[:2])
        again = replace(
            job,
            id=f"{base}:{tries + 1}",
            due=self.clock.now() + AGAIN[tries],
            payload={**payload, "tries": str(tries + 1)},
        )
        await self.rows.plan(again)


MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)
"""Where a type's first bytes stand, and what they are (WHATWG MIME Sniffing, the formats' own specifications)."""


def sniffed(content: bytes) -> str:
    """The type that the first bytes tell; unknown ones are just bytes."""
    for place, magic, mime in MAGIC:
        if content[place : place + len(magic)] == magic:
            return mime
    return "application/octet-stream"
