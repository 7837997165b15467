"""What a model is shown of a merchant, and the JSON Schema of what it may answer: only ids that it was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from sayso.manifest.specs import IntentSpec
from sayso.model.command import Candidate
from sayso.model.text import pick
from sayso.understanding.words import clean, fold

if TYPE_CHECKING:
    from sayso.manifest.specs import Artefact
    from sayso.model.catalog import Product
    from sayso.understanding.lexicon import Lexicon
    from sayso.understanding.spans import Reading

MOST = 12
"""Products that a model is shown."""
NAMED = 4
"""How many of them may be there because the utterance names them."""
SHADES = 2
"""How many of products that are described alike."""
MOST_INTENTS = 10
MOST_ANSWERS = 5
MOST_REASONS = 24
SAYS = ("repeat", "help", "checkout", "greeting", "thanks", "smalltalk")
"""Phrases that a model may hear. What ends, cancels, waits or calls a person is heard in the customer's words alone."""
CLOSED = ("location", "choice")
"""Types of slots whose values can be listed."""
ABOUT = ("menu", "product", "price", "options", "allergens", "hours", "places", "order", "duration", "basket", "answer")


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that a model may refer to: id -> name; `slots`: name -> ids of values that were named; `answers`: id ->
    a question that it answers; `reasons`: "attribute=value" -> what the merchant calls it."""

    products: Mapping[str, str]
    options: Mapping[str, str]
    intents: Mapping[str, str]
    slots: Mapping[str, Sequence[str]]
    answers: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of an answer."""
        return schema(self)

    def declared(self, product: Product) -> frozenset[str]:
        """The reasons that a product's own row gives."""
        return frozenset(_declared(product))


def shown(reading: Reading, lexicon: Lexicon, near: Sequence[Candidate], language: str = "") -> Shown:
    """The rows nearest to an utterance: few products, the options where it names one, the intents, and the values of
    slots that it names. `near` are labels of the classifier ("answer:wifi") and what retrieval found
    ("product:latte"), best first."""
    artefact = lexicon.artefact
    language = language or artefact.merchant.languages[0]
    products = _nearest(reading, lexicon, near)
    names = reason_names(artefact, language)
    reasons = dict.fromkeys(r for p in products for r in sorted(_declared(p)) if r in names)
    return Shown(
        {p.sku: pick(p.names, language) for p in products},
        dict(_options(reading, lexicon, products, language)),
        {i.name: pick(i.titles, language) if i.titles else i.id for i in _near_intents(artefact, near)},
        dict(_slots(reading, lexicon)),
        _answers(artefact, near, language),
        {reason: names[reason] for reason in list(reasons)[:MOST_REASONS]},
    )


def _nearest(reading: Reading, lexicon: Lexicon, near: Sequence[Candidate]) -> list[Product]:
    """The products that the utterance names, then what retrieval found; without a search those whose words are most
    like it. Of products that are described alike (the shades of one thing) a few stand for all."""
    every = lexicon.catalog.products
    named = [c.id for span in reading.spans for c in span.ids("product") if c.score >= 1]
    found = [c.id.partition(":")[2] for c in near if c.id.startswith("product:")] or _alike(reading.text, lexicon)
    alike: dict[tuple[str, ...], int] = {}
    kept: list[Product] = []
    for product in (every[sku] for sku in dict.fromkeys((*named[:NAMED], *found)) if sku in every):
        words = (product.category, *product.descriptions.values())
        alike[words] = alike.get(words, 0) + 1
        if alike[words] <= SHADES and len(kept) < MOST:
            kept.append(product)
    return kept


def _alike(text: str, lexicon: Lexicon) -> list[str]:
    words = fold(clean(text))
    return [p.sku for p in sorted(lexicon.catalog.products.values(), key=lambda p: -_likeness(words, p))[: MOST * 2]]


def _likeness(words: str, product: Product) -> float:
    texts = [*product.names.values(), *product.descriptions.values()]
    return max((fuzz.token_set_ratio(words, fold(text)) for text in texts), default=0.0)


def _options(
    reading: Reading, lexicon: Lexicon, products: Sequence[Product], language: str
) -> Iterator[tuple[str, str]]:
    """The options of the nearest products, where the utterance names any option at all."""
    if not any(span.has("option", "group") for span in reading.spans):
        return
    for group in dict.fromkeys(group for product in products[:3] for group in product.options):
        for value in lexicon.catalog.options[group].values.values():
            yield f"{group}/{value.id}", pick(value.names, language)


def _intents(artefact: Artefact) -> Iterator[IntentSpec]:
    return (intent for skill in artefact.skills.values() for intent in skill.intents.values())


def _may_start(intent: IntentSpec) -> bool:
    """Whether a model may begin it: what only reads, and what is read back before anything is done. A request that is
    its own say-so (a person, a consent) has to be the customer's."""
    return intent.effect == "read" or intent.say_so == "read_back"


def _near_intents(artefact: Artefact, near: Sequence[Candidate]) -> list[IntentSpec]:
    """The intents that a model may begin, the nearest ones first."""
    places = {c.id: place for place, c in enumerate(near)}
    able = [intent for intent in _intents(artefact) if _may_start(intent)]
    return sorted(able, key=lambda intent: places.get(f"intent:{intent.name}", len(places)))[:MOST_INTENTS]


def _slots(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, list[str]]]:
    """The closed slots of which the utterance names a value, with those values: nothing else would be believed."""
    named = {c.id for span in reading.spans for c in (*span.ids("location"), *span.ids("choice"))}
    for slot in lexicon.slots.values():
        if slot.type in CLOSED:
            every = lexicon.artefact.merchant.locations if slot.type == "location" else slot.values
            if values := [value for value in every if value in named or f"{slot.name}/{value}" in named]:
                yield slot.name, values


def _answers(artefact: Artefact, near: Sequence[Candidate], language: str) -> dict[str, str]:
    ids = [c.id.partition(":")[2] for c in near if c.id.startswith("answer:")]
    known = (artefact.answers[id] for id in ids if id in artefact.answers)
    return {a.id: next(iter(pick_all(a.questions, language)), a.id) for a in list(known)[:MOST_ANSWERS]}


def pick_all(texts: Mapping[str, tuple[str, ...]], language: str) -> Sequence[str]:
    """The texts in `language`, else in any."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or next(iter(texts.values()), ())


def reason_names(artefact: Artefact, language: str) -> dict[str, str]:
    """Every attribute that a choice of some intent names: "occasion=wedding" -> "for a wedding"."""
    found: dict[str, str] = {}
    for intent in _intents(artefact):
        for slot in intent.slots.values():
            if slot.type == "choice":
                found |= {f"{slot.name}={v.id}": pick(v.names, language) for v in slot.values.values()}
    return found


def _declared(product: Product) -> Iterator[str]:
    for name, values in product.attributes.items():
        yield from (f"{name}={value}" for value in values.split())


def schema(rows: Shown) -> dict[str, Any]:
    """The JSON Schema of an answer: only ids that were shown, every key required, nothing else allowed. It keeps to
    what strict servers take: no lengths of strings, no constants."""
    kinds = [
        *_suggest(rows),
        *_add(rows),
        *_start(rows),
        _question(rows),
        _object(kind=_enum(("say",)), what=_enum(SAYS)),
    ]
    kinds += [_object(kind=_enum(("fill",)), slot=_enum((s,)), value=_enum(v)) for s, v in rows.slots.items() if v]
    return _object(commands=_array({"anyOf": kinds}, 4))


def _suggest(rows: Shown) -> Iterator[dict[str, Any]]:
    if rows.products:
        because = _array(_enum(rows.reasons or ("none",)), 3)
        yield _object(kind=_enum(("suggest",)), products=_array(_enum(rows.products), 3), because=because)


def _add(rows: Shown) -> Iterator[dict[str, Any]]:
    if rows.products:
        item = _object(
            product=_enum(rows.products),
            quantity={"type": ["integer", "null"]},
            options=_array(_enum(rows.options or ("none",)), 8),
            notes=_array({"type": "string"}, 4),
        )
        yield _object(kind=_enum(("add",)), items=_array(item, 6))


def _start(rows: Shown) -> Iterator[dict[str, Any]]:
    if rows.intents:
        yield _object(kind=_enum(("start",)), intent=_enum(rows.intents))


def _question(rows: Shown) -> dict[str, Any]:
    ids = _enum([*rows.products, *rows.options, *rows.answers] or ["none"])
    return _object(kind=_enum(("question",)), about=_enum(ABOUT), ids=_array(ids, 4))


def _array(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _enum(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}
