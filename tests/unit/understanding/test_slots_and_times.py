"""Stores, services, times, postcodes and names, mentioned anywhere or asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.state import Pending


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("at half ten", "2026-11-23T10:30"),
        ("om half tien", "2026-11-23T09:30"),
        ("om kwart over negen", "2026-11-23T09:15"),
        ("rond kwart voor tien", "2026-11-23T09:45"),
        ("vijf voor half elf", "2026-11-23T10:25"),
        ("in 20 minutes", "2026-11-23T09:20"),
        ("over een half uur", "2026-11-23T09:30"),
        ("over een kwartier", "2026-11-23T09:15"),
        ("at 10:30", "2026-11-23T10:30"),
        ("om 14.30", "2026-11-23T14:30"),
        ("at 3pm", "2026-11-23T15:00"),
        ("at 8 o'clock", "2026-11-23T20:00"),
        ("tomorrow at 9", "2026-11-24T09:00"),
        ("voor morgen 8 uur", "2026-11-24T08:00"),
    ],
)
def test_times_of_day(read, said, when):
    """The next such time, in the zone of the place; "half ten" is not "half tien"."""
    (got,) = read(said)
    assert got.startswith(f"fill time={when}")


@pytest.mark.parametrize("said", ["as soon as possible", "zo snel mogelijk", "asap"])
def test_as_soon_as_possible(read, said):
    """It has a value of its own."""
    assert read(said) == ["fill time=@asap"]


def test_with_a_is_not_at_once(read):
    """ "Met een" is not "meteen"."""
    assert read("een latte met een croissant") == ["add 1 latte; 1 croissant"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("two lattes to go at Dam Square", {"add 2 latte", "fill service=to_go", "fill store=dam"}),
        ("twee lattes om mee te nemen bij de Dam", {"add 2 latte", "fill service=to_go", "fill store=dam"}),
        ("a latte for here, South Station", {"add 1 latte", "fill service=here", "fill store=zuid"}),
        ("a latte, bring it to 1012 AB", {"add 1 latte", "fill postcode=1012AB", "fill service=delivery"}),
        ("een latte, op het Damrak", {"add 1 latte", "fill store=dam"}),
    ],
)
def test_values_are_taken_out_of_an_order(read, said, meant):
    """Store, service and postcode become fills, and no notes of the item."""
    assert {line.removesuffix(" note:bring") for line in read(said)} == meant


@pytest.fixture
def asked(context):
    """asked("store"): the pending question is about that slot."""
    return lambda slot: replace(
        context, pending=Pending("slot", "order_coffee.order", slot), intent="order_coffee.order"
    )


@pytest.mark.parametrize(
    "said", ["the nearest", "whichever is closest", "de dichtstbijzijnde", "de dichtstbijzijnde graag"]
)
def test_the_nearest_store(read, asked, said):
    """The dialogue knows where the customer is, or asks."""
    assert read(said, asked("store")) == ["fill store=@nearest"]


@pytest.mark.parametrize("said", ["Dam Square", "the one at the dam", "damn square", "Dam"])
def test_a_store_by_name(read, asked, said):
    """By name, part of it, and as it may be misheard."""
    assert read(said, asked("store")) == ["fill store=dam"]


@pytest.mark.parametrize(("said", "when"), [("half ten", "10:30"), ("ten", "10:00"), ("20 minutes", "09:20")])
def test_a_bare_time_when_it_is_asked(read, asked, said, when):
    """Asked for a time, a bare number is one."""
    (got,) = read(said, asked("time"))
    assert got.startswith(f"fill time=2026-11-23T{when}")


def test_a_text_is_taken_as_it_is(read, asked):
    """An address is the customer's own words; "help" is none."""
    assert read("Prinsengracht 263 twee hoog", asked("address")) == ["fill address=Prinsengracht 263 twee hoog"]
    assert read("help", asked("address")) == ["say help"]
