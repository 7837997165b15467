"""Staff, capacity and services in a manifest: what is refused, where, and how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.manifest.load import load_tree
from sayso.manifest.specs import Absence, Artefact
from sayso.manifest.values import absence

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The workshop alone, to be broken."""
    shutil.copytree(ROOT / "manifests" / "workshop", tmp_path / "manifests" / "workshop")
    for skill in ("book_appointment", "ask_us", "talk_to_us"):
        shutil.copytree(ROOT / "skills" / skill, tmp_path / "skills" / skill)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "pointer"),
    [
        ("merchant.yaml", "locations: [oost]", "locations: [east]", "unknown_location", "/staff/kees/locations/0"),
        ("merchant.yaml", "services: [visit]", "services: [visits]", "unknown_service", "/staff/sander/services/0"),
        ("merchant.yaml", '"2026-12-21/2027-01-03"', '"2027-01-03/2026-12-21"', "bad_absence", "/staff/joris/absent/0"),
        ("merchant.yaml", '"2026-11-26 14:00-16:00"', '"2026-11-26 14:00"', "bad_absence", "/staff/amina/absent/0"),
        ("merchant.yaml", 'tue: "09:00-12:00", wed', 'tue: "09:00", wed', "bad_hours", "/staff/sander/hours/tue"),
        (
            "merchant.yaml",
            "{fitting: 1, cargo",
            "{fiting: 1, cargo",
            "unknown_service",
            "/locations/lombok/capacity/fiting",
        ),
        ("catalog.csv", "49.00,repair,60,", "49.00,repair,an hour,", "bad_service", "/attr_duration"),
        ("catalog.csv", "49.00,repair,60,15", "49.00,repair,60,-15", "bad_service", "/attr_buffer"),
        ("catalog.csv", "home,25.00,images", "home,€25,images", "bad_service", "/attr_visit_fee"),
    ],
)
def test_one_fault_is_told_at_its_place(tree: Path, file: str, old: str, new: str, code: str, pointer: str) -> None:
    """With a way to mend it, and nothing else."""
    path = tree / "manifests" / "workshop" / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    (fault,) = load_tree(tree / "manifests", tree / "skills").faults
    line = text[: text.index(old)].count("\n") + 1
    assert (fault.code, fault.pointer, fault.line) == (code, pointer, line)
    assert fault.mend


def test_the_workshop_says_who_serves_when(workshop: Artefact) -> None:
    """Hours of days that are not named are none; absences are read; a name is looked up."""
    sander, amina = workshop.merchant.staff["sander"], workshop.merchant.staff["amina"]
    assert [day for day, openings in sander.weekly.items() if openings] == [2, 3, 4, 5]
    assert amina.absent == (absence("2026-11-26 14:00-16:00"),)
    assert workshop.merchant.locations["lombok"].capacity == {"fitting": 1, "cargo_service": 1}


def test_every_service_has_somebody_who_does_it(workshop: Artefact) -> None:
    """Nothing is in the catalog that cannot be booked."""
    done = {service for member in workshop.merchant.staff.values() for service in member.services}
    services = workshop.catalog.products.values()
    assert len(services) >= 25
    assert not [p.sku for p in services if not {p.sku, p.category} & done]


def test_days_off() -> None:
    whole = absence("2026-12-24/2027-01-02")
    assert (whole.first.day, whole.last.day, whole.until) == (24, 2, None)
    assert isinstance(absence("2026-12-24"), Absence)
