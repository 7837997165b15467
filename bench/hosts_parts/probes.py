"""Asks of one merchant with what is another's, at every door and every port: nothing of the other may be found.

First each of a few merchants gets a customer of the same name, an order, a key of its staff, a switch, a caller over
Alexa and one over Dialogflow. Then every ordered pair is tried: with the one's tokens, keys, buttons, accounts and ids
at the other's paths, and by talking. A merchant is recognised by two words that only it has (`Made.word` and
`Made.kept`): an answer that holds one which was not said is a leak. Afterwards the same through every port of the
store. Whoever adds a port or a route adds its probe here.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hosts_parts.merchants import Made
from hosts_parts.ports import Ports
from sayso.channels import dialogflow
from sayso.channels.alexa import Certificates, Door, read_limits
from sayso.channels.web import conversation_key
from sayso.host.ports import Clock
from sayso.people import tokens
from sayso.store import open_store
from sayso.testing.alexa import Chain, Speaker, mint
from sayso.testing.dialogflow import CX
from sayso.understanding import LocalEmbedder
from sayso.web import Config, create_app
from sayso.web.wire import SystemClock, wire

ANNA = "anna"
"""The customer: every merchant has one of this name."""
ADMIN = "the admin's key of a host that is probed"


@dataclass(slots=True)
class Probed:
    """How often was asked, and what was found that should not be."""

    asked: int = 0
    leaks: list[str] = field(default_factory=list)

    def nothing(self, what: str, found: object) -> None:
        """`found` must be empty."""
        self.asked += 1
        if found:
            self.leaks.append(f"{what}: {str(found)[:200]}")

    def silent(self, what: str, body: str, other: Made, said: str = "") -> None:
        """`body` must hold no word that only `other` has, but for one that was said."""
        told = [word for word in (other.word, other.kept) if word in body.lower() and word not in said.lower()]
        self.nothing(what, told and body)


@dataclass(slots=True)
class Held:
    """What somebody who deals with one merchant has: a conversation, tokens, a button, ids."""

    made: Made
    path: str
    token: str
    customer: str
    switch: str
    staff: str = ""
    button: str = ""
    turn: str = ""
    serial: int = 0

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Its conversation among the rows."""
        return conversation_key(self.made.id, self.id)

    @property
    def wish(self) -> str:
        return f"two large {self.made.first[0]} to go please"


@dataclass(frozen=True, slots=True)
class Doors:
    """A host's web, in this process; `chain` signs as Alexa would."""

    client: Any
    chain: Chain
    clock: Clock

    async def ask(self, method: str, path: str, token: str = "", body: object = None, **more: Any) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"json": body} if body is not None else {}
        answer = await self.client.open(
            path, method=method, headers={**headers, **more.pop("headers", {})}, **sent, **more
        )
        return answer.status_code, (await answer.get_data()).decode("utf-8", "replace")

    async def say(self, held: Held, words: str, **body: str) -> tuple[int, str]:
        held.serial += 1
        event = {"id": f"event-{held.serial:04d}", "type": "text", "text": words} if words else {}
        event = {"id": f"event-{held.serial:04d}", **event, **body}
        return await self.ask("POST", f"{held.path}/events", held.token, event)

    async def alexa(self, made: Made, speaker: Speaker, words: str, id: str) -> tuple[int, str]:
        body = speaker.say(id, self.clock.now(), words)
        return await self.ask("POST", f"/v1/alexa/{made.id}", headers=self.chain.sign(body), data=body)

    async def cx(self, made: Made, agent: Made, password: Made, words: str, id: str) -> tuple[int, str]:
        secret = password.environment()[f"AGENT_{password.number:04d}"]
        basic = base64.b64encode(f"dialogflow:{secret}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {basic}"}
        return await self.ask(
            "POST", f"/v1/dialogflow/cx/{made.id}", headers=headers, data=CX(agent.agent).say(id, words)
        )


async def probe(folder: Path, some: Sequence[Made], clock: Clock | None = None, database: str = "") -> Probed:
    """Every probe, between all pairs of `some`, on the host whose data are in `folder`/data and whose manifests are in
    `folder`/manifests. No other process may have it open. Raises RuntimeError when a merchant does not serve its own.
    """
    clock, found = clock or SystemClock(), Probed()
    environment = {name: value for made in some for name, value in made.environment().items()}
    config = Config(
        data=folder / "data",
        database=database,
        manifests=folder / "manifests",
        skills=folder / "skills",
        admin_key=ADMIN,
        environment=environment,
        rate=100_000,
        rate_opened=100_000,
    )
    chain = mint(clock.now())
    parts = await wire(config, clock)
    limits = read_limits()
    door = Door(Certificates(chain.fetch, [chain.root], limits.certificate), limits, "", environment)
    assert parts.dialogflow is not None
    google = dialogflow.Door(parts.dialogflow.key, parts.dialogflow.limits, "", environment)
    async with create_app(config, replace(parts, alexa=door, dialogflow=google)).test_app() as app:
        doors = Doors(app.test_client(), chain, clock)
        everyone = [await hold(doors, made, f"sold_out/p{5 + at:03d}") for at, made in enumerate(some)]
        for one in everyone:
            for other in everyone:
                if one is not other:
                    await _at_the_doors(doors, found, one, other)
                    await _by_talking(doors, found, one, other)
                    await _by_platforms(doors, found, one, other)
    async with open_store(config.data, clock, database_url=database) as store:
        ports = Ports(store, LocalEmbedder())
        for one in everyone:
            for other in everyone:
                if one is not other:
                    await ports.probe(found, one, other)
    return found


async def hold(doors: Doors, made: Made, switch: str) -> Held:
    """A customer of the merchant, who has ordered; and a key of its staff, who have turned a `switch`."""
    now = doors.clock.now()
    customer = tokens.sign(ANNA, made.environment()[f"SECRET_{made.number:04d}"], made.id, now=now)
    base = f"/v1/merchants/{made.id}/conversations"
    _, opened = _data(await doors.ask("POST", base, body={"customer_token": customer, "language": "en"}), made)
    held = Held(made, f"{base}/{opened['id']}", opened["token"], customer, switch)
    text, asked = _data(await doors.say(held, held.wish), made)
    held.button = asked["messages"][-1]["actions"][0]["value"]
    held.turn = asked["turn"]
    if made.word not in text.lower():
        raise RuntimeError(f"{made.id} does not read its own product back: {text[:500]}")
    _data(await doors.say(held, "yes"), made)
    answer, _ = _data(await doors.say(held, "Can I bring my dog?"), made)
    if made.kept not in answer.lower():
        raise RuntimeError(f"{made.id} does not answer its own question: {answer[:500]}")
    key = await doors.ask("POST", f"/v1/admin/merchants/{made.id}/staff-keys", ADMIN, {"name": f"staff {made.kept}"})
    held.staff = _data(key, made)[1]["key"]
    _data(await doors.ask("POST", _switches(made), held.staff, {"name": switch, "on": True}), made)
    for words in ("a small thing", held.wish, "yes"):
        _data(await doors.alexa(made, _speaker(made), words, f"amzn1.echo-api.request.{words[:3]}"), made)
        _data(await doors.cx(made, made, made, words, f"request-{words[:3]}"), made)
    return held


def _speaker(made: Made) -> Speaker:
    """The same Amazon account at every merchant's skill."""
    return Speaker("amzn1.ask.account.ANNA", made.skill, "en-GB")


def _switches(made: Made) -> str:
    return f"/v1/staff/merchants/{made.id}/switches"


def _data(answer: tuple[int, str], made: Made) -> tuple[str, Any]:
    import orjson

    status, body = answer
    if status not in (200, 201):
        raise RuntimeError(f"{made.id} does not serve its own customer: {status} {body[:500]}")
    return body, orjson.loads(body)


async def _at_the_doors(doors: Doors, found: Probed, one: Held, other: Held) -> None:
    """The one's tokens and keys at the other's paths, and the other's ids below the one's: each is refused."""
    event = {"id": "event-9999", "type": "text", "text": "where is my order?"}
    mixed = f"/v1/merchants/{one.made.id}/conversations/{other.id}"
    opening = f"/v1/merchants/{other.made.id}/conversations"
    tries: list[tuple[str, str, str, object]] = []
    for path, token in ((other.path, one.token), (other.path, one.staff), (mixed, one.token), (mixed, other.token)):
        tries += [("GET", f"{path}/{what}", token, None) for what in ("messages", "stream", "traces")]
        tries += [("POST", f"{path}/events", token, event)]
        tries += [("POST", f"{path}/customer", token, {"customer_token": one.customer})]
    tries += [
        ("GET", f"{one.path}/traces", other.staff, None),
        ("POST", f"{other.path}/customer", other.token, {"customer_token": one.customer}),
        ("POST", opening, "", {"customer_token": one.customer}),
        ("GET", _switches(other.made), one.staff, None),
        ("GET", _switches(other.made), one.token, None),
        ("POST", _switches(other.made), one.staff, {"name": "paused/main", "on": True}),
        ("POST", f"/v1/admin/merchants/{other.made.id}/staff-keys", one.staff, {"name": "me"}),
        ("POST", f"/v1/admin/merchants/{other.made.id}/publish", one.staff, {}),
    ]
    for method, path, token, body in tries:
        status, text = await doors.ask(method, path, token, body)
        found.nothing(f"{method} {path} with what {one.made.id} has", status < 400 and text)
        found.silent(f"{method} {path} with what {one.made.id} has", text, other.made)
    for step in ("..", "%2e%2e", "..%2f..", "%2e%2e%2f", ".%5c..", "sub/../.."):
        path = f"/assets/{one.made.id}/{step}/{other.made.id}/sign.svg"
        found.silent(path, (await doors.ask("GET", path))[1], other.made)
    own = await doors.ask("GET", _switches(one.made), one.staff)
    found.silent("its own switches", own[1], other.made)
    found.nothing("its own switches", other.switch in _on(own) and own)


def _on(answer: tuple[int, str]) -> Any:
    import orjson

    return orjson.loads(answer[1])["switches"]


async def _by_talking(doors: Doors, found: Probed, one: Held, other: Held) -> None:
    """What the other sells, answers and was asked, asked of the one; the other's button pressed here."""
    spoken = (
        "where is my order?",
        "my usual please",
        "what did I have last time?",
        "what do you know about me?",
        "what do you have?",
        f"what is in the {other.made.first[0]}?",
        f"how much is a {other.made.first[0]}?",
        f"do you have {other.made.word} topping?",
        f"{other.made.name}: Can I bring my dog?",
        f"where is {other.made.word} street?",
        f"two {other.made.first[0]} please",
        "no",
    )
    for words in spoken:
        status, text = await doors.say(one, words)
        found.nothing(f"{words!r} at {one.made.id}", status != 200 and text)
        found.silent(f"{words!r} at {one.made.id}", text, other.made, words)
    status, text = await doors.say(one, "", type="press", token=other.button, label="Yes")
    found.silent(f"a button of {other.made.id} at {one.made.id}", text, other.made)


async def _by_platforms(doors: Doors, found: Probed, one: Held, other: Held) -> None:
    """The one's Alexa skill and Dialogflow agent at the other's path; the same caller at both, the same request ids."""
    words = "where is my order?"
    status, text = await doors.alexa(other.made, _speaker(one.made), words, f"r-{one.made.id}")
    found.nothing(f"the skill of {one.made.id} at {other.made.id}", status < 400 and text)
    found.silent(f"the skill of {one.made.id} at {other.made.id}", text, other.made)
    for agent, password in ((one.made, one.made), (one.made, other.made), (other.made, one.made)):
        what = f"the agent of {agent.id} with the password of {password.id} at {other.made.id}"
        status, text = await doors.cx(other.made, agent, password, words, f"c-{one.made.id}-{other.made.id}")
        found.nothing(what, status < 400 and text)
        found.silent(what, text, other.made)
    for words in ("where is my order?", "my usual please", f"what is in the {other.made.first[0]}?"):
        id = f"same-{words[:9]}"
        _, text = await doors.alexa(one.made, _speaker(one.made), words, id)
        found.silent(f"{words!r} over Alexa at {one.made.id}", text, other.made, words)
        _, text = await doors.cx(one.made, one.made, one.made, words, id)
        found.silent(f"{words!r} over Dialogflow at {one.made.id}", text, other.made, words)
