"""A little Twilio with one telephone: it takes what Twilio takes, refuses what it refuses, with its codes."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from sayso.channels.contract import Account, Call, Channel, Request
from sayso.channels.twilio import signature

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Telephone:
    """`sent` are the texts that arrived; `stopped`: the customer has sent STOP."""

    channel: Channel
    account: Account
    customer: str = "+31612345678"
    sent: list[str] = field(default_factory=list)
    stopped: bool = False
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def says(self, words: str) -> Request | None:
        """Words that Twilio itself acts on never come to be about an order."""
        if words.casefold().strip(" .!") in ("stop", "cancel", "end", "quit"):
            return None
        return self.posts({"Body": words, "NumMedia": "0"})

    def presses(self, token: str) -> Request | None:
        """There is nothing to press."""
        return None

    def opens(self) -> Request | None:
        return None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def posts(self, held: Mapping[str, str]) -> Request:
        """A message, as Twilio signs it."""
        sid = f"SM{next(self.numbers):032x}"
        ids = {"MessageSid": sid, "AccountSid": self.account.secret("account_sid")}
        fields = {**ids, "From": self.customer, "To": self.account.id, **held}
        url = f"https://bots.example/v1/channels/{self.channel.name}/{self.account.merchant.id}"
        signed = {"x-twilio-signature": signature(url, [*fields.items()], self.account.secret("auth_token"))}
        return Request("POST", url, signed, body=urlencode(fields).encode())

    def takes(self, call: Call) -> Answer:
        """The Messages resource."""
        pair = f"{self.account.secret('account_sid')}:{self.account.secret('auth_token')}"
        if call.headers.get("authorization") != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return self._refused(401, 20003, "Authenticate")
        if urlsplit(call.url).path != f"/2010-04-01/Accounts/{self.account.secret('account_sid')}/Messages.json":
            return self._refused(404, 20404, "The requested resource was not found")
        form = {name: values[0] for name, values in parse_qs(call.body.decode(), strict_parsing=True).items()}
        if form.get("To") != self.customer:
            return self._refused(400, 21211, "Invalid 'To' Phone Number")
        if self.stopped:
            return self._refused(400, 21610, "Attempt to send to unsubscribed recipient")
        if not form.get("Body") and "MediaUrl" not in form:
            return self._refused(400, 21602, "Message body is required")
        if len(form.get("Body", "")) > 1600:
            return self._refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        self.sent.append(form["Body"])
        body = {"sid": f"SM{next(self.numbers):032x}", "status": "queued", "to": self.customer}
        return 201, {}, json.dumps(body).encode()

    def _refused(self, status: int, code: int, why: str) -> Answer:
        return status, {}, json.dumps({"code": code, "message": why, "status": status}).encode()
