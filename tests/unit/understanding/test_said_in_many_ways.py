"""The phrases that mean the same from every state, in many wordings: English and Dutch of several countries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sayso.model.command import Language, No, Say, Yes
from sayso.model.state import Pending
from sayso.understanding.forms import compiled, expanded
from sayso.understanding.local import analyse

SAID: dict[str, dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parent.joinpath("data/said.yaml"))
ALSO = {"no": {"cancel", "change"}, "start_over": {"cancel"}, "wait": {"hesitation"}, "checkout": {"no"}}
"""What does as well: the customer gets the same."""
ANSWERS = ("yes", "no", "not_yes")


def heard(text: str, context: Any, lexicon: Any) -> set[str]:
    found = analyse(text, context, lexicon).commands
    names = {
        Yes: lambda c: "yes",
        No: lambda c: "no",
        Say: lambda c: c.what,
        Language: lambda c: f"language_{c.language}",
    }
    return {names[type(c)](c) for c in found if type(c) in names}


def within(context: Any, what: str, language: str) -> Any:
    pending = Pending("confirm", subject="x") if what in ANSWERS else None
    return replace(context, language=language, pending=pending)


PHRASES = [(what, language) for what in SAID if what not in ("not", "not_yes") for language in SAID[what]]


@pytest.mark.parametrize(("what", "language"), PHRASES)
def test_every_wording_is_heard_without_a_model(lexicon, context, what, language):
    """What is said is what is meant, by words alone."""
    meant = {what, *ALSO.get(what, ())}
    said = within(context, what, language)
    assert [text for text in SAID[what][language] if not heard(text, said, lexicon) & meant] == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_doubt_is_a_yes(lexicon, context, language):
    """A but, a condition, a question, irony: nothing is committed."""
    asked = within(context, "not_yes", language)
    assert [text for text in SAID["not_yes"][language] if "yes" in heard(text, asked, lexicon)] == []


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("pending", [None, Pending("confirm", subject="x")])
def test_what_only_sounds_like_a_phrase_is_none(lexicon, context, language, pending):
    """ "I'll stop by the store" stops nothing."""
    said = replace(context, language=language, pending=pending)
    pairs = ((what, text) for what, texts in SAID["not"][language].items() for text in texts)
    assert [(what, text) for what, text in pairs if what in heard(text, said, lexicon)] == []


@pytest.mark.parametrize("said", ["ja", "nee", "ok", "top", "merci", "nee hoor", "prima", "ja graag"])
@pytest.mark.parametrize("pending", [None, Pending("confirm", subject="x")])
def test_a_short_answer_changes_no_language(lexicon, context, said, pending):
    """Somebody who is spoken to in Dutch stays in Dutch; a short Dutch word is no wish for Dutch either."""
    for language in ("nl", "en"):
        found = analyse(said, replace(context, language=language, pending=pending), lexicon)
        assert not any(isinstance(c, Language) for c in found.commands)
        assert language == "en" or found.language in ("", "nl")


@pytest.mark.parametrize(
    "said",
    [
        "ik wil graag een large latte",
        "mag ik twee to go",
        "doe maar een iced latte",
        "een cappuccino please",
        "sorry, ik bedoel thee",
    ],
)
def test_a_loanword_changes_no_language(lexicon, context, said):
    """One English word among Dutch ones leaves it Dutch."""
    assert analyse(said, replace(context, language="nl"), lexicon).language in ("", "nl")


def test_a_pattern_is_matched_or_written_out_alike():
    """Both ways to use a pattern know the same phrases."""
    pattern = "(drop|cancel|) (it|that) now"
    form = compiled({"cancel": [pattern]})
    assert form is not None
    assert set(expanded([pattern])) == {"dropitnow", "dropthatnow", "cancelitnow", "cancelthatnow", "itnow", "thatnow"}
    assert all((match := form.fullmatch(key)) and match.lastgroup == "cancel" for key in expanded([pattern]))
    assert form.fullmatch("dropnow") is None
