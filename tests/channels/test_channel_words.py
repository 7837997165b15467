"""What channels share to read a platform's request: words, ids, numbers, the door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.door import json_object, same
from sayso.channels.words import identifier, inner, items, number, told
from sayso.errors import Theirs

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=8,
)


@given(ANY)
def test_anything_is_read_without_an_error(data):
    """Whatever stands in a request, each reader gives its own type, fit for a database."""
    told(data, "a").encode()
    identifier(data, "a").encode()
    assert isinstance(inner(data, "a"), dict)
    assert isinstance(items(data, "a"), list)
    assert number(data, "a") is None or isinstance(number(data, "a"), float)


def test_words_are_clean_and_cut():
    """Control characters and card numbers go, length is capped, half a character is replaced."""
    assert told({"a": "pay\x00 4111 1111 1111 1111 \ud83d"}, "a") == "pay  •••• 1111 ?"
    assert told({"a": "x" * 9000}, "a") == "x" * 8000


def test_an_id_is_whole_or_none():
    """An id that is too long, or no text and no whole number, is none."""
    assert identifier({"a": 42}, "a") == "42"
    assert [identifier({"a": each}, "a") for each in (True, 1.5, "x" * 257, ["x"], "a\x00")] == [""] * 5


def test_the_door_refuses_what_is_too_large_or_no_object():
    """413 and 400."""
    for body, status in ((b"[]", 400), (b"{", 400), (b"\xff", 400), (b"{" * 9999, 400), (b'{"a":1}' + b" " * 99, 413)):
        with pytest.raises(Theirs) as refused:
            json_object(body, 64 if status == 413 else 10**6)
        assert refused.value.status == status
    assert json_object(b'{"a": 1}', 64) == {"a": 1}


def test_any_texts_can_be_compared():
    """A header may have any characters."""
    assert same("é", "é") and not same("é", "\ud800")
