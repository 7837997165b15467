"""What a customer wishes, read from slots and words: attributes, options, colours, a greatest price, and the rest.

No word that could be a modifier is dropped: what neither manifest nor catalog know is kept as `free` and looked for in
names and descriptions; what is negated is refused, not wished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sayso import Catalog, IntentSpec, Lab, Palette
from sayso.skill.advice.reading import OPTION_REACH, Reading, begun
from sayso.skill.advice.vocabulary import ANY, Meaning, Vocabulary, Words, stem

WHOLE = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})
"""Currencies without decimals."""
MOST, BUT, LIGHTER, DARKER = "@most", "@but", "@lighter", "@darker"
"""Settled beside the slots: the greatest price in minor units, the products (skus) that are left out, the lightness
(L*, 0-100) that a shade must be above or below."""
NOT_DARK, NOT_LIGHT = 40.0, 65.0
"""The lightness from which on a shade is not dark, and up to which it is not light, where nothing is compared with."""

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """`wanted`, `refused`: attribute -> values; `options`: group -> value; `colours` with the words that named them;
    `most`: the greatest price in minor units; `free`: stems that nothing declared explains; `cheaper`, `other`,
    `recolour`, `lighter`, `darker`: it should cost less, be another, have another colour or be lighter or darker than
    what was shown; `but`: skus left out; `above`, `below`: bounds of lightness (L*); `cheap`: the cheapest goes first;
    `unknown`: what the manifest has no word for, in the customer's words."""

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
    lighter: bool = False
    darker: bool = False
    cheap: bool = False
    above: float | None = None
    below: float | None = None
    not_words: tuple[str, ...] = ()
    """Words of the colours that are refused: no product is called after one."""
    unknown: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    """Stems of the words that told the kind of thing: what is called so goes before what is only of the kind."""
    in_stock: bool = False
    """Is it asked whether there is any left?"""
    any_colour: bool = False
    """The nearest colour will do."""
    latest: frozenset[str] = frozenset()
    """Attributes that were said last: they are given up after the others."""
    superseded: frozenset[str] = frozenset()
    """Attributes that tell how light a thing is: how light it should be by comparison takes their place."""
    but: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """Where to look: what a word says of a whole category of the catalog."""

    @property
    def telling(self) -> bool:
        """Does it say more than free words?"""
        of_colour = self.colours or self.not_colours
        of_kind = self.wanted or self.refused or self.categories
        return bool(of_kind or self.options or of_colour or self.most is not None)

    @property
    def comparing(self) -> bool:
        """Does it say how it should differ from what was shown?"""
        return self.cheaper or self.other or self.lighter or self.darker or self.cheap


def read(text: str, words: Words, known: Vocabulary, colours: Palette, catalog: Catalog) -> Wish:
    """The wish in a customer's words."""
    reading = begun(text, words, colours)
    compared = _compared(reading)
    most = _most(reading, catalog)
    _phrases(reading, known, least=2)
    _lightness(reading, compared)
    wish = _colours(reading, colours)
    _phrases(reading, known, least=1)
    _refuse_later(reading)
    _without_name(reading, known)
    skipped = words.empty | words.negations | words.joins
    kept = [n for n, word in enumerate(reading.words) if n not in reading.used and word not in skipped]
    kept = [n for n in kept if not reading.words[n][0].isdigit() and len(reading.words[n]) > 1]
    denied = {n for n in kept if reading.negated(n)}
    return replace(
        wish,
        wanted={name: tuple(values) for name, values in reading.wanted.items()},
        refused={name: tuple(values) for name, values in reading.refused.items()},
        options=dict(reading.options),
        categories=tuple(reading.categories),
        most=most,
        free=tuple(reading.stems[n] for n in kept if n not in denied),
        unknown=(*reading.unknown, *dict.fromkeys(_around(reading, n, kept) for n in kept if _asked_of(reading, n))),
        cheaper="cheaper" in compared and most is None,
        cheap="cheap" in compared,
        other="other" in compared,
        superseded=_of_lightness(known, words) if compared & {"lighter", "darker"} else frozenset(),
        in_stock=not words.stock.isdisjoint(reading.words),
        called=tuple(reading.called) if len(reading.wanted.get(known.kind, ())) == 1 else (),
        lighter="lighter" in compared,
        darker="darker" in compared,
        recolour="other" in compared and not words.colour.isdisjoint(reading.words),
    )


def _of_lightness(known: Vocabulary, words: Words) -> frozenset[str]:
    keys = ((stem(word),) for word in words.light | words.dark)
    return frozenset(m.of for key in keys for m in known.phrases.get(key, ()) if m.kind == "attribute")


def _asked_of(reading: Reading, place: int) -> bool:
    """Is it something that a thing should have or be: "with pockets", "no laces", "comfortable"?"""
    before = reading.words[place - 1] if place and place not in reading.marks else ""
    return before in reading.lists.having or reading.words[place] in reading.lists.qualities


def _around(reading: Reading, place: int, kept: Sequence[int]) -> str:
    """A word with those beside it that nothing explains, either: "lang blijft zitten"."""
    first = last = place
    while first - 1 in kept and first not in reading.marks:
        first -= 1
    while last + 1 in kept and last + 1 not in reading.marks:
        last += 1
    return " ".join(reading.words[first : last + 1])


def _without_name(reading: Reading, known: Vocabulary) -> None:
    """A size that is named and that nothing comes in: "maat 164"."""
    announcing = frozenset[str]().union(*known.groups.values())
    for place in range(1, len(reading.words)):
        number = reading.words[place][0].isdigit() and place not in reading.used
        if number and (reading.stems[place - 1] in announcing or reading.words[place - 1] in ("sz", "mt")):
            reading.unknown.append(" ".join(reading.words[place - 1 : place + 1]))
            reading.take(place - 1, 2)


def _compared(reading: Reading) -> set[str]:
    """How it should differ from what was shown: "cheaper", "other"; "other than" says what it should not be."""
    found, lists = set[str](), reading.lists
    for place, word in enumerate(reading.words):
        after = reading.words[place + 1 : place + 2]
        for kind, listed in (("cheaper", lists.cheaper), ("other", lists.other), ("cheap", lists.cheap)):
            if word in listed and not lists.but.intersection(after):
                found.add(kind)
                reading.take(place, 1)
        if word in lists.dear and (reading.negated(place) or _excessive(reading, place)):
            found.add("cheap" if _denied(reading, place) else "cheaper")
            reading.take(place, 1)
    return found


def _denied(reading: Reading, place: int) -> bool:
    """Is there a "no" before it, words of degree between: "not that dark"?"""
    while place and reading.words[place - 1] in reading.lists.degrees:
        place -= 1
    return bool(place) and reading.words[place - 1] in reading.lists.negations


def _excessive(reading: Reading, place: int) -> bool:
    return bool(place) and reading.words[place - 1] in reading.lists.excess


def _lightness(reading: Reading, compared: set[str]) -> None:
    """ "Darker", "not that light", "too light": of the shade, unless a colour or a kind of skin stands behind it."""
    lists = reading.lists
    sides = (("lighter", lists.lighter, lists.dark), ("darker", lists.darker, lists.light))
    for place, word in enumerate(reading.words):
        if place in reading.used or place in reading.coloured:
            continue
        for kind, comparing, opposite in sides:
            opposed = word in opposite and (_denied(reading, place) or _excessive(reading, place))
            if opposed or word in comparing:
                compared.add(kind)
                reading.take(place, 1)


def _refuse_later(reading: Reading) -> None:
    """A value that is both wished and refused is refused."""
    for name, values in reading.refused.items():
        kept = [value for value in reading.wanted.get(name, ()) if value not in values]
        if name in reading.wanted:
            reading.wanted[name] = kept
    for name in [name for name, values in reading.wanted.items() if not values]:
        del reading.wanted[name]


def _most(reading: Reading, catalog: Catalog) -> int | None:
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
        if later and not cue and _amounts(reading, after + later):
            continue  # "maat 41 max 100 euro"
        if cue or later:
            reading.take(before - cue, after + later - (before - cue))
            return round(amount * (1 if catalog.currency in WHOLE else 100))
    return None


def _amounts(reading: Reading, place: int) -> bool:
    """Does an amount stand there?"""
    while place < len(reading.words) and reading.words[place] in reading.lists.between:
        place += 1
    return place < len(reading.words) and _amount(reading, reading.words[place]) is not None


def _amount(reading: Reading, word: str) -> float | None:
    if word[0].isdigit():
        return float(word.replace(",", "."))
    number = reading.lists.numbers.get(word)
    return float(number) if number is not None else None


def _phrases(reading: Reading, known: Vocabulary, least: int) -> None:
    place = 0
    while place < len(reading.words):
        found, size = ((), 0) if place in reading.used else known.at(reading.stems, place, least)
        fitting = [m for m in found if _announced(reading, known, m, place)]
        if not fitting or reading.used.intersection(range(place, place + size)):
            place += 1
            continue
        denied = reading.negated(place)
        for meaning in fitting:
            _note(reading, meaning, reading.negated(place, OPTION_REACH) if meaning.kind == "option" else denied)
        if not denied and any(m.of == known.kind for m in fitting):
            reading.called += [s for s in reading.stems[place : place + size] if s not in known.kinds]
        reading.take(place, size, denied)
        place += size


def _announced(reading: Reading, known: Vocabulary, meaning: Meaning, place: int) -> bool:
    """A number or a letter is a size only after "size", "maat" or "in", or with nothing said beside it."""
    if not meaning.strict or all(n == place or w in reading.lists.empty for n, w in enumerate(reading.words)):
        return True
    at = place - 1 if place and reading.words[place - 1] in reading.lists.articles else place
    before = reading.words[at - 1] if at else ""
    named = stem(before) in known.groups.get(meaning.of, frozenset())
    return named or before in reading.lists.before_size


def _note(reading: Reading, meaning: Meaning, negated: bool) -> None:
    if meaning.kind != "attribute":
        if not negated and meaning.kind == "option":
            reading.options.setdefault(meaning.of, meaning.value)
        elif not negated:
            reading.categories[meaning.value] = None
        return
    values = (reading.refused if negated else reading.wanted).setdefault(meaning.of, [])
    if meaning.value not in values:
        values.append(meaning.value)


def _colours(reading: Reading, colours: Palette) -> Wish:
    """The colours that are named in words that nothing explains yet."""
    wanted, refused, said = [], [], []
    denied: list[str] = []
    for found in colours.find(reading.plain()):
        no = reading.negated(found.start)
        if no:
            refused.append(found.colour)
            denied += found.words
        else:
            wanted.append(found.colour)
            said.append(" ".join(found.words))
        reading.take(found.start, found.end - found.start, no)
    return Wish(
        colours=tuple(wanted), not_colours=tuple(refused), not_words=tuple(denied), colour_words=", ".join(said)
    )


def with_slots(wish: Wish, intent: IntentSpec, slots: Mapping[str, str], catalog: Catalog) -> Wish:
    """What the slots say goes before what the words do; "any" wishes nothing. What is settled beside them holds."""
    wanted, options = dict(wish.wanted), dict(wish.options)
    for name, value in slots.items():
        spec = intent.slots.get(name)
        if name in catalog.options and value in catalog.options[name].values:
            options[name] = value
        elif spec is not None and value in spec.values:
            wanted[name] = (value,)
    kept = {name: values for name, values in wanted.items() if ANY not in values and applies(intent, name, wanted)}
    most = int(slots[MOST]) if slots.get(MOST, "").isdigit() else wish.most
    above = float(slots[LIGHTER]) if LIGHTER in slots else NOT_DARK if wish.lighter else None
    below = float(slots[DARKER]) if DARKER in slots else NOT_LIGHT if wish.darker else None
    but = tuple(slots.get(BUT, "").split())
    return replace(wish, wanted=kept, options=options, most=most, but=but, above=above, below=below)


def applies(intent: IntentSpec, name: str, wanted: Values) -> bool:
    """Does an attribute belong to the kind of thing that is wished ("depth" to a foundation)?"""
    slot = intent.slots.get(name)
    conditions = slot.when.items() if slot is not None else ()
    return all(set(wanted[other]).intersection(values) for other, values in conditions if wanted.get(other))


def answered(wish: Wish, intent: IntentSpec, slots: Mapping[str, str]) -> Sequence[str]:
    """The attributes that are settled, "no preference" included."""
    return [name for name in intent.slots if name in wish.wanted or name in slots]
