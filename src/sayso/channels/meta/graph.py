"""Calls of the Graph API and what its answers mean. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import orjson

from sayso.channels.contract import (
    Account,
    Call,
    NotFound,
    Outcome,
    Theirs,
    identifier,
    inner,
    items,
    json_object,
    told,
)

REASON = 300
"""Characters of an error's text that staff see."""


@dataclass(frozen=True, slots=True)
class Graph:
    """`errors`: code -> (state, seconds); `body_bytes`: the largest webhook that is read."""

    version: str
    facebook: str
    instagram: str
    body_bytes: int
    errors: Mapping[str, tuple[str, float]]

    @property
    def closed(self) -> frozenset[str]:
        """Codes that say that the window is."""
        return frozenset(code for code, (state, _) in self.errors.items() if state == "window")


def read_graph() -> Graph:
    """The table of `graph.toml`."""
    table = tomllib.loads(files(__package__).joinpath("graph.toml").read_text(encoding="utf-8"))
    errors = {code: (str(state), float(after)) for code, (state, after) in table["errors"].items()}
    return Graph(table["version"], table["facebook"], table["instagram"], table["body_bytes"], errors)


def post(host: str, path: str, payload: Mapping[str, Any], graph: Graph, account: Account) -> Call:
    """A POST of JSON with the account's access token. Raises NotFound when the host does not have one."""
    version = account.text("api_version", graph.version)
    headers = {"Authorization": f"Bearer {account.secret('access_token')}", "Content-Type": "application/json"}
    return Call("POST", f"{host}/{version}/{path}", headers, orjson.dumps(payload))


def can_call(account: Account) -> bool:
    """Whether the host has the account's access token."""
    try:
        return bool(account.secret("access_token"))
    except NotFound:
        return False


def outcome(status: int, headers: Mapping[str, str], body: bytes, graph: Graph) -> Outcome:
    """What became of a message. An answer without an error that is no success comes from something between Meta and
    us: what it did with the message is not known, but for the statuses that say so."""
    try:
        data = json_object(body, graph.body_bytes)
    except Theirs:
        data = {}
    if error := inner(data, "error"):
        return _failed(error, status, headers, graph)
    if 200 <= status < 300:
        return Outcome("sent", _native(data))
    wait = _wait(headers, 30.0)
    if status in (429, 503):
        return Outcome("retry", after_s=wait, reason=f"HTTP {status}", code=str(status))
    state = "token" if status == 401 else "unknown" if status >= 500 or status == 408 else "failed"
    return Outcome(state, reason=f"HTTP {status}", code=str(status))


def _native(data: Mapping[str, Any]) -> str:
    """WhatsApp: messages[0].id; Messenger and Instagram: message_id."""
    first = next(iter(items(data, "messages")), None)
    return identifier(first, "id", 512) or identifier(data, "message_id", 512)


def _failed(error: Mapping[str, Any], status: int, headers: Mapping[str, str], graph: Graph) -> Outcome:
    code, sub = identifier(error, "code", 20), identifier(error, "error_subcode", 20)
    reason = told(inner(error, "error_data"), "details", REASON) or told(error, "message", REASON)
    known = graph.errors.get(f"{code}/{sub}") or graph.errors.get(code)
    if known is None:
        again = error.get("is_transient") is True or status in (429, 503) or status >= 500
        known = ("retry", 30.0) if again else ("failed", 0.0)
    state, after = known
    after = _wait(headers, after) if state == "retry" else 0.0
    return Outcome(state, after_s=after, reason=reason, code=f"{code}/{sub}" if sub else code)


def _wait(headers: Mapping[str, str], least: float) -> float:
    """Seconds: what the platform asks for, at least `least`, at most an hour."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(3600.0, max(least, float(said))) if said.isascii() and said.isdigit() else least
