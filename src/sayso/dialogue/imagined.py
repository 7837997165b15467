"""What a host may answer to what is asked of it: each way that makes a difference, the best one first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sayso.manifest.specs import Artefact
from sayso.model.action import (
    IO,
    Answered,
    Ask,
    Carried,
    Carry,
    Check,
    Checked,
    Commit,
    Committed,
    Erasable,
    Erase,
    Erased,
    HandedOver,
    HandOver,
    Kept,
    Learn,
    Link,
    Linked,
    Noted,
    Option,
    Propose,
    Proposed,
    Recall,
    Recalled,
    Refused,
    Remember,
    Result,
    Revert,
    Reverted,
    Speak,
    Trouble,
    Undoable,
)
from sayso.model.basket import Line, Priced, Proposal
from sayso.model.command import Add, Candidate, Evidence, Item
from sayso.model.money import Money
from sayso.model.state import State

OTHER_TIMES = ("2026-11-27T10:00:00+01:00", "2026-11-27T11:00:00+01:00")
UNDO_FOR = timedelta(minutes=30)


def results(asked: IO, state: State, specs: Artefact, now: datetime) -> tuple[Result, ...]:
    """It works, and the ways in which it does not."""
    match asked:
        case Check():
            return (Checked(asked.lines), *_line_troubles(asked, specs))
        case Propose():
            return (Proposed(_proposal(asked, specs, now), {}), *_slot_troubles(asked, specs))
        case Commit():
            until = (now + UNDO_FOR).isoformat()
            done = Committed(f"e{state.turn}", asked.proposal.intent, "done", "o1", until)
            changed = Refused((Trouble("order.changed_meanwhile"),))
            return (done, changed) if asked.verified else (done, changed, Refused((Trouble("pin.ask", slot="pin"),)))
        case Revert():
            return (Reverted(asked.effect, {}), Refused((Trouble("undo.too_late"),)))
        case Undoable():
            return (Refused((Trouble("undo.nothing"),)),)
        case Recall():
            return (Recalled(_line(specs), {}), Refused((Trouble("consent.ask", slot="consent"),)))
        case Ask():
            return (Answered((Speak("answer"),)), _list(specs))
        case Carry():
            return (Carried(()),)
        case HandOver():
            return (HandedOver({}, task="t1"),)
        case Link():
            return (Linked("link.how"), Linked("link.ended_here", ended=True))
        case Remember() | Learn():
            return (Kept(learned=isinstance(asked, Learn)),)
        case Erase():
            return (Erased() if asked.agreed else Erasable(),)
    return (Noted(),)


def _line(specs: Artefact) -> tuple[Line, ...]:
    return tuple(Line("l1", sku) for sku in list(specs.catalog.products)[:1])


def _list(specs: Artefact) -> Answered:
    """Things to pick from."""
    given = Evidence("", "given")
    items = [Item(sku, (Candidate(sku),)) for sku in list(specs.catalog.products)[:4]]
    options = tuple(Option("", Add((item,), given)) for item in items)
    return Answered((Speak("found"), Speak("pick", options=options, asks=True)))


def _line_troubles(asked: Check, specs: Artefact) -> tuple[Result, ...]:
    """The first line lacks an option that it cannot be without, or is sold out."""
    line = asked.lines[0]
    product = specs.catalog.products[line.sku]
    lacking = [group for group in product.required if all(c.group != group for c in line.options)]
    if lacking:
        group = specs.catalog.options[lacking[0]]
        options = tuple(Candidate(f"{group.id}/{value}") for value in list(group.values)[:4])
        return (
            Checked(asked.lines, (Trouble("order.missing_option", line=line.id, group=group.id, options=options),)),
        )
    others = tuple(Candidate(sku) for sku in specs.catalog.products if sku != line.sku)[:1]
    return (Checked(asked.lines, (Trouble("order.sold_out", line=line.id, slot="product", options=others),)),)


def _slot_troubles(asked: Propose, specs: Artefact) -> tuple[Result, ...]:
    """The time that was asked for cannot be had; two others can."""
    times = [s.name for s in specs.intent(asked.intent).slots.values() if s.type == "time" and s.name in asked.slots]
    if not times or asked.slots[times[0]] in OTHER_TIMES:
        return ()
    options = tuple(map(Candidate, OTHER_TIMES))
    return (Refused((Trouble("booking.taken", slot=times[0], options=options),)),)


def _proposal(asked: Propose, specs: Artefact, now: datetime) -> Proposal:
    each = Money(100, specs.merchant.currency)
    lines = tuple(Priced(line, each, each * line.quantity) for line in asked.lines)
    digest = repr((asked.intent, asked.lines, sorted(asked.slots.items())))
    total = Money(sum(priced.total.minor for priced in lines), specs.merchant.currency)
    skill, until = asked.intent.partition(".")[0], now + timedelta(hours=1)
    return Proposal(f"p:{digest}", digest, skill, asked.intent, lines, asked.slots, total, until, specs.catalog.version)
