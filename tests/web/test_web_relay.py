"""A telephone call over our WebSocket."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sayso.channels.registry import Channels
from sayso.channels.twilio import signature
from sayso.host.reach import Reach
from sayso.manifest.specs import ChannelSpec
from sayso.web import Config

PUBLIC = "https://bots.example"
PATH = "/v1/channels/twilio_voice/bar/relay"
SETTINGS = {"auth_token": "env:TOKEN", "relay": True}


@pytest.fixture
def app(memory: Any, make_app: Any, config: Config) -> Any:
    """The bar has a telephone number."""
    bar = memory.merchants_["bar"]
    spec = ChannelSpec("twilio_voice", "+31970000000", SETTINGS)
    memory.merchants_["bar"] = replace(bar, merchant=replace(bar.merchant, channels=(spec,)))
    reach = Reach(Channels(), PUBLIC, environment={"TOKEN": "12345"})
    return make_app(settings=replace(config, public_url=PUBLIC), reach=reach)


async def test_a_call(app: Any) -> None:
    """The caller is greeted, speaks and is answered, in order."""
    signed = {"X-Twilio-Signature": signature("wss://bots.example" + PATH, [], "12345")}
    async with app.test_client().websocket(PATH, headers=signed) as call:
        await call.send(json.dumps({"type": "setup", "callSid": "CA1"}))
        assert json.loads(await call.receive())["type"] == "language"
        assert "Noor" in json.loads(await call.receive())["token"]
        await call.send(json.dumps({"type": "prompt", "voicePrompt": "hello there", "last": True}))
        assert json.loads(await call.receive())["token"].startswith("You said: hello there")


async def test_a_stranger_is_not_let_in(app: Any, start_live: Any) -> None:
    """Without Twilio's signature there is no WebSocket."""

    async def make() -> Any:
        return app

    server = await asyncio.to_thread(start_live, make)
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://127.0.0.1:{server.port}{PATH}"):
            pass
    assert refused.value.response.status_code in (401, 403)
