"""Shared by the tests of RCS: a merchant's agent, signed envelopes, the folder of real ones."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.channels.contract import Account, Inbound, Request
from sayso.testing.channels import NOW, account
from sayso_rcs import channel
from sayso_rcs.parse import signature

CLIENT_TOKEN = "SJENCPGJESMGUFPY"


@pytest.fixture(scope="session")
def key() -> str:
    """A service account's key file, made anew."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return json.dumps({"type": "service_account", "client_email": "bar@p.example", "private_key": made.decode()})


@pytest.fixture(scope="session")
def agent(key: str) -> Account:
    """The bar's agent."""
    given = {"client_token": "env:BAR_RCS", "service_account": "env:BAR_RCS_KEY", "region": "europe"}
    return account("rcs", "bar@rbm.goog", given, {"BAR_RCS": CLIENT_TOKEN, "BAR_RCS_KEY": key})


def signed(data: bytes) -> Request:
    body = json.dumps({"message": {"data": base64.b64encode(data).decode(), "messageId": "1", "attributes": {}}})
    headers = {"content-type": "application/json", "x-goog-signature": signature(data, CLIENT_TOKEN)}
    return Request("POST", "https://shop.example/v1/channels/rcs/bar", headers, {}, body.encode())


@pytest.fixture(scope="session")
def sign() -> Callable[[bytes], Request]:
    """The request that the platform makes of a message's or event's JSON."""
    return signed


@pytest.fixture(scope="session")
def hear(agent: Account) -> Callable[[Any], Inbound]:
    """What a message or event comes to."""
    return lambda data: channel.receive(signed(json.dumps(data).encode()), agent, NOW)


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of real messages and vectors."""
    default = Path(__file__).parents[3] / "data"
    folder = Path(os.environ.get("SAYSO_SHARED_DATA") or default) / "chat"
    if not folder.is_dir():
        pytest.skip(f"no fixtures at {folder}: set SAYSO_SHARED_DATA to the folder that holds chat/rcs")
    return folder
