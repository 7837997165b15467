"""Results of actions: what the world answered, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sayso.dialogue import anew, edits, memory, phrases, questions, settle, topics
from sayso.dialogue import basket as edit
from sayso.dialogue.moves import (
    RESHAPES,
    Moved,
    Scene,
    asking,
    back,
    buys,
    close_frame,
    frame_of,
    keep_earlier,
    open_frame,
    pending_of,
    place,
    purchase_frame,
    say,
    settled,
    with_frame,
    withdrawn,
)
from sayso.model.action import (
    Answered,
    Carried,
    Checked,
    Commit,
    Committed,
    Found,
    Learn,
    Noted,
    Option,
    Proposed,
    Recall,
    Recalled,
    Refused,
    Revert,
    Reverted,
    Speak,
    Trouble,
    Wanting,
)
from sayso.model.basket import Line, Proposal
from sayso.model.command import Candidate, Change, Command, Fill, Remove, Say, picked
from sayso.model.fact import Named
from sayso.model.moment import REFUSED
from sayso.model.state import Done, Earlier, Frame, Pending, State


def checked(state: State, given: Checked, scene: Scene) -> Moved:
    """The skill looked at the lines: the first trouble is asked about, with the old value kept."""
    alive = {line.id for line in given.lines}
    state = replace(state, lines=given.lines, unsure=tuple(u for u in state.unsure if u.line in alive))
    lines = {line.id: line for line in given.lines}
    for trouble in given.troubles:
        if trouble.line in lines:
            return _line_trouble(state, scene, lines[trouble.line], trouble)
    state, moved = settle.basket(replace(state, checked=True), scene)
    return state, tuple(Speak(t.key, t.params) for t in given.troubles) + moved


def _line_trouble(state: State, scene: Scene, line: Line, trouble: Trouble) -> Moved:
    before = next((old for kept in _before(state) for old in kept.lines if old.id == line.id), None)
    kept = line
    if trouble.group:
        valid = before.options if before else ()
        options = tuple(c for c in line.options if c.group != trouble.group)
        kept = replace(line, options=options + tuple(c for c in valid if c.group == trouble.group))
    elif trouble.slot == "quantity" and before:
        kept = replace(line, quantity=before.quantity)
    elif trouble.slot == "product" and before and before.sku != line.sku:
        kept = before
    state = replace(state, lines=edit.replaced(state.lines, kept))
    return questions.line_trouble(state, scene, kept, trouble)


def _before(state: State) -> tuple[Earlier, ...]:
    """What was wanted before this turn, where the turn changed it."""
    return state.earlier[:1]


def proposed(state: State, given: Proposed, scene: Scene) -> Moved:
    """Read it back and ask; what became different about an offer that lapsed is said before."""
    different = anew.changed(state.lapsed, given.proposal, scene)
    state = replace(state, proposal=given.proposal, touched=(), lapsed=None)
    key = f"{scene.kind(given.proposal.intent)}.read_back"
    state, question = questions.confirm(state, scene, key, given.params)
    return state, (*different, *memory.used(state, given.proposal, scene), *question)


def refused(state: State, given: Refused, scene: Scene) -> Moved:
    """It cannot be done: say why, and ask for the one thing that would mend it."""
    trouble = given.troubles[0]
    if trouble.key.startswith("undo."):
        return replace(state, amends=None), (Speak(trouble.key, trouble.params),)
    if trouble.slot == "consent":
        return questions.offer(state, "consent", trouble.key, trouble.params)
    if trouble.slot == "pin":
        pending = Pending("pin", secret=True)
        return asking(state, pending, Speak(trouble.key, trouble.params))
    state, released = withdrawn(replace(state, queued=None))
    if trouble.slot == "verify":
        return close_frame(settled(state)), (*released, Speak(trouble.key, trouble.params, invites="link"))
    line = next((line for line in state.lines if line.id == trouble.line), None)
    if line is not None:
        state, moved = _line_trouble(replace(state, checked=False), scene, line, trouble)
        return state, (*released, *moved)
    if trouble.slot:
        state, moved = _slot_trouble(state, scene, trouble)
        return state, (*released, *moved)
    said = Speak(trouble.key, trouble.params)
    if trouble.key.endswith(".changed_meanwhile"):
        onward = settle.basket if buys(state, scene) else settle.errand
        state, moved = onward(replace(state, checked=False), scene)
        return state, (*released, said, *moved)
    if not buys(state, scene):
        return close_frame(settled(state)), (*released, said)
    if state.lines and frame_of(state):
        state, moved = questions.what(state, scene, "ask.change")
        return state, (*released, said, *moved)
    return settled(state), (*released, said)


def _slot_trouble(state: State, scene: Scene, trouble: Trouble) -> Moved:
    """A value that cannot be had: the old one comes back where it was another, and the slot is asked again."""
    frame = frame_of(state)
    if frame is None:
        return state, (Speak(trouble.key, trouble.params),)
    known = [f.slots for kept in _before(state) for f in kept.frames if f.intent == frame.intent]
    before = known[-1] if known else {}
    slots = {name: value for name, value in frame.slots.items() if name != trouble.slot}
    old = before.get(trouble.slot)
    gone = frame.slots.get(trouble.slot)
    if old is not None and old != gone:
        slots[trouble.slot] = old
    if gone:
        slots[f"{REFUSED}{trouble.slot}"] = gone
    state = with_frame(state, replace(frame, slots=slots))
    return questions.slot(state, scene, trouble.slot, trouble)


def committed(state: State, given: Committed, scene: Scene) -> Moved:
    """Done, or waiting for somebody else: it can be undone, and what it interrupted goes on."""
    bought = scene.specs.intent(given.intent).effect == "purchase"
    agreed = _agreed(state)
    likes = (*state.wished, *memory.allergens(state.allergies)) if bought else state.wished
    learnt = Learn(agreed, state.heard, likes) if agreed and _learns(given.intent, scene) else None
    state = replace(state, done=(*state.done, _done(state, given))[-10:], heard={})
    state = emptied(state, scene) if bought else _closed(state, given.intent)
    state, dropped = _dropped(state, given.intent, scene)
    quiet = bool(state.lines or state.parked or state.topic.frames or pending_of(state))
    learning = (replace(learnt, quiet=quiet),) if learnt else ()
    state = state if quiet else replace(state, wished=())
    return state, (_told(given, scene), *dropped, *back(state, scene), *learning)


LEARNT = frozenset({"add", "book"})
"""Operations from which it follows what a customer likes."""


def _learns(intent: str, scene: Scene) -> bool:
    return scene.specs.intent(intent).operation in LEARNT


def _agreed(state: State) -> Proposal | None:
    """The offer that was agreed to."""
    return state.queued.proposal if isinstance(state.queued, Commit) else state.proposal


def _dropped(state: State, intent: str, scene: Scene) -> Moved:
    """What was begun about a thing that is cancelled has nothing to be about any more."""
    spec = scene.specs.intent(intent)
    return _without(state, spec.skill, scene) if spec.operation == "cancel" else (state, ())


def _told(given: Committed, scene: Scene) -> Speak:
    """That it is done; an appointment can be put in the customer's calendar."""
    word = "placed" if given.state == "done" else given.state
    undo = Option("option.undo", Say("undo", questions.GIVEN))
    dated = scene.specs.intent(given.intent).effect == "booking" and given.state == "done"
    invites = "calendar" if dated and given.order else ""
    key = f"{scene.kind(given.intent)}.{word}"
    return Speak(key, given.params, (undo,), invites=invites, about=given.order)


def _done(state: State, given: Committed) -> Done:
    """What was done, with what was agreed in the customer's words: it can be taken back and changed."""
    until = datetime.fromisoformat(given.undo_until) if given.undo_until else None
    agreed = _agreed(state)
    lines = tuple(priced.line for priced in agreed.lines) if agreed else ()
    slots = {name: value for name, value in agreed.slots.items() if not name.startswith("@")} if agreed else {}
    return Done(given.effect, given.intent, given.order, until, state.turn, lines, slots)


def _closed(state: State, intent: str) -> State:
    """An errand is over: no undo goes back into it."""
    kept = tuple(e for e in state.earlier if all(f.intent != intent for f in e.frames))
    state = replace(settled(state), proposal=None, queued=None, held=None, lapsed=None, earlier=kept)
    return close_frame(state, intent)


def emptied(state: State, scene: Scene) -> State:
    """After an order nothing of it is left in the basket."""
    frames = tuple(f for f in state.topic.frames if scene.specs.intent(f.intent).effect != "purchase")
    state = settled(state)
    return replace(
        state,
        topic=replace(state.topic, frames=frames),
        lines=(),
        proposal=None,
        focus=(),
        parked=(),
        unsure=(),
        checked=False,
        touched=(),
        earlier=(),
        queued=None,
        held=None,
        lapsed=None,
        allergies=(),
        liked=(),
    )


def reverted(state: State, given: Reverted, scene: Scene) -> Moved:
    """Undone: what it held is said; nothing of it is in the basket, unless it was taken back to be changed."""
    gone = next((d for d in state.done if d.effect == given.effect), None)
    state = replace(state, done=tuple(d for d in state.done if d.effect != given.effect), queued=None)
    kind = scene.kind(gone.intent) if gone else "order"
    undone = Speak(f"{kind}.undone", given.params)
    if gone is None:
        return state, (undone,)
    if state.amends is not None and gone.lines:
        state, moved = _amended(state, state.amends, gone, scene)
        return state, (undone, *moved)
    state, moved = _without_stale(state, gone, scene)
    return state, (undone, *moved)


def _amended(state: State, amends: Command, gone: Done, scene: Scene) -> Moved:
    """The order's lines are in the basket again, with the change that they were taken back for."""
    serial = state.serial + len(gone.lines)
    lines = tuple(replace(each, id=f"l{state.serial + n}") for n, each in enumerate(gone.lines, 1))
    state = purchase_frame(replace(state, serial=serial, amends=None), scene)
    frame = frame_of(state)
    state = with_frame(state, replace(frame, slots=gone.slots)) if frame else state
    state = keep_earlier(replace(state, lines=lines, checked=False))
    candidates = tuple(Candidate(each.id) for each in lines)
    if isinstance(amends, Change):
        target = replace(amends.target, lines=candidates)
        return edits.change(state, replace(amends, target=target), scene)
    if isinstance(amends, Remove):
        target = replace(amends.target, lines=candidates)
        return edits.remove(state, replace(amends, target=target), scene)
    if isinstance(amends, Fill):
        return edits.fill(state, amends, scene)
    return state, ()


def _without_stale(state: State, gone: Done, scene: Scene) -> Moved:
    """What was begun about the thing that is undone has nothing to be about any more: it is dropped, and said."""
    skill = gone.intent.partition(".")[0]
    if any(d.intent.partition(".")[0] == skill for d in state.done):
        return state, ()
    return _without(state, skill, scene)


def _without(state: State, skill: str, scene: Scene) -> Moved:
    stale = [f.intent for f in state.topic.frames if f.intent.startswith(f"{skill}.") and _about(f.intent, scene)]
    if not stale:
        return state, ()
    state, released = withdrawn(settled(state))
    for intent in stale:
        state = _closed(state, intent)
    dropped = tuple(Speak("frame.dropped", {"intent": Named("intent", intent)}) for intent in stale)
    return state, (*released, *dropped)


def _about(intent: str, scene: Scene) -> bool:
    return scene.specs.intent(intent).operation in RESHAPES


def found(state: State, given: Found, scene: Scene) -> Moved:
    """Something ordered elsewhere can be undone: it is named, and only a yes undoes it."""
    state, question = questions.offer(state, "undo", "offer.undo_order", given.params)
    return replace(state, queued=Revert(given.effect)), question


def recalled(state: State, given: Recalled, scene: Scene) -> Moved:
    """Earlier lines come back into the basket, at today's prices; the read-back follows."""
    serial, lines = state.serial, list(state.lines)
    for line in given.lines:
        serial += 1
        lines.append(replace(line, id=f"l{serial}"))
    asked = frame_of(state)
    intent = asked.intent if asked else ""
    state = purchase_frame(state, scene)
    frame = frame_of(state)
    if frame is not None:
        state = with_frame(state, replace(frame, slots={**given.slots, **frame.slots}))
    again = tuple(line.id for line in lines[len(state.lines) :])
    waited = state.queued.wish if isinstance(state.queued, Recall) else None
    state = keep_earlier(state)
    state = replace(state, lines=tuple(lines), serial=serial, checked=False, queued=None, focus=again)
    said = (Speak(f"{scene.kind(intent)}.recalled", given.params),) if given.params else ()
    if waited is None:
        return state, said
    state, moved = edits.change(state, waited, scene)
    return state, (*said, *moved)


def answered(state: State, given: Answered, scene: Scene) -> Moved:
    """Say it; what is offered to be picked from becomes the question, where none but such a one is open: on the way to
    an answer it is only told."""
    if not given.speaks:
        if topics.persons(state):
            return topics.pass_on(state, given, scene)
        return state, (phrases.missed(state, scene) if state.misses else say("answer.unknown"),)
    state = replace(state, misses=0, sought=given.sought or state.sought, listed=_listed(given) or state.listed)
    *said, last = given.speaks
    plain = tuple(replace(s, asks=False) for s in said)
    if not last.asks:
        return state, (*plain, last)
    if place(state) not in ("rest", "list", "what") or state.proposal is not None:
        return state, plain or (replace(last, asks=False, options=()),)
    state, question = asking(state, Pending("product"), last)
    return state, (*plain, *question)


def _listed(given: Answered) -> tuple[str, ...]:
    """The products of a list that can be picked from."""
    options = [option.command for speak in given.speaks for option in speak.options]
    skus = (sku for command in options if (sku := picked(command)))
    return tuple(dict.fromkeys(skus))


def wanting(state: State, given: Wanting, scene: Scene) -> Moved:
    """The intent goes on with what is known, and one more question; an open offer is made anew after it."""
    state, released = withdrawn(state)
    state = open_frame(settled(state), given.intent, scene.specs)
    frame = frame_of(state)
    assert frame is not None
    state = with_frame(state, replace(frame, slots=dict(given.slots)))
    state, question = questions.slot(state, scene, given.trouble.slot, given.trouble if given.trouble.key else None)
    return state, (*released, *question)


def noted(state: State, given: Noted, scene: Scene) -> Moved:
    return state, ()


def carried(state: State, given: Carried, scene: Scene) -> Moved:
    """What was left elsewhere goes on here: nothing that was said is asked again, prices and offers are made anew."""
    frames = tuple(Frame(intent, scene.specs.digest, slots) for intent, slots in given.intents)
    state = replace(
        state,
        topic=replace(state.topic, frames=frames),
        lines=given.lines,
        parked=given.parked,
        allergies=given.allergies,
        serial=max(state.serial, given.serial),
        checked=False,
    )
    buys = given.lines or given.parked
    return purchase_frame(state, scene) if buys else state, (Speak("carry_on.found"),)
