# ruff: noqa: E501 (tables of names read better in one line)
"""A small coffee bar in code, and shorthands to read and write what understanding concludes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import (
    Answer,
    Artefact,
    ChoiceValue,
    IntentSpec,
    Location,
    MerchantSpec,
    Opening,
    SkillSpec,
    SlotSpec,
    Staff,
)
from sayso.model.basket import Line
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.command import (
    Add,
    Allergy,
    Change,
    Choose,
    Command,
    Fill,
    Item,
    Language,
    Question,
    Remove,
    Say,
    Start,
)
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon, compile_lexicon
from sayso.understanding.local import analyse


def value(id: str, en: str, nl: str, more_en: str = "", more_nl: str = "") -> OptionValue:
    """An option value with its names and other words, separated by bars."""
    return OptionValue(id, {"en": en, "nl": nl}, {"en": split(more_en), "nl": split(more_nl)})


def split(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split("|") if word)


def group(id: str, en: str, nl: str, *values: OptionValue, kind: str = "one", many: int = 1) -> OptionGroup:
    spoken = "before" if id in ("size", "caffeine", "temperature", "shots") else "with"
    return OptionGroup(id, {"en": en, "nl": nl}, {v.id: v for v in values}, kind=kind, max_count=many, spoken=spoken)


def product(
    sku: str, en: str, nl: str, category: str, options: str = "", more_en: str = "", more_nl: str = ""
) -> Product:
    return Product(
        sku, {"en": en, "nl": nl}, 350, category, {"en": split(more_en), "nl": split(more_nl)}, options=split(options)
    )


GROUPS = (
    group(
        "size", "size", "maat",
        value("small", "small", "klein", "short", "kleine"),
        value("medium", "medium", "middel", "regular size|tall", "middelgroot|gemiddeld"),
        value("large", "large", "groot", "big|grande|grande cup|in a grande cup|venti", "grote|grande|grande beker|in een grande beker"),
    ),
    group(
        "milk", "milk", "melk",
        value("whole", "whole milk", "volle melk", "full fat milk", "gewone melk"),
        value("oat", "oat milk", "havermelk", "oatmilk", "haverdrank"),
        value("soy", "soy milk", "sojamelk", "soya milk", "soja"),
        value("almond", "almond milk", "amandelmelk", "", "amandel"),
        value("skim", "skimmed milk", "magere melk", "skim milk|non-fat milk|nonfat|fat free milk", "mager"),
    ),
    group(
        "shots", "espresso shots", "espressoshots",
        value("single", "single", "enkele", "one shot|single shot", "enkel"),
        value("double", "double", "dubbele", "two shots|double shot|doppio", "dubbel|dubbele shot"),
        value("triple", "triple", "driedubbele", "three shots|triple shot", ""),
    ),
    group(
        "caffeine", "caffeine", "cafeine",
        value("caff", "caffeinated", "met cafeine"),
        value("decaf", "decaf", "cafeinevrij", "decaffeinated", "cafeinevrije|decaf|zonder cafeine"),
        value("half", "half-decaf", "half cafeïnevrij", "half caff", ""),
    ),
    group("temperature", "temperature", "temperatuur", value("hot", "hot", "warm", "", "warme|heet"), value("iced", "iced", "met ijs", "over ice|on ice|with ice", "ijskoud|ijskoude|iced")),
    group(
        "syrup", "syrup", "siroop",
        value("vanilla", "vanilla syrup", "vanillesiroop", "vanilla", "vanille"),
        value("caramel", "caramel syrup", "karamelsiroop", "caramel|caramel sauce", "karamel"),
        value("hazelnut", "hazelnut syrup", "hazelnootsiroop", "", "hazelnoot"),
        kind="many", many=4,
    ),
    group(
        "extras", "extras", "extra's",
        value("whip", "whipped cream", "slagroom", "whip", ""),
        value("cream", "splash of cream", "scheutje slagroom", "cream|splash of cream", "scheutje room"),
        value("room", "room", "niet tot de rand gevuld", "with room|room at the top", "ruimte bovenin"),
        value("upside", "upside-down", "upside-down", "upside down", "omgekeerd|omgekeerde"),
        value("cinnamon", "cinnamon", "kaneel"),
        kind="many", many=2,
    ),
)  # fmt: skip
DRINK = "size|milk|shots|caffeine|temperature|syrup|extras"
PRODUCTS = (
    product("latte", "latte", "latte", "coffee", DRINK, "caffe latte", "koffie verkeerd"),
    product("iced_latte", "iced latte", "ijslatte", "coffee", "size|milk|syrup"),
    product("cappuccino", "cappuccino", "cappuccino", "coffee", DRINK),
    product("macchiato", "macchiato", "macchiato", "coffee", DRINK),
    product("flat_white", "flat white", "flat white", "coffee", DRINK),
    product("cafe_au_lait", "café au lait", "café au lait", "coffee", DRINK),
    product("espresso", "espresso", "espresso", "coffee", "shots|caffeine"),
    product("chai_latte", "chai latte", "chai latte", "tea", "size|milk|temperature|syrup"),
    product("earl_grey", "Earl Grey", "Earl Grey", "tea", "milk"),
    product("mint_tea", "fresh mint tea", "verse muntthee", "tea"),
    product("blueberry_muffin", "blueberry muffin", "bosbessenmuffin", "bakery", "", "", "muffin met bosbessen"),
    product("croissant", "croissant", "croissant", "bakery"),
    product("apple_pie", "apple pie", "appeltaart", "bakery", "extras"),
    product("brownie", "brownie", "brownie", "bakery"),
)


def place(id: str, en: str, nl: str, address: str) -> Location:
    week = {day: (Opening(time(7, 30), time(19)),) for day in range(1, 8)}
    return Location(id, {"en": en, "nl": nl}, address, "Europe/Amsterdam", 52.3, 4.9, week)


SERVICE = SlotSpec(
    "service", "choice", default="to_go",
    values={
        "here": ChoiceValue("here", {"en": "for here", "nl": "om hier op te drinken"}, {"en": ("eat in", "drink here", "to stay"), "nl": ("hier opdrinken", "hier drinken", "voor hier")}),
        "to_go": ChoiceValue("to_go", {"en": "to go", "nl": "om mee te nemen"}, {"en": ("takeaway", "take away", "take out"), "nl": ("meenemen", "afhalen")}),
        "delivery": ChoiceValue("delivery", {"en": "delivery", "nl": "bezorgen"}, {"en": ("delivered",), "nl": ("thuisbezorgen", "bezorging")}),
    },
)  # fmt: skip


def artefact() -> Artefact:
    slots = {
        "items": SlotSpec("items", "lines"),
        "store": SlotSpec("store", "location", required=True),
        "service": SERVICE,
        "time": SlotSpec("time", "time"),
        "postcode": SlotSpec("postcode", "postcode", required=True, when={"service": ("delivery",)}),
        "address": SlotSpec("address", "text", required=True, when={"service": ("delivery",)}),
    }
    says = {
        "en": ("I'd like {items}", "can I order something"),
        "nl": ("ik wil graag {items}", "ik wil iets bestellen"),
    }
    usual = {"en": ("my usual", "order my usual"), "nl": ("hetzelfde als altijd", "doe maar hetzelfde als altijd")}
    status = {"en": ("where is my order", "is my coffee ready"), "nl": ("waar blijft mijn bestelling",)}
    intents = {
        "order": IntentSpec("order", "order_coffee", "purchase", "read_back", "add", says, slots),
        "usual": IntentSpec("usual", "order_coffee", "purchase", "read_back", "usual", usual),
        "status": IntentSpec("status", "order_coffee", "read", "none", "status", status),
    }
    skill = SkillSpec("order_coffee", "1.0.0", "order", {"en": "Order coffee", "nl": "Koffie bestellen"}, intents, {})
    wifi = Answer("wifi", {"en": ("do you have wifi", "what is the wifi password"), "nl": ("hebben jullie wifi",)}, {"en": "Yes", "nl": "Ja"})  # fmt: skip
    merchant = MerchantSpec(
        "bar", {"en": "Bar"}, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam",
        {x.id: x for x in (place("dam", "Dam Square", "de Dam", "Damrak 1, Amsterdam"), place("zuid", "South Station", "Station Zuid", "Zuidplein 5, Amsterdam"))},
        ("order_coffee",),
        allergens={"milk": {"en": "milk", "nl": "melk"}, "nuts": {"en": "nuts", "nl": "noten"}, "gluten": {"en": "gluten", "nl": "gluten"}},
        allergen_synonyms={"milk": {"en": ("dairy", "lactose"), "nl": ("zuivel", "lactose")}},
    )  # fmt: skip
    catalog = Catalog(
        "bar", "v1", "EUR", {p.sku: p for p in PRODUCTS}, {g.id: g for g in GROUPS},
        {"coffee": {"en": "Coffee", "nl": "Koffie"}, "tea": {"en": "Tea", "nl": "Thee"}, "bakery": {"en": "Bakery", "nl": "Gebak"}},
    )  # fmt: skip
    return Artefact("digest", merchant, {"order_coffee": skill}, catalog, {"wifi": wifi}, {})


def wanted(name: str, type: str, **more: Any) -> SlotSpec:
    return SlotSpec(name, type, **more)


def salon() -> Artefact:
    """The coffee bar, where make-overs and repairs are booked with Kim or Sanne, and presents are found."""
    bar = artefact()
    services = (
        product("makeover", "make-over", "make-over", "beauty", "", "makeover", "metamorfose"),
        product("lashes", "lash lift", "wimperlift", "beauty"),
        product("tune_up", "tune-up", "onderhoudsbeurt", "repair", "", "service", "kleine beurt"),
        product("puncture", "puncture repair", "bandreparatie", "repair", "", "flat tyre", "lekke band"),
    )
    slots = {
        "service": wanted("service", "product", required=True, categories=("beauty", "repair")),
        "location": wanted("location", "location"),
        "time": wanted("time", "time"),
        "staff": wanted("staff", "staff"),
        "address": wanted("address", "address"),
    }
    book = {
        "en": ("book {service} {time} at {location}", "I need {service}", "I want to make an appointment", "my bike broke down, can someone come by", "do you have time for {service} {time}"),
        "nl": ("boek een {service} {time}", "ik heb {service} nodig", "ik wil een afspraak maken", "kan er iemand langskomen", "hebben jullie {time} tijd voor {service}"),
    }  # fmt: skip
    move = {"en": ("move it to {time}", "reschedule my appointment"), "nl": ("verzet mijn afspraak naar {time}", "kan het naar {time}")}  # fmt: skip
    cancel = {"en": ("cancel my appointment", "cancel my {service}"), "nl": ("zeg mijn afspraak af",)}
    gift = {"en": ("something for {occasion}", "find me a present"), "nl": ("iets voor {occasion}", "zoek een cadeau")}
    party = {"occasion": wanted("occasion", "choice", values={"party": ChoiceValue("party", {"en": "a party", "nl": "een feest"}, {"en": ("evening out", "extra"), "nl": ("uitgaan",)})}, required=True)}  # fmt: skip
    intents = {
        "book": IntentSpec("book", "visits", "booking", "read_back", "book", book, slots),
        "move": IntentSpec("move", "visits", "booking", "read_back", "move", move, {"time": slots["time"]}),
        "cancel": IntentSpec("cancel", "visits", "booking", "read_back", "cancel", cancel, {"service": wanted("service", "product", categories=("beauty", "repair"))}),
    }  # fmt: skip
    visits = SkillSpec("visits", "1.0.0", "booking", {"en": "Visits", "nl": "Bezoek"}, intents, {})
    gifts = SkillSpec("gifts", "1.0.0", "advice", {"en": "Gifts", "nl": "Cadeaus"}, {"find": IntentSpec("find", "gifts", "read", "none", "find", gift, party)}, {})  # fmt: skip
    staff = {
        n: Staff(n, {"en": n.title(), "nl": n.title()}, ("dam",), ("beauty", "repair"), {}) for n in ("kim", "sanne")
    }
    catalog = replace(
        bar.catalog,
        products={**bar.catalog.products, **{p.sku: p for p in services}},
        categories={**bar.catalog.categories, "beauty": {"en": "Beauty", "nl": "Schoonheid"}, "repair": {"en": "Repairs", "nl": "Reparaties"}},
    )  # fmt: skip
    skills = {**bar.skills, "visits": visits, "gifts": gifts}
    return replace(
        bar, digest="salon", merchant=replace(bar.merchant, id="salon", staff=staff), catalog=catalog, skills=skills
    )


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return compile_lexicon(artefact())


@pytest.fixture
def context() -> Context:
    return Context("en", NOW)


@pytest.fixture
def basket() -> Context:
    """Two lattes and a muffin; the lattes were touched last."""
    lines = (Line("a", "latte", 2), Line("b", "blueberry_muffin", 1))
    return Context("en", NOW, lines=lines, focus=("a", "b"), intent="order_coffee.order")


def shown(item: Item) -> str:
    """An item in one line: "2 latte milk=oat syrup=vanilla*2 -extras/whip note:foam ?oat milk"."""
    product = item.products[0].id if item.products else f"?{item.words}"
    return " ".join(
        (
            str(item.quantity or "-"),
            product,
            *sorted(f"{c.group}={c.value}" + (f"*{c.count}" if c.count > 1 else "") for c in item.options),
            *sorted(f"-{c.group}/{c.value}" for c in item.removed),
            *(f"note:{note}" for note in item.notes),
            *(f"doubt:{doubt.words}" for doubt in item.doubts),
        )
    )


def told(command: Command) -> str:
    """A command in one line."""
    match command:
        case Add(items):
            return "add " + "; ".join(map(shown, items))
        case Change(target, to, _, relative):
            wish = " ".join(part for part in shown(replace(to, words="")).split() if part not in ("-", "?"))
            count = f"*{target.count}" if target.count else ""
            return f"change {','.join(c.id for c in target.lines)}{count} {'+' if relative else ''}{wish}".strip()
        case Remove(target):
            return f"remove {','.join(c.id for c in target.lines)}" + (f"*{target.count}" if target.count else "")
        case Fill(slot, values):
            asked = [v.id for v in values if values[0].score < 0.6]  # what is asked about
            return f"fill {slot}={'|'.join(asked) if asked or not values else values[0].id}"
        case Say(what):
            return f"say {what}"
        case Question(about, ids):
            return f"ask {about} {','.join(c.id for c in ids)}".strip()
        case Start(intents):
            return f"start {intents[0].id}"
        case Choose(position):
            return f"choose {position}"
        case Allergy(allergens):
            return f"allergy {','.join(allergens)}"
        case Language(language):
            return f"language {language}"
        case _:
            return type(command).__name__


Read = Callable[..., list[str]]


@pytest.fixture(scope="session")
def salon_lexicon() -> Lexicon:
    return compile_lexicon(salon())


@pytest.fixture
def visit(salon_lexicon: Lexicon, context: Context) -> Read:
    """As `read`, at a merchant that sells coffee, books visits and finds gifts."""

    def reading(text: str, within: Context | None = None) -> list[str]:
        return [told(c) for c in analyse(text, within or context, salon_lexicon).commands]

    return reading


@pytest.fixture(scope="session")
def demo() -> Callable[[str], Lexicon]:
    """The lexicon of a demo merchant, by its id; nothing is trained for it."""
    root = Path(__file__).parents[3]

    @cache
    def lexicon_of(merchant: str) -> Lexicon:
        draft = load_tree(root / "manifests", root / "skills").merchants[merchant]
        return compile_lexicon(compile_artefact(draft, lambda bare: b""))

    return lexicon_of


@pytest.fixture
def at(demo: Callable[[str], Lexicon], context: Context) -> Read:
    """at("coffee_bar", "two lattes") -> ["add 2 latte"]; with a context of your own as the third argument."""

    def reading(merchant: str, text: str, within: Context | None = None) -> list[str]:
        return [told(c) for c in analyse(text, within or context, demo(merchant)).commands]

    return reading


@pytest.fixture
def read(lexicon: Lexicon, context: Context) -> Read:
    """read("two lattes") -> ["add 2 latte"]; with a context of your own as the second argument."""

    def reading(text: str, within: Context | None = None) -> list[str]:
        return [told(c) for c in analyse(text, within or context, lexicon).commands]

    return reading
