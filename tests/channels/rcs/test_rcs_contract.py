"""RCS as every channel is checked: a package of its own, found by its entry point, its messages within the limits."""

from __future__ import annotations

import base64
import json
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from sayso.channels.compiler import Button, Image, Tile
from sayso.channels.contract import Address, NotFound, Outcome, Part, Tokened, Upstream
from sayso.channels.registry import GROUP, Channels, loaded
from sayso.testing.channels import NOW, Trial, account, checks
from sayso_rcs import Rcs, channel

WHO = {"senderPhoneNumber": "+31612345678", "messageId": "m1", "sendTime": "2026-11-23T08:59:59Z"}
DATA = [
    {**WHO, "text": "two lattes"},
    {**WHO, "suggestionResponse": {"postbackData": "0a" * 9, "text": "Ja", "type": "REPLY"}},
    {**WHO, "location": {"latitude": 52.4, "longitude": 4.9}},
    {**WHO, "userFile": {"payload": {"mimeType": "image/png", "fileSizeBytes": "9", "fileUri": "https://f.example/a"}}},
    {**WHO, "eventType": "READ", "eventId": "e1"},
    {**WHO, "eventType": "UNSUBSCRIBE", "eventId": "e2"},
]
BODIES = [json.dumps(each).encode() for each in DATA]


def suggestions_fit(held, most):
    assert 1 <= len(held) <= most
    for each in held:
        said = each.get("reply") or each["action"]
        assert 1 <= len(said["text"]) <= 25 and 1 <= len(said["postbackData"]) <= 2048


def card_fits(card):
    assert card.get("title") or card.get("description") or card.get("media")
    assert len(card.get("title", "")) <= 200 and len(card.get("description", "")) <= 2000
    if "suggestions" in card:
        suggestions_fit(card["suggestions"], 4)
    if "media" in card:
        assert card["media"]["contentInfo"]["fileUrl"].startswith("https://")


def valid(call):
    """Source of each number: RBM "phones.agentMessages"."""
    assert len(call.body) <= 250_000 and call.once and call.token == "google"
    sent = json.loads(call.body)["contentMessage"]
    assert 1 <= len(sent.get("text", "x")) <= 3072
    assert ("text" in sent) != ("richCard" in sent)
    if "suggestions" in sent:
        suggestions_fit(sent["suggestions"], 11)
    rich = sent.get("richCard", {})
    cards = [rich["standaloneCard"]["cardContent"]] if "standaloneCard" in rich else []
    if "carouselCard" in rich:
        cards = rich["carouselCard"]["cardContents"]
        assert 2 <= len(cards) <= 10
    for card in cards:
        card_fits(card)


@pytest.fixture(scope="module")
def trial(agent, sign):
    return Trial(channel, agent, sign, BODIES, valid=valid, to=Address("+31612345678", "p1", now=NOW))


NAMES = [check.__name__ for check in checks(Trial(channel, None, None, BODIES))]


@pytest.mark.parametrize("name", NAMES)
def test_rcs_keeps_the_contract(name, trial):
    """What `sayso.testing.channels` asks of every channel."""
    {check.__name__: check for check in checks(trial)}[name](trial)


def test_it_is_found_by_its_entry_point():
    """As a channel of anybody's package is."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    where = project["entry-points"][GROUP]["rcs"]
    assert loaded("rcs", where) is channel
    assert Channels({"rcs": where}).get("rcs") is channel


def test_it_is_installed():
    """The host that runs these tests has it."""
    names = [point.name for point in entry_points(group=GROUP)]
    if "rcs" not in names:
        pytest.skip("sayso was installed before it had RCS: pip install -e .")
    assert Channels().get("rcs") is channel


def sent(part, agent, **to):
    call = channel.wire(part, Address(**{"native": "+31612345678", "part": "p-7", "now": NOW, **to}), agent)
    return call, json.loads(call.body)["contentMessage"]


CUP = Image("https://shop.example/a.png", "a cup")
HELD = (Button("reply", "Order here", "ab"), Button("url", "Read more", "https://shop.example/p/1"))


def test_the_parts_id_is_the_messages(agent):
    """The platform takes a message once; it ends with its time."""
    call, _ = sent(Part("Hi"), agent)
    parts = urlsplit(call.url)
    assert parts.netloc == "europe-rcsbusinessmessaging.googleapis.com"
    assert parts.path == "/v1/phones/+31612345678/agentMessages"
    assert parse_qs(parts.query) == {"messageId": ["p-7"], "agentId": ["bar@rbm.goog"]}
    assert json.loads(call.body)["ttl"] == "86400s"


def test_a_compound_is_one_card(agent):
    """Picture, title, words, a button and an address."""
    _, content = sent(Part("With oat milk", "Latte", CUP, buttons=HELD), agent)
    card = content["richCard"]["standaloneCard"]["cardContent"]
    assert (card["title"], card["description"]) == ("Latte", "With oat milk")
    assert [next(iter(each)) for each in card["suggestions"]] == ["reply", "action"]
    assert card["suggestions"][1]["action"]["openUrlAction"] == {"url": "https://shop.example/p/1"}


def test_words_alone_have_suggestions_below(agent):
    """Chips, no card; a place is asked for in the conversation's language."""
    _, content = sent(Part("Sure?", buttons=HELD), agent)
    assert content["text"] == "Sure?" and len(content["suggestions"]) == 2
    _, content = sent(Part("Waar?", asks_location=True, language="nl-BE"), agent)
    assert content["suggestions"][0]["action"]["text"] == "Locatie delen"


def test_several_cards_stand_side_by_side(agent):
    """A carousel, with suggestions below."""
    tiles = (Tile("Latte", "Milky", CUP, HELD), Tile("Tea", "", CUP, HELD[:1]))
    _, content = sent(Part(tiles=tiles, quick=(Button("reply", "Cancel", "cd"),)), agent)
    assert len(content["richCard"]["carouselCard"]["cardContents"]) == 2
    assert content["suggestions"][0]["reply"]["text"] == "Cancel"


def test_a_token_is_asked_for_by_a_signed_assertion(agent, key):
    """RS256 over header and claims, an hour long; the answer has the token."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    made = Rcs(clock=lambda: NOW)
    assert isinstance(made, Tokened)
    call = made.token("google", agent)
    form = dict(parse_qsl(call.body.decode()))
    head, claims, proof = form["assertion"].split(".")
    pad = lambda text: base64.urlsafe_b64decode(text + "==")  # noqa: E731
    public = load_pem_private_key(json.loads(key)["private_key"].encode(), None).public_key()
    public.verify(pad(proof), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
    told = json.loads(pad(claims))
    assert (told["iss"], told["aud"], told["exp"] - told["iat"]) == ("bar@p.example", call.url, 3600)
    assert made.token_of(200, b'{"access_token": "t", "expires_in": 3599}') == ("t", 3599.0)
    with pytest.raises(Upstream):
        made.token_of(400, b'{"error": "invalid_grant"}')


def test_a_key_that_is_none_is_told():
    """The environment has something else."""
    with pytest.raises(NotFound):
        channel.token("google", account("rcs", "bar", {"service_account": "env:KEY"}, {"KEY": '{"client_email": 1}'}))


OUTCOMES = [
    (200, {"name": "phones/+31612345678/agentMessages/p-7"}, Outcome("sent", "p-7")),
    (409, {"error": {"status": "ALREADY_EXISTS"}}, Outcome("sent", code="ALREADY_EXISTS")),
    (
        404,
        {"error": {"message": "No RCS", "status": "NOT_FOUND"}},
        Outcome("failed", reason="No RCS", code="NOT_FOUND"),
    ),
    (401, {"error": {"message": "Expired"}}, Outcome("token", reason="Expired", code="401")),
    (429, {"error": {"message": "Slow"}}, Outcome("retry", after_s=10, reason="Slow", code="429")),
    (503, {"error": {"message": "Down"}}, Outcome("unknown", reason="Down", code="503")),
]


@pytest.mark.parametrize(("status", "body", "outcome"), OUTCOMES)
def test_what_the_platform_answers(status, body, outcome):
    """Sent, there already, no RCS, a stale token, too fast, nobody knows."""
    assert channel.outcome(status, {}, json.dumps(body).encode()) == outcome
