"""A disk is lost: what was acknowledged before the backup is there again, on whichever database."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sayso.channels.compiler import Part
from sayso.errors import SaysoError, Theirs
from sayso.host.attachments import Kept
from sayso.model.effect import Booked, ConsentSet, Held, OrderPlaced, StockMoved
from sayso.model.event import Proof
from sayso.model.message import Message
from sayso.model.money import Money
from sayso.model.writes import Outgoing
from sayso.store import open_store
from sayso.store.backup import backup, restore, tables
from sayso.testing.postgres import Server


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """`elsewhere(kind)`: the URL of an empty database, "" for SQLite."""
    made: list[tuple[Server, str]] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return ""
        server: Server = request.getfixturevalue("postgres_server")
        made.append((server, asyncio.run(server.create())))
        return made[-1][1]

    yield make
    for server, url in made:
        asyncio.run(server.drop(url))


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, elsewhere: Callable[[str], str]) -> str:
    """Where it is brought back."""
    return elsewhere(request.param)


def names(folder: Path, like: str = "*") -> list[str]:
    return [path.name for path in folder.glob(like)]


async def _lived(store: Any, make: Any, artefact: Any) -> None:
    """Rows in as many tables as a day makes."""
    await store.artefacts.publish(artefact)
    for number in range(3):
        event = make.event(text=f"wish {number}", proof=Proof("linked", "bar", "anna"))
        customer = await store.people.identify(event)
        await store.inbox.accept(event)
        order = make.order(f"o{number}", customer=customer.id)
        effect = make.effect(f"f{number}")
        changes = (
            StockMoved("bar", "dam", "muffin", -1, "sold"),
            Held("bar", f"p{number}", "queue/dam", "2026-11-23T09:00", 1, make.clock.now().replace(year=2030), 9),
            OrderPlaced(order),
            Booked("bar", effect.id, "sales", Money(-350, "EUR")),
            Booked("bar", effect.id, "cash", Money(350, "EUR")),
            ConsentSet("bar", customer.id, "history", True, "test"),
        )
        made = make.turn(event, number, says=f"answer {number} ☕", effects=(effect,), changes=changes)
        await store.turns.apply(made)
    await store.ledger.switch("bar", "paused/dam", True, "sam")


async def test_a_lost_disk_is_brought_back(
    database_url: str, target: str, tmp_path: Path, fresh: Any, clock: Any, make: Any, artefact: Any
) -> None:
    """Every turn, order, count and secret; from either database into either, and then life goes on."""
    home, file = tmp_path / "data", tmp_path / "saved" / "backup.db"
    file.parent.mkdir()
    async with open_store(home if database_url else fresh(home), clock, database_url=database_url) as store:
        await _lived(store, make, artefact)
        (home / "secret").write_text("s3cret")
        saved = await backup(home, database_url, file)  # the host runs meanwhile
        told = await store.turns.messages("bar/web//anna")
        traces = await store.turns.traces("bar/web//anna")
    assert (saved.conversations, saved.messages, saved.orders) == (1, 6, 3) and file.stat().st_mode & 0o777 == 0o600
    shutil.rmtree(home)

    await restore(file, home, target)
    assert (home / "secret").read_text() == "s3cret"
    async with open_store(home, clock, database_url=target) as store:
        assert await store.turns.messages("bar/web//anna") == told
        assert await store.turns.traces("bar/web//anna") == traces
        assert await store.ledger.stock("bar", "dam", ["muffin"]) == {"muffin": 2}
        assert await store.ledger.used("bar", "queue/dam", "2026", "2027") == {"2026-11-23T09:00": 3}
        assert await store.ledger.switches("bar") == {"paused/dam"}
        assert await store.artefacts.current("bar") == artefact
        customer = await store.people.identify(make.event(proof=Proof("linked", "bar", "anna")))
        assert customer.consents == {"history"} and len(await store.ledger.orders("bar", customer.id)) == 3
        event = make.event(text="one more")
        arrival = await store.inbox.accept(event)
        more = (ConsentSet("bar", customer.id, "history", False, "test"),)
        await store.turns.apply(make.turn(event, arrival.version, effects=(make.effect("f9"),), changes=more))
        assert (await store.people.identify(make.event(proof=Proof("linked", "bar", "anna")))).consents == frozenset()


async def test_what_waited_to_be_sent_is_not_sent_twice(
    fresh: Any, make: Any, clock: Any, target: str, tmp_path: Path
) -> None:
    """After the backup it went out: a restored host does not send it again by itself, staff see it and may."""
    async with open_store(fresh(tmp_path / "data"), clock) as store:
        for number in range(2):
            event = make.event(channel="pigeon", account="loft", text=f"wish {number}")
            await store.inbox.accept(event)
            outgoing = (Outgoing(f"m{number}", Message(f"Answer {number}."), push=True),)
            await store.turns.apply(make.turn(event, number, outgoing=outgoing))
        now = clock.now()
        (parcel,) = await store.deliveries.claim("bar/pigeon/loft", now, now.replace(hour=23), 9)
        await store.deliveries.lay(parcel, (Part("Answer 0."),))
    await backup(tmp_path / "data", "", tmp_path / "a.db")
    await restore(tmp_path / "a.db", tmp_path / "new", target)
    async with open_store(tmp_path / "new", clock, database_url=target) as store:
        assert await store.deliveries.lanes() == ()
        seen = await store.deliveries.undelivered("bar")
        assert sorted((one.text, one.state, one.code) for one in seen) == [
            ("Answer 0.", "unknown", "restored"),
            ("Answer 1.", "unknown", "restored"),
        ]
        assert all([await store.deliveries.resend("bar", one.id) for one in seen])
        (again,) = await store.deliveries.claim("bar/pigeon/loft", now, now.replace(hour=23), 9)
        assert (again.message.text, again.parts) == ("Answer 0.", ())


async def test_a_restore_overwrites_nothing(
    database_url: str, tmp_path: Path, fresh: Any, clock: Any, make: Any, artefact: Any
) -> None:
    """A store that is there is refused, and stays as it was."""
    home, file = tmp_path / "data", tmp_path / "backup.db"
    async with open_store(home if database_url else fresh(home), clock, database_url=database_url) as store:
        await _lived(store, make, artefact)
        await backup(home, database_url, file)
        event = make.event("bob")
        await store.inbox.accept(event)
        await store.turns.apply(make.turn(event))
    with pytest.raises(Theirs, match="holds a store already") as refused:
        await restore(file, home, database_url)
    assert "move it away" in refused.value.mend
    async with open_store(home, clock, database_url=database_url) as store:
        assert len(await store.turns.messages("bar/web//bob")) == 2
    assert names(home, ".*") == []


async def test_a_backup_is_never_written_over(fresh: Any, tmp_path: Path) -> None:
    """The last good one stays."""
    fresh(tmp_path / "data")
    (tmp_path / "b.db").write_text("precious")
    with pytest.raises(Theirs, match="there already"):
        await backup(tmp_path / "data", "", tmp_path / "b.db")
    assert (tmp_path / "b.db").read_text() == "precious"


async def test_what_cannot_be_saved_says_so(tmp_path: Path) -> None:
    """No database, no folder to write to; nothing half written is left."""
    with pytest.raises(Theirs, match="no database"):
        await backup(tmp_path, "", tmp_path / "b.db")
    with pytest.raises(SaysoError, match="cannot write"):
        await backup(tmp_path, "", tmp_path / "nowhere" / "b.db")
    assert names(tmp_path) == []


@pytest.mark.parametrize("damage", ["absent", "other", "torn"])
async def test_a_file_that_is_no_backup_is_refused(fresh: Any, tmp_path: Path, damage: str) -> None:
    """And leaves no data folder that looks like one."""
    file = tmp_path / "b.db"
    if damage == "other":
        file.write_text("not a database")
    if damage == "torn":
        await backup(fresh(tmp_path / "old"), "", file)
        file.write_bytes(file.read_bytes()[:8192])
    with pytest.raises(SaysoError) as refused:
        await restore(file, tmp_path / "data", "")
    assert "b.db" in str(refused.value) and not (tmp_path / "data" / "sayso.db").exists()


async def test_a_backup_is_one_ordinary_database_with_every_table(fresh: Any, tmp_path: Path) -> None:
    """Nothing lies beside it, and any SQLite can look into it."""
    file = tmp_path / "b.db"
    await backup(fresh(tmp_path / "data"), "", file)
    with closing(sqlite3.connect(file)) as connection:
        named = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert {table.name for table in tables()} <= named and names(tmp_path, "b.db*") == ["b.db"]


async def test_files_that_customers_sent_are_brought_back(
    database_url: str, target: str, tmp_path: Path, fresh: Any, clock: Any, make: Any
) -> None:
    """With their rows and whole; one that is gone from the disk costs nothing else; an erase finds them again."""
    home, file = tmp_path / "data", tmp_path / "a.db"
    async with open_store(home if database_url else fresh(home), clock, database_url=database_url) as store:
        event = make.event(proof=Proof("linked", "bar", "anna"))
        await store.people.identify(event)
        await store.inbox.accept(event)
        turn = make.turn(event)
        await store.turns.apply(turn)
        for name in ("f1", "f2", "gone"):
            if name != "gone":
                await store.files.put("bar", name, name.encode() * 50_000)
            kept = Kept(f"a-{name}", "bar", event.key, turn.trace.turn, "image", "", "", 1, clock.now(), file=name)
            assert await store.attachments.keep(kept, None)
        await store.files.put("bar", "stranger", b"no row names it")
        await backup(home, database_url, file)
    shutil.rmtree(home)
    await restore(file, home, target)
    async with open_store(home, clock, database_url=target) as store:
        assert await store.files.get("bar", "f1") == b"f1" * 50_000
        assert await store.files.get("bar", "f2") == b"f2" * 50_000
        assert [await store.files.get("bar", name) for name in ("gone", "stranger")] == [None, None]
        assert {one.file for one in await store.attachments.listed("bar")} == {"f1", "f2", "gone"}
        assert await store.files.sweep(await store.attachments.names()) == 0
        await store.privacy.erase("bar", "anna")
        assert await store.files.get("bar", "f1") is None
    if not target:
        with closing(sqlite3.connect(home / "sayso.db")) as connection:
            assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_files'").fetchall()


async def test_a_backup_of_before_files_is_still_one(tmp_path: Path, fresh: Any, clock: Any, make: Any) -> None:
    """It has no such table."""
    async with open_store(fresh(tmp_path / "data"), clock) as store:
        await store.inbox.accept(make.event())
    await backup(tmp_path / "data", "", tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("DROP TABLE backup_files")
    await restore(tmp_path / "a.db", tmp_path / "new", "")
    async with open_store(tmp_path / "new", clock) as store:
        assert len(await store.turns.messages("bar/web//anna")) == 1
