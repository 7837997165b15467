"""One customer on several channels: linked by proof, undone by a word; what was begun on one goes on on the other."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from sayso.model.message import Message
from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock

Begin = Callable[..., Awaitable[Chat]]

WORDS = {
    "en": ("link my phone", "my code is {}", "I'd like the IJ sneaker white in size 42", "carry on", "unlink"),
    "nl": ("koppel mijn telefoon", "mijn code is {}", "ik wil de IJ sneaker wit in maat 42", "ga verder", "ontkoppel"),
}


async def _code(chat: Chat, words: str) -> str:
    """The digits of the code that a known customer gets."""
    await chat.say(words)
    found = re.search(r"\d{3} \d{3}", chat.messages[-1].text)
    assert found, chat.reply
    return found[0].replace(" ", "")


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_what_was_begun_goes_on_on_the_linked_phone(new_chat: Begin, language: str) -> None:
    """Begun on the page by a known customer; on the phone it goes on once the code was said there."""
    link, claim, wish, on, _ = WORDS[language]
    page = await new_chat("clothing_shop", language=language, customer="anna")
    await page.say(wish)
    code = await _code(page, link)
    assert page.pending == "slot"
    phone = await new_chat("clothing_shop", language=language, channel="dialogflow_cx", voice=True)
    await phone.say(on)
    assert not phone.basket
    await phone.say(claim.format(" ".join(code)))
    await phone.say(on)
    assert (phone.basket, phone.pending) == (("1 ij_sneaker_white shoe_size=42",), "slot")


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_what_a_stranger_began_is_the_customers_once_it_is_linked(new_chat: Begin, language: str) -> None:
    """The other direction: begun on the phone, linked there, carried on on the page."""
    link, claim, wish, on, _ = WORDS[language]
    phone = await new_chat("clothing_shop", language=language, channel="alexa")
    await phone.say(wish)
    page = await new_chat("clothing_shop", language=language, customer="anna")
    await phone.say(claim.format(await _code(page, link)))
    assert phone.basket == ("1 ij_sneaker_white shoe_size=42",)
    await page.say(on)
    assert page.basket == phone.basket


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_unlinked_is_a_stranger_again(new_chat: Begin, language: str) -> None:
    """Unlinking on the phone takes nothing from the customer and leaves the phone with nothing of theirs."""
    link, claim, wish, on, unlink = WORDS[language]
    page = await new_chat("clothing_shop", language=language, customer="anna")
    await page.say(wish)
    phone = await new_chat("clothing_shop", language=language, channel="alexa")
    await phone.say(claim.format(await _code(page, link)))
    await phone.say(on)
    assert phone.basket
    await phone.say(unlink)
    assert phone.basket == () and not phone.state.vouched
    await phone.say(on)
    assert phone.basket == ()
    await page.say(on)
    assert page.basket


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_unlinked_from_the_page_the_phone_knows_nothing(new_chat: Begin, language: str) -> None:
    """The customer ends it where they are known; the phone's next words are a stranger's."""
    link, claim, wish, on, unlink = WORDS[language]
    page = await new_chat("clothing_shop", language=language, customer="anna")
    phone = await new_chat("clothing_shop", language=language, channel="alexa")
    await phone.say(claim.format(await _code(page, link)))
    await phone.say(wish)
    assert phone.state.vouched
    await page.say(unlink)
    assert "Alexa" in page.reply
    await phone.say(on)
    assert phone.basket == () and not phone.state.vouched


async def test_the_customer_sees_what_is_linked(new_chat: Begin) -> None:
    """Asked what is linked, the channels are told, to nobody but the customer."""
    page = await new_chat("coffee_bar", customer="anna")
    await page.say("what is linked?")
    assert "Nothing" in page.reply
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say(f"my code is {await _code(page, 'link my phone')}")
    await page.say("what is linked?")
    assert "Alexa" in page.reply
    stranger = await new_chat("coffee_bar")
    await stranger.say("what is linked?")
    assert "Alexa" not in stranger.reply


async def test_the_customer_is_told_where_the_code_was_given(new_chat: Begin) -> None:
    """A code that somebody used does not go unnoticed."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say(f"my code is {code}")
    await page.wait(minutes=1)
    assert "just used" in page.reply and "unlink" in page.reply


async def test_a_code_works_once(new_chat: Begin) -> None:
    """The second speaker who says it is nobody."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    first, second = await new_chat("coffee_bar", channel="alexa"), await new_chat("coffee_bar")
    await first.say(f"my code is {code}")
    await second.say(f"my code is {code}")
    assert first.state.vouched and not second.state.vouched


async def test_a_code_works_for_ten_minutes(new_chat: Begin, clock: SetClock) -> None:
    """Later it is no code any more."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    clock.advance(timedelta(minutes=11))
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say(f"my code is {code}")
    assert not phone.state.vouched


async def test_a_newer_code_takes_the_place_of_an_older_one(new_chat: Begin) -> None:
    """Only the last one that was given is good."""
    page = await new_chat("coffee_bar", customer="anna")
    old, new = await _code(page, "link my phone"), await _code(page, "give me a code")
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say(f"my code is {old}")
    assert not phone.state.vouched
    await phone.say(f"my code is {new}")
    assert phone.state.vouched


async def test_five_wrong_codes_and_the_right_one_is_not_heard(new_chat: Begin, clock: SetClock) -> None:
    """Guesses are counted; after a quarter of an hour there are new ones."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    phone = await new_chat("coffee_bar", channel="alexa")
    for _ in range(5):
        await phone.say(f"my code is {wrong}")
    assert "quarter" in phone.reply
    await phone.say(f"my code is {code}")
    assert not phone.state.vouched
    clock.advance(timedelta(minutes=16))
    await phone.say(f"my code is {await _code(page, 'link my phone')}")
    assert phone.state.vouched


async def test_many_speakers_guess_no_faster_than_one(new_chat: Begin) -> None:
    """The guesses of all who are nobody known are counted together."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(7):
        guesser = await new_chat("coffee_bar")
        for _ in range(4):
            await guesser.say(f"my code is {wrong}")
    last = await new_chat("coffee_bar")
    await last.say(f"my code is {code}")
    assert not last.state.vouched


async def test_a_code_that_was_said_is_stored_nowhere(new_chat: Begin) -> None:
    """Neither the transcript nor the trace of the phone has the digits, right or wrong."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    phone = await new_chat("coffee_bar", channel="alexa")
    turns = phone._hosted.turns
    for said in ("987654", code):
        await phone.say(f"my code is {said}")
        assert phone.answer is not None
        messages = await turns.messages("/".join((phone.artefact.merchant.id, *phone._origin)))
        assert said not in repr(await turns.trace(phone.answer.turn)) and said not in repr(messages)


async def test_two_customers_are_never_made_one(new_chat: Begin) -> None:
    """Ben, who is known himself, says Anna's code: he stays Ben."""
    anna, ben = await new_chat("coffee_bar", customer="anna"), await new_chat("coffee_bar", customer="ben")
    await anna.say("a large latte with oat milk")
    await ben.say(f"my code is {await _code(anna, 'link my phone')}")
    await ben.say("carry on")
    assert ben.basket == ()


async def test_a_stranger_gets_no_code(new_chat: Begin) -> None:
    """Whoever is not known is told how to become known."""
    stranger = await new_chat("coffee_bar")
    await stranger.say("link my phone")
    assert not re.search(r"\d", stranger.reply) and "six digits" in stranger.reply


async def test_digits_alone_are_the_code_that_was_spoken_of(new_chat: Begin) -> None:
    """After "what is the code" nobody says "my code is"."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say("link my phone")
    await phone.say(" ".join(code))
    assert phone.state.vouched


async def test_codes_are_given_five_times_an_hour(new_chat: Begin, clock: SetClock) -> None:
    """Who asks on and on is asked for patience."""
    page = await new_chat("coffee_bar", customer="anna")
    for _ in range(5):
        await _code(page, "link my phone")
    await page.say("link my phone")
    assert "hour" in page.reply and not re.search(r"\d", page.reply)
    clock.advance(timedelta(hours=1, minutes=1))
    await _code(page, "link my phone")


async def _stored(chat: Chat) -> tuple[list[str], list[Message]]:
    """What is stored of a conversation: its traces as text, and its messages."""
    key = "/".join((chat.artefact.merchant.id, *chat._origin))
    traces = await chat._hosted.turns.traces(key)
    return [repr(trace) for trace in traces], [each.message for each in await chat._hosted.turns.messages(key)]


async def test_a_code_stands_in_no_trace_and_not_in_the_transcript_once_it_is_over(new_chat: Begin) -> None:
    """The customer hears it, and again when they ask; what is stored of the turns has no digit of it, and the
    transcript has none once it was used or its time is over."""
    page = await new_chat("coffee_bar", customer="anna")
    code = await _code(page, "link my phone")
    shown = f"{code[:3]} {code[3:]}"
    await page.say("can you repeat that?")
    assert shown in page.reply
    await page.say("what is linked?")
    traces, _ = await _stored(page)
    assert not any(shown in trace or ", ".join(code[:3]) in trace for trace in traces)
    phone = await new_chat("coffee_bar", channel="alexa")
    await phone.say(f"my code is {code}")
    await page.wait(minutes=1)
    again = await _code(page, "link my phone")
    await page.wait(minutes=11)
    _, stored = await _stored(page)
    for digits in (code, again):
        assert not any(f"{digits[:3]} {digits[3:]}" in m.text or ", ".join(digits[:3]) in m.speech for m in stored)
    assert any("•••" in m.text for m in stored)
