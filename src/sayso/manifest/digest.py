"""The address of content: SHA-256 over canonical JSON. The order of a mapping counts, as it does on a menu."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any


def digest(content: object) -> str:
    """64 hexadecimal digits that name `content`: dataclasses, mappings, sequences, texts, numbers, dates, bytes."""
    text = json.dumps(canonical(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(content: object) -> Any:
    if content is None or isinstance(content, str | int | float):
        return content
    if isinstance(content, Mapping):
        return {"map": [[str(key), canonical(value)] for key, value in content.items()]}
    if is_dataclass(content) and not isinstance(content, type):
        name = type(content).__name__
        return {name: [[each.name, canonical(getattr(content, each.name))] for each in fields(content)]}
    if isinstance(content, date | time):
        return content.isoformat()
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    if isinstance(content, tuple | list):
        return [canonical(each) for each in content]
    raise TypeError(f"no canonical form for {type(content).__name__}")
