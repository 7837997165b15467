"""What a speaker says to somebody who says nothing, and what a screen may show of an answer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host

NOW = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "wish", "address", "yes"),
    [
        ("en", "six lattes at dam square", "for delivery to Damrak 1, 1012 LG", "yes"),
        ("nl", "zes lattes op de dam", "bezorgen op Damrak 1, 1012 LG", "ja"),
    ],
)
async def test_a_reprompt_helps_and_only_what_is_public_may_be_shown(
    published: Published, tmp_path: Path, language: str, wish: str, address: str, yes: str
) -> None:
    """The choices and help follow the question; an address makes the read-back private; the question says of what."""
    async with host(published, tmp_path, SetClock(NOW)) as hosted:
        chat = Chat(hosted, "coffee_bar", language=language, voice=True)
        await chat.open()
        assert chat.messages[-1].reprompt
        await chat.say(wish)
        message = chat.messages[-1]
        assert message.reprompt.lower().rstrip(".").endswith("help") and yes in message.reprompt.lower().split()
        assert message.asks is not None and message.asks.kind == "confirm" and not message.private
        assert message.asks.intent == "order_coffee.order"
        await chat.say(address)
        assert chat.messages[-1].private
