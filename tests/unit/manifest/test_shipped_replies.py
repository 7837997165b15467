"""The replies that ship: each says something in both languages, on a screen and aloud."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sayso.manifest.load import load_base
from sayso.manifest.messages import Scope, render
from sayso.manifest.replies import compile_replies
from sayso.model.fact import Fact, Named, Row, Said
from sayso.model.money import Money

BASE = load_base()
COMPILED = compile_replies(BASE.replies)
EMERGENCY = "112"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAMPLES = {
    "money": Fact(Money(350, "EUR"), "catalog", "x"),
    "number": Fact(2, "line", "x"),
    "time": Fact(NOW.replace(hour=13), "queue", "x"),
    "datetime": Fact(NOW + timedelta(days=1), "queue", "x"),
    "date": Fact(date(2026, 12, 25), "clock", "x"),
    "duration": Fact(timedelta(minutes=20), "queue", "x"),
    "text": Fact("words", "merchant", "x"),
    "any": Named("product", "thing"),
    "name": Named("product", "thing"),
    "said": Said("words"),
}


def sample(kind, many=2):
    """Parameters of a declared type; rows are filled as their own reply declares."""
    if not kind.startswith("["):
        return SAMPLES[kind]
    inner = kind.strip("[]")
    entry = SAMPLES[inner] if inner in SAMPLES else Row(filled(inner, many))
    return (entry,) * many


def filled(key, many=2):
    return {name: sample(kind, many) for name, kind in BASE.keys.params[key].items()}


def say(key, language, voice, many):
    def template(row):
        return COMPILED[row][language].speech if voice else COMPILED[row][language].text

    scope = Scope(language, ZoneInfo("Europe/Amsterdam"), NOW, lambda named: named.id, template, voice, "NL")
    phrase = COMPILED[key][language]
    return render(phrase.speech if voice else phrase.text, filled(key, many), scope)


@pytest.mark.parametrize("key", sorted(COMPILED))
@pytest.mark.parametrize("many", [0, 1, 2])
def test_every_reply_renders(key, many):
    """With lists empty, of one and of two; nothing of the template is left, and a voice hears no digit or sign."""
    for language in ("en", "nl"):
        written, spoken = say(key, language, False, many), say(key, language, True, many)
        assert not re.search(r"[{}]|\bNone\b|Fact\(", written + spoken)
        assert not re.search(r"[\d€*_<>\n]", spoken.replace(EMERGENCY, "")), spoken
