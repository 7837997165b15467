"""Conversations of authors' tests over Dialogflow: `channel: dialogflow_cx` in a golden, or a Chat."""

from __future__ import annotations

import pytest

from sayso.errors import Theirs
from sayso.testing.clock import SetClock
from sayso.testing.goldens import load
from sayso.testing.hosting import host
from sayso.testing.plugin import MORNING
from sayso.testing.runner import hold

GOLDEN = """
merchant: coffee_bar
now: 2026-11-23T09:00:00+01:00
conversations:
  - name: two lattes
    channel: {channel}
    turns:
      - open: true
      - say: two lattes to go at dam square please
        expect: {{basket: ["2 latte"], pending: confirm, buttons: ["Yes"]}}
      - press: "Yes"
        expect: {{order: placed}}
  - name: twee lattes
    channel: {channel}
    language: nl
    voice: true
    turns:
      - say: twee lattes om mee te nemen op de dam graag
        expect: {{basket: ["2 latte"], pending: confirm, speech: ["euro"]}}
      - say: ja
        expect: {{order: placed}}
"""


@pytest.mark.parametrize("channel", ["dialogflow_cx", "dialogflow_es"])
async def test_a_golden_is_held_over_dialogflow(published, tmp_path, channel):
    """The same conversation as over the web, each turn read and answered by the channel."""
    file = tmp_path / "order.yaml"
    file.write_text(GOLDEN.format(channel=channel))
    goldens = load(file)
    assert len(goldens) == 2
    for golden in goldens:
        async with host(published, tmp_path / golden.name, SetClock(golden.now)) as hosted:
            failure = await hold(golden, hosted)
        assert failure is None, str(failure)


async def test_a_cards_chip_orders_the_thing(new_chat):
    """A chip has the name of the thing, and that is ordered."""
    chat = await new_chat("coffee_bar", channel="dialogflow_cx")
    await chat.say("what pastries do you have?")
    card = next(card for message in chat.messages for card in message.cards)
    content = chat.response["fulfillmentResponse"]["messages"][1]["payload"]["richContent"]
    assert {"text": card.title} in content[-1][-1]["options"]
    await chat.press(card.actions[0].label)
    assert len(chat.basket) == 1


async def test_a_linked_customer_is_known(published, tmp_path):
    """The merchant's token in the payload makes the event linked."""
    from sayso.testing.chat import Chat

    for channel in ("dialogflow_cx", "dialogflow_es"):
        async with host(published, tmp_path / channel, SetClock(MORNING)) as hosted:
            chat = Chat(hosted, "coffee_bar", channel=channel, customer="anna")
            await chat.say("two lattes to go at dam square please")
            trace = await hosted.turns.trace(chat.answer.turn)
            assert trace.event.proof.assurance == "linked" and trace.event.channel == channel


async def test_a_position_cannot_be_shared_there(new_chat):
    """The author is told to say it in words."""
    chat = await new_chat("coffee_bar", channel="dialogflow_cx")
    with pytest.raises(Theirs, match="Dialogflow"):
        await chat.locate(52.37, 4.89)
