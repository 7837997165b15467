"""What Alexa is told to listen for, and what comes back from it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.alexa import Certificates, Door, read_limits
from sayso.channels.alexa.dialog import CLEAR, Aims, Target, listen, options
from sayso.channels.alexa.envelope import read_envelope
from sayso.channels.alexa.model import aims_of
from sayso.channels.alexa.parse import Ready, parse
from sayso.channels.alexa.render import Ear, Surface, render
from sayso.model.event import Pressed, Recognised, Utterance
from sayso.model.message import Action, Asked, Card, Message

LIMITS = read_limits()
ORDER = "order_coffee_DOT_order"


@pytest.fixture(scope="module")
def targets(artefact):
    return aims_of(artefact, LIMITS.export).languages["en"]


def response(message, targets, *, listed=False):
    """The rendered envelope; Amazon's own classes read it and write it again as it was."""
    ear = Ear(targets, LIMITS.export.max_slot_value, listed)
    body = render([message], LIMITS.response, Surface("Corner Bar"), ear)
    from ask_sdk_core.serialize import DefaultSerializer  # type: ignore[import-not-found]
    from ask_sdk_model import ResponseEnvelope

    serial, raw = DefaultSerializer(), json.loads(body)
    assert serial.serialize(serial.deserialize(body.decode(), ResponseEnvelope)) == raw
    return raw


def question(asks, *actions, private=False):
    return Message("Which?", "Which?", expects_reply=True, actions=actions, asks=asks, private=private)


def kinds(raw):
    return [directive["type"] for directive in raw["response"].get("directives", ())]


def test_a_question_about_a_list_elicits_its_slot(targets):
    """The place is heard as one of the places; nothing that was said before comes back as if it were an answer."""
    raw = response(question(Asked("slot", "order_coffee.order", "store")), targets)
    (directive,) = raw["response"]["directives"]
    assert (directive["type"], directive["slotToElicit"]) == ("Dialog.ElicitSlot", "store")
    assert directive["updatedIntent"]["name"] == ORDER
    assert all("value" not in slot for slot in directive["updatedIntent"]["slots"].values())
    assert raw["sessionAttributes"] == {"asked": f"{ORDER} store"}
    assert raw["response"]["shouldEndSession"] is False


def test_a_read_back_is_confirmed(targets):
    """The yes to a proposal is asked as Alexa's own confirmation."""
    raw = response(question(Asked("confirm", "order_coffee.order")), targets)
    assert kinds(raw) == ["Dialog.ConfirmIntent"]
    assert raw["sessionAttributes"] == {"asked": f"confirm {ORDER}"}


@pytest.mark.parametrize(
    "asks",
    [
        Asked("what"),
        Asked("product", "order_coffee.order"),
        Asked("slot", "order_coffee.order", "items"),
        Asked("slot", "unknown.intent", "when"),
        Asked("pin", "order_coffee.order"),
        Asked("confirm", "order_coffee.nothing"),
    ],
)
def test_any_other_question_takes_the_words_as_they_are_said(targets, asks):
    """The phrase slot of Answer needs no carrier phrase, so no word is lost."""
    raw = response(question(asks), targets)
    (directive,) = raw["response"]["directives"]
    assert (directive["slotToElicit"], directive["updatedIntent"]["name"]) == ("words", "Answer")


def test_nothing_is_aimed_at_what_the_model_has_not():
    """An exported model from before, or of another language, has no dialog: Alexa hears as it did."""
    assert kinds(response(question(Asked("what")), {})) == []
    assert listen(Asked("confirm", "a.b"), {"a_DOT_b": Target(())}) == (None, "")
    assert listen(None, {"Answer": Target(("words",))}) == (None, "")


def test_an_answer_that_asks_nothing_listens_to_nothing(targets):
    """No dialog is opened, and the session ends."""
    raw = response(Message("Done.", "Done.", asks=Asked("what")), targets)
    assert kinds(raw) == [] and raw["response"]["shouldEndSession"] is True and "sessionAttributes" not in raw


def test_options_become_entities_of_the_session(targets):
    """What no model can know beforehand, in the words that are said, with the buttons' tokens as ids."""
    press = Action("reply", "Order", "cafe")
    message = replace(
        question(
            Asked("slot", "a.b", "time"), Action("reply", "Tue 10:30", "f00d"), Action("url", "Menu", "https://x")
        ),
        cards=(Card("Flat White", actions=(press,)),),
    )
    raw = response(message, targets)
    entities = next(d for d in raw["response"]["directives"] if d["type"] == "Dialog.UpdateDynamicEntities")
    assert entities["updateBehavior"] == "REPLACE"
    (listed,) = entities["types"]
    assert listed["name"] == "Wish"
    assert [(v["id"], v["name"]["value"]) for v in listed["values"]] == [
        ("f00d", "tue ten thirty"),
        ("cafe", "flat white"),
    ]
    assert raw["sessionAttributes"]["options"] == {"tue ten thirty": "f00d", "flat white": "cafe"}


def test_entities_are_cleared_when_nothing_is_to_be_chosen_and_at_the_end(targets):
    """What was listed for one question is not heard in the next, nor in the next session."""
    for message in (question(Asked("what")), Message("Bye.", "Bye.", ends=True)):
        raw = response(message, targets, listed=True)
        assert CLEAR in raw["response"]["directives"]
        assert "options" not in raw.get("sessionAttributes", {})
    assert CLEAR not in response(question(Asked("what")), targets)["response"]["directives"]


def test_the_options_of_a_private_message_stay_here(targets):
    """An address that may be chosen is not sent to Amazon as a word to listen for."""
    message = question(Asked("what"), Action("reply", "Keizersgracht one", "f00d"), private=True)
    assert "Dialog.UpdateDynamicEntities" not in kinds(response(message, targets))


@given(st.lists(st.text(max_size=200), max_size=150))
def test_any_options_keep_the_limits(labels):
    """A hundred values at most, each once, none empty or too long."""
    actions = tuple(Action("reply", label, str(place)) for place, label in enumerate(labels))
    values = list(options([question(None, *actions)], LIMITS.response, LIMITS.export.max_slot_value))
    assert len(values) <= 100 and len(set(values)) == len(values)
    assert all(0 < len(value) <= LIMITS.export.max_slot_value for value in values)


@pytest.fixture
def read(artefact, anna, now):
    """The event of a request's body."""

    def run(body):
        return parse(read_envelope(body, LIMITS.request), artefact, anna.skill, now, LIMITS.answer)

    return run


def answered(anna, now, name, slots, asked, confirmation="NONE", **attributes):
    """The request that answers what the session was asked."""
    raw = json.loads(anna.intent("r1", now, name, slots))
    raw["session"]["attributes"] = {"asked": asked, **attributes}
    raw["request"]["intent"]["confirmationStatus"] = confirmation
    return raw


def dump(raw):
    return json.dumps(raw).encode()


def test_the_answer_comes_as_words(read, anna, now):
    """Alexa filled the phrase slot: those are the customer's words, whole."""
    raw = answered(anna, now, "Answer", {"words": "yes but with oat milk"}, "Answer words")
    assert read(dump(raw)).body == Utterance("yes but with oat milk")
    assert read(anna.intent("r1", now, "Answer", {})).body == Recognised("")


@pytest.mark.parametrize(("status", "meant"), [("CONFIRMED", "yes"), ("DENIED", "no")])
def test_a_confirmation_that_was_asked_for_is_a_yes_or_no(read, anna, now, status, meant):
    """It counts for the intent whose read-back was the last question."""
    raw = answered(anna, now, ORDER, {}, f"confirm {ORDER}", status)
    assert read(dump(raw)).body == Recognised(meant)


@pytest.mark.parametrize(
    ("asked", "slots"),
    [
        ("", {}),
        (f"{ORDER} store", {}),
        ("confirm another_DOT_intent", {}),
        (f"confirm {ORDER}", {"service": "to go"}),
    ],
)
def test_a_confirmation_that_was_not_asked_for_or_says_more_is_no_yes(read, anna, now, asked, slots):
    """Who says "yes but to go" is heard as its words; a status out of nowhere as nothing."""
    body = read(dump(answered(anna, now, ORDER, slots, asked, "CONFIRMED"))).body
    assert isinstance(body, Recognised) and body.intent != "yes" and body.slots == slots


LISTED = {"tue ten thirty": "t0k3n", "flat white": "cafe"}


@pytest.mark.parametrize(("name", "slot"), [("Say", "wish"), ("Answer", "words"), (ORDER, "store")])
@pytest.mark.parametrize("said", ["Tue ten  thirty", "tue 10:30"])
def test_an_option_said_word_for_word_is_its_button(read, anna, now, name, slot, said):
    """The token of what was listed in this session's last answer."""
    raw = answered(anna, now, name, {slot: said}, "", options=LISTED)
    assert read(dump(raw)).body == Pressed("t0k3n", said)


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("not tue ten thirty", LISTED),
        ("tue ten thirty but for two", LISTED),
        ("tue ten thirty", {}),
        ("tue ten thirty", {"tue ten thirty": 7}),
        ("tue ten thirty", ["tue ten thirty"]),
    ],
)
def test_what_is_not_said_word_for_word_is_words(read, anna, now, said, options):
    """Nothing that was said beside an option is lost; what another program kept in the session means nothing."""
    raw = answered(anna, now, "Answer", {"words": said}, "Answer words", options=options)
    assert read(dump(raw)).body == Utterance(said)


def test_an_option_within_a_carrier_phrase_is_more_than_the_option(read, anna, now):
    """Who says "without flat white" does not choose it."""
    raw = answered(anna, now, "Say_without", {"words": "flat white"}, "", options=LISTED)
    assert read(dump(raw)).body == Utterance("without flat white")


async def test_directives_need_the_model_that_was_exported(artefact, chain, anna, now):
    """Amazon ends a session for a directive that aims at nothing: the address tells which model there is."""
    door = Door(Certificates(chain.fetch, [chain.root], LIMITS.certificate), LIMITS)
    body = anna.launch("r1", now)
    received = await door.receive(chain.sign(body), body, now, artefact)
    assert not isinstance(received, Ready)
    message, model = question(Asked("what")), aims_of(artefact, LIMITS.export).id
    for name, expected in (("", []), ("0" * 16, []), (model, ["Dialog.ElicitSlot"])):
        assert kinds(json.loads(door.respond(received, [message], artefact, name))) == expected
    other = replace(artefact, digest="other", skills={})
    assert kinds(json.loads(door.respond(received, [message], other, model))) == []


def test_a_models_name_tells_what_may_be_aimed_at(artefact):
    """Prices may change; another slot is another model."""
    one = Aims({"en": {"Answer": Target(("words",))}})
    assert one.id == Aims({"en": {"Answer": Target(("words",))}}).id
    assert one.id != Aims({"en": {"Answer": Target(("words", "more"))}}).id
    dearer = replace(artefact, digest="new", catalog=replace(artefact.catalog, version="v2"))
    assert aims_of(artefact, LIMITS.export).id == aims_of(dearer, LIMITS.export).id
