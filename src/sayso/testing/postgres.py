"""A PostgreSQL for tests: a server of this process on a socket in a folder of its own, and fresh databases cheaply.

SAYSO_TEST_DATABASE_URL names a server that is there already, whose user may create databases; else the system's
PostgreSQL is started (`apt-get install postgresql`). It refuses to run as root: then it runs as the user that its
package made, or as `nobody`.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

STORE = "SAYSO_TEST_STORE"
"""`postgres`: whole hosts of tests run on PostgreSQL too."""
SERVER = "SAYSO_TEST_DATABASE_URL"
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_connections=300")
"""A test server need not survive a loss of power."""


class NoPostgres(Exception):
    """There is none to be had here; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `url` names its database `postgres`."""

    url: str
    numbers: Iterator[int] = field(default_factory=count)

    def named(self, database: str) -> str:
        """The URL of another database of it."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    async def create(self, template: str = "template0") -> str:
        """A new database, empty or a copy of one that nobody uses; returns its URL."""
        name = f"sayso_{os.getpid()}_{next(self.numbers)}"
        like = "ENCODING 'UTF8' LOCALE 'C'" if template == "template0" else ""
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {like}')
        return self.named(name)

    async def drop(self, url: str) -> None:
        """Drop a database, whoever uses it."""
        await self._run(f'DROP DATABASE IF EXISTS "{database_of(url)}" WITH (FORCE)')

    async def _run(self, sql: str) -> None:
        import asyncpg

        connection = await asyncpg.connect(self.url, timeout=30)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def database_of(url: str) -> str:
    """The name of the database that the URL names."""
    return urlsplit(url).path.lstrip("/")


def wanted() -> bool:
    """Whether whole hosts of tests are asked to run on PostgreSQL."""
    return os.environ.get(STORE, "") == "postgres"


@contextmanager
def server(flags: tuple[str, ...] = FAST) -> Iterator[Server]:
    """A server for this process, with settings like "fsync=off". Raises NoPostgres when there is none."""
    if given := os.environ.get(SERVER):
        yield Server(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="sayso-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        process = _started(folder, flags)
        yield Server(f"postgresql://postgres@/postgres?host={quote(str(folder))}")
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, flags: tuple[str, ...]) -> subprocess.Popen[bytes]:
    programs, user, data = _programs(), _user(), folder / "data"
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    made = subprocess.run(initdb, cwd=folder, capture_output=True, text=True, check=False, **who)
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()[-500:]}")
    options = [
        part for flag in (*flags, "listen_addresses=", f"unix_socket_directories={folder}") for part in ("-c", flag)
    ]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *options], cwd=folder, stdout=log, stderr=log, **who
        )
    atexit.register(_stop, process)
    _wait(process, folder)
    return process


def _programs() -> Path:
    """The folder of initdb and postgres; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve())
    if not found:
        raise NoPostgres(f"no PostgreSQL here: apt-get install postgresql, or set {SERVER}")
    return found[-1].parent


def _version(initdb: Path) -> int:
    number = re.match(r"\d+", initdb.parts[-3])
    return int(number[0]) if number else 0


def _user() -> pwd.struct_passwd | None:
    """Whom to run it as; None when we are not root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it takes connections."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NoPostgres(f"postgres ended: {(folder / 'log').read_text(errors='replace')[-800:]}")
        if asyncio.run(_answers(folder)):
            return
        time.sleep(0.05)
    raise NoPostgres("postgres did not take connections within a minute")


async def _answers(folder: Path) -> bool:
    import asyncpg

    try:
        connection = await asyncpg.connect(user="postgres", database="postgres", host=str(folder), timeout=5)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """At once: nothing of it is kept."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=30)
    atexit.unregister(_stop)
