"""What can be done on each channel, read off its table, and the dialogues of every merchant walked on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.channels.profiles import profile, profiles
from sayso.channels.registry import Channels
from sayso.dialogue.checker import findings
from sayso.manifest.load import load_one
from sayso.manifest.publish import compile_artefact

ROOT = Path(__file__).parents[2]
CHANNELS = Channels()
PROFILES = profiles(CHANNELS, CHANNELS.all())


@pytest.mark.parametrize("name", CHANNELS.all())
def test_every_channel_has_a_profile(name: str) -> None:
    """Each of ten options can be picked on a screen; a voice says three, and tells that nobody answers."""
    caps = CHANNELS.capabilities(name)
    assert caps is not None
    found = profile(name, caps)
    assert (found.picks, found.silence) == ((3, True) if caps.voice else (10, False))


def test_kinds_of_channels() -> None:
    """The tables tell apart a voice, a screen, and a screen on which a position can be shared."""
    kinds = {each.name: each.kind for each in PROFILES}
    assert kinds["twilio_voice"] == (3, True, False)
    assert kinds["sms"] == (10, False, False)
    assert kinds["whatsapp"] == kinds["telegram"] == (10, False, True)


@pytest.mark.parametrize("merchant", ["clothing_shop", "coffee_bar", "makeup_counter", "workshop"])
def test_every_dialogue_comes_to_its_end_on_every_channel(merchant: str) -> None:
    """What the manifest promises is reached; every state has its ways out; no silence agrees to anything."""
    specs = compile_artefact(load_one(ROOT / "manifests", ROOT / "skills", merchant).merchants[merchant])
    assert findings(specs, PROFILES) == ()
