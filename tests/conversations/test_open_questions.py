"""Open questions that a model answers with rows: what the customer reads and hears is the merchant's alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host
from sayso.testing.model import ModelServer
from sayso.testing.scripts import Reply
from sayso.understanding import Endpoint, ModelStage, Prices

SLEEPLESS = "could you dream up a thing to keep me awake all night"
WAKKER = "verzin eens iets waar ik de hele nacht wakker van blijf"
Begin = Callable[..., Awaitable[Chat]]


@pytest.fixture
async def begin(
    published: Published, clock: SetClock, model_server: ModelServer, tmp_path: Path
) -> AsyncIterator[Begin]:
    """Conversations with a host whose model says `commands`."""
    model = ModelStage((Endpoint("scripted", base_url=model_server.url, prices=Prices(1.0, 1.0)),))
    async with host(published, tmp_path / "data", clock, published.with_model(model)) as hosted:
        serial = count()

        async def chat(merchant: str, *commands: dict[str, Any], language: str = "en", voice: bool = False) -> Chat:
            model_server.script(Reply({"commands": list(commands)}))
            return Chat(hosted, merchant, language=language, voice=voice, conversation=f"c{next(serial)}")

        yield chat
    await model.close()


def suggest(*products: str, because: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"kind": "suggest", "products": list(products), "because": list(because)}


def shown(model_server: ModelServer) -> str:
    return str(model_server.requests[-1]["messages"][-1]["content"])


async def cited(begin: Begin, merchant: str, words: str, server: ModelServer, many: int = 2, **how: Any) -> list[str]:
    """Ask once to learn which rows the model is shown; then have it cite the first of them."""
    chat = await begin(merchant, **how)
    await chat.say(words)
    assert server.requests, "this question did not reach the model"
    catalog = chat.artefact.catalog.products
    found = [sku for sku in catalog if f'"id":"{sku}"' in shown(server)]
    ranked = sorted(found, key=lambda sku: shown(server).index(f'"id":"{sku}"'))[:many]
    server.script(Reply({"commands": [suggest(*ranked)]}))
    return ranked


@pytest.mark.parametrize(("language", "words"), [("en", SLEEPLESS), ("nl", WAKKER)])
async def test_what_is_cited_is_told_with_its_price_and_can_be_picked(
    language: str, words: str, begin: Begin, model_server: ModelServer
) -> None:
    """Names, descriptions and prices are the catalog's; "the second one" is the second."""
    first, second = await cited(begin, "coffee_bar", words, model_server, language=language)
    chat = await begin("coffee_bar", suggest(first, second), language=language)
    reply = await chat.say(words)
    for sku in (first, second):
        product = chat.artefact.catalog.products[sku]
        assert product.names[language].casefold() in reply.casefold()
        price = f"{product.price / 100:.2f}"
        assert price in reply or price.replace(".", ",") in reply
    await chat.say("the second one" if language == "en" else "de tweede")
    assert [line.sku for line in chat.state.lines] == [second]


async def test_a_voice_hears_it_in_words(begin: Begin, model_server: ModelServer) -> None:
    """Amounts as they are spoken."""
    found = await cited(begin, "coffee_bar", SLEEPLESS, model_server)
    chat = await begin("coffee_bar", suggest(*found), voice=True)
    reply = await chat.say(SLEEPLESS)
    assert "You could take" in reply and "euro" in reply and "€" not in reply


async def test_services_are_told_with_what_they_take(begin: Begin, model_server: ModelServer) -> None:
    """A workshop's services are booked, not ordered."""
    words = "surprise me with whatever an old rusty friend of mine deserves"
    (first,) = await cited(begin, "workshop", words, model_server, many=1)
    chat = await begin("workshop", suggest(first))
    reply = await chat.say(words)
    assert chat.artefact.catalog.products[first].names["en"].casefold() in reply.casefold()
    assert chat.basket == ()


async def test_what_it_took_is_in_the_trace(begin: Begin, model_server: ModelServer) -> None:
    """Outcome, tokens, cost; and which stage understood."""
    chat = await begin("coffee_bar", suggest(*await cited(begin, "coffee_bar", SLEEPLESS, model_server)))
    await chat.say(SLEEPLESS)
    assert chat.answer is not None
    trace = await chat._hosted.turns.trace(chat.answer.turn)
    assert trace is not None and trace.model is not None and trace.stages[-1] == "model"
    assert (trace.model.outcome, trace.model.calls) == ("answered", 1)
    assert trace.model.tokens > 100 and trace.model.cost == trace.model.tokens
