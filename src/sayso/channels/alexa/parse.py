"""A verified envelope becomes one Event, or an answer that needs no turn. Pure.

A conversation is the Alexa user of one skill: it goes on when a session ends, so a basket survives "Alexa, stop". What
Alexa's own language model concluded is evidence for understanding, never truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from sayso.channels.alexa.envelope import Envelope
from sayso.channels.alexa.intents import BUILT_IN, is_say, say_words
from sayso.channels.alexa.limits import AnswerLimits
from sayso.channels.names import read_name
from sayso.errors import Theirs
from sayso.manifest.specs import Artefact
from sayso.model.event import Body, Closed, Event, Opened, Proof, Recognised, Utterance

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
    return Event(
        id=envelope.id,
        merchant=artefact.merchant.id,
        channel=CHANNEL,
        account=account,
        conversation=envelope.user,
        at=now,
        body=make(envelope),
        language=envelope.locale,
        proof=_proof(envelope, prove),
        deadline_s=limits.seconds - limits.margin_seconds,
        voice=True,
        position=envelope.position,
    )


def _intent(envelope: Envelope) -> Body:
    if not envelope.intent:
        raise _absent("/request/intent/name")
    slots = {read_name(slot.name): slot.words for slot in envelope.slots if slot.words}
    if is_say(envelope.intent):
        words = say_words(envelope.intent, slots)
        return Utterance(words) if slots else Recognised("", text=words)
    known = envelope.intent.startswith("AMAZON.")
    intent = BUILT_IN.get(envelope.intent, "") if known else read_name(envelope.intent)
    return Recognised(intent, slots, ids={read_name(slot.name): slot.id for slot in envelope.slots if slot.id})


def _opened(envelope: Envelope) -> Body:
    return Opened()


def _closed(envelope: Envelope) -> Body:
    return Closed(f"{envelope.reason} {envelope.failure}".strip())


_BODIES: Mapping[str, Callable[[Envelope], Body]] = {
    "LaunchRequest": _opened,
    "IntentRequest": _intent,
    "SessionEndedRequest": _closed,
}


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
    """Could this skill serve the intent? Answered from the manifest alone: the customer has not chosen us yet."""
    skill, _, intent = read_name(envelope.intent).partition(".")
    spec = artefact.skills[skill].intents.get(intent) if skill in artefact.skills else None
    known = spec.slots if spec else {}
    slots = {
        slot.name: {
            "canUnderstand": "YES" if slot.name in known else "NO",
            "canFulfill": "YES" if slot.name in known else "NO",
        }
        for slot in envelope.slots
    }
    can = "NO" if spec is None else "YES" if all(slot.name in known for slot in envelope.slots) else "MAYBE"
    return orjson.dumps({"version": "1.0", "response": {"canFulfillIntent": {"canFulfill": can, "slots": slots}}})


def _absent(where: str) -> Theirs:
    return Theirs(f"{where} is absent", where=where, mend="send the request as Alexa made it", code="malformed")
