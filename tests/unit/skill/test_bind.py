"""Binding: a skill's handlers against its manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import pytest

from sayso import (
    Answered,
    Ask,
    Catalog,
    Changes,
    Check,
    Checked,
    Chosen,
    Commit,
    Effect,
    Evidence,
    IntentSpec,
    Key,
    Line,
    Location,
    Named,
    Outcome,
    Proposal,
    Propose,
    Question,
    Refused,
    SaysoError,
    Skill,
    SkillSpec,
    SlotSpec,
    Speak,
    Turn,
    line,
)
from sayso.manifest.specs import ChoiceValue
from sayso.skill.bind import Unbindable, bind
from sayso.skill.kinds import fulfilment, kinds, load


def spec(effect: str = "purchase", operation: str = "order", undo: str = "", **slots: SlotSpec) -> SkillSpec:
    """A skill with one intent, `order`."""
    known = {
        "drink": SlotSpec("drink", "text", required=True),
        "size": SlotSpec("size", "choice", values={v: ChoiceValue(v, {"en": v}) for v in ("small", "large")}),
        "quantity": SlotSpec("quantity", "number"),
        "store": SlotSpec("store", "location", required=True),
        "time": SlotSpec("time", "time"),
        "code": SlotSpec("code", "secret", required=True),
    }
    intent = IntentSpec("order", "coffee", effect, "read_back", operation, {}, known | slots, undo)
    return SkillSpec("coffee", "1.0.0", "python", {"en": "Coffee"}, {"order": intent}, {})


def faults(skill: Skill, wanted: SkillSpec) -> list[tuple[str, str]]:
    """What is wrong, and how it is mended."""
    with pytest.raises(Unbindable) as found:
        bind(skill, wanted, kinds()["order"])
    return [(fault.what, fault.mend) for fault in found.value.faults]


def skill_of(handler: Callable[..., Any], role: str = "line", *names: str) -> Skill:
    skill = Skill()
    getattr(skill, role)(*(names or ("order",)))(handler)
    return skill


async def order(turn: Turn, drink: str, size: str = "small", quantity: int = 1) -> Line:
    return line(drink, quantity, size=size)


def test_a_line_handler_is_the_plain_function(shop: Any) -> None:
    """The decorator returns it unchanged, so that it can be awaited in a test."""
    skill = Skill()
    assert skill.line("order")(order) is order


async def test_a_handler_is_a_plain_call(shop: Any) -> None:
    """No host is needed to test it."""
    assert await order(shop.turn(), drink="latte") == Line("", "latte", 1, (Chosen("size", "small"),))


def test_a_line_says_counts() -> None:
    """`syrup="vanilla*2"` is two pumps of it."""
    assert line("latte", syrup="vanilla*2").options == (Chosen("syrup", "vanilla", 2),)


async def test_a_skill_of_lines_gets_the_rest_from_the_kind_order(shop: Any) -> None:
    """Its slots become a line, which is checked, priced and proposed as any other."""
    slots = {"drink": "latte", "size": "large", "quantity": "2", "store": "dam"}
    bound = bind(skill_of(order), spec(), kinds()["order"])
    checked = await bound.check(shop.turn(), Check("coffee.order", (), slots))
    assert [(found.sku, found.quantity) for found in checked.lines] == [("latte", 2)]
    outcome = await bound.propose(shop.turn(), Propose("coffee.order", checked.lines, slots))
    assert not isinstance(outcome.result, Refused)
    assert outcome.result.proposal.total.minor == 860  # type: ignore[union-attr]
    assert bound.local


async def test_an_empty_slot_leaves_the_default(shop: Any) -> None:
    """The signature's own default holds."""
    bound = bind(skill_of(order), spec(), kinds()["order"])
    checked = await bound.check(shop.turn(), Check("coffee.order", (), {"drink": "espresso"}))
    assert [(found.sku, found.quantity, found.options) for found in checked.lines] == [
        ("espresso", 1, (Chosen("size", "small"),))
    ]


async def test_slots_become_what_the_signature_says(shop: Any) -> None:
    """A location and a moment, rather than their ids."""
    got: list[Any] = []

    async def hail(turn: Turn, store: Location, catalog: Catalog, time: datetime | None = None) -> Proposal | Outcome:
        got.extend((store, time, catalog))
        return Outcome(Refused(()))

    async def done(turn: Turn, proposal: Proposal, key: Key) -> Outcome:
        return Outcome(Refused(()))

    skill = skill_of(hail, "propose")
    skill.commit("order")(done)
    bound = bind(skill, spec())
    slots = {"store": "dam", "time": "2026-11-23T12:00:00+01:00"}
    await bound.propose(shop.turn(), Propose("coffee.order", (), slots))
    await bound.propose(shop.turn(), Propose("coffee.order", (), {"store": "dam", "time": "@asap"}))
    assert got[0].id == "dam"
    assert (got[1], got[4]) == (datetime.fromisoformat("2026-11-23T12:00:00+01:00"), None)
    assert got[2] is shop.artefact.catalog
    assert not bound.local


async def test_commit_and_undo_get_what_they_act_on(shop: Any) -> None:
    """The proposal with its key; the effect with its changes."""
    got: list[Any] = []

    async def quote(turn: Turn, asked: Propose) -> Outcome:
        return Outcome(Refused(()))

    async def done(turn: Turn, proposal: Proposal, key: Key) -> Outcome:
        got.extend((proposal, key))
        return Outcome(Refused(()))

    async def back(turn: Turn, effect: Effect, changes: Changes) -> Outcome:
        got.extend((effect, changes))
        return Outcome(Refused(()))

    skill = skill_of(quote, "propose")
    skill.commit("order")(done)
    skill.undo("order")(back)
    bound = bind(skill, spec(undo="PT5M"))
    proposal = (await shop.propose(Line("l1", "espresso"))).result.proposal
    effect = Effect("e", "bar", "c", "u", "coffee", "coffee.order", "done", "k", "p", shop.turn().now)
    await bound.commit(shop.turn(), Commit(proposal), "once")
    await bound.undo(shop.turn(), effect, ())
    assert got == [proposal, "once", effect, ()]


async def test_an_answer_may_be_one_sentence(shop: Any) -> None:
    """A Speak alone; the intent's own handler answers an open question of it."""

    async def advise(turn: Turn, asked: Ask, drink: str) -> Speak:
        return Speak("coffee.advice", {"drink": Named("product", drink)})

    bound = bind(skill_of(advise, "ask"), spec("read"))
    asked = Ask(Question("open", (), Evidence("", "given")), "coffee.order", (), {"drink": "latte"})
    found = await bound.ask(shop.turn(), asked)
    assert isinstance(found, Answered)
    assert found.speaks[0].key == "coffee.advice"


async def takes_typo(turn: Turn, drnk: str) -> Line:
    return line(drnk)


async def takes_wrong_type(turn: Turn, drink: str, quantity: bool = True) -> Line:
    return line(drink)


async def takes_optional(turn: Turn, drink: str, size: str) -> Line:
    return line(drink, size=size)


async def takes_unknown(turn: Turn, drink: str, wallet: Effect) -> Line:
    return line(drink)


async def takes_secret(turn: Turn, drink: str, code: str) -> Line:
    return line(drink)


async def takes_anything(turn: Turn, **slots: str) -> Line:
    return line("latte")


async def takes_other_values(turn: Turn, drink: str, size: Literal["small", "huge"] = "small") -> Line:
    return line(drink, size=size)


async def returns_nothing(turn: Turn, drink: str):  # type: ignore[no-untyped-def]
    return line(drink)


async def returns_other(turn: Turn, drink: str) -> Checked:
    return Checked(())


def not_async(turn: Turn, drink: str) -> Line:
    return line(drink)


@pytest.mark.parametrize(
    ("handler", "what", "mend"),
    [
        (takes_typo, "takes 'drnk', which is no slot of order", "did you mean 'drink'?"),
        (takes_wrong_type, "takes quantity: bool, but the slot is a number", "write quantity: int or str"),
        (takes_optional, "takes 'size', which may be missing", "give it a default, or make the slot required"),
        (takes_unknown, "cannot fill wallet: Effect", "a line handler may take Turn"),
        (takes_secret, "takes 'code', a secret slot", "a secret is checked by the host"),
        (takes_anything, "takes **slots", "name each slot"),
        (takes_other_values, "but the slot is a choice", "write size: str"),
        (returns_nothing, "does not say what it returns", "write `-> Line`"),
        (returns_other, "returns Checked", "a line handler returns Line"),
        (not_async, "is not async", "write `async def`"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(handler: Callable[..., Any], what: str, mend: str) -> None:
    """What is wrong, and what to write instead."""
    ((found, advice),) = faults(skill_of(handler), spec())
    assert what in found
    assert mend in advice


def test_a_literal_of_all_values_fits_a_choice() -> None:
    """Then a type checker knows the values too."""

    async def sized(turn: Turn, drink: str, size: Literal["small", "large"] = "small") -> Line:
        return line(drink, size=size)

    assert bind(skill_of(sized), spec(), kinds()["order"])


def test_a_missing_handler_is_named_with_its_form() -> None:
    """A purchase needs propose and commit, and undo where it can be undone."""
    found = faults(Skill(), spec(undo="until_made"))
    assert [what for what, _ in found] == [
        f"has no {role} handler (its effect is purchase)" for role in ("propose", "commit", "undo")
    ]
    assert '@coffee.propose("order") async def' in found[0][1]


def test_a_second_handler_for_one_intent_is_refused() -> None:
    """Also when one names the intent and the other its operation."""
    skill = skill_of(order)

    async def again(turn: Turn, drink: str) -> Line:
        return line(drink)

    skill.line("add")(again)
    ((what, mend),) = faults(skill, spec(operation="add"))
    assert "is a second line handler for 'order', after @line('order') order" in what
    assert mend == "keep one of them"


def test_a_handler_for_no_intent_is_refused() -> None:
    """With the intent that was meant."""
    skill = skill_of(order)
    skill.line("ordr")(order)
    assert ("the manifest has no intent or operation 'ordr'", "did you mean 'order'?") in faults(skill, spec())


def test_every_fault_is_told_at_once() -> None:
    """Several handlers, several parameters."""

    async def wrong(turn: Turn, drnk: str, siz: str) -> Line:
        return line(drnk)

    skill = skill_of(wrong)
    skill.check("order")(returns_nothing)
    assert len(faults(skill, spec())) == 3


def test_the_built_in_kind_is_bound_like_any_skill(shop: Any) -> None:
    """No privilege: the same `bind` on the same form."""
    assert bind(kinds()["order"], shop.artefact.skills["coffee"]).local


def test_an_unknown_kind_is_refused() -> None:
    """With the kinds that there are."""
    with pytest.raises(SaysoError) as found:
        fulfilment(replace(spec(), fulfilment="odrer"), kinds())
    assert found.value.mend == f"known kinds are {', '.join(sorted({*kinds(), 'python'}))}"


def test_an_entry_point_loads_a_skill(tmp_path: Any) -> None:
    """A file beside the manifest, and the variable in it."""
    (tmp_path / "coffee").mkdir()
    source = "from sayso import Skill\nmine = Skill()\nother = 1\n"
    (tmp_path / "coffee" / "skill.py").write_text(source)
    assert isinstance(load(replace(spec(), entry_point="skill:mine"), tmp_path), Skill)


@pytest.mark.parametrize("entry_point", ["skill:other", "skill:none", "nothing:mine", "../skill:mine", "skill", ""])
def test_an_entry_point_that_leads_nowhere_is_refused(tmp_path: Any, entry_point: str) -> None:
    """Nothing outside the skill's folder is looked at."""
    (tmp_path / "coffee").mkdir()
    (tmp_path / "coffee" / "skill.py").write_text("other = 1\n")
    with pytest.raises(SaysoError) as found:
        load(replace(spec(), entry_point=entry_point), tmp_path)
    assert found.value.mend


def test_the_kind_order_imports_the_public_names_alone() -> None:
    """As any author would: `sayso` and its own modules."""
    import ast
    from pathlib import Path

    import sayso.skill.order as kind

    for path in Path(str(kind.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sayso"):
                assert node.module == "sayso" or str(node.module).startswith("sayso.skill.order"), path.name


def test_importing_sayso_is_cheap() -> None:
    """Nothing heavy comes along."""
    import subprocess
    import sys

    code = (
        "import sayso, sys; print([m for m in ('chromadb', 'babel', 'numpy', 'quart', 'openai') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"[]"


def test_every_public_name_is_there() -> None:
    """`__all__` is the public API."""
    import sayso

    assert [name for name in sayso.__all__ if not hasattr(sayso, name)] == []
    assert sorted(sayso.__all__) == sayso.__all__
