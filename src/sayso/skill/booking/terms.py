"""Until when an intent of an appointment can be undone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sayso import Proposal, Turn
from sayso.skill.booking.slots import hours

ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def undo_until(turn: Turn, proposal: Proposal) -> datetime | None:
    """The end of the intent's window for undo, and never after the appointment has begun. "until_made": until free
    cancelling ends. None: it cannot be undone."""
    spec = turn.skill.intents.get(proposal.intent.rpartition(".")[2])
    starts = proposal.ready_at or turn.now
    if spec is None or not spec.undo:
        return None
    if spec.undo == "until_made":
        until = starts - hours(turn, "free_cancel_hours")
        return until if until > turn.now else None
    return min(turn.now + duration(spec.undo), starts)


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds."""
    match = ISO_DURATION.fullmatch(text)
    days, hours_, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(days=days, hours=hours_, minutes=minutes, seconds=seconds)
