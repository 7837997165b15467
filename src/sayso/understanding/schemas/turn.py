"""A customer's turn beside forms: which intent goes on or begins, what is accepted, which slots have a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sayso.model.command import Candidate, Command, Evidence, Fill, Question, Start
from sayso.understanding.context import Context
from sayso.understanding.schemas.asking import asked_about
from sayso.understanding.schemas.assign import assign
from sayso.understanding.schemas.fit import ANY, Reading
from sayso.understanding.schemas.mentions import read_said
from sayso.understanding.schemas.said import Said
from sayso.understanding.schemas.spec import Form, Forms
from sayso.understanding.schemas.speech import stem
from sayso.understanding.slots.clocks import Terms
from sayso.understanding.words import keys


def read_turn(
    text: str, context: Context, forms: Forms, terms: Terms, ranked: Sequence[Candidate]
) -> tuple[Command, ...]:
    """The commands of `text`; `ranked` are intents by likeness, best first."""
    spoken = [o.value for o in context.offered if not o.skill]
    said = read_said(text, terms, forms.speech, context.language, spoken)
    current = forms.of(context.intent)
    form = _form(said, current, forms, terms, ranked, context)
    if form is None:
        return ()
    commands: list[Command] = []
    taken = bool(current) and accepts(said, forms)
    if current and taken:
        commands.extend(_accepted(current, context, said))
    intent = _intent(form, current, said, forms, ranked, context, taken)
    if intent != context.intent:
        commands.append(Start((Candidate(intent),), Evidence(text, "local", 0.8)))
    held = dict(_slots(context, form.skill))
    asked = context.asked if form is current else ()
    found = assign(Reading(said, form, forms.speech, asked, held, intent=intent))
    fills = {f.field.name: f.text for f in found}
    fills |= {n: v for n, v in _agreed(said, form, asked, forms, taken) if n not in fills}
    fills |= {n: ANY for n in _careless(said, form, asked, forms, fills) if n not in fills or fills[n] == "any"}
    fills |= {n: v for n, v in _carried(said, form, current, forms, context, {**held, **fills}) if n not in fills}
    fresh = {n: v for n, v in fills.items() if held.get(n) != v}
    commands.extend(Fill(n, (Candidate(v),), Evidence(text, "local", 0.8)) for n, v in fresh.items())
    if about := tuple(Candidate(n) for n in asked_about(said, form, forms.speech) if n not in fresh):
        commands.append(Question("slot", about, Evidence(text, "local", 0.7), text))
    return tuple(commands)


def accepts(said: Said, forms: Forms) -> bool:
    """Whether an utterance takes what was offered: it says so, or it goes on to book, and puts nothing aside."""
    speech, words = forms.speech, tuple(k for k in said.keys if k)
    if speech.within("refuse", words):
        return False
    return speech.within("accept", words) or speech.within("begin", words)


def _accepted(form: Form, context: Context, said: Said) -> Iterator[Fill]:
    held = _slots(context, form.skill)
    for offer in context.offered:
        field = form.fields.get(offer.slot)
        if offer.skill != form.skill or field is None or field.told or (offer.slot in held and not offer.fresh):
            continue
        if held.get(offer.slot) != offer.value:
            yield Fill(offer.slot, (Candidate(offer.value),), Evidence(said.text, "offer", 0.9))


def _slots(context: Context, skill: str) -> Mapping[str, str]:
    return next((f.slots for f in reversed(context.frames) if f.intent.partition(".")[0] == skill), {})


def _form(
    said: Said, current: Form | None, forms: Forms, terms: Terms, ranked: Sequence[Candidate], context: Context
) -> Form | None:
    """The form that an utterance is about: the one in progress, unless another is clearly meant."""
    likely: dict[str, float] = {}
    for c in ranked:
        skill = c.id.partition(".")[0]
        likely[skill] = max(likely.get(skill, 0.0), c.score)
    told = _told_apart(_words(gist(said.text, forms, terms, context.language)), forms)
    scores = {skill: likely.get(skill, 0.0) + told[skill] for skill in forms.forms}
    best = max(scores, key=lambda s: scores[s])
    if current is None:
        return forms.forms[best]
    if best == current.skill or _answered(said, current, context):
        return current
    named = told[best] - told[current.skill] >= _TOLD or scores[best] >= _SURE
    return forms.forms[best] if named and scores[best] > scores[current.skill] + _AHEAD else current


_AHEAD = 0.15
"""How far another form must be ahead of the one in progress."""
_TOLD = 0.08
_SURE = 0.62
"""Likeness that needs no word of the form's own."""


def _answered(said: Said, form: Form, context: Context) -> bool:
    """Whether what the form in progress asked for has an answer of its kind, and nothing else is wished for."""
    kinds = {form.fields[a].kind for a in context.asked if a in form.fields}
    offered = {o.slot for o in context.offered if o.fresh and o.skill == form.skill} & set(form.fields)
    kinds |= {form.fields[o].kind for o in offered} & {"date", "clock", "count"}
    text = bool(kinds & {"name", "place", "sort"})
    given = {m.kind for m in said.mentions}
    return bool(given & kinds) or (text and ("name" in given or len(said.plain()) < 6))


def gist(text: str, forms: Forms, terms: Terms, language: str) -> str:
    """An utterance without the sentences that only thank for or take what went before, where others follow."""
    said = read_said(text, terms, forms.speech, language)
    parts = list(said.sentences())
    kept = [
        said.words(start, end)
        for n, (start, end) in enumerate(parts)
        if n == len(parts) - 1
        or not (forms.speech.at("thanks", said.keys, start) or _only_takes(said, start, end, forms))
    ]
    return " ".join(kept)


def _only_takes(said: Said, start: int, end: int, forms: Forms) -> bool:
    return end - start < 8 and forms.speech.within("accept", said.keys[start:end])


def _words(text: str) -> frozenset[str]:
    return frozenset(stem(k)[:6] for k in keys(text))


def _told_apart(stems: frozenset[str], forms: Forms) -> dict[str, float]:
    """How many words of each form's subject were said, those of one form alone counting most."""
    heads = {skill: {w[:6] for w in forms.speech.spread(form.heads)} for skill, form in forms.forms.items()}
    known = {skill: {w[:6] for w in form.words} | heads[skill] for skill, form in forms.forms.items()}
    return {
        skill: min(0.6, sum((0.3 if w in heads[skill] else 0.1) / _shared(w, known) ** 2 for w in stems & own))
        for skill, own in known.items()
    }


def _shared(word: str, known: Mapping[str, set[str]]) -> int:
    return sum(word in own for own in known.values())


def _intent(
    form: Form,
    current: Form | None,
    said: Said,
    forms: Forms,
    ranked: Sequence[Candidate],
    context: Context,
    taken: bool,
) -> str:
    """The intent of the form: the likeliest; what is in progress stays unless another is clearly nearer, or it is to
    be done now."""
    scores = {c.id: c.score for c in ranked if c.id in form.intents}
    best = max(form.intents, key=lambda i: scores.get(i, 0.0))
    if form is not current or context.intent not in form.intents:
        return best
    words = tuple(k for k in said.keys if k)
    acts = [i for i in form.intents if form.acts[i]]
    if taken and acts and not form.acts[context.intent] and forms.speech.within("begin", words):
        return max(acts, key=lambda i: scores.get(i, 0.0))
    ahead = scores.get(best, 0.0) > scores.get(context.intent, 0.0) + 0.1 and scores.get(best, 0.0) > 0.5
    return best if ahead else context.intent


def _agreed(said: Said, form: Form, asked: Sequence[str], forms: Forms, taken: bool) -> Iterator[tuple[str, str]]:
    """Yes or no to a question about a property."""
    flag = next((form.fields[a] for a in asked if a in form.fields and form.fields[a].kind == "flag"), None)
    words = tuple(k for k in said.keys if k)
    if flag is None or asked[0] != flag.name:
        return
    if taken:
        yield flag.name, "true"
    elif forms.speech.at("denies", words, 0):
        yield flag.name, "false"


def _careless(said: Said, form: Form, asked: Sequence[str], forms: Forms, fills: Mapping[str, str]) -> Iterator[str]:
    """Slots to which anything will do: named beside the words for it, or asked for."""
    speech, said_keys = forms.speech, said.keys
    for start, end in said.sentences():
        if not any(speech.at("any", said_keys, i) for i in range(start, end)) or said.tokens[end - 1].text == "?":
            continue
        stems = {stem(k) for k in said_keys[start:end] if k}
        named = [f for f in form.fields.values() if stems & f.names and f.kind not in ("date", "clock", "count")]
        if named:
            yield from (f.name for f in named[:1])
        else:
            yield from (a for a in asked[:1] if a in form.fields)


def _carried(
    said: Said, form: Form, current: Form | None, forms: Forms, context: Context, held: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Values of another form that the customer points to: a place ("there"), a day ("that day")."""
    words = tuple(k for k in said.keys if k)
    places = [f for f in form.fields.values() if f.kind == "place" and f.wanted and f.name not in held]
    spot = next((f for f in places if f.spot), None)
    if spot is not None and form is not current and not spot.ends - {"to"}:
        value = next(_spots(context, bool(form.main)), "")
        if value and not forms.speech.within("free_time", words):
            yield spot.name, value
    towns = [f for f in places if not f.spot and "from" not in f.ends]
    known = any(f.kind == "place" and f.name in held for f in form.fields.values())
    pointed_at = form is not current or forms.speech.within("there", words)
    if towns and pointed_at and not known:
        yield from ((towns[0].name, s) for s in islice(_sources("place", form, forms, context), 1))
    dates = [f for f in form.fields.values() if f.kind == "date" and f.wanted and f.name not in held]
    pointed = forms.speech.within("this_one", words)
    if dates and (pointed or forms.speech.within("that_day", words)):
        yield from ((dates[0].name, s) for s in islice(_sources("date", form, forms, context), 1))


def _spots(context: Context, named: bool) -> Iterator[str]:
    """The addresses that were told, the latest first, then the names; the place of a thing that has a name of its own
    (`named`) is an address."""
    for frame in reversed(context.frames):
        skill = frame.intent.partition(".")[0]
        yield from (o.value for o in reversed(context.offered) if o.skill == skill and "address" in o.slot)
    if not named:
        yield from (o.value for o in reversed(context.offered) if not o.skill)


def _sources(kind: str, form: Form, forms: Forms, context: Context) -> Iterator[str]:
    for frame in reversed(context.frames):
        other = forms.of(frame.intent)
        if other is None or other.skill == form.skill:
            continue
        found = [f for f in other.fields.values() if f.kind == kind and f.name in frame.slots and not f.spot]
        for field in sorted(found, key=lambda f: (not f.wanted, "from" in f.ends)):
            if frame.slots[field.name] != ANY:
                yield frame.slots[field.name]
