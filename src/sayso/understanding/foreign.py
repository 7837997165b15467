"""What is said in a language that the merchant does not speak: told politely, instead of guessed at.

A script that no language of the merchant is written in tells itself. Among languages of one alphabet two small words
tell, unless the merchant's own languages explain as much of what was said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sayso.model.command import Evidence, Language
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.words import Token

SCRIPTS = {
    "ARABIC": "ar", "HEBREW": "he", "CYRILLIC": "ru", "GREEK": "el", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja",
    "HANGUL": "ko", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "THAI": "th", "ARMENIAN": "hy",
    "GEORGIAN": "ka", "ETHIOPIC": "am",
}  # fmt: skip
"""First word of a letter's Unicode name -> the language that is most likely meant."""
ENOUGH = 2
"""Small words that tell a language."""


def foreign(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Language | None:
    """The language of an utterance, when it is none of the merchant's."""
    spoken = {tag.partition("-")[0] for tag in lexicon.artefact.merchant.languages}
    language = _script(text) or _small_words(toks, lexicon)
    if not language or language in spoken:
        return None
    return Language(language, Evidence(text, "local", 0.8))


def _script(text: str) -> str:
    """The language of a text that has no Latin letter."""
    letters = [ch for ch in text if ch.isalpha()][:40]
    names = [unicodedata.name(ch, "").partition(" ")[0] for ch in letters]
    if not names or "LATIN" in names:
        return ""
    found = [SCRIPTS[name] for name in names if name in SCRIPTS]
    # Japanese is written with Chinese characters, too.
    return "ja" if "ja" in found else max(found, key=found.count) if found else ""


def _small_words(toks: Sequence[Token], lexicon: Lexicon) -> str:
    words = [t.key for t in toks if t.key and not t.key.isdigit()]
    own = sum(lexicon.known(word) for word in words)
    counts = {
        language: sum(word in small and not lexicon.known(word) for word in words)
        for language, small in (lexicon.packs[0].others if lexicon.packs else {}).items()
    }
    best = max(counts, key=lambda language: counts[language], default="")
    return best if best and counts[best] >= max(ENOUGH, own) else ""
