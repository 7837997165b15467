"""A platform's request with a customer's words, as the platform makes and signs it: `MADE[channel](n)`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from sayso.channels.contract import Request

SECRET, TOKEN = "bench-secret", "bench-token"
ENVIRONMENT = {"SECRET": SECRET, "TOKEN": TOKEN, "ID": "100", "NUMBER": "+31970000000"}
WORDS = "two oat milk lattes at Dam Square please"
URL = "https://bots.example/v1/channels/{}/coffee_bar"

META = {"app_secret": "env:SECRET", "access_token": "env:TOKEN", "verify_token": "env:TOKEN"}
SETTINGS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "whatsapp": ("100", META),
    "messenger": ("100", META),
    "instagram": ("100", META),
    "telegram": ("bar_bot", {"webhook_secret": "env:SECRET", "bot_token": "env:TOKEN"}),
    "line": ("bar", {"channel_secret": "env:SECRET", "access_token": "env:TOKEN"}),
    "rcs": ("bar@rbm.goog", {"client_token": "env:SECRET", "service_account": "env:TOKEN"}),
    "sms": ("+31970000000", {"account_sid": "env:ID", "auth_token": "env:SECRET"}),
    "openai": ("bar", {"api_key": "env:SECRET"}),
    "home_assistant": ("bar", {"api_key": "env:SECRET"}),
    "lex": ("bar", {"api_key": "env:SECRET"}),
}


def _hub(channel: str, data: Any) -> Request:
    body = json.dumps(data).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Request("POST", URL.format(channel), {"x-hub-signature-256": signature}, body=body)


def _whatsapp(n: int) -> Request:
    message = {
        "from": "31612345678",
        "id": f"wamid.{n}",
        "timestamp": "1795000000",
        "type": "text",
        "text": {"body": WORDS},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": "100"},
        "contacts": [{"profile": {"name": "Kim"}, "wa_id": "31612345678"}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return _hub("whatsapp", {"object": "whatsapp_business_account", "entry": [entry]})


def _thread(name: str, object_: str) -> Callable[[int], Request]:
    def make(n: int) -> Request:
        ids = {"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1795000000000 + n}
        element = {**ids, "message": {"mid": f"mid.{n}", "text": WORDS}}
        return _hub(name, {"object": object_, "entry": [{"id": "100", "time": 1795000000000, "messaging": [element]}]})

    return make


def _telegram(n: int) -> Request:
    person = {"id": 7, "is_bot": False, "first_name": "Kim", "language_code": "en"}
    chat = {"id": 7, "type": "private", "first_name": "Kim"}
    update = {
        "update_id": n,
        "message": {"message_id": n, "from": person, "chat": chat, "date": 1795000000, "text": WORDS},
    }
    headers = {"x-telegram-bot-api-secret-token": SECRET}
    return Request("POST", URL.format("telegram"), headers, body=json.dumps(update).encode())


def _line(n: int) -> Request:
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1795000000000,
        "source": {"type": "user", "userId": "U7"},
        "webhookEventId": f"01{n:024d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "r" * 32,
        "message": {"id": str(n), "type": "text", "text": WORDS, "quoteToken": "q"},
    }
    body = json.dumps({"destination": "bar", "events": [event]}).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    return Request("POST", URL.format("line"), {"x-line-signature": signature}, body=body)


def _rcs(n: int) -> Request:
    told = {"senderPhoneNumber": "+31612345678", "messageId": str(n), "sendTime": "2026-11-23T08:00:00Z", "text": WORDS}
    data = json.dumps(told).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), data, hashlib.sha512).digest()).decode()
    body = json.dumps({"message": {"data": base64.b64encode(data).decode(), "messageId": str(n)}}).encode()
    return Request("POST", URL.format("rcs"), {"x-goog-signature": signature}, body=body)


def _sms(n: int) -> Request:
    from sayso.channels.twilio import signature

    sid = f"SM{n:032x}"
    fields = {"MessageSid": sid, "From": "+31612345678", "To": "+31970000000", "Body": WORDS, "NumMedia": "0"}
    url = URL.format("sms")
    return Request(
        "POST", url, {"x-twilio-signature": signature(url, [*fields.items()], SECRET)}, body=urlencode(fields).encode()
    )


def _assistant(name: str, path: str) -> Callable[[int], Request]:
    def make(n: int) -> Request:
        body = {
            "messages": [{"role": "user", "content": WORDS}],
            "query": WORDS,
            "user": f"u{n}",
            "conversation_id": f"u{n}",
        }
        headers = {"authorization": f"Bearer {SECRET}"}
        return Request("POST", URL.format(name), headers, body=json.dumps(body).encode(), path=path)

    return make


def _lex(n: int) -> Request:
    intent = {"name": "FallbackIntent", "slots": {}, "state": "InProgress", "confirmationState": "None"}
    body = {
        "messageVersion": "1.0",
        "sessionId": f"s{n}",
        "inputTranscript": WORDS,
        "inputMode": "Text",
        "bot": {"localeId": "en_GB"},
        "interpretations": [{"intent": intent}],
        "sessionState": {"intent": intent, "sessionAttributes": {}, "originatingRequestId": f"r{n}"},
    }
    return Request("POST", URL.format("lex"), {"authorization": f"Bearer {SECRET}"}, body=json.dumps(body).encode())


MADE: Mapping[str, Callable[[int], Request]] = {
    "whatsapp": _whatsapp,
    "messenger": _thread("messenger", "page"),
    "instagram": _thread("instagram", "instagram"),
    "telegram": _telegram,
    "line": _line,
    "rcs": _rcs,
    "sms": _sms,
    "openai": _assistant("openai", "chat/completions"),
    "home_assistant": _assistant("home_assistant", ""),
    "lex": _lex,
}
