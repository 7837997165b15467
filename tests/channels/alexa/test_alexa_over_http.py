"""Alexa's route of the whole host: the right status for what is refused, nothing stored for it, nothing done twice."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sayso.channels.alexa import Certificates, Door, read_limits
from sayso.testing.alexa import Speaker, mint
from sayso.testing.clock import SetClock
from sayso.web import create_app
from sayso.web.config import read
from sayso.web.wire import wire

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
PATH = "/v1/alexa/coffee_bar"


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A data folder with the demo merchants published, made once."""
    folder = tmp_path_factory.mktemp("published") / "data"

    async def publish() -> None:
        parts = await wire(_config(folder), SetClock(NOW))
        await parts.close()

    asyncio.run(publish())
    return folder


def _config(folder: Path):
    return read(
        {
            "SAYSO_DATA": str(folder),
            "SAYSO_DEMO": "1",
            "SAYSO_MANIFESTS": str(ROOT / "manifests"),
            "SAYSO_SKILLS": str(ROOT / "skills"),
        }
    )


@pytest.fixture
async def parts(published, tmp_path):
    """A whole host of its own."""
    shutil.copytree(published, tmp_path / "data", ignore=shutil.ignore_patterns("*lock*"))
    return await wire(_config(tmp_path / "data"), SetClock(NOW))


@pytest.fixture(scope="module")
def chain():
    return mint(NOW)


@pytest.fixture(scope="session")
def limits():
    """Amazon's, but for its patience: a busy machine makes no difference here."""
    real = read_limits()
    return replace(real, answer=replace(real.answer, seconds=300.0))


@pytest.fixture
async def host(parts, chain, limits, tmp_path):
    """A client of the whole host, its chain, a speaker of its skill, and a count of what is stored."""
    door = Door(Certificates(chain.fetch, [chain.root], limits.certificate), limits)
    speaker = await _speaker(parts)

    def stored() -> int:
        with closing(sqlite3.connect(f"file:{tmp_path}/data/sayso.db?mode=ro", uri=True)) as rows:
            return rows.execute("SELECT count(*) FROM inbox").fetchone()[0]

    async with create_app(_config(tmp_path / "data"), replace(parts, alexa=door)).test_app() as app:
        yield app.test_client(), chain, speaker, stored


async def _speaker(parts) -> Speaker:
    artefact = await parts.artefacts.current("coffee_bar")
    account = next(c.account for c in artefact.merchant.channels if c.name == "alexa")
    return Speaker("amzn1.ask.account.ANNA", account)


@pytest.fixture
async def slow(parts, chain, limits, tmp_path):
    """The same with turns that begin only when `go` is set, and the calls that were made meanwhile: each sets `go`."""
    go, calls = asyncio.Event(), []
    at_once = replace(limits, progressive=replace(limits.progressive, after_seconds=0.0, within_seconds=60.0))

    async def handle(event):
        await go.wait()
        return await parts.handle(event)

    async def call(made):
        calls.append(made)
        go.set()
        return 204, {}, b""

    door = Door(Certificates(chain.fetch, [chain.root], limits.certificate), at_once)
    whole = replace(parts, alexa=door, handle=handle, call=call)
    async with create_app(_config(tmp_path / "data"), whole).test_app() as app:
        yield app.test_client(), chain, await _speaker(parts), calls, go


async def test_what_is_refused_has_the_right_status_and_leaves_nothing(host):
    """Never a 500, a problem that can be read, and an empty inbox."""
    client, chain, anna, stored = host
    good = anna.launch("r1", NOW)
    other = Speaker("amzn1.ask.account.BOB", "amzn1.ask.skill.other").launch("r1", NOW)
    stale = anna.launch("r1", NOW - timedelta(seconds=151))
    wrong = json.dumps({**json.loads(good), "session": 7}).encode()
    huge, plain = b"x" * 10_000_000, {"Content-Type": "application/json"}
    refusals = [
        (PATH, good, plain, 400),
        (PATH, good + b" ", chain.sign(good), 400),
        (PATH, good, chain.sign(good, url="https://evil.test/echo.api/c.pem"), 400),
        (PATH, good, {**chain.sign(good), "Signature-256": "AAAA"}, 400),
        (PATH, other, chain.sign(other), 400),
        (PATH, stale, chain.sign(stale), 400),
        (PATH, wrong, chain.sign(wrong), 400),
        (PATH, b"{", chain.sign(b"{"), 400),
        (PATH, b"[]", chain.sign(b"[]"), 400),
        (PATH, b"", plain, 400),
        (PATH, huge, plain, 413),
        (PATH, good, {**chain.sign(good), "Content-Type": "text/plain"}, 415),
        ("/v1/alexa/nobody", good, chain.sign(good), 404),
    ]
    for path, body, headers, status in refusals:
        answer = await client.post(path, data=body, headers=headers)
        assert answer.status_code == status, (body[:60], await answer.get_data())
        assert (await answer.get_json())["code"]
    assert (await client.get(PATH)).status_code == 405
    assert stored() == 0


async def test_unknown_types_are_acknowledged_and_leave_nothing(host):
    """A harmless empty answer."""
    client, chain, anna, stored = host
    body = anna.body({"type": "Something.New", "requestId": "r1"}, NOW)
    answer = await client.post(PATH, data=body, headers=chain.sign(body))
    assert (answer.status_code, await answer.get_json()) == (200, {"version": "1.0", "response": {}})
    assert stored() == 0


async def test_a_request_sent_twice_is_answered_twice_and_handled_once(host):
    """Alexa sends again when it did not hear the answer."""
    client, chain, anna, stored = host
    body = anna.intent("r1", NOW, "Say_can_i_get", {"words": "a latte to go at dam square"})
    first = await client.post(PATH, data=body, headers=chain.sign(body))
    second = await client.post(PATH, data=body, headers=chain.sign(body))
    assert "latte" in (await first.get_json())["response"]["outputSpeech"]["ssml"]
    assert await first.get_data() == await second.get_data()
    assert stored() == 1


async def test_who_waits_is_told_before_the_answer_comes(slow):
    """Words in the customer's language, with the request's own token, to Amazon's own address."""
    client, chain, anna, calls, _ = slow
    body = anna.launch("r1", NOW)
    answer = await client.post(PATH, data=body, headers=chain.sign(body))
    assert (await answer.get_json())["response"]["outputSpeech"]
    (call,) = calls
    assert (call.method, call.url) == ("POST", "https://api.amazonalexa.com/v1/directives")
    assert call.headers["Authorization"] == "Bearer test"
    told = json.loads(call.body)
    assert told["header"] == {"requestId": "r1"}
    assert told["directive"]["type"] == "VoicePlayer.Speak" and "moment" in told["directive"]["speech"]


@pytest.mark.parametrize("endpoint", ["https://evil.test", "https://api.amazonalexa.com.evil.test", ""])
async def test_a_requests_token_goes_to_nobody_else(slow, endpoint):
    """An address that is not Amazon's gets no call, however long the turn takes."""
    client, chain, anna, calls, go = slow
    go.set()
    raw = json.loads(anna.launch("r1", NOW))
    raw["context"]["System"]["apiEndpoint"] = endpoint
    body = json.dumps(raw).encode()
    answer = await client.post(PATH, data=body, headers=chain.sign(body))
    assert (await answer.get_json())["response"]["outputSpeech"] and calls == []


async def test_a_touch_is_a_press(host):
    """A screen gets a document, and what is touched there is what its button means."""
    client, chain, anna, stored = host
    body = with_screen(anna.intent("r1", NOW, "Say_can_i_get", {"words": "two lattes to go at dam square"}))
    shown = await (await client.post(PATH, data=body, headers=chain.sign(body))).get_json()
    (document,) = [d for d in shown["response"]["directives"] if d["type"].endswith("RenderDocument")]
    buttons = document["datasources"]["sayso"]["properties"]["buttons"]
    yes = next(button for button in buttons if button["label"] == "Yes")
    touched = {
        "type": "Alexa.Presentation.APL.UserEvent",
        "requestId": "r2",
        "token": "sayso",
        "arguments": yes["press"],
    }
    body = with_screen(anna.body(touched, NOW))
    done = await (await client.post(PATH, data=body, headers=chain.sign(body))).get_json()
    assert "your number is" in done["response"]["outputSpeech"]["ssml"].lower()
    body = with_screen(anna.body({**touched, "requestId": "r3", "arguments": ["of", "another", {"program": 1}]}, NOW))
    other = await client.post(PATH, data=body, headers=chain.sign(body))
    assert await other.get_json() == {"version": "1.0", "response": {}}
    assert stored() == 2


def with_screen(body):
    raw = json.loads(body)
    interfaces = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2023.3"}}}
    raw["context"]["System"]["device"]["supportedInterfaces"] = interfaces
    return json.dumps(raw).encode()


async def test_a_disabled_skill_opts_out_silently_and_only_who_is_known(host):
    """Nobody is made of an event about somebody who never spoke, or was erased; who is known is not written to."""
    client, chain, anna, stored = host
    gone = sessionless(anna, "AlexaSkillEvent.SkillDisabled", "e1")
    answer = await client.post(PATH, data=gone, headers=chain.sign(gone))
    assert (answer.status_code, await answer.get_json(), stored()) == (200, {"version": "1.0", "response": {}}, 0)
    body = anna.launch("r1", NOW)
    await client.post(PATH, data=body, headers=chain.sign(body))
    gone = sessionless(anna, "AlexaSkillEvent.SkillDisabled", "e2")
    answer = await client.post(PATH, data=gone, headers=chain.sign(gone))
    assert (await answer.get_json(), stored()) == ({"version": "1.0", "response": {}}, 2)


async def test_a_linked_account_is_believed_by_its_token_alone(host):
    """The event tells whose account it is; with a token of nobody's it tells nothing."""
    client, chain, anna, stored = host
    made = await client.post("/v1/demo/merchants/coffee_bar/customers", json={"name": "anna"})
    token = await made.get_json()
    body = anna.launch("r1", NOW)
    await client.post(PATH, data=body, headers=chain.sign(body))
    for id, given, kept in (("e1", "rubbish", 1), ("e2", token["customer_token"], 2)):
        event = sessionless(anna, "AlexaSkillEvent.SkillAccountLinked", id, {"accessToken": given})
        answer = await client.post(PATH, data=event, headers=chain.sign(event))
        assert (await answer.get_json(), stored()) == ({"version": "1.0", "response": {}}, kept)


def sessionless(anna, kind, id, told=None):
    """An event about the skill itself: no session, no device."""
    raw = json.loads(anna.body({"type": kind, "requestId": id, **({"body": told} if told else {})}, NOW))
    del raw["session"], raw["context"]["System"]["device"], raw["context"]["System"]["apiAccessToken"]
    return json.dumps(raw).encode()
