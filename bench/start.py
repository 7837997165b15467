"""How soon does a host answer after a warm start, and how much memory does it hold?

first_answer_s   median of three warm starts: from starting the process to its first answer to a customer
cold_start_s     the very first start, publishing included
memory_mb        resident set after 50 conversations

make bench-start
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from running import ROOT, Host, Json

MERCHANT = "coffee_bar"
CONVERSATIONS = 50
STARTS = 3


def of_the_demo(folder: Path) -> Host:
    """A host of the repository's own manifests, with a data folder below `folder`."""
    for name in ("manifests", "skills"):
        (folder / name).symlink_to(ROOT / name)
    return Host(folder)


async def first_answer(host: Host, client: httpx.AsyncClient) -> float:
    """Start it and talk to it; the seconds until its answer came."""
    began = time.monotonic()
    host.start()
    await host.ready(client)
    await converse(host, client, "two lattes to go")
    return time.monotonic() - began


async def converse(host: Host, client: httpx.AsyncClient, *script: str) -> list[Json]:
    """One conversation; the messages that were answered."""
    base = f"{host.url}/v1/merchants/{MERCHANT}/conversations"
    made = (await client.post(base, json={"language": "en"}, timeout=60)).raise_for_status().json()
    headers, found = {"authorization": f"Bearer {made['token']}"}, []
    for number, words in enumerate(script):
        event = {"id": f"event-{number:04d}", "type": "text", "text": words}
        answer = await client.post(f"{base}/{made['id']}/events", json=event, headers=headers, timeout=60)
        found += answer.raise_for_status().json()["messages"]
    return found


def resident_mb(host: Host) -> float:
    """The process's resident set, in MB."""
    assert host.process is not None
    status = Path(f"/proc/{host.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def measure(folder: Path) -> Json:
    host = of_the_demo(folder)
    async with httpx.AsyncClient() as client:
        try:
            cold = await first_answer(host, client)
            warm = []
            for _ in range(STARTS):
                host.stop()
                warm.append(await first_answer(host, client))
            for number in range(CONVERSATIONS):
                await converse(
                    host, client, "what's in a cortado?", f"{number % 4 + 1} oat lattes", "dam square", "yes"
                )
            memory = resident_mb(host)
        finally:
            host.stop()
    return {
        "first_answer_s": round(statistics.median(warm), 2),
        "cold_start_s": round(cold, 2),
        "memory_mb": round(memory),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="sayso-start-") as made:
        print(json.dumps(asyncio.run(measure(Path(made)))))
