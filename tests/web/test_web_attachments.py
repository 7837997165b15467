"""Files that customers sent, over the web: for the desk, shown or saved, never run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.host.attachments import Kept

AT = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
PATH = "/v1/staff/merchants/bar/attachments"
KEY = "bar/pigeon/loft/anna"
PICTURE = Kept("a" * 32, "bar", KEY, "t1", "image", "image/png", 'me".html', 3, AT, "f1")
PAGE = Kept("b" * 32, "bar", KEY, "t2", "document", "application/octet-stream", "x.html", 3, AT, "f2")
NONE = Kept("c" * 32, "bar", KEY, "t3", "image", "", "", 0, AT, reason="larger than is kept")


@dataclass
class Shelf:
    """Rows and files of the bar."""

    rows: dict[str, Kept] = field(default_factory=lambda: {each.id: each for each in (PICTURE, PAGE, NONE)})

    async def listed(self, merchant: str, limit: int = 100) -> Sequence[Kept]:
        return [each for each in self.rows.values() if each.merchant == merchant][:limit]

    async def found(self, merchant: str, id: str) -> Kept | None:
        found = self.rows.get(id)
        return found if found and found.merchant == merchant else None

    async def get(self, merchant: str, name: str) -> bytes | None:
        return {"f1": b"png", "f2": b"<b>"}.get(name)


@pytest.fixture
def desk(make_app: Any) -> Any:
    shelf = Shelf()
    app = make_app(attachments=shelf, files=shelf)
    client = app.test_client()
    signer, now = app.extensions["sayso"].signer, app.extensions["sayso"].parts.clock.now()

    def key(role: str, merchant: str = "bar") -> dict[str, str]:
        claims = {"m": merchant, "n": "Mia", "r": [role]}
        return {"Authorization": f"Bearer {signer.sign('staff', claims, now + timedelta(days=1))}"}

    client.key = key
    return client


async def test_the_list_says_what_there_is_and_why_not(desk: Any) -> None:
    """Names of files in the store are not told."""
    told = (await (await desk.get(PATH, headers=desk.key("desk"))).get_json())["attachments"]
    assert [(one["mime"], one["reason"]) for one in told] == [
        ("image/png", ""),
        ("application/octet-stream", ""),
        ("", "larger than is kept"),
    ]
    assert all("file" not in one for one in told)


@pytest.mark.parametrize(("kept", "way"), [(PICTURE, 'inline; filename="aaaaaaaa.png"'), (PAGE, "attachment; ")])
async def test_a_picture_is_shown_and_anything_else_saved(desk: Any, kept: Kept, way: str) -> None:
    """Under a name of ours, as its first bytes say, in no cache, and nothing in it runs."""
    answer = await desk.get(f"{PATH}/{kept.id}", headers=desk.key("manager"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(way)
    assert answer.headers["Content-Type"] == kept.mime
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "html" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("role", "merchant"), [("floor", "bar"), ("desk", "other")])
async def test_others_see_nothing(desk: Any, role: str, merchant: str) -> None:
    """Not the shop floor, not another merchant, not a stranger."""
    for path in (PATH, f"{PATH}/{PICTURE.id}"):
        assert (await desk.get(path, headers=desk.key(role, merchant))).status_code == 403
        assert (await desk.get(path)).status_code == 401


@pytest.mark.parametrize("id", [NONE.id, "d" * 32, "..", "a"])
async def test_a_file_that_is_not_there(desk: Any, id: str) -> None:
    """It was never fetched, it is gone, or it never was."""
    assert (await desk.get(f"{PATH}/{id}", headers=desk.key("desk"))).status_code == 404
