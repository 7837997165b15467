"""What is a yes, what is a no, and what is neither.

A yes commits an order, so it is read by a small grammar and not by likeness (rule 12 of the design). An utterance is a
yes when it is nothing but phrases of agreement: a whole phrase ("go ahead"), or a statement in the order of a statement
("everything | looks | really | good"), with courtesy around them ("please", "thanks for checking"). A word that the
grammar has no place for, the order of a question, a question mark or trailing dots make it something else. The closed
lists of the grammar are in the phrase files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sayso.understanding.lexicon import Lexicon
from sayso.understanding.phrasing import heard
from sayso.understanding.words import Token, keys

LONGEST = 7
"""The longest phrase of the grammar in words."""
MAX_WORDS = 24
"""An agreement is short; what is longer says something else."""

_MOVES: dict[str, tuple[tuple[str, str], ...]] = {
    "open": (("yes", "said"), ("around", "open"), ("subject", "of"), ("stated", "is"), ("bare", "is")),
    "of": (("between", "of"), ("verb", "is"), ("does", "said")),
    "is": (("degree", "is"), ("good", "said")),
}
"""Where one is in an agreement -> the classes of phrases that may follow, and where they lead. After something was
said ("said") all of "open" may follow, and a tail ("to me")."""
_SAID = (*_MOVES["open"], ("tail", "said"))
_RUN = re.compile(r"(.)\1+")


def polarity(toks: Sequence[Token], lexicon: Lexicon) -> tuple[str, tuple[Token, ...]]:
    """ "yes", "no", "hesitation" or "", and what was said besides it. Anything besides makes it less than plain."""
    words = [t for t in toks if t.key]
    exact = "".join(t.key for t in words)
    if any("hesitation" in pack.says.get(exact, ()) for pack in lexicon.packs):
        return "hesitation", ()
    if agrees(toks, lexicon):
        return "yes", ()
    side, rest = _led(words, lexicon)
    while side == "no" and rest and (again := _led(rest, lexicon))[0] == "no":
        rest = again[1]
    if side == "no" and (not rest or _courteous(rest, lexicon)):
        return "no", ()
    if side == "yes" and not rest:
        return "hesitation", ()  # "yes?", "ok ..."
    return side, rest


def agrees(toks: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether an utterance is a plain yes: nothing but agreement, stated."""
    words = [t.key for t in toks if t.key]
    asked = any(t.text in ("?", "…") for t in toks) or _trails(toks)
    if asked or not words or len(words) > MAX_WORDS:
        return False
    return any(place == "said" or (place == "open" and said) for place, said in _ways(words, lexicon))


def contradicts(rest: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether what follows a no takes it back: "no problem", "no, it's perfect"."""
    return bool(rest) and ("harmless" in _classes((rest[0].key,), lexicon) or agrees(rest, lexicon))


def hesitates(words: Iterable[Token], lexicon: Lexicon) -> bool:
    """Whether words doubt or set a condition: "maybe", "only if", "tenzij"."""
    said = f" {' '.join(t.key for t in words)} "
    return any(heard(said, lexicon.cues["hesitant"]))


def _trails(toks: Sequence[Token]) -> bool:
    """ "ok ..." waits for something."""
    return len(toks) > 2 and all(t.text == "." for t in toks[-2:])


def _ways(words: Sequence[str], lexicon: Lexicon) -> set[tuple[str, bool]]:
    """Where one can be at the end of `words`, and whether something was agreed to by then."""
    reached: list[set[tuple[str, bool]]] = [set() for _ in range(len(words) + 1)]
    reached[0] = {("open", False)}
    for at in range(len(words)):
        if not reached[at]:
            continue
        for size in range(1, min(LONGEST, len(words) - at) + 1):
            found = _classes(words[at : at + size], lexicon)
            if found:
                reached[at + size].update(_on(reached[at], found))
    return reached[-1]


def _on(places: Iterable[tuple[str, bool]], found: frozenset[str]) -> Iterator[tuple[str, bool]]:
    for place, said in places:
        for kind, leads in _SAID if place == "said" else _MOVES[place]:
            if kind in found:
                yield leads, said or place == "said" or leads == "said"


def _classes(words: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    """The classes of a phrase in any of the languages; letters may be drawn out ("yesss", "jaaa")."""
    key = "".join(words)
    found = {c for pack in lexicon.packs for c in pack.agreement.get(key, ())}
    if len(words) == 1 and not found and (short := _RUN.sub(r"\1", key)) != key:
        found = {c for pack in lexicon.packs for c in pack.agreement.get("~" + short, ())}
    if len(words) == 1 and not found and key in keys(lexicon.artefact.merchant.persona.name):
        found = {"around"}
    return frozenset(found)


def _courteous(rest: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether what follows a no is courtesy alone."""
    words = [t.key for t in rest]
    return any(place == "open" and not said for place, said in _ways(words, lexicon))


def _led(words: Sequence[Token], lexicon: Lexicon) -> tuple[str, tuple[Token, ...]]:
    """The yes or no that an utterance begins with, after a word or two of courtesy, and the rest of it."""
    for start in range(min(4, len(words))):
        for size in range(min(LONGEST, len(words) - start), 0, -1):
            found = _classes([t.key for t in words[start : start + size]], lexicon)
            if side := next((s for s in ("no", "yes") if s in found), ""):
                return side, tuple(words[start + size :])
        if "around" not in _classes((words[start].key,), lexicon):
            break
    return "", ()
