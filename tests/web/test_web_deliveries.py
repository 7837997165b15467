"""What could not be delivered, and the counts of the outbox, over the web."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.host.parcels import Undelivered, Waiting

AT = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
PATH = "/v1/staff/merchants/bar/deliveries"
LOST = Undelivered("p1.0", "pigeon", "bar/pigeon/loft/anna", "dead", "no such pigeon", "404", 3, AT, "Hello.")


@dataclass
class Rows:
    """What an outbox has to tell."""

    lost: list[Undelivered] = field(default_factory=lambda: [LOST])

    async def undelivered(self, merchant: str, limit: int) -> list[Undelivered]:
        return self.lost if merchant == "bar" else []

    async def waiting(self) -> list[Waiting]:
        return [Waiting("pigeon", 4, AT, 2), Waiting("crow", 0, None, 1)]


@dataclass
class Outbox:
    """Sends again what it is told to."""

    rows: Rows = field(default_factory=Rows)

    async def resend(self, merchant: str, part: str) -> bool:
        found = [each for each in self.rows.lost if each.id == part and merchant == "bar"]
        for each in found:
            self.rows.lost.remove(each)
        return bool(found)


@pytest.fixture
def desk(make_app: Any) -> Any:
    """A client of a host with an outbox; `key(role)` is a staff key of the bar."""
    app = make_app(outbox=Outbox())
    client = app.test_client()
    signer, now = app.extensions["sayso"].signer, app.extensions["sayso"].parts.clock.now()

    def key(role: str, merchant: str = "bar") -> dict[str, str]:
        claims = {"m": merchant, "n": "Mia", "r": [role]}
        return {"Authorization": f"Bearer {signer.sign('staff', claims, now + timedelta(days=1))}"}

    client.key = key
    return client


async def test_the_desk_sees_why_and_sends_again(desk: Any) -> None:
    """The list has the reason and the words; what was sent again is off it; twice is told."""
    told = await (await desk.get(PATH, headers=desk.key("desk"))).get_json()
    (lost,) = told["undelivered"]
    assert (lost["state"], lost["reason"], lost["text"]) == ("dead", "no such pigeon", "Hello.")
    again = await desk.post(PATH, json={"id": "p1.0"}, headers=desk.key("desk"))
    assert (await again.get_json()) == {"undelivered": []}
    assert (await desk.post(PATH, json={"id": "p1.0"}, headers=desk.key("desk"))).status_code == 404


@pytest.mark.parametrize(("role", "merchant"), [("floor", "bar"), ("manager", "other")])
async def test_others_do_not(desk: Any, role: str, merchant: str) -> None:
    """What customers were told is not for the shop floor, nor for another merchant."""
    assert (await desk.get(PATH, headers=desk.key(role, merchant))).status_code == 403
    assert (await desk.post(PATH, json={"id": "p1.0"}, headers=desk.key(role, merchant))).status_code == 403
    assert (await desk.get(PATH)).status_code == 401


async def test_the_outbox_is_counted(desk: Any) -> None:
    """By channel: what waits, how long, what staff should see."""
    text = (await (await desk.get("/metrics")).get_data()).decode()
    assert 'sayso_outbox_messages{channel="pigeon"} 4.0' in text
    assert 'sayso_outbox_oldest_seconds{channel="pigeon"} 60.0' in text
    assert 'sayso_outbox_attention{channel="crow"} 1.0' in text


async def test_a_merchant_without_a_web_chat_has_a_desk(desk: Any, memory: Any) -> None:
    """One that is on other channels alone: its staff see the page, and what was not delivered."""
    bar = memory.merchants_["bar"]
    memory.merchants_["bar"] = replace(bar, merchant=replace(bar.merchant, channels=()))
    assert (await desk.get("/staff/bar")).status_code == 200
    assert (await desk.get("/v1/staff/merchants/bar/deliveries", headers=desk.key("desk"))).status_code == 200
    assert (await desk.get("/chat/bar")).status_code == 404
