"""How each set of values is to be read, and how it writes values: Duckling's corpora, Recognizers-Text's specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sayso.understanding.values import Conventions, Reading, Value
from sayso.understanding.values.model import PARTS

_DUCKLING_PARTS = {
    "morning": (0, 720), "afternoon": (720, 1140), "evening": (1080, 1440), "night": (1080, 1440),
    "tonight": (1080, 1440), "small_hours": (0, 240), "lunch": (720, 840), "after_lunch": (780, 1020),
    "late_afternoon": (1020, 1140), "after_work": (1020, 1260), "early_morning": (0, 540), "after_school": (900, 1260),
}  # fmt: skip
_DUCKLING_DUTCH = {"afternoon": (720, 1080), "night": (0, 480), "named_night": (1080, 1440)}
_RECOGNIZERS_PARTS = {
    "morning": (480, 720), "afternoon": (720, 960), "evening": (960, 1200), "night": (1200, 1439.99),
    "tonight": (1200, 1439.99),
    "lunch": (660, 780), "dinner": (960, 1200), "breakfast": (480, 720), "business": (480, 1080),
    "daytime": (480, 1080), "early_morning": (480, 600),
    "late_afternoon": (840, 960),
}  # fmt: skip


def duckling(language: str) -> Conventions:
    return Conventions(
        parts={**PARTS, **_DUCKLING_PARTS, **(_DUCKLING_DUTCH if language == "nl" else {})}, waking=(0, 0),
        month_first=language == "en", next_week=language == "en", ends_included=True,
        upcoming=True, hours_kept=True, weekend=(4 * 1440 + 1080, 7 * 1440), weekday_binds=True,
        next_weekend=False, begun=True, today_at=True, by_now=language == "en", skips=True,
    )  # fmt: skip


def recognizers(language: str) -> Conventions:
    return Conventions(
        parts={**PARTS, **_RECOGNIZERS_PARTS}, waking=(0, 0), month_first=language == "en", past=True, halves=True,
        today=True, rolling=True, portions="halves", zones=False, years=True,
        dots_day_first=True,
    )  # fmt: skip


def said(value: Value, first: bool) -> dict[str, Any]:
    """A value as score.py reads it; `first`: its likeliest reading alone."""
    readings = value.readings[:1] if first else value.readings
    shown = [_reading(value, r, value.dayless and not first) for r in readings]
    seasons = [
        {"type": "daterange", "timex": t} for r in readings if r.grain == "season" and not first for t in season(r)
    ]
    return {"type": value.kind, "text": value.text, "values": shown + seasons}


def season(reading: Reading) -> tuple[str, str]:
    """Recognizers leaves seasons unresolved: SU, 2016-SU."""
    code = {"03": "SP", "06": "SU", "09": "FA", "12": "WI"}[reading.start[5:7]]
    return code, f"{reading.start[:4]}-{code}"


def _reading(value: Value, reading: Reading, clock: bool) -> dict[str, Any]:
    if value.kind == "recurring":
        return {"type": "set", "timex": timex(reading)}
    if value.kind == "duration":
        return {"type": "duration", "value": reading.value}
    if value.kind in ("number", "quantity", "ordinal"):
        return {"value": reading.value}
    cut: Callable[[str], str] = (lambda s: s[11:19]) if clock else (lambda s: s[:19])
    if reading.value:
        return {"type": "time", "value": cut(reading.value)}
    start, end = cut(reading.start), cut(reading.end)
    return {"type": "time", **({"start": start} if start else {}), **({"end": end} if end else {})}


def open_point(value: Value, shown: dict[str, Any]) -> dict[str, Any]:
    """Duckling writes what is open on one side as its one moment."""
    for reading in shown["values"]:
        if value.kind == "range" and ("start" in reading) != ("end" in reading):
            reading["value"] = reading.pop("start", None) or reading.pop("end")
    return shown


_UNITS = {
    "SECONDLY": "TS", "MINUTELY": "TM", "HOURLY": "TH", "DAILY": "D", "WEEKLY": "W", "MONTHLY": "M", "YEARLY": "Y",
}  # fmt: skip
_PART = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "daytime": "DT"}
_DAYS = {"MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6, "SU": 7}


def timex(reading: Reading) -> str:
    """A recurrence as Recognizers writes it: P1W, XXXX-WXX-1T16, TMO."""
    rule = dict(part.split("=") for part in reading.value.split(";"))
    clock = f"T{_PART[reading.unit]}" if reading.unit in _PART and "BYHOUR" not in rule else ""
    if "BYHOUR" in rule:
        minute = int(rule["BYMINUTE"])
        clock = f"T{int(rule['BYHOUR']):02}" + (f":{minute:02}" if reading.grain == "minute" else "")
    days = rule.get("BYDAY", "")
    if "BYMONTHDAY" in rule:
        month = f"{int(rule['BYMONTH']):02}" if "BYMONTH" in rule else "XX"
        return f"XXXX-{month}-{int(rule['BYMONTHDAY']):02}"
    if "BYMONTH" in rule:
        return f"XXXX-{int(rule['BYMONTH']):02}"
    if days == "SA,SU":
        return f"P{rule.get('INTERVAL', 1)}WE"
    if days in _DAYS and rule["FREQ"] == "WEEKLY":
        return f"XXXX-WXX-{_DAYS[days]}{clock}"
    if clock and rule["FREQ"] == "DAILY":
        return clock
    every, unit = int(rule.get("INTERVAL", 1)), _UNITS[rule["FREQ"]]
    return f"P{'T' if unit[0] == 'T' else ''}{every}{unit[-1]}"
