"""The golden conversations come out the same over every channel: same baskets, questions and orders.

A channel's folder has a `stand_in.py` with a platform in memory; `STANDS` says how each is made. Each run holds a share
of the conversations, another on every channel, so that all are held between them; SAYSO_EVERY=1 holds all on each.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sayso.channels.registry import Channels
from sayso.errors import Theirs
from sayso.host.reach import Reach
from sayso.manifest.specs import Artefact, ChannelSpec
from sayso.testing.clock import SetClock
from sayso.testing.goldens import Golden, find, load
from sayso.testing.hosting import Published, host
from sayso.testing.runner import hold
from sayso.testing.stands import OverStand, Stand

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SHARE = 1 if os.environ.get("SAYSO_EVERY") else 40
"""One in so many conversations on each channel."""


def stand_in(folder: str) -> ModuleType:
    """The stand-in of a channel's folder."""
    name = f"stand_in_{folder}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / folder / "stand_in.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


META = {"app_secret": "env:SECRET", "verify_token": "env:SECRET", "access_token": "env:TOKEN"}
SETTINGS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "sms": ("+31970000000", {"account_sid": "env:SID", "auth_token": "env:TOKEN"}),
    "mms": ("+31970000000", {"account_sid": "env:SID", "auth_token": "env:TOKEN"}),
    "telegram": ("bar_bot", {"bot_token": "env:TOKEN", "webhook_secret": "env:SECRET"}),
    "line": ("U" + "0" * 32, {"channel_secret": "env:SECRET", "access_token": "env:TOKEN"}),
    "rcs": ("bar@rbm.goog", {"client_token": "env:SECRET", "service_account": "env:TOKEN"}),
    "whatsapp": ("100200300", META),
    "messenger": ("100200300", META),
    "instagram": ("100200300", META),
    "wechat": ("wx0123456789abcdef", {"token": "env:TOKEN", "encoding_aes_key": "env:AES", "app_secret": "env:TOKEN"}),
}
META = {"app_secret": "env:SECRET", "verify_token": "env:SECRET", "access_token": "env:TOKEN"}
SETTINGS = {**SETTINGS, **dict.fromkeys(("whatsapp", "messenger", "instagram"), ("100200300", META))}
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PUBLIC = "https://bots.example"
ENVIRONMENT = {"SID": "AC" + "0" * 32, "TOKEN": "t" * 32, "SECRET": "s" * 32, "AES": "k" * 42 + "A"}
STANDS: Mapping[str, Callable[[Any, Any], Stand]] = {
    "sms": lambda channel, account: stand_in("sms").Telephone(channel, account),
    "mms": lambda channel, account: stand_in("sms").Telephone(channel, account),
    "telegram": lambda channel, account: stand_in("telegram").Bot(channel, account),
    "line": lambda channel, account: stand_in("line").Friend(channel, account),
    "rcs": lambda channel, account: stand_in("rcs").Handset(channel, account),
    "whatsapp": lambda channel, account: stand_in("meta").Phone(channel, account),
    "messenger": lambda channel, account: stand_in("meta").Phone(channel, account),
    "instagram": lambda channel, account: stand_in("meta").Phone(channel, account),
    "wechat": lambda channel, account: stand_in("wechat").WeChat(channel, account, NOW),
}


def carried(channel: str) -> list[Golden]:
    """This channel's share of the conversations that are held in words and buttons."""
    found = [g for path in find([ROOT / "manifests", ROOT / "skills"]) for g in load(path) if g.channel == "web"]
    return [golden for golden in found if _share(channel, golden) == 0]


def _share(channel: str, golden: Golden) -> int:
    return int.from_bytes(hashlib.blake2b(f"{channel}/{golden.id}".encode(), digest_size=4).digest(), "big") % SHARE


def over(name: str, artefact: Artefact, reach: Reach) -> OverStand:
    """A new platform with one customer of the merchant."""
    account, settings = SETTINGS[name]
    spec = ChannelSpec(name, account, settings)
    others = tuple(each for each in artefact.merchant.channels if each.name != name)
    merchant = replace(artefact.merchant, channels=(*others, spec))
    channel = reach.channels.get(name)
    return OverStand(STANDS[name](channel, reach.account(merchant, name)), reach)


@pytest.mark.slow
@pytest.mark.parametrize("channel", sorted(STANDS))
async def test_conversations_come_out_the_same(channel: str, published: Published, tmp_path: Path) -> None:
    """Every outcome is as recorded; the platform refused nothing; what nobody can do there is all that is left out."""
    reach = Reach(Channels(), PUBLIC, lambda conversation, action: f"{PUBLIC}/{action.kind}", ENVIRONMENT)
    failed, held = [], 0
    for number, golden in enumerate(carried(channel)):
        async with host(published, tmp_path / str(number), SetClock(golden.now), reach=reach) as hosted:
            stand = over(channel, hosted.artefacts[golden.merchant], reach)
            try:
                failure = await hold(golden, hosted, stand)
            except Theirs as error:
                assert error.code == "not_there", error
                continue
        held += 1
        if failure and "nobody can do that over" not in str(failure):
            failed.append(str(failure))
    assert not failed, "\n\n".join(failed)
    assert held >= 5
