"""The kind `answer`: questions about the merchant, told from its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso import Answered, Ask, Candidate, Commit, Evidence, Line, Question, SkillSpec, Speak
from sayso.skill.kinds import fulfilment, kinds

SPEC = SkillSpec("answer", "1.0.0", "answer", {}, {}, {})
KIND = fulfilment(SPEC, kinds())


async def ask(shop: Any, about: str, *ids: str, **more: Any) -> list[Speak]:
    question = Question(about, tuple(Candidate(id) for id in ids), Evidence("", "given"), more.pop("words", ""))
    asked = Ask(question, "coffee.order", (), more.pop("slots", {}))
    found = await KIND.ask(shop.turn(skill=SPEC, **more), asked)
    return list(found.speaks) if isinstance(found, Answered) else []


async def test_hours_tell_open_and_closed(shop: Any) -> None:
    """Until when it is open, or when it opens."""
    closed = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert [said.key for said in await ask(shop, "hours")] == ["answer.hours_open", "answer.hours_open"]
    assert [said.key for said in await ask(shop, "hours", "dam", now=closed)] == ["answer.hours_closed"]


async def test_hours_are_those_of_the_place_that_was_chosen(shop: Any) -> None:
    """Of the order in progress, unless another place is named."""
    (said,) = await ask(shop, "hours", slots={"store": "park"})
    assert said.params["location"].id == "park"  # type: ignore[union-attr]
    (said,) = await ask(shop, "hours", "dam", slots={"store": "park"})
    assert said.params["location"].id == "dam"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ids", "words", "day", "openings"),
    [
        (("dam", "2026-11-28"), "", "2026-11-28", 1),
        (("dam", "2026-11-29"), "", "2026-11-29", 0),
        (("dam",), "are you open on King's Day?", "2027-04-27", 0),
        (("dam",), "open met koningsdag?", "2027-04-27", 0),
    ],
)
async def test_hours_of_a_named_day(shop: Any, ids: tuple[str, ...], words: str, day: str, openings: int) -> None:
    """A date, or a holiday by its name in any language."""
    (said,) = await ask(shop, "hours", *ids, words=words)
    assert said.key == "answer.hours_on"
    assert (said.params["day"].value.isoformat(), len(said.params["openings"])) == (day, openings)  # type: ignore


async def test_places_come_nearest_first(shop: Any) -> None:
    """With the distance when the position is known."""
    (said,) = await ask(shop, "places", latitude=52.30, longitude=4.89)
    rows = said.params["places"]
    assert [row.params["location"].id for row in rows] == ["park", "dam"]  # type: ignore[union-attr]
    assert rows[1].params["metres"].value == 7800  # type: ignore[union-attr,index]


async def test_places_tell_their_telephone_number(shop: Any) -> None:
    """Its own, else the merchant's."""
    spec = replace(shop.artefact.merchant, support_phone="+31 20 555 0147")
    (said,) = await ask(shop, "places", "dam", artefact=replace(shop.artefact, merchant=spec))
    assert said.params["places"][0].params["phone"].value == "+31 20 555 0147"  # type: ignore[union-attr,index]


async def test_the_merchants_own_answers_are_its_replies(shop: Any) -> None:
    """By their id; an unknown one is nobody's."""
    assert [said.key for said in await ask(shop, "answer", "wifi")] == ["answer:wifi"]
    assert await ask(shop, "answer", "nothing") == []


async def test_returns_are_told_in_the_merchants_terms(shop: Any) -> None:
    """In the customer's language; without terms a person is named."""
    assert [said.key for said in await ask(shop, "returns")] == ["answer.returns_none"]
    spec = replace(shop.artefact.merchant, withdrawal={"goods": {"en": "Within 14 days.", "nl": "Binnen 14 dagen."}})
    (said,) = await ask(shop, "returns", artefact=replace(shop.artefact, merchant=spec), language="nl")
    assert said.params["terms"][0].params["terms"].value == "Binnen 14 dagen."  # type: ignore[union-attr,index]


async def test_an_unverified_speaker_learns_nothing_and_nothing_is_read(shop: Any) -> None:
    """Not even whether there is anything to know."""
    (said,) = await ask(shop, "about_me", assurance="channel", consents=frozenset({"personalise"}))
    assert (said.key, said.params, said.invites) == ("answer.about_me_verify", {}, "link")
    assert shop.rows.reads == 0


async def test_a_verified_customer_hears_what_is_known(shop: Any) -> None:
    """Orders, and what they may be used for."""
    outcome = await shop.propose(Line("l1", "espresso"))
    done = await shop.fulfilment.commit(shop.turn(), Commit(outcome.result.proposal), "key")
    shop.rows.apply((*outcome.changes, *done.changes))
    (said,) = await ask(shop, "about_me", assurance="linked", consents=frozenset({"personalise"}))
    assert (said.key, said.params["orders"].value) == ("answer.about_me", 1)  # type: ignore[union-attr]
    flags = {name: said.params[name].value for name in ("personalise", "messages")}  # type: ignore[union-attr]
    assert flags == {"personalise": "yes", "messages": "no"}


async def test_a_digression_is_no_question_for_the_intent_in_progress(shop: Any) -> None:
    """While a reading intent waits for a slot, opening hours are not its own question."""
    question = Question("hours", (), Evidence("", "given"))
    assert await shop.fulfilment.ask(shop.turn(), Ask(question, "coffee.status", (), {})) is None
