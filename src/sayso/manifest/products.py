"""The rows of catalog.csv to products: every fault of every row, and the products that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.manifest.faults import Fault, did_you_mean
from sayso.manifest.read import CsvRow, Table
from sayso.manifest.values import minor_units
from sayso.model.catalog import OptionGroup, Product, Shot

PLAIN = (
    "sku",
    "category",
    "price",
    "options",
    "defaults",
    "required",
    "only",
    "allergens",
    "may_contain",
    "vat",
    "withdrawal",
    "age_min",
    "stock",
    "stock_by",
    "image",
    "page",
    "tags",
)
ATTRIBUTE = "attr_"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
ATTRIBUTE_NAME = re.compile(r"attr_[a-z][a-z0-9_]*")
PAGE = re.compile(r"/[^\s?#]*")
TRANSLATED = ("name", "synonyms", "description", "image_alt")
NEEDED = ("sku", "category", "price")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the rows may refer to."""

    languages: tuple[str, ...]
    currency: str
    categories: frozenset[str]
    options: Mapping[str, OptionGroup]
    allergens: frozenset[str] = frozenset()
    vat: frozenset[str] = frozenset()
    withdrawal: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    """Files in the merchant's folder, by relative path."""
    site: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row while it is read; `faults` collects what is wrong with it."""

    row: CsvRow
    file: str
    shelf: Shelf
    faults: list[Fault] = field(default_factory=list)

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def words(self, column: str) -> tuple[str, ...]:
        return tuple(self.cell(column).replace(",", " ").split())

    def fault(self, column: str, what: str, mend: str, code: str) -> None:
        self.faults.append(Fault(self.file, self.row.line, f"/{column}", f"{self.cell('sku')}: {what}", mend, code))

    def known(self, column: str, word: str, known: Any, noun: str) -> bool:
        """Is `word` declared? A fault when it is not."""
        if word in known:
            return True
        self.fault(
            column, f'the {noun} "{word}" is not declared', did_you_mean(word, known), f"unknown_{noun.split()[-1]}"
        )
        return False


def read_products(table: Table, shelf: Shelf) -> tuple[dict[str, Product], tuple[Fault, ...]]:
    """The products in the order of the file."""
    faults = [*table.faults, *_column_faults(table, shelf)]
    products: dict[str, Product] = {}
    lines: dict[str, int] = {}
    if any(fault.code == "missing_column" for fault in faults):
        return {}, tuple(faults)
    for row in table.rows:
        reading = _Row(row, str(table.path), shelf)
        product = _product(reading)
        if product.sku in lines:
            what = f'the sku "{product.sku}" is also on line {lines[product.sku]}'
            reading.fault("sku", what, "give each product its own sku", "duplicate_sku")
        lines.setdefault(product.sku, row.line)
        faults += reading.faults
        products.setdefault(product.sku, product)
    faults += _duplicate_names(table, products, lines)
    if not table.rows and not faults:
        faults.append(Fault(str(table.path), 1, "", "it has no products", "write one product a line", "empty_catalog"))
    return products, tuple(faults)


def _column_faults(table: Table, shelf: Shelf) -> Iterator[Fault]:
    if not table.columns:
        return
    names = [f"name_{tag}" for tag in shelf.languages]
    known = {*PLAIN, *(f"{column}_{tag}" for column in TRANSLATED for tag in shelf.languages)}
    for column in table.columns:
        if column.startswith(ATTRIBUTE) and ATTRIBUTE_NAME.fullmatch(column):
            continue
        if column not in known and not column.startswith("x-"):
            yield Fault(
                str(table.path), 1, f"/{column}", f'the column "{column}" is not known', did_you_mean(column, known),
                "unknown_column",
            )  # fmt: skip
    for column in (*NEEDED, *names):
        if column not in table.columns:
            mend = f"add the column {column} to the header line"
            yield Fault(str(table.path), 1, f"/{column}", f'the column "{column}" is missing', mend, "missing_column")


def _product(row: _Row) -> Product:
    options = tuple(group for group in row.words("options") if row.known("options", group, row.shelf.options, "group"))
    only = _only(row, options)
    counted = _one(row, "stock_by", frozenset(options), "group")
    by_value = _stock_by(row, counted, only) if counted in options else {}
    stock = sum(by_value.values()) if counted else _count(row, "stock")
    only = {**only, counted: tuple(by_value)} if by_value and counted not in only else only
    image, *more = _images(row)
    alternatives, *others = _alternatives(row, 1 + len(more))
    product = Product(
        sku=_sku(row),
        names=_names(row),
        price=_price(row),
        category=_one(row, "category", row.shelf.categories, "category", needed=True),
        synonyms=_synonyms(row),
        descriptions=_translated(row, "description"),
        options=options,
        defaults=_defaults(row, options, only),
        required=tuple(group for group in row.words("required") if row.known("required", group, options, "group")),
        only=only,
        allergens=_allergens(row, "allergens") if row.cell("allergens") else None,
        may_contain=_allergens(row, "may_contain"),
        vat=_one(row, "vat", row.shelf.vat, "VAT class"),
        withdrawal=_one(row, "withdrawal", row.shelf.withdrawal, "withdrawal class"),
        age_min=_count(row, "age_min") or 0,
        stocked=stock is not None,
        opening_stock=stock or 0,
        image=image,
        image_alt=alternatives,
        tags=row.words("tags"),
        attributes=_attributes(row),
        shots=tuple(Shot(source, alt) for source, alt in zip(more, others, strict=True)),
        page=_page(row),
        stock_by=counted,
        opening_stock_by=by_value,
    )
    return product


def _sku(row: _Row) -> str:
    sku = row.cell("sku")
    if not sku or not sku.replace("_", "").replace("-", "").isalnum() or not sku.isascii():
        row.fault("sku", f'"{sku}" is not a sku', "use letters, digits, - and _: flat_white", "bad_sku")
    return sku


def _names(row: _Row) -> dict[str, str]:
    names = _translated(row, "name")
    for tag in row.shelf.languages:
        if tag not in names:
            row.fault(f"name_{tag}", f"it has no name in {tag}", f"fill the column name_{tag}", "missing_language")
    return names


def _translated(row: _Row, column: str) -> dict[str, str]:
    found = {tag: row.cell(f"{column}_{tag}") for tag in row.shelf.languages}
    return {tag: text for tag, text in found.items() if text}


def _synonyms(row: _Row) -> dict[str, tuple[str, ...]]:
    return {
        tag: tuple(word.strip() for word in text.split("|") if word.strip())
        for tag, text in _translated(row, "synonyms").items()
    }


def _price(row: _Row) -> int:
    text = row.cell("price")
    try:
        price = minor_units(text, row.shelf.currency)
    except ValueError as error:
        row.fault("price", f"the price {error}", 'write it with a point and no currency: "3.50"', "bad_price")
        return 0
    if price < 0:
        row.fault("price", "the price is below zero", "write what the customer pays", "bad_price")
    return price


def _one(row: _Row, column: str, known: frozenset[str], noun: str, needed: bool = False) -> str:
    word = row.cell(column)
    if word or needed:
        row.known(column, word, known, noun)
    return word


def _allergens(row: _Row, column: str) -> tuple[str, ...]:
    words = row.words(column)
    if words == ("none",):
        return ()
    return tuple(word for word in words if row.known(column, word, row.shelf.allergens, "allergen"))


def _count(row: _Row, column: str) -> int | None:
    text = row.cell(column)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        row.fault(
            column, f'"{text}" is not a whole number', f"write {column} as digits, or leave it empty", "bad_number"
        )
        return 0
    return int(text) if text else None


def _pairs(row: _Row, column: str, options: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """ "size=medium milk=whole" as pairs whose group applies to the product."""
    for text in row.cell(column).split():
        group, equals, values = text.partition("=")
        if not equals or not values:
            row.fault(column, f'"{text}" is not group=value', f"write {column} as size=medium milk=whole", "bad_pair")
        elif row.known(column, group, options, "group"):
            yield group, values


def _only(row: _Row, options: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for group, values in _pairs(row, "only", options):
        known = row.shelf.options[group].values
        found[group] = tuple(value for value in values.split(",") if row.known("only", value, known, "value"))
    return found


def _defaults(row: _Row, options: tuple[str, ...], only: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found = {}
    for group, value in _pairs(row, "defaults", options):
        if row.known("defaults", value, row.shelf.options[group].values, "value"):
            found[group] = value
            if group in only and value not in only[group]:
                mend = f"add it to only, or choose one of {', '.join(only[group])}"
                row.fault("defaults", f"its default {group}={value} is not among its only", mend, "default_not_allowed")
    return found


def _stock_by(row: _Row, group: str, only: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """ "36:4|37:0|42:2": how many of each value of the group."""
    found: dict[str, int] = {}
    mend = f"write the stock of each {group}: 41:3|42:0"
    allowed = only.get(group, tuple(row.shelf.options[group].values))
    for text in filter(None, (part.strip() for part in row.cell("stock").split("|"))):
        value, colon, units = text.partition(":")
        if not (colon and units.isascii() and units.isdigit() and len(units) < 10):
            row.fault("stock", f'"{text}" is not value:units', mend, "bad_stock")
        elif row.known("stock", value, allowed, "value"):
            found[value] = int(units)
    if not found:
        row.fault("stock", f"it has no stock of any {group}", mend, "bad_stock")
    return found


def _attributes(row: _Row) -> dict[str, str]:
    """The columns attr_<name> that are filled."""
    found = {name: text for name, text in row.row.cells.items() if name.startswith(ATTRIBUTE) and text}
    for name, text in found.items():
        if text.startswith("#") and not COLOUR.fullmatch(text):
            row.fault(name, f'"{text}" is not a colour', "write six hexadecimal digits: #b3424a", "bad_colour")
    return {name[len(ATTRIBUTE) :]: text for name, text in found.items()}


def _page(row: _Row) -> str:
    page = row.cell("page")
    if page and not PAGE.fullmatch(page):
        row.fault("page", f'"{page}" is not a path', "write what follows the site's address: /shoes/trail", "bad_page")
    elif page and not row.shelf.site:
        row.fault("page", "the merchant has no site that a page could be on", "add site: to merchant.yaml", "no_site")
    return page


def _images(row: _Row) -> list[str]:
    """The pictures, the first one first; [""] for none."""
    images = [image.strip() for image in row.cell("image").split("|")]
    for image in filter(None, images):
        if image not in row.shelf.files:
            mend = did_you_mean(image, row.shelf.files)
            row.fault("image", f'the picture "{image}" is not there', mend, "missing_image")
    return images


def _alternatives(row: _Row, count: int) -> list[dict[str, str]]:
    """What each of `count` pictures shows, per language."""
    found: list[dict[str, str]] = [{} for _ in range(count)]
    said = _translated(row, "image_alt")
    for tag in row.shelf.languages if row.cell("image") else said:
        words = [part.strip() for part in said.get(tag, "").split("|")]
        for place, alternative in enumerate(words[:count]):
            found[place] |= {tag: alternative} if alternative else {}
        if row.cell("image") and (len(words) < count or not all(words)):
            mend = f"say in image_alt_{tag} what {'the picture shows' if count == 1 else 'each picture shows: a|b'}"
            row.fault(f"image_alt_{tag}", f"its picture has no words in {tag}", mend, "missing_language")
    return found


def _duplicate_names(table: Table, products: Mapping[str, Product], lines: Mapping[str, int]) -> Iterator[Fault]:
    """Two products of one name cannot be told apart by a customer."""
    seen: dict[tuple[str, str], str] = {}
    told: set[str] = set()
    for sku, product in products.items():
        for tag, name in product.names.items():
            first = seen.setdefault((tag, name.casefold()), sku)
            if first != sku and sku not in told:
                told.add(sku)
                what = f'{sku}: it is called "{name}" like {first} on line {lines[first]}'
                mend = "give them names that a customer can tell apart"
                yield Fault(str(table.path), lines[sku], f"/name_{tag}", what, mend, "duplicate_name")
