"""A Wyoming server on real sockets, and its frames."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.assistants import wyoming
from sayso.web.config import BadConfig, read
from sayso.web.wyoming import Server

DATA = Path(os.environ.get("SAYSO_SHARED_DATA", "../shared/data")) / "voice" / "wyoming"
TURN = {"text": "a latte", "language": "en", "context": {"conversation_id": "c1"}}


@pytest.fixture
async def port(make_app: Any, config: Any) -> AsyncIterator[int]:
    """A server of the bar on a free port of this machine."""
    site = make_app(settings=replace(config)).extensions["sayso"]
    server = Server(site, ("127.0.0.1", 0, "bar"))
    await server.start()
    yield server.port
    await server.stop()


async def exchange(port: int, sent: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Every frame that comes back until the server has nothing left to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    writer.write_eof()
    got, frames = await reader.read(), []
    writer.close()
    while got:
        line, _, rest = got.partition(b"\n")
        head = wyoming.head(line)
        frames.append((head.type, dict(wyoming.whole(head, rest[: head.data_length]))))
        got = rest[head.data_length :]
    return frames


async def test_a_turn_is_handled(port: int) -> None:
    """In words to be said."""
    ((kind, data),) = await exchange(port, wyoming.frame("transcript", TURN))
    assert kind == "handled" and "Shall I order it?" in data["text"]


async def test_the_service_is_described(port: int) -> None:
    """One that handles words, in the merchant's languages."""
    ((kind, data),) = await exchange(port, wyoming.frame("describe", {}))
    (service,) = data["handle"]
    assert kind == "info" and service["installed"] and "en" in service["models"][0]["languages"]


async def test_what_is_unknown_is_passed_over(port: int) -> None:
    """With its data and payload; the next frame is answered."""
    unknown = b'{"type": "audio-chunk", "data_length": 2, "payload_length": 3}\n{}abc'
    frames = await exchange(port, unknown + wyoming.frame("ping", {"text": "x"}))
    assert frames == [("pong", {"text": "x"})]


async def test_nobodys_words_are_an_error(port: int) -> None:
    """A basket is somebody's."""
    ((kind, data),) = await exchange(port, wyoming.frame("transcript", {"text": "a latte"}))
    assert (kind, data["code"]) == ("error", "no_conversation")


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n", b'{"data_length": -1}\n', b"x" * 70_000, b"[]\n"])
async def test_what_is_no_frame_ends_the_connection(port: int, sent: bytes) -> None:
    """Without an answer; the server goes on."""
    with contextlib.suppress(ConnectionResetError):
        assert await exchange(port, sent) == []
    assert await exchange(port, wyoming.frame("ping", {})) == [("pong", {})]


@pytest.mark.skipif(not DATA.exists(), reason="no shared data folder: set SAYSO_SHARED_DATA")
async def test_home_assistants_own_bytes(port: int) -> None:
    """What the official library writes."""
    ((kind, _),) = await exchange(port, (DATA / "describe.bin").read_bytes())
    assert kind == "info"
    ((kind, data),) = await exchange(port, (DATA / "transcript_ha_turn.bin").read_bytes())
    assert (kind, data) == ("handled", {"text": "You said: turn on the lights."})


def test_the_official_library_reads_ours() -> None:
    """The description and an answer."""
    official = pytest.importorskip("wyoming.info", reason="the wyoming package is not installed")
    _, _, body = wyoming.info("bar", ("en", "nl")).partition(b"\n")
    read = official.Info.from_event(official.Event("info", orjson.loads(body)))
    assert read.handle[0].models[0].languages == ["en", "nl"]


@given(
    st.binary(max_size=60) | st.dictionaries(st.text(max_size=9), st.integers() | st.none()).map(str).map(str.encode)
)
def test_bytes_are_a_head_or_none(line: bytes) -> None:
    """Nothing else is raised."""
    with contextlib.suppress(wyoming.NoFrame):
        assert wyoming.head(line).data_length >= 0


@pytest.mark.parametrize("said", ["10900", "127.0.0.1:x=bar", "127.0.0.1:10900", ":99999=bar"])
def test_a_place_is_told_whole(said: str) -> None:
    """Host, port and merchant, or the host does not start."""
    with pytest.raises(BadConfig, match="HOST:PORT=MERCHANT"):
        read({"SAYSO_WYOMING": said})
