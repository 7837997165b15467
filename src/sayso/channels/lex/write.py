"""What Lex V2 and a contact flow of Connect get for an answer. Pure.

A screen gets text, and cards where there is a picture or a choice of at most five; a voice gets words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from sayso.channels.compiler import Where, compile_message
from sayso.channels.compiler.measure import pieces
from sayso.channels.contract import Account, Button, Capabilities, Event, Message, Part, fit
from sayso.channels.lex.limits import limits
from sayso.channels.lex.read import PRESS, STATE
from sayso.channels.speech import question, spoken

Made = dict[str, Any]


def standing(event: Event, messages: Sequence[Message]) -> str:
    """How the conversation stands, for a flow's branches: "person", "ended", "asks" or "rests"."""
    if event.via.get("person"):
        return "person"
    if any(message.ends for message in messages):
        return "ended"
    return "asks" if any(message.expects_reply for message in messages) else "rests"


def lex(event: Event, messages: Sequence[Message], account: Account, caps: Capabilities) -> Made:
    """The Lambda's answer to a bot: it listens on when something was asked, and is done otherwise."""
    state = standing(event, messages)
    said = _spoken(messages, caps) if event.voice else _shown(messages, account, caps)
    attributes = {**orjson.loads(event.via.get("attributes", "{}")), STATE: state}
    if state == "asks" and said:
        return {
            "sessionState": {"sessionAttributes": attributes, "dialogAction": {"type": "ElicitIntent"}},
            **_of(said),
        }
    intent = {"name": event.via.get("intent") or "FallbackIntent", "state": "Fulfilled"}
    closed = {"sessionAttributes": attributes, "dialogAction": {"type": "Close"}, "intent": intent}
    return {"sessionState": closed, **_of(said)}


def _of(said: Sequence[Made]) -> Made:
    return {"messages": list(said)} if said else {}


def connect(event: Event, messages: Sequence[Message], account: Account, caps: Capabilities) -> dict[str, str]:
    """The answer to a contact flow: texts under names that it reads as $.External.<name>."""
    state = standing(event, messages)
    text = _words(messages) if event.voice else "\n\n".join(_texts(messages, account, caps))
    flags = {name: "true" if state == told else "false" for name, told in _FLAGS}
    return {"text": fit(text, limits().max_flat, "chars"), "state": state, **flags}


_FLAGS = (("asks", "asks"), ("ends", "ended"), ("person", "person"))


def _words(messages: Sequence[Message]) -> str:
    return " ".join(each for each in (message.speech or spoken(message.text) for message in messages) if each)


def _spoken(messages: Sequence[Message], caps: Capabilities) -> list[Made]:
    words = _words(messages)
    return [_plain(text) for text in pieces(words, caps.text, caps.unit)][: limits().max_messages] if words else []


def _parts(messages: Sequence[Message], account: Account, caps: Capabilities) -> list[Part]:
    assets = f"{account.public_url.rstrip('/')}/assets/{account.merchant.id}" if account.public_url else ""
    return [part for message in messages for part in compile_message(message, caps, Where(assets)).parts]


def _texts(messages: Sequence[Message], account: Account, caps: Capabilities) -> Iterable[str]:
    """What was answered without cards; a button is its label."""
    for part in _parts(messages, account, caps):
        labels = " / ".join(button.label for button in part.buttons)
        yield "\n".join(line for line in (part.title, part.text, labels) if line)


def _shown(messages: Sequence[Message], account: Account, caps: Capabilities) -> list[Made]:
    made = [each for part in _parts(messages, account, caps) for each in of_part(part)]
    return made if len(made) <= limits().max_messages else _fewer(made, caps)


def _fewer(made: Sequence[Made], caps: Capabilities) -> list[Made]:
    """Texts beside each other as one, where they fit; the last ones, which ask, where there are still too many."""
    joined: list[Made] = []
    for each in made:
        before = joined[-1] if joined else {}
        text = f"{before['content']}\n\n{each['content']}" if "content" in before and "content" in each else ""
        if text and len(text) <= caps.text:
            joined[-1] = _plain(text)
        else:
            joined.append(each)
    return joined[-limits().max_messages :]


def of_part(part: Part) -> list[Made]:
    """A part as messages: its text, or a card whose words stand above it where they are too long for it."""
    if not part.buttons and part.picture is None:
        return [_plain(part.text)] if part.text.strip() else []
    above, title, subtitle = _heading(part)
    card: Made = {"title": title}
    if subtitle:
        card["subtitle"] = subtitle
    if part.picture and len(part.picture.url) <= limits().max_url:
        card["imageUrl"] = part.picture.url
    if part.buttons:
        card["buttons"] = [_button(button) for button in part.buttons]
    return [*([_plain(above)] if above else []), {"contentType": "ImageResponseCard", "imageResponseCard": card}]


def _heading(part: Part) -> tuple[str, str, str]:
    """(text above the card, its title, its subtitle): a card must have a title."""
    most, text = limits().max_line, part.text.strip()
    title = part.title or (part.picture.alt if part.picture and not text else "")
    if title:
        return ("", fit(title, most, "chars"), text) if len(text) <= most else (text, fit(title, most, "chars"), "")
    return ("", text or "…", "") if len(text) <= most else (text, fit(question(text), most, "chars"), "")


def _button(button: Button) -> Made:
    return {"text": button.label, "value": f"{PRESS}{button.value}"}


def _plain(text: str) -> Made:
    return {"contentType": "PlainText", "content": text}
