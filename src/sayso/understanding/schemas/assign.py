"""Which slot each mention goes to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sayso.understanding.schemas.names import is_plain
from sayso.understanding.schemas.said import Mention, Said
from sayso.understanding.schemas.spec import Field, Form
from sayso.understanding.schemas.speech import Speech, stem

ANY = "@any"
"""The value of a slot to which anything will do."""

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


@dataclass(frozen=True, slots=True)
class Found:
    """A slot's value in an utterance. `text` is how it was said, or a canonical id."""

    field: Field
    text: str
    start: int
    end: int
    score: float
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An utterance beside a form: `asked` are the slots that were asked for, `held` those that have a value; `ours`:
    we said it."""

    said: Said
    form: Form
    speech: Speech
    asked: tuple[str, ...] = ()
    held: Mapping[str, str] | None = None
    ours: bool = False
    intent: str = ""
    """What is in progress."""


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
        if f.kind in _TAKES[m.kind] and (score := _fit(m, f, reading)) >= _ENOUGH[m.kind]
    ]
    for each in sorted(scored, key=lambda s: (-s.score, s.start)):
        if each.field.name not in found and not taken.intersection(range(each.start, each.end)):
            found[each.field.name] = each
            taken.update(range(each.start, each.end))
    for bare in (*_sorts(reading, taken), *_lower(reading, taken), *_answers(reading, taken, found)):
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
        if reading.ours or said.tokens[end - 1].text != "?" or speech.within("wish", keys) or "anything" in keys:
            yield start, end
            continue
        begins = [n for n in range(start, end) if said.opens(n) and speech.at("checks", said.keys, n)]
        if (stop := min(begins, default=end)) > start:
            yield start, stop


def _fit(mention: Mention, field: Field, reading: Reading) -> float:
    """How well a mention fits a slot: what was asked, the words beside it, the end it is of."""
    left, right = _beside(mention, reading)
    stems_left, stems_right = [stem(w) for w in left], [stem(w) for w in right]
    near = {*stems_left[-2:], *stems_right[:1]}
    score = 0.0
    if field.name in reading.asked:
        score += 3.0 if field.name == reading.asked[0] else 2.2
    stems = {*stems_left}, {*stems_right}
    score += (
        _counted(field, left, right, stems, reading)
        if mention.kind == "count"
        else _told_by(field, stems, near, reading)
    )
    end = _end(left, field, reading.speech)
    if field.ends and end:
        score += 3.0 if end in field.ends else -3.0
    held = field.name in (reading.held or {})
    kept = 0.2 if mention.kind == "name" and not reading.ours else 0.7
    score += (
        0.5 * (field.wanted and not (held and reading.ours)) - kept * held - 0.4 * (field.told and not reading.ours)
    )
    if reading.intent:
        score += (0.8 if reading.ours else 0.6) * (field.name in reading.form.tells.get(reading.intent, ()))
    if mention.kind == "name":
        score += _placed(field, left, reading.form.main, reading.ours) + (field.name == reading.form.main) * (
            1.5 if reading.ours else 1.0
        )
        score += 1.0 * (mention.value == "known" and field.kind == "name")
        if mention.end == mention.start + 1 and right and _sorted(right[0], reading):
            score += 2.0 if field.kind == "sort" else -2.5
        if _street(mention, reading):
            score += 2.0 if "address" in field.names or field.spot else -1.5
        if reading.ours and mention.end == mention.start + 1 and _first_word(mention, reading.said):
            score -= 1.0
    return score


def _told_by(field: Field, stems: tuple[set[str], set[str]], near: set[str], reading: Reading) -> float:
    """How far the words beside a mention tell of a slot. What the whole form is about tells its slots apart only right
    beside it: "the movie Dumbo"."""
    far = reading.form.heads - near
    before, after = stems
    return (
        2.0 * bool(before & field.names - far)
        + 1.0 * bool(before & field.cues - far)
        + 1.5 * bool(after & field.names - far)
        + 0.7 * bool(after & field.cues - far)
    )


def _counted(
    field: Field, left: list[str], right: list[str], stems: tuple[set[str], set[str]], reading: Reading
) -> float:
    """A number counts what stands behind it, or else before; "a table for 2" counts people."""
    alone = not right or right[0] in reading.speech.single("ends")
    if left and left[-1] in reading.speech.single("for_people") and alone and "person" in field.cues:
        return 1.5
    before, after = stems
    if after & field.cues:
        return 1.5 + 1.0 * bool(after & field.names)
    if before & field.cues:
        return 0.5 + 0.3 * bool(before & field.names)
    return 0.0 if field.name in reading.asked else -3.0


def _sorted(word: str, reading: Reading) -> bool:
    """Whether a word is what the form is about, so that the one before it tells a sort: "Italian restaurant"."""
    return stem(word) in reading.speech.spread(reading.form.heads) or word in reading.speech.single("food")


def _street(mention: Mention, reading: Reading) -> bool:
    """Whether a name is an address: a number and the word for a street."""
    words = reading.said.keys[mention.start : mention.end]
    numbered = any(w[:1].isdigit() for w in words)
    return numbered and any(w in reading.speech.single("streets") for w in words)


def _first_word(mention: Mention, said: Said) -> bool:
    return mention.start == 0 or said.tokens[mention.start - 1].pause


def _placed(field: Field, left: list[str], main: str, ours: bool) -> float:
    """What the small word before a name says of it."""
    before = next((w for w in reversed(left) if w not in ("the", "a", "an", "de", "het", "een")), "")
    if before in ("in", "near", "around"):
        return 2.0 if field.kind == "place" else -4.0
    if before in ("to", "from") and field.kind == "place":
        return 1.2
    if before == "at" and ours:
        return 0.8 if field.told else -2.0 * (field.name == main)
    if before == "at":
        return 1.2 if field.spot or field.kind == "name" else -0.5
    if before in ("by", "door", "van"):
        return 1.5 if "by" in field.cues else -0.5
    return 0.0


def _beside(mention: Mention, reading: Reading) -> tuple[list[str], list[str]]:
    """The words before and after a mention, up to the next mention or the sentence's end."""
    said = reading.said
    others = {n for m in said.mentions if m is not mention for n in range(m.start, m.end)}
    left: list[str] = []
    i = mention.start - 1
    while i >= 0 and len(left) < 6 and i not in others and not said.tokens[i].pause:
        if said.keys[i]:
            left.insert(0, said.keys[i])
        i -= 1
    right: list[str] = []
    i = mention.end
    while i < len(said.keys) and len(right) < 3 and i not in others and not said.tokens[i].pause:
        if said.keys[i]:
            right.append(said.keys[i])
        i += 1
    return left, right


def _end(left: list[str], field: Field, speech: Speech) -> str:
    """The end of a way or period that the nearest word before a mention points to; who stays leaves at its end."""
    stay = "stay_" if "check" in field.names else ""
    for stop in range(len(left), 0, -1):
        for end in ("from", "to"):
            if speech.ends_at(stay + end, left, stop):
                return end
    return ""


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
    return _fit(Mention("choice", start, end, reading.said.words(start, end)), field, reading)


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


def _sorts(reading: Reading, taken: Collection[int]) -> Iterator[Found]:
    """ "a comedy movie": the word before what the form is about tells its sort."""
    fields = [f for f in reading.form.fields.values() if f.kind == "sort"]
    if not fields or reading.ours:
        return
    heads = reading.speech.spread(reading.form.heads) | reading.speech.single("food")
    plain = frozenset().union(*(reading.speech.single(c) for c in ("not_names", "ends", "no_sort")))
    named = {
        n for m in reading.said.mentions if m.kind == "name" and m.end - m.start > 2 for n in range(m.start, m.end)
    }
    keys = reading.said.keys
    own = {w for f in reading.form.fields.values() for w, v in f.values.items() if "_".join(w) == v}
    for i in range(1, len(keys)):
        word = keys[i - 1]
        free = (i - 1 not in taken or (word,) not in own) and i - 1 not in named
        if (
            stem(keys[i]) in heads
            and word
            and free
            and word.isalpha()
            and word not in plain
            and stem(word) not in heads
        ):
            start = i - 1
            while (
                start
                and reading.said.tokens[start].text[:1].isupper()
                and reading.said.tokens[start - 1].text[:1].isupper()
            ):
                start -= 1
            yield Found(fields[0], reading.said.words(start, i), start, i, 1.0)
            return


def _lower(reading: Reading, taken: Collection[int]) -> Iterator[Found]:
    """Places in small letters after a small word: "in san rafael"."""
    if reading.ours:
        return
    said, speech = reading.said, reading.speech
    plain = speech.single("not_names") | speech.single("ends")
    for i, key in enumerate(said.keys[:-1]):
        if key not in ("in", "to", "from", "near", "around", "at", "by"):
            continue
        if key == "to" and not (
            (i and said.keys[i - 1] in speech.single("to") | {"money", "transfer"}) or "from" in said.keys
        ):
            continue
        end = i + 1
        while (
            end < len(said.keys) and end < i + 4 and end not in taken and said.keys[end] and said.keys[end] not in plain
        ):
            if said.keys[end][:1].isdigit():
                break
            end += 1
        if end == i + 1 or any(m.start < end and m.end > i + 1 for m in said.mentions):
            continue
        mention = Mention("name", i + 1, end, said.words(i + 1, end))
        fits = [(_fit(mention, f, reading), f) for f in reading.form.fields.values() if _led(key, f)]
        best = max(fits, key=lambda x: x[0], default=None)
        if best and best[0] >= 1.5 and not any(w in reading.form.heads for w in map(stem, said.keys[i + 1 : end])):
            yield Found(best[1], mention.text, i + 1, end, best[0])


def _led(key: str, field: Field) -> bool:
    """Whether a small word can lead to a slot's value in small letters."""
    if field.told or field.kind not in ("place", "name"):
        return False
    if key == "by":
        return "by" in field.cues
    return field.kind == "place" or (bool(field.ends) and key in ("to", "from"))


def _answers(reading: Reading, taken: Collection[int], found: Mapping[str, Found]) -> Iterator[Found]:
    """A bare answer to what was asked, without what leads up to it."""
    if reading.ours:
        return
    said, speech = reading.said, reading.speech
    fields = [reading.form.fields[a] for a in reading.asked if a in reading.form.fields and a not in found]
    texts = [f for f in fields if f.kind in ("name", "place", "sort")]
    if not texts or any(a in found for a in reading.asked):
        return
    start, end = 0, len(said.keys)
    if any(t.text == "?" for t in said.tokens):
        return
    moved = True
    while moved and start < end:
        moved = False
        if not said.keys[start] or (n := speech.at("leads", said.keys, start)):
            start += 1 if not said.keys[start] else n
            moved = True
    stop = start
    plain = speech.single("ends")
    while stop < end and said.keys[stop] and said.keys[stop] not in plain and stop not in taken:
        stop += 1
    words = said.keys[start:stop]
    plain = speech.single("not_names")
    if not words or len(words) > 5 or is_plain(words[0], plain) or speech.within("begin", words):
        return
    if speech.within("accept", words) or speech.within("refuse", words) or speech.within("any", words):
        return
    yield Found(texts[0], said.words(start, stop), start, stop, 1.0)
