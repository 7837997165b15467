"""What a model is shown, the schema of its answer, and what of the answer is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from rapidfuzz import fuzz

from sayso.model.basket import Chosen
from sayso.model.command import Add, Candidate, Command, Evidence, Fill, Item, Question, Say, Start
from sayso.model.text import pick
from sayso.understanding.spans import Reading, read
from sayso.understanding.words import clean, fold, keys, tokens

if TYPE_CHECKING:
    from sayso.model.catalog import Product
    from sayso.understanding.context import Context
    from sayso.understanding.lexicon import Lexicon

MOST = 12
"""Products that a model is shown."""
_SAYS = ("cancel", "repeat", "help", "skip", "wait", "person", "checkout", "greeting", "thanks", "goodbye", "smalltalk")
_ABOUT = ("menu", "product", "price", "options", "allergens", "hours", "places", "order", "basket", "answer", "open")
_SCORE = 0.7


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that a model may refer to: id -> name; slots: name -> its values' ids."""

    products: Mapping[str, str]
    options: Mapping[str, str]
    intents: Mapping[str, str]
    slots: Mapping[str, Sequence[str]]
    answers: Sequence[str] = ()


def shown(text: str, lexicon: Lexicon, near: Sequence[Candidate]) -> Shown:
    """The rows nearest to `text`: few products, their options, the intents and the closed slots."""
    language = lexicon.artefact.merchant.languages[0]
    words = fold(clean(text))
    ranked = sorted(lexicon.catalog.products.values(), key=lambda p: -_likeness(words, p))[:MOST]
    groups = dict.fromkeys(group for product in ranked[:4] for group in product.options)
    values = ((g, v) for g in groups for v in lexicon.catalog.options[g].values.values())
    intents = (i for skill in lexicon.artefact.skills.values() for i in skill.intents.values())
    return Shown(
        {p.sku: pick(p.names, language) for p in ranked},
        {f"{g}/{v.id}": pick(v.names, language) for g, v in values},
        {i.name: pick(i.titles, language) if i.titles else i.id for i in intents},
        {
            s.name: _values(s.type, s.values, lexicon)
            for s in lexicon.slots.values()
            if s.type in ("location", "choice")
        },
        [c.id.partition(":")[2] for c in near if c.id.startswith("answer:")],
    )


def _likeness(words: str, product: Product) -> float:
    texts = [*product.names.values(), *product.descriptions.values()]
    return max((fuzz.token_set_ratio(words, fold(text)) for text in texts), default=0.0)


def _values(kind: str, values: Mapping[str, object], lexicon: Lexicon) -> list[str]:
    return list(lexicon.artefact.merchant.locations if kind == "location" else values)


def schema(rows: Shown) -> dict[str, Any]:
    """The JSON Schema of an answer: only ids that were shown, every key required, nothing else allowed."""
    item = _object(
        product=_enum(rows.products),
        quantity={"type": ["integer", "null"], "minimum": 1, "maximum": 1000},
        options={"type": "array", "items": _enum(rows.options), "maxItems": 8},
        notes={"type": "array", "items": {"type": "string", "maxLength": 80}, "maxItems": 6},
    )
    fills = [_object(kind={"const": "fill"}, slot={"const": s}, value=_enum(v)) for s, v in rows.slots.items() if v]
    ids = [*rows.products, *rows.options, *rows.answers]
    question = _object(
        kind={"const": "question"},
        about=_enum(_ABOUT),
        ids={"type": "array", "items": _enum(ids), "maxItems": 4},
    )
    kinds = [
        _object(kind={"const": "add"}, items={"type": "array", "items": item, "minItems": 1, "maxItems": 6}),
        _object(kind={"const": "start"}, intent=_enum(rows.intents)),
        _object(kind={"const": "say"}, what=_enum(_SAYS)),
        question,
        *fills,
    ]
    return _object(commands={"type": "array", "items": {"anyOf": kinds}, "maxItems": 4})


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _enum(values: Sequence[str] | Mapping[str, str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values) or ["none"]}


def grounded(
    answer: Mapping[str, Any], text: str, rows: Shown, lexicon: Lexicon, context: Context
) -> tuple[Command, ...]:
    """What of a model's answer is believed: it fits the schema, and the customer's own words bear it out."""
    if not Draft202012Validator(schema(rows)).is_valid(answer):
        return ()
    cleaned = clean(text)
    reading = read(cleaned, tokens(cleaned), lexicon, context.language)
    evidence = Evidence(cleaned, "model", _SCORE)
    found = (_READERS[raw["kind"]](raw, reading, lexicon, evidence) for raw in answer["commands"])
    return tuple(command for command in found if command is not None)


def _add(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon, evidence: Evidence) -> Command | None:
    items = tuple(item for entry in raw["items"] if (item := _item(entry, reading, lexicon)) is not None)
    return Add(items, evidence) if items else None


def _item(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon) -> Item | None:
    """One item, if a word of the customer's speaks for its product; what he did not say of it is dropped."""
    product = lexicon.catalog.products.get(raw["product"])
    if product is None or not _spoken_for(product, reading):
        return None
    said = {c.id for span in reading.spans for c in span.ids("option")}
    numbers = {span.number for span in reading.spans}
    options = (o.partition("/") for o in raw["options"] if o in said)
    allowed = tuple(
        Chosen(g, v) for g, _, v in options if any(x.id == v for x in lexicon.catalog.allowed(product.sku, g))
    )
    words = fold(reading.text)
    notes = tuple(note for note in raw["notes"] if note.strip() and fold(clean(note)) in words)
    quantity = raw["quantity"] if raw["quantity"] in numbers else None
    return Item(reading.text, (Candidate(product.sku, _SCORE),), quantity, allowed, notes=notes)


def _spoken_for(product: Product, reading: Reading) -> bool:
    texts: Iterator[str] = (t for source in (product.names, product.descriptions) for t in source.values())
    known = {word for text in texts for word in keys(text)} | {w for ws in product.synonyms.values() for w in ws}
    return any(span.key in known for span in reading.spans if span.content and len(span.key) > 2)


def _start(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon, evidence: Evidence) -> Command | None:
    return Start((Candidate(raw["intent"], _SCORE),), evidence)


def _say(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon, evidence: Evidence) -> Command | None:
    return Say(raw["what"], evidence)


def _question(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon, evidence: Evidence) -> Command | None:
    ids = tuple(Candidate(id, _SCORE) for id in raw["ids"])
    return Question(raw["about"], ids, evidence, reading.text)


def _fill(raw: Mapping[str, Any], reading: Reading, lexicon: Lexicon, evidence: Evidence) -> Command | None:
    """A slot's value, if the customer named it."""
    named = {c.id for span in reading.spans for c in (*span.ids("location"), *span.ids("choice"))}
    if raw["value"] not in named and f"{raw['slot']}/{raw['value']}" not in named:
        return None
    return Fill(raw["slot"], (Candidate(raw["value"], _SCORE),), evidence)


_READERS: Mapping[str, Callable[[Mapping[str, Any], Reading, Lexicon, Evidence], Command | None]] = {
    "add": _add,
    "start": _start,
    "say": _say,
    "question": _question,
    "fill": _fill,
}
