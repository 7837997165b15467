"""A small catalog and a location, made by hand."""

from __future__ import annotations

from datetime import date, time

import pytest

from sayso.manifest.specs import Delivery, Holiday, Location, Opening, Queue
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.money import Money


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    size = {
        "small": OptionValue("small", {"en": "small"}),
        "large": OptionValue("large", {"en": "large"}, price=80),
    }
    milk = {
        "whole": OptionValue("whole", {"en": "whole milk"}, adds_allergens=("milk",)),
        "oat": OptionValue(
            "oat", {"en": "oat milk"}, price=50, adds_allergens=("gluten",), removes_allergens=("milk",)
        ),
    }
    syrup = {name: OptionValue(name, {"en": name}, price=60) for name in ("vanilla", "caramel")}
    options = {
        "size": OptionGroup("size", {"en": "size"}, size, spoken="before"),
        "milk": OptionGroup("milk", {"en": "milk"}, milk),
        "syrup": OptionGroup("syrup", {"en": "syrup"}, syrup, kind="many", max_count=4),
    }
    latte = Product(
        "latte",
        {"en": "latte"},
        350,
        "coffee",
        options=("size", "milk", "syrup"),
        defaults={"size": "small", "milk": "whole", "syrup": "vanilla"},
        allergens=(),
        may_contain=("nuts",),
        vat="low",
    )
    mug = Product("mug", {"en": "mug"}, 1299, "things", allergens=(), vat="high", stocked=True)
    mystery = Product("mystery", {"en": "mystery"}, 100, "things", vat="none")
    rum = Product("rum", {"en": "rum"}, 700, "coffee", vat="high", age_min=18)
    products = {p.sku: p for p in (latte, mug, mystery, rum)}
    rates = {"low": 900, "high": 2100, "none": 0}
    return Catalog("bar", "v1", "EUR", products, options, vat_rates=rates)


@pytest.fixture(scope="session")
def location() -> Location:
    """Amsterdam; open until 01:00 on Fridays, closed on Sundays, King's Day and Christmas with an hour in it."""
    day = (Opening(time(8), time(18), 15),)
    weekly = dict.fromkeys(range(1, 5), day) | {5: (Opening(time(8), time(12)), Opening(time(18), time(1))), 6: day}
    holidays = (
        Holiday(date(2027, 4, 27), {"en": "King's Day"}),
        Holiday(date(2026, 12, 25), {"en": "Christmas"}, (Opening(time(10), time(11)),)),
    )
    return Location(
        "dam",
        {"en": "Dam"},
        "Dam 1",
        "Europe/Amsterdam",
        52.3731,
        4.8926,
        weekly,
        holidays,
        delivery=Delivery(("1012", "1011 ab"), Money(250, "EUR"), Money(1500, "EUR")),
        queue=Queue(6),
    )
