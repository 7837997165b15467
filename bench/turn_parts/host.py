"""The whole host in a process of its own: what `sayso run` runs, but that it trusts the benchmark's certificates, and
its clock stands at an hour when the shop is open.

    python host.py FOLDER PORT MOMENT
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import uvicorn
from cryptography import x509

from sayso.channels.alexa import Certificates, Door, read_limits
from sayso.testing.clock import SetClock
from sayso.web import create_app
from sayso.web.config import read
from sayso.web.logs import configure
from sayso.web.wire import wire


async def main(folder: Path, port: int, moment: datetime) -> None:
    # SAYSO_DATABASE_URL when the rows are in PostgreSQL.
    shared = {name: os.environ[name] for name in ("SAYSO_DATABASE_URL", "SAYSO_SECRET") if name in os.environ}
    config = read(
        shared
        | {
            "SAYSO_DATA": str(folder / "data"),
            "SAYSO_MANIFESTS": str(folder / "manifests"),
            "SAYSO_SKILLS": str(folder / "skills"),
            "SAYSO_DEMO": "1",
            "SAYSO_RATE": "100000",
        }
    )
    configure(config.log_level)
    limits = read_limits()

    async def fetch(url: str) -> bytes:
        return (folder / "bundle.pem").read_bytes()

    roots = x509.load_pem_x509_certificates((folder / "root.pem").read_bytes())
    door = Door(Certificates(fetch, roots, limits.certificate), limits)
    parts = replace(await wire(config, SetClock(moment)), alexa=door)
    server = uvicorn.Config(create_app(config, parts), port=port, log_config=None, access_log=False, lifespan="on")
    await uvicorn.Server(server).serve()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
