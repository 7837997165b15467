"""Where the evidence of each command stands in what the customer wrote: the readers work on a cleaned text."""

from __future__ import annotations

import re
from dataclasses import replace

from sayso.model.command import Command, Fill, Understood

_APOSTROPHE = re.compile(r"['’‘`´ʼ]")


def located(understood: Understood, text: str) -> Understood:
    """`understood` with the places of its evidence in `text`, the customer's own."""
    return replace(understood, commands=tuple(_placed(command, text) for command in understood.commands))


def _placed(command: Command, text: str) -> Command:
    evidence = command.evidence
    if not (evidence and evidence.words.strip()) or evidence.start >= 0:
        return command
    # Of a value that was said twice the last one counts.
    place = _place(evidence.words, text, last=isinstance(command, Fill))
    return replace(command, evidence=replace(evidence, start=place[0], end=place[1])) if place else command


def _place(words: str, text: str, last: bool) -> tuple[int, int] | None:
    """Where `words` stand in `text`, as whole words if they can, whatever apostrophes and spaces were written."""
    at = text.rfind(words) if last else text.find(words)
    if at >= 0 and _whole(text, at, at + len(words)):
        return at, at + len(words)
    parts = (_APOSTROPHE.sub("['’‘`´ʼ]", re.escape(part).replace("\\'", "'")) for part in words.split())
    found = [m.span() for m in re.finditer(r"\s+".join(parts), text) if _whole(text, *m.span())]
    if found:
        return found[-1 if last else 0]
    return (at, at + len(words)) if at >= 0 else None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut there."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())
