"""What a skill is called on Alexa, and in which languages it can be there. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sayso.channels.alexa.samples import normal
from sayso.errors import Theirs
from sayso.manifest.specs import Artefact
from sayso.model.text import pick

LOCALES: Mapping[str, tuple[str, ...]] = {
    "ar": ("ar-SA",),
    "de": ("de-DE",),
    "en": ("en-US", "en-GB", "en-AU", "en-CA", "en-IN"),
    "es": ("es-ES", "es-MX", "es-US"),
    "fr": ("fr-FR", "fr-CA"),
    "hi": ("hi-IN",),
    "it": ("it-IT",),
    "ja": ("ja-JP",),
    "pt": ("pt-BR",),
}
"""Alexa's languages. Source: Amazon, "Develop Skills in Multiple Languages"."""

_LAUNCH = frozenset(
    {"run", "start", "play", "resume", "use", "launch", "ask", "open", "tell", "load", "begin", "enable"}
)
_JOINING = frozenset(
    {"to", "from", "in", "using", "with", "about", "for", "that", "by", "if", "and", "whether"}
    | {"alexa", "amazon", "echo", "computer", "skill", "app"}
)


def served_languages(artefact: Artefact) -> tuple[str, ...]:
    """The merchant's languages that Alexa speaks. Raises errors.Theirs when there are none."""
    served = tuple(language for language in artefact.merchant.languages if language in LOCALES)
    return served or (speaks(artefact.merchant.languages[0]),)


def speaks(language: str) -> str:
    """The language. Raises errors.Theirs when Alexa lacks it."""
    if language not in LOCALES:
        raise Theirs(
            f"Alexa does not speak {language!r}",
            where="merchant.yaml /languages",
            mend=f"export one of {', '.join(LOCALES)}; {language} stays on the merchant's other channels",
            code="language",
        )
    return language


def invocation_name(artefact: Artefact, language: str) -> str:
    """What customers call the skill: `channels.alexa.invocation_name`, else the merchant's name.

    Raises errors.Theirs when it breaks Amazon's rules for invocation names.
    """
    settings = settings_of(artefact)
    given = str(settings.get(f"invocation_name_{language}") or settings.get("invocation_name") or "")
    name = given or normal(pick(artefact.merchant.names, language), language)
    if fault := _invocation_fault(name):
        raise Theirs(
            f"Alexa does not take the invocation name {name!r}: {fault}",
            where="merchant.yaml /channels/alexa/invocation_name",
            mend='choose two or more plain words, such as "corner coffee bar"',
            code="invocation_name",
        )
    return name


def _invocation_fault(name: str) -> str:
    words = name.split()
    if not re.fullmatch(r"(?:[^\W\d_]|[ .'])+", name) or name != name.lower():
        return "only lower-case letters, spaces, apostrophes and the periods of abbreviations"
    if len(words) < 2:
        return "one word alone is for registered brands"
    if bad := next((w for w in words if w in _LAUNCH or w in _JOINING), ""):
        return f"it may not contain {bad!r}"
    if len(words) == 2 and words[0] in ("a", "an", "the"):
        return "a name of two words may not begin with an article"
    return ""


def settings_of(artefact: Artefact) -> Mapping[str, str | int | bool]:
    """What the merchant's manifest says about Alexa."""
    return next((c.settings for c in artefact.merchant.channels if c.name == "alexa"), {})
