"""Repair: what is corrected, taken back, interrupted, declined; one behaviour a test, for every skill alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso.dialogue import step
from sayso.model import action, event
from sayso.model.action import Answered, Option, Reverted, Speak
from sayso.model.basket import Chosen
from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Choose,
    Evidence,
    Fill,
    Item,
    NotUnderstood,
    Question,
    Remove,
    Start,
    Target,
)
from sayso.model.money import Money
from sayso.model.state import Frame
from sayso.testing.given import GIVEN, NO, YES, options, say


def begin(intent: str) -> Start:
    return Start((Candidate(f"coffee.{intent}"),), GIVEN)


def fill(slot: str, value: str) -> Fill:
    return Fill(slot, (Candidate(value),), GIVEN)


def add(sku: str, quantity: int = 1) -> Add:
    return Add((Item(sku, (Candidate(sku),), quantity),), GIVEN)


def iced(*lines: str) -> Change:
    return Change(Target("", tuple(map(Candidate, lines))), Item("", options=(Chosen("size", "large"),)), GIVEN)


def show(talk: Any) -> None:
    """What was said last has been composed: its options can be picked."""
    talk.state = replace(talk.state, shown=options(talk.said, asked=True))


def listed(*skus: str) -> Answered:
    options = tuple(Option("", add(sku)) for sku in skus)
    return Answered((Speak("found", products=skus), Speak("pick", options=options, asks=True)))


def shown(talk: Any, *skus: str) -> None:
    """A list to pick from is open."""
    talk.results[action.Ask] = listed(*skus)
    talk.turn(Question("product", (), GIVEN))
    del talk.results[action.Ask]
    show(talk)


MONDAY = fill("day", "2026-11-30")


def test_undo_takes_back_one_turn_after_another(talk: Any) -> None:
    """Each undo goes back one turn, however much was said in it."""
    talk.turn(add("latte"), fill("store", "dam"))
    talk.turn(add("mocha"))
    talk.turn(iced("l1"))
    assert talk.turn(say("undo"))[0] == "basket.went_back"
    assert talk.basket() == [("latte", 1, ()), ("mocha", 1, ())]
    talk.turn(say("undo"))
    assert talk.basket() == [("latte", 1, ())]
    talk.turn(say("undo"))
    assert talk.basket() == []


def test_undo_goes_back_to_the_question_before(talk: Any) -> None:
    """In an errand the last answer is taken back, and asked again."""
    talk.turn(begin("visit"))
    assert talk.turn(MONDAY) == ["prompt:coffee.visit.store"]
    assert talk.turn(say("undo")) == ["basket.went_back", "prompt:coffee.visit.day"]


def test_undo_after_a_cancel_brings_it_back(talk: Any) -> None:
    """Nothing is lost by a cancel that was not meant."""
    talk.turn(add("latte", 2))
    talk.turn(say("cancel"))
    assert talk.basket() == []
    talk.turn(say("undo"))
    assert talk.basket() == [("latte", 2, ())]


def test_the_newest_is_undone_first(talk: Any) -> None:
    """A basket that was begun before a booking was made is younger than nothing of it."""
    talk.turn(add("latte"))
    talk.turn(begin("visit"), MONDAY, fill("store", "park"))
    talk.turn(YES)
    assert talk.turn(say("undo"))[0] == "order.undone"
    assert talk.basket() == [("latte", 1, ())]
    talk.turn(say("undo"))
    assert talk.basket() == []


def test_nothing_to_undo_keeps_the_question(talk: Any) -> None:
    """A list that was shown is still there after an undo of nothing."""
    shown(talk, "latte", "mocha")
    assert talk.turn(say("undo")) == ["undo.nothing", "pick"]
    assert talk.pending == "product"


def test_a_question_that_is_an_intent_comes_back_to_the_read_back(talk: Any) -> None:
    """It is answered at once; the offer that it interrupts stays open, and a yes is for it alone."""
    talk.turn(begin("visit"), MONDAY, fill("store", "park"))
    offered = talk.state.proposal
    assert talk.turn(begin("fits"), MONDAY) == ["answer", "order.read_back"]
    talk.turn(YES)
    assert talk.did(action.Commit)[-1].proposal == offered
    assert talk.state.topic.frames == ()


def test_an_errand_is_never_twice_in_progress(talk: Any) -> None:
    """What was begun is gone on with, wherever it was left."""
    talk.turn(begin("visit"))
    talk.turn(add("latte"))
    talk.turn(begin("visit"))
    assert [f.intent for f in talk.state.topic.frames].count("coffee.visit") == 1


def test_nested_digressions_lose_no_slot(talk: Any) -> None:
    """An order inside a booking inside an order: each comes back with what was said of it."""
    talk.turn(add("latte"), fill("service", "here"))
    talk.turn(begin("visit"), MONDAY)
    talk.turn(Question("hours", (), GIVEN))
    talk.turn(begin("fits"))
    talk.turn(say("cancel"))
    assert dict(talk.state.topic.frames[-1].slots) == {"day": "2026-11-30"}
    talk.turn(say("cancel"))
    assert dict(talk.state.topic.frames[-1].slots) == {"service": "here"}
    assert talk.basket() == [("latte", 1, ())]


def test_what_was_interrupted_is_named_when_it_comes_back(talk: Any) -> None:
    talk.turn(add("latte"))
    talk.turn(begin("visit"), MONDAY, fill("store", "park"))
    assert talk.turn(YES) == ["order.placed", "frame.back", "prompt:coffee.order.store"]


def test_a_frame_that_newer_manifests_do_not_know_ends_with_a_word(talk: Any) -> None:
    """No error, no dead end: it is said, and the rest goes on."""
    frames = (Frame("coffee.gone", "d0", {"day": "2026-11-30"}),)
    talk.state = replace(talk.state, topic=replace(talk.state.topic, frames=frames))
    assert talk.turn(say("help"))[0] == "frame.ended"
    assert talk.state.topic.frames == ()


def test_a_list_stays_open_beside_a_value_for_the_order(talk: Any) -> None:
    """ "At the Dam" while a list is shown is kept, and the list is still to be picked from."""
    shown(talk, "latte", "mocha")
    assert talk.turn(fill("store", "dam")) == ["pick"]
    talk.turn(Choose(1, GIVEN))
    assert talk.basket() == [("mocha", 1, ())]
    assert talk.state.proposal.slots["store"] == "dam"


def test_a_new_list_takes_the_place_of_the_old(talk: Any) -> None:
    shown(talk, "latte", "mocha")
    shown(talk, "muffin", "mocha")
    talk.turn(Choose(0, GIVEN))
    assert talk.basket() == [("muffin", 1, ())]


@pytest.mark.parametrize("answer", [NO, say("skip"), say("cancel")])
def test_neither_closes_a_list_and_nothing_else(talk: Any, answer: Any) -> None:
    talk.turn(add("muffin"), fill("store", "dam"))
    talk.turn(NO)
    shown(talk, "latte", "mocha")
    talk.turn(answer)
    assert talk.basket() == [("muffin", 1, ())]


@pytest.mark.parametrize(("by", "sku"), [("cheapest", "mocha"), ("dearest", "latte")])
def test_the_cheaper_one(specs: Any, talk: Any, by: str, sku: str) -> None:
    """Of what is shown the price decides, as it stands in the catalog."""
    products = {**specs.catalog.products, "mocha": replace(specs.catalog.products["mocha"], price=250)}
    talk.specs = replace(specs, catalog=replace(specs.catalog, products=products))
    shown(talk, "latte", "mocha", "muffin")
    talk.turn(Choose(0, GIVEN, by))
    assert [name for name, _, _ in talk.basket()] == [sku]


def test_it_does_not_matter_takes_the_first(talk: Any) -> None:
    """Nothing is agreed to by it: the read-back still asks."""
    talk.turn(add("latte"))
    show(talk)
    assert talk.turn(say("any")) == ["order.read_back"]
    assert talk.state.proposal.slots["store"] == "dam"


@pytest.mark.parametrize("what", ["any", "hesitation", "wait", "skip", "more", "thanks"])
def test_nothing_but_a_yes_agrees_to_the_read_back(talk: Any, what: str) -> None:
    talk.turn(add("latte"), fill("store", "dam"))
    talk.turn(say(what))
    assert not talk.did(action.Commit)
    assert talk.pending == "confirm"


def test_a_chosen_yes_beside_a_change_is_no_yes(talk: Any) -> None:
    """ "The first one, but large" at the read-back changes and asks again."""
    talk.turn(add("latte"), fill("store", "dam"))
    show(talk)
    assert talk.turn(Choose(0, GIVEN), iced("l1")) == ["order.read_back"]
    assert not talk.did(action.Commit)


def test_yes_to_a_choice_asks_which(talk: Any) -> None:
    """ "There is room at nine or ten, does that suit you?" "Yes": which of the two."""
    talk.turn(add("latte"))
    show(talk)
    assert talk.turn(YES) == ["ask.which"]
    assert talk.pending == "slot"


def test_yes_to_a_choice_escalates_as_what_is_not_understood_does(talk: Any) -> None:
    """Put again, put otherwise, a person; with a no to the person the choice is still there."""
    talk.turn(add("latte"))
    show(talk)
    assert [talk.turn(YES) for _ in range(3)] == [["ask.which"], ["ask.which_again"], ["offer.person"]]
    assert talk.turn(NO) == ["offer.declined", "prompt:coffee.order.store"]
    assert talk.turn(Choose(0, GIVEN)) == ["order.read_back"]
    assert talk.state.misses == 0


def test_yes_to_an_open_question_escalates_too(talk: Any) -> None:
    """ "When?" "Yes." """
    talk.turn(begin("shift"))
    said = [talk.turn(YES) for _ in range(3)]
    assert said[1] == ["not_understood.2", "prompt:coffee.shift.day"]
    assert said[2] == ["offer.person"]


def test_any_time_is_the_first_free_moment(talk: Any) -> None:
    """Where times are shown it is the first of them."""
    talk.turn(begin("shift"))
    talk.turn(say("any"))
    assert talk.state.proposal.slots["day"] == "@asap"


def offered_at(talk: Any, minor: int, ready: datetime | None = None) -> None:
    """Offers cost `minor` each from here on."""

    def answer(act: Any) -> Any:
        if not isinstance(act, action.Propose):
            return talk.obliging(act)
        made, each = talk.proposal(act), Money(minor, "EUR")
        lines = tuple(replace(p, unit=each, total=each * p.line.quantity) for p in made.lines)
        total = Money(sum(p.total.minor for p in lines), "EUR")
        return action.Proposed(replace(made, lines=lines, total=total, location="dam", ready_at=ready), {})

    talk.answer = answer


def test_another_price_after_an_hour_is_said_before_the_question(talk: Any) -> None:
    """A yes to the old price is none; the new one is read back, with what was filled in still there."""
    offered_at(talk, 300)
    talk.turn(add("latte"), fill("store", "dam"))
    talk.now += timedelta(hours=1)
    offered_at(talk, 350)
    assert talk.turn(YES) == ["offer.repriced", "order.read_back"]
    told = talk.said[0].params
    assert (told["old"].value, told["new"].value) == (Money(300, "EUR"), Money(350, "EUR"))
    assert talk.state.topic.frames[-1].slots["store"] == "dam" and not talk.did(action.Commit)
    assert talk.turn(say("help"))[-1:] == ["order.read_back"]
    assert "offer.repriced" not in talk.turn(fill("service", "here"))


def test_the_same_price_after_an_hour_is_not_worth_a_word(talk: Any) -> None:
    talk.turn(add("latte"), fill("store", "dam"))
    talk.now += timedelta(hours=1)
    assert talk.turn(YES) == ["order.read_back"]


def test_an_offer_that_its_job_let_lapse_is_compared_too(talk: Any) -> None:
    offered_at(talk, 300)
    talk.turn(add("latte"), fill("store", "dam"))
    lapse = event.Due("expire_proposal", {"proposal": talk.state.proposal.id})
    talk.state, _ = step(talk.state, lapse, talk.specs, talk.now)
    offered_at(talk, 290)
    assert talk.turn(YES) == ["offer.repriced", "order.read_back"]


def test_what_was_changed_meanwhile_is_told_by_the_thing(talk: Any) -> None:
    """Beside a wish only the price of what was not changed is compared."""
    offered_at(talk, 300)
    talk.turn(add("latte"), add("mocha"), fill("store", "dam"))
    talk.now += timedelta(hours=1)
    offered_at(talk, 350)
    assert talk.turn(iced("l1"))[-2:] == ["offer.repriced_line", "order.read_back"]
    assert [s.params["product"].id for s in talk.said if s.key == "offer.repriced_line"] == ["mocha"]


def test_another_time_to_be_ready_is_said(talk: Any) -> None:
    """On the clock of the place."""
    offered_at(talk, 300, talk.now + timedelta(minutes=10))
    talk.turn(add("latte"), fill("store", "dam"))
    talk.now += timedelta(hours=1)
    offered_at(talk, 300, talk.now + timedelta(minutes=10))
    assert talk.turn(say("greeting")) == ["hello", "offer.retimed", "order.read_back"]
    retimed = next(s for s in talk.said if s.key == "offer.retimed")
    assert (retimed.params["new"].value - retimed.params["old"].value) == timedelta(hours=1)
    assert retimed.params["new"].value.hour == 11


def test_a_yes_that_waited_past_the_offer_is_asked_again(talk: Any) -> None:
    """An offer that expired is priced anew; no slot is lost."""
    talk.turn(add("latte"), fill("store", "dam"))
    talk.now = talk.state.proposal.expires
    assert talk.turn(YES) == ["order.read_back"]
    assert not talk.did(action.Commit)
    assert talk.state.proposal.slots["store"] == "dam"


def amendable(talk: Any) -> None:
    """An order of two lines was placed and can still be undone."""
    talk.turn(add("latte"), add("muffin"), fill("store", "park"))
    talk.turn(YES)
    talk.results[action.Revert] = Reverted("e1", {})


def test_a_change_after_the_order_is_offered_as_one(talk: Any) -> None:
    """Nothing is touched before a yes; then the order is in the basket again, changed, and is read back."""
    talk.turn(add("latte"), fill("store", "park"))
    talk.turn(YES)
    assert talk.turn(iced()) == ["offer.amend"]
    assert not talk.did(action.Revert)
    assert talk.turn(YES) == ["order.undone", "order.read_back"]
    assert talk.basket() == [("latte", 1, ("size=large",))]
    assert talk.state.proposal.slots["store"] == "park"


def test_a_change_after_the_order_asks_which_line(talk: Any) -> None:
    amendable(talk)
    talk.turn(iced())
    assert talk.turn(YES) == ["order.undone", "ask.line"]


def test_the_order_stands_when_the_change_is_declined(talk: Any) -> None:
    amendable(talk)
    talk.turn(Remove(Target("the muffin"), GIVEN))
    assert talk.turn(NO) == ["offer.stands"]
    assert not talk.did(action.Revert)
    assert talk.state.amends is None


def test_an_order_that_cannot_be_undone_any_more_says_so(talk: Any) -> None:
    amendable(talk)
    talk.turn(iced())
    talk.results[action.Revert] = action.Refused((action.Trouble("undo.too_late"),))
    assert talk.turn(YES) == ["undo.too_late"]
    assert talk.basket() == []


def test_start_over_asks_the_first_question_again(talk: Any) -> None:
    talk.turn(begin("visit"), MONDAY)
    assert talk.turn(say("start_over")) == ["started_over", "prompt:coffee.visit.day"]


def test_start_over_with_a_basket_asks_what(talk: Any) -> None:
    talk.turn(add("latte"), fill("store", "dam"))
    assert talk.turn(say("start_over")) == ["started_over", "ask.what"]
    assert talk.state.proposal is None


def test_an_order_that_was_placed_is_left_alone_by_a_new_one(talk: Any) -> None:
    """ "New order" after an order begins one; it offers to undo nothing."""
    talk.turn(add("latte"), fill("store", "dam"))
    talk.turn(YES)
    assert talk.turn(say("start_over")) == ["ask.what"]


def test_coming_back_goes_on_with_the_errand(talk: Any) -> None:
    """Opened anew, the booking that was begun is named and its question put."""
    talk.turn(begin("visit"))
    assert talk.turn(event.Opened())[-2:] == ["frame.back", "prompt:coffee.visit.day"]


def test_misses_rise_to_choices_and_a_person(talk: Any) -> None:
    """First to say it otherwise, then the likeliest intents, then a person, who stays offered."""
    puzzle = NotUnderstood("blorp", GIVEN, (Candidate("coffee.visit", 0.6), Candidate("coffee.usual", 0.5)))
    assert talk.turn(puzzle) == ["not_understood.1"]
    assert talk.turn(puzzle) == ["not_understood.choices"]
    assert talk.turn(puzzle) == ["offer.person"]
    assert talk.turn(puzzle) == ["offer.person"]
    assert talk.turn(YES) == ["person.promised"]


def test_a_likely_intent_can_be_picked(talk: Any) -> None:
    puzzle = NotUnderstood("blorp", GIVEN, (Candidate("coffee.visit", 0.6),))
    talk.turn(puzzle)
    talk.turn(puzzle)
    show(talk)
    assert talk.turn(YES) == ["prompt:coffee.visit.day"]


def test_the_offer_of_a_person_gives_way_to_what_is_understood(talk: Any) -> None:
    """The question that it stood before is open again, with the same offer behind it."""
    talk.turn(add("latte"), fill("store", "dam"))
    offered = talk.state.proposal
    for _ in range(3):
        talk.turn(NotUnderstood("blorp", GIVEN))
    assert talk.pending == "offer"
    assert talk.turn(say("thanks")) == ["thanks", "order.read_back"]
    talk.turn(YES)
    assert talk.did(action.Commit)[-1].proposal == offered


def test_no_to_a_person_goes_back_to_the_question(talk: Any) -> None:
    talk.turn(add("latte"))
    for _ in range(3):
        talk.turn(NotUnderstood("blorp", GIVEN))
    assert talk.turn(NO) == ["offer.declined", "prompt:coffee.order.store"]


def test_why_is_asked_at_every_question(talk: Any) -> None:
    """And the question is put again after it."""
    talk.turn(add("latte"), fill("store", "dam"))
    assert talk.turn(Question("why", (), GIVEN)) == ["why.confirm", "order.read_back"]


def test_more_goes_on_where_something_follows(talk: Any) -> None:
    """The option that shows more is what "more" means; else it is said that there is none."""
    onward = Option("more", Question("product", (Candidate("@after:3"),), GIVEN))
    listed_ = Answered((Speak("pick", options=(Option("", add("latte")), onward), asks=True),))
    talk.results[action.Ask] = listed_
    talk.turn(Question("product", (), GIVEN))
    show(talk)
    talk.turn(say("more"))
    assert talk.did(action.Ask)[-1].question.ids == (Candidate("@after:3"),)
    talk.state = replace(talk.state, shown=())
    assert talk.turn(say("more"))[0] == "choose.no_more"


def test_a_wrong_pin_can_be_given_up(talk: Any) -> None:
    """No to the PIN is no purchase, and nothing is left to be agreed to."""
    talk.turn(add("latte"), fill("store", "dam"))
    talk.results[action.Commit] = action.Refused((action.Trouble("pin.ask", slot="pin"),))
    talk.turn(YES)
    assert talk.turn(NO) == ["ask.change"]
    assert talk.state.queued is None and talk.state.proposal is None


def test_what_could_not_be_read_is_asked_again(talk):
    """A value that was heard but not understood puts the slot's question, and fills nothing."""
    talk.turn(begin("order"), add("latte"))
    said = talk.turn(Fill("store", (), Evidence("the shop over there", "local")))
    assert talk.pending == "slot"
    assert any(key.partition(":")[2] == "coffee.order.store" for key in said)


def test_a_move_of_what_was_cancelled_is_dropped(specs: Any, talk: Any) -> None:
    """It is said, and not gone on with."""
    skill = specs.skills["coffee"]
    drop = replace(skill.intents["visit"], id="drop", operation="cancel", slots={})
    talk.specs = replace(specs, skills={"coffee": replace(skill, intents={**skill.intents, "drop": drop})})
    talk.turn(begin("visit"), MONDAY, fill("store", "dam"))
    talk.turn(YES)
    talk.turn(begin("shift"))
    talk.turn(begin("drop"))
    assert talk.turn(YES) == ["order.placed", "frame.dropped"]
    assert talk.state.topic.frames == ()
