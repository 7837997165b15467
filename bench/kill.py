"""Is anything lost or done twice when the host is killed?

Ordering conversations over HTTP against a real `sayso run`. At seeded points the process gets SIGKILL and is started
again on the same data. STORE=postgres: three hosts share a PostgreSQL, each request goes to any of them, and one at a
time is killed while the others go on. Every request that had no answer is sent again; every event is sent twice,
sometimes at once.
What was acknowledged before a kill must be there afterwards, and no conversation may hold a second order.

    kills    how often the host was killed
    lost     acknowledged answers that are not in the transcript as they were given, and orders that are gone
    doubled  events handled twice: a second order in a conversation, a second copy of what a customer said, a second
             answer to one event; and stock or queue that does not add up to the orders

    make bench-kill ARGS="--conversations 200 --kills 40 --seed 1"
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from running import MERCHANT, Host, Json, hosts_of, write_merchant

SCRIPTS = (
    ("two lattes and a blueberry muffin to go", "make one of the two large", "yes"),
    ("a cappuccino with oat milk and two espressos, to go", "yes"),
    ("three blueberry muffins to go please", "actually make that two", "yes"),
    ("twee lattes om mee te nemen", "ja"),
    ("een grote cappuccino met havermelk om mee te nemen", "doe er ook een espresso bij", "ja graag"),
)
"""What customers say. Each conversation must end with exactly one order; that is checked first without any kill."""

HOSTS = 3
"""On PostgreSQL."""

WITHOUT = 20
"""Requests that the other hosts take before the killed one is back: or all would be over after a few kills."""

AT_ONCE = 8
"""Conversations at the same time."""


@dataclass
class Acknowledged:
    """What one conversation was told: event id -> the messages that were answered."""

    id: str
    token: str
    said: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Json]] = field(default_factory=dict)
    differed: int = 0


@dataclass
class Customers:
    """The clients. `sent` counts requests; the killer waits on it. `alive` are the hosts that should be answering, and
    `up` is set while there are any, up to the request `last`."""

    hosts: list[Host]
    client: httpx.AsyncClient
    source: random.Random
    sent: int = 0
    repeated: int = 0
    over: bool = False
    alive: list[Host] = field(default_factory=list)
    last: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, path: str, body: Json, token: str = "") -> Json:
        """Send until it is answered; a refusal ends the run, it is not what is measured."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        while True:
            await self.up.wait()
            self.sent += 1
            if self.sent == self.last:
                self.up.clear()
            self.moved.set()
            try:
                answer = await self.client.post(self._any().url + path, json=body, headers=headers, timeout=60)
            except httpx.HTTPError:
                self.repeated += 1
                await asyncio.sleep(0.02)
                continue
            if answer.status_code == 503:
                await asyncio.sleep(0.05)
                continue
            answer.raise_for_status()
            found: Json = answer.json()
            return found

    def _any(self) -> Host:
        """As a balancer would choose: a host that is alive, whichever had the conversation before."""
        return self.source.choice(self.alive) if self.alive else self.hosts[0]

    async def begin(self) -> None:
        """Start the hosts; the first one publishes."""
        for host in self.hosts:
            host.start()
            await host.ready(self.client)
            self.alive.append(host)
        self.up.set()

    async def converse(self, number: int) -> Acknowledged:
        """One conversation, from opening to order."""
        script = SCRIPTS[number % len(SCRIPTS)]
        made = await self.post(f"/v1/merchants/{MERCHANT}/conversations", {"language": "en"})
        known = Acknowledged(made["id"], made["token"])
        known.answers["opened"] = made["messages"]
        for turn, words in enumerate(script):
            event = f"event-{number:04d}-{turn:02d}"
            known.said[event] = words
            await self._twice(known, {"id": event, "type": "text", "text": words})
        return known

    async def _twice(self, known: Acknowledged, event: Json) -> None:
        path = f"/v1/merchants/{MERCHANT}/conversations/{known.id}/events"
        if self.source.random() < 0.5:
            first, second = await asyncio.gather(*(self.post(path, event, known.token) for _ in "ab"))
        else:
            first = await self.post(path, event, known.token)
            second = await self.post(path, event, known.token)
        known.answers[event["id"]] = first["messages"]
        known.differed += _texts(first["messages"]) != _texts(second["messages"])


async def killer(customers: Customers, kills: int, expected: int, source: random.Random) -> int:
    """Kill at `kills` seeded counts of requests, a few milliseconds after one went out, and one in eight times again
    while the host is starting. Returns how often it was killed; fewer when the customers are done before."""
    first = customers.sent
    done = 0
    for point in sorted(source.sample(range(first, max(expected, first + kills)), kills)):
        while customers.sent < point and not customers.over:
            customers.moved.clear()
            await customers.moved.wait()
        if customers.over:
            break
        await asyncio.sleep(source.uniform(0, 0.03))
        done += await _kill_and_start(customers, source)
    return done


async def _kill_and_start(customers: Customers, source: random.Random) -> int:
    victim = source.choice(customers.hosts)
    customers.alive.remove(victim)
    customers.last = customers.sent + WITHOUT
    if not customers.alive:
        customers.up.clear()
    victim.kill()
    victim.start()
    again = source.random() < 1 / 8
    if again:
        await asyncio.sleep(source.uniform(0.05, 1.5))
        victim.kill()
        victim.start()
    await victim.ready(customers.client)
    customers.alive.append(victim)
    customers.last = 0
    customers.up.set()
    return 1 + again


async def converse_all(customers: Customers, numbers: range) -> list[Acknowledged]:
    """All conversations, AT_ONCE at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Acknowledged:
        async with gate:
            return await customers.converse(number)

    return await asyncio.gather(*(one(number) for number in numbers))


async def transcript(customers: Customers, known: Acknowledged) -> list[Json]:
    """All messages of a conversation as they are stored."""
    path = f"{customers.hosts[-1].url}/v1/merchants/{MERCHANT}/conversations/{known.id}/messages"
    found: list[Json] = []
    while True:
        after = found[-1]["seq"] if found else 0
        headers = {"authorization": f"Bearer {known.token}"}
        answer = await customers.client.get(path, params={"after": after}, headers=headers, timeout=60)
        page = answer.raise_for_status().json()
        found += page["messages"]
        if not page["more"]:
            return found


def lost_messages(known: Acknowledged, stored: list[Json]) -> int:
    """Acknowledged answers that are not in the transcript as they were given."""
    there = Counter(_texts(stored))
    answered = [text for messages in known.answers.values() for text in _texts(messages)]
    return sum((Counter(answered) - there).values())


def doubled_messages(known: Acknowledged, stored: list[Json]) -> int:
    """Customer's words that are there more than once, events answered twice, and gaps or doubles in the positions."""
    said = Counter(message["text"] for message in stored if message["author"] == "customer")
    twice = sum(max(0, said[words] - count) for words, count in Counter(known.said.values()).items())
    broken = [message["seq"] for message in stored] != list(range(1, len(stored) + 1))
    turns = {message["turn"] for message in stored if message["author"] == "bot"}
    return twice + broken + max(0, len(turns) - len(known.answers)) + known.differed


def _texts(messages: list[Json]) -> list[str]:
    return [message["text"] for message in messages if message["author"] != "customer"]


async def orders_by_conversation(host: Host) -> Counter[str]:
    """Orders in the rows themselves, by the conversation's native id; cancelled ones count too."""
    found = await host.rows("SELECT conversation FROM orders")
    return Counter(str(conversation).rpartition("/")[2] for (conversation,) in found)


async def unbalanced(host: Host) -> int:
    """Effects whose ledger entries do not sum to zero, and units of stock that left more than once."""
    odd = await host.rows("SELECT effect FROM ledger_entries GROUP BY effect HAVING sum(minor) != 0")
    ((left,),) = await host.rows("SELECT 100000 - on_hand FROM stock WHERE sku = 'muffin'")
    bodies = await host.rows("SELECT body FROM orders")
    sold = sum(_muffins(json.loads(body)) for (body,) in bodies)
    return len(odd) + abs(left - sold)


def _muffins(order: Json) -> int:
    lines = [priced["line"] for priced in order["proposal"]["lines"]]
    return sum(int(line.get("quantity", 1)) for line in lines if line["sku"] == "muffin")


async def measure(hosts: list[Host], conversations: int, kills: int, seed: int) -> Json:
    """The whole run; see the module's text for what the figures mean."""
    write_merchant(hosts[0].folder)
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    began = time.monotonic()
    async with httpx.AsyncClient(limits=limits) as client:
        customers = Customers(hosts, client, random.Random(seed))
        try:
            await customers.begin()
            control = await converse_all(customers, range(len(SCRIPTS)))
            per_script = customers.sent
            print(f"undisturbed: {len(control)} conversations, {per_script} requests", flush=True)
            expected = customers.sent + conversations * per_script // len(SCRIPTS)
            # A group: when the host does not come up again, the customers must not wait for it for ever.
            async with asyncio.TaskGroup() as group:
                hunting = group.create_task(killer(customers, kills, int(expected * 0.95), random.Random(seed + 1)))
                known = await converse_all(customers, range(len(SCRIPTS), len(SCRIPTS) + conversations))
                customers.over = True
                customers.moved.set()
            done = hunting.result()
            stored = [await transcript(customers, one) for one in [*control, *known]]
        finally:
            for host in hosts:
                host.stop()
    result = await _result(hosts[0], control, known, stored, done)
    return result | {
        "hosts": len(hosts),
        "requests": customers.sent,
        "repeated": customers.repeated,
        "seconds": round(time.monotonic() - began, 1),
    }


async def _result(
    host: Host, control: list[Acknowledged], known: list[Acknowledged], stored: list[list[Json]], kills: int
) -> Json:
    orders = await orders_by_conversation(host)
    for one in control:
        if orders[one.id] != 1:
            raise SystemExit(f"without any kill {list(one.said.values())} gave {orders[one.id]} orders, not one")
    every = [*control, *known]
    pairs = list(zip(every, stored, strict=True))
    lost = sum(lost_messages(one, messages) for one, messages in pairs)
    doubled = sum(doubled_messages(one, messages) for one, messages in pairs)
    return {
        "kills": kills,
        "lost": lost + sum(orders[one.id] == 0 for one in every),
        "doubled": doubled + sum(max(0, orders[one.id] - 1) for one in every) + await unbalanced(host),
        "conversations": len(known),
        "orders": sum(orders[one.id] for one in known),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--conversations", type=int, default=200)
    asked.add_argument("--kills", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sayso-kill-") as folder,
        hosts_of(Path(folder), os.environ.get("STORE", ""), HOSTS) as hosts,
    ):
        found = asyncio.run(measure(hosts, given.conversations, given.kills, given.seed))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
