"""Negations and exclusions as customers put them, over the demo coffee bar: nothing that is not wanted is ever chosen.

The data are hand-written, one utterance a line with the commands that it means; a line with "@" says what is in the
basket from there on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.model.basket import Chosen, Line
from sayso.understanding.context import Context

DATA = Path(__file__).parent / "data"


def _lines(text: str) -> tuple[Line, ...]:
    """ "latte 1 milk=oat; croissant 1" as lines of a basket, with the ids a, b, c."""
    parts = (part.split() for part in text.split(";") if part.strip())
    return tuple(
        Line("abcdefgh"[n], sku, int(quantity), tuple(Chosen(*option.split("=")) for option in options))
        for n, (sku, quantity, *options) in enumerate(parts)
    )


def _cases(name: str) -> Iterator[tuple[str, str, str, str]]:
    basket = ""
    for row in (DATA / f"{name}.tsv").read_text("utf-8").splitlines():
        if row.startswith("@"):
            basket = row[1:]
        elif not row.startswith("#"):
            said, _, meant = row.partition("\t")
            yield name[-2:], basket, said, meant


@pytest.mark.parametrize("name", ["negation_en", "negation_nl", "exclusion_en", "exclusion_nl"])
def test_what_is_not_wanted_is_left_out(at, context, name):
    """Every utterance of the file means what stands beside it."""
    wrong = []
    for language, basket, said, meant in _cases(name):
        lines = _lines(basket)
        intent = "order_coffee.order" if lines else ""
        within: Context = replace(
            context, language=language, lines=lines, focus=tuple(x.id for x in reversed(lines)), intent=intent
        )
        found = " | ".join(" ".join(command.split()) for command in at("coffee_bar", said, within))
        wrong += [f"{said}: {found}, not {meant}"] if found != meant else []
    assert not wrong, "\n".join(wrong)
