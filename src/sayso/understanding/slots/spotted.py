"""Days, times, parties and names of people for the slots of an intent, read together: which spot fills which slot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sayso.manifest.specs import SlotSpec
from sayso.model.command import Candidate, Evidence, Fill
from sayso.understanding.slots.marked import setting_of
from sayso.understanding.slots.spots import Readers, Spot
from sayso.understanding.slots.spotter import Choice, Setting, Spotter
from sayso.understanding.slots.times import Timely, find_times
from sayso.understanding.spans import Reading


def spotted(
    reading: Reading,
    slots: Mapping[str, str],
    asked: SlotSpec | None,
    spotter: Spotter,
    readers: Readers,
    timely: Timely,
    now: datetime,
) -> tuple[tuple[Fill, Spot], ...]:
    """The values of `slots` (name -> type) in an utterance, each with where it stands. A value that was heard and could
    not be read has no candidates: dialogue asks again."""
    named = [n for s in reading.spans if s.sure for n in range(s.start, s.end)]
    setting = setting_of(reading.tokens, (asked.type,) if asked else (), slots, readers, named)
    chosen = spotter.choose(setting, slots)
    day = next((d for c in chosen if c.spot.kind in _DAYS and (d := _day(c.spot, setting, reading, timely, now))), "")
    found: list[tuple[Fill, Spot]] = []
    for choice in chosen:
        words = _words(reading, choice.spot)
        for slot in choice.slots:
            value = _value(choice, slots[slot], setting, reading, timely, now, day)
            values = (Candidate(value, choice.score),) if value else ()
            found.append((Fill(slot, values, Evidence(words, "local", choice.score)), choice.spot))
    return tuple(found)


_DAYS = ("day", "short", "nth", "ahead", "span", "now")


def _words(reading: Reading, spot: Spot) -> str:
    return reading.text[reading.tokens[spot.start].start : reading.tokens[spot.end - 1].end]


def _value(
    choice: Choice, type: str, setting: Setting, reading: Reading, timely: Timely, now: datetime, day: str
) -> str:
    spot = choice.spot
    if type == "party":
        return str(spot.count)
    if type == "date":
        return _day(spot, setting, reading, timely, now)
    if type == "time":
        return _time(spot, setting, reading, timely, now, day)
    words = _words(reading, spot)
    return words.title() if words.islower() else words


def _when(spot: Spot, setting: Setting, reading: Reading, timely: Timely, now: datetime, before: int) -> str:
    """The moment, day or interval of a spot, with up to `before` words before it ("after six")."""
    toks = setting.toks[max(0, spot.start - before) : spot.end]
    found = find_times(toks, timely, reading.language, now, True)
    return found[-1].value if found else ""


def _day(spot: Spot, setting: Setting, reading: Reading, timely: Timely, now: datetime) -> str:
    """The one day that a spot names, "" for none or several."""
    value = _when(spot, setting, reading, timely, now, 1 if spot.kind == "nth" else 0)
    first, _, last = value.partition("/")
    if value.startswith("@"):
        return now.date().isoformat()
    return first[:10] if not last or last[:10] == first[:10] else ""


def _time(spot: Spot, setting: Setting, reading: Reading, timely: Timely, now: datetime, day: str) -> str:
    """The moment of a spot, on the day that was said with it."""
    value = _when(spot, setting, reading, timely, now, 1) or _when(spot, setting, reading, timely, now, 0)
    if not day or "/" in value or len(value) < 16 or spot.kind in ("span", "now"):
        return value
    moment = datetime.fromisoformat(f"{day}T{value[11:16]}")
    return moment.replace(tzinfo=now.tzinfo).isoformat()
