"""The JSON Schemas of the manifests: validation in our own words, and a walk that finds what a schema names.

A schema names its value types in `$defs` ("text", "amount", "zone", ...). `walk` yields every value with the name that
its schema gives it, so that a check on all texts or all amounts need not know where they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from sayso.manifest.faults import Fault, Path_, Source, did_you_mean

NAMES = ("merchant", "skill", "answers", "conversations")
Found = tuple[str, Path_, Any]


def schema_text(name: str) -> str:
    """The published JSON Schema of "merchant", "skill", "answers" or "conversations"."""
    return files("sayso.manifest").joinpath("schemas", f"{name}.schema.json").read_text("utf-8")


@lru_cache(maxsize=8)
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(name)))


def schema_faults(source: Source, name: str) -> tuple[Fault, ...]:
    """Everything in which the document differs from its schema."""
    errors = _validator(name).iter_errors(source.data)
    return tuple(sorted({fault for error in errors for fault in _faults(source, error)}))


def walk(name: str, data: object) -> Iterator[Found]:
    """Every value that the schema gives a name: (name, where, value)."""
    schema: Any = _validator(name).schema
    yield from _walk(schema, schema["$defs"], data, ())


def _walk(schema: Any, defs: Mapping[str, Any], data: object, at: Path_) -> Iterator[Found]:
    if not isinstance(schema, Mapping):
        return
    if reference := schema.get("$ref"):
        named = reference.rpartition("/")[2]
        yield named, at, data
        yield from _walk(defs[named], defs, data, at)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _walk(_schema_of(schema, key), defs, value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _walk(schema.get("items"), defs, value, (*at, index))


def _schema_of(schema: Mapping[str, Any], key: str) -> Any:
    known = schema.get("properties", {})
    return known[key] if key in known else schema.get("additionalProperties")


def _faults(source: Source, error: Any) -> Iterator[Fault]:
    at: Path_ = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        name = str(error.instance)
        what, mend = _bad_name(name, str(error.validator_value))
        yield source.fault((*at, name), what, mend, "bad_name")
    elif error.validator == "additionalProperties":
        yield from _unknown_keys(source, error, at)
    elif error.validator == "required" and at[:-1] == ("channels",) and error.validator_value == ["account"]:
        yield _unknown_channel(source, at)
    elif error.validator == "required":
        yield from _missing_keys(source, error, at)
    else:
        describe = WORDS.get(str(error.validator), _otherwise)
        what, mend = describe(error)
        yield source.fault(at, what, mend, str(error.validator))


def _unknown_keys(source: Source, error: Any, at: Path_) -> Iterator[Fault]:
    schema: Mapping[str, Any] = error.schema
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key in error.instance:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            yield source.fault(
                (*at, key), f'the key "{key}" is not known here', did_you_mean(key, known), "unknown_key"
            )


def _missing_keys(source: Source, error: Any, at: Path_) -> Iterator[Fault]:
    schema: Mapping[str, Any] = error.schema
    for key in error.validator_value:
        if key not in error.instance:
            about = schema.get("properties", {}).get(key, {})
            note = about.get("description", "") if isinstance(about, Mapping) else ""
            mend = f"add {key}: {note}" if note else f"add {key}:"
            yield source.fault(at, f'the key "{key}" is missing', mend, "missing_key")


def _unknown_channel(source: Source, at: Path_) -> Fault:
    """A channel of another package has an `account`: without one the name is rather misspelt."""
    schema: Any = _validator("merchant").schema
    known = schema["properties"]["channels"]["properties"]
    mend = f"{did_you_mean(str(at[-1]), known)} A channel of an installed package needs `account`"
    return source.fault(at, f'the key "{at[-1]}" is not known here', mend, "unknown_key")


Words = tuple[str, str]


def _bad_name(name: str, pattern: str) -> Words:
    if "A-Za-z0-9]{2,8}" in pattern:
        return f'"{name}" is not a language tag', "write a BCP-47 tag such as en, nl or nl-BE"
    return f'"{name}" is not an id', "use small letters, digits and underscores, beginning with a letter: oat_milk"


TYPES = {
    "object": "a mapping of keys to values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
FOUND: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (dict, "a mapping"),
    (type(None), "nothing"),
)


def _type(error: Any) -> Words:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    found = next(words for kind, words in FOUND if isinstance(error.instance, kind))
    what = f"here belongs {' or '.join(TYPES[kind] for kind in wanted)}, not {found}"
    if "string" in wanted and isinstance(error.instance, int | float):
        return what, f'put it between quotes: "{str(error.instance).lower()}"'
    return what, _description(error) or f"write {TYPES[wanted[0]]}"


def _enum(error: Any) -> Words:
    allowed = [str(value) for value in error.validator_value]
    return f'"{error.instance}" is not one of {", ".join(allowed)}', did_you_mean(str(error.instance), allowed)


def _const(error: Any) -> Words:
    return f'"{error.instance}" must be "{error.validator_value}"', f"write {error.validator_value}"


def _pattern(error: Any) -> Words:
    return f'"{error.instance}" is not written as it must be', _description(error) or "look at the schema"


def _bound(error: Any) -> Words:
    few = "least" if str(error.validator) == "minimum" else "most"
    return f"{error.instance} is out of range", f"it is at {few} {error.validator_value}"


def _too_few(error: Any) -> Words:
    return "it is empty", _description(error) or f"write at least {error.validator_value}"


def _too_many(error: Any) -> Words:
    return f"it is longer than {error.validator_value}", "make it shorter"


def _unique(error: Any) -> Words:
    return "an entry is written twice", "keep one of each"


def _otherwise(error: Any) -> Words:
    return f"it does not fit its schema ({error.validator})", _description(error)


def _description(error: Any) -> str:
    schema = error.schema
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


WORDS: Mapping[str, Callable[[Any], Words]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minimum": _bound,
    "maximum": _bound,
    "minItems": _too_few,
    "minLength": _too_few,
    "minProperties": _too_few,
    "maxItems": _too_many,
    "maxLength": _too_many,
    "uniqueItems": _unique,
}
