"""What a message becomes on a channel: parts, each one call to the platform, in order. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """A picture at a public address, with its text alternative."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Button:
    """kind "reply": `value` is the token that comes back; "url": `value` is the address. The label fits the channel."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A choice of a list."""

    title: str
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One card of several side by side. `product`: its sku, where its only button orders it."""

    title: str
    text: str = ""
    picture: Image | None = None
    buttons: tuple[Button, ...] = ()
    product: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the platform. It has words (`text`), perhaps a picture and a title above them, and one of: buttons
    below, suggestions (`quick`), a list behind a button (`list_label`), cards side by side. Or it has an `album` alone:
    pictures with the `alt` of each beside it. Everything is within the channel's limits. `asks_location`: the
    platform's own way to share a position stands below it. `product`: the sku of what is pictured, where the only
    button orders it: a platform with the merchant's catalog may show its own."""

    text: str = ""
    title: str = ""
    picture: Image | None = None
    buttons: tuple[Button, ...] = ()
    quick: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    list_label: str = ""
    tiles: tuple[Tile, ...] = ()
    album: tuple[Image, ...] = ()
    asks_location: bool = False
    language: str = "en"
    product: str = ""


@dataclass(frozen=True, slots=True)
class Degradation:
    """What a channel cannot show as meant. `how`: "listed" (buttons became a list), "numbered" (a list in the text
    whose numbers are remembered), "linked" (an address in the text), "split" (a message became several), "shortened"
    (a label or text was cut), "told" (a control became words), "left out" (a picture: never an action)."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`numbered` are the tokens that the numbers 1, 2, ... in the text stand for."""

    parts: tuple[Part, ...]
    degradations: tuple[Degradation, ...] = ()
    numbered: tuple[str, ...] = ()
