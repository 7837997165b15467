"""Days, times, parties and names of people fill the slots of a booking, by rules and by what marked samples teach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.manifest.specs import Artefact, IntentSpec, SkillSpec, SlotSpec
from sayso.model.command import Fill
from sayso.model.state import Pending
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon, compile_lexicon
from sayso.understanding.local import analyse

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday."""
TYPES = {"date": "date", "time": "time", "people": "party", "first": "first_name", "last": "last_name"}


def restaurant(bare: Artefact, marked: tuple[str, ...] = (), answers: tuple[str, ...] = ()) -> Lexicon:
    """A restaurant with one intent, taught by those samples."""
    slots = {name: SlotSpec(name, type, required=True) for name, type in TYPES.items()}
    slots["first"] = replace(slots["first"], answers={"en": answers} if answers else {})
    said = {"en": ("I would like to book a table",), "nl": ("ik wil graag een tafel reserveren",)}
    book = IntentSpec("book", "table", "booking", "read_back", "", said, slots, marked={"en": marked} if marked else {})
    skill = SkillSpec("table", "1", "python", {"en": "A table"}, {"book": book}, {})
    return compile_lexicon(replace(bare, skills={"table": skill}))


@pytest.fixture(scope="module")
def table(lexicon: Lexicon) -> Lexicon:
    return restaurant(lexicon.artefact)


def filled(text: str, lexicon: Lexicon, language: str = "en", asked: str = "") -> dict[str, tuple[str, str]]:
    """Slot -> its value and the customer's words for it."""
    pending = Pending("slot", intent="table.book", slot=asked) if asked else None
    context = Context(language, NOW, pending=pending, intent="table.book")
    fills = [c for c in analyse(text, context, lexicon).commands if isinstance(c, Fill)]
    return {f.slot: (f.values[0].id if f.values else "", f.evidence.words) for f in fills}


SAID = (
    ("en", "a table for 4 on Friday at 7 pm",
     {"people": "4", "date": "2026-11-27", "time": "2026-11-27T19:00:00+00:00"}),
    ("en", "book it for me and my wife tomorrow at 8:30 pm",
     {"people": "2", "date": "2026-11-24", "time": "2026-11-24T20:30:00+00:00"}),
    ("en", "at noon on Saturday under the name Anna Smith",
     {"date": "2026-11-28", "time": "2026-11-28T12:00:00+00:00", "first": "Anna", "last": "Smith"}),
    ("en", "my name is john smith", {"first": "John", "last": "Smith"}),
    ("en", "the surname is O'Neill", {"last": "O'Neill"}),
    ("en", "first name Priya", {"first": "Priya"}),
    ("en", "there are five of us and we come on the 3rd of December", {"people": "5", "date": "2026-12-03"}),
    ("nl", "een tafel voor 4 personen op vrijdag om 19:00",
     {"people": "4", "date": "2026-11-27", "time": "2026-11-27T19:00:00+00:00"}),
    ("nl", "morgen om half acht 's avonds op naam van Jansen de Vries",
     {"date": "2026-11-24", "time": "2026-11-24T19:30:00+00:00", "first": "Jansen", "last": "de Vries"}),
    ("nl", "mijn achternaam is Bakker", {"last": "Bakker"}),
    ("nl", "we zijn met z'n drieën", {"people": "3"}),
)  # fmt: skip


@pytest.mark.parametrize(("language", "text", "values"), SAID)
def test_a_booking_in_one_sentence(table: Lexicon, language: str, text: str, values: dict[str, str]) -> None:
    """Whatever is said, in any order, fills its own slot, and nothing else is filled."""
    assert {slot: value for slot, (value, _) in filled(text, table, language).items()} == values


ANSWERS = (
    ("people", "4", {"people": "4"}),
    ("people", "just me", {"people": "1"}),
    ("people", "six please", {"people": "6"}),
    ("time", "7", {"time": "2026-11-23T19:00:00+00:00"}),
    ("date", "the 3rd", {"date": "2026-12-03"}),
    ("first", "Grace", {"first": "Grace"}),
    ("last", "van den Berg", {"last": "van den Berg"}),
    ("first", "Coral Metaxas", {"first": "Coral", "last": "Metaxas"}),
)


@pytest.mark.parametrize(("asked", "text", "values"), ANSWERS)
def test_a_bare_answer_fills_what_was_asked(table: Lexicon, asked: str, text: str, values: dict[str, str]) -> None:
    """The question decides what a bare number or word means."""
    assert {slot: value for slot, (value, _) in filled(text, table, asked=asked).items()} == values


CORRECTIONS = (
    ("en", "no, Saturday", {"date": "2026-11-28"}),
    ("en", "make that 4 people", {"people": "4"}),
    ("en", "not Anna, Hannah", {"first": "Hannah"}),
    ("en", "Anna, not Hannah", {"first": "Anna"}),
    ("en", "no, 5 not 4 people", {"people": "5"}),
    ("en", "I said Tuesday not Thursday", {"date": "2026-11-24"}),
    ("en", "actually the surname is Jansen, not Janssen", {"last": "Jansen"}),
    ("en", "can we do Sunday instead of Saturday?", {"date": "2026-11-29"}),
    ("en", "sorry, Saturday at 8 and for 6 people",
     {"date": "2026-11-28", "time": "2026-11-28T20:00:00+00:00", "people": "6"}),
    ("en", "change it to 8 people at 9 pm instead of 8 pm", {"people": "8", "time": "2026-11-23T21:00:00+00:00"}),
    ("en", "wait, make it Friday", {"date": "2026-11-27"}),
    ("nl", "nee, zaterdag", {"date": "2026-11-28"}),
    ("nl", "toch maar om drie uur", {"time": "2026-11-23T15:00:00+00:00"}),
    ("nl", "niet 4 maar 5 personen", {"people": "5"}),
    ("nl", "vier in plaats van vijf personen", {"people": "4"}),
    ("nl", "liever zondag dan zaterdag", {"date": "2026-11-29"}),
    ("nl", "niet Anna maar Hanna", {"first": "Hanna"}),
    ("nl", "nee, met z'n zessen", {"people": "6"}),
)  # fmt: skip


@pytest.mark.parametrize(("language", "text", "values"), CORRECTIONS)
def test_a_correction_fills_what_it_corrects(table: Lexicon, language: str, text: str, values: dict[str, str]) -> None:
    """What takes the place of something else fills the slot, what is denied or replaced does not."""
    assert {slot: value for slot, (value, _) in filled(text, table, language).items()} == values


@pytest.mark.parametrize(("asked", "text"), [("first", "what are your hours?"), ("last", "help"), ("people", "why?")])
def test_a_question_is_no_answer(table: Lexicon, asked: str, text: str) -> None:
    """Neither a question nor a global phrase is eaten by the slot that was asked for."""
    assert filled(text, table, asked=asked) == {}


def test_the_words_of_a_value_are_evidence(table: Lexicon) -> None:
    """A value keeps the customer's own words, no more and no less."""
    said = filled("could you fit in three adults and a baby next Tuesday at half past six?", table)
    assert {s: words for s, (_, words) in said.items()} == {
        "people": "three adults and a baby",
        "date": "next Tuesday",
        "time": "half past six",
    }


def test_marked_samples_teach(lexicon: Lexicon) -> None:
    """What a merchant's samples mark is read like them; without them the same words say nothing."""
    text = "Lovelace party, please"
    taught = restaurant(
        lexicon.artefact,
        ("{last: Smith} party, please", "{last: Okoye} party at {time: 7 pm}", "the {last: Wong} party, thanks"),
    )
    assert "last" not in filled(text, restaurant(lexicon.artefact))
    assert filled(text, taught)["last"] == ("Lovelace", "Lovelace")


def test_learning_is_deterministic(lexicon: Lexicon) -> None:
    """The same samples teach the same weights."""
    marked = ("a table for {people: two} at {time: 7}", "{first: Ann} {last: Lee} on {date: Friday}")
    one, two = (restaurant(lexicon.artefact, marked).spotters["table.book"] for _ in range(2))
    assert one.weights is not None
    assert two.weights is not None
    assert (one.weights == two.weights).all()
