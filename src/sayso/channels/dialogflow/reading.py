"""A JSON object and where it is, for errors that name the place.

Source: the classes of google-cloud-dialogflow(-cx). Protocol buffers' JSON has each field in camelCase or as it is
declared, in snake_case: both are read. Unknown properties are ignored, as real requests have undocumented ones; `null`
counts as absent; a property of a wrong type is refused with its JSON pointer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from sayso.channels.dialogflow.limits import RequestLimits
from sayso.errors import Theirs

_KINDS: Mapping[type, str] = {dict: "an object", list: "a list", str: "another text", bool: "true or false"}


def read(body: bytes, limits: RequestLimits) -> Reader:
    """The object in `body`. Raises errors.Theirs: 413 when it is too large, 400 when it is no JSON object."""
    if len(body) > limits.max_bytes:
        raise Theirs(
            f"the body has {len(body)} bytes, at most {limits.max_bytes} are read",
            where="body",
            mend="send the request as Dialogflow made it",
            code="too_large",
            status=413,
        )
    try:
        found = Reader(orjson.loads(body), "", limits)
    except orjson.JSONDecodeError as error:
        raise Theirs(f"the body is not JSON: {error}", where="body", mend="send UTF-8 JSON", code="not_json") from None
    if not isinstance(found.value, dict):
        raise Theirs(
            "the body is no JSON object", where="/", mend="send the request as Dialogflow made it", code="wrong_type"
        )
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """The object `value`, found at the pointer `where`."""

    value: Any
    where: str
    limits: RequestLimits

    @property
    def raw(self) -> Mapping[str, Any]:
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise Theirs(
                f"{self.where or '/'} is {_kind(self.value)}, an object is needed",
                where=self.where or "/",
                mend="send the request as Dialogflow made it",
                code="wrong_type",
            )
        return self.value

    def has(self, *keys: str) -> bool:
        return any(self.get(key) is not None for key in keys)

    def get(self, key: str) -> Any:
        """The value of a field, given in camelCase."""
        raw = self.raw
        found = raw.get(key)
        return raw.get(snake(key)) if found is None else found

    def object(self, key: str) -> Reader:
        return Reader(self.get(key), f"{self.where}/{key}", self.limits)

    def each(self, key: str) -> Iterator[Reader]:
        """The objects in the list at `key`; none when it is absent."""
        value = self.get(key)
        if value is None:
            return iter(())
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return (Reader(item, f"{self.where}/{key}/{i}", self.limits) for i, item in enumerate(value))

    def words(self, key: str) -> str:
        """An identifier, without the spaces around it; "" when it is absent."""
        return self._text(key, self.limits.max_identifier).strip()

    def spoken(self, key: str) -> str:
        """What somebody said, without control characters."""
        return clean(self._text(key, self.limits.max_words))

    def _text(self, key: str, most: int) -> str:
        value = self.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most:
            raise self.wrong(key, f"a text of at most {most} characters")
        return value

    def wrong(self, key: str, wanted: str) -> Theirs:
        return Theirs(
            f"{self.where}/{key} is {_kind(self.get(key))}, wanted {wanted}",
            where=f"{self.where}/{key}",
            mend="send the request as Dialogflow made it",
            code="malformed",
        )


def snake(key: str) -> str:
    """`languageCode` as protocol buffers declare it: `language_code`."""
    return re.sub("([A-Z])", lambda found: f"_{found[0].lower()}", key)


def clean(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words).strip()


def wording(value: Any) -> str:
    """A parameter's value as it would be said: system entities are numbers, lists and small objects."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, str):
        return clean(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ", ".join(said for said in map(_scalar, parts) if said)


def _scalar(value: Any) -> str:
    return "" if isinstance(value, dict | list) else wording(value)


def _kind(value: Any) -> str:
    return "absent" if value is None else _KINDS.get(type(value), "a number")
