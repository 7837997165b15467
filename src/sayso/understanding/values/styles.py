"""Colours and sizes: "dark green", "donkerblauw", "#ff8800"; "EU 42", "maat 42 en een half", "extra large".

Names of colours and their values: CSS Color Module Level 4, section 6.1; modifiers move the lightness or the saturation
of a name (HLS).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from sayso.understanding.values.lexicon import base, keys
from sayso.understanding.values.model import Reading
from sayso.understanding.values.numerals import Number, canonical
from sayso.understanding.values.text import Token

Found = tuple[str, int, int, Reading]
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Styles:
    """Words -> a colour's hex digits, a change of (lightness, saturation), a size, a system of sizes."""

    colours: Mapping[tuple[str, ...], str]
    modifiers: Mapping[str, tuple[float, float]]
    sizes: Mapping[tuple[str, ...], str]
    systems: Mapping[tuple[str, ...], str]
    cues: frozenset[tuple[str, ...]]


@cache
def load(language: str) -> Styles:
    """The words of a language. Reads package data, once."""
    from ruamel.yaml import YAML

    text = (files("sayso.understanding.values") / "styles.yaml").read_text("utf-8")
    raw: dict[str, Any] = YAML(typ="safe", pure=False).load(text)[base(language)]
    return Styles(
        colours={keys(p): str(hex) for hex, phrases in raw["colours"].items() for p in phrases},
        modifiers={str(p): (move[0], move[1]) for p, move in raw["modifiers"].items()},
        sizes={keys(str(p)): size for size, phrases in raw["sizes"].items() for p in phrases},
        systems={keys(p): system for system, phrases in raw["systems"].items() for p in phrases},
        cues=frozenset(map(keys, raw["cues"])),
    )


def colours(toks: Sequence[Token], text: str, words: Styles) -> Iterator[Found]:
    """Colours by name and by their digits."""
    at = 0
    while at < len(toks):
        found = _hex(toks, at, text) or _coloured(toks, at, words)
        if found:
            yield "colour", at, found[1], Reading(found[0])
        at = found[1] if found else at + 1


def _hex(toks: Sequence[Token], at: int, text: str) -> tuple[str, int] | None:
    hit = _HEX.match(text, toks[at].start)
    if hit is None:
        return None
    digits = hit.group(1) if len(hit.group(1)) == 6 else "".join(c * 2 for c in hit.group(1))
    return f"#{digits}", next((n for n in range(at + 1, len(toks)) if toks[n].start >= hit.end()), len(toks))


def _coloured(toks: Sequence[Token], at: int, words: Styles) -> tuple[str, int] | None:
    """A name with what goes before it, in one word or apart: "light pink", "lichtroze"."""
    move, i = (0.0, 0.0), at
    while i < len(toks) and toks[i].key in words.modifiers:
        step = words.modifiers[toks[i].key]
        move, i = (move[0] + step[0], move[1] + step[1]), i + 1
        i += i < len(toks) and toks[i].key == "-"
    found = _named(toks, i, words)
    if found:
        return _shaded(found[0], move), found[1]
    key = toks[at].key
    for prefix, step in words.modifiers.items():
        hex = words.colours.get((key.removeprefix(prefix),)) if key.startswith(prefix) and key != prefix else None
        if hex:
            return _shaded(hex, step), at + 1
    return None


def _named(toks: Sequence[Token], at: int, words: Styles) -> tuple[str, int] | None:
    for size in (3, 2, 1):
        phrase = tuple(t.key for t in toks[at : at + size])
        if len(phrase) == size and phrase in words.colours:
            return words.colours[phrase], at + size
    return None


def _shaded(digits: str, move: tuple[float, float]) -> str:
    """A colour with its lightness and saturation moved."""
    if move == (0.0, 0.0):
        return f"#{digits}"
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, full = rgb_to_hls(red, green, blue)
    light = min(max(light + move[0], 0.06), 0.94)
    full = min(max(full * (1 + move[1]), 0.0), 1.0)
    return "#" + "".join(f"{round(c * 255):02x}" for c in hls_to_rgb(hue, light, full))


def sizes(toks: Sequence[Token], numbers: Mapping[int, Sequence[Number]], words: Styles) -> Iterator[Found]:
    """Sizes by letter or word, and by number where a system or "size" announces it."""
    at = 0
    while at < len(toks):
        found = _numbered(toks, at, numbers, words) or _lettered(toks, at, words)
        if found:
            yield found
        at = found[2] if found else at + 1


def _phrase(toks: Sequence[Token], at: int, table: Mapping[tuple[str, ...], str]) -> tuple[str, int] | None:
    for size in (4, 3, 2, 1):
        phrase = tuple(t.key for t in toks[at : at + size])
        if len(phrase) == size and phrase in table:
            return table[phrase], at + size
    return None


def _lettered(toks: Sequence[Token], at: int, words: Styles) -> Found | None:
    cue = _phrase(toks, at, dict.fromkeys(words.cues, ""))
    found = _phrase(toks, cue[1] if cue else at, words.sizes)
    short = found is not None and len(toks[found[1] - 1].key) == 1 and cue is None and found[1] - at == 1
    if found is None or (short and at > 0 and toks[at].glued):
        return None
    return "size", at, found[1], Reading(found[0], unit="letter")


def _numbered(toks: Sequence[Token], at: int, numbers: Mapping[int, Sequence[Number]], words: Styles) -> Found | None:
    cue = _phrase(toks, at, dict.fromkeys(words.cues, ""))
    i = cue[1] if cue else at
    led = _phrase(toks, i, words.systems)
    i = led[1] if led else i
    number = next((n for n in numbers.get(i, ()) if not n.ordinal and 0 < n.value < 200), None)
    if number is None:
        return None
    behind = _phrase(toks, number.end, words.systems) if led is None else None
    system = led[0] if led else behind[0] if behind else ""
    if not (cue or system) or (not cue and number.value > Decimal(60)):
        return None
    return "size", at, behind[1] if behind else number.end, Reading(canonical(number.value), unit=system)
