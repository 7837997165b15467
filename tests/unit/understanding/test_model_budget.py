"""What may be spent on the model."""

from __future__ import annotations

from sayso.manifest.specs import ModelTerms
from sayso.understanding.language_model.budget import Breaker, Door, Purse, Spent
from sayso.understanding.language_model.endpoint import Prices


class Rows:
    """What other hosts have written down."""

    def __init__(self, *spent: Spent) -> None:
        self.left = list(spent)

    async def spent(self, merchant: str, day: str) -> Spent:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


TERMS = ModelTerms(daily_tokens=100, daily_cost=1000)


async def test_turns_at_the_same_moment_cannot_overdraw_together():
    """Each holds the most that it can cost until it settles."""
    purse = Purse()
    first = await purse.take("bar", "2026-11-23", TERMS, Spent(60, 10))
    assert first is not None
    assert await purse.take("bar", "2026-11-23", TERMS, Spent(60, 10)) is None
    purse.settle(first, Spent(20, 5))
    assert await purse.take("bar", "2026-11-23", TERMS, Spent(60, 10)) is not None


async def test_money_ends_a_day_as_tokens_do():
    """Whichever is used up first."""
    assert await Purse().take("bar", "2026-11-23", TERMS, Spent(1, 1001)) is None


async def test_the_next_day_begins_anew():
    """And what was held over midnight settles into nothing."""
    purse = Purse()
    held = await purse.take("bar", "2026-11-23", TERMS, Spent(90))
    assert held is not None
    assert await purse.take("bar", "2026-11-24", TERMS, Spent(90)) is not None
    purse.settle(held, Spent(90))
    assert await purse.take("bar", "2026-11-24", TERMS, Spent(20)) is None


async def test_a_merchant_does_not_spend_anothers_day():
    """Each has its own."""
    purse = Purse()
    await purse.take("bar", "2026-11-23", TERMS, Spent(100))
    assert await purse.take("shop", "2026-11-23", TERMS, Spent(100)) is not None


async def test_what_the_rows_say_counts():
    """A host that starts in the afternoon knows what the morning took; other hosts' spending is read again."""
    now = [0.0]
    purse = Purse(Rows(Spent(50), Spent(95)), clock=lambda: now[0])
    held = await purse.take("bar", "2026-11-23", TERMS, Spent(40))
    assert held is not None
    purse.settle(held, Spent(0))
    now[0] = 61.0
    assert await purse.take("bar", "2026-11-23", TERMS, Spent(40)) is None


async def test_the_host_has_a_limit_for_who_names_none():
    """0 is none at all."""
    assert await Purse(default=10).take("bar", "2026-11-23", ModelTerms(), Spent(11)) is None
    assert await Purse().take("bar", "2026-11-23", ModelTerms(), Spent(10**9)) is not None


def test_prices_are_for_a_million_tokens():
    """In millionths of the unit; what comes from a cache has its own price."""
    assert Prices(0.15, 0.6).of(1000, 100) == 210
    assert Prices(2.0, 8.0, 0.5).of(1000, 0, cached=600) == 400 * 2 + 300


def test_a_breaker_lets_one_try_for_all():
    """Closed, open, and half open until the probe has told."""
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    for _ in range(5):
        assert breaker.ready()
        breaker.failed()
    assert not breaker.ready()
    now[0] = 31.0
    assert (breaker.ready(), breaker.ready()) == (True, False)
    breaker.answered()
    assert breaker.ready() and breaker.ready()


def test_who_asks_to_be_left_alone_is():
    """A single 429 with Retry-After is enough."""
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    breaker.failed(later=10.0)
    assert not breaker.ready()
    now[0] = 10.5
    assert breaker.ready()


def test_a_door_forgets_who_has_left():
    """Thousands of merchants take no room."""
    door = Door(most=1)
    assert (door.enter("bar"), door.enter("bar"), door.enter("shop")) == (True, False, True)
    door.leave("bar")
    door.leave("shop")
    assert door.enter("bar") and len(door._inside) == 1
