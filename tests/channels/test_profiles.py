"""What can be done on each channel, read off its table; `tests/unit/dialogue/test_checker.py` walks every kind."""

from __future__ import annotations

import pytest

from sayso.channels.profiles import profile, profiles
from sayso.channels.registry import Channels
from sayso.dialogue.checker import PROFILES as WALKED

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


def test_every_kind_is_walked() -> None:
    """The walks through every merchant's dialogues go over all the kinds of channels that there are."""
    assert {each.kind for each in PROFILES} == {each.kind for each in WALKED}
