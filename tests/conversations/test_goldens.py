"""Every golden conversation of the repository, each with a host of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.testing.clock import SetClock
from sayso.testing.goldens import Golden, find, load
from sayso.testing.hosting import Published, host
from sayso.testing.runner import hold

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = [golden for file in find([ROOT / "manifests", ROOT / "skills"]) for golden in load(file)]


@pytest.mark.parametrize("golden", GOLDENS, ids=[golden.id for golden in GOLDENS])
async def test_a_golden_conversation_has_not_changed(golden: Golden, published: Published, tmp_path: Path) -> None:
    """The conversation comes out as it was recorded."""
    async with host(published, tmp_path / "data", SetClock(golden.now)) as hosted:
        failure = await hold(golden, hosted)
    if failure:
        pytest.fail(str(failure), pytrace=False)
