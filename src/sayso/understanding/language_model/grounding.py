"""What of a model's answer is believed: ids among those it was shown, values that the customer's own words bear out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from sayso.model.basket import Chosen
from sayso.model.command import Add, Candidate, Command, Evidence, Fill, Item, Question, Say, Start
from sayso.understanding.language_model.rows import Shown
from sayso.understanding.questions import read_allergy
from sayso.understanding.spans import Reading
from sayso.understanding.words import clean, fold, keys

if TYPE_CHECKING:
    from sayso.model.catalog import Product
    from sayso.understanding.lexicon import Lexicon

SUGGESTED = "suggested"
"""A question that is answered with the rows among its ids; "because:attribute=value" are why."""
BECAUSE = "because:"
_SCORE = 0.7
_LONGEST_NOTE = 80


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an answer is held against."""

    reading: Reading
    rows: Shown
    lexicon: Lexicon
    evidence: Evidence


def grounded(answer: Mapping[str, Any], reading: Reading, rows: Shown, lexicon: Lexicon) -> tuple[Command, ...]:
    """What of a model's answer is believed: it fits the schema, and the customer's own words bear it out."""
    if not Draft202012Validator(rows.schema).is_valid(answer):
        return ()
    heard = _Heard(reading, rows, lexicon, Evidence(reading.text, "model", _SCORE))
    found = (_READERS[raw["kind"]](raw, heard) for raw in answer["commands"])
    return tuple(command for command in found if command is not None)


def _add(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    """Items for the basket. A negation that none of their notes has would be dropped: then the host's own reading,
    which maps it or asks, stands."""
    items = tuple(item for entry in raw["items"] if (item := _item(entry, heard)) is not None)
    denied = {span.key for span in heard.reading.spans if span.role("negation")}
    kept = {key for item in items for note in item.notes for key in keys(note)}
    return Add(items, heard.evidence) if items and denied <= kept else None


def _item(raw: Mapping[str, Any], heard: _Heard) -> Item | None:
    """One item, if a word of the customer's speaks for its product; what he did not say of it is dropped."""
    lexicon, reading = heard.lexicon, heard.reading
    product = lexicon.catalog.products.get(raw["product"])
    if product is None or not _spoken_for(product, reading):
        return None
    said = {c.id for span in reading.spans for c in span.ids("option")}
    numbers = {span.number for span in reading.spans} - {None}
    options = (o.partition("/") for o in raw["options"] if o in said)
    allowed = tuple(
        Chosen(g, v) for g, _, v in options if any(x.id == v for x in lexicon.catalog.allowed(product.sku, g))
    )
    quantity = raw["quantity"] if raw["quantity"] in numbers else None
    return Item(reading.text, (Candidate(product.sku, _SCORE),), quantity, allowed, notes=_notes(raw["notes"], reading))


def _notes(notes: list[str], reading: Reading) -> tuple[str, ...]:
    """Those that are whole words of the customer's."""
    words = f" {' '.join(keys(reading.text))} "
    said = (
        note for note in notes if len(note) <= _LONGEST_NOTE and (key := " ".join(keys(note))) and f" {key} " in words
    )
    return tuple(dict.fromkeys(clean(note) for note in said))


def _spoken_for(product: Product, reading: Reading) -> bool:
    texts: Iterator[str] = (t for source in (product.names, product.descriptions) for t in source.values())
    known = {word for text in texts for word in keys(text)}
    known |= {fold(w) for words in product.synonyms.values() for synonym in words for w in keys(synonym)}
    return any(span.key in known for span in reading.spans if span.content and len(span.key) > 2)


def _start(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    return Start((Candidate(raw["intent"], _SCORE),), heard.evidence)


def _say(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    return Say(raw["what"], heard.evidence)


def _question(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    """A question. One about the merchant's own answers needs one that was shown."""
    ids, about = tuple(dict.fromkeys(raw["ids"])), raw["about"]
    if about == "answer":
        ids = tuple(id for id in ids if id in heard.rows.answers)
        if not ids:
            return None
    return Question(about, tuple(Candidate(id, _SCORE) for id in ids), heard.evidence, heard.reading.text)


def _suggest(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    """Rows that answer an open question, with those reasons that a cited row declares. Of allergens only what is
    declared is told: an utterance that wants to be without one asks for that."""
    ids = tuple(dict.fromkeys(raw["products"]))
    if not ids:
        return None
    cited = tuple(Candidate(id, _SCORE) for id in ids)
    if _without_allergen(heard):
        return Question("allergens", cited, heard.evidence, heard.reading.text)
    products = [heard.lexicon.catalog.products[id] for id in ids]
    declared = {reason for product in products for reason in heard.rows.declared(product)}
    because = (Candidate(f"{BECAUSE}{r}", _SCORE) for r in dict.fromkeys(raw["because"]) if r in declared)
    return Question(SUGGESTED, (*cited, *because), heard.evidence, heard.reading.text)


def _without_allergen(heard: _Heard) -> bool:
    spans = heard.reading.spans
    named, negated = any(s.has("allergen") for s in spans), any(s.role("negation") for s in spans)
    return (named and negated) or read_allergy(heard.reading, spans, heard.lexicon) is not None


def _fill(raw: Mapping[str, Any], heard: _Heard) -> Command | None:
    """A slot's value, if the customer named it."""
    named = {c.id for span in heard.reading.spans for c in (*span.ids("location"), *span.ids("choice"))}
    if raw["value"] not in named and f"{raw['slot']}/{raw['value']}" not in named:
        return None
    return Fill(raw["slot"], (Candidate(raw["value"], _SCORE),), heard.evidence)


_READERS: Mapping[str, Callable[[Mapping[str, Any], _Heard], Command | None]] = {
    "add": _add,
    "start": _start,
    "say": _say,
    "question": _question,
    "suggest": _suggest,
    "fill": _fill,
}
