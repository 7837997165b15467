"""What Alexa is told to listen for: the open question as dialog directives. Pure.

Three things help Alexa's ear, each only where it can go wrong with nothing:

* `Dialog.ElicitSlot`. A question whose answers are a list (a place, a choice) is answered into the slot that holds it;
  any other into the phrase slot of `Answer`, so that the customer's words come whole, without a carrier phrase.
* `Dialog.ConfirmIntent`. The yes to a read-back. Alexa tells what became of it; it counts when nothing else was said.
* `Dialog.UpdateDynamicEntities`. The options of the question, which no model knows beforehand (the free hours of a
  day), as values of the bare wish; they are cleared when a question has none and when the session ends.

The first two aim at intents and slots of the model that Amazon has. A directive that aims at nothing ends the session
with an error, so they are used only when the address that Alexa calls names the model that was exported with it
(`Aims.id`); the last one needs only the type of the bare wish, which every exported model has.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from sayso.channels.alexa.intents import ANSWER, PHRASE
from sayso.channels.alexa.limits import ResponseLimits
from sayso.channels.alexa.samples import normal
from sayso.channels.names import spell
from sayso.model.message import Action, Asked, Message

Directive = dict[str, Any]
CONFIRM = "confirm "
"""How what was asked reads in the session, before the intent's name."""
WISHES = "Wish"
"""The type of the bare wish."""
CLEAR: Directive = {"type": "Dialog.UpdateDynamicEntities", "updateBehavior": "CLEAR"}

_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)\b")


@dataclass(frozen=True, slots=True)
class Target:
    """An intent of the model's dialog: all its slots, those that are lists, and whether it is confirmed."""

    slots: tuple[str, ...]
    lists: frozenset[str] = frozenset()
    confirmed: bool = False


Targets = Mapping[str, Target]
"""Of one language: intent's name in the model -> what a directive may aim at there."""


@dataclass(frozen=True, slots=True)
class Aims:
    """What directives may aim at, by language of the merchant. `id` names it: exported with the address that Alexa
    calls, it tells that the model there is this one."""

    languages: Mapping[str, Targets]

    @property
    def id(self) -> str:
        flat = {
            language: {name: [target.slots, sorted(target.lists), target.confirmed] for name, target in targets.items()}
            for language, targets in self.languages.items()
        }
        return hashlib.blake2b(orjson.dumps(flat, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def listen(asks: Asked | None, targets: Targets) -> tuple[Directive | None, str]:
    """The directive for what is asked, and how the session remembers it; (None, "") where the model has nothing."""
    if asks is None:
        return None, ""
    name, slot = spell(asks.intent), spell(asks.slot) if asks.slot else ""
    target = targets.get(name)
    if target and asks.kind == "confirm" and target.confirmed:
        return {"type": "Dialog.ConfirmIntent", "updatedIntent": _intent(name, target)}, CONFIRM + name
    if target and asks.kind == "slot" and slot in target.lists:
        return _elicit(name, slot, target), f"{name} {slot}"
    if ANSWER in targets:
        return _elicit(ANSWER, PHRASE, targets[ANSWER]), f"{ANSWER} {PHRASE}"
    return None, ""


def _elicit(name: str, slot: str, target: Target) -> Directive:
    return {"type": "Dialog.ElicitSlot", "slotToElicit": slot, "updatedIntent": _intent(name, target)}


def _intent(name: str, target: Target) -> Directive:
    """The intent with nothing filled: what comes back in a slot was said to this question."""
    slots = {slot: {"name": slot, "confirmationStatus": "NONE"} for slot in target.slots}
    return {"name": name, "confirmationStatus": "NONE", "slots": slots}


def options(said: Sequence[Message], limits: ResponseLimits, most: int) -> dict[str, str]:
    """The options of what is asked as they are said, at most so many characters each, with their buttons' tokens."""
    values: dict[str, str] = {}
    for message in said:
        for label, action in _labelled(message):
            words = as_said(label, message.language)
            if words and len(words) <= most:
                values.setdefault(words, action.value)
    return dict(list(values.items())[: limits.max_entities])


def entities(listed: Mapping[str, str]) -> Directive:
    """The directive that has these options heard in this session."""
    values = [{"id": id, "name": {"value": words, "synonyms": []}} for words, id in listed.items()]
    types = [{"name": WISHES, "values": values}]
    return {"type": "Dialog.UpdateDynamicEntities", "updateBehavior": "REPLACE", "types": types}


def as_said(label: str, language: str) -> str:
    """A label as it is said, in the alphabet of Alexa's samples."""
    return normal(_CLOCK.sub(_spoken, label), language)


def _labelled(message: Message) -> Iterator[tuple[str, Action]]:
    """The options by what they are called; those of a private message stay with us."""
    if message.private:
        return
    yield from ((action.label, action) for action in message.actions if action.kind == "reply")
    yield from ((card.title, a) for card in message.cards for a in card.actions if a.kind == "reply")


def _spoken(clock: re.Match[str]) -> str:
    """A time as it is said: "10:00" is ten, "10:30" ten thirty."""
    return f"{int(clock[1])} {clock[2]}" if int(clock[2]) else str(int(clock[1]))
