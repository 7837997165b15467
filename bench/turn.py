"""What does one verified Alexa turn cost?

Sixteen customers at once each hold a conversation of five turns (launch, add, change, yes, undo), many customers one
after another, over HTTP with signed requests. Measured is the CPU time of the server's process, from /proc.

    ours   `sayso run`'s application on uvicorn, one process: Signature-256 against a chain whose dates are looked at
           on each request, de-duplication, understanding, dialogue, prices, stock and queue, an order and its undo, a
           trace, and one durable SQLite commit (WAL, synchronous=FULL) before the answer;
           STORE=postgres: rows in a PostgreSQL beside it that flushes its commits, whose own CPU is not in the figure
    peer   Amazon's ask-sdk for Python on Flask and gunicorn, one sync worker: the SDK's own verification of signature,
           chain and time; fixed words, a card, a reprompt and session attributes; nothing is kept or understood

    make bench-turn ARGS="--customers 300"       PEER_VENV=folder keeps the peer's environment for the next time
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.serialization import Encoding

from running import SECRET, Host, hosts_of
from sayso.testing.alexa import Chain, mint
from turn_parts.processes import Server, free_port, ours, peer_python, peers, serving
from turn_parts.profile import profiled
from turn_parts.profile import report as report_profile
from turn_parts.traffic import SKILL, TURNS, Measured, conversations, talk

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 16
WARM_UP = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one server took for all turns."""

    turns: int
    cpu_ms: float
    turns_per_s: float
    p50_ms: float
    p99_ms: float
    memory_mb: float
    measured: Measured


Watch = Callable[[int], AbstractContextManager[object]]
"""What looks on at a process, by its id, while it is measured."""


def cost(
    serving: AbstractContextManager[Server],
    chain: Chain,
    customers: int,
    at: datetime,
    path: str,
    watch: Watch = nullcontext,
) -> Cost:
    """The cost of a turn on a server that is warm: what is compiled at a first turn is another figure (the start)."""
    with serving as server:
        host = f"127.0.0.1:{server.port}"
        first = list(conversations(chain, range(1), at, path, host))
        asyncio.run(talk(server.port, first, 1))
        warm = list(conversations(chain, range(1, WARM_UP), at, path, host))
        _checked(asyncio.run(talk(server.port, warm, AT_ONCE)))
        real = list(conversations(chain, range(WARM_UP, WARM_UP + customers), at, path, host))
        with watch(server.process.pid):
            before = server.cpu_seconds()
            measured = _checked(asyncio.run(talk(server.port, real, AT_ONCE)))
            used = server.cpu_seconds() - before
        return _cost(measured, used, server.memory_mb())


def _cost(measured: Measured, used: float, memory: float) -> Cost:
    seconds = measured.all
    turns = len(seconds)
    return Cost(
        turns=turns,
        cpu_ms=round(used / turns * 1000, 3),
        turns_per_s=round(turns / measured.took, 1),
        p50_ms=round(statistics.median(seconds) * 1000, 2),
        p99_ms=round(seconds[int(turns * 0.99)] * 1000, 2),
        memory_mb=round(memory, 1),
        measured=measured,
    )


def _checked(measured: Measured) -> Measured:
    if measured.failed:
        raise SystemExit(f"{len(measured.failed)} answers were not 200, the first: {measured.failed[0][:500]!r}")
    return measured


def prepare(folder: Path, chain: Chain) -> None:
    """The coffee bar with the benchmark's skill id and a queue that has room for all, and the certificates."""
    for name in ("manifests", "skills"):
        shutil.copytree(ROOT / name, folder / name)
    manifest = folder / "manifests" / "coffee_bar" / "merchant.yaml"
    text = re.sub(r"(?m)^  alexa:.*$", f'  alexa: {{skill_id: "{SKILL}"}}', manifest.read_text(encoding="utf-8"))
    manifest.write_text(re.sub(r"\bcapacity: \d+", "capacity: 1000", text), encoding="utf-8")
    (folder / "bundle.pem").write_bytes(chain.bundle)
    (folder / "root.pem").write_bytes(chain.root.public_bytes(Encoding.PEM))


def opening() -> datetime:
    """The coming Tuesday at ten in Amsterdam, when the shop is open; within the certificates' validity."""
    now = datetime.now(ZoneInfo("Europe/Amsterdam"))
    return (now + timedelta(days=(1 - now.weekday()) % 7)).replace(hour=10, minute=0, second=0, microsecond=0)


def orders(host: Host) -> dict[str, int]:
    """How many orders are stored, by state: each customer's was placed and undone."""
    return dict(asyncio.run(host.rows("SELECT state, count(*) FROM orders GROUP BY state")))


def troubles(log: Path) -> list[str]:
    """The last lines of the host's log that are no news."""
    return [line for line in log.read_text().splitlines() if '"level":"info"' not in line][-3:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument("--no-peer", action="store_true", help="measure ours alone")
    parser.add_argument("--show", action="store_true", help="print the last answer of each kind of turn")
    parser.add_argument("--profile", action="store_true", help="say where our CPU time goes (needs py-spy; costs some)")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sayso-turn-") as name,
        hosts_of(Path(name), os.environ.get("STORE", ""), 1) as (rows,),
    ):
        folder = Path(name)
        chain = mint(datetime.now(UTC))
        prepare(folder, chain)
        at, port = opening(), free_port()
        shared = {"SAYSO_DATABASE_URL": rows.shared, "SAYSO_SECRET": SECRET} if rows.shared else {}
        host = serving(ours(folder, port, at.isoformat()), port, folder / "host.log", shared)
        watch = profiling(folder) if given.profile else nullcontext
        mine = cost(host, chain, given.customers, at, "/v1/alexa/coffee_bar", watch)
        if given.show:
            _show(mine)
        placed = orders(rows)
        if set(placed) != {"cancelled"} or placed["cancelled"] < given.customers + WARM_UP - 1:
            print("\n".join(troubles(folder / "host.log")))
            raise SystemExit(f"each of {given.customers + WARM_UP} orders should be placed and undone, found {placed}")
        peer = None if given.no_peer else _peer(folder, chain, given.customers)
    report(mine, peer)


def profiling(folder: Path) -> Watch:
    """Prints where the time of a measured process went."""

    @contextmanager
    def watch(pid: int) -> Iterator[None]:
        with profiled(pid, folder) as counts:
            yield
        report_profile(counts)

    return watch


def _peer(folder: Path, chain: Chain, customers: int) -> Cost:
    python, port = peer_python(Path(os.environ.get("PEER_VENV") or folder / "peer")), free_port()
    server = serving(peers(python, port), port, folder / "peer.log", {"PEER_FOLDER": str(folder)})
    return cost(server, chain, customers, datetime.now(UTC) + timedelta(seconds=30), "/")


def _show(mine: Cost) -> None:
    for name, body in mine.measured.answers.items():
        print(f"{name:7} {json.loads(body)['response'].get('outputSpeech', {}).get('ssml', '')}")


def report(mine: Cost, peer: Cost | None) -> None:
    print(f"{'':14}{'turns':>7}{'CPU ms':>9}{'turns/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'MB':>7}")
    for name, one in (("ours", mine), ("ask-sdk", peer)):
        if one:
            figures = f"{one.turns:7}{one.cpu_ms:9.3f}{one.turns_per_s:9.1f}{one.p50_ms:8.1f}{one.p99_ms:8.1f}"
            print(f"{name:14}{figures}{one.memory_mb:7.0f}")
    for name, _, _ in TURNS:
        print(f"  ours, {name:7} p50 {statistics.median(mine.measured.seconds[name]) * 1000:.1f} ms")
    print(
        json.dumps(
            {
                "cpu_ms": mine.cpu_ms,
                "peer_cpu_ms": peer.cpu_ms if peer else None,
                "turns_per_s": mine.turns_per_s,
                "p99_ms": mine.p99_ms,
                "turns": mine.turns,
                "at_once": AT_ONCE,
                "memory_mb": mine.memory_mb,
            }
        )
    )


if __name__ == "__main__":
    main()
