"""Whether words are a question in form, with a mark or, as speech has none, without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.understanding.lexicon import Lexicon
from sayso.understanding.packs import Pack
from sayso.understanding.words import Token, tokens

_ASKING = ("stop", "want", "let")
"""Classes of words that may be the verb of a question."""
_DOING = ("add", "change", "remove", "keep")
"""Classes of verbs that order something when what they are done to stands behind them."""


def asks(text: str, lexicon: Lexicon) -> bool:
    """Whether words are a question in form: a mark, or a part between marks that begins as questions do."""
    return "?" in text or any(_asks(words, lexicon) for words in _parts(tokens(text)))


def _parts(toks: Sequence[Token]) -> Iterator[list[str]]:
    """The words between marks."""
    part: list[str] = []
    for token in toks:
        if token.key:
            part.append(token.key)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _asks(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether words begin as a question does; what "and" or "hello" say before it does not count."""
    lead = frozenset[str]().union(*(pack.asking.get("after", ()) for pack in lexicon.packs))
    start = next((n for n, word in enumerate(words) if word not in lead), len(words))
    first, second = (*words[start : start + 2], "", "")[:2]
    return bool(first) and any(_asked(first, second, pack, lexicon) for pack in lexicon.packs)


def _asked(first: str, second: str, pack: Pack, lexicon: Lexicon) -> bool:
    """A question word ("in which towns"), a verb that asks or, where a language asks with any verb before its subject,
    such a pair ("krijgen jullie")."""
    if first in pack.wh or (first in pack.asking.get("before", ()) and second in pack.wh):
        return True
    subject = second in pack.asking.get("subjects", ())
    if first in pack.may:
        return subject or not (_wished(first, second, lexicon) or lexicon.is_role(first + second, "negation"))
    if not subject or "joining" not in pack.asking or first in pack.asking["joining"]:
        return False
    return _is_verb(first, lexicon, _ASKING if second in pack.asking["objects"] else (*_ASKING, *_DOING))


def _wished(first: str, second: str, lexicon: Lexicon) -> bool:
    """ "Have a latte", "do me one": what could ask orders."""
    thing = lexicon.is_role(first, "want") and lexicon.is_role(second, "article", "definite")
    return thing or lexicon.is_role(first + second, "want")


def _is_verb(word: str, lexicon: Lexicon, classes: Sequence[str]) -> bool:
    """Whether a word may be a verb of those classes, or of none: neither a name nor one that says something else."""
    senses = (s for closed in lexicon.closed.values() for s in closed.get(word, ()))
    return word not in lexicon.names and all(
        s.kind == "common" or (s.kind == "role" and s.id in classes) for s in senses
    )
