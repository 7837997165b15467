"""What our own last message asked and offered: read with the recognisers that read customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sayso.model.state import Offer
from sayso.understanding.context import Context
from sayso.understanding.schemas.assign import assign
from sayso.understanding.schemas.fit import Reading
from sayso.understanding.schemas.mentions import read_said
from sayso.understanding.schemas.said import Said
from sayso.understanding.schemas.spec import Field, Form, Forms
from sayso.understanding.schemas.speech import stem
from sayso.understanding.slots.clocks import Terms


@dataclass(frozen=True, slots=True)
class Proposed:
    """`asked`: slots, the likeliest first; `offered`: values that a yes accepts."""

    asked: tuple[str, ...]
    offered: tuple[Offer, ...]
    intent: str = ""
    """Whose words they must have been, where it is not what is in progress."""


def hear(text: str, context: Context, forms: Forms, terms: Terms) -> Proposed:
    """What `text`, said by us, asks and offers: of the form in progress, unless it asks for what only another has."""
    said = read_said(text, terms, forms.speech, context.language)
    held = {f.intent.partition(".")[0]: f for f in context.frames}
    current = forms.of(context.intent)
    if current is not None:
        found = _heard(said, current, forms, held[current.skill].slots, context.intent)
        if found.asked or "?" not in text:
            return found
    others = [
        (top, form, intent)
        for skill, form in forms.forms.items()
        if form is not current
        for intent in [held[skill].intent if skill in held else _first(form)]
        for top in [_clearest(said, form, forms)]
        if top >= _ELSEWHERE
    ]
    if not others:
        return found if current is not None else Proposed((), ())
    _, form, intent = max(others, key=lambda o: o[0])
    slots = held[form.skill].slots if form.skill in held else {}
    return replace(_heard(said, form, forms, slots, intent), intent=intent)


_ELSEWHERE = 3.0
"""How clearly another form than the one in progress must be asked about."""


def _first(form: Form) -> str:
    return next((i for i in form.intents if not form.acts[i]), next(iter(form.intents)))


def _clearest(said: Said, form: Form, forms: Forms) -> float:
    return max((score for score, _ in _scored(said, form, forms, {})), default=0.0)


def _heard(said: Said, form: Form, forms: Forms, held: Mapping[str, str], intent: str) -> Proposed:
    """What is asked and offered by words of `form`."""
    asked = tuple(dict.fromkeys(_asked(said, form, forms, held)))
    found = assign(Reading(said, form, forms.speech, (), held, ours=True, intent=intent))
    firm = _confirms(said, forms)
    offers = tuple(
        Offer(form.skill, f.field.name, f.text, True)
        for f in found
        if (firm or f.field.wanted or f.field.told)
        and not (f.field.name in asked and f.field.kind in ("flag", "choice"))
    )
    towns = {f.start for f in found if f.field.kind in ("place", "choice") and not f.field.spot}
    return Proposed(asked, (*offers, *_spoken(said, towns)))


def _spoken(said: Said, placed: set[int]) -> tuple[Offer, ...]:
    """The names that were spoken of, which may be places to go to."""
    names = [m for m in said.mentions if m.kind == "name" and m.start not in placed]
    return tuple(Offer("", m.text, m.text, True) for m in names)


def _confirms(said: Said, forms: Forms) -> bool:
    return forms.speech.within("confirms", said.keys)


def _asked(said: Said, form: Form, forms: Forms, held: Mapping[str, str]) -> Iterator[str]:
    """The slots that a message asks for, each question's best."""
    yield from (name for _, name in _scored(said, form, forms, held))


def _scored(said: Said, form: Form, forms: Forms, held: Mapping[str, str]) -> Iterator[tuple[float, str]]:
    for start, end in said.sentences():
        keys = tuple(k for k in said.keys[start:end] if k)
        if not (said.tokens[end - 1].text == "?" or _asks(keys, forms)) or not keys:
            continue
        scored = [(_wanted(keys, f, form, forms, held), f.name) for f in form.fields.values() if not f.told]
        best = sorted((s for s in scored if s[0] >= 1.8), key=lambda s: -s[0])
        yield from (each for each in best if each[0] > best[0][0] - 2.0)


def _asks(keys: tuple[str, ...], forms: Forms) -> bool:
    """Whether words without a question mark ask: "please provide your city"."""
    speech = forms.speech
    return any(speech.at("asks", keys, i) for i in range(min(3, len(keys))))


def _wanted(keys: tuple[str, ...], field: Field, form: Form, forms: Forms, held: Mapping[str, str]) -> float:
    """How likely a question is about a slot."""
    speech = forms.speech
    stems = {stem(k) for k in keys}
    score = 1.5 * len(stems & field.names) + 0.6 * min(2, len((stems & field.cues) - field.names))
    kinds = {"where": "place", "when": "date", "clock": "clock", "many": "count", "kind_of": "sort"}
    for name, kind in kinds.items():
        if speech.within(name, keys):
            score += 2.0 if field.kind == kind else -0.8
    if field.kind == "choice":
        score += 0.8 * any(_all(words, keys) for words in field.values)
    if field.ends:
        other = "to" if "from" in field.ends else "from"
        mine = speech.within("from" if other == "to" else "to", keys)
        score += 0.8 * mine - 0.8 * (speech.within(other, keys) and not mine)
    about = stems & form.heads and speech.within("what", keys)
    score += 1.5 * bool(about and field.name == form.main)
    return score + 0.4 * field.wanted - 0.6 * (field.name in held)


def _all(words: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    return set(map(stem, words)) <= set(map(stem, keys))
