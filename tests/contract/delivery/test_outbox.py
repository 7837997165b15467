"""The outbox: in order, once where that can be known, at the platform's pace, never against the customer's wish."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sayso.host.delivery import GRACE_S, TRIES
from sayso.model.event import Opted, Proof

LONG = "One sentence that is here. Another sentence that is there. A third."


async def test_a_message_is_sent_with_what_its_event_brought(post: Any, platform: Any) -> None:
    """The address has the customer, our id of the part, and the reply token of what is answered."""
    event = await post.say("Hello.", via={"reply": "r1"})
    await post.run()
    assert platform.taken == [("anna", "Hello.")]
    assert platform.calls[0]["via"] == {"reply": "r1"}
    assert platform.calls[0]["spent"] is False
    assert await post.states(event) == ["sent"]
    assert post.steps == [("pigeon", "sent")]


async def test_parts_and_messages_of_a_conversation_keep_their_order(post: Any, platform: Any) -> None:
    """A part goes after the one before it was taken, a message after the one before it."""
    await post.say(LONG, "Second.")
    await post.say("Third.")
    platform.script.extend((500,))
    await post.run()
    assert platform.texts == []
    post.wait(seconds=60)
    await post.run()
    assert " ".join(platform.texts) == f"{LONG} Second. Third."
    assert platform.calls[2]["spent"] is True, "the same reply token was used for the part before"


async def test_what_was_not_sent_is_tried_again_later_and_later(post: Any, platform: Any) -> None:
    """Waits grow; after the last try staff see it."""
    event = await post.say("Hello.")
    platform.script.extend([500] * 99)
    tried = []
    for _ in range(200):
        await post.run()
        tried.append(len(platform.calls))
        post.wait(minutes=2)
    assert len(platform.calls) == TRIES
    assert tried[:3] == [1, 2, 3]
    assert tried[20] < TRIES, "not all at once"
    assert await post.states(event) == ["dead"]
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert (seen.text, seen.state, seen.code, seen.attempts) == ("Hello.", "dead", "500", TRIES)


async def test_a_platform_that_asks_for_time_gets_it(post: Any, platform: Any) -> None:
    """429 with a wait of seven seconds."""
    await post.say("Hello.")
    platform.script.append(429)
    await post.run()
    post.wait(seconds=6)
    await post.run()
    assert len(platform.calls) == 1
    post.wait(seconds=1)
    await post.run()
    assert platform.texts == ["Hello."]


async def test_a_refusal_is_final_and_what_stood_behind_it_stays(post: Any, platform: Any) -> None:
    """The rest of the message is not sent, the next message is."""
    event = await post.say(LONG)
    await post.say("Next.")
    platform.script.append(400)
    await post.run()
    assert platform.texts == ["Next."]
    assert await post.states(event) == ["dead", "dead", "sent"]
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert seen.reason == "as told"


async def test_after_a_broken_connection_a_call_that_is_told_apart_is_repeated(post: Any, platform: Any) -> None:
    """The platform has it once."""
    post.channel.once = True
    event = await post.say("Hello.")
    platform.script.extend(("cut", "lost"))
    for _ in range(3):
        await post.run()
        post.wait(minutes=1)
    assert platform.texts == ["Hello."]
    assert len(platform.calls) == 3
    assert await post.states(event) == ["sent"]


async def test_after_a_broken_connection_another_call_is_not_repeated(post: Any, platform: Any) -> None:
    """It stays unknown, is seen, and the conversation goes on."""
    event = await post.say("Hello.", "Next.")
    platform.script.append("cut")
    await post.run()
    assert platform.texts == ["Hello.", "Next."]
    assert await post.states(event) == ["unknown", "sent"]
    assert [seen.state for seen in await post.store.deliveries.undelivered("bar")] == ["unknown"]


async def test_where_the_platform_tells_what_was_delivered_it_is_waited_for(post: Any, platform: Any) -> None:
    """The status of the part decides, and the next message follows at once; else after a while."""
    post.caps(delivers=True)
    event = await post.say("Hello.", "Next.")
    platform.script.append("cut")
    outbox = await post.run()
    assert platform.texts == ["Hello."]
    await post.report("delivered", outbox, part=platform.calls[0]["part"], native="n0")
    await outbox.run_due()
    assert platform.texts == ["Hello.", "Next."]
    assert await post.states(event) == ["delivered", "sent"]
    platform.script.append("cut")
    await post.say("More.", "Last.")
    await post.run()
    post.wait(seconds=GRACE_S)
    await post.run()
    assert platform.texts[2:] == ["More.", "Last."]


async def test_states_never_go_backwards(post: Any, platform: Any) -> None:
    """Delivered after read is ignored; so is what comes twice; nothing is told of strangers."""
    event = await post.say("Hello.")
    await post.run()
    for state in ("read", "delivered", "read", "sent", "failed"):
        await post.report(state, native="n0")
    await post.report("delivered", native="n77")
    await post.outbox().rows.report("other", "pigeon", "loft", _read())
    assert await post.states(event) == ["read"]
    assert post.steps == [("pigeon", "sent"), ("pigeon", "read")]


def _read() -> Any:
    from datetime import UTC, datetime

    from sayso.channels.contract import Report

    return Report("read", datetime(2026, 11, 23, tzinfo=UTC), native="n0")


async def test_a_status_that_is_quicker_than_the_answer_counts(post: Any, platform: Any) -> None:
    """The platform told "delivered" before its answer with the message's id was stored."""
    event = await post.say("Hello.")
    await post.report("delivered", native="n0")
    await post.run()
    assert await post.states(event) == ["delivered"]


async def test_a_watermark_moves_all_that_was_sent_before_it(post: Any, platform: Any, clock: Any) -> None:
    """What was sent later stays; another customer's stays."""
    event, other = await post.say("One.", "Two."), await post.say("Three.", to="bert")
    await post.run()
    until = clock.now()
    post.wait(seconds=5)
    await post.say("Four.")
    await post.run()
    await post.report("read", conversation="anna", until=until + timedelta(seconds=1))
    assert await post.states(event) == ["read", "read", "sent"]
    assert await post.states(other) == ["sent"]


async def test_what_failed_later_is_seen_and_sent_again_under_another_id(post: Any, platform: Any) -> None:
    """The platform took it, then told that it was not delivered."""
    post.channel.once = True
    event = await post.say("Hello.")
    await post.run()
    await post.report("failed", native="n0", reason="no such pigeon", code="44")
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert (seen.state, seen.reason, seen.code) == ("failed", "no such pigeon", "44")
    outbox = post.outbox()
    assert not await outbox.resend("other", seen.id)
    assert await outbox.resend("bar", seen.id)
    await outbox.run_due()
    assert platform.texts == ["Hello.", "Hello."]
    assert await post.states(event) == ["sent"]
    assert not await outbox.resend("bar", platform.calls[1]["part"]), "it was sent"


async def test_staff_send_the_rest_of_a_message_again(post: Any, platform: Any) -> None:
    """From the part that was refused on."""
    event = await post.say(LONG)
    platform.script.extend(("ok", 400))
    outbox = await post.run()
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert await outbox.resend("bar", seen.id)
    await outbox.run_due()
    assert " ".join(platform.texts) == LONG
    assert set(await post.states(event)) == {"sent"}
    assert await post.store.deliveries.undelivered("bar") == ()


async def test_outside_of_the_window_nothing_is_sent_but_a_template(post: Any, platform: Any, homing: Any) -> None:
    """Free words within 24 hours of the customer's last; then the template, where one fits; else staff see why."""
    post.caps(window_h=24)
    event = await post.say("Hello.")
    await post.run()
    post.wait(hours=24)
    await post.later("Your order is ready.")
    await post.run()
    assert platform.texts == ["Hello."]
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert (seen.code, seen.text) == ("window", "Your order is ready.")
    post.channel = homing(post.channel.capabilities)
    await post.later(LONG)
    await post.later("A secret.")
    await post.run()
    assert platform.texts[1:] == [f"TEMPLATE {LONG}"]
    await post.say("Welcome back.")
    await post.run()
    assert platform.texts[-1] == "Welcome back."
    assert await post.states(event) == ["sent", "dead", "sent", "dead", "sent"]


async def test_a_platform_that_knows_better_when_the_window_ended_gets_the_template(
    post: Any, platform: Any, homing: Any
) -> None:
    """Its answer decides."""
    post.channel = homing(post.channel.capabilities)
    event = await post.say(LONG)
    platform.script.append(422)
    await post.run()
    assert platform.texts == [f"TEMPLATE {LONG}"]
    assert await post.states(event) == ["sent"]


async def test_who_wants_no_messages_gets_the_confirmation_and_no_more(post: Any, platform: Any) -> None:
    """Until the customer's switch is on again; nothing at all where the platform has confirmed itself."""
    await post.say("You will hear no more.", body=Opted(False))
    await post.later("Your order is ready.")
    await post.say("Any words?")
    await post.run()
    assert platform.texts == ["You will hear no more."]
    assert [seen.code for seen in await post.store.deliveries.undelivered("bar")] == ["opted_out"] * 2
    await post.say("Welcome back.", body=Opted(True))
    await post.say("You are gone.", to="bert", body=Opted(False, silent=True))
    await post.run()
    assert platform.texts[1:] == ["Welcome back."]


async def test_who_wants_no_marketing_is_still_answered(post: Any, platform: Any) -> None:
    """A platform's switch for advertisements is no switch for the order that is being made."""
    await post.say(body=Opted(False, silent=True, marketing=True))
    await post.say("One latte.")
    await post.later("Your latte is ready.")
    await post.run()
    assert platform.texts == ["One latte.", "Your latte is ready."]


async def test_who_opts_out_while_a_message_waits_does_not_get_it(post: Any, platform: Any) -> None:
    """Consent is checked when a message is sent."""
    await post.say("Hello.")
    platform.script.append(500)
    await post.run()
    await post.say(body=Opted(False))
    post.wait(minutes=5)
    await post.run()
    assert platform.texts == []


async def test_an_account_sends_as_fast_as_its_platform_allows(post: Any, platform: Any) -> None:
    """Two at once, then two a second."""
    post.caps(rate_per_s=2.0, burst=2)
    for guest in "abcdef":
        await post.say(f"To {guest}.", to=guest)
    start = post.make.clock.now()
    await post.run()
    assert max(platform.times) - start == timedelta(seconds=2)


async def test_a_customer_gets_one_message_at_a_time(post: Any, platform: Any) -> None:
    """Each six seconds, whoever sends it; one that has to wait long is put back."""
    post.caps(pair_every_s=6.0)
    await post.say("One.", "Two.")
    start = post.make.clock.now()
    await post.run()
    post.caps(pair_every_s=60.0)
    await post.say("Three.")
    await post.run()
    assert len(platform.times) == 2
    post.wait(seconds=60)
    await post.run()
    assert [(time - start).total_seconds() for time in platform.times] == [0.0, 6.0, 66.0]


async def test_a_slow_account_does_not_delay_another(post: Any, platform: Any) -> None:
    """One hangs, the others go on; so do this account's other customers."""
    await post.say("Slow.", account="tower")
    outbox = post.outbox()
    platform.script.append("hang")
    task = asyncio.create_task(outbox.forever())
    await platform.reached(calls=1)
    await post.say("Quick.", to="bert", account="loft")
    await post.say("Also quick.", to="carl", account="tower")
    outbox.wake()
    await platform.reached(taken=2)
    assert sorted(platform.texts) == ["Also quick.", "Quick."]
    platform.held.set()
    await platform.reached(taken=3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_account_that_reaches_nobody_rests(post: Any, platform: Any) -> None:
    """After some failures one message tries now and then; when it gets through all follow."""
    for number in range(20):
        await post.say(f"{number}.", to=f"g{number}")
    outbox = post.outbox()
    platform.down = {f"g{number}" for number in range(20)}
    await outbox.run_due()
    first = len(platform.calls)
    assert first <= 12
    post.wait(seconds=6)
    await outbox.run_due()
    assert len(platform.calls) == first + 1
    platform.down = set()
    for _ in range(8):
        post.wait(minutes=10)
        await outbox.run_due()
    assert sorted(platform.texts, key=lambda text: int(text[:-1])) == [f"{number}." for number in range(20)]


async def test_a_token_is_fetched_once_and_again_when_it_is_stale(post: Any, platform: Any, homing: Any) -> None:
    """Eight messages at once share one fetch; a refused token is replaced at once."""
    post.channel = homing(post.channel.capabilities, stale=True)
    for number in range(8):
        await post.say(f"{number}.", to=f"g{number}")
    outbox = await post.run()
    assert (platform.tokens, len(platform.taken)) == (1, 8)
    platform.good = "another"
    await post.say("More.")
    await outbox.run_due()
    assert (platform.tokens, platform.texts[-1]) == (2, "More.")


async def test_a_channel_that_is_gone_is_waited_for_an_hour(post: Any, platform: Any) -> None:
    """Then staff see why."""
    channel, post.channel = post.channel, None
    event = await post.say("Hello.")
    await post.run()
    assert await post.states(event) == []
    post.wait(hours=1)
    await post.run()
    assert await post.states(event) == ["dead"]
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert (seen.code, seen.reason) == ("no_channel", "no pigeons here")
    post.channel = channel
    outbox = post.outbox()
    assert await outbox.resend("bar", seen.id)
    await outbox.run_due()
    assert platform.texts == ["Hello."]


async def test_a_channel_that_breaks_keeps_its_message_to_itself(post: Any, platform: Any) -> None:
    """A mistake in a channel's code is seen by staff; the next message is tried."""

    def wire(*_: object) -> Any:
        raise RuntimeError("a bug")

    event = await post.say("Hello.")
    post.channel.wire = wire
    await post.run()
    assert await post.states(event) == ["dead"]
    del post.channel.wire
    await post.say("Next.")
    await post.run()
    assert platform.texts == ["Next."]


async def test_what_waits_is_counted_by_channel(post: Any, platform: Any, clock: Any) -> None:
    """Messages, since when, and parts that staff should see."""
    since = clock.now()
    await post.say("Hello.", "Next.")
    await post.say("Other.", to="bert", account="tower")
    (waits,) = await post.store.deliveries.waiting()
    assert (waits.channel, waits.messages, waits.oldest, waits.attention) == ("pigeon", 3, since, 0)
    platform.script.append(400)
    await post.run()
    (waits,) = await post.store.deliveries.waiting()
    assert (waits.messages, waits.oldest, waits.attention) == (0, None, 1)


async def test_a_store_that_is_away_for_a_while_stops_nothing(post: Any, platform: Any) -> None:
    """Messages are looked for again, whatever went wrong."""
    rows = post.store.deliveries

    class Away:
        """Rows that cannot be had at first."""

        left = 2

        def __getattr__(self, name: str) -> Any:
            async def call(*given: Any, **named: Any) -> Any:
                if name in ("lanes", "claim") and Away.left:
                    Away.left -= 1
                    raise ValueError("no store")
                return await getattr(rows, name)(*given, **named)

            return call

    await post.say("Hello.")
    task = asyncio.create_task(post.outbox(Away()).forever())
    await platform.reached(taken=1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert platform.texts == ["Hello."]


async def test_what_waits_for_an_erased_customer_is_not_sent(post: Any, platform: Any) -> None:
    """Messages and parts go with the conversation, also between two tries."""
    proof = Proof("channel", "pigeon:loft", "anna")
    event = await post.say(LONG, "Next.", proof=proof)
    await post.store.people.identify(event)
    platform.script.extend(("ok", 500))
    outbox = await post.run()
    receipt = await post.store.privacy.erase("bar", "anna")
    assert receipt.erased["deliveries"] == 2
    post.wait(hours=1)
    await outbox.run_due()
    await post.report("delivered", outbox, native="n0")
    assert len(platform.taken) == 1
    assert await post.states(event) == []


async def late(post: Any, event: Any, **told: Any) -> None:
    """The platform took it and tells later that free words were not allowed any more."""
    await post.report("failed", code="131047", window=True, **told)


async def test_a_window_that_a_status_tells_of_sends_the_template_once(post: Any, platform: Any, homing: Any) -> None:
    """Each part of it fails by a status of its own, each comes three times: one template."""
    post.channel = homing(post.channel.capabilities)
    event = await post.say(LONG)
    outbox = await post.run()
    sent = len(platform.texts)
    assert sent > 1
    for _ in range(3):
        for n in range(sent):
            await late(post, event, native=f"n{n}")
    await outbox.run_due()
    assert platform.texts[sent:] == [f"TEMPLATE {LONG}"]
    assert await post.states(event) == ["sent"]
    assert await post.store.deliveries.undelivered("bar") == ()
    await post.say("Welcome back.")
    await outbox.run_due()
    assert platform.texts[-1] == "Welcome back."


async def test_a_template_that_fails_too_is_seen(post: Any, platform: Any, homing: Any) -> None:
    """There is nothing after it."""
    post.channel = homing(post.channel.capabilities)
    event = await post.say("Hello.")
    outbox = await post.run()
    await late(post, event, native="n0")
    await outbox.run_due()
    await late(post, event, native="n1")
    await outbox.run_due()
    assert platform.texts == ["Hello.", "TEMPLATE Hello."]
    assert await post.states(event) == ["failed"]


async def test_a_part_that_arrived_is_not_told_again_in_a_template(post: Any, platform: Any, homing: Any) -> None:
    """Staff decide about the rest."""
    post.channel = homing(post.channel.capabilities)
    event = await post.say(LONG)
    outbox = await post.run()
    await post.report("delivered", native="n0")
    await late(post, event, native="n1")
    await outbox.run_due()
    assert not any(text.startswith("TEMPLATE") for text in platform.texts)
    assert (await post.states(event))[:2] == ["delivered", "failed"]


async def test_where_no_template_fits_staff_see_it_and_send_the_words_again(post: Any, platform: Any) -> None:
    """The customer has written meanwhile: their words open the window, and the message goes as it was."""
    event = await post.say("Hello.")
    outbox = await post.run()
    await late(post, event, native="n0")
    await outbox.run_due()
    (seen,) = await post.store.deliveries.undelivered("bar")
    assert (seen.code, seen.text) == ("no_template", "Hello.")
    assert await outbox.resend("bar", seen.id)
    await outbox.run_due()
    assert platform.texts == ["Hello.", "Hello."]


async def test_a_status_that_comes_while_its_message_is_being_sent(post: Any, platform: Any, homing: Any) -> None:
    """The host that is at its next part finds it gone, and the template goes out alone."""
    post.channel = homing(post.channel.capabilities)
    event = await post.say(LONG)
    platform.script.extend(["ok", "hang"])
    outbox = post.outbox()
    running = asyncio.ensure_future(outbox.run_due())
    await platform.reached(calls=2)
    await late(post, event, native="n0")
    platform.held.set()
    await running
    await outbox.run_due()
    assert [text for text in platform.texts if text.startswith("TEMPLATE")] == [f"TEMPLATE {LONG}"]
    assert await post.states(event) == ["sent"]
