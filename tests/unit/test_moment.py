"""A moment of which only a part is said anew."""

from __future__ import annotations

import pytest

from sayso.model.moment import amended

ZONE = "Europe/Amsterdam"
THURSDAY = "2026-11-26T10:00:00+01:00"


@pytest.mark.parametrize(
    ("earlier", "part", "made"),
    [
        (THURSDAY, "T11:00", "2026-11-26T11:00:00+01:00"),
        (THURSDAY, "2026-11-27", "2026-11-27T10:00:00+01:00"),
        (THURSDAY, "2026-11-27T=", "2026-11-27T10:00:00+01:00"),
        (THURSDAY, "+60", "2026-11-26T11:00:00+01:00"),
        (THURSDAY, "-30", "2026-11-26T09:30:00+01:00"),
        ("2026-11-26", "T11:00", "2026-11-26T11:00:00+01:00"),
        ("2026-11-26T09:00:00+01:00/2026-11-26T12:00:00+01:00", "T11:00", "2026-11-26T11:00:00+01:00"),
        ("2026-03-28T10:00:00+01:00", "2026-03-29", "2026-03-29T10:00:00+02:00"),
        ("2026-11-26", "2026-11-27", ""),
        ("2026-11-26", "+60", ""),
        ("@asap", "T11:00", ""),
        ("", "T11:00", ""),
    ],
)
def test_the_rest_of_a_moment_stands(earlier: str, part: str, made: str) -> None:
    """Day and clock are changed apart; what makes no moment makes nothing; clocks that change keep their hands."""
    assert amended(earlier, part, ZONE) == made
