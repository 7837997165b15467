"""The data sets as tasks: what is learnt from and what is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

Row = dict[str, Any]
INTENTS = Path("nlu") / "intents"


@dataclass(frozen=True, slots=True)
class Task:
    """Rows have id, text, intent ("oos": none) and perhaps lang."""

    name: str
    train: Sequence[Row]
    test: Sequence[Row]
    language: str = "en"
    outside: Sequence[Row] = field(default_factory=tuple)
    """Rows out of scope that may be learnt from."""


PLANS = {
    "clinc10": ("clinc150_10shot", ("clinc150_train", "clinc150_val"), "clinc150_test"),
    "clinc_full": ("", ("clinc150_train", "clinc150_val"), "clinc150_test"),
    "banking10": ("banking77_10shot", ("banking77_train",), "banking77_test"),
    "banking_full": ("", ("banking77_train",), "banking77_test"),
    "hwu64": ("", ("hwu64_train",), "hwu64_test"),
    "xsid_nl": ("", ("xsid_nl", "xsid_en"), "xsid_nl"),
}
"""Figure -> the few samples it is learnt from ("" = all), the files of the data set, the file in TEST."""


def tasks(data: Path, test: Path | None, only: Sequence[str], limit: int) -> Iterator[Task]:
    """The tasks, one after another. Without `test` a fifth of the data is asked and never learnt from."""
    folder = data / INTENTS if (data / INTENTS).is_dir() else data / "intents"
    for name, (few, files, held) in PLANS.items():
        if only and name not in only:
            continue
        rows = [row for file in files for row in _read(folder / f"{file}.jsonl")]
        learnt = _read(folder / f"{few}.jsonl") if few else rows
        if test is not None:
            asked = _read(test / "intents" / f"{held}.jsonl")
        else:
            known = {row["id"] for row in learnt} if few else set()
            asked = [row for row in rows if _fifth(row) and row["id"] not in known and _asked(name, row)]
            learnt = learnt if few else [row for row in learnt if not _fifth(row)]
        asked = asked[:: max(1, len(asked) // limit)] if limit else asked
        inside, outside = ([r for r in learnt if (r["intent"] == "oos") == side] for side in (False, True))
        yield Task(name, inside, asked, "nl" if name.endswith("_nl") else "en", outside)


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _fifth(row: Row) -> bool:
    """By a hash of the id; a sentence and its translation have the same number and fall on the same side."""
    key = row["id"].rpartition("-")[2] if "lang" in row else row["id"]
    return crc32(key.encode()) % 5 == 0


def _asked(name: str, row: Row) -> bool:
    return not name.startswith("xsid") or row["lang"] == "nl"
