"""How well are intents understood, through the host's own loader, training and `understand`, without a model?

The intents of a data set become a skill of a merchant (YAML through the real loader), published as any other; every
test sentence is said to `understand`, and the command that comes back is read: an intent that is begun, or a phrase or
question that means the same everywhere and is an intent of the data set too (`SAME`); anything else is out of scope.

    make bench-nlu                     the shared data, a fifth split off by a hash of its ids
    make bench-nlu TEST=folder         the test data of `folder`: intents/{clinc150,banking77,hwu64}_test.jsonl,
                                       intents/xsid_nl.jsonl
    ARGS="--only clinc10 --limit 500"  some of it; --out folder for the predictions, one JSONL a figure, for score.py

SAYSO_EMBEDDER chooses the embeddings, as for a host.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu_parts import restaurant
from nlu_parts.data import Task, tasks
from nlu_parts.merchant import names_of, write
from nlu_parts.reading import figures, said_of
from nlu_parts.score import accuracy, auroc
from sayso.manifest.load import load_one
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.model.event import Event, Utterance
from sayso.model.state import Pending
from sayso.understanding import Cascade, create, train
from sayso.understanding.context import Context, Embedder
from sayso.understanding.intents.embedder import embedder_for
from sayso.understanding.intents.views import Commons

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PHRASES = ("yes", "no thanks", "cancel", "help", "can you repeat that", "thank you", "start over", "undo that")


async def understood(
    cascade: Cascade, artefact: Artefact, task: Task, names: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[float]]:
    """The predictions, and the seconds of CPU that each took."""
    await cascade.warm(artefact)
    found, took = [], []
    for row in task.test:
        context = Context(row.get("lang", task.language), NOW)
        event = Event("1", artefact.merchant.id, "web", "bench", "someone", NOW, Utterance(row["text"]))
        began = time.process_time()
        told = await cascade.understand(event, context, artefact, 5.0)
        took.append(time.process_time() - began)
        intent, score = said_of(told.commands, names)
        found.append({"id": row["id"], "intent": intent, "score": score, "stages": told.stages})
    return found, took


def publish(task: Task, folder: Path, commons: Commons, embedder: Embedder) -> tuple[Artefact, dict[str, str], float]:
    """The merchant as published, what its intents are called in the data, and the seconds of CPU that training took."""
    write(folder, task)
    loaded = load_one(folder / "manifests", folder / "skills", "nlu")
    if "nlu" not in loaded.merchants:
        raise SystemExit("\n".join(f"{f.file}:{f.line}: {f.what}" for f in loaded.faults[:5]))
    bare = compile_artefact(loaded.merchants["nlu"])
    began = time.process_time()
    trained = replace(bare, trained=train(bare, embedder, commons))
    return replace(trained, digest=task.name), names_of(task), time.process_time() - began


def measure(task: Task, embedder: Embedder, out: Path | None) -> dict[str, Any]:
    commons = Commons(embedder)
    with tempfile.TemporaryDirectory() as temporary:
        artefact, names, took = publish(task, Path(temporary), commons, embedder)
    began = time.process_time()
    train(artefact, embedder, commons, artefact.trained)
    again = time.process_time() - began
    cascade = create(embedder)
    found, seconds = asyncio.run(understood(cascade, artefact, task, names))
    if out:
        (out / f"{task.name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))
    whole = [s for s, row in zip(seconds, found, strict=True) if "nearest" in row["stages"]]
    return {
        **accuracy(task.test, found),
        "auroc": auroc(task.test, found),
        "train_s": round(took, 2),
        "train_cached_s": round(again, 3),
        "cpu_ms": round(1000 * sum(whole) / max(len(whole), 1), 2),
        "fast_cpu_ms": round(asyncio.run(quick(cascade, artefact)), 3),
        "samples": len(task.train),
        "tested": len(task.test),
    }


async def quick(cascade: Cascade, artefact: Artefact) -> float:
    """Milliseconds of CPU of a phrase that means the same everywhere, said or as the answer to a question."""
    contexts = [Context("en", NOW, pending) for pending in (None, Pending("confirm"))]
    events = [Event("1", "nlu", "web", "bench", "someone", NOW, Utterance(said)) for said in PHRASES]
    began = time.process_time()
    for _ in range(50):
        for event in events:
            for context in contexts:
                await cascade.understand(event, context, artefact, 5.0)
    return 1000 * (time.process_time() - began) / (50 * len(events) * len(contexts))


def slots(data: Path, test: Path | None, out: Path | None, embedder: Embedder) -> float:
    held = test / "slots" / "restaurant8k.jsonl" if test else None
    with tempfile.TemporaryDirectory() as temporary:
        file = next(f for f in (data / "nlu" / "slots", data / "slots") if f.is_dir()) / "restaurant8k.jsonl"
        return restaurant.f1(file, held, out or Path(temporary), embedder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--out", default="", help="a folder for the predictions")
    given = parser.parse_args()
    out = Path(given.out) if given.out else None
    if out:
        out.mkdir(parents=True, exist_ok=True)
    data = Path(os.environ.get("DATA") or ROOT.parent / "shared" / "data")
    test = Path(os.environ["TEST"]) if os.environ.get("TEST") not in (None, "", str(data)) else None
    embedder = embedder_for(os.environ.get("SAYSO_EMBEDDER", ""))
    embedder.warm()
    only = given.only.split(",") if given.only else ()
    found: dict[str, Any] = {}
    for task in tasks(data, test, only, given.limit):
        found[task.name] = measure(task, embedder, out)
        print(task.name, json.dumps(found[task.name]), flush=True)
    told = figures(found)
    if not only or "restaurant8k" in only:
        told["restaurant8k_f1"] = slots(data, test, out, embedder)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
