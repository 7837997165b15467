"""What the kind `order` says: every reply renders with what the kind really gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso import (
    Answered,
    Artefact,
    Ask,
    Candidate,
    Check,
    Chosen,
    Commit,
    Evidence,
    Line,
    Named,
    Params,
    Proposed,
    Question,
    Recall,
    Refused,
)
from sayso.manifest.load import load_base
from sayso.manifest.replies import Phrases

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
LATTE = Line("l1", "latte", 2, (Chosen("size", "large"), Chosen("milk", "oat")), ("extra hot",))


@pytest.fixture(scope="module")
def phrases(artefact: Artefact) -> Phrases:
    return Phrases(replace(artefact, replies=load_base().replies))


def said(phrases: Phrases, key: str, params: Params, language: str, voice: bool) -> str:
    return phrases.say(key, params, phrases.scope(language, NOW, voice=voice))


def everywhere(phrases: Phrases, key: str, params: Params) -> Iterator[str]:
    """The reply in both languages, on a screen and aloud. The dialogue adds what can be chosen instead."""
    given = {"options": (Named("product", "espresso"),), "product": Named("product", "latte"), **params}
    for language in ("en", "nl"):
        for voice in (False, True):
            yield said(phrases, key, given, language, voice)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "slots",
    [
        {"store": "dam", "service": "to_go"},
        {"store": "dam", "service": "here", "time": "2026-11-24T12:30:00+01:00"},
        {"store": "dam", "service": "delivery", "postcode": "1012AB", "address": "Damrak"},
    ],
)
async def test_a_read_back_is_short_and_ends_with_its_one_question(
    shop: Any, phrases: Phrases, language: str, slots: dict[str, str]
) -> None:
    """Aloud at most two sentences, the last one the question; total, place and the customer's own words are in it."""
    limited = "espresso" if "address" in slots else "irish_coffee"
    lines = (LATTE, Line("l2", limited), Line("l3", "croissant", 3))
    outcome = await shop.propose(*lines, slots=slots, allergies=("milk",))
    assert isinstance(outcome.result, Proposed)
    aloud = said(phrases, "order.read_back", outcome.result.params, language, True)
    shown = said(phrases, "order.read_back", outcome.result.params, language, False)
    for text in (aloud, shown):
        assert text.count("?") == 1 and text.endswith("?")
        assert "extra hot" in text and "dam" in text
    assert aloud.count(".") + aloud.count("?") <= 2
    assert not any(character.isdigit() for character in aloud)
    assert ("18+" in shown) is (limited == "irish_coffee")
    assert all(("Damrak" in text) is ("address" in slots) for text in (aloud, shown))


async def test_every_answer_can_be_said(shop: Any, phrases: Phrases) -> None:
    """All kinds of question, on a screen and aloud, in both languages."""
    outcome = await shop.propose(LATTE)
    done = await shop.fulfilment.commit(shop.turn(), Commit(outcome.result.proposal), "key")
    shop.rows.apply((*outcome.changes, *done.changes))
    asked = [
        ("menu", ""),
        ("menu", "coffee"),
        ("product", "latte"),
        ("price", "latte"),
        ("price", "milk/oat"),
        ("options", "syrup"),
        ("options", "latte"),
        ("options", "espresso"),
        ("options", "milk/oat"),
        ("allergens", "croissant"),
        ("allergens", "muffin"),
        ("allergens", "unicorn"),
        ("basket", ""),
        ("order", ""),
        ("receipt", ""),
    ]
    for about, id in asked:
        question = Question(about, (Candidate(id),) if id else (), Evidence("", "given"))
        found = await shop.fulfilment.ask(
            shop.turn(latitude=52.3, longitude=4.9), Ask(question, "coffee.order", (LATTE,), {})
        )
        assert isinstance(found, Answered), about
        for speak in found.speaks:
            assert all(everywhere(phrases, speak.key, speak.params)), speak.key
    for key, params in (("order.placed", done.result.params), ("order.noted", {"lines": ()})):
        assert all(everywhere(phrases, key, params))


async def test_every_trouble_of_a_line_can_be_said(shop: Any, phrases: Phrases) -> None:
    """With what the check gives, and what the dialogue adds."""
    shop.rows.on |= {"sold_out/espresso", "sold_out/syrup/caramel"}
    large = Chosen("size", "large")
    lines = (
        Line("a", "latte", 111, (large,)),
        Line("b", "latte", 0, (large,)),
        Line("c", "latte"),
        Line("d", "latte", 1, (large, Chosen("milk", "camel"))),
        Line("e", "latte", 1, (large, Chosen("syrup", "caramel"))),
        Line("f", "latte", 1, (large, Chosen("syrup", "vanilla", 9))),
        Line("g", "latte", 1, (large, Chosen("milk", "oat"), Chosen("milk", "whole"))),
        Line("h", "espresso"),
        Line("i", "croissant", 6),
        Line("j", "irish_coffee"),
        Line("k", "unicorn"),
    )
    plain = await shop.fulfilment.check(shop.turn(voice=True), Check("coffee.order", lines, {"store": "dam"}))
    foods = (Line("l", "croissant"), Line("m", "muffin"))
    asked = [Check("coffee.order", (food,), {}, (allergy,)) for food in foods for allergy in ("gluten", "nuts")]
    allergic = [trouble for each in asked for trouble in (await shop.fulfilment.check(shop.turn(), each)).troubles]
    assert len(plain.troubles) == len(lines)
    for trouble in (*plain.troubles, *allergic):
        assert all(everywhere(phrases, trouble.key, trouble.params)), trouble.key


async def test_every_trouble_of_an_order_can_be_said(shop: Any, phrases: Phrases) -> None:
    """Where, when, how, how much, and what was ordered before."""
    delivery = {"store": "dam", "service": "delivery"}
    wishes: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({}, {}),
        ({"store": "park", "service": "delivery"}, {}),
        (delivery, {}),
        (delivery | {"postcode": "1012AB"}, {}),
        ({"store": "dam", "time": "2026-11-23T09:00:00+01:00"}, {}),
        ({"store": "dam", "time": "2026-11-23T10:02:00+01:00"}, {}),
        ({"store": "dam", "time": "2026-11-23T23:00:00+01:00"}, {}),
        ({"store": "dam", "time": "2027-11-23T23:00:00+01:00"}, {}),
        ({"store": "dam", "time": "noonish"}, {}),
        ({"store": "dam"}, {"now": datetime(2026, 11, 22, 12, 0, tzinfo=UTC)}),
        ({"store": "dam"}, {"now": datetime(2027, 4, 27, 12, 0, tzinfo=UTC)}),
        ({"store": "dam"}, {"now": datetime(2026, 11, 23, 16, 55, tzinfo=UTC)}),
    ]
    refused = [(await shop.propose(Line("l", "espresso"), slots=slots, **more)).result for slots, more in wishes]
    refused.append((await shop.propose(*[Line(str(n), "irish_coffee", 20) for n in range(2)])).result)
    refused.append((await shop.propose()).result)
    shop.rows.on.add("paused/dam")
    refused.append((await shop.propose(Line("l", "espresso"))).result)
    for who in ({}, {"assurance": "linked"}, {"assurance": "linked", "consents": frozenset({"personalise"})}):
        refused.append(await shop.fulfilment.recall(shop.turn(**who), Recall("coffee.usual", "usual")))
    for result in refused:
        assert isinstance(result, Refused)
        for trouble in result.troubles:
            assert all(everywhere(phrases, trouble.key, trouble.params)), trouble.key


@pytest.mark.parametrize("what", ["price", "sold_out", "closed", "time", "expired"])
async def test_what_changed_meanwhile_can_be_said(shop: Any, phrases: Phrases, what: str) -> None:
    """Each in its own words, and that nothing was ordered."""
    from sayso import Fact, Money

    price = Fact(Money(350, "EUR"), "proposal", "p")
    params = {"what": Fact(what, "derived", what), "old": price, "new": price}
    assert all("order" in text or "besteld" in text for text in everywhere(phrases, "order.changed_meanwhile", params))
