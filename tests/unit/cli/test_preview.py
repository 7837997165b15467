"""The page that shows conversations on every channel."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.channels.registry import Channels
from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.model.catalog import Catalog
from sayso.model.message import Action, Card, Message, Picture
from sayso.testing.goldens import INPUTS, Golden, GoldenTurn
from sayso.testing.preview import PICTURES, Said, Scene, chosen, frames, pictures, words_of

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def golden(file: str, turns: int, **more: str) -> Golden:
    every = tuple(GoldenTurn(n, "say", "hi") for n in range(turns))
    return Golden(Path(file), 1, f"{file} {turns}", more.pop("merchant", "bar"), AT, every, **more)  # type: ignore[arg-type]


def test_the_longest_of_each_file_and_language_is_shown() -> None:
    """Others' conversations, known customers' and voices are left out."""
    every = [
        *(golden("a", 1, language="en"), golden("a", 3, language="en"), golden("a", 2, language="nl")),
        *(golden("b", 5, merchant="inn"), golden("b", 5, channel="alexa"), golden("b", 5, customer="anna")),
    ]
    assert [(g.name, g.language) for g in chosen(every, "bar", 9)] == [("a 3", "en"), ("a 2", "nl")]
    assert len(chosen(every, "bar", 1)) == 1


SHOWN = Message(
    "Which one?",
    cards=(Card("Latte", "With milk", Picture("images/latte.svg", "a latte"), (Action("reply", "Order", "t1"),)),),
)


@pytest.fixture
def scene() -> Scene:
    return Scene("a latte", "nl", (Said("een latte", (SHOWN,)),))


def artefact() -> Artefact:
    names = {"en": "Bar", "nl": "Bar"}
    spec = MerchantSpec("bar", names, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
    return Artefact("d", spec, {}, Catalog("bar", version="1", currency="EUR", products={}, options={}), {}, {})


def test_a_scene_on_each_channel(scene: Scene) -> None:
    """A channel that does not have the language is not among them; pictures are known by their path."""
    made = frames(scene, artefact(), Channels({}), ["web", "alexa", "nowhere"])
    assert [frame.channel for frame in made] == ["web"]
    assert not made[0].degradations
    assert pictures(made) == {f"{PICTURES}bar/images/latte.svg": "bar/images/latte.svg"}


def test_whatever_a_customer_can_do_is_shown() -> None:
    """Every input of a recorded conversation has something to show; opening it has nothing."""
    shown = {do: words_of(GoldenTurn(1, do, "hi")) for do in INPUTS}
    assert shown["say"] == "hi" and shown["press"] == "[hi]"
    assert [do for do, words in shown.items() if not words] == ["open"]
