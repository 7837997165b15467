"""A stored message as the JSON that the page and other clients of the API get (schema "Message")."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote

from sayso.model.message import Action, Card, Message, Picture


class Stored(Protocol):
    """A message of a conversation as it was stored."""

    @property
    def seq(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def message(self) -> Message: ...
    @property
    def turn(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def author(self) -> str: ...


def render(posted: Stored, merchant: str, conversation: str) -> dict[str, Any]:
    """Everything that a screen shows; what is only for a voice is left out."""
    message = posted.message
    below = f"/v1/merchants/{merchant}/conversations/{conversation}"
    own = f"{below}/appointments/{{}}.ics?language={message.language}"
    return {
        "seq": posted.seq,
        "id": posted.id,
        "turn": posted.turn,
        "event": _event(posted),
        "at": posted.at.isoformat(),
        "author": posted.author,
        "language": message.language,
        "text": message.text,
        "cards": [_card(card, merchant, own) for card in message.cards],
        "actions": [_action(action, own) for action in message.actions],
        "expects_reply": message.expects_reply,
        "ends": message.ends,
    }


def _event(posted: Stored) -> str:
    """A customer's message carries the id of its event, without the conversation that `parse` put before it."""
    return posted.id.rpartition("/")[2] if posted.author == "customer" else ""


def _card(card: Card, merchant: str, own: str) -> dict[str, Any]:
    return {
        "title": card.title,
        "body": card.body,
        "image": _image(card.picture, merchant) if card.picture else None,
        "more_images": [_image(shot, merchant) for shot in card.shots],
        "actions": [_action(action, own) for action in card.actions],
    }


def _image(picture: Picture, merchant: str) -> dict[str, str]:
    return {"src": f"/assets/{merchant}/{quote(picture.source)}", "alt": picture.alt}


def _action(action: Action, own: str) -> dict[str, str]:
    """A button; the file of an appointment is a link below the conversation, which its holder alone can open."""
    if action.kind == "calendar":
        return {"kind": "url", "label": action.label, "value": own.format(quote(action.value))}
    return {"kind": action.kind, "label": action.label, "value": action.value}
