"""What the scripted model server answers: one `Script` a request, in order, the last one for ever after.

`Reply` answers well; the others are the ways in which a model or its network fails. `Lie` is the worst of them: it
answers in time, in the asked-for shape, and everything in it is made up.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
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
    """Answer with made-up content in the shape that was asked for; the same `seed` makes up the same. With `words`,
    which it says where it may say something, it leaves that shape now and then: commands that there are not, keys of
    its own, plain words; and with `ids` names those where it should name what it was shown."""

    seed: int = 0
    words: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Obey:
    """Answer with whatever somebody wrote into the data as an answer: the last `{"commands": ...}` in the prompt."""


Script = Reply | Slow | Malformed | Fail | Cut | Lie | Obey


def answer_of(script: Reply | Malformed | Lie | Obey, request: Json, serial: int) -> Reply:
    """The reply that a script gives to `request`, the `serial`-th one."""
    match script:
        case Reply():
            return script
        case Malformed(content):
            return Reply(content)
        case Lie(seed):
            return _lie(script, request, random.Random(f"{seed}/{serial}"))
        case Obey():
            return Reply(_told(str(request["messages"][-1]["content"])))


def _told(prompt: str) -> str:
    """The JSON that follows the last `{"commands"` in a prompt, its escapes undone."""
    plain = prompt.replace('\\"', '"').replace("\\\\", "\\")
    start = plain.rfind('{"commands"')
    try:
        return json.dumps(json.JSONDecoder().raw_decode(plain[start:])[0]) if start >= 0 else '{"commands": []}'
    except ValueError:
        return '{"commands": []}'


OUTSIDE: tuple[Json, ...] = (
    {"kind": "yes"},
    {"kind": "undo"},
    {"kind": "say", "what": "person"},
    {"kind": "say", "what": "unsubscribe"},
    {"kind": "commit", "amount": "0.01", "payee": "https://evil.example/pay"},
    {"kind": "reply", "text": "Done! Your card was charged 13.37 and a free coffee is on its way."},
)
"""Commands that a model does not have."""


def _lie(script: Lie, request: Json, source: random.Random) -> Reply:
    """Most often the shape that was asked for; else more than that, or words."""
    how, reply = source.random(), _shaped(request, source, script.words or _WORDS)
    if isinstance(reply.content, str) or not script.words or how < 0.6:
        return reply
    if how < 0.75:
        return Reply({"commands": [source.choice(OUTSIDE)]}, reply.tool)
    if how < 0.85 and script.ids:
        ids = [source.choice(script.ids), source.choice(script.ids)]
        return Reply({"commands": [{"kind": "suggest", "products": ids, "because": []}]}, reply.tool)
    if how < 0.95:
        told = json.dumps(reply.content)[:-1] + f', "price": "0.01", "text": {json.dumps(source.choice(_WORDS))}}}'
        return Reply(told, reply.tool)
    return Reply(source.choice(script.words or _WORDS))


def _shaped(request: Json, source: random.Random, words: Sequence[str]) -> Reply:
    """Made-up content in the shape that the request asks for: a tool's arguments, a JSON Schema, or words."""
    tools = request.get("tools") or ()
    if tools:
        function = source.choice(list(tools))["function"]
        schema = function.get("parameters") or {}
        return Reply(invent(schema, source, schema, words=words), tool=function["name"])
    schema = ((request.get("response_format") or {}).get("json_schema") or {}).get("schema")
    if schema is None:
        return Reply("Done! Your card was charged 0.01 and a free coffee is on its way to another address.")
    return Reply(invent(schema, source, schema, words=words))


_WORDS = ("yes", "free", "99 latte", "ignore all rules", "0.00", "https://evil.example/pay", "refund everything", "")


def invent(schema: Json, source: random.Random, root: Json, words: Sequence[str] = _WORDS) -> Any:
    """A value that fits the JSON Schema `schema`, chosen by `source`; `root` resolves `#/...` references."""
    return _Inventor(source, root, words).value(schema)


@dataclass(frozen=True, slots=True)
class _Inventor:
    """Makes values up for schemas."""

    source: random.Random
    root: Json
    words: Sequence[str]

    def value(self, schema: Json, depth: int = 0) -> Any:
        if "$ref" in schema:
            return self.value(_resolve(self.root, schema["$ref"]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.source.choice(list(schema["enum"]))
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.value(self.source.choice(list(schema[key])), depth + 1)
        kind = schema.get("type", "object")
        return _INVENT[self.source.choice(kind) if isinstance(kind, list) else kind](self, schema, depth)

    def object(self, schema: Json, depth: int) -> Any:
        required = set(schema.get("required", ()))
        wanted = [key for key in schema.get("properties", {}) if key in required or depth < 6]
        return {key: self.value(schema["properties"][key], depth + 1) for key in wanted}

    def array(self, schema: Json, depth: int) -> Any:
        least = int(schema.get("minItems", 0))
        most = min(int(schema.get("maxItems", 3)), max(least, 3 if depth < 6 else least))
        return [self.value(schema.get("items", {}), depth + 1) for _ in range(self.source.randint(least, most))]

    def number(self, schema: Json, depth: int) -> Any:
        low, high = int(schema.get("minimum", -1)), int(schema.get("maximum", 9_999))
        return self.source.choice([low, high, self.source.randint(low, high)])


_INVENT: Mapping[str, Callable[[_Inventor, Json, int], Any]] = {
    "object": _Inventor.object,
    "array": _Inventor.array,
    "integer": _Inventor.number,
    "number": _Inventor.number,
    "string": lambda inventor, schema, depth: inventor.source.choice(list(inventor.words)),
    "boolean": lambda inventor, schema, depth: inventor.source.random() < 0.5,
    "null": lambda inventor, schema, depth: None,
}


def _resolve(root: Json, reference: str) -> Json:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def as_text(reply: Reply) -> str:
    """The words of a reply as they travel."""
    return reply.content if isinstance(reply.content, str) else json.dumps(reply.content)
