"""Columns of a catalog beyond the plain ones: attributes, stock per size, several pictures, a page of the site."""

# A row of CSV is one line.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sayso.manifest.products import Shelf, read_products
from sayso.manifest.read import parse_csv
from sayso.model.catalog import OptionGroup, OptionValue, Product, Shot

SIZES = OptionGroup("size", {"en": "size"}, {id: OptionValue(id, {"en": id}) for id in ("41", "42", "43")})
SHELF = Shelf(
    languages=("en",),
    currency="EUR",
    categories=frozenset({"shoes"}),
    options={"size": SIZES},
    files=frozenset({"trail.svg", "sole.svg"}),
    site="https://shoes.example",
)
HEADER = "sku,category,name_en,price,options,stock_by,stock,image,image_alt_en,page,attr_material"
ROW = "trail,shoes,trail shoe,129.00,size,size,41:2|42:0,trail.svg|sole.svg,A trail shoe|Its sole,/shoes/trail,leather mesh"


def read(row: str, shelf: Shelf = SHELF, header: str = HEADER) -> tuple[Product, list[tuple[str, str]]]:
    products, faults = read_products(parse_csv(Path("catalog.csv"), f"{header}\n{row}\n"), shelf)
    return next(iter(products.values()), None), [(fault.pointer, fault.code) for fault in faults]  # type: ignore[return-value]


def test_attributes_are_the_columns_that_begin_with_attr() -> None:
    """An attribute is a column of its own; an empty cell declares nothing."""
    product, faults = read(ROW)
    assert faults == []
    assert product.attributes == {"material": "leather mesh"}
    assert read(ROW.replace("leather mesh", ""))[0].attributes == {}


def test_stock_is_counted_per_value_of_a_group() -> None:
    """Each size begins with its own stock, and only sizes with a stock are sold."""
    product, _ = read(ROW)
    assert product.stocked
    assert product.opening == {"trail/41": 2, "trail/42": 0}
    assert product.only == {"size": ("41", "42")}


def test_a_product_has_several_pictures_each_with_its_words() -> None:
    """The first picture is the product's image, the others are further shots."""
    product, _ = read(ROW)
    assert (product.image, product.image_alt) == ("trail.svg", {"en": "A trail shoe"})
    assert product.shots == (Shot("sole.svg", {"en": "Its sole"}),)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("41:2|42:0", "41:2|42", ("/stock", "bad_stock")),
        ("41:2|42:0", "41:2|50:1", ("/stock", "unknown_value")),
        ("41:2|42:0", "", ("/stock", "bad_stock")),
        ("size,size,41", "size,colour,41", ("/stock_by", "unknown_group")),
        ("A trail shoe|Its sole", "A trail shoe", ("/image_alt_en", "missing_language")),
        ("trail.svg|sole.svg", "trail.svg|heel.svg", ("/image", "missing_image")),
        ("/shoes/trail", "https://elsewhere.example/x", ("/page", "bad_page")),
    ],
)
def test_a_cell_that_cannot_be_is_told(old: str, new: str, fault: tuple[str, str]) -> None:
    """Every fault of a row stands at its column."""
    assert fault in read(ROW.replace(old, new))[1]


def test_a_page_needs_a_site() -> None:
    """A link leads to the merchant's own site or nowhere."""
    assert ("/page", "no_site") in read(ROW, replace(SHELF, site=""))[1]


def test_a_column_that_is_no_attribute_is_told() -> None:
    """A name that no attribute can have is an unknown column."""
    assert any(code == "unknown_column" for _, code in read(ROW, header=HEADER.replace("attr_material", "attr_Mat"))[1])
