"""Commands that nobody doubts: what tests of the dialogue give it, without words."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model.action import Speak
from sayso.model.command import Evidence, No, Say, Yes
from sayso.model.message import Shown

GIVEN = Evidence("", "given")
YES, NO = Yes(GIVEN), No(GIVEN)


def say(what: str) -> Say:
    """A global phrase."""
    return Say(what, GIVEN)


def options(said: Sequence[Speak], asked: bool = False) -> tuple[Shown, ...]:
    """The options of what was said as a message shows them, numbered; with `asked` those of its question alone, where
    it put one."""
    telling = [s for s in said if s.asks and s.options] if asked else []
    shown = [o for s in telling or said for o in s.options]
    return tuple(Shown(str(n), "", o.command) for n, o in enumerate(shown))
