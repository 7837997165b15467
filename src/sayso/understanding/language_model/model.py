"""The model stage: a language model, asked only when the local stages are unsure or the question is open.

Theory. The model sees the pending question and a few rows that retrieval chose, marked as data, and answers in a JSON
Schema made from the manifests; what is personal in the customer's words is masked first. Its answer is validated again
and grounded (`grounding.py`): ids must be among those shown; quantities, options and notes must be in the customer's
own words. It cannot say yes, undo, cancel or call a person, and no word of its own reaches the customer: an open
question is answered with rows that it cites, which the host puts into words. At worst it proposes.

What it may take is bounded: the turn's deadline, the merchant's day in tokens and money, how many turns wait for it at
once; while it is down nobody waits. Every failure, a late answer included, leaves the local reading standing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from sayso.model.command import Candidate, Command, ModelUse
from sayso.understanding.cascade import Opinion
from sayso.understanding.context import Context
from sayso.understanding.language_model.budget import Breaker, Door, Purse, Spent, Taken
from sayso.understanding.language_model.dialects import Asked
from sayso.understanding.language_model.endpoint import Answered, Caller, Endpoint, Failed, parsed
from sayso.understanding.language_model.grounding import grounded
from sayso.understanding.language_model.private import is_personal, masked
from sayso.understanding.language_model.prompt import prompt
from sayso.understanding.language_model.rows import Shown, shown
from sayso.understanding.spans import Reading, read
from sayso.understanding.words import clean, tokens

if TYPE_CHECKING:
    from sayso.understanding.lexicon import Lexicon

MARGIN_S = 0.2
"""Kept back of the deadline, for what follows the stage."""
LONGEST_S = 6.0
"""A turn never waits longer for a model, whatever its deadline."""
CHARACTERS = 3
"""Of a prompt, that make a token at least: what a turn takes of its day before it knows."""


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """An endpoint with what this process knows of it."""

    caller: Caller
    breaker: Breaker


@dataclass(slots=True)
class ModelStage:
    """The model stage of a host. Of several endpoints a merchant's is the one of its region; without a region the first
    is. `longest_s`: seconds that a turn waits at most."""

    endpoints: Sequence[Endpoint]
    purse: Purse = field(default_factory=Purse)
    longest_s: float = LONGEST_S
    door: Door = field(default_factory=Door)
    clock: Callable[[], float] = monotonic
    _known: Mapping[str, _Endpoint] = field(init=False)

    def __post_init__(self) -> None:
        pairs = [(e.region, _Endpoint(Caller(e), Breaker(self.clock))) for e in self.endpoints]
        # The first of a region serves it; the first of all serves whoever asks for none.
        self._known = dict([*reversed(pairs), *((("", pairs[0][1]),) if pairs else ())])

    async def opinion(
        self, text: str, context: Context, lexicon: Lexicon, near: Sequence[Candidate], deadline: float
    ) -> Opinion:
        """What `text` means, inside the deadline. Never raises: every failure is an empty opinion."""
        merchant, seconds = lexicon.artefact.merchant, min(deadline - MARGIN_S, self.longest_s)
        endpoint = self._known.get(merchant.model.region)
        if not merchant.model.enabled or endpoint is None or seconds <= 0 or is_personal(context, lexicon):
            return Opinion(())
        day = context.now.date().isoformat()
        if not endpoint.breaker.ready():
            return Opinion((), ModelUse("resting", day))
        if not self.door.enter(merchant.id):
            endpoint.breaker.left()
            return Opinion((), ModelUse("busy", day))
        began = self.clock()
        turn = _Turn(self, endpoint, lexicon, day)
        try:
            async with asyncio.timeout(seconds):
                commands = await turn.commands(text, context, near, seconds)
        except TimeoutError:
            commands = turn.failed("late")
        except Failed as failed:
            commands = turn.failed(failed.why, failed.later)
        except Exception:  # the border to a party that may fail in any way: the local reading stands
            commands = turn.failed("malformed")
        finally:
            # A turn that is cut off itself settles, too.
            endpoint.breaker.left()
            self.door.leave(merchant.id)
            used = turn.used(self.clock() - began)
        return Opinion(commands, used)

    async def close(self) -> None:
        """Close the connections."""
        for endpoint in {id(e): e for e in self._known.values()}.values():
            await endpoint.caller.close()


@dataclass(slots=True)
class _Turn:
    """One call, from the rows to the commands, and what it took."""

    stage: ModelStage
    endpoint: _Endpoint
    lexicon: Lexicon
    day: str
    outcome: str = "late"
    taken: Taken | None = None
    answered: Answered | None = None

    async def commands(
        self, text: str, context: Context, near: Sequence[Candidate], seconds: float
    ) -> tuple[Command, ...]:
        """Raises Failed."""
        reading = _reading(text, self.lexicon, context)
        rows = shown(reading, self.lexicon, near, context.language)
        asked = prompt(masked(reading), context, rows, self.lexicon.artefact)
        merchant = self.lexicon.artefact.merchant
        self.taken = await self.stage.purse.take(merchant.id, self.day, merchant.model, self._most(asked))
        if self.taken is None:
            self.outcome = "spent"
            return ()
        self.answered = await self.endpoint.caller.ask(asked, seconds)
        return self._believed(parsed(self.answered.content), reading, rows)

    def _believed(self, answer: Mapping[str, object], reading: Reading, rows: Shown) -> tuple[Command, ...]:
        self.endpoint.breaker.answered()
        found = grounded(answer, reading, rows, self.lexicon)
        self.outcome = "answered" if found else "ungrounded" if answer.get("commands") else "nothing"
        return found

    def _most(self, asked: Asked) -> Spent:
        """What it can cost at most."""
        told = (len(asked.system) + len(asked.user) + len(str(asked.schema))) // CHARACTERS
        return Spent(told + asked.most, self.endpoint.caller.endpoint.prices.of(told, asked.most))

    def failed(self, why: str, later: float = 0.0) -> tuple[Command, ...]:
        self.outcome = why
        if self.taken is not None:
            self.endpoint.breaker.failed(later)
        return ()

    def used(self, seconds: float) -> ModelUse:
        """Settles for what it really took. A call that was broken off counts as the most that it could take: the
        server may have done the work."""
        told = self.answered
        if self.taken is None:
            return ModelUse(self.outcome, self.day, seconds=round(seconds, 3))
        prices = self.endpoint.caller.endpoint.prices
        if told is not None and told.prompt:
            use = ModelUse(
                self.outcome,
                self.day,
                1,
                told.prompt,
                told.completion,
                prices.of(told.prompt, told.completion, told.cached),
            )
            spent = Spent(told.prompt + told.completion, use.cost)
        elif self.outcome in ("late", "cut") or told is not None:
            most = self.taken.spent
            use, spent = ModelUse(self.outcome, self.day, 1, most.tokens, 0, most.cost, guessed=True), most
        else:
            use, spent = ModelUse(self.outcome, self.day, 1), Spent()
        self.stage.purse.settle(self.taken, spent)
        return use.after(round(seconds, 3))


def _reading(text: str, lexicon: Lexicon, context: Context) -> Reading:
    cleaned = clean(text)
    return read(cleaned, tokens(cleaned), lexicon, context.language)
