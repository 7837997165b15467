"""What Messenger and Instagram deliver: entries of messaging elements, each with one kind of thing. Pure.

An element is {sender, recipient, timestamp, <kind>: {...}}. A message has an id of its own (mid); what has none is
told apart by kind, sender, time and content, so that the same thing delivered twice, in whatever company, has the same
id. `standby` elements are copies for an app that does not own the thread, echoes are messages of our own side: neither
is answered. An echo that carries our part's id (metadata) proves that the part was sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.contract import (
    Body,
    Controlled,
    Edited,
    Opened,
    Opted,
    Pressed,
    Reacted,
    Referred,
    Report,
    Utterance,
    identifier,
    inner,
    items,
    told,
)
from sayso.channels.meta.arrivals import Sender, Source, Thing, moment
from sayso.channels.meta.messages import of_message
from sayso.channels.meta.send import control

INBOX = "263902037430900"
"""The app id of the Page's own inbox, where people answer (FBD conversation-routing, 2025-09-24)."""

MID = 512
"""The longest message id that is read."""

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Element:
    """One element: what it holds under its kind, who sent it and when; `time` is that as it stands there. `id`: its
    own, where the kind gives it none."""

    kind: str
    data: Data
    sender: Sender
    at: datetime
    time: str

    @property
    def id(self) -> str:
        content = hashlib.sha256(orjson.dumps(self.data, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
        return f"{self.kind}:{self.sender.native}:{self.time}:{content}"

    def event(self, body: Body, id: str = "", more: str = "") -> Thing:
        return self.sender.event((id or self.id) + more, body)


def things(body: Data, source: Source, names: frozenset[str]) -> Iterator[Thing]:
    """Everything in a webhook. `names`: what `object` may be."""
    if told(body, "object", 40) not in names:
        yield f"object {told(body, 'object', 40) or 'without a name'}"
        return
    for entry in items(body, "entry"):
        for element in (*items(entry, "messaging"), *_changed(entry)):
            yield from _element(element, identifier(entry, "id"), source)
        if standby := items(entry, "standby"):
            yield f"standby {len(standby)}"


def _changed(entry: object) -> Iterator[Data]:
    """Instagram also delivers elements as changes of a field; comments and the like are none."""
    for change in items(entry, "changes"):
        value = inner(change, "value")
        if inner(value, "sender"):
            yield value


def _element(element: object, entry: str, source: Source) -> Iterator[Thing]:
    kind = next((name for name in KINDS if isinstance(element, dict) and name in element), "")
    if not kind:
        yield "element of an unknown kind"
        return
    from_, to = identifier(inner(element, "sender"), "id"), identifier(inner(element, "recipient"), "id")
    data, at = inner(element, kind), moment(element, "timestamp", source.now, 1000)
    if source.account.id not in (entry, to, from_ if data.get("is_echo") is True else ""):
        yield "another account"
    elif data.get("is_echo") is True:
        yield from _echo(data, to, at)
    elif not from_:
        yield f"{kind} of nobody"
    else:
        yield from KINDS[kind](Element(kind, data, source.sender(from_), at, identifier(element, "timestamp", 40)))


def _echo(data: Data, to: str, at: datetime) -> Iterator[Thing]:
    """What our side sent: ours when it has our part's id, else another app's or a person's."""
    part, mid = identifier(data, "metadata", 64), identifier(data, "mid", MID)
    if part and mid:
        yield Report("sent", at, native=mid, part=part, conversation=to)
    else:
        yield "echo"


def _message(element: Element) -> Iterator[Thing]:
    data, mid = element.data, identifier(element.data, "mid", MID)
    about = inner(data, "reply_to")
    sender = element.sender.with_via(
        message=mid, quoted=identifier(about, "mid", MID), story=identifier(inner(about, "story"), "id", MID)
    )
    yield from _referred(element, inner(data, "referral"))
    for place, body in enumerate(of_message(data, mid)):
        yield sender.event((mid or element.id) + (f"/{place + 1}" if place else "") + _twist(body, data), body)


def _twist(body: Body, data: Data) -> str:
    """What is done to a message has the message's id: another must be made of it."""
    return "/unsent" if data.get("is_deleted") is True else ""


def _edited(element: Element) -> Iterator[Thing]:
    mid, text = identifier(element.data, "mid", MID), told(element.data, "text")
    if mid:
        yield element.event(Edited(mid, text), f"{mid}/edited/", identifier(element.data, "num_edit", 9))
    else:
        yield "message_edit without an id"


def _postback(element: Element) -> Iterator[Thing]:
    """A button or a menu. The button that begins a conversation opens it, unless a link or an advertisement did."""
    data, mid = element.data, identifier(element.data, "mid", MID)
    payload, title = told(data, "payload", 1000), told(data, "title", 200)
    referred = list(_referred(element, inner(data, "referral")))
    yield from referred
    begin = element.sender.source.account.text("get_started", "GET_STARTED")
    if payload == begin:
        if not referred:
            yield element.event(Opened(), mid)
    elif payload or title:
        yield element.event(Pressed(payload, title) if payload else Utterance(title), mid)
    else:
        yield "postback without a payload"


def _referral(element: Element) -> Iterator[Thing]:
    yield from list(_referred(element, element.data)) or ["referral without a reference"]


def _referred(element: Element, data: Data) -> Iterator[Thing]:
    """By which link or advertisement the customer came."""
    ref = told(data, "ref", 500) or identifier(data, "ad_id") or told(data, "referer_uri", 500)
    if ref:
        yield element.event(Referred(ref, told(data, "source", 40)), more="/referral")


def _optin(element: Element) -> Iterator[Thing]:
    """A switch for messages, or a plugin with a reference of ours."""
    status = told(element.data, "notification_messages_status", 40).upper().replace(" ", "_")
    yield element.event(Opted("STOP" not in status, silent=True, marketing=True))
    if ref := told(element.data, "ref", 500):
        yield element.event(Referred(ref, "optin"), more="/referral")


def _delivered(element: Element) -> Iterator[Thing]:
    yield from _reports("delivered", element, [mid for mid in items(element.data, "mids") if isinstance(mid, str)])


def _read(element: Element) -> Iterator[Thing]:
    """Messenger tells until when, Instagram which message."""
    mid = identifier(element.data, "mid", MID)
    yield from _reports("read", element, [mid] if mid else [])


def _reports(state: str, element: Element, mids: list[str]) -> Iterator[Thing]:
    native = element.sender.native
    if "watermark" in element.data:
        until = moment(element.data, "watermark", element.at, 1000)
        yield Report(state, element.at, conversation=native, until=until)
    for mid in mids:
        if 0 < len(mid) <= MID:
            yield Report(state, element.at, native=mid, conversation=native)


def _reaction(element: Element) -> Iterator[Thing]:
    data = element.data
    sign = "" if told(data, "action", 20) == "unreact" else told(data, "emoji", 40) or told(data, "reaction", 40)
    yield element.event(Reacted(identifier(data, "mid", MID), sign))


def _linked(element: Element) -> Iterator[Thing]:
    """An account at the merchant's was linked: the code is the one that our page gave."""
    if code := told(element.data, "authorization_code", 500):
        yield element.event(Referred(code, "account_linking"))
    else:
        yield f"account_linking {told(element.data, 'status', 20)}".strip()


def _passed(element: Element) -> Iterator[Thing]:
    """Control goes to the app that is told of it, unless it names another."""
    owner, ours = identifier(element.data, "new_owner_app_id"), element.sender.source.account.text("app_id")
    yield element.event(Controlled("bot" if owner != INBOX and ours in ("", owner) else "person"))


def _taken(element: Element) -> Iterator[Thing]:
    yield element.event(Controlled("person"))


def _wanted(element: Element) -> Iterator[Thing]:
    """A person at the inbox wants the thread; what another app wants is not ours to give."""
    if identifier(element.data, "requested_owner_app_id") == INBOX:
        yield element.event(Controlled("person"))
        yield from element.sender.source.call("pass_thread_control", control(element.sender.native, INBOX))
    else:
        yield "request_thread_control of another app"


def _ignored(element: Element) -> Iterator[Thing]:
    yield element.kind


KINDS: Mapping[str, Callable[[Element], Iterable[Thing]]] = {
    "message": _message,
    "message_edit": _edited,
    "postback": _postback,
    "referral": _referral,
    "optin": _optin,
    "delivery": _delivered,
    "read": _read,
    "reaction": _reaction,
    "account_linking": _linked,
    "pass_thread_control": _passed,
    "take_thread_control": _taken,
    "request_thread_control": _wanted,
    "app_roles": _ignored,
    "policy_enforcement": _ignored,
}
