"""Names of intents: sayso's ids and Alexa's.

Alexa's names are letters with single underscores between them, so an id is spelled: letters as they are, an
underscore between letters as it is, everything else as an upper-case word ("order_coffee.usual" is
`order_coffee_DOT_usual`). The spelling can be read back without a table, so a request needs no artefact to be
understood.

Three more kinds of names: Amazon's built-ins, which are global commands; and `Say` and `Say_<words>`, which carry free
wording: Alexa accepts a phrase slot only within a carrier phrase, and does not send that phrase, so the intent's name
spells it ("make {words} please" is `Say_make_WORDS_please`) and the utterance is put together again. No word is lost,
"without" least of all. And `Answer`, whose phrase slot Alexa fills with whatever follows our question.
"""

from __future__ import annotations

from collections.abc import Mapping

from sayso.channels.names import read_name, spell

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

ANSWER = "Answer"
"""The intent that carries the answer to our question: Alexa fills its phrase slot without a carrier phrase."""

_HERE = "WORDS"


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
    before, _, after = f"_{name.removeprefix(SAY).strip('_')}_".partition(f"_{_HERE}_")
    around = [read_name(part.strip("_")).replace("_", " ") for part in (before, after)]
    return " ".join(part for part in (around[0], said, around[1]) if part)
