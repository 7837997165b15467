"""Arrays as bytes, and back without a copy."""

from __future__ import annotations

import numpy
import pytest

from sayso.understanding.intents.packing import pack, unpack


def test_what_was_packed_comes_back():
    """Every kind and shape, an empty one too."""
    arrays = {"a": numpy.arange(6, dtype=numpy.float16).reshape(2, 3), "b": numpy.zeros((0, 4), numpy.float32)}
    head, found = unpack(pack({"names": ["x", "é"]}, arrays))
    assert head == {"names": ["x", "é"]}
    assert found["a"].dtype == numpy.float16
    assert found["a"].tolist() == arrays["a"].tolist()
    assert found["b"].shape == (0, 4)


def test_arrays_are_views_of_the_bytes():
    """They cannot be written to, and own nothing."""
    _, found = unpack(pack({}, {"a": numpy.ones(3)}))
    assert not found["a"].flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        found["a"][0] = 2


@pytest.mark.parametrize("other", [b"", b"PK\x03\x04 something else"])
def test_other_bytes_are_nothing(other):
    """What an older version stored is trained anew, not misread."""
    assert unpack(other) == ({}, {})
