"""Slot values that are mentioned anywhere in an utterance: a store, to go or for here, a time, a service, somebody.

They are found by their type first (`Mentions`), whatever intent the utterance is about; the intent's own slots decide
then which of them count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sayso.manifest.specs import SlotSpec
from sayso.model.command import Candidate, Evidence, Fill
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.packs import Pack
from sayso.understanding.scopes import Scope
from sayso.understanding.slots.addresses import find_address, is_street, spoken_postcode
from sayso.understanding.slots.anchors import anchored
from sayso.understanding.slots.denials import denied, kindly, unsuited
from sayso.understanding.slots.marked import spotted_slots
from sayso.understanding.slots.refusals import cut, left, refusal
from sayso.understanding.slots.spotted import spotted
from sayso.understanding.slots.spotter import Spotter
from sayso.understanding.slots.times import When, find_times
from sayso.understanding.spans import Reading, Span
from sayso.understanding.values.contacts import in_parts, postcodes
from sayso.understanding.values.model import Value
from sayso.understanding.words import Token

MOST = 4
"""A word that could be more products than that names none of them."""


@dataclass(slots=True)
class Mentions:
    """What is read of an utterance's slots: its times, and the tokens that values have taken."""

    reading: Reading
    times: Sequence[When]
    taken: set[int] = field(default_factory=set)
    refused: list[Fill] = field(default_factory=list)
    """Slots with what is not wanted of them."""

    def free(self, span: Span) -> bool:
        return not self.taken.intersection(range(span.start, span.end))

    def take(self, start: int, end: int) -> None:
        self.taken.update(range(start, end))


def pending_slot(context: Context, lexicon: Lexicon) -> SlotSpec | None:
    """The slot that the pending question asks for."""
    pending = context.pending
    if pending is None or pending.kind != "slot":
        return None
    spec = lexicon.intents.specs.get(pending.intent)
    return (spec.slots.get(pending.slot) if spec else None) or lexicon.slots.get(pending.slot)


def mentions(reading: Reading, lexicon: Lexicon, context: Context) -> Mentions:
    """The times of an utterance; a number is a time when the pending question asks for one."""
    asked = pending_slot(context, lexicon)
    dated = _dated(context, lexicon)
    about_time = dated or (asked is not None and asked.type == "time")
    about_time = about_time and not _codes(reading)
    about_time = about_time and _bare(reading, lexicon, (*_BARE, "change", "instead") if dated else _BARE)
    toks = _timely(reading)
    times = find_times(toks, lexicon.timely, reading.language, context.now, about_time)
    if (slot := time_slot(context, lexicon)) is not None:
        times = anchored(times, toks, lexicon, reading.language, context, slot)
    return Mentions(reading, [t for t in times if about_time or not _counts(reading, t)])


def time_slot(context: Context, lexicon: Lexicon) -> SlotSpec | None:
    """The slot that a time is said for: that which is asked, else that of the intent in progress."""
    asked = pending_slot(context, lexicon)
    if asked is not None and asked.type == "time":
        return asked
    spec = lexicon.intents.specs.get(context.intent)
    return next((s for s in spec.slots.values() if s.type == "time"), None) if spec else None


def _codes(reading: Reading) -> set[int]:
    """The tokens of Dutch postal codes ("1012 AB"): no year, and no hour with its minutes."""
    found: set[int] = set()
    for n, (digits, letters) in enumerate(pairwise(reading.tokens)):
        joined = digits.end == letters.start and letters.key not in ("am", "pm")
        written = re.fullmatch(r"[A-Z]{2}" if not joined else r"[A-Za-z]{2}", letters.text)
        if written and re.fullmatch(r"[1-9]\d{3}", digits.key):
            found |= {n, n + 1}
    return found


def _timely(reading: Reading) -> tuple[Token, ...]:
    """The tokens, but for those that tell no time where they stand: a product's name ("Saturday, winter check") and the
    "by" of "come by tomorrow"."""
    names = (s for s in reading.spans if s.end - s.start > 1 and s.score == 1.0)
    taken = {
        n for s in names if s.role("visiting") or any(x.kind == "product" and x.score > 0.9 for x in s.senses)
        for n in range(s.start, s.end)
    } | _codes(reading)  # fmt: skip
    return tuple(replace(t, text="name", key="name") if n in taken else t for n, t in enumerate(reading.tokens))


def _dated(context: Context, lexicon: Lexicon) -> bool:
    """Whether what was offered is a moment rather than things: "make it eleven"."""
    spec = lexicon.intents.specs.get(context.intent)
    offered = context.pending is not None and context.pending.kind == "confirm"
    return offered and not context.lines and spec is not None and any(s.type == "time" for s in spec.slots.values())


_BARE = ("filler", "want", "stop", "definite", "with", "into", "restate", "it", "anyone")


def _bare(reading: Reading, lexicon: Lexicon, around: Sequence[str]) -> bool:
    """Whether an utterance is nothing but a time with words of those roles `around` it, so that a number in it is an
    hour: "make the oat one large" and "two instead" are something else."""
    timely = lexicon.timely.words
    pronoun = any(
        b.number == 1 and not b.key.isdigit() and a.content and not a.role("stop")
        for a, b in pairwise(reading.spans)
        if a.key
    )
    return (
        not pronoun
        and all(
            not s.key
            or s.role(*around)
            or not s.senses
            or all(t.key in timely or t.key[:1].isdigit() for t in _words(reading, s))
            for s in reading.spans
            if not (s.number is not None or s.ordinal is not None)
        )
        and not any(t.key in ("er", "both", "them") for t in reading.tokens)
    )


def _words(reading: Reading, span: Span) -> Sequence[Token]:
    return [t for t in reading.tokens[span.start : span.end] if t.key]


def _counts(reading: Reading, when: When) -> bool:
    """Whether a number that looks like a time counts things: "om 4 cappuccino's"."""
    spans = [s for s in reading.spans if s.start >= when.start and s.end <= when.end]
    if any(s.key and s.number is None and not s.role("small", "with") for s in spans):
        return False  # "half 4 tune-up", "Wednesday at 4 tune-up"
    following = next((s for s in reading.spans if s.start >= when.end), None)
    thing = following is not None and following.has("product", "part", "category", "option")
    return thing and bool(spans) and spans[-1].number is not None


def _anyone(found: Mentions, context: Context, scope: Scope, said: Collection[str]) -> Iterator[Fill]:
    """ "Anyone will do after all", where somebody was asked for by name."""
    slot, known = scope.of("staff"), context.frames[-1].slots if context.frames else {}
    if slot is None or slot.name in said or known.get(slot.name, _ANYONE) == _ANYONE:
        return
    span = next((s for s in found.reading.spans if s.role("anyone") and found.free(s)), None)
    if span is not None:
        found.take(span.start, span.end)
        yield Fill(slot.name, (Candidate(_ANYONE),), Evidence(found.reading.words((span,)), "local"))


_ANYONE = "@any"


def typed_words(found: Mentions, lexicon: Lexicon) -> list[str]:
    """The words of an utterance with its values as their types: "book <product> <time>"."""
    words: list[str] = []
    ends = {t.start: t.end for t in found.times}
    i = 0
    for span in found.reading.spans:
        if span.start < i:
            continue
        if span.start in ends:
            words.append("<time>")
            i = ends[span.start]
            continue
        kind = _type(span, lexicon)
        words.extend([f"<{kind}>"] if kind else (t.key for t in found.reading.tokens[span.start : span.end] if t.key))
        i = span.end
    return words


def _type(span: Span, lexicon: Lexicon) -> str:
    chosen = any(c.id.partition("/")[0] in lexicon.intents.choices for c in span.ids("choice"))
    return next((k for k in ("product", "staff", "location") if span.has(k)), "choice" if chosen else "")


def read_slots(
    found: Mentions, lexicon: Lexicon, context: Context, scope: Scope
) -> tuple[tuple[Fill, ...], tuple[Span, ...]]:
    """The values for the slots in `scope`, and the spans that are left for the items."""
    asked = pending_slot(context, lexicon)
    reading, fills = found.reading, [*_spotted(found, lexicon, context, scope, asked)]
    fills.extend(_times(found, scope, asked, lexicon.packs))
    fills.extend(_nearest(found, lexicon, scope))
    country = lexicon.artefact.merchant.country
    wanted = asked if asked is not None and asked.type == "postcode" else None
    fills.extend(_answered(found, wanted, scope, country) if wanted else _postcodes(found, scope, country))
    fills.extend(_address(found, scope, country))
    for i, span in enumerate(reading.spans):
        if found.free(span):
            fills.extend(_mentioned(found, i, scope))
    fills.extend(_anyone(found, context, scope, {f.slot for f in fills}))
    fills.extend(_parted(found, lexicon, scope, {f.slot for f in fills}))
    fills.extend(_things(found, lexicon, scope))
    fills.extend(_implied(fills, scope, asked))
    return _one_each(tuple(_without(found, fills, lexicon, context, scope))), tuple(
        s for s in reading.spans if found.free(s)
    )


def _without(
    found: Mentions, fills: Sequence[Fill], lexicon: Lexicon, context: Context, scope: Scope
) -> Iterator[Fill]:
    """The values without what was refused of them, and what has to be asked because of that."""
    if not found.refused:
        yield from fills
        return
    merchant = lexicon.artefact.merchant
    others: dict[str, Sequence[str]] = {n: tuple(s.values) for n, s in scope.slots.items() if s.type == "choice"}
    for kind, ids in (("staff", merchant.staff), ("location", merchant.locations)):
        others |= {name: tuple(ids) for name, spec in scope.slots.items() if spec.type == kind}
    whole = any(spec.whole for spec in scope.slots.values())
    asked = [f for f in found.refused if not whole or scope.slots[f.slot].type != "choice"]
    fills = (*fills, *_standing(found, fills, context))
    yield from (cut(fill, found.refused, context.now) for fill in fills)
    yield from left(fills, asked, scope.slots, others)


def _standing(found: Mentions, fills: Sequence[Fill], context: Context) -> Iterator[Fill]:
    """What stands in a slot that some of is refused, as "next week" is when then "not on Monday" is said."""
    slots, said = context.frames[-1].slots if context.frames else {}, {fill.slot for fill in fills}
    for refused in {f.slot: f for f in found.refused if f.slot not in said}.values():
        since, _, until = slots.get(refused.slot, "").partition("/")
        if until and since[:10] != until[:10]:
            yield Fill(refused.slot, (Candidate(slots[refused.slot]),), refused.evidence)


def _spotted(
    found: Mentions, lexicon: Lexicon, context: Context, scope: Scope, asked: SlotSpec | None
) -> Iterator[Fill]:
    """Days and times by themselves, parties and names of people, for an intent that has slots for those."""
    slots = spotted_slots(scope.slots)
    if not slots:
        return
    asked = asked if asked is not None and asked.name in slots else None
    spotter = lexicon.spotters.get(scope.intent, Spotter())
    readers = lexicon.readers.get(found.reading.language, lexicon.readers[""])
    for fill, spot in spotted(found.reading, slots, asked, spotter, readers, lexicon.timely, context.now):
        found.take(spot.start, spot.end)
        yield fill


def _one_each(fills: Sequence[Fill]) -> tuple[Fill, ...]:
    """One value a slot: the last one said, for people correct themselves. What must be asked about comes last, so that
    nothing that follows closes the question."""
    return tuple(sorted({fill.slot: fill for fill in fills}.values(), key=lambda f: len(f.values) != 1))


def _times(found: Mentions, scope: Scope, asked: SlotSpec | None, packs: Sequence[Pack]) -> Iterator[Fill]:
    slot = asked if asked is not None and asked.type == "time" else scope.of("time")
    slot = None if scope.of("date") else slot  # its days and hours are read apart
    if slot is None:
        return
    last = -1
    for when in found.times:
        too = last >= 0 and _alike(found.reading, last, when.start)
        if too or _not_wanted(found.reading, when, packs):
            last = when.end
            found.take(when.start, when.end)
            found.refused.append(_not_then(slot, when, found.reading))
            continue
        value = (when.at or _day_ahead(when, found)) if scope.lines else when.value
        if value:
            spans = [s for s in found.reading.spans if s.start >= when.start and s.end <= when.end]
            found.take(when.start, when.end)
            values = (value, *when.others)
            said = Evidence(found.reading.words(spans), "local")
            yield Fill(slot.name, tuple(map(Candidate, values)), said, part=when.part)


def _not_wanted(reading: Reading, when: When, packs: Sequence[Pack]) -> bool:
    """Whether a time is refused; "couldn't it be an hour later", "kan het niet later" ask for it."""
    if unsuited(reading, when.start, when.end, packs):
        return True
    return denied(reading, when.start) and not kindly(reading, when.start, packs)


def _alike(reading: Reading, end: int, start: int) -> bool:
    """Whether nothing but "or" stands between what was refused and the next time: "not Monday or Tuesday"."""
    between = [s for s in reading.spans if s.start >= end and s.end <= start and s.key]
    joined = [s for s in between if s.role("or", "and") and not s.named]
    return bool(joined) and all(s in joined or s.role("small", "negation", "definite") for s in between)


def _not_then(slot: SlotSpec, when: When, reading: Reading) -> Fill:
    words = reading.text[reading.tokens[when.start].start : reading.tokens[when.end - 1].end]
    return refusal(slot.name, tuple(map(Candidate, (when.value, *when.others))), words)


def _day_ahead(when: When, found: Mentions) -> str:
    """Another day than today, without an hour: a basket's skill asks for the hour. "A latte today" says nothing."""
    words = {t.key for t in found.reading.tokens[when.start : when.end]}
    return "" if words & {"today", "vandaag"} or "/" in when.value else when.value


def _nearest(found: Mentions, lexicon: Lexicon, scope: Scope) -> Iterator[Fill]:
    """ "at the nearest store", in two words or more; "the other store" is any of them, to be asked about."""
    slot, places = scope.of("location"), lexicon.artefact.merchant.locations
    if slot is None:
        return
    every = tuple(Candidate(place, 0.5) for place in places)
    values = {"nearest": (Candidate("@nearest"),), "elsewhere": every if len(places) > 1 else ()}
    for name, candidates in values.items():
        hit = _phrase(found, lexicon.timely.where.get(name, {})) if candidates else None
        if hit:
            found.take(*hit)
            yield Fill(slot.name, candidates, Evidence(found.reading.text, "local"))
            return


def _phrase(found: Mentions, phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> tuple[int, int] | None:
    """Where the longest of those phrases is, with the small word before it."""
    toks = found.reading.tokens
    hits = [
        (len(words), -i)
        for i, token in enumerate(toks)
        for words in phrases.get(token.key, ())
        if tuple(t.key for t in toks[i : i + len(words)]) == words
    ]
    if not hits:
        return None
    size, at = max(hits)
    small = bool(at) and toks[-at - 1].key in ("at", "in", "bij", "op", "to", "from")
    return -at - small, -at + size


def _mentioned(found: Mentions, i: int, scope: Scope) -> Iterator[Fill]:
    reading, span = found.reading, found.reading.spans[i]
    places, choices = span.ids("location"), _choices(span, scope)
    staff = span.ids("staff") if scope.of("staff") else ()
    slot = _choice_slot(choices) if choices else (scope.of("staff") if staff else scope.of("location"))
    name = slot if isinstance(slot, str) else slot.name if slot else ""
    if not name or not (places or choices or staff):
        return
    values = tuple(Candidate(c.id.partition("/")[2], c.score) for c in choices if c.id.partition("/")[0] == name)
    if _refused(reading, i):
        if not span.has("product", "option"):
            found.take(span.start, span.end)
            found.refused.append(refusal(name, values or staff or places, reading.words((span,))))
        return
    if _another_meaning(reading, i):
        return
    found.take(reading.spans[_lead(reading, i)].start, span.end)
    yield Fill(name, values or staff or places, Evidence(reading.words((span,)), "local", span.score))


_PRONOUNS = frozenset(
    ("it", "them", "that", "those", "these", "ze", "het", "hem", "die", "dat", "we", "ik", "then", "dan")
)
_HERE = {"there": "here", "daar": "hier"}


def _parted(found: Mentions, lexicon: Lexicon, scope: Scope, said: set[str]) -> Iterator[Fill]:
    """A choice whose words stand apart, or point from afar: "drink here" in "we'll drink them there"."""
    toks = found.reading.tokens
    words = [(n, _HERE.get(t.key, t.key)) for n, t in enumerate(toks) if t.key and t.key not in _PRONOUNS]
    for (a, first), (b, second) in pairwise(words):
        if b == a + 1 and toks[a].key == first and toks[b].key == second:
            continue  # as the manifest has it: found before
        joined = ((key, s) for key in (first + second, second + first) for s in lexicon.names.get(key, ()))
        named = (s for key, s in joined if s.kind == "choice" and lexicon.names_choice(key, s.id, scope.intent))
        ids = [s.id.partition("/") for s in named]
        for slot, _, value in ids:
            if slot in scope.slots and value in scope.slots[slot].values and slot not in said and a not in found.taken:
                said.add(slot)
                found.taken.update((a, b))
                words_said = found.reading.text[toks[a].start : toks[b].end]
                yield Fill(slot, (Candidate(value, 0.9),), Evidence(words_said, "local", 0.9))


def _choices(span: Span, scope: Scope) -> tuple[Candidate, ...]:
    """The values of the scope's own slots that a span names."""
    parts = ((c, *c.id.partition("/")[::2]) for c in span.ids("choice"))
    return tuple(c for c, slot, value in parts if slot in scope.slots and value in scope.slots[slot].values)


def _choice_slot(choices: Sequence[Candidate]) -> str:
    return choices[0].id.partition("/")[0]


def _lead(reading: Reading, i: int) -> int:
    """Back over the small words before a value: "at the", "om mee te"."""
    start = i
    while start and reading.spans[start - 1].role("with", "definite", "into", "add", "article") and start > i - 2:
        if reading.spans[start - 1].named:
            break
        start -= 1
    return start


def _refused(reading: Reading, i: int) -> bool:
    """Whether it is said that this is not wanted."""
    negated = i > 0 and reading.spans[i - 1].role("negation")
    return negated or denied(reading, reading.spans[i].start)


def _another_meaning(reading: Reading, i: int) -> bool:
    """Whether the words mean something else here: a product, or "take out the muffin"."""
    span, following = reading.spans[i], reading.spans[i + 1 : i + 2]
    if span.has("product", "option"):
        return True
    return span.role("remove") and any(f.role("definite", "it") for f in following)


def _things(found: Mentions, lexicon: Lexicon, scope: Scope) -> Iterator[Fill]:
    """A product for a slot of that type, of the slot's categories: the words that name it best."""
    slot = scope.of("product")
    if slot is None:
        return
    reading, best = found.reading, None
    for i, span in enumerate(reading.spans):
        values = _fitting(span, slot, lexicon) if found.free(span) else ()
        if values and len(values) <= MOST and (best is None or values[0].score > best[1][0].score):
            best = (i, values)
    if best is not None:
        i, values = best
        found.take(reading.spans[_lead(reading, i)].start, reading.spans[i].end)
        yield Fill(slot.name, values, Evidence(reading.words((reading.spans[i],)), "local", values[0].score))


def _fitting(span: Span, slot: SlotSpec, lexicon: Lexicon) -> tuple[Candidate, ...]:
    """The products of a slot's categories that a span can name, best first."""
    products = lexicon.catalog.products
    named = {c.id: c for kind in ("part", "product") for c in span.ids(kind)}
    ofs = {c.id for c in span.ids("category")}
    if not any(c.score > 0.9 for c in named.values()):
        named |= {p.sku: Candidate(p.sku, 0.6) for p in products.values() if p.category in ofs and p.sku not in named}
    fits = (c for c in named.values() if not slot.categories or products[c.id].category in slot.categories)
    ranked = sorted(fits, key=lambda c: -c.score)
    return tuple(c for c in ranked if c.score > 0.55 and c.score > ranked[0].score - 0.25)


def _implied(fills: Sequence[Fill], scope: Scope, asked: SlotSpec | None) -> Iterator[Fill]:
    """A value that another presupposes: who names an address has it delivered."""
    said = {f.slot for f in fills}
    for fill in fills:
        if asked is not None and fill.slot == asked.name:
            continue
        for other, values in scope.slots[fill.slot].when.items():
            if other not in said and len(values) == 1 and other in scope.slots:
                said.add(other)
                yield Fill(other, (Candidate(values[0]),), fill.evidence)


def _postcode(found: Mentions, country: str, asked: bool = False) -> Value | None:
    """The first postcode: one of the merchant's country that has letters, or any that was asked for."""
    codes = postcodes(found.reading.text, country)
    return next((c for c in codes if asked or (c.best.unit == country and not c.best.value.isdigit())), None)


def _postcodes(found: Mentions, scope: Scope, country: str, asked: bool = False) -> Iterator[Fill]:
    slot = scope.of("postcode")
    code = _postcode(found, country, asked) if slot else None
    if code is None or slot is None:
        return
    toks = found.reading.tokens
    found.taken.update(n for n, t in enumerate(toks) if t.start < code.end and t.end > code.start)
    city = next((n for n, t in enumerate(toks) if t.start >= code.end and t.key), None)
    if city is not None and toks[city].text[:1].isupper() and not _known(found, city):
        found.take(city, city + 1)
    yield Fill(slot.name, (Candidate(code.best.value),), Evidence(code.text, "local"))


def _answered(found: Mentions, asked: SlotSpec, scope: Scope, country: str) -> Iterator[Fill]:
    """A postcode that was asked for: as it is written, else as it is spoken, with the street before it."""
    yield from (written := tuple(_postcodes(found, scope, country, True)))
    hit = None if written else spoken_postcode(found.reading)
    if hit is None:
        return
    span, code = hit
    street = found.reading.text[: found.reading.tokens[span].start].strip(" ,")
    address = next((s for s in scope.slots.values() if "address" in (s.type, s.name)), None)
    found.take(0, len(found.reading.tokens))
    yield Fill(asked.name, (Candidate(code),), Evidence(found.reading.text, "pending"))
    if address is not None and is_street(street):
        yield Fill(address.name, (Candidate(street),), Evidence(street, "pending"))


def _known(found: Mentions, at: int) -> bool:
    return any(s.senses for s in found.reading.spans if s.start <= at < s.end)


def _address(found: Mentions, scope: Scope, country: str) -> Iterator[Fill]:
    slot = scope.of("address") or next((s for s in scope.slots.values() if s.name == "address"), None)
    hit = find_address(found.reading, found.taken) if slot else None
    if hit is None or slot is None:
        return
    words = hit.words
    if scope.of("postcode") is None and (code := _postcode(found, country)):
        words = f"{words}, {in_parts(code)}"
        found.taken.update(n for n, t in enumerate(found.reading.tokens) if code.start <= t.start < code.end)
    found.take(hit.start, hit.end)
    yield Fill(slot.name, (Candidate(words),), Evidence(hit.words, "local"))
