"""Which of the things that were just shown: "the second one", "the red one", "the cheaper one"; "more" of them."""

from __future__ import annotations

from dataclasses import replace

from sayso.model.basket import Chosen
from sayso.model.command import Add, Candidate, Command, Evidence, Fill, Item, Question, Say, Yes, picked
from sayso.understanding.context import Context
from sayso.understanding.forms import joined
from sayso.understanding.items.pointing import later
from sayso.understanding.lexicon import Lexicon, sound
from sayso.understanding.questions import opens
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat, whole
from sayso.understanding.words import keys

_BESIDE = ("filler", "definite", "want", "it", "article", "restate", "with", "add", "of")


def from_list(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """What a list of products was answered with, where nothing else is asked: one of them, or the rest of the list."""
    asked = context.pending if context.pending and context.pending.kind != "what" else None
    listed = asked is None or (asked.kind == "product" and not asked.subject)
    if not listed or not any(picked(shown.command) for shown in context.shown):
        return ()
    key = joined(reading.text)
    labelled = [s.command for s in context.shown if joined(s.label) == key]
    sold = any(isinstance(command, Add) for command in labelled)  # its name, and it can be ordered: it is ordered
    if command := next((c for c in labelled if isinstance(c, Question) and not sold), None):
        return (command,)
    return (
        _counted(_picked(reading, _only(reading, lexicon, context), context), reading)
        or (_picked(reading, _place(reading, context), context) if asked is None else ())
        or _placed_with(reading, lexicon, context)
        or among(reading, lexicon, context)
        or _unsaid(reading, lexicon, context)
    )


def _only(reading: Reading, lexicon: Lexicon, context: Context) -> int | None:
    """ "I'll have that", when one thing was shown."""
    shown = _products(lexicon, context)
    told = [n for n, sku in shown.items() if context.mentioned == (sku,)]  # what was just told of
    places = told or list(shown)
    return places[0] if len(places) == 1 and _pointing(reading, lexicon, context) else None


def _unsaid(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """ "I'll have that", when several were shown: a yes that does not say to which, so that it is asked."""
    several = context.pending is not None and len(_products(lexicon, context)) > 1
    return (Yes(Evidence(reading.text, "local")),) if several and _pointing(reading, lexicon, context) else ()


def _pointing(reading: Reading, lexicon: Lexicon, context: Context) -> bool:
    """Whether nothing is said but that it is taken; "say that again" points at what was said."""
    wanted = any(s.role("want", "add") for s in reading.spans)
    shown = any(s.role("it", "definite") for s in reading.spans) and wanted
    said = [s for s in _telling(reading, context) if not (_takes(s) or _count(s))]
    shown = shown or (any(_count(s) for s in reading.spans) and _wanted(reading))
    if said or not (shown or any(_takes(s) for s in reading.spans)):
        return False
    return not isinstance(whole(reading, reading.tokens, lexicon), Say)


def _wanted(reading: Reading) -> bool:
    """ "I'll take two", "doe er maar twee", "two of those": a number that is taken, and no place in a list."""
    return any(s.role("want", "add", "change", "it", "of") for s in reading.spans if s.key and not _count(s))


def _count(span: Span) -> bool:
    """How many: "two", "a pair" is one; "in 42" is a size."""
    return (
        not span.named
        and not span.has("option")
        and span.number is not None
        and span.number > 0
        and span.ordinal is None
        and span.key not in _ONE
    )


def _counted(found: tuple[Command, ...], reading: Reading) -> tuple[Command, ...]:
    """The same, as many as are said."""
    count = next((int(s.number) for s in reading.spans if _count(s) and s.number), 0)
    if count < 2 or len(found) != 1 or not isinstance(found[0], Add):
        return found
    return (replace(found[0], items=tuple(replace(item, quantity=count) for item in found[0].items)),)


def _takes(span: Span) -> bool:
    """ "That one", "doe die": a thing that is pointed at, with nothing said of it."""
    words = span.role("change") and span.end - span.start > 1
    return words or (span.role("it") and span.role("definite")) or span.key in _ONE


def among(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """One of the things that are shown, told by its price or by a word of its name."""
    if len(ranked := _ranked(reading, lexicon, context)) == 1:
        return _picked(reading, ranked[0], context)
    if asked := _compared(reading, lexicon, context):
        return asked
    return _tied(reading, lexicon, context) or _picked(reading, _by_words(reading, lexicon, context), context)


def _by_words(reading: Reading, lexicon: Lexicon, context: Context) -> int | None:
    """ "The red one", "de rode": words that the name of only one of them has."""
    telling = [s for s in _telling(reading, context) if s.number != 1 and s.key not in _ONE]
    pointing = any(s.role("definite") or s.key in _ONE for s in reading.spans)
    words = {_stem(t.key) for s in telling for t in reading.tokens[s.start : s.end]}
    if not words or not pointing or len(words) > MOST_WORDS or any(s.role("negation", "or") for s in reading.spans):
        return None
    texts = {n: lexicon.catalog.products[sku].names.values() for n, sku in _products(lexicon, context).items()}
    found = [n for n, names in texts.items() if any(_within(words, name) for name in names)]
    return found[0] if len(found) == 1 and len(texts) > 1 else None


def _within(words: set[str], name: str) -> bool:
    """Whether a name has all the words, be it as the beginning of a compound ("gember" in "gemberthee")."""
    parts = [_stem(key) for key in keys(name)]
    return all(any(p == w or (len(w) > 3 and p.startswith(w)) for p in parts) for w in words)


def _products(lexicon: Lexicon, context: Context) -> dict[int, str]:
    """The positions of what is shown, and the products there; what is shown twice counts once."""
    places = {sku: n for n, s in reversed([*enumerate(context.shown)]) if (sku := picked(s.command))}
    return {n: sku for sku, n in places.items() if sku in lexicon.catalog.products}


_ONE = ("one", "ones", "die", "deze", "dat", "die ene", "that one", "this one", "the one")
MOST_WORDS = 3


def _stem(key: str) -> str:
    """A word without what inflects it: "rode" is "rood"."""
    return sound(key).rstrip("es")


def _tied(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """Several are the cheapest: they are listed."""
    skus = [picked(context.shown[n].command) for n in _ranked(reading, lexicon, context)]
    ids = tuple(Candidate(id) for id in ("@cheapest", *skus))
    return (Question("menu", ids, Evidence(reading.text, "local"), reading.text),) if len(skus) > 1 else ()


def _ranked(reading: Reading, lexicon: Lexicon, context: Context) -> list[int]:
    """ "The cheaper one", "de duurste": the positions of those, by the rows' prices."""
    said = flat(reading.tokens)
    phrases = {kind: [p for pack in lexicon.packs for p in pack.finding.get(kind, ()) if p in said] for kind in _SIGNS}
    kind = next((kind for kind, heard in phrases.items() if heard), "")
    prices = {n: lexicon.catalog.products[sku].price for n, sku in _products(lexicon, context).items()}
    if not kind or len(prices) < 2:
        return []
    longest = max(phrases[kind], key=len)
    if any(f" {s.key} " not in longest and s.number != 1 and s.key not in _ONE for s in _telling(reading, context)):
        return []
    best = min(prices.values(), key=lambda price: _SIGNS[kind] * price)
    return [n for n, price in prices.items() if price == best]


def _compared(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """ "Which of those is the cheapest?": it is told, and can be taken."""
    which = any(opens(reading, s) for s in reading.spans)
    if not which and ("?" not in reading.text or context.sought):
        return ()
    said = flat(reading.tokens)
    phrases = {kind: [p for pack in lexicon.packs for p in pack.finding.get(kind, ()) if p in said] for kind in _SIGNS}
    kind = next((kind for kind, heard in phrases.items() if heard), "")
    prices = {n: lexicon.catalog.products[sku].price for n, sku in _products(lexicon, context).items()}
    if not kind or len(prices) < 2 or any(s.named or s.number for s in reading.spans if s.key not in _ONE):
        return ()
    best = min(_SIGNS[kind] * price for price in prices.values())
    skus = [picked(context.shown[n].command) for n, price in prices.items() if _SIGNS[kind] * price == best]
    ids = tuple(Candidate(id) for id in ("@" + kind, *skus))
    return (Question("menu", ids, Evidence(reading.text, "local"), reading.text),)


_SIGNS = {"cheapest": 1, "dearest": -1}


def _telling(reading: Reading, context: Context) -> list[Span]:
    if any(opens(reading, s) for s in reading.spans) or "?" in reading.text:
        return list(reading.spans)
    return [s for s in reading.spans if s.key and (s.named or s.ordinal is not None or not s.role(*_BESIDE))]


def _place(reading: Reading, context: Context) -> int | None:
    """The position that an ordinal alone says, counted from 0."""
    asked = any(opens(reading, s) for s in reading.spans) or "?" in reading.text
    telling = [s for s in _telling(later(reading), context) if asked or s.ordinal is not None or not s.role(*_TAKING)]
    return _at(telling[0].ordinal, context) if len(telling) == 1 else None


def _placed_with(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """ "The first one in 42, pick up in Utrecht": one by its place, with options that it has and where it goes."""
    telling = [s for s in _telling(reading, context) if s.named or s.ordinal is not None or not s.role(*_TAKING)]
    fills = {s: fill for s in telling if (fill := _fill(s, lexicon)) is not None}
    places = [s for s in telling if s.ordinal is not None]
    place = _at(places[0].ordinal, context) if len(places) == 1 and len(telling) > 1 else None
    sku = _products(lexicon, context).get(place, "") if place is not None else ""
    if not sku:
        return ()
    groups = lexicon.catalog.products[sku].options
    rest = [s for s in telling if s is not places[0] and s not in fills]
    ids = [[c.id for c in s.ids("option") if c.id.split("/")[0] in groups][:1] for s in rest]
    if not ids or not all(ids):
        return ()  # what stands beside it is read by itself
    options = tuple(Chosen(group, value) for group, _, value in (id[0].partition("/") for id in ids))
    item = Item(reading.text, (Candidate(sku),), options=options)
    return (Add((item,), Evidence(reading.text, "local")), *fills.values())


def _fill(span: Span, lexicon: Lexicon) -> Fill | None:
    """The slot of an order that a span fills: its place, or one of a slot's choices; None for anything else."""
    spec = lexicon.intents.specs.get(lexicon.intents.sells)
    if spec is None or span.has("option", "product"):
        return None
    evidence = Evidence(span.key, "local")
    chosen = (c.id.partition("/")[::2] for c in span.ids("choice"))
    for slot, value in chosen:
        if slot in spec.slots:
            return Fill(slot, (Candidate(value),), evidence)
    where = next((s.name for s in spec.slots.values() if s.type == "location"), "")
    places = span.ids("location")
    return Fill(where, (Candidate(places[0].id),), evidence) if where and len(places) == 1 else None


_TAKING = ("change", "stop", "amending", "correcting", "keep", "let")
"""What takes a thing beside the words of `_BESIDE`: "doe de tweede", "take the last one"."""


def _at(place: int | None, context: Context) -> int | None:
    """The position of the thing that is shown at a place, counted from 1, or from the end."""
    if place is None:
        return None
    things = [n for n, s in enumerate(context.shown) if picked(s.command)]
    index = place - 1 if place > 0 else len(things) + place
    return things[index] if 0 <= index < len(things) else None


def _picked(reading: Reading, place: int | None, context: Context) -> tuple[Command, ...]:
    if place is None:
        return ()
    command, evidence = context.shown[place].command, Evidence(reading.text, "local")
    if isinstance(command, Question):
        return (Add((Item(reading.text, (Candidate(picked(command)),)),), evidence),)
    return (command,)
