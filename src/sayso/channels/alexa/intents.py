"""Names of intents: sayso's ids and Alexa's.

Alexa's names are letters with single underscores between them, so an id is spelled: letters as they are, an
underscore between letters as it is, everything else as an upper-case word ("order_coffee.usual" is
`order_coffee_DOT_usual`). The spelling can be read back without a table, so a request needs no artefact to be
understood.

Two more kinds of names: Amazon's built-ins, which are global commands; and `Say` and `Say_<words>`, which carry free
wording: Alexa accepts a phrase slot only within a carrier phrase, and does not send that phrase, so the intent's name
spells it ("make {words} please" is `Say_make_WORDS_please`) and the utterance is put together again. No word is lost,
"without" least of all.
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
PHRASE = "words"
"""The slot of a `Say_...` intent: the free wording within a carrier phrase."""
WISH = "wish"
"""The slot of the bare `Say` intent: an article of the catalog, or anything that sounds as long."""

_HERE = "WORDS"
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_SPELLED: Mapping[str, str] = {
    ".": "DOT",
    "_": "UNDER",
    "'": "APOS",
    "-": "DASH",
    **{str(i): word for i, word in enumerate(_DIGITS)},
}
_READ: Mapping[str, str] = {word: character for character, word in _SPELLED.items()}


def spell(words: str) -> str:
    """`words` (letters and the characters of the table above) as Alexa's name; `read_name` is its inverse."""
    parts = [part for part in re.split(r"([._'\-0-9])", words) if part]
    said = [_SPELLED.get(part, part) for i, part in enumerate(parts) if not _between_letters(parts, i)]
    return "_".join(said)


def _between_letters(parts: list[str], i: int) -> bool:
    """An underscore with letters on both sides needs no word of its own."""
    return parts[i] == "_" and 0 < i < len(parts) - 1 and not {parts[i - 1], parts[i + 1]} & _SPELLED.keys()


def read_name(name: str) -> str:
    """What `spell` made into `name`: a sayso intent, or the name of a slot."""
    parts = name.split("_")
    read = ""
    for i, part in enumerate(parts):
        joined = i > 0 and part not in _READ and parts[i - 1] not in _READ
        read += ("_" if joined else "") + _READ.get(part, part)
    return read


def say_name(sample: str) -> str:
    """The intent that carries the wording of `sample`, lower-case words around "{words}"."""
    before, _, after = (_spell_words(part) for part in sample.partition(f"{{{PHRASE}}}"))
    return "_".join(part for part in (SAY, before, _HERE if after else "", after) if part)


def _spell_words(words: str) -> str:
    return spell(words.strip().replace(" ", "_"))


def is_say(name: str) -> bool:
    return name == SAY or name.startswith(f"{SAY}_")


def say_words(name: str, slots: Mapping[str, str]) -> str:
    """The utterance that a `Say` intent carried, put together again."""
    said = slots.get(PHRASE, "") or slots.get(WISH, "")
    before, here, after = name.removeprefix(SAY).strip("_").partition(f"_{_HERE}_")
    around = [read_name(part).replace("_", " ") for part in (before, after if here else "")]
    return " ".join(part for part in (around[0], said, around[1]) if part)
