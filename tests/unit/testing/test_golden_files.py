"""Reading golden conversations, holding them, and telling what came out otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sayso.errors import Theirs
from sayso.testing.chat import Chat, Hosted
from sayso.testing.expect import misses
from sayso.testing.goldens import find, load
from sayso.testing.runner import hold

if TYPE_CHECKING:
    from conftest import FakeHost

GOOD = """\
merchant: bar
now: 2026-11-23T09:00:00+01:00
conversations:
  - name: two lattes
    language: en
    turns:
      - say: two lattes please
        expect:
          reply: ["€ 7,00", "/two +lattes/"]
          not_reply: muffin
          speech: [seven euros]
          basket: ['2 latte size=medium milk=oat note:"Extra Napkin"']
          slots: {store: dam, postcode: null}
          pending: confirm
          order: none
          total: "7.00"
          buttons: [yes]
      - press: "Yes"
      - wait: 2h
"""


def write(folder: Path, text: str) -> Path:
    """A golden file in a tests folder."""
    path = folder / "bar" / "tests" / "order.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_is_read_with_its_lines(tmp_path: Path) -> None:
    """Conversations and turns know where they stand, for failures."""
    (golden,) = load(write(tmp_path, GOOD))
    assert golden.id == "bar/order[en]: two lattes"
    assert golden.now == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert [(turn.do, turn.value, turn.line) for turn in golden.turns] == [
        ("say", "two lattes please", 7),
        ("press", "Yes", 18),
        ("wait", 120.0, 19),
    ]


def test_files_are_found_below_a_folder(tmp_path: Path) -> None:
    """YAML in folders called tests, at any depth, once each."""
    path = write(tmp_path, GOOD)
    (tmp_path / "bar" / "merchant.yaml").write_text("id: bar\n")
    assert find([tmp_path, path]) == (path,)


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        ("pending: confirm", "pendign: confirm", 14, "pending"),
        ("  - name: two lattes", "  - nmae: two lattes", 4, "name"),
        ("- wait: 2h", "- wait: soon", 19, "wait: 60m"),
        ('- press: "Yes"', '- press: "Yes"\n        say: yes', 18, "one of say"),
        ("09:00:00+01:00", "09:00:00", 2, "offset"),
        ("merchant: bar\n", "", 1, "merchant"),
        ("slots: {store", "slots: {store]", 13, "syntax"),
    ],
)
def test_a_fault_says_where_and_how_to_mend_it(tmp_path: Path, old: str, new: str, line: int, mend: str) -> None:
    """File, line and the fix."""
    with pytest.raises(Theirs) as caught:
        load(write(tmp_path, GOOD.replace(old, new)))
    assert f"order.yaml:{line}" in caught.value.where
    assert mend in caught.value.mend


def test_a_second_conversation_of_the_same_name_is_refused(tmp_path: Path) -> None:
    """Names are ids: a failure must point at one conversation."""
    double = GOOD + GOOD[GOOD.index("  - name") :]
    with pytest.raises(Theirs, match="second conversation"):
        load(write(tmp_path, double))


async def test_a_conversation_as_recorded_passes(tmp_path: Path, confirming: FakeHost, hosted: Hosted) -> None:
    """Every kind of expectation holds."""
    (golden,) = load(write(tmp_path, GOOD))
    assert await hold(golden, hosted) is None
    assert len(confirming.events) == 2


@pytest.mark.parametrize(
    ("expect", "got"),
    [
        ({"reply": ["€ 8"]}, "€ 7,00"),
        ({"speech": ["eight euros"]}, "seven euros"),
        ({"not_reply": ["two LATTES"]}, "Two lattes"),
        ({"basket": ["1 latte milk=oat"]}, "2 latte milk=oat"),
        ({"basket": ["2 latte size=large milk=oat note:'extra napkin'"]}, "2 latte"),
        ({"basket": []}, "2 latte"),
        ({"slots": {"store": "west"}}, "dam"),
        ({"slots": {"store": None}}, "dam"),
        ({"pending": "slot"}, "confirm"),
        ({"order": "placed"}, "none"),
        ({"total": "7.50"}, "7.00"),
        ({"buttons": ["Yes", "No"]}, "Yes; Menu"),
    ],
)
async def test_what_differs_is_told(confirming: FakeHost, hosted: Hosted, expect: dict[str, object], got: str) -> None:
    """Each expectation that does not hold is one miss, with what came instead."""
    chat = Chat(hosted, "bar")
    await chat.say("two lattes")
    (miss,) = misses(chat, expect)
    assert got in miss.got and miss.mend


async def test_a_failure_tells_turn_expectation_and_trace(tmp_path: Path, confirming: FakeHost, hosted: Hosted) -> None:
    """The author reads where, what was expected, what came, and how the words were understood."""
    (golden,) = load(write(tmp_path, GOOD.replace("pending: confirm", "pending: slot")))
    told = str(await hold(golden, hosted))
    for part in ("order.yaml:7: two lattes, turn 1, say: two lattes please", "expected  slot", "got       confirm"):
        assert part in told
    assert "meant    Add(" in told and "'two lattes' (local, 0.90)" in told


async def test_a_merchant_that_is_not_published_is_a_failure(tmp_path: Path, fake: FakeHost, hosted: Hosted) -> None:
    """One golden of a merchant with faults does not stop the others."""
    (golden,) = load(write(tmp_path, GOOD.replace("merchant: bar", "merchant: baar")))
    failure = await hold(golden, hosted)
    assert failure is not None and "sayso check" in str(failure) and not fake.events


async def test_a_button_that_is_not_shown_is_a_failure(tmp_path: Path, confirming: FakeHost, hosted: Hosted) -> None:
    """It is told like any other miss, not raised."""
    (golden,) = load(write(tmp_path, GOOD.replace('press: "Yes"', 'press: "Perhaps"')))
    failure = await hold(golden, hosted)
    assert failure is not None and failure.turn == 2 and "[Yes]" in failure.misses[0].mend
