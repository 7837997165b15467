"""What WhatsApp's Cloud API delivers: messages, statuses of ours, switches. Pure.

A customer is known by a telephone number (wa_id) or, with a user name and no number shown, by an id that only this
business sees (user_id, as "US.1349..."): the first that is there is the conversation's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sayso.channels.contract import (
    Opted,
    Referred,
    Report,
    Unsupported,
    identifier,
    inner,
    items,
    told,
)
from sayso.channels.meta.arrivals import Sender, Source, Thing, moment
from sayso.channels.whatsapp.messages import IGNORED, READERS

Data = Mapping[str, Any]

WAMID = 512
"""The longest message id that is read."""

STATES: Mapping[str, str] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
"""A status -> the state of a report."""


def things(body: Data, source: Source, closed: Container[str] = ()) -> Iterator[Thing]:
    """Everything in a webhook. `closed`: codes of errors that say that the window is."""
    if body.get("object") != "whatsapp_business_account":
        yield f"object {told(body, 'object', 40) or 'without a name'}"
        return
    for entry in items(body, "entry"):
        for change in items(entry, "changes"):
            for thing in _change(told(change, "field", 60), inner(change, "value"), source):
                late = isinstance(thing, Report) and thing.state == "failed" and thing.code in closed
                yield replace(thing, window=True) if late and isinstance(thing, Report) else thing


def _change(field: str, value: Data, source: Source) -> Iterator[Thing]:
    """One app may have many numbers: what is for another than this account's is not read."""
    if field not in FIELDS:
        yield f"field {field or 'without a name'}"
    elif identifier(inner(value, "metadata"), "phone_number_id") != source.account.id:
        yield "another number"
    else:
        yield from FIELDS[field](value, source)


def _messages(value: Data, source: Source) -> Iterator[Thing]:
    for message in items(value, "messages"):
        yield from _message(message, items(value, "contacts"), source)
    for status in items(value, "statuses"):
        yield from _status(status, value, source)
    for error in items(value, "errors"):
        yield f"error {identifier(error, 'code', 20)}"


def _message(message: object, contacts: list[Any], source: Source) -> Iterator[Thing]:
    if not isinstance(message, dict):
        yield "message of a wrong type"
        return
    kind, id = _kind(message), identifier(message, "id", WAMID)
    native = _former(message) if kind == "system" else _customer(message, contacts)
    if not id or not native or kind in IGNORED or "group_id" in message:
        why = "of a group" if "group_id" in message else "" if id and native else "of nobody"
        yield f"message {kind} {why}".strip()
        return
    about = inner(message, "context")
    sender = source.sender(native).with_via(message=id, quoted=identifier(about, "id", WAMID))
    yield from _referred(message, sender, id)
    bodies = list(READERS[kind](message, inner(message, kind))) if kind in READERS else [Unsupported(kind)]
    if not bodies:
        yield f"message {kind}"
    for place, body in enumerate(bodies):
        yield sender.event(f"{id}/{place + 1}" if place else id, body)


def _kind(message: Data) -> str:
    """Its type; older notices have none, but what it holds."""
    return told(message, "type", 40) or next((kind for kind in READERS if kind in message), "unknown")


def _customer(message: Data, contacts: list[Any]) -> str:
    """The customer's id. Contacts tell more of the sender; where there are several, the one with the sender's id."""
    from_, user = identifier(message, "from", 140), identifier(message, "from_user_id", 140)
    contact = next((c for c in contacts if identifier(c, "wa_id") == from_ != ""), None)
    if contact is None and len(contacts) == 1:
        contact = contacts[0]
    return identifier(contact, "wa_id", 140) or from_ or identifier(contact, "user_id", 140) or user


def _former(message: Data) -> str:
    """Whom a notice is about, by the id that they had: contacts have the new one (pywa types/system.py)."""
    about = identifier(inner(message, "system"), "customer", 140)
    return about or identifier(message, "from", 140) or identifier(message, "from_user_id", 140)


def _referred(message: Data, sender: Sender, id: str) -> Iterator[Thing]:
    """By which advertisement or post the customer came; what was said follows as an event of its own."""
    data = inner(message, "referral")
    ref = identifier(data, "source_id") or told(data, "source_url", 500) or told(data, "ctwa_clid", 500)
    if ref:
        yield sender.event(f"{id}/referral", Referred(ref, told(data, "source_type", 40)))


def _status(status: object, value: Data, source: Source) -> Iterator[Thing]:
    """What became of a message of ours. `biz_opaque_callback_data` is our part's id."""
    state, native = STATES.get(told(status, "status", 40).lower(), ""), identifier(status, "id", WAMID)
    if told(status, "type", 40) == "payment":
        yield "status of a payment"
    elif not state or not native:
        yield f"status {told(status, 'status', 40)}".strip()
    else:
        error = next(iter(items(status, "errors")), None)
        said = told(inner(error, "error_data"), "details", 300) or told(error, "message", 300)
        yield Report(
            state,
            moment(status, "timestamp", source.now),
            native=native,
            part=identifier(status, "biz_opaque_callback_data", 64),
            conversation=_recipient(status, items(value, "contacts")),
            reason=said or told(error, "title", 300),
            code=identifier(error, "code", 20),
        )


def _recipient(status: object, contacts: list[Any]) -> str:
    found = identifier(status, "recipient_id", 140)
    only = contacts[0] if len(contacts) == 1 else None
    return found or identifier(only, "user_id", 140) or identifier(status, "recipient_user_id", 140)


def _preferences(value: Data, source: Source) -> Iterator[Thing]:
    """The customer's own switch for the business's marketing; WhatsApp tells them that it was turned."""
    contacts = items(value, "contacts")
    for each in items(value, "user_preferences"):
        native = identifier(each, "wa_id", 140) or _recipient(each, contacts) or _customer({}, contacts)
        said = told(each, "value", 40).lower()
        if not native or said not in PREFERENCES:
            yield f"preference {said}".strip()
            continue
        at = identifier(each, "timestamp", 20)
        yield source.sender(native).event(
            f"preference:{native}:{at}:{said}", Opted(PREFERENCES[said], True, marketing=True)
        )


PREFERENCES: Mapping[str, bool] = {"stop": False, "resume": True, "signup": True}

FIELDS: Mapping[str, Callable[[Data, Source], Iterator[Thing]]] = {
    "messages": _messages,
    "user_preferences": _preferences,
}
"""A webhook's field -> its reader. Echoes of the business's own telephone, history and settings are left alone."""
