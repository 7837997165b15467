"""Messages become one Alexa response. Pure.

A microphone opens only when something is asked, as Amazon's certification wants: `shouldEndSession` is false exactly
when a message expects a reply and none ends the session. What was said goes to a card as well, as the screen has it;
a card is kept in the Alexa app of the whole household, so it holds the message's text and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from sayso.channels.alexa.limits import ResponseLimits
from sayso.channels.alexa.parse import EMPTY
from sayso.channels.speech import plain, question, spoken, ssml
from sayso.model.message import Action, Message

Rendered = dict[str, Any]

LOCATION_SCOPE = "alexa::devices:all:geolocation:read"


@dataclass(frozen=True, slots=True)
class Surface:
    """What a response looks like beside its words: `title` heads its cards (the merchant's name); `assets` is the
    public HTTPS address below which the host serves pictures, "" when it has none."""

    title: str
    assets: str = ""


def render(messages: Sequence[Message], limits: ResponseLimits, surface: Surface) -> bytes:
    """The response that says `messages`, within Alexa's limits. Nothing to say: an empty response."""
    said = [message for message in messages if message.text or message.speech]
    if not said:
        return EMPTY
    opens = any(m.expects_reply for m in said) and not any(m.ends for m in said)
    response: Rendered = {
        "outputSpeech": _speech(" ".join(_said(m) for m in said), limits, keep_last=opens),
        "card": _card(said, limits, surface),
        "shouldEndSession": not opens,
    }
    if opens:
        response["reprompt"] = {"outputSpeech": _speech(_reprompt(said), limits)}
    return _within(response, limits.max_bytes)


def _said(message: Message) -> str:
    return message.speech or spoken(message.text)


def _reprompt(said: Sequence[Message]) -> str:
    """The last message's own reprompt, else the question that was asked."""
    given = next((m.reprompt for m in reversed(said) if m.reprompt), "")
    return given or question(" ".join(_said(m) for m in said))


def _speech(text: str, limits: ResponseLimits, *, keep_last: bool = False) -> Rendered:
    return {"type": "SSML", "ssml": ssml(text, limits.max_speech, keep_last=keep_last)}


def _card(said: Sequence[Message], limits: ResponseLimits, surface: Surface) -> Rendered:
    """The card that an action needs, else the screen's text, with the first picture where there is one."""
    for action in _actions(said):
        if make := _ASKING.get(action.kind):
            return make()
    title = plain(surface.title, limits.max_card // 10)
    text = plain("\n".join(_screen(m) for m in said), limits.max_card - len(title))
    image = _image(said, limits, surface)
    if image:
        room = limits.max_card - len(title) - 2 * len(image)
        pictures = {"smallImageUrl": image, "largeImageUrl": image}
        return {"type": "Standard", "title": title, "text": plain(text, room), "image": pictures}
    return {"type": "Simple", "title": title, "content": text}


def _link_account() -> Rendered:
    return {"type": "LinkAccount"}


def _ask_location() -> Rendered:
    return {"type": "AskForPermissionsConsent", "permissions": [LOCATION_SCOPE]}


_ASKING = {"link": _link_account, "location": _ask_location}
"""Actions that Alexa has a card for. A reply's button needs none: its words are in what is said."""


def _actions(said: Iterable[Message]) -> Iterable[Action]:
    for message in said:
        yield from message.actions
        for card in message.cards:
            yield from card.actions


def _screen(message: Message) -> str:
    """The text with the addresses of its links: a card is text, so a link is written out."""
    links = [f"{action.label}: {action.value}" for action in _actions([message]) if action.kind == "url"]
    return "\n".join([message.text or message.speech, *links])


def _image(said: Sequence[Message], limits: ResponseLimits, surface: Surface) -> str:
    picture = next((c.picture for m in said for c in m.cards if c.picture), None)
    if picture is None or not surface.assets.startswith("https://"):
        return ""
    address = f"{surface.assets.rstrip('/')}/{quote(picture.source)}"
    return address if len(address) <= limits.max_image_url else ""


def _within(response: Rendered, most: int) -> bytes:
    """The envelope; what is said is kept, a card and then a reprompt are given up for it."""
    for part in ("", "card", "reprompt"):
        response.pop(part, None)
        body = orjson.dumps({"version": "1.0", "response": response})
        if len(body) <= most:
            return body
    return body
