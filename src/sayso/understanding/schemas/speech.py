"""The words of a language that forms are read with, from `phrases/schemas/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sayso.understanding.words import keys


@dataclass(frozen=True, slots=True)
class Speech:
    """Phrases by class, as tuples of folded words, the longest first; `alike`: a word -> the words that it may be
    said with; `values`: a value's folded name -> other words for it."""

    classes: Mapping[str, tuple[tuple[str, ...], ...]]
    alike: Mapping[str, frozenset[str]]
    values: Mapping[str, tuple[tuple[str, ...], ...]]

    def at(self, name: str, words: Sequence[str], i: int) -> int:
        """How many words of the phrase of class `name` that stands at `i`, 0 for none."""
        for phrase in self.classes.get(name, ()):
            if tuple(words[i : i + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def ends_at(self, name: str, words: Sequence[str], stop: int) -> int:
        """How many words of the phrase of class `name` that ends before `stop`."""
        for phrase in self.classes.get(name, ()):
            if len(phrase) <= stop and tuple(words[stop - len(phrase) : stop]) == phrase:
                return len(phrase)
        return 0

    def within(self, name: str, words: Sequence[str]) -> bool:
        """Whether a phrase of class `name` stands anywhere in `words`."""
        return any(self.at(name, words, i) for i in range(len(words)))

    def single(self, name: str) -> frozenset[str]:
        """The one-word phrases of a class."""
        return frozenset(p[0] for p in self.classes.get(name, ()) if len(p) == 1)

    def spread(self, words: Iterable[str]) -> frozenset[str]:
        """The stems of `words`, and of what means the same."""
        found = {stem(w) for w in words}
        return frozenset(found.union(*(self.alike.get(w, ()) for w in found)))


def stem(word: str) -> str:
    """A word without its plural ending: enough to compare names of slots with what is said."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def load_speech(languages: Iterable[str]) -> Speech:
    """The words of those `languages`, together. Reads package data."""
    folder = files("sayso.understanding") / "phrases" / "schemas"
    bases = dict.fromkeys(language.partition("-")[0] for language in languages)
    found = [(folder / f"{base}.yaml") for base in bases]
    return _merged([_loaded(file.read_text("utf-8")) for file in found if file.is_file()])


def _loaded(text: str) -> Mapping[str, Any]:
    from ruamel.yaml import YAML

    loaded: Mapping[str, Any] = YAML(typ="safe", pure=False).load(text)
    return loaded


def _merged(parts: Sequence[Mapping[str, Any]]) -> Speech:
    classes: dict[str, set[tuple[str, ...]]] = {}
    alike: dict[str, set[str]] = {}
    means: dict[str, set[str]] = {}
    values: dict[str, tuple[tuple[str, ...], ...]] = {}
    for part in parts:
        for name, phrases in part.items():
            if name == "alike":
                for group in phrases:
                    stems = {stem(key) for word in group for key in keys(str(word))}
                    for word in stems:
                        alike.setdefault(word, set()).update(stems)
            elif name == "means":
                for word, others in phrases.items():
                    means.setdefault(stem(str(word)), set()).update(stem(str(other)) for other in others)
            elif name == "values":
                for value, others in phrases.items():
                    key = " ".join(keys(str(value)))
                    values[key] = (*values.get(key, ()), *(keys(str(other)) for other in others))
            else:
                classes.setdefault(name, set()).update(keys(str(p)) for p in phrases)
    ordered = {n: tuple(sorted((p for p in ps if p), key=lambda p: (-len(p), p))) for n, ps in classes.items()}
    both = {w: frozenset(alike.get(w, set()) | means.get(w, set())) for w in {*alike, *means}}
    return Speech(ordered, both, values)
