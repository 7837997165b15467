"""A real `sayso run` in a child process, on a data folder and manifests of its own, for benchmarks to talk to."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from sayso.testing.postgres import server

SECRET = "a secret that the hosts of a benchmark share"
ROOT = Path(__file__).resolve().parent.parent
MERCHANT = "bench_bar"

MANIFEST = """\
schema: sayso/merchant/1
id: bench_bar
name: {en: Bench Bar, nl: Bench Bar}
languages: [en, nl]
currency: EUR
country: NL
zone: Europe/Amsterdam
persona: {name: Pip, formal: false}
support_phone: "+31 20 555 0100"
emergency: {en: "This may be an emergency: call 112 now.", nl: "Dit kan een noodgeval zijn: bel nu 112."}
limits: {max_quantity: 20, max_amount: "250.00"}
payments: [counter]
allergens: {milk: {name: {en: milk, nl: melk}}}
vat: {low: "9 %"}
locations:
  dam:
    name: {en: Dam Square, nl: de Dam}
    address: Dam 1, Amsterdam
    coordinates: {latitude: 52.373, longitude: 4.893}
    hours: {mon-sun: ["00:00-12:00", "12:00-00:00"]}
    services: [here, to_go]
    queue: {capacity: 100000, slot_minutes: 5, lead_minutes: 240, horizon_slots: 36}
catalog:
  source: catalog.csv
  categories: {coffee: {en: Coffee, nl: Koffie}, pastry: {en: Pastry, nl: Gebak}}
  options:
    size:
      name: {en: size, nl: maat}
      kind: one
      spoken: before
      values:
        small: {name: {en: small, nl: kleine}}
        large: {name: {en: large, nl: grote}, price: "0.60"}
    milk:
      name: {en: milk, nl: melk}
      kind: one
      spoken: with
      values:
        whole: {name: {en: whole milk, nl: volle melk}, adds_allergens: [milk]}
        oat: {name: {en: oat milk, nl: havermelk}, synonyms: {en: [oat], nl: [haver]}, price: "0.50"}
skills: {order_coffee: {}}
channels: {web: {}}
"""

CATALOG = """\
sku,category,name_en,name_nl,price,options,defaults,allergens,vat,stock
latte,coffee,latte,latte,3.50,size milk,size=small milk=whole,none,low,
cappuccino,coffee,cappuccino,cappuccino,3.40,size milk,size=small milk=whole,none,low,
espresso,coffee,espresso,espresso,2.60,,,none,low,
muffin,pastry,blueberry muffin,bosbessenmuffin,3.10,,,milk,low,100000
"""
"""Nothing here runs out: what goes missing was lost. Making begins hours later: an order's state stays."""


def write_merchant(folder: Path) -> None:
    """The merchant of the benchmarks and the skill that it uses, below `folder`."""
    home = folder / "manifests" / MERCHANT
    home.mkdir(parents=True)
    (home / "merchant.yaml").write_text(MANIFEST, encoding="utf-8")
    (home / "catalog.csv").write_text(CATALOG, encoding="utf-8")
    shutil.copytree(ROOT / "skills", folder / "skills", ignore=shutil.ignore_patterns("tests"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Host:
    """The child process. `folder` holds its manifests, and below its `name` its log; its rows are in its data folder,
    or in the PostgreSQL database at `shared`, with those of other hosts. `more`: settings that differ from the rest."""

    folder: Path
    name: str = "data"
    shared: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file in the data folder."""
        return self.folder / self.name / "sayso.db"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query of the rows themselves gives."""
        if not self.shared:
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
                return connection.execute(sql).fetchall()
        connection = await asyncpg.connect(self.shared)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    def start(self) -> None:
        log = self.log.open("ab")
        settings = {
            "SAYSO_DATA": str(self.folder / self.name),
            "SAYSO_MANIFESTS": str(self.folder / "manifests"),
            "SAYSO_SKILLS": str(self.folder / "skills"),
            "SAYSO_PORT": str(self.port),
            "SAYSO_DEMO": "1",
            "SAYSO_RATE": "100000",
            "SAYSO_RATE_OPENED": "1000000",
            "SAYSO_LOG_LEVEL": "WARNING",
        }
        if self.shared:
            settings |= {"SAYSO_DATABASE_URL": self.shared, "SAYSO_SECRET": SECRET}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "OPENAI_"))}
        command = [sys.executable, "-m", "sayso.cli", "run"]
        self.process = subprocess.Popen(
            command, env=kept | settings | self.more, cwd=self.folder, stdout=log, stderr=log
        )

    async def ready(self, client: httpx.AsyncClient, within: float = 120.0) -> float:
        """Wait until it serves; returns the seconds. Raises RuntimeError with the log's end when it does not."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                if (await client.get(f"{self.url}/readyz", timeout=2)).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.02)
        end = self.log.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"the host did not come up; its log ends with\n{end}")

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nothing is closed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and wait until it has drained."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def hosts_of(folder: Path, store: str, count: int) -> Iterator[list[Host]]:
    """Hosts that are not started yet: one on SQLite, or `count` on a PostgreSQL of their own, which is there
    meanwhile and flushes what it commits."""
    if store != "postgres":
        yield [Host(folder)]
        return
    with server(flags=()) as running:
        shared = asyncio.run(running.create())
        yield [Host(folder, f"data{number or ''}", shared) for number in range(count)]


Json = dict[str, Any]
