"""The usual and the last, for those who are known and want it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import Chosen, Line, Order, Proposal, Recall, Recalled, Refused, price

KNOWN = {"assurance": "linked", "consents": frozenset({"personalise"})}
START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def earlier(shop: Any, n: int, *lines: Line, **slots: str) -> None:
    """An order of day n."""
    priced = price(lines, shop.artefact.catalog)
    at = START + timedelta(days=n)
    place = slots.get("store", "dam")
    proposal = Proposal(
        f"p{n}", "d", "coffee", "coffee.order", priced, slots, priced[0].total, at, "v0", location=place
    )
    shop.rows.placed[f"o{n}"] = Order(f"o{n}", f"A{n}", "bar", "bar/web/bar/c0", "anna", proposal, at)


async def recall(shop: Any, what: str = "usual", **who: Any) -> Recalled | Refused:
    found: Recalled | Refused = await shop.fulfilment.recall(shop.turn(**(KNOWN | who)), Recall("coffee.usual", what))
    return found


def skus(found: Recalled | Refused) -> list[str]:
    assert isinstance(found, Recalled)
    return [line.sku for line in found.lines]


def refusal(found: Recalled | Refused) -> tuple[str, str]:
    assert isinstance(found, Refused)
    return found.troubles[0].key, found.troubles[0].slot


async def test_the_usual_is_the_latest_that_was_repeated(shop: Any) -> None:
    """Twice a latte, then once an espresso: the latte, however its defaults were said."""
    large = Chosen("size", "large")
    earlier(shop, 1, Line("a", "latte", 1, (large,)), store="park", service="here")
    earlier(shop, 2, Line("a", "latte", 1, (Chosen("milk", "whole"), large)), store="dam", service="here")
    earlier(shop, 3, Line("a", "espresso"))
    found = await recall(shop)
    assert skus(found) == ["latte"]
    assert isinstance(found, Recalled) and found.slots == {"store": "dam", "service": "here"}
    assert found.params["what"].value == "usual"  # type: ignore[union-attr]


async def test_without_a_repeat_the_last_is_taken_and_said(shop: Any) -> None:
    """It is not called the usual."""
    earlier(shop, 1, Line("a", "latte"))
    earlier(shop, 2, Line("a", "espresso"))
    found = await recall(shop)
    assert skus(found) == ["espresso"]
    assert isinstance(found, Recalled) and found.params["what"].value == "last"  # type: ignore[union-attr]


async def test_the_last_is_the_last(shop: Any) -> None:
    """Whatever was repeated before."""
    earlier(shop, 1, Line("a", "latte"))
    earlier(shop, 2, Line("a", "latte"))
    earlier(shop, 3, Line("a", "espresso"))
    assert skus(await recall(shop, "last")) == ["espresso"]


async def test_quantity_is_part_of_what_is_usual(shop: Any) -> None:
    """One and two of a thing are different orders; two lines of one are one line of two."""
    earlier(shop, 1, Line("a", "espresso"), Line("b", "espresso"))
    earlier(shop, 2, Line("a", "espresso", 2))
    earlier(shop, 3, Line("a", "espresso", 1))
    found = await recall(shop)
    assert isinstance(found, Recalled)
    assert [line.quantity for line in found.lines] == [2]


@pytest.mark.parametrize("history", [True, False])
async def test_an_unverified_speaker_learns_nothing(shop: Any, history: bool) -> None:
    """The answer is the same with and without a history, and no row is read."""
    if history:
        earlier(shop, 1, Line("a", "latte"))
    assert refusal(await recall(shop, assurance="channel")) == ("order.need_verify", "verify")
    assert shop.rows.reads == 0


async def test_consent_is_asked_for(shop: Any) -> None:
    """A known customer who has not agreed is asked, and nothing is read."""
    assert refusal(await recall(shop, consents=frozenset())) == ("order.need_consent", "consent")
    assert shop.rows.reads == 0


async def test_no_history_is_said(shop: Any) -> None:
    """To a known customer, honestly."""
    assert refusal(await recall(shop)) == ("order.no_history", "")


async def test_what_is_gone_from_the_menu_is_left_out_and_said(shop: Any) -> None:
    """The rest comes back; with nothing left that is said."""
    gone = Line("b", "unicorn")
    earlier(shop, 1, Line("a", "latte"))
    order = shop.rows.placed["o1"]
    lines = (*order.proposal.lines, replace(order.proposal.lines[0], line=gone))
    shop.rows.placed["o1"] = replace(order, proposal=replace(order.proposal, lines=lines))
    found = await recall(shop)
    assert skus(found) == ["latte"]
    assert isinstance(found, Recalled) and found.params["incomplete"].value == "yes"  # type: ignore[union-attr]
    only = replace(order.proposal, lines=lines[1:])
    shop.rows.placed["o1"] = replace(order, proposal=only)
    assert refusal(await recall(shop)) == ("order.history_gone", "")


async def test_a_sold_out_part_comes_back_for_the_check(shop: Any) -> None:
    """The check then offers a substitute."""
    earlier(shop, 1, Line("a", "espresso"))
    shop.rows.on.add("sold_out/espresso")
    found = await recall(shop)
    assert isinstance(found, Recalled)
    assert [key for key, _ in await shop.check(*found.lines)] == ["order.sold_out"]
