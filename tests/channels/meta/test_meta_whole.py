"""A customer of the coffee bar on WhatsApp, Messenger and Instagram: webhook to answer, through the whole host."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sayso.web.wire as wiring
from sayso.web import Config, create_app

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {
    "COFFEE_BAR_META_SECRET": "s3cret",
    "COFFEE_BAR_META_VERIFY": "verify-me",
    "COFFEE_BAR_WHATSAPP_NUMBER": "100",
    "COFFEE_BAR_PAGE": "100",
    "COFFEE_BAR_INSTAGRAM": "100",
    "COFFEE_BAR_CATALOG": "cat-1",
    "COFFEE_BAR_WHATSAPP_TOKEN": "t0ken",
    "COFFEE_BAR_PAGE_TOKEN": "t0ken",
    "COFFEE_BAR_INSTAGRAM_TOKEN": "t0ken",
}
PATIENCE_S = 120.0
"""How long a test waits for what must happen; it happens in a fraction of a second."""
pytestmark = pytest.mark.slow


class Noon:
    """A Monday at noon in Amsterdam, when the coffee bar is open."""

    def now(self):
        return datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    async def sleep_until(self, moment):
        await asyncio.Event().wait()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A data folder with the demo merchants published, made once."""
    folder = tmp_path_factory.mktemp("published") / "data"

    async def publish():
        parts = await wiring.wire(config(folder), Noon())
        await parts.close()

    asyncio.run(publish())
    return folder


def config(folder):
    return Config(
        data=folder,
        manifests=ROOT / "manifests",
        skills=ROOT / "skills",
        demo=True,
        public_url="https://bots.example",
        environment=ENVIRONMENT,
        admin_key="a" * 40,
    )


class Talk:
    """A customer's side of a conversation on the stand-in."""

    def __init__(self, client, platform, name):
        self.client, self.platform, self.name = client, platform, name
        self.heard = asyncio.Condition()

    async def call(self, call):
        answer = self.platform.call(call.method, call.url, call.headers, call.body)
        async with self.heard:
            self.heard.notify_all()
        return answer

    async def delivered(self, body, times=1):
        """The webhook, as often as wanted, all at once."""
        path, headers = f"/v1/channels/{self.name}/coffee_bar", self.platform.signed(body)
        every = [self.client.post(path, data=body, headers=headers) for _ in range(times)]
        return [answer.status_code for answer in await asyncio.gather(*every)]

    async def answers(self, body, holding, times=1, after=0):
        """What the platform has from message `after` on once some of it is what is waited for."""
        assert {*await self.delivered(body, times)} == {200}

        def found():
            return any(holding(each) for each in self.platform.sent[after:])

        async with self.heard:
            await asyncio.wait_for(self.heard.wait_for(found), PATIENCE_S)
        return self.platform.sent[after:]


@pytest.fixture
def talking(published, tmp_path, stand_in, monkeypatch) -> Callable[[str], Awaitable[Talk]]:
    @asynccontextmanager
    async def talk(name, **settings):
        folder = Path(shutil.copytree(published, tmp_path / "data", ignore=shutil.ignore_patterns("*lock*")))
        platform = stand_in.Platform(name, "100", "s3cret", "t0ken")
        made = Talk(None, platform, name)
        monkeypatch.setattr(wiring, "Caller", lambda client: made.call)
        parts = await wiring.wire(config(folder), Noon())
        if settings:
            await parts.artefacts.publish(changed(await parts.artefacts.current("coffee_bar"), name, settings))
        async with create_app(config(folder), parts).test_app() as app:
            made.client = app.test_client()
            yield made

    return talk


def changed(artefact, name, settings):
    """The merchant with more settings of a channel."""
    specs = tuple(
        replace(each, settings={**each.settings, **settings}) if each.name == name else each
        for each in artefact.merchant.channels
    )
    return replace(artefact, digest=f"{artefact.digest}-2", merchant=replace(artefact.merchant, channels=specs))


def about(words, stand_in):
    """Whether a message says something."""
    return lambda body: words in stand_in.said(body).lower()


async def undelivered(talk, staff, some):
    """What staff see of it; waited for where there is `some`."""
    path = "/v1/staff/merchants/coffee_bar/deliveries"
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = (await (await talk.client.get(path, headers=staff)).get_json())["undelivered"]
            if found or not some:
                return found


async def staffed(talk):
    """The header of somebody at the desk."""
    admin = {"Authorization": "Bearer " + "a" * 40}
    path, body = "/v1/admin/merchants/coffee_bar/staff-keys", {"name": "Sanne", "role": "desk"}
    made = await talk.client.post(path, json=body, headers=admin)
    return {"Authorization": f"Bearer {(await made.get_json())['key']}"}


ORDERS = {
    "en": ("a large latte with oat milk at Dam Square, to go", "Yes", "order it?", "what are your opening hours"),
    "nl": (
        "een grote latte met havermelk op de Dam, om mee te nemen",
        "Ja",
        "bestellen?",
        "wat zijn de openingstijden",
    ),
}
"""An order, the button that agrees to it, how it is asked, and a question to end with."""


@pytest.mark.parametrize(("name", "language"), [("whatsapp", "nl"), ("messenger", "en"), ("instagram", "nl")])
async def test_an_order_is_placed_once(talking, stand_in, name, language):
    """Every webhook comes three times at once: one read-back, one order, one answer each, none refused."""
    words, yes, asked, last = ORDERS[language]
    async with talking(name) as talk:
        await talk.answers(talk.platform.says(words), lambda body: asked in stand_in.said(body), times=3)
        first = len(talk.platform.sent)
        await talk.answers(talk.platform.presses(yes), lambda body: True, times=3, after=first)
        placed = len(talk.platform.sent)
        await talk.answers(talk.platform.says(last), lambda body: "19:00" in stand_in.said(body), times=3, after=placed)
        told = [stand_in.said(body) for body in talk.platform.sent]
    assert sum(asked in text for text in told) == 1
    assert "4.80" in told[first] or "4,80" in told[first]
    assert len([text for text in told[first:placed] if "4.80" in text or "4,80" in text]) == 1
    assert (placed - first, talk.platform.refused) == (1, [])
    assert talk.platform.noticed


@pytest.mark.parametrize("name", ["whatsapp", "instagram"])
async def test_what_there_is_is_shown_at_its_best(talking, stand_in, name):
    """A thing to look at is one message with its picture, as the platform takes it, and ordered by its button."""
    async with talking(name) as talk:
        shown = await talk.answers(talk.platform.says("tell me about the latte"), stand_in.pressable)
        cards = [body for body in shown if "latte.svg.png" in json.dumps(body)]
        label = stand_in.pressable(cards[-1])[0][1]
        count = len(talk.platform.sent)
        await talk.answers(talk.platform.presses(label), lambda body: True, after=count)
    assert cards and talk.platform.refused == []


async def test_outside_of_the_window_a_template_goes_out(talking, stand_in):
    """WhatsApp refuses free words: the merchant's approved message in the customer's language is sent instead."""
    async with talking("whatsapp") as talk:
        talk.platform.closed = True
        sent = await talk.answers(talk.platform.says("hello"), lambda body: True)
    assert [body["template"]["name"] for body in sent] == ["order_news"]
    assert talk.platform.refused == ["131047 Re-engagement message"]


async def test_the_door_over_http(talking):
    """A handshake is echoed, a wrong signature refused, an unknown merchant not found."""
    async with talking("messenger") as talk:
        query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "c"}
        path = "/v1/channels/messenger/coffee_bar"
        echoed = await talk.client.get(path, query_string=query)
        assert (echoed.status_code, await echoed.get_data()) == (200, b"c")
        assert (await talk.client.get(path, query_string={**query, "hub.verify_token": "x"})).status_code == 403
        body = talk.platform.says("hello")
        assert (await talk.client.post(path, data=body)).status_code == 401
        wrong = {"X-Hub-Signature-256": "sha256=00"}
        assert (await talk.client.post(path, data=body, headers=wrong)).status_code == 403
        assert (await talk.client.post("/v1/channels/messenger/nobody", data=body)).status_code == 404


async def test_who_comes_by_an_advertisement_with_words_gets_one_answer(talking, stand_in):
    """The advertisement and the words are one message of the customer's: so is ours."""
    ad = {"referral": {"source_url": "https://fb.me/x", "source_type": "ad", "source_id": "ad-7"}}
    async with talking("whatsapp") as talk:
        body = json.loads(talk.platform.says("what are your opening hours"))
        body["entry"][0]["changes"][0]["value"]["messages"][0] |= ad
        await talk.answers(json.dumps(body).encode(), lambda body: "19:00" in stand_in.said(body), times=3)
        hello = len(talk.platform.sent)
        await talk.answers(talk.platform.says("thank you"), lambda body: True, after=hello)
    assert (hello, len(talk.platform.sent)) == (1, 2)


async def test_a_window_that_was_closed_all_along_is_told_later(talking, stand_in):
    """WhatsApp took the words and tells by three statuses that it cannot deliver them: one template goes out."""
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    async with talking("whatsapp") as talk:
        await talk.answers(talk.platform.says("what are your opening hours"), lambda body: True)
        taken = len(talk.platform.sent)
        failed = talk.platform.tells(0, "failed", errors=errors)
        later = await talk.answers(failed, lambda body: body["type"] == "template", times=3, after=taken)
        last = await talk.answers(talk.platform.says("thank you"), lambda body: True, after=taken + len(later))
    assert [body["type"] for body in later] == ["template"]
    assert (len(talk.platform.sent), last[0]["type"] != "template") == (taken + 2, True)


async def test_account_linking_makes_the_platforms_customer_known(talking, stand_in):
    """Signed in on the merchant's page, which gives Messenger the nonce: Messenger brings it back, three times."""
    api = "/v1/merchants/coffee_bar/conversations"
    async with talking("messenger") as talk:
        named = await talk.client.post("/v1/demo/merchants/coffee_bar/customers", json={"name": "anna"})
        made = await talk.client.post(api, json={"customer_token": (await named.get_json())["customer_token"]})
        page = await made.get_json()
        nonces, hers = f"{api}/{page['id']}/nonces", {"Authorization": f"Bearer {page['token']}"}
        nonce = (await (await talk.client.post(nonces, json={}, headers=hers)).get_json())["nonce"]
        stranger = await (await talk.client.post(api, json={})).get_json()
        theirs = {"Authorization": f"Bearer {stranger['token']}"}
        refused = await talk.client.post(f"{api}/{stranger['id']}/nonces", json={}, headers=theirs)
        linked = talk.platform._element({"account_linking": {"status": "linked", "authorization_code": nonce}})
        told = await talk.answers(linked, lambda body: True, times=3)
        known = await talk.answers(
            talk.platform.says("what is linked?"), lambda body: "Messenger" in stand_in.said(body), after=len(told)
        )
    assert refused.status_code == 403
    assert (len(told), len(known)) == (1, 1)


async def test_a_new_number_goes_on_where_the_old_one_was(talking, stand_in):
    """The notice comes three times: the old number is told once, and the order is agreed to at the new one."""
    words, _, asked, _ = ORDERS["en"]
    new = "31699999999"
    async with talking("whatsapp") as talk:
        await talk.answers(talk.platform.says(words), lambda body: asked in stand_in.said(body))
        first = len(talk.platform.sent)
        system = {"type": "user_changed_number", "wa_id": new, "body": "changed"}
        notice = talk.platform._message({"type": "system", "system": system})
        told = await talk.answers(notice, lambda body: True, times=3, after=first)
        old, talk.platform.customer = talk.platform.customer, new
        placed = await talk.answers(talk.platform.says("yes"), lambda body: True, after=first + 1)
    assert [(body["to"], "new number" in stand_in.said(body)) for body in told] == [(old, True)]
    assert {body["to"] for body in placed} == {new}
    assert "4.80" in stand_in.said(placed[0]) and talk.platform.refused == []


async def test_products_of_the_platforms_own_catalog(talking, stand_in):
    """A product is shown as WhatsApp's own; the basket filled there is read back at our prices and agreed to; words
    about a product are about it."""
    async with talking("whatsapp", catalog_id="env:COFFEE_BAR_CATALOG") as talk:
        shown = await talk.answers(talk.platform.says("tell me about the latte"), lambda body: True)
        first = len(talk.platform.sent)
        context = {"context": {"referred_product": {"catalog_id": "cat-1", "product_retailer_id": "mocha"}}}
        enquiry = talk.platform._message({"type": "text", "text": {"body": "how much is it?"}, **context})
        told = await talk.answers(enquiry, about("mocha", stand_in), times=3, after=first)
        second = len(talk.platform.sent)
        items = [{"product_retailer_id": "latte", "quantity": 2, "item_price": 0.01, "currency": "EUR"}]
        order = {"catalog_id": "cat-1", "product_items": items}
        filled = talk.platform._message({"type": "order", "order": order})
        asked = await talk.answers(filled, about("2× latte", stand_in), times=3, after=second)
        await talk.answers(talk.platform.says("at Dam Square, to go"), about("order it?", stand_in), after=len(asked))
        words = [stand_in.said(body) for body in talk.platform.sent]
    action = next(b["interactive"]["action"] for b in shown if b.get("interactive", {}).get("type") == "product")
    assert action == {"catalog_id": "cat-1", "product_retailer_id": "latte"}
    assert talk.platform.refused == []
    assert len(told) == 1
    assert not any("0.01" in each or "0.02" in each for each in words)
    assert "7.00" in words[-1] or "8.00" in words[-1], words[-1]


@pytest.mark.parametrize("name", ["whatsapp", "messenger"])
async def test_staff_answer_over_the_platform(talking, stand_in, name):
    """Who asked for a person gets that person's words here, marked with a name, once; what is refused staff see."""
    tasks = "/v1/staff/merchants/coffee_bar/tasks"
    async with talking(name) as talk:
        sanne = await staffed(talk)
        await talk.answers(talk.platform.says("I want to talk to a person"), lambda body: True)
        promised = len(talk.platform.sent)
        (task,) = (await (await talk.client.get(tasks, headers=sanne)).get_json())["tasks"]
        assert task["channel"] == name

        async def answers(id, words):
            body = {"id": id, "text": words}
            answer = await talk.client.post(f"{tasks}/{task['id']}/answers", json=body, headers=sanne)
            assert answer.status_code == 200, await answer.get_json()

        async with talk.heard:
            await asyncio.gather(*(answers("answer-0001", "We keep your umbrella.") for _ in range(3)))
            await asyncio.wait_for(talk.heard.wait_for(lambda: len(talk.platform.sent) > promised), PATIENCE_S)
        (told,) = talk.platform.sent[promised:]
        talk.platform.closed = True
        async with talk.heard:
            await answers("answer-0002", "Are you still there?")
            await asyncio.wait_for(talk.heard.wait_for(lambda: talk.platform.refused), PATIENCE_S)
            later = lambda: len(talk.platform.sent) > promised + 1  # noqa: E731
            if name == "whatsapp":
                await asyncio.wait_for(talk.heard.wait_for(later), PATIENCE_S)
        seen = await undelivered(talk, sanne, name == "messenger")
        transcript = (await (await talk.client.get(tasks, headers=sanne)).get_json())["tasks"][0]["messages"]
    assert "Sanne" in stand_in.said(told) and "umbrella" in stand_in.said(told)
    assert [m["author"] for m in transcript if "umbrella" in m["text"]] == ["person"]
    if name == "whatsapp":
        (template,) = talk.platform.sent[promised + 1 :]
        assert "still there" in json.dumps(template["template"])
        assert seen == []
    else:
        assert len(talk.platform.sent) == promised + 1
        assert [(each["state"], "still there" in each["text"]) for each in seen] == [("dead", True)]
