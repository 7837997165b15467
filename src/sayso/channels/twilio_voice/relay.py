"""ConversationRelay: a call as frames of JSON over a WebSocket. Pure: frames to events, messages to frames.

    in    setup, prompt, dtmf, interrupt, error        out   text, end, language

What the caller did not hear because they spoke is told with the next event (`heard`). Keys are gathered until "#", or
until the caller speaks. Source: Twilio's "ConversationRelay WebSocket messages" (2026-11-21).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sayso.channels.contract import (
    Account,
    Body,
    Event,
    Message,
    Opened,
    Theirs,
    Utterance,
    identifier,
    json_object,
    told,
)
from sayso.channels.twilio_voice.answer import PERSON, said
from sayso.channels.twilio_voice.call import turn_of
from sayso.channels.twilio_voice.limits import limits

CHANNEL = "twilio_voice"
MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class Session:
    """A call in progress: how many turns it had, the language that is spoken, keys pressed so far, what was heard of
    our words before the caller interrupted. `id` is Twilio's of the WebSocket: a call may be connected again."""

    call: str = ""
    turns: int = 0
    language: str = ""
    keys: str = ""
    heard: str | None = None
    id: str = ""


def hear(frame: str | bytes, session: Session, account: Account, now: datetime) -> tuple[Session, Event | None]:
    """What a frame comes to. Raises Theirs for what is no frame of Twilio's, or one before the call was set up."""
    data = json_object(frame.encode() if isinstance(frame, str) else frame, limits().max_frame)
    kind = identifier(data, "type", 40)
    if not session.call and kind != "setup":
        raise Theirs("the call is not set up", where="type", mend="send setup first", code="no_setup")
    read = FRAMES.get(kind)
    session, body = read(data, session) if read else (session, None)
    if body is None:
        return session, None
    event = _event(session, body, account, now)
    return replace(session, turns=session.turns + 1, heard=None), event


def _setup(data: Mapping[str, Any], session: Session) -> tuple[Session, Body | None]:
    call = identifier(data, "callSid", 64)
    if not call:
        raise Theirs("a call without callSid", where="callSid", mend="send what Twilio made", code="no_call")
    return Session(call, id=identifier(data, "sessionId", 64)), Opened()


def _interrupt(data: Mapping[str, Any], session: Session) -> tuple[Session, Body | None]:
    return replace(session, heard=told(data, "utteranceUntilInterrupt")), None


def _dtmf(data: Mapping[str, Any], session: Session) -> tuple[Session, Body | None]:
    digit = identifier(data, "digit", 1)
    if digit == "#" and session.keys:
        return replace(session, keys=""), Utterance(session.keys)
    pressed = digit if digit.isascii() and digit.isdigit() else ""
    return replace(session, keys=(session.keys + pressed)[-MOST_KEYS:] if pressed else ""), None


def _prompt(data: Mapping[str, Any], session: Session) -> tuple[Session, Body | None]:
    if data.get("last") is False:
        return session, None
    words = " ".join(part for part in (session.keys, told(data, "voicePrompt").strip()) if part)
    return replace(session, keys=""), Utterance(words) if words else None


FRAMES: Mapping[str, Callable[[Mapping[str, Any], Session], tuple[Session, Body | None]]] = {
    "setup": _setup,
    "interrupt": _interrupt,
    "dtmf": _dtmf,
    "prompt": _prompt,
}
"""Type of a frame -> what it comes to; others tell nothing that is acted upon."""


def _event(session: Session, body: Body, account: Account, now: datetime) -> Event:
    id, language = f"{session.id or session.call}/{session.turns}", session.language or account.text("language")
    return turn_of(account, id, session.call, body, now, language, heard=session.heard)


def speak(messages: Sequence[Message], session: Session, event: Event, account: Account) -> tuple[Session, list[str]]:
    """The frames of an answer: another language first where it changed, then the words, then perhaps the end."""
    language = messages[-1].language if messages else session.language
    return replace(session, language=language), [
        json.dumps(frame) for frame in _frames(messages, session, event, account)
    ]


def _frames(messages: Sequence[Message], session: Session, event: Event, account: Account) -> Iterator[dict[str, Any]]:
    if not messages:
        return
    language = messages[-1].language
    tag, _ = limits().voice(language)
    if session.language != language:
        yield {"type": "language", "ttsLanguage": tag, "transcriptionLanguage": tag}
    yield {"type": "text", "token": said(messages)[: limits().text], "last": True, "lang": tag, "interruptible": True}
    if event.via.get(PERSON) and account.text("transfer_to"):
        yield {"type": "end", "handoffData": json.dumps({"reason": "person"})}
    elif any(message.ends for message in messages):
        yield {"type": "end", "handoffData": json.dumps({"reason": "ended"})}
