"""The form that Twilio posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from sayso.channels.contract import Theirs, identifier, small, told

Form = Mapping[str, str]
"""The first value of each field."""

MOST_FIELDS = 300


def read_form(body: bytes, most: int) -> Sequence[tuple[str, str]]:
    """Every field in its order, repeated ones too. Raises Theirs: 413 for more than `most` bytes, 400 for no form."""
    small(body, most)
    try:
        return parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise Theirs("the body is no form", where="body", mend="send what Twilio made", code="not_a_form") from error


def first(fields: Sequence[tuple[str, str]]) -> Form:
    found: dict[str, str] = {}
    for name, value in fields:
        found.setdefault(name, value)
    return found


def id_of(form: Form, name: str) -> str:
    """The id in a field, "" where there is none."""
    return identifier(form, name, 64)


def words_of(form: Form, name: str) -> str:
    """The words in a field, cleaned."""
    return told(form, name).strip()
