"""Commands that edit the basket and the slots."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sayso.dialogue import basket, memory, questions
from sayso.dialogue.moves import (
    Moved,
    Scene,
    asking,
    basket_changed,
    buys,
    frame_of,
    keep_earlier,
    known_slots,
    open_frame,
    pending_of,
    purchase_frame,
    say,
    seeking,
    settled,
    with_slots,
    with_words,
)
from sayso.model.action import Ask, Option, Recall, Revert, Speak
from sayso.model.basket import Line
from sayso.model.command import Add, Candidate, Change, Fill, Item, Question, Remove, Target
from sayso.model.describe import line_row
from sayso.model.moment import REFUSED, SOONEST, amended, is_part
from sayso.model.state import Done, Frame, Pending, State, Unsure

CLEAR_LEAD = 0.08
"""How far the best candidate must lead the next to be taken without asking."""


def best(candidates: tuple[Candidate, ...]) -> str:
    """The candidate that clearly leads, "" when it must be asked."""
    if not candidates:
        return ""
    if len(candidates) > 1 and candidates[0].score - candidates[1].score < CLEAR_LEAD:
        return ""
    return candidates[0].id


def add(state: State, given: Add, scene: Scene) -> Moved:
    """Add items; one whose product is not clear is parked and asked about."""
    purchase = scene.purchase()
    if purchase is None:
        return state, (say("trouble.nothing_sold"),)
    pending = pending_of(state)
    if pending and pending.kind == "product" and any(line.id == pending.subject for line in state.lines):
        target = Target("", (Candidate(pending.subject),))
        return change(state, Change(target, replace(given.items[0], quantity=None), given.evidence), scene)
    items = _answering(state, pending, given.items)
    if (search := scene.search()) is not None and items is given.items and not _named(items, scene):
        what = pending is not None and pending.kind == "what"
        state = open_frame(keep_earlier(settled(state) if what else state), search.name, scene.specs)
        frame = frame_of(state)
        return (with_words(state, search, given.evidence.words) if frame and not frame.slots else state), ()
    state = purchase_frame(keep_earlier(_closed(state)), scene)
    state = replace(state, parked=state.parked[1:]) if items is not given.items else state
    return _added(state, items, scene)


def _named(items: tuple[Item, ...], scene: Scene) -> bool:
    """Is one of them a product that is clear?"""
    return any(best(tuple(c for c in item.products if c.id in scene.specs.catalog.products)) for item in items)


def _answering(state: State, pending: Pending | None, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The first item completes the parked item that was asked about."""
    if not (pending and pending.kind == "product" and pending.subject and state.parked and items[0].products):
        return items
    parked, first = state.parked[0], items[0]
    offered = {c.id for c in parked.products}
    meant = tuple(c for c in first.products if c.id in offered) or first.products
    merged = replace(
        first,
        products=meant,
        quantity=first.quantity if first.quantity is not None else parked.quantity,
        options=first.options or parked.options,
        removed=first.removed or parked.removed,
        notes=first.notes or parked.notes,
    )
    return (merged, *items[1:])


def _added(state: State, items: tuple[Item, ...], scene: Scene) -> Moved:
    state = memory.heard_of(state, items)
    lines, touched = state.lines, []
    parked, unsure, serial = list(state.parked), list(state.unsure), state.serial
    for item in items:
        sku = best(tuple(c for c in item.products if c.id in scene.specs.catalog.products))
        if not sku:
            parked.append(item)
            continue
        serial += 1
        line = basket.new_line(item, sku, f"l{serial}", scene.specs.catalog, scene.specs.merchant.id)
        line, used = memory.liked_options(line, items, item, state, scene)
        lines, line_id = basket.added(lines, line)
        state = replace(state, liked=(*state.liked, *(replace(each, line=line_id) for each in used)))
        touched.append(line_id)
        unsure += [Unsure(line_id, d) for d in item.doubts if d.candidates]
    state, released = basket_changed(state, lines, tuple(touched))
    return replace(state, parked=tuple(parked), unsure=tuple(unsure), serial=serial), released


def change(state: State, given: Change, scene: Scene) -> Moved:
    """Change the lines that are meant; several that could be meant are asked about."""
    ids = _meant(state, given.target)
    waits = state.queued  # until the customer agrees that earlier orders are looked at
    if not ids and given.target.all_of and not given.target.lines and isinstance(waits, Recall):
        return replace(state, queued=replace(waits, wish=given)), ()
    if not ids:
        return _no_line(state, given, scene)
    if len(ids) > 1 and not given.target.all_of:
        return _which(state, given, ids, scene)
    ids = _concerned(state, ids, given.to, scene)
    state = keep_earlier(_closed(state))
    lines, touched, serial = state.lines, [], state.serial
    for line_id in ids:
        serial += 1
        if given.target.count is not None:
            lines, line_id = basket.split(lines, line_id, given.target.count, f"l{serial}")
        line = next(line for line in lines if line.id == line_id)
        lines = basket.replaced(lines, basket.changed(line, given.to, given.relative, scene.specs.catalog))
        touched.append(line_id)
    state = memory.heard_of(state, (given.to,))
    state = replace(state, unsure=tuple(u for u in state.unsure if u.line not in ids), serial=serial)
    doubts = tuple(Unsure(touched[0], d) for d in given.to.doubts if d.candidates)
    state, released = basket_changed(replace(state, unsure=state.unsure + doubts), lines, tuple(touched))
    return state, released


def _concerned(state: State, ids: tuple[str, ...], to: Item, scene: Scene) -> tuple[str, ...]:
    """Of several lines those that can have what is wished: "all with soy" says nothing of a muffin."""
    wished, catalog = (*to.options, *to.removed), scene.specs.catalog
    if len(ids) < 2 or not wished:
        return ids
    skus = {line.id: line.sku for line in state.lines}
    can = {id: any(c.value == v.id for c in wished for v in catalog.allowed(skus[id], c.group)) for id in ids}
    return tuple(id for id in ids if can[id]) or ids


def _closed(state: State) -> State:
    """A confirmation stays known until the basket change withdraws it; any other question is answered."""
    pending = pending_of(state)
    return state if pending is None or pending.kind == "confirm" else settled(state)


def _no_line(state: State, given: Change, scene: Scene) -> Moved:
    if given.to.products or state.mentioned:
        products = given.to.products or tuple(Candidate(sku) for sku in state.mentioned)
        return add(state, Add((replace(given.to, products=products),), given.evidence), scene)
    if state.parked:
        item = state.parked[0]
        wanted = given.to.quantity if given.to.quantity is not None else item.quantity
        merged = replace(item, quantity=wanted, options=item.options + given.to.options)
        return replace(state, parked=(merged, *state.parked[1:])), ()
    return amend(state, given, scene)


def amend(state: State, given: Change | Remove | Fill, scene: Scene) -> Moved:
    """Nothing is in the basket; an order that can still be undone may be taken back and changed, after a yes."""
    last = _amendable(state, scene)
    if last is None:
        return _sought(state, given, scene) or (state, (say("change.nothing"),))
    rows = tuple(line_row(line, scene.specs.catalog) for line in last.lines)
    state, question = questions.offer(state, "amend", "offer.amend", {"lines": rows})
    return replace(state, queued=Revert(last.effect), amends=given), question


def _sought(state: State, given: Change | Remove | Fill, scene: Scene) -> Moved | None:
    """What a thing should be like, said where there is nothing to change: such a thing is looked for."""
    search, words = scene.search(), given.evidence.words
    if search is None or not isinstance(given, Change) or not (given.to.options or given.to.notes) or not words:
        return None
    asked = Question("open", (), given.evidence, words)
    return state, (Ask(asked, search.name, (), {}, state.allergies, seeking(state)),)


def _amendable(state: State, scene: Scene) -> Done | None:
    """The order that was placed last, while it can still be undone."""
    last = state.done[-1] if state.done else None
    if last is None or not last.lines or (last.undo_until is not None and last.undo_until <= scene.now):
        return None
    return last if scene.specs.intent(last.intent).effect == "purchase" else None


def remove(state: State, given: Remove, scene: Scene) -> Moved:
    """Take lines out and say so."""
    ids = _meant(state, given.target)
    if not ids and state.parked:
        return replace(settled(state), parked=state.parked[1:]), (say("basket.left_out"),)
    if not ids:
        return (state, (say("change.nothing"),)) if state.lines else amend(state, given, scene)
    if len(ids) > 1 and not given.target.all_of:
        return _which(state, given, ids, scene)
    gone = tuple(line for line in state.lines if line.id in ids)
    lines = state.lines
    for line_id in ids:
        lines = basket.removed(lines, line_id, given.target.count)
    if given.target.count is not None:
        gone = tuple(replace(line, quantity=min(line.quantity, given.target.count)) for line in gone)
    state, released = basket_changed(keep_earlier(_closed(state)), lines, ())
    spoken = Speak("basket.removed", {"lines": tuple(line_row(line, scene.specs.catalog) for line in gone)})
    if lines or state.parked:
        return state, (*released, spoken)
    state, question = questions.what(state, scene, "ask.what_instead")
    return state, (*released, spoken, *question)


def _meant(state: State, target: Target) -> tuple[str, ...]:
    """Ids of the lines that a target means: all of them, the one in the lead, or those that tie. All of no lines are
    those that have just come back into the basket."""
    known = {line.id for line in state.lines}
    candidates = tuple({c.id: c for c in reversed(target.lines) if c.id in known}.values())[::-1]
    if target.all_of and not target.lines:
        return tuple(id for id in state.focus if id in known)
    if target.all_of:
        return tuple(c.id for c in candidates)
    lead = best(candidates)
    if lead:
        return (lead,)
    top = candidates[0].score if candidates else 0.0
    return tuple(c.id for c in candidates if top - c.score < CLEAR_LEAD)


def _which(state: State, given: Change | Remove, ids: tuple[str, ...], scene: Scene) -> Moved:
    """Several lines could be meant: ask; choosing one runs the same command on it."""
    lines: list[Line] = [line for line in state.lines if line.id in ids]
    options = tuple(
        Option(
            "option.line",
            replace(given, target=replace(given.target, lines=(Candidate(line.id),))),
            line_row(line, scene.specs.catalog).params,
        )
        for line in lines
    )
    rows = tuple(line_row(line, scene.specs.catalog) for line in lines)
    return asking(state, Pending("line", subject=",".join(ids)), Speak("ask.line", {"lines": rows}, options))


def fill(state: State, given: Fill, scene: Scene) -> Moved:
    """A value for a slot of the intent in progress; where none is, of what was done last, or of the purchase."""
    ordered = _amendable(state, scene)
    idle = not state.lines and frame_of(state) is None
    if ordered and idle and given.slot in known_slots(scene.specs, ordered.intent):
        return amend(state, given, scene)
    state = _frame_for(keep_earlier(state), given.slot, scene)
    frame = frame_of(state)
    if frame is None or given.slot not in known_slots(scene.specs, frame.intent):
        return state, (say("change.nothing"),)
    given = _another(given, frame, scene)
    value = best(given.values) or _among(given, frame, scene)
    if not given.values:
        return questions.slot(state, scene, given.slot)  # something was said for it that could not be read
    if not value:
        return _which_value(state, given, frame.intent, scene)
    value = _soonest(value, state, frame, given.slot)
    pending = pending_of(state)
    if pending is not None and (pending.kind in ("what", "offer") or pending.kind == "slot"):
        state = settled(state)
    state = memory.heard_for(state, scene, frame.intent, given)
    if given.part:
        value = _whole(given.part, value, frame, given.slot, scene)
    kept = {name: each for name, each in frame.slots.items() if name != f"{REFUSED}{given.slot}"}
    return with_slots(state, {**kept, given.slot: value})


def _soonest(value: str, state: State, frame: Frame, slot: str) -> str:
    """ "The earliest", of times that were offered near a wish: the first of them, and not of all times."""
    wished = frame.slots.get(slot) or frame.slots.get(f"{REFUSED}{slot}")
    if value != SOONEST or not wished or state.question is None:
        return value
    offered = [o.command for o in state.question.options if isinstance(o.command, Fill) and o.command.slot == slot]
    return best(offered[0].values) if offered else value


def _another(given: Fill, frame: Frame, scene: Scene) -> Fill:
    """ "The other shop": any of them but the one that stands there."""
    slot = scene.specs.intent(frame.intent).slots[given.slot]
    every = slot.type == "location" and len(given.values) == len(scene.specs.merchant.locations) > 1
    others = tuple(c for c in given.values if c.id != frame.slots.get(given.slot))
    return replace(given, values=others) if every else given


AMONG = "@among:"
"""Before the ids of those who are left when somebody was refused (skill/booking/slots.py)."""


def _among(given: Fill, frame: Frame, scene: Scene) -> str:
    """ "Not with Kim": anybody of those who are left, and nobody by name. Who was refused before stays so."""
    slot = scene.specs.intent(frame.intent).slots[given.slot]
    if slot.type != "staff" or slot.required or any(c.score > LEFT for c in given.values):
        return ""
    before = frame.slots.get(given.slot, "")
    known = before[len(AMONG) :].split(",") if before.startswith(AMONG) else [c.id for c in given.values]
    left = [c.id for c in given.values if c.id in known]
    return f"{AMONG}{','.join(left)}" if left else ""


LEFT = 0.5
"""The score of what is left when something was refused."""


def _whole(part: str, value: str, frame: Frame, slot: str, scene: Scene) -> str:
    """The moment that a part makes with what stood in the slot. What is moved stands in rows that the skill reads: it
    gets the part. What would lie in the past is read by itself."""
    earlier = frame.slots.get(slot, "")
    if earlier[:1] == "T":
        earlier, part = (part, earlier) if part[:1] not in ("T", "+", "-") else ("", part)
    if not earlier or is_part(earlier):
        return part if scene.specs.intent(frame.intent).operation == "move" else value
    made = amended(earlier, part, scene.specs.merchant.zone)
    return made if made and datetime.fromisoformat(made.partition("/")[0]) > scene.now else value


def _frame_for(state: State, slot: str, scene: Scene) -> State:
    """The frame that a value belongs to is in progress."""
    purchase, frame = scene.purchase(), frame_of(state)
    if frame is None and not state.lines and (moves := _moving(state, slot, scene)):
        return open_frame(state, moves, scene.specs)
    if purchase is not None and slot in purchase.slots and buys(state, scene):
        return purchase_frame(state, scene)
    return state


def _moving(state: State, slot: str, scene: Scene) -> str:
    """The intent that moves what was done last, where it can still be undone and has this slot; "" when none does."""
    last = state.done[-1] if state.done else None
    if last is None or (last.undo_until is not None and last.undo_until <= scene.now):
        return ""
    intents = scene.specs.skills[last.intent.partition(".")[0]].intents.values()
    return next((i.name for i in intents if i.operation == "move" and slot in i.slots), "")


def _which_value(state: State, given: Fill, intent: str, scene: Scene) -> Moved:
    names = tuple(questions.slot_value(scene, intent, given.slot, c.id) for c in given.values)
    options = tuple(
        questions.named(name, replace(given, values=(Candidate(c.id),)))
        for name, c in zip(names, given.values, strict=True)
    )
    pending = Pending("slot", intent=intent, slot=given.slot)
    return asking(state, pending, Speak("ask.value", {"options": names}, options))


def go_back(state: State, scene: Scene) -> Moved:
    """What was wanted before the last turn that changed it."""
    earlier, *rest = state.earlier
    emptied = bool(state.lines) and not earlier.lines
    state, moved = basket_changed(settled(state), earlier.lines, ())
    topic = replace(state.topic, frames=earlier.frames)
    state = replace(state, topic=topic, earlier=tuple(rest), parked=earlier.parked, unsure=earlier.unsure, held=None)
    said = say("basket.went_back")
    if state.lines or state.parked or state.topic.frames:
        return state, (*moved, said)
    state, question = questions.what(state, scene, "ask.what_instead" if emptied else "ask.what")
    return state, (*moved, said, *question)
