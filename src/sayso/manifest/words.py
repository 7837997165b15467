"""Checks of texts, wherever they stand: languages that are missing, replies that do not render, speech that a voice
cannot say, utterances with slots that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.manifest.faults import Fault, Path_, Source, did_you_mean
from sayso.manifest.formats import formats
from sayso.manifest.messages import QUOTE, BadMessage, Use, compile_message, list_style
from sayso.manifest.schema import walk

Types = Mapping[str, str]
"""Parameter -> its type; a list is written "[name]", a list of rows "[order.line]"."""

VARIANTS = ("text", "speech", "short", "reprompt")
SUITS: Mapping[str, frozenset[str]] = {
    "money": frozenset({"", "money"}),
    "number": frozenset({"", "number", "plural", "selectordinal", "select"}),
    "time": frozenset({"", "time", "date", "datetime"}),
    "date": frozenset({"", "date"}),
    "datetime": frozenset({"", "time", "date", "datetime"}),
    "duration": frozenset({"", "duration"}),
    "text": frozenset({"", "text", "select"}),
    "name": frozenset({"", "text", "select"}),
    "said": frozenset({"", "text"}),
    "list": frozenset({"", "list", "plural", "select"}),
    "any": frozenset({"", "text"}),
}
"""Which formats suit which type of parameter."""

UNSPEAKABLE = (
    (re.compile(r"https?://|www\.|\b[\w-]+\.(com|nl|org|eu|net)\b"), "a link"),
    (re.compile(r"</?[a-zA-Z]"), "markup"),
    (re.compile(r"\*\*|__|`|\]\("), "markup"),
    (re.compile("[\U0001f000-\U0001faff☀-➿️]"), "a picture character"),
)
SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Keys:
    """Every reply key that exists, with what its parameters are."""

    params: Mapping[str, Types] = field(default_factory=dict)

    def with_(self, more: Mapping[str, Types]) -> Keys:
        return Keys({**self.params, **more})


def mapping(value: object) -> Mapping[str, Any]:
    """The value when it is a mapping, else an empty one: its schema has complained already."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def texts_of(value: object) -> list[tuple[int, str]]:
    """The texts of a list with their positions; what is none has its fault from the schema."""
    return [(index, each) for index, each in enumerate(sequence(value)) if isinstance(each, str)]


def param_types(value: object) -> Types:
    """`params` as written: {total: money, lines: [order.line]}."""
    return {
        name: f"[{kind[0]}]" if isinstance(kind, list) and kind else str(kind) for name, kind in mapping(value).items()
    }


def declared(replies: object) -> dict[str, Types]:
    """The keys of a `replies` mapping that declare their parameters."""
    return {key: param_types(each["params"]) for key, each in mapping(replies).items() if "params" in mapping(each)}


def language_faults(source: Source, name: str, languages: tuple[str, ...], closed: bool) -> Iterator[Fault]:
    """Texts without one of the languages; `closed`: other languages are faults too. Other words for a thing
    (synonyms) may be missing, and the polite form where a language has none of its own."""
    for kind, at, value in walk(name, source.data):
        if kind not in ("text", "words", "reply") or not isinstance(value, Mapping):
            continue
        tags = [tag for tag in value if tag != "params"]
        if kind == "reply" and not tags:
            continue
        missing = [] if at[-1] == "synonyms" or at[0] == "formal" else [tag for tag in languages if not value.get(tag)]
        for tag in missing:
            yield source.fault(at, f"it has no {tag}", f"add {tag}: to it", "missing_language")
        for tag in tags if closed else ():
            if tag not in languages:
                what = f'"{tag}" is not a language of this merchant'
                yield source.fault((*at, tag), what, did_you_mean(tag, languages), "unknown_language")


def reply_faults(source: Source, at: Path_, value: object, types: Types, keys: Keys) -> Iterator[Fault]:
    """What is wrong with one reply in any of its languages and variants."""
    for tag, each in mapping(value).items():
        if tag == "params":
            continue
        texts = {"text": each} if isinstance(each, str) else mapping(each)
        for variant in VARIANTS:
            text = texts.get(variant)
            if isinstance(text, str) and text:
                where = (*at, tag) if isinstance(each, str) else (*at, tag, variant)
                aloud = variant in ("speech", "reprompt") or (variant == "text" and not texts.get("speech"))
                yield from text_faults(source, where, text, tag, types, keys, aloud)


def text_faults(
    source: Source, at: Path_, text: str, tag: str, types: Types, keys: Keys, aloud: bool
) -> Iterator[Fault]:
    """What is wrong with one MessageFormat text."""
    try:
        compiled = compile_message(text)
    except BadMessage as error:
        mend = "close every brace; write a brace itself as '{'"
        yield source.fault(at, f"the reply does not render: {error}", mend, "bad_reply")
        return
    for use in compiled.uses:
        for what, mend in _use_faults(use, tag, types, keys):
            yield source.fault(at, what, mend, "bad_reply")
    if aloud:
        yield from speech_faults(source, at, text)


def speech_faults(source: Source, at: Path_, text: str) -> Iterator[Fault]:
    for pattern, noun in UNSPEAKABLE:
        if pattern.search(text):
            mend = "give it a speech: that says the same in plain words"
            yield source.fault(at, f"a voice cannot say {noun}", mend, "markup_in_speech")


def _use_faults(use: Use, tag: str, types: Types, keys: Keys) -> Iterator[tuple[str, str]]:
    if use.name not in types:
        yield f"the reply is not given {{{use.name}}}", did_you_mean(use.name, types, "this reply's params")
        return
    kind = types[use.name]
    family = "list" if kind.startswith("[") else kind
    if family in SUITS and use.format not in SUITS[family]:
        suits = ", ".join(sorted(word for word in SUITS[family] if word))
        yield f"{{{use.name}}} is a {family}, it cannot be shown as {use.format}", f"it can be shown as {suits}"
    if use.format == "list":
        yield from _list_faults(use, kind, keys)
    if use.format in ("plural", "selectordinal"):
        yield from _plural_faults(use, tag)


def _list_faults(use: Use, kind: str, keys: Keys) -> Iterator[tuple[str, str]]:
    row, _ = list_style(use.name, use.style)
    inner = kind.strip("[]")
    if row and row != QUOTE and row not in keys.params:
        yield f'there is no reply "{row}" to render its rows', did_you_mean(row, keys.params)
    elif inner in keys.params and not row:
        yield f"the rows of {{{use.name}}} need a reply", f"write {{{use.name}, list, {inner}}}"


def _plural_faults(use: Use, tag: str) -> Iterator[tuple[str, str]]:
    figures = formats(tag)
    rule = figures.locale.ordinal_form if use.format == "selectordinal" else figures.locale.plural_form
    known = {*rule.tags, "other"}
    for key in use.keys:
        if key not in known and not re.fullmatch(r"=\d+", key):
            mend = f"{tag} has {', '.join(sorted(known))}; or an exact number such as =0"
            yield f'"{key}" is not a plural form of {tag}', mend


def params_faults(source: Source, at: Path_, params: object, keys: Keys) -> Iterator[Fault]:
    """Types of declared parameters that do not exist."""
    for name, kind in param_types(params).items():
        inner = kind.strip("[]")
        if inner not in SUITS and not (kind.startswith("[") and inner in keys.params):
            mend = did_you_mean(inner, [*SUITS, *keys.params] if kind.startswith("[") else SUITS)
            yield source.fault((*at, name), f'"{inner}" is not a type of parameter', mend, "unknown_type")


def slot_names(inside: str) -> tuple[str, ...]:
    """The slots between braces: "people" of "{people}" and of "{people: four of us}", both of "{date+time: now}"."""
    return tuple(name.strip() for name in inside.partition(":")[0].split("+"))


def plain_utterance(text: str) -> str:
    """A sample without examples of its values: "a table for {people: four}" is "a table for {people}"."""
    return SLOT.sub(lambda m: f"{{{slot_names(m[1])[0]}}}", text)


def utterance_faults(source: Source, at: Path_, utterances: object, slots: Mapping[str, Any]) -> Iterator[Fault]:
    """Sample sentences that name slots which the intent does not have."""
    for tag, each in mapping(utterances).items():
        for index, text in texts_of(each):
            for name in (name for inside in SLOT.findall(text) for name in slot_names(inside)):
                if name not in slots:
                    mend = did_you_mean(name, slots, "this intent's slots")
                    yield source.fault((*at, tag, index), f"there is no slot {{{name}}}", mend, "unknown_slot")
            if set(SLOT.sub("", text)) & {"{", "}"}:
                mend = "write {slot}, or {slot: an example of it}"
                yield source.fault((*at, tag, index), "a brace is not closed", mend, "bad_utterance")
