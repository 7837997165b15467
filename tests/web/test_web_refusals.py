"""What a client may send wrongly, and what it is told: the right status, where, and how to mend it; nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

BASE = "/v1/merchants/bar/conversations"
JSON = {"Content-Type": "application/json"}


async def held(client: Client) -> tuple[str, dict[str, str]]:
    """A conversation's path and the headers to send events with."""
    made = await (await client.post(BASE, json={})).get_json()
    return f"{BASE}/{made['id']}", {**JSON, "Authorization": f"Bearer {made['token']}"}


BODIES = [
    (b"", "bad_json"),
    (b"{", "bad_json"),
    (b"\xff\xfe", "bad_json"),
    (b'{"id":"\\ud800"}', "bad_json"),
    (b"[" * 100_000, "bad_json"),
    (b"[]", "bad_body"),
    (b"null", "bad_body"),
    (b"{}", "bad_body"),
    (b'{"type":[]}', "bad_body"),
    (b'{"type":"dance"}', "bad_body"),
    (b'{"type":"text","id":"event-0001"}', "bad_body"),
    (b'{"type":"text","id":"event-0001","text":""}', "bad_body"),
    (b'{"type":"text","id":"event-0001","text":7}', "bad_body"),
    (b'{"type":"text","id":"../../../x","text":"hi"}', "bad_body"),
    (b'{"type":"text","id":"event-0001","text":"hi","price":1}', "bad_body"),
    (b'{"type":"locate","id":"event-0001","latitude":91,"longitude":0}', "bad_body"),
    (b'{"type":"locate","id":"event-0001","latitude":1e999,"longitude":0}', "bad_json"),
    (b'{"type":"locate","id":"event-0001","latitude":true,"longitude":0}', "bad_body"),
    (b'{"type":"text","id":"event-0001","text":"' + b"x" * 2001 + b'"}', "bad_body"),
]


@pytest.mark.parametrize(("sent", "code"), BODIES, ids=[body[:40].decode("latin1") for body, _ in BODIES])
async def test_a_bad_body_is_refused_and_nothing_is_stored(client: Client, memory: Any, sent: bytes, code: str) -> None:
    """400 with a code, a place and a way to mend it; the host hears nothing of it."""
    path, headers = await held(client)
    response = await client.post(f"{path}/events", data=sent, headers=headers)
    problem = await response.get_json()
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert problem["code"] == code
    assert problem["where"] and problem["mend"]
    assert len(memory.events) == 1


async def test_the_fault_is_pointed_at(client: Client) -> None:
    """`where` is a JSON pointer to what is wrong."""
    path, headers = await held(client)
    response = await client.post(f"{path}/events", data=b'{"type":"text","id":"event-0001","text":7}', headers=headers)
    assert (await response.get_json())["where"] == "/text"


async def test_ten_megabytes_are_refused(client: Client, memory: Any) -> None:
    """A body over the limit is refused without being read to its end."""
    path, headers = await held(client)
    response = await client.post(f"{path}/events", data=b"x" * 10_000_000, headers=headers)
    assert response.status_code == 413
    assert (await response.get_json())["code"] == "too_large"
    assert len(memory.events) == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_another_content_type_is_refused(client: Client, kind: str) -> None:
    """Only JSON is taken, which also keeps other sites' forms out."""
    path, headers = await held(client)
    sent = {**headers, "Content-Type": kind}
    response = await client.post(f"{path}/events", data=b"{}", headers=sent)
    assert response.status_code == 415


async def test_an_unknown_merchant_is_not_found(client: Client) -> None:
    """A merchant that is not published here does not exist."""
    for path in ("/v1/merchants/nobody", "/chat/nobody", "/assets/nobody/a.png"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post("/v1/merchants/nobody/conversations", json={})).status_code == 404
    assert (await client.post("/v1/alexa/nobody", json={})).status_code == 404


async def test_a_merchant_without_web_chat_is_not_found(client: Client, memory: Any) -> None:
    """Who has no web channel in its manifest cannot be talked to here."""
    known = memory.merchants_["bar"]
    memory.merchants_["bar"] = replace(known, merchant=replace(known.merchant, channels=()))
    assert (await client.post(BASE, json={})).status_code == 404


async def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    """405 with the methods that there are."""
    response = await client.delete(BASE)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


async def test_a_path_that_is_not_there(client: Client) -> None:
    """Even an unknown path answers with problem details."""
    response = await client.get("/v1/nothing")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


async def test_too_many_events_have_to_wait(make_app: Callable[..., Quart], config: Any, memory: Any) -> None:
    """429 says when to come back; what was refused is not stored."""
    client = make_app(settings=replace(config, rate=4)).test_client()
    path, headers = await held(client)
    sent = [
        await client.post(f"{path}/events", json={"id": f"event-000{i}", "type": "open"}, headers=headers)
        for i in range(3)
    ]
    assert [response.status_code for response in sent] == [200, 200, 429]
    assert int(sent[-1].headers["Retry-After"]) >= 1
    assert len(memory.events) == 3


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "9" * 30, "١"])
async def test_a_position_that_is_none(client: Client, value: str) -> None:
    """`after` and Last-Event-ID are whole numbers."""
    path, headers = await held(client)
    asked = await client.get(f"{path}/messages", query_string={"after": value}, headers=headers)
    streamed = await client.get(f"{path}/stream", headers={**headers, "Last-Event-ID": value.encode().decode("latin1")})
    assert (asked.status_code, streamed.status_code) == (400, 400)


async def test_an_error_of_ours_tells_nothing_of_its_inside(
    client: Client, memory: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug is a 500 with the request's id; neither answer nor log holds what a customer said."""
    path, headers = await held(client)
    memory.breaks = True
    response = await client.post(f"{path}/events", json={"id": "event-0001", "type": "open"}, headers=headers)
    problem = await response.get_json()
    assert response.status_code == 500
    assert problem["request"] == response.headers["X-Request-Id"]
    assert "secret thing" not in str(problem) + caplog.text


@pytest.mark.parametrize("host", ["a b", "", "x/y", "évil"])
async def test_a_host_header_that_is_none(client: Client, host: str) -> None:
    """What is not a host name is refused."""
    sent = {"Host": host.encode().decode("latin1")}
    assert (await client.get("/livez", headers=sent)).status_code == 400


async def test_other_host_names_are_not_served(make_app: Callable[..., Quart], config: Any) -> None:
    """Where the host's names are configured, others are misdirected."""
    client = make_app(settings=replace(config, hosts=("sayso.example",))).test_client()
    assert (await client.get("/livez", headers={"Host": "evil.example"})).status_code == 421
    assert (await client.get("/livez", headers={"Host": "Sayso.example:8443"})).status_code == 200
