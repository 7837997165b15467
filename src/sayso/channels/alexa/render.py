"""Messages become one Alexa response: what is said, shown and listened for. Pure.

A microphone opens only when something is asked, as Amazon's certification wants: `shouldEndSession` is false exactly
when a message expects a reply and none ends the session. What was said goes to a card as well, as the screen has it;
a card is kept in the Alexa app of the whole household, so a message that is private has none, and on a screen only what
it shows of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson

from sayso.channels.alexa.dialog import CLEAR, Targets, entities, listen, options
from sayso.channels.alexa.limits import ResponseLimits
from sayso.channels.alexa.parse import EMPTY
from sayso.channels.alexa.screen import shown
from sayso.channels.speech import plain, question, spoken, ssml
from sayso.model.message import Action, Message, Picture

Rendered = dict[str, Any]

LOCATION_SCOPE = "alexa::devices:all:geolocation:read"


ASKING = frozenset({"link", "location"})
"""Kinds of actions that Alexa has a card for. A reply's button needs none: its words are in what is said."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What a response looks like beside its words: `title` heads its cards (the merchant's name); `assets` is the
    public HTTPS address below which the host serves pictures, "" when it has none; `screen`: the device shows APL;
    `asks`: kinds of actions that Amazon may ask the customer for with a card of its own."""

    title: str
    assets: str = ""
    screen: bool = False
    asks: frozenset[str] = ASKING


@dataclass(frozen=True, slots=True)
class Ear:
    """How the answer may be listened for: what directives may aim at in Amazon's model; `longest`: letters of an option
    that is listed, 0: none is; `listed`: some were before in this session. None of it: as Alexa hears by itself."""

    targets: Targets = field(default_factory=dict)
    longest: int = 0
    listed: bool = False


DEAF = Ear()


def render(messages: Sequence[Message], limits: ResponseLimits, surface: Surface, ear: Ear = DEAF) -> bytes:
    """The response that says `messages`, within Alexa's limits. Nothing to say: an empty response."""
    said = [message for message in messages if message.text or message.speech]
    if not said:
        return EMPTY
    opens = any(m.expects_reply for m in said) and not any(m.ends for m in said)
    asked = next((m.asks for m in reversed(said) if m.expects_reply and m.asks), None) if opens else None
    directive, kept = listen(asked, ear.targets)
    listed = options(said, limits, ear.longest) if opens else {}
    heard = entities(listed) if listed else CLEAR if ear.listed else None
    response: Rendered = {
        "outputSpeech": _speech(" ".join(_said(m) for m in said), limits, keep_last=opens),
        "card": _card(said, limits, surface),
        "directives": [each for each in (_shown(said, limits, surface), heard, directive) if each],
        "shouldEndSession": not opens,
    }
    if opens:
        response["reprompt"] = {"outputSpeech": _speech(_reprompt(said), limits)}
    attributes = {name: value for name, value in (("asked", kept), ("options", listed)) if value}
    return _within(response, attributes, limits.max_bytes)


def _shown(said: Sequence[Message], limits: ResponseLimits, surface: Surface) -> Rendered | None:
    def address(picture: Picture) -> str:
        return _address(picture, limits, surface)

    return shown(said, surface.title, address, limits) if surface.screen else None


def _said(message: Message) -> str:
    return message.speech or spoken(message.text)


def _reprompt(said: Sequence[Message]) -> str:
    """The last message's own reprompt, else the question that was asked."""
    given = next((m.reprompt for m in reversed(said) if m.reprompt), "")
    return given or question(" ".join(_said(m) for m in said))


def _speech(text: str, limits: ResponseLimits, *, keep_last: bool = False) -> Rendered:
    return {"type": "SSML", "ssml": ssml(text, limits.max_speech, keep_last=keep_last)}


def _card(said: Sequence[Message], limits: ResponseLimits, surface: Surface) -> Rendered | None:
    """The card that an action needs, else the screen's text, with the first picture where there is one; none for what
    is private."""
    for action in _actions(said):
        if action.kind in surface.asks and (make := _CARDS.get(action.kind)):
            return make()
    said = [message for message in said if not message.private]
    if not said:
        return None
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


_CARDS = {"link": _link_account, "location": _ask_location}


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
    return _address(picture, limits, surface) if picture else ""


def _address(picture: Picture, limits: ResponseLimits, surface: Surface) -> str:
    if not surface.assets.startswith("https://"):
        return ""
    drawn = ".png" if picture.source.lower().endswith(".svg") else ""  # Alexa shows no drawings; we serve them as PNG
    address = f"{surface.assets.rstrip('/')}/{quote(picture.source)}{drawn}"
    return address if len(address) <= limits.max_image_url else ""


def _within(response: Rendered, attributes: Rendered, most: int) -> bytes:
    """The envelope; what is said and listened for is kept, a screen, a card and then a reprompt are given up for it."""
    envelope: Rendered = {"version": "1.0", "response": response}
    if attributes:
        envelope["sessionAttributes"] = attributes
    for part in ("", "screen", "card", "reprompt"):
        if part == "screen":
            response["directives"] = [each for each in response["directives"] if each["type"].startswith("Dialog.")]
        else:
            response.pop(part, None)
        told = {name: each for name, each in response.items() if each not in (None, [])}
        body = orjson.dumps(envelope | {"response": told})
        if len(body) <= most:
            return body
    return body
