"""One form of address: where a language has a familiar and a polite "you", a merchant says one of them everywhere.

What is between quotation marks is what a customer may say, and is theirs to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault, Source
from sayso.manifest.specs import Reply

FORMS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "nl": (
        ("je", "jij", "jou", "jouw", "jezelf", "alsjeblieft", "dankjewel"),
        ("u", "uw", "uwe", "uzelf", "alstublieft", "dankuwel"),
    ),
}
"""Language -> words of the familiar form, words of the polite one."""

QUOTED = re.compile(r"“[^”]*”|„[^”]*”")
PARAMETER = re.compile(r"\{\s*\w+\s*(?=[,}])")
WORD = re.compile(r"[^\W\d_]+")
TOLD = 5
"""Replies that a fault names."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A reply that addresses in the other form: its key, its language and the word that does."""

    key: str
    language: str
    word: str


def misaddressed(replies: Mapping[str, Mapping[str, Reply]], formal: bool) -> Iterator[Addressed]:
    """Every reply with a word of the form that the merchant does not use."""
    for key, each in replies.items():
        for language, reply in each.items():
            forms = FORMS.get(language.partition("-")[0])
            wrong = frozenset(forms[not formal]) if forms else frozenset[str]()
            word = next((w for text in _texts(reply) for w in _words(text) if w in wrong), "")
            if word:
                yield Addressed(key, language, word)


def _texts(reply: Reply) -> tuple[str, ...]:
    return tuple(text for text in (reply.text, reply.speech, reply.short, reply.reprompt) if text)


def _words(text: str) -> list[str]:
    """The words of a text without what it quotes; the names of its parameters are no words."""
    plain = PARAMETER.sub(" ", QUOTED.sub(" ", text))
    return [word.casefold() for word in WORD.findall(plain)]


def address_faults(source: Source, draft: Draft) -> Iterator[Fault]:
    """The merchant's own replies one by one; what comes from elsewhere in one fault."""
    formal, own = draft.merchant.persona.formal, draft.merchant.replies
    form = "polite" if formal else "familiar"
    elsewhere: list[Addressed] = []
    for found in misaddressed(draft.replies, formal):
        if found.key not in own:
            elsewhere.append(found)
            continue
        what = f'"{found.word}" in {found.language}, while this merchant uses the {form} form'
        mend = f"say it in the {form} form, or set persona: {{formal: {str(not formal).lower()}}}"
        yield source.fault(("replies", found.key, found.language), what, mend, "address")
    if elsewhere:
        keys = list(dict.fromkeys(found.key for found in elsewhere))
        some = f"{', '.join(keys[:TOLD])}{', ...' if keys[TOLD:] else ''}"
        what = f"{len(keys)} replies do not use the {form} form of address: {some}"
        yield source.fault(("persona",), what, "say them in that form, in answers.yaml or under replies:", "address")
