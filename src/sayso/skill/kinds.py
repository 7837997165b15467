"""From a skill manifest to a fulfilment: the built-in kinds, and skills of the author's own in Python.

`kinds()` is plain data; the composition root makes it once and passes it on.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

from sayso.errors import SaysoError
from sayso.manifest.specs import Artefact, SkillSpec
from sayso.skill.api import Fulfilment
from sayso.skill.author import Skill
from sayso.skill.bind import bind


def kinds() -> Mapping[str, Skill]:
    """The built-in fulfilment kinds."""
    from sayso.skill.advice import advice_kind
    from sayso.skill.answer import answer_kind
    from sayso.skill.booking import booking_kind
    from sayso.skill.hand_over import hand_over_kind
    from sayso.skill.order import order_kind

    return {
        "advice": advice_kind(),
        "answer": answer_kind(),
        "booking": booking_kind(),
        "hand_over": hand_over_kind(),
        "order": order_kind(),
    }


def fulfilments(artefact: Artefact, known: Mapping[str, Skill], folder: Path | None = None) -> dict[str, Fulfilment]:
    """Every skill of a merchant, bound. `folder` holds the skills' own folders. Raises SaysoError for the first skill
    that cannot be bound, with all that is wrong with it."""
    return {spec.id: fulfilment(spec, known, folder) for spec in artefact.skills.values()}


def fulfilment(spec: SkillSpec, known: Mapping[str, Skill], folder: Path | None = None) -> Fulfilment:
    """One skill, bound."""
    if spec.fulfilment == "python":
        return bind(load(spec, folder), spec, known.get("order"))
    if spec.fulfilment not in known:
        mend = f"known kinds are {', '.join(sorted({*known, 'python'}))}"
        raise SaysoError(f"skill {spec.id!r}: no fulfilment kind {spec.fulfilment!r}", where=spec.id, mend=mend)
    return bind(known[spec.fulfilment], spec)


def load(spec: SkillSpec, folder: Path | None) -> Skill:
    """The `Skill` that an entry point names: "module:variable", the module being a file in the skill's own folder."""
    module_name, _, variable = spec.entry_point.partition(":")
    path = (folder or Path()) / spec.id / f"{module_name}.py"
    if not (folder and module_name.isidentifier() and variable.isidentifier() and path.is_file()):
        mend = 'write entry_point: "skill:coffee" for the variable `coffee` of skill.py beside skill.yaml'
        raise SaysoError(
            f"skill {spec.id!r}: entry point {spec.entry_point!r} leads nowhere", where=str(path), mend=mend
        )
    unique = f"sayso_skill_{spec.id}_{module_name}"
    found = importlib.util.spec_from_file_location(unique, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[unique] = module
    found.loader.exec_module(module)
    skill = getattr(module, variable, None)
    if not isinstance(skill, Skill):
        mend = f"write {variable} = Skill() there"
        raise SaysoError(f"skill {spec.id!r}: {variable!r} in {path.name} is no Skill", where=str(path), mend=mend)
    return skill
