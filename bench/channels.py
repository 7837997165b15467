"""What does a channel cost?

inbound_cpu_ms   one webhook: verified from its raw bytes, parsed, its event stored durably (a group of them commits
                 together, as under load), before the platform gets its 200
render_cpu_ms    one message: compiled for the channel and written as the platform's calls (or as its response). The
                 messages are those of recorded conversations of all demo merchants, in both languages
parts            calls that a message takes on average

make bench-channels                          ARGS="--events 500"
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from channels_parts.requests import ENVIRONMENT, MADE, SETTINGS
from running import ROOT
from sayso.channels.contract import Account, Address, Channel, Pushing, Responding
from sayso.channels.registry import Channels
from sayso.host.reach import Reach
from sayso.manifest.specs import Artefact, ChannelSpec
from sayso.model.message import Message
from sayso.store import open_store
from sayso.testing.clock import SetClock
from sayso.testing.goldens import find, load
from sayso.testing.hosting import Published, publish
from sayso.testing.preview import chosen, record

PUBLIC = "https://bots.example"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EACH = 6
"""Recorded conversations of each merchant."""
ROUNDS = 20


async def messages(published: Published, folder: Path) -> list[Message]:
    """What the demo merchants say in recorded conversations."""
    goldens = [golden for path in find([ROOT / "manifests", ROOT / "skills"]) for golden in load(path)]
    picked = [golden for merchant in published.merchants for golden in chosen(goldens, merchant, EACH)]
    scenes = [await record(golden, published, folder / str(n)) for n, golden in enumerate(picked)]
    return [message for scene in scenes for said in scene.turns for message in said.messages]


async def inbound(channel: Channel, account: Account, folder: Path, count: int) -> float:
    """CPU of one webhook, in milliseconds."""
    requests = [MADE[channel.name](n) for n in range(count + 50)]
    async with open_store(folder, SetClock(NOW)) as store:

        async def one(n: int) -> None:
            found = channel.receive(requests[n], account, NOW)
            for event in found.events:
                arrival = await store.inbox.accept(event)
                assert arrival.new

        await asyncio.gather(*(one(n) for n in range(50)))
        began = time.process_time()
        for at in range(50, count + 50, 50):
            await asyncio.gather(*(one(n) for n in range(at, min(at + 50, count + 50))))
        return (time.process_time() - began) * 1000 / count


def rendered(channel: Channel, account: Account, reach: Reach, said: Sequence[Message]) -> tuple[float, float]:
    """CPU of one message in milliseconds, and the calls that it takes."""
    event = channel.receive(MADE[channel.name](1), account, NOW).events[0]

    def one(message: Message) -> int:
        if isinstance(channel, Responding):
            channel.respond(event, [message], account)
            return 1
        assert isinstance(channel, Pushing)
        plan = reach.plan(message, channel.name, account.merchant.id, "coffee_bar/x/y/z")
        assert plan is not None
        for n, part in enumerate(plan.parts):
            channel.wire(part, Address(event.conversation, f"p{n}", event.via, NOW, message.language, NOW), account)
        return len(plan.parts)

    parts = [one(message) for message in said]
    began = time.process_time()
    for _ in range(ROUNDS):
        for message in said:
            one(message)
    return (time.process_time() - began) * 1000 / (ROUNDS * len(said)), sum(parts) / len(parts)


def account_of(name: str, artefact: Artefact, reach: Reach) -> Account:
    id, settings = SETTINGS[name]
    merchant = replace(artefact.merchant, channels=(ChannelSpec(name, id, settings),))
    return reach.account(merchant, name)


async def measured(published: Published, folder: Path, count: int) -> dict[str, float]:
    reach = Reach(
        Channels(), "https://bots.example", lambda conversation, action: "https://bots.example/x", ENVIRONMENT
    )
    said = await messages(published, folder / "recorded")
    figures: dict[str, float] = {"messages": len(said)}
    for name in sorted(MADE):
        channel = reach.channels.get(name)
        if channel is None:
            print(f"{name}: not installed", flush=True)
            continue
        account = account_of(name, published.merchants["coffee_bar"], reach)
        came = await inbound(channel, account, folder / name, count)
        made, parts = rendered(channel, account, reach, said)
        print(f"{name:16} inbound {came:.3f} ms   render {made:.3f} ms   {parts:.2f} calls a message", flush=True)
        figures |= {f"{name}_inbound_cpu_ms": round(came, 3), f"{name}_render_cpu_ms": round(made, 3)}
    worst = {
        kind: max(v for k, v in figures.items() if k.endswith(f"_{kind}_cpu_ms")) for kind in ("inbound", "render")
    }
    return {f"worst_{kind}_cpu_ms": value for kind, value in worst.items()} | figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        published = publish(ROOT / "manifests", ROOT / "skills", Path(folder) / "published")
        print(json.dumps(asyncio.run(measured(published, Path(folder), asked.events))))


if __name__ == "__main__":
    main()
