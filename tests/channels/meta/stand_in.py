"""A little Graph API: it takes what the platform takes, refuses what it refuses, with its codes.

Its limits are written here anew, from the platforms' pages, not read from the channels' tables.
"""

from __future__ import annotations

import hmac
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.channels.contract import Account, Call, Channel, Request

Answer = tuple[int, Mapping[str, str], bytes]


class Refused(Exception):
    """An error of the platform: its code and what staff would read."""

    def __init__(self, code: int, why: str, status: int = 400, subcode: int = 0) -> None:
        super().__init__(why)
        self.code, self.why, self.status, self.subcode = code, why, status, subcode


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def need(kept: bool, why: str, code: int = 131009) -> None:
    if not kept:
        raise Refused(code, why)


def words(data: Mapping[str, Any], key: str, most: int, code: int = 131009, least: int = 1) -> str:
    text = data.get(key)
    need(isinstance(text, str) and least <= units(text) <= most, f"{key}: {text!r} is not {least} to {most}", code)
    return str(text)


def only(data: Mapping[str, Any], *names: str) -> None:
    need(set(data) <= {*names}, f"unknown fields {sorted(set(data) - {*names})}", 100)


def link(url: object) -> None:
    need(isinstance(url, str) and url.startswith("https://") and len(url) <= 2000 and " " not in url, f"url {url!r}")


# -- WhatsApp -------------------------------------------------------------------------------------------------------


def whatsapp(body: Mapping[str, Any]) -> str:
    """Whom the message is for. Raises Refused."""
    if body.get("status") == "read":
        only(body, "messaging_product", "status", "message_id", "typing_indicator")
        need(body.get("typing_indicator", {"type": "text"}) == {"type": "text"}, "typing_indicator", 100)
        return ""
    kind = body.get("type")
    only(body, "messaging_product", "recipient_type", "to", "recipient", "type", "biz_opaque_callback_data", str(kind))
    need(body.get("messaging_product") == "whatsapp", "messaging_product", 100)
    need(("to" in body) != ("recipient" in body), "to or recipient", 131008)
    need(len(body.get("biz_opaque_callback_data", "")) <= 512, "biz_opaque_callback_data")
    need(kind in KINDS, f"type {kind}", 100)
    KINDS[str(kind)](body[str(kind)])
    return str(body.get("to") or body.get("recipient"))


def _text(data: Mapping[str, Any]) -> None:
    only(data, "body", "preview_url")
    words(data, "body", 4096)


def _image(data: Mapping[str, Any]) -> None:
    only(data, "link", "caption")
    link(data.get("link"))
    words(data, "caption", 1024) if "caption" in data else None


def _template(data: Mapping[str, Any]) -> None:
    only(data, "name", "language", "components")
    need(bool(data["name"]) and bool(data["language"]["code"]), "template", 132001)
    for component in data.get("components", ()):
        for parameter in component["parameters"]:
            text = words(parameter, "text", 1024, 132005)
            need(not ("\n" in text or "\t" in text or "    " in text), "new lines in a parameter", 132012)


def _interactive(data: Mapping[str, Any]) -> None:
    kind = data.get("type")
    need(kind in ACTIONS, f"interactive {kind}", 100)
    only(data, "type", "header", "body", "footer", "action")
    words(data["body"], "text", 1024)
    if kind == "product_list":
        words(data["header"], "text", 60)
        _products(data["action"])
        return
    need("header" not in data or kind in ("button", "cta_url"), "a media header is for buttons only")
    if "header" in data:
        need(data["header"]["type"] == "image", "header")
        link(data["header"]["image"]["link"])
    ACTIONS[str(kind)](data["action"])


def _buttons(action: Mapping[str, Any]) -> None:
    only(action, "buttons")
    _replies(action["buttons"], "reply")


def _replies(buttons: list[Mapping[str, Any]], kind: str) -> None:
    need(1 <= len(buttons) <= 3, f"{len(buttons)} buttons")
    for button in buttons:
        need(button["type"] == kind, "type of a button", 100)
        words(button[kind], "id", 256)
        words(button[kind], "title", 20)
    need(len({button[kind]["title"] for button in buttons}) == len(buttons), "two buttons with one title")
    need(len({button[kind]["id"] for button in buttons}) == len(buttons), "two buttons with one id")


def _list(action: Mapping[str, Any]) -> None:
    only(action, "button", "sections")
    words(action, "button", 20)
    rows = [row for section in action["sections"] for row in section["rows"]]
    need(len(action["sections"]) == 1 or all("title" in each for each in action["sections"]), "title of a section")
    need(1 <= len(rows) <= 10, f"{len(rows)} rows")
    need(len({row["id"] for row in rows}) == len(rows), "two rows with one id")
    for row in rows:
        only(row, "id", "title", "description")
        words(row, "id", 200)
        words(row, "title", 24)
        words(row, "description", 72) if "description" in row else None


def _address(action: Mapping[str, Any]) -> None:
    need(action.get("name") == "cta_url", "name", 100)
    words(action["parameters"], "display_text", 20)
    link(action["parameters"].get("url"))


def _carousel(action: Mapping[str, Any]) -> None:
    cards = action["cards"]
    need(2 <= len(cards) <= 10, f"{len(cards)} cards")
    need([card["card_index"] for card in cards] == list(range(len(cards))), "card_index")
    for card in cards:
        only(card, "card_index", "type", "header", "body", "action")
        link(card["header"]["image"]["link"])
        if "body" in card:
            text = words(card["body"], "text", 160)
            need(text.count("\n") <= 2, "line breaks of a card")
        if "buttons" in card["action"]:
            _replies(card["action"]["buttons"], "quick_reply")
        else:
            _address(card["action"])
    alike = {tuple(b["type"] for b in card["action"].get("buttons", [{"type": "url"}])) for card in cards}
    need(len(alike) == 1, "buttons differ from card to card")


def _location(action: Mapping[str, Any]) -> None:
    need(action == {"name": "send_location"}, "action", 100)


def _product(action: Mapping[str, Any]) -> None:
    only(action, "catalog_id", "product_retailer_id")
    need(bool(action["catalog_id"] and action["product_retailer_id"]), "product")


def _products(action: Mapping[str, Any]) -> None:
    only(action, "catalog_id", "sections")
    rows = [row["product_retailer_id"] for section in action["sections"] for row in section["product_items"]]
    need(bool(action["catalog_id"]) and 1 <= len(rows) <= 30 and len({*rows}) == len(rows), "products")
    for section in action["sections"]:
        words(section, "title", 24)


ACTIONS = {
    "product": _product,
    "product_list": _products,
    "button": _buttons,
    "list": _list,
    "cta_url": _address,
    "carousel": _carousel,
    "location_request_message": _location,
}
KINDS = {"text": _text, "image": _image, "interactive": _interactive, "template": _template}


# -- Messenger and Instagram ----------------------------------------------------------------------------------------


def threads(body: Mapping[str, Any], instagram: bool) -> str:
    """Whom the message is for. Raises Refused."""
    native = body["recipient"]["id"]
    if "sender_action" in body:
        need(body["sender_action"] in ("mark_seen", "typing_on", "typing_off"), "sender_action", 100)
        return ""
    if "target_app_id" in body:
        return ""
    only(body, "recipient", "messaging_type", "message", "tag")
    need(body["messaging_type"] in ("RESPONSE", "UPDATE", "MESSAGE_TAG"), "messaging_type", 100)
    message = body["message"]
    only(message, "text", "attachment", "quick_replies", "metadata")
    need(("text" in message) != ("attachment" in message), "text or attachment", 100)
    if "text" in message:
        most = len(message["text"].encode()) <= 1000 if instagram else units(message["text"]) <= 2000
        need(bool(message["text"]) and most, "length of the text", 100)
    else:
        _attachment(message["attachment"])
    quick = message.get("quick_replies", [])
    need(len(quick) <= 13 and ("quick_replies" not in message or bool(quick)), "quick replies", 100)
    for each in quick:
        words(each, "title", 20, 100)
        need(0 < len(each["payload"].encode()) <= 1000, "payload", 100)
    return str(native)


def _attachment(data: Mapping[str, Any]) -> None:
    payload = data["payload"]
    if data["type"] == "image":
        link(payload["url"])
        return
    need(data["type"] == "template", "type", 100)
    if payload["template_type"] == "button":
        only(payload, "template_type", "text", "buttons")
        words(payload, "text", 640, 100)
        _postbacks(payload["buttons"])
        return
    need(payload["template_type"] == "generic" and 1 <= len(payload["elements"]) <= 10, "elements", 100)
    for element in payload["elements"]:
        only(element, "title", "subtitle", "image_url", "buttons")
        words(element, "title", 80, 100)
        need(len(element) > 1, "an element has more than its title", 100)
        words(element, "subtitle", 80, 100) if "subtitle" in element else None
        link(element["image_url"]) if "image_url" in element else None
        _postbacks(element["buttons"]) if "buttons" in element else None


def _postbacks(buttons: list[Mapping[str, Any]]) -> None:
    need(1 <= len(buttons) <= 3, "buttons", 100)
    for button in buttons:
        words(button, "title", 20, 100)
        if button["type"] == "web_url":
            link(button["url"])
        else:
            need(button["type"] == "postback" and 0 < len(button["payload"].encode()) <= 1000, "postback", 100)


# -- The platform ---------------------------------------------------------------------------------------------------


@dataclass
class Platform:
    """Meta, with one customer. `sent`: the accepted messages' bodies, in order; `noticed` those that only say that
    something was seen. `fail`: answers to give instead, the next first. `closed`: the 24 hours are over."""

    channel: str
    account: str
    secret: str
    token: str
    customer: str = "31612345678"
    sent: list[dict[str, Any]] = field(default_factory=list)
    noticed: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    fail: list[Answer] = field(default_factory=list)
    closed: bool = False
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def call(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """The answer to a call."""
        try:
            if headers.get("Authorization") != f"Bearer {self.token}":
                raise Refused(190, "Error validating access token", 401)
            if self.fail:
                return self.fail.pop(0)
            return self._taken(url, json.loads(content))
        except Refused as error:
            self.refused.append(f"{error.code} {error.why}")
            told: dict[str, Any] = {"message": error.why, "code": error.code, "type": "OAuthException"}
            if error.subcode:
                told["error_subcode"] = error.subcode
            return error.status, {}, json.dumps({"error": told}).encode()

    def _taken(self, url: str, body: dict[str, Any]) -> Answer:
        need(f"/{self.account}/messages" in url, f"unknown path {url}", 100)
        whom = whatsapp(body) if self.channel == "whatsapp" else threads(body, self.channel == "instagram")
        if not whom:
            self.noticed.append(body)
            return 200, {}, b'{"success": true}'
        need(whom == self.customer, "no such customer", 131026 if self.channel == "whatsapp" else 100)
        template = body.get("type") == "template" or body.get("messaging_type") == "MESSAGE_TAG"
        if self.closed and not template:
            raise (
                Refused(131047, "Re-engagement message")
                if self.channel == "whatsapp"
                else Refused(10, "This message is sent outside of allowed window", 400, 2018278)
            )
        self.sent.append(body)
        id = f"mid.out.{next(self.numbers)}"
        if self.channel == "whatsapp":
            contacts = [{"input": whom, "wa_id": whom}]
            return (
                200,
                {},
                json.dumps({"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": id}]}).encode(),
            )
        return 200, {}, json.dumps({"recipient_id": whom, "message_id": id}).encode()

    # What the customer does, as a webhook.

    def says(self, text: str) -> bytes:
        if self.channel == "whatsapp":
            return self._message({"type": "text", "text": {"body": text}})
        return self._element({"message": {"mid": self._id(), "text": text}})

    def presses(self, label: str) -> bytes:
        """The last button, row or suggestion that was shown with this label."""
        value = next(v for body in reversed(self.sent) for _, shown, v in pressable(body) if shown == label)
        return self.replies(value, label)

    def replies(self, value: str, label: str) -> bytes:
        """What comes of a press of what was shown with this value."""
        kind = next(k for body in reversed(self.sent) for k, _, v in pressable(body) if v == value)
        made: dict[str, Any]
        if self.channel == "whatsapp":
            made = {"type": kind, kind: {"id": value, "title": label}}
            return self._message({"type": "interactive", "interactive": made})
        if kind == "quick_reply":
            made = {"mid": self._id(), "text": label, "quick_reply": {"payload": value}}
            return self._element({"message": made})
        return self._element({"postback": {"mid": self._id(), "title": label, "payload": value}})

    def begins(self) -> bytes:
        if self.channel == "whatsapp":
            return self._message({"type": "request_welcome"})
        return self._element({"postback": {"mid": self._id(), "title": "Get started", "payload": "GET_STARTED"}})

    def locates(self, latitude: float, longitude: float) -> bytes:
        if self.channel == "whatsapp":
            return self._message({"type": "location", "location": {"latitude": latitude, "longitude": longitude}})
        place = {"coordinates": {"lat": latitude, "long": longitude}}
        return self._element({"message": {"mid": self._id(), "attachments": [{"type": "location", "payload": place}]}})

    def tells(self, place: int, status: str, **more: Any) -> bytes:
        """A status of the message that was sent at that place of `sent`, WhatsApp's."""
        part = self.sent[place].get("biz_opaque_callback_data", "")
        told = {"id": f"wamid.{part}", "status": status, "timestamp": "1795000000", "recipient_id": self.customer}
        body = json.loads(self._message({}))
        value = body["entry"][0]["changes"][0]["value"]
        del value["messages"]
        value["statuses"] = [{**told, "biz_opaque_callback_data": part, **more}]
        return json.dumps(body).encode()

    def _id(self) -> str:
        return f"mid.in.{next(self.numbers)}"

    def _message(self, held: dict[str, Any]) -> bytes:
        message = {"from": self.customer, "id": self._id(), "timestamp": "1795000000", **held}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "1", "phone_number_id": self.account},
            "contacts": [{"profile": {"name": "Kim"}, "wa_id": self.customer}],
            "messages": [message],
        }
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def _element(self, held: dict[str, Any]) -> bytes:
        ids = {"sender": {"id": self.customer}, "recipient": {"id": self.account}}
        element = {**ids, "timestamp": 1795000000000 + next(self.numbers), **held}
        name = "page" if self.channel == "messenger" else "instagram"
        entry = {"id": self.account, "time": 1795000000000, "messaging": [element]}
        return json.dumps({"object": name, "entry": [entry]}).encode()

    def signed(self, body: bytes) -> dict[str, str]:
        return {"X-Hub-Signature-256": "sha256=" + hmac.new(self.secret.encode(), body, "sha256").hexdigest()}


@dataclass
class Phone:
    """The platform as the golden conversations use it: implements `testing.stands.Stand`."""

    channel: Channel
    account: Account
    customer: str = "31612345678"
    platform: Platform = field(init=False)

    def __post_init__(self) -> None:
        secret, token = self.account.secret("app_secret"), self.account.secret("access_token")
        self.platform = Platform(self.channel.name, self.account.id, secret, token, self.customer)

    def says(self, words: str) -> Request:
        return self._request(self.platform.says(words))

    def presses(self, token: str) -> Request | None:
        found = (label for body in self.platform.sent for _, label, value in pressable(body) if value == token)
        return self._request(self.platform.replies(token, label)) if (label := next(found, None)) else None

    def opens(self) -> Request:
        """WhatsApp tells that a chat was opened; the others have a button that begins."""
        return self._request(self.platform.begins())

    def locates(self, latitude: float, longitude: float) -> Request | None:
        """Where there is a way to share a position."""
        return self._request(self.platform.locates(latitude, longitude))

    def takes(self, call: Call) -> Answer:
        return self.platform.call(call.method, call.url, call.headers, call.body)

    def _request(self, body: bytes) -> Request:
        headers = {name.lower(): value for name, value in self.platform.signed(body).items()}
        return Request("POST", "https://bots.example/", headers, {}, body)


def pressable(body: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Everything in a message that can be pressed: (kind of the reply, label, value)."""
    action = body.get("interactive", {}).get("action", {})
    cards = [card["action"] for card in action.get("cards", ())]
    found = [
        ("button_reply", button[button["type"]]["title"], button[button["type"]]["id"])
        for each in (action, *cards)
        for button in each.get("buttons", ())
    ]
    found += [("list_reply", r["title"], r["id"]) for s in action.get("sections", ()) for r in s["rows"]]
    message = body.get("message", {})
    payload = message.get("attachment", {}).get("payload", {})
    for each in (payload, *payload.get("elements", ())):
        found += [("postback", b["title"], b["payload"]) for b in each.get("buttons", ()) if b["type"] == "postback"]
    return found + [("quick_reply", q["title"], q["payload"]) for q in message.get("quick_replies", ())]


def opened(body: Mapping[str, Any]) -> set[str]:
    """Every address that a message's buttons open."""
    action = body.get("interactive", {}).get("action", {})
    found = [
        each["parameters"]["url"]
        for each in (action, *(c["action"] for c in action.get("cards", ())))
        if "parameters" in each
    ]
    payload = body.get("message", {}).get("attachment", {}).get("payload", {})
    buttons = [b for each in (payload, *payload.get("elements", ())) for b in each.get("buttons", ())]
    return {*found, *(b["url"] for b in buttons if b["type"] == "web_url")}


def said(body: Mapping[str, Any]) -> str:
    """The words of a message."""
    message, interactive = body.get("message", {}), body.get("interactive", {})
    payload = message.get("attachment", {}).get("payload", {})
    elements = [each.get(key, "") for each in payload.get("elements", ()) for key in ("title", "subtitle")]
    texts = [
        body.get("text", {}).get("body"),
        body.get("image", {}).get("caption"),
        interactive.get("body", {}).get("text"),
    ]
    return "\n".join(each for each in (*texts, message.get("text"), payload.get("text"), *elements) if each)
