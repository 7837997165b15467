"""What a customer can do on each channel, for the walk through every dialogue: read off the channel's table. Pure.

How many options can be picked by their place is not declared anywhere: it is what the compiler makes of a message with
many. On a screen each has a control or a number; a voice says a few and goes on when it is asked to.
"""

from __future__ import annotations

from collections.abc import Iterable

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Plan, Where, compile_message
from sayso.channels.registry import Channels
from sayso.dialogue.checker import Profile
from sayso.manifest.messages import SPOKEN
from sayso.model.message import Action, Message

MANY = 10
"""Options of a question: more are not shown at once."""


def profile(name: str, caps: Capabilities) -> Profile:
    """What can be done on the channel `name`. A voice tells of silence; a position is shared where there is a way."""
    if caps.voice:
        return Profile(name, SPOKEN, silence=True)
    options = tuple(Action("reply", f"Option {n}", f"{n:018x}") for n in range(MANY))
    plan = compile_message(Message("Which?", actions=options), caps, Where())
    return Profile(name, len(_picked(plan)), locates=caps.location)


def _picked(plan: Plan) -> set[str]:
    """The values that the plan gives a way to pick."""
    held = [b for part in plan.parts for b in (*part.buttons, *part.quick, *(b for t in part.tiles for b in t.buttons))]
    rows = [row.value for part in plan.parts for row in part.rows]
    return {*(button.value for button in held), *rows, *plan.numbered}


def profiles(channels: Channels, names: Iterable[str]) -> tuple[Profile, ...]:
    """Those of the channels that are known by these names."""
    found = ((name, channels.capabilities(name)) for name in sorted({*names}))
    return tuple(profile(name, caps) for name, caps in found if caps)
