"""A one-time code, in what is stored of the turn that gave it.

Theory. The code must reach the customer, so the message that waits to be sent has it, and the state that repeats it. A
trace needs it for nothing: it never gets there. Once the code is used or over it is no use to anybody: a job takes it
out of the message and its parts. Until then whatever shows messages to staff hides it (`model.message.hidden`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from sayso.channels.compiler.plan import Part
from sayso.model.message import HIDDEN, Message, hidden, without
from sayso.store.codec import Codec
from sayso.store.statements import Script, Statement, words

MARK = '"link.code"'
SAID = """SELECT seq, body FROM messages WHERE merchant = ? AND conversation = ? AND push <> 'queued'
 AND body LIKE '%"secrets"%'"""
SAY = "UPDATE messages SET body = ? WHERE conversation = ? AND seq = ?"
PARTS = "SELECT id, body FROM deliveries WHERE merchant = ? AND conversation = ? AND seq = ?"
PART = "UPDATE deliveries SET body = ? WHERE id = ?"


def hidden_text(text: str) -> str:
    """The text of a trace or state without the codes in it."""
    if MARK not in text:
        return text
    plain = orjson.loads(text)
    _hide(plain)
    return orjson.dumps(plain).decode()


def _hide(plain: Any) -> None:
    if isinstance(plain, dict):
        value = plain.get("value")
        if plain.get("source") == "link" and isinstance(value, str) and any(each.isdigit() for each in value):
            plain["value"] = HIDDEN
        for each in plain.values():
            _hide(each)
    elif isinstance(plain, list):
        for each in plain:
            _hide(each)


def hide(merchant: str, conversation: str, codec: Codec) -> Script[None]:
    """Take the codes out of what was said, and said again, and of the parts that it was sent in."""
    rows = yield Statement(SAID, (merchant, conversation))
    for seq, body in rows:
        message = codec.load(Message, words(body))
        if not message.secrets:
            continue
        yield Statement(SAY, (codec.dump(Message, hidden(message)), conversation, seq))
        parts = yield Statement(PARTS, (merchant, conversation, seq))
        for id, made in parts:
            part = codec.load(Part, words(made))
            part = replace(part, text=without(part.text, message.secrets))
            yield Statement(PART, (codec.dump(Part, part), id))
