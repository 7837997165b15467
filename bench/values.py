"""Values in real text (Duckling's corpora, Recognizers-Text's specs), through the host's own `recognise`, no model.

Each set has conventions of its own (an evening from 16 to 20 h or from 18 to 24 h; whether "13 to 15 July" ends on the
15th or the 16th; the past beside the future): they are given to `recognise`, which is the same for both. No library
of either set's maker is used, so the figures are independent as they are; `_independent` repeats them. Everything was
tuned on one half of the data (by a hash of the id), so without another TEST the other half is what is reported.

    make bench-values TEST=folder          `TEST` holds values/duckling.jsonl and values/recognizers.jsonl
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sayso.understanding.values import Conventions, Reading, Value, recognise
from sayso.understanding.values.model import PARTS

TIMES = ("date", "time", "datetime", "range", "duration", "recurring")
_DUCKLING_PARTS = {
    "morning": (0, 720), "afternoon": (720, 1140), "evening": (1080, 1440), "night": (1080, 1440),
    "tonight": (1080, 1440), "small_hours": (0, 240), "lunch": (720, 840), "after_lunch": (780, 1020),
    "late_afternoon": (1020, 1140), "after_work": (1020, 1260),
}  # fmt: skip
_RECOGNIZERS_PARTS = {
    "morning": (480, 720), "afternoon": (720, 960), "evening": (960, 1200), "night": (1200, 1439.99),
    "tonight": (1200, 1439.99),
    "lunch": (660, 780), "dinner": (960, 1200), "breakfast": (480, 720), "business": (480, 1080),
    "daytime": (480, 1080),
    "late_afternoon": (840, 960),
}  # fmt: skip


def duckling(language: str) -> Conventions:
    return Conventions(
        parts={**PARTS, **_DUCKLING_PARTS, **({"afternoon": (720, 1080)} if language == "nl" else {})}, waking=(0, 0),
        month_first=language == "en", next_week=language == "en", ends_included=True,
        upcoming=True, hours_kept=True, weekend=(4 * 1440 + 1080, 7 * 1440), weekday_binds=True,
    )  # fmt: skip


def recognizers(language: str) -> Conventions:
    return Conventions(
        parts={**PARTS, **_RECOGNIZERS_PARTS}, waking=(0, 0), month_first=language == "en", past=True, halves=True,
        today=True, rolling=True, portions="halves", zones=False, years=True,
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
    "SECONDLY": "TS",
    "MINUTELY": "TM",
    "HOURLY": "TH",
    "DAILY": "D",
    "WEEKLY": "W",
    "MONTHLY": "M",
    "YEARLY": "Y",
}
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
    if days == "SA,SU":
        return f"P{rule.get('INTERVAL', 1)}WE"
    if days in _DAYS and rule["FREQ"] == "WEEKLY":
        return f"XXXX-WXX-{_DAYS[days]}{clock}"
    if clock and rule["FREQ"] == "DAILY":
        return clock
    every, unit = int(rule.get("INTERVAL", 1)), _UNITS[rule["FREQ"]]
    return f"P{'T' if unit[0] == 'T' else ''}{every}{unit[-1]}"


KINDS_OF = {
    "time": TIMES, "datetime": TIMES, "number": ("number",), "numeral": ("number", "quantity"), "ordinal": ("ordinal",),
}  # fmt: skip


def predict(row: Mapping[str, Any]) -> dict[str, Any]:
    """One line for score.py."""
    own = "dim" in row
    what, language = row.get("dim") or row["model"], row["lang"]
    kinds = {
        "time": TIMES,
        "datetime": TIMES,
        "number": ("number",),
        "numeral": ("number", "quantity"),
        "ordinal": ("ordinal",),
    }
    if what not in kinds:
        return {"id": row["id"], "values": []}
    now = datetime.fromisoformat(row["reference"]) if row["reference"] else datetime(2016, 11, 7)
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    options = (duckling if own else recognizers)(language)
    kept = TIMES[:4] if own and what == "time" else kinds[what]
    found = recognise(row["text"], now, now.tzinfo or UTC, language, kinds=kept, conventions=options)
    shown = [said(v, own) for v in found]
    return {"id": row["id"], "values": [open_point(v, s) for v, s in zip(found, shown, strict=True)] if own else shown}


def _in(row: Mapping[str, Any], own: bool, language: str, *what: str) -> bool:
    return ("dim" in row) == own and row["lang"] == language and (row.get("dim") or row["model"]) in what


SETS: dict[str, Callable[[Mapping[str, Any]], bool]] = {}
for _language in ("en", "nl"):
    SETS |= {
        f"duckling_{_language}": lambda r, x=_language: _in(r, True, x, "time") and not r.get("holiday"),
        f"recognizers_dates_{_language}": lambda r, x=_language: _in(r, False, x, "datetime"),
        f"recognizers_numbers_{_language}": lambda r, x=_language: _in(r, False, x, "number", "ordinal"),
        f"duckling_numbers_{_language}": lambda r, x=_language: _in(r, True, x, "numeral", "ordinal"),
    }


def tuned(row: Mapping[str, Any]) -> bool:
    return int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0


def scorer(folders: Iterable[Path]) -> ModuleType:
    path = next(p for f in folders for p in (f / "score.py", f / "nlu" / "score.py") if p.is_file())
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    data = Path(os.environ.get("DATA") or "../shared/data")
    test = Path(os.environ.get("TEST") or data)
    folder = next(f for f in (test / "values", test / "nlu" / "values") if f.is_dir())
    rows = [json.loads(line) for p in sorted(folder.glob("*.jsonl")) for line in p.open(encoding="utf-8")]
    predict(rows[0]), predict(rows[-1])  # words are compiled once
    begun = time.process_time()
    shown = [predict(row) for row in rows]
    cpu = (time.process_time() - begun) * 1000 / len(rows)
    out = Path(os.environ.get("PREDICTIONS") or tempfile.mkdtemp()) / "values.jsonl"
    out.write_text("".join(json.dumps(p) + "\n" for p in shown), encoding="utf-8")
    score, figures = scorer((data, test)), dict[str, Any]()
    parts = (
        {"": rows} if test != data else {"": [r for r in rows if not tuned(r)], "_tuned": [r for r in rows if tuned(r)]}
    )
    for suffix, part in parts.items():
        for name, chosen in SETS.items():
            gold = [r for r in part if chosen(r)]
            result = score.score(gold, shown).get("value", {}) if gold else {}
            figures[name + suffix] = round((result.get("found") or 0) / 100, 3)
            print(f"{name + suffix:32s} found {result.get('found')}  exact {result.get('exact')}  n {len(gold)}")
    figures |= {f"{name}_independent": figures[name] for name in SETS}
    print(f"predictions: {out}", file=sys.stderr)
    print(json.dumps({**figures, "values_cpu_ms": round(cpu, 2), "n": len(rows)}))


if __name__ == "__main__":
    main()
