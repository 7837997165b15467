"""Values in real text (Duckling's corpora, Recognizers-Text's specs), through the host's own `recognise`, no model.

Each set has conventions of its own (an evening from 16 to 20 h or from 18 to 24 h; whether "13 to 15 July" ends on the
15th or the 16th; the past beside the future): they are given to `recognise`, the same for both. A plain key is with all
libraries that are installed (`sayso[values]`), `_independent` without the library of the set's maker, `_alone` with
none. Everything was tuned on one half of the data (by a hash of the id): without another TEST the other is reported.

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
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from sayso.understanding.values import recognise
from sayso.understanding.values.libraries import installed
from sayso.understanding.values.opinions import Opinion
from value_sets import duckling, open_point, recognizers, said

TIMES = ("date", "time", "datetime", "range", "duration", "recurring")
KINDS = {
    "time": TIMES[:4], "datetime": TIMES, "number": ("number",), "numeral": ("number", "quantity"),
    "ordinal": ("ordinal",),
}  # fmt: skip


def predict(row: Mapping[str, Any], opinions: Sequence[Opinion] = ()) -> dict[str, Any]:
    """One line for score.py."""
    own, language = "dim" in row, row["lang"]
    what = row.get("dim") or row["model"]
    if what not in KINDS:
        return {"id": row["id"], "values": []}
    now = datetime.fromisoformat(row["reference"] or "2016-11-07")
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    options = (duckling if own else recognizers)(language)
    zone = now.tzinfo or UTC
    found = recognise(row["text"], now, zone, language, kinds=KINDS[what], conventions=options, opinions=opinions)
    shown = [said(v, own) for v in found]
    return {"id": row["id"], "values": [open_point(v, s) for v, s in zip(found, shown, strict=True)] if own else shown}


def independent(row: Mapping[str, Any]) -> tuple[Opinion, ...]:
    """The libraries that are not by the maker of a row's set."""
    return installed("recognizers" if "dim" in row else "duckling")


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


def scores(score: ModuleType, rows: Sequence[Any], shown: Sequence[Any], way: str, tested: bool) -> dict[str, float]:
    """The share of texts all of whose values are found, by set; without a TEST of the half that was not tuned on."""
    parts = {"": rows} if tested else {"": [r for r in rows if not tuned(r)], "_tuned": [*filter(tuned, rows)]}
    found = {}
    for (suffix, part), (name, chosen) in product(parts.items(), SETS.items()):
        gold = [r for r in part if chosen(r)]
        result = score.score(gold, shown).get("value", {}) if gold else {}
        found[name + suffix + way] = round((result.get("found") or 0) / 100, 3)
        print(f"{name + suffix + way:40s} found {result.get('found')}  exact {result.get('exact')}  n {len(gold)}")
    return found


def main() -> None:
    data = Path(os.environ.get("DATA") or "../shared/data")
    test = Path(os.environ.get("TEST") or data)
    folder = next(f for f in (test / "values", test / "nlu" / "values") if f.is_dir())
    rows = [json.loads(line) for p in sorted(folder.glob("*.jsonl")) for line in p.open(encoding="utf-8")]
    ways: dict[str, Callable[[Mapping[str, Any]], tuple[Opinion, ...]]] = {
        "_alone": lambda row: (), "_independent": independent, "": lambda row: installed()
    }  # fmt: skip
    score, figures = scorer((data, test)), dict[str, Any]()
    for way, opinions in ways.items():
        [predict(row, opinions(row)) for row in (rows[0], rows[-1])]  # words are compiled once
        begun = time.process_time()
        shown = [predict(row, opinions(row)) for row in rows]
        figures[f"values_cpu_ms{way}"] = round((time.process_time() - begun) * 1000 / len(rows), 2)
        figures |= scores(score, rows, shown, way, test != data)
    out = Path(os.environ.get("PREDICTIONS") or tempfile.mkdtemp()) / "values.jsonl"
    out.write_text("".join(json.dumps(p) + "\n" for p in shown), encoding="utf-8")
    print(f"predictions: {out}", file=sys.stderr)
    print(json.dumps({**figures, "libraries": len(installed()), "n": len(rows)}))


if __name__ == "__main__":
    main()
