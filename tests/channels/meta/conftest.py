"""Accounts of a merchant on Meta's channels, signed webhooks, and the data that platforms publish."""

from __future__ import annotations

import hmac
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sayso.channels.contract import Account, Channel, ChannelSpec, Inbound, MerchantSpec, Request
from sayso.channels.instagram import channel as instagram
from sayso.channels.messenger import channel as messenger
from sayso.channels.whatsapp import channel as whatsapp

SECRET, TOKEN, VERIFY = "s3cret", "t0ken", "verify-me"
ENVIRONMENT = {"META_SECRET": SECRET, "META_TOKEN": TOKEN, "META_VERIFY": VERIFY}
REFERENCES = {"app_secret": "env:META_SECRET", "access_token": "env:META_TOKEN", "verify_token": "env:META_VERIFY"}
CHANNELS: dict[str, Channel] = {"whatsapp": whatsapp, "messenger": messenger, "instagram": instagram}

Receive = Callable[..., Inbound]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def meta_account() -> Callable[..., Account]:
    """Makes an account: (channel, id, environment, **settings)."""

    def make(channel: str, id: str = "100", environment: dict[str, str] | None = None, **settings: Any) -> Account:
        merchant = MerchantSpec("bar", {"en": "Bar"}, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam", {}, ())
        spec = ChannelSpec(channel, id, {**REFERENCES, **settings})
        return Account(merchant, spec, ENVIRONMENT if environment is None else environment, "https://host.example")

    return make


@pytest.fixture
def meta_request() -> Callable[..., Request]:
    """Makes a signed POST: (data or bytes, secret, path)."""

    def make(data: object, secret: str = SECRET, path: str = "") -> Request:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        signature = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
        return Request("POST", "https://host.example/", {"x-hub-signature-256": signature}, {}, body, path)

    return make


@pytest.fixture
def meta_receive(meta_account: Callable[..., Account], meta_request: Callable[..., Request], now: datetime) -> Receive:
    """Receives a signed webhook: (channel, data, id, **settings)."""

    def receive(channel: str, data: object, id: str = "100", **settings: Any) -> Inbound:
        return CHANNELS[channel].receive(meta_request(data), meta_account(channel, id, **settings), now)

    return receive


@pytest.fixture
def meta_channels() -> dict[str, Channel]:
    return CHANNELS


@pytest.fixture
def meta_data() -> Path:
    """The folder of published chat fixtures."""
    path = Path(os.environ.get("SAYSO_SHARED_DATA", "/nowhere")) / "chat"
    if not path.is_dir():
        pytest.skip("SAYSO_SHARED_DATA names no folder of published fixtures")
    return path


@pytest.fixture
def meta_vectors(meta_data: Path) -> dict[str, dict[str, Any]]:
    """The published signature vectors, by id."""
    return {each["id"]: each for each in json.loads((meta_data / "signatures" / "vectors.json").read_text())}


def _loaded(name: str) -> ModuleType:
    """A module beside this file: tests are no packages."""
    spec = importlib.util.spec_from_file_location(f"meta_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def stand_in() -> ModuleType:
    """The little platform's module."""
    return _loaded("stand_in")
