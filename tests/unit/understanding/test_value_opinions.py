"""Second opinions: a library is asked only of words of time that are left over, and speaks only of more words."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import pytest

from sayso.understanding.values import Conventions, Reading, Value, recognise
from sayso.understanding.values.libraries import duckling, installed
from sayso.understanding.values.opinions import Asked, Opinion

PLACE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PLACE)
"""A Monday."""
KINDS = ("date", "time", "datetime", "range", "duration", "recurring")


class Claiming:
    """An opinion that takes the words it is told for Christmas, and remembers what it was asked."""

    def __init__(self, *claims: str) -> None:
        self.claims, self.asked = claims, list[str]()

    def __call__(self, asked: Asked) -> Sequence[Value]:
        self.asked.append(asked.text)
        starts = [(claim, asked.text.index(claim)) for claim in self.claims if claim in asked.text]
        return [Value("date", s, s + len(c), c, (Reading("2026-12-25", grain="day"),)) for c, s in starts]


def read(text: str, *opinions: Opinion, language: str = "en") -> list[tuple[str, str]]:
    found = recognise(text, NOW, PLACE, language, kinds=KINDS, opinions=opinions)
    return [(v.text, v.best.value or f"{v.best.start}/{v.best.end}") for v in found]


LEFT_OVER = "the busiest Monday but two ahead of christmas"


@pytest.mark.parametrize("text", ["a latte please", "two lattes and 3 teas", "tomorrow at 3pm"])
def test_nobody_is_asked_where_no_word_of_time_is_left_over(text: str) -> None:
    """What the grammar explains, and what has no time in it, costs nothing more."""
    opinion = Claiming()
    read(text, opinion)
    assert opinion.asked == []


def test_more_words_replace_what_they_contain() -> None:
    """A library that explains a longer stretch, with a word of time that was left over, is believed."""
    alone = read(LEFT_OVER)
    assert read(LEFT_OVER, Claiming(LEFT_OVER)) == [(LEFT_OVER, "2026-12-25")] != alone


def test_the_same_words_stay_as_the_grammar_reads_them() -> None:
    """How the same words are read is the grammar's affair, with the conventions of the place."""
    (first, *_), alone = read(LEFT_OVER), read(LEFT_OVER)
    assert read(LEFT_OVER, Claiming(first[0])) == alone


@pytest.mark.parametrize(
    ("text", "claim"),
    [("the week of bananas 1.5 month", "5 month"), ("we bought $12 tuesdayish month", "12 tuesdayish month")],
)
def test_a_value_never_begins_inside_a_number(text: str, claim: str) -> None:
    """A part of an amount is no time, whatever a library makes of it."""
    assert claim not in [words for words, _ in read(text, Claiming(claim))]


def test_nothing_changes_without_opinions() -> None:
    """Without a library the answer is the grammar's."""
    assert read(LEFT_OVER, Claiming()) == read(LEFT_OVER)


with_duckling = pytest.mark.skipif(find_spec("duckling") is None, reason="Duckling is not installed")
with_recognizers = pytest.mark.skipif(find_spec("ms_recognizers_suite") is None, reason="Recognizers is not installed")


@with_duckling
def test_duckling_reads_in_the_places_zone() -> None:
    """Duckling's wall time gets the offset of the place on that day: summer here."""
    (opinion,) = installed("duckling")
    (value,) = opinion(Asked("15 july 2027 at 15:00", NOW, "en", Conventions()))
    assert value.best.value == "2027-07-15T15:00:00+02:00"


@with_duckling
@pytest.mark.parametrize(("included", "end"), [(False, "17:00:00"), (True, "18:00:00")])
def test_ducklings_last_hour_follows_the_convention(included: bool, end: str) -> None:
    """A range ends when its last hour begins, unless what was named counts."""
    (opinion,) = installed("duckling")
    (value,) = opinion(Asked("tomorrow from 3 to 5 pm", NOW, "en", Conventions(ends_included=included)))
    assert value.best.end == f"2026-11-24T{end}+01:00"


INTERRUPTED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sayso.understanding.values.libraries import installed
assert installed("duckling")
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("ours")
"""


@with_duckling
def test_duckling_leaves_the_interrupt_to_us() -> None:
    """Its run-time would end the process on SIGINT. In a process of its own, which takes the signal first: a shell's
    background job begins without it."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "ours\n", done.stderr


@with_duckling
def test_duckling_is_not_loaded_by_another_thread() -> None:
    """Only the main thread can take SIGINT back."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(duckling.__wrapped__()))
    thread.start()
    thread.join()
    assert found == [None]


@with_duckling
def test_years_before_ours_are_no_times() -> None:
    """A year that no calendar of ours has is left alone."""
    (opinion,) = installed("duckling")
    assert opinion(Asked("2014 bc", NOW, "en", Conventions())) == []


@with_recognizers
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("every tuesday", "recurring", "FREQ=WEEKLY;BYDAY=TU"),
        ("every 2 weeks", "recurring", "FREQ=WEEKLY;INTERVAL=2"),
        ("25 december 2026", "date", "2026-12-25"),
        ("two hours", "duration", "7200"),
    ],
)
def test_recognizers_values_are_ours(text: str, kind: str, value: str) -> None:
    """Its TIMEX and its strings become readings like the grammar's."""
    (opinion,) = installed("recognizers")
    (found,) = opinion(Asked(text, NOW, "en", Conventions()))
    assert (found.kind, found.best.value) == (kind, value)


@with_recognizers
def test_what_has_been_counts_only_by_convention() -> None:
    """A date without a year is the one to come; the past one beside it where the past counts."""
    (opinion,) = installed("recognizers")
    (ahead,) = opinion(Asked("december 27", NOW, "en", Conventions()))
    (both,) = opinion(Asked("december 27", NOW, "en", Conventions(past=True)))
    assert [r.value for r in ahead.readings] == ["2026-12-27"]
    assert [r.value for r in both.readings] == ["2026-12-27", "2025-12-27"]
