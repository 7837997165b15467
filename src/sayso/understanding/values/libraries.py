"""Libraries whose readings are second opinions, where they are installed (`sayso[values]`).

Duckling (`pyduckling-native-phihos`: Haskell in the process) takes 0.2-2 ms a text; its run-time catches SIGINT, which
is given back, and only the main thread may do that, so that it is loaded there or not at all. Recognizers-Text
(`ms-recognizers-text-suite`) takes 5-40 ms, and seconds to compile a language. Both count on the wall clock of the
place; its zone is put to what they say here.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Any

from sayso.understanding.values.model import Reading, Value
from sayso.understanding.values.opinions import Asked, Opinion
from sayso.understanding.values.resolve import stamp

_CLOCK = ("second", "minute", "hour")
_STEP = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(1),
}
_DUCKLING = {"en": "EN_US", "nl": "NL_NL"}
_RECOGNIZERS = {"en": "en-us", "nl": "nl-nl"}


def installed(*names: str) -> tuple[Opinion, ...]:
    """The opinions of "duckling" and "recognizers" (both, where none is named) that are installed. Loads them."""
    makers = {"duckling": ("duckling", duckling), "recognizers": ("ms_recognizers_suite", recognizers)}
    chosen = [makers[name] for name in names or makers]
    found = (make() for module, make in chosen if find_spec(module) is not None)
    return tuple(opinion for opinion in found if opinion is not None)


@cache
def duckling() -> Opinion | None:
    """Duckling; None outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return None
    kept = signal.getsignal(signal.SIGINT)
    import duckling as library

    signal.signal(signal.SIGINT, kept)
    with TemporaryDirectory() as empty:  # The wall clock needs no zones, and without a folder the process would end.
        zones = library.load_time_zones(empty)
    return partial(_duckling, library, zones)


def _duckling(library: Any, zones: Any, asked: Asked) -> Sequence[Value]:
    wall = asked.now.replace(tzinfo=UTC, microsecond=0)
    locale = library.parse_locale(
        _DUCKLING[asked.language], library.default_locale_lang(library.parse_lang(asked.language.upper()))
    )
    context = library.Context(library.parse_ref_time(zones, "UTC", int(wall.timestamp())), locale)
    found = library.parse(asked.text, context, library.parse_dimensions(["time", "duration"]), False)
    return [v for entry in found if _dated(entry["value"]) and (v := _of_duckling(entry, asked)) is not None]


def _of_duckling(entry: Mapping[str, Any], asked: Asked) -> Value | None:
    value = entry["value"]
    if entry["dim"] == "duration":
        made = [("duration", Reading(str(value["normalized"]["value"]), unit="second"))]
    else:
        named = any(c.isdigit() for c in entry["body"])
        made = [_moment(v, asked, named) for v in value["values"]]
    return _value(asked.text, entry["start"], entry["end"], made, False)


def _dated(value: Mapping[str, Any]) -> bool:
    """Whether all its years are years of ours."""
    return "'-" not in repr(value)


def _moment(value: Mapping[str, Any], asked: Asked, named: bool) -> tuple[str, Reading]:
    """One reading of Duckling's: a moment, a day, or a stretch whose end it says after its last grain."""
    if value["type"] == "interval":
        ends = [value.get(side) for side in ("from", "to")]
        grain = next(e["grain"] for e in ends if e)
        start, end = (_naive(e["value"]) if e else None for e in ends)
        if end and start and named and not asked.conventions.ends_included:
            end -= _STEP.get(grain, timedelta())
        return "range", Reading(start=_said(start, grain, asked), end=_said(end, grain, asked), grain=grain)
    at, grain = _naive(value["value"]), value["grain"]
    if grain in _CLOCK or grain == "day":
        return "date" if grain == "day" else "datetime", Reading(_said(at, grain, asked), grain=grain)
    return "range", Reading(start=_said(at, grain, asked), end=_said(_after(at, grain), grain, asked), grain=grain)


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _said(at: datetime | None, grain: str, asked: Asked) -> str:
    if at is None:
        return ""
    zone = asked.now.tzinfo or UTC
    return stamp(at, zone) if grain in _CLOCK else at.date().isoformat()


def _after(at: datetime, grain: str) -> datetime:
    """The end of a week, a month, a quarter, a year that begins at `at`."""
    if grain == "week":
        return at + timedelta(7)
    months = {"month": 1, "quarter": 3, "year": 12}[grain] + at.month - 1
    return at.replace(year=at.year + months // 12, month=months % 12 + 1, day=1)


@cache
def recognizers() -> Opinion:
    """Recognizers-Text. A language is compiled at its first use."""
    import ms_recognizers_suite as library

    return partial(_recognizers, library)


def _recognizers(library: Any, asked: Asked) -> Sequence[Value]:
    culture = _RECOGNIZERS[asked.language]
    found = library.recognize_datetime(asked.text, culture, reference=asked.now.replace(tzinfo=None))
    return [v for entry in found if (v := _of_recognizers(entry, asked)) is not None]


def _of_recognizers(entry: Any, asked: Asked) -> Value | None:
    if not entry.resolution:
        return None
    shown = entry.resolution.get("values") or []
    dayless = bool(shown) and shown[0]["type"] in ("time", "timerange")
    made = [reading for v in shown for reading in _resolved(v, asked)]
    return _value(asked.text, entry.start, entry.end + 1, _coming(made, asked), dayless)


def _resolved(shown: Mapping[str, str], asked: Asked) -> Iterator[tuple[str, Reading]]:
    kind = shown["type"]
    if kind == "duration":
        yield "duration", Reading(shown["value"], unit="second")
    elif kind in ("date", "time", "datetime") and shown.get("value", "not resolved") != "not resolved":
        at, grain = _parsed(shown["value"], asked)
        yield kind, Reading(_said(at, grain, asked), grain=grain)
    elif kind == "set" and (rule := _rule(shown["timex"])):
        yield "recurring", Reading(rule)
    elif kind in ("daterange", "timerange", "datetimerange") and (shown.get("start") or shown.get("end")):
        ends = {side: _parsed(shown[side], asked) for side in ("start", "end") if shown.get(side)}
        grain = next(grain for _, grain in ends.values())
        yield "range", Reading(**{side: _said(at, g, asked) for side, (at, g) in ends.items()}, grain=grain)


_EVERY = re.compile(r"P(T?)(\d+)([DWMYHS])$")
_WEEKLY = re.compile(r"XXXX-WXX-([1-7])(?:T(\d\d)(?::(\d\d))?)?$")
_FREQUENCY = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY", "TH": "HOURLY", "TM": "MINUTELY"}


def _rule(timex: str) -> str:
    """A TIMEX of what recurs as a rule of RFC 5545: "P2W", "XXXX-WXX-2T16"; "" for others."""
    if (every := _EVERY.match(timex)) and (frequency := _FREQUENCY.get(every[1] + every[3])):
        return f"FREQ={frequency}" + (f";INTERVAL={every[2]}" if every[2] != "1" else "")
    if weekly := _WEEKLY.match(timex):
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[int(weekly[1]) - 1]
        clock = f";BYHOUR={int(weekly[2])};BYMINUTE={int(weekly[3] or 0)}" if weekly[2] else ""
        return f"FREQ=WEEKLY;BYDAY={day}{clock}"
    return ""


def _parsed(text: str, asked: Asked) -> tuple[datetime, str]:
    """ "2026-03-04", "2026-03-04 15:00:00", "15:00:00" (today's)."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), datetime.min.time()), "day"
    whole = text if len(text) > 10 else f"{asked.now.date().isoformat()} {text}"
    return datetime.fromisoformat(whole), "minute"


def _coming(made: Sequence[tuple[str, Reading]], asked: Asked) -> list[tuple[str, Reading]]:
    """What is still to come before what has been; that only where the past counts."""
    now = asked.now.replace(tzinfo=None).isoformat()
    ahead = [m for m in made if m[0] in ("duration", "recurring") or (m[1].value or m[1].end or "9") >= now[:10]]
    return [*ahead, *(m for m in made if m not in ahead and asked.conventions.past)]


def _value(text: str, start: int, end: int, made: Sequence[tuple[str, Reading]], dayless: bool) -> Value | None:
    """The readings of the first one's kind."""
    while end > start and text[end - 1].isspace():
        end -= 1
    if not made:
        return None
    kind = made[0][0]
    readings = tuple(dict.fromkeys(r for k, r in made if k == kind))
    return Value(kind, start, end, text[start:end], readings, dayless)
