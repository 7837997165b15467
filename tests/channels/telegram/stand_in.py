"""A little Telegram with one chat: it takes what the Bot API takes, refuses what it refuses, with its descriptions.

Its limits are written here anew, from the Bot API's pages, not read from the channel's table.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.channels.contract import Account, Call, Channel, Request

Answer = tuple[int, Mapping[str, str], bytes]


class Refused(Exception):
    """A description of the Bot API's."""


def need(kept: bool, why: str) -> None:
    if not kept:
        raise Refused(f"Bad Request: {why}")


def only(sent: Mapping[str, Any], *names: str) -> None:
    need(set(sent) <= {*names}, f"unknown parameters {sorted(set(sent) - {*names})}")


SHARED = ("chat_id", "message_thread_id", "business_connection_id", "reply_parameters", "reply_markup")


def message(sent: Mapping[str, Any]) -> None:
    only(sent, *SHARED, "text", "link_preview_options")
    need(bool(sent.get("text", "").strip()), "message text is empty")
    need(len(sent["text"]) <= 4096, "message is too long")


def photo(sent: Mapping[str, Any]) -> None:
    only(sent, *SHARED, "photo", "caption")
    need(len(sent.get("caption", "")) <= 1024, "message caption is too long")
    need(sent.get("photo", "").startswith("https://"), "wrong remote file identifier specified")


def album(sent: Mapping[str, Any]) -> None:
    only(sent, *SHARED[:-1], "media")
    need(2 <= len(sent["media"]) <= 10, "there must be 2 to 10 media in an album")
    for each in sent["media"]:
        only(each, "type", "media", "caption")
        need(len(each["caption"]) <= 1024, "message caption is too long")


def buttons(sent: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (each for row in sent.get("reply_markup", {}).get("inline_keyboard", ()) for each in row)


def markup(sent: Mapping[str, Any]) -> None:
    held = list(buttons(sent))
    need(len(held) <= 100, "reply markup is too long")
    need(all(len(row) <= 8 for row in sent.get("reply_markup", {}).get("inline_keyboard", ())), "too many in a row")
    for each in held:
        need(bool(each["text"].strip()), "text buttons are unallowed in the inline keyboard")
        need(("callback_data" in each) != ("url" in each), "exactly one optional field must be used")
        need(1 <= len(each.get("callback_data", "x").encode()) <= 64, "BUTTON_DATA_INVALID")
        need(each.get("url", "https://").startswith("https://"), "BUTTON_URL_INVALID")


METHODS = {"sendMessage": message, "sendPhoto": photo, "sendMediaGroup": album}


@dataclass
class Bot:
    """`shown` are the messages of the chat, the oldest first. `blocked`: the customer does not want the bot."""

    channel: Channel
    account: Account
    customer: str = "7700"
    shown: list[Mapping[str, Any]] = field(default_factory=list)
    blocked: bool = False
    updates: itertools.count[int] = field(default_factory=lambda: itertools.count(900))

    def says(self, words: str) -> Request:
        return self.messages(text=words)

    def opens(self) -> Request:
        return self.messages(text="/start")

    def locates(self, latitude: float, longitude: float) -> Request:
        return self.messages(location={"latitude": latitude, "longitude": longitude})

    def presses(self, token: str) -> Request | None:
        """Any keyboard that was shown can still be pressed."""
        under = next((m for m in reversed(self.shown) for b in buttons(m) if b.get("callback_data") == token), None)
        if under is None:
            return None
        below = {"message_id": 1, "date": 1, "chat": self.chat, "reply_markup": under["reply_markup"]}
        query = {"id": f"q{next(self.updates)}", "from": self.person, "message": below, "data": token}
        return self.posts({"callback_query": query})

    @property
    def chat(self) -> Mapping[str, Any]:
        return {"id": int(self.customer), "type": "private"}

    @property
    def person(self) -> Mapping[str, Any]:
        return {"id": int(self.customer), "is_bot": False, "first_name": "Anna"}

    def messages(self, **content: Any) -> Request:
        about = {"message_id": next(self.updates), "date": 1, "from": self.person, "chat": self.chat}
        return self.posts({"message": {**about, **content}})

    def posts(self, update: Mapping[str, Any]) -> Request:
        """A webhook."""
        body = json.dumps({"update_id": next(self.updates), **update}).encode()
        headers = {"x-telegram-bot-api-secret-token": self.account.secret("webhook_secret")}
        url = f"https://bots.example/v1/channels/telegram/{self.account.merchant.id}"
        return Request("POST", url, {**headers, "content-type": "application/json"}, body=body)

    def takes(self, call: Call) -> Answer:
        """A method of the Bot API."""
        start = f"https://api.telegram.org/bot{self.account.secret('bot_token')}/"
        if not call.url.startswith(start):
            return self._told(401, "Unauthorized")
        check, sent = METHODS.get(call.url.removeprefix(start)), json.loads(call.body)
        if check is None:
            return self._told(404, "Not Found")
        if self.blocked:
            return self._told(403, "Forbidden: bot was blocked by the user")
        try:
            need(sent["chat_id"] == int(self.customer), "chat not found")
            check(sent)
            markup(sent)
        except Refused as refused:
            return self._told(400, str(refused))
        self.shown.append(sent)
        made = {"message_id": next(self.updates), "chat": self.chat, "date": 1}
        return 200, {}, json.dumps({"ok": True, "result": [made] if "media" in sent else made}).encode()

    def _told(self, status: int, why: str) -> Answer:
        return status, {}, json.dumps({"ok": False, "error_code": status, "description": why}).encode()
