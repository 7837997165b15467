"""What a customer asks about: the slots that a question names, or whose kind its opening words ask for."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.understanding.schemas.said import Said
from sayso.understanding.schemas.spec import Field, Form
from sayso.understanding.schemas.speech import Speech, stem

_KINDS = {"where": "place", "ask_clock": "clock", "ask_sum": "sum"}
"""How a question opens -> the kind of slot that answers it."""


def asked_about(said: Said, form: Form, speech: Speech) -> tuple[str, ...]:
    """The slots that an utterance asks about: those that we tell and properties, in the order of the form."""
    named = {name for start, end in said.sentences() for name in _named(said, start, end, form, speech)}
    return tuple(name for name in form.fields if name in named)


def _named(said: Said, start: int, end: int, form: Form, speech: Speech) -> Iterator[str]:
    words = tuple(k for k in said.keys[start:end] if k)
    asks = said.tokens[end - 1].text == "?" or speech.within("tells", words)
    if not asks or speech.within("wish", words):
        return
    stems = {stem(w) for w in words}
    open_to = [f for f in form.fields.values() if f.told or f.kind == "flag"]
    clear = [f for f in open_to if stems & _own(f, form)]
    yield from (f.name for f in clear)
    for opening, kind in _KINDS.items():
        if speech.within(opening, words) and not any(f.kind == kind for f in clear):
            yield from (f.name for f in open_to[::-1] if f.kind == kind and not f.name.startswith(form.main or "-"))


def _own(field: Field, form: Form) -> frozenset[str]:
    """The words of a slot's name that tell it from the form's other slots."""
    if field.kind == "flag":
        return field.telling
    others = [f.names for f in form.fields.values() if f is not field]
    return frozenset(w for w in field.names if sum(w in names for names in others) < 2) - form.heads
