"""What both editions show: words for a screen or a voice, and the rich content of Dialogflow's Messenger. Pure.

Source of `richContent`: "Dialogflow CX Messenger, fulfillment"; ES Messenger has the same. One inner list is one card
on the screen. A chip sends its own text as the customer's words, so a chip's text must mean by itself what its button
means: a card's button "order" is a chip with the name of the thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sayso.channels.dialogflow.limits import ResponseLimits
from sayso.channels.speech import plain, sentences, spoken
from sayso.model.message import Action, Card, Message, Picture

PRESS = "sayso:"
"""Before the token of a button that comes back as the customer's words."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a response is to look. `rich`: for Dialogflow's Messenger; `assets`: the public HTTPS address of this
    merchant's pictures, "" for none; `person`: a person was asked for; `live_agent` and `transfer_to`: what the
    merchant has for that."""

    merchant: str
    voice: bool = False
    rich: bool = False
    assets: str = ""
    person: bool = False
    live_agent: bool = False
    transfer_to: str = ""


def standing(said: Sequence[Message], look: Look) -> str:
    """How the conversation stands, for the agent's routes: "person", "ended", "sign_in", "asks" or "rests"."""
    if look.person:
        return "person"
    if any(message.ends for message in said):
        return "ended"
    if any(action.kind == "link" for action in actions(said)):
        return "sign_in"
    return "asks" if any(message.expects_reply for message in said) else "rests"


def spoken_text(said: Sequence[Message], limits: ResponseLimits) -> str:
    """What is said, as words only, cut at the end of a sentence with the question kept."""
    text = " ".join(message.speech or spoken(message.text) for message in said)
    if len(text) <= limits.max_speech:
        return text
    opens = any(message.expects_reply for message in said)
    *rest, last = sentences(text)
    room = limits.max_speech - (len(last) + 1 if opens else 0)
    kept = ""
    for sentence in rest if opens else [*rest, last]:
        if len(kept) + len(sentence) + 1 > room:
            break
        kept = f"{kept} {sentence}".strip()
    return f"{kept} {last}".strip()[: limits.max_speech] if opens else kept or text[: limits.max_speech]


def screen(said: Sequence[Message], limits: ResponseLimits, *, options: bool = True) -> str:
    """What is shown as text; with `options` the cards, choices and links are written out, so that none is lost."""
    text = "\n\n".join(message.text or message.speech for message in said)
    more = list(_written(said, text)) if options else []
    tail = plain("\n".join(more), limits.max_text // 2)
    room = limits.max_text - (len(tail) + 2 if tail else 0)
    return f"{plain(text, room)}\n\n{tail}" if tail else plain(text, room)


def _written(said: Sequence[Message], text: str) -> Iterable[str]:
    shown = text.casefold()
    for message in said:
        for card in message.cards:
            yield f"• {card.title}" + (f": {card.body}" if card.body else "")
        choices = [a.label for a in message.actions if a.kind == "reply"]
        if any(choice.casefold() not in shown for choice in choices):
            yield from (f"– {choice}" for choice in choices)
        yield from (f"{a.label}: {a.value}" for a in actions([message]) if a.kind == "url")


def actions(said: Iterable[Message]) -> Iterable[Action]:
    for message in said:
        yield from message.actions
        for card in message.cards:
            yield from card.actions


def address(picture: Picture | None, look: Look, limits: ResponseLimits) -> str:
    """Where a picture is, "" when it cannot be had over HTTPS."""
    if picture is None or not look.assets.startswith("https://"):
        return ""
    found = f"{look.assets.rstrip('/')}/{quote(picture.source)}"
    return found if len(found) <= limits.max_image_url else ""


def label(text: str, limits: ResponseLimits) -> str:
    return plain(text, limits.max_label).replace("\n", " ")


def richness(said: Sequence[Message], look: Look, limits: ResponseLimits) -> list[list[dict[str, Any]]]:
    """The `richContent` beside the text: a card each, then links and choices."""
    cards = [_card(card, look, limits) for message in said for card in message.cards]
    own = [action for message in said for action in message.actions]
    links = [_link(action, limits) for action in own if action.kind == "url"]
    named = [card.title for message in said for card in message.cards if any(a.kind == "reply" for a in card.actions)]
    chips = _chips([*named, *(a.label for a in own if a.kind == "reply")], limits)
    return [part for part in [*cards, [*links, *chips]] if part]


def _card(card: Card, look: Look, limits: ResponseLimits) -> list[dict[str, Any]]:
    info = {"type": "info", "title": plain(card.title, limits.max_label)}
    if card.body:
        info["subtitle"] = plain(card.body, limits.max_text)
    shots = [each for each in (card.picture, *card.shots) if each]
    shown = [(address(each, look, limits), each.alt) for each in shots]
    pictures = [{"type": "image", "rawUrl": image, "accessibilityText": alt} for image, alt in shown if image]
    return [*pictures, info, *(_link(action, limits) for action in card.actions if action.kind == "url")]


def _link(action: Action, limits: ResponseLimits) -> dict[str, Any]:
    return {"type": "button", "text": label(action.label, limits), "link": action.value}


def _chips(choices: Sequence[str], limits: ResponseLimits) -> list[dict[str, Any]]:
    labels = dict.fromkeys(label(choice, limits) for choice in choices)
    return [{"type": "chips", "options": [{"text": each} for each in labels]}] if labels else []
