"""`sayso chat`: a conversation in the terminal, on a host in this process with a data folder of its own."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.options import MANIFESTS, SKILLS, Manifests, Skills
from sayso.errors import SaysoError
from sayso.testing.clock import ShiftedClock

if TYPE_CHECKING:
    from sayso.testing.chat import Chat, Hosted

HELP = """\
  words            say them
  [Yes]            press that button; its label without brackets says the same words
  /wait 60         let sixty minutes pass
  /locate 52.37 4.89   share a position
  /why             the trace of the last turn
  /basket          what is in the basket
  /quit            leave"""


def chat(
    merchant: Annotated[str, typer.Argument(help="The merchant's id, as in manifests/<id>.")],
    language: Annotated[str, typer.Option("--language", "-l", help="To begin in; the merchant's first if none.")] = "",
    voice: Annotated[bool, typer.Option("--voice", help="Show what a speaker would say.")] = False,
    customer: Annotated[str, typer.Option(help="Speak as this customer, as if the merchant vouched for you.")] = "",
    data: Annotated[Path | None, typer.Option(help="Data folder to use and keep; a temporary one if none.")] = None,
    at: Annotated[datetime | None, typer.Option(help="Begin at this moment, UTC: closing time, a holiday.")] = None,
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
) -> None:
    """Talk to a merchant in this terminal. /help tells what you can type besides words."""
    with tempfile.TemporaryDirectory(prefix="sayso-chat-") as folder:
        clock = ShiftedClock()
        if at is not None:
            clock.set(at.replace(tzinfo=UTC))
        asyncio.run(_chat(merchant, language, voice, customer, data, manifests, skills, Path(folder), clock))


async def _chat(
    merchant: str,
    language: str,
    voice: bool,
    customer: str,
    data: Path | None,
    manifests: Path,
    skills: Path,
    folder: Path,
    clock: ShiftedClock,
) -> None:
    from sayso.testing.chat import Chat
    from sayso.testing.hosting import host, publish

    if sys.stderr.isatty():
        print("publishing ...", file=sys.stderr)
    published = await asyncio.to_thread(publish, manifests, skills, folder / "published", only=merchant)
    async with host(published, data or folder / "data", clock) as hosted:
        conversation = f"terminal-{clock.now():%Y%m%d%H%M%S%f}"
        held = Chat(hosted, merchant, language=language, voice=voice, customer=customer, conversation=conversation)
        await held.open()
        _show(held)
        await _listen(held, hosted)


async def _listen(held: Chat, hosted: Hosted) -> None:
    """Until the end of input, /quit, or a reply that ends the conversation."""
    while True:
        line = (await asyncio.to_thread(_read)).strip()
        if line == "/quit" or line == "\x04":
            return
        if not line:
            continue
        try:
            if await _wait(held, hosted, ["0"]):
                _show(held)
            shown = await _do(held, hosted, line)
        except SaysoError as error:
            print(f"  ({error}{f'; {error.mend}' if error.mend else ''})")
            continue
        if shown:
            _show(held)


async def _do(held: Chat, hosted: Hosted, line: str) -> bool:
    """Do what a line asks; True when there is a new reply to show."""
    word, _, rest = line.partition(" ")
    if word in _COMMANDS:
        return await _COMMANDS[word](held, hosted, rest.split())
    if line.startswith("[") and line.endswith("]"):
        await held.press(line[1:-1])
    else:
        await held.say(line)
    return True


async def _wait(held: Chat, hosted: Hosted, rest: list[str]) -> bool:
    before = held.posted
    minutes = float(rest[0]) if rest and rest[0].replace(".", "", 1).isdigit() else 60
    await held.wait(minutes)
    if minutes:
        print(f"  (it is {hosted.clock.now():%A %H:%M} UTC)")
    return held.posted != before


async def _locate(held: Chat, hosted: Hosted, rest: list[str]) -> bool:
    try:
        latitude, longitude = (float(part.strip(",")) for part in rest)
    except ValueError:
        print("  (write /locate 52.37 4.89)")
        return False
    await held.locate(latitude, longitude)
    return True


async def _why(held: Chat, hosted: Hosted, rest: list[str]) -> bool:
    from sayso.testing.explain import explain

    trace = await hosted.turns.trace(held.answer.turn) if held.answer else None
    print(explain(trace) if trace else "  (no trace)")
    return False


async def _basket(held: Chat, hosted: Hosted, rest: list[str]) -> bool:
    print("\n".join(f"  {line}" for line in held.basket) or "  (empty)")
    return False


async def _help(held: Chat, hosted: Hosted, rest: list[str]) -> bool:
    print(HELP)
    return False


_COMMANDS: dict[str, Callable[[Chat, Hosted, list[str]], Awaitable[bool]]] = {
    "/wait": _wait,
    "/locate": _locate,
    "/why": _why,
    "/basket": _basket,
    "/help": _help,
}


def _read() -> str:
    try:
        return input("> " if sys.stdin.isatty() else "")
    except EOFError:
        return "/quit"


def _show(held: Chat) -> None:
    """The reply with its cards and buttons, or what the speaker says."""
    if held.voice:
        print(f"🔊 {held.reply}")
        return
    for message in held.messages:
        print(message.text)
        for card in message.cards:
            price = f"  {card.body}" if card.body else ""
            print(f"  ▪ {card.title}{price}")
    buttons = "  ".join(f"[{action.label}]" for action in held.actions)
    if buttons:
        print(f"  {buttons}")
