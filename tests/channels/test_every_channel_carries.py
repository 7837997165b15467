"""The golden conversations come out the same over every channel: same baskets, questions and orders.

A channel's folder has a `stand_in.py` with a platform in memory; `WAYS` says how each is made. Each run holds a share
of the conversations, another on every channel, so that all are held between them; SAYSO_EVERY=1 holds all on each.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote_plus

import pytest

from sayso.channels.assistants.limits import capabilities
from sayso.channels.contract import Account, Pushing
from sayso.channels.registry import Channels
from sayso.errors import Theirs
from sayso.host.reach import Reach
from sayso.manifest.specs import Artefact, ChannelSpec
from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock
from sayso.testing.goldens import Golden, GoldenTurn, find, load
from sayso.testing.hosting import Published, host
from sayso.testing.runner import PATIENCE_S, hold
from sayso.testing.stands import OverStand, Stand

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SHARE = 1 if os.environ.get("SAYSO_EVERY") else 60
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


@dataclass(frozen=True, slots=True)
class Way:
    """A way to talk with a merchant: the channel, the account's id and settings, how its stand-in is made.

    `voice`: what is answered is heard; `begins`: the platform opens the conversation before anything is said;
    `answers`: it takes the answer in its response, so that nothing comes later by itself."""

    channel: str
    account: str
    settings: Mapping[str, Any]
    make: Callable[[Any, Account, Artefact], Stand]
    voice: bool = False
    begins: bool = False
    share: int = 60
    """One in so many, where `SHARE` would take fewer: a platform without Dutch holds half of what falls to it."""

    @property
    def answers(self) -> bool:
        return not isinstance(Channels().get(self.channel), Pushing)


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PUBLIC = "https://bots.example"
ENVIRONMENT = {
    "SID": "AC" + "0" * 32,
    "TOKEN": "t" * 32,
    "SECRET": "s" * 32,
    "AES": "k" * 42 + "A",
    "DIALOGFLOW_PASSWORD": "a-long-enough-password",
}
META = {"app_secret": "env:SECRET", "verify_token": "env:SECRET", "access_token": "env:TOKEN"}
TWILIO = {"account_sid": "env:SID", "auth_token": "env:TOKEN"}
WECHAT = {"token": "env:TOKEN", "encoding_aes_key": "env:AES", "app_secret": "env:TOKEN"}
KEY = {"api_key": "env:TOKEN"}
AGENT = "projects/p/locations/eu/agents/a"


def made(folder: str, name: str, **how: Any) -> Callable[[Any, Account, Artefact], Stand]:
    """Makes the stand-in of that name in a channel's folder."""
    return lambda channel, account, artefact: getattr(stand_in(folder), name)(channel, account, **how)


def _satellite(channel: Any, account: Account, artefact: Artefact) -> Stand:
    module = stand_in("assistants")
    pytest.importorskip("wyoming", reason="the wyoming package is not installed")
    return module.Satellite(module.Socket(capabilities("wyoming")), account)  # type: ignore[no-any-return]


def _relayed(channel: Any, account: Account, artefact: Artefact) -> Stand:
    module = stand_in("twilio_voice")
    return module.RelayCaller(module.Relayed(channel), account)  # type: ignore[no-any-return]


def _dialogflow(edition: str, telephone: bool) -> Callable[[Any, Account, Artefact], Stand]:
    return lambda channel, account, artefact: stand_in("dialogflow").session(edition, artefact, account, telephone)


def _agent(edition: str, telephone: bool = False) -> Way:
    account = {"cx": AGENT, "es": "p"}[edition]
    settings = stand_in("dialogflow").SETTINGS
    make = _dialogflow(edition, telephone)
    return Way(f"dialogflow_{edition}", account, settings, make, voice=telephone, share=30 if telephone else 60)


def _telephone(make: Callable[[Any, Account, Artefact], Stand]) -> Way:
    return Way("twilio_voice", "+31970000000", {"auth_token": "env:TOKEN"}, make, voice=True, begins=True)


def _alexa(screen: bool) -> Way:
    pytest.importorskip("ask_sdk_model", reason="needs ask-sdk-model")
    make = lambda channel, account, artefact: stand_in("alexa").echo(artefact, account, screen)  # noqa: E731
    return Way("alexa", "amzn1.ask.skill.1", {"invocation_name": "corner bar"}, make, voice=True, share=40)


WAYS: Mapping[str, Way] = {
    "alexa": _alexa(screen=False),
    "alexa, with a screen": _alexa(screen=True),
    "sms": Way("sms", "+31970000000", TWILIO, made("sms", "Telephone")),
    "mms": Way("mms", "+31970000000", TWILIO, made("sms", "Telephone")),
    "telegram": Way(
        "telegram", "bar_bot", {"bot_token": "env:TOKEN", "webhook_secret": "env:SECRET"}, made("telegram", "Bot")
    ),
    "line": Way(
        "line", "U" + "0" * 32, {"channel_secret": "env:SECRET", "access_token": "env:TOKEN"}, made("line", "Friend")
    ),
    "rcs": Way(
        "rcs", "bar@rbm.goog", {"client_token": "env:SECRET", "service_account": "env:TOKEN"}, made("rcs", "Handset")
    ),
    "whatsapp": Way("whatsapp", "100200300", META, made("meta", "Phone")),
    "messenger": Way("messenger", "100200300", META, made("meta", "Phone")),
    "instagram": Way("instagram", "100200300", META, made("meta", "Phone")),
    "wechat": Way("wechat", "wx0123456789abcdef", WECHAT, made("wechat", "WeChat", now=NOW)),
    "lex": Way("lex", "bar", KEY, made("lex", "Bot")),
    "lex, spoken": Way("lex", "bar", KEY, made("lex", "Bot", speech=True), voice=True),
    "lex, a contact flow": Way("lex", "bar", KEY, made("lex", "Flow"), voice=True),
    "twilio_voice": _telephone(made("twilio_voice", "Caller")),
    "twilio_voice, relayed": _telephone(_relayed),
    "openai": Way("openai", "bar", KEY, made("assistants", "OpenAiClient")),
    "ollama": Way("ollama", "bar", {**KEY, "single_user": True}, made("assistants", "OllamaClient")),
    "home_assistant": Way("home_assistant", "bar", {**KEY, "mode": "voice"}, made("assistants", "Agent"), voice=True),
    "wyoming": Way("wyoming", "bar", KEY, _satellite, voice=True),
    "dialogflow_cx": _agent("cx"),
    "dialogflow_cx, a call": _agent("cx", telephone=True),
    "dialogflow_es": _agent("es"),
    "dialogflow_es, a call": _agent("es", telephone=True),
}
"""Every way, by what it is called in a test's name."""


def carried(name: str) -> list[Golden]:
    """This way's share of the conversations that are held in words and buttons."""
    found = [g for path in find([ROOT / "manifests", ROOT / "skills"]) for g in load(path) if g.channel == "web"]
    return [golden for golden in found if _share(name, golden) == 0 and _can_be_held(golden, WAYS[name])]


def _can_be_held(golden: Golden, way: Way) -> bool:
    """What a person writes comes by itself where the platform can be called; how far a list goes on at once is another
    thing to an ear."""
    writes = any(turn.do in ("person", "settled") for turn in golden.turns)
    pages = any(turn.value in ("more", "meer") for turn in golden.turns)
    return not (writes and way.answers) and not (pages and way.voice)


def _share(name: str, golden: Golden) -> int:
    share = min(SHARE, WAYS[name].share)
    return int.from_bytes(hashlib.blake2b(f"{name}/{golden.id}".encode(), digest_size=4).digest(), "big") % share


def over(way: Way, artefact: Artefact, reach: Reach, language: str = "") -> OverStand:
    """A new platform with one customer of the merchant, whose language the account's settings say."""
    settings = {**way.settings, **({"language": language} if language else {})}
    spec = ChannelSpec(way.channel, way.account, settings)
    others = tuple(each for each in artefact.merchant.channels if each.name != way.channel)
    here = replace(artefact, merchant=replace(artefact.merchant, channels=(*others, spec)))
    channel = reach.channels.get(way.channel)
    return OverStand(way.make(channel, reach.account(here.merchant, way.channel), here), reach)


HEARD = frozenset({"basket", "slots", "pending", "order", "total", "author", "topics"})
"""What comes out alike whether an answer is read or heard."""


def as_held(golden: Golden, way: Way) -> Golden:
    """The conversation as it is held that way: begun by the platform where it does so; what is only on a screen is not
    looked for where nothing is seen."""
    turns = golden.turns
    if way.voice:
        kept = [{what: value for what, value in turn.expect.items() if what in HEARD} for turn in turns]
        turns = tuple(replace(turn, expect=expect) for turn, expect in zip(turns, kept, strict=True))
    if way.begins and turns[0].do != "open":
        turns = (GoldenTurn(golden.line, "open", ""), *turns)
    return replace(golden, turns=turns)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WAYS))
async def test_conversations_come_out_the_same(name: str, published: Published, tmp_path: Path) -> None:
    """Every outcome is as recorded; the platform refused nothing; what nobody can do there is all that is left out."""
    reach = Reach(Channels(), PUBLIC, lambda conversation, action: f"{PUBLIC}/{action.kind}", ENVIRONMENT)
    failed, held = [], 0
    for number, golden in enumerate(carried(name)):
        async with host(published, tmp_path / str(number), SetClock(golden.now), reach=reach) as hosted:
            way = WAYS[name]
            stand = over(way, hosted.artefacts[golden.merchant], reach, golden.language)
            try:
                failure = await hold(as_held(golden, way), hosted, stand)
            except Theirs as error:
                assert error.code == "not_there", error
                continue
        if failure and "nobody can do that over" in str(failure):
            continue
        held += 1
        failed += [str(failure)] if failure else []
    assert not failed, "\n\n".join(failed)
    assert held >= 5


def test_every_channel_is_held() -> None:
    """A channel that is added has a way here, so that it carries the conversations too."""
    assert {way.channel for way in WAYS.values()} >= {*Channels().all()} - {"web"}


NOTICE = {
    "en": ("Pip", "Roerdomp Coffee", "automated assistant"),
    "nl": ("Pip", "Roerdomp Koffie", "digitale assistent"),
}
"""Who is spoken with: the persona, the merchant, and what it is."""
WISH = {"en": ("a latte", "dam square"), "nl": ("een latte", "op de dam")}


def noticed(held: OverStand, language: str) -> bool:
    """Whether the customer was told with whom they speak in what the platform got last."""
    seen = " ".join(unquote_plus(body.decode()) for body in held.got)
    told = [each in seen for each in NOTICE[language]]
    assert all(told) or not told[2], seen
    return all(told)


def speaks(way: Way, language: str) -> bool:
    """Whether the platform has the language at all."""
    caps = Channels().capabilities(way.channel)
    return caps is None or caps.speaks(language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "nl"])
async def test_a_bot_says_that_it_is_one(language: str, published: Published, tmp_path: Path) -> None:
    """On every channel the first answer of a conversation, and the start of a call, says so; the next one does not.
    After a long silence it is said anew where the platform wants that."""
    reach = Reach(Channels(), PUBLIC, lambda conversation, action: f"{PUBLIC}/{action.kind}", ENVIRONMENT)
    first, second = WISH[language]
    spoken = {name: way for name, way in WAYS.items() if speaks(way, language)}
    for number, (name, way) in enumerate(spoken.items()):
        clock = SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
        async with host(published, tmp_path / str(number), clock, reach=reach) as hosted:
            held = over(way, hosted.artefacts["coffee_bar"], reach, language)
            chat = Chat(hosted, "coffee_bar", language=language, over=held, deadline_s=PATIENCE_S)
            await (chat.open() if way.begins else chat.say(first))
            assert noticed(held, language), name
            await chat.say(second)
            assert not noticed(held, language), name
            clock.advance(timedelta(hours=25))
            await chat.say(first)
            again = reach.channels.capabilities(way.channel)
            assert noticed(held, language) == bool(again and again.notice_again_h), name
