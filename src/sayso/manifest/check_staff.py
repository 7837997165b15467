"""What can be wrong with who serves appointments, and with the services that can be booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sayso.manifest.check_merchant import week_faults
from sayso.manifest.faults import Fault, Source, did_you_mean
from sayso.manifest.values import absence, minor_units
from sayso.manifest.words import mapping, texts_of
from sayso.model.catalog import Product

A_DAY = 24 * 60
MOST = {"buffer": A_DAY, "lead": 60 * A_DAY}
"""Minutes at most."""


def staff_faults(source: Source, data: Mapping[str, Any], products: Mapping[str, Product]) -> tuple[Fault, ...]:
    """Every fault of `staff:` and of `capacity:`, against the places and the catalog; a catalog that could not be read
    has faults of its own and counts for nothing here."""
    return tuple(sorted({*_each(source, data, products), *_capacity_faults(source, data, products)}))


def _each(source: Source, data: Mapping[str, Any], products: Mapping[str, Product]) -> Iterator[Fault]:
    places, known = mapping(data.get("locations")), _known(data, products)
    for id, member in mapping(data.get("staff")).items():
        at, said = ("staff", id), mapping(member)
        for index, place in texts_of(said.get("locations")):
            if place not in places:
                what, mend = f'there is no location "{place}"', did_you_mean(place, places)
                yield source.fault((*at, "locations", index), what, mend, "unknown_location")
        for index, service in texts_of(said.get("services")):
            if products and service not in known:
                what = f'there is no product or category "{service}"'
                yield source.fault((*at, "services", index), what, did_you_mean(service, known), "unknown_service")
        yield from week_faults(source, mapping(said.get("hours")), (*at, "hours"))
        for index, text in texts_of(said.get("absent")):
            try:
                absence(text)
            except ValueError as error:
                mend = "write 2026-12-24, 2026-12-24/2027-01-02 or 2026-12-24 13:00-17:00"
                yield source.fault((*at, "absent", index), str(error), mend, "bad_absence")


def _known(data: Mapping[str, Any], products: Mapping[str, Product]) -> frozenset[str]:
    return frozenset(products) | frozenset(mapping(mapping(data.get("catalog")).get("categories")))


def _capacity_faults(source: Source, data: Mapping[str, Any], products: Mapping[str, Product]) -> Iterator[Fault]:
    known = _known(data, products)
    for id, place in mapping(data.get("locations")).items():
        for kind in mapping(mapping(place).get("capacity")):
            if products and kind not in known:
                what, at = f'there is no product or category "{kind}"', ("locations", id, "capacity", kind)
                yield source.fault(at, what, did_you_mean(kind, known), "unknown_service")


def service_faults(
    file: str, products: Mapping[str, Product], lines: Mapping[str, int], currency: str
) -> Iterator[Fault]:
    """Services whose duration, buffer, lead or fee cannot be read."""
    for sku, product in products.items():
        said = product.attributes
        if "duration" not in said:
            continue
        for column, what, mend in _wrong(said, currency):
            yield Fault(file, lines.get(sku, 1), f"/attr_{column}", f"{sku}: {what}", mend, "bad_service")


def _wrong(said: Mapping[str, str], currency: str) -> Iterator[tuple[str, str, str]]:
    duration = said["duration"]
    if duration != "shift" and not _minutes(duration, 1, A_DAY):
        yield "duration", f'"{duration}" is not a duration', "write minutes (45), or shift for a whole shift"
    for name, most in MOST.items():
        if name in said and not _minutes(said[name], 0, most):
            yield name, f'"{said[name]}" is not a number of minutes', f"write {name} as digits"
    try:
        minor_units(said.get("visit_fee", "0"), currency)
    except ValueError as error:
        yield "visit_fee", f"the fee {error}", 'write it like "25.00"'


def _minutes(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= int(text) <= most
