"""Addresses of ours that a message on a platform holds: signed, ending, for one thing of one conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sayso.model.message import Action
from sayso.web.tokens import Signer

LINK_LIFE = timedelta(days=90)
"""An appointment's calendar file is fetched within this time."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _appointment(signer: Signer, conversation: str, action: Action, until: datetime) -> str:
    return f"/v1/appointments/{signer.sign('appointment', {'c': conversation, 'o': action.value}, until)}.ics"


PAGES: Mapping[str, Callable[[Signer, str, Action, datetime], str]] = {"calendar": _appointment}
"""Kind of action -> the path that stands for it."""


def page_of(signer: Signer, public_url: str, now: datetime, conversation: str, action: Action) -> str:
    """The public address that stands for an action, "" where there is none.

    The same action has the same address for weeks, so that a message rendered twice is the same message."""
    make = PAGES.get(action.kind)
    if make is None or not public_url:
        return ""
    whole = (now - EPOCH) // LINK_LIFE
    return public_url.rstrip("/") + make(signer, conversation, action, EPOCH + (whole + 2) * LINK_LIFE)
