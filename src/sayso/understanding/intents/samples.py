"""What understanding learns from: (label, sentence) pairs of a merchant's manifests, and those of its languages.

Labels: "intent:skill.intent", "answer:id", "say:phrase", "question:kind" and `OUT_OF_SCOPE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.text import pick
from sayso.understanding.packs import Pack, load

Sample = tuple[str, str]
"""(label, sentence)."""

OUT_OF_SCOPE = "oos"
_SHORT = 60
"""Samples of a global phrase that are learnt from: the shorter ones say it all."""
_ENOUGH = 20
"""Sentences per language and intent: where an intent has fewer, those with slots are said with other values too."""
_PARAPHRASES = 3
_UNLEARNT = ("start", "hesitation")
ESSENTIAL = tuple(
    f"say:{what}" for what in ("cancel", "undo", "repeat", "help", "person", "stop", "unsubscribe", "emergency", "wait")
)
"""What is reached from every state, whatever a merchant's own intents say."""
_ITSELF = ("python", "webhook", "mcp")
"""Fulfilments of the merchant's own."""


def own_samples(artefact: Artefact) -> tuple[Sample, ...]:
    """What the merchant's manifests say, in a fixed order without doubles."""
    return tuple(sorted({(label, text) for label, text in _own(artefact) if text}))


def common_samples(languages: Iterable[str]) -> tuple[Sample, ...]:
    """What is the same for every merchant that speaks `languages`, in a fixed order without doubles."""
    return tuple(sorted({pair for pack in load(languages) for pair in _of(pack)}))


def claims_of(artefact: Artefact) -> frozenset[str]:
    """The labels of intents that the merchant fulfils itself and that buy and book nothing: what their samples say is
    theirs, before it is what the same words mean everywhere."""
    skills = (skill for skill in artefact.skills.values() if skill.fulfilment in _ITSELF)
    intents = (intent for skill in skills for intent in skill.intents.values())
    return frozenset(f"intent:{i.name}" for i in intents if i.effect not in ("purchase", "booking"))


def bases_of(languages: Iterable[str]) -> tuple[str, ...]:
    """The languages without their regions, each once: "nl-BE" is learnt with "nl"."""
    return tuple(sorted({language.partition("-")[0] for language in languages}))


def _of(pack: Pack) -> Iterator[Sample]:
    for label, texts in pack.samples.items():
        if label not in _UNLEARNT:
            name = label if label == OUT_OF_SCOPE else f"say:{label}"
            yield from ((name, text) for text in sorted(texts, key=len)[:_SHORT] if len(text) > 3)
    for about, phrases in pack.questions.items():
        yield from ((f"question:{about}", phrase.strip()) for phrase in phrases if phrase.count(" ") > 2)


def _own(artefact: Artefact) -> Iterator[Sample]:
    for skill in artefact.skills.values():
        for intent in skill.intents.values():
            yield from ((f"intent:{intent.name}", text) for text in _utterances(intent, artefact))
            yield from ((f"intent:{intent.name}", title) for title in intent.titles.values())
    for answer in artefact.answers.values():
        for questions in answer.questions.values():
            yield from ((f"answer:{answer.id}", question) for question in questions)
    for texts in artefact.merchant.out_of_scope.values():
        yield from ((OUT_OF_SCOPE, text) for text in texts)


def _utterances(intent: IntentSpec, artefact: Artefact) -> Iterator[str]:
    """The intent's samples with values of the merchant in place of its slots: other values for each, and a few ways of
    each sample."""
    for language, texts in intent.utterances.items():
        values = {slot.name: _values(slot, artefact, language) for slot in intent.slots.values()}
        for n, text in enumerate(texts):
            ways = min(_PARAPHRASES, max(1, _ENOUGH // len(texts))) if "{" in text else 1
            for way in range(ways):
                yield _filled(text, values, n + way * len(texts))


def _filled(text: str, values: dict[str, list[str]], n: int) -> str:
    """The sample with the n-th value of each slot; a slot without values is left out."""
    for name, known in values.items():
        text = text.replace(f"{{{name}}}", known[n % len(known)] if known else "")
    return " ".join(text.split())


def _values(slot: SlotSpec, artefact: Artefact, language: str) -> list[str]:
    products = artefact.catalog.products.values()
    if slot.type == "location":
        return [pick(place.names, language) for place in artefact.merchant.locations.values()]
    if slot.type in ("lines", "product"):
        named = (p for p in products if not slot.categories or p.category in slot.categories)
        return [pick(product.names, language) for product in named]
    if slot.type == "staff":
        return [pick(one.names, language) for one in artefact.merchant.staff.values()]
    return [pick(value.names, language) for value in slot.values.values()]
