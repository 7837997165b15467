"""Which slot each mention goes to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sayso.understanding.schemas.fit import Found, Reading, fit
from sayso.understanding.schemas.said import Mention, Said
from sayso.understanding.schemas.spec import Field
from sayso.understanding.schemas.speech import Speech, stem
from sayso.understanding.schemas.unmarked import read_answer, read_small, read_sorts

_TAKES: Mapping[str, tuple[str, ...]] = {
    "date": ("date",),
    "clock": ("clock",),
    "sum": ("sum",),
    "count": ("count",),
    "grade": ("grade",),
    "name": ("place", "name", "sort"),
}
_ENOUGH: Mapping[str, float] = {"date": -1.0, "clock": -1.0, "sum": -1.5, "count": 0.6, "grade": 0.0, "name": 1.5}
"""How well a mention must fit a slot, by the mention's kind: a name may be anything, a day is a day."""


def assign(reading: Reading) -> tuple[Found, ...]:
    """The values of the slots in what was said: each mention goes to the slot that it fits best, the clearest first."""
    taken: set[int] = set()
    found: dict[str, Found] = {}
    for choice in _choices(reading):
        if not taken.intersection(range(choice.start, choice.end)):
            found.setdefault(choice.field.name, choice)
            taken.update(range(choice.start, choice.end))
    for flag in _flags(reading, taken):
        found.setdefault(flag.field.name, flag)
    scored = [
        Found(f, m.text if f.spoken or m.kind != "count" else m.value, m.start, m.end, score, m.value)
        for m in _stated(reading)
        if not taken.intersection(range(m.start, m.end))
        for f in reading.form.fields.values()
        if f.kind in _TAKES[m.kind] and (score := fit(m, f, reading)) >= _ENOUGH[m.kind]
    ]
    for each in sorted(scored, key=lambda s: (-s.score, s.start)):
        if each.field.name not in found and not taken.intersection(range(each.start, each.end)):
            found[each.field.name] = each
            taken.update(range(each.start, each.end))
    for bare in (*read_sorts(reading, taken), *read_small(reading, taken), *read_answer(reading, taken, found)):
        if bare.field.name not in found:
            found[bare.field.name] = bare
            taken.update(range(bare.start, bare.end))
    return tuple(f for f in found.values() if reading.ours or not f.field.told)


def _stated(reading: Reading) -> Iterator[Mention]:
    """The mentions but those in a question of fact: "is this a comedy?" wishes nothing."""
    for start, end in _wishes(reading):
        yield from (m for m in reading.said.mentions if start <= m.start < end)


def _wishes(reading: Reading) -> Iterator[tuple[int, int]]:
    """The sentences that can hold a wish, up to a question of fact: "yes, but is it expensive?"."""
    said, speech = reading.said, reading.speech
    for start, end in said.sentences():
        keys = said.keys[start:end]
        if reading.ours or said.tokens[end - 1].text != "?" or speech.within("wish", keys):
            yield start, end
            continue
        begins = [n for n in range(start, end) if said.opens(n) and speech.at("checks", said.keys, n)]
        if (stop := min(begins, default=end)) > start:
            yield start, stop


def _choices(reading: Reading) -> Iterator[Found]:
    """Values of choices by their words, the longest first."""
    said = reading.said
    stated = {n for start, end in _wishes(reading) for n in range(start, end)}
    hits = [
        Found(field, value, i, i + len(words), 4.0 * len(words) + _chosen(i, i + len(words), field, reading))
        for field in reading.form.fields.values()
        if field.kind == "choice"
        for words, value in field.values.items()
        for i in range(len(said.keys) - len(words) + 1)
        if _says(said.keys[i : i + len(words)], words) and not _negated(said, i, reading.speech) and i in stated
    ]
    yield from sorted(hits, key=lambda h: -h.score)


def _chosen(start: int, end: int, field: Field, reading: Reading) -> float:
    """How well a choice's value fits this slot of several that have it."""
    return fit(Mention("choice", start, end, reading.said.words(start, end)), field, reading)


def _says(keys: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return keys == words or tuple(map(stem, keys)) == tuple(map(stem, words))


def _negated(said: Said, i: int, speech: Speech) -> bool:
    return any(speech.at("not", said.keys, n) for n in range(max(0, i - 2), i))


def _flags(reading: Reading, taken: Collection[int]) -> Iterator[Found]:
    """Properties that are wished for, or not."""
    said = reading.said
    for start, end in said.sentences():
        keys = said.keys[start:end]
        asks = not reading.ours and said.tokens[end - 1].text == "?" and not reading.speech.within("wish", keys)
        for field in reading.form.fields.values():
            hit = next((n for n in range(start, end) if n not in taken and _telling(said.keys[n], field)), -1)
            if field.kind != "flag" or hit < 0 or (asks and field.name not in reading.asked):
                continue
            value = "false" if _negated(said, hit, reading.speech) and not _fee(keys, reading) else "true"
            yield Found(field, value, hit, hit + 1, 2.0)


def _fee(keys: tuple[str, ...], reading: Reading) -> bool:
    return reading.speech.within("negated_true", keys)


def _telling(key: str, field: Field) -> bool:
    return bool(key) and stem(key) in field.telling
