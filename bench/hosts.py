"""What do a thousand merchants cost on one host, and does one see anything of another?

Merchants are made up (`hosts_parts/merchants.py`: 300 products each, two languages, own names, options and answers),
published by `sayso publish --all` and served by one `sayso run` on SQLite and Chroma in the process.

publish_s           publishing all of them, from their files (publish_cpu_s: the process's CPU meanwhile)
rss_mb_idle         the host's resident set after its start, its embedding model loaded, nobody spoken to yet
rss_mb_100_active   the same after 100 merchants have had an order from its first word to its yes
cold_turn_ms        opening a conversation with a merchant that was never spoken to, and its first words understood and
                    answered, together; the 95th percentile (also the median and the worst)
warm_turn_cpu_ms    CPU time of the host's process a turn, the same orders again by other customers
probes, leaks       what was asked of one merchant with what is another's, and how often something was found

    make bench-hosts                                  ARGS="--merchants 100 --active 50" for a shorter one
    FOLDER=somewhere keeps what was published for the next time
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from hosts_parts.merchants import PRODUCTS, Made, make, write
from hosts_parts.probes import probe
from running import ROOT, Host, Json

ACTIVE = 100
PROBED = 6
"""Merchants between which every pair is probed, both ways."""
LIMITS = {"rss_mb_100_active": 700, "cold_turn_ms": 800, "leaks": 0}
"""What issue and design ask for."""


@dataclass(slots=True)
class Times:
    """Seconds of the requests of the conversations, by kind, and how many orders were placed."""

    cold: list[float] = field(default_factory=list)
    turns: int = 0
    orders: int = 0


@contextmanager
def kept(folder: str) -> Iterator[Path]:
    """The folder to work in: one that stays, or one for now."""
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sayso-hosts-") as made:
        yield Path(made)


def prepare(folder: Path, merchants: int, products: int) -> list[Made]:
    """Their manifests and the skill that they use."""
    if (folder / "manifests").is_dir():
        return [make(number, products)[0] for number in range(1, merchants + 1)]
    skills = ROOT / "skills" / "order_coffee"
    shutil.copytree(skills, folder / "skills" / "order_coffee", ignore=shutil.ignore_patterns("tests"))
    return write(folder / "manifests", merchants, products)


def publish(folder: Path) -> tuple[float, float]:
    """Publish all of them as an operator would; returns the seconds, and those of CPU. Its progress goes to this
    process's errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "OPENAI_"))}
    settings = {
        "SAYSO_DATA": str(folder / "data"),
        "SAYSO_MANIFESTS": str(folder / "manifests"),
        "SAYSO_SKILLS": str(folder / "skills"),
        "SAYSO_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "sayso.cli", "publish", "--all"]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=kept | settings, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, used


def resident_mb(host: Host) -> float:
    assert host.process is not None
    status = Path(f"/proc/{host.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(host: Host) -> float:
    assert host.process is not None
    fields = Path(f"/proc/{host.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def settled_mb(host: Host) -> float:
    """The resident set once it has stopped growing: what a start leaves to the background is loaded."""
    before = 0.0
    while abs((now := resident_mb(host)) - before) > 1.0:
        before = now
        await asyncio.sleep(3)
    return now


async def order(host: Host, client: httpx.AsyncClient, made: Made, language: str, times: Times) -> None:
    """One customer orders the merchant's first product, in English or Dutch, to the end."""
    base = f"{host.url}/v1/merchants/{made.id}/conversations"
    began = time.perf_counter()
    opened = (await client.post(base, json={"language": language}, timeout=60)).raise_for_status().json()
    held = {"Authorization": f"Bearer {opened['token']}"}

    async def say(words: str) -> str:
        event = {"id": f"event-{times.turns:06d}", "type": "text", "text": words}
        said = await client.post(f"{base}/{opened['id']}/events", json=event, headers=held, timeout=60)
        times.turns += 1
        return " ".join(one["text"] for one in said.raise_for_status().json()["messages"])

    name = made.first[language == "nl"]
    times.turns += 1
    first = await say(
        {"en": f"two large {name} to go please", "nl": f"twee grote {name} om mee te nemen graag"}[language]
    )
    times.cold.append(time.perf_counter() - began)
    last = await say({"en": "yes", "nl": "ja"}[language])
    if made.word not in first or not any(letter.isdigit() for letter in last):
        raise SystemExit(f"{made.id} did not understand an order ({name}):\n{first}\n{last}")
    times.orders += 1


async def serve(host: Host, active: Sequence[Made]) -> Json:
    async with httpx.AsyncClient() as client:
        await host.ready(client)
        idle = await settled_mb(host)
        cold, warm = Times(), Times()
        for number, made in enumerate(active):
            await order(host, client, made, ("en", "nl")[number % 2], cold)
        busy = resident_mb(host)
        before = cpu_seconds(host)
        for number, made in enumerate(active):
            await order(host, client, made, ("nl", "en")[number % 2], warm)
        used = cpu_seconds(host) - before
    return {
        "rss_mb_idle": round(idle),
        f"rss_mb_{len(active)}_active": round(busy),
        "cold_turn_ms": round(1000 * sorted(cold.cold)[int(len(cold.cold) * 0.95)]),
        "cold_turn_ms_median": round(1000 * statistics.median(cold.cold)),
        "cold_turn_ms_worst": round(1000 * max(cold.cold)),
        "warm_turn_cpu_ms": round(1000 * used / warm.turns, 2),
        "orders": cold.orders + warm.orders,
    }


def measure(folder: Path, merchants: int, active: int, products: int) -> Json:
    everyone = prepare(folder, merchants, products)
    took, used = publish(folder)
    host = Host(folder, more={"SAYSO_DEMO": "0"})
    host.start()
    try:
        found = asyncio.run(serve(host, Random("active").sample(everyone, min(active, merchants))))
    finally:
        host.stop()
    probed = asyncio.run(probe(folder, Random("probed").sample(everyone, min(PROBED, merchants))))
    found |= {"probes": probed.asked, "leaks": len(probed.leaks), "leaked": probed.leaks[:5]}
    return {
        "merchants": merchants,
        "products": products,
        "publish_s": round(took, 1),
        "publish_cpu_s": round(used, 1),
        **found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--merchants", type=int, default=1000)
    parser.add_argument("--active", type=int, default=ACTIVE)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    given = parser.parse_args()
    with kept(os.environ.get("FOLDER", "")) as folder:
        found = measure(folder, given.merchants, given.active, given.products)
    print(json.dumps(found))
    over = [name for name, most in LIMITS.items() if found.get(name, 0) > most]
    if over:
        raise SystemExit(f"over the limit: {', '.join(f'{name} {found[name]} > {LIMITS[name]}' for name in over)}")


if __name__ == "__main__":
    main()
