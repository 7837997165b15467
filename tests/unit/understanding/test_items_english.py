"""Items, quantities, options and notes in English."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("two oat lattes", "add 2 latte milk=oat"),
        ("a latte and a cappuccino", "add 1 latte; 1 cappuccino"),
        ("two lattes, one with oat milk", "add 1 latte; 1 latte milk=oat"),
        ("2 lattes please. One decaf and one regular", "add 1 latte; 1 latte caffeine=decaf"),
        ("one decaf latte and one regular please", "add 1 latte caffeine=decaf; 1 latte"),
        ("three lattes, one with oat milk, the others with soy", "add 2 latte milk=soy; 1 latte milk=oat"),
        ("a latte and a cappuccino, both decaf", "add 1 latte caffeine=decaf; 1 cappuccino caffeine=decaf"),
        ("a latte with oat milk, vanilla and a cappuccino", "add 1 latte milk=oat syrup=vanilla; 1 cappuccino"),
        ("could you get me two lattes? Make one decaf though.", "add 1 latte; 1 latte caffeine=decaf"),
        ("an iced, caramel cappuccino", "add 1 cappuccino syrup=caramel temperature=iced"),
        ("I'd like a latte. With soy milk please.", "add 1 latte milk=soy"),
        ("a latte with two pumps of vanilla", "add 1 latte syrup=vanilla*2"),
        ("a latte with two espresso shots", "add 1 latte shots=double"),
        ("a latte with a double shot of espresso", "add 1 latte shots=double"),
        ("a double shot of latte", "add 1 latte shots=double"),
        ("latte x2", "add 2 latte"),
        ("half a dozen croissants", "add 6 croissant"),
        ("a couple of croissants", "add 2 croissant"),
        ("one hundred and eleven lattes", "add 111 latte"),
        ("111 lattes", "add 111 latte"),
        ("latte please", "add - latte"),
        ("I think a cappuccino would be good, so one cappuccino", "add 1 cappuccino"),
        ("an oat milk latte instead of whole milk", "add 1 latte milk=oat"),
        ("I'd like one of your macchiatos", "add 1 macchiato"),
    ],
)
def test_items_of_an_order(read, said, meant):
    """Each item has its own quantity and options, and several may be in one utterance."""
    assert read(said) == [meant]


def test_the_baristas_nightmare(read):
    """Six modifiers in one sentence make one line with exactly those six (AC-18)."""
    said = "A double upside-down macchiato, half-decaf, with room and a splash of cream, in a grande cup"
    options = "caffeine=half extras=cream extras=room extras=upside shots=double size=large"
    assert read(said) == [f"add 1 macchiato {options}"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a large iced latte", "add 1 iced_latte size=large"),
        ("an earl grey tea", "add 1 earl_grey"),
        ("a chai tea latte", "add 1 chai_latte"),
        ("a muffin", "add 1 blueberry_muffin"),
        ("a capuchino", "add 1 cappuccino"),
        ("one cafe au lay and a flat why to", "add 1 cafe_au_lait; 1 flat_white"),
        ("an expresso and a machiato", "add 1 espresso; 1 macchiato"),
        ("two cappucinos with almnd milk", "add 2 cappuccino milk=almond"),
    ],
)
def test_names_are_found_in_other_spellings(read, said, meant):
    """The longest name wins; spelling and speech recognition are forgiven; a word of kind may stand beside a name."""
    assert read(said) == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a latte with extra foam", "add 1 latte note:extra foam"),
        ("a latte, no foam", "add 1 latte note:no foam"),
        ("a latte with triple foam", "add 1 latte note:triple foam"),
        ("a latte no whip", "add 1 latte -extras/whip"),
        ("a latte without sugar or whipped cream", "add 1 latte -extras/whip note:without sugar"),
        ("a latte with a sprinkle of gold dust", "add 1 latte note:sprinkle of gold dust"),
        ("a croissant, not too dark", "add 1 croissant note:not too dark"),
    ],
)
def test_no_modifier_is_dropped(read, said, meant):
    """What the catalog cannot map stays as a note in the customer's own words, its negation included (rule 11)."""
    assert read(said) == [meant]


def test_a_group_without_a_value_is_a_doubt(read):
    """ "With syrup" does not say which: dialogue asks."""
    assert read("a latte with syrup") == ["add 1 latte doubt:syrup"]


def test_a_vague_amount_is_a_doubt(read):
    """ "A few" is not a quantity."""
    assert read("a few croissants") == ["add - croissant doubt:a few"]


@pytest.mark.parametrize("said", ["a unicorn frappé", "can I get a unicorn frappé please"])
def test_an_unknown_thing_is_told_as_unknown(read, said):
    """Something that is not sold is an item without products, in its own words."""
    assert read(said) == ["add 1 ?unicorn frappé"]


def test_an_unknown_thing_beside_a_known_one(read):
    """The known item is not spoilt by the unknown one."""
    assert read("two lattes and a unicorn frappe") == ["add 2 latte; 1 ?unicorn frappe"]


def test_what_is_not_wanted_is_not_ordered(read):
    """A product behind a negation is no item."""
    assert read("a latte and a croissant, no croissant") == ["add 1 latte"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a lrge latte", "add 1 latte size=large"),
        ("a latte wiht almond milk", "add 1 latte milk=almond"),
        ("i watn a latte", "add 1 latte"),
        ("a ltte please", "add 1 latte"),
        ("a latte wiht almnd mlk", "add 1 latte milk=almond"),
    ],
)
def test_slips_of_the_fingers(read, said, meant):
    """Letters swapped or vowels left out make nothing up."""
    assert read(said) == [meant]


def test_a_slip_in_an_edit(read, basket):
    """ "Acutally two" is two."""
    assert read("acutally two", basket) == ["change a 2"]
