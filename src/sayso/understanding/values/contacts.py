"""Telephone numbers, e-mail addresses and postal codes.

Telephone numbers are judged by `phonenumbers`, the port of Google's library; postal codes by the form of each country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.understanding.values.model import Reading, Value

Found = tuple[str, int, int, str, str]
"""Kind, first character, the character after the last, value, unit (a country)."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
_SPOKEN_AT = re.compile(r"\s(?:at|apenstaartje)\s")
_SPOKEN_DOT = re.compile(r"\s(?:dot|punt)\s")
_SPOKEN = re.compile(
    r"\b[a-z0-9](?:[a-z0-9_+-]| (?:dot|punt) )*\s(?:at|apenstaartje)\s[a-z0-9-]+(?:\s(?:dot|punt)\s[a-z0-9-]+)+\b", re.I
)
_POSTCODES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("NL", re.compile(r"\b([1-9]\d{3})\s?(?!SA|SD|SS)([A-Z]{2})\b", re.I)),
    ("GB", re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[ABD-HJLNP-UW-Z]{2})\b", re.I)),
    ("CA", re.compile(r"\b([ABCEGHJ-NPRSTVXY]\d[A-Z])[\s-]?(\d[A-Z]\d)\b", re.I)),
    ("US", re.compile(r"\b(\d{5})(-\d{4})?\b")),
    ("BE", re.compile(r"\b(?:B-)?([1-9]\d{3})()\b", re.I)),
)
_JOINTS = {"NL": "", "GB": " ", "CA": " ", "US": "", "BE": ""}
_CUES = re.compile(r"(?:post ?code|postal code|zip(?: ?code)?)\W+(?:is\W+)?$", re.I)


def phones(text: str, country: str) -> Iterator[Found]:
    """Numbers that can be dialled from `country`, as E.164."""
    if sum(map(str.isdigit, text)) < 6:
        return
    from phonenumbers import (
        Leniency,
        PhoneNumberFormat,
        PhoneNumberMatcher,
        format_number,
        region_code_for_number,
    )

    for hit in PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE, max_tries=20):
        if sum(map(str.isdigit, hit.raw_string)) > 6:
            yield (
                "phone",
                hit.start,
                hit.end,
                format_number(hit.number, PhoneNumberFormat.E164),
                region_code_for_number(hit.number) or "",
            )


def emails(text: str) -> Iterator[Found]:
    """Addresses as they are written, and as they are said: "anna at example dot com"."""
    for hit in _EMAIL.finditer(text):
        yield "email", hit.start(), hit.end(), hit.group().rstrip(".").lower(), ""
    for hit in _SPOKEN.finditer(text):
        said = _SPOKEN_DOT.sub(".", _SPOKEN_AT.sub("@", hit.group().lower()))
        yield "email", hit.start(), hit.end(), said.replace(" ", ""), ""


def postcodes(text: str, country: str) -> Iterator[Value]:
    """Postal codes as values, in order."""
    found = (Value(k, s, e, text[s:e], (Reading(v, unit=u),)) for k, s, e, v, u in coded(text, country))
    yield from sorted(found, key=lambda value: (value.start, -value.end))


def in_parts(code: Value) -> str:
    """A postal code as it is written on a letter: "3512 AB"."""
    return f"{code.best.value[:4]} {code.best.value[4:]}" if code.best.unit == "NL" else code.best.value


def coded(text: str, country: str) -> Iterator[Found]:
    """Postal codes; those that are digits alone count in their own country, or where they are announced, and so do
    those of another country with a small word for letters: "9000 in Gent"."""
    for code, pattern in _POSTCODES:
        for hit in pattern.finditer(text):
            lettered = any(c.isalpha() for c in "".join(g or "" for g in hit.groups()))
            loose = lettered and code != country and " " in hit.group() and not hit.group().isupper()
            if (lettered and not loose) or code == country or _CUES.search(text[: hit.start()]):
                value = _JOINTS[code].join(g.upper() for g in hit.groups() if g)
                yield "postcode", hit.start(), hit.end(), value, code
