"""An intent that reads may ask for more before it answers, and what it shows can be picked from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sayso.model import action
from sayso.model.action import Answered, Option, Speak, Trouble, Wanting
from sayso.model.basket import Line
from sayso.model.command import Add, Candidate, Choose, Evidence, Fill, Item, No, Say, Start, Yes
from sayso.model.fact import Named
from sayso.testing.given import GIVEN

SAID = Evidence("what fits a small day", "local")


def begin() -> Start:
    return Start((Candidate("coffee.fits"),), SAID)


def shown(*skus: str) -> Speak:
    options = tuple(Option("", Add((Item(s, (Candidate(s),)),), GIVEN), {"label": Named("product", s)}) for s in skus)
    return Speak("advice.found", options=options, products=skus, asks=True)


def wanting(slot: str, slots: dict[str, str]) -> Wanting:
    return Wanting("coffee.fits", slots, Trouble("", slot=slot))


def test_a_skill_that_needs_more_asks_and_keeps_what_it_knows(talk: Any) -> None:
    """The slot is asked with its own prompt; the answer goes on with the other slots."""
    day = Fill("day", (Candidate("2026-11-30"),), GIVEN)
    talk.results[action.Ask] = wanting("day", {"words": "what fits"})
    assert talk.turn(begin(), day) == ["prompt:coffee.fits.day"]
    del talk.results[action.Ask]
    assert talk.turn(day) == ["answer"]
    assert talk.did(action.Ask)[-1].slots == {"words": "what fits", "day": "2026-11-30"}


def test_a_slot_that_takes_the_whole_utterance_has_its_words(specs: Any, talk: Any) -> None:
    """All the words that began the intent are its wish."""
    fits = specs.skills["coffee"].intents["fits"]
    slots = {"wish": replace(fits.slots["day"], name="wish", type="text", required=False, whole=True)}
    intents = {**specs.skills["coffee"].intents, "fits": replace(fits, slots=slots)}
    talk.specs = replace(specs, skills={"coffee": replace(specs.skills["coffee"], intents=intents)})
    talk.turn(begin())
    assert talk.did(action.Ask)[0].slots == {"wish": "what fits a small day"}


def test_what_is_shown_can_be_picked_from(talk: Any) -> None:
    """ "The second one" adds it to the basket."""
    talk.results[action.Ask] = Answered((shown("latte", "mocha"),))
    talk.turn(begin(), Fill("day", (Candidate("2026-11-30"),), GIVEN))
    assert talk.pending == "product"
    talk.state = replace(talk.state, shown=tuple(_tokens(talk.said)))
    talk.turn(Choose(1, GIVEN))
    assert [sku for sku, _, _ in talk.basket()] == ["mocha"]


def test_a_yes_picks_the_only_one(talk: Any) -> None:
    """ "Shall I order it?" has one thing to say yes to."""
    talk.results[action.Ask] = Answered((shown("latte"),))
    talk.turn(begin(), Fill("day", (Candidate("2026-11-30"),), GIVEN))
    talk.state = replace(talk.state, shown=tuple(_tokens(talk.said)))
    talk.turn(Yes(GIVEN))
    assert [sku for sku, _, _ in talk.basket()] == ["latte"]


def test_a_no_to_what_is_shown_changes_nothing(talk: Any) -> None:
    """The offer is closed and the basket is as it was."""
    talk.results[action.Ask] = Answered((shown("latte"),))
    talk.turn(begin(), Fill("day", (Candidate("2026-11-30"),), GIVEN))
    assert talk.turn(No(GIVEN))[0] == "offer.declined"
    assert talk.basket() == []


def test_an_answer_does_not_take_the_place_of_an_open_question(talk: Any) -> None:
    """What is shown on the way to a yes leaves that yes alone."""
    talk.state = replace(talk.state, lines=(Line("l1", "latte"),))
    talk.turn(Fill("store", (Candidate("dam"),), GIVEN))
    assert talk.pending == "confirm"
    talk.results[action.Ask] = Answered((shown("mocha"),))
    talk.turn(_question())
    assert talk.pending == "confirm"


def quizzed(specs: Any, talk: Any) -> None:
    """A question that a skill put is open."""
    day = replace(specs.skills["coffee"].intents["fits"].slots["day"], required=False)
    fits = replace(specs.skills["coffee"].intents["fits"], slots={"day": day})
    intents = {**specs.skills["coffee"].intents, "fits": fits}
    talk.specs = replace(specs, skills={"coffee": replace(specs.skills["coffee"], intents=intents)})
    talk.results[action.Ask] = wanting("day", {"words": "what fits"})
    talk.turn(begin())
    del talk.results[action.Ask]


def test_a_digression_comes_back_to_the_skills_question(specs: Any, talk: Any) -> None:
    """The question stays open until it is answered; the skill is not asked again meanwhile."""
    quizzed(specs, talk)
    assert talk.turn(Say("thanks", GIVEN))[-1] == "prompt:coffee.fits.day"
    assert len(talk.did(action.Ask)) == 1


def test_a_question_that_is_not_required_can_be_skipped(specs: Any, talk: Any) -> None:
    """The skill goes on without it."""
    quizzed(specs, talk)
    assert talk.turn(Say("skip", GIVEN)) == ["answer"]
    assert talk.did(action.Ask)[-1].slots == {"words": "what fits"}


def searching(specs: Any, talk: Any) -> None:
    """The merchant has an intent that looks for what is described."""
    fits = specs.skills["coffee"].intents["fits"]
    slots = {"wish": replace(fits.slots["day"], name="wish", type="text", required=False, whole=True)}
    intents = {**specs.skills["coffee"].intents, "fits": replace(fits, slots=slots)}
    talk.specs = replace(specs, skills={"coffee": replace(specs.skills["coffee"], intents=intents)})


def test_a_thing_that_is_only_described_is_looked_for(specs: Any, talk: Any) -> None:
    """An item whose product is not clear begins the search with the customer's words, and nothing is parked."""
    searching(specs, talk)
    unclear = Item("a small one", (Candidate("latte", 0.5), Candidate("mocha", 0.5)))
    assert talk.turn(Add((unclear,), Evidence("I want a small one", "local"))) == ["answer"]
    assert talk.did(action.Ask)[0].slots == {"wish": "I want a small one"}
    assert not talk.state.parked


def test_a_product_that_is_named_is_still_added(specs: Any, talk: Any) -> None:
    """A search does not stand in the way of an order."""
    searching(specs, talk)
    talk.turn(Add((Item("latte", (Candidate("latte"),)),), GIVEN))
    assert [sku for sku, _, _ in talk.basket()] == ["latte"]


def test_words_that_are_not_understood_may_be_a_description(specs: Any, talk: Any) -> None:
    """They are looked for; when that finds nothing, the customer is asked to say it otherwise."""
    from sayso.model.command import NotUnderstood

    searching(specs, talk)
    given = NotUnderstood("black leather boots", Evidence("black leather boots", "local", 0.0))
    assert talk.turn(given) == ["answer"]
    assert talk.did(action.Ask)[0].question.words == "black leather boots"
    talk.results[action.Ask] = Answered(())
    assert talk.turn(given)[0] == "not_understood.1"
    assert talk.turn(given)[0] == "not_understood.2"
    assert talk.turn(given)[0] == "offer.person"


def _question() -> Any:
    from sayso.model.command import Question

    return Question("product", (), GIVEN, "do you have mocha")


def _tokens(said: list[Speak]) -> list[Any]:
    from sayso.model.message import Shown

    return [Shown(f"t{n}", "", option.command) for speak in said for n, option in enumerate(speak.options)]
