"""The whole host behind the web: real store, real understanding, the coffee bar's own manifests."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from quart.typing import TestClientProtocol as Client

from sayso.web import Config, create_app
from sayso.web.wire import wire

ROOT = Path(__file__).parents[2]
BASE = "/v1/merchants/coffee_bar/conversations"
pytestmark = pytest.mark.slow


class Noon:
    """A Monday at noon in Amsterdam, when the coffee bar is open."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    async def sleep_until(self, moment: datetime) -> None:
        import asyncio

        await asyncio.Event().wait()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo merchants published, made once."""
    import asyncio

    folder = tmp_path_factory.mktemp("published") / "data"

    async def publish() -> None:
        parts = await wire(_config(folder), Noon())
        await parts.close()

    asyncio.run(publish())
    return folder


def _config(folder: Path, **more: Any) -> Config:
    return Config(data=folder, manifests=ROOT / "manifests", skills=ROOT / "skills", demo=True, **more)


@asynccontextmanager
async def running(folder: Path, **more: Any) -> AsyncIterator[Client]:
    """A host on the data folder, begun and ended as a server would."""
    config = _config(folder, **more)
    async with create_app(config, await wire(config, Noon())).test_app() as app:
        yield app.test_client()


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "data", ignore=shutil.ignore_patterns("*lock*")))


async def opened(client: Client, **body: Any) -> tuple[str, dict[str, str]]:
    made = await (await client.post(BASE, json=body)).get_json()
    return f"{BASE}/{made['id']}", {"Authorization": f"Bearer {made['token']}"}


async def said(client: Client, path: str, held: dict[str, str], words: str, id: str) -> dict[str, Any]:
    event = {"id": id, "type": "text", "text": words}
    response = await client.post(f"{path}/events", json=event, headers=held)
    assert response.status_code == 200
    found: dict[str, Any] = await response.get_json()
    return found


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_it_greets_in_the_customers_language(folder: Path, language: str) -> None:
    """The first message says that it is an assistant, in the language that was asked for."""
    async with running(folder) as client:
        made = await (await client.post(BASE, json={"language": language})).get_json()
    assert {message["language"] for message in made["messages"]} == {language}
    assert (
        "assistent" in made["messages"][0]["text"] if language == "nl" else "assistant" in made["messages"][0]["text"]
    )


async def test_the_same_event_has_the_same_answer_after_a_restart(folder: Path) -> None:
    """An event that is sent again, to a host that was ended and begun, is answered from the store, word for word."""
    async with running(folder) as client:
        path, held = await opened(client)
        first = await said(client, path, held, "a latte at Dam Square, to go", "event-0001")
    async with running(folder) as client:
        again = await said(client, path, held, "a latte at Dam Square, to go", "event-0001")
        told = await (await client.get(f"{path}/messages", headers=held)).get_json()
    assert again == first
    assert [one["author"] for one in told["messages"]].count("customer") == 1


async def test_positions_have_no_gaps(folder: Path) -> None:
    """The transcript counts from one, the customer's own words included."""
    async with running(folder) as client:
        path, held = await opened(client)
        for number, words in enumerate(("a latte", "hello", "help")):
            await said(client, path, held, words, f"event-000{number}")
        told = (await (await client.get(f"{path}/messages", headers=held)).get_json())["messages"]
    assert [one["seq"] for one in told] == list(range(1, len(told) + 1))
    assert [one["event"] for one in told if one["author"] == "customer"] == ["event-0000", "event-0001", "event-0002"]


async def test_a_demo_customer_is_known(folder: Path) -> None:
    """The token that the demo hands out is one that the merchant's door accepts."""
    async with running(folder) as client:
        path = "/v1/demo/merchants/coffee_bar/customers"
        token = (await (await client.post(path, json={"name": "anna"})).get_json())["customer_token"]
        made = await client.post(BASE, json={"customer_token": token})
        bad = await client.post(BASE, json={"customer_token": token + "x"})
    assert (made.status_code, bad.status_code) == (201, 401)


async def test_what_is_remembered_is_shown_and_forgotten_on_the_page(folder: Path) -> None:
    """The signed-in customer sees it with where it comes from and has it forgotten; a stranger learns nothing."""
    async with running(folder) as client:
        path = "/v1/demo/merchants/coffee_bar/customers"
        token = (await (await client.post(path, json={"name": "anna"})).get_json())["customer_token"]
        path, held = await opened(client, customer_token=token, language="en")
        for number, words in enumerate(("hello", "I always take oat milk", "yes", "my size is large")):
            await said(client, path, held, words, f"event-000{number}")
        shown = await (await client.get(f"{path}/preferences?language=en", headers=held)).get_json()
        dutch = await (await client.get(f"{path}/preferences?language=nl", headers=held)).get_json()
        body = {"about": "option/size"}
        left = await (await client.post(f"{path}/preferences", json=body, headers=held)).get_json()
        again = await said(client, path, held, "a latte at Dam Square", "event-0009")
        stranger, theirs = await opened(client)
        nothing = await (await client.get(f"{stranger}/preferences", headers=theirs)).get_json()
        refused = await client.get(f"{path}/preferences", headers=theirs)
    assert [each["about"] for each in shown["preferences"]] == ["option/size", "option/milk"]
    assert "you told me “I always take oat milk” in the web chat today" in shown["preferences"][1]["words"]
    assert "dat zei je" in dutch["preferences"][0]["words"]
    assert [each["about"] for each in left["preferences"]] == ["option/milk"]
    assert "As you like it: oat milk." in again["messages"][-1]["text"]
    assert nothing == {"known": False, "preferences": []} and refused.status_code == 403


async def test_an_appointment_comes_as_a_calendar_file(folder: Path) -> None:
    """The link below a booking gives its calendar file to whoever holds the conversation, and to nobody else."""
    shop = "/v1/merchants/workshop/conversations"
    async with running(folder) as client:
        made = await (await client.post(shop, json={"language": "en"})).get_json()
        path, held = f"{shop}/{made['id']}", {"Authorization": f"Bearer {made['token']}"}
        await said(client, path, held, "book a tune-up next Wednesday at 10 at Lombok", "event-0001")
        told = await said(client, path, held, "yes", "event-0002")
        links = [a["value"] for m in told["messages"] for a in m["actions"] if a["kind"] == "url"]
        other = await (await client.post(shop, json={})).get_json()
        stranger = {"Authorization": f"Bearer {other['token']}"}
        file = await client.get(links[0], headers=held)
        elsewhere = links[0].replace(made["id"], other["id"])
        refused = [await client.get(links[0], headers=stranger), await client.get(elsewhere, headers=stranger)]
        body = (await file.get_data()).decode()
    assert (file.status_code, file.mimetype) == (200, "text/calendar")
    assert body.startswith("BEGIN:VCALENDAR") and "tune-up" in body.lower()
    assert [response.status_code for response in refused] == [403, 404]


async def test_a_paused_store_takes_no_order(folder: Path) -> None:
    """What staff switch counts in the next turn."""
    async with running(folder) as client:
        key = await (await client.post("/v1/demo/merchants/coffee_bar/staff-keys", json={})).get_json()
        staff = {"Authorization": f"Bearer {key['key']}"}
        switches = "/v1/staff/merchants/coffee_bar/switches"
        offers = (await (await client.get(switches, headers=staff)).get_json())["offers"]
        for name in [offer["name"] for offer in offers if offer["name"].startswith("paused/")]:
            assert (await client.post(switches, json={"name": name, "on": True}, headers=staff)).status_code == 200
        path, held = await opened(client)
        await said(client, path, held, "a latte at Dam Square, to go", "event-0001")
        told = await said(client, path, held, "yes", "event-0002")
        traces = (await (await client.get(f"{path}/traces", headers=held)).get_json())["traces"]
    assert told["messages"]
    assert not any("Committed" in str(trace) for trace in traces)


async def test_a_bad_manifest_is_refused_with_its_faults(folder: Path, tmp_path: Path) -> None:
    """Publishing tells every fault and leaves what was published."""
    manifests = Path(shutil.copytree(ROOT / "manifests", tmp_path / "manifests"))
    merchant = manifests / "coffee_bar" / "merchant.yaml"
    merchant.write_text(merchant.read_text() + "\nlanguagez: [en]\n")
    config = replace(_config(folder), manifests=manifests, admin_key="a" * 40, demo=False)
    async with create_app(config, await wire(config, Noon())).test_app() as app:
        client, admin = app.test_client(), {"Authorization": "Bearer " + "a" * 40}
        refused = await client.post("/v1/admin/merchants/coffee_bar/publish", json={}, headers=admin)
        missing = await client.post("/v1/admin/merchants/nobody/publish", json={}, headers=admin)
        still = await client.get("/v1/merchants/coffee_bar")
    problem = await refused.get_json()
    assert refused.status_code == 422
    assert problem["errors"][0]["line"] > 0
    assert "languagez" in str(problem["errors"])
    assert (missing.status_code, still.status_code) == (404, 200)


async def test_metrics_tell_of_stages_and_commits(folder: Path) -> None:
    """What served a turn, and what the store took, can be watched."""
    async with running(folder) as client:
        path, held = await opened(client)
        await said(client, path, held, "a latte", "event-0001")
        text = await (await client.get("/metrics")).get_data(as_text=True)
    assert "sayso_stage_hits_total{" in text
    assert float(text.split("sayso_commit_seconds_count ")[1].split()[0]) >= 4
    assert "sayso_queue_depth 0.0" in text


async def test_two_hosts_cannot_share_a_data_folder(folder: Path) -> None:
    """The second is refused with a sentence, and the first goes on."""
    from sayso.errors import SaysoError

    async with running(folder) as client:
        with pytest.raises(SaysoError):
            await wire(_config(folder), Noon())
        assert (await client.get("/readyz")).status_code == 200


async def test_an_unsigned_alexa_request_is_refused(folder: Path) -> None:
    """What Alexa did not sign is a clear 4xx."""
    async with running(folder) as client:
        response = await client.post("/v1/alexa/coffee_bar", json={"version": "1.0"})
    assert response.status_code == 400
    assert (await response.get_json())["where"]


async def _warmed(client: Client) -> None:
    """The merchant's words are compiled at its first turn, which a busy machine may not manage in time."""
    path, held = await opened(client)
    for attempt in range(5):
        told = await said(client, path, held, "help", f"warming-{attempt}")
        if "longer than it should" not in told["messages"][-1]["text"]:
            return


async def _staff(client: Client, merchant: str) -> dict[str, str]:
    key = await (await client.post(f"/v1/demo/merchants/{merchant}/staff-keys", json={})).get_json()
    return {"Authorization": f"Bearer {key['key']}"}


@pytest.mark.parametrize(
    ("language", "please", "doubt", "other"),
    [
        ("en", "I want a person", "it was in a brown bag", "how much is a latte?"),
        ("nl", "ik wil een mens spreken", "het zat in een bruine zak", "wat kost een latte?"),
    ],
)
async def test_staff_answer_into_the_conversation(
    folder: Path, language: str, please: str, doubt: str, other: str
) -> None:
    """What was handed over waits at the desk with what was said; the answer is in the customer's own thread."""
    tasks = "/v1/staff/merchants/coffee_bar/tasks"
    async with running(folder) as client:
        await _warmed(client)
        staff = await _staff(client, "coffee_bar")
        assert (await (await client.get(tasks, headers=staff)).get_json())["tasks"] == []
        path, held = await opened(client, language=language)
        await said(client, path, held, please, "event-0001")
        await said(client, path, held, doubt, "event-0002")
        (task,) = (await (await client.get(tasks, headers=staff)).get_json())["tasks"]
        assert task["waiting"] and doubt in [m["text"] for m in task["messages"] if m["author"] == "customer"]
        answer = {"id": "desk-0001", "text": "We found it."}
        for _ in range(2):  # Sent twice, it is said once.
            response = await client.post(f"{tasks}/{task['id']}/answers", json=answer, headers=staff)
            assert response.status_code == 200
        told = (await (await client.get(f"{path}/messages", headers=held)).get_json())["messages"]
        assert [m["text"] for m in told if m["author"] == "person"] == ["Demo: We found it."]
        bot = await said(client, path, held, other, "event-0003")
        assert bot["messages"][-1]["author"] == "bot" and "3" in bot["messages"][-1]["text"]
        closed = await client.post(f"{tasks}/{task['id']}/close", json={"id": "desk-0002"}, headers=staff)
        assert (await closed.get_json())["tasks"] == []
        gone = await client.post(f"{tasks}/{task['id']}/answers", json={"id": "desk-0003", "text": "x"}, headers=staff)
    assert gone.status_code == 404


async def test_the_desk_is_for_the_merchants_own_people(folder: Path) -> None:
    """Another merchant's key, a floor key for answers, a customer's token: nothing is read or written."""
    tasks = "/v1/staff/merchants/coffee_bar/tasks"
    async with running(folder, admin_key="a" * 40) as client:
        await _warmed(client)
        path, held = await opened(client)
        await said(client, path, held, "I want a person", "event-0001")
        other = await _staff(client, "workshop")
        body, admin = {"name": "Mia", "role": "floor"}, {"Authorization": "Bearer " + "a" * 40}
        made = await client.post("/v1/admin/merchants/coffee_bar/staff-keys", json=body, headers=admin)
        floor = {"Authorization": f"Bearer {(await made.get_json())['key']}"}
        statuses = [(await client.get(tasks, headers=each)).status_code for each in (other, floor, held, {})]
    assert statuses == [403, 403, 401, 401]


async def _linkable(client: Client) -> tuple[str, dict[str, str], str]:
    """A stranger's conversation that asked to be linked, with what stands behind the # of its page."""
    await _warmed(client)
    path, held = await opened(client, language="en")
    told = await said(client, path, held, "link my phone", "event-0001")
    (address,) = [a["value"] for m in told["messages"] for a in m["actions"] if a["kind"] == "url"]
    assert address.startswith("https://bar.example/link/coffee_bar#")
    return path, held, address.partition("#")[2]


async def test_a_page_on_a_known_device_links_the_conversation(folder: Path) -> None:
    """Opening the page changes nothing; pressing its button does, once; what was begun elsewhere goes on."""
    async with running(folder, public_url="https://bar.example") as client:
        path, held, secret = await _linkable(client)
        token = "/v1/demo/merchants/coffee_bar/customers"
        customer = (await (await client.post(token, json={"name": "anna"})).get_json())["customer_token"]
        known, hers = await opened(client, language="en", customer_token=customer)
        await said(client, known, hers, "a large mocha", "event-0001")
        assert (await client.get("/link/coffee_bar")).status_code == 200
        before = await said(client, path, held, "carry on", "event-0002")
        assert "where you left off" not in before["messages"][-1]["text"]
        made = [await client.post(f"{known}/links", json={"link": secret}, headers=hers) for _ in range(2)]
        assert [await one.get_json() for one in made] == [{"linked": True}, {"linked": True}]
        after = await said(client, path, held, "carry on", "event-0003")
        assert "where you left off" in after["messages"][-1]["text"]
        ben = (await (await client.post(token, json={"name": "ben"})).get_json())["customer_token"]
        bens, his = await opened(client, customer_token=ben)
        second = await client.post(f"{bens}/links", json={"link": secret}, headers=his)
    assert await second.get_json() == {"linked": False}


async def test_a_page_links_nobody_who_is_not_known(folder: Path) -> None:
    """A stranger's device, another shop's page, a forged or ended link: refused."""
    async with running(folder, public_url="https://bar.example") as client:
        path, held, secret = await _linkable(client)
        stranger, his = await opened(client)
        refused = await client.post(f"{stranger}/links", json={"link": secret}, headers=his)
        forged = await client.post(f"{stranger}/links", json={"link": secret[:-2] + "xx"}, headers=his)
        told = await said(client, path, held, "what is linked?", "event-0002")
    assert (refused.status_code, forged.status_code) == (403, 401)
    assert "don't know who you are" in told["messages"][-1]["text"]
