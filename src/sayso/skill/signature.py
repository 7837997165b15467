"""One handler's signature, read once: what is injected, what is a slot, and how a slot's text becomes a value."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sayso.manifest.specs import Artefact, IntentSpec, Location, MerchantSpec, SkillSpec, SlotSpec
from sayso.model.action import (
    Answered,
    Ask,
    Check,
    Checked,
    Commit,
    HandOver,
    Propose,
    Recall,
    Recalled,
    Refused,
    Speak,
    Wanting,
)
from sayso.model.basket import Line, Proposal
from sayso.model.catalog import Catalog, Product
from sayso.model.effect import Effect
from sayso.skill.api import Outcome, Turn
from sayso.skill.author import Changes, Entry, Key
from sayso.skill.rows import Rows


@dataclass(frozen=True, slots=True)
class Fault:
    """Where, what is wrong, and what to write instead."""

    where: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Given:
    """All that a call of a handler can be served from."""

    turn: Turn
    slots: Mapping[str, str]
    extras: Mapping[Any, Any]
    lines: tuple[Line, ...]


Getter = Callable[[Given], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A handler with its plan: a getter per parameter; `optional` ones are left out when their slot is empty."""

    handler: Callable[..., Awaitable[Any]]
    getters: Mapping[str, Getter]
    optional: frozenset[str] = frozenset()

    def __call__(self, given: Given) -> Awaitable[Any]:
        got = {name: get(given) for name, get in self.getters.items()}
        return self.handler(**{name: v for name, v in got.items() if v is not None or name not in self.optional})


INJECTED: Mapping[Any, Getter] = {
    Turn: lambda given: given.turn,
    Artefact: lambda given: given.turn.artefact,
    MerchantSpec: lambda given: given.turn.merchant,
    SkillSpec: lambda given: given.turn.skill,
    Catalog: lambda given: given.turn.catalog,
    Rows: lambda given: given.turn.rows,
}
"""What any handler may take, by annotation."""

ROLES: Mapping[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "line": ((), (Line,)),
    "check": ((Check,), (Checked,)),
    "propose": ((Propose,), (Proposal, Outcome)),
    "commit": ((Commit, Proposal, Key), (Outcome,)),
    "undo": ((Effect, Changes), (Outcome,)),
    "recall": ((Recall,), (Recalled, Refused)),
    "ask": ((Ask,), (Answered, Wanting, Speak, NoneType)),
    "hand_over": ((HandOver,), (Outcome,)),
}
"""What a role's handler may take besides, and what it may return."""


def _location(value: str, given: Given) -> Location | None:
    return given.turn.merchant.locations.get(value)


def _product(value: str, given: Given) -> Product | None:
    return given.turn.catalog.products.get(value)


def _moment(value: str, given: Given) -> datetime | None:
    return None if value.startswith("@") else datetime.fromisoformat(value)


Convert = Callable[[str, Given], Any]


def _words(value: str, given: Given) -> str:
    return value


def _number(value: str, given: Given) -> int:
    return int(value)


def _date(value: str, given: Given) -> date:
    return date.fromisoformat(value[:10])


def _lines(value: str, given: Given) -> tuple[Line, ...]:
    return given.lines


SLOT_TYPES: Mapping[str, Mapping[Any, Convert]] = {
    "lines": {tuple[Line, ...]: _lines},
    "location": {str: _words, Location: _location},
    "product": {str: _words, Product: _product},
    "choice": {str: _words},
    "time": {str: _words, datetime: _moment},
    "text": {str: _words},
    "postcode": {str: _words},
    "number": {int: _number, str: _words},
    "date": {str: _words, date: _date},
    "party": {int: _number, str: _words},
    "person": {str: _words},
    "first_name": {str: _words},
    "last_name": {str: _words},
}
"""Slot type -> the annotations that a parameter may have for it, and how the slot's text becomes one."""


def compile_call(entry: Entry, intents: tuple[IntentSpec, ...]) -> Call | tuple[Fault, ...]:
    """The handler's plan, or everything that is wrong with its signature."""
    where = f"@{entry.role}({entry.name!r}) {getattr(entry.handler, '__qualname__', entry.handler)}"
    if not inspect.iscoroutinefunction(entry.handler):
        return (Fault(where, "is not async", "write `async def`"),)
    try:
        hints = get_type_hints(entry.handler)
    except NameError as error:
        return (Fault(where, f"has an annotation that is not known: {error}", "import that name where the skill runs"),)
    parameters = inspect.signature(entry.handler).parameters
    reader = _Reader(where, entry.role, intents)
    getters = {name: reader.getter(p, hints.get(name)) for name, p in parameters.items()}
    faults = (*reader.faults, *_returns(where, entry.role, hints.get("return")))
    if faults:
        return faults
    optional = frozenset(name for name, p in parameters.items() if p.default is not p.empty)
    return Call(entry.handler, {name: get for name, get in getters.items() if get}, optional)


def _returns(where: str, role: str, hint: Any) -> Iterator[Fault]:
    allowed = ROLES[role][1]
    wanted = " | ".join("None" if kind is NoneType else kind.__name__ for kind in allowed)
    if hint is None:
        if NoneType not in allowed:
            yield Fault(where, "does not say what it returns", f"write `-> {wanted}`")
    elif any(kind not in allowed for kind in _members(hint)):
        yield Fault(where, f"returns {_told(hint)}", f"a {role} handler returns {wanted}")


def _members(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _told(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)


class _Reader:
    """Reads the parameters of one handler, collecting faults."""

    def __init__(self, where: str, role: str, intents: tuple[IntentSpec, ...]) -> None:
        self.where, self.role, self.intents = where, role, intents
        self.faults: list[Fault] = []

    def getter(self, parameter: inspect.Parameter, hint: Any) -> Getter | None:
        """How to get a parameter; None, with a fault, when that is not known."""
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            self._fault(f"takes {parameter}", "name each slot, so that it can be checked")
            return None
        if hint in INJECTED:
            return INJECTED[hint]
        extras = ROLES[self.role][0]
        if hint in extras:
            return lambda given: given.extras[hint]
        return self._slot(parameter, hint)

    def _slot(self, parameter: inspect.Parameter, hint: Any) -> Getter | None:
        name = parameter.name
        slots = [intent.slots[name] for intent in self.intents if name in intent.slots]
        if not slots or len(slots) < len(self.intents):
            return self._unknown(name, hint)
        converts = {self._convert(parameter, hint, slot) for slot in slots}
        convert = next(iter(converts))
        if convert is None:
            return None
        made: Convert = convert

        def get(given: Given) -> Any:
            value = given.slots.get(name)
            return made(value or "", given) if value is not None or made is _lines else None

        return get

    def _unknown(self, name: str, hint: Any) -> Getter | None:
        kinds = [*INJECTED, *ROLES[self.role][0]]
        told = ", ".join(_told(kind) for kind in kinds)
        if hint is not None and hint not in (str, int, datetime, Location, Product):
            self._fault(f"cannot fill {name}: {_told(hint)}", f"a {self.role} handler may take {told}, or slots")
            return None
        known = sorted({slot for intent in self.intents for slot in intent.slots})
        told = ", ".join(intent.id for intent in self.intents) or "no intent"
        self._fault(f"takes {name!r}, which is no slot of {told}", did_you_mean(name, known))
        return None

    def _convert(self, parameter: inspect.Parameter, hint: Any, slot: SlotSpec) -> Convert | None:
        options = SLOT_TYPES.get(slot.type, {})
        members = [member for member in _members(hint) if member is not NoneType]
        if slot.secret or not options:
            self._fault(f"takes {slot.name!r}, a {slot.type} slot", "a secret is checked by the host: leave it out")
            return None
        if len(members) != 1 or not self._fits(members[0], slot, options):
            told = " or ".join(_told(kind) for kind in options)
            self._fault(
                f"takes {slot.name}: {_told(hint)}, but the slot is a {slot.type}", f"write {slot.name}: {told}"
            )
            return None
        if parameter.default is parameter.empty and not (slot.required or slot.default or slot.type == "lines"):
            self._fault(f"takes {slot.name!r}, which may be missing", "give it a default, or make the slot required")
            return None
        return options.get(members[0], _words)

    def _fits(self, hint: Any, slot: SlotSpec, options: Mapping[Any, Convert]) -> bool:
        if get_origin(hint) is Literal:
            return slot.type == "choice" and set(get_args(hint)) == set(slot.values)
        return hint in options

    def _fault(self, what: str, mend: str) -> None:
        self.faults.append(Fault(self.where, what, mend))


def did_you_mean(word: str, known: list[str]) -> str:
    """The nearest known word as advice, else all of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are {', '.join(sorted(set(known)))}" if known else "the manifest declares none"
