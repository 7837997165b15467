"""OpenAI's own client talks to a merchant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import openai
import pytest

from sayso.channels.registry import Channels
from sayso.host.reach import Reach
from sayso.manifest.specs import ChannelSpec

KEY = "sesame-sesame"


@pytest.fixture
def base_url(memory: Any, make_app: Any, start_live: Any) -> str:
    """The bar's address for assistants."""
    bar = memory.merchants_["bar"]
    spec = ChannelSpec("openai", "bar", {"api_key": "env:KEY"})
    memory.merchants_["bar"] = replace(bar, merchant=replace(bar.merchant, channels=(spec,)))

    async def make() -> Any:
        return make_app(reach=Reach(Channels(), environment={"KEY": KEY}))

    return f"{start_live(make).url}/v1/channels/openai/bar"


def test_openais_client(base_url: str) -> None:
    """It lists the model, talks, streams, and tells a wrong key by its own error."""
    client = openai.OpenAI(base_url=base_url, api_key=KEY, max_retries=0)
    assert client.models.list().data[0].id == "sayso"
    asked: Any = [{"role": "user", "content": "a latte"}]
    whole = client.chat.completions.create(model="sayso", messages=asked, user="anna")
    assert "Shall I order it?" in str(whole.choices[0].message.content)
    chunks = client.chat.completions.create(model="sayso", messages=asked, user="anna", stream=True)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == whole.choices[0].message.content
    with pytest.raises(openai.AuthenticationError, match="API key"):
        openai.OpenAI(base_url=base_url, api_key="wrong", max_retries=0).models.list()
    with pytest.raises(openai.BadRequestError, match="whose"):
        client.chat.completions.create(model="sayso", messages=asked)
