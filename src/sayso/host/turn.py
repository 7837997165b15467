"""One event becomes one turn: stored once, in order, understood, talked through, written, told.

    mask -> accept -> understand -> converse -> compose -> write -> tell

The turn holds a lease on its conversation, never an open transaction. It leaves one WriteSet; when a precondition fails
(stock sold meanwhile), nothing is written and the turn is run again on what is true now.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sayso.channels.cards import mask
from sayso.dialogue import excused, first_state, of_itself
from sayso.dialogue.moves import seeking
from sayso.errors import Conflict
from sayso.host.attachments import fetches
from sayso.host.authors import cut_short, marked, unreminded
from sayso.host.carts import of_cart
from sayso.host.compose import compose, remembered
from sayso.host.converse import Talked, converse, inputs
from sayso.host.dues import due_changes
from sayso.host.executors import Stage
from sayso.host.feed import LiveFeed
from sayso.host.library import Library, Loaded
from sayso.host.linking import BROUGHT, VOUCHED, Linking
from sayso.host.notes import failed, note
from sayso.host.ports import Answer, Arrival, Clock, CustomerRow, Inbox, Lease, Ledger, People, Turns, Typing
from sayso.host.reach import Reach, by_number, numbered
from sayso.host.remembering import plans
from sayso.manifest.specs import Artefact
from sayso.model.command import ModelUse, Understood
from sayso.model.event import (
    UNNAMED,
    Attached,
    CartSent,
    Due,
    Edited,
    Event,
    Pressed,
    Recognised,
    Referred,
    Utterance,
    Written,
)
from sayso.model.message import Message
from sayso.model.state import State, Unnamed
from sayso.model.trace import Trace
from sayso.model.writes import Job, Outgoing, WriteSet
from sayso.people.history import History
from sayso.understanding.codes import read_codes
from sayso.understanding.context import Context, Finding, Understanding

log = logging.getLogger("sayso.turn")

KEPT_BACK_S = 1.0
"""Seconds of a channel's deadline that are kept for the write and the response."""

UNDERSTANDING_ENDS_S = 0.5
"""Seconds before the turn's own end at which a model is cut off, so that what was understood without it is used."""

HIDDEN = "••••"
"""What stands for a secret that somebody wrote where none is checked."""

TRIES = 24
"""How often a turn is run before a conflict is told to the customer."""

SENT_AGAIN = timedelta(seconds=5)
"""How long the requests before the last one may come again, out of order, from a platform that gives them no ids."""
KNOWN = 8
"""How many of them are known."""

CROWDED = 3
"""Tries after which a turn stands in line with the merchant's other turns that were beaten to what they wanted: of many
that want the same hour or the last of something at once, one after another gets on."""


@dataclass(frozen=True, slots=True)
class Done:
    """What is counted of a turn: no words, only kinds and times."""

    channel: str
    outcome: str
    seconds: float
    stages: tuple[str, ...] = ()
    model: ModelUse | None = None


Seed = Callable[[Event, int], str]
"""(event, version of its conversation) -> what a turn's ids and wordings follow from, 16 hexadecimal digits."""


def by_chance(event: Event, version: int) -> str:
    """A seed that nobody can guess."""
    return secrets.token_hex(8)


@dataclass(slots=True)
class Turning:
    """Implements `host.ports.Handle`."""

    inbox: Inbox
    turns: Turns
    ledger: Ledger
    people: People
    library: Library
    understanding: Understanding
    clock: Clock
    feed: LiveFeed
    leases: Lease
    count: Callable[[Done], None]
    linking: Linking
    history: History | None = None
    reach: Reach = field(default_factory=Reach)
    seed: Seed = by_chance
    finding: Finding | None = None

    async def keep(self, event: Event) -> Event:
        """Store the event before its platform is answered; `__call__` with what is returned then runs its turn. Raises
        NotFound for an unknown merchant, Theirs for an id that another conversation used."""
        await self.library.current(event.merchant)
        event = await self._checked_secret(_masked(event))
        await self.inbox.accept(event)
        return event

    async def __call__(self, event: Event) -> Answer:
        """Handle the event once; a duplicate gets the stored answer, after the running turn if need be."""
        started = time.perf_counter()
        loaded = await self.library.current(event.merchant)
        event = _masked(event)
        async with self.leases.hold(event.key):
            event = await self._placed(await self._checked_secret(event))
            arrival = await self.inbox.accept(event)
            if not arrival.new and arrival.messages is not None:
                return await self._stored(event, arrival)
            self.feed.tell(event.key, Typing(True))
            try:
                answer, outcome = await self._run(event, arrival, loaded, started)
            finally:
                self.feed.tell(event.key, Typing(False))
        self.count(replace(outcome, seconds=time.perf_counter() - started))
        return answer

    async def _placed(self, event: Event) -> Event:
        """The event of a platform without ids, named by its place; sent again right after, it is the same one."""
        if UNNAMED not in event.via or "." in event.id:
            return event
        state, version = await self.turns.load(event.key)
        known = state.repeats if state else ()
        near = {*known[-1:], *(each for each in known if event.at - each.at < SENT_AGAIN)}
        same = next((each.id for each in near if each.id.startswith(f"{event.id}.")), "")
        return replace(event, id=same or f"{event.id}.{version}")

    async def _checked_secret(self, event: Event) -> Event:
        """A spoken PIN or one-time code is checked before anything is stored; only who was meant is kept."""
        if isinstance(event.body, Referred) and event.body.source in BROUGHT:
            linked = await self.linking.nonce(event, event.body.ref)
            return replace(event, body=linked) if linked else event
        if not isinstance(event.body, Utterance | Recognised | Edited):
            return event
        words, codes = _words(event), read_codes()
        digits = codes.digits(words)
        if not digits:
            return event
        state, _ = await self.turns.load(event.key)
        pending = state.topic.pending if state else None
        if isinstance(event.body, Edited):  # A correction answers nothing, so nothing is checked.
            hidden = (pending is not None and pending.secret) or codes.code(words, expected=True)
            return replace(event, body=replace(event.body, text=HIDDEN)) if hidden else event
        if pending is not None and pending.secret:
            checked = await self.linking.pin(event, digits)
        elif code := codes.code(words, expected=state is not None and _awaits_code(state)):
            checked = await self.linking.code(event, code)
        else:
            return event
        return replace(event, body=checked) if checked else event

    async def _stored(self, event: Event, arrival: Arrival) -> Answer:
        state = arrival.state or (await self.turns.load(event.key))[0]
        assert state is not None
        turn = arrival.posted[0].turn if arrival.posted else ""
        return Answer(arrival.posted, turn, state, duplicate=True)

    async def _run(self, event: Event, arrival: Arrival, loaded: Loaded, started: float) -> tuple[Answer, Done]:
        """Run the turn until it can be written."""
        state, version = arrival.state, arrival.version
        customer = await self.people.identify(event)
        void = False
        for attempt in range(TRIES):
            before = unreminded(_begun(state, customer, event, loaded), event, self.reach.capabilities(event.channel))
            run = OneTurn(self, by_number(event, before), loaded, customer, started, before)
            try:
                async with self._in_line(event, attempt):
                    writes, outcome = await run.writes(version, last=attempt == TRIES - 1, void=void)
                    posted = await self.turns.apply(writes)
            except Conflict as conflict:
                note(log, logging.INFO, "turn runs again", what=conflict.what, event=event.id)
                void = isinstance(event.body, Due) and conflict.what == "order"
                arrival = await self.inbox.accept(event)
                if arrival.messages is not None:  # Another host went on with it.
                    return await self._stored(event, arrival), replace(outcome, outcome="repeated")
                state, version = arrival.state, arrival.version
                continue
            for message in posted:
                self.feed.tell(event.key, message)
            assert writes.trace is not None
            return Answer(tuple(posted), writes.trace.turn, writes.state), outcome
        raise Conflict("turn", event.key)

    def _in_line(self, event: Event, attempt: int) -> AbstractAsyncContextManager[None]:
        """At the first tries nobody waits for anybody."""
        return self.leases.hold(f"{event.merchant}/@crowd") if attempt >= CROWDED else nullcontext()


@dataclass(slots=True)
class OneTurn:
    """One run of one turn, from a state to a WriteSet."""

    host: Turning
    event: Event
    loaded: Loaded
    customer: CustomerRow
    started: float
    before: State
    understood_ms: float = 0.0

    async def writes(self, version: int, last: bool, void: bool = False) -> tuple[WriteSet, Done]:
        """Everything the turn leaves behind. `last`: no more tries, so apologise instead; `void`: the job has nothing
        left to do."""
        seed = self.host.seed(self.event, version)
        now = self.host.clock.now()
        offered = self.before.proposal
        stage = Stage(
            self.loaded,
            self.host.ledger,
            self.event,
            self.customer,
            now,
            seed,
            offered,
            history=self.host.history,
            turns=self.host.turns,
            linking=self.host.linking,
            near=self._near if self.host.finding is not None else None,
        )
        understood, talked, outcome = Understood(()), None, "failed"
        try:
            if void:
                talked, outcome = Talked(self.before, (), ()), "void"
            elif not last:
                async with asyncio.timeout(self._left()):
                    understood = await self._understood(now)
                    talked = await self._talked(understood, stage, now)
                    outcome = "answered"
        except TimeoutError:
            outcome = "late"
        except Exception as error:
            failed(log, "turn failed", error, event=self.event.id, merchant=self.event.merchant)
        if talked is None:
            stage = replace(stage, deeds=type(stage.deeds)(), customer=self.customer)
            why = "too_slow" if outcome == "late" else "failed"
            talked = Talked(*excused(self.before, why, self.loaded.artefact.merchant), ())
        took = (time.perf_counter() - self.started) * 1000
        done = Done(self.event.channel, outcome, took / 1000, understood.stages, understood.used)
        return self._write_set(version, stage, understood, talked, took), done

    def _left(self) -> float:
        return max(0.05, self.event.deadline_s - KEPT_BACK_S - (time.perf_counter() - self.started))

    async def _near(self, words: str, among: Collection[str]) -> Mapping[str, float]:
        """What of the merchant's catalog `words` describe."""
        left = self._left() - UNDERSTANDING_ENDS_S
        finding = self.host.finding
        return await finding.near(words, self.loaded.artefact, among, left) if finding is not None else {}

    async def _understood(self, now: datetime) -> Understood:
        self.before = _about(self.before, self.event, self.loaded.artefact)
        context = context_of(self.before, self.loaded, now, self.event.voice)
        event = self.event
        if isinstance(event.body, CartSent):
            return Understood(of_cart(event.body, self.loaded.artefact), stages=("given",))
        if isinstance(event.body, Attached) and event.body.caption:
            event = replace(event, body=Utterance(event.body.caption))
        if not isinstance(event.body, Utterance | Recognised | Pressed):
            return Understood(())
        began, left = time.perf_counter(), self._left() - UNDERSTANDING_ENDS_S
        understood = await self.host.understanding.understand(event, context, self.loaded.artefact, left)
        self.understood_ms = round((time.perf_counter() - began) * 1000, 3)
        return understood

    async def _talked(self, understood: Understood, stage: Stage, now: datetime) -> Talked:
        specs = self.loaded.artefact
        self.before = _in_language(self.before, understood, self.event, self.loaded)
        if self.event.position is not None:
            place = self.event.position
            self.before = replace(self.before, latitude=place.latitude, longitude=place.longitude)
        if isinstance(self.event.body, Due | Written):
            stage.deeds.changes += due_changes(self.event)
        cut, voice = self._cut(stage.now), self.event.voice
        given = inputs(self.event.body, understood.commands, self.before, cut=cut, voice=voice)
        return await converse(self.before, given, specs, now, stage.run, settle=not of_itself(self.event.body))

    def _cut(self, now: datetime) -> bool:
        """Whether our last words were interrupted before the customer had heard what their question is about."""
        if self.event.heard is None or not self.before.last:
            return False
        last = compose(self.before.last, self.before, self.loaded.artefact, self.loaded.phrases, now, "")
        return cut_short(last.message.speech, self.event.heard)

    def _write_set(self, version: int, stage: Stage, understood: Understood, talked: Talked, took: float) -> WriteSet:
        artefact, deeds, seed = self.loaded.artefact, stage.deeds, stage.seed
        composed = compose(talked.speaks, talked.state, artefact, self.loaded.phrases, stage.now, seed)
        theirs = compose(self.before.unread, talked.state, artefact, self.loaded.phrases, stage.now, "").message.text
        message = marked(composed.message, talked.state, self.event, self.loaded.phrases, stage.now, theirs)
        state = _owned(remembered(talked.state, talked.speaks, composed.shown), stage.customer, self.event)
        if UNNAMED in self.event.via:
            state = replace(state, repeats=(*state.repeats, Unnamed(self.event.id, self.event.at))[-KNOWN:])
        if talked.speaks:
            reach, event = self.host.reach, self.event
            state = numbered(state, reach.plan(message, event.channel, event.merchant, event.key))
        trace = Trace(
            turn=f"t{seed}",
            event=self.event,
            before=self.before,
            now=stage.now,
            seed=seed,
            specs=artefact.digest,
            catalog=artefact.catalog.version,
            commands=understood.commands,
            stages=understood.stages,
            exchanges=talked.exchanges,
            speaks=talked.speaks,
            took_ms=round(took, 3),
            understood_ms=self.understood_ms,
            model=understood.used,
            unheard=understood.unheard,
        )
        return WriteSet(
            event=self.event,
            conversation=self.event.key,
            version=version,
            state=state,
            trace=trace,
            proposal=deeds.proposal,
            effects=tuple(deeds.effects),
            changes=tuple(deeds.changes),
            effect_changes=deeds.effect_changes,
            outgoing=self._outgoing(message, seed) if talked.speaks and _says(message, self.event) else (),
            jobs=(*deeds.jobs, *self._remembered(stage), *fetches(self.event, f"t{seed}", stage.now)),
            dropped=tuple(deeds.dropped),
        )

    def _outgoing(self, message: Message, seed: str) -> tuple[Outgoing, ...]:
        return (Outgoing(f"m{seed}", message, push=self.host.reach.pushes(self.event.channel)),)

    def _remembered(self, stage: Stage) -> Iterable[Job]:
        """What the turn did that is to be remembered, or forgotten."""
        return plans(stage.deeds.changes, stage.customer, self.event, stage.now) if self.host.history else ()


def _awaits_code(state: State) -> bool:
    """Was a code just spoken of, so that six digits by themselves are one?"""
    return any(said.key in ("link.how", "link.wrong") for said in state.last)


def _begun(state: State | None, customer: CustomerRow, event: Event, loaded: Loaded) -> State:
    """The state to go on from. When somebody else than the person who was vouched for speaks, nothing of that person's
    basket, orders or words is within reach."""
    return replace(_own(state, customer, event, loaded), known=tuple(p for p in customer.likes if p.holds))


def _own(state: State | None, customer: CustomerRow, event: Event, loaded: Loaded) -> State:
    if state is None:
        return first_state(loaded.artefact, event.language)
    another = state.vouched and state.customer != customer.id and not isinstance(event.body, Due | Written)
    return replace(first_state(loaded.artefact, state.language), greeted=state.greeted) if another else state


def _owned(state: State, customer: CustomerRow, event: Event) -> State:
    state = replace(state, known=())
    if isinstance(event.body, Due | Written):
        return state
    return replace(state, customer=customer.id, vouched=customer.assurance in VOUCHED)


def context_of(state: State, loaded: Loaded, now: datetime, voice: bool) -> Context:
    """What understanding may know of the conversation."""
    frames = state.topic.frames
    return Context(
        language=state.language,
        now=now.astimezone(ZoneInfo(loaded.artefact.merchant.zone)),
        pending=state.topic.pending,
        lines=state.lines,
        focus=state.focus,
        shown=state.shown,
        intent=frames[-1].intent if frames else "",
        undoable=any(d.undo_until is None or d.undo_until > now for d in state.done),
        done_lines=next((d.lines for d in reversed(state.done) if d.lines), ()),
        voice=voice,
        mentioned=state.mentioned,
        frames=frames,
        offered=state.offered,
        asked=state.asked,
        sought=found.listed if (found := seeking(state)) else (),
        listed=state.listed,
        recalling=any(said.key.startswith("memory.list") for said in state.last),
    )


def _about(state: State, event: Event, specs: Artefact) -> State:
    """What a platform says that the words are about: "it" means that product."""
    about = event.body.about if isinstance(event.body, Utterance) else ""
    return replace(state, mentioned=(about,)) if about in specs.catalog.products else state


def _in_language(state: State, understood: Understood, event: Event, loaded: Loaded) -> State:
    """The conversation follows the customer's language where the merchant speaks it; a voice keeps its platform's."""
    known = loaded.artefact.merchant.languages
    if event.voice or understood.language not in known:
        return state
    return replace(state, language=understood.language)


def _says(message: Message, event: Event) -> bool:
    """Is there anything to show, or to hear?"""
    return bool(message.text or message.cards or (message.speech and event.voice))


def _masked(event: Event) -> Event:
    match event.body:
        case Utterance(text) | Edited(text=text):
            return replace(event, body=replace(event.body, text=mask(text)))
        case Attached(caption=text):
            return replace(event, body=replace(event.body, caption=mask(text)))
        case CartSent(note=text):
            return replace(event, body=replace(event.body, note=mask(text)))
        case Recognised(_, slots, text):
            hidden = {name: mask(value) for name, value in slots.items()}
            return replace(event, body=replace(event.body, slots=hidden, text=mask(text)))
        case _:
            return event


def _words(event: Event) -> str:
    match event.body:
        case Utterance(text) | Edited(text=text):
            return text
        case Recognised(_, slots, text):
            return text or " ".join(slots.values())
        case _:
            return ""
