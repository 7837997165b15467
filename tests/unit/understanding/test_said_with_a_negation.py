"""Negations and exclusions as customers put them, over the demo merchants: nothing that is not wanted is ever chosen.

The data are hand-written, two hundred utterances a language of each, one a line with the commands that it means to the
local stage; "NotUnderstood", a menu without a constraint and "?" are left to later stages. A line with "@" says what is
in the basket from there on, one with "=" which merchant it is.
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
    merchant, basket = "coffee_bar", ""
    for row in (DATA / f"{name}.tsv").read_text("utf-8").splitlines():
        if row.startswith("@"):
            basket = row[1:]
        elif row.startswith("="):
            merchant, basket = row[1:], ""
        elif not row.startswith("#"):
            said, _, meant = row.partition("\t")
            yield merchant, basket, said, meant


SETS = ["negation_en", "negation_nl", "exclusion_en", "exclusion_nl"]


@pytest.mark.parametrize("name", SETS)
def test_there_are_two_hundred_of_each(name):
    """Each set is whole, and no utterance is in it twice for the same basket."""
    said = [case[:3] for case in _cases(name)]
    assert len(said) >= 200 and len(set(said)) == len(said)


@pytest.mark.parametrize("name", SETS)
def test_what_is_not_wanted_is_left_out(at, context, name):
    """Every utterance of the file means what stands beside it."""
    wrong = []
    for merchant, basket, said, meant in _cases(name):
        lines = _lines(basket)
        intent = "order_coffee.order" if lines else ""
        within: Context = replace(
            context, language=name[-2:], lines=lines, focus=tuple(x.id for x in reversed(lines)), intent=intent
        )
        found = " | ".join(" ".join(command.split()) for command in at(merchant, said, within))
        wrong += [f"{said}: {found}, not {meant}"] if found != meant else []
    assert not wrong, "\n".join(wrong)
