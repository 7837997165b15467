"""Binding: a skill's handlers are checked against its manifest once, when it loads, and compiled to calls.

Theory. A parameter of a handler is either *injected*, recognised by its annotation (`Turn`, `Catalog`, `Check`), or a
*slot*, recognised by its name; nothing else may stand there. Both are settled here, so that a turn only runs a plan
of getters. Every fault of a skill is told at once, each with its fix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sayso.errors import SaysoError
from sayso.manifest.specs import IntentSpec, SkillSpec
from sayso.model.action import (
    Answered,
    Ask,
    Check,
    Checked,
    Commit,
    HandOver,
    Propose,
    Proposed,
    Recall,
    Recalled,
    Refused,
    Speak,
    Trouble,
    Wanting,
)
from sayso.model.basket import Line, Proposal
from sayso.model.effect import Change, Effect
from sayso.model.fact import Fact
from sayso.skill.api import Fulfilment, Outcome, Turn
from sayso.skill.author import Changes, Entry, Key, Skill
from sayso.skill.signature import Call, Fault, Given, compile_call, did_you_mean

NEEDS = {
    "purchase": ("propose", "commit"),
    "booking": ("propose", "commit"),
    "write": ("propose", "commit"),
    "message": ("propose", "commit"),
    "read": ("ask",),
    "none": ("ask",),
}
"""The roles that an intent needs a handler for, by its effect."""


class Unbindable(SaysoError):
    """A skill's handlers do not fit its manifest; `faults` holds every reason, each with its fix."""

    code = "skill_unbindable"

    def __init__(self, skill: str, faults: tuple[Fault, ...]) -> None:
        told = "\n".join(f"  {fault.where}: {fault.what}\n    {fault.mend}" for fault in faults)
        super().__init__(f"skill {skill!r} cannot be loaded:\n{told}", where=skill, mend=faults[0].mend)
        self.faults = faults


def bind(skill: Skill, spec: SkillSpec, base: Skill | None = None) -> Fulfilment:
    """The skill as the host calls it. `base` supplies the roles that the skill has no handler for, where it has `line`
    handlers: the kind `order`. Raises Unbindable with every fault."""
    lines = any(entry.role == "line" for entry in skill.entries)
    calls: dict[tuple[str, str], Call] = {}
    faults = list(_doubled(skill, spec))
    for entry in _entries(skill, base if lines else None):
        found = compile_call(entry, _serves(entry, spec))
        if isinstance(found, Call):
            calls.setdefault((entry.role, entry.name), found)
        else:
            faults.extend(found)
    faults.extend(_missing(spec, calls, lines and base is not None))
    faults.extend(() if skill.kind else _unused(skill, spec))
    if faults:
        raise Unbindable(spec.id, tuple(dict.fromkeys(faults)))
    return Bound(spec, calls, skill.local or (lines and base is not None and base.local))


def _entries(skill: Skill, base: Skill | None) -> Iterator[Entry]:
    yield from skill.entries
    yield from base.entries if base else ()


def _serves(entry: Entry, spec: SkillSpec) -> tuple[IntentSpec, ...]:
    """The intents that a handler is called for."""
    return tuple(intent for intent in spec.intents.values() if entry.name in (intent.id, intent.operation))


def _doubled(skill: Skill, spec: SkillSpec) -> Iterator[Fault]:
    seen: dict[tuple[str, str], Entry] = {}
    for entry in skill.entries:
        names = {entry.name} | {intent.id for intent in _serves(entry, spec) if entry.role != "ask"}
        for name in sorted(names):
            first = seen.setdefault((entry.role, name), entry)
            if first is not entry and first.handler is not entry.handler:
                what = f"is a second {entry.role} handler for {name!r}, after {_name(first)}"
                yield Fault(_name(entry), what, "keep one of them")


def _name(entry: Entry) -> str:
    return f"@{entry.role}({entry.name!r}) {getattr(entry.handler, '__qualname__', entry.handler)}"


def _missing(spec: SkillSpec, calls: Mapping[tuple[str, str], Call], order: bool) -> Iterator[Fault]:
    for intent in spec.intents.values():
        roles = NEEDS.get(intent.effect, ()) + (("undo",) if intent.undo else ())
        for role in roles:
            names = (intent.id, intent.operation, "add") if order else (intent.id, intent.operation)
            handed = role == "ask" and ("hand_over", "hand_over") in calls
            if not handed and not any((role, name) in calls for name in names):
                mend = f'write: @{spec.id}.{role}("{intent.id}") async def {role}_{intent.id}(turn: Turn, ...)'
                yield Fault(f"intent {intent.id}", f"has no {role} handler (its effect is {intent.effect})", mend)


def _unused(skill: Skill, spec: SkillSpec) -> Iterator[Fault]:
    for entry in skill.entries:
        if entry.role not in ("ask", "hand_over") and not _serves(entry, spec):
            mend = did_you_mean(entry.name, [*spec.intents, *(i.operation for i in spec.intents.values())])
            yield Fault(_name(entry), f"the manifest has no intent or operation {entry.name!r}", mend)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound skill: looks a handler up by role and name, and calls it with what it asked for."""

    spec: SkillSpec
    calls: Mapping[tuple[str, str], Call]
    local: bool

    async def check(self, turn: Turn, action: Check) -> Checked:
        action = replace(action, lines=await self._lines(turn, action))
        call = self._find("check", action.intent)
        if call is None:
            return Checked(action.lines)
        checked: Checked = await call(Given(turn, action.slots, {Check: action}, action.lines))
        return checked

    async def propose(self, turn: Turn, action: Propose) -> Outcome:
        action = replace(action, lines=await self._lines(turn, action))
        call = self._need("propose", action.intent)
        made: Proposal | Outcome = await call(Given(turn, action.slots, {Propose: action}, action.lines))
        return _offered(made) if isinstance(made, Proposal) else made

    async def commit(self, turn: Turn, action: Commit, key: str) -> Outcome:
        call = self._need("commit", action.proposal.intent)
        extras = {Proposal: action.proposal, Commit: action, Key: key}
        outcome: Outcome = await call(Given(turn, action.proposal.slots, extras, _lines_of(action.proposal)))
        return outcome

    async def undo(self, turn: Turn, effect: Effect, changes: tuple[Change, ...]) -> Outcome:
        call = self._find("undo", effect.intent)
        if call is None:
            return Outcome(Refused((Trouble("undo.too_late"),)))
        outcome: Outcome = await call(Given(turn, {}, {Effect: effect, Changes: changes}, ()))
        return outcome

    async def recall(self, turn: Turn, action: Recall) -> Recalled | Refused:
        call = self.calls.get(("recall", action.what)) or self._need("recall", action.intent)
        found: Recalled | Refused = await call(Given(turn, {}, {Recall: action}, ()))
        return found

    async def ask(self, turn: Turn, action: Ask) -> Answered | Wanting | None:
        call = self.calls.get(("ask", action.question.about)) or self._reader(action)
        if call is None:
            return None
        said: Answered | Wanting | Speak | None = await call(Given(turn, action.slots, {Ask: action}, action.lines))
        return Answered((said,)) if isinstance(said, Speak) else said

    async def hand_over(self, turn: Turn, action: HandOver) -> Outcome | None:
        call = self.calls.get(("hand_over", "hand_over"))
        return await call(Given(turn, {}, {HandOver: action}, ())) if call else None

    async def _lines(self, turn: Turn, action: Check | Propose) -> tuple[Line, ...]:
        """The basket with the line that the slots describe, where the intent has a `line` handler."""
        call = self._find("line", action.intent, exact=True)
        if call is None:
            return action.lines
        made: Line = await call(Given(turn, action.slots, {}, action.lines))
        made = replace(made, id=made.id or action.intent, merchant=turn.merchant.id)
        return (*(line for line in action.lines if line.id != made.id), made)

    def _reader(self, action: Ask) -> Call | None:
        """The handler of an intent that only reads, for its own question or an open one: a digression is not its."""
        skill, _, intent = action.intent.rpartition(".")
        spec = self.spec.intents.get(intent) if skill in ("", self.spec.id) else None
        if spec is None or spec.effect not in ("read", "none"):
            return None
        own = action.question.about in ("", "open", spec.id, spec.operation)
        return self._find("ask", action.intent, exact=True) if own else None

    def _find(self, role: str, intent: str, *, exact: bool = False) -> Call | None:
        spec = self.spec.intents.get(intent.rpartition(".")[2])
        names = (spec.id, spec.operation) if spec else ()
        found = next((self.calls[role, name] for name in names if (role, name) in self.calls), None)
        return found if found or exact else self.calls.get((role, "add"))

    def _need(self, role: str, intent: str) -> Call:
        found = self._find(role, intent)
        if found is None:
            raise SaysoError(f"skill {self.spec.id!r} has no {role} handler for {intent!r}", where=self.spec.id)
        return found


def _lines_of(proposal: Proposal) -> tuple[Line, ...]:
    return tuple(priced.line for priced in proposal.lines)


def _offered(proposal: Proposal) -> Outcome:
    """A bare proposal, with its total as the Fact of the read-back."""
    total = Fact(proposal.total, "proposal", proposal.id, proposal.digest)
    return Outcome(Proposed(proposal, {"total": total}))
