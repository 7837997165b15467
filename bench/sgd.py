"""Schema-Guided Dialogue, tracked through the host's own `understand` and `step`, with no model and no training.

Each service's schema becomes a skill by manifest through the real loader: its slots typed by name and description,
explained by the description. A dialogue is held with a merchant that has the skills of its services. What the system
said in the data is told to the host, which hears in it what was asked and offered; the slots of the frames are
compared with the gold from turn 0 on.

    make bench-sgd TEST=folder       `TEST` (or `DATA`) holds sgd/schemas.json and sgd/turns_*.jsonl
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sayso.dialogue import Told, TurnBegin, considered, first_state, step
from sayso.host.library import Loaded
from sayso.host.turn import context_of
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.replies import Phrases
from sayso.manifest.specs import Artefact
from sayso.model.command import Question
from sayso.model.event import Event, Utterance
from sayso.understanding import Cascade, LocalEmbedder, create, train
from sgd_parts.schemas import Names, names_of, slug, write_merchant
from sgd_parts.score import figures

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2019, 3, 1, 9, tzinfo=UTC)
Dialogue = Sequence[Mapping[str, Any]]


def dialogues(roots: Sequence[Path]) -> tuple[list[Any], list[Dialogue], Path]:
    """The schemas, and the turns of each dialogue in order."""
    folder = next(
        (f.parent for r in roots for f in sorted(r.rglob("schemas.json")) if any(f.parent.glob("turns_*.jsonl"))), None
    )
    if folder is None:
        raise SystemExit(f"no sgd/schemas.json below {', '.join(map(str, roots))}")
    found: dict[str, list[Any]] = defaultdict(list)
    for file in sorted(folder.glob("turns_*.jsonl")):
        for line in file.read_text().splitlines():
            turn = json.loads(line)
            found[turn["dialogue_id"]].append(turn)
    schemas = json.loads((folder / "schemas.json").read_text())
    ordered = [sorted(turns, key=lambda t: t["turn"]) for turns in found.values()]
    return list(schemas.values()) if isinstance(schemas, dict) else schemas, ordered, folder


def merchants(artefact: Artefact, embedder: LocalEmbedder) -> Any:
    """The merchant with only some of the skills, trained for them, once for each set of skills."""
    known: dict[frozenset[str], Artefact] = {}

    def of(skills: frozenset[str]) -> Artefact:
        if skills not in known:
            bare = replace(artefact, skills={k: s for k, s in artefact.skills.items() if k in skills}, trained=b"")
            known[skills] = replace(bare, trained=train(bare, embedder), digest=f"sgd-{'-'.join(sorted(skills))}")
        return known[skills]

    return of


async def track(turns: Dialogue, artefact: Artefact, cascade: Cascade, names: Names) -> list[dict[str, Any]]:
    """The frames after each turn, as the data writes them."""
    state, found = replace(first_state(artefact, "en"), greeted=True), []
    loaded = Loaded(artefact, cast(Phrases, None), {})
    for turn in turns:
        if turn["system"]:
            heard = await cascade.hear(turn["system"], context_of(state, loaded, NOW, False), artefact)
            state = step(state, Told(heard.asked, heard.offered, heard.intent), artefact, NOW)[0]
        state = step(state, TurnBegin(), artefact, NOW)[0]
        event = Event(turn["id"], "sgd", "web", "sgd", turn["dialogue_id"], NOW, Utterance(turn["user"]))
        understood = await cascade.understand(event, context_of(state, loaded, NOW, False), artefact, 60.0)
        for command in considered(understood.commands, state):
            state = step(state, command, artefact, NOW)[0]
        asked = {c.id for q in understood.commands if isinstance(q, Question) and q.about == "slot" for c in q.ids}
        found.append({"id": turn["id"], "frames": names.frames(state, asked)})
    return found


async def run(
    schemas: Sequence[Mapping[str, Any]], held: Sequence[Dialogue], folder: Path
) -> tuple[list[tuple[Any, Any]], float]:
    """(gold, predicted) of every turn, and the seconds of CPU."""
    write_merchant(folder, schemas)
    loaded = load_tree(folder / "manifests", folder / "skills")
    if "sgd" not in loaded.merchants:
        raise SystemExit("\n".join(f"{f.file}:{f.line}: {f.what}" for f in loaded.faults[:20]))
    embedder = LocalEmbedder()
    of = merchants(compile_artefact(loaded.merchants["sgd"]), embedder)
    cascade, names, pairs, seconds = create(embedder), names_of(schemas), [], 0.0
    for turns in held:
        artefact = of(frozenset(slug(f["service"]) for t in turns for f in t["frames"]))
        await cascade.warm(artefact)
        began = time.process_time()
        said = await track(turns, artefact, cascade, names)
        seconds += time.process_time() - began
        pairs.extend(zip(turns, said, strict=True))
    return pairs, seconds


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--limit", type=int, default=0, help="this many dialogues, evenly spread")
    arguments.add_argument("--predictions", default="", help="write what was predicted to this file")
    arguments.add_argument("--wrong", default="", help="write the turns of tuned services that went wrong to this file")
    chosen = arguments.parse_args()
    roots = [Path(os.environ[v]) for v in ("TEST", "DATA") if os.environ.get(v)] or [ROOT.parent / "shared" / "data"]
    schemas, held, _ = dialogues(roots)
    held = held[:: max(1, len(held) // chosen.limit)] if chosen.limit else held
    with tempfile.TemporaryDirectory() as temporary:
        pairs, seconds = asyncio.run(run(schemas, held, Path(temporary)))
    if chosen.predictions:
        Path(chosen.predictions).write_text("".join(json.dumps(said) + "\n" for _, said in pairs))
    if chosen.wrong:
        Path(chosen.wrong).write_text("".join(json.dumps([g, s]) + "\n" for g, s in pairs))
    found = figures(pairs)
    print(json.dumps({**found, "dialogues": len(held), "turn_cpu_ms": round(1000 * seconds / max(1, len(pairs)), 3)}))


if __name__ == "__main__":
    main()
