"""`sayso test`: the golden conversations, each with a host of its own; a failure tells its author what to do."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.options import MANIFESTS, SKILLS, Json, Manifests, Skills

if TYPE_CHECKING:
    from sayso.testing.goldens import Golden
    from sayso.testing.hosting import Published
    from sayso.testing.runner import Failure


def test(
    paths: Annotated[list[Path] | None, typer.Argument(help="Folders with tests/*.yaml, or such files.")] = None,
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
    only: Annotated[str, typer.Option("--only", "-k", help="Conversations whose id contains these words.")] = "",
    as_json: Json = False,
) -> None:
    """Hold the golden conversations and tell which came out otherwise. Exit status 1 when one did."""
    from sayso.testing.goldens import find, load

    began = time.perf_counter()
    files = find(paths or [folder for folder in (manifests, skills) if folder.exists()])
    goldens = [golden for file in files for golden in load(file) if only.casefold() in golden.id.casefold()]
    failures = asyncio.run(_hold_all(goldens, manifests, skills, quiet=as_json))
    _report(goldens, failures, time.perf_counter() - began, as_json)
    if failures or not goldens:
        raise typer.Exit(1)


async def _hold_all(goldens: Sequence[Golden], manifests: Path, skills: Path, quiet: bool) -> list[Failure]:
    from sayso.testing.hosting import publish

    with tempfile.TemporaryDirectory(prefix="sayso-test-") as folder:
        _progress("publishing ...", quiet)
        published = await asyncio.to_thread(publish, manifests, skills, Path(folder) / "published")
        _left_out(published)
        failures = []
        for number, golden in enumerate(goldens, start=1):
            _progress(f"{number}/{len(goldens)}  {golden.id}", quiet)
            with tempfile.TemporaryDirectory(dir=folder) as own:  # Each is some megabytes: they would add up.
                failed = await _hold(golden, published, Path(own))
            if failed:
                failures.append(failed)
        _progress("", quiet)
        return failures


async def _hold(golden: Golden, published: Published, folder: Path) -> Failure | None:
    from sayso.testing.clock import SetClock
    from sayso.testing.hosting import host
    from sayso.testing.runner import hold

    async with host(published, folder, SetClock(golden.now)) as hosted:
        failed = await hold(golden, hosted)
    shutil.rmtree(folder)  # a thousand of them fill a disk
    return failed


def _left_out(published: Published) -> None:
    """Faults do not stop the other merchants' conversations, but nobody should have to guess."""
    for fault in published.faults:
        print(fault, file=sys.stderr)


def _progress(line: str, quiet: bool) -> None:
    """One line that overwrites itself, on a terminal only."""
    if not quiet and sys.stderr.isatty():
        print(f"\r\x1b[K{line[:110]}", end="", file=sys.stderr, flush=True)


def _report(goldens: Sequence[Golden], failures: Sequence[Failure], seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_data(goldens, failures, seconds), ensure_ascii=False))
        return
    for failure in failures:
        print(f"{failure}\n")
    if not goldens:
        print("no golden conversations there: write tests/*.yaml beside a manifest")
        return
    passed = len(goldens) - len(failures)
    print(f"{passed} of {len(goldens)} conversations as recorded, {len(failures)} otherwise, in {seconds:.1f} s")


def _as_data(goldens: Sequence[Golden], failures: Sequence[Failure], seconds: float) -> dict[str, object]:
    return {
        "conversations": len(goldens),
        "passed": len(goldens) - len(failures),
        "seconds": round(seconds, 2),
        "failures": [
            {
                "id": failure.golden.id,
                "file": str(failure.golden.file),
                "line": failure.golden.turns[failure.turn - 1].line,
                "turn": failure.turn,
                "misses": [
                    {"what": miss.what, "expected": miss.expected, "got": miss.got, "mend": miss.mend}
                    for miss in failure.misses
                ],
                "reply": failure.reply,
                "trace": failure.trace,
            }
            for failure in failures
        ],
    }
