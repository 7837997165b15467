"""Who speaks, and how much of it was heard."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sayso.channels.capabilities import Capabilities
from sayso.dialogue.topics import persons
from sayso.manifest.replies import Phrases
from sayso.model.event import Event, Written
from sayso.model.message import Message
from sayso.model.state import State

SHOWS_AUTHORS = frozenset({"web"})
"""Channels that show beside each message who wrote it. On any other there is one thread: the words must tell."""

_WORD = re.compile(r"\w+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def marked(message: Message, state: State, event: Event, phrases: Phrases, now: datetime, theirs: str) -> Message:
    """The message as its author's: a person's is theirs; while a person's topic is open too, the bot says that it is
    the bot wherever the channel does not show it. `theirs`: what a person wrote meanwhile and this message tells."""
    if isinstance(event.body, Written):
        return replace(message, author="person")
    if not message.text or event.channel in SHOWS_AUTHORS or (persons(state) is None and not theirs):
        return message
    mark = phrases.say("mark.bot", {}, phrases.scope(state.language, now))
    before = f"{theirs}\n\n" if theirs and message.text.startswith(theirs) else ""
    rest = message.text.removeprefix(before)
    return replace(message, text=f"{before}{mark} {rest}")


def unreminded(state: State, event: Event, caps: Capabilities | None) -> State:
    """The state as it is where nothing was said for so long that the bot has to say again that it is one."""
    hours = caps.notice_again_h if caps else 0.0
    lapsed = hours and state.at is not None and event.at - state.at >= timedelta(hours=hours)
    return replace(state, greeted=False) if lapsed else state


def cut_short(said: str, heard: str) -> bool:
    """Was `said` interrupted before its last sentence, which is the question? Words are compared, not marks."""
    *told, question = _SENTENCES.split(said.strip())
    told = told or [question]
    return len(_WORD.findall(heard)) < len(_WORD.findall(" ".join(told)))
