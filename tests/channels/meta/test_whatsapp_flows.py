"""The endpoint of WhatsApp's forms: what it decrypts, answers and refuses."""

from __future__ import annotations

import dataclasses
import json
from base64 import b64decode, b64encode

import pytest

from sayso.channels.contract import NotFound, Theirs
from sayso.channels.whatsapp.flows import decrypted, next_screen


@pytest.fixture(scope="module")
def pair():
    """An RSA key and its PEM."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(65537, 2048)
    return key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEY, VECTOR = bytes(range(16)), bytes(range(16, 32))


@pytest.fixture
def asked(pair, meta_channels, meta_account, meta_request, now):
    """What a customer's telephone gets for a form: (data) -> (status, plain answer)."""
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256

    environment = {"META_SECRET": "s3cret", "FLOW_KEY": pair[1].replace("\n", "\\n")}
    account = meta_account("whatsapp", environment=environment, flow_key="env:FLOW_KEY", flow_screen="ORDER")

    def ask(data, secret="s3cret", **changed):
        sealed = AESGCM(KEY).encrypt(VECTOR, json.dumps(data).encode(), None)
        key = pair[0].public_key().encrypt(KEY, OAEP(MGF1(SHA256()), SHA256(), None))
        parts = {"encrypted_flow_data": sealed, "encrypted_aes_key": key, "initial_vector": VECTOR}
        body = {**{name: b64encode(part).decode() for name, part in parts.items()}, **changed}
        found = meta_channels["whatsapp"].receive(meta_request(body, secret, "flow"), account, now).response
        if found.status != 200:
            return found.status, None
        turned = bytes(byte ^ 0xFF for byte in VECTOR)
        return 200, json.loads(AESGCM(KEY).decrypt(turned, b64decode(found.body), None))

    return ask


def test_the_published_request_is_read(meta_vectors):
    """A published key, request and plain text."""
    vector = meta_vectors["wa-flow-decrypt"]
    found = decrypted(vector["request"], vector["private_key_pem"], vector["private_key_password"])
    assert found.data == vector["expect_plaintext"]
    assert found.key.hex() == vector["aes_key_hex"]


def test_a_health_check_is_answered(asked):
    """The platform asks whether the endpoint lives, without a token."""
    assert asked({"version": "3.0", "action": "ping"}) == (200, {"data": {"status": "active"}})


def test_an_error_is_acknowledged(asked):
    """What went wrong on the telephone is told, and acknowledged."""
    said = {"action": "INIT", "flow_token": "t", "data": {"error": "x", "error_message": "y"}}
    assert asked(said) == (200, {"data": {"acknowledged": True}})


def test_a_form_begins_with_its_first_screen_and_ends_with_what_was_filled_in(asked):
    """The result comes back to the conversation with the token it began with."""
    assert asked({"action": "INIT", "flow_token": "t"}) == (200, {"screen": "ORDER", "data": {}})
    assert asked({"action": "BACK", "screen": "SIZE", "flow_token": "t"}) == (200, {"screen": "SIZE", "data": {}})
    params = {"size": "large", "flow_token": "order_coffee.order:1"}
    filled = {
        "action": "data_exchange",
        "screen": "SIZE",
        "data": {"size": "large"},
        "flow_token": params["flow_token"],
    }
    assert asked(filled) == (200, {"screen": "SUCCESS", "data": {"extension_message_response": {"params": params}}})


def test_what_it_refuses(asked):
    """421 for another key, 427 without a token, 432 for a wrong signature, 400 for no JSON."""
    assert asked({"action": "INIT"})[0] == 427
    assert asked({"action": "INIT", "flow_token": ""})[0] == 427
    assert asked({"action": "ping"}, secret="other")[0] == 432
    wrong = [{"encrypted_aes_key": b64encode(b"x" * 256).decode()}, {"initial_vector": "AAAA"}, {"initial_vector": 7}]
    wrong += [{"encrypted_flow_data": b64encode(b"y" * 40).decode()}, {"encrypted_aes_key": "é"}]
    assert [asked({"action": "ping"}, **each)[0] for each in wrong] == [421] * 5
    assert asked([1])[0] == 421


def test_what_is_no_request_and_a_host_without_a_key(meta_channels, meta_account, meta_request, now):
    """400 for no JSON; without a key, or with one that is none, the host says what to set."""
    with pytest.raises(Theirs) as refused:
        meta_channels["whatsapp"].receive(meta_request(b"x", path="flow"), meta_account("whatsapp"), now)
    assert refused.value.status == 400
    body = dict.fromkeys(("encrypted_flow_data", "encrypted_aes_key", "initial_vector"), "A" * 24)
    for settings, said in (({}, "flow_key"), ({"flow_key": "env:META_TOKEN"}, "PEM")):
        with pytest.raises(NotFound) as refused:
            meta_channels["whatsapp"].receive(
                meta_request(body, path="flow"), meta_account("whatsapp", **settings), now
            )
        assert said in refused.value.mend


def test_no_signature_is_refused_as_the_platform_wants_it(meta_channels, meta_account, meta_request, now):
    """Not 401 but 432."""
    request = dataclasses.replace(meta_request({}, path="flow"), headers={})
    assert meta_channels["whatsapp"].receive(request, meta_account("whatsapp"), now).response.status == 432


@pytest.mark.parametrize("data", [{"data": 7, "action": 7}, {"flow_token": ["x"]}, {}])
def test_strange_data_has_no_valid_token(meta_account, data):
    """Wrong types are no token and no action."""
    assert next_screen(data, meta_account("whatsapp")) is None
