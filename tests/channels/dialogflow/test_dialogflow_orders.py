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
    "en": (
        "two lattes to go at dam square please",
        "two lattes? | latte",
        "make one of them large",
        "large",
        "yes",
        "your number is|order",
    ),
    "nl": (
        "twee lattes om mee te nemen op de dam graag",
        "latte",
        "maak er een groot",
        "groot|grote",
        "ja",
        "nummer|bestelling",
    ),
}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("edition", ["cx", "es"])
async def test_an_order_is_made_changed_and_confirmed(talk, hosted, edition, language):
    """Greeting, order, change, yes: nothing is placed before the yes, and once after it."""
    session = talk(edition, {"en": "en", "nl": "nl-NL"}[language])
    order, _, change, large, yes, _ = ORDERS[language]
    assert state(await session.open()) in ("asks", "rests")
    assert "latte" in text(await session.say(order))
    changed = await session.say(change)
    assert any(word in text(changed) for word in large.split("|")) and state(changed) == "asks"
    customer = await orders_of(hosted, session)
    assert customer == []
    done = await session.say(yes, id="the-yes")
    assert [order.state for order in await orders_of(hosted, session)] == ["placed"]
    assert await session.say(yes, id="the-yes") == done
    assert len(await orders_of(hosted, session)) == 1


async def orders_of(hosted, session):
    account = session.caller.path.partition("/sessions/")[0] if session.edition == "cx" else session.caller.project
    key = f"coffee_bar/dialogflow_{session.edition}/{account}/{session.caller.path}"
    found, _ = await hosted.turns.load(key)
    return list(await hosted.ledger.orders("coffee_bar", found.customer)) if found else []
