"""The door of Meta's channels: the handshake, signatures of raw bytes, sizes."""

from __future__ import annotations

import dataclasses

import pytest

from sayso.channels.contract import Channel, Forbidden, NotFound, Pushing, Request, Theirs, Unauthorised
from sayso.channels.meta.door import signed

NAMES = ("whatsapp", "messenger", "instagram")
EMPTY = {"whatsapp": "whatsapp_business_account", "messenger": "page", "instagram": "instagram"}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_channel_whose_answers_are_pushed(meta_channels, name):
    """They satisfy the contract, by their own name."""
    assert isinstance(meta_channels[name], Channel)
    assert isinstance(meta_channels[name], Pushing)
    assert meta_channels[name].name == meta_channels[name].capabilities.channel == name


def _handshake(**query: str) -> Request:
    given = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444", **query}
    return Request("GET", "https://host.example/", query=given)


@pytest.mark.parametrize("name", NAMES)
def test_a_challenge_is_echoed_to_who_knows_the_token(meta_channels, meta_account, now, name):
    """The subscription's challenge comes back as it was sent."""
    found = meta_channels[name].receive(_handshake(), meta_account(name), now)
    assert (found.response.status, found.response.body) == (200, b"1158201444")
    assert not found.events


@pytest.mark.parametrize(
    "wrong", [{"hub.verify_token": "other"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": ""}]
)
def test_another_token_is_refused(meta_channels, meta_account, now, wrong):
    """A wrong token, another mode and no token are 403."""
    with pytest.raises(Forbidden) as refused:
        meta_channels["whatsapp"].receive(_handshake(**wrong), meta_account("whatsapp"), now)
    assert refused.value.status == 403


@pytest.mark.parametrize("id", ["meta-handshake-bottender", "meta-handshake-bottender-bad"])
def test_published_handshakes(meta_channels, meta_account, meta_vectors, now, id):
    """The published requests are answered as published."""
    vector = meta_vectors[id]
    account = meta_account("messenger", environment={"META_VERIFY": vector["verify_token"]})
    request = Request("GET", "https://host.example/", query=vector["query"])
    if vector["expect_status"] == 200:
        found = meta_channels["messenger"].receive(request, account, now)
        assert found.response.body.decode() == vector["expect_body"]
    else:
        with pytest.raises(Forbidden):
            meta_channels["messenger"].receive(request, account, now)


def test_a_real_delivery_of_whatsapp_is_proven(meta_channels, meta_account, meta_vectors, now):
    """A signature that Meta made is right, and wrong for any other body or secret."""
    vector = meta_vectors["meta-256-pywa"]
    body = vector["raw_body"].encode()
    request = Request("POST", "https://host.example/", {"x-hub-signature-256": vector["header"]}, {}, body)
    account = meta_account("whatsapp", "277321005464405", {"META_SECRET": vector["secret"]})
    found = meta_channels["whatsapp"].receive(request, account, now)
    assert [event.body.text for event in found.events] == ["Hey there! I am using PyWa."]
    for other in (dataclasses.replace(request, body=body + b" "), dataclasses.replace(request, body=b"{}")):
        with pytest.raises(Forbidden):
            meta_channels["whatsapp"].receive(other, account, now)
    with pytest.raises(Forbidden):
        meta_channels["whatsapp"].receive(request, meta_account("whatsapp", "277321005464405"), now)


@pytest.mark.parametrize("id", ["meta-sha1-bottender-1", "meta-sha1-bottender-2"])
def test_the_older_signature_counts_where_a_channel_takes_it(meta_vectors, id):
    """SHA-1 is right for pages, unknown to WhatsApp, and never instead of a newer one that is wrong."""
    vector = meta_vectors[id]
    request = Request("POST", "/", {"x-hub-signature": vector["header"]}, {}, vector["raw_body"].encode())
    assert signed(request, vector["secret"], old=True) is True
    assert signed(request, vector["secret"]) is None
    both = dataclasses.replace(request, headers={**request.headers, "x-hub-signature-256": "sha256=00"})
    assert signed(both, vector["secret"], old=True) is False


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_signed_is_refused(meta_channels, meta_account, meta_request, now, name):
    """No signature is 401; a wrong one, of odd characters too, is 403."""
    request = meta_request({"object": EMPTY[name], "entry": []})
    with pytest.raises(Unauthorised):
        meta_channels[name].receive(dataclasses.replace(request, headers={}), meta_account(name), now)
    for wrong in ("sha256=", "sha256=é", "sha1=00", "00", "sha256=" + "0" * 64):
        with pytest.raises(Forbidden):
            meta_channels[name].receive(
                dataclasses.replace(request, headers={"x-hub-signature-256": wrong}), meta_account(name), now
            )


@pytest.mark.parametrize(("body", "status"), [(b"[]", 400), (b"{", 400), (b"\xff", 400), (b" " * 3145729, 413)])
def test_what_is_no_webhook_is_refused(meta_channels, meta_account, meta_request, now, body, status):
    """Signed bytes that are no JSON object are 400, too many are 413 before anything is reckoned."""
    with pytest.raises(Theirs) as refused:
        meta_channels["whatsapp"].receive(meta_request(body), meta_account("whatsapp"), now)
    assert refused.value.status == status


@pytest.mark.parametrize("name", NAMES)
def test_a_host_without_the_secret_says_what_to_set(meta_channels, meta_account, meta_request, now, name):
    """A missing environment is told with its name; nothing is accepted meanwhile."""
    with pytest.raises(NotFound) as refused:
        meta_channels[name].receive(meta_request({}), meta_account(name, environment={}), now)
    assert "META_SECRET" in refused.value.mend


@pytest.mark.parametrize("name", NAMES)
def test_a_proven_request_of_another_kind_is_left_alone(meta_receive, name):
    """Another object, no entries and strange entries are ignored, not refused."""
    for data in ({"object": "user"}, {}, {"object": EMPTY[name], "entry": "x"}, {"object": EMPTY[name], "entry": [1]}):
        found = meta_receive(name, data)
        assert (list(found.events), found.response.status) == ([], 200)
