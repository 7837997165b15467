"""An order over Dialogflow, through the whole host: the web's route, the real understanding, dialogue and store."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass

import pytest

from sayso.channels.dialogflow import Door, read_limits
from sayso.testing.clock import SetClock
from sayso.testing.dialogflow import CX, ES
from sayso.testing.hosting import host
from sayso.testing.plugin import MORNING
from sayso.web import Parts, create_app
from sayso.web.config import Config

SECRET = "a password of the tests"


@dataclass
class Artefacts:
    """What is published, for the web."""

    merchants: dict

    async def current(self, merchant):
        return self.merchants.get(merchant)


class Talk:
    """A session of an agent whose webhook is this host's."""

    def __init__(self, client, edition, caller, headers, path=None):
        self.client, self.edition, self.caller, self.headers = client, edition, caller, headers
        self.path = path or f"/v1/dialogflow/{edition}/coffee_bar"
        self.serial = itertools.count()

    async def post(self, body, **headers):
        sent = {"Content-Type": "application/json", **self.headers, **headers}
        response = await self.client.post(self.path, data=body, headers=sent)
        assert response.status_code == 200, await response.get_data()
        return json.loads(await response.get_data())

    async def say(self, words, id=""):
        return await self.post(self.caller.say(id or f"{self.caller.session}-{next(self.serial)}", words))

    async def open(self):
        return await self.post(self.caller.event(f"{self.caller.session}-{next(self.serial)}", "WELCOME"))


@pytest.fixture
async def hosted(published, tmp_path):
    published.embedder.encode(["hello"])  # what a running host does at its start: the first turn has five seconds
    async with host(published, tmp_path / "data", SetClock(MORNING)) as running:
        yield running


@pytest.fixture
def client(hosted):
    door = Door(None, read_limits(), environment={"COFFEE_BAR_DIALOGFLOW": SECRET})
    parts = Parts(
        handle=hosted.handle,
        feed=None,
        turns=hosted.turns,
        ledger=hosted.ledger,
        artefacts=Artefacts(dict(hosted.artefacts)),
        clock=hosted.clock,
        secrets=("s" * 32,),
        publish=None,
        customer=None,
        vouch=None,
        dialogflow=door,
    )
    return create_app(Config(), parts).test_client()


@pytest.fixture
def talk(client, hosted):
    """Begin a session of an edition, in a language."""
    accounts = {c.name: c.account for c in hosted.artefacts["coffee_bar"].merchant.channels}
    basic = {"Authorization": "Basic " + base64.b64encode(f"dialogflow:{SECRET}".encode()).decode()}

    def begin(edition, language="en", path=None, **how):
        account = accounts[f"dialogflow_{edition}"]
        made = CX(account, language=language, **how) if edition == "cx" else ES(account, language=language, **how)
        return Talk(client, edition, made, basic if edition == "cx" else {"X-Dialogflow-Key": SECRET}, path)

    return begin


def text(response: dict) -> str:
    """What is shown."""
    if "fulfillmentText" in response:
        return response["fulfillmentText"].lower()
    messages = response["fulfillmentResponse"]["messages"]
    return " ".join(m["text"]["text"][0] for m in messages if "text" in m).lower()


def state(response: dict) -> str:
    """How the conversation stands, as the agent's routes see it."""
    if "sessionInfo" in response:
        return response["sessionInfo"]["parameters"]["sayso"]
    return response["outputContexts"][0]["parameters"]["state"]


ORDERS = {
    "en": ("two lattes to go at dam square please", "make one of them large", ("large",), "yes"),
    "nl": ("twee lattes om mee te nemen op de dam graag", "maak er een groot", ("grote", "groot"), "ja"),
}


async def orders_of(hosted, session) -> list[str]:
    """The states of the orders of a session's customer."""
    caller = session.caller
    account = caller.agent if session.edition == "cx" else caller.project
    found, _ = await hosted.turns.load(f"coffee_bar/dialogflow_{session.edition}/{account}/{caller.path}")
    placed = await hosted.ledger.orders("coffee_bar", found.customer) if found else ()
    return [order.state for order in placed]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_an_order_is_made_changed_and_confirmed(talk, hosted, edition, language):
    """Greeting, order, change, yes: nothing is placed before the yes, and once after it."""
    session = talk(edition, {"en": "en", "nl": "nl-NL"}[language])
    order, change, large, yes = ORDERS[language]
    await session.open()
    assert "latte" in text(await session.say(order))
    changed = await session.say(change)
    assert any(word in text(changed) for word in large) and state(changed) == "asks"
    assert await orders_of(hosted, session) == []
    done = await session.say(yes, id="the-yes")
    assert await orders_of(hosted, session) == ["placed"]
    assert await session.say(yes, id="the-yes") == done
    assert await orders_of(hosted, session) == ["placed"]


async def test_a_choice_is_made_with_a_chip(talk, hosted):
    """A chip sends its own text, and that is understood as its button."""
    session = talk("cx")
    answer = await session.say("two lattes to go at dam square please")
    content = answer["fulfillmentResponse"]["messages"][-1]["payload"]["richContent"]
    chips = [option["text"] for part in content for each in part for option in each.get("options", ())]
    assert "Yes" in chips
    await session.say("Yes")
    assert await orders_of(hosted, session) == ["placed"]


async def test_an_order_on_the_telephone_is_spoken(talk, hosted):
    """Speech in words, without markup in what is shown, nothing to press."""
    session = talk("cx", telephone=True)
    answer = await session.say("two lattes to go at dam square please")
    shown, audio = answer["fulfillmentResponse"]["messages"]
    assert "€" not in audio["outputAudioText"]["ssml"] and audio["outputAudioText"]["ssml"].startswith("<speak>")
    assert "euro" in shown["text"]["text"][0]
    await session.say("yes please")
    assert await orders_of(hosted, session) == ["placed"]


@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_asking_for_a_person_is_told_to_the_agent(talk, edition):
    """The promise of when is the reply; the state lets the agent's own routes hand over."""
    answer = await talk(edition).say("can i talk to a person please")
    assert state(answer) == "person" and text(answer)


@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_goodbye_ends_the_session(talk, edition):
    """The reply ends the session, for the agent's routes to see."""
    assert state(await talk(edition).say("goodbye")) == "ended"


async def test_a_session_is_a_conversation_of_its_own(talk, hosted):
    """Two sessions of one agent share nothing."""
    first, second = talk("cx", session="one"), talk("cx", session="two")
    await first.say("two lattes to go at dam square please")
    assert "latte" not in text(await second.say("what is in my basket"))
    await second.say("yes")
    assert await orders_of(hosted, first) == []


async def test_the_merchant_may_be_named_by_the_host(talk):
    """coffee-bar.bots.example is coffee_bar's, without a merchant in the path."""
    for edition in ("cx", "es"):
        session = talk(edition, path=f"/v1/dialogflow/{edition}")
        session.headers["Host"] = "coffee-bar.bots.example"
        assert "latte" in text(await session.say("two lattes to go at dam square please"))


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/dialogflow/cx/coffee_bar", {}, 401),
        ("/v1/dialogflow/cx/nobody", {}, 404),
        ("/v1/dialogflow/cx", {"Host": "nobody.bots.example"}, 404),
        ("/v1/dialogflow/dx/coffee_bar", {}, 404),
        ("/v1/dialogflow/cx/coffee_bar", {"Content-Type": "text/plain"}, 415),
    ],
)
async def test_a_request_that_cannot_be_served_is_told_why(client, talk, path, headers, status):
    """The statuses that CX makes its webhook errors of, each as problem details."""
    body = talk("cx").caller.say("r1", "hi")
    answer = await client.post(path, data=body, headers={"Content-Type": "application/json", **headers})
    assert answer.status_code == status
    assert (await answer.get_json())["detail"]
