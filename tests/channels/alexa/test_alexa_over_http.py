"""Alexa's route of the whole host: the right status for what is refused, nothing stored for it, nothing done twice."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sayso.channels.alexa import Certificates, Door
from sayso.testing.alexa import Speaker, mint
from sayso.testing.clock import SetClock

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
PATH = "/v1/alexa/coffee_bar"


@pytest.fixture
async def host(limits, tmp_path):
    """A client of the whole host, its chain, a speaker of its skill, and a count of what is stored."""
    from sayso.web import create_app
    from sayso.web.config import read
    from sayso.web.wire import wire

    chain = mint(NOW)
    folders = {"SAYSO_MANIFESTS": str(ROOT / "manifests"), "SAYSO_SKILLS": str(ROOT / "skills")}
    config = read({"SAYSO_DATA": str(tmp_path / "data"), "SAYSO_DEMO": "1", **folders})
    parts = await wire(config, SetClock(NOW))
    door = Door(Certificates(chain.fetch, [chain.root], limits.certificate), limits)
    artefact = await parts.artefacts.current("coffee_bar")
    account = next(c.account for c in artefact.merchant.channels if c.name == "alexa")

    def stored() -> int:
        with closing(sqlite3.connect(f"file:{tmp_path}/data/sayso.db?mode=ro", uri=True)) as rows:
            return rows.execute("SELECT count(*) FROM inbox").fetchone()[0]

    async with create_app(config, replace(parts, alexa=door)).test_app() as app:
        yield app.test_client(), chain, Speaker("amzn1.ask.account.ANNA", account), stored


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
