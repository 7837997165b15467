"""AC-11: what was begun on one channel goes on on another, for the same verified customer and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from sayso.testing.chat import Chat

Begin = Callable[..., Awaitable[Chat]]


@pytest.mark.parametrize(
    ("language", "wish", "on"),
    [
        ("en", "I'd like the IJ sneaker white in size 42", "carry on with my shoes"),
        ("nl", "ik wil de IJ sneaker wit in maat 42", "ga verder met mijn schoenen"),
    ],
)
async def test_nothing_that_was_said_is_asked_again(new_chat: Begin, language: str, wish: str, on: str) -> None:
    """Colour and size were chosen on the page; the speaker asks only for the shop."""
    page = await new_chat("clothing_shop", language=language, customer="anna")
    await page.say(wish)
    assert (page.basket, page.pending) == (("1 ij_sneaker_white shoe_size=42",), "slot")
    speaker = await new_chat("clothing_shop", language=language, customer="anna", channel="dialogflow_cx", voice=True)
    await speaker.say(on)
    assert (speaker.basket, speaker.pending) == (("1 ij_sneaker_white shoe_size=42",), "slot")
    await speaker.say("Utrecht")
    assert speaker.artefact.merchant.locations["utrecht"].id in str(speaker.state.topic.frames[-1].slots)


@pytest.mark.parametrize(("language", "on"), [("en", "where were we?"), ("nl", "waar waren we gebleven?")])
@pytest.mark.parametrize("who", ["", "ben"])
async def test_nobody_else_learns_that_there_is_anything(new_chat: Begin, language: str, on: str, who: str) -> None:
    """A stranger is asked to sign in; another customer has nothing."""
    page = await new_chat("coffee_bar", customer="anna")
    await page.say("a large latte with oat milk")
    other = await new_chat("coffee_bar", language=language, customer=who)
    await other.say(on)
    assert other.basket == () and "latte" not in other.reply.lower()


async def test_what_a_stranger_began_is_no_customers(new_chat: Begin) -> None:
    """Only what was said while somebody vouched for the customer is carried on."""
    page = await new_chat("coffee_bar")
    await page.say("a large latte with oat milk")
    known = await new_chat("coffee_bar", customer="anna")
    await known.say("carry on with my order")
    assert known.basket == ()


async def test_an_appointment_goes_on_elsewhere(new_chat: Begin) -> None:
    """A frame without a basket is carried on, too, with its slots."""
    page = await new_chat("workshop", customer="anna")
    await page.say("book a tune-up in Lombok")
    phone = await new_chat("workshop", customer="anna")
    await phone.say("let's continue with my appointment")
    assert phone.pending == "slot" and "Lombok" not in phone.reply
    await phone.say("Thursday at ten")
    assert phone.pending == "confirm" and "Lombok" in phone.reply


async def test_here_it_is_said_where_one_is(new_chat: Begin) -> None:
    """In the middle of something, "where were we" asks the open question again."""
    chat = await new_chat("coffee_bar")
    await chat.say("a large latte")
    await chat.say("where were we?")
    assert chat.pending == "slot" and chat.basket == ("1 latte size=large",)
