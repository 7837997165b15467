"""How each kind of server that speaks Chat Completions wants to be asked for JSON: tables, no client.

Theory. The servers agree on messages and differ in the rest: what demands JSON of a schema, what the limit of the
answer is called, which header carries the key. A `Dialect` is one row of that. Its `forms` are the ways to demand JSON,
the best first; a server that refuses one is asked in the next (`endpoint.py`), and what it took is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
TOLD = "Answer with one JSON object, without anything around it, that fits this JSON Schema: "


@dataclass(frozen=True, slots=True)
class Dialect:
    """`limit`: what the greatest length of an answer is called; `header`: what carries the key; `steady`: a temperature
    may be given (reasoning models refuse one); `cached`: `prompt_cache_key` is understood."""

    forms: tuple[str, ...]
    limit: str = "max_tokens"
    header: str = "Authorization"
    steady: bool = True
    cached: bool = False


DIALECTS: Mapping[str, Dialect] = {
    "openai": Dialect(("schema", "tools", "plain"), "max_completion_tokens", steady=False, cached=True),
    "azure": Dialect(("schema", "tools", "plain"), "max_completion_tokens", "api-key", steady=False, cached=True),
    "ollama": Dialect(("schema", "json", "plain")),
    "vllm": Dialect(("schema", "tools", "plain")),
    "llama.cpp": Dialect(("schema", "object", "plain")),
    "compatible": Dialect(("schema", "object", "tools", "json", "plain")),
}
HOSTS = (
    ("api.openai.com", "openai"),
    (".openai.azure.com", "azure"),
    (".services.ai.azure.com", "azure"),
    (":11434", "ollama"),
)
"""A part of an address -> the dialect that is spoken there."""


def dialect_of(base_url: str, wanted: str = "auto") -> Dialect:
    """The dialect that is `wanted`, or with "auto" the one of the address. Raises KeyError for an unknown name."""
    if wanted != "auto":
        return DIALECTS[wanted]
    if not base_url:
        return DIALECTS["openai"]
    return DIALECTS[next((name for part, name in HOSTS if part in base_url), "compatible")]


def _schema(schema: Json) -> Json:
    wanted = {"name": "commands", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


def _object(schema: Json) -> Json:
    return {"response_format": {"type": "json_object", "schema": schema}}


def _tools(schema: Json) -> Json:
    told = {"name": "commands", "description": "What the customer means", "parameters": schema, "strict": True}
    return {
        "tools": [{"type": "function", "function": told}],
        "tool_choice": {"type": "function", "function": {"name": "commands"}},
        "parallel_tool_calls": False,
    }


FORMS: Mapping[str, Callable[[Json], Json]] = {
    "schema": _schema,
    "object": _object,
    "tools": _tools,
    "json": lambda schema: {"response_format": {"type": "json_object"}},
    "plain": lambda schema: {},
}
_IN_WORDS = frozenset({"json", "plain"})
"""Forms in which the server learns nothing of the schema: the prompt tells it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked: the instructions, which never change; the data and the utterance; the schema of the
    answer and the most tokens that it may have. `key` names whose prompt it is, for the server's cache."""

    system: str
    user: str
    schema: Json
    most: int = 400
    key: str = ""


def body(dialect: Dialect, form: str, model: str, asked: Asked, extra: Json) -> dict[str, Any]:
    """The request's body. `extra` is what the operator adds to every request."""
    system = f"{asked.system}\n{TOLD}{json.dumps(asked.schema)}" if form in _IN_WORDS else asked.system
    messages = [{"role": "system", "content": system}, {"role": "user", "content": asked.user}]
    found: dict[str, Any] = {"model": model, "messages": messages, dialect.limit: asked.most}
    if dialect.steady:
        found["temperature"] = 0
    if dialect.cached and asked.key:
        found["prompt_cache_key"] = asked.key
    return {**found, **FORMS[form](asked.schema), **extra}
