"""Which spots of an utterance fill which slots: rules of thumb, corrected by what a manifest's marked samples teach.

Each spot is scored for every slot of a fitting type and for none of them: a multinomial logistic regression whose
intercept is the rule of thumb (`prior`), so that without samples the rules decide and every sample moves them. Features
are the spot, the words around it, the question that was asked, and the other spots. Learning is deterministic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import TYPE_CHECKING

from sayso.understanding.intents.regression import fitted
from sayso.understanding.slots.spots import TYPES, Spot
from sayso.understanding.words import Token

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

NONE = ""
_PRIOR: Mapping[str, float] = {
    "day": 3.0, "short": -1.0, "nth": 2.0, "ordinal": -2.5, "ahead": 3.0, "span": 2.0, "now": -1.5, "clock": 3.0,
    "oclock": 3.0, "parted": 2.5, "bare": -3.0, "clocks": 0.0, "digits": -1.0, "number": -1.0, "party": -1.5,
    "first": -1.5, "last": -1.5, "word": -2.5, "person": -1.5,
}  # fmt: skip
"""How likely a spot of that kind is a value, as log odds, before anything else is known."""
_FACTS: Mapping[tuple[str, str], float] = {
    ("party", "sure"): 4.0, ("party", "led"): 2.5, ("party", "own"): -2.0, ("party", "timed"): -2.0,
    ("first", "led"): 3.0, ("last", "led"): 3.0, ("person", "led"): 3.0, ("word", "led"): 2.0,
    ("first", "hinted"): 1.5, ("last", "hinted"): 1.5, ("person", "hinted"): 1.5,
    ("first", "capital"): 0.5, ("last", "capital"): 0.5, ("person", "capital"): 0.5, ("word", "capital"): 1.0,
    ("word", "last"): 3.0, ("word", "first"): 3.0, ("number", "timed"): 3.0, ("clocks", "timed"): 2.5,
    ("digits", "timed"): 2.0, ("nth", "timed"): 1.0, ("short", "timed"): 3.0,
}  # fmt: skip
"""What is added for what its reader knows of a spot, and for a small word of time before it."""
_ASKED, _ASKED_ALONE, _NEGATED, _CORRECTS, _WITHIN = 2.5, 2.0, -3.0, 3.0, -2.5
"""What it adds that the slot was asked for, and that nothing else was said; that it is denied ("not Friday"), or takes
the place of what is denied beside it ("not Anna, Hannah"); that it is part of a longer spot of the same type."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a spot stands in: the utterance's tokens and, per token, what is known of it (`traits`); all its spots; the
    types that were asked for."""

    toks: Sequence[Token]
    traits: Sequence[Sequence[str]]
    spots: Sequence[Spot]
    asked: Collection[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A spot that fills `slots` (two where one phrase is a day and a time), with its probability."""

    spot: Spot
    slots: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Spotter:
    """What was learned: feature -> row of `weights`, whose columns are `labels` (slots joined with "+")."""

    labels: tuple[str, ...] = (NONE,)
    rows: Mapping[str, int] = field(default_factory=dict)
    weights: NDArray[float64] | None = None

    def score(self, spot: Spot, setting: Setting, slots: Mapping[str, str]) -> dict[str, float]:
        """The log odds against "none of them" of each label that fits `spot`. `slots`: name -> type."""
        fitting = labels_for(spot, slots)
        found = {label: prior(spot, setting, [slots[s] for s in label.split("+")]) for label in fitting}
        if self.weights is not None:
            rows = [self.rows[f] for f in features(spot, setting) if f in self.rows]
            learned = dict(zip(self.labels, self.weights[rows].sum(axis=0).tolist(), strict=True))
            found = {label: s + learned.get(label, 0.0) - learned[NONE] for label, s in found.items()}
        return found

    def choose(self, setting: Setting, slots: Mapping[str, str]) -> tuple[Choice, ...]:
        """The spots that fill slots: the most likely first, none over another, each slot once."""
        ranked: list[Choice] = []
        for spot in setting.spots:
            scores = self.score(spot, setting, slots)
            if not scores:
                continue
            best = max(scores, key=lambda label: scores[label])
            if scores[best] > 0:
                ranked.append(Choice(spot, tuple(best.split("+")), 1 / (1 + exp(-scores[best]))))
        return _apart(sorted(ranked, key=lambda c: -c.score))


def _apart(ranked: Iterable[Choice]) -> tuple[Choice, ...]:
    kept: list[Choice] = []
    for choice in ranked:
        if not any(choice.spot.over(k.spot) or set(choice.slots) & set(k.slots) for k in kept):
            kept.append(choice)
    return tuple(sorted(kept, key=lambda c: c.spot.start))


def labels_for(spot: Spot, slots: Mapping[str, str]) -> tuple[str, ...]:
    """The slots that a spot can fill, by their types; a phrase that is both a day and a time also both."""
    fitting = [name for name, type in slots.items() if type in TYPES[spot.kind]]
    both = ["+".join(sorted(fitting))] if spot.kind in ("span", "now") and len(fitting) == 2 else []
    return (*both, *fitting)


def prior(spot: Spot, setting: Setting, types: Sequence[str]) -> float:
    """The log odds of the rules of thumb that `spot` is a value of those types."""
    log_odds = _PRIOR[spot.kind] + sum(_FACTS.get((spot.kind, fact), 0.0) for fact in _facts(spot, setting))
    asked = any(type in setting.asked or (type in _NAMES and _NAMES & set(setting.asked)) for type in types)
    log_odds += (_ASKED if asked else 0.0) + (_ASKED_ALONE if asked and _alone(spot, setting) else 0.0)
    log_odds += _part(spot, types[0])
    for other in setting.spots:
        same = types[0] in TYPES[other.kind] and _PRIOR[other.kind] >= _PRIOR[spot.kind]
        if same and _inside(spot, other):
            log_odds += _WITHIN
            break
    if _negated(spot, setting):
        return log_odds + _NEGATED
    return log_odds + (_CORRECTS if _corrects(spot, setting, types[0]) else 0.0)


_NAMES = frozenset(("first_name", "last_name", "person"))
"""Who is asked for a part of his name gives all of it."""


def _span(spot: Spot) -> range:
    return range(spot.start, spot.end)


def _part(spot: Spot, type: str) -> float:
    """A single word as the part of a name that the words before it announce."""
    if spot.kind != "word" or type == "person":
        return 0.0
    part = next((f for f in spot.facts if f in ("first", "last", "family")), "")
    if part == "family":
        return 0.5 if type == "last_name" else -0.5
    return 0.0 if part == "" else 1.0 if type.startswith(part) else -6.0


_TIMED = ("t_at", "t_after", "t_before", "t_between", "t_asked")
_DENIALS = frozenset(("not", "from", "niet", "geen", "van", "instead"))


def _facts(spot: Spot, setting: Setting) -> Iterable[str]:
    before = setting.traits[spot.start - 1] if spot.start else ()
    timed = any(t in before for t in _TIMED) and "w=for" not in before and "w=voor" not in before
    return (*spot.facts, *(("timed",) if timed else ()))


def _alone(spot: Spot, setting: Setting) -> bool:
    """Whether nothing else is said than the spot and politeness."""
    rest = [n for n, t in enumerate(setting.toks) if t.key and not spot.start <= n < spot.end]
    return all({"r_filler", "t_at", "t_on", "r_want", "r_stop", "yes"} & set(setting.traits[n]) for n in rest)


def _negated(spot: Spot, setting: Setting) -> bool:
    name = spot.kind in ("first", "last", "word", "person")  # "van" leads up to names
    denials = _DENIALS - {"van", "from"} if name else _DENIALS
    return any(t.key in denials for t in setting.toks[max(0, spot.start - 2) : spot.start])


def _corrects(spot: Spot, setting: Setting, type: str) -> bool:
    """Whether a spot of the same type that is denied stands beside it, in its longest reading."""
    longest = (o for o in setting.spots if not any(_inside(o, other) for other in setting.spots))
    others = (o for o in longest if type in TYPES[o.kind] and not o.over(spot))
    return any(_negated(o, setting) for o in others if 0 <= max(spot.start - o.end, o.start - spot.end) <= 3)


def _inside(spot: Spot, other: Spot) -> bool:
    """Whether a spot is a part of a longer one."""
    return other.start <= spot.start and spot.end <= other.end and len(_span(other)) > len(_span(spot))


def features(spot: Spot, setting: Setting) -> list[str]:
    """What is known of a spot of its kind."""
    traits, size = setting.traits, len(setting.toks)
    found = ["bias", f"size={min(spot.end - spot.start, 4)}", *_facts(spot, setting)]
    found.extend(f"asked={type}" for type in setting.asked)
    found.extend(("asked name",) if _NAMES & set(setting.asked) else ())
    found.extend(("asked",) if setting.asked else ())
    for away in (1, 2, 3):
        at = spot.start - away
        found.extend((f"-{away}{t}" for t in traits[at]) if at >= 0 else (f"-{away}^",))
        if at < 0:
            break
    for away in (0, 1):
        at = spot.end + away
        found.extend((f"+{away}{t}" for t in traits[at]) if at < size else (f"+{away}$",))
        if at >= size:
            break
    found.extend(f"in={t}" for at in (spot.start, spot.end - 1) for t in traits[at] if t[:2] != "w=")
    found.extend(("alone",) if _alone(spot, setting) else ())
    found.extend(("negated",) if _negated(spot, setting) else ())
    found.extend(_others(spot, setting.spots))
    return [f"{spot.kind}|{name}" for name in dict.fromkeys(found)]


def _others(spot: Spot, spots: Sequence[Spot]) -> Iterable[str]:
    """The other spots: those that share its words, and those that stand elsewhere."""
    for other in spots:
        if other is spot:
            continue
        if other.over(spot):
            inside = spot.start <= other.start and other.end <= spot.end
            same = _span(other) == _span(spot)
            yield f"over={other.kind}{'=' if same else '<' if inside else '>'}"
        else:
            yield f"{'then' if other.start > spot.start else 'after'}={other.kind}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A marked utterance: its setting, and where in its tokens the values of slots are: (start, end) -> label."""

    setting: Setting
    values: Mapping[tuple[int, int], str]


def learn(samples: Sequence[Sample], slots: Mapping[str, str], strength: float = 0.3) -> Spotter:
    """A spotter taught by `samples`. `slots`: name -> type; `strength`: of the pull towards the rules of thumb."""
    import numpy

    pairs = [(sample, spot) for sample in samples for spot in sample.setting.spots if labels_for(spot, slots)]
    if not pairs:
        return Spotter()
    names = sorted({label for _, spot in pairs for label in labels_for(spot, slots)})
    labels = (NONE, *names)
    said = [features(spot, sample.setting) for sample, spot in pairs]
    rows = {name: n for n, name in enumerate(sorted({f for each in said for f in each}))}
    seen = numpy.zeros((len(pairs), len(rows)), dtype=numpy.float32)
    for n, each in enumerate(said):
        seen[n, [rows[f] for f in each]] = _SCALE
    offset, wanted = _beforehand(pairs, labels, slots)
    weights = seen.T @ fitted(seen, offset, wanted, strength)
    return Spotter(labels, rows, weights * _SCALE)


def _beforehand(
    pairs: Sequence[tuple[Sample, Spot]], labels: Sequence[str], slots: Mapping[str, str]
) -> tuple[NDArray[float64], NDArray[float64]]:
    """The rules' log odds of each label for each spot, and which label it has, as a one; a row per spot."""
    import numpy

    offset = numpy.full((len(pairs), len(labels)), _NEVER)
    wanted = numpy.zeros((len(pairs), len(labels)))
    for n, (sample, spot) in enumerate(pairs):
        offset[n, 0] = 0.0
        fitting = labels_for(spot, slots)
        for label in fitting:
            offset[n, labels.index(label)] = prior(spot, sample.setting, [slots[s] for s in label.split("+")])
        label = sample.values.get((spot.start, spot.end), NONE)
        wanted[n, labels.index(label) if label in fitting else 0] = 1.0
    return offset, wanted


_NEVER = -30.0
"""Log odds of what cannot be."""
_SCALE = 30**-0.5
"""Features count for as much as one over the root of how many a spot has, about."""
