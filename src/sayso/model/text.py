"""Words in several languages, keyed by BCP-47 language tag ("en", "nl", "nl-BE")."""

from __future__ import annotations

from collections.abc import Mapping

Translations = Mapping[str, str]
"""A text per language tag."""


def pick(texts: Translations, language: str) -> str:
    """The text for `language`, else for its base language, else any (the first declared).

    Raises KeyError when there is no text at all.
    """
    found = texts.get(language) or texts.get(language.partition("-")[0])
    if found is not None:
        return found
    for text in texts.values():
        return text
    raise KeyError(f"no text in any language, wanted {language!r}")
