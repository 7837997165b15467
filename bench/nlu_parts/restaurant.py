"""Restaurant-8k: slots of table bookings, learned from at most 64 marked examples, read by the host's own `understand`.

The data's slots become one skill by manifest: a day, a time, a party, a first and a last name. 64 utterances of the
training file, chosen by a hash of their ids from every combination of slots, are its samples, with their values
marked; those that answered a question are the slot's `answers`. Every test text is said as a turn of its own, with the
slot that had been asked (the one asked again where several are listed, else the first) as the pending question.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu_parts.restaurant_merchant import asked, chosen, hashed, publish
from sayso.manifest.specs import Artefact
from sayso.model.command import Fill
from sayso.model.event import Event, Utterance
from sayso.model.state import Pending
from sayso.understanding import LocalEmbedder, create
from sayso.understanding.context import Context, Embedder

EXAMPLES = 64
NOW = datetime(2018, 8, 1, 12, tzinfo=UTC)
"""When the utterances were collected, about."""


def f1(data: Path, test: Path | None, folder: Path, embedder: Embedder | None = None) -> float:
    """Slot F1 on (name, value) over `test` (without it: over the fifth of `data` that a hash of the ids sets apart).
    `folder`: for the manifest and the predictions, `restaurant8k.jsonl`."""
    rows = _read(data)
    trained = rows if test else [r for r in rows if hashed(r["id"]) % 5]
    tested = _read(test) if test else [r for r in rows if not hashed(r["id"]) % 5]
    predicted = predict(trained, tested, folder, embedder or LocalEmbedder())
    with (folder / "restaurant8k.jsonl").open("w") as file:
        for row, slots in zip(tested, predicted, strict=True):
            file.write(json.dumps({"id": row["id"], "slots": slots}) + "\n")
    return _f1(tested, predicted)


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def predict(
    trained: Sequence[Mapping[str, Any]], tested: Sequence[Mapping[str, Any]], folder: Path, embedder: Embedder
) -> list[list[dict[str, str]]]:
    """The slots of each of `tested`, as {"name", "value"}."""
    artefact = publish(chosen(trained, EXAMPLES), folder, embedder)
    return asyncio.run(_understood(tested, artefact, embedder))


async def _understood(
    rows: Sequence[Mapping[str, Any]], artefact: Artefact, embedder: Embedder
) -> list[list[dict[str, str]]]:
    understanding = create(embedder)
    found = []
    for row in rows:
        event = Event(row["id"], "table", "web", "table", "visitor", NOW, Utterance(row["text"]))
        context = Context("en", NOW, pending=_pending(row["requested_slots"]), intent="table.book")
        commands = (await understanding.understand(event, context, artefact, 5.0)).commands
        fills = [c for c in commands if isinstance(c, Fill)]
        found.append([{"name": f.slot, "value": f.evidence.words} for f in fills])
    return found


def _pending(requested: Sequence[str]) -> Pending | None:
    return Pending("slot", intent="table.book", slot=asked(requested)) if requested else None


def _f1(rows: Sequence[Mapping[str, Any]], predicted: Sequence[Sequence[Mapping[str, str]]]) -> float:
    right = wrong = missed = 0
    for row, slots in zip(rows, predicted, strict=True):
        gold = Counter((s["name"], _plain(s["value"])) for s in row["slots"])
        said = Counter((s["name"], _plain(s["value"])) for s in slots)
        hits = sum((gold & said).values())
        right, wrong, missed = right + hits, wrong + sum(said.values()) - hits, missed + sum(gold.values()) - hits
    return round(2 * right / max(2 * right + wrong + missed, 1), 4)


def _plain(value: str) -> str:
    """A value as the data's scorer compares it: lower case, marks left out but for those of times and dates."""
    kept = "".join(c if c.isalnum() or c in "%.:+#-_" else " " for c in value.lower())
    return " ".join(kept.split()).strip(" .")


def misses(rows: Sequence[Mapping[str, Any]], predicted: Sequence[Sequence[Mapping[str, str]]]) -> Iterator[str]:
    """What is not right, a line each."""
    for row, slots in zip(rows, predicted, strict=True):
        gold = sorted((s["name"], _plain(s["value"])) for s in row["slots"])
        said = sorted((s["name"], _plain(s["value"])) for s in slots)
        if gold != said:
            missed, wrong = [g for g in gold if g not in said], [s for s in said if s not in gold]
            yield f"{row['requested_slots']} {row['text']} | missed {missed} | wrong {wrong}"
