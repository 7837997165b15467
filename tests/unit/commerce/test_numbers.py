"""The numbers that orders are called by."""

from __future__ import annotations

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as some

from sayso.commerce.numbers import numbers

IDS = some.binary(min_size=1, max_size=20).map(lambda raw: hashlib.sha256(raw).hexdigest()[:24])


@given(IDS)
def test_a_number_is_a_letter_and_three_digits_or_more(id: str) -> None:
    """The short ones come first, and the same id proposes the same ones."""
    proposed = tuple(numbers(id))
    assert all(re.fullmatch("[A-Z][1-9][0-9]{2,5}", number) for number in proposed)
    assert [len(number) for number in proposed] == sorted(len(number) for number in proposed)
    assert proposed == tuple(numbers(id))


def test_orders_of_one_number_differ_in_the_next() -> None:
    """Whoever finds the first taken is not led to the same second as everybody else."""
    ids = [hashlib.sha256(str(n).encode()).hexdigest()[:24] for n in range(5000)]
    pairs = [tuple(numbers(id))[:2] for id in ids]
    assert len({first for first, _ in pairs}) < 5000 and len(set(pairs)) == 5000
