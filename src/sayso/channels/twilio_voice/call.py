"""A turn of a call, whichever way it came: spoken, and by nobody who is known. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sayso.channels.contract import Account, Body, Event, Proof
from sayso.channels.twilio_voice.limits import limits


def turn_of(
    account: Account,
    id: str,
    call: str,
    body: Body,
    now: datetime,
    language: str,
    *,
    via: Mapping[str, str] | None = None,
    heard: str | None = None,
) -> Event:
    """The event. A caller's number can be forged, so it vouches for nobody."""
    nobody, most = Proof("anonymous", f"{account.channel}:{account.id}", call), limits().deadline_s
    return account.event(id, call, body, now, most, proof=nobody, language=language, voice=True, via=via, heard=heard)
