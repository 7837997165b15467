"""The dialogue's moves, one behaviour a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso.dialogue import step
from sayso.model import action, event
from sayso.model.action import Checked, Refused, Trouble
from sayso.model.basket import Chosen
from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Choose,
    Command,
    Doubt,
    Evidence,
    Fill,
    Item,
    Language,
    NotUnderstood,
    Question,
    Remove,
    Start,
    Target,
)
from sayso.testing.given import GIVEN, NO, YES, options, say

OAT = Chosen("milk", "oat")


def item(sku: str, quantity: int | None = None, *options: Chosen, **more: Any) -> Item:
    return Item(sku, (Candidate(sku),), quantity, options, **more)


def add(*items: Item) -> Add:
    return Add(items, GIVEN)


def at(place: str) -> Fill:
    return Fill("store", (Candidate(place),), GIVEN)


def line(line_id: str, count: int | None = None) -> Target:
    return Target("", (Candidate(line_id),), count)


def show(talk: Any) -> None:
    """The options of what was said become what was shown, as the host does when it composes."""
    talk.state = replace(talk.state, shown=options(talk.said))


def test_an_order_asks_only_the_store_then_reads_back(talk: Any) -> None:
    """Adding notes the item and asks for the one missing slot; filling it leads to the read-back."""
    assert talk.turn(add(item("latte", 2))) == ["order.noted", "prompt:coffee.order.store"]
    assert talk.turn(at("dam")) == ["order.read_back"]
    assert talk.pending == "confirm"


def test_yes_commits_the_digest_that_was_read_back(talk: Any) -> None:
    """A yes to the read-back commits exactly that proposal, once."""
    talk.turn(add(item("latte")), at("dam"))
    offered = talk.state.proposal
    assert talk.turn(YES) == ["order.placed"]
    assert [c.proposal for c in talk.did(action.Commit)] == [offered]
    assert talk.turn(YES) == ["ask.what"]
    assert len(talk.did(action.Commit)) == 1


def test_yes_with_an_edit_is_no_yes(talk: Any) -> None:
    """ "Yes but make it two" changes and asks again."""
    talk.turn(add(item("latte")), at("dam"))
    said = talk.turn(YES, Change(line("l1"), Item("", quantity=2), GIVEN))
    assert said == ["order.read_back"]
    assert not talk.did(action.Commit)


def test_a_change_withdraws_the_offer_and_its_reservations(talk: Any) -> None:
    """Whatever changes the basket releases the old proposal before a new one is made."""
    talk.turn(add(item("latte")), at("dam"))
    first = talk.state.proposal.id
    talk.turn(add(item("muffin")))
    assert [r.proposal for r in talk.did(action.Release)] == [first]
    assert talk.state.proposal.id != first


def test_an_expired_offer_cannot_be_agreed_to(talk: Any) -> None:
    """After the offer's time a yes leads to a new read-back, not to an order."""
    talk.turn(add(item("latte")), at("dam"))
    talk.now += timedelta(hours=1)
    assert talk.turn(YES) == ["order.read_back"]
    assert not talk.did(action.Commit)


def test_one_of_two_becomes_a_line_of_its_own(talk: Any) -> None:
    """Changing one unit of a line splits it; the other stays as it was."""
    talk.turn(add(item("latte", 2)))
    talk.turn(Change(line("l1", 1), Item("", options=(OAT,)), GIVEN))
    assert talk.basket() == [("latte", 1, ()), ("latte", 1, ("milk=oat",))]


def test_a_change_that_fails_leaves_the_old_value(talk: Any) -> None:
    """An option that is not offered is asked about while the line keeps what it had."""
    talk.turn(add(item("latte", 1, OAT)))
    bad = Chosen("milk", "goat")
    trouble = Trouble("trouble.option", line="l1", group="milk", options=(Candidate("milk/oat"),))
    lines = (replace(talk.state.lines[0], options=(bad,)),)
    talk.results[action.Check] = Checked(lines, (trouble,))
    assert talk.turn(Change(line("l1"), Item("", options=(bad,)), GIVEN)) == ["trouble.option"]
    assert talk.basket() == [("latte", 1, ("milk=oat",))]
    assert talk.pending == "option"


def test_what_is_left_out_is_kept_as_a_count_of_zero(talk: Any) -> None:
    """ "Without vanilla" is never dropped."""
    talk.turn(add(item("latte", removed=(Chosen("syrup", "vanilla"),))))
    assert talk.state.lines[0].options == (Chosen("syrup", "vanilla", 0),)


def test_an_unknown_product_is_asked_and_the_answer_keeps_quantity(talk: Any) -> None:
    """A parked item is completed by the product that answers the question."""
    assert talk.turn(add(Item("flurb", quantity=3))) == ["trouble.unknown_product"]
    talk.turn(add(item("mocha")))
    assert talk.basket() == [("mocha", 3, ())]


def test_two_likely_products_are_offered(talk: Any) -> None:
    """Dialogue asks when no candidate leads; choosing the second takes it."""
    talk.turn(add(Item("choco", (Candidate("mocha", 0.8), Candidate("muffin", 0.79)))))
    assert talk.said[-1].key == "ask.product"
    show(talk)
    talk.turn(Choose(1, GIVEN))
    assert talk.basket() == [("muffin", 1, ())]


def test_a_doubt_is_asked_before_the_price(talk: Any) -> None:
    """Words that could mean two options lead to a question, not to a guess."""
    doubt = Doubt("sweet", (Candidate("syrup/vanilla"), Candidate("milk/oat")))
    assert talk.turn(add(item("latte", doubts=(doubt,)))) == ["ask.doubt"]
    show(talk)
    assert talk.turn(Choose(0, GIVEN)) == ["order.noted", "prompt:coffee.order.store"]
    assert talk.basket() == [("latte", 1, ("syrup=vanilla",))]


def test_removing_the_last_line_asks_what_instead(talk: Any) -> None:
    talk.turn(add(item("latte")))
    assert talk.turn(Remove(line("l1"), GIVEN)) == ["basket.removed", "ask.what_instead"]


def test_ambiguous_lines_are_asked_about(talk: Any) -> None:
    """Two lattes in different lines: which one?"""
    talk.turn(add(item("latte"), item("latte", 1, OAT)))
    both = Target("latte", (Candidate("l1", 0.9), Candidate("l2", 0.9)))
    assert talk.turn(Remove(both, GIVEN)) == ["ask.line"]
    show(talk)
    talk.turn(Choose(1, GIVEN))
    assert talk.basket() == [("latte", 1, ())]


def test_a_digression_returns_to_the_question_with_slots_intact(talk: Any) -> None:
    """A question in the middle is answered, then the pending question is asked again, shorter."""
    talk.turn(add(item("latte")))
    assert talk.turn(Question("hours", (), GIVEN)) == ["answer", "prompt:coffee.order.store"]
    assert talk.pending == "slot"
    assert talk.basket() == [("latte", 1, ())]


def test_a_digression_at_the_read_back_keeps_the_offer(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    offered = talk.state.proposal
    talk.turn(Question("hours", (), GIVEN))
    assert talk.said[-1].short and talk.said[-1].key == "order.read_back"
    talk.turn(YES)
    assert [c.proposal for c in talk.did(action.Commit)] == [offered]


def test_undo_goes_back_one_change_before_an_order(talk: Any) -> None:
    talk.turn(add(item("latte")))
    talk.turn(add(item("muffin")))
    talk.turn(say("undo"))
    assert talk.basket() == [("latte", 1, ())]


def test_undo_reverts_a_placed_order(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    talk.turn(YES)
    assert talk.turn(say("undo")) == ["order.undone"]
    assert talk.turn(say("undo")) == ["undo.nothing"]


def test_undo_too_late_says_so(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    talk.turn(YES)
    talk.now += timedelta(hours=1)
    assert talk.turn(say("undo")) == ["undo.too_late"]
    assert not talk.did(action.Revert)


def test_cancel_of_a_placed_order_is_only_offered(talk: Any) -> None:
    """A placed order is not cancelled without a yes."""
    talk.turn(add(item("latte")), at("dam"))
    talk.turn(YES)
    assert talk.turn(say("cancel")) == ["offer.undo"]
    assert not talk.did(action.Revert)
    assert talk.turn(YES) == ["order.undone"]


def test_cancel_empties_the_basket(talk: Any) -> None:
    talk.turn(add(item("latte")))
    assert talk.turn(say("cancel")) == ["cancelled"]
    assert talk.basket() == []


def test_no_to_the_read_back_orders_nothing_and_asks_what_to_change(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    assert talk.turn(NO) == ["ask.change"]
    assert talk.turn(YES) == ["order.read_back"]
    assert not talk.did(action.Commit)


def test_consent_is_asked_and_then_the_recall_goes_on(talk: Any) -> None:
    """ "My usual" without consent asks for it; yes records it and recalls."""
    talk.results[action.Recall] = Refused((Trouble("order.need_consent", slot="consent"),))
    assert talk.turn(Start((Candidate("coffee.usual"),), GIVEN)) == ["order.need_consent"]
    talk.results.clear()
    talk.turn(YES)
    assert [c.granted for c in talk.did(action.Consent)] == [True]
    assert len(talk.did(action.Recall)) == 2


def test_a_pin_is_asked_before_a_voice_purchase_and_three_wrong_ones_end_it(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    talk.results[action.Commit] = Refused((Trouble("pin.ask", slot="pin"),))
    assert talk.turn(YES) == ["pin.ask"]
    assert talk.state.topic.pending.secret
    for _ in range(2):
        assert talk.turn(event.Secret(False)) == ["pin.wrong"]
    assert talk.turn(event.Secret(False)) == ["pin.locked"]
    assert talk.turn(event.Secret(True)) != ["order.placed"]


def test_the_right_pin_commits_as_verified(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    talk.results[action.Commit] = Refused((Trouble("pin.ask", slot="pin"),))
    talk.turn(YES)
    talk.results.clear()
    assert talk.turn(event.Secret(True)) == ["order.placed"]
    assert talk.did(action.Commit)[-1].verified


def test_three_misses_offer_a_person(talk: Any) -> None:
    miss = NotUnderstood("blah", GIVEN)
    assert [talk.turn(miss)[0] for _ in range(3)] == ["not_understood.1", "not_understood.2", "offer.person"]
    assert talk.turn(YES) == ["person.promised"]


def test_emergency_gets_its_fixed_answer_and_sells_nothing(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    assert talk.turn(say("emergency")) == ["emergency"]
    assert talk.state.proposal is None and talk.pending == ""


def test_stop_ends_at_once_and_keeps_the_basket(talk: Any) -> None:
    talk.turn(add(item("latte")))
    assert talk.turn(say("stop")) == ["stopped"]
    assert talk.said[-1].ends
    assert talk.basket() == [("latte", 1, ())]


def test_why_is_answered_in_the_manifests_words(talk: Any) -> None:
    talk.turn(add(item("latte")))
    assert talk.turn(Question("why", (), GIVEN))[0] == "why:coffee.order.store"


def test_the_bot_says_once_that_it_is_one(specs: Any, talk: Any) -> None:
    talk.state = replace(talk.state, greeted=False)
    assert talk.turn(event.Opened()) == ["bot_notice", "greeting"]
    assert talk.turn(event.Opened()) == ["greeting"]


def test_an_offer_that_expires_by_its_job_is_withdrawn_silently(talk: Any) -> None:
    talk.turn(add(item("latte")), at("dam"))
    due = event.Due("expire_proposal", {"proposal": talk.state.proposal.id})
    state, actions = step(talk.state, due, talk.specs, talk.now)
    assert state.proposal is None and [type(a) for a in actions] == [action.Release]


def test_a_slot_that_cannot_be_had_is_asked_again_with_what_can(talk: Any) -> None:
    talk.results[action.Propose] = Refused((Trouble("order.closed", slot="store", options=(Candidate("park"),)),))
    assert talk.turn(add(item("latte")), at("dam")) == ["order.closed"]
    assert talk.state.topic.pending.slot == "store"
    assert [o.command for o in talk.said[-1].options] == [Fill("store", (Candidate("park"),), Evidence("", "given"))]


@pytest.mark.parametrize("language, key", [("nl", "language.switched"), ("fr", "language.unknown")])
def test_the_language_switches_where_the_merchant_speaks_it(talk: Any, language: str, key: str) -> None:
    assert talk.turn(Language(language, GIVEN))[0] == key
    assert talk.state.language == ("nl" if language == "nl" else "en")


@pytest.mark.parametrize("given", [say("help"), say("person"), say("repeat"), say("cancel"), say("undo"), NO, YES])
def test_global_phrases_answer_from_an_empty_conversation(talk: Any, given: Command) -> None:
    assert talk.turn(given)


def test_one_of_what_was_just_asked_about_is_added(talk: Any) -> None:
    """ "What's in a mocha?" "I'll have one": the product that was mentioned."""
    talk.turn(Question("product", (Candidate("mocha"),), GIVEN))
    talk.turn(Change(Target("one"), Item("one", quantity=1), GIVEN))
    assert talk.basket() == [("mocha", 1, ())]


def begin(intent: str) -> Start:
    return Start((Candidate(f"coffee.{intent}"),), GIVEN)


MONDAY = Fill("day", (Candidate("2026-11-30T10:00:00+01:00"),), GIVEN)


def test_a_booking_asks_its_slots_and_is_proposed(talk: Any) -> None:
    """An intent without a basket goes the same way: slots, read-back, yes."""
    assert talk.turn(begin("visit")) == ["prompt:coffee.visit.day"]
    assert talk.turn(MONDAY) == ["prompt:coffee.visit.store"]
    assert talk.turn(at("dam")) == ["order.read_back"]
    assert talk.turn(YES) == ["order.placed"]
    assert talk.did(action.Commit)[0].proposal.slots == {"day": "2026-11-30T10:00:00+01:00", "store": "dam"}


def test_a_booking_on_top_of_a_basket_gives_way_to_it_again(talk: Any) -> None:
    """The interrupted purchase comes back with its lines and slots."""
    talk.turn(add(item("latte")))
    talk.turn(begin("visit"), MONDAY, at("park"))
    assert talk.turn(YES) == ["order.placed", "frame.back", "prompt:coffee.order.store"]
    assert talk.basket() == [("latte", 1, ())]


def test_cancel_drops_the_booking_only(talk: Any) -> None:
    talk.turn(add(item("latte")))
    talk.turn(begin("visit"))
    assert talk.turn(say("cancel"))[0] == "cancelled"
    assert talk.basket() == [("latte", 1, ())]


def test_an_intent_that_only_reads_is_answered_once_its_slots_are_known(talk: Any) -> None:
    assert talk.turn(begin("fits")) == ["prompt:coffee.fits.day"]
    assert talk.turn(MONDAY) == ["answer"]
    assert talk.did(action.Ask)[0].question.about == "advise"
    assert not talk.state.topic.frames


def test_a_booking_answers_the_greeting(talk: Any) -> None:
    """What is begun comes before the open question of what it might be."""
    talk.turn(event.Opened())
    assert talk.turn(begin("visit")) == ["prompt:coffee.visit.day"]


def test_a_booking_that_cannot_be_had_is_over(talk: Any) -> None:
    """A refusal that nothing can mend ends the intent: the next turn is not about it."""
    talk.results[action.Propose] = action.Refused((action.Trouble("booking.none"),))
    assert talk.turn(begin("visit"), MONDAY, at("dam")) == ["booking.none"]
    assert not talk.state.topic.frames


def test_an_offer_that_changed_meanwhile_is_made_again(talk: Any) -> None:
    """A booking goes on as itself, not as an order."""
    talk.turn(begin("visit"), MONDAY, at("dam"))
    talk.results[action.Commit] = action.Refused((action.Trouble("booking.changed_meanwhile"),))
    assert talk.turn(YES) == ["booking.changed_meanwhile", "order.read_back"]
    assert len(talk.did(action.Propose)) == 2


def test_a_booking_begun_during_a_read_back_comes_first(talk: Any) -> None:
    """The open offer is withdrawn, and made again when its turn comes."""
    talk.turn(add(item("latte")), at("dam"))
    assert talk.turn(begin("visit"), MONDAY, at("park")) == ["order.read_back"]
    assert talk.state.proposal.intent == "coffee.visit"
    assert talk.turn(YES) == ["order.placed", "frame.back", "order.read_back"]
    assert talk.state.proposal.intent == "coffee.order"


def test_what_was_ordered_elsewhere_is_undone_only_after_a_yes(talk: Any) -> None:
    """The order is named, and the yes is to that one."""
    talk.results[action.Undoable] = action.Found("e9", {})
    assert talk.turn(say("undo")) == ["offer.undo_order"]
    assert not talk.did(action.Revert)
    talk.turn(YES)
    assert [r.effect for r in talk.did(action.Revert)] == ["e9"]


def test_the_only_place_that_offers_the_service_is_taken(talk: Any) -> None:
    """Delivery from one store only: the store is not asked."""
    places = dict(talk.specs.merchant.locations)
    places["dam"] = replace(places["dam"], services=("here", "to_go"))
    places["park"] = replace(places["park"], services=("to_go",))
    order = talk.specs.skills["coffee"].intents["order"]
    slots = {**order.slots, "store": replace(order.slots["store"], default="@only")}
    skill = replace(talk.specs.skills["coffee"], intents={"order": replace(order, slots=slots)})
    merchant = replace(talk.specs.merchant, locations=places)
    talk.specs = replace(talk.specs, merchant=merchant, skills={"coffee": skill})
    here = Fill("service", (Candidate("here"),), GIVEN)
    assert talk.turn(add(item("latte")), here) == ["order.read_back"]
    assert talk.did(action.Propose)[0].slots["store"] == "dam"
