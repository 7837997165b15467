"""`sayso check`: every fault of the manifests at once, each with its file, line and fix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sayso.cli.dialogues import unreachable
from sayso.cli.options import MANIFESTS, SKILLS, Json, Manifests, Skills
from sayso.cli.shown import reviewed, told_shown, uninstalled, unspoken
from sayso.manifest.check_collisions import Phrase, alike_warning, collisions, sentences
from sayso.manifest.faults import Fault
from sayso.manifest.load import load_conversations, load_tree
from sayso.manifest.read import read_yaml


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Merchants, skills or files; all of them by default.")
    ] = None,
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
    alike: Annotated[bool, typer.Option(help="Warn of what is nearly the same, too (some seconds).")] = False,
    channels: Annotated[bool, typer.Option(help="Name every label and reply that a channel shows otherwise.")] = False,
    as_json: Json = False,
) -> None:
    """Check manifests; every fault at once, with its fix. Exit status 1 when there is one. Words that mean two things
    are warnings; what a channel cuts is told."""
    for path in paths or ():
        if not path.exists():
            raise typer.BadParameter(f"there is no {path}")
    faults, merchants = checked(paths or [], manifests, skills)
    warnings = warned(paths or [], manifests, skills, alike)
    shown = reviewed(list(_roots(paths or [], manifests, skills)))
    if as_json:
        found: dict[str, Any] = {"faults": [asdict(fault) for fault in faults], "merchants": merchants}
        found["channels"] = {id: [asdict(each) for each in every] for id, every in shown.items()}
        typer.echo(json.dumps(found | {"warnings": [asdict(warning) for warning in warnings]}))
    else:
        typer.echo("\n".join((*map(_warning, warnings), *told_shown(shown, channels), told(faults, merchants))))
    if faults:
        raise typer.Exit(1)


def checked(paths: Sequence[Path], manifests: Path, skills: Path) -> tuple[list[Fault], list[str]]:
    """The faults below `paths` (all when empty), and the merchants that have none."""
    faults: list[Fault] = []
    merchants: list[str] = []
    for at_manifests, at_skills in _roots(paths, manifests, skills):
        loaded = load_tree(at_manifests, at_skills)
        merchants += loaded.merchants
        faults += loaded.faults
        faults += load_conversations(at_manifests, loaded)
        faults += load_conversations(at_skills, loaded)
        faults += uninstalled(loaded.merchants.values())
        faults += unspoken(loaded.merchants.values())
        if not faults:
            faults += unreachable(loaded.merchants, at_skills)
    return [_near(fault) for fault in faults if _below(fault, paths)], merchants


def warned(paths: Sequence[Path], manifests: Path, skills: Path, alike: bool = False) -> list[Fault]:
    """The words below `paths` (all when empty) that mean two things; with `alike` also what is nearly the same."""
    found: dict[Fault, None] = {}
    for at_manifests, at_skills in _roots(paths, manifests, skills):
        sources = {path.parent.name: read_yaml(path) for path in sorted(at_skills.glob("*/skill.yaml"))}
        for draft in load_tree(at_manifests, at_skills).merchants.values():
            answers = draft.folder / "answers.yaml"
            source = read_yaml(answers) if answers.is_file() else None
            found |= dict.fromkeys(collisions(draft, sources, source, str(draft.folder / "catalog.csv")))
            found |= dict.fromkeys(_alike(sentences(draft, sources, source)) if alike else ())
    return sorted(_near(each) for each in found if _below(each, paths))


def _alike(said: Sequence[Phrase]) -> Iterable[Fault]:
    from sayso.understanding import LocalEmbedder
    from sayso.understanding.collisions import alike

    return [alike_warning(each.one, each.other, each.score) for each in alike(said, LocalEmbedder())]


def _warning(found: Fault) -> str:
    return f"{found.file}:{found.line}: warning: {found.what}\n  mend: {found.mend}"


def _roots(paths: Sequence[Path], manifests: Path, skills: Path) -> Iterable[tuple[Path, Path]]:
    """The folders to load: the given ones, or for a path elsewhere those beside it."""
    found: dict[tuple[Path, Path], None] = {}
    for path in paths:
        inside = any(path.resolve().is_relative_to(root.resolve()) for root in (manifests, skills))
        found[(manifests, skills) if inside else _project(path, manifests, skills)] = None
    return found or {(manifests, skills): None}


def _project(path: Path, manifests: Path, skills: Path) -> tuple[Path, Path]:
    for parent in (path, *path.resolve().parents):
        if any((parent / name).is_dir() for name in ("manifests", "skills")):
            return parent / "manifests", parent / "skills"
    return manifests, skills


def _below(fault: Fault, paths: Sequence[Path]) -> bool:
    return not paths or any(Path(fault.file).resolve().is_relative_to(path.resolve()) for path in paths)


def _near(fault: Fault) -> Fault:
    """The file as seen from here, when it is below."""
    file, here = Path(fault.file).resolve(), Path.cwd()
    return replace(fault, file=str(file.relative_to(here))) if file.is_relative_to(here) else fault


def told(faults: Sequence[Fault], merchants: Sequence[str]) -> str:
    """The faults for a person, grouped by file."""
    lines = []
    for fault in sorted(faults):
        lines.append(f"{fault.file}:{fault.line}: {fault.what}")
        if fault.mend:
            lines.append(f"  mend: {fault.mend}")
    files = len({fault.file for fault in faults})
    sound = f"without faults: {', '.join(merchants)}" if merchants else "no merchant is without faults"
    lines.append(f"{len(faults)} {_many('fault', len(faults))} in {files} {_many('file', files)}; {sound}")
    return "\n".join(lines)


def _many(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
