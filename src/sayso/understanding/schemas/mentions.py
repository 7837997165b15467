"""What an utterance mentions, by kind and in the customer's own words: days, clocks, numbers, sums, names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sayso.understanding.schemas.names import read_known, read_names
from sayso.understanding.schemas.said import Mention, Said, Seen
from sayso.understanding.schemas.speech import Speech
from sayso.understanding.schemas.times import read_clocks, read_dates
from sayso.understanding.slots.clocks import Terms, read_words
from sayso.understanding.words import clean, tokens


def read_said(text: str, terms: Terms, speech: Speech, language: str, known: Collection[str] = ()) -> Said:
    """What `text` mentions; `known` are names that were spoken of before, found in any letters."""
    cleaned = clean(text)
    toks = tokens(cleaned)
    bare = Said(cleaned, toks, tuple(t.key for t in toks), ())
    seen = Seen(bare, read_words(toks, terms, language), speech, language, set())
    found = list(seen.taking(read_known(bare, known)))
    for reader in (_sums, read_dates, read_clocks, read_names, _counts):
        found.extend(seen.taking(reader(seen)))
    return Said(cleaned, toks, bare.keys, tuple(sorted(found, key=lambda m: m.start)))


def _sums(seen: Seen) -> Iterator[Mention]:
    """ "$400", "1,700 bucks", "nine hundred and fifty dollars"."""
    said, units = seen.said, seen.speech.single("money")
    numerals = seen.speech.single("large") | {said.keys[w.start] for w in seen.words if "number" in w.classes}
    toks = said.tokens
    for i, token in enumerate(toks):
        if token.text in _SIGNS and i + 1 < len(toks) and toks[i + 1].key[:1].isdigit():
            yield said.mention("sum", i, i + 2)
        elif token.key in units:
            start = i
            while start and (toks[start - 1].key[:1].isdigit() or toks[start - 1].key in numerals):
                start -= 1
            while start < i and toks[start].key in seen.speech.single("joints"):
                start += 1
            if start < i and (not start or toks[start - 1].text not in _SIGNS):
                yield said.mention("sum", start, i + 1)


_SIGNS = ("$", "€", "£")


def _counts(seen: Seen) -> Iterator[Mention]:
    """Whole numbers, and grades with one decimal; a telephone number counts nothing."""
    for word in seen.words:
        key = seen.said.keys[word.start]
        if word.start in seen.taken or _dialled(seen.said, word.start):
            continue
        if "number" in word.classes and word.value >= 0:
            yield seen.said.mention("count", word.start, word.end, str(word.value))
        elif key[:1].isdigit() and "." in key and key.replace(".", "").isdigit() and len(key) < 5:
            yield seen.said.mention("grade", word.start, word.end, key)


def _dialled(said: Said, i: int) -> bool:
    start, end = said.tokens[i].start, said.tokens[i].end
    return said.text[max(0, start - 1) : start] in ("+", "-") or said.text[end : end + 1] == "-"
