"""Telephone calls over Twilio: turn by turn with `<Gather>`, or over a WebSocket with ConversationRelay.

A call is a conversation of its own and nobody is vouched for: a caller's number can be forged, so it opens no account.
Card numbers are never gathered here. Sources: Twilio's "TwiML for Programmable Voice" (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sayso.channels.contract import (
    Account,
    Body,
    Capabilities,
    Closed,
    Event,
    Inbound,
    Message,
    Opened,
    Request,
    Responding,
    Response,
    Silent,
    Theirs,
    Utterance,
    read_capabilities,
)
from sayso.channels.twilio import EMPTY, Form, proven, read_form, xml
from sayso.channels.twilio.form import first, id_of, words_of
from sayso.channels.twilio_voice.answer import PERSON, connected, first_language, twiml
from sayso.channels.twilio_voice.call import turn_of
from sayso.channels.twilio_voice.limits import limits

__all__ = ["TwilioVoice", "channel"]

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""Values of CallStatus after which there is no call."""
LONGEST_N = 6


@dataclass(frozen=True, slots=True)
class TwilioVoice:
    """A merchant's telephone number."""

    name: str = "twilio_voice"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities("sayso.channels.twilio_voice"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """A call that begins, a turn of it, its end."""
        if request.method != "POST":
            raise Theirs("Twilio posts", where="method", mend="set the webhook to HTTP POST", status=405, code="method")
        fields = read_form(request.body, limits().max_bytes)
        proven(request, fields, account.secret("auth_token"))
        form = first(fields)
        call = id_of(form, "CallSid")
        if not call:
            return Inbound(response=EMPTY, ignored=["a form without CallSid"])
        if form.get("CallStatus", "").lower() in OVER:
            return Inbound([self._event(call, "end", Closed("hung_up"), account, now, {})], response=EMPTY)
        if request.path == "status":
            return Inbound(response=EMPTY, ignored=["a state of the call that nobody waits for"])
        if request.path == "relayed":
            return Inbound(response=_after_relay(form, account))
        if request.path != "turn" and account.on("relay") and account.public_url:
            return Inbound(response=connected(account, first_language(account)))
        via = _via(request.query, request.path == "turn")
        via["lang"] = via["lang"] or account.text("language")
        body = _body(form) if request.path == "turn" else Opened()
        via["silent"] = str(int(via["silent"]) + 1) if isinstance(body, Silent) else "0"
        return Inbound([self._event(call, via["n"], body, account, now, via)], response=EMPTY)

    def _event(self, call: str, n: str, body: Body, account: Account, now: datetime, via: Mapping[str, str]) -> Event:
        return turn_of(account, f"{call}/{n}", call, body, now, via.get("lang", ""), via=via)

    def to_person(self, event: Event) -> Event:
        return replace(event, via={**event.via, PERSON: "yes"})

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        return EMPTY if isinstance(event.body, Closed) else twiml(event, messages, account)


def _via(query: Mapping[str, str], turn: bool) -> dict[str, str]:
    """What our own address of the turn says; it is signed with the rest."""
    n, silent = query.get("n", "0"), query.get("silent", "0")
    language = query.get("lang", "")
    return {
        "n": n if turn and n.isascii() and n.isdigit() and len(n) <= LONGEST_N else "0",
        "silent": silent if turn and silent.isascii() and silent.isdigit() and len(silent) <= 2 else "0",
        "lang": language if turn and language.replace("-", "").isalnum() and len(language) <= 35 else "",
    }


def _body(form: Form) -> Body:
    """Speech, keys, or nothing."""
    words = " ".join(part for part in (words_of(form, "SpeechResult"), words_of(form, "Digits")) if part)
    return Utterance(words) if words else Silent()


def _after_relay(form: Form, account: Account) -> Response:
    """The relay ended: the call goes to a person, or is over."""
    number = account.text("transfer_to")
    if '"person"' in form.get("HandoffData", "") and number:
        from html import escape

        return xml(f"<Dial>{escape(number)}</Dial>")
    return xml("<Hangup/>")


channel: Responding = TwilioVoice()
