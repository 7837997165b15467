"""From raw text to tokens: cleaned, folded, bounded. Nothing that a customer can type makes this fail or slow."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 800
"""What is analysed of one utterance; an order is shorter, and time stays bounded whatever is pasted."""
MAX_TOKENS = 160

_CODE = r"(?<!\w)[A-WYZa-wyz]\d{3}(?!\w)"
"""The number of an order, as we give them: it counts nothing."""
_TOKEN = re.compile(_CODE + r"|(?<![\w-])-\d+|\d+e\d+\b|\d+(?:[:.,/]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)*'?|[^\w\s]|_+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "½": " half "})
_HYPHEN = re.compile(r"(?<=[^\W_])[-‐‑–](?=[^\W_])")
_SHORT = (
    (re.compile(r"\. ?,"), ","),
    (re.compile(r"\bw/o\b", re.I), "without"),
    (re.compile(r"\bw/ ?(?=[a-z])", re.I), "with "),
)
_PAUSE = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: `text` as written, `key` folded (lower case, no diacritics or apostrophes; "" for a mark)."""

    text: str
    key: str
    start: int
    end: int

    @property
    def mark(self) -> bool:
        return not self.key

    @property
    def pause(self) -> bool:
        """It ends a sentence."""
        return self.text in _PAUSE


def clean(text: str) -> str:
    """`text` without control, format and zero-width characters, in NFC, spaces collapsed, at most MAX_CHARS long."""
    composed = unicodedata.normalize("NFC", text[: MAX_CHARS * 4]).translate(_APOSTROPHES)
    kept = "".join(" " if ch.isspace() else ch for ch in composed if ch.isspace() or _printable(ch))
    collapsed = " ".join(kept.split())
    for short, long in _SHORT:
        collapsed = short.sub(long, collapsed)
    if len(collapsed) <= MAX_CHARS:
        return collapsed
    return collapsed[:MAX_CHARS].rpartition(" ")[0] or collapsed[:MAX_CHARS]


def _printable(ch: str) -> bool:
    # Sk holds the skin tones of emoji: a thumb up is a yes in every colour.
    return unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co", "Cn") and not 0x1F3FB <= ord(ch) <= 0x1F3FF


def fold(text: str) -> str:
    """Lower case, without diacritics and apostrophes: "Één café" is "een cafe"."""
    if text.isascii():
        return text.lower().replace("'", "")
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(ch for ch in spread if not unicodedata.combining(ch)).replace("'", "")


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a cleaned text; a hyphen inside a word separates ("half-decaf" is two words)."""
    spaced = _HYPHEN.sub(" ", text)
    found = []
    for match in _TOKEN.finditer(spaced):
        word = match.group().strip("'") or match.group()
        key = fold(word) if any(ch.isalnum() for ch in word) or not word.isascii() or word in "&+" else ""
        found.append(Token(match.group(), key, match.start(), match.end()))
        if len(found) == MAX_TOKENS:
            break
    return tuple(found)


def keys(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase, marks left out."""
    return tuple(token.key for token in tokens(clean(phrase)) if token.key)
