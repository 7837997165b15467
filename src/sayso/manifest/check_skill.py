"""Everything that can be wrong in a skill manifest by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sayso.manifest.check_secrets import secret_faults
from sayso.manifest.faults import Fault, Path_, Source, did_you_mean
from sayso.manifest.schema import schema_faults
from sayso.manifest.words import (
    Keys,
    Types,
    declared,
    language_faults,
    mapping,
    params_faults,
    reply_faults,
    texts_of,
    utterance_faults,
)

OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "answer": ("hours", "places", "returns", "payment", "about_me", "history", "remember", "forget", "erase"),
    "booking": ("book", "move", "cancel", "status"),
    "hand_over": ("person", "complaint", "call_back", "my_data"),
    "order": ("add", "usual", "last", "status"),
}
"""The words of each built-in fulfilment kind; a kind that is not here takes any."""

CONSENTED = frozenset({"purchase", "booking", "message", "write"})
"""Effects that need a read-back and a yes."""

ASKED = frozenset({"location", "choice", "time", "postcode", "product", "staff", "address", "date", "party"})
"""Types of slot that a fulfilment may ask again (closed, not offered, not delivered there), so never without words."""

SPECIAL_DEFAULTS = {"location": ("@only", "@nearest"), "time": ("@asap",), "staff": ("@any",)}
SETTING_TYPES: Mapping[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "string": (str,)}
ARTICLES = {"boolean": "a", "integer": "an", "string": "a"}
PROMPT_TYPES: Types = {"options": "[name]"}
ENTRY_POINT = re.compile(r"[a-z_]\w*(\.\w+)*:[A-Za-z_]\w*")


def skill_languages(data: object) -> tuple[str, ...]:
    """The languages that a skill speaks: those of its title."""
    return tuple(mapping(mapping(data).get("title")))


def skill_keys(data: object, base: Keys) -> Keys:
    """Every reply key that a merchant with this skill has."""
    return base.with_({**declared(mapping(data).get("replies")), **prompt_keys(data)})


def prompt_keys(data: object) -> dict[str, Types]:
    skill = mapping(data).get("id")
    return {
        f"{kind}:{skill}.{intent}.{name}": PROMPT_TYPES
        for intent, name, slot, _ in _slots(data)
        for kind in ("prompt", "reprompt", "why")
        if kind in slot
    }


def skill_faults(source: Source, folder: str, base: Keys) -> tuple[Fault, ...]:
    """Every fault of one skill manifest, in the order of its lines."""
    if source.data is None:
        return source.faults
    data, keys = mapping(source.data), skill_keys(source.data, base)
    found = chain(
        source.faults,
        schema_faults(source, "skill"),
        _id_faults(source, data, folder),
        secret_faults(source),
        language_faults(source, "skill", skill_languages(data), closed=False),
        _fulfilment_faults(source, data),
        _setting_faults(source, data),
        _intent_faults(source, data),
        _slot_faults(source, data, keys),
        _reply_faults(source, data, keys),
    )
    return tuple(sorted(set(found)))


def _id_faults(source: Source, data: Mapping[str, Any], folder: str) -> Iterator[Fault]:
    id = data.get("id")
    if isinstance(id, str) and id != folder:
        mend = f"write id: {folder}, or rename the folder to {id}"
        yield source.fault(("id",), f'the id "{id}" is not the name of its folder, "{folder}"', mend, "wrong_id")


def _fulfilment_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    at = ("fulfilment", "entry_point")
    fulfilment = mapping(data.get("fulfilment"))
    entry_point = fulfilment.get("entry_point")
    if isinstance(entry_point, str) and not ENTRY_POINT.fullmatch(entry_point):
        mend = 'write module:object, such as "skill:coffee"'
        yield source.fault(at, f'"{entry_point}" is not an entry point', mend, "bad_entry_point")
    kind = str(fulfilment.get("kind"))
    if entry_point is not None and kind in OPERATIONS:
        mend = "remove it, or write kind: python"
        yield source.fault(at, f"kind {kind} is built in and has no entry point", mend, "unknown_key")


def _setting_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    for name, setting in mapping(data.get("settings")).items():
        if "default" in mapping(setting) and (wrong := setting_fault(f"the default of {name}", setting)):
            yield source.fault(("settings", name, "default"), *wrong)


def setting_fault(told: str, setting: Mapping[str, Any], value: object = None) -> tuple[str, str, str] | None:
    """What is wrong with a setting's `value` (its default when None), how to mend it, and the fault's code."""
    value, kind = setting["default"] if value is None else value, str(setting.get("type"))
    if kind not in SETTING_TYPES:
        return None
    if not isinstance(value, SETTING_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return f"{told} is not of type {kind}", f"write {ARTICLES[kind]} {kind}", "wrong_type"
    least, most = setting.get("minimum"), setting.get("maximum")
    if isinstance(value, int) and isinstance(least, int) and value < least:
        return f"{told} is {value}, which is too small", f"write {least} or more", "too_small"
    if isinstance(value, int) and isinstance(most, int) and value > most:
        return f"{told} is {value}, which is too large", f"write {most} or less", "too_large"
    return None


def _intents(data: object) -> Iterator[tuple[str, Mapping[str, Any], Path_]]:
    for id, intent in mapping(mapping(data).get("intents")).items():
        yield id, mapping(intent), ("intents", id)


def _slots(data: object) -> Iterator[tuple[str, str, Mapping[str, Any], Path_]]:
    for id, intent, at in _intents(data):
        for name, slot in mapping(intent.get("slots")).items():
            yield id, name, mapping(slot), (*at, "slots", name)


def _intent_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    kind = mapping(data.get("fulfilment")).get("kind")
    known = OPERATIONS.get(kind) if isinstance(kind, str) else None
    for id, intent, at in _intents(data):
        yield from _say_so_faults(source, id, intent, at)
        yield from utterance_faults(source, (*at, "utterances"), intent.get("utterances"), mapping(intent.get("slots")))
        operation = intent.get("operation")
        if known and operation not in known:
            where = (*at, "operation") if "operation" in intent else at
            what = f'kind {kind} has no operation "{operation}"' if operation else f"{id} has no operation"
            mend = did_you_mean(str(operation or ""), known)
            yield source.fault(where, what, mend, "unknown_operation")


def _say_so_faults(source: Source, id: str, intent: Mapping[str, Any], at: Path_) -> Iterator[Fault]:
    effect, say_so = intent.get("effect"), intent.get("say_so", "none")
    where = (*at, "say_so") if "say_so" in intent else at
    if isinstance(effect, str) and effect in CONSENTED and say_so == "none":
        what = f"{id} has the effect {effect} without a say-so"
        yield source.fault(where, what, "write say_so: read_back: the customer says yes first", "no_say_so")
    if effect in ("none", "read") and "undo" in intent:
        what = f"{id} has the effect {effect}: there is nothing to undo"
        yield source.fault((*at, "undo"), what, "remove undo", "useless_undo")


def _slot_faults(source: Source, data: Mapping[str, Any], keys: Keys) -> Iterator[Fault]:
    languages = skill_languages(data)
    for intent, name, slot, at in _slots(data):
        if not _is_attribute(data, slot):
            yield from _prompt_faults(source, slot, name, at, languages)
        yield from _default_faults(source, slot, at)
        siblings = mapping(mapping(mapping(data.get("intents")).get(intent)).get("slots"))
        yield from _when_faults(source, slot, at, siblings)
        yield from utterance_faults(source, (*at, "answers"), slot.get("answers"), siblings)
        for kind in ("prompt", "reprompt", "why"):
            yield from reply_faults(source, (*at, kind), slot.get(kind), PROMPT_TYPES, keys)


def _is_attribute(data: Mapping[str, Any], slot: Mapping[str, Any]) -> bool:
    """A choice of the kind advice that nobody asks for: it only narrows what is looked for."""
    advice = mapping(data.get("fulfilment")).get("kind") == "advice"
    return advice and slot.get("type") == "choice" and slot.get("required") is not True


def _prompt_faults(
    source: Source, slot: Mapping[str, Any], name: str, at: Path_, languages: tuple[str, ...]
) -> Iterator[Fault]:
    asked = slot.get("required") is True and slot.get("type") != "lines"
    if "prompt" not in slot and (asked or str(slot.get("type")) in ASKED):
        mend = "add prompt: {" + ", ".join(f'{tag}: "..."' for tag in languages) + "}"
        yield source.fault(at, f"the slot {name} can be asked but has no prompt", mend, "no_prompt")


def _default_faults(source: Source, slot: Mapping[str, Any], at: Path_) -> Iterator[Fault]:
    default, kind = slot.get("default"), str(slot.get("type"))
    if not isinstance(default, str):
        return
    known = (*SPECIAL_DEFAULTS.get(kind, ()), *(mapping(slot.get("values")) if kind == "choice" else ()))
    if (kind == "choice" or default.startswith("@")) and default not in known:
        what = f'the default "{default}" is not a value of this slot'
        yield source.fault((*at, "default"), what, did_you_mean(default, known), "unknown_value")


def _when_faults(source: Source, slot: Mapping[str, Any], at: Path_, siblings: Mapping[str, Any]) -> Iterator[Fault]:
    for other, values in mapping(slot.get("when")).items():
        where = (*at, "when", other)
        if other not in siblings:
            yield source.fault(where, f"there is no slot {other}", did_you_mean(other, siblings), "unknown_slot")
            continue
        known = mapping(mapping(siblings[other]).get("values"))
        for index, value in texts_of(values):
            if known and value not in known:
                what = f'the slot {other} has no value "{value}"'
                yield source.fault((*where, index), what, did_you_mean(value, known), "unknown_value")


def _reply_faults(source: Source, data: Mapping[str, Any], keys: Keys) -> Iterator[Fault]:
    for part in ("replies", "formal"):
        for key, value in mapping(data.get(part)).items():
            yield from overlay_faults(source, (part, key), key, value, keys)


def overlay_faults(source: Source, at: Path_, key: str, value: object, keys: Keys) -> Iterator[Fault]:
    """A reply of a skill or merchant: it overlays a key that exists, or declares a new one with its params."""
    types = keys.params.get(key)
    if types is None:
        mend = did_you_mean(key, keys.params) + " A new key declares its parameters: params: {}"
        yield source.fault(at, f'there is no reply "{key}"', mend, "unknown_reply")
        return
    yield from params_faults(source, (*at, "params"), mapping(value).get("params"), keys)
    yield from reply_faults(source, at, value, types, keys)
