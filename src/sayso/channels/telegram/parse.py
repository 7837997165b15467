"""An update of Telegram's, to what it means here. Pure.

An update has its id and one more key, its kind. What a customer does becomes an event; what Telegram waits for (a
button that spins, a payment) is answered by a call; the rest is named and left alone. In a group each person has a
conversation of their own, "<chat>:<person>", so that nobody confirms what another began; as others read along, a
person there is anonymous: nothing of theirs is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sayso.channels.contract import (
    Account,
    Body,
    Call,
    Edited,
    Inbound,
    Opened,
    Opted,
    Pressed,
    Proof,
    Reacted,
    Referred,
    Unsent,
    identifier,
    inner,
    items,
    told,
)
from sayso.channels.telegram.api import call
from sayso.channels.telegram.content import content
from sayso.channels.telegram.limits import limits, words
from sayso.model.event import Event, Utterance

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """Whose conversation an update belongs to."""

    conversation: str
    private: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an update comes to: bodies with the end that each adds to the update's id, calls, what was left alone."""

    who: Who | None = None
    bodies: tuple[tuple[str, Body], ...] = ()
    via: Mapping[str, str] | None = None
    calls: tuple[Call, ...] = ()
    ignored: tuple[str, ...] = ()


def kind_of(update: Data) -> str:
    """What an update is called: its one key beside its id."""
    return next((key for key in update if key in KINDS), "") or next((k for k in update if k != "update_id"), "update")


def inbound(update: Data, make: Callable[[str, Who, Body, Mapping[str, str]], Event], account: Account) -> Inbound:
    """The events and calls of an update; `make` makes an event of ours."""
    kind, id = kind_of(update), identifier(update, "update_id")
    read = KINDS.get(kind)
    if read is None or not id or not isinstance(update[kind], dict):
        return Inbound(ignored=(kind[:64],))
    heard = read(update[kind], account)
    if heard.who is None:
        return Inbound(calls=heard.calls, ignored=heard.ignored or (kind,))
    events = tuple(make(id + end, heard.who, body, heard.via or {}) for end, body in heard.bodies)
    return Inbound(events=events, calls=heard.calls, ignored=heard.ignored)


def who(message: Data, person: Data) -> Who | None:
    """Whose conversation it is; None for a channel's post and for another bot's words (two bots would never end)."""
    chat, kind = identifier(inner(message, "chat"), "id", 64), inner(message, "chat").get("type", "private")
    id = identifier(person, "id", 64)
    anonymous = id in limits().anonymous
    if not chat or kind == "channel" or (person.get("is_bot") is True and not anonymous):
        return None
    if kind == "private":
        return Who(chat, True, language_of(person))
    return Who(f"{chat}:{id}", False, language_of(person)) if id else None


_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def language_of(person: Data) -> str:
    """The language of somebody's Telegram as a BCP-47 tag, "" where it is not told."""
    said = told(person, "language_code", 35)
    return said if _TAG.fullmatch(said) else ""


def via(message: Data) -> dict[str, str]:
    """What the answer needs of a message: its id, the topic of a forum, the business account that it was sent to."""
    found = {
        "message": identifier(message, "message_id", 32),
        "thread": identifier(message, "message_thread_id", 32) if message.get("is_topic_message") is True else "",
        "business": identifier(message, "business_connection_id"),
        "quotes": identifier(inner(message, "reply_to_message"), "message_id", 32),
    }
    return {name: value for name, value in found.items() if value}


def _message(message: Data, account: Account) -> Heard:
    whose = who(message, inner(message, "from"))
    if whose is None:
        return Heard(ignored=("message of a bot or channel",))
    text = told(message, "text")
    body = spoken(_unaddressed(text, account.id)) if text else content(message, whose.private)
    if body is None:
        return Heard(ignored=("service message",))
    return Heard(whose, (("", body),), via(message))


def _unaddressed(text: str, bot: str) -> str:
    """Without "@bot" before or behind the words, which is how a group speaks to it."""
    named, said = f"@{bot}".lower(), text.strip()
    if said.lower().startswith(f"{named} "):
        return said[len(named) :].strip()
    return said[: -len(named)].strip() if said.lower().endswith(f" {named}") else text


_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)


def spoken(text: str) -> Body:
    """Words; a command is its words. "/start" opens the conversation, with what a link said (deep linking)."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return Utterance(text)
    name, rest = found[1].lower(), (found[2] or "").strip()
    if name == "start":
        return Referred(rest[:256], "link") if rest else Opened()
    return Utterance(f"{name.replace('_', ' ')} {rest}".strip())


def _edited(message: Data, account: Account) -> Heard:
    whose = who(message, inner(message, "from"))
    text, of = told(message, "text") or told(message, "caption"), identifier(message, "message_id", 32)
    if whose is None or not text or not of:
        return Heard(ignored=("edited message",))
    return Heard(whose, (("", Edited(of, text)),), via(message))


def _business(read: Callable[[Data, Account], Heard]) -> Callable[[Data, Account], Heard]:
    """In a business account that this bot answers for, what its owner writes is no customer's."""

    def theirs(message: Data, account: Account) -> Heard:
        if identifier(inner(message, "from"), "id") != identifier(inner(message, "chat"), "id"):
            return Heard(ignored=("message of the business itself",))
        return read(message, account)

    return theirs


def _deleted(deleted: Data, account: Account) -> Heard:
    chat = identifier(inner(deleted, "chat"), "id", 64)
    found = [identifier({"id": each}, "id", 32) for each in items(deleted, "message_ids")[:100]]
    bodies = tuple((f"/{id}", Unsent(id)) for id in found if id)
    return Heard(Who(chat, True) if chat else None, bodies)


def _pressed(query: Data, account: Account) -> Heard:
    id, person, below = identifier(query, "id"), inner(query, "from"), inner(query, "message")
    calls = (call(account, "answerCallbackQuery", {"callback_query_id": id}),) if id else ()
    token = identifier(query, "data", 64)
    whose = who(below, person) if below else who({"chat": person}, person)
    if whose is None or not token:
        return Heard(calls=calls, ignored=("callback_query",))
    return Heard(whose, (("", Pressed(token, label_of(below, token))),), via(below), calls)


def label_of(message: Data, token: str) -> str:
    """What the button with this token shows; "" where the message is too old to be told."""
    rows = items(inner(message, "reply_markup"), "inline_keyboard")
    held = (button for row in rows if isinstance(row, list) for button in row)
    return next((told(each, "text", 256) for each in held if identifier(each, "callback_data") == token), "")


def _member(changed: Data, account: Account) -> Heard:
    """The customer blocked the bot, or took it back; in groups it is nobody's wish."""
    whose = who(changed, inner(changed, "from"))
    on = {"kicked": False, "member": True}.get(told(inner(changed, "new_chat_member"), "status", 32))
    if whose is None or not whose.private or on is None:
        return Heard(ignored=("my_chat_member",))
    return Heard(whose, (("", Opted(on, silent=True)),))


def _reacted(reaction: Data, account: Account) -> Heard:
    whose = who(reaction, inner(reaction, "user"))
    of = identifier(reaction, "message_id", 32)
    if whose is None or not of:
        return Heard(ignored=("message_reaction",))
    sign = next((told(each, "emoji", 16) for each in items(reaction, "new_reaction")), "")
    return Heard(whose, (("", Reacted(of, sign)),))


def _unpaid(method: str, key: str) -> Callable[[Data, Account], Heard]:
    """Payments by Telegram are not offered: it is told at once, as Telegram waits 10 s for it."""

    def read(query: Data, account: Account) -> Heard:
        id, name = identifier(query, "id"), told(inner(query, "from"), "language_code", 35)
        reason = words(name or account.merchant.languages[0])["unpaid"]
        made = call(account, method, {key: id, "ok": False, "error_message": reason})
        return Heard(calls=(made,) if id else ())

    return read


KINDS: Mapping[str, Callable[[Data, Account], Heard]] = {
    "message": _message,
    "edited_message": _edited,
    "business_message": _business(_message),
    "edited_business_message": _business(_edited),
    "deleted_business_messages": _deleted,
    "callback_query": _pressed,
    "my_chat_member": _member,
    "message_reaction": _reacted,
    "pre_checkout_query": _unpaid("answerPreCheckoutQuery", "pre_checkout_query_id"),
    "shipping_query": _unpaid("answerShippingQuery", "shipping_query_id"),
}
"""An update's kind -> what it means. Source: "Update" of Bot API 10.1; a kind that is not here is left alone."""


def proof(whose: Who, account: Account) -> Proof:
    """Telegram knows who writes; in a group others read along."""
    return Proof("channel", f"telegram:{account.id}", whose.conversation) if whose.private else Proof()
