"""A conversation as its holder sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sayso.errors import Theirs
from sayso.host.ports import Posted
from sayso.model.event import Located, Pressed, Proof, Utterance
from sayso.model.message import Message
from sayso.testing.chat import Chat, Hosted

if TYPE_CHECKING:
    from conftest import FakeHost


async def test_words_go_in_and_the_reply_comes_out(fake: FakeHost, hosted: Hosted) -> None:
    """What is said is one event at the clock's moment; the reply is the screen's text."""
    assert await Chat(hosted, "bar").say("two lattes") == "Two lattes, € 7,00. Yes?"
    (event,) = fake.events
    assert event.body == Utterance("two lattes") and event.at == fake.clock.now() and not event.voice


async def test_a_voice_hears_the_speech(fake: FakeHost, hosted: Hosted) -> None:
    """Over Alexa the reply is what the speaker says, and the event says that it was spoken."""
    assert await Chat(hosted, "bar", channel="alexa").say("two lattes") == "Two lattes, seven euros. Yes?"
    assert fake.events[0].voice and fake.events[0].channel == "alexa"


async def test_a_customer_is_vouched_for(fake: FakeHost, hosted: Hosted) -> None:
    """A named customer comes with the merchant's proof; a stranger with none."""
    await Chat(hosted, "bar", customer="anna").open()
    await Chat(hosted, "bar").open()
    assert [event.proof for event in fake.events] == [Proof("linked", "bar", "anna"), Proof()]


async def test_a_button_is_pressed_by_its_label(confirming: FakeHost, hosted: Hosted) -> None:
    """The token behind the label goes back."""
    chat = Chat(hosted, "bar")
    await chat.say("two lattes")
    await chat.press("yes")
    assert confirming.events[-1].body == Pressed("tok-yes", "Yes")


async def test_an_unknown_button_names_those_that_are_shown(confirming: FakeHost, hosted: Hosted) -> None:
    """The error says which buttons there are."""
    chat = Chat(hosted, "bar")
    await chat.say("two lattes")
    with pytest.raises(Theirs) as caught:
        await chat.press("Perhaps")
    assert "[Yes]" in caught.value.mend


async def test_a_position_is_shared(fake: FakeHost, hosted: Hosted) -> None:
    """`locate` sends latitude and longitude."""
    await Chat(hosted, "bar").locate(52.37, 4.89)
    assert fake.events[0].body == Located(52.37, 4.89)


async def test_jobs_run_at_their_moments_while_time_passes(fake: FakeHost, hosted: Hosted) -> None:
    """Waiting an hour runs what comes due in it, each when it is due, and nothing later."""
    start = fake.clock.now()
    fake.jobs = [start + timedelta(minutes=50), start + timedelta(minutes=10), start + timedelta(minutes=90)]
    await Chat(hosted, "bar").wait(60)
    assert fake.ran == [start + timedelta(minutes=10), start + timedelta(minutes=50)]
    assert fake.clock.now() == start + timedelta(minutes=60)


async def test_what_is_pushed_while_waiting_is_the_reply(placed: FakeHost, hosted: Hosted) -> None:
    """A message that a job sent is what was said last, and the order is looked up again."""
    chat = Chat(hosted, "bar")
    await chat.say("yes")
    placed.order_row = replace(placed.order_row, state="ready")
    placed.pushed = [Posted(2, "m2", Message("Order A7 is ready."), "turn2", placed.clock.now())]
    await chat.wait(30)
    assert chat.reply == "Order A7 is ready."
    assert chat.order is not None and chat.order.state == "ready"


async def test_the_basket_is_in_the_notation_of_goldens(confirming: FakeHost, hosted: Hosted) -> None:
    """Quantity, article, options that are not the default, notes."""
    chat = Chat(hosted, "bar")
    await chat.say("two lattes")
    assert chat.basket == ('2 latte milk=oat note:"extra napkin"',)


async def test_slots_come_from_frame_and_proposal(confirming: FakeHost, hosted: Hosted) -> None:
    """What was said and what the proposal settled."""
    chat = Chat(hosted, "bar")
    await chat.say("two lattes")
    assert chat.slots == {"service": "to_go", "store": "dam"} and chat.pending == "confirm"


async def test_the_newest_order_is_looked_up(placed: FakeHost, hosted: Hosted) -> None:
    """After a yes the conversation knows its order and what was agreed."""
    chat = Chat(hosted, "bar")
    await chat.say("yes")
    assert chat.order is not None and chat.order.number == "A7" and chat.slots == {"store": "dam"}


def test_an_unknown_merchant_names_the_known(hosted: Hosted) -> None:
    """The error lists the merchants that there are."""
    with pytest.raises(Theirs) as caught:
        Chat(hosted, "baar")
    assert "bar" in caught.value.mend


def test_nothing_is_answered_before_something_is_said(hosted: Hosted) -> None:
    """Looking at the reply too early says how to begin."""
    with pytest.raises(Theirs, match="nothing was said"):
        _ = Chat(hosted, "bar").reply
