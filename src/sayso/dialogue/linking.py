"""One customer on several channels: what is said about it. Everything else that was going on stays as it is."""

from __future__ import annotations

from sayso.dialogue.moves import Moved, Scene, say, withdrawn
from sayso.model.action import Link, Linked, Speak
from sayso.model.command import Say
from sayso.model.event import Claimed
from sayso.model.state import State, Topic


def offer(state: State, given: Say, scene: Scene) -> Moved:
    """Be known on another channel, too: a code where one is known, a way to sign in where one is not."""
    return state, (Link("offer"),)


def end(state: State, given: Say, scene: Scene) -> Moved:
    """What was linked is linked no more; the request itself is the say-so, as it can be linked again."""
    return state, (Link("end"),)


def tell(state: State, given: Say, scene: Scene) -> Moved:
    """Which channels know the customer by a link."""
    return state, (Link("list"),)


def claimed(state: State, given: Claimed, scene: Scene) -> Moved:
    """A code was checked at the door, or a page was pressed: right, they are one customer; wrong, another try."""
    if given.offer:
        return state, (Link("claim", given.offer, given.customer),)
    return state, (say("link.locked" if given.locked else "link.wrong"),)


def linked(state: State, given: Linked, scene: Scene) -> Moved:
    """It is said; whose link ended here leaves nothing behind."""
    said = Speak(given.reply, given.params, invites="url" if given.page else _sign_in(given.reply), about=given.page)
    if not given.ended:
        return state, (said,)
    _, released = withdrawn(state)
    bare = State(state.language, Topic(state.topic.id, state.topic.merchant), greeted=True)
    return bare, (*released, said)


def _sign_in(reply: str) -> str:
    """Where nobody is known, the platform's own way to sign in is offered."""
    return "link" if reply in ("link.how", "link.none_here") else ""
