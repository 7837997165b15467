"""`sayso new`: what it makes passes the checks, and it overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.cli.check import checked
from sayso.cli.new import Kind, make_merchant, make_skill, with_skill
from sayso.errors import Theirs
from sayso.manifest.load import load_tree
from sayso.skill.kinds import fulfilments, kinds


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "manifests", tmp_path / "skills"


def test_a_merchant_and_its_skill_have_no_faults(roots: tuple[Path, Path]) -> None:
    """Everything that it names is there."""
    made = make_merchant("corner_shop", *roots)
    assert checked([], *roots) == ([], ["corner_shop"])
    assert {path.name for path in made} >= {"merchant.yaml", "catalog.csv", "answers.yaml", "skill.yaml"}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_skill_of_each_kind_has_no_faults_and_loads(roots: tuple[Path, Path], kind: Kind) -> None:
    """With a merchant to try it on."""
    make_skill("fourth", kind, "", *roots)
    assert checked([], *roots) == ([], ["try_fourth"])
    spec = load_tree(*roots).merchants["try_fourth"].skills["fourth"]
    assert spec.fulfilment == kind.value


def test_a_python_skill_binds(roots: tuple[Path, Path]) -> None:
    """Its handlers fit its manifest."""
    from sayso.manifest.publish import compile_artefact

    make_skill("fourth", Kind.python, "", *roots)
    artefact = compile_artefact(load_tree(*roots).merchants["try_fourth"])
    assert "fourth" in fulfilments(artefact, kinds(), roots[1])


def test_a_skill_joins_a_merchant_that_is_there(roots: tuple[Path, Path]) -> None:
    """The rest of its manifest stays as it was written."""
    make_merchant("corner_shop", *roots)
    path = roots[0] / "corner_shop" / "merchant.yaml"
    before = path.read_text("utf-8")
    make_skill("notes", Kind.python, "corner_shop", *roots)
    assert path.read_text("utf-8") == before.replace("skills:\n", "skills:\n  notes: {}\n")
    assert checked([], *roots) == ([], ["corner_shop"])


def test_nothing_is_overwritten(roots: tuple[Path, Path]) -> None:
    """A second one of the same name is refused before anything is written."""
    make_merchant("corner_shop", *roots)
    with pytest.raises(Theirs, match="already"):
        make_merchant("corner_shop", *roots)
    with pytest.raises(Theirs, match="already"):
        make_skill("order_corner_shop", Kind.order, "", *roots)


@pytest.mark.parametrize("name", ["Corner", "corner-shop", "9lives", "../up", ""])
def test_a_name_must_be_an_id(roots: tuple[Path, Path], name: str) -> None:
    """Small letters, digits and underscores."""
    with pytest.raises(Theirs, match="is no id"):
        make_merchant(name, *roots)


def test_an_unknown_merchant_is_told_with_the_nearest(roots: tuple[Path, Path]) -> None:
    """And nothing is written."""
    make_merchant("corner_shop", *roots)
    with pytest.raises(Theirs) as refused:
        make_skill("notes", Kind.python, "corner_shp", *roots)
    assert "corner_shop" in refused.value.mend and not (roots[1] / "notes").exists()


def test_a_manifest_that_lists_its_skills_otherwise_is_left_alone() -> None:
    """With what to write instead."""
    with pytest.raises(Theirs, match="one a line"):
        with_skill("skills: {order: {}}\n", "notes", "merchant.yaml")
