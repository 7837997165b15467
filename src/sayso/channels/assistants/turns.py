"""What the doors of assistants have in common: the key, whose conversation it is, one turn, its answer as text. Pure.

Most of these assistants are stateless: each request brings the whole history and no id. A conversation here holds a
basket and orders, so it must be somebody's: the request names it (`user`, a header), or the manifest says that one
household alone has the key (`single_user`). It is never guessed from what was said.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.assistants.limits import limits
from sayso.channels.compiler import Where, compile_message
from sayso.channels.contract import (
    UNNAMED,
    Account,
    Body,
    Capabilities,
    Event,
    Message,
    Opened,
    Proof,
    Request,
    Theirs,
    Unauthorised,
    Utterance,
    identifier,
    items,
    same,
    told,
)
from sayso.channels.speech import spoken

CONVERSATION = "x-conversation-id"
"""A header that names the conversation, where the assistant's own request cannot."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as a request brings it: `said` the last words, "" for none; `history` what came before, for telling one
    turn from another; `user` who speaks, "" when nobody says."""

    said: str
    conversation: str
    user: str = ""
    language: str = ""
    history: Sequence[Any] = ()


def keyed(request: Request, account: Account) -> None:
    """Raises Unauthorised unless the request has the account's key, as a bearer or as the password of Basic."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    given = _password(given.strip()) if kind.lower() == "basic" else given.strip()
    if not given or not same(given, account.secret("api_key")):
        raise Unauthorised(
            "a wrong or missing API key", where="Authorization", mend="send Authorization: Bearer KEY", code="bad_key"
        )


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def whose(named: str, request: Request, account: Account) -> str:
    """The conversation. Raises Theirs when nothing says whose it is."""
    found = request.headers.get(CONVERSATION, "") or named
    if found and len(found) <= 200 and found.isprintable():
        return found
    if found:
        raise Theirs("the conversation's name is too long or unprintable", where="user", mend="send up to 200 letters")
    if account.on("single_user"):
        return "home"
    raise Theirs(
        "nothing says whose conversation this is",
        where="user",
        mend="send `user`, or the header X-Conversation-Id; for a single household set single_user: true",
        code="no_conversation",
    )


def last_said(messages: Sequence[Any]) -> str:
    """The words of the last message, when it is the customer's; "" otherwise."""
    last = messages[-1] if messages else None
    return text_of(last) if identifier(last, "role") == "user" else ""


def text_of(message: object) -> str:
    """The words of a message: a text, or the text parts of a list."""
    if parts := items(message, "content"):
        texts = (told(part, "text") for part in parts if identifier(part, "type") in ("text", "input_text"))
        return " ".join(texts).strip()
    return told(message, "content").strip()


def event(heard: Heard, account: Account, caps: Capabilities, now: datetime, via: Mapping[str, str]) -> Event:
    """The event of a turn; `via` is what its answer needs. No such request has an id: the one that came last, sent
    again, gets its answer again; the same words later on are a turn of their own."""
    body: Body = Utterance(heard.said) if heard.said else Opened()
    who, language = heard.user or heard.conversation, heard.language or account.text("language")
    return account.event(
        _id(heard, now),
        heard.conversation,
        body,
        now,
        caps.deadline_s,
        proof=Proof("channel", f"{account.channel}:{account.id}", who),
        language=language,
        voice=spoken_to(account),
        via={**via, UNNAMED: "yes"},
    )


def _id(heard: Heard, now: datetime) -> str:
    answered = any(identifier(message, "role") == "assistant" for message in heard.history)
    when = 0 if answered else int(now.timestamp()) // limits().fresh_s
    before = [[identifier(message, "role"), text_of(message)] for message in heard.history]
    seen = orjson.dumps([heard.conversation, heard.said, when, before])
    return hashlib.blake2b(seen, digest_size=18).hexdigest()


def spoken_to(account: Account) -> bool:
    """Whether the answers are said aloud."""
    return account.text("mode") == "voice"


def answer(messages: Sequence[Message], account: Account, caps: Capabilities) -> str:
    """What was answered, as one text; for a voice as words alone."""
    if spoken_to(account):
        return " ".join(message.speech or spoken(message.text) for message in messages)
    assets = f"{account.public_url.rstrip('/')}/assets/{account.merchant.id}" if account.public_url else ""
    plans = [compile_message(message, caps, Where(assets)) for message in messages]
    return "\n\n".join(part.text for plan in plans for part in plan.parts if part.text)


def listed(messages: object) -> list[Any]:
    """The history of a request. Raises Theirs when it is none."""
    if not isinstance(messages, list) or not messages or len(messages) > limits().max_messages:
        most = limits().max_messages
        raise Theirs(f"messages is not a list of 1 to {most}", where="messages", mend="send the conversation so far")
    return messages


def error_body(error: Theirs) -> Mapping[str, Any]:
    """An error as OpenAI's clients read it."""
    message = f"{error.text}; {error.mend}" if error.mend else error.text
    kind = "authentication_error" if error.status == 401 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": error.where or None, "code": error.code}}
