"""The policy drawn: a Mermaid state diagram and a table, read off `POLICY`; `make diagram` writes them to the page.

An edge is what leads from one open question to another. What comes back to the same question is in the table alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sayso.dialogue.policy import PLACES, POLICY, Rule

BEGIN, END = "<!-- policy -->", "<!-- /policy -->"
PAGE = Path("docs/dialogue.md")
ANYWHERE = "anywhere"


def name(rule: Rule) -> str:
    """What comes, as a reader says it: "not understood"; a global phrase in quotes."""
    if isinstance(rule.given, str):
        return f"“{rule.given.replace('_', ' ')}”"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", rule.given.__name__).lower()


def edges() -> Iterator[tuple[str, str, str]]:
    """(from, to, what comes) for every change of the open question."""
    for rule in POLICY:
        for begun in (ANYWHERE,) if rule.at == "*" else rule.at.split():
            for led in (ANYWHERE,) if rule.leads == "*" else rule.leads.split():
                if led not in ("=", begun):
                    asks = (
                        f" ▸ {rule.asks.lower()}" if rule.asks and begun != ANYWHERE and rule.asks != "Release" else ""
                    )
                    yield begun, led, name(rule) + asks


def mermaid() -> str:
    """The diagram; edges between the same two places share an arrow."""
    ordered = sorted(edges(), key=lambda e: (_place(e[0]), _place(e[1])))
    arrows = [
        f"    {begun} --> {led}: {', '.join(dict.fromkeys(what for _, _, what in same))}"
        for (begun, led), same in groupby(ordered, key=lambda e: (e[0], e[1]))
    ]
    return "\n".join(["stateDiagram-v2", "    direction LR", "    [*] --> rest", *arrows])


def _place(word: str) -> int:
    return PLACES.index(word) if word in PLACES else len(PLACES)


def table() -> str:
    """Every rule, a row each."""
    head = "| what comes | while asked | leads to | asks the host for | what it does |\n|---|---|---|---|---|"
    rows = [
        f"| {name(r)} | {_words(r.at)} | {_words(r.leads)} | {r.asks.lower().replace(' ', ', ')} | {_first_line(r)} |"
        for r in POLICY
    ]
    return "\n".join([head, *rows])


def _words(places: str) -> str:
    return ", ".join({"*": "any", "=": "the same"}.get(place, place) for place in places.split())


def _first_line(rule: Rule) -> str:
    """The first sentence of the move's docstring."""
    told = " ".join((rule.move.__doc__ or "").split())
    return re.split(r"(?<=[.?])\s(?=[A-Z])", told)[0].rstrip(".") if told else ""


def drawn(page: str) -> str:
    """The page with the diagram and table of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n```mermaid\n{mermaid()}\n```\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    path.write_text(drawn(path.read_text(encoding="utf-8")), encoding="utf-8")
