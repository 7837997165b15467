"""The model's dataclasses as JSON text and back.

Theory. cattrs compiles one function per dataclass; orjson writes the plain data that comes out. Three things are added.
A value of a union is told apart by a tag, `{"$": "Utterance", ...}`; what JSON itself can tell apart (null, text,
numbers, lists) carries none. Fields that have their default are left out, so rows stay small and a new field with a
default needs no migration. And a shape that did change is brought up to date, one version at a time, by an upcaster
before it is read.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from math import nan
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import orjson
from cattrs.converters import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from sayso.model.state import SCHEMA_VERSION
from sayso.model.trace import Trace

T = TypeVar("T")
Plain = Any
"""What JSON can say: dict, list, str, int, float, bool, None."""
Upcasters = Mapping[int, Callable[[dict[str, Plain]], dict[str, Plain]]]
"""version -> the function that turns plain data of that version into the next one's."""

TAG, VALUE = "$", "v"
JSON_TYPES = (str, int, bool, float, type(None))
UPCASTERS: Upcasters = types.MappingProxyType({})


class Codec:
    """Dumps and loads any model type. Build one per process: the first use of a type compiles it."""

    __slots__ = ("_converter", "_dumpers", "_loaders", "_upcasters", "_version")

    def __init__(self, upcasters: Upcasters = UPCASTERS, version: int = SCHEMA_VERSION) -> None:
        self._converter = _converter()
        self._dumpers: dict[Any, Callable[[Any], Plain]] = {}
        self._loaders: dict[Any, Callable[[Plain, Any], Any]] = {}
        self._upcasters = upcasters
        self._version = version

    def dump(self, shape: Any, value: object) -> str:
        """`value`, of the type or union `shape`, as JSON text."""
        dumper = self._dumpers.get(shape)
        if dumper is None:
            dumper = self._dumpers[shape] = self._converter.get_unstructure_hook(shape)
        return _text(dumper(value))

    def load(self, shape: type[T], text: str | bytes) -> T:
        """The value that `dump` wrote. For a union, pass the union and cast."""
        return self.build(shape, orjson.loads(text))

    def build(self, shape: type[T], plain: Plain) -> T:
        """A value of `shape` from plain data."""
        loader = self._loaders.get(shape)
        if loader is None:
            loader = self._loaders[shape] = self._converter.get_structure_hook(shape)
        return cast(T, loader(plain, shape))

    def load_versioned(self, shape: type[T], text: str | bytes, version: int) -> T:
        """Like `load` for a row that was written with schema `version`: upcasters bring it up to date first."""
        return self.build(shape, self.upcast(orjson.loads(text), version))

    def upcast(self, plain: dict[str, Plain], version: int) -> dict[str, Plain]:
        """Plain data of `version` in the shape of today. Raises ValueError for one newer than this code."""
        if version > self._version:
            raise ValueError(f"written by a newer sayso (schema {version}, this one knows {self._version}): upgrade")
        for step in range(version, self._version):
            plain = self._upcasters[step](plain)
        return plain

    def dump_trace(self, trace: Trace) -> str:
        """A trace without its `before`, which is stored beside it as the state's own text."""
        return _text(self._converter.get_unstructure_hook(Trace)(trace))

    def load_trace(self, text: str, before: str, version: int) -> Trace:
        """The trace of both texts."""
        plain = orjson.loads(text)
        plain["before"] = self.upcast(orjson.loads(before), version)
        return self.build(Trace, plain)


def _text(plain: Plain) -> str:
    try:
        return orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # Lone surrogates, which some platforms send and no database takes, are the one thing a text can hold wrong.
        return orjson.dumps(_mended(plain), option=orjson.OPT_NON_STR_KEYS).decode()


def _mended(plain: Plain) -> Plain:
    match plain:
        case str():
            return mend(plain)
        case dict():
            return {_mended(key): _mended(value) for key, value in plain.items()}
        case list() | tuple():
            return [_mended(value) for value in plain]
    return plain


def mend(text: str) -> str:
    """The text with U+FFFD where it holds half a surrogate pair, or a NUL that no database stores."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\0", "\ufffd")


def _converter() -> Converter:
    converter = Converter(
        detailed_validation=False, omit_if_default=True, unstruct_collection_overrides={frozenset: sorted}
    )
    for kind, read in _SCALARS.items():
        converter.register_structure_hook(kind, read)
    converter.register_unstructure_hook(timedelta, _microseconds)
    for kind in (datetime, date, time):
        converter.register_unstructure_hook(kind, _as_is)
    # Later hooks win: lists and maps are compiled to one comprehension each, which halves the time of a state.
    converter.register_structure_hook_factory(_is_list, _list_loader(converter))
    converter.register_unstructure_hook_factory(_is_list, _list_dumper(converter))
    converter.register_structure_hook_factory(_is_map, _map_loader(converter))
    converter.register_unstructure_hook_factory(_is_map, _map_dumper(converter))
    converter.register_structure_hook_factory(_is_mixed, _structure_factory(converter))
    converter.register_unstructure_hook_factory(_is_mixed, _unstructure_factory(converter))
    converter.register_unstructure_hook(
        Trace,
        make_dict_unstructure_fn(Trace, converter, _cattrs_omit_if_default=True, before=override(omit=True)),
    )
    return converter


def _as_is(value: Plain) -> Plain:
    return value  # orjson writes it: ISO 8601 for moments


def _as_loaded(value: Plain, _: Any) -> Plain:
    return value


def _microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


_SCALARS: dict[type, Callable[[Plain, Any], Any]] = {
    datetime: lambda value, _: datetime.fromisoformat(value),
    date: lambda value, _: date.fromisoformat(value),
    time: lambda value, _: time.fromisoformat(value),
    timedelta: lambda value, _: timedelta(microseconds=value),
    # JSON has no NaN: orjson writes null for it, and a row must stay readable.
    float: lambda value, _: nan if value is None else float(value),
}


def _is_list(shape: Any) -> bool:
    """`tuple[X, ...]`"""
    return get_origin(shape) is tuple and get_args(shape)[1:] == (...,)


def _is_map(shape: Any) -> bool:
    """A mapping whose keys are texts, as all but one of the model are."""
    origin = get_origin(shape)
    return isinstance(origin, type) and issubclass(origin, Mapping) and get_args(shape)[0] is str


def _list_loader(converter: Converter) -> Callable[[Any], Callable[[Plain, Any], Any]]:
    def factory(shape: Any) -> Callable[[Plain, Any], Any]:
        kind = get_args(shape)[0]
        if kind is str:
            return lambda values, _: tuple(values)
        load = converter.get_structure_hook(kind)
        return lambda values, _: tuple([load(value, kind) for value in values])

    return factory


def _list_dumper(converter: Converter) -> Callable[[Any], Callable[[Any], Plain]]:
    def factory(shape: Any) -> Callable[[Any], Plain]:
        kind = get_args(shape)[0]
        if kind is str:
            return _as_is
        dump = converter.get_unstructure_hook(kind)
        return lambda values: [dump(value) for value in values]

    return factory


def _map_loader(converter: Converter) -> Callable[[Any], Callable[[Plain, Any], Any]]:
    def factory(shape: Any) -> Callable[[Plain, Any], Any]:
        kind = get_args(shape)[1]
        if kind is str:
            return _as_loaded
        load = converter.get_structure_hook(kind)
        return lambda values, _: {key: load(value, kind) for key, value in values.items()}

    return factory


def _map_dumper(converter: Converter) -> Callable[[Any], Callable[[Any], Plain]]:
    def factory(shape: Any) -> Callable[[Any], Plain]:
        kind = get_args(shape)[1]
        if kind is str:
            return dict
        dump = converter.get_unstructure_hook(kind)
        return lambda values: {key: dump(value) for key, value in values.items()}

    return factory


def _is_mixed(shape: Any) -> bool:
    """A union of more than one type besides None; `X | None` needs no tag and is cattrs' own."""
    if get_origin(shape) not in (Union, types.UnionType):
        return False
    return sum(member is not type(None) for member in get_args(shape)) > 1


def _unstructure_factory(converter: Converter) -> Callable[[Any], Callable[[Any], Plain]]:
    def factory(shape: Any) -> Callable[[Any], Plain]:
        members = set(get_args(shape))
        known: dict[type, Callable[[Any], Plain]] = {}

        def unstructure(value: Any) -> Plain:
            dump = known.get(type(value))
            if dump is None:
                dump = known[type(value)] = _dump_member(converter, type(value), members, unstructure)
            return dump(value)

        return unstructure

    return factory


def _dump_member(
    converter: Converter, kind: type, members: set[Any], whole: Callable[[Any], Plain]
) -> Callable[[Any], Plain]:
    """How a union writes its member `kind`. A tuple in a union holds values of the same union (`Param`)."""
    if kind in JSON_TYPES:
        return _as_is
    if kind is tuple:
        return lambda values: [whole(value) for value in values]
    if kind not in members:
        raise TypeError(f"{kind.__name__} is none of {', '.join(sorted(str(m) for m in members))}")
    inner, name = converter.get_unstructure_hook(kind), kind.__name__
    if not is_dataclass(kind):
        return lambda value: {TAG: name, VALUE: inner(value)}
    if not fields(kind):
        return lambda _: {TAG: name}

    def tagged(value: Any) -> Plain:
        plain = inner(value)
        plain[TAG] = name
        return plain

    return tagged


def _structure_factory(converter: Converter) -> Callable[[Any], Callable[[Plain, Any], Any]]:
    def factory(shape: Any) -> Callable[[Plain, Any], Any]:
        kinds = {kind.__name__: kind for kind in get_args(shape) if isinstance(kind, type)}
        known: dict[str, Callable[[Plain], Any]] = {}

        def structure(plain: Plain, _: Any) -> Any:
            if isinstance(plain, dict):
                name = plain[TAG]
                load = known.get(name)
                if load is None:
                    load = known[name] = _load_member(converter, name, kinds)
                return load(plain)
            if isinstance(plain, list):
                return tuple(structure(value, _) for value in plain)
            return plain

        return structure

    return factory


def _load_member(converter: Converter, name: str, kinds: Mapping[str, type]) -> Callable[[Plain], Any]:
    if name not in kinds:
        raise ValueError(f"unknown kind {name!r}, expected one of {', '.join(sorted(kinds))}")
    kind = kinds[name]
    inner = converter.get_structure_hook(kind)
    if is_dataclass(kind):
        return lambda plain: inner(plain, kind)
    return lambda plain: inner(plain[VALUE], kind)
