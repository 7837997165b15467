"""What is said from every state: the global phrases, a switch of language, an emergency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sayso.model.command import Candidate, Command, Evidence, Language, Say, Start
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.phrasing import heard
from sayso.understanding.spans import Reading
from sayso.understanding.words import Token, tokens


def flat(toks: Iterable[Token]) -> str:
    """The folded words with single spaces, and one at either end."""
    return f" {' '.join(t.key for t in toks if t.key)} "


def emergency(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Say | None:
    """Emergency phrases, before anything else and from every state."""
    said = flat(toks)
    for phrase in (phrase for pack in lexicon.packs for phrase in pack.exaggerating):
        said = said.replace(phrase, " ")
    if any(heard(said, lexicon.cues["emergency"])) or _alarming(said, lexicon):
        return Say("emergency", Evidence(text, "local"))
    return None


def _alarming(said: str, lexicon: Lexicon) -> bool:
    """A part of the body and what is wrong with it, in any order: "my lips are swelling up"."""
    return any(
        all(any(heard(said, lexicon.cues[f"{kind}/{pack.language}"])) for kind in ("part", "sign"))
        for pack in lexicon.packs
    )


def whole(reading: Reading, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    """A global phrase, an intent's own utterance or a language, said on its own; several that are said in a row
    ("never mind, I don't need anything") mean the first."""
    said = global_phrase(reading.text, toks, lexicon) or _row(reading, toks, lexicon)
    if said or any(s.has("product") for s in reading.spans):
        return said
    return _within(reading.text, toks, lexicon)


def global_phrase(text: str, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    """A global phrase that these words are, with small words around it."""
    for key in stripped(toks, lexicon):
        if command := _whole(key, text, lexicon):
            return command
    return None


def _row(reading: Reading, toks: Sequence[Token], lexicon: Lexicon) -> Command | None:
    text, named = reading.text, any(s.named for s in reading.spans)
    parts: list[list[Token]] = [[]]
    for token in toks:
        parts[-1].append(token) if not token.mark else parts.append([])
    heard = [(part, global_phrase(text, part, lexicon)) for part in parts if part]
    said = [phrase for part, phrase in heard if phrase or not _empty(part, reading, lexicon)]
    if said and isinstance(said[0], Say) and said[0].what == "wait" and not any(said[1:]):
        return said[0] if not (named or _tells(toks, lexicon) or _changes(reading)) else None
    skipped = next((s for s in said if isinstance(s, Say) and s.what in ("skip", "any")), None)
    if skipped and all(isinstance(s, Say) for s in said):
        return skipped  # "I don't know, skip that"
    if said and isinstance(said[0], Say) and said[0].what == "wait" and all(isinstance(s, Say) for s in said):
        return next((s for s in said if isinstance(s, Say) and s.what != "wait"), said[0])  # "wait, cancel that"
    if len(heard) > 1 and said and all(isinstance(s, Say) for s in said):
        return said[0]
    return _called(heard, reading)


def _called(heard: Sequence[tuple[Sequence[Token], Command | None]], reading: Reading) -> Command | None:
    """A person who is asked for beside what is wrong: "my chain came off. Can I speak to somebody?"; not beside what
    is ordered."""
    for part, said in heard:
        if isinstance(said, Say) and said.what == "person":
            inside = range(part[0].start, part[-1].end)
            others = [s for s in reading.spans if reading.tokens[s.start].start not in inside]
            return None if any(s.role("want", "add") or s.number is not None for s in others) else said
    return None


def _empty(part: Sequence[Token], reading: Reading, lexicon: Lexicon) -> bool:
    """Whether words between two marks say nothing: "you know what, ..."."""
    key = "".join(t.key for t in part)
    if any(s.key == key and s.has("choice", "location", "product") for s in reading.spans):
        return False
    return any("filler" in pack.roles.get(key, ()) for pack in lexicon.packs)


def led(toks: Sequence[Token], lexicon: Lexicon) -> tuple[str, int]:
    """The global phrase that an utterance begins with, and where what follows it begins: "never mind, a croissant"."""
    first = next((n for n, token in enumerate(toks) if token.mark), 0)
    said = global_phrase("", toks[:first], lexicon) if 0 < first < len(toks) - 1 else None
    return (said.what, first + 1) if isinstance(said, Say) else ("", 0)


def patience(toks: Sequence[Token], lexicon: Lexicon) -> int:
    """Where what follows a request to wait begins, as it is heard without marks: "wait I'll ask my wife"; 0 where an
    utterance does not begin with one."""
    words = [(n, t.key) for n, t in enumerate(toks) if t.key]
    for size in range(min(_PATIENT, len(words) - 1), 0, -1):
        key = "".join(key for _, key in words[:size])
        if any(pack.said(key) == "wait" for pack in lexicon.packs):
            return words[size][0]
    return 0


def prefaced(toks: Sequence[Token], lexicon: Lexicon) -> int:
    """Where what is asked begins after what only announces it ("before I say yes: do you deliver?"); 0 where nothing
    does."""
    words = [(n, t.key) for n, t in enumerate(toks) if t.key]
    for size in range(min(_PREFACE, len(words) - 1), 1, -1):
        phrase = " ".join(key for _, key in words[:size])
        marked = toks[words[size - 1][0] + 1].mark if words[size - 1][0] + 1 < len(toks) else ""
        if marked and any(phrase in pack.prefacing for pack in lexicon.packs):
            return words[size][0]
    return 0


_PREFACE = 6
"""The longest announcement of a question in words."""
_PATIENT = 5
"""The longest request to wait in words."""


def _tells(toks: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a day or a number is named: "wait, make it Friday" asks for no patience."""
    classes = lexicon.readers[""].classes
    return any(t.key[:1].isdigit() or any(c[:4] == "cal_" for c in classes.get(t.key, ())) for t in toks)


def _changes(reading: Reading) -> bool:
    """Whether something is changed into a number: "wait, make it eleven"."""
    return any(s.role("change") for s in reading.spans) and any(s.number is not None for s in reading.spans)


_ANYWHERE = ("carry_on", "undo", "person", "bot", "unsubscribe", "start_over")


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
        if what := pack.said(key):
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


_LINKING = ("link", "unlink", "links")
_ENDING = ("cancel", "undo", "stop", "unsubscribe", "start_over", "checkout", "skip", "any", "wait", *_LINKING)
"""Global phrases that end or undo something, or link somebody."""


def told(what: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a global phrase that `text` is only like may be meant. One that ends something is no question about it
    ("until when can I cancel"), and has no word that none of its samples has ("that's all wrong")."""
    words = [t.key for t in tokens(text) if t.key]
    if what not in _ENDING:
        return True
    if "?" in text or any(word in pack.wh for word in words[:1] for pack in lexicon.packs):
        return False
    known = {word for pack in lexicon.packs for said in pack.samples.get(what, ()) for word in said.split()}
    if what == "any" and any("negation" in pack.roles.get(word, ()) for word in words for pack in lexicon.packs):
        return False  # what is refused is no choice
    silent = {word for pack in lexicon.packs for word in pack.nothing} | lexicon.polite
    return all(word in known or word in silent for word in words)


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
