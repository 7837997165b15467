"""Retrieval: which rows of a merchant a customer's words are about. Ids only; price and stock are read from rows.

Theory. Two searches see different things: embeddings find what is meant ("a present" is a mug), words find names,
shades and what a row declares. Their scores are fused as a convex combination (Bruch et al., "An analysis of fusion
functions for hybrid retrieval", 2023), which keeps how sure they are, where reciprocal ranks throw that away. Both are
in 0..1: the cosine of a row's nearest text, and the share of the query's words that a row has (`lexical`). The weight
was measured on 104 questions a language over the demo merchants, half of them held back (`bench/README.md`).

What must hold of a row (price, attributes, allergens, what can be had) is filtered before anything is ranked. A search
reaches one merchant's rows and nothing else: its artefact and its vectors come in as handles that are scoped already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.manifest.specs import Artefact, ChoiceValue
from sayso.model.catalog import Product
from sayso.model.command import Candidate
from sayso.understanding.packs import Pack
from sayso.understanding.search.lexical import Text, Texts, compile_texts

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from sayso.understanding.context import Vectors

WORDS = {"catalog": 0.5, "answers": 0.15}
"""What words weigh beside the embedding: much where names and shades are looked for, little where a question is put
in other words than the merchant put it."""
NAMED, SAID, DECLARED, AROUND = 2.0, 1.0, 1.0, 0.7
"""What a word counts in a name or synonym, a description, a declared attribute, around it (category, tag, picture)."""
NEAREST = 40
"""Rows that the embedding brings along; beyond them only words find one."""
MOST_QUERY = 300
"""Characters of a query that are looked at."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold of a product before it is ranked; what is not given is not asked.

    `most`: price in minor units. `attributes`: declared values, one of each must be there; `refused`: none of these.
    `without`: allergens; only what declares its allergens, and neither contains nor may contain one, is left.
    `available`: the skus that can be had, as read from rows."""

    categories: Collection[str] = ()
    most: int | None = None
    attributes: Mapping[str, Collection[str]] = field(default_factory=dict)
    refused: Mapping[str, Collection[str]] = field(default_factory=dict)
    tags: Collection[str] = ()
    without: Collection[str] = ()
    available: Collection[str] | None = None

    def fits(self, product: Product) -> bool:
        """Whether all of it holds."""
        return (
            (not self.categories or product.category in self.categories)
            and (self.most is None or product.price <= self.most)
            and (self.available is None or product.sku in self.available)
            and set(self.tags) <= set(product.tags)
            and all(_declares(product, name, values) for name, values in self.attributes.items())
            and not any(_declares(product, name, values) for name, values in self.refused.items())
            and (not self.without or _free_of(product, self.without))
        )

    @property
    def empty(self) -> bool:
        return self == Filters()


def _declares(product: Product, name: str, values: Collection[str]) -> bool:
    return not set(values).isdisjoint(product.attributes.get(name, "").split())


def _free_of(product: Product, allergens: Collection[str]) -> bool:
    """Whether it declares its allergens and none of these is among them, not even as a trace."""
    return product.allergens is not None and set(allergens).isdisjoint((*product.allergens, *product.may_contain))


@dataclass(frozen=True, slots=True)
class Passages:
    """What of one merchant can be searched by words: its catalog and its answers."""

    artefact: Artefact
    catalog: Texts
    answers: Texts


def compile_passages(artefact: Artefact, packs: Sequence[Pack]) -> Passages:
    """The texts of a merchant, in all its languages at once. Pure; some milliseconds for a hundred products."""
    empty = tuple(word for pack in packs for word in pack.nothing)
    called = _called(artefact)
    products = (Text(p.sku, tuple(_words(p, artefact, called))) for p in artefact.catalog.products.values())
    answers = (
        Text(a.id, tuple((text, SAID) for texts in (*a.questions.values(), tuple(a.texts.values())) for text in texts))
        for a in artefact.answers.values()
    )
    return Passages(artefact, compile_texts(products, empty), compile_texts(answers, empty))


def _called(artefact: Artefact) -> dict[tuple[str, str], ChoiceValue]:
    """(attribute, value) -> what a skill's choice of that name calls it."""
    intents = (intent for skill in artefact.skills.values() for intent in skill.intents.values())
    slots = (slot for intent in intents for slot in intent.slots.values())
    return {(slot.name, value.id): value for slot in slots for value in slot.values.values()}


def _words(
    product: Product, artefact: Artefact, called: Mapping[tuple[str, str], ChoiceValue]
) -> Iterator[tuple[str, float]]:
    """Every text of a product with what a word in it counts."""
    yield from ((name, NAMED) for name in product.names.values())
    yield from ((synonym, NAMED) for synonyms in product.synonyms.values() for synonym in synonyms)
    yield from ((text, SAID) for text in product.descriptions.values())
    yield from ((text, DECLARED) for text in _declared(product, called))
    yield from ((name, AROUND) for name in artefact.catalog.categories.get(product.category, {}).values())
    yield from ((text, AROUND) for text in (*product.image_alt.values(), *product.tags))


def _declared(product: Product, called: Mapping[tuple[str, str], ChoiceValue]) -> Iterator[str]:
    for name, values in product.attributes.items():
        for value in values.split():
            known = called.get((name, value))
            if known is not None:
                yield from known.names.values()
                yield from (word for words in known.synonyms.values() for word in words)


async def retrieve(
    query: str,
    vector: NDArray[float32] | None,
    passages: Passages,
    vectors: Vectors | None,
    *,
    collection: str = "catalog",
    filters: Filters | None = None,
    k: int = 5,
) -> tuple[Candidate, ...]:
    """The `k` rows of `collection` ("catalog" or "answers") that `query` is about, best first, with scores in 0..1.

    Without a vector, or without vectors to search, words alone decide. Ids that the artefact does not know are left
    out, whatever a store returns. Raises what the store raises."""
    allowed = _allowed(passages.artefact, collection, filters)
    texts = passages.catalog if collection == "catalog" else passages.answers
    worded = {id: score for id, score in texts.search(query[:MOST_QUERY]).items() if id in allowed}
    meant: dict[str, float] = {}
    if vector is not None and vectors is not None:
        only = None if filters is None or filters.empty else allowed
        near = await vectors.search(collection, vector, NEAREST, only)
        meant = {c.id: max(0.0, c.score) for c in near if c.id in allowed}
    return fused(meant, worded, WORDS[collection])[:k]


def _allowed(artefact: Artefact, collection: str, filters: Filters | None) -> Collection[str]:
    """The ids that may be told at all."""
    if collection != "catalog":
        return artefact.answers.keys()
    products = artefact.catalog.products
    if filters is None or filters.empty:
        return products.keys()
    return frozenset(sku for sku, product in products.items() if filters.fits(product))


def fused(meant: Mapping[str, float], worded: Mapping[str, float], words: float) -> tuple[Candidate, ...]:
    """Both searches' rows, best first; `words` is what words weigh. What only words found is taken for as near in
    meaning as the last of all that meaning brought along."""
    floor = min(meant.values()) if len(meant) >= NEAREST else 0.0
    ids = dict.fromkeys((*meant, *worded))
    scores = {id: (1 - words) * meant.get(id, floor) + words * worded.get(id, 0.0) for id in ids}
    return tuple(Candidate(id, score) for id, score in sorted(scores.items(), key=lambda one: -one[1]))
