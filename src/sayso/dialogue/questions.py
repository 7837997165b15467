"""The questions that dialogue puts: each a pending kind, a reply and its options."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sayso.dialogue.moves import Moved, Scene, asking, frame_of
from sayso.model.action import Option, Speak, Trouble
from sayso.model.basket import Chosen, Line
from sayso.model.command import Add, Candidate, Change, Command, Evidence, Fill, Item, No, Say, Start, Target, Yes
from sayso.model.fact import Fact, Named, Param, Params, Said
from sayso.model.state import Held, Pending, State, Unsure

GIVEN = Evidence("", "given")
YES = Option("option.yes", Yes(GIVEN))
NO = Option("option.no", No(GIVEN))
MOST_OPTIONS = 10
INTENTS = "intents"
"""What a list of likely intents is of; every other list is of products."""


def named(param: Param, command: Command) -> Option:
    """An option that is labelled by the thing itself."""
    return Option("", command, {"label": param})


def what(state: State, scene: Scene, key: str = "ask.what", params: Params | None = None) -> Moved:
    """An open question: what would you like?"""
    frame = frame_of(state)
    pending = Pending("what", intent=frame.intent if frame else "")
    return asking(state, pending, Speak(key, params or {}))


def offer(state: State, subject: str, key: str, params: Params | None = None) -> Moved:
    """A yes-or-no offer; yes runs `subject`. The question that it stands before is put again once it is answered."""
    before = state.topic.pending
    if before and state.question and before.kind not in ("offer", "what", "pin") and before.group != INTENTS:
        state = replace(state, held=Held(before, state.question))
    return asking(state, Pending("offer", subject=subject), Speak(key, params or {}, (YES, NO)))


def choices(state: State, intents: tuple[str, ...]) -> Moved:
    """Did you mean one of these? Choosing one begins it."""
    options = tuple(named(Named("intent", i), Start((Candidate(i),), GIVEN)) for i in intents)
    params: Params = {"options": tuple(Named("intent", i) for i in intents)}
    return asking(state, Pending("product", group=INTENTS), Speak("not_understood.choices", params, options))


def slot(state: State, scene: Scene, name: str, trouble: Trouble | None = None) -> Moved:
    """Ask for a slot of the intent in progress, with its options; after a trouble, with what can be had instead."""
    frame = frame_of(state)
    if frame is None:
        return what(state, scene)
    ids = tuple(c.id for c in trouble.options) if trouble else ()
    choices = tuple((i, slot_value(scene, frame.intent, name, i)) for i in ids or _values(scene, frame.intent, name))
    options = tuple(named(label, Fill(name, (Candidate(i),), GIVEN)) for i, label in choices[:MOST_OPTIONS])
    params: dict[str, Param] = {"options": tuple(label for _, label in choices[:MOST_OPTIONS])}
    key = f"{_put_before(state, scene, name)}:{frame.intent}.{name}"
    if trouble:
        key, params = trouble.key, params | dict(trouble.params)
    pending = Pending("slot", intent=frame.intent, slot=name, secret=_secret(scene, frame.intent, name))
    return asking(state, pending, Speak(key, params, options))


def _put_before(state: State, scene: Scene, name: str) -> str:
    """A slot that was asked in the turn before is asked with its reprompt, where it has one."""
    pending, frame = state.topic.pending, frame_of(state)
    spec = scene.specs.intent(frame.intent).slots.get(name) if frame else None
    asked = pending is not None and pending.kind == "slot" and pending.slot == name
    return "reprompt" if asked and spec and spec.reprompts else "prompt"


def confirm(state: State, scene: Scene, key: str, params: Params) -> Moved:
    """Read the proposal back and ask for the say-so."""
    assert state.proposal is not None
    change = Option("option.change", Say("change", GIVEN))
    pending = Pending("confirm", intent=state.proposal.intent, subject=state.proposal.digest)
    return asking(state, pending, Speak(key, params, (YES, change, Option("option.cancel", Say("cancel", GIVEN)))))


def product(state: State, scene: Scene) -> Moved:
    """Which product did the first parked item mean?"""
    item = state.parked[0]
    pending = Pending("product", subject=item.words or "?")
    known = [c for c in item.products if c.id in scene.specs.catalog.products][:3]
    options = tuple(named(Named("product", c.id), Add((_settled(item, c),), GIVEN)) for c in known)
    params: dict[str, Param] = {"words": Said(item.words), "options": tuple(Named("product", c.id) for c in known)}
    key = "ask.product" if known else "trouble.unknown_product"
    return asking(state, pending, Speak(key, params, options))


def _settled(item: Item, candidate: Candidate) -> Item:
    return replace(item, products=(Candidate(candidate.id),))


def line_trouble(state: State, scene: Scene, line: Line, trouble: Trouble) -> Moved:
    """Ask what to do about a line: another value, another product, another quantity."""
    target = Target("", (Candidate(line.id),))
    ids = tuple(c.id for c in trouble.options)[:MOST_OPTIONS]
    if trouble.group:
        pending = Pending("option", subject=line.id, group=trouble.group)
        pairs = [(Named("option", i), Item("", options=(_chosen(i),))) for i in ids]
    elif trouble.slot == "quantity":
        pending, pairs = Pending("quantity", subject=line.id), []
    else:
        pending = Pending("product", subject=line.id)
        pairs = [(Named("product", i), Item("", products=(Candidate(i),))) for i in ids]
    options = tuple(named(label, Change(target, to, GIVEN)) for label, to in pairs)
    params: dict[str, Param] = {"product": Named("product", line.sku), "options": tuple(label for label, _ in pairs)}
    return asking(state, pending, Speak(trouble.key, params | dict(trouble.params), options))


def doubt(state: State, scene: Scene, unsure: Unsure) -> Moved:
    """Which option value did these words mean?"""
    target = Target("", (Candidate(unsure.line),))
    ids = [c.id for c in unsure.doubt.candidates][:4]
    options = tuple(named(Named("option", i), Change(target, Item("", options=(_chosen(i),)), GIVEN)) for i in ids)
    line = next(line for line in state.lines if line.id == unsure.line)
    params: dict[str, Param] = {
        "words": Said(unsure.doubt.words),
        "product": Named("product", line.sku),
        "options": tuple(Named("option", i) for i in ids),
    }
    group = ids[0].partition("/")[0] if ids else ""
    return asking(state, Pending("option", subject=unsure.line, group=group), Speak("ask.doubt", params, options))


def _chosen(option: str) -> Chosen:
    group, _, value = option.partition("/")
    return Chosen(group, value)


def _values(scene: Scene, intent: str, name: str) -> tuple[str, ...]:
    spec = scene.specs.intent(intent).slots.get(name)
    if spec is None:
        return ()
    if spec.type == "location":
        return tuple(scene.specs.merchant.locations)
    if spec.type == "product":
        products = scene.specs.catalog.products.values()
        return tuple(p.sku for p in products if not spec.categories or p.category in spec.categories)
    return (*scene.specs.merchant.staff, "@any") if spec.type == "staff" else tuple(spec.values)


def slot_value(scene: Scene, intent: str, name: str, value: str) -> Param:
    """A slot's value as it is told."""
    spec = scene.specs.intent(intent).slots.get(name)
    if spec is not None and spec.type in ("location", "product", "staff"):
        return Named(spec.type, value)
    if spec is not None and spec.type == "time":
        return _moment(value)
    return Named("choice", f"{intent.replace('.', '/')}/{name}/{value}")


def _moment(value: str) -> Param:
    first, _, last = value.partition("/")
    moment = datetime.fromisoformat(first)
    dated = bool(last) or len(value) == len("2026-11-24")  # of an interval the day that it begins on
    return Fact(moment.date() if dated else moment, "hours", value)


def _secret(scene: Scene, intent: str, name: str) -> bool:
    spec = scene.specs.intent(intent).slots.get(name)
    return name == "pin" or (spec is not None and spec.secret)
