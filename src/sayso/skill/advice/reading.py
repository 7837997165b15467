"""The words of a wish while they are read: what is explained already, and how far a "no" reaches.

Theory. A negation denies what stands after it, up to the next mark, a "but", or the next thing that is named; things
joined by "or" and "and" are denied together ("no wool or leather"), and so is a list that ends in "or". "Too red"
denies without a "no".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sayso import Palette
from sayso.skill.advice.vocabulary import Words, stems, tokens_and_marks

REACH = 3
"""How many words that nothing explains a negation reaches over."""
OPTION_REACH = 0
"""Of an option: "not leather, size 39" denies no size."""
LISTED = 2
"""Of how many words a part of a list is at most: "no red, pink or orange"."""


@dataclass(slots=True)
class Reading:
    """A wish while it is read. `used` are places that are explained, `denied` whether what they say is refused; `marks`
    are places after a comma or the like; `coloured` places of words that name a colour, with its first place."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    lists: Words
    marks: frozenset[int] = frozenset()
    coloured: Mapping[int, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    denied: dict[int, bool] = field(default_factory=dict)
    wanted: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    def negated(self, place: int, reach: int = REACH) -> bool:
        """Is what stands there refused?"""
        if place and self.words[place - 1] in self.lists.excess:
            return True
        passed = 0
        for before in range(place - 1, -1, -1):
            if before + 1 in self.marks and not self._goes_on(before + 1):
                return False
            word = self.words[before]
            if word in self.lists.negations or self._excepts(before):
                return True
            if before in self.used or self._names_colour(before, place):
                return self._joined(before, place) and self._denied(before)
            if word in self.lists.turns:
                return False
            passed += word not in self.lists.empty
            if passed > reach:
                return False
        return False

    def _names_colour(self, before: int, place: int) -> bool:
        first = self.coloured.get(before)
        return first is not None and first != self.coloured.get(place)

    def _denied(self, place: int) -> bool:
        """Is what was named there refused? A colour is read after phrases of several words, and so may be open yet."""
        return self.denied[place] if place in self.denied else place not in self.used and self.negated(place)

    def _joined(self, before: int, place: int) -> bool:
        """Do only "or", "and" and small words stand between?"""
        between = self.words[before + 1 : place]
        joins = self.lists.joins.intersection(between)
        commas = any(n in self.marks for n in range(before + 1, place + 1))
        return bool(joins or commas) and all(w in self.lists.joins or w in self.lists.empty for w in between)

    def _goes_on(self, mark: int) -> bool:
        """Is what stands after a comma one more of a list that ends in "or"?"""
        parts, size = self.words[mark:], 0
        for n, word in enumerate(parts, mark):
            if n > mark and n in self.marks:
                size = 0
            if word in self.lists.ors:
                return n - mark > 0
            size += 1
            if size > LISTED:
                return False
        return False

    def _excepts(self, place: int) -> bool:
        """ "Any colour but": everything is wished for, shortly before, and this is not."""
        before = self.words[max(0, place - REACH) : place]
        return self.words[place] in self.lists.but and any(word in self.lists.every for word in before)

    def take(self, place: int, size: int, denied: bool = False) -> None:
        self.used.update(range(place, place + size))
        self.denied.update((n, denied) for n in range(place, place + size))

    def plain(self) -> Sequence[str]:
        """The words, and "" for those that are explained."""
        return ["" if n in self.used else word for n, word in enumerate(self.words)]


def begun(text: str, lists: Words, colours: Palette) -> Reading:
    """A text before anything of it is explained."""
    said, marks = tokens_and_marks(text)
    words = tuple(basic(word, colours.colours) for word in said)
    coloured = {n: found.start for found in colours.find(words) for n in range(found.start, found.end)}
    return Reading(words, stems(words), lists, marks, coloured)


COMPARED = ("er", "re", "ish", "achtig", "achtige", "ig", "igs", "ige", "ers", "ere")
"""What makes "pinker", "greenish" and "groenigs" of a colour."""


def basic(word: str, colours: Collection[str]) -> str:
    """The colour that a word compares with, else the word: "pinker", "redder", "roder", "groenigs"."""
    if word in colours or len(word) < 5:
        return word
    for ending in COMPARED:
        if not word.endswith(ending):
            continue
        stem = word[: -len(ending)]
        doubled = stem[:-1] if stem[-1:] == stem[-2:-1] else ""
        forms = (stem, stem + "e", stem + "r", doubled, stem[:-1] + stem[-2:-1] + stem[-1:], stem[:-1] + "s")
        if found := next((form for form in forms if len(form) > 2 and form in colours), ""):
            return found
    return word
