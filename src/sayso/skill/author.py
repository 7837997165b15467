"""What a skill's author writes with: a `Skill` collects handlers by role and name; binding checks them.

Theory. Every fulfilment does the same few things: turn slots into lines, check lines, propose, commit, undo, recall,
answer. Each is a *role*; a handler takes a role for one or more names: an intent's id, its operation, or, for `ask`,
what a question is about. Handlers are plain async functions and stay so: the decorators return them unchanged, so a
test awaits them directly and a type checker knows their slots.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NewType, TypeVar

from sayso.model.action import Answered, Checked, Recalled, Refused, Speak, Wanting
from sayso.model.basket import Chosen, Line, Proposal
from sayso.model.effect import Change
from sayso.skill.api import Outcome

Key = NewType("Key", str)
"""The idempotency key of a commit: send it along with any call to another party."""

Changes = tuple[Change, ...]
"""The changes that an effect made, for the undo that inverts them."""

Handler = Callable[..., Awaitable[Any]]
F = TypeVar("F", bound=Handler)
L = TypeVar("L", bound=Callable[..., Awaitable[Line]])
P = TypeVar("P", bound=Callable[..., Awaitable[Proposal | Outcome]])
O = TypeVar("O", bound=Callable[..., Awaitable[Outcome]])  # noqa: E741  # read as Outcome
C = TypeVar("C", bound=Callable[..., Awaitable[Checked]])
R = TypeVar("R", bound=Callable[..., Awaitable[Recalled | Refused]])
A = TypeVar("A", bound=Callable[..., Awaitable[Answered | Wanting | Speak | None]])


@dataclass(frozen=True, slots=True)
class Entry:
    """A handler under one role and name."""

    role: str
    name: str
    handler: Handler


@dataclass(slots=True)
class Skill:
    """The handlers of a skill.

        coffee = Skill()

        @coffee.line("order")
        async def order(turn: Turn, drink: str, size: str = "medium", quantity: int = 1) -> Line:
            return line(drink, quantity, size=size)

    `local`: its commits and undos only change rows of this host, so they run inside the turn's own transaction;
    otherwise the host stores the confirmed effect before it calls. A skill with `line` handlers gets everything else
    from the kind `order`, unless it has handlers of its own. `kind` names a fulfilment kind: a manifest need not use
    all operations of a kind, but every handler of a skill.
    """

    local: bool = False
    kind: str = ""
    entries: list[Entry] = field(default_factory=list)

    def line(self, *names: str) -> Callable[[L], L]:
        """Slots to one line of the basket."""
        return self._take("line", names)

    def check(self, *names: str) -> Callable[[C], C]:
        """May these lines be sold as they are? Takes a `Check`."""
        return self._take("check", names)

    def propose(self, *names: str) -> Callable[[P], P]:
        """What is offered for these slots and lines: a `Proposal`, or an `Outcome` that reserves or refuses."""
        return self._take("propose", names)

    def commit(self, *names: str) -> Callable[[O], O]:
        """The customer said yes: do it, once per `Key`."""
        return self._take("commit", names)

    def undo(self, *names: str) -> Callable[[O], O]:
        """Take it back. Takes the `Effect` and the `Changes` it made."""
        return self._take("undo", names)

    def recall(self, *names: str) -> Callable[[R], R]:
        """Find earlier lines of this customer. Takes a `Recall`."""
        return self._take("recall", names)

    def ask(self, *names: str) -> Callable[[A], A]:
        """Answer a question. Takes an `Ask`; None when there is nothing to say."""
        return self._take("ask", names)

    def hand_over(self) -> Callable[[O], O]:
        """A person is asked for: make a task and promise when. Takes a `HandOver`; returns an `Outcome` with
        `HandedOver`."""
        return self._take("hand_over", ("hand_over",))

    def _take(self, role: str, names: tuple[str, ...]) -> Callable[[F], F]:
        def take(handler: F) -> F:
            self.entries.extend(Entry(role, name, handler) for name in names)
            return handler

        return take


def line(sku: str, quantity: int = 1, *, notes: tuple[str, ...] = (), **options: str | int) -> Line:
    """A line of the basket: `line("latte", 2, size="large", milk="oat")`.

    `options` are group=value; `group=2` counts a group with a single value. The host gives the line its id and price.
    """
    chosen = tuple(_chosen(group, value) for group, value in options.items())
    return Line("", sku, quantity, chosen, notes)


def _chosen(group: str, value: str | int) -> Chosen:
    if isinstance(value, int):
        return Chosen(group, group, value)
    name, _, count = value.partition("*")
    return Chosen(group, name, int(count) if count else 1)
