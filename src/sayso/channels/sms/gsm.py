"""How many messages a text costs: GSM 03.38 with its extension, else UCS-2. Pure.

Source: 3GPP TS 23.038, 6.2.1; 160 characters in one message and 153 in each of several, 70 and 67 in UCS-2. One curly
quote makes a message of 160 characters three: what means the same in GSM 03.38 is written in it.
"""

from __future__ import annotations

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take two places."""

SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
        "…": "...",
        "•": "-",
        "×": "x",
    }
)
"""Characters and what means the same."""

SINGLE, JOINED = {"gsm": 160, "ucs2": 70}, {"gsm": 153, "ucs2": 67}


@dataclass(frozen=True, slots=True)
class Cost:
    """`encoding` "gsm" or "ucs2"; `segments`: messages that are paid for."""

    encoding: str
    segments: int


def cost(text: str) -> Cost:
    """What a text costs."""
    if all(character in BASIC or character in EXTENDED for character in text):
        return Cost("gsm", _segments(sum(1 + (character in EXTENDED) for character in text), "gsm"))
    return Cost("ucs2", _segments(len(text.encode("utf-16-le", "surrogatepass")) // 2, "ucs2"))


def _segments(places: int, encoding: str) -> int:
    return 1 if places <= SINGLE[encoding] else -(-places // JOINED[encoding])


def thrifty(text: str, most: int) -> str:
    """The text with the same meaning where that costs less and is no longer than `most`; else as it is."""
    plain = text.translate(SAME)
    return plain if len(plain) <= most and cost(plain).segments < cost(text).segments else text
