"""Outside of the window only a message that WhatsApp has approved may be sent: which, by language. Pure.

A manifest names one for each language; `parameters: 1` says that its body has one place for words, which get the
message's, on one line and cut where they are too long. What has no room in it follows when the customer answers.
"""

from __future__ import annotations

from typing import Any

from sayso.channels.contract import Account, Message

MOST = 800
"""Characters of a body's parameter, in UTF-16 units: a body has 1024 with its own words (FBD message-templates)."""


def templated(message: Message, language: str, account: Account) -> dict[str, Any] | None:
    """The message's template in the conversation's language; None when the manifest has none."""
    tag = next((tag for tag in (language, language.partition("-")[0]) if account.text(f"templates_{tag}_name")), "")
    if not tag:
        return None
    named = f"templates_{tag}_"
    components = [_body(message)] if account.text(f"{named}parameters", "0") == "1" else []
    code = account.text(f"{named}code", tag.replace("-", "_"))
    made: dict[str, Any] = {"name": account.text(f"{named}name"), "language": {"code": code}}
    return {"type": "template", "template": {**made, "components": components} if components else made}


def _body(message: Message) -> dict[str, Any]:
    """New lines, tabs and runs of spaces are refused in a parameter."""
    words = " ".join(message.text.split()) or "…"
    return {"type": "body", "parameters": [{"type": "text", "text": _cut(words)}]}


def _cut(words: str) -> str:
    while len(words.encode("utf-16-le")) // 2 > MOST:
        words = words[: MOST - 1].rpartition(" ")[0] or words[: MOST // 2]
        words = words.rstrip("… ") + "…"
    return words
