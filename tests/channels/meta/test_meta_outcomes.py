"""What the Graph API answers, and what follows: sent, again, never, a template, nobody knows."""

from __future__ import annotations

import json

import pytest

from sayso.channels.contract import Address, Attached, Attaching, Outcome, Templated
from sayso.model.message import Action, Message

NAMES = ("whatsapp", "messenger", "instagram")


def error(code, sub=None, **more):
    said = {"message": "m", "type": "OAuthException", "code": code, **more}
    return json.dumps({"error": {**said, "error_subcode": sub} if sub else said}).encode()


ANSWERS = [
    (200, b'{"messages": [{"id": "wamid.1", "message_status": "accepted"}]}', "sent"),
    (200, b'{"recipient_id": "7", "message_id": "wamid.1"}', "sent"),
    (200, b"", "sent"),
    (400, error(131047), "window"),
    (400, error(10, 2018278), "window"),
    (403, error(10, 2534022), "window"),
    (403, error(10), "failed"),
    (400, error(131050), "opted_out"),
    (400, error(551), "opted_out"),
    (401, error(190), "token"),
    (401, b"", "token"),
    (429, error(130429), "retry"),
    (400, error(131056), "retry"),
    (400, error(613), "retry"),
    (429, b"slow down", "retry"),
    (503, b"<html>", "retry"),
    (500, error(2, is_transient=True), "retry"),
    (400, error(99999, is_transient=True), "retry"),
    (500, error(99999), "retry"),
    (400, error(131009), "failed"),
    (400, error(131026), "failed"),
    (400, error(131049), "failed"),
    (404, b"", "failed"),
    (502, b"<html>bad gateway</html>", "unknown"),
    (504, b"", "unknown"),
    (500, b"[]", "unknown"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("status", "body", "state"), ANSWERS)
def test_what_an_answer_means(meta_channels, name, status, body, state):
    """Only what surely was not sent is tried again; what nobody knows is called so."""
    found = meta_channels[name].outcome(status, {}, body)
    assert found.state == state
    assert (found.after_s > 0) == (state == "retry")


def test_the_platforms_id_and_reason_are_kept(meta_channels):
    """The id of what was sent; code, subcode and details of what was not."""
    body = b'{"messages": [{"id": "wamid.1"}]}'
    assert meta_channels["whatsapp"].outcome(200, {}, body) == Outcome("sent", "wamid.1")
    refused = meta_channels["whatsapp"].outcome(400, {}, error(131026, error_data={"details": "no such user"}))
    assert (refused.code, refused.reason) == ("131026", "no such user")
    assert meta_channels["messenger"].outcome(400, {}, error(10, 2018278)).code == "10/2018278"


def test_it_waits_as_long_as_it_is_told(meta_channels):
    """Retry-After in seconds, up to an hour; anything else is no time."""
    waits = [
        meta_channels["whatsapp"].outcome(429, {"Retry-After": said}, error(130429)).after_s
        for said in ("90", "99999", "Wed, 21 Oct", "-1")
    ]
    assert waits == [90.0, 3600.0, 5.0, 5.0]


@pytest.mark.parametrize("body", [b'{"error": 7}', b'{"error": {"code": [1]}}', b'{"error": {"code": true}}', b"\xff"])
def test_a_strange_answer_is_no_error_of_ours(meta_channels, body):
    """Wrong types in an answer."""
    assert meta_channels["messenger"].outcome(400, {}, body).state == "failed"


def test_a_template_in_the_conversations_language(meta_channels, meta_account, stand_in):
    """The name and the language that the manifest gives; the words on one line, cut; none for another language."""
    settings = {"templates_en_name": "news", "templates_en_code": "en_US", "templates_en_parameters": 1}
    account = meta_account("whatsapp", **settings, templates_nl_name="nieuws")
    channel = meta_channels["whatsapp"]
    assert isinstance(channel, Templated)
    message = Message("Your order is ready.\n\nSee you   soon!\t" + "x " * 2000)
    bodies = {}
    for language in ("en", "en-GB", "nl"):
        call = channel.template(message, Address("31612345678", "p1", language=language), account)
        bodies[language] = json.loads(call.body)
        assert stand_in.whatsapp(bodies[language]) == "31612345678"
    text = bodies["en-GB"]["template"]["components"][0]["parameters"][0]["text"]
    assert text.startswith("Your order is ready. See you soon! x x") and text.endswith("…")
    assert bodies["en"]["template"]["language"] == {"code": "en_US"}
    assert bodies["nl"]["template"] == {"name": "nieuws", "language": {"code": "nl"}}
    assert channel.template(message, Address("31612345678", "p1", language="fr"), account) is None


@pytest.mark.parametrize("name", ["messenger", "instagram"])
def test_what_a_person_wrote_may_go_out_for_a_week(meta_channels, meta_account, stand_in, now, name):
    """With the permission, plain words of a person, within 7 days: nothing of the bot's, nothing later."""
    from datetime import timedelta

    channel, allowed = meta_channels[name], meta_account(name, human_agent=True)
    person = Message("I found your scarf!", author="person")
    address = Address("7", "p1", at=now - timedelta(days=6), now=now)
    body = json.loads(channel.template(person, address, allowed).body)
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert stand_in.threads(body, name == "instagram") == "7"
    late = Address("7", "p1", at=now - timedelta(days=8), now=now)
    bot = Message("I found your scarf!")
    buttons = Message("Yours?", author="person", actions=(Action("reply", "Yes", "t"),))
    refused = [(person, late, allowed), (bot, address, allowed), (buttons, address, allowed)]
    refused.append((person, address, meta_account(name)))
    assert [channel.template(*each) for each in refused] == [None] * 4


LIES = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"


def test_a_file_of_whatsapp_is_fetched_in_two_calls(meta_channels, meta_account):
    """Where it lies, then the file, both with our token; the file itself tells of no place, a contact is no file."""
    channel, account, file = meta_channels["whatsapp"], meta_account("whatsapp"), Attached("image", "2754859441498128")
    assert isinstance(channel, Attaching)
    call = channel.attachment(file, account)
    assert (call.method, call.url) == ("GET", "https://graph.facebook.com/v26.0/2754859441498128")
    told = {"url": LIES, "mime_type": "image/jpeg", "id": "2754859441498128"}
    then = channel.attachment_at(json.dumps(told).encode(), file, account)
    assert (then.url, then.headers) == (LIES, {"Authorization": "Bearer t0ken"})
    assert channel.attachment_at(b"\xff\xd8 the file itself", file, account) is None
    assert channel.attachment(Attached("contact", "", name="Bo"), account) is None
    assert channel.attachment(Attached("image", "../me?x"), account).url.endswith("/v26.0/..%2Fme%3Fx")


@pytest.mark.parametrize("name", ["messenger", "instagram"])
def test_a_file_of_a_thread_is_fetched_where_it_lies(meta_channels, meta_account, name):
    """At its signed address, without our token."""
    call = meta_channels[name].attachment(Attached("image", "https://scontent.xx.fbcdn.net/1.jpg"), meta_account(name))
    assert (call.url, dict(call.headers)) == ("https://scontent.xx.fbcdn.net/1.jpg", {})
