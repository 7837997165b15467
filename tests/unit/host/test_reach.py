"""What comes over channels that show less than a web page: numbers, platform baskets, files, switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sayso.channels.capabilities import Capabilities
from sayso.channels.registry import Channels
from sayso.host.reach import Reach, by_number
from sayso.model.command import Evidence, Say
from sayso.model.event import Attached, CartItem, CartSent, Edited, Event, Opted, Reacted, Referred, Utterance
from sayso.model.message import Shown
from sayso.model.state import State, Topic

WORDS = Capabilities("wire", "push", 1600)


@dataclass(frozen=True, slots=True)
class Wire:
    """A channel with nothing but text."""

    name: str = "wire"
    capabilities: Capabilities = WORDS

    def receive(self, request: Any, account: Any, now: Any) -> Any:
        raise NotImplementedError


@pytest.fixture
def reach() -> Reach:
    channels = Channels({"wire": "nowhere:wire"})
    channels._loaded["wire"] = Wire()
    return Reach(channels)


@pytest.fixture
def texting(house: Any, reach: Reach) -> Any:
    """Says something on the channel with nothing but text."""
    house.host.handle.reach = reach

    async def say(body: Any, id: str = "") -> Any:
        words = body if isinstance(body, str) else ""
        event = replace(house.event(words), channel="wire", account="w1", conversation="c1")
        event = event if words else replace(event, body=body)
        return await house.host.handle(replace(event, id=id) if id else event)

    return say


def test_a_number_is_a_press(reach: Reach) -> None:
    """What stands beside the number is pressed; a number beyond the list, or a label that reads so, is not."""
    pressed = Say("help", Evidence("", "given"))
    state = State("en", Topic("main", "bar"), numbered=("tok1", "tok2"), shown=(Shown("tok9", "3", pressed),))
    event = Event("e", "bar", "wire", "w", "c", None, Utterance(" 2. "))  # type: ignore[arg-type]
    assert by_number(event, state).body.token == "tok2"  # type: ignore[union-attr]
    for words in ("3", "0", "two lattes", "22"):
        other = replace(event, body=Utterance(words))
        assert by_number(other, state) is other


async def test_answers_are_queued_and_numbered(texting: Any, house: Any) -> None:
    """The read-back's buttons become numbers; 1 is the first of them."""
    asked = await texting("latte dam")
    assert asked.state.numbered and asked.state.topic.pending.kind == "confirm"
    placed = await texting("1")
    assert (await house.store.ledger.orders("coffee_bar", placed.state.customer))[0].state == "placed"


async def test_a_basket_of_the_platform(texting: Any) -> None:
    """Products by sku go into the basket at our prices; what the catalog does not know is asked about."""
    answer = await texting(CartSent((CartItem("latte", 2), CartItem("unicorn", 1))))
    assert [(line.sku, line.quantity) for line in answer.state.lines] == [("latte", 2)]
    assert "unicorn" in answer.messages[-1].message.text


@pytest.mark.parametrize(
    "body", [Attached("image", "m1"), Attached("voice", "m2"), Referred("ad-7"), Edited("m1", "no")]
)
async def test_what_is_answered(texting: Any, body: Any) -> None:
    """A file, an advertisement, changed words: each gets an answer, none an effect."""
    answer = await texting(body)
    assert answer.messages and not answer.state.lines


async def test_words_beside_a_picture_are_heard(texting: Any) -> None:
    """A caption is what the customer says."""
    answer = await texting(Attached("image", "m1", caption="a latte please"))
    assert [line.sku for line in answer.state.lines] == ["latte"]


async def test_a_sign_is_no_yes(texting: Any, house: Any) -> None:
    """A thumb under the read-back agrees to nothing and is not answered."""
    asked = await texting("latte dam")
    answer = await texting(Reacted("m1", "👍"))
    assert not answer.messages
    assert answer.state.topic.pending == asked.state.topic.pending


@pytest.mark.parametrize(("silent", "told"), [(False, 1), (True, 0)])
async def test_the_platforms_own_stop(texting: Any, house: Any, silent: bool, told: int) -> None:
    """It is said once, where the platform does not say it; the consent is gone either way."""
    answer = await texting(Opted(False, silent))
    assert len(answer.messages) == told
    assert "messages" not in await house.store.people.consents("coffee_bar", answer.state.customer)
