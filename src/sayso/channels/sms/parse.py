"""A form of Twilio's to events: words, files, a position, the switch of messages. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sayso.channels.contract import (
    Account,
    Attached,
    Body,
    Inbound,
    Located,
    Opted,
    Pressed,
    Report,
    Utterance,
)
from sayso.channels.sms.limits import limits
from sayso.channels.twilio import EMPTY, Form
from sayso.channels.twilio.form import id_of, words_of

MOST_FILES = 10
"""MMS has at most ten ("Messages resource", NumMedia)."""

STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
"""Twilio's MessageStatus -> ours; others tell nothing new."""

OPT = {"STOP": Opted(False, silent=True), "START": Opted(True, silent=True)}


def arrived(form: Form, account: Account, deadline_s: float, now: datetime) -> Inbound:
    """What came in a message."""
    id, sender = id_of(form, "MessageSid") or id_of(form, "SmsSid"), id_of(form, "From")
    if not id or not sender:
        return Inbound(response=EMPTY, ignored=["a form without MessageSid or From"])
    bodies = tuple(_bodies(form, account))
    events = [
        account.event(id if n == 0 else f"{id}/{n}", sender, body, now, deadline_s) for n, body in enumerate(bodies)
    ]
    return Inbound(events, response=EMPTY, ignored=() if events else ["an empty message"])


def _bodies(form: Form, account: Account) -> Iterator[Body]:
    words = words_of(form, "Body")
    if switched := _switched(form, words, account):
        yield switched
        return
    files = tuple(_files(form, words))
    yield from files
    if place := _place(form):
        yield place
    elif token := id_of(form, "ButtonPayload"):
        yield Pressed(token, words_of(form, "ButtonText"))
    elif words and not files:
        yield Utterance(words)


def _switched(form: Form, words: str, account: Account) -> Opted | None:
    """STOP and START. Twilio has acted on them and answered, unless the merchant has switched that off."""
    if told := OPT.get(form.get("OptOutType", "").upper()):
        return told
    word, ours = words.casefold().strip(" .!"), account.text("opt_out", "twilio") == "ours"
    if word in limits().stop and (not ours or word in ("stop", "stopall", "unsubscribe", "optout")):
        return Opted(False, silent=not ours)
    # "yes" answers our own question; only after a STOP it means START, and then Twilio says so (OptOutType).
    if word in limits().start - {"yes"}:
        return Opted(True, silent=not ours)
    return None


def _files(form: Form, caption: str) -> Iterator[Attached]:
    count = form.get("NumMedia", "0")
    for n in range(min(int(count), MOST_FILES) if count.isascii() and count.isdigit() and len(count) < 4 else 0):
        address, mime = form.get(f"MediaUrl{n}", "")[:2000], words_of(form, f"MediaContentType{n}")[:100]
        if address:
            kind = mime.partition("/")[0]
            yield Attached(
                kind if kind in ("image", "audio", "video") else "document", address, mime, caption if n == 0 else ""
            )


def _place(form: Form) -> Located | None:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    return Located(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def told(form: Form, part: str, now: datetime) -> Inbound:
    """What a status callback tells of a message; `part` is our id, which its address has."""
    state = STATES.get(form.get("MessageStatus", "").lower())
    if state is None:
        return Inbound(response=EMPTY)
    native, code = id_of(form, "MessageSid"), id_of(form, "ErrorCode")
    return Inbound(reports=[Report(state, now, native, part, id_of(form, "To"), code=code)], response=EMPTY)
