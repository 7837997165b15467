"""What is left when some of a slot's values are refused: "Tuesday, but not in the morning", "with anyone but Kim".

A refused part of a time that was said is cut off it. Where nothing else was said, what is left is asked about: the
other values where they are few, else the slot itself. Nothing that was refused is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from sayso.manifest.specs import SlotSpec
from sayso.model.command import Candidate, Evidence, Fill

FEW = 4
"""So many other values are asked about by their names."""
_MAYBE = 0.5
_DAY = len("2026-11-27")
_WEEK = timedelta(days=7)
_LATEST = time(23, 59)
_PARTS = (0, 12, 18)
"""Hours at which the parts of a day begin."""

Span = tuple[datetime, datetime]


def left(
    fills: Sequence[Fill], refused: Sequence[Fill], slots: Mapping[str, SlotSpec], others: Mapping[str, Sequence[str]]
) -> Iterator[Fill]:
    """What to ask because of `refused`, whose values are what is not wanted; `others`: slot -> every value of it."""
    said = {fill.slot for fill in fills}
    for name in dict.fromkeys(f.slot for f in refused if f.slot not in said and f.slot in slots):
        gone = {c.id for f in refused if f.slot == name for c in f.values}
        words = next(f.evidence for f in refused if f.slot == name)
        rest = tuple(value for value in others.get(name, ()) if value not in gone)
        yield Fill(name, tuple(Candidate(value, _MAYBE) for value in rest) if len(rest) <= FEW else (), words)


def cut(fill: Fill, refused: Sequence[Fill], now: datetime) -> Fill:
    """A time without what is refused of it; no value where nothing is left."""
    values = tuple(c.id for c in fill.values)
    for gone in (whole(c.id, now) for f in refused if f.slot == fill.slot for c in f.values):
        values = tuple(rest for value in values if (rest := less(value, gone, now.tzinfo)))
    if values == tuple(c.id for c in fill.values):
        return fill
    part = fill.part if values and values[0] == fill.values[0].id else ""
    return replace(fill, values=tuple(map(Candidate, values)), part=part)


def whole(value: str, now: datetime) -> str:
    """A part of the day that has begun already, from its beginning: "not in the afternoon", said at three."""
    first, _, last = value.partition("/")
    if not last or len(first) <= _DAY or datetime.fromisoformat(first) != now.replace(second=0, microsecond=0):
        return value
    began = max(hour for hour in _PARTS if hour <= now.hour)
    return f"{now.replace(hour=began, minute=0, second=0, microsecond=0).isoformat()}/{last}"


def less(value: str, gone: str, zone: tzinfo | None) -> str:
    """A time without another: the longer piece that is left of it, "" for none. A clock that is refused is that of the
    day that was said, a weekday that of the week."""
    whole, cut_off = _span(value, zone), _span(gone, zone)
    if whole is None or cut_off is None:
        return value
    if whole[1] - whole[0] <= timedelta(days=1) and len(gone) > _DAY:
        cut_off = _on(whole[0].date(), cut_off)
    while len(gone) == _DAY and cut_off[1] <= whole[0]:
        cut_off = (cut_off[0] + _WEEK, cut_off[1] + _WEEK)  # "next week, not on Wednesday" is that week's
    (since, until), (off, on) = whole, cut_off
    on += timedelta(minutes=1) if on.time() == _LATEST else timedelta()
    if on <= since or off > until:
        return value
    pieces = [(since, min(off, until)), (max(on, since), until)]
    longest = max(pieces, key=lambda piece: piece[1] - piece[0])
    return "/".join(moment.isoformat() for moment in longest) if longest[1] > longest[0] else ""


def _on(day: date, span: Span) -> Span:
    """The clocks of a span, on another day."""
    since = datetime.combine(day, span[0].time(), span[0].tzinfo)
    return since, since + (span[1] - span[0])


def _span(value: str, zone: tzinfo | None) -> Span | None:
    """The moments from which and until which a time is; None for what is none."""
    first, _, last = value.partition("/")
    try:
        if len(first) == _DAY:
            since = datetime.combine(date.fromisoformat(first), time(), zone)
            return since, since + timedelta(days=1) - timedelta(minutes=1)
        since = datetime.fromisoformat(first)
        return since, datetime.fromisoformat(last) if last else since
    except ValueError:
        return None


def refusal(slot: str, values: Sequence[Candidate], words: str) -> Fill:
    """A slot with what is not wanted of it."""
    return Fill(slot, tuple(values), Evidence(words, "local"))
