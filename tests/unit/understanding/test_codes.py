"""One-time codes and PINs as people say them; and what is none."""

from __future__ import annotations

import pytest

from sayso.understanding.codes import read_codes


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("my code is 123456", "123456"),
        ("the code is 12 34 56 please", "123456"),
        ("okay, my code is 1, 2, 3, 4, 5, 6", "123456"),
        ("I have a code: 482-913", "482913"),
        ("the code's oh one two three four five", "012345"),
        ("code twelve thirty-four fifty-six", "123456"),
        ("mijn koppelcode is 482 913 graag", "482913"),
        ("mijn code is een twee drie vier vijf zes", "123456"),
        ("code eenentwintig vierenveertig nul nul", "214400"),
        ("my code is 12345", "12345"),
    ],
)
def test_a_code_is_heard_however_it_is_said(words: str, digits: str) -> None:
    """In figures, in words, in pairs, with politeness around it, in both languages."""
    assert read_codes().code(words, expected=False) == digits


@pytest.mark.parametrize(
    "words",
    [
        "my discount code is 123456",
        "2 lattes for code 123456",
        "my order number is 123456",
        "123456",
        "mijn postcode is 1012 AB",
        "a latte",
        "my code is 42",
    ],
)
def test_other_numbers_are_no_code(words: str) -> None:
    """Only what is a code and nothing else is kept from the transcript."""
    assert read_codes().code(words, expected=False) == ""


def test_digits_alone_are_a_code_where_one_was_spoken_of() -> None:
    """Six of them, and no other number."""
    codes = read_codes()
    assert codes.code("one two three, four five six", expected=True) == "123456"
    assert codes.code("12345", expected=True) == codes.code("4 lattes", expected=True) == ""


@pytest.mark.parametrize(
    ("words", "digits"), [("2580", "2580"), ("two five eight zero", "2580"), ("vijfentwintig tachtig", "2580")]
)
def test_a_pin_is_its_digits(words: str, digits: str) -> None:
    """As they are written, else as they are said."""
    assert read_codes().digits(words) == digits
