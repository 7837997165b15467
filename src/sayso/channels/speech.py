"""What a loudspeaker says: plain words as safe SSML, within a limit.

Text comes from manifests, catalogs and customers, so it is data: markup in it is taken out or escaped, never
interpreted. Alexa refuses a whole response for one unknown tag (INVALID_RESPONSE); every voice reads URLs and emoji
out.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

_MARKUP = re.compile(r"<[^<>]{0,500}>|```|`|\*\*|__|~~|^#{1,6} |^[ \t]*[-*•] ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\s]{1,2000}\)")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’)])\s+")
_SILENT = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf"})
"""Unicode categories that are not spoken: pictures, modifiers, controls."""
_OPEN, _CLOSE = "<speak>", "</speak>"


def spoken(text: str) -> str:
    """`text` of a screen as words only: each line a sentence, without markup, addresses and pictures."""
    bare = _URL.sub("", _LINK.sub(r"\1", text))
    lines = (_sentence(_words(line)) for line in _MARKUP.sub("", bare).splitlines())
    return " ".join(line for line in lines if line)


def _words(line: str) -> str:
    kept = (c if unicodedata.category(c) not in _SILENT and c != "\ufe0f" else " " for c in line)
    return " ".join("".join(kept).split())


def _sentence(line: str) -> str:
    return line if not line or line[-1] in ".!?,:;…" else f"{line}."


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in order."""
    return [part for part in (piece.strip() for piece in _END.split(text)) if part]


def question(text: str) -> str:
    """The last question in `text`, else its last sentence."""
    said = sentences(text)
    return next((s for s in reversed(said) if s.rstrip("\"'”’)").endswith("?")), said[-1] if said else "")


def ssml(text: str, most: int, *, keep_last: bool = False) -> str:
    """`text` as SSML of at most `most` characters, cut at the end of a sentence. `keep_last`: the last sentence is the
    question that the microphone opens for, so the cut is made before it."""
    whole = _OPEN + _safe(text) + _CLOSE
    return whole if len(whole) <= most else _OPEN + _cut(text, most - len(_OPEN) - len(_CLOSE), keep_last) + _CLOSE


def _cut(text: str, most: int, keep_last: bool) -> str:
    said = [_safe(sentence) for sentence in sentences(text)]
    last = said.pop() if keep_last and len(said) > 1 and len(said[-1]) < most else ""
    room, kept = most - len(last) - 1, ""
    for sentence in said:
        if len(kept) + 1 + len(sentence) > room:
            break
        kept = f"{kept} {sentence}".strip()
    if not kept and not last:
        kept = _safe(text[: most // 6])  # one endless sentence: `&quot;` is the longest escape, six characters
    return f"{kept} {last}".strip()


def _safe(text: str) -> str:
    """Escaped, on one line, without control characters."""
    return escape(" ".join("".join(c if c.isprintable() else " " for c in text).split()), quote=True)


def plain(text: str, most: int) -> str:
    """`text` for a card: control characters out, lines kept, cut at a line or a word."""
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
    if len(kept) <= most:
        return kept
    cut = kept[: most - 1]
    end = max(cut.rfind("\n"), cut.rfind(" "))
    return cut[: end if end > most // 2 else len(cut)].rstrip() + "…"
