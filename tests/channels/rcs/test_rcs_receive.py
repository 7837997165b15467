"""RCS for Business: the handshake, each message and event, to what it means here."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.channels.contract import (
    Attached,
    Forbidden,
    Located,
    NotFound,
    Opted,
    Pressed,
    Proof,
    Report,
    Theirs,
    Unauthorised,
    Unsupported,
    Utterance,
)
from sayso.testing.channels import NOW, account
from sayso.web.fetching import owned
from sayso_rcs import channel
from sayso_rcs.parse import OPENED, signature

PHONE = "+914253136789"
MESSAGES = {
    "vi_text": (PHONE, Utterance("Hello, world!")),
    "vi_suggestion_tap": ("+919986473361", Pressed("user_clicked_Reach_Us", "Reach Us")),
}
SENT = datetime(2026, 8, 24, 15, 1, 23, 45123, UTC)
REPORTS = {
    "vi_delivered": Report(
        "delivered", SENT, part="57bed79e-55ba-46fe-b88a-2755aaee77fc", conversation="+914253136789"
    ),
    "vi_failed_throttled": Report(
        "failed",
        NOW,
        part="e4d4529f-0336-4292-8a39-34964cad2bd3",
        conversation="+919686960276",
        reason="Number of API requests allowed per second exceeded. Please retry",
        code="failed",
    ),
}


def real(fixtures, name):
    return (fixtures / "rcs" / "in" / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", MESSAGES)
def test_every_real_message_is_understood(name, fixtures, agent, sign):
    """Whose it is and what it means."""
    (event,) = channel.receive(sign(real(fixtures, name)), agent, NOW).events
    assert (event.conversation, event.body) == MESSAGES[name]
    assert event.proof == Proof("channel", "rcs:bar@rbm.goog", event.conversation)


@pytest.mark.parametrize("name", REPORTS)
def test_every_real_report_is_one(name, fixtures, agent, sign):
    """Our own id of the message comes back."""
    assert channel.receive(sign(real(fixtures, name)), agent, NOW).reports == (REPORTS[name],)


def test_typing_is_left_alone(fixtures, agent, sign):
    """It is named."""
    found = channel.receive(sign(real(fixtures, "vi_is_typing")), agent, NOW)
    assert (found.events, found.ignored) == ((), ("IS_TYPING",))


def test_a_real_envelope_is_opened(fixtures, agent, sign):
    """The signature is over what the envelope holds."""
    body = real(fixtures, "vi_delivered_pubsub_envelope")
    data = base64.b64decode(json.loads(body)["message"]["data"])
    request = replace(sign(b"{}"), body=body, headers={"x-goog-signature": signature(data, "SJENCPGJESMGUFPY")})
    assert channel.receive(request, agent, NOW).reports == (REPORTS["vi_delivered"],)


def test_no_real_file_is_forgotten(fixtures):
    """The tables above have them all."""
    others = {"vi_is_typing", "vi_delivered_pubsub_envelope"}
    assert {path.stem for path in (fixtures / "rcs" / "in").iterdir()} == {*MESSAGES, *REPORTS, *others}


def test_the_published_handshake_holds(fixtures, agent, sign):
    """The secret is read again to whoever knows the client token, and to nobody else."""
    vectors = {each["id"]: each for each in json.loads((fixtures / "signatures" / "vectors.json").read_text())}
    vector = vectors["rbm-handshake"]
    asked = replace(sign(b"{}"), headers={}, body=json.dumps(vector["request_body"]).encode())
    answer = channel.receive(asked, agent, NOW).response
    assert (answer.status, answer.body.decode()) == (vector["expect_status"], vector["expect_body"])
    with pytest.raises(Forbidden):
        channel.receive(replace(asked, body=b'{"clientToken": "other", "secret": "1"}'), agent, NOW)


WHO = {"senderPhoneNumber": PHONE, "messageId": "m1", "sendTime": "2026-11-23T08:59:59Z"}
FILE = {"mimeType": "image/png", "fileSizeBytes": "9", "fileName": "a.png", "fileUri": "https://files.example/a"}
MEANT = [
    ({"text": "two lattes"}, [Utterance("two lattes")]),
    ({"location": {"latitude": 52.4, "longitude": 4.9}}, [Located(52.4, 4.9)]),
    ({"location": {"latitude": 152.4, "longitude": 4.9}}, [Unsupported("location")]),
    ({"userFile": {"payload": FILE}}, [Attached("image", "https://files.example/a", "image/png", "", "a.png", 9)]),
    ({"userFile": {"payload": {"mimeType": "text/vcard"}}}, [Unsupported("contact")]),
    ({"suggestionResponse": {"postbackData": "0a" * 9, "text": "Ja", "type": "REPLY"}}, [Pressed("0a" * 9, "Ja")]),
    ({"suggestionResponse": {"postbackData": OPENED, "text": "Read more", "type": "ACTION"}}, []),
    ({"eventType": "SUBSCRIBE", "eventId": "e"}, [Opted(True)]),
    ({"eventType": "UNSUBSCRIBE", "eventId": "e"}, [Opted(False)]),
    ({"eventType": "SOMETHING_NEW", "eventId": "e"}, []),
    ({"something": "new"}, [Unsupported("message")]),
    ({"text": "hi", "agentId": "other@rbm.goog"}, []),
    ({"text": "hi", "agentId": "bar"}, [Utterance("hi")]),
    ({"text": "hi", "senderPhoneNumber": "12"}, []),
]


@pytest.mark.parametrize(("content", "bodies"), MEANT)
def test_a_message_or_event(content, bodies, hear):
    """Each kind; another agent's and what nobody sent is left alone."""
    found = hear({**WHO, **content})
    assert [event.body for event in found.events] == bodies
    assert found.events or found.ignored


def test_what_expired_has_failed(hear):
    """A message that was revoked when its time was over."""
    (report,) = hear(
        {"eventType": "TTL_EXPIRATION_REVOKED", "eventId": "e", "messageId": "p1", "phoneNumber": "x"}
    ).reports
    assert (report.state, report.part, report.code) == ("failed", "p1", "ttl_expiration_revoked")


def test_the_door(agent, sign):
    """401 without a signature, 403 with a wrong one, 405 for a look, 400 for no envelope, 404 without the token."""
    good = sign(b'{"text": "hi"}')
    refusals = [
        (replace(good, headers={}), agent, Unauthorised),
        (replace(good, headers={"x-goog-signature": "é"}), agent, Forbidden),
        (replace(good, method="GET"), agent, Theirs),
        (replace(good, body=b'{"message": {"data": "%%"}}'), agent, Theirs),
        (sign(b"x" * 600_000), agent, Theirs),
        (good, account("rcs", "bar", agent.spec.settings), NotFound),
    ]
    for request, whose, error in refusals:
        with pytest.raises(error):
            channel.receive(request, whose, NOW)


def test_a_message_is_seen_and_an_answer_is_written(hear, agent):
    """Two notices with an id of their own, which need a token; an event of the platform's gets none."""
    calls = hear({**WHO, "text": "two lattes"}).calls
    assert [json.loads(call.body) for call in calls] == [
        {"eventType": "READ", "messageId": "m1"},
        {"eventType": "IS_TYPING"},
    ]
    assert len({call.url for call in calls}) == 2
    for call in calls:
        assert (call.token, call.headers["authorization"]) == ("google", "Bearer {token}")
        assert f"/phones/{PHONE}/agentEvents?eventId=" in call.url and "agentId=bar%40rbm.goog" in call.url
    assert hear({**WHO, "eventType": "SUBSCRIBE", "eventId": "e"}).calls == ()


@pytest.mark.parametrize("lacks", ["key", "wish"])
def test_no_notice_where_there_is_no_key_or_no_wish_for_it(agent, sign, lacks):
    """The message is received all the same."""
    spec, environment = agent.spec, dict(agent.environment)
    if lacks == "key":
        del environment["BAR_RCS_KEY"]
    else:
        spec = replace(spec, settings={**spec.settings, "typing": False})
    made = replace(agent, spec=spec, environment=environment)
    found = channel.receive(sign(json.dumps({**WHO, "text": "hi"}).encode()), made, NOW)
    assert (len(found.events), found.calls) == (1, ())


def test_files_come_from_buckets_of_the_platform_alone(agent):
    """The address is the file's own; a contact's card is none; other buckets of the same storage are anybody's."""
    hosts = channel.capabilities.hosts
    good = Attached("image", "https://rcs-user-content-us.storage.googleapis.com/a/b")
    call = channel.attachment(good, agent)
    assert (call.url, call.headers, call.token) == (good.handle, {}, "")
    assert owned("rcs-user-content-us.storage.googleapis.com", hosts)
    for host in ("storage.googleapis.com", "mine.storage.googleapis.com", "files.example", "googleapis.com"):
        assert not owned(host, hosts)
    assert channel.attachment(Attached("contact", good.handle), agent) is None
    assert channel.attachment_at(b"{}", good, agent) is None
