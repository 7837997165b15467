"""Names: runs of capitalised words, with small words between them: "The Man Who Knew Too Much", "London, UK"."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sayso.understanding.schemas.said import Mention, Said, Seen
from sayso.understanding.words import keys

_CONTRACTED = ("s", "re", "ll", "d", "ve", "m", "nt")
_MARKS = ("&", "-", "'", "#", ":", "/")
_ORDINAL = ("st", "nd", "rd", "th")


def read_known(said: Said, known: Collection[str]) -> Iterator[Mention]:
    """Names that were spoken of before, the longest first, in any letters."""
    taken: set[int] = set()
    for name in sorted(set(known), key=len, reverse=True):
        words = keys(name)
        for i in range(len(said.keys) - len(words) + 1 if words else 0):
            if said.keys[i : i + len(words)] == words and not taken.intersection(range(i, i + len(words))):
                taken.update(range(i, i + len(words)))
                yield said.mention("name", i, i + len(words), "known")
                break


def read_names(seen: Seen) -> Iterator[Mention]:
    """The names of an utterance, in order."""
    said, plain = seen.said, seen.speech.single("not_names")
    calendar = {i for w in seen.words if w.classes & _CALENDAR for i in range(w.start, w.end)}
    barred = seen.taken | calendar
    i = 0
    while i < len(said.tokens):
        if i in barred or not said.capital(i) or not _begins(seen, i, barred):
            i += 1
            continue
        end = _run(seen, i, barred)
        start = i - (_led_by_number(said, i, barred) if end > i + 1 else 0)
        end = _in_small(seen, start, end, barred)
        if end - start > 1 or not is_plain(said.keys[i], plain):
            yield said.mention("name", start, end)
        i = end


_CALENDAR = frozenset(("weekday", "month", "day", "part", "am", "pm"))


def is_plain(key: str, plain: frozenset[str]) -> bool:
    """Whether a word is no name although it has a capital: "Find", "That's", "We'll"."""
    return key in plain or any(key.endswith(c) and key.removesuffix(c) in plain for c in _CONTRACTED)


def _begins(seen: Seen, i: int, barred: set[int]) -> bool:
    """Whether a name can begin with this capital: the first word of a sentence has one anyway."""
    said, speech = seen.said, seen.speech
    if not said.opens(i) or not is_plain(said.keys[i], speech.single("not_names")):
        return said.keys[i] not in speech.single("never_names")
    return said.keys[i] in speech.single("may_begin") and said.capital(i + 1) and i + 1 not in barred


def _run(seen: Seen, i: int, barred: set[int]) -> int:
    """Where the name ends that begins at `i`: over small words and marks, if another capital follows them."""
    said, toks = seen.said, seen.said.tokens
    end, n, small = i + 1, i + 1, 0
    while n < len(toks) and n not in barred and small < 3:
        step = _step(seen, n, small)
        if step == "part":
            end, small = n + 1, 0
        elif step == "join":
            small += 1
        elif step == "comma":
            small = 2
        else:
            break
        n += 1
    return min(end, len(said.keys))


def _step(seen: Seen, n: int, small: int) -> str:
    """What the token at `n` is to a name: a "part" of it, a "join" before one, a "comma", or "" where it ends."""
    said, token, before = seen.said, seen.said.tokens[n], seen.said.tokens[n - 1]
    follows = said.capital(n + 1)
    if token.text[:1].isupper():
        return "part" if token.key not in seen.speech.single("never_names") else ""
    if token.key[:1].isdigit():
        return "part" if small == 0 or before.text == "#" else ""
    if (token.key in _ORDINAL and before.key.isdigit()) or (token.text == "!" and small == 0 and not follows):
        return "part"
    if said.text[token.start - 1] == "-" and small == 0 and token.key:
        return "part"
    if token.text == "," and small == 0 and _goes_on(said, n + 1):
        return "comma"
    if token.text == "." and follows and (len(before.text) < 2 or before.key in seen.speech.single("abbreviations")):
        return "join"
    return "join" if token.key in seen.speech.single("joins") or token.text in _MARKS else ""


def _goes_on(said: Said, n: int) -> bool:
    """Whether what follows a comma is still the name: "London, UK", but not "Hackers, Dogman or Dumbo"."""
    if not said.capital(n):
        return False
    if said.tokens[n].text.isupper() and 1 < len(said.tokens[n].text) < 5:
        return True
    after = n + 1
    while said.capital(after) and after < n + 3:
        after += 1
    return after >= len(said.tokens) or said.tokens[after].text not in (",", "or", "and", "of")


def _led_by_number(said: Said, start: int, barred: set[int]) -> int:
    """How many tokens before a name are its number: "360 Dardanelli Lane", "92nd Street Y"."""
    if start > 1 and said.keys[start - 1] in _ORDINAL and said.keys[start - 2].isdigit():
        return 2 if start - 2 not in barred else 0
    return int(start > 0 and said.keys[start - 1][:1].isdigit() and start - 1 not in barred)


def _in_small(seen: Seen, start: int, end: int, barred: set[int]) -> int:
    """ "in New york city": small letters go on after one capital, where a small word leads to a place."""
    said, speech = seen.said, seen.speech
    shouted = said.tokens[start].text.isupper()
    if end != start + 1 or shouted or not start or said.keys[start - 1] not in speech.single("leads_place"):
        return end
    stops = speech.single("not_names") | speech.single("ends") | speech.single("leads")
    stop = end
    while stop < min(len(said.keys), end + 2) and said.keys[stop].isalpha() and stop not in barred:
        if said.keys[stop] in stops - speech.single("town"):
            break
        stop += 1
    return stop
