"""A call becomes one Event, or an answer that needs no turn. Pure.

A conversation is a session of the agent. Words, where there are any, are what is understood: the agent's intent and
parameters go beside them as evidence, and count by themselves only when nothing was said (a button, an event, a form).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso.channels.dialogflow.account import Account
from sayso.channels.dialogflow.call import Call
from sayso.channels.dialogflow.limits import AnswerLimits
from sayso.channels.dialogflow.rich import PRESS
from sayso.errors import Forbidden, Theirs
from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.event import Body, Event, Opened, Pressed, Proof, Recognised, Silent, Utterance

Prove = Callable[[str], Proof]
"""Who a customer's token vouches for. Raises errors.Theirs when it is not valid."""

COMMANDS = frozenset(
    ["yes", "no", "cancel", "undo", "repeat", "help", "skip", "person", "stop", "checkout", "start_over", "greeting"]
)
"""What a tag, an action or an intent's name may mean besides the merchant's own intents."""

WELCOME = frozenset(["input.welcome", "Default Welcome Intent"])
_WELCOME_EVENT = re.compile(r"(?:[A-Z]+_)*WELCOME|sayso[._-]open")
_SILENCE = re.compile(r"sys\.no-input-(?:default|\d)")
_NO_MATCH = re.compile(r"sys\.no-match-(?:default|\d)")
_PRESSED = re.compile(rf"{PRESS}([0-9A-Za-z_-]{{1,64}})")


@dataclass(frozen=True, slots=True)
class Ready:
    """The request has its answer already and no turn is run; `kind` says what it was, for the log."""

    kind: str
    body: bytes = b"{}"


def parse(
    call: Call, artefact: Artefact, account: Account, now: datetime, limits: AnswerLimits, prove: Prove | None = None
) -> Event | Ready:
    """The event of `call`. A call in which nothing was said or asked of us is acknowledged, and changes nothing.

    Raises errors.Theirs when a call that begins a turn does not say which session's it is, or which call.
    """
    body = meaning(call, artefact, account.edition)
    if body is None:
        return Ready(f"{call.event or ' '.join(call.names) or 'nothing'}")
    for value, where in _required(call, account.edition):
        if not value:
            raise Theirs(
                f"{where} is absent", where=where, mend="send the request as Dialogflow made it", code="malformed"
            )
    if not account.has(call.session):
        raise Forbidden(
            "the request is of another agent",
            where=_required(call, account.edition)[0][1],
            mend=f"set channels.{account.channel}.{'project' if account.edition == 'es' else 'agent'} to its own",
            code="other_agent",
        )
    return Event(
        id=call.id,
        merchant=artefact.merchant.id,
        channel=account.channel,
        account=account.agent,
        conversation=call.session,
        at=now,
        body=body,
        language=call.language,
        proof=_proof(call, prove),
        deadline_s=account.seconds(limits),
        voice=call.voice or account.voice,
        heard=call.heard,
    )


def _required(call: Call, edition: str) -> tuple[tuple[str, str], tuple[str, str]]:
    if edition == "es":
        return (call.session, "/session"), (call.id, "/responseId")
    return (call.session, "/sessionInfo/session"), (call.id, "/detectIntentResponseId")


def meaning(call: Call, artefact: Artefact, edition: str) -> Body | None:
    """What the call is, to the host; None when nothing was said and nothing of ours was meant."""
    intent = next((spec for name in call.names if (spec := _intent(name, artefact))), None)
    if call.words:
        if pressed := _PRESSED.fullmatch(call.words):
            return Pressed(pressed[1])
        return _recognised(call, intent, artefact) if intent else Utterance(call.words)
    if _WELCOME_EVENT.fullmatch(call.event) or (not call.event and WELCOME & set(call.names)):
        return Opened()
    if _SILENCE.fullmatch(call.event):
        return Silent()
    if _NO_MATCH.fullmatch(call.event):
        return Recognised("")
    if intent:
        return _recognised(call, intent, artefact)
    command = next((name for name in call.names if name in COMMANDS), "")
    if command:
        return Recognised(command)
    # ES calls us for an intent that the owner gave to us; CX for every tag of a page.
    return Recognised("", call.slots) if edition == "es" and not call.event else None


def _intent(name: str, artefact: Artefact) -> IntentSpec | None:
    skill, _, intent = name.partition(".")
    spec = artefact.skills.get(skill)
    return spec.intents.get(intent) if spec else None


def _recognised(call: Call, intent: IntentSpec, artefact: Artefact) -> Recognised:
    """The intent with the slots that it declares; a resolved value counts where it is a declared id."""
    slots = {name: said for name, said in call.slots.items() if name in intent.slots}
    declared: Mapping[str, object] = artefact.merchant.locations
    ids = {
        name: value
        for name, value in call.resolved.items()
        if name in slots and value in (declared if intent.slots[name].type == "location" else intent.slots[name].values)
    }
    return Recognised(intent.name, slots, call.words, ids)


def _proof(call: Call, prove: Prove | None) -> Proof:
    """A valid token of the merchant's says who it is. A session alone, or a caller's number, proves nobody; an
    invalid or expired token harms nothing: the turn goes on without it."""
    if not call.token or prove is None:
        return Proof()
    try:
        return prove(call.token)
    except Theirs:
        return Proof()
