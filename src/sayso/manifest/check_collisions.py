"""Words that mean two things at once: within a skill, across a merchant's skills, its answers and its catalog.

Such words are no fault, for a customer can be asked; but only where the author knows. Each is a warning with its line,
the words themselves and the question that would separate the two. Pure: `cli.check` reads the files.

What is alike without being the same is found by embeddings (`understanding.collisions`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault, Path_, Source
from sayso.manifest.specs import ChoiceValue, IntentSpec
from sayso.model.catalog import OptionValue
from sayso.model.text import pick

CODE, ANY = "collision", "any"
_WORD = re.compile(r"\{\w+\}|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for something. `where` is what they must be unique in, `means` what they stand for, `called` how
    that is told to a person; `source` and `at` are their line ("" source: a row of the catalog)."""

    where: str
    language: str
    text: str
    means: str
    called: str
    source: Source | None = None
    at: Path_ = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.where, self.language, fold(self.text)


def fold(text: str) -> str:
    """The words of a text in lower case without diacritics; a slot is a slot, whatever its name."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    plain = "".join(ch for ch in spread if not unicodedata.combining(ch))
    return " ".join("{}" if word.startswith("{") else word for word in _WORD.findall(plain))


def sentences(draft: Draft, sources: Mapping[str, Source], answers: Source | None) -> tuple[Phrase, ...]:
    """Every whole sentence that stands for something: utterances of intents and questions of answers."""
    return (*_utterances(draft, sources), *_answers(draft, answers))


def collisions(draft: Draft, sources: Mapping[str, Source], answers: Source | None, catalog: str) -> tuple[Fault, ...]:
    """The warnings for one merchant. `sources`: its skills' files; `answers`: its answers' file; `catalog`: the path of
    its catalog."""
    phrases = (*_utterances(draft, sources), *_answers(draft, answers), *_values(draft, sources), *_products(draft))
    found: dict[tuple[str, str, str], list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        if fold(phrase.text):
            found[phrase.key].append(phrase)
    shared = (each for each in found.values() if len({phrase.means for phrase in each}) > 1)
    return tuple(sorted({_warning(each, catalog) for each in shared}))


def alike_warning(one: Phrase, other: Phrase, score: float) -> Fault:
    """The warning about two sentences that are nearly the same."""
    what = f'"{one.text}" ({one.called}) is nearly "{other.text}" ({other.called}): {score:.2f}'
    mend = f'say it otherwise in one of them, or expect the question "{asking(one.called, other.called, one.language)}"'
    source, at = (one.source, one.at) if one.source else (other.source, other.at)
    return source.fault(at, what, mend, CODE) if source else Fault("", 1, "", what, mend, CODE)


def _warning(shared: Iterable[Phrase], catalog: str) -> Fault:
    first, *others = {phrase.means: phrase for phrase in shared}.values()
    second = others[0]
    what = f'"{second.text}" ({second.language}) means {first.called} and {second.called}'
    mend = f'keep it in one of them, or expect the question "{asking(first.called, second.called, second.language)}"'
    if second.source is None:
        return Fault(catalog, 1, "", what, mend, CODE)
    return second.source.fault(second.at, what, mend, CODE)


_ASK = {"en": "Do you mean {} or {}?", "nl": "Bedoel je {} of {}?"}


def asking(one: str, other: str, language: str) -> str:
    """The question that separates two meanings."""
    return _ASK.get(language.partition("-")[0], _ASK["en"]).format(one, other)


def _intents(draft: Draft) -> Iterator[IntentSpec]:
    for skill in draft.skills.values():
        yield from skill.intents.values()


def titled(intent: IntentSpec, language: str) -> str:
    """What an intent is called."""
    return f'"{pick(intent.titles, language)}" ({intent.name})' if intent.titles else intent.name


def _utterances(draft: Draft, sources: Mapping[str, Source]) -> Iterator[Phrase]:
    for intent in _intents(draft):
        source = sources.get(intent.skill)
        for language, texts in intent.utterances.items():
            for n, text in enumerate(texts):
                at = ("intents", intent.id, "utterances", language, n)
                yield Phrase("sentence", language, text, intent.name, titled(intent, language), source, at)


def _answers(draft: Draft, source: Source | None) -> Iterator[Phrase]:
    for answer in draft.answers.values():
        for language, texts in answer.questions.items():
            for n, text in enumerate(texts):
                at = ("answers", answer.id, "questions", language, n)
                yield Phrase("sentence", language, text, answer.id, f"the answer {answer.id}", source, at)


def _values(draft: Draft, sources: Mapping[str, Source]) -> Iterator[Phrase]:
    """The values of an intent's slots: neither two of one slot, nor one of each of two."""
    for intent in _intents(draft):
        for slot in intent.slots.values():
            for value in slot.values.values():
                if value.id == ANY:
                    continue  # No preference answers whatever was asked.
                at = ("intents", intent.id, "slots", slot.name, "values", value.id)
                called = f"{slot.name} {value.id}"
                for language, text in _names(value):
                    where = f"values of {intent.name}"
                    yield Phrase(where, language, text, called, called, sources.get(intent.skill), at)


def _names(value: ChoiceValue | OptionValue) -> Iterator[tuple[str, str]]:
    yield from value.names.items()
    yield from ((language, text) for language, texts in value.synonyms.items() for text in texts)


def _products(draft: Draft) -> Iterator[Phrase]:
    """Products, and the values that can be chosen on the same product."""
    catalog = draft.catalog
    for product in catalog.products.values():
        named = [*product.names.items(), *((lang, text) for lang, all_ in product.synonyms.items() for text in all_)]
        for language, text in named:
            yield Phrase("product", language, text, product.sku, f"the product {product.sku}")
    together = {tuple(product.options) for product in catalog.products.values() if len(product.options) > 1}
    for groups in together:
        for group in groups:
            for value in catalog.options[group].values.values():
                for language, text in _names(value):
                    where = f"options {' '.join(groups)}"
                    yield Phrase(where, language, text, f"{group}/{value.id}", f"the option {group}/{value.id}")
