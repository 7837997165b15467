"""Files to data with line numbers; the one place of this package that reads the disk.

YAML 1.2 (so `no` and `on` are words), without anchors and aliases: a manifest says what it means where it says it, and
nothing can be expanded without end. Whatever a file holds, reading ends in data or in Faults, never in an exception.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sayso.manifest.faults import Fault, Path_, Source

LARGEST = 8_000_000
"""Bytes of one file: far above any real manifest."""
DEEPEST = 40
ANCHOR = re.compile(r"[&*]\S")
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row by column name; `line` is where it begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file. `columns` in their order."""

    path: Path
    columns: tuple[str, ...] = ()
    rows: tuple[CsvRow, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_yaml(path: Path) -> Source:
    text, faults = _read_text(path)
    return Source(path, faults=faults) if text is None else parse_yaml(path, text)


def read_csv(path: Path) -> Table:
    text, faults = _read_text(path)
    return Table(path, faults=faults) if text is None else parse_csv(path, text)


def _read_text(path: Path) -> tuple[str | None, tuple[Fault, ...]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        mend = f"make {path.name} beside the manifest, or mend the path"
        return None, (Fault(str(path), 1, "", f"it cannot be read: {reason}", mend, "missing_file"),)
    return decode(path, raw)


def decode(path: Path, raw: bytes) -> tuple[str | None, tuple[Fault, ...]]:
    """UTF-8 text, a byte order mark allowed."""
    if len(raw) > LARGEST:
        return None, (Fault(str(path), 1, "", "it is larger than 8 MB", "split it into smaller files", "too_large"),)
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, (Fault(str(path), line, "", "it is not UTF-8", "save the file as UTF-8", "not_utf8"),)


def parse_yaml(path: Path, text: str) -> Source:
    """The document of a YAML text, which must be a mapping."""
    reader = _Reader(path)
    try:
        node = _compose(text)
        data = reader.build(node, ()) if node is not None else None
    except _Refused as refused:
        return Source(path, faults=(*reader.faults, refused.fault(path)))
    except YAMLError as error:
        return Source(path, faults=(_syntax_fault(path, error),))
    except RecursionError:
        return Source(path, faults=(_too_deep(path, 1),))
    except (ValueError, TypeError, AttributeError, AssertionError, IndexError, KeyError, NotImplementedError) as error:
        # The YAML library itself trips over some broken input; the author still gets a Fault.
        what = f"it is not YAML: {type(error).__name__}"
        return Source(path, faults=(Fault(str(path), 1, "", what, "check quotes, brackets and tabs", "yaml"),))
    if not isinstance(data, dict):
        return Source(path, faults=(*reader.faults, _not_a_mapping(path, data)))
    return Source(path, data, reader.lines, tuple(reader.faults))


def _not_a_mapping(path: Path, data: object) -> Fault:
    what = "it is empty" if data is None else "it is not a mapping of keys to values"
    return Fault(str(path), 1, "", what, 'begin with a line such as "schema: sayso/merchant/1"', "not_a_mapping")


def _too_deep(path: Path, line: int) -> Fault:
    return Fault(str(path), line, "", "it is nested too deeply", "no manifest needs more than a few levels", "too_deep")


class _Refused(Exception):
    def __init__(self, line: int, what: str, mend: str, code: str) -> None:
        super().__init__(what)
        self.line, self.what, self.mend, self.code = line, what, mend, code

    def fault(self, path: Path) -> Fault:
        return Fault(str(path), self.line, "", self.what, self.mend, self.code)


def _compose(text: str) -> Node | None:
    if ANCHOR.search(text):
        _refuse_anchors(text)
    node: Node | None = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    return node


def _refuse_anchors(text: str) -> None:
    """Raises _Refused at the first anchor or alias; reading the events costs as much as composing."""
    for event in YAML(typ="safe", pure=True).parse(io.StringIO(text)):
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1
            raise _Refused(
                line, "anchors and aliases (& and *) are not read", "write the value out, or quote it", "anchor"
            )


def _syntax_fault(path: Path, error: YAMLError) -> Fault:
    if not isinstance(error, MarkedYAMLError):
        what, line = " ".join(str(error).split()), 1
        return Fault(
            str(path), line, "", f"it is not YAML: {what}", "remove the characters that YAML cannot hold", "yaml"
        )
    mark = error.problem_mark or error.context_mark
    what = " ".join(str(error.problem or error.context or "it does not parse").split())
    tab = "\\t" in what or "tab" in what
    mend = "indent with spaces, not tabs" if tab else "check indentation, quotes and brackets on this line and above"
    return Fault(str(path), mark.line + 1 if mark else 1, "", f"it is not YAML: {what}", mend, "yaml")


class _Reader:
    """Builds plain data from YAML nodes, noting lines and repeated keys."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Path_, int] = {}
        self.faults: list[Fault] = []

    def build(self, node: Node, at: Path_) -> object:
        line = node.start_mark.line + 1
        self.lines.setdefault(at, line)
        if len(at) > DEEPEST:
            raise _Refused(line, "it is nested too deeply", "no manifest needs more than a few levels", "too_deep")
        if isinstance(node, MappingNode):
            return self._mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*at, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, at: Path_) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = whole(str(key_node.value)) if isinstance(key_node, ScalarNode) else "?"
            line = key_node.start_mark.line + 1
            if key in found:
                first = self.lines[(*at, key)]
                where = Source(self.path, lines={(*at, key): line})
                what = f'the key "{key}" is written twice, first on line {first}'
                self.faults.append(where.fault((*at, key), what, "keep one of them", "duplicate_key"))
                continue
            self.lines[(*at, key)] = line
            found[key] = self.build(value_node, (*at, key))
        return found


def _integer(text: str) -> object:
    try:
        return int(text.replace("_", ""), 0 if text.lstrip("+-").startswith(("0x", "0o")) else 10)
    except ValueError:
        return text


def _float(text: str) -> object:
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        return text
    return value if abs(value) < 1e15 else text


SCALARS: dict[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:int": _integer,
    "tag:yaml.org,2002:float": _float,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:null": lambda text: None,
}
"""Everything else (dates too) stays the text that was written."""


def _scalar(node: Node) -> object:
    return SCALARS.get(str(node.tag), str)(whole(str(node.value)))


def whole(text: str) -> str:
    """Escaped surrogates ("\\ud83d\\ude00", as JSON writes them) joined to characters; a lone one is replaced."""
    if not SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse_csv(path: Path, text: str) -> Table:
    """The rows of a CSV text with a header line; separated by commas, or by semicolons as Dutch spreadsheets do."""
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    try:
        lines = list(_csv_lines(text, delimiter))
    except csv.Error as error:
        return Table(path, faults=(Fault(str(path), 1, "", f"it is not CSV: {error}", "check the quotes", "csv"),))
    if not lines:
        mend = "begin with a header line: sku,category,name_en,price,..."
        return Table(path, faults=(Fault(str(path), 1, "", "it is empty", mend, "csv"),))
    columns = tuple(cell.strip() for cell in lines[0][1])
    rows, faults = [], list(_header_faults(path, columns))
    for line, cells in lines[1:]:
        if len(cells) > len(columns):
            what = f"the row has {len(cells)} cells, the header {len(columns)}"
            faults.append(
                Fault(str(path), line, "", what, 'put a cell that holds a comma between quotes: "a, b"', "csv")
            )
            continue
        filled = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        rows.append(CsvRow(line, dict(zip(columns, filled, strict=True))))
    return Table(path, columns, tuple(rows), tuple(faults))


def _header_faults(path: Path, columns: tuple[str, ...]) -> Iterator[Fault]:
    for column in sorted({name for name in columns if columns.count(name) > 1}):
        yield Fault(str(path), 1, "", f'the column "{column}" is there twice', "keep one of them", "duplicate_column")


def _csv_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield line, cells
