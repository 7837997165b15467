"""The fixtures of the pytest plugin, as an author uses them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock

Begin = Callable[..., Awaitable[Chat]]


async def test_an_order_from_greeting_to_counter(chat: Chat) -> None:
    """A whole order: opened, said, asked, confirmed, made."""
    await chat.open()
    await chat.say("two lattes at Dam Square")
    assert chat.basket == ("2 latte",) and chat.pending == "confirm"
    await chat.press("Yes")
    assert chat.order is not None and chat.order.state == "placed" and chat.basket == ()
    await chat.wait(minutes=60)
    assert chat.order.state == "ready" and chat.order.number in chat.reply


async def test_two_customers_of_one_host_share_its_queue_not_their_baskets(new_chat: Begin) -> None:
    """Conversations on one host are separate."""
    anna, ben = await new_chat("coffee_bar"), await new_chat("coffee_bar", language="nl")
    await anna.say("a latte at Dam Square")
    await ben.say("twee espresso's op de Dam")
    assert anna.basket == ("1 latte",) and ben.basket == ("2 espresso",)


async def test_the_clock_is_the_tests(chat: Chat, clock: SetClock) -> None:
    """After closing time nothing is ready today."""
    clock.advance(timedelta(hours=14))
    await chat.say("a latte at Dam Square")
    assert chat.order is None and "7:30" in chat.reply.replace("07:30", "7:30")


async def test_a_voice_hears_no_figures(new_chat: Begin) -> None:
    """What a speaker says has its amounts in words."""
    chat = await new_chat("coffee_bar", channel="alexa")
    await chat.say("two lattes at dam square")
    assert chat.voice and "€" not in chat.reply and "seven euro" in chat.reply.lower()
