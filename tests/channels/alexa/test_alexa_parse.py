"""What each kind of request becomes."""

from __future__ import annotations

import json

import orjson
import pytest

from sayso.channels.alexa.envelope import read_envelope
from sayso.channels.alexa.intents import say_name, say_words
from sayso.channels.alexa.parse import EMPTY, Ready, parse
from sayso.channels.names import read_name, spell
from sayso.errors import SaysoError, Theirs, Unauthorised
from sayso.model.event import Closed, Event, Located, Opened, Proof, Recognised, Utterance


@pytest.fixture
def read(artefact, limits, now, anna):
    """What a request's body becomes."""

    def run(body, prove=None):
        envelope = read_envelope(body, limits.request)
        return parse(envelope, artefact, anna.skill, now, limits.answer, prove)

    return run


@pytest.fixture
def with_context(anna, now):
    """A launch whose envelope was changed by `change(raw)`."""

    def run(change):
        raw = json.loads(anna.launch("r1", now))
        change(raw)
        return orjson.dumps(raw)

    return run


def test_a_launch_opens_the_users_conversation(read, anna, now):
    """The conversation is the user's, so that it goes on in the next session."""
    event = read(anna.launch("r1", now))
    assert event == Event(
        "r1",
        "bar",
        "alexa",
        anna.skill,
        anna.user,
        now,
        Opened(),
        language="en-US",
        proof=Proof("channel", "alexa", anna.user),
        deadline_s=7.0,
        voice=True,
    )


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("AMAZON.YesIntent", "yes"),
        ("AMAZON.NoIntent", "no"),
        ("AMAZON.StopIntent", "stop"),
        ("AMAZON.CancelIntent", "cancel"),
        ("AMAZON.HelpIntent", "help"),
        ("AMAZON.RepeatIntent", "repeat"),
        ("AMAZON.StartOverIntent", "start_over"),
        ("AMAZON.FallbackIntent", ""),
        ("AMAZON.SomethingNewIntent", ""),
    ],
)
def test_built_in_intents_are_global_commands(read, anna, now, name, command):
    """Amazon's standard intents mean what they mean on every channel; an unknown one is not understood."""
    assert read(anna.intent("r1", now, name)).body == Recognised(command)


def test_an_exported_intent_keeps_its_slots_words(read, anna, now):
    """The platform's conclusion is evidence: the id, and the words as they were said."""
    event = read(anna.intent("r1", now, "order_coffee_DOT_usual", {"store": "dam square"}))
    assert event.body == Recognised("order_coffee.usual", {"store": "dam square"})


def test_free_wording_is_put_together_again(read, anna, now):
    """The carrier phrase comes from the intent's name: no word is lost."""
    event = read(anna.intent("r1", now, "Say_yes_but", {"words": "without sugar"}))
    assert event.body == Utterance("yes but without sugar")


def test_bare_wording_is_an_utterance(read, anna, now):
    """What was said without a carrier phrase."""
    assert read(anna.say("r1", now, "two oat lattes")).body == Utterance("two oat lattes")


def test_wording_that_got_lost_is_not_understood(read, anna, now):
    """An empty phrase slot is no utterance."""
    assert read(anna.intent("r1", now, "Say", {})).body == Recognised("")


@pytest.mark.parametrize(
    "sample",
    ["i'd like {words}", "{words} please", "could i have {words} please", "make {words}", "my go-to {words} at 5 p.m."],
)
def test_an_intents_name_tells_its_sample(sample):
    """Each carrier phrase can be read back from the name that Amazon sends."""
    name = say_name(sample)
    assert name.replace("_", "").isalpha()
    assert say_words(name, {"words": "X"}) == sample.replace("{words}", "X")


@pytest.mark.parametrize("intent", ["order_coffee.usual", "a.b", "skill_2.intent_3x", "a__b.c_", "x1y2.z"])
def test_an_intents_name_can_be_read_back(intent):
    """Names that Alexa takes, for every id that a manifest may use."""
    name = spell(intent)
    assert read_name(name) == intent
    assert all(part.isalpha() for part in name.split("_"))


def _slot(*authorities):
    resolved = [
        {"authority": str(i), "status": {"code": code}, "values": [{"value": {"name": id, "id": id}} for id in ids]}
        for i, (code, ids) in enumerate(authorities)
    ]
    return {"name": "store", "value": "the dam", "resolutions": {"resolutionsPerAuthority": resolved}}


@pytest.mark.parametrize(
    ("authorities", "ids"),
    [
        ([("ER_SUCCESS_MATCH", ["dam"])], {"store": "dam"}),
        ([("ER_SUCCESS_MATCH", ["dam"]), ("ER_SUCCESS_MATCH", ["dam"])], {"store": "dam"}),
        ([("ER_SUCCESS_NO_MATCH", []), ("ER_SUCCESS_MATCH", ["dam"])], {"store": "dam"}),
        ([("ER_SUCCESS_MATCH", ["dam"]), ("ER_SUCCESS_MATCH", ["zuid"])], {}),
        ([("ER_SUCCESS_MATCH", ["dam", "zuid"])], {}),
        ([("ER_ERROR_TIMEOUT", [])], {}),
    ],
)
def test_a_resolved_id_is_believed_only_when_all_agree(read, anna, now, authorities, ids):
    """Two authorities that disagree leave the words as they were said."""
    intent = {"name": "order_coffee_DOT_usual", "slots": {"store": _slot(*authorities)}}
    body = anna.body({"type": "IntentRequest", "requestId": "r1", "intent": intent}, now)
    assert read(body).body == Recognised("order_coffee.usual", {"store": "the dam"}, ids=ids)


def test_several_values_of_a_slot_are_said_together(read, data, anna, now):
    """Amazon's own example of a slot with a list of values."""
    slots = json.loads((data / "requests" / "MultiValueSlot.json").read_text())
    intent = {"name": "order_coffee_DOT_order", "slots": slots}
    body = anna.body({"type": "IntentRequest", "requestId": "r1", "intent": intent}, now)
    assert read(body).body.slots == {"toppings": "olives, sausage, ham"}


@pytest.mark.parametrize("value", [None, "?", ""])
def test_a_slot_without_a_value_is_left_out(read, anna, now, value):
    """Nothing was said, or nothing that Alexa could read."""
    intent = {"name": "order_coffee_DOT_order", "slots": {"n": {"name": "n", "value": value}}}
    body = anna.body({"type": "IntentRequest", "requestId": "r1", "intent": intent}, now)
    assert read(body).body == Recognised("order_coffee.order")


def test_the_end_of_a_session_closes_with_its_reason(read, anna, now):
    """Why it ended is told to the host."""
    assert read(anna.end("r1", now, "EXCEEDED_MAX_REPROMPTS")).body == Closed("EXCEEDED_MAX_REPROMPTS")


def test_a_linked_token_is_proven_by_the_merchant(read, with_context):
    """Account linking: the merchant vouches for who speaks."""

    def link(raw):
        raw["context"]["System"]["user"]["accessToken"] = "t0ken"

    vouched = {"t0ken": Proof("linked", "bar", "customer-7")}
    assert read(with_context(link), vouched.__getitem__).proof == vouched["t0ken"]


def test_the_speakers_own_token_comes_first(read, with_context):
    """A recognised person is not the owner of the device."""

    def link(raw):
        raw["context"]["System"]["user"]["accessToken"] = "owner"
        raw["context"]["System"]["person"] = {"personId": "p", "accessToken": "speaker"}

    proof = read(with_context(link), lambda token: Proof("linked", "bar", token)).proof
    assert proof.subject == "speaker"


def test_a_bad_token_proves_nothing_and_harms_nothing(read, with_context, anna):
    """An expired link leaves the customer as the platform knows him."""

    def link(raw):
        raw["session"]["user"]["accessToken"] = "expired"

    def prove(token):
        raise Unauthorised("expired")

    assert read(with_context(link), prove).proof == Proof("channel", "alexa", anna.user)


@pytest.mark.parametrize(
    ("coordinate", "position"),
    [
        ({"latitudeInDegrees": 52.37, "longitudeInDegrees": 4.89}, Located(52.37, 4.89)),
        ({"latitudeInDegrees": 0, "longitudeInDegrees": 0}, Located(0.0, 0.0)),
        ({"latitudeInDegrees": 95.0, "longitudeInDegrees": 4.89}, None),
        ({"latitudeInDegrees": "52", "longitudeInDegrees": 4.89}, None),
        ({"latitudeInDegrees": True, "longitudeInDegrees": 4.89}, None),
        ({}, None),
    ],
)
def test_a_shared_position_comes_beside_the_words(read, with_context, coordinate, position):
    """Degrees that are degrees; anything else is no position."""
    body = with_context(lambda raw: raw["context"].update(Geolocation={"coordinate": coordinate}))
    assert read(body).position == position


@pytest.mark.parametrize(
    "type_",
    [
        "System.ExceptionEncountered",
        "AlexaSkillEvent.SkillEnabled",
        "AlexaSkillEvent.SkillPermissionAccepted",
        "AlexaSkillEvent.SkillPermissionChanged",
        "AlexaSkillEvent.ProactiveSubscriptionChanged",
        "AudioPlayer.PlaybackStarted",
        "Display.ElementSelected",
        "SessionResumedRequest",
        "Connections.Response",
        "Alexa.Presentation.APL.UserEvent",
        "Something.Not.Invented.Yet",
    ],
)
def test_other_types_are_acknowledged_without_a_turn(read, anna, now, type_):
    """A harmless empty answer, never an error: Amazon may send new types at any time."""
    answered = read(anna.body({"type": type_, "requestId": "r1"}, now))
    assert isinstance(answered, Ready)
    assert (answered.body, answered.kind) == (EMPTY, type_)


@pytest.mark.parametrize(
    ("name", "slots", "can"),
    [
        ("order_coffee_DOT_order", {"items": "latte"}, "YES"),
        ("order_coffee_DOT_order", {"colour": "red"}, "MAYBE"),
        ("order_coffee_DOT_order", {"service": "Eat in"}, "YES"),
        ("order_coffee_DOT_order", {"service": "by boat"}, "MAYBE"),
        ("PlaySound", {"Sound": "crickets"}, "NO"),
    ],
)
def test_can_it_be_fulfilled_is_answered_from_the_manifest(read, anna, now, name, slots, can):
    """No turn is run for a customer who has not chosen us."""
    body = anna.intent("r1", now, name, slots).replace(b'"IntentRequest"', b'"CanFulfillIntentRequest"')
    answer = json.loads(read(body).body)["response"]["canFulfillIntent"]
    assert (answer["canFulfill"], set(answer["slots"])) == (can, set(slots))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda raw: raw.pop("request"), "/request"),
        (lambda raw: raw["request"].pop("type"), "/request/type"),
        (lambda raw: raw["request"].update(type=7), "/request/type"),
        (lambda raw: raw["request"].update(requestId=" "), "/request/requestId"),
        (lambda raw: raw["request"].update(requestId="x" * 5000), "/request/requestId"),
        (lambda raw: raw["request"].update(type="IntentRequest"), "/request/intent/name"),
        (lambda raw: raw["request"].update(type="IntentRequest", intent=[]), "/request/intent"),
        (lambda raw: raw["request"].update(intent={"name": "x", "slots": {"a": 1}}), "/request/intent/slots/a"),
        (lambda raw: raw["request"].update(intent={"slots": {"a": {"value": {}}}}), "/request/intent/slots/a/value"),
        (lambda raw: raw.update(session="x"), "/session"),
        (lambda raw: raw["context"]["System"].update(user=[]), "/context/System/user"),
        (lambda raw: (raw.pop("session"), raw["context"]["System"].pop("user")), "/context/System/user/userId"),
    ],
)
def test_a_malformed_envelope_is_a_400_that_names_the_place(read, with_context, change, where):
    """The error says where, what and how to mend it."""
    with pytest.raises(Theirs) as error:
        read(with_context(change))
    assert (error.value.status, error.value.where) == (400, where)
    assert error.value.mend


def test_control_characters_in_words_become_spaces(read, anna, now):
    """What was said is text, on one line."""
    assert read(anna.say("r1", now, "one\x00latte\n")).body == Utterance("one latte")


def test_every_real_request_is_served_or_refused_clearly(data, read):
    """Each fixture gives an event, a ready answer or a 4xx with its place."""
    seen = {"event": 0, "ready": 0, "refused": 0}
    for file in sorted((data / "requests").glob("*.json")):
        try:
            answered = read(file.read_bytes())
        except SaysoError as error:
            assert 400 <= error.status < 500 and error.where, file.name
            seen["refused"] += 1
        else:
            seen["ready" if isinstance(answered, Ready) else "event"] += 1
    assert seen == {"event": 13, "ready": 10, "refused": 10}
