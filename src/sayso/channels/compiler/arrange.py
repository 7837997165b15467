"""How the choices below a message are shown: the first way of a fixed order that the channel has room for. Pure.

Native buttons; suggestions; buttons over several messages; a list; numbers in the text. Labels are cut only when no
way holds them whole. Numbers in the text hold any number of choices on any channel: nothing is ever dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler.measure import fit, fits
from sayso.channels.compiler.plan import Button, Row


@dataclass(frozen=True, slots=True)
class Choice:
    """An action with its whole label. kind "reply" or "url"; `text` tells more about it where there is room."""

    kind: str
    label: str
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`apart`: addresses that stand below a message of their own, each tuple below one; `linked` and `numbered` are
    written in the text. `how` are the degradations' names."""

    buttons: tuple[Button, ...] = ()
    quick: tuple[Button, ...] = ()
    apart: tuple[tuple[Button, ...], ...] = ()
    rows: tuple[Row, ...] = ()
    linked: tuple[Choice, ...] = ()
    numbered: tuple[Choice, ...] = ()
    how: tuple[str, ...] = ()


def arrange(choices: Sequence[Choice], caps: Capabilities, ways: Sequence[Way] = ()) -> Arrangement:
    """The best arrangement. Whole labels are tried in every way first."""
    if not choices:
        return Arrangement()
    if most := caps.total_buttons:
        caps = replace(caps, buttons=min(most, caps.buttons), url_buttons=min(most, caps.url_buttons))
    for cut in (False, True):
        for way in ways or WAYS:
            found = way(choices, caps, cut)
            if found is not None:
                return found
    return written(choices, caps)


Way = Callable[[Sequence[Choice], Capabilities, bool], Arrangement | None]


def natively(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> Arrangement | None:
    """All as buttons below one message."""
    replies, urls = _kinds(choices)
    if len(replies) > caps.buttons or len(urls) > caps.url_buttons or (replies and urls and not caps.mix):
        return None
    if caps.total_buttons and len(choices) > caps.total_buttons:
        return None
    return _buttoned(choices, caps.button_label, caps, cut)


def _buttoned(choices: Sequence[Choice], most: int, caps: Capabilities, cut: bool) -> Arrangement | None:
    made = buttons(choices, most, caps, cut)
    return None if made is None else Arrangement(buttons=made[0], how=made[1])


def suggested(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> Arrangement | None:
    """Replies as suggestions, addresses as buttons."""
    replies, urls = _kinds(choices)
    if not replies or len(replies) > caps.quick or len(urls) > caps.url_buttons:
        return None
    quick = buttons(replies, caps.quick_label, caps, cut)
    links = buttons(urls, caps.button_label, caps, cut)
    if quick is None or links is None:
        return None
    return Arrangement(buttons=links[0], quick=quick[0], how=(*quick[1], *links[1]))


def apart(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> Arrangement | None:
    """Addresses and replies cannot stand together: addresses below messages of their own, before the replies."""
    replies, urls = _kinds(choices)
    if not urls or not caps.url_buttons or not caps.buttons or len(replies) > caps.buttons:
        return None
    made, links = buttons(replies, caps.button_label, caps, cut), buttons(urls, caps.button_label, caps, cut)
    if made is None or links is None:
        return None
    return Arrangement(buttons=made[0], apart=_by(links[0], caps.url_buttons), how=("split", *made[1], *links[1]))


def listed(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> Arrangement | None:
    """Replies behind one button, as a list; addresses below messages of their own, or in the text."""
    replies, urls = _kinds(choices)
    rows = _rows(replies, caps, cut) if replies and len(replies) <= caps.list_rows else None
    if rows is None:
        return None
    links = buttons(urls, caps.button_label, caps, cut) if caps.url_buttons else None
    if links is None or len(urls) > 2:
        return Arrangement(rows=rows[0], linked=tuple(urls), how=("listed", *(["linked"] if urls else []), *rows[1]))
    split = ("split",) if urls else ()
    return Arrangement(rows=rows[0], apart=_by(links[0], caps.url_buttons), how=("listed", *split, *rows[1], *links[1]))


def numbers(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> Arrangement | None:
    """Numbers in the text; addresses as buttons where they fit, else in the text."""
    return written(choices, caps) if cut else None


def written(choices: Sequence[Choice], caps: Capabilities) -> Arrangement:
    """In the text; addresses are buttons all the same where they all fit."""
    replies, urls = _kinds(choices)
    links = buttons(urls, caps.button_label, caps, False) if 0 < len(urls) <= caps.url_buttons else None
    how = ("numbered",) if replies else ()
    if links is not None:
        return Arrangement(buttons=links[0], numbered=tuple(replies), how=how)
    linked = ("linked",) if urls else ()
    return Arrangement(linked=tuple(urls), numbered=tuple(replies), how=(*how, *linked))


WAYS: tuple[Way, ...] = (natively, suggested, apart, listed, numbers)
WRITTEN: tuple[Way, ...] = (numbers,)
"""Where a message must be one: nothing but text."""


def _kinds(choices: Sequence[Choice]) -> tuple[list[Choice], list[Choice]]:
    return [c for c in choices if c.kind == "reply"], [c for c in choices if c.kind == "url"]


def buttons(
    choices: Sequence[Choice], most: int, caps: Capabilities, cut: bool
) -> tuple[tuple[Button, ...], tuple[str, ...]] | None:
    """As buttons with labels of at most `most`; None when a label or value does not fit or two would read the same."""
    labels = [fit(c.label, most, caps.unit) if cut else c.label for c in choices]
    if any(not fits(label, most, caps.unit) for label in labels) or len({*labels}) < len(labels):
        return None
    if any(not _value_fits(c, caps) for c in choices):
        return None
    how = ("shortened",) if labels != [c.label for c in choices] else ()
    return tuple(Button(c.kind, label, c.value) for c, label in zip(choices, labels, strict=True)), how


def _value_fits(choice: Choice, caps: Capabilities) -> bool:
    if choice.kind == "url":
        return len(choice.value) <= caps.url_length
    return not caps.button_value_bytes or len(choice.value.encode()) <= caps.button_value_bytes


def _rows(choices: Sequence[Choice], caps: Capabilities, cut: bool) -> tuple[tuple[Row, ...], tuple[str, ...]] | None:
    """A label that is too long for a title stands whole in the row's text, where there is room."""
    made = [_row(choice, caps) for choice in choices]
    pairs = tuple(zip(choices, made, strict=True))
    whole = all(c.label in (row.title, row.text) for c, row in pairs)
    if (not cut and not whole) or len({(row.title, row.text) for row in made}) < len(made):
        return None
    if any(caps.row_value_bytes and len(c.value.encode()) > caps.row_value_bytes for c in choices):
        return None
    lost = not whole or any(c.text and row.text not in (c.text, c.label) for c, row in pairs)
    return tuple(made), ("shortened",) if lost else ()


def _row(choice: Choice, caps: Capabilities) -> Row:
    title = fit(choice.label, caps.row_title, caps.unit)
    more = choice.label if title != choice.label and fits(choice.label, caps.row_text, caps.unit) else choice.text
    return Row(title, choice.value, fit(" ".join(more.split()), caps.row_text, caps.unit) if caps.row_text else "")


def _by(made: tuple[Button, ...], most: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(made[at : at + most] for at in range(0, len(made), most))
