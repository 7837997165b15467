"""Where vectors are kept: in this process, or on a Chroma server that hosts share. Both keep the same promises."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import numpy as np
import pytest

from sayso.errors import Upstream
from sayso.manifest.specs import Answer, Artefact, MerchantSpec
from sayso.model.catalog import Catalog, Product
from sayso.store import vectors
from sayso.store.chroma import Folder, Server
from sayso.store.vectors import Shelf, VectorIndex

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Letters:
    """An embedder of letter pairs."""

    name: str = "letters"

    def encode(self, texts: Sequence[str]) -> Any:
        return np.stack([self.one(text) for text in texts])

    def one(self, text: str) -> Any:
        row = np.zeros(64, np.float32)
        for pair in zip(text.lower(), text.lower()[1:], strict=False):
            row[crc32("".join(pair).encode()) % 64] += 1
        return row / (np.linalg.norm(row) or 1)


LETTERS = Letters()


def published(merchant: str, digest: str, *skus: str) -> Artefact:
    spec = MerchantSpec(merchant, {"en": merchant}, ("en",), "EUR", "NL", "Europe/Amsterdam", {}, ())
    products = {sku: Product(sku, {"en": sku}, 100, "c", {"en": (f"hot {sku}",)}) for sku in skus}
    answers = {"wifi": Answer("wifi", {"en": ("what is the wifi password",)}, {"en": "x"})}
    return Artefact(digest, spec, {}, Catalog(merchant, digest, "EUR", products, {}), answers, {})


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real `chroma run`; skipped with the reason where there is none."""
    beside = Path(sys.executable).with_name("chroma")
    program = str(beside) if beside.exists() else shutil.which("chroma")
    if program is None:
        pytest.skip("no `chroma` command: pip install chromadb")
    folder = tmp_path_factory.mktemp("chroma")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [program, "run", "--path", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    url = f"http://127.0.0.1:{port}"
    try:
        if not _answers(url, process):
            pytest.skip(f"`chroma run` did not start: {(folder / 'log').read_text(errors='replace')[-300:]}")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=2):
                return True
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)  # It may end instead of answering.
    return False


@pytest.fixture(params=["folder", "server"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Shelf]:
    """`shelf()`: where another process finds the same collections."""
    if request.param == "folder":
        return lambda: Folder(tmp_path / "vectors")
    url = request.getfixturevalue("server_url")
    return lambda: Server(url)


@pytest.fixture
def index(shelf: Callable[[], Shelf]) -> Iterator[VectorIndex]:
    index = VectorIndex(shelf())
    yield index
    index.close()


@pytest.fixture
def bar() -> str:
    """A merchant of this test alone."""
    return f"bar-{uuid4().hex}"


async def ids(index: VectorIndex, merchant: str, words: str, k: int = 9, collection: str = "catalog") -> list[str]:
    return [one.id for one in await index.vectors_for(merchant).search(collection, LETTERS.one(words), k)]


async def test_the_nearest_come_first_each_once(index: VectorIndex, bar: str) -> None:
    """From memory, of either collection."""
    assert index.index(published(bar, "d1", "latte", "muffin", "cappuccino"), LETTERS)
    assert (await ids(index, bar, "lattes"))[0] == "latte" and len(await ids(index, bar, "lattes")) == 3
    assert await ids(index, bar, "wifi password", collection="answers") == ["wifi"]


async def test_a_large_merchant_is_answered_by_chroma_itself(
    index: VectorIndex, bar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same candidates and scores."""
    artefact = published(bar, "d1", "latte", "muffin", "cappuccino")
    index.index(artefact, LETTERS)
    exact = await index.vectors_for(bar).search("catalog", LETTERS.one("capuccino"), 3)
    monkeypatch.setattr(vectors, "IN_MEMORY", 2)
    asked = index.query(bar, "catalog", LETTERS.one("capuccino"), 3)
    assert [one.id for one in asked] == [one.id for one in exact]
    assert [one.score for one in asked] == pytest.approx([one.score for one in exact], abs=1e-4)


async def test_another_process_finds_what_was_built(index: VectorIndex, shelf: Callable[[], Shelf], bar: str) -> None:
    """It embeds nothing again."""
    artefact = published(bar, "d1", "latte", "muffin")
    index.index(artefact, LETTERS)
    index.close()
    other = VectorIndex(shelf())
    assert other.holds(bar, "d1", LETTERS) and not other.index(artefact, LETTERS)
    assert (await ids(other, bar, "latte"))[0] == "latte"
    other.close()


async def test_a_new_artefact_replaces_the_old(index: VectorIndex, bar: str) -> None:
    """What is no longer sold is no longer found."""
    index.index(published(bar, "d1", "latte", "muffin"), LETTERS)
    assert index.index(published(bar, "d2", "latte", "tea"), LETTERS)
    assert sorted(await ids(index, bar, "latte")) == ["latte", "tea"]
    assert not index.holds(bar, "d1", LETTERS) and not index.holds(bar, "d2", Letters("other"))


async def test_a_merchant_reaches_only_its_own(index: VectorIndex, bar: str) -> None:
    """And one that built nothing finds nothing."""
    index.index(published(bar, "d1", "latte"), LETTERS)
    index.index(published(f"{bar}2", "d1", "lattissimo"), LETTERS)
    assert await ids(index, bar, "lattissimo") == ["latte"]
    assert await ids(index, f"{bar}3", "latte") == []


async def test_two_hosts_may_build_at_once(server_url: str, bar: str) -> None:
    """On a server both write the same rows; a host that built nothing drops what it remembered."""
    first, second = VectorIndex(Server(server_url)), VectorIndex(Server(server_url))
    artefact = published(bar, "d1", *(f"product {number}" for number in range(50)))
    await asyncio.gather(*(asyncio.to_thread(each.index, artefact, LETTERS) for each in (first, second)))
    assert len(await ids(first, bar, "product", 100)) == len(await ids(second, bar, "product", 100)) == 50
    newer = published(bar, "d2", "tea")
    first.index(newer, LETTERS)
    assert not second.index(newer, LETTERS) and await ids(second, bar, "tea") == ["tea"]
    first.close()
    second.close()


async def test_a_server_that_is_away_says_what_to_do(bar: str) -> None:
    """Which address, and how to start it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Upstream, match="does not answer") as away:
        Server(f"http://127.0.0.1:{port}").stamp(bar)
    assert "chroma run" in away.value.mend and away.value.where.endswith(str(port))
