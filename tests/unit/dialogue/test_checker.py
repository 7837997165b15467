"""The model checker: what a manifest promises can be come to on every kind of channel, and it finds what cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.dialogue.checker import PROFILES, Profile, findings, promised, turns, values, walked
from sayso.dialogue.imagined import results
from sayso.manifest.load import load_one
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.action import Commit, Propose
from sayso.model.command import Evidence, Say
from sayso.model.state import State

ROOT = Path(__file__).parents[3]
WEB, SMS, VOICE = PROFILES


@pytest.mark.parametrize("merchant", ["clothing_shop", "coffee_bar", "makeup_counter", "workshop"])
def test_every_dialogue_reaches_what_it_promises_on_every_kind_of_channel(merchant: str) -> None:
    """Each intent, with each value of each list; undone and dropped; a way out in one turn from every state met."""
    specs = compile_artefact(load_one(ROOT / "manifests", ROOT / "skills", merchant).merchants[merchant])
    assert findings(specs) == ()


@pytest.mark.parametrize("intent", ["order", "visit", "fits"])
def test_the_same_outcomes_on_a_screen_and_to_an_ear(specs: Artefact, intent: str) -> None:
    """What can be picked from ten buttons can be come to with three."""
    spec = specs.intent(f"coffee.{intent}")
    reached = [walked(specs, spec, profile).outcomes & promised(spec, specs) for profile in (WEB, SMS, VOICE)]
    assert reached[0] == reached[1] == reached[2] == promised(spec, specs)


def changed(specs: Artefact, intent: str, **slots: Any) -> tuple[Artefact, IntentSpec]:
    """The merchant with an intent of other slots."""
    skill = specs.skills["coffee"]
    other = replace(skill.intents[intent], slots={**skill.intents[intent].slots, **slots})
    return replace(specs, skills={"coffee": replace(skill, intents={**skill.intents, intent: other})}), other


def test_a_slot_without_a_value_is_found(specs: Artefact) -> None:
    """What has to be said and cannot be is a dead end, and the checker says of what."""
    visit = specs.skills["coffee"].intents["visit"]
    bench = replace(visit.slots["store"], name="bench", type="choice", values={})
    specs, spec = changed(specs, "visit", bench=bench)
    assert "voice: never: coffee.visit is done" in walked(specs, spec, VOICE).wrong


def test_a_value_that_never_comes_to_an_order_is_found(specs: Artefact) -> None:
    """A place that asks for something which only another place lets be said."""
    visit = specs.skills["coffee"].intents["visit"]
    never = replace(visit.slots["store"], name="pass", type="choice", values={}, when={"store": ("park",)})
    specs, spec = changed(specs, "visit", **{"pass": never})
    assert walked(specs, spec, VOICE).wrong == ("voice: never: coffee.visit is done with store park",)


def test_a_policy_with_a_trap_is_found(specs: Artefact, monkeypatch: Any) -> None:
    """Where cancel is no way out, the state is named."""
    from sayso.dialogue import policy
    from sayso.dialogue.policy import TABLE, UNKNOWN

    monkeypatch.setattr(policy, "TABLE", {**TABLE, ("cancel", "slot"): UNKNOWN})
    wrong = walked(specs, specs.intent("coffee.visit"), WEB).wrong
    assert "coffee.visit at slot (web): no cancel in one turn" in wrong


def test_a_turn_is_taken_in_every_way_the_host_may_answer(specs: Artefact, talk: Any) -> None:
    """An order that is checked may be right or sold out: both are gone through."""
    from sayso.model.command import Add, Candidate, Fill, Item

    given = Evidence("", "given")
    talk.turn(Fill("store", (Candidate("dam"),), given))
    ways = list(turns(talk.state, [Add((Item("latte", (Candidate("latte"),)),), given)], specs, talk.now))
    kinds = {way.state.topic.pending.kind for way in ways if way.state.topic.pending}
    assert kinds == {"confirm", "product"}


def test_the_best_answer_is_the_first(specs: Artefact, talk: Any) -> None:
    """So that a walk of depth one is that of an obliging host."""
    from sayso.model.action import Committed, Proposed

    proposed = results(Propose("coffee.visit", (), {"day": "2026-11-30"}), talk.state, specs, talk.now)[0]
    assert isinstance(proposed, Proposed)
    assert isinstance(results(Commit(proposed.proposal), talk.state, specs, talk.now)[0], Committed)


def test_a_walk_gives_up_where_it_has_no_end(specs: Artefact) -> None:
    from sayso.dialogue.checker import Walk

    walk = Walk(specs, specs.intent("coffee.visit"), Profile("web", 10), most=3)
    assert "more than 3 states" in walk().wrong


def test_values_of_a_slot(specs: Artefact) -> None:
    """All of a list; a sample of anything else."""
    visit = specs.intent("coffee.visit")
    assert values(visit.slots["store"], specs) == ("dam", "park")
    assert len(values(visit.slots["day"], specs)) == 1


def test_nothing_of_a_walk_is_kept(specs: Artefact, talk: Any) -> None:
    """A turn that is tried out leaves the state as it was."""
    before: State = talk.state
    list(turns(before, [Say("cancel", Evidence("", "given"))], specs, talk.now))
    assert talk.state is before
