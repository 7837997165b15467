"""Golden conversations: recorded conversations that must not change, as YAML beside the manifests they test.

    merchant: coffee_bar
    now: 2026-11-23T09:00:00+01:00
    conversations:
      - name: two lattes
        turns:
          - say: two lattes please
            expect: {basket: ["2 latte"], pending: confirm}

This file reads them; `expect.py` compares; `runner.py` holds the conversations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sayso.errors import Theirs

INPUTS = ("say", "press", "open", "locate", "wait", "silent", "person", "settled", "price", "pin")
"""What a turn may do; exactly one of them."""

EXPECTATIONS = (
    "reply",
    "not_reply",
    "speech",
    "basket",
    "slots",
    "pending",
    "order",
    "total",
    "buttons",
    "author",
    "topics",
)

Value = Any
"""YAML as it is read, before it is checked."""


@dataclass(frozen=True, slots=True)
class GoldenTurn:
    """One input and what must hold after it. `do` is a word of INPUTS; `value` words, a label, a position, minutes,
    "sku=amount" for a price that the merchant publishes meanwhile, a PIN that the customer set elsewhere."""

    line: int
    do: str
    value: str | float | tuple[float, float]
    expect: Mapping[str, Value] = field(default_factory=dict)
    heard: str | None = None
    """Of a `say`: no more than this of the last words was heard."""


@dataclass(frozen=True, slots=True)
class Golden:
    """One conversation of a file. `now` is where the clock stands when it begins."""

    file: Path
    line: int
    name: str
    merchant: str
    now: datetime
    turns: tuple[GoldenTurn, ...]
    language: str = ""
    channel: str = "web"
    voice: bool | None = None
    customer: str = ""

    @property
    def id(self) -> str:
        """Readable and unique among goldens: folder, file, name."""
        owner = self.file.parent.parent.name if self.file.parent.name == "tests" else self.file.parent.name
        marks = [self.language, self.channel if self.channel != "web" else ""]
        how = "".join(f"[{mark}]" for mark in marks if mark)
        return f"{owner}/{self.file.stem}{how}: {self.name}"


def find(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The golden files among and below `paths`: YAML in a folder called `tests`. Raises Theirs for a missing path."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise Theirs(
                f"{path} does not exist", where=str(path), mend="give a folder with tests/*.yaml, or such a file"
            )
        below = [path] if path.is_file() else sorted(path.glob("**/tests/*.yaml")) + _own(path)
        found.update(dict.fromkeys(below))
    return tuple(found)


def load(path: Path) -> tuple[Golden, ...]:
    """The conversations of one file. Raises Theirs with file and line for what cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or error
        raise _fault(path, mark.line if mark else 0, f"this is not YAML: {what}", "mend the file's syntax") from error
    return tuple(_conversations(path, data))


def _own(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.name == "tests" else []


def _conversations(path: Path, data: Value) -> Iterator[Golden]:
    _known(path, data, ("merchant", "now", "also", "conversations", "schema"), ("merchant", "now", "conversations"))
    merchant, now, also = str(data["merchant"]), _moment(path, data), tuple(map(str, data.get("also") or ()))
    names: set[tuple[str, str, str]] = set()
    for each in data["conversations"] or ():
        golden = _conversation(path, each, merchant, now)
        if (golden.language, golden.channel, golden.name) in names:
            raise _fault(path, golden.line - 1, f"a second conversation {golden.name!r}", "give each its own name")
        names.add((golden.language, golden.channel, golden.name))
        yield golden
        elsewhere = tuple(map(str, each.get("also") or also)) if golden.channel == "web" else ()
        yield from (replace(golden, channel=channel) for channel in elsewhere)


_KEYS = ("name", "merchant", "language", "channel", "also", "voice", "customer", "now", "turns")


def _conversation(path: Path, data: Value, merchant: str, now: datetime) -> Golden:
    _known(path, data, _KEYS, ("name", "turns"))
    return Golden(
        file=path,
        line=_line(data) + 1,
        name=str(data["name"]),
        merchant=str(data.get("merchant") or merchant),
        now=_moment(path, data) if "now" in data else now,
        turns=tuple(_turn(path, turn) for turn in data["turns"] or ()),
        language=str(data.get("language") or ""),
        channel=str(data.get("channel") or "web"),
        voice=data.get("voice"),
        customer=str(data.get("customer") or ""),
    )


def _turn(path: Path, data: Value) -> GoldenTurn:
    _known(path, data, (*INPUTS, "expect", "heard"))
    does = [key for key in INPUTS if key in data]
    if len(does) != 1:
        raise _fault(path, _line(data), "a turn does exactly one thing", f"write one of {', '.join(INPUTS)}")
    expect = data.get("expect") or {}
    _known(path, expect, EXPECTATIONS)
    heard = str(data["heard"]) if "heard" in data else None
    return GoldenTurn(_line(data) + 1, does[0], _input(path, data, does[0]), dict(expect), heard)


def _input(path: Path, data: Value, do: str) -> str | float | tuple[float, float]:
    value = data[do]
    if do == "wait":
        return _minutes(path, data, value)
    if do == "locate":
        if not isinstance(value, Sequence) or len(value) != 2:
            raise _fault(path, _line(data), f"a position is not {value!r}", "write locate: [52.37, 4.89]")
        return float(value[0]), float(value[1])
    if do == "price":
        return _prices(path, data, value)
    return str(value)


def _prices(path: Path, data: Value, value: Value) -> str:
    """ "latte=4.20 muffin=2.95" of {latte: "4.20", muffin: "2.95"}."""
    if not isinstance(value, Mapping) or not value:
        raise _fault(path, _line(data), f"{value!r} are no prices", 'write price: {latte: "4.20"}')
    return " ".join(f"{sku}={amount}" for sku, amount in value.items())


_UNITS = {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}


def _minutes(path: Path, data: Value, value: Value) -> float:
    """Minutes of "90s", "60m", "2h", "1d", or a bare number of minutes."""
    text = str(value)
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "m")
    try:
        return float(number) * _UNITS[unit]
    except ValueError:
        raise _fault(path, _line(data), f"{text!r} is not a time to wait", "write wait: 60m (or s, h, d)") from None


def _moment(path: Path, data: Value) -> datetime:
    value = data["now"]
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        mend = "write a moment with its offset: 2026-11-23T09:00:00+01:00"
        raise _fault(path, _line(data, "now"), f"{value} is not a moment", mend)
    return datetime.fromtimestamp(moment.timestamp(), UTC)


def _known(path: Path, data: Value, known: Sequence[str], required: Sequence[str] = ()) -> None:
    if not isinstance(data, Mapping):
        raise _fault(path, 0, f"{data!r} is not a mapping", f"write keys: {', '.join(known)}")
    for key in data:
        if key not in known and not str(key).startswith("x-"):
            near = get_close_matches(str(key), known, 1)
            mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise _fault(path, _line(data, key), f"unknown key {key!r}", mend)
    for key in required:
        if key not in data:
            raise _fault(path, _line(data), f"{key!r} is missing", f"add {key}:")


def _line(data: Value, key: Value = None) -> int:
    """The 0-based line of a mapping or of one of its keys."""
    mark = getattr(data, "lc", None)
    if mark is None:
        return 0
    return int(mark.key(key)[0] if key is not None else mark.line)


def _fault(path: Path, line: int, what: str, mend: str) -> Theirs:
    return Theirs(what, where=f"{path}:{line + 1}", mend=mend, code="golden")
