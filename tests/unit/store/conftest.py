"""Random values of any model type: Hypothesis' own derivation takes minutes for types as deep as a state's."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from sayso.model.fact import Param

ALPHABET = 'aé ☕日\u200d"\\\n$vß0'
DEEP = 9


@pytest.fixture
def any_value() -> Callable[[Any, int], Any]:
    """`any_value(shape, seed)`: a value of the type, the same for the same seed."""
    return lambda shape, seed: make(shape, Random(seed))


def make(shape: Any, random: Random, depth: int = 0) -> Any:
    origin, args = get_origin(shape), get_args(shape)
    if shape == "Param" or isinstance(shape, ForwardRef):
        return make(Param, random, depth)
    if origin in (Union, types.UnionType):
        return make(random.choice(shallow(args) if depth > DEEP else args), random, depth)
    if origin is tuple:
        return many(args, random, depth)
    if origin is Literal:
        return random.choice(args)
    if origin is frozenset:
        return frozenset(make(args[0], random, depth + 1) for _ in range(random.randint(0, 2)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {make(args[0], random, depth + 1): make(args[1], random, depth + 1) for _ in range(few(random, depth))}
    if is_dataclass(shape) and isinstance(shape, type):
        hints = get_type_hints(shape)
        return shape(**{part.name: make(hints[part.name], random, depth + 1) for part in fields(shape)})
    return SCALARS[shape](random)


def few(random: Random, depth: int) -> int:
    return 0 if depth > DEEP else random.randint(0, 2)


def many(args: tuple[Any, ...], random: Random, depth: int) -> tuple[Any, ...]:
    if len(args) == 2 and args[1] is ...:
        return tuple(make(args[0], random, depth + 1) for _ in range(few(random, depth)))
    return tuple(make(arg, random, depth + 1) for arg in args)


def shallow(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(arg for arg in args if arg is type(None) or arg in SCALARS) or args


SCALARS: dict[Any, Callable[[Random], Any]] = {
    type(None): lambda random: None,
    bool: lambda random: random.random() < 0.5,
    int: lambda random: random.choice((0, 1, -1, random.randint(-(2**60), 2**60))),
    float: lambda random: random.choice((0.0, 1.0, random.uniform(-1e9, 1e9))),
    str: lambda random: "".join(random.choices(ALPHABET, k=random.randint(0, 6))),
    bytes: lambda random: b"",
    datetime: lambda random: (
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=random.randint(-(10**15), 10**15))
    ),
    date: lambda random: date(2026, 1, 1) + timedelta(days=random.randint(-9999, 9999)),
    time: lambda random: time(random.randint(0, 23), random.randint(0, 59)),
    timedelta: lambda random: timedelta(microseconds=random.randint(-(10**15), 10**15)),
}
