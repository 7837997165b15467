"""Search by words: BM25 over what a merchant wrote, with plurals, compounds and misspelt words forgiven.

Theory. Okapi BM25 (Robertson & Walker, 1994) scores a text by the words that it shares with a query, rare words more:
sum over words of idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length)). Texts of a catalog are short, so
a word that says a name counts as several. A word of the query that no text has stands for those that are like it: a
part of a compound ("regen" in "regenjas"), or one misspelling away; it counts for less by how unlike they are. The sum
is given as a share of the most that the words of the query could have scored, so that queries can be compared.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz, process

from sayso.understanding.words import keys

K1, B = 1.2, 0.5
SHORTEST = 4
"""Letters from which on a word may be part of a compound or misspelt."""
ALIKE = 82.0
"""How alike (0..100, rapidfuzz's ratio) a misspelt word must be."""
LIKE_AT_MOST = 6
"""Words that one unknown word may stand for."""
COMPOUND = 0.7
"""What a part of a compound is worth beside the word itself."""
ENDINGS = ("en", "es", "e", "s", "n")


@dataclass(frozen=True, slots=True)
class Text:
    """Something to be found: `words` are its texts with how much a word in them counts."""

    id: str
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts, compiled: the `ids` of all, and stem -> the places of its texts with what it is worth in each."""

    ids: tuple[str, ...]
    worth: Mapping[str, tuple[tuple[int, float], ...]]
    most: Mapping[str, float]
    """Stem -> the most that it is worth in any text."""
    middle: float
    """The median of those: what a word that no text has would have been worth."""
    empty: frozenset[str]
    """Stems of words that say nothing ("something", "with")."""

    def search(self, words: str) -> dict[str, float]:
        """id -> score in 0..1, of every text that shares a word with `words`."""
        found: dict[int, float] = defaultdict(float)
        said = {_stem(word): word for word in keys(words) if _stem(word) not in self.empty}
        possible = sum(self.most.get(stem, self.middle) for stem in said)
        for stem, word in said.items():
            best: dict[int, float] = {}
            for known, share in self._meant(stem, word):
                for place, score in self.worth[known]:
                    best[place] = max(best.get(place, 0.0), share * score)
            for place, score in best.items():
                found[place] += score
        return {self.ids[place]: min(1.0, score / possible) for place, score in found.items()}

    def _meant(self, stem: str, word: str) -> Iterator[tuple[str, float]]:
        """The stems that a word of a query stands for, with how much each counts."""
        if stem in self.worth:
            yield stem, 1.0
        if len(word) < SHORTEST:
            return
        # A word that is part of a compound keeps its ending there: "regen" in "regenjas".
        yield from ((other, COMPOUND) for other in self.most if _joined(stem, other) or _joined(word, other))
        if stem in self.worth:
            return
        alike = process.extract(stem, list(self.most), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=LIKE_AT_MOST)
        yield from ((other, score / 100) for other, score, _ in alike if len(other) >= SHORTEST)


def _joined(one: str, other: str) -> bool:
    """Whether one is the beginning or the end of the other, as words of a compound are."""
    short, long = sorted((one, other), key=len)
    apart = len(long) - len(short) >= 2 and len(short) >= SHORTEST
    return apart and (long.startswith(short) or long.endswith(short))


def compile_texts(texts: Iterable[Text], empty: Iterable[str] = ()) -> Texts:
    """The texts as they are searched. `empty` are folded words that say nothing."""
    listed = list(texts)
    known: dict[str, Sequence[str]] = {}
    counts = [_counted(text, known) for text in listed]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    having = Counter(stem for count in counts for stem in count)
    worth: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
        for stem, times in count.items():
            rare = math.log(1 + (len(listed) - having[stem] + 0.5) / (having[stem] + 0.5))
            common = times + K1 * (1 - B + B * length / (mean or 1.0))
            worth[stem].append((place, rare * times * (K1 + 1) / common))
    found = {stem: tuple(places) for stem, places in worth.items()}
    most = {stem: max(score for _, score in places) for stem, places in found.items()}
    nothing = frozenset(stem for words in empty for stem in stems(words))
    return Texts(tuple(text.id for text in listed), found, most, median(most.values()) if most else 1.0, nothing)


def _counted(text: Text, known: dict[str, Sequence[str]]) -> dict[str, float]:
    """How much each stem of a text counts; a word said twice over (a name in its description) counts once, best.
    `known` are the stems of texts that were read before: many products share a description."""
    found: dict[str, float] = {}
    for words, counts in text.words:
        if words not in known:
            known[words] = stems(words)
        for stem in known[words]:
            found[stem] = max(found.get(stem, 0.0), counts)
    return found


def stems(words: str) -> Sequence[str]:
    """The folded words of a text without the endings of plurals and adjectives."""
    return [_stem(word) for word in keys(words)]


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou" else word
