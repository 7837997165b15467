"""How well what is mentioned fits a slot: what was asked, the words beside it, the end it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.understanding.schemas.said import Mention, Said
from sayso.understanding.schemas.spec import Field, Form
from sayso.understanding.schemas.speech import Speech, stem

ANY = "@any"
"""The value of a slot to which anything will do."""


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


def fit(mention: Mention, field: Field, reading: Reading) -> float:
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
        main = field.name == reading.form.main
        score += _placed(field, left, main, reading.ours, reading.speech) + main * (1.5 if reading.ours else 1.0)
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


def _placed(field: Field, left: list[str], main: bool, ours: bool, speech: Speech) -> float:
    """What the small word before a name says of it."""
    before = next((w for w in reversed(left) if w not in speech.single("article")), "")
    if before in speech.single("within"):
        return 2.0 if field.kind == "place" else -4.0
    if before in speech.single("way") and field.kind == "place":
        return 1.2
    if before in speech.single("at") and ours:
        return 0.8 if field.told else -2.0 * main
    if before in speech.single("at"):
        return 1.2 if field.spot or field.kind == "name" else -0.5
    if before in speech.single("by"):
        return 1.5 if speech.single("by") & field.cues else -0.5
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
