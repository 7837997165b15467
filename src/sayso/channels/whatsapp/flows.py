"""The data endpoint of WhatsApp Flows: forms whose screens ask the business. Pure, but for the key's mathematics.

Theory: the customer's telephone makes an AES key for each exchange, encrypts the form with it (AES-128-GCM, the tag is
the last 16 bytes) and encrypts the key to the business's RSA key (OAEP with SHA-256). The answer is encrypted with the
same AES key under the vector with every bit turned, and sent as base64 text. 421 tells the telephone to fetch the
business's public key anew, 427 that the flow's token is not valid, 432 that the signature is wrong.

What is filled in comes back to the conversation as the flow's result: a flow needs no logic here.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from sayso.channels.contract import Account, NotFound, Request, Response, Theirs, identifier, inner, json_object, told
from sayso.channels.meta.door import signed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

UNREADABLE, NO_TOKEN, UNSIGNED = 421, 427, 432
TAG = 16
"""Bytes of the authentication tag."""
MOST = 1048576
"""The largest request that is read, in bytes: a form of text fields has a few thousand."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A request in plain text, with what its answer is encrypted with."""

    data: Mapping[str, Any]
    key: bytes
    vector: bytes


def answer(request: Request, account: Account) -> Response:
    """The answer to the endpoint's request. Raises Theirs for what is no such request."""
    if not signed(request, account.secret("app_secret")):
        return Response(status=UNSIGNED)
    body = json_object(request.body, MOST)
    secret, password = account.secret("flow_key"), _password(account)
    try:
        opened = decrypted(body, secret, password)
    except ValueError:
        return Response(status=UNREADABLE)
    screen = next_screen(opened.data, account)
    return Response(status=NO_TOKEN) if screen is None else Response(encrypted(screen, opened))


def _password(account: Account) -> str:
    return account.secret("flow_key_password") if account.text("flow_key_password") else ""


def next_screen(data: Mapping[str, Any], account: Account) -> Mapping[str, Any] | None:
    """What the flow shows next; None when its token is not valid. A health check and an error are acknowledged, the
    first screen is the flow's own, what is filled in closes the flow with it as the result."""
    if told(data, "action", 20).lower() == "ping":
        return {"data": {"status": "active"}}
    if "error" in inner(data, "data"):
        return {"data": {"acknowledged": True}}
    token = identifier(data, "flow_token")
    if not token:
        return None
    if told(data, "action", 20).lower() == "data_exchange":
        params = {**inner(data, "data"), "flow_token": token}
        return {"screen": "SUCCESS", "data": {"extension_message_response": {"params": params}}}
    return {"screen": told(data, "screen", 80) or account.text("flow_screen", "START"), "data": {}}


def decrypted(body: Mapping[str, Any], secret: str, password: str = "") -> Opened:
    """Raises ValueError when it was not encrypted to this key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _bytes(body, "encrypted_aes_key")
    vector, sealed = _bytes(body, "initial_vector"), _bytes(body, "encrypted_flow_data")
    plain = _key(secret, password).decrypt(key, OAEP(MGF1(SHA256()), SHA256(), None))
    try:
        found = orjson.loads(AESGCM(plain).decrypt(vector, sealed, None))
    except (InvalidTag, orjson.JSONDecodeError) as error:
        raise ValueError("not encrypted to this key") from error
    if not isinstance(found, dict):
        raise ValueError("no object")
    return Opened(found, plain, vector)


def encrypted(data: Mapping[str, Any], opened: Opened) -> bytes:
    """The answer in base64, under the vector with every bit turned."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    turned = bytes(byte ^ 0xFF for byte in opened.vector)
    return b64encode(AESGCM(opened.key).encrypt(turned, orjson.dumps(data), None))


def _bytes(body: Mapping[str, Any], key: str) -> bytes:
    """The base64 under `key`. Raises ValueError for what is none or too short to be sealed."""
    said = body.get(key)
    try:
        found = b64decode(said, validate=True) if isinstance(said, str) else b""
    except (binascii.Error, ValueError) as error:
        raise ValueError(key) from error
    if len(found) < TAG:
        raise ValueError(key)
    return found


@lru_cache(maxsize=16)
def _key(secret: str, password: str) -> RSAPrivateKey:
    """The private key of a PEM, "\\n" allowed for its line ends as environments have them. Raises NotFound."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(secret.replace("\\n", "\n").encode(), password.encode() or None)
    except (ValueError, TypeError) as error:
        raise NotFound(
            "the key of the flows cannot be read",
            where="merchant.yaml /channels/whatsapp/flow_key",
            mend="set flow_key to an RSA private key in PEM, and flow_key_password if it is encrypted",
        ) from error
    if not isinstance(found, RSAPrivateKey):
        raise NotFound("the key of the flows is no RSA key", where="merchant.yaml /channels/whatsapp/flow_key")
    return found


__all__ = ["Opened", "Theirs", "answer", "decrypted", "encrypted", "next_screen"]
