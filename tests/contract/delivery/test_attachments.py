"""Files that customers send: fetched after the turn, kept for a while, gone with their customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso.channels.contract import Account, Call
from sayso.errors import NotFound, Upstream
from sayso.host.access import Access
from sayso.host.attachments import AGAIN, EXPIRE, FETCH, Fetching, TooLarge, fetches, sniffed
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.event import Attached, Event, Proof, Utterance
from sayso.store import Store

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@dataclass
class Shelf:
    """`Fetch` from a platform with files by address; what is asked for is kept."""

    files: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...], int]] = field(default_factory=list)

    async def __call__(self, call: Call, hosts: Sequence[str], most: int) -> bytes:
        self.asked.append((call.url, tuple(hosts), most))
        found = self.files[call.url]
        if isinstance(found, Exception):
            raise found
        return bytes(found)


@dataclass
class Desk:
    """A host that keeps files for the bar."""

    store: Store
    make: Any
    channel: Any
    shelf: Shelf = field(default_factory=Shelf)
    days: int = 30

    async def sent(self, body: Attached, to: str = "anna", **more: Any) -> Event:
        """A turn of an event with a file."""
        event: Event = self.make.event(to, channel="pigeon", account="loft", body=body, **more)
        await self.store.inbox.accept(event)
        state = await self.store.turns.load(event.key)
        turn = self.make.turn(event, state[1])
        jobs = tuple(fetches(event, turn.trace.turn, self.make.clock.now()))
        await self.store.turns.apply(replace(turn, jobs=jobs))
        return event

    async def work(self) -> list[str]:
        """Run what is due; the kinds that were run."""

        async def way(merchant: str, channel: str) -> Any:
            bar = MerchantSpec(merchant, {"en": "Bar"}, ("en",), "EUR", "NL", "UTC", {}, (), attachment_days=self.days)
            return self.channel, Account(bar, ChannelSpec(channel, "loft"))

        clock = self.make.clock
        access = Access(None, clock)  # type: ignore[arg-type]  # nothing here asks for a token
        fetching = Fetching(self.store.attachments, self.store.files, way, self.shelf, access, clock)
        run = []
        for job in await self.store.jobs.due(clock.now()):
            await fetching.jobs()[job.kind](job)
            await self.store.jobs.done(job.id)
            run.append(job.kind)
        return run

    def on_disk(self) -> list[Path]:
        return [path for path in self.store.files.folder.glob("**/*") if path.is_file()]


@pytest.fixture
def desk(store: Store, make: Any, homing: Any) -> Desk:
    return Desk(store, make, _Carrying(replace(homing().capabilities, hosts=("cdn.example",), attachment_bytes=900)))


class _Carrying:
    """A channel whose files lie at an address that a first call tells."""

    name = "pigeon"

    def __init__(self, capabilities: Any) -> None:
        self.capabilities = capabilities

    def receive(self, *_: Any) -> Any:
        raise NotImplementedError

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        return Call("GET", f"https://cdn.example/{attached.handle}") if attached.handle != "none" else None

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return Call("GET", answer[3:].decode()) if answer.startswith(b"at ") else None


async def test_a_picture_is_fetched_and_kept(desk: Desk) -> None:
    """In two calls where the first tells the address; from the platform's hosts, within its limit; its own type."""
    desk.shelf.files = {"https://cdn.example/f1": b"at https://cdn.example/x", "https://cdn.example/x": PNG}
    await desk.sent(Attached("image", "f1", "text/html", "look", "me.html"))
    assert desk.shelf.asked == [], "nothing before the turn has ended"
    assert await desk.work() == [FETCH]
    (kept,) = await desk.store.attachments.listed("bar")
    assert (kept.kind, kept.mime, kept.size, kept.name, kept.reason) == ("image", "image/png", len(PNG), "me.html", "")
    assert await desk.store.files.get("bar", kept.file) == PNG
    assert desk.shelf.asked[1] == ("https://cdn.example/x", ("cdn.example",), 900)
    (path,) = desk.on_disk()
    assert path.stat().st_mode & 0o077 == 0, "for this user only"
    assert await desk.store.attachments.found("other", kept.id) is None


async def test_a_file_goes_after_its_days(desk: Desk) -> None:
    """As many as the merchant says."""
    desk.days = 7
    desk.shelf.files["https://cdn.example/f1"] = PNG
    await desk.sent(Attached("image", "f1"))
    await desk.work()
    desk.make.clock.moment += timedelta(days=6, hours=23)
    assert await desk.work() == []
    desk.make.clock.moment += timedelta(hours=1)
    assert await desk.work() == [EXPIRE]
    assert desk.on_disk() == []
    assert await desk.store.attachments.listed("bar") == ()


async def test_a_file_goes_with_its_customer(desk: Desk) -> None:
    """Row, job and file; another customer's stays, though it is the same picture."""
    desk.shelf.files = {f"https://cdn.example/{n}": PNG for n in ("f1", "f2")}
    for number, guest in ((1, "anna"), (2, "bert")):
        await desk.store.people.identify(
            event := desk.make.event(guest, channel="pigeon", proof=Proof("channel", "pigeon:loft", guest))
        )
        await desk.sent(Attached("image", f"f{number}"), guest, proof=event.proof)
    await desk.work()
    receipt = await desk.store.privacy.erase("bar", "anna")
    assert receipt.erased["attachments"] == 1
    (left,) = await desk.store.attachments.listed("bar")
    assert left.conversation.endswith("/bert")
    assert [path.name for path in desk.on_disk()] == [left.file]


async def test_what_was_erased_before_it_was_fetched_is_not_kept(desk: Desk) -> None:
    """The job was claimed, then the customer erased."""
    desk.shelf.files["https://cdn.example/f1"] = PNG
    proof = Proof("channel", "pigeon:loft", "anna")
    await desk.sent(Attached("image", "f1"), proof=proof)
    await desk.store.people.identify(desk.make.event(channel="pigeon", account="loft", proof=proof))
    erase = desk.store.privacy.erase

    async def late(call: Call, hosts: Sequence[str], most: int) -> bytes:
        await erase("bar", "anna")
        return PNG

    desk.shelf = late  # type: ignore[assignment]
    await desk.work()
    assert desk.on_disk() == []
    assert await desk.store.attachments.listed("bar") == ()


async def test_a_platform_that_cannot_be_reached_is_asked_again(desk: Desk) -> None:
    """Some times, later and later; then the row says why there is no file."""
    desk.shelf.files["https://cdn.example/f1"] = Upstream("cdn.example cannot be reached")
    await desk.sent(Attached("voice", "f1"))
    for wait in (*AGAIN, timedelta(days=1)):
        assert await desk.work() == [FETCH]
        assert await desk.work() == []
        desk.make.clock.moment += wait
    assert await desk.work() == []
    (kept,) = await desk.store.attachments.listed("bar")
    assert (kept.reason, kept.file) == ("cdn.example cannot be reached", "")


@pytest.mark.parametrize("error", [NotFound("no host of the platform"), TooLarge("larger than 900 bytes")])
async def test_what_is_refused_is_not_asked_for_again(desk: Desk, error: Exception) -> None:
    """Staff see why."""
    desk.shelf.files["https://cdn.example/f1"] = error
    await desk.sent(Attached("document", "f1"))
    assert await desk.work() == [FETCH]
    desk.make.clock.moment += timedelta(days=1)
    assert await desk.work() == []
    (kept,) = await desk.store.attachments.listed("bar")
    assert kept.reason == str(error)


async def test_what_is_no_file_is_not_fetched(desk: Desk) -> None:
    """A contact, a sticker, plain words; a file that the platform does not give is told."""
    for body in (Attached("contact", "c"), Attached("sticker", "s"), Attached("image", ""), Utterance("hello")):
        await desk.sent(body)  # type: ignore[arg-type]
    assert await desk.work() == []
    await desk.sent(Attached("image", "none"))
    await desk.work()
    assert [kept.reason for kept in await desk.store.attachments.listed("bar")] == ["the platform gives no such file"]


async def test_files_without_rows_are_swept(desk: Desk) -> None:
    """What a host left that died between file and row, or half written."""
    desk.shelf.files["https://cdn.example/f1"] = PNG
    await desk.sent(Attached("image", "f1"))
    await desk.work()
    await desk.store.files.put("bar", "stranger", b"x")
    (desk.store.files.folder / "bar" / ".half").write_bytes(b"x")
    assert await desk.store.files.sweep(await desk.store.attachments.names()) == 2
    assert len(desk.on_disk()) == 1


@pytest.mark.parametrize("name", ["../bar", "a/b", "", ".", "..", "a\x00b"])
async def test_a_name_never_leaves_its_folder(desk: Desk, name: str) -> None:
    """Names come from us alone; one that does not is a bug, not a path."""
    with pytest.raises(ValueError, match="no name"):
        await desk.store.files.get("bar", name)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8", "image/webp"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"OggS\0", "audio/ogg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<html><script>", "application/octet-stream"),
        (b"<svg xmlns", "application/octet-stream"),
        (b"MZ", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_first_bytes_tell_the_type(content: bytes, mime: str) -> None:
    """What could run in a page is just bytes."""
    assert sniffed(content) == mime
