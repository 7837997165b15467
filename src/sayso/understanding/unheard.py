"""What was not understood, or hardly: kept for the merchant, who can teach it.

Only what went through every stage counts; what answers a question for something personal never does. Addresses, names,
numbers and accounts are masked as they are for a model.
"""

from __future__ import annotations

from collections.abc import Iterable

from sayso.model.command import Candidate, Command, NotUnderstood, Question, Start, Understood, Unheard
from sayso.understanding.context import Context
from sayso.understanding.language_model.private import is_personal, masked
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import read
from sayso.understanding.words import clean, tokens

HARDLY = 0.3
"""Score below which an answer or a thing that was found is a guess that the merchant should see."""
LONGEST = 200
"""Characters that are kept."""


def unheard(understood: Understood, text: str, context: Context, lexicon: Lexicon) -> Unheard | None:
    """What to keep of an utterance; None where it was understood, is nobody's to keep, or has no words."""
    nearest = _nearest(understood.commands)
    if nearest is None or is_personal(context, lexicon):
        return None
    toks = tokens(clean(text))
    if not any(t.key and t.key.isalpha() for t in toks):
        return None
    language = understood.language or context.language
    words = masked(read(clean(text), toks, lexicon, language))
    return Unheard(words[:LONGEST], language, nearest)


def _nearest(commands: Iterable[Command]) -> tuple[Candidate, ...] | None:
    """What it was nearest to; None when it was understood."""
    for command in commands:
        if isinstance(command, NotUnderstood):
            return command.nearest
        found = command.intents if isinstance(command, Start) else command.ids if isinstance(command, Question) else ()
        if found and command.evidence.stage == "local" and command.evidence.score < HARDLY:
            return found[:3]
    return None
