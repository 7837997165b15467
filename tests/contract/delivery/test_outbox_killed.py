"""A host killed between any two steps of a send: nothing lost, nothing sent twice where that can be known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sayso.host.delivery import GRACE_S

LONG = "One sentence that is here. Another sentence that is there. A third."
STEPS = 30
"""More than a message of three parts and one of one part take."""


class Fate:
    """Lets a host live for some steps: then one is cut off before or after it took effect, and all others fail."""

    def __init__(self, steps: int, after: bool) -> None:
        self.steps, self.after = steps, after

    @property
    def dead(self) -> bool:
        return self.steps <= 0

    def over(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def fated(*given: Any, **named: Any) -> Any:
            if self.dead:
                raise asyncio.CancelledError
            self.steps -= 1
            if self.dead and not self.after:
                raise asyncio.CancelledError
            result = await call(*given, **named)
            if self.dead:
                raise asyncio.CancelledError
            return result

        return fated


class Mortal:
    """Rows whose every call may be the host's last."""

    def __init__(self, rows: Any, fate: Fate) -> None:
        self.rows, self.fate = rows, fate

    def __getattr__(self, name: str) -> Any:
        return self.fate.over(getattr(self.rows, name))


async def live_and_die(post: Any, steps: int, after: bool) -> bool:
    """Run a host until its fate; whether it died."""
    fate = Fate(steps, after)
    outbox = post.outbox(Mortal(post.store.deliveries, fate), fate.over(post.platform))
    task = asyncio.ensure_future(outbox.run_due())
    await asyncio.gather(task, return_exceptions=True)
    await outbox.stop()
    return fate.dead


async def go_on(post: Any) -> None:
    """The next hosts."""
    await post.store.deliveries.resume()
    for _ in range(4):
        await post.run()
        post.wait(seconds=GRACE_S)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("once", [True, False], ids=["told-apart", "not-told-apart"])
async def test_whatever_step_was_the_last(post: Any, platform: Any, once: bool, after: bool) -> None:
    """For each step of a send, before and after it took effect: all is sent once where the platform tells calls apart;
    else nothing twice, in order, and what may be missing is seen by staff."""
    post.channel.once = once
    died = 0
    for steps in range(1, STEPS):
        platform.taken.clear()
        guest = f"g{steps}"
        event = await post.say(LONG, "Next.", to=guest)
        died += await live_and_die(post, steps, after)
        await go_on(post)
        states = await post.states(event)
        whole = " ".join(platform.texts)
        assert len(platform.texts) == len(set(platform.texts)), (steps, "sent twice")
        if once:
            assert (whole, set(states)) == (f"{LONG} Next.", {"sent"}), steps
        else:
            assert set(states) <= {"sent", "unknown"}, steps
            assert states.count("unknown") <= 1, steps
            assert len(platform.texts) >= len(states) - states.count("unknown"), (steps, "lost and not seen")
            ordered = f"{LONG} Next.".split(". ")
            places = [next(i for i, one in enumerate(ordered) if text.startswith(one[:8])) for text in platform.texts]
            assert places == sorted(places), steps
    assert died >= 12, "most steps were reached"


async def test_a_host_that_dies_while_others_live_is_taken_over_from(post: Any, platform: Any) -> None:
    """Its claim lapses after a minute; nobody needs to tell that it died."""
    post.channel.once = True
    await post.say("Hello.")
    assert await live_and_die(post, 5, after=False)
    await post.run()
    assert platform.texts == []
    post.wait(seconds=61)
    await post.run()
    assert platform.texts == ["Hello."]


async def test_a_host_that_was_thought_dead_sends_no_more(post: Any, platform: Any) -> None:
    """Its claim lapsed while it stood still: another has the message."""
    await post.say(LONG)
    slow = post.outbox()
    platform.script.append("hang")
    task = asyncio.ensure_future(slow.run_due())
    await platform.reached(calls=1)
    post.wait(seconds=61)
    await post.run()
    platform.held.set()
    await task
    assert len(platform.texts) == len(set(platform.texts))
    assert sum("third" in text for text in platform.texts) == 1


async def test_many_hosts_send_each_message_once(post: Any, platform: Any) -> None:
    """Four hosts on one store, twenty conversations of three messages."""
    for guest in range(20):
        await post.say("One.", "Two.", to=f"g{guest}")
        await post.say("Three.", to=f"g{guest}")
    hosts = [post.outbox() for _ in range(4)]
    for _ in range(3):
        await asyncio.gather(*(host.run_due() for host in hosts))
    assert len(platform.taken) == 60
    for guest in range(20):
        assert [text for to, text in platform.taken if to == f"g{guest}"] == ["One.", "Two.", "Three."]


async def test_a_status_told_three_times_at_once_is_one_step(post: Any, platform: Any) -> None:
    """In parallel, and out of order."""
    event = await post.say("Hello.")
    outbox = await post.run()
    states = ["delivered", "read", "delivered", "read", "sent", "delivered", "read"]
    await asyncio.gather(*(post.report(state, outbox, native="n0") for state in states))
    assert await post.states(event) == ["read"]
    assert post.steps.count(("pigeon", "read")) == 1
    assert post.steps.count(("pigeon", "delivered")) <= 1
