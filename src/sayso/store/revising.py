"""What a customer took back or corrected afterwards, in all that was stored of it.

Theory. A platform tells of such a message by its own id, which is the event's id or, where a platform has both, came
along as `via["message"]`. The traces of a conversation hold its events, so the message is found among them: what is
taken back was answered before, as turns of a conversation run in order. What was done because of it stands; only the
words go: from the transcript, the inbox, the trace, what was not understood, a person's notes, the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import orjson

from sayso.host.attachments import EXPIRE, FETCH, named
from sayso.model.event import (
    Attached,
    Body,
    CartSent,
    Edited,
    Event,
    Located,
    Recognised,
    Unsent,
    Unsupported,
    Utterance,
)
from sayso.model.message import Message
from sayso.model.writes import Job
from sayso.store.codec import Codec, mend
from sayso.store.statements import Rows, Script, Statement, words

HOLDING = "SELECT turn, body FROM traces WHERE conversation = ? AND body LIKE ? ESCAPE '!'"
EVENT = "UPDATE inbox SET body = ? WHERE merchant = ? AND channel = ? AND account = ? AND native = ?"
SAID = "UPDATE messages SET body = ? WHERE conversation = ? AND id = ? AND author = 'customer'"
NOTE = "UPDATE task_notes SET words = ? WHERE merchant = ? AND turn = ? AND author = 'customer'"
GONE = ("traces", "unheard", "task_notes")
"""Tables with words of a turn, by its id: their rows go."""
FILES = "SELECT id FROM attachments WHERE merchant = ? AND turn = ?"
CALLED_OFF = "DELETE FROM jobs WHERE merchant = ? AND id = ?"

OWN = (Utterance, Recognised, Attached, Located, CartSent, Edited)
"""What a customer sent as a message of theirs."""


def revised(event: Event, now: datetime, codec: Codec) -> Script[tuple[Job, ...]]:
    """What is stored of the message that `event` takes back or corrects follows it. Returns the jobs that delete its
    files."""
    jobs: list[Job] = []
    match event.body:
        case Unsent(of):
            for turn, said in (yield from _found(event, of, codec)):
                jobs += yield from _scrubbed(turn, said, now, codec)
        case Edited(of, text):
            for turn, said in (yield from _found(event, of, codec)):
                if not isinstance(said.body, Edited):
                    yield from _corrected(turn, said, text, codec)
    return tuple(jobs)


def _found(event: Event, of: str, codec: Codec) -> Script[tuple[tuple[str, Event], ...]]:
    """The turns that were about the message, each with its event."""
    held = f"%{_escaped(orjson.dumps(mend(of)).decode()[:-1])}%"
    rows: Rows = (yield Statement(HOLDING, (event.key, held))) if of else ()
    events = ((words(turn), codec.build(Event, orjson.loads(words(body))["event"])) for turn, body in rows)
    return tuple((turn, said) for turn, said in events if _is_of(said, of))


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _is_of(said: Event, of: str) -> bool:
    """Whether it came with the message: by its id, that of one of its parts, or as a correction of it."""
    if not isinstance(said.body, OWN):
        return False
    whole, _, part = said.id.rpartition("/")
    named = (said.id, said.via.get("message"), whole if part.isdigit() else "", getattr(said.body, "of", ""))
    return of in named


def _scrubbed(turn: str, said: Event, now: datetime, codec: Codec) -> Script[tuple[Job, ...]]:
    """No words of it stay."""
    yield _stored(replace(said, body=Unsupported("unsent"), position=None), codec)
    yield _told(said, Message("", language=said.language, revised="unsent"), codec)
    for table in GONE:
        yield Statement(f"DELETE FROM {table} WHERE merchant = ? AND turn = ?", (said.merchant, turn))
    yield Statement(CALLED_OFF, (said.merchant, f"{FETCH}:{named(said.key, said.id)}"))
    rows = yield Statement(FILES, (said.merchant, turn))
    return tuple(_deletes(said, words(id), now) for (id,) in rows)


def _deletes(said: Event, id: str, now: datetime) -> Job:
    return Job(f"{EXPIRE}:{id}:unsent", said.merchant, EXPIRE, now, said.key, {"id": id})


def _corrected(turn: str, said: Event, text: str, codec: Codec) -> Iterator[Statement]:
    """The transcript shows the words as they are now; what was understood of the first ones stays in the trace."""
    yield _stored(replace(said, body=_with_words(said.body, text)), codec)
    yield _told(said, Message(mend(text), language=said.language, revised="edited"), codec)
    yield Statement(NOTE, (mend(text), said.merchant, turn))


def _with_words(body: Body, text: str) -> Body:
    match body:
        case Utterance() | Recognised():
            return replace(body, text=text)
        case Attached():
            return replace(body, caption=text)
        case _:
            return body


def _stored(said: Event, codec: Codec) -> Statement:
    key = (said.merchant, said.channel, said.account, said.id)
    return Statement(EVENT, (codec.dump(Event, said), *key))


def _told(said: Event, message: Message, codec: Codec) -> Statement:
    return Statement(SAID, (codec.dump(Message, message), said.key, said.id))
