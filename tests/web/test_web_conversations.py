"""The web chat's API: conversations, events, messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

BASE = "/v1/merchants/bar/conversations"


async def begin(client: Client, **body: Any) -> tuple[str, dict[str, str]]:
    """A new conversation: its path and the header that holds its token."""
    response = await client.post(BASE, json=body)
    assert response.status_code == 201, await response.get_data()
    made = await response.get_json()
    if client.cookie_jar is not None:
        client.cookie_jar.clear()
    return f"{BASE}/{made['id']}", {"Authorization": f"Bearer {made['token']}"}


def text(words: str, id: str = "event-0001") -> dict[str, str]:
    return {"id": id, "type": "text", "text": words}


async def test_a_new_conversation_greets(client: Client) -> None:
    """Opening a conversation gives its id, a token, and the greeting."""
    response = await client.post(BASE, json={"language": "nl-BE"})
    made = await response.get_json()
    assert response.status_code == 201
    assert made["language"] == "nl"
    assert made["messages"][0]["text"].startswith("Hello")
    assert made["messages"][0]["seq"] == 1


async def test_the_token_is_a_cookie_that_scripts_cannot_read(client: Client) -> None:
    """The page needs no token in its scripts: a cookie for this conversation alone carries it."""
    response = await client.post(BASE, json={})
    made = await response.get_json()
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={BASE}/{made['id']}" in cookie
    sent = await client.post(f"{BASE}/{made['id']}/events", json=text("hi"))
    assert sent.status_code == 200


async def test_a_cookie_does_not_count_on_another_sites_request(client: Client) -> None:
    """Another site's page cannot act in the visitor's name."""
    made = await (await client.post(BASE, json={})).get_json()
    sent = await client.post(f"{BASE}/{made['id']}/events", json=text("hi"), headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 401


async def test_an_event_is_answered(client: Client) -> None:
    """The answer's messages come back with the event."""
    path, held = await begin(client)
    response = await client.post(f"{path}/events", json=text("a latte please"), headers=held)
    told = await response.get_json()
    assert response.status_code == 200
    assert told["event"] == "event-0001"
    message = told["messages"][0]
    assert message["cards"][0]["image"] == {"src": "/assets/bar/images/latte.svg", "alt": "A latte in a glass"}
    assert [action["label"] for action in message["actions"]] == ["Yes", "No"]


async def test_the_same_event_gives_the_same_answer(client: Client, memory: Any) -> None:
    """An event that is sent again is answered as before, says so, and does nothing."""
    path, held = await begin(client)
    first = await client.post(f"{path}/events", json=text("a latte"), headers=held)
    again = await client.post(f"{path}/events", json=text("a latte"), headers=held)
    assert await again.get_json() == await first.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(memory.events) == 2


async def test_the_same_id_in_another_conversation_is_another_event(client: Client, memory: Any) -> None:
    """Nobody gets another's answer by guessing an event's id."""
    for words in ("one", "two"):
        path, held = await begin(client)
        told = await (await client.post(f"{path}/events", json=text(words), headers=held)).get_json()
        assert told["messages"][0]["text"] == f"You said: {words}"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"type": "press", "token": "tok-yes", "label": "Yes"}, "Pressed"),
        ({"type": "locate", "latitude": 52.3, "longitude": 4.9}, "Located"),
        ({"type": "open"}, "Opened"),
        ({"type": "close"}, "Closed"),
    ],
)
async def test_each_kind_of_event(client: Client, memory: Any, body: dict[str, Any], kind: str) -> None:
    """Buttons, positions, opening and closing arrive as their own bodies."""
    path, held = await begin(client)
    response = await client.post(f"{path}/events", json={"id": "event-0001", **body}, headers=held)
    assert response.status_code == 200
    assert type(memory.events[-1].body).__name__ == kind


async def test_messages_after_a_position(client: Client) -> None:
    """The transcript reads on from where a client is, its own words included."""
    path, held = await begin(client)
    await client.post(f"{path}/events", json=text("hello"), headers=held)
    found = await (await client.get(f"{path}/messages?after=1", headers=held)).get_json()
    assert [(one["seq"], one["author"], one["event"]) for one in found["messages"]] == [
        (2, "customer", "event-0001"),
        (3, "bot", ""),
    ]
    assert found["more"] is False


async def test_another_conversations_token_is_refused(client: Client) -> None:
    """A token opens its own conversation only."""
    _, held = await begin(client)
    other, _ = await begin(client)
    response = await client.get(f"{other}/messages", headers=held)
    assert response.status_code == 403


@pytest.mark.parametrize("token", ["", "x", "a.b", "é.b", "e30.e30", "x" * 5000])
async def test_a_made_up_token_is_refused(client: Client, token: str) -> None:
    """What was not signed here opens nothing."""
    path, _ = await begin(client)
    response = await client.get(f"{path}/messages", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_ends(client: Client, memory: Any) -> None:
    """After a month a conversation's token opens it no more."""
    from datetime import timedelta

    path, held = await begin(client)
    memory.clock.at += timedelta(days=31)
    response = await client.get(f"{path}/messages", headers=held)
    assert (await response.get_json())["code"] == "token_ended"


async def test_a_customers_token_is_the_proof_of_every_event(client: Client, memory: Any) -> None:
    """Who signs in with the merchant's token is known in each event that follows."""
    path, held = await begin(client, customer_token="good:anna")
    await client.post(f"{path}/events", json=text("hi"), headers=held)
    assert [event.proof.subject for event in memory.events] == ["anna", "anna"]


async def test_signing_in_within_a_conversation(client: Client, memory: Any) -> None:
    """The new token carries the proof; the conversation goes on."""
    path, held = await begin(client)
    made = await (await client.post(f"{path}/customer", json={"customer_token": "good:anna"}, headers=held)).get_json()
    await client.post(f"{path}/events", json=text("hi"), headers={"Authorization": f"Bearer {made['token']}"})
    assert memory.events[-1].proof.assurance == "linked"


async def test_a_false_customer_token_is_refused(client: Client, memory: Any) -> None:
    """No conversation is opened for a customer that the merchant does not vouch for."""
    response = await client.post(BASE, json={"customer_token": "bad"})
    assert response.status_code == 401
    assert memory.events == []


async def test_card_numbers_never_come_in(client: Client, memory: Any) -> None:
    """A payment card's number is masked before the event exists."""
    path, held = await begin(client)
    await client.post(f"{path}/events", json=text("my card is 4111 1111 1111 1111\x00 ok"), headers=held)
    assert memory.events[-1].body.text == "my card is •••• 1111  ok"


async def test_a_turn_goes_on_when_the_client_has_gone(make_app: Callable[..., Quart], memory: Any) -> None:
    """Who loses the connection gets the answer by sending the event again."""
    client = make_app().test_client()
    path, held = await begin(client)
    memory.hold, memory.begun = asyncio.Event(), asyncio.Event()
    lost = asyncio.ensure_future(client.post(f"{path}/events", json=text("a latte"), headers=held))
    await memory.begun.wait()
    lost.cancel()
    memory.hold.set()
    await asyncio.sleep(0)
    again = await client.post(f"{path}/events", json=text("a latte"), headers=held)
    assert again.status_code == 200
    assert len(memory.events) == 2


async def test_merchants_are_listed(client: Client) -> None:
    """Anybody may know who can be talked to, and in which languages."""
    found = await (await client.get("/v1/merchants")).get_json()
    assert found["merchants"][0]["id"] == "bar"
    assert found["merchants"][0]["languages"] == ["en", "nl"]


async def test_traces_are_shown_in_a_demo(client: Client) -> None:
    """In demo mode a visitor sees how each turn was understood."""
    path, held = await begin(client)
    found = await (await client.get(f"{path}/traces", headers=held)).get_json()
    assert found["traces"][0]["commands"][0]["is"] == "Say"
    assert "before" not in found["traces"][0]
