"""Colour as people see it: from a declared hex value to CIELAB, how far two colours are apart, and colour words.

Theory. sRGB (IEC 61966-2-1) is made linear, turned into XYZ under D65 and then into CIELAB (CIE 15): lightness L*, a*
from green to red, b* from blue to yellow. The difference of two colours is CIEDE2000 (CIE 142-2001), in the form and
with the test data of Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", Color Research and Application 30
(2005): about 1 is just seen, below 10 is the same kind of colour. A colour word stands for one point of CIELAB
(`colours.toml`), which words such as "dusky" or "donker" move; both may be one word ("dofgroen").
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

WHITE = (0.95047, 1.0, 1.08883)
"""D65, 2 degrees."""
HEX = re.compile(r"#?([0-9a-fA-F]{6})")
WORD = re.compile(r"[^\W\d_]+")
LONGEST = 3
"""The most words that name one colour ("rose pink")."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A colour in CIELAB under D65."""

    lightness: float
    a: float
    b: float

    @property
    def chroma(self) -> float:
        """How far it is from grey."""
        return hypot(self.a, self.b)

    @property
    def hue(self) -> float:
        """Degrees from 0 to 360: about 35 is red, 90 yellow, 150 green, 280 blue."""
        return degrees(atan2(self.b, self.a)) % 360


def is_hex(text: str) -> bool:
    return HEX.fullmatch(text) is not None


def lab(colour: str) -> Lab:
    """The CIELAB value of "#b03a48". Raises ValueError for anything that is no hex colour."""
    found = HEX.fullmatch(colour)
    if found is None:
        raise ValueError(f'"{colour}" is not a colour like #b03a48')
    red, green, blue = (_linear(int(found[1][i : i + 2], 16) / 255) for i in (0, 2, 4))
    x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    fx, fy, fz = (_compressed(value / white) for value, white in zip((x, y, z), WHITE, strict=True))
    return Lab(116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _compressed(value: float) -> float:
    """The cube root, with the straight line near black."""
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def difference(one: Lab, other: Lab) -> float:
    """CIEDE2000 with all weights 1; symmetric, 0 for the same colour."""
    mean_chroma = (one.chroma + other.chroma) / 2
    stretch = 1.5 - 0.5 * sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    first = Lab(one.lightness, one.a * stretch, one.b)
    second = Lab(other.lightness, other.a * stretch, other.b)
    turn = _turn(first, second)
    light, chroma = second.lightness - first.lightness, second.chroma - first.chroma
    hue = 2 * sqrt(first.chroma * second.chroma) * sin(radians(turn / 2))
    return _weighted(first, second, light, chroma, hue)


def _turn(first: Lab, second: Lab) -> float:
    """Degrees from the first hue to the second, the short way; 0 where one of them is grey."""
    if not first.chroma * second.chroma:
        return 0.0
    turn = second.hue - first.hue
    return turn - 360 if turn > 180 else turn + 360 if turn < -180 else turn


def _weighted(first: Lab, second: Lab, light: float, chroma: float, hue: float) -> float:
    mean_light, mean_chroma = (first.lightness + second.lightness) / 2, (first.chroma + second.chroma) / 2
    mean_hue = _mean_hue(first, second)
    tone = (
        1
        - 0.17 * cos(radians(mean_hue - 30))
        + 0.24 * cos(radians(2 * mean_hue))
        + 0.32 * cos(radians(3 * mean_hue + 6))
        - 0.20 * cos(radians(4 * mean_hue - 63))
    )
    squared = (mean_light - 50) ** 2
    light /= 1 + 0.015 * squared / sqrt(20 + squared)
    chroma /= 1 + 0.045 * mean_chroma
    hue /= 1 + 0.015 * mean_chroma * tone
    blue = 2 * sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    rotation = -sin(radians(60 * exp(-(((mean_hue - 275) / 25) ** 2)))) * blue
    return sqrt(max(0.0, light**2 + chroma**2 + hue**2 + rotation * chroma * hue))


def _mean_hue(first: Lab, second: Lab) -> float:
    together = first.hue + second.hue
    if not first.chroma * second.chroma:
        return together
    if abs(first.hue - second.hue) <= 180:
        return together / 2
    return (together + 360) / 2 if together < 360 else (together - 360) / 2


SAME, CLOSE = 8.0, 20.0
"""CIEDE2000 up to which two shades pass for the same colour, and up to which for close ones."""
FAMILY_HUE, FAMILY_CHROMA, FAMILY = 20.0, 10.0, 45.0


def akin(one: Lab, other: Lab) -> bool:
    """Would both go by one colour word? Close ones do, and a light and a dark one of nearly the same hue, such as green
    and bottle green, where neither is nearly grey."""
    away = difference(one, other)
    if away <= CLOSE:
        return True
    turn = abs(_turn(one, other))
    return away <= FAMILY and turn <= FAMILY_HUE and min(one.chroma, other.chroma) >= FAMILY_CHROMA


WARM_HUES = (38.0, 115.0)
COOL_HUES = (150.0, 380.0)
SKIN_HUES = (40.0, 88.0)
GREYISH = 6.0


def undertone(colour: Lab) -> str:
    """ "warm", "cool" or "neutral", by hue: of a skin shade by how yellow it is, of any other by where it stands on the
    circle of hues. Used where a merchant declares none."""
    if colour.chroma < GREYISH:
        return "neutral"
    if SKIN_HUES[0] <= colour.hue <= SKIN_HUES[1] and colour.chroma < 45 and colour.lightness > 25:
        return "cool" if colour.hue < 58 else "neutral" if colour.hue < 66 else "warm"
    if WARM_HUES[0] <= colour.hue <= WARM_HUES[1]:
        return "warm"
    around = colour.hue + 360 if colour.hue < 20 else colour.hue
    return "cool" if COOL_HUES[0] <= around <= COOL_HUES[1] else "neutral"


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a word does to a colour: added to lightness, times chroma, added to b* (yellow is warm)."""

    lightness: float = 0.0
    chroma: float = 1.0
    warmth: float = 0.0

    def applied(self, colour: Lab) -> Lab:
        lightness = min(97.0, max(4.0, colour.lightness + self.lightness))
        return Lab(lightness, colour.a * self.chroma, colour.b * self.chroma + self.warmth)


@dataclass(frozen=True, slots=True)
class Named:
    """A colour that was named: its point, and which words named it (positions in the words that were given)."""

    colour: Lab
    words: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Palette:
    """Colour words and modifiers of every language, folded."""

    colours: Mapping[str, Lab]
    modifiers: Mapping[str, Modifier]

    def find(self, words: Sequence[str]) -> Iterator[Named]:
        """Every colour that is named, longest name first at each place, with the modifiers before it."""
        folded, place = [fold(word) for word in words], 0
        while place < len(folded):
            found = self._at(folded, place)
            if found is None:
                place += 1
                continue
            yield Named(found[0], tuple(words[place : found[1]]), place, found[1])
            place = found[1]

    def _at(self, folded: Sequence[str], place: int) -> tuple[Lab, int] | None:
        """The colour that begins at a place, and where its words end."""
        moves, at = [], place
        while at < len(folded) and folded[at] in self.modifiers and folded[at] not in self.colours:
            moves.append(self.modifiers[folded[at]])
            at += 1
        for size in range(min(LONGEST, len(folded) - at), 0, -1):
            colour = self._one(" ".join(folded[at : at + size]))
            if colour is not None:
                for move in reversed(moves):
                    colour = move.applied(colour)
                return colour, at + size
        return None

    def _one(self, name: str) -> Lab | None:
        """A name, or a modifier and a name in one word ("donkerrood")."""
        if name in self.colours:
            return self.colours[name]
        for end in range(3, len(name) - 1):
            move, rest = self.modifiers.get(name[:end]), name[end:].lstrip("-")
            if move is not None and (colour := self._one(rest)) is not None:
                return move.applied(colour)
        return None


def fold(word: str) -> str:
    """A word without case and accents."""
    spread = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in spread if not unicodedata.combining(character))


def palette() -> Palette:
    """The words that ship (`colours.toml`)."""
    data = tomllib.loads(files("sayso.commerce").joinpath("colours.toml").read_text("utf-8"))
    colours = {fold(word): lab(each["hex"]) for each in data["colour"] for word in each["words"]}
    modifiers = {
        fold(word): Modifier(each.get("lightness", 0.0), each.get("chroma", 1.0), each.get("warmth", 0.0))
        for each in data["modifier"]
        for word in each["words"]
    }
    return Palette(colours, modifiers)
