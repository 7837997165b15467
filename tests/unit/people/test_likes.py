"""What follows from orders about what a customer likes, and what may be kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.manifest.specs import Artefact, ChoiceValue, IntentSpec, Location, MerchantSpec, SkillSpec, SlotSpec
from sayso.model.basket import Chosen, Line, Priced, Proposal
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.money import Money
from sayso.model.preference import Like, Preference
from sayso.people.likes import fresh, habits, may_keep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EACH = Money(300, "EUR")


def group(name: str, *values: str, remember: bool = True) -> OptionGroup:
    made = {v: OptionValue(v, {"en": v}) for v in values}
    return OptionGroup(name, {"en": name}, made, remember=remember)


@pytest.fixture
def specs() -> Artefact:
    place = {id: Location(id, {"en": id}, id, "Europe/Amsterdam", 52.0, 4.0, {}) for id in ("dam", "oost")}
    choice = {v: ChoiceValue(v, {"en": v}) for v in ("here", "to_go")}
    slots = {
        "store": SlotSpec("store", "location", remember=True),
        "service": SlotSpec("service", "choice", default="to_go", values=choice, remember=True),
        "name": SlotSpec("name", "text", remember=True),
        "time": SlotSpec("time", "time"),
    }
    order = IntentSpec("order", "coffee", "purchase", "read_back", "add", {}, slots)
    skill = SkillSpec("coffee", "1", "order", {}, {"order": order}, {})
    merchant = MerchantSpec(
        "bar",
        {"en": "Bar"},
        ("en",),
        "EUR",
        "NL",
        "Europe/Amsterdam",
        place,
        ("coffee",),
        allergens={"nuts": {"en": "nuts"}},
    )
    options = {"milk": group("milk", "oat", "soy"), "foam": group("foam", "dry", remember=False)}
    products = {"latte": Product("latte", {"en": "latte"}, 300, "coffee", options=("milk", "foam"))}
    return Artefact("d", merchant, {"coffee": skill}, Catalog("bar", "1", "EUR", products, options), {}, {})


def order(*milks: str, **slots: str) -> Proposal:
    lines = tuple(
        Priced(
            Line(f"l{n}", "latte", options=(Chosen("milk", milk), Chosen("foam", "dry")) if milk else ()), EACH, EACH
        )
        for n, milk in enumerate(milks)
    )
    return Proposal("p", "d", "coffee", "coffee.order", lines, slots, EACH, NOW + timedelta(minutes=10), "1")


def found(*orders: Proposal, specs: Artefact) -> dict[str, str]:
    return {like.about: like.value for like in habits(orders, specs, {})}


def test_once_is_no_habit(specs: Artefact) -> None:
    """What was chosen in one order alone follows nothing."""
    assert found(order("oat"), order(""), specs=specs) == {}


def test_twice_and_more_often_than_not_is_one(specs: Artefact) -> None:
    """Of four that chose a milk, three with oat; of two places, neither."""
    orders = (order("oat", store="dam"), order("soy", store="oost"), order("oat"), order("oat"))
    assert found(*orders, specs=specs) == {"option/milk": "oat"}


def test_it_follows_only_from_what_was_just_chosen_again(specs: Artefact) -> None:
    """An order with soy teaches nothing about the oat milk of before."""
    assert found(order("soy"), order("oat"), order("oat"), specs=specs) == {}


def test_what_comes_by_default_was_not_chosen(specs: Artefact) -> None:
    """To go is what everybody gets; here is a choice."""
    assert found(order("", service="to_go"), order("", service="to_go"), specs=specs) == {}
    assert found(order("", service="here"), order("", service="here"), specs=specs) == {"slot/coffee/service": "here"}


def test_words_of_ones_own_hold_at_once(specs: Artefact) -> None:
    """A name is a name after one order; a time, which the manifest does not let be remembered, never."""
    assert found(order("", name="Anna", time="2026-11-23T10:00"), specs=specs) == {"slot/coffee/name": "Anna"}


def test_two_things_that_differ_say_nothing(specs: Artefact) -> None:
    """One latte with oat and one with soy in the same order."""
    assert found(order("oat", "soy"), order("oat", "soy"), specs=specs) == {}


def test_what_the_manifest_does_not_let_be_remembered_is_not(specs: Artefact) -> None:
    """Nor a value that is not offered any more."""
    likes = habits((order("oat"), order("oat")), specs, {"option/milk": "oat please"})
    assert likes == (Like("option/milk", "oat", "oat please"),)
    assert found(order("goat"), order("goat"), specs=specs) == {}


@pytest.mark.parametrize(("how", "learned"), [("said", False), ("forgotten", False), ("chosen", True)])
def test_what_was_told_stands_and_what_was_forgotten_stays_so(how: str, learned: bool) -> None:
    """Only what was learned before is learned anew."""
    known = Preference("bar", "c", Like("option/milk", "" if how == "forgotten" else "soy"), how, "web", "", NOW)
    assert bool(fresh((Like("option/milk", "oat"),), (known,))) is learned


def test_consent_is_per_purpose_and_for_those_who_are_known() -> None:
    """An allergy is not kept with the consent to personalisation."""
    milk, nuts = Like("option/milk", "oat"), Like("allergen/nuts", "nuts")
    agreed = frozenset({"personalise"})
    assert may_keep(milk, "linked", agreed) and may_keep(milk, "pin", agreed)
    assert not may_keep(milk, "channel", agreed) and not may_keep(milk, "linked", frozenset())
    assert not may_keep(nuts, "linked", agreed) and may_keep(nuts, "linked", frozenset({"allergies"}))
