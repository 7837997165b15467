"""The model stage off, failing, slow and lying: what a customer gets out of a conversation does not hang on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sayso.testing.chat import Chat, Hosted
from sayso.testing.clock import SetClock
from sayso.testing.goldens import find, load
from sayso.testing.hosting import Published, host
from sayso.testing.model import ModelServer
from sayso.testing.plugin import MORNING
from sayso.testing.runner import hold
from sayso.testing.scripts import Cut, Fail, Malformed, Reply, Script, Slow
from sayso.understanding import Cascade, Endpoint, ModelStage

UNFORESEEN = {
    "en": (
        "could the moon be made of crema",
        "two lattes at Dam Square",
        "hmm what would my grandmother pick",
        "and a croissant",
        "do your cups dream of porcelain",
        "yes",
    ),
    "nl": (
        "kun je iets bedenken waar ik blij van word",
        "twee lattes op de Dam",
        "wat zou mijn oma daarvan vinden",
        "en een croissant",
        "dromen jullie kopjes van porselein",
        "ja",
    ),
}
"""Orders with remarks in between that the host cannot know: these reach the model."""

ROOT = Path(__file__).resolve().parents[2]
EVERY = 45
"""Of the golden conversations; `make bench-model ARGS=--modes` holds them all."""
SHORT_S = 0.3
"""What a turn waits for the model here: a slow one is always too late."""

MODES: dict[str, Script] = {
    "nothing to say": Reply({"commands": []}),
    "malformed": Malformed(),
    "too many requests": Fail(429),
    "down": Fail(500),
    "cut off": Cut(),
    "slow": Slow(30, Reply({"commands": []})),
}

Outcomes = list[tuple[tuple[str, ...], str, str]]


@pytest.fixture
async def model(model_server: ModelServer) -> AsyncIterator[ModelStage]:
    """The model stage at the scripted server; the client's import is not what is timed."""
    pytest.importorskip("openai", reason="the model stage's client")
    made = ModelStage((Endpoint("scripted", base_url=model_server.url),), longest_s=SHORT_S)
    yield made
    await made.close()


async def outcomes(hosted: Hosted, language: str) -> Outcomes:
    """Basket, open question and order after each turn."""
    chat, found = Chat(hosted, "coffee_bar", language=language), []
    for words in UNFORESEEN[language]:
        await chat.say(words)
        found.append((chat.basket, chat.pending, chat.order.state if chat.order else "none"))
    return found


async def warmed(published: Published, model: ModelStage) -> Cascade:
    """Understanding with the model behind it, its words compiled: what is late here is the model alone."""
    understanding = published.with_model(model)
    await understanding.warm(published.merchants["coffee_bar"])
    return understanding


@pytest.mark.parametrize("language", UNFORESEEN)
@pytest.mark.parametrize("mode", MODES)
async def test_a_model_that_fails_changes_no_outcome(
    mode: str, language: str, model: ModelStage, model_server: ModelServer, published: Published, tmp_path: Path
) -> None:
    """A conversation full of things that nobody foresaw comes out as it does without a model."""
    model_server.script(MODES[mode])
    async with host(published, tmp_path / "off", SetClock(MORNING)) as hosted:
        without = await outcomes(hosted, language)
    understanding = await warmed(published, model)
    async with host(published, tmp_path / "on", SetClock(MORNING), understanding) as hosted:
        assert await outcomes(hosted, language) == without
    assert model_server.requests, "no utterance reached the model: this proves nothing"


@pytest.mark.slow
async def test_a_hundred_turns_at_once_with_a_slow_model_are_answered_in_time(
    model: ModelStage, model_server: ModelServer, published: Published, clock: SetClock, tmp_path: Path
) -> None:
    """Each is cut off at its own deadline and answered by what the host knows itself."""
    model_server.script(Slow(30, Reply({"commands": []})))
    understanding = await warmed(published, model)
    async with host(published, tmp_path / "data", clock, understanding) as hosted:
        await Chat(hosted, "coffee_bar", conversation="first").say("good morning")
        chats = [Chat(hosted, "coffee_bar", conversation=f"c{number}") for number in range(100)]
        async with asyncio.timeout(8.0):
            replies = await asyncio.gather(*(chat.say("could the moon be made of crema") for chat in chats))
    assert len(replies) == 100 and all(reply.strip() for reply in replies)
    assert model_server.abandoned > 0


GOLDENS = [golden for path in find([ROOT / "manifests", ROOT / "skills"]) for golden in load(path)][::EVERY]


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
async def test_goldens_come_out_as_recorded(
    mode: str, model: ModelStage, model_server: ModelServer, published: Published, tmp_path: Path
) -> None:
    """Whatever the model does: every turn is answered in its time, with the outcome that was recorded."""
    model_server.script(MODES[mode])
    understanding = published.with_model(model)
    for number, golden in enumerate(GOLDENS):
        async with host(published, tmp_path / str(number), SetClock(golden.now), understanding) as hosted:
            failed = await hold(golden, hosted, deadline_s=8.0)
            assert failed is None, str(failed)
