"""Where chat platforms post: events are stored before the platform is told, then run in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

import sayso.channels.registry as registry
from sayso.channels.capabilities import Capabilities
from sayso.channels.contract import Account, Call, Inbound, Report, Request, Response
from sayso.channels.registry import Channels
from sayso.errors import SaysoError, Theirs, Unauthorised
from sayso.host.access import Access
from sayso.host.reach import Reach
from sayso.manifest.specs import ChannelSpec
from sayso.model.event import Event, Proof, Utterance
from sayso.model.message import Message
from sayso.web import Config

PUBLIC = "https://bots.example"


SHORT = Capabilities("pigeon", "push", 1000)


@dataclass(frozen=True, slots=True)
class Pigeon:
    """A platform that posts {"from": ..., "says": [[id, words], ...]} with its key in a header."""

    name: str = "pigeon"
    capabilities: Capabilities = SHORT

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        if request.headers.get("x-key") != account.secret("key"):
            raise Unauthorised("that is no pigeon of ours", where="X-Key")
        if request.method == "GET":
            return Inbound(response=Response(request.query.get("echo", "").encode()))
        if request.path == "status":
            return Inbound(reports=[Report("read", now, native=request.url)])
        try:
            data = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Theirs("no JSON") from error
        events = [event(account, now, data["from"], id, words) for id, words in data["says"]]
        seen = Call("POST", "https://pigeon.example/seen", {"auth": "Bearer {token}"}, token="main")
        return Inbound(events, calls=[seen] if "notice" in data else [])

    def token(self, name: str, account: Account) -> Call:
        return Call("POST", f"https://pigeon.example/token/{name}")

    def token_of(self, status: int, body: bytes) -> tuple[str, float]:
        return body.decode(), 600.0


@dataclass(frozen=True, slots=True)
class Parrot(Pigeon):
    """A platform that takes the answer in its response."""

    name: str = "parrot"

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        return Response(" ".join(message.text for message in messages).encode())


def event(account: Account, now: datetime, sender: str, id: str, words: str) -> Event:
    proof = Proof("channel", "pigeon", sender)
    return Event(id, account.merchant.id, account.channel, account.id, sender, now, Utterance(words), proof=proof)


pigeon, parrot, crow = Pigeon(), Parrot(), object()
HERE = {"pigeon": f"{__name__}:pigeon", "parrot": f"{__name__}:parrot", "crow": f"{__name__}:crow"}


@pytest.fixture
def reach(memory: Any, monkeypatch: pytest.MonkeyPatch) -> Reach:
    """The bar has both birds; it has the keys of the first in its environment."""
    bar = memory.merchants_["bar"]
    birds = tuple(ChannelSpec(name, f"{name}-1", {"key": "env:KEY"}) for name in ("pigeon", "parrot"))
    memory.merchants_["bar"] = replace(bar, merchant=replace(bar.merchant, channels=birds))
    channels = Channels(HERE)
    channels._loaded.update(pigeon=pigeon, parrot=parrot)
    return Reach(channels, PUBLIC, environment={"KEY": "coo"})


@pytest.fixture
def birds(make_app: Any, memory: Any, config: Config, reach: Reach) -> Any:
    """A client of a host on which the birds land; `told` are the reports, `kept` the events stored, `called` the
    calls to the platform."""
    kept: list[Event] = []
    told: list[Report] = []
    called: list[Call] = []

    async def send(call: Call) -> Any:
        called.append(call)
        return 200, {}, b"t0ken"

    async def keep(event: Event) -> Event:
        if event.id == "bad":
            raise Theirs("another conversation used it", status=409)
        kept.append(event)
        return event

    async def report(name: str, account: Account, report: Report) -> None:
        told.append(report)

    access = Access(send, memory.clock)
    app = make_app(
        settings=replace(config, public_url=PUBLIC), reach=reach, keep=keep, report=report, call=send, access=access
    )
    client: Any = app.test_client()
    client.kept, client.told, client.called, client.site = kept, told, called, app.extensions["sayso"]
    return client


async def post(client: Any, says: list[Any], name: str = "pigeon", **headers: str) -> Any:
    sent = {"X-Key": "coo", **headers}
    return await client.post(
        f"/v1/channels/{name}/bar", data=orjson.dumps({"from": "anna", "says": says}), headers=sent
    )


async def test_events_are_stored_then_run_in_order(birds: Any, memory: Any) -> None:
    """Twenty in one request: all stored before the answer, all run as they came, one that is bad left out."""
    says = [[f"e{n}", f"words {n}"] for n in range(20)]
    says.insert(7, ["bad", "used before"])
    answer = await post(birds, says)
    assert answer.status_code == 200
    assert [e.id for e in birds.kept] == [f"e{n}" for n in range(20)]
    await asyncio.wait(set(birds.site.running))
    while birds.site.running:
        await asyncio.wait(set(birds.site.running))
    assert [e.id for e in memory.events] == [f"e{n}" for n in range(20)]


async def test_a_large_webhook_is_taken(birds: Any) -> None:
    """Platforms send far more at once than a browser; what is beyond them all is refused without being read."""
    assert (await post(birds, [["e1", "x" * 1_000_000]])).status_code == 200
    assert len(birds.kept) == 1
    assert (await post(birds, [["e2", "x" * 4_000_000]])).status_code == 413


async def test_an_answer_in_the_response(birds: Any) -> None:
    """Where the platform waits for it, the response is the answer."""
    answer = await post(birds, [["e1", "hi there"]], "parrot")
    assert await answer.get_data() == b"You said: hi there"


async def test_a_notice_has_the_accounts_token(birds: Any) -> None:
    """Fetched once for all that is told to the platform."""
    for id in ("e1", "e2"):
        data = orjson.dumps({"from": "anna", "says": [[id, "hi"]], "notice": True})
        assert (await birds.post("/v1/channels/pigeon/bar", data=data, headers={"X-Key": "coo"})).status_code == 200
        while birds.site.running:
            await asyncio.wait(set(birds.site.running))
    assert [call.url.rpartition("/")[2] for call in birds.called] == ["main", "seen", "seen"]
    assert {call.headers["auth"] for call in birds.called[1:]} == {"Bearer t0ken"}


async def test_a_handshake_and_a_status(birds: Any) -> None:
    """A GET is the channel's too; what follows the account in the path is told, with the public address."""
    hello = await birds.get("/v1/channels/pigeon/bar?echo=123", headers={"X-Key": "coo"})
    assert await hello.get_data() == b"123"
    await birds.post("/v1/channels/pigeon/bar/status?x=1", headers={"X-Key": "coo"})
    assert birds.told[0].native == "https://bots.example/v1/channels/pigeon/bar/status?x=1"


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [("pigeon/bar", "caw", 401), ("owl/bar", "coo", 404), ("pigeon/inn", "coo", 404), ("crow/bar", "coo", 500)],
)
async def test_what_is_refused(birds: Any, path: str, key: str, status: int) -> None:
    """A wrong key, a channel nobody installed, a merchant nobody knows; a package without a channel is ours to mend."""
    answer = await birds.post(f"/v1/channels/{path}", data=b"{}", headers={"X-Key": key})
    assert answer.status_code == status
    assert not birds.kept


async def test_a_key_that_the_host_does_not_have(make_app: Any, config: Config, reach: Reach) -> None:
    """It says which variable to set, and nothing else of the host breaks."""
    client = make_app(reach=replace(reach, environment={})).test_client()
    answer = await client.post("/v1/channels/pigeon/bar", data=b"{}")
    assert answer.status_code == 404
    assert "KEY" in (await answer.get_json())["mend"]
    assert (await client.get("/livez")).status_code == 200


def test_a_package_adds_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point is all it takes; a name of ours cannot be taken."""

    @dataclass(frozen=True)
    class Point:
        name: str
        value: str

    points = [Point("pigeon", "somewhere:channel"), Point("ours", "elsewhere:channel")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    monkeypatch.setattr(registry, "OURS", {"ours": "here:channel"})
    assert registry.known() == {"pigeon": "somewhere:channel", "ours": "here:channel"}


@pytest.mark.parametrize("where", ["nowhere.at.all:channel", "sayso.errors:Theirs", "sayso.errors:nothing"])
def test_an_entry_point_that_leads_nowhere(where: str) -> None:
    """The error names it and says what to write."""
    with pytest.raises(SaysoError) as refused:
        registry.loaded("pigeon", where)
    assert refused.value.where == where and refused.value.mend


async def test_a_signed_link_opens_one_appointment(birds: Any) -> None:
    """A link of another host, a changed one and one of nothing are refused."""
    token = birds.site.signer.sign(
        "appointment", {"c": "bar/pigeon/p/anna", "o": "o1"}, datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert (await birds.get(f"/v1/appointments/{token}.ics")).status_code == 404
    assert (await birds.get(f"/v1/appointments/{token[:-3]}abc.ics")).status_code == 401
