"""Signed Alexa requests, and sixteen customers who send them: each speaks, waits for the answer, and speaks again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sayso.testing.alexa import Chain, Speaker

SKILL = "amzn1.ask.skill.00000000-0000-4000-8000-00000000b3c4"

TURNS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("launch", "", {}),
    ("add", "Say_can_i_get", {"words": "two lattes and a cappuccino with oat milk to go at dam square"}),
    ("change", "Say_make", {"words": "one of the lattes large"}),
    ("yes", "AMAZON.YesIntent", {}),
    ("undo", "Say", {"wish": "undo that"}),
)
"""One customer's conversation: what the turn is called, its intent and its slots."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One signed request, ready for the wire."""

    name: str
    wire: bytes


def conversations(chain: Chain, users: range, at: datetime, path: str, host: str) -> Iterator[list[Sent]]:
    """The requests of each user in turn."""
    for user in users:
        speaker = Speaker(f"amzn1.ask.account.{user:08d}", SKILL)
        yield [
            Sent(name, _wire(chain, _body(speaker, f"r{user}.{i}", at, intent, slots), path, host))
            for i, (name, intent, slots) in enumerate(TURNS)
        ]


def _body(speaker: Speaker, id: str, at: datetime, intent: str, slots: dict[str, str]) -> bytes:
    return speaker.intent(id, at, intent, slots) if intent else speaker.launch(id, at)


def _wire(chain: Chain, body: bytes, path: str, host: str) -> bytes:
    headers = {"Host": host, "Accept": "application/json", "Content-Length": str(len(body)), **chain.sign(body)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(slots=True)
class Measured:
    """What the customers saw: seconds of each turn by its name, and answers that were not 200."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: list[bytes] = field(default_factory=list)
    answers: dict[str, bytes] = field(default_factory=dict)
    took: float = 0.0

    @property
    def all(self) -> list[float]:
        return sorted(second for seconds in self.seconds.values() for second in seconds)


async def talk(port: int, customers: Sequence[list[Sent]], at_once: int) -> Measured:
    """Every conversation once, `at_once` at a time."""
    measured, waiting = Measured(), iter(customers)
    began = time.perf_counter()
    await asyncio.gather(*(_customer(port, waiting, measured) for _ in range(at_once)))
    measured.took = time.perf_counter() - began
    return measured


async def _customer(port: int, waiting: Iterator[list[Sent]], measured: Measured) -> None:
    line = Line(port)
    for conversation in waiting:
        for sent in conversation:
            began = time.perf_counter()
            status, body = await line.ask(sent.wire)
            measured.seconds.setdefault(sent.name, []).append(time.perf_counter() - began)
            measured.answers[sent.name] = body
            if status != 200:
                measured.failed.append(body)
    await line.close()


class Line:
    """A connection that is kept where the server keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, wire: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(wire)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        if "connection: close" in head:
            await self.close()
        return int(head.split(" ", 2)[1]), body

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
