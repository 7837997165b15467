"""Manifests from the disk: every merchant and skill of a tree, with every fault of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import as_file, files
from pathlib import Path

from sayso.manifest.check import (
    Base,
    MerchantFiles,
    SkillFiles,
    check_base,
    check_merchant,
    check_skill,
)
from sayso.manifest.check_goldens import golden_faults
from sayso.manifest.draft import Draft, Loaded
from sayso.manifest.faults import Fault, Source
from sayso.manifest.read import Table, read_csv, read_yaml

__all__ = [
    "Draft",
    "Fault",
    "Loaded",
    "load_base",
    "load_conversations",
    "load_each",
    "load_one",
    "load_skills",
    "load_tree",
]

PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})


def load_tree(manifests: Path, skills: Path, base: Base | None = None) -> Loaded:
    """Every merchant below `manifests` with the skills below `skills`. Never raises for what the files hold.

    `base`: the replies that ship with sayso, read already."""
    return _together(load_each(manifests, skills, base))


def load_one(manifests: Path, skills: Path, merchant: str) -> Loaded:
    """One merchant below `manifests`, and every fault of it and of what all share."""
    return _together(load_each(manifests, skills, only=merchant))


def load_each(
    manifests: Path, skills: Path, base: Base | None = None, *, only: str = ""
) -> Iterator[tuple[Draft | None, tuple[Fault, ...]]]:
    """The same one after another, so that a thousand merchants need not be in memory at once: first None and the faults
    of what all share, then each merchant (or the one in the folder `only`), None where it has faults, and its faults.
    """
    base = base or load_base()
    found = load_skills(skills, base)
    yield None, (*base.faults, *_missing(manifests), *(fault for each in found.values() for fault in each.faults))
    for folder in _folders(manifests, "merchant.yaml"):
        if only in ("", folder.name):
            yield check_merchant(_merchant_files(folder), found, base)


def _together(each: Iterable[tuple[Draft | None, tuple[Fault, ...]]]) -> Loaded:
    merchants: dict[str, Draft] = {}
    faults: list[Fault] = []
    for draft, own in each:
        faults += own
        if draft:
            merchants[draft.merchant.id] = draft
    return Loaded(merchants, tuple(faults))


def load_base() -> Base:
    """The replies in `base/*.yaml` of this package, and in `base/formal/` the polite ones."""
    with as_file(files("sayso.manifest").joinpath("base")) as folder:
        read = [tuple(map(read_yaml, sorted(part.glob("*.yaml")))) for part in (folder, folder / "formal")]
        return check_base(*read)


def load_skills(root: Path, base: Base) -> dict[str, SkillFiles]:
    """Every skill below `root`, by the name of its folder."""
    return {
        folder.name: check_skill(read_yaml(folder / "skill.yaml"), folder.name, base)
        for folder in _folders(root, "skill.yaml")
    }


def load_conversations(root: Path, loaded: Loaded) -> tuple[Fault, ...]:
    """The faults of every golden conversation below `root`, held against the merchants that loaded."""
    paths = sorted(root.glob("*/tests/*.yaml")) if root.is_dir() else []
    return tuple(fault for path in paths for fault in golden_faults(read_yaml(path), loaded.merchants))


def _folders(root: Path, file: str) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(path for path in root.iterdir() if (path / file).is_file())


def _missing(root: Path) -> Iterator[Fault]:
    if not root.is_dir():
        mend = "name the folder that holds <merchant>/merchant.yaml"
        yield Fault(str(root), 1, "", "there is no such folder", mend, "missing_file")


def _merchant_files(folder: Path) -> MerchantFiles:
    source = read_yaml(folder / "merchant.yaml")
    data = source.data if isinstance(source.data, dict) else {}
    catalog = data.get("catalog")
    table = _beside(folder, source, ("catalog", "source"), catalog.get("source") if isinstance(catalog, dict) else None)
    answers = _beside(folder, source, ("answers",), data.get("answers"))
    outside = tuple(each for each in (table, answers) if isinstance(each, Fault))
    return MerchantFiles(
        folder=folder,
        source=Source(source.path, source.data, source.lines, (*source.faults, *outside)),
        table=_read_table(table),
        answers=read_yaml(answers) if isinstance(answers, Path) else None,
        files=_pictures(folder),
    )


def _read_table(found: Path | Fault | None) -> Table | None:
    return read_csv(found) if isinstance(found, Path) else None


def _beside(folder: Path, source: Source, at: tuple[str, ...], name: object) -> Path | Fault | None:
    """A file that the manifest names; it must lie in the merchant's folder."""
    if not isinstance(name, str) or not name:
        return None
    if "\0" in name or not (folder / name).resolve().is_relative_to(folder.resolve()):
        mend = "keep the file beside merchant.yaml and write its name"
        return source.fault(at, f'"{name}" is outside this folder', mend, "outside")
    return folder / name


def _pictures(folder: Path) -> frozenset[str]:
    return frozenset(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix.lower() in PICTURES and path.is_file()
    )
