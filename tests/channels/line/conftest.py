"""Shared by the tests of LINE's channel: a merchant's account, signed requests, the folder of real events."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.channels.contract import Account, Inbound, Request
from sayso.channels.line import channel, signature
from sayso.testing.channels import NOW, account

SECRET = "channel_secret"
ENVIRONMENT = {"BAR_LINE_SECRET": SECRET, "BAR_LINE_TOKEN": "long-lived"}
SETTINGS = {"channel_secret": "env:BAR_LINE_SECRET", "access_token": "env:BAR_LINE_TOKEN"}


@pytest.fixture(scope="session")
def shop() -> Account:
    """The bar's official account."""
    return account("line", "U" + "0" * 32, SETTINGS, ENVIRONMENT)


@pytest.fixture(scope="session")
def sign() -> Callable[[bytes], Request]:
    """The request that LINE makes of a body."""
    return signed


def signed(body: bytes) -> Request:
    headers = {"content-type": "application/json; charset=utf-8", "x-line-signature": signature(body, SECRET)}
    return Request("POST", "https://shop.example/v1/channels/line/bar", headers, {}, body)


@pytest.fixture(scope="session")
def hear(shop: Account) -> Callable[..., Inbound]:
    """What events come to."""

    def heard(*events: Any) -> Inbound:
        return channel.receive(signed(json.dumps({"destination": "U1", "events": events}).encode()), shop, NOW)

    return heard


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of real events and vectors."""
    default = Path(__file__).parents[3] / "data"
    folder = Path(os.environ.get("SAYSO_SHARED_DATA") or default) / "chat"
    if not folder.is_dir():
        pytest.skip(f"no fixtures at {folder}: set SAYSO_SHARED_DATA to the folder that holds chat/line")
    return folder
