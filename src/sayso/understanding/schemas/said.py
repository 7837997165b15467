"""An utterance and what it mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sayso.understanding.schemas.speech import Speech
from sayso.understanding.slots.clocks import Word
from sayso.understanding.words import Token


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `start` to `end` that mention something of a `kind`: "date", "clock", "count", "sum", "grade", "name".
    `text` is how it was said; `value` is what compares: minutes after midnight, a number; of a name "known" where it
    was spoken of before."""

    kind: str
    start: int
    end: int
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance with what it mentions. `keys` are its tokens' folded words, "" for a mark."""

    text: str
    tokens: tuple[Token, ...]
    keys: tuple[str, ...]
    mentions: tuple[Mention, ...]

    def words(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def mention(self, kind: str, start: int, end: int, value: str = "") -> Mention:
        return Mention(kind, start, end, self.words(start, end), value)

    def plain(self) -> tuple[str, ...]:
        """Its words without marks."""
        return tuple(k for k in self.keys if k)

    def capital(self, i: int) -> bool:
        """Whether there is a token `i`, and it begins with a capital."""
        return 0 <= i < len(self.tokens) and self.tokens[i].text[:1].isupper()

    def opens(self, i: int) -> bool:
        """Whether token `i` is the first of a sentence or of a part of one."""
        return i == 0 or self.tokens[i - 1].pause or self.tokens[i - 1].text in (",", ":", '"', "-")

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The sentences, from token to token."""
        start = 0
        for n, token in enumerate(self.tokens):
            if token.pause and n > start and not self._inside(n):
                yield start, n + 1
                start = n + 1
        if start < len(self.tokens):
            yield start, len(self.tokens)

    def _inside(self, n: int) -> bool:
        """Whether a mark stands inside a name: "Dr. Robert"."""
        return any(m.start < n < m.end for m in self.mentions)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the recognisers of mentions share: the utterance as words of time, and the tokens that are `taken`."""

    said: Said
    words: Sequence[Word]
    speech: Speech
    language: str
    taken: set[int]

    def taking(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """The mentions, with their tokens taken one after another."""
        for mention in mentions:
            self.taken.update(range(mention.start, mention.end))
            yield mention
