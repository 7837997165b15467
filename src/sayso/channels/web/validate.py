"""Bytes of a request to plain data that fits its schema, or an error that says where and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from sayso.channels.web.schemas import REQUESTS, Schema
from sayso.errors import Theirs


def decode(body: bytes, schema: str) -> dict[str, Any]:
    """The body as data of the named request schema. Raises Theirs (400) with a JSON pointer in `where`."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Theirs(
            f"the body is not JSON: {error.msg}",
            where=f"line {error.lineno}, column {error.colno}",
            mend="Send one JSON object, in UTF-8.",
            code="bad_json",
        ) from error
    if not isinstance(data, dict):
        raise Theirs("the body is not a JSON object", where="/", mend="Send {...}.", code="bad_body")
    check(data, _chosen(data, schema))
    return data


def check(data: Mapping[str, Any], schema: Schema) -> None:
    """Raises Theirs for the first fault, in the order of the document."""
    faults = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda fault: fault.json_path)
    for fault in faults:
        where = pointer(fault.absolute_path)
        raise Theirs(f"{where}: {_short(fault)}", where=where, mend=_mend(fault), code="bad_body")


def pointer(path: Iterable[str | int]) -> str:
    """An RFC 6901 pointer; "/" for the whole document."""
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _chosen(data: Mapping[str, Any], name: str) -> Schema:
    """The schema; for one that branches on `type`, the branch: its faults say more than "none fits"."""
    schema = REQUESTS[name]
    mapping: Mapping[str, str] = schema.get("discriminator", {}).get("mapping", {})
    if not mapping:
        return schema
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in mapping:
        known = ", ".join(mapping)
        raise Theirs("/type: is not a kind of event", where="/type", mend=f"Write one of: {known}.", code="bad_body")
    return REQUESTS[mapping[kind].rpartition("/")[2]]


def _short(fault: ValidationError) -> str:
    """What is wrong, without repeating a long or private value."""
    return WRONG.get(str(fault.validator), "does not fit its schema")


def _mend(fault: ValidationError) -> str:
    schema: Any = fault.schema
    if fault.validator == "additionalProperties":
        return f"Allowed here: {', '.join(schema['properties']) or 'nothing'}."
    if fault.validator == "required":
        return f"Required here: {', '.join(schema['required'])}."
    return f"Write what fits {fault.validator} {fault.validator_value!s:.120}."


WRONG: Mapping[str, str] = {
    "type": "has the wrong type",
    "required": "lacks a required property",
    "additionalProperties": "has a property that is not known",
    "maxLength": "is too long",
    "minLength": "is too short",
    "pattern": "has characters or a form that is not allowed",
    "minimum": "is too small",
    "maximum": "is too large",
    "const": "is not the value that is expected",
    "enum": "is not one of the values that are expected",
}
