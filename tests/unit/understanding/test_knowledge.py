"""What is compiled of an artefact: once, however many wait for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sayso.understanding import knowledge
from sayso.understanding.intents.views import Commons
from sayso.understanding.knowledge import Knowledge


class NoEmbedder:
    name = "none"

    def encode(self, texts):
        raise AssertionError("nothing is embedded")


@pytest.fixture
def compiled(monkeypatch):
    """The digests that were compiled, in order."""
    seen = []
    real = knowledge.compile_lexicon

    def counting(artefact, tongues):
        seen.append(artefact.digest)
        return real(artefact, tongues)

    monkeypatch.setattr(knowledge, "compile_lexicon", counting)
    return seen


async def test_sixteen_turns_share_one_compiling(lexicon, compiled):
    """Turns that come while it is compiled wait for the same result."""
    known = Knowledge(NoEmbedder(), Commons(NoEmbedder()))
    found = await asyncio.gather(*(known.of(lexicon.artefact) for _ in range(16)))
    assert compiled == ["digest"]
    assert len({id(each) for each in found}) == 1


async def test_a_turn_that_is_cut_off_ends_it_for_none(lexicon, compiled):
    """The others still get it."""
    known = Knowledge(NoEmbedder(), Commons(NoEmbedder()))
    first = asyncio.create_task(known.of(lexicon.artefact))
    second = asyncio.create_task(known.of(lexicon.artefact))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).lexicon.artefact is lexicon.artefact
    assert compiled == ["digest"]


async def test_the_least_recently_used_is_let_go(lexicon, compiled):
    """Memory stays bounded however many merchants are spoken to."""
    known = Knowledge(NoEmbedder(), Commons(NoEmbedder()), most=2)
    one, two, three = (replace(lexicon.artefact, digest=d) for d in "abc")
    for artefact in (one, two, one, three, one, two):
        await known.of(artefact)
    assert compiled == ["a", "b", "c", "b"]


async def test_a_failure_is_tried_again(lexicon, monkeypatch):
    """What failed once is no merchant's fate."""
    known, real, tries = (
        Knowledge(NoEmbedder(), Commons(NoEmbedder())),
        knowledge.compile_lexicon,
        iter([RuntimeError("once")]),
    )

    def failing(artefact, tongues):
        for error in tries:
            raise error
        return real(artefact, tongues)

    monkeypatch.setattr(knowledge, "compile_lexicon", failing)
    with pytest.raises(RuntimeError):
        await known.of(lexicon.artefact)
    assert (await known.of(lexicon.artefact)).lexicon.names
