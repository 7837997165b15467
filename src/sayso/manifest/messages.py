"""ICU MessageFormat texts, compiled once to closures.

`{name}` shows a parameter by its type; `{name, money|number|time|date|datetime|duration|text}` by the format that is
named; `{name, plural, ...}`, `{name, selectordinal, ...}`, `{name, select, ...}` choose; `{name, list, style}` joins.
A list style is a reply key that renders each Row ("order.line"), a way to join ("and", "or", "comma", "words", "rows"),
or both ("order.line:rows"); "quote" puts entries between quotation marks. A list called `options` is a choice and is
joined with "or". `select` on a missing parameter or an empty list chooses "none", on a list with entries "some";
`plural` on a list goes by its length.

Values are Params only: a bare number or text is a TypeError, so that no figure can enter a reply but as a Fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from typing import Any

from pyicumessageformat import Parser

from sayso.manifest.formats import Formats, formats
from sayso.manifest.spoken import spoken
from sayso.model.fact import Fact, Named, Param, Params, Row, Said
from sayso.model.money import Money

Part = Callable[[Params, "Scope"], str]
Shower = Callable[[Any, "Scope"], str]


@dataclass(frozen=True, slots=True)
class Use:
    """One placeholder of a text: its parameter, format and style; `keys` are the branches of a choice."""

    name: str
    format: str = ""
    style: str = ""
    keys: tuple[str, ...] = ()
    hashed: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A text ready to render. `uses` says which parameters it needs and how."""

    source: str
    parts: tuple[Part, ...]
    uses: tuple[Use, ...] = ()

    @property
    def params(self) -> frozenset[str]:
        return frozenset(use.name for use in self.uses)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a text is rendered. `name` looks up a Named, `template` the text that renders a Row of a list; `zone` is
    the place's, `now` aware; `voice`: figures become words; `country` decides how times and days are written."""

    language: str
    zone: tzinfo
    now: datetime
    name: Callable[[Named], str]
    template: Callable[[str], Compiled]
    voice: bool = False
    country: str = ""
    figures: Formats = field(init=False)

    def __post_init__(self) -> None:
        made = (spoken if self.voice else formats)(self.language, self.country)
        object.__setattr__(self, "figures", made)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone) if moment.tzinfo else moment

    @property
    def today(self) -> date:
        return self.local(self.now).date()


class BadMessage(ValueError):
    """A text that is not MessageFormat; its message says what is wrong with it."""


def compile_message(source: str) -> Compiled:
    """Compile a text. Raises BadMessage."""
    try:
        tree = Parser().parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise BadMessage(str(error) or "it does not parse") from error
    uses: list[Use] = []
    parts = tuple(_parts(tree, uses, 0))
    return Compiled(source, parts, tuple(uses))


def render(compiled: Compiled, params: Params, scope: Scope) -> str:
    """The text with its parameters. Raises LookupError for a missing parameter and TypeError for one that is not a
    Param or does not suit its format."""
    text = tidy("".join([part(params, scope) for part in compiled.parts]))
    return " ".join(text.split("\n")) if scope.voice and "\n" in text else text


def tidy(text: str) -> str:
    """Empty parameters leave no double or dangling spaces."""
    if "  " in text:
        text = SPACES.sub(" ", text)
    if " ," in text or " ." in text or " ?" in text or " \n" in text or "\n " in text:
        text = DANGLING.sub(r"\1", text)
    return text.strip()


SPACES = re.compile(" {2,}")
DANGLING = re.compile(r" +([,.?\n])|(?<=\n) +")


def _parts(tree: Sequence[Any], uses: list[Use], offset: int) -> Iterator[Part]:
    for node in tree:
        yield _constant(node) if isinstance(node, str) else _placeholder(node, uses, offset)


def _constant(text: str) -> Part:
    return lambda params, scope: text


def _placeholder(node: Mapping[str, Any], uses: list[Use], offset: int) -> Part:
    name, kind, style = node["name"], node.get("type", ""), _style(node)
    if node.get("hash"):
        uses.append(Use(name, "number", hashed=True))
        return lambda params, scope: scope.figures.number(_figure(params, name) - offset)
    if kind in CHOICES:
        uses.append(Use(name, kind, keys=tuple(node["options"])))
        return CHOICES[kind](node, _branches(node, uses))
    uses.append(Use(name, kind, style))
    if kind == "list":
        return _list(name, style)
    if kind not in SHOWERS:
        raise BadMessage(f"{{{name}, {kind}}} has no format {kind!r}; formats are {', '.join(sorted(FORMATS - {''}))}")
    shower = SHOWERS[kind]
    return lambda params, scope: shower(_param(params, name), scope)


def _style(node: Mapping[str, Any]) -> str:
    return str(node.get("format") or "").strip()


def _branches(node: Mapping[str, Any], uses: list[Use]) -> dict[str, tuple[Part, ...]]:
    offset = int(node.get("offset") or 0)
    return {key: tuple(_parts(tree, uses, offset)) for key, tree in node["options"].items()}


def _run(parts: tuple[Part, ...], params: Params, scope: Scope) -> str:
    return "".join([part(params, scope) for part in parts])


def _select(node: Mapping[str, Any], branches: Mapping[str, tuple[Part, ...]]) -> Part:
    name = node["name"]

    def choose(params: Params, scope: Scope) -> str:
        key = _select_key(params.get(name))
        return _run(branches[key] if key in branches else branches["other"], params, scope)

    return choose


def _select_key(param: Param | None) -> str:
    match param:
        case None | ():
            return "none"
        case Fact(value=value):
            return str(value)
        case Named(id=named):
            return named
        case _:
            return "some"


def _plural(node: Mapping[str, Any], branches: Mapping[str, tuple[Part, ...]]) -> Part:
    name, offset = node["name"], int(node.get("offset") or 0)
    exact = {int(key[1:]): parts for key, parts in branches.items() if key.startswith("=")}
    ordinal = node["type"] == "selectordinal"

    def choose(params: Params, scope: Scope) -> str:
        count = _count(params, name)
        if count in exact:
            return _run(exact[count], params, scope)
        rule = scope.figures.ordinal if ordinal else scope.figures.plural
        return _run(branches.get(rule(count - offset)) or branches["other"], params, scope)

    return choose


CHOICES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, tuple[Part, ...]]], Part]] = {
    "select": _select,
    "plural": _plural,
    "selectordinal": _plural,
}
JOINS = frozenset({"and", "or", "comma", "words", "rows"})
QUOTE = "quote"
"""A built-in row: the entry between quotation marks on a screen."""


def list_style(name: str, style: str) -> tuple[str, str]:
    """The row's reply key ("" for none) and the way to join, from the style of a list placeholder."""
    default = "or" if name == "options" else "and"
    if not style or style in JOINS:
        return "", style or default
    key, colon, join = style.rpartition(":")
    return (key, join) if colon and join in JOINS else (style, default)


OPTIONS, MORE = "options", "list.more"
"""The parameter that holds what can be chosen from, and the reply that says how to hear the rest of it."""
SPOKEN = 3
"""Of what can be chosen from, so many are said aloud at once."""


def _list(name: str, style: str) -> Part:
    key, join = list_style(name, style)

    def joined(params: Params, scope: Scope) -> str:
        entries = _param(params, name)
        template = scope.template(key) if key and key != QUOTE else None
        items = [_entry(entry, template, scope) for entry in (entries if isinstance(entries, tuple) else (entries,))]
        if key == QUOTE and not scope.voice:
            items = [f"“{item}”" for item in items]
        items = [item for item in items if item]
        if name == OPTIONS and scope.voice and len(items) > SPOKEN:
            return scope.figures.join(items[:SPOKEN], join) + scope.template(MORE).source
        return scope.figures.join(items, join)

    return joined


def _entry(entry: Param, template: Compiled | None, scope: Scope) -> str:
    if isinstance(entry, Row):
        if template is None:
            raise TypeError("a Row in a list needs the key of the reply that renders it: {lines, list, order.line}")
        return render(template, entry.params, scope)
    return show(entry, scope)


def _param(params: Params, name: str) -> Param:
    try:
        return params[name]
    except KeyError:
        raise LookupError(f"the reply needs {name!r}; it was given {', '.join(sorted(params)) or 'nothing'}") from None


def _figure(params: Params, name: str) -> int:
    param = _param(params, name)
    if isinstance(param, Fact) and isinstance(param.value, int):
        return param.value
    raise TypeError(f"{name!r} must be a Fact that holds a number, not {param!r}")


def _count(params: Params, name: str) -> int:
    param = _param(params, name)
    return len(param) if isinstance(param, tuple) else _figure(params, name)


def show(param: Param, scope: Scope) -> str:
    """A parameter by its type."""
    match param:
        case Fact(value=value):
            return _show_value(value, scope)
        case Named():
            return _show_name(param, scope)
        case Said(words=words):
            return words
        case tuple():
            return scope.figures.join([show(entry, scope) for entry in param])
    raise TypeError(f"a reply shows a Fact, Named, Said or a tuple of them, not {param!r}")


def _show_value(value: object, scope: Scope) -> str:
    for kind, shower in BY_TYPE:
        if isinstance(value, kind):
            return shower(value, scope)
    raise TypeError(f"a Fact cannot hold {value!r}")


def _show_name(named: Named, scope: Scope) -> str:
    thing, star, count = named.id.rpartition("*")
    if not star or not count.isdigit():
        return scope.name(named)
    return scope.figures.times(int(count), scope.name(Named(named.kind, thing)))


def _show_moment(value: datetime, scope: Scope) -> str:
    local = scope.local(value)
    return scope.figures.time(local.time()) if local.date() == scope.today else scope.figures.moment(local, scope.today)


def _show_time(value: datetime | clock_time, scope: Scope) -> str:
    return scope.figures.time(scope.local(value).time() if isinstance(value, datetime) else value)


def _show_date(value: date, scope: Scope) -> str:
    return scope.figures.date(scope.local(value).date() if isinstance(value, datetime) else value, scope.today)


BY_TYPE: tuple[tuple[type, Shower], ...] = (
    (Money, lambda value, scope: scope.figures.money(value)),
    (int, lambda value, scope: scope.figures.number(value)),
    (str, lambda value, scope: value),
    (datetime, _show_moment),
    (date, _show_date),
    (timedelta, lambda value, scope: scope.figures.duration(value)),
    (clock_time, _show_time),
)


def _typed(kinds: tuple[type, ...], shower: Shower) -> Shower:
    """A format that accepts Facts of these types only."""

    def checked(param: Param, scope: Scope) -> str:
        if isinstance(param, Fact) and isinstance(param.value, kinds):
            return shower(param.value, scope)
        raise TypeError(f"wanted a Fact of {' or '.join(kind.__name__ for kind in kinds)}, not {param!r}")

    return checked


SHOWERS: Mapping[str, Shower] = {
    "": show,
    "text": show,
    "money": _typed((Money,), lambda value, scope: scope.figures.money(value)),
    "number": _typed((int,), lambda value, scope: scope.figures.number(value)),
    "time": _typed((datetime, clock_time), _show_time),
    "date": _typed((date,), _show_date),
    "datetime": _typed((datetime,), lambda value, scope: scope.figures.moment(scope.local(value), scope.today)),
    "duration": _typed((timedelta,), lambda value, scope: scope.figures.duration(value)),
}
FORMATS = frozenset(SHOWERS) | frozenset(CHOICES) | {"list"}
