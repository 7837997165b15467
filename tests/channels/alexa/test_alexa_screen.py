"""What a screen shows beside what is said."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.alexa import read_limits
from sayso.channels.alexa.render import Surface, render
from sayso.channels.alexa.screen import document
from sayso.model.message import Action, Card, Message, Picture

LIMITS = read_limits().response
ASSETS = "https://shop.example/assets/bar"


def shown(*messages, assets=ASSETS):
    """(the document, its data) of an answer on a device with a screen; Amazon's own classes read it."""
    raw = rendered(*messages, assets=assets)
    (directive,) = [d for d in raw["response"]["directives"] if d["type"].endswith("RenderDocument")]
    return directive["document"], directive["datasources"]["sayso"]["properties"]


def rendered(*messages, assets=ASSETS):
    body = render(messages, LIMITS, Surface("Corner Bar", assets, screen=True))
    from ask_sdk_core.serialize import DefaultSerializer
    from ask_sdk_model.response_envelope import ResponseEnvelope

    serial, raw = DefaultSerializer(), json.loads(body)
    assert serial.serialize(serial.deserialize(body.decode(), ResponseEnvelope)) == raw
    return raw


LATTE = Card("Latte", "€ 3.50", Picture("images/latte.svg", "a latte"), (Action("reply", "Order", "t1"),), sku="latte")


def test_a_device_without_a_screen_gets_no_document():
    """Alexa answers a directive for an interface that is not there with an error."""
    raw = json.loads(render([Message("Hi.", "Hi.")], LIMITS, Surface("Corner Bar", ASSETS)))
    assert "directives" not in raw["response"]


def test_words_things_and_buttons_are_shown():
    """A drawing is fetched as PNG; what can be touched sends its token and what it showed."""
    _, data = shown(
        Message("Which one?", cards=(LATTE,), actions=(Action("reply", "Yes", "t2"), Action("url", "M", "u")))
    )
    assert (data["title"], data["text"]) == ("Corner Bar", "Which one?")
    (row,) = data["rows"]
    assert (row["title"], row["body"], row["action"]) == ("Latte", "€ 3.50", "Order")
    assert row["image"] == f"{ASSETS}/images/latte.svg.png" and row["alt"] == "a latte"
    assert row["press"] == ["press", "t1", "Latte"]
    assert data["buttons"] == [{"label": "Yes", "press": ["press", "t2", "Yes"]}]


def test_pictures_need_a_public_address():
    """Without one the rest is shown."""
    assert shown(Message("One.", cards=(LATTE,)), assets="")[1]["rows"][0]["image"] == ""


def test_a_private_message_shows_the_catalog_alone():
    """A name or an address is said to who asked, and not left on a screen in the kitchen, nor in the app."""
    private = Message(
        "To Keizersgracht 1, Anna?", "...", cards=(LATTE,), actions=(Action("reply", "Anna", "t"),), private=True
    )
    raw = rendered(private, Message("More?", "More?"))
    _, data = shown(private, Message("More?", "More?"))
    assert data["text"] == "More?" and data["buttons"] == [] and len(data["rows"]) == 1
    assert "Keizersgracht" not in json.dumps(raw["response"]["directives"]) + json.dumps(raw["response"]["card"])
    assert "card" not in rendered(private)["response"]


def test_markup_in_words_is_shown_as_words():
    """APL's text reads tags: those of a catalog or a customer are none."""
    _, data = shown(Message("<b>Fish</b> & chips\nor <br> soup"))
    assert data["text"] == "&lt;b&gt;Fish&lt;/b&gt; &amp; chips<br>or &lt;br&gt; soup"


@given(
    st.lists(
        st.builds(
            Card, st.text(max_size=300), st.text(max_size=2000), st.none(), st.just((Action("reply", "O", "t"),))
        ),
        max_size=60,
    ),
    st.lists(
        st.builds(Action, st.sampled_from(["reply", "url"]), st.text(max_size=300), st.text(max_size=20)), max_size=60
    ),
    st.text(max_size=20000),
)
def test_any_answer_keeps_the_limits(cards, actions, text):
    """Bounded rows, buttons and words; the whole response within its bytes, with what is said in it."""
    message = Message(text or "x", "Said.", cards=tuple(cards), actions=tuple(actions))
    body = render([message], LIMITS, Surface("Corner Bar", ASSETS, screen=True))
    response = json.loads(body)["response"]
    assert len(body) <= LIMITS.max_bytes and response["outputSpeech"]["ssml"] == "<speak>Said.</speak>"
    for directive in response.get("directives", ()):
        data = directive["datasources"]["sayso"]["properties"]
        assert len(data["rows"]) <= LIMITS.max_rows and len(data["buttons"]) <= LIMITS.max_rows


def test_the_document_shows_what_the_data_hold():
    """Every binding names a property that is always there, every resource and layout is defined."""
    text = json.dumps(document())
    _, data = shown(Message("One.", cards=(LATTE,), actions=(Action("reply", "Yes", "t"),)))
    assert set(re.findall(r"payload\.sayso\.properties\.(\w+)", text)) == set(data)
    assert set(re.findall(r"row\.(\w+)", text)) == set(data["rows"][0])
    assert set(re.findall(r"button\.(\w+)", text)) == set(data["buttons"][0])
    defined = {name for each in document()["resources"] for kind in ("dimensions", "numbers") for name in each[kind]}
    assert set(re.findall(r'"@(\w+)"', text)) == defined
    for each in document()["resources"]:
        assert set(each["dimensions"]) | set(each["numbers"]) == defined
    assert set(re.findall(r'"type": "(Row|Thing|Press)"', text)) == set(document()["layouts"])
    assert all(shape in text for shape in ("viewport.shape == 'round'", "viewport.width > viewport.height", "'tv'"))


@pytest.mark.parametrize("path", ["/layouts/Row", "/layouts/Thing", "/layouts/Press"])
def test_what_is_touched_sends_a_press(path):
    """Three arguments: the word, the token, the label."""
    layout = document()["layouts"][path.rpartition("/")[2]]
    (command,) = layout["item"]["onPress"]
    assert command["type"] == "SendEvent" and len(command["arguments"]) == 3
