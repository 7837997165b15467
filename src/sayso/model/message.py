"""One channel-neutral message. A channel renders it within its own limits; nothing here knows a platform."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sayso.model.command import Command


@dataclass(frozen=True, slots=True)
class Action:
    """A button. kind "reply": pressing it sends `value`, a short token bound to the conversation, back as an event;
    kind "url": opens `value`; kind "location": asks the platform for the customer's position; kind "link": lets the
    customer prove who they are on this platform; kind "calendar": the calendar file of the appointment `value`."""

    kind: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with its text alternative; `source` is a path below the merchant's own folder."""

    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """A product or thing to look at: one card beside a text is a compound message, several are a list."""

    title: str
    body: str = ""
    picture: Picture | None = None
    actions: tuple[Action, ...] = ()
    shots: tuple[Picture, ...] = ()
    """Pictures beyond the first, for a screen with room."""
    sku: str = ""
    """The product of the merchant's catalog that it shows, "" for another thing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the question of a message is about. `kind` as of a `state.Pending`; `intent`: whose it is, "" for none;
    `slot`: what of it, "" for another thing."""

    kind: str
    intent: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said once. `text` is for a screen, `speech` for a voice (no markup; figures in words), `reprompt` is
    said when nobody answers. `actions` are the buttons below it. `expects_reply` opens a microphone; `ends` closes
    the session. `author` is "bot" or "person"."""

    text: str
    speech: str = ""
    reprompt: str = ""
    cards: tuple[Card, ...] = ()
    actions: tuple[Action, ...] = ()
    expects_reply: bool = False
    ends: bool = False
    language: str = "en"
    author: str = "bot"
    revised: str = ""
    """What the customer did to it afterwards: "edited", or "unsent": its words are gone."""
    asks: Asked | None = None
    """What the question is about, for a platform that is told what to listen for."""
    private: bool = False
    """It holds something about the customer: a name, an address, a code, what was bought or is liked. A screen that
    others see, or a list that is kept for a whole household, does not show its words."""
    secrets: tuple[str, ...] = ()
    """Words of it that are for the customer alone, and not for long: a one-time code."""


HIDDEN = "•••"
"""What stands where a secret stood."""


def hidden(message: Message) -> Message:
    """The message as anybody but its customer may see it."""
    if not message.secrets:
        return message
    text, speech, reprompt = (
        without(each, message.secrets) for each in (message.text, message.speech, message.reprompt)
    )
    return replace(message, text=text, speech=speech, reprompt=reprompt, secrets=())


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret hidden."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


@dataclass(frozen=True, slots=True)
class Shown:
    """An option that was shown: its token, its label and the command that choosing it means."""

    token: str
    label: str
    command: Command
