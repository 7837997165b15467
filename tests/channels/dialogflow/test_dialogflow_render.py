"""What is answered: as Google's own types read it, within Google's limits, with nothing lost."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.channels.dialogflow import EDITIONS, Received, read_limits, within
from sayso.channels.dialogflow.account import Account
from sayso.channels.dialogflow.call import Call
from sayso.channels.dialogflow.parse import parse
from sayso.channels.dialogflow.rich import Look
from sayso.model.message import Action, Card, Message, Picture
from sayso.testing.dialogflow import CX, ES

QUESTION = Message(
    "Two lattes, € 7.00. Shall I order them?",
    speech="Two lattes, seven euros. Shall I order them?",
    actions=(Action("reply", "Yes", "t1"), Action("reply", "No", "t2")),
    expects_reply=True,
)
LATTE = Card(
    "Latte", "€ 3.50", Picture("images/latte grande.jpg", "A latte in a glass"), (Action("reply", "Order", "t3"),)
)
SHOWN = Message(
    "We have these.", cards=(LATTE, Card("Mocha")), actions=(Action("url", "Menu", "https://bar.example/menu"),)
)
FLOW = "projects/p/locations/l/agents/a/flows/f"


def strict(edition, body):
    """Read a response as Google does, refusing every unknown field and wrong type."""
    json_format = pytest.importorskip("google.protobuf.json_format", reason="google-cloud-dialogflow is not installed")
    module = {"cx": "google.cloud.dialogflowcx_v3", "es": "google.cloud.dialogflow_v2"}[edition]
    types = pytest.importorskip(module, reason=f"{module} is not installed")
    return json_format.ParseDict(json.loads(body), types.WebhookResponse.pb(types.WebhookResponse()))


@pytest.fixture
def answer(limits):
    """The response of an edition that says these messages."""

    def run(edition, *messages, source="", page=f"{FLOW}/pages/P", **look):
        call = Call("r1", "projects/p/agent/sessions/s", "en", words="hi", source=source, page=page)
        how = Look("bar", **{"rich": edition == "cx", "assets": "https://bots.example/assets/bar", **look})
        body = within(EDITIONS[edition].render(messages, call, how, limits.response), limits.response)
        strict(edition, body)
        return json.loads(body)

    return run


def messages_of(response):
    return response["fulfillmentResponse"]["messages"]


def test_a_question_on_a_screen_has_chips(answer):
    """Text as it is, and the choices as chips whose text is what they mean."""
    text, payload = messages_of(answer("cx", QUESTION))
    assert text == {"text": {"text": [QUESTION.text]}}
    chips = {"type": "chips", "options": [{"text": "Yes"}, {"text": "No"}]}
    assert payload == {"payload": {"richContent": [[chips]]}}


def test_the_agents_own_prompts_are_replaced(answer):
    """What the page would say is not said beside the answer."""
    assert answer("cx", QUESTION)["fulfillmentResponse"]["mergeBehavior"] == "REPLACE"


def test_a_card_has_its_picture_with_words_for_it(answer):
    """Each card is an inner list; its order button is a chip with its name, as "Order" alone would mean nothing."""
    content = messages_of(answer("cx", SHOWN))[1]["payload"]["richContent"]
    picture = {
        "type": "image",
        "rawUrl": "https://bots.example/assets/bar/images/latte%20grande.jpg",
        "accessibilityText": "A latte in a glass",
    }
    assert content[0] == [picture, {"type": "info", "title": "Latte", "subtitle": "€ 3.50"}]
    assert content[2] == [
        {"type": "button", "text": "Menu", "link": "https://bar.example/menu"},
        {"type": "chips", "options": [{"text": "Latte"}]},
    ]


def test_a_card_may_have_several_pictures(answer):
    """All of them, each with words for it."""
    card = Card("Latte", picture=LATTE.picture, shots=(Picture("images/cup.jpg", "A cup"),))
    content = messages_of(answer("cx", Message("Here.", cards=(card,))))[1]["payload"]["richContent"]
    assert [part.get("accessibilityText") for part in content[0]] == [LATTE.picture.alt, "A cup", None]


def test_without_a_public_address_there_is_no_picture(answer):
    """A platform's screen cannot reach a host without one."""
    assert "rawUrl" not in json.dumps(answer("cx", SHOWN, assets=""))


def test_without_messenger_everything_is_written_out(answer):
    """Cards, choices and links that a platform cannot show are text."""
    (text,) = messages_of(answer("cx", SHOWN, QUESTION, rich=False))
    (said,) = text["text"]["text"]
    for part in ("• Latte: € 3.50", "• Mocha", "Menu: https://bar.example/menu", "– Yes", "– No"):
        assert part in said


def test_a_voice_gets_speech(answer):
    """On a telephone the words are spoken, escaped; no chips, no cards."""
    said = Message("Fish & chips € 5?", speech="Fish & chips, five euros?", expects_reply=True, cards=(LATTE,))
    text, audio = messages_of(answer("cx", said, voice=True))
    assert text == {"text": {"text": ["Fish & chips, five euros?"]}}
    assert audio == {"outputAudioText": {"ssml": "<speak>Fish &amp; chips, five euros?</speak>"}}


@pytest.mark.parametrize(
    ("message", "look", "state"),
    [
        (QUESTION, {}, "asks"),
        (Message("Done."), {}, "rests"),
        (Message("Who are you?", actions=(Action("link", "Sign in"),), expects_reply=True), {}, "sign_in"),
        (Message("Bye.", ends=True), {}, "ended"),
        (Message("A person will answer."), {"person": True}, "person"),
    ],
)
def test_the_agents_routes_see_how_it_stands(answer, message, look, state):
    """One session parameter in CX, one context of one turn in ES, and nothing else is set."""
    assert answer("cx", message, **look)["sessionInfo"] == {"parameters": {"sayso": state}}
    (context,) = answer("es", message, **look)["outputContexts"]
    assert context == {
        "name": "projects/p/agent/sessions/s/contexts/sayso",
        "lifespanCount": 1,
        "parameters": {"state": state},
    }


def test_the_end_ends_the_session(answer):
    """Within the flow that is current; an agent without flows sees the parameter."""
    assert answer("cx", Message("Bye.", ends=True))["targetPage"] == f"{FLOW}/pages/END_SESSION"
    assert "targetPage" not in answer("cx", Message("Bye.", ends=True), page="")
    assert "targetPage" not in answer("cx", QUESTION)


def test_a_conversation_that_ended_is_told_as_a_success(answer):
    """For the agent's figures; one that goes on, or goes to a person, is not."""
    told = [{"conversationSuccess": {"metadata": {"merchant": "bar"}}}]
    bye = Message("Bye!", ends=True)
    assert [each for each in messages_of(answer("cx", bye)) if "conversationSuccess" in each] == told
    assert not [each for each in messages_of(answer("cx", QUESTION)) if "conversationSuccess" in each]
    assert not [each for each in messages_of(answer("cx", bye, person=True)) if "conversationSuccess" in each]


def test_a_person_is_told_to_the_platform_where_there_is_one(answer):
    """Live-agent hand-over and a transfer of the call, each only where the merchant has it."""
    told = Message("A colleague will help you.")
    assert len(messages_of(answer("cx", told, person=True))) == 1
    handed = messages_of(answer("cx", told, person=True, live_agent=True))[-1]
    assert handed == {"liveAgentHandoff": {"metadata": {"reason": "asked", "merchant": "bar"}}}
    on_phone = messages_of(answer("cx", told, person=True, voice=True, transfer_to="+31201234567"))
    assert on_phone[-1] == {"telephonyTransferCall": {"phoneNumber": "+31201234567"}}
    assert len(messages_of(answer("cx", told, live_agent=True, transfer_to="+31201234567"))) == 1


def test_es_has_quick_replies_and_cards_of_its_own(answer):
    """A picture before its card, with words for it; a button brings its token back."""
    response = answer("es", SHOWN, QUESTION)
    text, image, latte, mocha, menu, replies = response["fulfillmentMessages"]
    assert text["text"]["text"] == [response["fulfillmentText"]]
    assert image["image"]["accessibilityText"] == "A latte in a glass"
    button = {"text": "Order", "postback": "sayso:t3"}
    assert latte == {"card": {"title": "Latte", "subtitle": "€ 3.50", "buttons": [button]}}
    assert mocha == {"card": {"title": "Mocha"}}
    assert menu["card"]["buttons"] == [{"text": "Menu", "postback": "https://bar.example/menu"}]
    assert replies == {"quickReplies": {"quickReplies": ["Yes", "No"]}}


def test_an_integration_is_named_in_each_message(answer):
    """Without its platform a message would not be shown there; quick replies carry the words above them."""
    (replies,) = answer("es", QUESTION, source="facebook")["fulfillmentMessages"]
    assert replies == {
        "quickReplies": {"title": QUESTION.text, "quickReplies": ["Yes", "No"]},
        "platform": "FACEBOOK",
    }
    parts = answer("es", SHOWN, source="telegram")["fulfillmentMessages"]
    assert {part["platform"] for part in parts} == {"TELEGRAM"}


def test_es_on_messenger_has_the_same_rich_content(answer):
    """Dialogflow Messenger is the same for both editions."""
    assert answer("es", QUESTION, rich=True)["fulfillmentMessages"][1] == messages_of(answer("cx", QUESTION))[1]


def test_es_on_the_telephone_says_plain_words(answer):
    """ES has no message for speech in its second version: what is said has no markup."""
    response = answer("es", QUESTION, voice=True)
    assert response["fulfillmentText"] == QUESTION.speech
    assert response["fulfillmentMessages"] == [{"text": {"text": [QUESTION.speech]}}]


@pytest.mark.parametrize("edition", ["cx", "es"])
def test_nothing_to_say_is_an_empty_response(answer, edition):
    """An agent's static answers are then left as they are."""
    assert answer(edition) == {}
    assert answer(edition, Message("")) == {}


def test_a_button_that_comes_back_is_pressed(door, artefact, es, now, limits):
    """The token in a postback becomes the press of that button."""
    account = Account("es", es.project, artefact.merchant.channels[1].settings)
    call = Call("r1", es.path, "en", words="sayso:t3")
    event = parse(call, artefact, account, now, limits.answer)
    assert event.body.token == "t3"
    assert json.loads(door.respond(Received(event, call, account), [QUESTION]))["fulfillmentText"] == QUESTION.text


words = st.text(max_size=3000) | st.text(alphabet='"\\\u2028€😀', max_size=3000)
labels = st.text(min_size=1, max_size=300)
made_actions = st.builds(Action, st.sampled_from(["reply", "url", "location", "link"]), labels, st.text(max_size=40))
pictures = st.builds(Picture, st.text(min_size=1, max_size=2500), words)
made_cards = st.builds(Card, labels, words, st.none() | pictures, st.lists(made_actions, max_size=3).map(tuple))
made_messages = st.builds(
    Message,
    words.flatmap(lambda text: st.sampled_from([text, text * 10])),
    words,
    words,
    st.lists(made_cards, max_size=10).map(tuple),
    st.lists(made_actions, max_size=20).map(tuple),
    st.booleans(),
    st.booleans(),
)
LIMITS = read_limits()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(made_messages, max_size=3), st.booleans(), st.booleans(), st.sampled_from(["", "facebook"]), st.booleans()
)
def test_any_message_fits(messages, voice, rich, source, person):
    """Whatever is said, in any script: at most 64 KiB, and Google's types read it."""
    for edition, caller in (("cx", CX("projects/p/locations/l/agents/a")), ("es", ES("p"))):
        call = Call("r1", caller.path, "en", words="hi", source=source, page=f"{FLOW}/pages/P")
        look = Look("bar", voice, rich, "https://bots.example/assets/bar", person, True, "+31201234567")
        ways = EDITIONS[edition].render(messages, call, look, LIMITS.response)
        body = within(ways, LIMITS.response)
        assert len(body) <= LIMITS.response.max_bytes
        assert len(orjson.dumps(ways[-1])) <= LIMITS.response.max_bytes
        strict(edition, body)
