"""Every real request that was collected is answered as it must be: an event, an acknowledgement, or a refusal."""

from __future__ import annotations

import json

import pytest

from sayso.channels.dialogflow import Ready
from sayso.errors import Theirs
from sayso.model.event import Opened, Recognised, Utterance

ES_EVENTS = {
    "golang_01_request.json": Utterance("what is your name?"),
    "golang_03_request.json": Opened(),
    "golang_05_request.json": Recognised(""),
    "requests/v2/request.json": Utterance("user's original query to your agent"),
}


@pytest.fixture
def receive(door, with_settings, authorised, now):
    """What a file's bytes become, at an agent that the sessions in it belong to."""

    async def run(edition, path, account):
        basic = {"auth_kind": "basic", "auth_username": "dialogflow", "auth_password": "env:BAR_PASSWORD"}
        bar = with_settings(edition, account, **basic)
        return await door.receive(edition, authorised, path.read_bytes(), now, bar)

    return run


@pytest.mark.parametrize("name", ES_EVENTS)
async def test_an_es_request_becomes_its_event(receive, data, name):
    """Words are an utterance, the welcome intent opens, an intent without words is not understood."""
    path = data / "dialogflow_es" / name
    raw = json.loads(path.read_bytes())
    received = await receive("es", path, raw["session"].split("/")[1])
    assert received.event.body == ES_EVENTS[name]
    assert (received.event.id, received.event.conversation) == (raw["responseId"], raw["session"])


async def test_requests_of_the_dead_google_assistant_are_refused(receive, data):
    """Conversational Actions ended in 2023: whoever still sends them is told so."""
    paths = sorted((data / "dialogflow_es" / "requests" / "v2").glob("aog_dead_*.json"))
    assert len(paths) == 10
    for path in paths:
        with pytest.raises(Theirs) as refused:
            await receive("es", path, "any")
        assert (refused.value.status, refused.value.code) == (400, "google_assistant"), path.name


async def test_a_request_of_version_1_is_refused(receive, data):
    """Version 1 has other fields for everything; its owner is told which setting to change."""
    with pytest.raises(Theirs) as refused:
        await receive("es", data / "dialogflow_es" / "requests" / "v1" / "request.json", "any")
    assert (refused.value.status, refused.value.code) == (400, "version_1")
    assert "V2" in refused.value.mend


async def test_what_is_no_request_is_refused(receive, data):
    """Responses, fragments and files of an agent's export are not requests of either edition."""
    paths = [
        p
        for p in sorted(data.glob("dialogflow_*/**/*.json"))
        if "request" not in p.name and "requests" not in p.parts and "pysample" not in p.name
    ]
    assert len(paths) > 20
    for path in paths:
        for edition in ("es", "cx"):
            with pytest.raises(Theirs) as refused:
                await receive(edition, path, "any")
            assert refused.value.status == 400 and refused.value.mend, path.name


async def test_a_captured_cx_request_becomes_its_words(receive, data):
    """A tag that is not of ours leaves the words to be understood."""
    path = data / "dialogflow_cx" / "ezcx_request_1.json"
    agent = json.loads(path.read_bytes())["sessionInfo"]["session"].partition("/sessions/")[0]
    received = await receive("cx", path, agent)
    assert received.event.body == Utterance("65+")
    assert received.event.language == "en" and received.event.voice is False


async def test_cx_requests_for_other_fulfilment_change_nothing(receive, data):
    """A tag that is not of ours and no words: acknowledged with an empty response, without a turn."""
    paths = sorted((data / "dialogflow_cx").glob("pysample_*.json"))
    assert len(paths) == 8
    for path in paths:
        assert await receive("cx", path, "any") == Ready(
            json.loads(path.read_bytes())["fulfillmentInfo"]["tag"] or "nothing"
        )


async def test_a_request_at_the_other_editions_address_is_told_where_to_go(receive, data):
    """The editions' requests are not mistaken for each other."""
    files = {"es": "dialogflow_cx/ezcx_request_1.json", "cx": "dialogflow_es/requests/v2/request.json"}
    for edition, name in files.items():
        with pytest.raises(Theirs) as refused:
            await receive(edition, data / name, "any")
        assert refused.value.code == "other_edition"
