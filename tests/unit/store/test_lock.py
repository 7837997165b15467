"""One process has the data folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sayso.errors import SaysoError
from sayso.store.lock import lock


def test_a_folder_that_is_in_use_names_its_holder_and_the_way_out(tmp_path: Path) -> None:
    """The second opener learns who and what to do."""
    with lock(tmp_path / "data"), pytest.raises(SaysoError) as refused, lock(tmp_path / "data"):
        pass
    assert str(os.getpid()) in refused.value.text and str(tmp_path) in refused.value.text
    assert "stop it" in refused.value.mend and refused.value.status == 503


def test_a_folder_is_free_again_when_its_holder_leaves(tmp_path: Path) -> None:
    """Leaving frees it, an error too, and a stale pid in the file is no lock."""
    with pytest.raises(RuntimeError), lock(tmp_path):
        raise RuntimeError
    (tmp_path / "lock").write_text("1")
    with lock(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())
