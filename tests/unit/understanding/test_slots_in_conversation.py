"""An answer, a correction, a digression and a new wish are told apart before a slot is touched; no slot is filled that
was not spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from sayso.manifest.load import load_one
from sayso.manifest.publish import compile_artefact
from sayso.model.command import Fill
from sayso.model.state import Pending
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon, compile_lexicon
from sayso.understanding.local import Analysis, analyse

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))


def cases() -> Iterator[Any]:
    skills = YAML(typ="safe").load(Path(__file__).with_name("slot_cases.yaml"))
    for skill in skills.values():
        for case in skill["cases"]:
            language = "en" if "en" in case else "nl"
            yield pytest.param(skill["merchant"], skill["intent"], language, case, id=case[language])


@cache
def compiled(merchant: str) -> Lexicon:
    draft = load_one(ROOT / "manifests", ROOT / "skills", merchant).merchants[merchant]
    return compile_lexicon(compile_artefact(draft))


def heard(merchant: str, intent: str, language: str, case: Mapping[str, Any]) -> Analysis:
    asked = case["asked"]
    pending = Pending("confirm", intent=intent) if asked == "-" else Pending("slot", intent=intent, slot=asked)
    context = Context(language, NOW, pending=pending if asked else None, intent=intent)
    return analyse(case[language], context, compiled(merchant))


@pytest.mark.parametrize(("merchant", "intent", "language", "case"), list(cases()))
def test_what_is_filled(merchant: str, intent: str, language: str, case: Mapping[str, Any]) -> None:
    """Exactly the slots that were spoken of get values, whatever the open question is."""
    commands = heard(merchant, intent, language, case).commands
    assert {c.slot: c.values[0].id for c in commands if isinstance(c, Fill) and c.values} == case.get("fills", {})


@pytest.mark.parametrize(("merchant", "intent", "language", "case"), [c for c in cases() if "says" in c.values[3]])
def test_what_else_is_meant(merchant: str, intent: str, language: str, case: Mapping[str, Any]) -> None:
    """A digression or a new wish is heard as such."""
    commands = heard(merchant, intent, language, case).commands
    kinds = [type(c).__name__.lower() for c in commands if type(c).__name__ != "NotUnderstood"]
    assert kinds == case["says"]
