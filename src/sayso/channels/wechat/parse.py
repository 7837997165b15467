"""Fields of a message or an event to what it means. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sayso.channels.contract import (
    Attached,
    Body,
    Controlled,
    Located,
    Opened,
    Opted,
    Pressed,
    Referred,
    Report,
    Unsupported,
    Utterance,
    identifier,
    told,
)
from sayso.channels.wechat.read import Fields

Reader = Callable[[Fields], Body | None]

SCENE = "qrscene_"
"""Before the scene of a code with which somebody began to follow."""


def body_of(found: Fields) -> Body | None:
    """What came; None for what is nobody's words (a broadcast that ended, an account that was renewed)."""
    kind = told(found, "MsgType").lower()
    if kind == "event":
        read = EVENTS.get(told(found, "Event").lower())
        return read(found) if read else None
    read = MESSAGES.get(kind)
    return read(found) if read else Unsupported(kind[:32] or "message")


def id_of(found: Fields) -> str:
    """The platform's id: messages have one, an event is told by who, when and what."""
    if id := identifier(found, "MsgId", 64):
        return id
    who, when = identifier(found, "FromUserName", 64), identifier(found, "CreateTime", 20)
    what = "/".join((told(found, "Event", 40), told(found, "EventKey", 80)))
    return f"{who}/{when}/{what}" if who and when else ""


def report_of(found: Fields, now: datetime) -> Report | None:
    """What became of a template message."""
    if told(found, "Event").upper() != "TEMPLATESENDJOBFINISH":
        return None
    status = told(found, "Status", 100)
    state = "delivered" if status == "success" else "failed"
    return Report(
        state, now, identifier(found, "MsgID", 64), conversation=identifier(found, "FromUserName", 64), reason=status
    )


def _text(found: Fields) -> Body | None:
    words = told(found, "Content").strip()
    token = identifier(found, "bizmsgmenuid", 128)
    if token:
        return Pressed(token, words)
    return Utterance(words) if words else None


def _voice(found: Fields) -> Body | None:
    words = told(found, "Recognition").strip(" 。.")
    return Utterance(words) if words else _file("voice", "MediaId")(found)


def _file(kind: str, where: str) -> Reader:
    def read(found: Fields) -> Body | None:
        handle = told(found, where, 2000)
        return Attached(kind, handle) if handle else None

    return read


def _position(latitude: str, longitude: str) -> Reader:
    def read(found: Fields) -> Body | None:
        try:
            north, east = float(found[latitude]), float(found[longitude])
        except (KeyError, ValueError):
            return None
        return Located(north, east) if abs(north) <= 90 and abs(east) <= 180 else None

    return read


def _followed(found: Fields) -> Body | None:
    key = told(found, "EventKey", 200)
    return Referred(key.removeprefix(SCENE), "qr") if key.startswith(SCENE) else Opened()


def _scanned(found: Fields) -> Body | None:
    return Referred(told(found, "EventKey", 200), "qr")


def _clicked(found: Fields) -> Body | None:
    """A line of the account's menu: its key is what it says."""
    key = told(found, "EventKey", 200).strip()
    return Utterance(key) if key else None


MESSAGES: Mapping[str, Reader] = {
    "text": _text,
    "image": _file("image", "MediaId"),
    "voice": _voice,
    "video": _file("video", "MediaId"),
    "shortvideo": _file("video", "MediaId"),
    "location": _position("Location_X", "Location_Y"),
    "link": lambda found: Unsupported("link"),
    "device_text": lambda found: None,
    "device_event": lambda found: None,
}
EVENTS: Mapping[str, Reader] = {
    "subscribe": _followed,
    "unsubscribe": lambda found: Opted(False, silent=True),
    "scan": _scanned,
    "click": _clicked,
    "location_select": _position("SendLocationInfo/Location_X", "SendLocationInfo/Location_Y"),
    "kf_create_session": lambda found: Controlled("person"),
    "kf_close_session": lambda found: Controlled("bot"),
}
"""What a customer did. Every other event is the platform's own business."""
