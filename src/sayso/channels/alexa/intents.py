"""Names of intents: sayso's ids and Alexa's.

Alexa's names are letters with single underscores between them, so an id is spelled: letters as they are, an
underscore between letters as it is, everything else as an upper-case word ("order_coffee.usual" is
`order_coffee_DOT_usual`). The spelling can be read back without a table, so a request needs no artefact to be
understood.

Two more kinds of names: Amazon's built-ins, which are global commands; and `Say` and `Say_<words>`, which carry free
wording: Alexa accepts a phrase slot only behind a carrier phrase, and does not send that phrase, so the intent's name
spells it ("make {words}" is `Say_make`) and the utterance is put together again. No word is lost, "without" least of
all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BUILT_IN: Mapping[str, str] = {
    "AMAZON.YesIntent": "yes",
    "AMAZON.NoIntent": "no",
    "AMAZON.StopIntent": "stop",
    "AMAZON.NavigateHomeIntent": "stop",
    "AMAZON.CancelIntent": "cancel",
    "AMAZON.HelpIntent": "help",
    "AMAZON.RepeatIntent": "repeat",
    "AMAZON.StartOverIntent": "start_over",
    "AMAZON.PauseIntent": "wait",
    "AMAZON.ResumeIntent": "repeat",
    "AMAZON.MoreIntent": "more",
    "AMAZON.NextIntent": "more",
    "AMAZON.PreviousIntent": "previous",
    "AMAZON.FallbackIntent": "",
}
"""What Amazon's standard intents mean here; any other built-in is not understood ("")."""

SAY = "Say"
WORDS = "words"
"""The slot of `Say` intents that holds the free wording behind a carrier phrase."""
WISH = "wish"
"""The slot of the bare `Say` intent: a value of the catalog, or anything that sounds as long."""

_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_SPELLED: Mapping[str, str] = {
    ".": "DOT",
    "_": "UNDER",
    **{str(i): word for i, word in enumerate(_DIGITS)},
}
_READ: Mapping[str, str] = {word: character for character, word in _SPELLED.items()}


def spell(intent: str) -> str:
    """Alexa's name of the intent "skill.intent"; `read_name` is its inverse."""
    parts = re.findall(r"[a-z]+|[^a-z]", intent)
    said = [
        part
        for i, part in enumerate(parts)
        if not (part == "_" and 0 < i < len(parts) - 1 and parts[i - 1].isalpha() and parts[i + 1].isalpha())
    ]
    return "_".join(_SPELLED.get(part, part) for part in said)


def read_name(name: str) -> str:
    """The sayso intent that Alexa calls `name`."""
    parts = name.split("_")
    read = ""
    for i, part in enumerate(parts):
        both_letters = i > 0 and part not in _READ and parts[i - 1] not in _READ
        read += ("_" if both_letters else "") + _READ.get(part, part)
    return read


def say_name(carrier: str) -> str:
    """The intent that carries wording behind `carrier`: lower-case words, letters only."""
    return f"{SAY}_{carrier.replace(' ', '_')}"


def is_say(name: str) -> bool:
    return name == SAY or name.startswith(f"{SAY}_")


def say_words(name: str, slots: Mapping[str, str]) -> str:
    """The utterance that a `Say` intent carried."""
    carrier = name.removeprefix(SAY).replace("_", " ")
    said = slots.get(WORDS, "") or slots.get(WISH, "")
    return f"{carrier} {said}".strip()
