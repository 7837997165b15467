"""Second thoughts and picking, in words: what is put back, what stands for the other one, what asks for patience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.model.command import Add, Candidate, Fill, Item
from sayso.model.message import Shown
from sayso.model.state import Frame, Pending
from sayso.testing.given import GIVEN
from sayso.understanding.context import Context

Read = Callable[..., list[str]]

SHOES = ("veluwe_trail_olive", "duin_trail_blue", "spriet_kids_trail_red")


def _fills(told: str) -> list[str]:
    """The values of one line, each by itself."""
    return [f"fill {value.strip()}" for value in told.split("fill ") if value.strip()]


@pytest.fixture
def listed(context: Context) -> Context:
    """Three shoes are shown, of 129, 99 and 64.95."""
    shown = tuple(Shown(f"t{n}", sku, Add((Item(sku, (Candidate(sku),)),), GIVEN)) for n, sku in enumerate(SHOES))
    return replace(context, pending=Pending("product"), shown=shown)


@pytest.fixture
def three(context: Context) -> Context:
    """Three cappuccinos, read back."""
    return replace(
        context,
        pending=Pending("confirm", intent="order_coffee.order"),
        intent="order_coffee.order",
        lines=(Line("a", "cappuccino", 3),),
        focus=("a",),
    )


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("the first", 0), ("buy the first", 0), ("the last one of those", 2), ("I'll go with the second", 1),
        ("doe de eerste maar", 0), ("ik ga voor de tweede", 1), ("de laatste van die", 2), ("die tweede graag", 1),
        ("the cheapest of those", 2), ("de duurste", 0),
    ],
)  # fmt: skip
def test_one_of_the_list(at: Read, listed: Context, said: str, place: int) -> None:
    """By its place or its price, whatever taking it is called."""
    found = at("clothing_shop", said, listed)
    last = ["choose -1"] if place == len(SHOES) - 1 else []
    assert found in ([f"choose {place}"], [f"add - {SHOES[place]}"], last)


@pytest.mark.parametrize("said", ["that one", "doe die maar", "die graag", "I'll have that one", "doe die dan maar"])
def test_the_one_that_was_just_told_of(at: Read, listed: Context, said: str) -> None:
    """ "That one" is what the last answer was about, though others are shown as well."""
    told = replace(listed, mentioned=(SHOES[2],))
    assert at("clothing_shop", said, told) == [f"add - {SHOES[2]}"]


@pytest.mark.parametrize("said", ["say that again", "zeg dat nog eens", "forget that", "laat dat maar", "undo that"])
def test_what_only_points_at_words_takes_nothing(at: Read, listed: Context, said: str) -> None:
    """Of one thing on offer, too."""
    offered = replace(listed, shown=listed.shown[:1], mentioned=(SHOES[0],))
    assert not any(found.startswith(("add", "choose", "Yes")) for found in at("clothing_shop", said, offered))


@pytest.mark.parametrize("said", ["which of them is the cheapest?", "welke van die is het goedkoopst?"])
def test_a_comparison_of_what_is_shown(at: Read, listed: Context, said: str) -> None:
    """It is asked about those, and about nothing else of the shop."""
    (found,) = at("clothing_shop", said, listed)
    assert SHOES[2] in found and "@cheapest" in found


@pytest.mark.parametrize("said", ["more", "show me some more", "any others?", "meer", "laat er meer zien", "nog meer"])
def test_more_of_the_list(at: Read, listed: Context, said: str) -> None:
    """In a word or a sentence."""
    assert at("clothing_shop", said, listed) == ["say more"]


@pytest.mark.parametrize(
    "said",
    [
        "neither of them really",
        "none of those",
        "not my thing",
        "geen van beide eigenlijk",
        "niks voor mij",
        "geen van die",
    ],
)  # fmt: skip
def test_none_of_them(at: Read, listed: Context, said: str) -> None:
    """What is refused is never taken for a choice."""
    assert at("clothing_shop", said, listed) == ["No"]


@pytest.mark.parametrize(
    "said",
    [
        "let me change that: two of them flat whites, and the third one decaf",
        "wijzig: twee ervan flat white, en de derde cafeïnevrij",
    ],
)  # fmt: skip
def test_some_of_them_become_something_else(at: Read, three: Context, said: str) -> None:
    """As many of the line as were said, and a wish for the one that is left."""
    first, second = at("coffee_bar", said, three)
    assert "a" in first and "2" in first and "flat_white" in first
    assert "caffeine=decaf" in second


@pytest.mark.parametrize("said", ["make it two cappuccinos", "maak er twee cappuccino's van", "doe er maar twee"])
def test_so_many_of_them(at: Read, three: Context, said: str) -> None:
    """A number with the thing that is there already is its new number."""
    (found,) = at("coffee_bar", said, three)
    assert found.startswith("change a") and "2" in found


@pytest.mark.parametrize(
    "said", ["make it decaf", "oh dear, that should have been decaf", "o jee, die had cafeïnevrij moeten zijn"]
)
def test_what_was_ordered_is_changed(at: Read, context: Context, said: str) -> None:
    """With nothing in the basket it is about the order that can still be taken back."""
    after = replace(context, undoable=True, done_lines=(Line("a", "mocha"),))
    (found,) = at("coffee_bar", said, after)
    assert found.startswith("change") and "caffeine=decaf" in found


@pytest.mark.parametrize(
    "said",
    [
        "wait I'll ask my wife", "Wait, I'll ask my wife", "hold on my phone is ringing",
        "wacht ik overleg even met mijn vrouw", "wacht, de bel gaat",
    ],
)  # fmt: skip
def test_why_somebody_waits_is_no_wish(at: Read, three: Context, said: str) -> None:
    """With or without a comma; at a read-back it is no doubt either."""
    assert at("coffee_bar", said, three) == ["say wait"]


@pytest.mark.parametrize("said", ["wait, cancel that", "wacht, annuleer maar"])
def test_what_follows_a_wait_counts(at: Read, three: Context, said: str) -> None:
    """Who waits and cancels, cancels."""
    assert at("coffee_bar", said, three) == ["say cancel"]


@pytest.mark.parametrize(
    ("said", "code"), [("keizersgracht twelve ten fifteen c s", "1015CS"), ("tien twaalf a b", "1012AB")]
)
def test_a_postcode_in_words(at: Read, context: Context, said: str, code: str) -> None:
    """Spelled out as people do, when it is asked for; nothing of it is a number of things."""
    asked = replace(
        context,
        pending=Pending("slot", intent="order_coffee.order", slot="postcode"),
        intent="order_coffee.order",
        lines=(Line("a", "latte"),),
        focus=("a",),
    )
    found = at("coffee_bar", said, asked)
    assert all(f.startswith("fill ") for f in found) and f"fill postcode={code}" in [
        x for f in found for x in _fills(f)
    ]


@pytest.mark.parametrize("said", ["no, anyone will do", "doe toch maar wie er vrij is", "whoever is free after all"])
def test_anyone_instead_of_somebody(at: Read, context: Context, said: str) -> None:
    """Where somebody was asked for by name, it takes that back."""
    slots = {"service": "makeover", "staff": "daan"}
    asked = replace(
        context,
        pending=Pending("confirm", intent="book_appointment.book"),
        intent="book_appointment.book",
        frames=(Frame("book_appointment.book", "d1", slots),),
    )
    assert any("@any" in found for found in at("makeup_counter", said, asked))


@pytest.mark.parametrize("said", ["forty two", "42", "maat 42"])
def test_a_size_that_is_not_made(at: Read, context: Context, said: str) -> None:
    """It is told as the value that it is, so that it can be said that there is none; it is no note."""
    asked = replace(
        context,
        pending=Pending("option", subject="a", group="shoe_size"),
        intent="order_products.order",
        lines=(Line("a", "spriet_kids_trail_red"),),
        focus=("a",),
    )
    (found,) = at("clothing_shop", said, asked)
    assert "shoe_size=42" in found and "note" not in found


def test_the_words_of_a_button_are_the_button(at: Read, context: Context) -> None:
    """ "I don't know" is an answer where it is one of the answers."""
    skip = Shown("t", "I don't know", Fill("undertone", (Candidate("any"),), GIVEN))
    asked = replace(context, pending=Pending("slot", intent="try_on_advice.advise", slot="undertone"), shown=(skip,))
    assert at("makeup_counter", "I don't know", asked) != ["say hesitation"]


@pytest.mark.parametrize("said", ["go back", "step back", "ga terug", "een stap terug", "vorige vraag"])
def test_a_step_back(at: Read, three: Context, said: str) -> None:
    """Takes back the last answer."""
    assert at("coffee_bar", said, three) == ["say undo"]


@pytest.mark.parametrize("said", ["yes, cancel it", "ja, annuleer maar"])
def test_a_yes_that_says_what_was_asked(at: Read, context: Context, said: str) -> None:
    """ "Shall I cancel it?" - "yes, cancel it"; to a read-back of an order the same is no yes."""
    cancelling = replace(context, pending=Pending("confirm", intent="book_appointment.cancel"))
    assert at("workshop", said, cancelling) == ["Yes"]
    buying = replace(context, pending=Pending("confirm", intent="order_coffee.order"), lines=(Line("a", "latte"),))
    assert "Yes" not in at("coffee_bar", said, buying)


def test_a_phrase_that_is_said_at_a_word(at: Read, context: Context) -> None:
    """A price that is asked with a word that a service has as well ("kwijt", lost) is about what is in progress."""
    asked = replace(
        context,
        language="nl",
        pending=Pending("slot", intent="book_appointment.book", slot="time"),
        intent="book_appointment.book",
        frames=(Frame("book_appointment.book", "d1", {"service": "home_repair"}),),
    )
    assert at("workshop", "hoeveel ben ik dan kwijt", asked) == ["ask price"]


@pytest.mark.parametrize("words", ["doe de cappuccino maar weg", "doe die cappuccino weg", "doe die cappuccino eraf"])
def test_a_verb_of_doing_that_ends_in_away_takes_away(at: Read, three: Context, words: str) -> None:
    """Dutch parts its verbs: "doe ... weg" wants nothing else in place of it."""
    found = at("coffee_bar", words, replace(three, language="nl"))
    assert [one.split()[0] for one in found] == ["remove"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("on second thought, a cortado", "en"),
        ("I've changed my mind, one cortado please", "en"),
        ("bij nader inzien een cortado", "nl"),
        ("ik heb me toch bedacht, een cortado graag", "nl"),
    ],
)
def test_a_changed_mind_puts_another_thing_in_place(at: Read, three: Context, words: str, language: str) -> None:
    """What was wanted last is replaced, not kept beside it."""
    found = at("coffee_bar", words, replace(three, language=language))
    assert len(found) == 1
    assert found[0].startswith("change")
    assert "cortado" in found[0]


@pytest.mark.parametrize(
    ("words", "language"),
    [("with cinnamon? no, leave it out", "en"), ("met kaneel? nee laat maar weg dat", "nl")],
)
def test_what_was_wished_a_moment_ago_goes_alone(at: Read, three: Context, words: str, language: str) -> None:
    """The thing itself stays."""
    found = at("coffee_bar", words, replace(three, language=language))
    assert not any(one.startswith("remove") for one in found)
