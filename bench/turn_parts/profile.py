"""Where a server's CPU time goes: samples by py-spy, each counted for the part of the program it is deepest in."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AREAS: tuple[tuple[str, str], ...] = (
    ("sayso/understanding/", "understanding"),
    ("sayso/dialogue/", "dialogue"),
    ("sayso/skill/", "skill and commerce"),
    ("sayso/commerce/", "skill and commerce"),
    ("sayso/people/", "people"),
    ("sayso/manifest/", "replies"),
    ("sayso/store/", "store"),
    ("sayso/channels/alexa/", "Alexa's door"),
    ("sayso/channels/", "masking"),
    ("sayso/host/", "turn pipeline"),
    ("sayso/web/", "web"),
    ("quart/", "Quart"),
    ("werkzeug/", "Quart"),
    ("uvicorn/", "uvicorn"),
    ("asyncio/", "event loop"),
    ("", "other"),
)
"""A frame's path begins or holds -> what it is counted for; the first that fits."""


@contextmanager
def profiled(pid: int, folder: Path) -> Iterator[Counter[str]]:
    """Sample the process while the block runs; the counts are filled when it ends. Only threads that hold the
    interpreter's lock are counted: waiting is not work."""
    counts: Counter[str] = Counter()
    found = shutil.which("py-spy")
    if found is None:
        raise SystemExit("py-spy is not installed: pip install py-spy")
    raw = folder / "stacks.txt"
    options = ["--gil", "--rate", "500", "--duration", "3600", "--format", "raw", "--output", str(raw)]
    spy = subprocess.Popen(
        [found, "record", "--pid", str(pid), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield counts
    finally:
        spy.send_signal(signal.SIGINT)
        spy.wait(timeout=60)
        counts.update(_counted(raw.read_text().splitlines()))


def _counted(lines: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, samples = line.rpartition(" ")
        counts[_area(stack.split(";"))] += int(samples)
    return counts


def _area(frames: list[str]) -> str:
    """The area of the deepest frame that has one of its own."""
    for frame in reversed(frames):
        path = frame.rpartition("(")[2]
        for part, area in AREAS[:-1]:
            if path.startswith(part):
                return area
    return AREAS[-1][1]


def report(counts: Counter[str]) -> None:
    total = sum(counts.values()) or 1
    for area, samples in counts.most_common():
        print(f"  {samples / total:6.1%}  {area}")
