"""Where an appointment stands: what is to come, with whom, when and where."""

from __future__ import annotations

from sayso import Answered, Ask, Row, Speak, Turn
from sayso.skill.booking.booked import upcoming
from sayso.skill.booking.words import appointment, most


async def status(turn: Turn, asked: Ask) -> Answered | None:
    """The appointments that are to come; nothing to say when the question came from another skill and there is none."""
    coming = (await upcoming(turn))[: most(turn)]
    if coming:
        return Answered((Speak("booking.status", {"appointments": tuple(Row(appointment(turn, b)) for b in coming)}),))
    mine = asked.intent.partition(".")[0] in ("", turn.skill.id)
    return Answered((Speak("booking.status_none"),)) if mine else None
