"""Events whose meaning is given: a button's token, a platform's own recognition."""

from __future__ import annotations

from collections.abc import Mapping

from sayso.model.command import (
    Candidate,
    Choose,
    Command,
    Evidence,
    Fill,
    No,
    NotUnderstood,
    Say,
    Stale,
    Start,
    Yes,
)
from sayso.model.event import Pressed, Recognised
from sayso.understanding.agreement import polarity
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import analyse
from sayso.understanding.words import clean, tokens

_SAYS = frozenset(
    [
        "cancel",
        "undo",
        "repeat",
        "help",
        "skip",
        "wait",
        "person",
        "stop",
        "unsubscribe",
        "emergency",
        "checkout",
        "any",
        "more",
        "change",
        "start_over",
        "greeting",
        "thanks",
        "goodbye",
        "smalltalk",
        "bot",
        "hesitation",
        "link",
        "unlink",
        "links",
        "carry_on",
    ]
)


def pressed(body: Pressed, context: Context) -> Command:
    """The command that the button was shown for; Stale when it is not one of the last message's."""
    shown = next((s for s in context.shown if s.token == body.token), None)
    return shown.command if shown else Stale(Evidence(body.label or body.token, "given"))


def utterance(body: Recognised, context: Context, lexicon: Lexicon) -> str:
    """The words to analyse of what a platform recognised: its text, else the slots' raw values put together."""
    if body.text:
        return body.text
    intent = _intent_slots(body.intent, lexicon)
    values = [value for name, value in body.slots.items() if value and (not intent or name in intent)]
    return " ".join(values)


def recognised(body: Recognised, context: Context, lexicon: Lexicon) -> tuple[Command, ...]:
    """What a platform's intent means by itself: a global command, or an intent to begin. Its slots are read as words,
    against the pending question: the platform's own choice of intent is evidence, not truth."""
    evidence = Evidence(body.text or body.intent, "given", 0.8)
    simple: Mapping[str, Command] = {"yes": Yes(evidence), "no": No(evidence)}
    if body.intent in simple:
        # "yes but ..." may be recognised as yes: the words, where there are any, decide.
        side, rest = polarity(tokens(clean(body.text)), lexicon) if body.text else (body.intent, ())
        return (simple[body.intent],) if side == body.intent and not rest else ()
    if body.intent in _SAYS:
        return (Say(body.intent, evidence),)
    if body.intent.startswith("choose:") and body.intent[7:].lstrip("-").isdigit():
        return (Choose(int(body.intent[7:]), evidence),)
    return ()


def begun(body: Recognised, lexicon: Lexicon) -> tuple[Command, ...]:
    """The intent that a platform recognised, when its words told nothing more."""
    if any(body.intent == i.name for s in lexicon.artefact.skills.values() for i in s.intents.values()):
        return (Start((Candidate(body.intent, 0.8),), Evidence(body.text or body.intent, "given", 0.8)),)
    return ()


def filled(body: Recognised, context: Context, lexicon: Lexicon) -> tuple[Command, ...]:
    """The slots of a platform's intent, each read by the local stage as an answer to its own question."""
    commands: list[Command] = []
    for name, words in body.slots.items():
        if name not in _intent_slots(body.intent, lexicon) or not words:
            continue
        found = analyse(words, context, lexicon).commands
        fills = [c for c in found if isinstance(c, Fill) and c.slot == name]
        commands.extend(fills or [c for c in found if not isinstance(c, Fill | NotUnderstood)])
    return tuple(commands)


def _intent_slots(intent: str, lexicon: Lexicon) -> frozenset[str]:
    skill, _, name = intent.partition(".")
    spec = lexicon.artefact.skills.get(skill)
    return frozenset(spec.intents[name].slots) if spec and name in spec.intents else frozenset()
