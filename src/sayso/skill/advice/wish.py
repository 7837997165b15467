"""What a customer wishes, read from slots and words: attributes, options, colours, a greatest price, and the rest.

No word that could be a modifier is dropped: what neither manifest nor catalog know is kept as `free` and looked for in
names and descriptions; what is negated is refused, not wished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sayso import Catalog, IntentSpec, Lab, Palette
from sayso.skill.advice.vocabulary import ANY, Meaning, Vocabulary, Words, stem, stems, tokens

WHOLE = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})
"""Currencies without decimals."""
REACH = 3
"""How many words a negation reaches ahead."""
MOST, BUT = "@most", "@but"
"""Settled beside the slots: the greatest price in minor units, the products (skus) that are left out."""

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """`wanted`, `refused`: attribute -> values; `options`: group -> value; `colours` with the words that named them;
    `most`: the greatest price in minor units; `free`: stems that nothing declared explains; `cheaper`, `other`,
    `recolour`: it should cost less, be another or have another colour than what was shown; `but`: skus left out."""

    wanted: Values = field(default_factory=dict)
    refused: Values = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    colours: tuple[Lab, ...] = ()
    not_colours: tuple[Lab, ...] = ()
    colour_words: str = ""
    most: int | None = None
    free: tuple[str, ...] = ()
    cheaper: bool = False
    other: bool = False
    recolour: bool = False
    but: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """Where to look: what a word says of a whole category of the catalog."""

    @property
    def telling(self) -> bool:
        """Does it say more than free words?"""
        of_colour = self.colours or self.not_colours
        of_kind = self.wanted or self.refused or self.categories
        return bool(of_kind or self.options or of_colour or self.most is not None)


@dataclass(slots=True)
class _Reading:
    """A wish while it is read; `used` are places that are explained."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    lists: Words
    used: set[int] = field(default_factory=set)
    wanted: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)

    def negated(self, place: int) -> bool:
        """Is there a "no" shortly before, with nothing explained between?"""
        for before in range(place - 1, max(-1, place - 1 - REACH), -1):
            if self.words[before] in self.lists.negations or self._excepts(before):
                return True
            if before in self.used:
                return False
        return False

    def _excepts(self, place: int) -> bool:
        """ "Any colour but": everything is wished for, shortly before, and this is not."""
        before = self.words[max(0, place - REACH) : place]
        return self.words[place] in self.lists.but and any(word in self.lists.every for word in before)

    def take(self, place: int, size: int) -> None:
        self.used.update(range(place, place + size))


def read(text: str, words: Words, known: Vocabulary, colours: Palette, catalog: Catalog) -> Wish:
    """The wish in a customer's words."""
    said = tokens(text)
    reading = _Reading(said, stems(said), words)
    compared = _compared(reading)
    most = _most(reading, catalog)
    _phrases(reading, known, least=2)
    wish = _colours(reading, colours)
    _phrases(reading, known, least=1)
    _refuse_later(reading)
    kept = (n for n, word in enumerate(said) if n not in reading.used and word not in words.empty | words.negations)
    return replace(
        wish,
        wanted={name: tuple(values) for name, values in reading.wanted.items()},
        refused={name: tuple(values) for name, values in reading.refused.items()},
        options=dict(reading.options),
        categories=tuple(reading.categories),
        most=most,
        free=tuple(reading.stems[n] for n in kept if not said[n][0].isdigit() and len(said[n]) > 1),
        cheaper="cheaper" in compared and most is None,
        other="other" in compared,
        recolour="other" in compared and not words.colour.isdisjoint(said),
    )


def _compared(reading: _Reading) -> frozenset[str]:
    """How it should differ from what was shown: "cheaper", "other"; "other than" says what it should not be."""
    found = set[str]()
    for place, word in enumerate(reading.words):
        after = reading.words[place + 1 : place + 2]
        for kind, listed in (("cheaper", reading.lists.cheaper), ("other", reading.lists.other)):
            if word in listed and not reading.lists.but.intersection(after):
                found.add(kind)
                reading.take(place, 1)
    return frozenset(found)


def _refuse_later(reading: _Reading) -> None:
    """A value that is both wished and refused is refused."""
    for name, values in reading.refused.items():
        kept = [value for value in reading.wanted.get(name, ()) if value not in values]
        if name in reading.wanted:
            reading.wanted[name] = kept
    for name in [name for name, values in reading.wanted.items() if not values]:
        del reading.wanted[name]


def _most(reading: _Reading, catalog: Catalog) -> int | None:
    """ "max 150 euro", "onder de honderd", "150 euro at most"."""
    for place, word in enumerate(reading.words):
        amount = _amount(reading, word)
        if amount is None:
            continue
        before = place
        while before and reading.words[before - 1] in reading.lists.between:
            before -= 1
        cue = next((n for n in (3, 2, 1) if reading.words[max(0, before - n) : before] in reading.lists.at_most), 0)
        after = place + 1
        while after < len(reading.words) and reading.words[after] in reading.lists.money:
            after += 1
        later = next((n for n in (2, 1) if reading.words[after : after + n] in reading.lists.at_most), 0)
        if cue or later:
            reading.take(before - cue, after + later - (before - cue))
            return round(amount * (1 if catalog.currency in WHOLE else 100))
    return None


def _amount(reading: _Reading, word: str) -> float | None:
    if word[0].isdigit():
        return float(word.replace(",", "."))
    number = reading.lists.numbers.get(word)
    return float(number) if number is not None else None


def _phrases(reading: _Reading, known: Vocabulary, least: int) -> None:
    place = 0
    while place < len(reading.words):
        found, size = ((), 0) if place in reading.used else known.at(reading.stems, place, least)
        fitting = [m for m in found if _announced(reading, known, m, place)]
        if not fitting or reading.used.intersection(range(place, place + size)):
            place += 1
            continue
        for meaning in fitting:
            _note(reading, meaning, reading.negated(place))
        reading.take(place, size)
        place += size


def _announced(reading: _Reading, known: Vocabulary, meaning: Meaning, place: int) -> bool:
    """A number or a letter is a size only after "size", "maat" or "in"."""
    if not meaning.strict:
        return True
    at = place - 1 if place and reading.words[place - 1] in reading.lists.articles else place
    before = reading.words[at - 1] if at else ""
    named = stem(before) in known.groups.get(meaning.of, frozenset())
    return named or before in reading.lists.before_size


def _note(reading: _Reading, meaning: Meaning, negated: bool) -> None:
    if meaning.kind != "attribute":
        if not negated and meaning.kind == "option":
            reading.options.setdefault(meaning.of, meaning.value)
        elif not negated:
            reading.categories[meaning.value] = None
        return
    values = (reading.refused if negated else reading.wanted).setdefault(meaning.of, [])
    if meaning.value not in values:
        values.append(meaning.value)


def _colours(reading: _Reading, colours: Palette) -> Wish:
    """The colours that are named in words that nothing explains yet."""
    wanted, refused, said = [], [], []
    plain = ["" if n in reading.used else word for n, word in enumerate(reading.words)]
    for found in colours.find(plain):
        if reading.negated(found.start):
            refused.append(found.colour)
        else:
            wanted.append(found.colour)
            said.append(" ".join(found.words))
        reading.take(found.start, found.end - found.start)
    return Wish(colours=tuple(wanted), not_colours=tuple(refused), colour_words=", ".join(said))


def with_slots(wish: Wish, intent: IntentSpec, slots: Mapping[str, str], catalog: Catalog) -> Wish:
    """What the slots say goes before what the words do; "any" wishes nothing. What is settled beside them holds."""
    wanted, options = dict(wish.wanted), dict(wish.options)
    for name, value in slots.items():
        spec = intent.slots.get(name)
        if name in catalog.options and value in catalog.options[name].values:
            options[name] = value
        elif spec is not None and value in spec.values:
            wanted[name] = (value,)
    kept = {name: values for name, values in wanted.items() if ANY not in values}
    most = int(slots[MOST]) if slots.get(MOST, "").isdigit() else wish.most
    return replace(wish, wanted=kept, options=options, most=most, but=tuple(slots.get(BUT, "").split()))


def answered(wish: Wish, intent: IntentSpec, slots: Mapping[str, str]) -> Sequence[str]:
    """The attributes that are settled, "no preference" included."""
    return [name for name in intent.slots if name in wish.wanted or name in slots]
