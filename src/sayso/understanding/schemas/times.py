"""Days and clocks as they were said, each by itself: "the 13th of March", "half past 5 in the evening"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.understanding.schemas.said import Mention, Said, Seen
from sayso.understanding.slots.clocks import Clock, read_clock

_DATES = (
    "later day",
    "later week",
    "weekday comma? which week",
    "weekday comma? month the? number suffix? comma? year?",
    "weekday comma? the? number suffix? of? month",
    "which weekday",
    "the? number suffix? of? which month_word",
    "the? number suffix? of? month comma? year?",
    "the? nth of? which month_word",
    "the? nth of? month",
    "month the? number suffix? comma? year?",
    "month the? nth",
    "weekday comma? the number suffix",
    "weekday",
    "the number suffix",
    "number suffix",
    "date",
    "day",
)
"""Days by the classes of their words in order, "?" optional; the first that fits counts."""

_Cell = tuple[int, int, frozenset[str], int]


def read_dates(seen: Seen) -> Iterator[Mention]:
    """The days of an utterance; "the" stays outside where a month follows."""
    cells = _cells(seen)
    i = 0
    while i < len(cells):
        hit = next((h for p in _DATES if (h := _match(cells, i, p))), 0)
        if not hit or cells[i][0] in seen.taken or _no_day(seen, cells, i, hit):
            i += 1
            continue
        monthly = any(c[2] & {"month", "month_word"} for c in cells[i:hit])
        start = cells[i + 1][0] if "the" in cells[i][2] and monthly else cells[i][0]
        end = cells[hit - 1][1]
        start += int(
            "day" in cells[i][2] and end - start > 2 and seen.said.keys[start] in seen.speech.single("article")
        )
        yield seen.said.mention("date", start, end)
        i = hit


def _no_day(seen: Seen, cells: Sequence[_Cell], i: int, stop: int) -> bool:
    """ "That's all for today", "20th Salon and Barber", "474 24th street" name no day."""
    said, end = seen.said, cells[stop - 1][1]
    if seen.speech.ends_at("closing", said.keys, end):
        return True
    bare = stop - i == 2 and "number" in cells[i][2] and "suffix" in cells[stop - 1][2]
    return bare and (said.capital(end) or (end < len(said.keys) and said.keys[end] in seen.speech.single("streets")))


def _cells(seen: Seen) -> list[_Cell]:
    """The words of time with the classes that days as said need besides."""
    keys, speech = seen.said.keys, seen.speech
    cells: list[_Cell] = []
    for word in seen.words:
        own = keys[word.start : word.end]
        if len(own) == 2 and own[1] in speech.single("week"):
            cells += [
                (word.start, word.start + 1, frozenset({"which", "the"}), -1),
                (word.start + 1, word.end, frozenset({"week"}), -1),
            ]
            continue
        extra = {name for name in ("which", "week", "month_word", "later") if (" ".join(own),) in speech.classes[name]}
        if len(own) == 1 and own[0].isdigit() and len(own[0]) == 4 and own[0][:2] in ("19", "20"):
            extra.add("year")
        cells.append((word.start, word.end, word.classes | extra, word.value))
    return cells


def _match(cells: Sequence[_Cell], i: int, pattern: str) -> int:
    """Where `pattern` ends that begins at `i`, 0 where it does not fit."""
    for part in pattern.split():
        name, optional = part.rstrip("?"), part.endswith("?")
        if i < len(cells) and name in cells[i][2] and not (name == "number" and not 0 < cells[i][3] < 32):
            i += 1
        elif not optional:
            return 0
    return i - ("comma" in cells[i - 1][2])


def read_clocks(seen: Seen) -> Iterator[Mention]:
    """The times of day of an utterance, with the part of the day before or behind: "evening 6", "6 in the evening"."""
    said, words, parts = seen.said, seen.words, seen.speech.single("day_part")
    i = 0
    while i < len(words):
        start = words[i].start
        parted = start > 0 and said.keys[start - 1] in parts and start - 1 not in seen.taken
        led = parted or bool(seen.speech.ends_at("clock_leads", said.keys, start))
        free = start not in seen.taken and not _ordinal(seen, i)
        clock = (read_clock(words, i, seen.language, led) or _parted(seen, i)) if free else None
        if clock is None:
            i += 1
            continue
        end = _tail(seen, words[clock.stop - 1].end)
        start -= int(parted)
        start += int(said.keys[start] in seen.speech.single("article"))
        if not seen.taken.intersection(range(start, end)):
            value = clock.minutes + (720 if clock.half == "pm" and clock.minutes < 720 else 0)
            yield said.mention("clock", start, end, str(value % 1440))
        i = next((n for n, w in enumerate(words) if w.start >= end), len(words))


def _ordinal(seen: Seen, i: int) -> bool:
    """ "at 20th Salon" tells no time."""
    return i + 1 < len(seen.words) and "suffix" in seen.words[i + 1].classes


def _parted(seen: Seen, i: int) -> Clock | None:
    """A bare number with its part of the day behind, or with the word for a clock: "10 o"clock", "5 in the night"."""
    word = seen.words[i]
    if "number" not in word.classes or not 0 < word.value < 25 or _tail(seen, word.end) == word.end:
        return None
    return Clock(i + 1, word.value % 24 * 60)


def _tail(seen: Seen, end: int) -> int:
    """Over "o'clock" and the part of the day."""
    keys = seen.said.keys
    end += _oclock(seen.said, end, seen.speech.single("oclock"))
    in_part = seen.speech.at("in_part", keys, end)
    return end + in_part


def _oclock(said: Said, end: int, words: frozenset[str]) -> int:
    """How many tokens say "o'clock" here; some keyboards put another mark into it."""
    keys = said.keys
    if keys[end : end + 3] == ("o", "", "clock"):
        return 3
    if keys[end : end + 2] == ("o", "clock"):
        return 2
    return int(keys[end : end + 1] != () and keys[end] in words)
