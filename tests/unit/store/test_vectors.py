"""Vectors: each merchant's own, found exactly, rebuilt when they are lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import pytest

from sayso.manifest.specs import Answer, Artefact, MerchantSpec
from sayso.model.catalog import Catalog, Product
from sayso.store import chroma, vectors
from sayso.store.chroma import Folder
from sayso.store.vectors import VectorIndex, entries

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass
class Letters:
    """An embedder of letter pairs: alike words are near, and the same text is always the same vector."""

    name: str = "letters-1"
    encoded: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> NDArray[float32]:
        self.encoded.extend(texts)
        return np.stack([self.one(text) for text in texts]) if texts else np.zeros((0, 64), np.float32)

    def one(self, text: str) -> NDArray[float32]:
        row = np.zeros(64, np.float32)
        for pair in zip(text.lower(), text.lower()[1:], strict=False):
            row[crc32("".join(pair).encode()) % 64] += 1
        norm: NDArray[float32] = row / (np.linalg.norm(row) or 1)
        return norm


def published(merchant: str, digest: str, *skus: str) -> Artefact:
    spec = MerchantSpec(merchant, {"en": merchant}, ("en",), "EUR", "NL", "Europe/Amsterdam", {}, ())
    products = {sku: Product(sku, {"en": sku, "nl": f"{sku}je"}, 100, "c", {"en": (f"hot {sku}",)}) for sku in skus}
    answers = {
        "wifi": Answer("wifi", {"en": ("what is the wifi password",), "nl": ("wat is de wifi code",)}, {"en": "x"})
    }
    return Artefact(digest, spec, {}, Catalog(merchant, digest, "EUR", products, {}), answers, {})


@pytest.fixture
def shelf(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "vectors")


@pytest.fixture
def index(shelf: Folder) -> Iterator[VectorIndex]:
    index = VectorIndex(shelf)
    yield index
    index.close()


BAR = published("bar", "d1", "latte", "muffin", "cappuccino")
LETTERS = Letters()


def test_a_product_is_entered_under_every_name_once() -> None:
    """Names and synonyms of each language; blank texts are left out."""
    artefact = published("bar", "d", "latte")
    assert [entry.text for entry in entries(artefact, "catalog")] == ["latte", "hot latte", "latteje"]
    assert {entry.id for entry in entries(artefact, "answers")} == {"wifi"}


async def test_the_nearest_ids_come_best_first_each_once(index: VectorIndex) -> None:
    """Several entries of one product are one candidate with the best score."""
    index.index(BAR, LETTERS)
    found = await index.vectors_for("bar").search("catalog", LETTERS.one("latte"), 2)
    assert found[0].id == "latte" and found[0].score == pytest.approx(1.0) and len(found) == 2
    assert found[1].id != "latte" and found[1].score < 0.9
    assert [c.id for c in await index.vectors_for("bar").search("answers", LETTERS.one("wifi code"), 5)] == ["wifi"]


async def test_memory_and_chroma_agree(tmp_path: Path, index: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """A merchant too large for memory is answered by Chroma with the same candidates."""
    index.index(BAR, LETTERS)
    exact = await index.vectors_for("bar").search("catalog", LETTERS.one("capuccino"), 3)
    monkeypatch.setattr(vectors, "IN_MEMORY", 2)
    large = VectorIndex(tmp_path / "large")
    large.index(BAR, LETTERS)
    assert not list((tmp_path / "large").rglob("catalog.npz"))
    asked = await large.vectors_for("bar").search("catalog", LETTERS.one("capuccino"), 3)
    assert [c.id for c in asked] == [c.id for c in exact]
    assert [c.score for c in asked] == pytest.approx([c.score for c in exact], abs=1e-5)
    large.close()


@pytest.mark.parametrize("damage", ["none", "torn", "gone"])
async def test_a_new_process_answers_as_the_old_one(
    index: VectorIndex, shelf: Folder, tmp_path: Path, damage: str
) -> None:
    """From the copy beside Chroma without opening it; from Chroma when the copy is damaged or lost."""
    index.index(BAR, LETTERS)
    before = await index.vectors_for("bar").search("catalog", LETTERS.one("muffins"), 3)
    index.close()
    (copy,) = (tmp_path / "vectors").rglob("catalog.npz")
    if damage == "torn":
        copy.write_bytes(copy.read_bytes()[:100])
    if damage == "gone":
        copy.unlink()
    after = await index.vectors_for("bar").search("catalog", LETTERS.one("muffins"), 3)
    assert [c.id for c in after] == [c.id for c in before] and bool(len(shelf)) == (damage != "none")


async def test_a_merchant_reaches_only_its_own(index: VectorIndex) -> None:
    """The handle is scoped: another merchant's product cannot come out of it."""
    index.index(BAR, LETTERS)
    index.index(published("rival", "d1", "lattissimo"), LETTERS)
    assert {c.id for c in await index.vectors_for("bar").search("catalog", LETTERS.one("lattissimo"), 9)} == set(
        BAR.catalog.products
    )
    with pytest.raises(ValueError, match="catalog, answers"):
        await index.vectors_for("bar").search("../rival", LETTERS.one("x"), 1)


async def test_nothing_is_found_before_it_is_built(index: VectorIndex) -> None:
    """A merchant without vectors has no candidates, and that is no error."""
    assert await index.vectors_for("bar").search("catalog", LETTERS.one("latte"), 3) == ()


async def test_indexing_the_same_artefact_again_embeds_nothing(index: VectorIndex) -> None:
    """A restart costs nothing; another embedder or artefact builds anew."""
    assert index.index(BAR, LETTERS)
    quiet = Letters()
    assert not index.index(BAR, quiet) and quiet.encoded == []
    assert index.index(BAR, Letters("letters-2"))
    assert index.index(replace(published("bar", "d2", "tea")), LETTERS)
    assert [c.id for c in await index.vectors_for("bar").search("catalog", LETTERS.one("tea"), 9)] == ["tea"]


async def test_lost_or_half_built_vectors_are_built_again(tmp_path: Path) -> None:
    """The folder can be deleted while the host is down; a build that broke off is not taken for whole."""

    class Broken(Letters):
        def encode(self, texts: Sequence[str]) -> Any:
            raise OSError("power")

    first = VectorIndex(tmp_path / "v")
    first.index(BAR, LETTERS)
    first.close()
    shutil.rmtree(tmp_path / "v")
    second = VectorIndex(tmp_path / "w")
    with pytest.raises(OSError, match="power"):
        second.index(BAR, Broken())
    assert await second.vectors_for("bar").search("catalog", LETTERS.one("latte"), 1) == ()
    assert second.index(BAR, LETTERS)
    assert (await second.vectors_for("bar").search("catalog", LETTERS.one("latte"), 1))[0].id == "latte"
    second.close()


async def test_few_clients_stay_open(index: VectorIndex, shelf: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The least recently used is closed, and opened again when it is asked for."""
    monkeypatch.setattr(chroma, "OPEN", 2)
    for number in range(4):
        index.index(published(f"m{number}", "d", f"latte{number}"), LETTERS)
    assert len(shelf) == 2
    assert (await index.vectors_for("m0").search("catalog", LETTERS.one("latte0"), 1))[0].id == "latte0"
