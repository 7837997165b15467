"""What a platform can show and how much of it, as one table: `limits.toml` of its folder, read once.

Every number is a fact of the platform with its source and date beside it in that file; no code decides one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

UNITS = ("chars", "utf16", "bytes")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """0 means that the platform has no such thing. Lengths are in `unit`: "chars" (code points), "utf16" (code units)
    or "bytes" (UTF-8).

    `delivery`: "push" (calls to the platform) or "response" (the answer to its request). `parts`: messages that one
    answer may take. `text`: the longest text; `caption`: the longest text beside a picture; `button_text`: beside
    buttons. `buttons`, `url_buttons`: how many reply and how many address buttons one message has, `total_buttons` both
    together; `mix`: whether both may stand in one message. `quick`: suggestions below a message, which go when one is
    taken. `list_rows`: choices behind one button; `list_picture`: a picture may stand above them. `cards`: cards side
    by side; `card_actions` on each, `card_urls` of them addresses (0: all); `cards_alike`: every card has buttons of
    the same kinds; `cards_text`: the longest words above the cards, which must then have some; `card_title` also stands
    alone where one card is a message of its own. `album`: pictures without buttons in one message, 0 or at least 3.
    `rate_per_s` and `burst` for an account, `pair_every_s` between two messages to one customer. `window_h`: hours
    after the customer's last words in which free words may be sent (0: always). `template`: another message can be
    sent outside of it. `deadline_s`: from a request to its answer where the answer is the response, else what a turn
    may take. `reads`: the platform tells what was read. `notice_again_h`: hours without a word after which a bot must
    say again that it is one (0: once is enough)."""

    channel: str
    delivery: str
    text: int
    unit: str = "chars"
    voice: bool = False
    parts: int = 10
    caption: int = 0
    button_text: int = 0
    buttons: int = 0
    url_buttons: int = 0
    total_buttons: int = 0
    mix: bool = False
    button_label: int = 0
    button_value_bytes: int = 0
    url_length: int = 2000
    quick: int = 0
    quick_label: int = 0
    list_rows: int = 0
    list_label: int = 0
    list_picture: bool = False
    row_title: int = 0
    row_text: int = 0
    row_value_bytes: int = 0
    picture: bool = False
    picture_button: bool = False
    picture_bytes: int = 0
    picture_types: tuple[str, ...] = ()
    """Endings of the pictures' names that the platform takes ("png", "jpg"); none said: all."""
    title: int = 0
    cards: int = 0
    cards_least: int = 2
    cards_pictured: bool = False
    card_title: int = 0
    card_text: int = 0
    card_actions: int = 0
    card_urls: int = 0
    cards_alike: bool = False
    cards_text: int = 0
    card_mix: bool = False
    cards_quick: bool = False
    album: int = 0
    location: bool = False
    deadline_s: float = 20.0
    rate_per_s: float = 1.0
    burst: int = 1
    pair_every_s: float = 0.0
    window_h: float = 0.0
    template: bool = False
    notice_again_h: float = 0.0
    delivers: bool = False
    reads: bool = False
    attachment_bytes: int = 0
    languages: tuple[str, ...] = ()
    """The platform's own languages, as base tags; empty: any."""
    hosts: tuple[str, ...] = ()
    """Hosts that the platform owns: nothing is fetched from another."""

    def speaks(self, language: str) -> bool:
        """Whether the platform has the language at all."""
        return not self.languages or language.partition("-")[0] in self.languages


def read_capabilities(package: str) -> Capabilities:
    """The table [capabilities] of the package's `limits.toml`.

    Raises TypeError when it has a name that no capability has, ValueError for a unit that is none."""
    table = tomllib.loads(files(package).joinpath("limits.toml").read_text(encoding="utf-8"))["capabilities"]
    known = {field.name for field in fields(Capabilities)}
    if unknown := set(table) - known:
        raise TypeError(f"{package}/limits.toml: no capability is called {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    made = Capabilities(**values)
    if made.unit not in UNITS:
        raise ValueError(f"{package}/limits.toml: unit {made.unit!r}; write one of {', '.join(UNITS)}")
    return made
