"""Holds a golden conversation with a host, and tells its author what did not come out as recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sayso.errors import SaysoError
from sayso.testing.chat import Chat, Hosted
from sayso.testing.expect import Miss, misses
from sayso.testing.explain import explain
from sayso.testing.goldens import Golden, GoldenTurn
from sayso.testing.stands import OverStand


@dataclass(frozen=True, slots=True)
class Failure:
    """A turn that did not come out as recorded. `turn` counts from 1; `trace` is its trace in words."""

    golden: Golden
    turn: int
    misses: tuple[Miss, ...]
    reply: str
    trace: str

    def __str__(self) -> str:
        turn = self.golden.turns[self.turn - 1]
        lines = [f"{self.golden.file}:{turn.line}: {self.golden.name}, turn {self.turn}, {turn.do}: {turn.value}"]
        for miss in self.misses:
            lines += [f"  {miss.what}", f"    expected  {_inner(miss.expected)}", f"    got       {_inner(miss.got)}"]
            lines += [f"    mend      {miss.mend}"]
        lines += [f"  the reply was: {_inner(self.reply)}", "  the trace of this turn:", _indented(self.trace)]
        return "\n".join(lines)


PATIENCE_S = 60.0
"""What a turn may take when its outcome alone counts: a busy machine changes none."""


async def hold(
    golden: Golden, hosted: Hosted, over: OverStand | None = None, deadline_s: float = PATIENCE_S
) -> Failure | None:
    """Hold the conversation with a host whose clock stands at `golden.now`; None when all is as recorded.

    It ends at the first turn that is not: what follows one would only repeat it.
    """
    try:
        chat = begin(golden, hosted, deadline_s, over)
    except SaysoError as error:
        unknown = (
            Miss("merchant", golden.merchant, error.text, f"{error.mend}; `sayso check` tells why one is left out"),
        )
        return Failure(golden, 1, unknown, "", "nothing was said")
    for number, turn in enumerate(golden.turns, start=1):
        missed = await _take(chat, turn)
        if missed:
            return Failure(golden, number, missed, chat.reply if chat.answer else "", await _trace(chat, hosted))
    return None


def begin(golden: Golden, hosted: Hosted, deadline_s: float = 8.0, over: OverStand | None = None) -> Chat:
    """The conversation of a golden, nothing said yet."""
    return Chat(
        hosted,
        golden.merchant,
        language=golden.language,
        channel=golden.channel,
        voice=golden.voice,
        customer=golden.customer,
        deadline_s=deadline_s,
        over=over,
    )


async def take(chat: Chat, turn: GoldenTurn) -> None:
    """Do what the turn does. Raises SaysoError when it cannot be done, as for a button that is not shown."""
    if turn.heard is not None:
        await chat.say(str(turn.value), heard=turn.heard)
    else:
        await _DO[turn.do](chat, turn.value)


async def _take(chat: Chat, turn: GoldenTurn) -> tuple[Miss, ...]:
    try:
        await take(chat, turn)
    except SaysoError as error:
        return (Miss(turn.do, str(turn.value), error.text, error.mend or "see the trace"),)
    return misses(chat, turn.expect)


async def _open(chat: Chat, value: Any) -> None:
    await chat.open()


async def _say(chat: Chat, value: Any) -> None:
    await chat.say(value)


async def _press(chat: Chat, value: Any) -> None:
    await chat.press(value)


async def _locate(chat: Chat, value: Any) -> None:
    await chat.locate(*value)


async def _wait(chat: Chat, value: Any) -> None:
    await chat.wait(value)


async def _silent(chat: Chat, value: Any) -> None:
    await chat.silence()


async def _person(chat: Chat, value: Any) -> None:
    await chat.hear_from(value)


async def _settled(chat: Chat, value: Any) -> None:
    await chat.hear_from("", closes=True)


async def _price(chat: Chat, value: Any) -> None:
    await chat.reprice(dict(pair.split("=") for pair in value.split()))


async def _pin(chat: Chat, value: Any) -> None:
    await chat.set_pin(value)


_DO: dict[str, Callable[[Chat, Any], Awaitable[None]]] = {
    "open": _open,
    "say": _say,
    "press": _press,
    "locate": _locate,
    "wait": _wait,
    "silent": _silent,
    "person": _person,
    "settled": _settled,
    "price": _price,
    "pin": _pin,
}


async def _trace(chat: Chat, hosted: Hosted) -> str:
    if chat.answer is None:
        return "nothing was answered"
    trace = await hosted.turns.trace(chat.answer.turn)
    return explain(trace) if trace else f"turn {chat.answer.turn} left no trace"


def _inner(text: str) -> str:
    return text.replace("\n", "\n              ") or "(nothing)"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
