"""What each kind of call becomes."""

from __future__ import annotations

import json

import orjson
import pytest

from sayso.channels.dialogflow import Ready
from sayso.errors import Forbidden, Theirs, Unauthorised
from sayso.model.event import Event, Opened, Pressed, Proof, Recognised, Silent, Utterance
from sayso.testing.dialogflow import CX, ES


@pytest.fixture
def receive(door, artefact, authorised, now):
    """What a body becomes at the bar."""

    async def run(edition, body, bar=artefact, prove=None):
        return await door.receive(edition, authorised, body, now, bar, prove)

    return run


@pytest.fixture
def body_of(receive, cx):
    """The body of the event of a CX request made of `what`; None when there is no turn."""

    async def run(what, **more):
        found = await receive("cx", cx.body("r1", what, **more))
        return None if isinstance(found, Ready) else found.event.body

    return run


async def test_words_become_an_utterance_of_the_session(receive, cx, now):
    """The session is the conversation, the response's id the event's; the deadline leaves time for the way back."""
    received = await receive("cx", cx.say("r1", "two lattes"))
    assert received.event == Event(
        "r1",
        "bar",
        "dialogflow_cx",
        cx.agent,
        cx.path,
        now,
        Utterance("two lattes"),
        language="en",
        proof=Proof(),
        deadline_s=pytest.approx(4.3),
    )


async def test_snake_case_is_read_as_well(receive, cx):
    """Protocol buffers have two spellings of each field; Google's own samples use both."""
    raw = {
        "detect_intent_response_id": "r1",
        "language_code": "nl-NL",
        "session_info": {"session": cx.path},
        "fulfillment_info": {"tag": "sayso"},
        "text": "twee lattes",
    }
    event = (await receive("cx", orjson.dumps(raw))).event
    assert (event.id, event.language, event.body) == ("r1", "nl-NL", Utterance("twee lattes"))


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({"triggerEvent": "WELCOME"}, Opened()),
        ({"triggerEvent": "TELEPHONY_WELCOME"}, Opened()),
        ({"triggerEvent": "sys.no-input-default"}, Silent()),
        ({"triggerEvent": "sys.no-input-2"}, Silent()),
        ({"triggerEvent": "sys.no-match-1"}, Recognised("")),
        ({"triggerEvent": "sys.no-match-default", "text": "blorp"}, Utterance("blorp")),
        ({"triggerEvent": "some-event-of-the-agent"}, None),
        ({"dtmfDigits": "2#"}, Utterance("2")),
        ({"transcript": "two lattes"}, Utterance("two lattes")),
        ({"text": "sayso:0f0f0f"}, Pressed("0f0f0f")),
        ({"text": "  two\u0000 lattes "}, Utterance("two  lattes")),
        ({"text": ""}, None),
        ({}, None),
    ],
)
async def test_each_kind_of_input(body_of, what, expected):
    """Text, speech, keys, events and silence."""
    assert await body_of(what) == expected


async def test_words_go_before_the_agents_intent(body_of):
    """The intent and its slots are evidence beside the words; slots of somebody else are left out."""
    intent = {
        "displayName": "order_coffee.order",
        "parameters": {
            "items": {"originalValue": "two lattes", "resolvedValue": "latte"},
            "store": {"originalValue": "the dam", "resolvedValue": "dam"},
            "service": {"originalValue": "here", "resolvedValue": "somewhere"},
            "city": {"originalValue": "Paris"},
        },
    }
    slots = {"items": "two lattes", "store": "the dam", "service": "here"}
    found = await body_of({"text": "two lattes at the dam, here"}, intentInfo=intent)
    assert found == Recognised("order_coffee.order", slots, "two lattes at the dam, here", {"store": "dam"})


async def test_a_tag_names_an_intent_where_nothing_was_said(body_of):
    """An agent's button or form begins an intent of ours by its tag, with what the form has just collected."""
    page = {
        "formInfo": {
            "parameterInfo": [
                {"displayName": "items", "value": ["two lattes", "a mocha"], "justCollected": True},
                {"displayName": "store", "value": "dam", "justCollected": False},
                {"displayName": None, "value": None},
            ]
        }
    }
    found = await body_of({"fulfillmentInfo": {"tag": "order_coffee.order"}}, pageInfo=page)
    assert found == Recognised("order_coffee.order", {"items": "two lattes, a mocha"})


@pytest.mark.parametrize(("tag", "expected"), [("yes", Recognised("yes")), ("person", Recognised("person"))])
async def test_a_tag_may_be_a_command(body_of, tag, expected):
    """Without words only: with words, the words decide."""
    assert await body_of({"fulfillmentInfo": {"tag": tag}}) == expected
    assert await body_of({"fulfillmentInfo": {"tag": tag}, "text": "yes but"}) == Utterance("yes but")


async def test_a_call_on_the_telephone_is_spoken(receive, artefact, with_settings):
    """By its payload, or by the channel's setting; a chat is not."""
    settings = dict(artefact.merchant.channels[0].settings)
    caller = CX("projects/bar-project/locations/europe-west1/agents/0f0e", telephone=True)
    typing = CX(caller.agent)
    assert (await receive("cx", caller.event("r1", "WELCOME"))).event.voice
    assert not (await receive("cx", typing.say("r1", "hi"))).event.voice
    assert (await receive("cx", typing.say("r1", "hi"), with_settings(**settings, mode="voice"))).event.voice
    phone = ES("bar-project", source="GOOGLE_TELEPHONY")
    assert (await receive("es", phone.say("r1", "hi"))).event.voice


async def test_a_callers_number_proves_nobody(receive, cx):
    """Numbers can be forged: whoever calls is a stranger."""
    caller = CX(cx.agent, telephone=True)
    assert (await receive("cx", caller.say("r1", "my usual"))).event.proof == Proof()


async def test_a_signed_token_in_the_payload_links_the_customer(receive, cx, es):
    """The agent's client passes on what the merchant's site signed; a bad one proves nothing and harms nothing."""

    def prove(token):
        if token != "good":
            raise Unauthorised("bad")
        return Proof("linked", "bar", "anna")

    for token, proof in (("good", Proof("linked", "bar", "anna")), ("bad", Proof())):
        payload = {"customerToken": token}
        bodies = {
            "cx": cx.body("r1", {"text": "hi", "payload": payload}),
            "es": es.body("r1", {"queryText": "hi"}, originalDetectIntentRequest={"payload": payload}),
        }
        for edition, body in bodies.items():
            assert (await receive(edition, body, prove=prove)).event.proof == proof


async def test_the_agents_own_time_limit_is_kept(receive, cx, artefact, with_settings):
    """A CX webhook may be given up to 30 seconds."""
    settings = dict(artefact.merchant.channels[0].settings)
    for timeout, seconds in ((10, 9.3), (300, 29.3)):
        bar = with_settings(**settings, timeout=timeout)
        assert (await receive("cx", cx.say("r1", "hi"), bar)).event.deadline_s == pytest.approx(seconds)


@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_a_session_of_another_agent_is_refused(receive, edition):
    """A good password does not make one agent's sessions another's."""
    others = {
        "cx": [
            CX("projects/other/locations/l/agents/a"),
            CX("projects/bar-project/locations/europe-west1/agents/0f0e1"),
        ],
        "es": [ES("other"), ES("bar-project-2")],
    }
    for other in others[edition]:
        with pytest.raises(Forbidden):
            await receive(edition, other.say("r1", "hi"))


async def test_a_session_in_an_environment_is_the_agents(receive, cx):
    """Environments and users stand between the agent and the session."""
    raw = json.loads(cx.say("r1", "hi"))
    raw["sessionInfo"]["session"] = f"{cx.agent}/environments/live/sessions/7"
    assert (await receive("cx", orjson.dumps(raw))).event.conversation.endswith("/live/sessions/7")
    es = json.loads(ES("bar-project").say("r1", "hi"))
    es["session"] = "projects/bar-project/agent/environments/live/users/-/sessions/7"
    assert (await receive("es", orjson.dumps(es))).event.conversation == es["session"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda raw: raw.pop("sessionInfo"), "/sessionInfo/session"),
        (lambda raw: raw.pop("detectIntentResponseId"), "/detectIntentResponseId"),
        (lambda raw: raw.update(text=7), "/text"),
        (lambda raw: raw.update(text="x" * 2001), "/text"),
        (lambda raw: raw.update(sessionInfo=[]), "/sessionInfo"),
        (lambda raw: raw.update(pageInfo={"formInfo": {"parameterInfo": {}}}), "/pageInfo/formInfo/parameterInfo"),
        (lambda raw: raw.update(intentInfo={"parameters": {"a": 1}}), "/intentInfo/parameters/a"),
    ],
)
async def test_a_malformed_call_is_refused_where_it_is_wrong(receive, cx, change, where):
    """400 with a JSON pointer, which CX turns into webhook.error.bad-request."""
    raw = json.loads(cx.say("r1", "hi"))
    change(raw)
    with pytest.raises(Theirs) as refused:
        await receive("cx", orjson.dumps(raw))
    assert (refused.value.status, refused.value.where) == (400, where)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b"{}", b"\xff", b'{"a":', b"[" * 5000])
@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_what_is_no_json_object_is_refused(receive, edition, body):
    """400, whatever the bytes."""
    with pytest.raises(Theirs) as refused:
        await receive(edition, body)
    assert refused.value.status == 400


async def test_a_body_that_is_too_large_is_not_read(receive, limits):
    """413, before it is parsed."""
    with pytest.raises(Theirs) as refused:
        await receive("cx", b" " * (limits.request.max_bytes + 1))
    assert refused.value.status == 413


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"queryText": "two lattes"}, Utterance("two lattes")),
        ({"queryText": "WELCOME", "action": "input.welcome"}, Opened()),
        ({"queryText": "TELEGRAM_WELCOME"}, Opened()),
        ({"queryText": "hi", "action": "input.welcome"}, Utterance("hi")),
        ({"queryText": "ok", "action": "yes"}, Utterance("ok")),
        ({"action": "cancel"}, Recognised("cancel")),
        (
            {"action": "order_coffee.order", "parameters": {"items": "latte", "service": ["here"], "n": 2.0}},
            Recognised("order_coffee.order", {"items": "latte", "service": "here"}),
        ),
    ],
)
async def test_each_kind_of_es_query(receive, es, result, expected):
    """Words, the names of events, and intents by their action."""
    assert (await receive("es", es.body("r1", result))).event.body == expected


async def test_an_es_event_is_known_by_its_context(receive, es):
    """An event of the agent's own is not something that the customer said."""
    body = es.event("r1", "order_ready")
    assert await receive("es", body) == Ready("order_ready")
