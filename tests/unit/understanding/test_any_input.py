"""Whatever is typed: a useful reading, never an exception, in bounded time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.model.command import Add, Fill, Language, NotUnderstood, Question, Say, Start, Yes
from sayso.model.state import Pending
from sayso.understanding.local import analyse
from sayso.understanding.search.lexical import Text, compile_texts
from sayso.understanding.words import fold

PENDING = [
    None,
    Pending("what"),
    Pending("confirm", subject="x"),
    Pending("slot", intent="order_coffee.order", slot="store"),
    Pending("slot", intent="order_coffee.order", slot="address"),
]
WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "but",
        "ja",
        "nee",
        "maar",
        "latte",
        "koffie",
        "two",
        "twee",
        "geen",
        "without",
        "?",
        "!",
        "…",
        "👍",
        "\u202e",
        "\u200b",
        "\x00",
        "مرحبا",
        "你好",
        "bitte",
        "je",
        "😀",
        "\ufeff",
        "'",
        '"',
        "(",
        "1e9",
        "-1",
        "½",
    ]
)
NOISE = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join))
ONLY_FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ONLY_FEW
@given(text=NOISE, pending=st.sampled_from(PENDING))
def test_nothing_that_can_be_typed_fails(lexicon: Any, context: Any, text: str, pending: Any) -> None:
    """Any text in any state gives commands, and the same text the same ones."""
    within = replace(context, pending=pending)
    found = analyse(text, within, lexicon)
    assert found.commands and found == analyse(text, within, lexicon)


@ONLY_FEW
@given(text=NOISE)
def test_a_yes_needs_a_word_or_sign_of_agreement(lexicon: Any, context: Any, text: str) -> None:
    """Noise around no word of agreement commits nothing."""
    found = analyse(text, replace(context, pending=Pending("confirm", subject="x")), lexicon)
    if any(isinstance(c, Yes) for c in found.commands):
        assert any(word in fold(text) for word in ("y", "ja", "👍", "ok", "k", "j", "s"))
        assert not any(word in text.casefold().split() for word in ("but", "maar", "geen", "?", "no", "nee"))


@pytest.mark.parametrize(
    "said", ["", " ", "\u200b\u200d\ufeff", "\u202e", "\x00\x07", "😀😀😀", "?!…", "🇳🇱", "\ud83d", "— –", "١٢٣"]
)
def test_what_has_no_words_is_not_understood(lexicon, context, said):
    """It is asked again, and nothing is guessed."""
    found = analyse(said, context, lexicon).commands
    assert not any(isinstance(c, Add | Start | Fill | Yes) for c in found)


@pytest.mark.parametrize(
    "said", ["x" * 100_000, "latte " * 20_000, "ja " * 30_000, "((((" * 25_000, "\u0301" * 100_000]
)
def test_a_hundred_thousand_letters_are_read_in_part(lexicon, context, said):
    """Only the beginning is analysed: the text that is kept is short."""
    assert len(analyse(said, context, lexicon).text) <= 800


@pytest.mark.parametrize("said", ["👍", "👍🏾", "👍👍", "✅"])
def test_a_thumb_up_is_a_yes_where_something_was_asked(lexicon, context, said):
    """In chat it is one; with anything beside it that is no agreement it is none."""
    asked = replace(context, pending=Pending("confirm", subject="x"))
    assert isinstance(analyse(said, asked, lexicon).commands[0], Yes)
    assert not any(isinstance(c, Yes) for c in analyse(f"{said} ?", asked, lexicon).commands)
    assert not any(isinstance(c, Yes) for c in analyse(f"{said} 👎", asked, lexicon).commands)


@pytest.mark.parametrize("said", ["😂", "❤️", "🤷", "🙄", "😡", "🤔", "💩", "👎"])
def test_no_other_sign_is_a_yes(lexicon, context, said):
    """A heart agrees to nothing."""
    asked = replace(context, pending=Pending("confirm", subject="x"))
    assert not any(isinstance(c, Yes) for c in analyse(said, asked, lexicon).commands)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("ich möchte einen Kaffee bestellen", "de"),
        ("können Sie mir helfen", "de"),
        ("bonjour je voudrais un café", "fr"),
        ("merhaba bir kahve istiyorum", "tr"),
        ("مرحبا أريد قهوة", "ar"),
        ("你好我想要一杯咖啡", "zh"),
        ("コーヒーをください", "ja"),
        ("커피 주세요", "ko"),
        ("привет, можно кофе", "ru"),
        ("quiero un café por favor", "es"),
        ("vorrei un caffè per favore", "it"),
    ],
)
def test_another_language_is_known_for_one(lexicon, context, said, language):
    """The customer hears which languages are spoken here."""
    assert [c.language for c in analyse(said, context, lexicon).commands if isinstance(c, Language)] == [language]


@pytest.mark.parametrize(
    "said",
    [
        "a café au lait please",
        "een latte met een croissant",
        "I want a latte por favor",
        "an espresso con panna",
        "le menu",
        "ik wil graag een pain au chocolat",
    ],
)
def test_a_foreign_word_among_ones_own_is_no_other_language(lexicon, context, said):
    """Menus are full of Italian and French."""
    assert not any(isinstance(c, Language) for c in analyse(said, context, lexicon).commands)


@pytest.mark.parametrize(
    "said",
    ["ik wil graag een latte with oat milk please", "two lattes alsjeblieft", "can I get een cappuccino met havermelk"],
)
def test_two_languages_in_one_sentence_are_read_together(lexicon, context, said):
    """What is ordered is heard, whichever words it is ordered in."""
    assert any(isinstance(c, Add) and c.items[0].products for c in analyse(said, context, lexicon).commands)


def test_words_within_invisible_marks_are_read(lexicon, context):
    """Zero-width and control characters, whichever way the text runs."""
    plain = analyse("two lattes", context, lexicon).commands
    for said in ("\u200btwo\u200d lat\u200btes\ufeff", "\u202atwo lattes\u202c", "\x07two lattes\x00"):
        assert analyse(said, context, lexicon).commands[0].__class__ is plain[0].__class__


@ONLY_FEW
@given(text=st.text(max_size=200), known=st.lists(st.text(max_size=20), max_size=5))
def test_any_text_can_be_searched_for(text: str, known: list[str]) -> None:
    """Scores stay in 0..1 whatever is searched among whatever."""
    texts = compile_texts([Text(str(n), ((words, 1.0),)) for n, words in enumerate(known)])
    assert all(0.0 <= score <= 1.0 for score in texts.search(text).values())


@pytest.mark.parametrize("said", ["what is this", "مرحبا", "hmm"])
def test_what_is_left_open_is_never_an_order(lexicon, context, said):
    """A question, a greeting of elsewhere, a hesitation."""
    found = analyse(said, context, lexicon).commands
    assert all(isinstance(c, NotUnderstood | Question | Say | Language) for c in found)
