"""What a customer takes back is gone from what was stored; what they correct is corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sayso.host.attachments import EXPIRE, FETCH, Kept, fetches
from sayso.model.command import Unheard
from sayso.model.effect import TaskMade, TaskNoted
from sayso.model.event import Attached, Edited, Event, Pressed, Unsent, Utterance
from sayso.store import Store
from sayso.store.schema import build
from sayso.store.statements import Rows, Script, Statement

WORDS = "my aunt's anaconda"


class Thread:
    """A conversation on a platform that names messages by ids of its own."""

    def __init__(self, store: Store, make: Any) -> None:
        self.store, self.make, self.version = store, make, 0

    async def hears(self, body: Any, message: str = "", **more: Any) -> Event:
        """A turn that answers an event; `message` is the platform's id, where that is not the event's."""
        known = {"id": more.pop("id")} if "id" in more else {}
        via = {"message": message} if message else {}
        event: Event = self.make.event("anna", channel="pigeon", account="loft", body=body, via=via, **known)
        await self.store.inbox.accept(event)
        turn = self.make.turn(event, self.version, **more)
        await self.store.turns.apply(turn)
        self.version += 1
        return event

    async def transcript(self) -> list[tuple[str, str]]:
        said = await self.store.turns.messages("bar/pigeon/loft/anna")
        return [(each.message.text, each.message.revised) for each in said if each.author == "customer"]


@pytest.fixture
def thread(store: Store, make: Any) -> Thread:
    return Thread(store, make)


async def holding(store: Store, what: str) -> set[str]:
    """The tables in which something is found."""

    def script(table: str) -> Script[Rows]:
        rows = yield Statement(f"SELECT * FROM {table}")
        return rows

    tables = [table.name for table in build().sorted_tables]
    return {name for name in tables if any(what in repr(row) for row in await store.database.read(script(name)))}


@pytest.mark.parametrize(("id", "message", "of"), [("e9", "", "e9"), ("e9/2", "", "e9"), ("e9", "m9", "m9")])
async def test_what_was_taken_back_is_found_nowhere(
    store: Store, thread: Thread, id: str, message: str, of: str
) -> None:
    """Transcript, inbox, trace, notes for a person and what was not understood lose the words; the turn stays told."""
    task = TaskMade("bar", "t1", "bar/pigeon/loft/anna", "asked", {})
    note = TaskNoted("bar", "t1", "bar/pigeon/loft/anna", "customer", WORDS)
    await thread.hears(Utterance(WORDS), message, id=id, changes=(task, note))
    await thread.hears(Utterance("something else"), "m10")
    assert {"inbox", "messages", "traces", "task_notes"} <= await holding(store, "anaconda")
    await thread.hears(Unsent(of))
    assert await holding(store, "anaconda") == set()
    assert await thread.transcript() == [("", "unsent"), ("something else", "")]


async def test_what_was_not_understood_goes_with_it(store: Store, thread: Thread, make: Any) -> None:
    """The merchant does not learn from words that were taken back."""
    event = make.event("anna", channel="pigeon", account="loft", text=WORDS)
    await store.inbox.accept(event)
    turn = make.turn(event)
    await store.turns.apply(replace(turn, trace=replace(turn.trace, unheard=Unheard("en", WORDS, ()))))
    thread.version = 1
    assert "unheard" in await holding(store, "anaconda")
    await thread.hears(Unsent(event.id))
    assert await holding(store, "anaconda") == set()


async def test_a_corrected_message_reads_as_it_does_now(store: Store, thread: Thread) -> None:
    """Once more corrected: the last words; then taken back: none of any of them."""
    await thread.hears(Utterance("two lattes"), "m1")
    await thread.hears(Edited("m1", "three lattes"))
    assert await thread.transcript() == [("three lattes", "edited")]
    await thread.hears(Edited("m1", f"four, for {WORDS}"))
    assert await thread.transcript() == [(f"four, for {WORDS}", "edited")]
    await thread.hears(Unsent("m1"))
    assert await thread.transcript() == [("", "unsent")]
    assert await holding(store, "anaconda") == set()
    assert await holding(store, "three lattes") == set()


async def test_a_file_that_was_taken_back_is_deleted(store: Store, thread: Thread, make: Any) -> None:
    """One that is not fetched yet never is; one that is kept is dropped by the next job."""
    body = Attached("image", "h1", caption=WORDS)
    event = make.event("anna", channel="pigeon", account="loft", body=body, id="e5")
    jobs = tuple(fetches(event, "turn-e5", make.clock.now()))
    await thread.hears(body, id="e5", jobs=jobs)
    kept = Kept("a1", "bar", event.key, "turn-e5", "image", "image/png", "", 1, make.clock.now(), file="f1")
    assert await store.attachments.keep(kept, None)
    await thread.hears(Unsent("e5"))
    due = await store.jobs.due(make.clock.now())
    assert [(job.kind, dict(job.payload or {})) for job in due] == [(EXPIRE, {"id": "a1"})]
    assert not any(job.kind == FETCH for job in due)
    assert await holding(store, "anaconda") == set()
    assert not await store.attachments.keep(kept, None)


async def test_nothing_else_is_taken_back(store: Store, thread: Thread) -> None:
    """An id that is part of another, one of ours under a button, one of another conversation, none at all."""
    await thread.hears(Utterance("a latte"), "m12")
    await thread.hears(Pressed("token", "Yes"), "m2")
    for of in ("m1", "m2", "%", "", "m99"):
        await thread.hears(Unsent(of))
    assert await thread.transcript() == [("a latte", ""), ("Yes", "")]
