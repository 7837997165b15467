"""What holds for good, what is to be forgotten, and what is only of this order: told apart in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.model.command import Add, Allergy, Change, Command, Forget, Keep
from sayso.model.state import Pending
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon, compile_lexicon
from sayso.understanding.local import analyse

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
Say = Callable[..., tuple[Command, ...]]


@cache
def lexicon(merchant: str) -> Lexicon:
    draft = load_tree(ROOT / "manifests", ROOT / "skills").merchants[merchant]
    return compile_lexicon(compile_artefact(draft, lambda bare: b""))


def said(words: str, language: str = "en", merchant: str = "coffee_bar", **more: object) -> tuple[Command, ...]:
    context = Context(language=language, now=NOW, **more)  # type: ignore[arg-type]
    return analyse(words, context, lexicon(merchant)).commands


def kept(commands: tuple[Command, ...]) -> dict[str, str]:
    return {like.about: like.value for c in commands if isinstance(c, Keep) for like in c.likes}


def forgotten(commands: tuple[Command, ...]) -> set[str]:
    return {about for c in commands if isinstance(c, Forget) for about in c.abouts}


MILK, SIZE, STORE = "option/milk", "option/size", "location"


@pytest.mark.parametrize(
    ("language", "words", "likes"),
    [
        ("en", "I always take oat milk", {MILK: "oat"}),
        ("en", "remember that I take oat milk", {MILK: "oat"}),
        ("en", "could you remember that I drink decaf?", {"option/caffeine": "decaf"}),
        ("en", "from now on soy milk please", {MILK: "soy"}),
        ("en", "my size is large", {SIZE: "large"}),
        ("en", "my usual store is Dam Square", {STORE: "dam"}),
        ("en", "I've switched to oat milk for good", {MILK: "oat"}),
        ("en", "remember that my name is Anna", {"slot/order_coffee/name": "Anna"}),
        ("en", "as a rule I drink it here", {"slot/order_coffee/service": "here"}),
        ("nl", "ik neem altijd havermelk", {MILK: "oat"}),
        ("nl", "onthoud dat ik havermelk neem", {MILK: "oat"}),
        ("nl", "kun je onthouden dat ik decaf drink?", {"option/caffeine": "decaf"}),
        ("nl", "vanaf nu sojamelk", {MILK: "soy"}),
        ("nl", "mijn maat is groot", {SIZE: "large"}),
        ("nl", "ik ga altijd naar de Dam", {STORE: "dam"}),
        ("nl", "houd er rekening mee dat ik altijd decaf drink", {"option/caffeine": "decaf"}),
        ("nl", "geen koemelk meer, voortaan sojamelk", {MILK: "soy"}),
    ],
)
def test_what_lasts_is_kept(language: str, words: str, likes: dict[str, str]) -> None:
    """With the customer's own words beside it."""
    commands = said(words, language)
    assert kept(commands) == likes
    assert all(like.words == words for c in commands if isinstance(c, Keep) for like in c.likes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "a latte with oat milk"),
        ("en", "I'd like oat milk"),
        ("en", "I prefer oat milk"),
        ("en", "do you always have oat milk?"),
        ("en", "are you always open on Sundays?"),
        ("en", "the same as always"),
        ("en", "forget the muffin"),
        ("en", "remove the milk"),
        ("nl", "een latte met havermelk"),
        ("nl", "doe maar hetzelfde als altijd"),
        ("nl", "is er altijd havermelk?"),
        ("nl", "zijn jullie altijd open?"),
        ("nl", "laat de muffin maar zitten"),
        ("nl", "vergeet de muffin"),
    ],
)
def test_what_is_of_this_order_alone_is_not(language: str, words: str) -> None:
    """Nor is a question, nor a thing that is left out."""
    commands = said(words, language)
    assert not kept(commands) and not forgotten(commands)


@pytest.mark.parametrize(
    ("language", "words", "abouts"),
    [
        ("en", "forget my size please", {SIZE}),
        ("en", "stop remembering my milk", {MILK}),
        ("en", "don't remember my address", {"slot/order_coffee/address"}),
        ("en", "forget that I like oat milk", {MILK}),
        ("en", "I no longer take soy", {MILK}),
        ("en", "can you forget my store?", {STORE}),
        ("en", "forget my allergy", {"allergen/*"}),
        ("nl", "vergeet mijn maat", {SIZE}),
        ("nl", "stop met mijn melk te onthouden", {MILK}),
        ("nl", "haal mijn naam maar weg", {"slot/order_coffee/name"}),
        ("nl", "vergeet dat ik havermelk neem", {MILK}),
        ("nl", "ik drink geen sojamelk meer", {MILK}),
        ("nl", "vergeet mijn winkel maar", {STORE}),
        ("nl", "ik ben niet meer allergisch voor noten", {"allergen/nuts"}),
    ],
)
def test_what_is_to_be_forgotten(language: str, words: str, abouts: set[str]) -> None:
    """By its name, by its value, or because it is so no more."""
    assert forgotten(said(words, language)) == abouts


@pytest.mark.parametrize(
    ("language", "words"), [("en", "that's wrong, I take soy now"), ("nl", "klopt niet meer, ik neem nu sojamelk")]
)
def test_now_lasts_where_what_we_know_was_just_told(language: str, words: str) -> None:
    """And only there."""
    assert kept(said(words, language, recalling=True)) == {MILK: "soy"}
    assert not kept(said(words, language))


def test_what_is_ordered_beside_it_is_ordered() -> None:
    """A latte, and for good with oat milk; the words that last are no note of the line."""
    commands = said("a latte, I always take oat milk, and a muffin")
    assert kept(commands) == {MILK: "oat"}
    items = [item for c in commands if isinstance(c, Add) for item in c.items]
    assert [item.products[0].id for item in items][:1] == ["latte"] and len(items) == 2
    assert not any(item.notes for item in items)


def test_what_is_mine_is_not_ordered() -> None:
    """ "My coffees" are those to come."""
    assert not any(isinstance(c, Add) for c in said("in future make all my coffees large"))


def test_in_the_middle_of_an_order_it_changes_that_too() -> None:
    """The same words answer what is asked, too."""
    pending = Pending("slot", intent="order_coffee.order", slot="store")
    commands = said("always Dam Square", pending=pending, intent="order_coffee.order")
    assert kept(commands) == {STORE: "dam"} and len(commands) == 2


def test_an_allergy_that_is_to_be_remembered_holds_at_once() -> None:
    """Consent is for later orders; this one is safe without."""
    commands = said("remember that I'm allergic to nuts")
    assert kept(commands) == {"allergen/nuts": "nuts"}
    assert any(isinstance(c, Allergy) and c.allergens == ("nuts",) for c in commands)


@pytest.mark.parametrize(
    ("words", "about"), [("mijn maat is M", "option/size"), ("mijn schoenmaat is 42", "option/shoe_size")]
)
def test_a_size_is_one_of_its_own_kind(words: str, about: str) -> None:
    """Clothes and shoes have sizes of their own."""
    assert set(kept(said(words, "nl", "clothing_shop"))) == {about}


def test_of_what_the_manifest_keeps_nothing_is_kept() -> None:
    """Foam and sugar are of an order; only what says so is remembered."""
    assert not kept(said("I always want extra foam"))
    assert not any(isinstance(c, Change | Keep) for c in said("remember that I like it hot"))


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("onthoud mijn maat niet meer", "nl"),
        ("bewaar mijn maat toch maar niet", "nl"),
        ("remember my size no longer", "en"),
    ],
)
def test_what_is_to_be_remembered_no_longer_is_forgotten(words: str, language: str) -> None:
    """A "not" behind the wish to remember turns it round."""
    assert [type(c) for c in said(words, language, "clothing_shop")] == [Forget]
