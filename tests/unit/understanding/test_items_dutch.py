"""Items, quantities, options and notes in Dutch and Flemish, and both languages mixed."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("twee havermelk lattes graag", "add 2 latte milk=oat"),
        ("havermelklatte graag", "add - latte milk=oat"),
        ("een latte met haver melk en vanillesiroop", "add 1 latte milk=oat syrup=vanilla"),
        ("mag ik twee latte's en drie croissants", "add 2 latte; 3 croissant"),
        ("doe mij maar een cappuccino en een stuk appeltaart", "add 1 cappuccino; 1 apple_pie"),
        ("drie cappuccino's waarvan eentje met sojamelk en eentje decaf",
         "add 1 cappuccino; 1 cappuccino milk=soy; 1 cappuccino caffeine=decaf"),
        ("twee lattes, de ene met havermelk, de andere met soja", "add 1 latte milk=soy; 1 latte milk=oat"),
        ("een latte en een cappuccino, allebei cafeïnevrij", "add 1 latte caffeine=decaf; 1 cappuccino caffeine=decaf"),
        ("amai, geef mij een deca", "add 1 ?deca"),
        ("vijfentwintig croissants", "add 25 croissant"),
        ("een cappuccino zonder slagroom", "add 1 cappuccino -extras/whip"),
        ("een latte met twee pompjes vanille", "add 1 latte syrup=vanilla*2"),
        ("een koffie verkeerd met oat milk", "add 1 latte milk=oat"),
        ("twee flat whites met havermelk please", "add 2 flat_white milk=oat"),
    ],
)  # fmt: skip
def test_items_of_an_order(read, said, meant):
    """Compounds are read apart and together, plurals and both languages are understood."""
    assert read(said) == [meant]


def test_the_baristas_nightmare(read):
    """The same six modifiers as in English (AC-18)."""
    said = (
        "Een dubbele upside-down macchiato, half cafeïnevrij, niet tot de rand gevuld, met een scheutje slagroom, "
        "in een grande beker"
    )
    options = "caffeine=half extras=cream extras=room extras=upside shots=double size=large"
    assert read(said) == [f"add 1 macchiato {options}"]


def test_a_wish_that_the_catalog_does_not_know_stays(read):
    """ "Zonder kappertjes" is a note, word for word."""
    assert read("een croissant zonder kappertjes") == ["add 1 croissant note:zonder kappertjes"]


@pytest.mark.parametrize("said", ["anderhalve latte", "een paar lattes"])
def test_a_vague_amount_is_a_doubt(read, said):
    """One and a half is no quantity of drinks."""
    assert read(said) == [f"add - latte doubt:{said.rpartition(' ')[0]}"]
