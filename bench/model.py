"""What a language model adds, what it takes, and what it cannot do.

    make bench-model                            60 open questions without a model
    MODEL=model.gguf make bench-model           and with a real small one behind an OpenAI-compatible server
    make bench-model ARGS=--lying               every golden conversation with a model that lies in every turn
    make bench-model ARGS=--modes               every golden with a model that is silent, slow or broken

`--every 10` takes each tenth golden, `--limit 6` the first questions; `--out FILE` writes each answer as JSONL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from model_parts.asked import Question, Told, ask, questions, served
from model_parts.held import MODES, goldens, lied_to, with_mode
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host, publish
from sayso.testing.plugin import MORNING
from sayso.understanding import Endpoint, ModelStage

PATIENCE_S = 590.0
"""How long a question waits for a small model on a small machine; a turn of a host waits six seconds."""
Json = dict[str, object]


async def answered(
    published: Published, asked: Sequence[Question], folder: Path, model: ModelStage | None
) -> list[Told]:
    """The answers of a host, each question a conversation of its own."""
    understanding = published.with_model(model) if model else None
    async with host(published, folder, SetClock(MORNING), understanding) as hosted:
        told = []
        for number, question in enumerate(asked):
            told.append(await ask(question, hosted, f"q{number}"))
            if model:
                _progress(number + 1, len(asked), question, told[-1], published)
        return told


def _progress(number: int, of: int, question: Question, told: Told, published: Published) -> None:
    """A run takes an hour on a small machine: what is known so far is worth something."""
    right = "right" if told.right(question, published.merchants[question.merchant]) else "-"
    shown = " ".join((*told.products, *told.answers)) or told.reply[-60:].replace("\n", " ")
    outcome = told.model.outcome if told.model else "not asked"
    line = f"{number}/{of} {told.seconds:.1f} s {right} ({outcome}) {question.say} -> {shown}"
    print(line, file=sys.stderr, flush=True)


def scored(asked: Sequence[Question], told: Sequence[Told], published: Published, out: Path | None) -> Json:
    """Shares of right answers, by language."""
    right = [t.right(q, published.merchants[q.merchant]) for q, t in zip(asked, told, strict=True)]
    if out:
        rows = ({"question": asdict(q), "right": r, **asdict(t)} for q, t, r in zip(asked, told, right, strict=True))
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    by = {
        language: [r for q, r in zip(asked, right, strict=True) if q.language == language] for language in ("en", "nl")
    }
    return {"all": _share(right), **{language: _share(each) for language, each in by.items()}}


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / max(1, len(right)), 4)


async def asking(published: Published, folder: Path, given: argparse.Namespace) -> Json:
    """The questions without a model, and with one where there is one."""
    asked = questions()[: given.limit or None]
    alone = await answered(published, asked, folder / "alone", None)
    local = scored(asked, alone, published, given.out and given.out.with_suffix(".local.jsonl"))
    told: Json = {"questions": len(asked), "answered_local": local.pop("all"), "local": local}
    told["invented_figures"] = sum(len(t.invented) for t in alone)
    path = os.environ.get("MODEL", "")
    if not path:
        return told | {"answered_with_model": None, "model": "none: set MODEL to a GGUF file"}
    with served(path) as url:
        model = ModelStage((Endpoint("local", base_url=url, dialect="llama.cpp"),), longest_s=PATIENCE_S)
        helped = await answered(published, asked, folder / "helped", model)
        await model.close()
    return told | with_model(asked, helped, alone, published, given.out) | {"model": Path(path).name}


def with_model(
    asked: Sequence[Question], helped: Sequence[Told], alone: Sequence[Told], published: Published, out: Path | None
) -> Json:
    """What the model made of it."""
    share = scored(asked, helped, published, out)
    used = [t.model for t in helped if t.model]
    believed = [u for u in used if u.outcome == "answered"]
    known = [
        sku in published.merchants[q.merchant].catalog.products
        for q, t in zip(asked, helped, strict=True)
        for sku in t.products
    ]
    return {
        "answered_with_model": share.pop("all"),
        "with_model": share,
        "called": len(used),
        "outcomes": {name: sum(u.outcome == name for u in used) for name in sorted({u.outcome for u in used})},
        "grounded": round(len(believed) / max(1, len([u for u in used if u.outcome in ("answered", "ungrounded")])), 4),
        "cited_rows_known": _share(known),
        "invented_figures": sum(len(t.invented) for t in (*helped, *alone)),
        "p50_s": round(statistics.median([u.seconds for u in used] or [0.0]), 2),
        "tokens": round(statistics.mean([u.tokens for u in used] or [0.0]), 1),
        "completion_tokens": round(statistics.mean([u.completion for u in used] or [0.0]), 1),
    }


async def holding(published: Published, folder: Path, given: argparse.Namespace) -> Json:
    """The golden conversations with a model that lies, or with each way of failing."""
    held = goldens(given.every, given.only)
    if given.lying:
        return await lied_to(published, held, folder)
    return {mode: await with_mode(published, held, mode, folder) for mode in given.mode or MODES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lying", action="store_true", help="goldens with a model that lies in every turn")
    parser.add_argument("--modes", action="store_true", help="goldens with a model that fails in every way")
    parser.add_argument("--mode", action="append", choices=MODES, help="only this way of failing")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="", help="goldens whose id contains this")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sayso-model-") as name:
        folder = Path(name)
        published = publish(Path("manifests"), Path("skills"), folder / "published")
        doing = holding if given.lying or given.modes or given.mode else asking
        print(json.dumps(asyncio.run(doing(published, folder, given)), ensure_ascii=False))


if __name__ == "__main__":
    main()
