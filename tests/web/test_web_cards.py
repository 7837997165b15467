"""Payment-card numbers are masked before anything is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.cards import luhn, mask


@pytest.mark.parametrize(
    "number", ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"]
)
def test_a_card_number_keeps_its_last_four_digits(number: str) -> None:
    """However it is grouped."""
    assert mask(f"card {number}, thanks") == f"card •••• {number[-4:]}, thanks"


@pytest.mark.parametrize("words", ["+31 20 123 4567", "order 4111111111111112", "1012 AB", "2 lattes", "20 000 000"])
def test_other_numbers_stay(words: str) -> None:
    """Telephone numbers, postcodes, quantities and runs that fail the check are left alone."""
    assert mask(words) == words


@given(st.text(alphabet="0123456789 -", max_size=60))
def test_masking_twice_is_masking_once(words: str) -> None:
    """Masking what is masked changes nothing."""
    assert mask(mask(words)) == mask(words)


def test_the_check_digit() -> None:
    """The formula's own example: 7992739871 has check digit 3."""
    assert [digit for digit in range(10) if luhn([*map(int, "7992739871"), digit])] == [3]
