"""Everything that can be wrong in a merchant manifest, given the skills that there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency

from sayso.manifest.check_secrets import secret_faults
from sayso.manifest.check_skill import overlay_faults, setting_fault, skill_languages
from sayso.manifest.faults import Fault, Path_, Source, closest, did_you_mean
from sayso.manifest.schema import schema_faults, walk
from sayso.manifest.values import day, minor_units, openings, weekdays
from sayso.manifest.words import Keys, language_faults, mapping, sequence, speech_faults, text_faults, texts_of


def merchant_languages(data: object) -> tuple[str, ...]:
    return tuple(tag for tag in sequence(mapping(data).get("languages")) if isinstance(tag, str))


def merchant_faults(source: Source, folder: str, skills: Mapping[str, Source], keys: Keys) -> tuple[Fault, ...]:
    """Every fault of one merchant.yaml. `skills` are all that there are; `keys` the replies of those it has."""
    if source.data is None:
        return source.faults
    data, languages = mapping(source.data), merchant_languages(source.data)
    found = chain(
        source.faults,
        schema_faults(source, "merchant"),
        _id_faults(source, data, folder),
        _known_languages(source, languages),
        _answered_languages(source, data, languages),
        language_faults(source, "merchant", languages, closed=True) if languages else (),
        _place_faults(source, data),
        _amount_faults(source, data),
        _hours_faults(source, data),
        _delivery_faults(source, data),
        secret_faults(source),
        _allergen_faults(source, data),
        _skill_faults(source, data, skills),
        _service_faults(source, data, skills),
        _child_faults(source, data, skills),
        *(overlay_faults(source, ("replies", key), key, value, keys) for key, value in _replies(data)),
    )
    return tuple(sorted(set(found)))


def _replies(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return mapping(data.get("replies")).items()


def _id_faults(source: Source, data: Mapping[str, Any], folder: str) -> Iterator[Fault]:
    id = data.get("id")
    if isinstance(id, str) and id != folder:
        mend = f"write id: {folder}, or rename the folder to {id}"
        yield source.fault(("id",), f'the id "{id}" is not the name of its folder, "{folder}"', mend, "wrong_id")


def _known_languages(source: Source, languages: tuple[str, ...]) -> Iterator[Fault]:
    for index, tag in enumerate(languages):
        try:
            Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            mend = "write a BCP-47 tag such as en, nl or nl-BE"
            yield source.fault(("languages", index), f'"{tag}" is not a language', mend, "unknown_language")


def _answered_languages(source: Source, data: Mapping[str, Any], languages: tuple[str, ...]) -> Iterator[Fault]:
    """The language in which a channel answers is one that the merchant speaks."""
    for name, settings in mapping(data.get("channels")).items():
        tag = mapping(settings).get("language")
        if isinstance(tag, str) and tag not in languages:
            mend = f"write one of languages: {', '.join(languages)}"
            yield source.fault(("channels", name, "language"), f'"{tag}" is not spoken here', mend, "unknown_language")


_SELLS = frozenset({"purchase", "booking"})
"""Effects that a skill for children may not have."""


def _child_faults(source: Source, data: Mapping[str, Any], skills: Mapping[str, Source]) -> Iterator[Fault]:
    """What is directed to children sells nothing: a platform refuses the whole skill."""
    channels = mapping(data.get("channels"))
    directed = [name for name, each in channels.items() if mapping(each).get("child_directed") is True]
    mend = "leave these skills to another merchant, or drop child_directed"
    for channel in directed:
        for skill in mapping(data.get("skills")):
            known = skills.get(skill)
            intents = mapping(mapping(known.data).get("intents")) if known else {}
            sold = [name for name, intent in intents.items() if mapping(intent).get("effect") in _SELLS]
            if sold:
                what = f"{channel} is directed to children, and {skill} sells or books: {', '.join(sold)}"
                yield source.fault(("channels", channel, "child_directed"), what, mend, "child_directed")


def _place_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Time zones and the currency, which are looked up in their registries."""
    for kind, at, value in walk("merchant", data):
        if kind == "zone" and isinstance(value, str) and not _is_zone(value):
            near = closest(value, available_timezones())
            mend = f'did you mean "{near}"?' if near else "write an IANA zone such as Europe/Amsterdam"
            yield source.fault(at, f'"{value}" is not a time zone', mend, "unknown_zone")
    currency = data.get("currency")
    if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) and not is_currency(currency):
        yield source.fault(("currency",), f'"{currency}" is not a currency', "write an ISO 4217 code: EUR", "currency")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _amount_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    currency = data.get("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        return
    for kind, at, value in walk("merchant", data):
        if kind == "amount" and isinstance(value, str):
            try:
                minor_units(value, currency)
            except ValueError as error:
                yield source.fault(at, f"the amount {error}", 'write it like "2.50"', "bad_amount")


def _locations(data: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Path_]]:
    for id, location in mapping(data.get("locations")).items():
        yield mapping(location), ("locations", id)


def _hours_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    for location, at in _locations(data):
        yield from week_faults(source, mapping(location.get("hours")), (*at, "hours"))
        yield from _holiday_faults(source, sequence(location.get("holidays")), (*at, "holidays"))


def week_faults(source: Source, hours: Mapping[str, Any], at: Path_) -> Iterator[Fault]:
    said: dict[int, str] = {}
    for days, value in hours.items():
        yield from _openings_faults(source, value, (*at, days))
        try:
            numbers = weekdays(days)
        except ValueError as error:
            yield source.fault((*at, days), str(error), "write mon, tue, mon-fri or sat,sun", "bad_days")
            continue
        for number in numbers:
            if number in said:
                what = f'"{days}" has a day that "{said[number]}" has too'
                yield source.fault((*at, days), what, "say each day once", "overlap")
                break
        said.update(dict.fromkeys(numbers, days))


def _openings_faults(source: Source, value: object, at: Path_) -> Iterator[Fault]:
    try:
        openings(value)
    except ValueError as error:
        code = "overlap" if "overlaps" in str(error) else "bad_hours"
        yield source.fault(at, f"the hours {error}", 'write "07:30-19:00", a list of such, or closed', code)


def _holiday_faults(source: Source, holidays: list[Any], at: Path_) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, holiday in enumerate(holidays):
        entry, where = mapping(holiday), (*at, index)
        if "hours" in entry:
            yield from _openings_faults(source, entry["hours"], (*where, "hours"))
        if "on" not in entry:
            continue
        try:
            date = day(entry["on"])
        except ValueError as error:
            yield source.fault((*where, "on"), str(error), "write year-month-day: 2026-12-25", "bad_day")
            continue
        if date in seen:
            yield source.fault((*where, "on"), f"{date} is there twice", "keep one of them", "overlap")
        seen.add(date)


def _delivery_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    for location, at in _locations(data):
        offers = "delivery" in sequence(location.get("services"))
        if offers and "delivery" not in location:
            mend = 'add delivery: {areas: ["1012"], fee: "2.50"}, or take delivery out of services'
            yield source.fault((*at, "services"), "it delivers, but not where to", mend, "no_delivery_area")
        if not offers and "delivery" in location:
            mend = "add delivery to services, or remove it here"
            yield source.fault((*at, "delivery"), "delivery is not among its services", mend, "no_delivery_service")


def _allergen_faults(source: Source, data: Mapping[str, Any]) -> Iterator[Fault]:
    known = mapping(data.get("allergens"))
    for group, options in mapping(mapping(data.get("catalog")).get("options")).items():
        for value, option in mapping(mapping(options).get("values")).items():
            at = ("catalog", "options", group, "values", value)
            for key in ("adds_allergens", "removes_allergens"):
                for index, word in texts_of(mapping(option).get(key)):
                    if word not in known:
                        what = f'the allergen "{word}" is not declared'
                        yield source.fault((*at, key, index), what, did_you_mean(word, known), "unknown_allergen")


def _skill_faults(source: Source, data: Mapping[str, Any], skills: Mapping[str, Source]) -> Iterator[Fault]:
    for id, use in mapping(data.get("skills")).items():
        at = ("skills", id)
        if id not in skills:
            yield source.fault(at, f'there is no skill "{id}"', did_you_mean(id, skills, "skills/"), "unknown_skill")
            continue
        skill = mapping(skills[id].data)
        for tag in merchant_languages(data):
            if skill_languages(skill) and tag not in skill_languages(skill):
                mend = f"add {tag} to skills/{id}/skill.yaml, or take it out of languages"
                yield source.fault(at, f"the skill {id} does not speak {tag}", mend, "missing_language")
        yield from _settings_faults(source, mapping(mapping(use).get("settings")), skill, (*at, "settings"))


def _settings_faults(
    source: Source, settings: Mapping[str, Any], skill: Mapping[str, Any], at: Path_
) -> Iterator[Fault]:
    known = mapping(skill.get("settings"))
    for name, value in settings.items() if skill else ():
        if name not in known:
            what = f'the skill has no setting "{name}"'
            yield source.fault((*at, name), what, did_you_mean(name, known), "unknown_setting")
            continue
        if wrong := setting_fault(f"the setting {name}", mapping(known[name]), value):
            yield source.fault((*at, name), *wrong)


def _service_faults(source: Source, data: Mapping[str, Any], skills: Mapping[str, Source]) -> Iterator[Fault]:
    """Services of a place that no skill of the merchant can take as a value of its slot `service`."""
    known = {
        value
        for id in mapping(data.get("skills"))
        if id in skills
        for intent in mapping(mapping(skills[id].data).get("intents")).values()
        for value in mapping(mapping(mapping(mapping(intent).get("slots")).get("service")).get("values"))
    }
    for location, at in _locations(data) if known else ():
        for index, service in texts_of(location.get("services")):
            if service not in known:
                what = f'no skill knows the service "{service}"'
                mend = did_you_mean(service, known)
                yield source.fault((*at, "services", index), what, mend, "unknown_service")


def answers_faults(source: Source, languages: tuple[str, ...]) -> tuple[Fault, ...]:
    """Every fault of answers.yaml."""
    if source.data is None:
        return source.faults
    found = chain(
        source.faults,
        schema_faults(source, "answers"),
        language_faults(source, "answers", languages, closed=True),
        secret_faults(source),
        _answer_texts(source),
    )
    return tuple(sorted(set(found)))


def _answer_texts(source: Source) -> Iterator[Fault]:
    for id, answer in mapping(mapping(source.data).get("answers")).items():
        speech = mapping(mapping(answer).get("speech"))
        for tag, text in mapping(mapping(answer).get("answer")).items():
            if isinstance(text, str):
                at = ("answers", id, "answer", tag)
                yield from text_faults(source, at, text, tag, {}, Keys(), aloud=tag not in speech)
        for tag, text in speech.items():
            if isinstance(text, str):
                yield from speech_faults(source, ("answers", id, "speech", tag), text)
