"""What is found, in the words of a reply: each product with its price and reasons, every reason a Fact of its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sayso import (
    Add,
    Answered,
    Candidate,
    Chosen,
    Evidence,
    Fact,
    IntentSpec,
    Item,
    Line,
    Money,
    Named,
    Option,
    Param,
    Params,
    Product,
    Question,
    Row,
    Said,
    Sought,
    Speak,
    Turn,
    unit_price,
    values_left,
)
from sayso.skill.advice.search import HEX, SAME, Found, Match, Shelf, declared
from sayso.skill.advice.vocabulary import kind_of_thing, stems, tokens
from sayso.skill.advice.wish import Wish

GIVEN = Evidence("", "given")
SPOKEN = 3
AFTER = "@after:"
THEN = "@then:"
"""Before the words that told earlier what is looked for."""
KNOWN = ("linked", "pin")
PERSONALISE = "personalise"


def told(
    turn: Turn,
    intent: IntentSpec,
    wish: Wish,
    found: Found,
    stock: Shelf,
    sought: Sought,
    had: Mapping[str, str],
    start: int,
    most: int,
) -> Answered:
    """The best of what is found, from `start` on; the rest is offered as "more"."""
    page = found.matches[start : start + most]
    if not page:
        return Answered((Speak("advice.none", {"wish": _wish_rows(turn, intent, wish, tuple(_all(wish)))}),))
    rest = len(found.matches) - start - len(page)
    chosen = {m.product.sku: picked for m in page if (picked := preset(turn, m.product, wish, stock, had))}
    only = page[0].product.sku if len(page) == 1 else ""
    params: Params = {
        "products": tuple(_row(turn, intent, wish, found, match, chosen) for match in page),
        "count": Fact(len(page), "catalog", "found", turn.catalog.version),
        "more": Fact(rest, "catalog", "more", turn.catalog.version),
        "how": _word(_how(found, page, wish)),
        "given_up": _wish_rows(turn, intent, wish, found.given_up),
        "wish": Said(wish.colour_words) if wish.colour_words else (),
    }
    asked: Params = {"count": params["count"], "option": tuple(map(_named, chosen.get(only, ())))}
    skus = tuple(match.product.sku for match in page)
    options = tuple(_pick(sku, chosen.get(sku, ())) for sku in skus)
    if rest:
        options += (Option("advice.option_more", _more(intent, sought, start + most)),)
    shown = Speak("advice.found", params, products=skus, chosen=chosen)
    pick = Speak("advice.pick", asked, options, asks=True)
    missing = not_told(wish, page, turn) if not start else ()
    besides = (Speak("advice.unknown", {"words": Said(", ".join(missing))}),) if missing else ()
    return Answered((shown, *besides, pick), replace(sought, listed=skus))


def _how(found: Found, page: Sequence[Match], wish: Wish) -> str:
    """ "relaxed": a part of the wish was given up, or only that it is "cheaper", "lighter" or "darker" than what was
    shown; "nearest": no shade is close to the wished one; else "fits"."""
    parts = [part for part in found.given_up if part != "colour"]
    if parts == ["price"] and wish.cheaper:
        return "cheaper"
    if parts == ["light"]:
        return "lighter" if wish.above is not None else "darker"
    if parts:
        return "relaxed"
    return "fits" if page[0].akin else "nearest"


def not_told(wish: Wish, page: Sequence[Match], turn: Turn) -> tuple[str, ...]:
    """What was asked of a thing, and neither the manifest nor what is found says anything of."""
    texts = [" ".join((*m.product.names.values(), *m.product.descriptions.values())) for m in page]
    said = {stem for text in texts for stem in stems(tokens(text))}
    return tuple(word for word in dict.fromkeys(wish.unknown) if not said.intersection(stems(tokens(word))))


def _word(value: str) -> Fact:
    return Fact(value, "derived", value)


def _named(chosen: Chosen) -> Named:
    return Named("option", f"{chosen.group}/{chosen.value}")


def _pick(sku: str, chosen: tuple[Chosen, ...]) -> Option:
    item = Item(sku, (Candidate(sku),), options=chosen)
    return Option("", Add((item,), GIVEN), {"label": Named("product", sku)})


def _more(intent: IntentSpec, sought: Sought, after: int) -> Question:
    """The same wish again, further on."""
    ids = tuple(Candidate(f"{name}={value}") for name, value in sought.slots.items())
    then = tuple(Candidate(f"{THEN}{words}") for words in sought.words[:-1])
    last = sought.words[-1] if sought.words else ""
    return Question(intent.operation, (*ids, *then, Candidate(f"{AFTER}{after}")), GIVEN, last)


def _row(
    turn: Turn, intent: IntentSpec, wish: Wish, found: Found, match: Match, chosen: Mapping[str, tuple[Chosen, ...]]
) -> Row:
    product, picked = match.product, chosen.get(match.product.sku, ())
    price = unit_price(Line("", product.sku, options=picked), turn.catalog)
    return Row(
        {
            "product": Named("product", product.sku),
            "price": Fact(price, "catalog", product.sku, turn.catalog.version),
            "reasons": tuple(_reasons(turn, intent, wish, found, match)),
        }
    )


def _reasons(turn: Turn, intent: IntentSpec, wish: Wish, found: Found, match: Match) -> Iterator[Row]:
    """Why it fits: the colour, the attributes that were wished, the option that is in stock, the price."""
    version, product = turn.catalog.version, match.product
    if match.distance is not None:
        close = "same" if match.distance <= SAME else "close" if match.akin else "far"
        shade = Fact(product.attributes[HEX], "catalog", f"{product.sku}/{HEX}", version)
        yield _reason("colour", (), shade, close, Said(wish.colour_words))
    for name, values in wish.wanted.items():
        if name == kind_of_thing(intent):  # What was asked for is no reason for it.
            continue
        for value in (value for value in declared(product, name) if value in values):
            fact = Fact(value, "catalog", f"{product.sku}/{name}", version)
            yield _reason("attribute", choice_name(intent, name, value), fact)
    for group, value in wish.options.items():
        if f"option:{group}" not in found.given_up and group in product.options:
            yield _reason("option", Named("option", f"{group}/{value}"), Fact(value, "stock", product.stock_id(value)))
    if wish.most is not None and "price" not in found.given_up:
        limit = Money(wish.most, turn.catalog.currency)
        yield _reason("price", Fact(limit, "derived", "budget"), Fact(product.sku, "catalog", product.sku, version))


def _reason(kind: str, label: Param, value: Param, close: str = "", said: Param = ()) -> Row:
    return Row({"kind": _word(kind), "label": label, "value": value, "close": _word(close), "said": said})


def choice_name(intent: IntentSpec, name: str, value: str) -> Named:
    """What a value of an attribute is called."""
    return Named("choice", f"{intent.skill}/{intent.id}/{name}/{value}")


def _all(wish: Wish) -> Iterator[str]:
    yield from (f"attribute:{name}" for name in wish.wanted)
    yield from (f"option:{group}" for group in wish.options)
    if wish.most is not None:
        yield "price"


def _wish_rows(turn: Turn, intent: IntentSpec, wish: Wish, parts: Sequence[str]) -> tuple[Row, ...]:
    """Parts of a wish by their names."""
    rows: list[Row] = []
    for part in parts:
        kind, _, name = part.partition(":")
        if kind == "attribute":
            rows += [_reason(kind, choice_name(intent, name, value), _word(value)) for value in wish.wanted[name]]
        elif kind == "option":
            rows.append(_reason(kind, Named("option", f"{name}/{wish.options[name]}"), _word(name)))
        elif kind == "price" and wish.most is not None:
            limit = Money(wish.most, turn.catalog.currency)
            rows.append(_reason(kind, Fact(limit, "derived", "budget"), _word(kind)))
    return tuple(rows)


def preset(turn: Turn, product: Product, wish: Wish, stock: Shelf, had: Mapping[str, str]) -> tuple[Chosen, ...]:
    """The options that ordering it begins with: what was wished, else the size that this customer had before."""
    found = []
    for group in product.options:
        value = wish.options.get(group) or had.get(group, "")
        allowed = [each.id for each in turn.catalog.allowed(product.sku, group)]
        left = values_left(product, stock.free) if group == product.stock_by else allowed
        if value in allowed and value in left:
            found.append(Chosen(group, value))
    return tuple(found)


async def had_before(turn: Turn) -> Mapping[str, str]:
    """The sizes of what a known customer ordered last, where that may be used: group -> value."""
    if turn.assurance not in KNOWN or PERSONALISE not in turn.consents or not turn.customer:
        return {}
    found: dict[str, str] = {}
    for order in await turn.rows.orders(turn.customer, 10):
        for priced in order.proposal.lines:
            product = turn.catalog.products.get(priced.line.sku)
            for chosen in priced.line.options if product is not None and product.stock_by else ():
                if product is not None and chosen.group == product.stock_by:
                    found.setdefault(chosen.group, chosen.value)
    return found
