"""Utterances for skills without a basket: visits that are booked, presents that are found; beside a coffee order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.command import Fill
from sayso.model.state import Pending
from sayso.understanding.local import analyse


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "book a make-over Saturday at two at Dam Square",
            {"fill service=makeover", "fill location=dam", "fill time=2026-11-28T14:00:00+01:00"},
        ),
        (
            "boek een make-over zaterdag om twee uur op de Dam",
            {"fill service=makeover", "fill location=dam", "fill time=2026-11-28T14:00:00+01:00"},
        ),
        ("a tune-up on Thursday please", {"fill service=tune_up", "fill time=2026-11-26"}),
        ("donderdag een onderhoudsbeurt graag", {"fill service=tune_up", "fill time=2026-11-26"}),
        ("my internet is down, can someone come by?", set()),
        ("mijn band is lek, kan er iemand langskomen?", {"fill service=puncture"}),
        ("I'd like to make an appointment with Kim", {"fill staff=kim"}),
        ("ik wil graag een afspraak maken bij Sanne", {"fill staff=sanne"}),
        (
            "can someone come to Mill Road 12 to fix a flat tyre",
            {"fill address=Mill Road 12", "fill service=puncture"},
        ),
        ("do you have time for a lash lift on Friday?", {"fill service=lashes", "fill time=2026-11-27"}),
        ("hebben jullie vrijdag tijd voor een wimperlift?", {"fill service=lashes", "fill time=2026-11-27"}),
    ],
)
def test_what_begins_a_visit_fills_its_slots(visit, said, meant):
    """The intent is begun, with every slot that was mentioned and nothing in a basket."""
    begun, *fills = visit(said)
    assert begun == "start visits.book"
    assert set(fills) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cancel my lash lift", ["start visits.cancel", "fill service=lashes"]),
        ("please reschedule my appointment", ["start visits.move"]),
        ("kan het naar vrijdag", ["start visits.move", "fill time=2026-11-27"]),
        ("something for a party", ["start gifts.find", "fill occasion=party"]),
        ("iets voor een feest", ["start gifts.find", "fill occasion=party"]),
        ("how much is a lash lift?", ["ask price lashes"]),
    ],
)
def test_intents_by_their_samples(visit, said, meant):
    """Samples count with their slots' types in place of the slots."""
    assert visit(said) == meant


@pytest.mark.parametrize(
    "said", ["two lattes and a croissant", "a latte to go at Dam Square", "geen slagroom op de latte"]
)
def test_an_order_is_the_same_beside_other_skills(visit, read, said):
    """What is sold is ordered as ever: no skill's words leak into another's slots."""
    assert visit(said) == read(said)


def test_a_word_of_another_skill_is_no_choice(visit):
    """ "extra" names an occasion of the other skill; in an order it is a degree."""
    assert visit("a latte with extra cinnamon") == ["add 1 latte extras=cinnamon note:extra cinnamon"]


@pytest.mark.parametrize(
    ("slot", "said", "meant"),
    [
        ("service", "the tune-up", ["fill service=tune_up"]),
        ("service", "a make-over with Sanne", ["fill staff=sanne", "fill service=makeover"]),
        ("service", "een lekke band", ["fill service=puncture"]),
        ("time", "Saturday", ["fill time=2026-11-28"]),
        ("time", "volgende week dinsdag", ["fill time=2026-12-01"]),
        ("time", "morgen om half drie", ["fill time=2026-11-24T14:30:00+01:00"]),
        ("time", "Wednesday afternoon", ["fill time=2026-11-25T12:00:00+01:00/2026-11-25T18:00:00+01:00"]),
        ("time", "woensdagmiddag", ["fill time=2026-11-25T12:00:00+01:00/2026-11-25T18:00:00+01:00"]),
        ("time", "after five", ["fill time=2026-11-23T17:00:00+01:00/2026-11-23T23:59:00+01:00"]),
        ("time", "tussen 2 en 4", ["fill time=2026-11-23T14:00:00+01:00/2026-11-23T16:00:00+01:00"]),
        ("time", "on the 3rd of December", ["fill time=2026-12-03"]),
        ("staff", "it doesn't matter", ["fill staff=@any"]),
        ("staff", "maakt niet uit bij wie", ["fill staff=@any"]),
        ("staff", "Kim please", ["fill staff=kim"]),
        ("address", "Prinsengracht 12, 1015 DK", ["fill address=Prinsengracht 12, 1015 DK"]),
        ("address", "help", ["say help"]),
        ("address", "what does that cost?", ["ask price"]),
        ("location", "Dam Square please", ["fill location=dam"]),
    ],
)
def test_an_answer_goes_to_the_slot_that_was_asked(visit, context, slot, said, meant):
    """The pending question's own intent has the slot."""
    pending = Pending("slot", "visits.book", slot)
    assert visit(said, replace(context, intent="visits.book", pending=pending)) == meant


def test_coffee_while_a_visit_is_booked(visit, context):
    """Something to drink is ordered all the same."""
    pending = Pending("slot", "visits.book", "location")
    assert visit("and a latte please", replace(context, intent="visits.book", pending=pending)) == ["add 1 latte"]


@pytest.mark.parametrize(
    "said",
    [
        "deliver two lattes to Prinsengracht 12, 1015 DK Amsterdam",
        "can you deliver two lattes to Prinsengracht 12, 1015DK please",
        "twee lattes bezorgen op Prinsengracht 12, 1015 DK",
        "bezorg 2 lattes naar de Prinsengracht 12 1015 dk",
    ],
)
def test_an_address_is_no_note(read, said):
    """Street, number and postcode become slots; whoever names them has it delivered."""
    wanted = {"add 2 latte", "fill postcode=1015DK", "fill address=Prinsengracht 12", "fill service=delivery"}
    assert set(read(said)) == wanted


@pytest.mark.parametrize("said", ["two lattes, we'll drink them here", "twee lattes, we drinken ze hier op"])
def test_a_choice_whose_words_stand_apart(read, said):
    """ "Drink here" is said with "them" between."""
    assert set(read(said)) == {"add 2 latte", "fill service=here"}


def test_a_house_number_in_words(visit, context):
    """A voice spells no digits."""
    pending = Pending("slot", "visits.book", "address")
    asked = replace(context, intent="visits.book", pending=pending)
    assert visit("mill road twelve", asked) == ["fill address=mill road twelve"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("half past two on the third of December", "2026-12-03T14:30:00+01:00"),
        ("vrijdag na vijven", "2026-11-27T17:00:00+01:00/2026-11-27T23:59:00+01:00"),
        ("de eenentwintigste december om tien uur", "2026-12-21T10:00:00+01:00"),
        ("maandag om negen uur 's ochtends", "2026-11-30T09:00:00+01:00"),
        ("before noon tomorrow", "2026-11-24T00:00:00+01:00/2026-11-24T12:00:00+01:00"),
        ("next week", "2026-11-30T00:00:00+01:00/2026-12-06T23:59:00+01:00"),
        ("over twee dagen", "2026-11-25"),
        ("on sunday at noon", "2026-11-29T12:00:00+01:00"),
    ],
)
def test_days_and_hours_in_many_wordings(visit, context, said, meant):
    """In whatever order they are said."""
    pending = Pending("slot", "visits.book", "time")
    asked = replace(context, intent="visits.book", pending=pending)
    assert visit(said, asked) == [f"fill time={meant}"]


def test_what_must_be_asked_about_comes_last(salon_lexicon, context):
    """A word of two services is a question, and nothing after it closes that."""
    fills = [c for c in analyse("book repairs tomorrow", context, salon_lexicon).commands if isinstance(c, Fill)]
    assert [(f.slot, len(f.values)) for f in fills] == [("time", 1), ("service", 2)]


def test_looking_for_something_orders_nothing(visit):
    """Whoever looks for a present has not chosen one."""
    assert visit("find me a present, a muffin or so")[0] == "start gifts.find"
    assert not [line for line in visit("find me a present, a muffin or so") if line.startswith("add")]
