"""What is sent to WhatsApp is what pywa, a client of it, sends for the same message."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from sayso.channels.compiler import compile_message
from sayso.channels.contract import Address
from sayso.testing.messages import MESSAGES, WHERE

httpx = pytest.importorskip("httpx")
pywa = pytest.importorskip("pywa", reason="pywa, of the dev extra, is not installed")


@pytest.fixture(scope="module")
def client():
    """pywa's own client over a transport that keeps what it is given."""
    seen = []

    def take(request):
        seen.append(json.loads(request.content))
        contacts = [{"input": "31612345678", "wa_id": "31612345678", "user_id": "NL.1"}]
        return httpx.Response(200, json={"contacts": contacts, "messages": [{"id": "wamid.1"}]})

    session = httpx.Client(transport=httpx.MockTransport(take))
    return pywa.WhatsApp(phone_id="100", token="t0ken", session=session), seen


def _pywa(client, seen, part):
    """What pywa sends for the part."""
    from pywa.types import Button, ImageCarouselCard, Section, SectionList, SectionRow, URLButton

    def made(buttons):
        urls = [URLButton(b.label, b.value) for b in buttons if b.kind == "url"]
        return urls[0] if urls else [Button(b.label, b.value) for b in buttons] or None

    to = {"to": "31612345678", "tracker": "p1"}
    if part.tiles:
        cards = [
            ImageCarouselCard(
                body="\n".join(line for t in (tile.title, tile.text) if (line := " ".join(t.split()))),
                image=tile.picture.url,
                buttons=made(tile.buttons),
            )
            for tile in part.tiles
        ]
        client.send_carousel(**to, body=part.text, cards=cards)
    elif part.asks_location:
        client.request_location(**to, text=part.text)
    elif part.picture:
        client.send_image(**to, image=part.picture.url, caption=part.text or None, buttons=made(part.buttons))
    else:
        rows = [SectionRow(r.title, r.value, r.text or None) for r in part.rows]
        buttons = SectionList(part.list_label, [Section("", rows)]) if rows else made(part.buttons)
        client.send_message(**to, text=part.text, buttons=buttons, preview_url="https://" in part.text)
    return seen[-1]


def _plain(body):
    """Without the empty title of an only section, and the kind of a card that pywa always calls an address."""
    for section in body.get("interactive", {}).get("action", {}).get("sections", ()):
        section.pop("title", None)
    return body


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=MESSAGES)
def test_the_same_as_pywa(client, meta_channels, meta_account, message):
    """Field by field, for every part of any message."""
    channel, account = meta_channels["whatsapp"], meta_account("whatsapp")
    for part in compile_message(message, channel.capabilities, WHERE).parts:
        ours = json.loads(channel.wire(part, Address("31612345678", "p1"), account).body)
        assert ours == _plain(_pywa(*client, part))
