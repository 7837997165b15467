"""Checking a whole merchant: its manifest, catalog and answers with the skills and the base replies, to a Draft.

Pure: `load` reads the files. Everything is checked even where something is wrong already, so that an author sees every
fault at once; a Draft comes out only when there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.numbers import is_currency

from sayso.manifest.bare import with_bare
from sayso.manifest.check_address import address_faults
from sayso.manifest.check_merchant import answers_faults, merchant_faults, merchant_languages
from sayso.manifest.check_skill import overlay_faults, skill_faults, skill_keys
from sayso.manifest.check_staff import service_faults, staff_faults
from sayso.manifest.digest import digest
from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault, Source
from sayso.manifest.products import Shelf, read_products
from sayso.manifest.read import Table
from sayso.manifest.resolve import (
    answer_replies,
    answers,
    emergency_reply,
    merchant_spec,
    option_group,
    overlay,
    prompt_replies,
    replies,
    skill_spec,
    spoken_by,
)
from sayso.manifest.specs import Replies
from sayso.manifest.values import basis_points
from sayso.manifest.words import Keys, declared, mapping, params_faults, reply_faults
from sayso.model.catalog import Catalog, OptionGroup, Product


@dataclass(frozen=True, slots=True)
class Base:
    """The replies that ship with sayso, and what may be used in them."""

    replies: Replies
    keys: Keys
    faults: tuple[Fault, ...] = ()
    formal: Replies = field(default_factory=dict)
    """What of them is said otherwise by a merchant with the polite form of address."""


@dataclass(frozen=True, slots=True)
class SkillFiles:
    """A skill as read. `faults` are its own."""

    source: Source
    folder: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class MerchantFiles:
    """A merchant as read; `files` are the relative paths in its folder, for pictures."""

    folder: Path
    source: Source
    table: Table | None = None
    answers: Source | None = None
    files: frozenset[str] = field(default_factory=frozenset)


def check_base(sources: tuple[Source, ...], formal: tuple[Source, ...] = ()) -> Base:
    """The base replies of several files, and those in the polite form. A broken one is left out and its faults told."""
    found: dict[str, Any] = {}
    for source in sources:
        found.update(mapping(mapping(source.data).get("replies")))
    keys = Keys({**{key: {} for key in found}, **declared(found)})
    faults = tuple(sorted({fault for source in sources for fault in _base_faults(source, keys)}))
    broken = {fault.pointer.split("/")[2] for fault in faults if fault.pointer.count("/") > 1}
    sound = {key: each for key, each in found.items() if key not in broken}
    polite = {key: each for source in formal for key, each in mapping(mapping(source.data).get("replies")).items()}
    own = tuple(sorted({fault for source in formal for fault in _formal_faults(source, keys)}))
    wrong = {fault.pointer.split("/")[2] for fault in own if fault.pointer.count("/") > 1}
    said = replies({key: each for key, each in polite.items() if key not in wrong})
    return Base(replies(sound), keys, (*faults, *own), said)


def _formal_faults(source: Source, keys: Keys) -> Iterator[Fault]:
    """A reply in the polite form is one of the base, with its parameters."""
    yield from source.faults
    for key, value in mapping(mapping(source.data).get("replies")).items():
        yield from overlay_faults(source, ("replies", key), key, value, keys)


def _base_faults(source: Source, keys: Keys) -> Iterator[Fault]:
    yield from source.faults
    for key, value in mapping(mapping(source.data).get("replies")).items():
        at = ("replies", key)
        if not isinstance(value, Mapping):
            yield source.fault(at, "a reply is a text per language", 'write {en: "...", nl: "..."}', "type")
            continue
        yield from params_faults(source, (*at, "params"), value.get("params"), keys)
        yield from reply_faults(source, at, value, keys.params[key], keys)


def check_skill(source: Source, folder: str, base: Base) -> SkillFiles:
    return SkillFiles(source, folder, skill_faults(source, folder, base.keys))


def check_merchant(
    files: MerchantFiles, skills: Mapping[str, SkillFiles], base: Base
) -> tuple[Draft | None, tuple[Fault, ...]]:
    """The merchant's Draft, None when it has faults, and those faults (its skills' own are not repeated)."""
    data = mapping(files.source.data)
    wanted = [id for id in mapping(data.get("skills")) if id in skills]
    keys = base.keys
    for id in wanted:
        keys = skill_keys(skills[id].source.data, keys)
    sources = {id: each.source for id, each in skills.items()}
    options, products, catalog = _catalog(files, data)
    faults = (
        *merchant_faults(files.source, files.folder.name, sources, keys),
        *catalog,
        *staff_faults(files.source, data, products),
        *(answers_faults(files.answers, merchant_languages(data)) if files.answers else ()),
        *_coverage_faults(files.source, data, [skills[id] for id in wanted], base),
    )
    sound = [id for id in wanted if not skills[id].faults]
    if not sound and wanted and not faults:
        faults = (_no_skill(files.source, wanted),)
    if faults:
        return None, faults
    draft = _draft(files, data, options, products, wanted, skills, base)
    mixed = tuple(address_faults(files.source, draft))
    return (None, mixed) if mixed else (draft, ())


def _no_skill(source: Source, wanted: list[str]) -> Fault:
    what = f"none of its skills can be used: {', '.join(wanted)}"
    return source.fault(("skills",), what, "mend the faults of the skill", "no_skill")


def _catalog(
    files: MerchantFiles, data: Mapping[str, Any]
) -> tuple[Mapping[str, OptionGroup], Mapping[str, Product], tuple[Fault, ...]]:
    """Options and products, as far as what they refer to can be read."""
    section, currency = mapping(data.get("catalog")), data.get("currency")
    if files.table is None or not isinstance(currency, str) or not is_currency(currency):
        return {}, {}, ()
    options = _options(section, currency)
    shelf = Shelf(
        languages=merchant_languages(data),
        currency=currency,
        categories=frozenset(mapping(section.get("categories"))),
        options=options,
        allergens=frozenset(mapping(data.get("allergens"))),
        vat=frozenset(mapping(data.get("vat"))),
        withdrawal=frozenset(mapping(data.get("withdrawal"))),
        files=files.files,
        site=site if isinstance(site := data.get("site"), str) else "",
    )
    products, faults = read_products(files.table, shelf)
    lines = {row.cells.get("sku", ""): row.line for row in reversed(files.table.rows)}
    services = service_faults(str(files.table.path), products, lines, currency) if "staff" in data else ()
    return options, products, (*faults, *services)


def _options(section: Mapping[str, Any], currency: str) -> dict[str, OptionGroup]:
    found = {}
    for id, each in mapping(section.get("options")).items():
        try:
            found[id] = option_group(id, each, currency)
        except (KeyError, TypeError, ValueError, AttributeError):
            # Its schema has complained; the rows must still find its name and values.
            values = mapping(mapping(each).get("values"))
            found[id] = option_group(id, {"name": {}, "values": {value: {"name": {}} for value in values}}, currency)
    return found


def _coverage_faults(source: Source, data: Mapping[str, Any], skills: list[SkillFiles], base: Base) -> Iterator[Fault]:
    """A language of the merchant in which the base, its skills and its own replies leave keys without words."""
    layers = [mapping(mapping(each.source.data).get("replies")) for each in skills]
    layers.append(mapping(data.get("replies")))
    for index, tag in enumerate(merchant_languages(data)):
        missing = [
            key
            for key, each in base.replies.items()
            if tag not in each and not any(tag in mapping(layer.get(key)) for layer in layers)
        ]
        if missing:
            what = f"{len(missing)} replies have no {tag}: {', '.join(missing[:5])}{', ...' if missing[5:] else ''}"
            yield source.fault(("languages", index), what, "add them under replies:", "missing_language")


def _draft(
    files: MerchantFiles,
    data: Mapping[str, Any],
    options: Mapping[str, OptionGroup],
    products: Mapping[str, Product],
    wanted: list[str],
    skills: Mapping[str, SkillFiles],
    base: Base,
) -> Draft:
    sound = [id for id in wanted if not skills[id].faults]
    merchant = merchant_spec(data, tuple(sound))
    sources = [mapping(skills[id].source.data) for id in sound]
    specs = {id: skill_spec(each, _settings(data, id)) for id, each in zip(sound, sources, strict=True)}
    found = answers(mapping(files.answers.data)) if files.answers else {}
    formal = merchant.persona.formal
    shipped = base.formal if formal else {}

    def polite(skill: Mapping[str, Any]) -> Replies:
        return replies(mapping(skill.get("formal"))) if formal else {}

    layers = [
        layer
        for each, spec in zip(sources, specs.values(), strict=True)
        for layer in (prompt_replies(each), spec.replies, polite(each))
    ]
    own = emergency_reply(merchant)
    everything = overlay(base.replies, shipped, answer_replies(found), own, *layers, merchant.replies)
    return Draft(
        merchant=merchant,
        skills=with_bare(specs),
        catalog=_versioned(data, options, products),
        answers=found,
        replies=spoken_by(merchant.languages, everything),
        folder=files.folder,
        left_out=tuple(id for id in wanted if skills[id].faults),
    )


def _settings(data: Mapping[str, Any], skill: str) -> Mapping[str, Any]:
    return mapping(mapping(data["skills"][skill]).get("settings"))


def _versioned(data: Mapping[str, Any], options: Mapping[str, OptionGroup], products: Mapping[str, Product]) -> Catalog:
    """The catalog under the digest of its content."""
    rates = {name: basis_points(rate) for name, rate in data.get("vat", {}).items()}
    categories = data["catalog"].get("categories", {})
    version = digest([data["id"], data["currency"], products, options, categories, rates])
    return Catalog(data["id"], version, data["currency"], products, options, categories, rates)
