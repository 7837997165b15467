# ruff: noqa: E501 (lists of wordings read better in one line)
"""What answers a question about a slot, and what is something else that was said instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Chosen, Line
from sayso.model.command import Fill
from sayso.model.state import Pending
from sayso.understanding.local import analyse


@pytest.fixture
def asked(context):
    """asked("time"): that slot is asked for, with a plain latte and one with oat milk in the basket."""
    lines = (Line("a", "latte", 1), Line("b", "latte", 1, (Chosen("milk", "oat"),)))

    def asking(slot: str):
        pending = Pending("slot", "order_coffee.order", slot)
        return replace(context, lines=lines, focus=("b", "a"), intent="order_coffee.order", pending=pending)

    return asking


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("make the oat one large", "change b size=large"),
        ("doe er één met havermelk", "change b milk=oat"),
        ("maak er drie van", "change b 3"),
        ("two instead", "change b 2"),
        ("two lattes", "add 2 latte"),
        ("2 croissants please", "add 2 croissant"),
        ("one more", "change b +1"),
        ("the first one decaf", "change a caffeine=decaf"),
    ],
)
def test_an_edit_is_no_time(read, asked, said, meant):
    """A number is an hour only where it is the whole answer."""
    assert read(said, asked("time")) == [meant]


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("4", "16:00"), ("four please", "16:00"), ("at 4", "16:00"), ("make it 4 o'clock", "16:00"), ("let's say 4", "16:00"),
        ("doe maar vier", "16:00"), ("om vijf uur", "17:00"), ("vijf", "17:00"), ("around 3", "15:00"), ("yes 4 please", "16:00"),
        ("rond een uur of vier", "16:00"), ("noon", "12:00"),
    ],
)  # fmt: skip
def test_a_bare_number_is_a_time(read, asked, said, hour):
    """Where a time is asked for, an hour may be said by its number."""
    assert read(said, asked("time")) == [f"fill time=2026-11-23T{hour}:00+01:00"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a person", ["say person"]),
        ("yes", ["Yes"]),
        ("no", ["No"]),
        ("help", ["say help"]),
        ("thanks", ["say thanks"]),
        ("a croissant too", ["add 1 croissant"]),
        ("een croissant erbij", ["add 1 croissant"]),
        ("Keizersgracht 12", ["fill address=Keizersgracht 12"]),
        ("deliver to Keizersgracht 12", ["fill address=Keizersgracht 12"]),
        ("Latteweg 3", ["fill address=Latteweg 3"]),
        ("12 Mill Road", ["fill address=12 Mill Road"]),
        ("Damrak 1, Amsterdam", ["fill address=Damrak 1, Amsterdam"]),
    ],
)
def test_an_address_is_told_by_its_number(read, asked, said, meant):
    """Global phrases, yes and no, and things to order are no address."""
    assert read(said, asked("address")) == meant


@pytest.mark.parametrize(
    "said", ["how much is delivery?", "how much is delivery", "is it far", "what do you mean", "Spuistraat"]
)
def test_a_question_is_no_address(lexicon, asked, said):
    """A question asked back, or a street without a number, leaves the address open."""
    commands = analyse(said, asked("address"), lexicon).commands
    assert not any(isinstance(c, Fill) and c.slot == "address" for c in commands)


@pytest.mark.parametrize(
    "said", ["no, the other store", "a different store", "nee, een andere winkel", "ander filiaal graag"]
)
def test_another_store_opens_the_choice(lexicon, asked, said):
    """No store is guessed: all of them are candidates, to be asked about."""
    (fill,) = analyse(said, asked("time"), lexicon).commands
    assert fill.slot == "store" and len({c.score for c in fill.values}) == 1 and len(fill.values) == 2
