"""What Alexa is told to say and show."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.alexa import Door, read_limits
from sayso.channels.alexa.parse import EMPTY
from sayso.channels.alexa.render import Surface, render
from sayso.channels.speech import question, sentences, spoken, ssml
from sayso.errors import NotFound
from sayso.model.message import Action, Card, Message, Picture

LIMITS = read_limits().response


def respond(*messages, assets=""):
    """The `response` object of a rendered answer, checked against Amazon's own classes."""
    body = render(messages, LIMITS, Surface("Corner Bar", assets))
    _deserialised(body)
    return json.loads(body)["response"]


def _deserialised(body):
    from ask_sdk_core.serialize import DefaultSerializer  # type: ignore[import-not-found]
    from ask_sdk_model import ResponseEnvelope

    return DefaultSerializer().deserialize(body.decode(), ResponseEnvelope)


def test_a_question_opens_the_microphone():
    """What is asked waits for an answer, with a reprompt for silence."""
    response = respond(Message("Anything else?", "Anything else?", "Shall I add something?", expects_reply=True))
    assert response["shouldEndSession"] is False
    assert response["outputSpeech"] == {"type": "SSML", "ssml": "<speak>Anything else?</speak>"}
    assert response["reprompt"]["outputSpeech"]["ssml"] == "<speak>Shall I add something?</speak>"


@pytest.mark.parametrize("message", [Message("Done.", "Done."), Message("Bye?", "Bye?", expects_reply=True, ends=True)])
def test_without_a_question_the_session_ends(message):
    """A microphone that nobody asked for is never opened."""
    response = respond(message)
    assert response["shouldEndSession"] is True
    assert "reprompt" not in response


def test_a_question_without_a_reprompt_is_repeated():
    """The reprompt is the question alone, not the whole message."""
    response = respond(Message("", "Two lattes, seven euros. Shall I order?", expects_reply=True))
    assert response["reprompt"]["outputSpeech"]["ssml"] == "<speak>Shall I order?</speak>"


def test_several_messages_are_one_answer():
    """What a turn says is said in its order; one question keeps the session open."""
    response = respond(Message("a", "First."), Message("b", "Second?", expects_reply=True))
    assert response["outputSpeech"]["ssml"] == "<speak>First. Second?</speak>"
    assert response["shouldEndSession"] is False
    assert response["card"]["content"] == "a\nb"


def test_nothing_to_say_is_an_empty_response():
    """A person has the conversation, and Alexa says nothing."""
    assert render([], LIMITS, Surface("x")) == EMPTY
    assert render([Message("")], LIMITS, Surface("x")) == EMPTY


def test_markup_in_words_is_spoken_as_words():
    """A catalog that holds tags cannot break or steer the response."""
    said = respond(Message("", 'Fish & chips <audio src="https://evil.test/x.mp3"/> "now"'))["outputSpeech"]["ssml"]
    assert ElementTree.fromstring(said).text == 'Fish & chips <audio src="https://evil.test/x.mp3"/> "now"'


def test_a_screens_text_is_spoken_without_its_markup():
    """When no spoken variant exists, links, emoji and marks are left out and each line is a sentence."""
    text = "**Menu** ☕\n- latte\n- [flat white](https://x.test/a)\nsee https://x.test/menu"
    assert spoken(text) == "Menu. latte. flat white. see."


@pytest.mark.parametrize("text", ["a" * 20000, "One sentence. " * 2000, '" ' * 9000, "é" * 9000, "? " * 9000])
@pytest.mark.parametrize("expects", [True, False])
def test_speech_stays_within_the_limit(text, expects):
    """8000 characters, markup included, whatever is said."""
    response = respond(Message(text, text, expects_reply=expects))
    for speech in (response["outputSpeech"], response.get("reprompt", {}).get("outputSpeech", {"ssml": "<speak/>"})):
        assert len(speech["ssml"]) <= LIMITS.max_speech
        ElementTree.fromstring(speech["ssml"])


def test_a_cut_is_made_at_a_sentence_and_keeps_the_question():
    """The microphone opens for the question, so it is said."""
    text = "This is one of many sentences. " * 400 + "Shall I order?"
    said = respond(Message("", text, expects_reply=True))["outputSpeech"]["ssml"]
    assert said.endswith("sentences. Shall I order?</speak>")


@given(st.text(max_size=300), st.integers(60, 200))
def test_any_text_is_valid_ssml_within_any_limit(text, most):
    """No text breaks the markup or the limit."""
    said = ssml(text, most, keep_last=True)
    assert len(said) <= most
    assert not re.search(r"[\x00-\x1f]", ElementTree.fromstring(said).text or "")


@given(st.text(max_size=200))
def test_what_is_spoken_has_no_pictures_and_no_addresses(text):
    """A loudspeaker reads neither."""
    said = spoken(f"{text} https://x.test/a 🥐")
    assert "🥐" not in said and "x.test" not in said


def test_sentences_and_the_last_question():
    """Where a sentence ends, and which of them asks."""
    text = 'Two lattes. "Shall I order?" Or wait! Fine.'
    assert sentences(text) == ["Two lattes.", '"Shall I order?"', "Or wait!", "Fine."]
    assert question("Which store? We have two.") == "Which store?"
    assert question("Say a drink.") == "Say a drink."
    assert question("") == ""


def test_the_card_shows_what_the_screen_would():
    """Full text for the eye, the merchant's name above it, and the address of a link."""
    message = Message("2 × latte: € 7.00", "Two lattes.", actions=(Action("url", "Menu", "https://x.test/menu"),))
    card = respond(message)["card"]
    assert card == {"type": "Simple", "title": "Corner Bar", "content": "2 × latte: € 7.00\nMenu: https://x.test/menu"}


def test_tokens_of_buttons_are_neither_said_nor_shown():
    """A button's token means nothing to a person."""
    body = render(
        [Message("Yes or no?", "Yes or no?", actions=(Action("reply", "Yes", "t0k3n"),))], LIMITS, Surface("x")
    )
    assert b"t0k3n" not in body


def test_a_picture_makes_a_standard_card():
    """The first picture, by its public address."""
    message = Message("A latte.", "A latte.", cards=(Card("Latte", picture=Picture("bar/latte art.png", "a latte")),))
    card = respond(message, assets="https://shop.test/assets/")["card"]
    assert card["type"] == "Standard"
    assert card["image"]["smallImageUrl"] == "https://shop.test/assets/bar/latte%20art.png"


@pytest.mark.parametrize("assets", ["", "http://shop.test/assets"])
def test_a_picture_without_a_public_address_is_left_out(assets):
    """Alexa shows pictures over HTTPS only."""
    message = Message("A latte.", "A latte.", cards=(Card("Latte", picture=Picture("latte.png", "a latte")),))
    assert respond(message, assets=assets)["card"]["type"] == "Simple"


@pytest.mark.parametrize(("kind", "card"), [("link", "LinkAccount"), ("location", "AskForPermissionsConsent")])
def test_what_alexa_has_a_card_for_is_asked_by_card(kind, card):
    """Account linking and a position are given in the Alexa app."""
    assert respond(Message("Please.", "Please.", actions=(Action(kind, ""),)))["card"]["type"] == card


def test_a_card_stays_within_its_limit():
    """Title, text and addresses together."""
    card = respond(Message("word " * 4000, "Much."))["card"]
    assert len(card["title"]) + len(card["content"]) <= LIMITS.max_card


def test_a_response_stays_within_120_kilobytes():
    """Even when every part is as long as it may be, in a script of four bytes a character."""
    text = "😀𝄞" * 8000
    body = render([Message(text, "𐀀" * 8000, "𐀀" * 8000, expects_reply=True)], LIMITS, Surface("x"))
    assert len(body) <= LIMITS.max_bytes


async def test_the_end_of_a_session_is_not_answered_with_words(certificates, limits, chain, artefact, anna, now):
    """Alexa refuses speech there."""
    door = Door(certificates, limits)
    body = anna.end("r1", now)

    async def turn(event):
        return [Message("Bye.", "Bye.")]

    assert await door.answer(artefact, chain.sign(body), body, now, turn) == EMPTY


async def test_the_door_takes_a_request_to_a_turn_and_back(certificates, limits, chain, artefact, anna, now):
    """Received, handled, rendered."""
    door = Door(certificates, limits)
    body = anna.say("r1", now, "two lattes")

    async def turn(event):
        return [Message("", f"You said {event.body.text}.")]

    answered = json.loads(await door.answer(artefact, chain.sign(body), body, now, turn))
    assert answered["response"]["outputSpeech"]["ssml"] == "<speak>You said two lattes.</speak>"
    assert answered["response"]["card"]["title"] == "Corner Bar"


async def test_a_merchant_without_a_skill_id_is_not_found(certificates, limits, artefact, now):
    """404, with what to set."""
    from dataclasses import replace

    bare = replace(artefact, merchant=replace(artefact.merchant, channels=()))
    with pytest.raises(NotFound) as error:
        await Door(certificates, limits).receive({}, b"", now, bare)
    assert error.value.mend


async def test_a_skill_id_may_come_from_the_environment(certificates, limits, chain, artefact, anna, now):
    """A manifest may refer to it."""
    from dataclasses import replace

    channels = (replace(artefact.merchant.channels[0], account="env:SKILL"),)
    referring = replace(artefact, merchant=replace(artefact.merchant, channels=channels))
    body = anna.launch("r1", now)
    door = Door(certificates, limits, environment={"SKILL": anna.skill})
    received = await door.receive(chain.sign(body), body, now, referring)
    assert received.event.account == anna.skill
