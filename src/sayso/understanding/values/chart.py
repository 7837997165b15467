"""A bottom-up parser: edges over tokens, put together by rules until nothing new is found.

Every start is finished before the one to its left, so whatever follows an edge is known when a rule asks for it: each
edge is tried once as the first part of each rule that begins with its symbol, and what that yields is tried in turn.
The same value over the same tokens is kept once, with its best score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

MOST = 60
"""Edges that one start may have: a text that is ambiguous beyond that is cut, not waited for."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A symbol over tokens `start` to `end`; `score`: how specific the rules were that made it."""

    symbol: str
    start: int
    end: int
    value: Any
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`parts` make a `symbol`; `make` gets a context and their values, and gives None where they do not fit."""

    symbol: str
    parts: tuple[str, ...]
    make: Callable[..., Any]
    score: float
    used: tuple[int, ...]
    """Which parts' values `make` takes: those that carry one."""


Row = tuple[str, str, Callable[..., Any]] | tuple[str, str, Callable[..., Any], float]


def compile_rules(rows: Iterable[Row], valued: frozenset[str]) -> Mapping[str, tuple[Rule, ...]]:
    """Rules by their first part. In a pattern "a?" may be missing and "a|b" is either; symbols that are not `valued`
    are words, which only have to stand there."""
    found: dict[str, list[Rule]] = {}
    for symbol, pattern, make, *score in rows:
        for parts in _spread(pattern):
            used = tuple(n for n, part in enumerate(parts) if part in valued)
            found.setdefault(parts[0], []).append(Rule(symbol, parts, make, score[0] if score else 0.0, used))
    return {first: tuple(rules) for first, rules in found.items()}


def _spread(pattern: str) -> Iterator[tuple[str, ...]]:
    choices = [(*part.rstrip("?").split("|"), *(("",) if part.endswith("?") else ())) for part in pattern.split()]
    for combined in product(*choices):
        yield tuple(part for part in combined if part)


Chart = list[dict[str, list[Edge]]]


def parse(lexical: Sequence[Sequence[Edge]], rules: Mapping[str, tuple[Rule, ...]], context: Any) -> Chart:
    """All edges over the tokens: for each start, symbol -> edges."""
    chart: Chart = [{} for _ in range(len(lexical) + 1)]
    for i in range(len(lexical) - 1, -1, -1):
        if lexical[i]:
            _from(i, lexical[i], rules, chart, context)
    return chart


def _from(i: int, agenda: Sequence[Edge], rules: Mapping[str, tuple[Rule, ...]], chart: Chart, context: Any) -> None:
    queue, seen = list(agenda), dict[tuple[str, int, Any], float]()
    while queue and len(seen) < MOST * 4:
        edge = queue.pop(0)
        key = (edge.symbol, edge.end, edge.value)
        if seen.get(key, -99.0) >= edge.score:
            continue
        seen[key] = edge.score
        same = chart[i].setdefault(edge.symbol, [])
        same[:] = [e for e in same if (e.end, e.value) != (edge.end, edge.value)]
        same.append(edge)
        following = chart[edge.end]
        for rule in rules.get(edge.symbol, ()):
            if len(rule.parts) > 1 and rule.parts[1] not in following:
                continue
            queue.extend(_made(rule, edge, chart, context))


def _made(rule: Rule, first: Edge, chart: Chart, context: Any) -> Iterator[Edge]:
    for edges in _matched(rule.parts, 1, first.end, chart):
        every = (first, *edges)
        value = rule.make(context, *(every[n].value for n in rule.used))
        if value is not None:
            yield Edge(rule.symbol, first.start, every[-1].end, value, rule.score + sum(e.score for e in every))


def _matched(parts: tuple[str, ...], n: int, at: int, chart: Chart) -> Iterator[tuple[Edge, ...]]:
    if n == len(parts):
        yield ()
        return
    for edge in chart[at].get(parts[n], ()) if at < len(chart) else ():
        for rest in _matched(parts, n + 1, edge.end, chart):
            yield (edge, *rest)
