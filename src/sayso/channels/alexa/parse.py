"""A verified envelope becomes one Event, or an answer that needs no turn. Pure.

A conversation is the Alexa user of one skill: it goes on when a session ends, so a basket survives "Alexa, stop". What
Alexa's own language model concluded is evidence for understanding, never truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from sayso.channels.alexa import screen
from sayso.channels.alexa.dialog import CONFIRM, as_said
from sayso.channels.alexa.envelope import Envelope, Slot
from sayso.channels.alexa.intents import ANSWER, BUILT_IN, PHRASE, SAY, is_say, say_words
from sayso.channels.alexa.limits import AnswerLimits
from sayso.channels.names import read_name
from sayso.errors import Theirs
from sayso.manifest.specs import Artefact, SlotSpec
from sayso.model.event import Body, Closed, Event, Opened, Opted, Pressed, Proof, Proven, Recognised, Utterance

CHANNEL = "alexa"
EMPTY = b'{"version":"1.0","response":{}}'
"""The answer to what may not be answered with words."""

Prove = Callable[[str], Proof]
"""Who an access token of account linking vouches for. Raises errors.Theirs when it is not valid."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The request has its answer already and no turn is run; `kind` says what it was, for the log."""

    kind: str
    body: bytes = EMPTY


def parse(
    envelope: Envelope,
    artefact: Artefact,
    account: str,
    now: datetime,
    limits: AnswerLimits,
    prove: Prove | None = None,
) -> Event | Ready:
    """The event of `envelope`. A type that is not served is acknowledged: Alexa may send new ones at any time.

    Raises errors.Theirs when a request that begins a turn does not say whose it is, or which intent.
    """
    if envelope.type == "CanFulfillIntentRequest":
        return Ready(envelope.type, can_fulfil(envelope, artefact))
    make = _BODIES.get(envelope.type)
    if make is None:
        return Ready(f"{envelope.type} {envelope.failure}".strip())
    if not envelope.user:
        raise _absent("/context/System/user/userId")
    body = make(envelope)
    proof = Proof("channel", CHANNEL, envelope.user) if isinstance(body, Opted) else _proof(envelope, prove)
    if body is None or (isinstance(body, Proven) and proof.assurance != "linked"):
        return Ready(envelope.type)
    return Event(
        id=envelope.id,
        merchant=artefact.merchant.id,
        channel=CHANNEL,
        account=account,
        conversation=envelope.user,
        at=now,
        body=body,
        language=envelope.locale,
        proof=proof,
        deadline_s=limits.seconds - limits.margin_seconds,
        voice=True,
        position=envelope.position,
    )


def _intent(envelope: Envelope) -> Body:
    if not envelope.intent:
        raise _absent("/request/intent/name")
    if confirmed := _confirmed(envelope):
        return Recognised(confirmed)
    carried = envelope.intent != SAY and is_say(envelope.intent)
    if not carried and (option := _option(envelope)):
        return option
    slots = {read_name(slot.name): slot.words for slot in envelope.slots if slot.words}
    if envelope.intent == ANSWER:
        words = slots.get(PHRASE, "")
        return Utterance(words) if words else Recognised("")
    if is_say(envelope.intent):
        words = say_words(envelope.intent, slots)
        return Utterance(words) if slots else Recognised("", text=words)
    known = envelope.intent.startswith("AMAZON.")
    intent = BUILT_IN.get(envelope.intent, "") if known else read_name(envelope.intent)
    return Recognised(intent, slots, ids={read_name(slot.name): slot.id for slot in envelope.slots if slot.id})


def _confirmed(envelope: Envelope) -> str:
    """ "yes" or "no" to what our last answer told Alexa to have confirmed. Where a slot came along, something was said
    beside it: then the words count, and a "yes, but" is no yes."""
    asked = f"{CONFIRM}{envelope.intent}"
    if envelope.session.asked != asked or any(slot.words for slot in envelope.slots):
        return ""
    return {"CONFIRMED": "yes", "DENIED": "no"}.get(envelope.confirmation, "")


def _option(envelope: Envelope) -> Pressed | None:
    """The option of our last question that was said word for word, as if its button were pressed: what Alexa itself
    takes for one may have lost a "not"."""
    filled = [slot.words for slot in envelope.slots if slot.words]
    if not envelope.session.options or len(filled) != 1:
        return None
    token = envelope.session.options.get(as_said(filled[0], envelope.locale.partition("-")[0]), "")
    return Pressed(token, filled[0]) if token else None


def _touched(envelope: Envelope) -> Body | None:
    """A control of our screen; of another program's, nothing."""
    match envelope.arguments:
        case (screen.PRESS, token, label):
            return Pressed(token, label)
    return None


def _opened(envelope: Envelope) -> Body:
    return Opened()


def _closed(envelope: Envelope) -> Body:
    return Closed(f"{envelope.reason} {envelope.failure}".strip())


def _disabled(envelope: Envelope) -> Body:
    """Nothing can be sent to whom has no skill any more, and nobody hears that."""
    return Opted(on=False, silent=True)


def _linked(envelope: Envelope) -> Body:
    return Proven()


_BODIES: Mapping[str, Callable[[Envelope], Body | None]] = {
    "LaunchRequest": _opened,
    "IntentRequest": _intent,
    "SessionEndedRequest": _closed,
    "Alexa.Presentation.APL.UserEvent": _touched,
    "AlexaSkillEvent.SkillDisabled": _disabled,
    "AlexaSkillEvent.SkillAccountLinked": _linked,
}
"""Type of request -> what it is here; None: nothing. What is not in it is acknowledged: that a skill was enabled or a
permission given tells nothing that a customer said, and nothing is sent of our own accord here."""

ABOUT_SKILL = (Opted, Proven)
"""Bodies of events about the skill itself: they come for customers who never spoke, and for erased ones."""


def _proof(envelope: Envelope, prove: Prove | None) -> Proof:
    """The platform knows the account; a valid token of account linking is the merchant's word for who it is.

    An invalid or expired token proves nothing and harms nothing: the turn goes on without it.
    """
    for token in envelope.tokens if prove else ():
        try:
            return prove(token)  # type: ignore[misc]
        except Theirs:
            continue
    return Proof("channel", CHANNEL, envelope.user)


def can_fulfil(envelope: Envelope, artefact: Artefact) -> bytes:
    """Could this skill serve the intent? Answered from the manifest alone, without effect and without a look at
    anybody: the customer has not chosen us yet. A slot is understood when the intent has it, fulfilled when its value
    can be had."""
    skill, _, intent = read_name(envelope.intent).partition(".")
    spec = artefact.skills[skill].intents.get(intent) if skill in artefact.skills else None
    found = {
        slot.name: _serves(slot, spec.slots.get(read_name(slot.name)), artefact) if spec else _NOT
        for slot in envelope.slots
    }
    can = "NO" if spec is None else "YES" if all(each == _SERVES for each in found.values()) else "MAYBE"
    told = {"canFulfill": can, "slots": {name: dict(each) for name, each in found.items()}}
    return orjson.dumps({"version": "1.0", "response": {"canFulfillIntent": told}})


_SERVES = {"canUnderstand": "YES", "canFulfill": "YES"}
_NOT = {"canUnderstand": "NO", "canFulfill": "NO"}
_UNSURE = {"canUnderstand": "MAYBE", "canFulfill": "NO"}


def _serves(slot: Slot, spec: SlotSpec | None, artefact: Artefact) -> Mapping[str, str]:
    """Of a slot whose values are all known, one that is none of them may be misheard, and cannot be had."""
    if spec is None:
        return _NOT
    places = artefact.merchant.locations if spec.type == "location" else spec.values
    if spec.type not in ("location", "choice") or not slot.words or slot.id in places:
        return _SERVES
    names = {
        n for each in places.values() for n in (*each.names.values(), *(w for s in each.synonyms.values() for w in s))
    }
    return _SERVES if slot.words.casefold() in {name.casefold() for name in names} else _UNSURE


def _absent(where: str) -> Theirs:
    return Theirs(f"{where} is absent", where=where, mend="send the request as Alexa made it", code="malformed")
