"""WeChat's official accounts: proven, decrypted, read; sent as customer-service messages."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from cryptography.x509 import load_pem_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.compiler import Button, Image, Part, Where, compile_message
from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Forbidden,
    Located,
    Opened,
    Opted,
    Pressed,
    Referred,
    Request,
    Theirs,
    Upstream,
    Utterance,
)
from sayso.channels.wechat import channel
from sayso.channels.wechat.signing import data_signature, decrypted, js_signature, pay_notice, signature
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.message import Message
from sayso.testing.messages import MESSAGES

DATA = Path(os.environ.get("SAYSO_SHARED_DATA", "../shared/data")) / "chat"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="no shared data folder: set SAYSO_SHARED_DATA")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SPEC = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
NAMES = {"token": "env:TOKEN", "encoding_aes_key": "env:AES", "app_secret": "env:SECRET"}
ENVIRONMENT = {"TOKEN": "word", "AES": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "SECRET": "s"}
ACCOUNT = Account(SPEC, ChannelSpec("wechat", "wx0123456789abcdef", NAMES), ENVIRONMENT)


def _stand_in() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wechat_stand_in", Path(__file__).parent / "stand_in.py")
    assert spec and spec.loader
    made = sys.modules["wechat_stand_in"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


stand_in = _stand_in()


@pytest.fixture
def follower() -> Any:
    return stand_in.WeChat(channel, ACCOUNT, NOW)


def receive(request: Request, now: datetime = NOW) -> Any:
    return channel.receive(request, ACCOUNT, now)


def vector(id: str) -> Any:
    every = orjson.loads((DATA / "signatures" / "vectors.json").read_bytes())
    return next(each for each in every if each["id"] == id)


@needs_data
def test_signatures_of_others_libraries() -> None:
    """Requests, encrypted messages, pages and mini programs."""
    for id in ("wx-plain", "wx-plain-bad"):
        v = vector(id)
        assert (signature(v["token"], v["timestamp"], v["nonce"]) == v["signature"]) is v["expect"]
    v = vector("wx-aes")
    assert signature(v["token"], v["timestamp"], v["nonce"], v["encrypt"]) == v["msg_signature"]
    assert decrypted(v["encrypt"], v["encoding_aes_key"], v["app_id"]).decode() == v["expect_xml"]
    with pytest.raises(Forbidden):
        decrypted(v["encrypt"], v["encoding_aes_key"], "wx-another")
    v = vector("wx-jssdk")
    assert js_signature(v["jsapi_ticket"], v["noncestr"], v["timestamp"], f"{v['url']}#top") == v["signature"]
    v = vector("wxa-rawdata")
    assert data_signature(v["raw_data"], v["session_key"]) == v["signature"]


@needs_data
def test_the_handshake_of_an_encrypted_account() -> None:
    """The text that was encrypted comes back plain."""
    v = vector("wx-aes-echostr")
    query = {name: v[name] for name in ("timestamp", "nonce", "msg_signature")} | {"echostr": v["encrypt"]}
    made = replace(ACCOUNT, environment={**ENVIRONMENT, "TOKEN": v["token"], "AES": v["encoding_aes_key"]})
    at = datetime.fromtimestamp(int(v["timestamp"]), UTC)
    owner = replace(made, spec=replace(made.spec, account=v.get("app_id") or _owner(v)))
    assert channel.receive(Request("GET", "", query=query), owner, at).response.body.decode() == v["expect_plain"]


def _owner(v: Any) -> str:
    """The app that a vector was encrypted for, where it does not say."""
    import base64

    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = base64.b64decode(v["encoding_aes_key"] + "=")
    opened = Cipher(AES(key), CBC(key[:16])).decryptor()
    plain = opened.update(base64.b64decode(v["encrypt"])) + opened.finalize()
    return plain[20 + int.from_bytes(plain[16:20], "big") : -plain[-1]].decode()


@needs_data
def test_a_notice_of_wechat_pay() -> None:
    """Proven and opened; refused when it is changed or old."""
    v = vector("wxpay-v3-notify")
    pem = next((value for name, value in v.items() if isinstance(value, str) and "BEGIN CERTIFICATE" in value), "")
    if not pem:
        pytest.skip("the vector has no certificate")
    key: Any = load_pem_x509_certificate(pem.encode()).public_key()
    headers = {name.lower(): value for name, value in v["headers"].items()}
    at = datetime.fromtimestamp(int(headers["wechatpay-timestamp"]), UTC)
    body, api_key = v["raw_body"].encode(), v["api_v3_key"]
    assert orjson.loads(pay_notice(headers, body, key, api_key, at))
    wrong = [(body + b" ", at, api_key), (body, at + timedelta(minutes=6), api_key), (body, at, "x" * 32)]
    for changed, when, secret in wrong:
        with pytest.raises(Forbidden):
            pay_notice(headers, changed, key, secret, when)


def test_the_handshake() -> None:
    """What was sent comes back, to nobody else."""
    time = str(int(NOW.timestamp()))
    query = {"timestamp": time, "nonce": "n", "signature": signature("word", time, "n"), "echostr": "42"}
    assert receive(Request("GET", "", query=query)).response.body == b"42"
    for wrong in ({**query, "signature": "0" * 40}, {**query, "timestamp": "1"}, {**query, "signature": ""}):
        with pytest.raises(Theirs):
            receive(Request("GET", "", query=wrong))


@needs_data
def test_every_kind_of_message_and_event(follower: Any) -> None:
    """All published ones are answered with "success"; what is nobody's words is left alone."""
    meant: dict[str, Any] = {}
    for path in sorted((DATA / "wechat" / "in").glob("*.xml")):
        came = receive(follower.sealed(path.read_bytes().strip()))
        assert came.response.body == b"success"
        assert bool(came.events) + bool(came.ignored) + bool(came.reports) == 1
        meant[path.stem.removeprefix("wp_").removeprefix("parse_")] = came.events[0].body if came.events else None
    assert isinstance(meant["text_message"], Utterance)
    assert meant["image_message"] == Attached("image", "media_id")
    assert isinstance(meant["location_message"], Located) and isinstance(meant["location_select_event"], Located)
    assert isinstance(meant["subscribe_event"], Opened | Referred) and isinstance(meant["scan_event"], Referred)
    assert meant["unsubscribe_event"] == Opted(False, silent=True)
    assert [meant[f"kf_{deed}_session_event"].by for deed in ("create", "close")] == ["person", "bot"]
    assert meant["click_event"] == Utterance("EVENTKEY")
    quiet = ("annual_renew_event", "mass_send_job_finish_event", "view_event", "wifi_connected_event")
    assert not any(meant[name] for name in quiet)


def test_a_line_of_a_menu_is_pressed(follower: Any) -> None:
    """The token that was sent with the line comes back."""
    follower.sent.append({"msgmenu": {"list": [{"id": "tok1", "content": "Yes"}]}})
    (event,) = receive(follower.presses("tok1")).events
    assert event.body == Pressed("tok1", "Yes")


def test_what_is_not_proven(follower: Any) -> None:
    """Another token, an old time, another text under the signature, another app, plain text, entities."""
    good = follower.says("hi")
    assert receive(good).events[0].body == Utterance("hi")
    with pytest.raises(Theirs):
        receive(good, NOW + timedelta(minutes=6))
    other = stand_in.WeChat(channel, replace(ACCOUNT, environment={**ENVIRONMENT, "TOKEN": "other"}), NOW)
    elsewhere = stand_in.WeChat(channel, replace(ACCOUNT, spec=replace(ACCOUNT.spec, account="wxother")), NOW)
    plain = {name: value for name, value in good.query.items() if name in ("timestamp", "nonce", "signature")}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa">]><xml><MsgType>&a;</MsgType></xml>'
    for wrong in (
        other.says("hi"),
        elsewhere.says("hi"),
        replace(good, body=other.says("ho").body),
        replace(good, query=plain, body=b"<xml><MsgType>text</MsgType></xml>"),
        replace(good, query={}),
        replace(good, body=b"no xml"),
        replace(good, body=b"x" * 200_000),
        follower.sealed(bomb),
    ):
        with pytest.raises(Theirs):
            receive(wrong)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80), st.binary(max_size=200))
def test_nothing_that_comes_is_our_fault(words: str, body: bytes) -> None:
    """Any words in any element, any bytes under a signature."""
    follower = stand_in.WeChat(channel, ACCOUNT, NOW)
    for made in (follower.sealed(body), follower.says(words), replace(follower.says("hi"), body=body)):
        try:
            receive(made)
        except Theirs:
            continue


@given(MESSAGES)
def test_any_message_is_taken(message: Message) -> None:
    """Within the quota of one answer, each as the interface takes it."""
    follower = stand_in.WeChat(channel, ACCOUNT, NOW)
    follower.quota = 5
    where = Where("https://bots.example/assets/bar", lambda action: f"https://bots.example/{action.kind}")
    for part in compile_message(message, channel.capabilities, where).parts:
        answer = follower.takes(channel.wire(part, Address("oFollower", "p1"), ACCOUNT))
        assert channel.outcome(*answer).state == "sent", (part, answer)


def test_the_shapes_of_a_message() -> None:
    """A menu for choices, an article for a picture."""
    to = Address("o", "p1")
    menu = orjson.loads(channel.wire(Part("Sure?", buttons=(Button("reply", "Yes", "t1"),)), to, ACCOUNT).body)
    assert menu["msgmenu"]["list"] == [{"id": "t1", "content": "Yes"}]
    news = orjson.loads(channel.wire(Part("Look", picture=Image("https://x/a.png", "a")), to, ACCOUNT).body)
    assert news["news"]["articles"][0]["picurl"] == "https://x/a.png"


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', "sent"),
        (200, b'{"errcode":40001}', "token"),
        (200, b'{"errcode":42001}', "token"),
        (200, b'{"errcode":45015}', "window"),
        (200, b'{"errcode":45047}', "failed"),
        (200, b'{"errcode":-1}', "retry"),
        (200, b'{"errcode":43004}', "opted_out"),
        (200, b"<html>", "unknown"),
        (502, b"", "unknown"),
        (413, b"", "failed"),
    ],
)
def test_what_wechat_answered(status: int, body: bytes, state: str) -> None:
    """A spent quota is not tried again; a stale token is."""
    assert channel.outcome(status, {}, body).state == state


def test_the_access_token() -> None:
    """Fetched with the app's secret; anything but a token is an error."""
    tokened: Any = channel
    assert orjson.loads(tokened.token("access_token", ACCOUNT).body)["appid"] == "wx0123456789abcdef"
    assert tokened.token_of(200, b'{"access_token":"abc","expires_in":7200}') == ("abc", 7200.0)
    with pytest.raises(Upstream):
        tokened.token_of(200, b'{"errcode":40125}')
