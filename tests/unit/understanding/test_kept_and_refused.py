"""What is not to be taken away stays, and what is refused behind a thing is left out of it; in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Chosen, Line

BASKET = (Line("a", "latte", 1, (Chosen("milk", "oat"),)), Line("b", "mocha"), Line("c", "croissant"))

FRESH = [
    ("en", "cortado sugar no thanks", "add - cortado -sweetener/sugar"),
    ("en", "a latte, whipped cream? no thank you", "add 1 latte -extras/whipped_cream"),
    ("en", "a latte with oat milk, vanilla no thanks", "add 1 latte milk=oat -syrup/vanilla"),
    ("en", "I'd rather not have sugar in my cappuccino", "add - cappuccino -sweetener/sugar"),
    ("en", "a hot chocolate, and don't you dare put marshmallows on it", "add 1 hot_chocolate -extras/marshmallows"),
    ("en", "a latte with any milk except soy", "add 1 latte -milk/soy"),
    ("en", "a mocha with neither cream nor sauce", "add 1 mocha -extras/splash_of_cream note:nor sauce"),
    ("en", "leave the cream off the mocha", "add - mocha -extras/splash_of_cream"),
    ("en", "a half espresso", "add - espresso doubt:a half"),
    ("en", "half a mocha", "add - mocha doubt:half a"),
    ("en", "one and a half dozen croissants", "add 18 croissant"),
    ("en", "a double espresso, single actually", "add 1 espresso shots=single"),
    ("en", "a latte non-decaf", "add 1 latte -caffeine/decaf"),
    ("en", "two lattes, one that is decaf and the other with caffeine",
     "add 1 latte caffeine=regular; 1 latte caffeine=decaf"),
    ("en", "sugarless cappuccino", "add - cappuccino -sweetener/sugar"),
    ("en", "a latte with at most one sugar", "add 1 latte sweetener=sugar"),
    ("en", "flat why to", "add - flat_white"),
    ("nl", "een latte, wat kaneel erbij", "add 1 latte extras=cinnamon"),
    ("nl", "lactosevrije latte", "add - latte milk=lactose_free"),
    ("nl", "niet meer dan één suiker in de latte", "add - latte sweetener=sugar"),
    ("nl", "cortado suiker nee dank je", "add - cortado -sweetener/sugar"),
    ("nl", "een latte, slagroom? nee bedankt", "add 1 latte -extras/whipped_cream"),
    ("nl", "twee lattes, geen van beide met suiker", "add 2 latte -sweetener/sugar"),
    ("nl", "een mokka met noch slagroom noch saus", "add 1 mocha -extras/whipped_cream note:noch saus"),
    ("nl", "laat de slagroom van de mokka af", "add - mocha -extras/whipped_cream"),
    ("nl", "een halve espresso", "add - espresso doubt:een halve"),
    ("nl", "anderhalf dozijn croissants", "add 18 croissant"),
    ("nl", "grote flat white, nee doe maar medium", "add - flat_white size=medium"),
    ("nl", "een flinke cappuccino", "add 1 cappuccino note:flinke"),
]  # fmt: skip

HELD = [
    ("en", "change the oat milk to soy", "change a milk=soy"),
    ("en", "leave the cream off the mocha", "change b -extras/splash_of_cream"),
    ("en", "take the butter off the croissant", "change c -spread/butter"),
    ("en", "neither the mocha nor the croissant", "remove b | remove c"),
    ("nl", "haal de mokka eruit maar laat de rest staan", "remove b"),
    ("nl", "laat de slagroom van de mokka af", "change b -extras/whipped_cream"),
    ("nl", "noch de mokka noch de croissant", "remove b | remove c"),
]

SPARED = [
    ("en", "don't remove the latte"),
    ("en", "please don't cancel my mocha"),
    ("en", "do not drop the croissant"),
    ("en", "never remove the croissant"),
    ("en", "leave the latte alone"),
    ("en", "no wait, keep the croissant"),
    ("nl", "haal de latte niet weg"),
    ("nl", "annuleer mijn mokka niet"),
    ("nl", "verwijder de croissant niet"),
    ("nl", "nee wacht, laat de croissant staan"),
    ("nl", "laat de latte gewoon staan"),
]


@pytest.mark.parametrize(("language", "said", "meant"), FRESH)
def test_what_is_ordered(at, context, language, said, meant):
    """A refusal, a half, a correction: nothing of it is dropped or turned round."""
    assert " | ".join(at("coffee_bar", said, replace(context, language=language))) == meant


@pytest.mark.parametrize(("language", "said", "meant"), HELD)
def test_what_becomes_of_the_basket(at, context, language, said, meant):
    """What is taken off a thing is not the thing; what is changed is the line that has it."""
    within = replace(context, language=language, lines=BASKET, focus=("c", "b", "a"), intent="order_coffee.order")
    assert " | ".join(at("coffee_bar", said, within)) == meant


@pytest.mark.parametrize(("language", "said"), SPARED)
def test_what_is_not_to_be_taken_away_stays(at, context, language, said):
    """No line is removed or changed when a customer says not to."""
    within = replace(context, language=language, lines=BASKET, focus=("c", "b", "a"), intent="order_coffee.order")
    assert not [c for c in at("coffee_bar", said, within) if c.split()[0] in ("remove", "change", "add")]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("can I come by tomorrow at half nine for a tune-up", "2026-11-24T09:30"),
        ("I'll drop by on friday at 3 for a tune-up", "2026-11-27T15:00"),
        ("a puncture saturday, winter check", "2026-11-28"),
    ],
)
def test_words_that_tell_no_time(at, context, said, when):
    """The "by" of "come by" and the season in a service's name are no part of a moment."""
    fills = [c for c in at("workshop", said, context) if c.startswith("fill time=")]
    assert [f.removeprefix("fill time=")[: len(when)] for f in fills] == [when] and "/" not in fills[0]


@pytest.mark.parametrize("said", ["shirts under 50 euros but no cotton", "overhemden onder de 50 euro"])
def test_a_price_is_no_number_of_things(at, context, said):
    """What is looked for at a price is not ordered, let alone fifty of it."""
    assert not [c for c in at("clothing_shop", said, context) if c.startswith("add")]
