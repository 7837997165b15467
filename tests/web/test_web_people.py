"""Staff, administrator and demo: who may do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

ADMIN = {"Authorization": "Bearer " + "a" * 40}
SWITCHES = "/v1/staff/merchants/bar/switches"


async def key(client: Client, **more: Any) -> dict[str, str]:
    """A staff key's header."""
    made = await client.post("/v1/admin/merchants/bar/staff-keys", json={"name": "Mia", **more}, headers=ADMIN)
    assert made.status_code == 201
    return {"Authorization": f"Bearer {(await made.get_json())['key']}"}


async def test_staff_pause_a_store_in_one_request(client: Client, memory: Any) -> None:
    """The switch is on at once, and who did it is known."""
    staff = await key(client)
    response = await client.post(SWITCHES, json={"name": "paused/dam", "on": True}, headers=staff)
    assert (await response.get_json())["switches"] == ["paused/dam"]
    assert memory.switches_by == ["Mia"]


async def test_staff_mark_sold_out_and_back(client: Client, memory: Any) -> None:
    """Products and options can be sold out, and sold again."""
    staff = await key(client)
    for name in ("sold_out/latte", "sold_out/milk/oat"):
        await client.post(SWITCHES, json={"name": name, "on": True}, headers=staff)
    assert memory.switched == {"sold_out/latte", "sold_out/milk/oat"}
    await client.post(SWITCHES, json={"name": "sold_out/latte", "on": False}, headers=staff)
    assert memory.switched == {"sold_out/milk/oat"}


async def test_the_switches_say_what_there_is(client: Client) -> None:
    """Every location, product and option value is offered with its names."""
    found = await (await client.get(SWITCHES, headers=await key(client))).get_json()
    names = [offer["name"] for offer in found["offers"]]
    assert names == ["paused/dam", "sold_out/latte", "sold_out/mocha", "sold_out/milk/oat"]


@pytest.mark.parametrize("name", ["paused/nowhere", "sold_out/tea", "sold_out/milk/goat", "paused/../x", "other"])
async def test_what_is_not_there_cannot_be_switched(client: Client, memory: Any, name: str) -> None:
    """A name that the merchant does not have is refused and not stored."""
    response = await client.post(SWITCHES, json={"name": name, "on": True}, headers=await key(client))
    assert response.status_code in (400, 404)
    assert memory.switched == set()


async def test_without_a_key_nothing_is_switched(client: Client, memory: Any) -> None:
    """No key, a conversation's token or another merchant's key: refused."""
    memory.merchants_["other"] = replace(
        memory.merchants_["bar"], merchant=replace(memory.merchants_["bar"].merchant, id="other")
    )
    made = await (await client.post("/v1/merchants/bar/conversations", json={})).get_json()
    conversation = {"Authorization": f"Bearer {made['token']}"}
    for headers, status in (({}, 401), (conversation, 401), (await key(client), 403)):
        path = "/v1/staff/merchants/other/switches" if status == 403 else SWITCHES
        assert (await client.get(path, headers=headers)).status_code == status


async def test_a_staff_key_ends(client: Client, memory: Any) -> None:
    """A key is good for the days it was made for."""
    from datetime import timedelta

    staff = await key(client, days=1)
    memory.clock.at += timedelta(days=1, seconds=1)
    assert (await client.get(SWITCHES, headers=staff)).status_code == 401


async def test_publishing_needs_the_admin_key(client: Client) -> None:
    """The administrator publishes; nobody else."""
    path = "/v1/admin/merchants/bar/publish"
    assert (await client.post(path, json={})).status_code == 401
    assert (await client.post(path, json={}, headers={"Authorization": "Bearer wrong"})).status_code == 401
    published = await client.post(path, json={}, headers=ADMIN)
    assert await published.get_json() == {"merchant": "bar", "digest": "d2"}


async def test_without_a_configured_key_there_is_no_administrator(make_app: Callable[..., Quart], config: Any) -> None:
    """An empty admin key never matches."""
    client = make_app(settings=replace(config, admin_key="")).test_client()
    response = await client.post("/v1/admin/merchants/bar/publish", json={}, headers={"Authorization": "Bearer "})
    assert response.status_code == 403


async def test_demo_people_exist_in_a_demo_only(make_app: Callable[..., Quart], config: Any) -> None:
    """Elsewhere nobody becomes a customer or an employee by asking."""
    demo, live = make_app().test_client(), make_app(settings=replace(config, demo=False)).test_client()
    for path, body in (("customers", {"name": "anna"}), ("staff-keys", {})):
        url = f"/v1/demo/merchants/bar/{path}"
        assert (await demo.post(url, json=body)).status_code == 201
        assert (await live.post(url, json=body)).status_code == 404


async def test_traces_are_for_staff_at_the_desk(make_app: Callable[..., Quart], config: Any) -> None:
    """Outside a demo a visitor sees no trace, nor does an employee of the floor."""
    client = make_app(settings=replace(config, demo=False)).test_client()
    made = await (await client.post("/v1/merchants/bar/conversations", json={})).get_json()
    path = f"/v1/merchants/bar/conversations/{made['id']}/traces"
    visitor = {"Authorization": f"Bearer {made['token']}"}
    assert (await client.get(path, headers=visitor)).status_code == 401
    assert (await client.get(path, headers=await key(client))).status_code == 403
    assert (await client.get(path, headers=await key(client, role="desk"))).status_code == 200


async def test_staff_see_what_was_not_understood(client: Client) -> None:
    """With a key of theirs, and with no other."""
    path = "/v1/staff/merchants/bar/unrecognised"
    found = await client.get(path, headers=await key(client))
    assert (found.status_code, await found.get_json()) == (200, {"unrecognised": []})
    assert (await client.get(path)).status_code == 401
