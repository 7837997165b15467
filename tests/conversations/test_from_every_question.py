"""What holds whatever is asked, through the whole host in real words, English and Dutch (DESIGN.md section 8): an
emergency gets its fixed answer from every open question, a stranger learns and buys nothing of a customer's, and what
is undone leaves stock and capacity as they were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sayso.testing.chat import Chat

Begin = Callable[..., Awaitable[Chat]]

DATA: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("from_every_question.yaml"))
OPEN = [
    pytest.param(merchant, language, pending, said, id=f"{merchant}-{language}-{pending}-{n}")
    for merchant, languages in DATA["questions"].items()
    for language, ways in languages.items()
    for n, (pending, said) in enumerate(ways)
]
UNDONE = [
    pytest.param(merchant, language, said, id=f"{merchant}-{language}")
    for merchant, languages in DATA["undone"].items()
    for language, said in languages.items()
]
STRANGERS = [
    pytest.param(merchant, language, said, id=f"{merchant}-{language}")
    for merchant, languages in DATA["strangers"].items()
    for language, said in languages.items()
]


@pytest.mark.parametrize(("merchant", "language", "pending", "said"), OPEN)
async def test_an_emergency_is_answered_from_every_question(
    new_chat: Begin, merchant: str, language: str, pending: str, said: list[str]
) -> None:
    """With 112 and nothing else: no question is left open, no offer stands, nothing is bought by the next yes."""
    chat = await new_chat(merchant, language=language)
    for words in said:
        await chat.say(words)
    assert chat.pending == pending, chat.reply
    basket = chat.basket
    reply = await chat.say(DATA["emergencies"][language])
    assert "112" in reply and "?" not in reply
    assert (chat.pending, chat.state.proposal, chat.basket) == ("none", None, basket)
    await chat.say("yes" if language == "en" else "ja")
    assert chat.order is None


@pytest.mark.parametrize(("merchant", "language", "said"), STRANGERS)
async def test_a_stranger_learns_and_buys_nothing_of_a_customers(
    new_chat: Begin, merchant: str, language: str, said: list[str]
) -> None:
    """On a shared speaker: what a customer bought is neither told nor there to be bought, cancelled or moved."""
    anna = await new_chat(merchant, language=language, customer="anna")
    for words in DATA["undone"][merchant][language][:2]:
        await anna.say(words)
    assert anna.order is not None
    for words in said:
        stranger = await new_chat(merchant, language=language, voice=True)
        reply = await stranger.say(words)
        reply += await stranger.say("yes" if language == "en" else "ja")
        assert stranger.order is None and stranger.basket == () and stranger.state.proposal is None, words
        assert anna.order.number not in reply, words
    standing = await anna._hosted.ledger.order(merchant, anna.order.id)
    assert standing is not None and standing.state != "cancelled"


@pytest.mark.parametrize(("merchant", "language", "said"), UNDONE)
async def test_what_is_undone_is_as_if_it_had_not_been(
    new_chat: Begin, merchant: str, language: str, said: list[str]
) -> None:
    """Stock and capacity are what they were, the order is cancelled and nothing is left to undo."""
    chat = await new_chat(merchant, language=language, customer="anna")
    before = await held(chat)
    for words in said[:2]:
        await chat.say(words)
    order = chat.order
    assert order is not None and order.state != "cancelled", chat.reply
    assert await held(chat) != before
    await chat.say(said[2])
    standing = await chat._hosted.ledger.order(merchant, order.id)
    assert standing is not None and standing.state == "cancelled"
    assert await held(chat) == before
    assert not await chat._hosted.ledger.effects(merchant, order.customer)


async def held(chat: Chat) -> object:
    """Free stock, place by place, and what is used of queues, people and benches in a week."""
    ledger, spec = chat._hosted.ledger, chat.artefact.merchant
    stock = {
        place: dict(await ledger.stock(spec.id, place, list(chat.artefact.catalog.products)))
        for place in spec.locations
    }
    kinds = [f"queue/{place}" for place in spec.locations] + [f"staff/{each}" for each in spec.staff]
    used = {
        kind: await ledger.used(spec.id, kind, "2026-11-22T00:00:00+00:00", "2026-12-01T00:00:00+00:00")
        for kind in kinds
    }
    return stock, {kind: {slot: n for slot, n in slots.items() if n} for kind, slots in used.items()}
