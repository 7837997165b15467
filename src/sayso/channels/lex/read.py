"""What Lex V2 and a contact flow of Connect give to a Lambda, read. Pure.

Source: "Lambda input event and response format" (Lex V2), "Invoke AWS Lambda functions" (Connect), 2026-11-21.
Lex's intent and slots are evidence beside the words; what was said decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from sayso.channels.contract import (
    Body,
    Opened,
    Pressed,
    Recognised,
    Theirs,
    Utterance,
    identifier,
    inner,
    items,
    told,
)
from sayso.channels.lex.limits import limits
from sayso.channels.names import read_name
from sayso.model.event import Silent

PRESS = "sayso:"
"""Before the token of a button: Lex sends a button's value as the customer's words."""
STATE = "sayso_state"
"""The session attribute that tells a contact flow how the conversation stands."""

_PRESSED = re.compile(rf"{PRESS}([0-9a-zA-Z]{{1,44}})")
_NAME = re.compile(r"[0-9A-Za-z_-]{1,100}")
_ANSWERS = {"Confirmed": "yes", "Denied": "no"}


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn. `id` is Lex's own of the request, "" where it has none; `intent` the name that the answer must give
    back; `attributes` the bot's session attributes, as JSON."""

    id: str
    conversation: str
    body: Body
    language: str = ""
    voice: bool = False
    intent: str = ""
    attributes: str = "{}"


def lex(data: Mapping[str, Any]) -> Heard:
    """An event of a Lex V2 bot. Raises Theirs when it is none."""
    session = identifier(data, "sessionId", 100)
    if not session or not isinstance(data.get("sessionState"), dict):
        raise Theirs(
            "this is no event of Lex V2: sessionId or sessionState is missing",
            where="sessionId",
            mend="post the Lambda's event as it is; an event of a contact flow goes to the path connect",
            code="not_lex",
        )
    state = inner(data, "sessionState")
    intent, attributes = _intent(data, state), _attributes(state)
    return Heard(
        id=identifier(state, "originatingRequestId"),
        conversation=session,
        body=_body(data, intent, begun=STATE in attributes),
        language=identifier(inner(data, "bot"), "localeId", 35).replace("_", "-"),
        voice=identifier(data, "inputMode") in ("Speech", "DTMF"),
        intent=_name(intent),
        attributes=orjson.dumps(attributes).decode(),
    )


def _intent(data: Mapping[str, Any], state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The intent that Lex chose, else the first of those it thought of."""
    thought = (inner(each, "intent") for each in items(data, "interpretations"))
    return inner(state, "intent") or next((each for each in thought if each), {})


def _attributes(state: Mapping[str, Any]) -> dict[str, str]:
    found = inner(state, "sessionAttributes").items()
    return {name: value for name, value in found if name and isinstance(value, str)}


def _name(intent: Mapping[str, Any]) -> str:
    found = identifier(intent, "name", 100)
    return found if _NAME.fullmatch(found.removeprefix("AMAZON.")) else ""


def _body(data: Mapping[str, Any], intent: Mapping[str, Any], *, begun: bool) -> Body:
    words = told(data, "inputTranscript").strip()
    if pressed := _PRESSED.fullmatch(words):
        return Pressed(pressed[1])
    if answered := _ANSWERS.get(identifier(intent, "confirmationState")):
        return Recognised(answered, text=words)
    meant = "" if identifier(data, "inputMode") == "DTMF" else meaning(_name(intent))
    slots = dict(_slots(intent)) if meant else {}
    if meant:
        return Recognised(meant, slots, words)
    return Utterance(words) if words else Silent() if begun else Opened()


def meaning(name: str) -> str:
    """The intent of ours, or the global command, that Lex's name of an intent spells; "" for the fallback."""
    bare = name.removeprefix("AMAZON.").removesuffix("Intent")
    standard = limits().intents
    return standard[bare] if bare in standard else read_name(name) if not name.startswith("AMAZON.") else ""


def _slots(intent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, slot in list(inner(intent, "slots").items())[: limits().max_slots]:
        if _NAME.fullmatch(name) and (said := _said(slot)):
            yield read_name(name), said


def _said(slot: object) -> str:
    """The words that filled a slot, of a list all."""
    each: list[object] = items(slot, "values")[: limits().max_slots] or [slot]
    return ", ".join(words for one in each if (words := told(inner(one, "value"), "originalValue").strip()))


def connect(data: Mapping[str, Any]) -> Heard:
    """An event of a contact flow: its parameter `text` is what the customer said or keyed in, if anything. Raises
    Theirs when it is none."""
    details = inner(data, "Details")
    contact, given = inner(details, "ContactData"), inner(details, "Parameters")
    conversation = identifier(contact, "ContactId", 100)
    if not conversation:
        raise Theirs(
            "this is no event of a contact flow: Details.ContactData.ContactId is missing",
            where="Details",
            mend="post the Lambda's event as it is; an event of a bot goes to the address without connect",
            code="not_connect",
        )
    words = told(given, "text").strip()
    return Heard(
        id="",
        conversation=conversation,
        body=Utterance(words) if words else Silent() if "text" in given else Opened(),
        language=identifier(given, "language", 35) or identifier(contact, "LanguageCode", 35),
        voice=identifier(contact, "Channel").upper() == "VOICE",
    )
