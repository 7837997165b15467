"""How a wish is read: how far a "no" reaches, what is compared, what nobody declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.commerce.colour import palette
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.skill.advice.vocabulary import shipped, vocabulary
from sayso.skill.advice.wish import Wish, read

ROOT = Path(__file__).parents[3]
TREE = load_tree(ROOT / "manifests", ROOT / "skills")


def wish(merchant: str, intent: str, words: str) -> Wish:
    artefact = compile_artefact(TREE.merchants[merchant])
    known = vocabulary(artefact.intent(intent), artefact.catalog)
    return read(words, shipped(), known, palette(), artefact.catalog)


def wear(words: str) -> Wish:
    return wish("clothing_shop", "find_product.find", words)


def shade(words: str) -> Wish:
    return wish("makeup_counter", "try_on_advice.advise", words)


@pytest.mark.parametrize(
    "words",
    [
        "a lipstick, nothing too red",
        "lipstick, not too red please",
        "iets voor mijn lippen, niet te rood",
        "lippenstift, niks roods of zo, niet rood",
        "a lipstick that's less red",
    ],
)
def test_a_colour_that_is_too_much_is_refused(words: str) -> None:
    """What is "too red" is not red."""
    said = shade(words)
    assert said.not_colours and not said.colours


@pytest.mark.parametrize(
    ("words", "refused", "wanted"),
    [
        ("boots, no wool or leather", {"wool", "leather"}, set()),
        ("geen wol en geen leer", {"wool", "leather"}, set()),
        ("not leather but canvas", {"leather"}, {"canvas"}),
        ("geen leer maar canvas", {"leather"}, {"canvas"}),
        ("no suede, cotton please", {"suede"}, {"cotton"}),
        ("no suede, leather or rubber", {"suede", "leather", "rubber"}, set()),
        ("cotton, not linen", {"linen"}, {"cotton"}),
    ],
)
def test_a_no_reaches_what_it_denies_and_no_further(words: str, refused: set[str], wanted: set[str]) -> None:
    """Things joined by "or" are refused together; a comma and "but" end it."""
    said = wear(words)
    assert set(said.refused.get("material", ())) == refused
    assert set(said.wanted.get("material", ())) == wanted


@pytest.mark.parametrize(
    "words", ["boots, not leather, size 39", "laarzen niet van leer, maat 39", "niet zwart maat 39"]
)
def test_a_size_behind_a_refusal_is_wished(words: str) -> None:
    """ "Not leather, size 39" refuses no size."""
    assert wear(words).options["shoe_size"] == "39"


def test_a_size_before_a_price_is_no_price() -> None:
    """ "Maat 41 max 100 euro" costs at most 100."""
    said = wear("sneakers wit maat 41 max 100 euro")
    assert (said.most, said.options["shoe_size"]) == (10000, "41")


@pytest.mark.parametrize("words", ["jas maat 164", "a coat in size 164"])
def test_a_size_that_nothing_comes_in_is_told(words: str) -> None:
    """What is no size here is not dropped."""
    assert any("164" in each for each in wear(words).unknown)


@pytest.mark.parametrize("words", ["darker", "iets donkerders", "too light", "niet zo licht", "a bit darker please"])
def test_darker_is_compared(words: str) -> None:
    """A shade by comparison."""
    assert shade(words).darker


@pytest.mark.parametrize("words", ["hm not that dark", "iets lichter", "te donker", "less dark"])
def test_lighter_is_compared(words: str) -> None:
    """What is too dark should be lighter."""
    assert shade(words).lighter


@pytest.mark.parametrize("words", ["pinker", "iets rozers", "redder", "roder", "groenigs", "a greenish one"])
def test_a_colour_is_compared(words: str) -> None:
    """ "Pinker" is of the colour pink."""
    assert shade(words).colours


@pytest.mark.parametrize(
    ("words", "cheap"), [("not too expensive", True), ("niet te duur", True), ("the cheapest", True)]
)
def test_what_costs_little_is_wished(words: str, cheap: bool) -> None:
    """A wish for a low price without a figure."""
    assert wear(words).cheap is cheap


@pytest.mark.parametrize("words", ["too expensive", "te duur"])
def test_what_is_too_dear_should_be_cheaper(words: str) -> None:
    """Said of what was shown."""
    assert wear(words).cheaper


@pytest.mark.parametrize(
    ("words", "told"),
    [("a lipstick that lasts", "lasts"), ("schoenen zonder veters", "veters"), ("met zakken", "zakken")],
)
def test_what_nobody_declares_is_kept_to_be_told(words: str, told: str) -> None:
    """No word that could be a modifier is dropped."""
    assert told in " ".join(wear(words).unknown)


def test_letters_the_wrong_way_round_are_read() -> None:
    """ "Shrit" is a shirt."""
    assert wear("shrit for the office").wanted["type"] == ("shirt",)
