"""Appointments in a whole host: asked, offered, agreed to, moved, cancelled, undone, told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.model.command import Candidate, Evidence, Fill, No, Question, Say, Start, Yes
from sayso.model.effect import ConsentSet
from sayso.model.event import Event, Opened, Proof
from sayso.model.writes import WriteSet
from sayso.skill.booking import calendar_file

GIVEN = Evidence("", "given")
YES = Yes(GIVEN)
WEDNESDAY_AFTERNOON = "2026-11-25T12:00/2026-11-25T18:00"
TOMORROW_MORNING = "2026-11-24T06:00/2026-11-24T12:00"
ADDRESS = "Biltstraat 12, 3572 AB Utrecht"


def start(intent: str, **slots: str) -> tuple[Any, ...]:
    return (Start((Candidate(f"book_appointment.{intent}"),), GIVEN), *fill(**slots))


def fill(**slots: str) -> tuple[Any, ...]:
    return tuple(Fill(name, (Candidate(value),), GIVEN) for name, value in slots.items())


async def visit(house: Any, who: str = "anna", **more: Any) -> Any:
    """A repair at home on Wednesday afternoon, agreed to."""
    await house.say(*start("visit", time=WEDNESDAY_AFTERNOON, address=ADDRESS), who=who, **more)
    return await house.say(YES, who=who, **more)


async def tune_up(house: Any, at: str = "2026-11-26T10:00", who: str = "anna", **slots: str) -> Any:
    asked = {"service": "tune_up", "location": "lombok", "time": at} | slots
    await house.say(*start("book", **asked), who=who)
    return await house.say(YES, who=who)


async def test_a_visit_is_asked_offered_and_agreed_to(house: Any) -> None:
    """When, where, what it costs unasked; after a yes a reference."""
    asked = await house.say(*start("visit"))
    assert "When would suit you" in asked.text
    assert [a.label for a in asked.actions][:2] == ["Tomorrow at 09:00", "Wed, 25/11 at 13:00"]
    assert "address" in (await house.say(*fill(time=WEDNESDAY_AFTERNOON))).text
    offer = await house.say(*fill(address=ADDRESS))
    assert all(words in offer.text for words in (ADDRESS, "€60.00", "€25.00", "between 13:00 and 17:00", "Sander"))
    assert not await house.orders()
    done = await house.say(YES)
    (order,) = await house.orders()
    assert order.number in done.text
    assert order.proposal.total.minor == 6000
    assert len(await house.used("staff/sander")) == 16


async def test_a_taken_visit_is_not_offered_to_another(house: Any) -> None:
    """The nearest others are."""
    await visit(house)
    told = await house.say(*start("visit", time=WEDNESDAY_AFTERNOON), who="bert")
    assert "Nobody is free then" in told.text
    assert [a.label for a in told.actions] == ["Tomorrow at 09:00", "Thu, 26/11 at 09:00", "Fri, 27/11 at 13:00"]


async def test_an_offer_holds_its_time_until_it_ends(house: Any) -> None:
    """While one customer thinks it over, another cannot have it; ten minutes later he can."""
    await house.say(*start("visit", time=WEDNESDAY_AFTERNOON, address=ADDRESS))
    other = start("visit", time=WEDNESDAY_AFTERNOON, address="Catharijnesingel 3, 3511 GB Utrecht")
    assert "Nobody is free then" in (await house.say(*other, who="bert")).text
    house.clock.set(house.clock.now() + timedelta(minutes=11))
    assert "Shall I book it" in (await house.say(*other, who="carl")).text


async def test_a_yes_after_the_offer_has_ended_books_nothing(house: Any) -> None:
    """It is offered anew."""
    await house.say(*start("visit", time=WEDNESDAY_AFTERNOON, address=ADDRESS))
    house.clock.set(house.clock.now() + timedelta(minutes=11))
    told = await house.say(YES)
    assert "Shall I book it" in told.text
    assert not await house.orders()


async def test_a_move_takes_the_new_time_and_frees_the_old(house: Any) -> None:
    """In one commit; the customer keeps his number, and somebody else can have the old time."""
    await visit(house)
    (before,) = await house.orders()
    offer = await house.say(*start("move", time=TOMORROW_MORNING))
    assert "tomorrow between 09:00 and 12:00" in offer.text
    assert ADDRESS in offer.text
    await house.say(YES)
    (after,) = await house.orders()
    assert (after.number, after.proposal.ready_at) == (before.number, datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert len(await house.used("staff/sander")) == 12
    assert (
        "Shall I book it" in (await house.say(*start("visit", time=WEDNESDAY_AFTERNOON, address="x 1"), who="b")).text
    )


async def test_a_move_by_half_an_hour_may_overlap_itself(house: Any) -> None:
    """What an appointment occupies already does not stand in its own way."""
    await tune_up(house, "2026-11-24T10:00")
    await house.say(*start("move", time="2026-11-24T10:30"))
    await house.say(YES)
    (order,) = await house.orders()
    assert order.proposal.ready_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert sorted(await house.used("staff/joris"))[0] == "2026-11-24T09:30:00+00:00"
    assert len(await house.used("staff/joris")) == 5


async def test_the_undo_of_a_move_restores_both_times(house: Any) -> None:
    await visit(house)
    before = await house.all_used()
    await house.say(*start("move", time=TOMORROW_MORNING))
    await house.say(YES)
    told = await undo(house)
    assert "25/11" in told.text
    assert await house.all_used() == before
    (order,) = await house.orders()
    assert order.proposal.ready_at == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


async def undo(house: Any, who: str = "anna") -> Any:
    return await house.say(Say("undo", GIVEN), who=who)


async def test_a_move_cannot_be_undone_once_the_old_time_is_taken(house: Any) -> None:
    """It says so, and everything stays."""
    await visit(house)
    await house.say(*start("move", time=TOMORROW_MORNING))
    await house.say(YES)
    await visit(house, "bert")
    before = await house.all_used()
    assert "somebody else has taken" in (await undo(house)).text
    assert await house.all_used() == before


async def test_cancelling_in_time_costs_nothing_and_can_be_undone(house: Any) -> None:
    await visit(house)
    before = await house.all_used()
    asked = await house.say(*start("cancel"))
    assert "costs nothing" in asked.text
    assert await house.all_used() == before
    await house.say(YES)
    assert not await house.orders()
    assert not await house.all_used()
    assert "stands again" in (await undo(house)).text
    assert await house.all_used() == before
    assert len(await house.orders()) == 1


async def test_cancelling_late_costs_what_the_manifest_says(house: Any) -> None:
    """Half the price within twelve hours, told before the yes."""
    await tune_up(house, "2026-11-23T16:00")
    asked = await house.say(*start("cancel"))
    assert "€24.50" in asked.text
    await house.say(YES)
    assert not await house.orders()


async def test_a_no_cancels_nothing(house: Any) -> None:
    await visit(house)
    await house.say(*start("cancel"))
    await house.say(No(GIVEN))
    assert len(await house.orders()) == 1


async def test_a_booking_undone_gives_everything_back(house: Any) -> None:
    await tune_up(house)
    assert "no longer booked" in (await undo(house)).text
    assert not await house.all_used()
    assert not await house.orders()


async def test_undo_ends_with_its_window(house: Any) -> None:
    """An hour later it is too late to undo; cancelling is another matter."""
    await tune_up(house)
    house.clock.set(house.clock.now() + timedelta(hours=2))
    await undo(house)
    assert len(await house.orders()) == 1


async def test_a_question_half_way_keeps_what_was_said(house: Any) -> None:
    """The answer comes from the merchant's own, and the question is put again."""
    await house.say(*start("visit"))
    asked = Question("answer", (Candidate("visit_costs"),), GIVEN)
    told = await house.say(asked)
    assert "60 euros" in told.text
    assert "When would suit you" in told.text
    assert "address" in (await house.say(*fill(time=WEDNESDAY_AFTERNOON))).text


async def test_a_place_is_asked_where_there_are_two(house: Any) -> None:
    """Only where the service is done; then the time, then the offer."""
    asked = await house.say(*start("book", service="tune_up", time="2026-11-26"))
    assert [a.label for a in asked.actions][:2] == ["Lombok", "Utrecht East"]
    assert "Which do you prefer" in (await house.say(*fill(location="lombok"))).text


async def test_what_is_done_in_one_place_needs_no_question(house: Any) -> None:
    """E-bikes are serviced in Lombok only."""
    offer = await house.say(*start("book", service="ebike_service", time="2026-11-26T10:00"))
    assert "At Lombok" in offer.text


async def test_somebody_who_does_not_do_it_is_told(house: Any) -> None:
    """With who does."""
    told = await house.say(*start("book", service="bike_fit", staff="kees", time="2026-11-26T10:00"))
    assert "Kees doesn’t do bike fitting" in told.text
    assert [a.label for a in told.actions] == ["Amina", "Whoever is free"]
    assert "with Amina" in (await house.say(*fill(staff="@any"))).text


async def test_somebody_who_is_asked_for_serves(house: Any) -> None:
    offer = await house.say(*start("book", service="tune_up", staff="amina", time="2026-11-26T10:00"))
    assert "with Amina" in offer.text


async def test_a_holiday_is_named(house: Any) -> None:
    """With the nearest times that can be had."""
    told = await house.say(*start("book", service="tune_up", location="oost", time="2026-12-25T10:00"))
    assert "closed then because of Christmas Day" in told.text
    assert "24/12" in told.text


async def test_as_soon_as_possible_is_the_first_free_time(house: Any) -> None:
    """An hour's notice from nine: ten o'clock."""
    offer = await house.say(*start("book", service="puncture", location="lombok", time="@asap"))
    assert "10:00" in offer.text


async def test_a_time_that_was_offered_can_be_chosen_a_little_later(house: Any) -> None:
    """The notice is judged when it is offered: minutes of thought do not take it away, not even before the yes."""
    told = await house.say(*start("book", service="puncture", location="lombok"))
    assert told.actions[0].label == "10:00"
    house.clock.set(house.clock.now() + timedelta(minutes=4))
    assert "Shall I book it" in (await house.say(*fill(time="2026-11-23T10:00"))).text
    house.clock.set(house.clock.now() + timedelta(minutes=9))
    assert "Booked:" in (await house.say(YES)).text


async def test_three_times_at_most_are_spoken(house: Any) -> None:
    told = await house.say(*start("book", service="tune_up", location="lombok", time="2026-11-26"), voice=True)
    assert len(told.actions) == 3


async def test_two_appointments_are_told_apart(house: Any) -> None:
    """Which one is asked, by what they are."""
    await visit(house)
    await tune_up(house)
    asked = await house.say(*start("cancel"))
    assert [a.label for a in asked.actions] == ["Repair at home", "Tune-up"]
    assert "cancels tune-up" in (await house.say(*fill(service="tune_up"))).text


async def test_without_an_appointment_there_is_nothing_to_move(house: Any) -> None:
    """And the next thing that is said is not about it any more."""
    assert "don’t see an appointment" in (await house.say(*start("move", time=TOMORROW_MORNING))).text
    assert "don’t see an appointment" not in (await house.say(*start("visit"))).text


async def test_a_stranger_sees_no_appointments(house: Any) -> None:
    """Another conversation knows nothing of them."""
    await visit(house)
    assert "don’t see an appointment" in (await house.say(*start("status"), who="bert")).text
    assert "Biltstraat" in (await house.say(*start("status"))).text


async def test_a_reminder_comes_the_day_before(house: Any) -> None:
    """In the conversation, once; for an appointment that was cancelled none."""
    await visit(house)
    await tune_up(house, who="bert")
    await house.say(*start("cancel"), who="bert")
    await house.say(YES, who="bert")
    house.clock.set(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    await house.host.worker.run_due()
    assert any("reminder" in text for text in await texts(house, "anna"))
    assert not any("reminder" in text for text in await texts(house, "bert"))


async def texts(house: Any, who: str) -> list[str]:
    return [p.message.text for p in await house.store.turns.messages(f"workshop/web/workshop/{who}")]


async def test_a_known_customer_need_not_give_the_address_again(house: Any) -> None:
    """It is read back, and only with consent remembered."""
    linked = Proof("linked", "workshop", "anna")
    await visit(house, proof=linked)
    again = start("visit", time="2026-11-27T12:00/2026-11-27T18:00")
    assert "What is the address" in (await house.say(*again, who="a2", proof=linked)).text
    customer = (await house.orders())[0].customer
    await consents(house, customer)
    assert ADDRESS in (await house.say(*again, who="a3", proof=linked)).text


async def consents(house: Any, customer: str) -> None:
    """The customer lets the merchant remember."""
    state, version = await house.store.turns.load("workshop/web/workshop/anna")
    event = Event("c1", "workshop", "web", "workshop", "anna", house.clock.now(), Opened())
    await house.store.inbox.accept(event)
    change = ConsentSet("workshop", customer, "personalise", True, "web")
    await house.store.turns.apply(WriteSet(event, event.key, version, state, changes=(change,)))


async def test_the_calendar_file_follows_a_move(house: Any) -> None:
    """One UID, a higher sequence, the new time."""
    await visit(house)
    (before,) = await house.orders()
    await house.say(*start("move", time=TOMORROW_MORNING))
    await house.say(YES)
    (after,) = await house.orders()
    now = house.clock.now()
    first, second = ((calendar_file(o, house.artefact, "en", now) or b"").decode() for o in (before, after))
    uid = next(line for line in first.splitlines() if line.startswith("UID:"))
    assert uid in second
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in second
    assert "DTSTART:20261124T080000Z" in second
    assert "LOCATION:Biltstraat 12\\, 3572 AB Utrecht" in second


async def test_what_a_service_costs_includes_the_visit(house: Any) -> None:
    """Asked by name, or about the one that is being booked."""
    named = Question("price", (Candidate("tune_up"),), GIVEN)
    assert "Tune-up costs €49.00, and takes 1 hour." in (await house.say(named)).text
    await house.say(*start("visit"))
    told = await house.say(Question("price", (), GIVEN))
    assert "costs €60.00, of which €25.00 for the visit." in told.text


async def test_what_can_be_booked_is_told_by_kind(house: Any) -> None:
    """Kinds first, then the services of one, then one of them."""
    kinds = await house.say(Question("menu", (), GIVEN))
    assert [a.label for a in kinds.actions] == ["Maintenance", "Repairs", "New parts", "Fitting", "At your home"]
    services = await house.say(Question("menu", (Candidate("visit"),), GIVEN))
    assert "repair at home · €60.00" in services.text
    assert "Brakes, gears, lights" in (await house.say(Question("product", (Candidate("tune_up"),), GIVEN))).text
