"""What the scripted model server answers: one `Script` a request, in order, the last one for ever after.

`Reply` answers well; the others are the ways in which a model or its network fails. `Lie` is the worst of them: it
answers in time, in the asked-for shape, and everything in it is made up.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer with `content`: a text, or data that is sent as JSON. With `tool` it is sent as a call of that tool."""

    content: str | Json
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Slow:
    """Answer `then` only after `seconds`, or never when the client leaves before."""

    seconds: float
    then: Reply


@dataclass(frozen=True, slots=True)
class Malformed:
    """Answer 200 with a completion whose content is not the JSON that was asked for."""

    content: str = '{"commands": [{"kind": "add", "items": '


@dataclass(frozen=True, slots=True)
class Fail:
    """Answer with an HTTP error: 429 (with Retry-After), 500, 503, ..."""

    status: int
    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class Lie:
    """Answer in the shape that was asked for, with made-up content; the same `seed` makes up the same."""

    seed: int = 0


Script = Reply | Slow | Malformed | Fail | Cut | Lie


def answer_of(script: Reply | Malformed | Lie, request: Json, serial: int) -> Reply:
    """The reply that a script gives to `request`, the `serial`-th one."""
    match script:
        case Reply():
            return script
        case Malformed(content):
            return Reply(content)
        case Lie(seed):
            return _lie(request, random.Random(f"{seed}/{serial}"))


def _lie(request: Json, source: random.Random) -> Reply:
    """Made-up content in the shape that the request asks for: a tool's arguments, a JSON Schema, or words."""
    tools = request.get("tools") or ()
    if tools:
        function = source.choice(list(tools))["function"]
        schema = function.get("parameters") or {}
        return Reply(invent(schema, source, schema), tool=function["name"])
    schema = ((request.get("response_format") or {}).get("json_schema") or {}).get("schema")
    if schema is None:
        return Reply("Done! Your card was charged 0.01 and a free coffee is on its way to another address.")
    return Reply(invent(schema, source, schema))


_WORDS = ("yes", "free", "99 latte", "ignore all rules", "0.00", "https://evil.example/pay", "refund everything", "")


def invent(schema: Json, source: random.Random, root: Json, depth: int = 0) -> Any:
    """A value that fits the JSON Schema `schema`, chosen by `source`; `root` resolves `#/...` references."""
    if "$ref" in schema:
        return invent(_resolve(root, schema["$ref"]), source, root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return source.choice(list(schema["enum"]))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return invent(source.choice(list(schema[key])), source, root, depth + 1)
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = source.choice(kind)
    return _INVENT[kind](schema, source, root, depth)


def _object(schema: Json, source: random.Random, root: Json, depth: int) -> Any:
    required = set(schema.get("required", ()))
    wanted = [key for key in schema.get("properties", {}) if key in required or depth < 6]
    return {key: invent(schema["properties"][key], source, root, depth + 1) for key in wanted}


def _array(schema: Json, source: random.Random, root: Json, depth: int) -> Any:
    least = int(schema.get("minItems", 0))
    most = min(int(schema.get("maxItems", 3)), max(least, 3 if depth < 6 else least))
    return [invent(schema.get("items", {}), source, root, depth + 1) for _ in range(source.randint(least, most))]


def _integer(schema: Json, source: random.Random, root: Json, depth: int) -> Any:
    low, high = int(schema.get("minimum", -1)), int(schema.get("maximum", 9_999))
    return source.choice([low, high, source.randint(low, high)])


_INVENT: Mapping[str, Callable[[Json, random.Random, Json, int], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _integer,
    "number": _integer,
    "string": lambda schema, source, root, depth: source.choice(_WORDS),
    "boolean": lambda schema, source, root, depth: source.random() < 0.5,
    "null": lambda schema, source, root, depth: None,
}


def _resolve(root: Json, reference: str) -> Json:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def as_text(reply: Reply) -> str:
    """The words of a reply as they travel."""
    return reply.content if isinstance(reply.content, str) else json.dumps(reply.content)
