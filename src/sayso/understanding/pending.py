"""Answers to the question that was just asked; nothing else can be answered with a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sayso.manifest.specs import SlotSpec
from sayso.model.basket import Chosen, Line
from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Choose,
    Command,
    Evidence,
    Fill,
    Item,
    No,
    Remove,
    Say,
    Target,
    Yes,
)
from sayso.model.state import Pending
from sayso.understanding.agreement import agrees, contradicts, hesitates, polarity
from sayso.understanding.context import Context
from sayso.understanding.forms import joined
from sayso.understanding.items.choosing import among
from sayso.understanding.items.orders import read_orders
from sayso.understanding.items.pointing import later
from sayso.understanding.items.wishes import read_wishes
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.questions import read_question
from sayso.understanding.slots.addresses import find_address
from sayso.understanding.slots.naming import answered_name
from sayso.understanding.slots.slots import pending_slot
from sayso.understanding.slots.times import find_times
from sayso.understanding.spans import Reading
from sayso.understanding.talk import stripped
from sayso.understanding.values import first_number
from sayso.understanding.words import Token, tokens

_CHOOSING = ("product", "option", "line", "slot", "offer")


def answer(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """The commands if the whole utterance answers the pending question; empty when it is something else."""
    if context.pending is None:
        return ()
    return (
        shown(reading, context)
        or _value(reading, lexicon, context)
        or placed(reading, context)
        or among(reading, lexicon, context)
        or _which(reading, context)
        or _option(reading, lexicon, context)
        or _number(reading, lexicon, context)
    )


def sides(
    reading: Reading, lexicon: Lexicon, context: Context, others: Sequence[Command]
) -> tuple[Command, ...] | None:
    """Yes, no and hesitation together with `others`, what the rest of the utterance means. None: it is neither.

    A yes that comes with a wish is the wish alone, for what was asked changes with it; restating what is in the basket
    ("One latte. Yes, that's it") is no wish."""
    side, rest = polarity(reading.tokens, lexicon)
    evidence = Evidence(reading.text, "pending" if context.pending else "local")
    if side == "yes" and rest and _repeats(rest, lexicon, context):
        return (Yes(evidence),)
    confirming = context.pending is not None and context.pending.kind == "confirm"
    if side and not rest:
        return (_PLAIN[side](evidence),)
    others = tuple(_without_sides(c, lexicon) for c in others)
    if confirming and others and all(_restates(c, context) for c in others) and not _more(reading, lexicon):
        agreed = agrees(_besides(reading), lexicon)
        return (Yes(evidence),) if agreed else (Say("hesitation", evidence),)
    if others:
        return tuple(others) if side else None
    if confirming and (side or any(s.role("change") for s in reading.spans)):
        return (_unclear(side, rest, reading, lexicon)(evidence),)
    if side == "yes" or (confirming and hesitates(rest or reading.tokens, lexicon)):
        return (Say("hesitation", evidence),)
    return (No(evidence),) if side == "no" else None


def _repeats(rest: Sequence[Token], lexicon: Lexicon, context: Context) -> bool:
    """Whether what follows a yes only says what was asked: "Shall I cancel it?" - "yes, cancel it"."""
    asked = context.pending
    if asked is None or any(t.text == "?" for t in rest):
        return False
    intents = {i.name: i for skill in lexicon.artefact.skills.values() for i in skill.intents.values()}
    undoes = asked.kind == "offer" and asked.subject == "undo"
    cancels = asked.kind == "confirm" and asked.intent in intents and intents[asked.intent].operation == "cancel"
    said = {pack.said(key) for key in stripped(rest, lexicon) for pack in lexicon.packs}
    return (undoes or cancels) and "cancel" in said


_PLAIN: Mapping[str, Callable[[Evidence], Command]] = {
    "yes": Yes,
    "no": No,
    "hesitation": partial(Say, "hesitation"),
    "change": partial(Say, "change"),
}


def _unclear(side: str, rest: Sequence[Token], reading: Reading, lexicon: Lexicon) -> Callable[[Evidence], Command]:
    """What a yes or no to a read-back comes to when something that is no wish is said with it."""
    if side == "no":
        return _PLAIN["hesitation" if contradicts(rest, lexicon) else "no"]
    changing = any(s.role("change") and not s.named for s in reading.spans) and not hesitates(rest, lexicon)
    return _PLAIN["change" if changing else "hesitation"]


def _without_sides(command: Command, lexicon: Lexicon) -> Command:
    """An Add whose items have no yes or no among their notes."""
    if not isinstance(command, Add):
        return command
    items = (replace(i, notes=tuple(n for n in i.notes if not _sided(n, lexicon))) for i in command.items)
    return replace(command, items=tuple(items))


def _sided(words: str, lexicon: Lexicon) -> bool:
    side, rest = polarity(tokens(words), lexicon)
    return bool(side) and not rest


def _more(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether words ask for more of what is there: "fine, one more"."""
    return any(s.role("another") for s in reading.spans) or any(lexicon.is_role(t.key, "more") for t in reading.tokens)


def _besides(reading: Reading) -> tuple[Token, ...]:
    """The tokens of what does not restate things: what names and counts them, and what joins those, is left out."""
    kept: list[Token] = []
    thing = False
    for span in reversed(reading.spans):
        joins = span.role("article", "definite", "with", "and", "of", "it") and thing and not span.named
        thing = span.named or span.number is not None or joins
        if not thing:
            kept.extend(reversed(reading.tokens[span.start : span.end]))
    return tuple(reversed(kept))


def _restates(command: Command, context: Context) -> bool:
    """Whether an Add only says again what the basket holds."""
    if not isinstance(command, Add):
        return False
    return all(any(_same(item, line) for line in context.lines) for item in command.items)


def _same(item: Item, line: Line) -> bool:
    chosen = {(c.group, c.value) for c in line.options}
    plain = not (item.removed or item.notes or item.doubts) and {(c.group, c.value) for c in item.options} <= chosen
    same_product = any(c.id == line.sku for c in item.products)
    return plain and same_product and item.quantity in (None, line.quantity)


_COUNTED = ("number", "time", "date", "party", "quantity", "money", "duration", "phone", "postcode", "text")
"""Types of slots for which a number may be the answer itself."""


def numbered(reading: Reading, lexicon: Lexicon, context: Context) -> Choose | None:
    """A number alone, or a key of a telephone, where one of several was to be chosen: its place."""
    words, asked = [t for t in reading.tokens if t.key], context.pending
    if asked is None or asked.kind not in ("slot", "product") or asked.secret or len(words) != 1:
        return None
    spec = pending_slot(context, lexicon)
    if asked.kind == "slot" and (spec is None or spec.type in _COUNTED):
        return None
    key = words[0].key
    told = any(key in (t.key for t in tokens(option.label)) for option in context.shown)  # "size 8"
    place = int(key) if key.isdigit() and len(key) < 3 and not told else 0
    return Choose(place - 1, Evidence(reading.text, "pending")) if 0 < place <= len(context.shown) else None


def shown(reading: Reading, context: Context) -> tuple[Command, ...]:
    """The words of a button, typed or spoken."""
    key = joined(reading.text)
    if not key or any(token.text == "?" for token in reading.tokens):
        return ()  # "Yes?" asks.
    return next(((each.command,) for each in context.shown if joined(each.label) == key), ())


def _value(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    slot = pending_slot(context, lexicon)
    if slot is None:
        return ()
    evidence = Evidence(reading.text, "pending")
    if slot.type == "location" and _says_nearest(reading, lexicon):
        return (Fill(slot.name, (Candidate("@nearest"),), evidence),)
    if slot.type == "number":
        number = first_number(reading.text, reading.language)
        return (Fill(slot.name, (Candidate(number),), evidence),) if number else ()
    if slot.type == "choice" and (value := _beside_a_yes(reading, slot, lexicon)):
        return (Fill(slot.name, (Candidate(value),), evidence),)
    if slot.type == "staff" and _says_anyone(reading, lexicon):
        return (Fill(slot.name, (Candidate(ANYONE),), evidence),)
    if slot.type in ("text", "address") and _tells(reading, slot, lexicon, context):
        return (Fill(slot.name, (Candidate(_own_words(reading, slot, lexicon)),), evidence),)
    return ()


def _beside_a_yes(reading: Reading, slot: SlotSpec, lexicon: Lexicon) -> str:
    """A value of the slot that words of agreement say as well: "ok. cool" to "warm, cool or neutral?"."""
    own = {f"{slot.name}/{value}": value for value in slot.values}
    named = {own[x.id] for s in reading.spans for x in s.senses if x.kind == "choice" and x.id in own}
    return named.pop() if len(named) == 1 and agrees(reading.tokens, lexicon) else ""


ANYONE = "@any"


def _says_anyone(reading: Reading, lexicon: Lexicon) -> bool:
    """ "It doesn't matter", "whoever is free": no wish whom."""
    says = (pack.says.get(key, ()) for key in stripped(reading.tokens, lexicon) for pack in lexicon.packs)
    anyone = any(s.role("anyone") for s in reading.spans)
    return anyone or any("any" in said or "skip" in said for said in says)


def _tells(reading: Reading, slot: SlotSpec, lexicon: Lexicon, context: Context) -> bool:
    """Whether words answer a question for words: no question, no yes or no; an address has a number, and neither an
    address nor a name is a thing that is sold."""
    if _asks(reading, lexicon) or _sided(reading.text, lexicon) or not any(t.key for t in reading.tokens):
        return False
    place, name = slot.type == "address" or slot.name == "address", slot.name == "name"
    if place and find_address(reading, set()) is None and not _placed(reading, lexicon, context):
        return False
    if not place and not name:
        return True
    if name and "?" in reading.text and len(reading.tokens) > 2:
        return False
    if read_question(reading, reading.spans, lexicon) is not None:
        return False
    things = read_orders(reading, reading.spans, lexicon, context)
    sold = any(isinstance(c, Add) and any(i.products and i.products[0].score > 0.9 for i in c.items) for c in things)
    return not sold or (place and find_address(reading, set()) is not None)


def _placed(reading: Reading, lexicon: Lexicon, context: Context) -> bool:
    """Whether words may be a place: a number, and a word that is neither a number nor of a time ("half elf")."""
    if not any(s.number is not None or s.key[:1].isdigit() for s in reading.spans):
        return False
    times = find_times(reading.tokens, lexicon.timely, reading.language, context.now, True)
    timed = {n for when in times for n in range(when.start, when.end)}
    words = (s for s in reading.spans if s.key and s.start not in timed and not s.key[:1].isdigit())
    return any(s.content or s.named for s in words)


def _asks(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether what was said is a question, and no answer in the customer's own words."""
    return read_question(reading, reading.spans, lexicon) is not None and "?" in reading.text


def _own_words(reading: Reading, slot: SlotSpec, lexicon: Lexicon) -> str:
    """The words of an answer; a name without what leads up to it ("it's Bram please"), an address likewise."""
    if hit := find_address(reading, set()) if "address" in (slot.type, slot.name) else None:
        return reading.text[reading.text.index(hit.words) :]
    if slot.name == "name" and (name := answered_name(reading, lexicon)):
        return name
    spans = list(reading.spans)
    if slot.name == "name":
        while len(spans) > 1 and spans[0].role("naming", "filler", "it", "stop", "restate", "with", "definite"):
            spans.pop(0)
        while len(spans) > 1 and (spans[-1].role("filler") or not spans[-1].key):
            spans.pop()
    return reading.words(spans)


def _says_nearest(reading: Reading, lexicon: Lexicon) -> bool:
    keys = {key for pack in lexicon.packs for key in pack.times.get("nearest", ())}
    words = [t.key for t in reading.tokens if t.key]
    return any(" ".join(words[i : i + n]) in keys for n in range(1, 7) for i in range(len(words)))


def placed(reading: Reading, context: Context) -> tuple[Command, ...]:
    """ "the second one", when there is something to choose from."""
    if context.pending is None or context.pending.kind not in _CHOOSING or not context.shown:
        return ()
    spans = later(reading).spans
    telling = [s for s in spans if s.key and (s.ordinal is not None or s.named or not s.role(*_POINTING))]
    position = telling[0].ordinal if len(telling) == 1 else None
    number = telling[0].number if len(telling) == 1 and context.pending.kind != "slot" else None
    place = position if position is not None else number
    if place is None or place > len(context.shown) or place == 0:
        return ()
    return (Choose(place - 1 if place > 0 else place, Evidence(reading.text, "pending")),)


_POINTING = ("filler", "definite", "want", "it", "article", "of", "change", "with", "amending", "stop")
"""What says that something is taken, and not which: "I'll go with the second", "doe de laatste van die maar"."""


def _which(reading: Reading, context: Context) -> tuple[Command, ...]:
    """ "the oat one", when it was asked which line or product is meant: what only one of the choices has."""
    if context.pending is None or context.pending.kind not in ("line", "product") or not context.shown:
        return ()
    said = {c.id for s in reading.spans for kind in ("option", "product", "part") for c in s.ids(kind)}
    fitting = [n for n, s in enumerate(context.shown) if said & _traits(s.command, context)]
    return (Choose(fitting[0], Evidence(reading.text, "pending")),) if len(fitting) == 1 else ()


def _traits(command: Command, context: Context) -> set[str]:
    """What tells a choice from the others: its product, its line's product and options."""
    if isinstance(command, Add):
        return {c.id for item in command.items for c in item.products[:1]}
    if not isinstance(command, Change | Remove):
        return set()
    ids = {c.id for c in command.target.lines}
    lines = [line for line in context.lines if line.id in ids]
    return {x for line in lines for x in (line.sku, *(f"{c.group}/{c.value}" for c in line.options))}


def _option(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """A value of the option group that was asked for."""
    pending = context.pending
    if (
        pending is None
        or pending.kind != "option"
        or not pending.subject
        or any(s.has("product") for s in reading.spans)
    ):
        return ()
    line = next((x for x in context.lines if x.id == pending.subject), None)
    wishes = read_wishes(reading.spans, reading, lexicon, [line.sku] if line else [])
    if not any(c.group == pending.group for c in (*wishes.options, *wishes.removed)):
        return _not_offered(reading, pending)
    item = Item(reading.text, options=wishes.options, removed=wishes.removed, notes=wishes.notes, doubts=wishes.doubts)
    target = Target(reading.text, (Candidate(pending.subject),))
    return (Change(target, item, Evidence(reading.text, "pending")),)


def _not_offered(reading: Reading, pending: Pending) -> tuple[Command, ...]:
    """A value of the group that this product does not come in, and nothing else: dialogue says so."""
    telling = [s for s in reading.spans if s.key and not s.role("filler", "want", "it", "definite", "article", "kind")]
    ids = {c.id for s in telling for c in s.ids("option") if c.id.partition("/")[0] == pending.group}
    if len(ids) != 1 or len(telling) != 1:
        return ()
    group, _, value = ids.pop().partition("/")
    option = Chosen(group, value)
    target = Target(reading.text, (Candidate(pending.subject),))
    return (Change(target, Item(reading.text, options=(option,)), Evidence(reading.text, "pending")),)


def _number(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """A bare quantity."""
    pending = context.pending
    if pending is None or pending.kind != "quantity":
        return ()
    telling = [s for s in reading.spans if s.key and not s.role("filler", "want", "it", "plain", "negation", "stop")]
    numbers = [s.number for s in reading.spans if s.number is not None]
    if not numbers or any(s.named for s in telling):
        return ()
    target = Target(reading.text, (Candidate(pending.subject),) if pending.subject else ())
    return (Change(target, Item(reading.text, quantity=numbers[-1]), Evidence(reading.text, "pending")),)
