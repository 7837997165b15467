"""The kind `advice` on the make-up counter and the clothing shop: what fits, why, and what is asked before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sayso import Answered, Ask, Candidate, Evidence, Fact, Line, Order, Proposal, Question, Row, Turn, Wanting
from sayso.commerce.colour import difference, lab, palette
from sayso.commerce.pricing import price
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.replies import Phrases
from sayso.manifest.specs import Artefact
from sayso.model.action import Check, Speak
from sayso.model.basket import Chosen
from sayso.model.money import Money
from sayso.skill.kinds import fulfilments, kinds

ROOT = Path(__file__).parents[3]
GIVEN = Evidence("", "given")
TREE = load_tree(ROOT / "manifests", ROOT / "skills")


@dataclass
class Desk:
    """A merchant's skills, bound, on rows in memory."""

    artefact: Artefact
    rows: Any
    bound: Any
    skill: str
    intent: str
    now: Any

    def turn(self, **changes: Any) -> Turn:
        spec = self.artefact.skills[changes.pop("skill", self.skill)]
        given: dict[str, Any] = {
            "now": self.now,
            "seed": "s",
            "artefact": self.artefact,
            "skill": spec,
            "rows": self.rows,
        }
        given |= {"language": "en", "conversation": "c", "customer": "anna"}
        return Turn(**(given | changes))

    async def ask(
        self, words: str = "", slots: Mapping[str, str] | None = None, turn: Turn | None = None
    ) -> Answered | Wanting | None:
        operation = self.artefact.intent(self.intent).operation
        asked = Ask(
            Question(operation, (), GIVEN), self.intent, (), {**(slots or {}), "wish": words} if words else slots or {}
        )
        return await self.bound[self.skill].ask(turn or self.turn(), asked)  # type: ignore[no-any-return]

    async def question(self, words: str, *ids: str, about: str = "product") -> Answered | None:
        asked = Ask(Question(about, tuple(map(Candidate, ids)), GIVEN, words), "", (), {})
        return await self.bound[self.skill].ask(self.turn(), asked)  # type: ignore[no-any-return]

    async def skus(self, words: str, slots: Mapping[str, str] | None = None) -> tuple[str, ...]:
        return told(await self.ask(words, slots)).products

    def sell_out(self, id: str) -> None:
        for place in self.artefact.merchant.locations:
            self.rows.on_hand[place, id] = 0

    def attributes(self, sku: str) -> Any:
        return self.artefact.catalog.products[sku].attributes


def told(answer: Answered | Wanting | None) -> Speak:
    """What was found: the products of the first speak, with the question of the last."""
    assert isinstance(answer, Answered), answer
    return replace(answer.speaks[0], options=answer.speaks[-1].options)


def opened(merchant: str, skill: str, intent: str, shop: Any) -> Desk:
    artefact = compile_artefact(TREE.merchants[merchant])
    stock = {
        (place, id): n
        for place in artefact.merchant.locations
        for p in artefact.catalog.products.values()
        for id, n in p.opening.items()
    }
    rows = type(shop.rows)(Counter(stock))
    return Desk(artefact, rows, fulfilments(artefact, kinds()), skill, intent, shop.turn().now)


@pytest.fixture
def makeup(shop: Any) -> Desk:
    return opened("makeup_counter", "try_on_advice", "try_on_advice.advise", shop)


@pytest.fixture
def clothes(shop: Any) -> Desk:
    return opened("clothing_shop", "find_product", "find_product.find", shop)


@pytest.mark.parametrize(
    "words", ["What lipstick goes with a warm skin tone?", "Welke lippenstift past bij een warme huidtint?"]
)
async def test_a_warm_skin_gets_warm_lipsticks_after_one_question(makeup: Desk, words: str) -> None:
    """AC-14: at most two questions, then at most three shades, all with the undertone that was named."""
    first = await makeup.ask(words)
    assert isinstance(first, Wanting)
    assert first.trouble.slot == "occasion"
    found = await makeup.skus(words, {**first.slots, "occasion": "day"})
    assert 1 <= len(found) <= 3
    for sku in found:
        assert makeup.attributes(sku)["type"] == "lipstick"
        assert makeup.attributes(sku)["undertone"] == "warm"
        assert "day" in makeup.attributes(sku)["occasion"]


async def test_at_most_two_questions_are_asked(makeup: Desk) -> None:
    """Whatever is left open after two, the third turn answers."""
    slots: dict[str, str] = {}
    asked = []
    answer = await makeup.ask("advise me", slots)
    while isinstance(answer, Wanting):
        asked.append(answer.trouble.slot)
        slots = {name: value for name, value in answer.slots.items() if name != "wish"}
        slots[answer.trouble.slot] = {"type": "lipstick", "undertone": "any"}.get(answer.trouble.slot, "any")
        answer = await makeup.ask("advise me", slots)
    assert asked == ["type", "undertone"]
    assert len(told(answer).products) == 3


@pytest.mark.parametrize(
    ("words", "colour"),
    [("red lips", "red"), ("rode lippen", "red"), ("bordeaux lips", "bordeaux"), ("oudroze lippenstift", "oudroze")],
)
async def test_a_colour_word_finds_shades_near_to_it(makeup: Desk, words: str, colour: str) -> None:
    """No question is asked; the shades are the nearest there are, nearest first."""
    wished = next(palette().find([colour])).colour
    found = await makeup.skus(words)
    away = [difference(lab(makeup.attributes(sku)["hex"]), wished) for sku in found]
    assert away == sorted(away)
    assert away[0] < 10
    assert all(makeup.attributes(sku)["type"] == "lipstick" for sku in found)


@pytest.mark.parametrize("words", ["dusky green", "iets dofgroens", "dofgroen"])
async def test_dusky_green_is_found(makeup: Desk, words: str) -> None:
    """A modified colour in either language."""
    words = words.replace("dofgroens", "dofgroene")
    assert (await makeup.skus(words))[0] == "solo_eyeshadow_dusky_green"


async def test_a_sold_out_shade_gives_way_to_the_nearest(makeup: Desk) -> None:
    """What cannot be had is not advised."""
    makeup.sell_out("solo_eyeshadow_dusky_green")
    assert (await makeup.skus("dusky green eyeshadow"))[0] != "solo_eyeshadow_dusky_green"


async def test_a_shade_out_of_range_is_told_as_the_nearest(makeup: Desk) -> None:
    """There is no green lipstick: the reply says so and shows what comes closest."""
    speak = told(await makeup.ask("a green lipstick"))
    assert isinstance(speak.params["how"], Fact)
    assert speak.params["how"].value == "nearest"
    assert 1 <= len(speak.products) <= 3


async def test_every_reason_names_a_declared_attribute(makeup: Desk) -> None:
    """Each reason's value is a Fact of the product's own row at the catalog's version."""
    speak = told(await makeup.ask("matte bordeaux lipstick for a wedding"))
    rows = speak.params["products"]
    assert isinstance(rows, tuple)
    for sku, row in zip(speak.products, rows, strict=True):
        assert isinstance(row, Row)
        reasons = row.params["reasons"]
        assert isinstance(reasons, tuple)
        assert len(reasons) >= 3
        for reason in reasons:
            assert isinstance(reason, Row)
            fact = reason.params["value"]
            assert isinstance(fact, Fact)
            owner, _, attribute = fact.id.partition("/")
            assert owner == sku
            assert str(fact.value) in makeup.attributes(sku)[attribute].split()
            assert fact.version == makeup.artefact.catalog.version


async def test_a_question_that_was_not_answered_is_not_put_again(makeup: Desk) -> None:
    """A shrug is an answer: the next question follows."""
    first = await makeup.ask("what lipstick suits me?")
    assert isinstance(first, Wanting)
    again = await makeup.ask("", first.slots)
    assert isinstance(again, Wanting)
    assert (first.trouble.slot, again.trouble.slot) == ("undertone", "occasion")


async def test_what_is_refused_is_never_shown(makeup: Desk) -> None:
    """ "No glitter", "niet mat" leave those out; the word is not taken as a wish."""
    for words in ("an eyeshadow for a party, no glitter", "oogschaduw voor een feest zonder glitter"):
        answer = await makeup.ask(words, {"undertone": "any"})
        assert all(makeup.attributes(sku)["finish"] != "shimmer" for sku in told(answer).products)


@pytest.mark.parametrize(
    "words",
    [
        "boots in any colour but black", "boots, anything except black", "boots that aren't black",
        "boots other than black",
        "laarzen in elke kleur behalve zwart", "laarzen in iets anders dan zwart", "laarzen, niet zwart",
    ],
)  # fmt: skip
async def test_a_colour_that_is_refused_is_never_shown(clothes: Desk, words: str) -> None:
    """However it is refused."""
    found = await clothes.skus(words)
    assert found and not [sku for sku in found if sku.endswith("_black")]


async def test_what_is_described_goes_by_what_is_near_to_it(clothes: Desk) -> None:
    """Words that no row declares are looked for among what fits; only what fits is asked about."""
    asked: list[tuple[str, frozenset[str]]] = []

    async def near(words: str, among: Collection[str]) -> Mapping[str, float]:
        asked.append((words, frozenset(among)))
        return dict.fromkeys(among, 0.2) | {"lam_jumper_cream": 0.5, "lam_jumper_navy": 0.4}

    described = told(await clothes.ask("a cosy jumper", turn=clothes.turn(near=near)))
    plain = told(await clothes.ask("a wool jumper", turn=clothes.turn(near=near)))
    assert described.products[:1] == ("lam_jumper_cream",)
    assert set(described.products) <= {"lam_jumper_cream", "lam_jumper_navy"}
    assert len(asked) == 1
    assert asked[0][0] == "a cosy jumper"
    assert {clothes.attributes(sku)["type"] for sku in asked[0][1]} == {"jumper"}
    assert len(plain.products) == 3


async def test_what_is_near_to_nothing_leaves_the_choice_as_it_was(clothes: Desk) -> None:
    """A search always brings something along; below what is likely to be meant it says nothing."""

    async def near(words: str, among: Collection[str]) -> Mapping[str, float]:
        return dict.fromkeys(among, 0.1)

    assert told(await clothes.ask("a zorby jumper", turn=clothes.turn(near=near))) == told(
        await clothes.ask("a zorby jumper")
    )


async def test_a_budget_is_kept(makeup: Desk) -> None:
    """ "Under 15 euro" is a limit, in either language and either order."""
    for words in ("red lipstick under 15 euro", "rode lippenstift, maximaal € 15", "rode lippenstift 15 euro max"):
        for sku in await makeup.skus(words):
            assert makeup.artefact.catalog.products[sku].price <= 1500


async def test_a_foundation_asks_undertone_and_depth(makeup: Desk) -> None:
    """The quiz fits the kind of product."""
    first = await makeup.ask("which foundation is right for me?")
    assert isinstance(first, Wanting)
    assert first.trouble.slot == "undertone"
    second = await makeup.ask("which foundation is right for me?", {"undertone": "warm", "@asked": "undertone"})
    assert isinstance(second, Wanting)
    assert second.trouble.slot == "depth"
    found = await makeup.skus(
        "which foundation is right for me?", {"undertone": "warm", "depth": "deep", "@asked": "undertone depth"}
    )
    assert {(makeup.attributes(s)["undertone"], makeup.attributes(s)["depth"]) for s in found} == {("warm", "deep")}


@pytest.mark.parametrize("words", ["Do you have waterproof trail shoes?", "Hebben jullie waterdichte wandelschoenen?"])
async def test_waterproof_trail_shoes_are_found(clothes: Desk, words: str) -> None:
    """AC-01: every hard filter holds, with the order button's options where a size is known."""
    speak = told(await clothes.ask(words))
    assert speak.products
    for sku in speak.products:
        assert clothes.attributes(sku)["type"] == "trail_shoes"
        assert clothes.attributes(sku)["waterproof"] == "waterproof"
    assert not speak.chosen


async def test_a_size_that_was_said_is_in_stock_and_preselected(clothes: Desk) -> None:
    """Size 42 filters on its own stock."""
    speak = told(await clothes.ask("waterproof trail shoes in size 42"))
    for sku in speak.products:
        assert clothes.rows.on_hand["utrecht", f"{sku}/42"] > 0
        assert speak.chosen[sku] == (Chosen("shoe_size", "42"),)
    clothes.sell_out(f"{speak.products[0]}/42")
    assert speak.products[0] not in told(await clothes.ask("waterproof trail shoes in size 42")).products


def bought(clothes: Desk, sku: str, size: str) -> None:
    line = Line("l1", sku, options=(Chosen("shoe_size", size),))
    priced = price((line,), clothes.artefact.catalog)
    total = Money(priced[0].total.minor, "EUR")
    proposal = Proposal("p", "d", "order_products", "order_products.order", priced, {}, total, clothes.now, "v")
    clothes.rows.placed["o1"] = Order("o1", "A100", "clothing_shop", "c0", "anna", proposal, clothes.now)


async def test_a_known_customers_size_is_preselected(clothes: Desk) -> None:
    """AC-01: size 42 was bought before; it is used with consent and proof only."""
    bought(clothes, "ij_sneaker_white", "42")
    known = clothes.turn(assurance="linked", consents=frozenset({"personalise"}))
    speak = told(await clothes.ask("waterproof trail shoes", turn=known))
    assert (Chosen("shoe_size", "42"),) in speak.chosen.values()
    for turn in (clothes.turn(), clothes.turn(assurance="linked"), clothes.turn(consents=frozenset({"personalise"}))):
        assert not told(await clothes.ask("waterproof trail shoes", turn=turn)).chosen


async def test_a_wish_that_cannot_be_met_whole_says_what_was_given_up(clothes: Desk) -> None:
    """The least important part goes first, and is named."""
    speak = told(await clothes.ask("waterproof sandals for the office"))
    assert isinstance(speak.params["how"], Fact)
    assert speak.params["how"].value == "relaxed"
    assert speak.params["given_up"]
    assert all(clothes.attributes(sku)["type"] == "sandals" for sku in speak.products)


async def test_a_voice_gets_three_at_most_and_the_rest_as_more(clothes: Desk) -> None:
    """What does not fit is offered as "more", and more shows the next ones."""
    first = told(await clothes.ask("something for every day", turn=clothes.turn(voice=True)))
    assert len(first.products) == 3
    more = first.options[-1].command
    assert isinstance(more, Question)
    asked = Ask(more, "", (), {})
    second = told(await clothes.bound["find_product"].ask(clothes.turn(voice=True), asked))
    assert len(second.products) == 3
    assert not set(first.products) & set(second.products)


async def test_a_question_about_one_product_is_left_to_who_sells_it(clothes: Desk) -> None:
    """A name in full is not a search; what it should be like is."""
    assert await clothes.question("what is the Keizer blazer navy", "feest_blazer_navy") is None
    assert await clothes.question("tell me more") is None
    assert told(await clothes.question("do you have navy blazers")).products[0] == "feest_blazer_navy"


async def test_a_size_that_is_sold_out_offers_the_nearest(clothes: Desk) -> None:
    """The order asks for another size, the nearest ones first."""
    line = Line("l1", "veluwe_trail_olive", options=(Chosen("shoe_size", "45"),))
    checked = await clothes.bound["order_products"].check(
        clothes.turn(skill="order_products"), Check("order_products.order", (line,), {"store": "utrecht"})
    )
    (trouble,) = checked.troubles
    assert trouble.key == "order.size_sold_out"
    assert [c.id for c in trouble.options] == ["shoe_size/44", "shoe_size/46", "shoe_size/43"]


async def test_a_size_has_to_be_chosen_and_only_what_is_left_is_offered(clothes: Desk) -> None:
    """Sizes without stock are not among the choices."""
    checked = await clothes.bound["order_products"].check(
        clothes.turn(skill="order_products"), Check("order_products.order", (Line("l1", "veluwe_trail_olive"),), {})
    )
    (trouble,) = checked.troubles
    assert trouble.key == "order.choose"
    assert "shoe_size/45" not in [c.id for c in trouble.options]
    assert "shoe_size/42" in [c.id for c in trouble.options]


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_replies_are_rendered_in_both_languages(makeup: Desk, clothes: Desk, language: str) -> None:
    """Every way of telling what was found has words, on a screen and aloud."""
    asked = (
        (makeup, "rode matte lippenstift"),
        (makeup, "a green lipstick"),
        (clothes, "waterproof sandals for the office"),
        (clothes, "trail shoes in size 42 under 150 euro"),
        (clothes, "boots for kids in size 46 under 10 euro"),
    )
    for counter, words in asked:
        speak = told(await counter.ask(words))
        phrases = Phrases(counter.artefact)
        for voice in (False, True):
            said = phrases.say(
                speak.key,
                speak.params,
                phrases.scope(language, counter.now, voice=voice),
                "speech" if voice else "text",
            )
            assert said
            assert "{" not in said
            assert not (voice and "€" in said)
