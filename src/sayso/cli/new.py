"""`sayso new`: a merchant or a skill to begin with, that passes `sayso check` and `sayso test` at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.options import MANIFESTS, SKILLS, Manifests, Skills
from sayso.errors import Theirs
from sayso.manifest.faults import did_you_mean
from sayso.manifest.load import load_tree
from sayso.model.catalog import Product
from sayso.model.text import pick

ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
Tokens = Mapping[str, str]
SHOP: Tokens = {"SKU": "apple_pie", "PRODUCT_EN": "apple pie", "PRODUCT_NL": "appeltaart"}
SALON: Tokens = {"SKU": "haircut", "PRODUCT_EN": "haircut", "PRODUCT_NL": "knipbeurt"}


class What(StrEnum):
    merchant = "merchant"
    skill = "skill"


class Kind(StrEnum):
    order = "order"
    booking = "booking"
    advice = "advice"
    answer = "answer"
    hand_over = "hand_over"
    python = "python"


SHOPS: Mapping[Kind, str] = {Kind.booking: "merchant_booking"}
"""The merchant that a kind is tried on, where it is not the shop."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to write."""

    path: Path
    text: str


def new(
    what: Annotated[What, typer.Argument(help="merchant or skill")],
    name: Annotated[str, typer.Argument(help="Its id: small letters, digits and underscores.")],
    kind: Annotated[Kind, typer.Option(help="What fulfils a skill; python: code of your own.")] = Kind.order,
    merchant: Annotated[str, typer.Option(help="Add the skill to this merchant; a new one to try it on if none.")] = "",
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
) -> None:
    """Make a merchant or a skill to begin with, with conversations that pass. Nothing that exists is overwritten."""
    made = (
        make_merchant(name, manifests, skills)
        if what is What.merchant
        else make_skill(name, kind, merchant, manifests, skills)
    )
    for path in made:
        typer.echo(f"  {path}")
    typer.echo("next: sayso check && sayso test")


def make_merchant(name: str, manifests: Path, skills: Path, uses: str = "", kind: Kind = Kind.order) -> list[Path]:
    """A small shop, for appointments one with staff, which uses the skill `uses`, or one of its own to order with.
    Returns its files."""
    _free(name, manifests, "merchant")
    own = uses or f"order_{name}"
    tokens = {"NAME": name, "TITLE": _title(name), "SKILLS": f"  {own}: {{}}"}
    found = list(_files(_template(SHOPS.get(kind, "merchant")), manifests / name, tokens))
    if not uses:
        _free(own, skills, "skill")
        found += _skill_files(own, Kind.order, name, SHOP, skills)
    return _write(found)


def make_skill(name: str, kind: Kind, merchant: str, manifests: Path, skills: Path) -> list[Path]:
    """A skill of a kind, added to a merchant or tried on one of its own. Returns the files that were written."""
    _free(name, skills, "skill")
    if not merchant:
        tried = f"try_{name}"[:64]
        _free(tried, manifests, "merchant")
        made = _write(list(_skill_files(name, kind, tried, SALON if kind is Kind.booking else SHOP, skills)))
        return [*made, *make_merchant(tried, manifests, skills, name, kind)]
    path, tokens = manifests / merchant / "merchant.yaml", _merchant_tokens(merchant, kind, manifests, skills)
    listed = with_skill(path.read_text("utf-8"), name, str(path))
    made = _write(list(_skill_files(name, kind, merchant, tokens, skills)))
    path.write_text(listed, "utf-8")
    return [*made, path]


def with_skill(manifest: str, skill: str, where: str) -> str:
    """The text of a merchant manifest with one more skill listed; everything else stays as it was written."""
    lines = manifest.splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if re.fullmatch(r"skills:\s*(#.*)?", line.strip("\n"))), None)
    if at is None:
        raise Theirs("it lists no skills, one a line", where=where, mend=f"write skills: and below it {skill}: {{}}")
    return "".join((*lines[: at + 1], f"  {skill}: {{}}\n", *lines[at + 1 :]))


def _free(name: str, root: Path, what: str) -> None:
    if not ID.fullmatch(name):
        raise Theirs(f"{name!r} is no id", where=what, mend="use small letters, digits and underscores: corner_shop")
    if (root / name).exists():
        raise Theirs(f"there is a {what} {name!r} already", where=str(root / name), mend="choose another name")


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _template(name: str) -> Traversable:
    return files("sayso.cli").joinpath("templates", name)


def _merchant_tokens(merchant: str, kind: Kind, manifests: Path, skills: Path) -> Tokens:
    """A product of the merchant that the skill's first conversations can be about."""
    loaded = load_tree(manifests, skills)
    draft = loaded.merchants.get(merchant)
    if draft is None:
        mend = did_you_mean(merchant, loaded.merchants, "the merchants without faults: run `sayso check`")
        raise Theirs(f"there is no merchant {merchant!r} without faults", where=str(manifests), mend=mend)
    suits, needs = SUITS.get(kind, (_any, ""))
    found = next((p for p in draft.catalog.products.values() if suits(p)), None)
    if found is None:
        mend = "add one, or leave --merchant out to try the skill on a merchant of its own"
        raise Theirs(f"{merchant} has no {needs}", where=f"{manifests / merchant}/catalog.csv", mend=mend)
    return {"SKU": found.sku, "PRODUCT_EN": pick(found.names, "en"), "PRODUCT_NL": pick(found.names, "nl")}


def _plain(product: Product) -> bool:
    return not (product.required or product.age_min or product.stocked or "duration" in product.attributes)


def _service(product: Product) -> bool:
    return "duration" in product.attributes


def _tasted(product: Product) -> bool:
    return "taste" in product.attributes


def _any(product: Product) -> bool:
    return True


SUITS: Mapping[Kind, tuple[Callable[[Product], bool], str]] = {
    Kind.order: (_plain, "article that can be ordered without a question"),
    Kind.booking: (_service, "service with a duration (attr_duration)"),
    Kind.advice: (_tasted, "article with a taste (attr_taste), which the template asks for"),
}


def _skill_files(name: str, kind: Kind, merchant: str, tokens: Tokens, skills: Path) -> Iterator[File]:
    given = {**tokens, "NAME": name, "TITLE": _title(name), "MERCHANT": merchant}
    yield from _files(_template(kind.value), skills / name, given)


def _files(source: Traversable, target: Path, tokens: Tokens) -> Iterator[File]:
    for entry in sorted(source.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _files(entry, target / entry.name, tokens)
        elif not entry.name.startswith(("__pycache__", ".")):
            text = entry.read_text("utf-8")
            for token, value in tokens.items():
                text = text.replace(f"__{token}__", value)
            yield File(target / entry.name.removesuffix(".txt"), text)


def _write(found: list[File]) -> list[Path]:
    for file in found:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_text(file.text, "utf-8")
    return [file.path for file in found]
