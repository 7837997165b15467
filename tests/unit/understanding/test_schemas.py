"""Slots that only a description explains: found in what customers say, taken from what we offered, carried along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sayso.manifest.specs import Artefact, ChoiceValue, IntentSpec, MerchantSpec, SkillSpec, SlotSpec
from sayso.model.catalog import Catalog
from sayso.model.command import Candidate, Fill, Question, Start
from sayso.model.state import Frame, Offer
from sayso.understanding.context import Context
from sayso.understanding.packs import load
from sayso.understanding.schemas import Forms, compile_forms, hear, read_turn
from sayso.understanding.slots.clocks import compile_terms

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))
TERMS = compile_terms(load(["en", "nl"]))


def slot(name: str, type: str, about: str, *values: str, required: bool = False, told: bool = False) -> SlotSpec:
    choices = {v.replace(" ", "_"): ChoiceValue(v.replace(" ", "_"), {"en": v}) for v in values}
    return SlotSpec(name, type, about={"en": about}, values=choices, required=required, told=told)


def intent(skill: str, id: str, title: str, *slots: SlotSpec, acts: bool = False) -> IntentSpec:
    effect, say_so = ("booking", "read_back") if acts else ("read", "none")
    named = {s.name: s for s in slots}
    return IntentSpec(id, skill, effect, say_so, id, {"en": (title,)}, named, titles={"en": title})


CITY = slot("city", "text", "City where the restaurant is", required=True)
NAME = slot("restaurant_name", "text", "Name of the restaurant", required=True)
TABLE = intent(
    "tables", "reserve_table", "Reserve a table at a restaurant", NAME, CITY,
    slot("date", "date", "Date of the reservation", required=True),
    slot("time", "clock", "Time of the reservation", required=True),
    slot("party_size", "number", "Number of people"),
    acts=True,
)  # fmt: skip
FIND = intent(
    "tables", "find_table", "Find a restaurant in a city", CITY,
    slot("price", "choice", "How expensive the restaurant is", "cheap", "very expensive", "expensive"),
    slot("has_terrace", "flag", "Whether the restaurant has a terrace"),
    slot("phone_number", "text", "Phone number of the restaurant", told=True),
    replace(NAME, required=False, told=True),
)  # fmt: skip
BUS = intent(
    "buses", "find_bus", "Find a bus between cities",
    slot("from_city", "text", "City where the bus leaves from", required=True),
    slot("to_city", "text", "City where the bus goes to", required=True),
    slot("leaving", "date", "Date of leaving", required=True),
)  # fmt: skip
TAXI = intent(
    "taxis", "call_taxi", "Call a taxi to an address",
    slot("destination", "text", "Destination of the taxi", required=True),
    acts=True,
)  # fmt: skip


def merchant(languages: tuple[str, ...] = ("en",)) -> Artefact:
    spec = MerchantSpec("m", {"en": "M"}, languages, "EUR", "NL", "Europe/Amsterdam", {}, ())
    intents = ((FIND, TABLE), (BUS,), (TAXI,))
    skills = {g[0].skill: SkillSpec(g[0].skill, "1", "python", g[0].titles, {i.id: i for i in g}, {}) for g in intents}
    return Artefact("d", spec, skills, Catalog("m", "v", "EUR", {}, {}), {}, {})


def compiled(*languages: str) -> Forms:
    found = compile_forms(merchant(languages or ("en",)))
    assert found is not None
    return found


FORMS = compiled()


def context(intent: str = "", slots: Mapping[str, str] | None = None, **more: object) -> Context:
    frames = (Frame(intent, "d", slots or {}),) if intent else ()
    return replace(Context("en", NOW, intent=intent, frames=frames), **more)  # type: ignore[arg-type]


def filled(text: str, about: Context, forms: Forms = FORMS, nearest: str = "") -> dict[str, str]:
    """The values that `text` gives, by slot; the last one counts."""
    ranked = (Candidate(nearest or about.intent, 0.9),)
    commands = read_turn(text, about, forms, TERMS, ranked)
    return {c.slot: c.values[0].id for c in commands if isinstance(c, Fill)}


BOOKING = context("tables.reserve_table")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a table in Haarlem on the 3rd of December at half past 7 in the evening",
         {"city": "Haarlem", "date": "3rd of December", "time": "half past 7 in the evening"}),
        ("for two people at La Rive next Friday",
         {"party_size": "2", "restaurant_name": "La Rive", "date": "next Friday"}),
        ("make it evening 6:30 tomorrow", {"time": "evening 6:30", "date": "tomorrow"}),
        ("book a table for 4", {"party_size": "4"}),
    ],
)  # fmt: skip
def test_each_mention_goes_to_the_slot_of_its_kind(text: str, values: dict[str, str]) -> None:
    """Days, clocks, counts, places and names are told apart, and kept as they were said."""
    assert filled(text, BOOKING) == values


def test_small_words_tell_the_ends_of_a_way() -> None:
    """From here, to there, in any order."""
    said = filled("to Utrecht please, from Den Haag on Monday", context("buses.find_bus"))
    assert said == {"to_city": "Utrecht", "from_city": "Den Haag", "leaving": "Monday"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("somewhere with a terrace", "true"),
        ("I want it without a terrace", "false"),
    ],
)
def test_a_property_is_wished_for_or_not(text: str, value: str) -> None:
    """A yes-or-no slot is found by its name, and turned by "without"."""
    assert filled(text, context("tables.find_table"))["has_terrace"] == value


def test_a_question_about_a_property_wishes_nothing() -> None:
    """ "Does it have a terrace?" asks."""
    assert "has_terrace" not in filled("does it have a terrace?", context("tables.find_table"))


def test_what_we_tell_is_asked_about() -> None:
    """A question about a slot that only we fill names it."""
    about = context("tables.find_table", {"city": "Leiden"})
    ranked = (Candidate("tables.find_table", 0.9),)
    commands = read_turn("What is their phone number, and do they have a terrace?", about, FORMS, TERMS, ranked)
    assert [c.id for q in commands if isinstance(q, Question) for c in q.ids] == ["has_terrace", "phone_number"]


def test_the_longest_value_of_a_choice_counts() -> None:
    """ "very expensive" is not "expensive"."""
    assert filled("something very expensive", context("tables.find_table")) == {"price": "very_expensive"}


def test_anything_will_do() -> None:
    """No preference fills what was asked."""
    asked = context("tables.find_table", asked=("price",))
    assert filled("it doesn't matter", asked) == {"price": "@any"}


def test_a_bare_answer_belongs_to_what_was_asked() -> None:
    """Small letters and no capital: the words are the answer, without what leads up to them."""
    assert (
        filled("i'd like to go to den bosch", context("buses.find_bus", asked=("to_city",)))["to_city"] == "den bosch"
    )


OFFERED = (
    Offer("tables", "restaurant_name", "The Green Door", True),
    Offer("tables", "time", "8 pm", True),
    Offer("tables", "phone_number", "020 1234567", True),
)


@pytest.mark.parametrize("text", ["sounds good", "That works for me, book it please", "perfect, reserve it"])
def test_taking_an_offer_fills_its_slots(text: str) -> None:
    """What was offered is filled, but not what we only tell."""
    said = filled(text, context("tables.reserve_table", offered=OFFERED))
    assert said == {"restaurant_name": "The Green Door", "time": "8 pm"}


@pytest.mark.parametrize("text", ["no, something else please", "do you have any others?", "what is the phone number?"])
def test_what_is_put_aside_or_asked_about_is_not_taken(text: str) -> None:
    """A refusal and a question leave an offer open."""
    assert not filled(text, context("tables.find_table", offered=OFFERED))


def test_an_older_offer_does_not_replace_what_is_known() -> None:
    """Only what was offered last takes the place of a value."""
    stale = tuple(replace(o, fresh=False) for o in OFFERED)
    said = filled("great", context("tables.reserve_table", {"time": "7 pm"}, offered=stale))
    assert said == {"restaurant_name": "The Green Door"}


def test_our_own_words_are_heard() -> None:
    """What we proposed can be taken, what we asked can be answered."""
    heard = hear("How about The Green Door at 8 pm? How many people will there be?", BOOKING, FORMS, TERMS)
    offered = {o.slot: o.value for o in heard.offered if o.skill}
    assert heard.asked[0] == "party_size"
    assert offered["restaurant_name"] == "The Green Door"
    assert offered["time"] == "8 pm"


def test_another_form_begins_with_the_place_of_the_last() -> None:
    """Who found a restaurant in Leiden and wants a bus goes there."""
    dining = context("tables.find_table", {"city": "Leiden"})
    commands = read_turn("I also need a bus", dining, FORMS, TERMS, (Candidate("buses.find_bus", 0.9),))
    assert [c.intents[0].id for c in commands if isinstance(c, Start)] == ["buses.find_bus"]
    assert [(c.slot, c.values[0].id) for c in commands if isinstance(c, Fill)] == [("to_city", "Leiden")]


def test_a_taxi_goes_to_the_place_that_was_spoken_of() -> None:
    """The name that we told is where the taxi goes."""
    spoken = (Offer("", "The Green Door", "The Green Door", True),)
    dining = context("tables.reserve_table", {"city": "Leiden"}, offered=spoken)
    said = filled("can you get me a taxi there?", dining, nearest="taxis.call_taxi")
    assert said == {"destination": "The Green Door"}


def test_an_answer_stays_with_the_form_that_asked() -> None:
    """A city that was asked for is no reason to begin something else about cities."""
    asked = context("tables.find_table", asked=("city",))
    assert filled("search in Leiden", asked, nearest="buses.find_bus") == {"city": "Leiden"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("naar Utrecht graag, vanaf Den Haag op maandag",
         {"to_city": "Utrecht", "from_city": "Den Haag", "leaving": "maandag"}),
        ("ik vertrek vanuit Zwolle, de 3e december, naar Assen",
         {"to_city": "Assen", "from_city": "Zwolle", "leaving": "3e december"}),
    ],
)  # fmt: skip
def test_dutch_is_read_alike(text: str, values: dict[str, str]) -> None:
    """The same slots, said in Dutch."""
    about = replace(context("buses.find_bus"), language="nl")
    assert filled(text, about, compiled("nl", "en")) == values


def test_a_merchant_without_explained_slots_has_no_forms() -> None:
    """Everything else is read as before."""
    plain = IntentSpec("find", "s", "read", "none", "find", {"en": ("find",)}, {"q": SlotSpec("q", "text")})
    skill = SkillSpec("s", "1.0.0", "python", {"en": "S"}, {"find": plain}, {})
    assert compile_forms(replace(merchant(), skills={"s": skill})) is None
