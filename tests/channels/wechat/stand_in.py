"""A little WeChat with one follower: it encrypts what it posts, takes what it takes, refuses what it refuses."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sayso.channels.contract import Account, Call, Channel, Request
from sayso.channels.wechat.signing import signature

Answer = tuple[int, Mapping[str, str], bytes]
BASE = "https://bots.example/v1/channels/wechat"
TOKEN = "the-access-token"


def encrypted(text: bytes, aes_key: str, app_id: str) -> str:
    key = base64.b64decode(aes_key + "=")
    plain = b"r" * 16 + len(text).to_bytes(4, "big") + text + app_id.encode()
    pad = 32 - len(plain) % 32
    made = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(made.update(plain + bytes([pad]) * pad) + made.finalize()).decode()


@dataclass
class WeChat:
    """`quota`: messages that may still be sent; the follower's words bring it to five."""

    channel: Channel
    account: Account
    now: datetime
    customer: str = "oFollower"
    quota: int = 0
    sent: list[dict[str, object]] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def says(self, words: str) -> Request:
        return self.posts(f"<MsgType>text</MsgType><Content>{escape(words)}</Content>")

    def presses(self, token: str) -> Request | None:
        for message in reversed(self.sent):
            for line in message.get("msgmenu", {}).get("list", ()):  # type: ignore[attr-defined]
                if line["id"] == token:
                    held = f"<Content>{escape(line['content'])}</Content><bizmsgmenuid>{token}</bizmsgmenuid>"
                    return self.posts(f"<MsgType>text</MsgType>{held}")
        return None

    def opens(self) -> Request | None:
        return self.posts("<MsgType>event</MsgType><Event>subscribe</Event>")

    def locates(self, latitude: float, longitude: float) -> Request | None:
        held = f"<Location_X>{latitude}</Location_X><Location_Y>{longitude}</Location_Y>"
        return self.posts(f"<MsgType>location</MsgType>{held}")

    def posts(self, held: str) -> Request:
        """An encrypted message, signed."""
        self.quota = 5
        head = f"<ToUserName>gh</ToUserName><FromUserName>{self.customer}</FromUserName><CreateTime>1</CreateTime>"
        xml = f"<xml>{head}{held}<MsgId>{next(self.numbers)}</MsgId></xml>"
        return self.sealed(xml.encode())

    def sealed(self, xml: bytes) -> Request:
        token, time = self.account.secret("token"), str(int(self.now.timestamp()))
        hidden = encrypted(xml, self.account.secret("encoding_aes_key"), self.account.id)
        query = {"timestamp": time, "nonce": "n", "encrypt_type": "aes", "signature": signature(token, time, "n")}
        query["msg_signature"] = signature(token, time, "n", hidden)
        body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{hidden}</Encrypt></xml>"
        return Request("POST", f"{BASE}/{self.account.merchant.id}", query=query, body=body.encode())

    def takes(self, call: Call) -> Answer:
        """The customer-service interface, and the token for it. A call may come before its token is in place."""
        if "/cgi-bin/stable_token" in call.url:
            return 200, {}, json.dumps({"access_token": TOKEN, "expires_in": 7200}).encode()
        if not call.url.endswith(("access_token={token}", f"access_token={TOKEN}")) or call.token != "access_token":
            return self._told(40001, "invalid credential")
        message = json.loads(call.body)
        if message.get("touser") != self.customer:
            return self._told(40003, "invalid openid")
        if not self.quota:
            return self._told(45047, "out of response count limit")
        if code := refused(message):
            return self._told(code, "refused")
        self.quota -= 1
        self.sent.append(message)
        return self._told(0, "ok")

    def _told(self, code: int, why: str) -> Answer:
        return 200, {}, json.dumps({"errcode": code, "errmsg": why}).encode()


def refused(message: dict[str, object]) -> int:
    """The code with which a message is refused, 0 when it is taken."""
    kind = message.get("msgtype")
    held = message.get(str(kind))
    if set(message) != {"touser", "msgtype", kind} or not isinstance(held, dict):
        return 40008
    if kind == "text":
        return 0 if 0 < len(str(held["content"]).encode()) <= 2048 else 45002
    if kind == "msgmenu":
        lines = held["list"]
        return 0 if lines and held["head_content"] and all(line["id"] and line["content"] for line in lines) else 40008
    if kind == "news":
        return 0 if len(held["articles"]) == 1 and held["articles"][0]["title"] else 45008
    return 40008
