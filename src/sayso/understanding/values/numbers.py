"""Every number of a text, in digits and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sayso.understanding.values.number_spoken import group_at, spoken
from sayso.understanding.values.number_written import written
from sayso.understanding.values.numerals import Number, Numerals
from sayso.understanding.values.text import Token


def find(toks: Sequence[Token], text: str, words: Numerals) -> dict[int, list[Number]]:
    """The numbers that begin at each token: the longest reading first, then what else it may be."""
    found: dict[int, list[Number]] = {}
    for i in range(len(toks) - 1, -1, -1):
        at = list(_at(toks, text, i, words, found))
        if at:
            at += [many for share in at if (many := _of_many(toks, share, words))]
            found[i] = sorted(dict.fromkeys(at), key=lambda n: -n.end)
    return found


def _of_many(toks: Sequence[Token], share: Number, words: Numerals) -> Number | None:
    """ "A quarter of a million", "driekwart van een dozijn"."""
    at = share.end
    if share.form != "fraction" or not 0 < share.value < 1 or at + 2 >= len(toks):
        return None
    of, article, many = (toks[at + n].key for n in range(3))
    if of not in words.of or article not in words.articles or not group_at(toks, at + 2, words):
        return None
    return Number(share.start, at + 3, share.value * (words.scales.get(many) or words.groups[many]))


def _at(
    toks: Sequence[Token], text: str, i: int, words: Numerals, found: Mapping[int, list[Number]]
) -> Iterator[Number]:
    key = toks[i].key
    bare = not (i and toks[i].glued and toks[i - 1].key.isdigit())
    if key[0].isdigit() or (bare and key in ".," and i + 1 < len(toks) and toks[i + 1].key.isdigit()):
        yield from written(toks, text, i, words)
    elif key in words.minus:
        yield from _negative(toks, i, found)
    else:
        yield from spoken(toks, i, words)
    for phrase, value in words.vague.items():
        if key == phrase[0] and tuple(t.key for t in toks[i : i + len(phrase)]) == phrase:
            end = i + len(phrase)
            yield Number(i, end, value, vague=True)
            if end < len(toks) and (many := words.scales.get(toks[end].key) or words.groups.get(toks[end].key)):
                yield Number(i, end + 1, value * many, vague=True)


def _negative(toks: Sequence[Token], i: int, found: Mapping[int, list[Number]]) -> Iterator[Number]:
    spaced = i == 0 or not toks[i].glued or not toks[i - 1].key.isalnum()
    for number in found.get(i + 1, ()) if spaced else ():
        if not number.ordinal and not number.vague:
            yield Number(i, number.end, -number.value, digits=number.digits, form=number.form)
