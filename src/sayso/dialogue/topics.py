"""A bot's topic and a person's side by side in one conversation.

Theory. After a hand-over the person's topic stays open until the person closes it. What is surely another wish is still
the bot's: it is understood, and is no answer to the person. Doubt goes to the person: what is not understood or only
guessed at, and, once the person has written, whatever could be an answer to that. Only a topic's own question can be
answered with yes, so a yes that follows the person's words never agrees to the bot's price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.dialogue.moves import Moved, Scene, place, say
from sayso.model.action import HandedOver, Pass, Speak
from sayso.model.command import Add, Change, Choose, Command, Fill, No, NotUnderstood, Remove, Say, Yes
from sayso.model.event import Written
from sayso.model.fact import Said
from sayso.model.state import State, Topic

MOST = 5
"""Open topics of persons in one conversation; the oldest is no longer listened for."""

SURE = 0.6
"""Score from which a command is surely meant."""
SURELY_ASKED = 0.75
"""The same of a thing to add: a product's name alone, in the middle of a story, asks for nothing."""

ANSWERS = (Yes, No, Choose, NotUnderstood)
TALK = frozenset({"any", "wait", "hesitation", "greeting", "thanks", "smalltalk", "skip", "goodbye"})
"""Phrases that could be said to a person as well."""

ASKED = frozenset({"slot", "thing", "list", "confirm", "offer", "pin"})
"""Places where what is said is likely an answer to the bot's own question."""


def persons(state: State) -> Topic | None:
    """The newest open topic of a person."""
    return next((topic for topic in reversed(state.others) if topic.owner == "person"), None)


def routed(commands: tuple[Command, ...], state: State) -> tuple[Command, ...]:
    """A turn's commands; or, where they are for the person, that they are."""
    if commands and _for_person(commands, state):
        return (Say("to_person", commands[0].evidence),)
    return commands


def _for_person(commands: Sequence[Command], state: State) -> bool:
    topic = persons(state)
    if topic is None or any(not command.evidence.words for command in commands):
        return False  # A button is its own message's, and that is the bot's.
    if place(state) in ASKED and not topic.spoke:
        return all(isinstance(command, NotUnderstood) for command in commands)
    return all(_doubtful(c, state, topic) for c in commands if not isinstance(c, Fill))


def _doubtful(command: Command, state: State, topic: Topic) -> bool:
    """Need it be no wish of its own? A value alone, an answer, small talk after the person's words, a guess."""
    match command:
        case Change() | Remove():
            return not state.lines and not state.done
        case Say(what) if what in TALK:
            return topic.spoke or command.evidence.score < SURE
        case Add():
            return command.evidence.score < SURELY_ASKED
    return isinstance(command, ANSWERS) or command.evidence.score < SURE


def quiet(state: State) -> bool:
    """What was passed on answers the person's words, or nothing that the bot asks: the bot has no more to say."""
    topic = persons(state)
    return topic is None or topic.spoke or place(state) not in ASKED


def pass_on(state: State, given: object, scene: Scene) -> Moved:
    """It is the person's, and nothing else changes; the customer is told so once."""
    topic = persons(state)
    if topic is None:
        return state, ()
    told = Speak("person.passed_again", aloud=True) if topic.told else say("person.passed")
    return _with(state, replace(topic, told=True)), (Pass(topic.id), told)


def opened(state: State, given: HandedOver, scene: Scene) -> Moved:
    """A person will answer, at the time that was promised; their topic is open beside what is going on."""
    said = Speak(given.reply, given.params)
    if not given.task or any(topic.id == given.task for topic in state.others):
        return state, (said,)
    topic = Topic(given.task, state.topic.merchant, "person")
    return replace(state, others=(*state.others, topic)[-MOST:]), (said,)


def written(state: State, given: Written, scene: Scene) -> Moved:
    """Somebody of the merchant's writes: told as theirs, now or when the customer speaks next."""
    said: tuple[Speak, ...] = ()
    if given.words:
        said = (Speak("person.said", {"words": Said(given.words), "name": Said(given.by)}),)
    topic = next((topic for topic in state.others if topic.id == given.task), None)
    if given.closes:
        said = (*said, say("person.closed"))
        state = replace(state, others=tuple(t for t in state.others if t.id != given.task))
    elif topic is not None and given.words:
        state = _with(state, replace(topic, spoke=given.shown, told=True))
    if given.shown:
        return state, said
    return replace(state, unread=(*state.unread, *said)), ()


def heard(state: State) -> State:
    """The bot has spoken since: what is said next need be no answer to the person."""
    if not any(topic.spoke for topic in state.others):
        return state
    return replace(state, others=tuple(replace(topic, spoke=False) for topic in state.others))


def _with(state: State, topic: Topic) -> State:
    return replace(state, others=tuple(topic if t.id == topic.id else t for t in state.others))
