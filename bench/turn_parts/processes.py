"""Servers in child processes, what CPU they used, and the peer's own environment."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEER = ("ask-sdk-core==1.19.0", "ask-sdk-webservice-support==1.3.3", "flask>=3,<4", "gunicorn>=23")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on `port`; `process` may have children of its own."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """User and system time of the process, its threads and its children, since they began."""
        return sum(_cpu(pid) for pid in _family(self.process.pid))

    def memory_mb(self) -> float:
        """Resident memory of the process and its children."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _family(self.process.pid))
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu(pid: int) -> float:
    """Fields 14 and 15 of proc(5) /proc/pid/stat, after the name in parentheses."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in _family(int(child)))]


@contextmanager
def serving(command: list[str], port: int, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `command` until it answers on `port`, and end it afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **(environment or {})})
        try:
            _wait(process, port, log)
            yield Server(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server did not start; it said:\n{log.read_text()[-3000:]}")


def ours(folder: Path, port: int, moment: str) -> list[str]:
    return [sys.executable, str(HERE / "host.py"), str(folder), str(port), moment]


def peers(python: Path, port: int) -> list[str]:
    """gunicorn with one worker of its default kind, which is how Flask's documentation begins."""
    options = ["-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "warning", "--chdir", str(HERE)]
    return [str(python), "-m", "gunicorn", *options, "peer_app:app"]


def peer_python(folder: Path) -> Path:
    """An environment with the peer, below `folder`; made when it is not there.

    oscrypto 1.3.0 reads OpenSSL's version with one digit for each part, so it does not load beside 3.0.10 and later
    (wbond/oscrypto#75); its expression is widened in this environment alone.
    """
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing the peer into {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PEER], check=True)
        for file in folder.glob("lib/python*/site-packages/oscrypto/_openssl/_libcrypto_c*.py"):
            text = file.read_text()
            file.write_text(re.sub(re.escape(r"\\d\\.\\d\\.\\d[a-z]*"), lambda _: r"\\d+\\.\\d+\\.\\d+[a-z]*", text))
    return python
