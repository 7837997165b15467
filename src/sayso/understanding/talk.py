"""What is said from every state: yes and no in many wordings, the global phrases, a switch of language, an emergency.

Only a plain yes is a yes (rule 12 of the design): "yes but", "okay maybe", hesitation and anything with another wish in
it are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sayso.model.command import Candidate, Command, Evidence, Language, Say, Start
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading
from sayso.understanding.words import Token


def flat(toks: Iterable[Token]) -> str:
    """The folded words with single spaces, and one at either end."""
    return f" {' '.join(t.key for t in toks if t.key)} "


def emergency(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Say | None:
    """Emergency phrases, before anything else and from every state."""
    said = flat(toks)
    if any(phrase in said for pack in lexicon.packs for phrase in pack.emergencies):
        return Say("emergency", Evidence(text, "local"))
    return None


def whole(reading: Reading, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    """A global phrase, an intent's own utterance or a language, said on its own; several that are said in a row
    ("never mind, I don't need anything") mean the first."""
    said = _phrase(reading.text, toks, lexicon) or _row(reading.text, toks, lexicon)
    if said or any(s.has("product") for s in reading.spans):
        return said
    return _within(reading.text, toks, lexicon)


def _phrase(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    for key in stripped(toks, lexicon):
        if command := _whole(key, text, lexicon):
            return command
    return None


def _row(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    parts: list[list[Token]] = [[]]
    for token in toks:
        parts[-1].append(token) if not token.mark else parts.append([])
    said = [_phrase(text, part, lexicon) for part in parts if part]
    return said[0] if len(said) > 1 and all(isinstance(s, Say) for s in said) else None


_ANYWHERE = ("undo", "person", "bot", "unsubscribe", "start_over")


def _within(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    """Phrases of three words or more that mean the same inside a longer utterance, and a language by its name."""
    words = [t.key for t in toks if t.key]
    evidence = Evidence(text, "local", 0.9)
    for size in range(min(8, len(words)), 2, -1):
        for start in range(len(words) - size + 1):
            key = "".join(words[start : start + size])
            what = next((pack.says[key][0] for pack in lexicon.packs if key in pack.says), "")
            if what in _ANYWHERE:
                return Say(what, evidence)
    if len(words) <= 6:
        found = (_language(word, lexicon, evidence) for word in words)
        return next((language for language in found if language), None)
    return None


def _language(key: str, lexicon: Lexicon, evidence: Evidence) -> Language | None:
    language = next((pack.languages[key] for pack in lexicon.packs if key in pack.languages), "")
    known = any(tag.partition("-")[0] == language for tag in lexicon.artefact.merchant.languages)
    return Language(language, evidence) if language and known else None


def _whole(key: str, text: str, lexicon: Lexicon) -> Command | None:
    evidence = Evidence(text, "local")
    for pack in lexicon.packs:
        if what := pack.says.get(key, ("",))[0]:
            return _start(lexicon, evidence) if what == "start" else Say(what, evidence)
    if language := _language(key, lexicon, evidence):
        return language
    intent = lexicon.utterances.get(key)
    return Start((Candidate(intent),), evidence) if intent else None


def _start(lexicon: Lexicon, evidence: Evidence) -> Start | None:
    """ "I want to order": the intents that take things into a basket."""
    intents = (i for skill in lexicon.artefact.skills.values() for i in skill.intents.values())
    found = tuple(Candidate(i.name) for i in intents if any(s.type == "lines" for s in i.slots.values()))
    return Start(found, evidence) if found else None


def stripped(toks: Sequence[Token], lexicon: Lexicon) -> list[str]:
    """The key of an utterance as it is, and without politeness at its ends: "could you cancel that please"."""
    words = [t.key for t in toks if t.key]
    options = ["".join(words)]
    polite = lexicon.polite
    start, end = 0, len(words)
    while start < end and words[start] in polite:
        start += 1
    while end > start and words[end - 1] in polite:
        end -= 1
    for first in range(start + 1):
        options.extend("".join(words[first:last]) for last in range(len(words), end - 1, -1))
    return [key for key in dict.fromkeys(options) if key]


def polarity(toks: Sequence[Token], lexicon: Lexicon) -> tuple[str, tuple[Token, ...]]:
    """ "yes", "no", "hesitation" or "", and what was said besides it. A yes with anything besides is not plain."""
    words = [t for t in toks if t.key]
    exact = "".join(t.key for t in words)
    if any(pack.says.get(exact, ("",))[0] == "hesitation" for pack in lexicon.packs):
        return "hesitation", ()
    for key in stripped(toks, lexicon):
        for pack in lexicon.packs:
            if key in pack.yes:
                return "yes", ()
            if key in pack.no:
                return "no", ()
    side, rest = _led(words, lexicon)
    if not side:
        return _agreeing(words, lexicon), ()
    if side == "yes" and _hesitant(rest, lexicon):
        return "hesitation", rest
    plain = not _unexplained(rest, lexicon)
    contradicts = side == "yes" and _negates(rest, lexicon)
    return side, () if plain and not contradicts else tuple(rest)


def _led(words: Sequence[Token], lexicon: Lexicon) -> tuple[str, tuple[Token, ...]]:
    """The yes or no that an utterance begins with, after a filler or two, and the rest of it."""
    for start in range(min(3, len(words))):
        for size in range(min(6, len(words) - start), 0, -1):
            key = "".join(t.key for t in words[start : start + size])
            if side := _side(key, lexicon):
                return side, tuple(words[start + size :])
        if not _filler(words[start].key, lexicon):
            break
    return "", ()


def _side(key: str, lexicon: Lexicon) -> str:
    if any(key in pack.no for pack in lexicon.packs):
        return "no"
    return "yes" if any(key in pack.yes for pack in lexicon.packs) else ""


def _filler(key: str, lexicon: Lexicon) -> bool:
    return any(s.id == "filler" for closed in lexicon.closed.values() for s in closed.get(key, ()))


def _agrees(key: str, lexicon: Lexicon) -> bool:
    return any(key in pack.agreeing or key in pack.yes for pack in lexicon.packs) or _filler(key, lexicon)


def _agreeing(words: Sequence[Token], lexicon: Lexicon) -> str:
    """ "the order looks perfect": every word agrees, one of them plainly."""
    if not words or _hesitant(words, lexicon) or _negates(words, lexicon):
        return ""
    plain = any(t.key in pack.yes for t in words for pack in lexicon.packs)
    return "yes" if plain and not _unexplained(words, lexicon) else ""


def _negates(words: Sequence[Token], lexicon: Lexicon) -> bool:
    return any(t.key in pack.negations for t in words for pack in lexicon.packs)


def _unexplained(words: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """The words that are neither agreement nor politeness."""
    left, i = [], 0
    while i < len(words):
        size = next((n for n in range(5, 0, -1) if _agrees("".join(t.key for t in words[i : i + n]), lexicon)), 0)
        if not size:
            left.append(words[i])
        i += max(size, 1)
    return left


def _hesitant(words: Sequence[Token], lexicon: Lexicon) -> bool:
    said = flat(words)
    return any(phrase in said for pack in lexicon.packs for phrase in pack.hesitant)


def doubting(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether an utterance hesitates."""
    return _hesitant([t for t in reading.tokens if t.key], lexicon)
