"""Shared by the tests of Telegram's channel: a merchant's bot, updates, the folder of real ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.channels.contract import Account, Inbound, Request
from sayso.channels.telegram import channel
from sayso.testing.channels import NOW, account

SECRET, TOKEN = "a-word-of-ours", "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
ENVIRONMENT = {"BAR_TELEGRAM_SECRET": SECRET, "BAR_TELEGRAM_TOKEN": TOKEN}
SETTINGS = {"webhook_secret": "env:BAR_TELEGRAM_SECRET", "bot_token": "env:BAR_TELEGRAM_TOKEN"}


@pytest.fixture(scope="session")
def bot() -> Account:
    """The bar's bot."""
    return account("telegram", "bar_bot", SETTINGS, ENVIRONMENT)


@pytest.fixture(scope="session")
def sign() -> Callable[[bytes], Request]:
    """The request that Telegram makes of a body."""
    return signed


def signed(body: bytes) -> Request:
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET}
    return Request("POST", "https://shop.example/v1/channels/telegram/bar", headers, {}, body)


@pytest.fixture(scope="session")
def hear(bot: Account) -> Callable[[Any], Inbound]:
    """What an update comes to."""
    return lambda update: channel.receive(signed(json.dumps(update).encode()), bot, NOW)


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of real updates."""
    default = Path(__file__).parents[3] / "data"
    folder = Path(os.environ.get("SAYSO_SHARED_DATA") or default) / "chat"
    if not folder.is_dir():
        pytest.skip(f"no fixtures at {folder}: set SAYSO_SHARED_DATA to the folder that holds chat/telegram")
    return folder
