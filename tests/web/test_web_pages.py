"""Pages, files and pictures; headers; operations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

STATIC = Path(__file__).parents[2] / "src" / "sayso" / "web" / "static"


async def test_the_chat_page_speaks_the_browsers_language(client: Client) -> None:
    """A Dutch browser gets Dutch labels and the merchant's Dutch name."""
    page = await (await client.get("/chat/bar", headers={"Accept-Language": "nl-NL,nl;q=0.9"})).get_data(as_text=True)
    assert '<html lang="nl"' in page
    assert "digitale assistent" in page
    assert "Hoek &lt;Bar&gt;" in page


async def test_names_are_text_and_never_markup(client: Client) -> None:
    """A merchant's name cannot bring markup into a page."""
    for path in ("/", "/chat/bar", "/staff/bar"):
        page = await (await client.get(path)).get_data(as_text=True)
        assert "<Bar>" not in page
        assert "Corner &lt;Bar&gt;" in page


@pytest.mark.parametrize("name", ["chat.css", "chat.js", "link.js", "labels.json", "mark.svg"])
async def test_the_pages_files_are_served(client: Client, name: str) -> None:
    """Scripts and styles come with their types and are asked for again each time."""
    response = await client.get(f"/static/{name}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    again = await client.get(f"/static/{name}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


async def test_pictures_come_from_the_merchants_folder(client: Client) -> None:
    """With their type, kept for a day, and an SVG without scripts."""
    response = await client.get("/assets/bar/images/latte.svg")
    assert response.content_type == "image/svg+xml"
    assert "max-age" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "merchant.yaml",
        "images/../merchant.yaml",
        "../bar/images/latte.svg.yaml",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/outside.png",
        "images/.hidden.png",
        "images/latte.svg%00.png",
        "images/nothing.svg.png",
        "../bar/images/latte.svg.yaml.svg.png",
        "images",
        "link.png",
    ],
)
async def test_only_pictures_inside_the_folder(client: Client, config: Any, path: str) -> None:
    """Neither other types nor other folders can be reached, by name or by link."""
    (config.manifests.parent / "outside.png").write_bytes(b"x")
    (config.manifests / "bar" / "images" / ".hidden.png").write_bytes(b"x")
    (config.manifests / "bar" / "link.png").symlink_to(config.manifests.parent / "outside.png")
    assert (await client.get(f"/assets/bar/{path}")).status_code == 404


async def test_security_headers_are_everywhere(client: Client) -> None:
    """Pages, answers and refusals carry them."""
    for path in ("/", "/chat/bar", "/v1/merchants", "/nothing"):
        headers = (await client.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Request-Id"]


async def test_no_page_has_inline_script_or_style(client: Client) -> None:
    """The content policy allows none, so none may be there."""
    for path in ("/", "/chat/bar", "/staff/bar"):
        page = await (await client.get(path)).get_data(as_text=True)
        assert " style=" not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count('<script type="module" src=')


async def test_other_sites_may_ask_when_the_merchant_says_so(client: Client, memory: Any) -> None:
    """A merchant's own site can use the API with a token; others cannot."""
    from dataclasses import replace

    from sayso.manifest.specs import ChannelSpec

    known = memory.merchants_["bar"]
    web = ChannelSpec("web", "", {"origins": "https://bar.example https://www.bar.example"})
    memory.merchants_["bar"] = replace(known, merchant=replace(known.merchant, channels=(web,)))
    for origin, allowed in (("https://bar.example", "https://bar.example"), ("https://evil.example", None)):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        response = await client.options("/v1/merchants/bar/conversations", headers=asked)
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert response.headers.get("Access-Control-Allow-Credentials") is None


async def test_alive_ready_and_draining(make_app: Callable[..., Quart]) -> None:
    """A host that ends is alive and not ready."""
    app = make_app()
    client = app.test_client()
    assert (await client.get("/livez")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200
    app.extensions["sayso"].draining.set()
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/livez")).status_code == 200


async def test_metrics_count_turns_without_words(client: Client) -> None:
    """Turns by channel and outcome, and no customer's data."""
    made = await (await client.post("/v1/merchants/bar/conversations", json={})).get_json()
    text = await (await client.get("/metrics")).get_data(as_text=True)
    assert 'sayso_turns_total{channel="web",outcome="answered"} 1.0' in text
    assert made["id"] not in text


async def test_logs_are_json_without_words(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Each request and turn is a line of ids and figures."""
    import logging

    from sayso.web.logs import JsonLines

    made = await (await client.post("/v1/merchants/bar/conversations", json={})).get_json()
    with caplog.at_level(logging.DEBUG):
        await client.post(
            f"/v1/merchants/bar/conversations/{made['id']}/events",
            json={"id": "event-0001", "type": "text", "text": "my secret wish"},
            headers={"Authorization": f"Bearer {made['token']}"},
        )
    lines = [JsonLines().format(record) for record in caplog.records if record.name.startswith("sayso")]
    assert {orjson.loads(line)["message"] for line in lines} == {"turn", "request"}
    assert "secret wish" not in "".join(lines)
    assert made["token"] not in "".join(lines)


async def test_a_proxys_request_id_is_kept_when_it_is_sane(client: Client) -> None:
    """An id can be followed through the proxy; anything else gets a new one."""
    assert (await client.get("/livez", headers={"X-Request-Id": "abc-1"})).headers["X-Request-Id"] == "abc-1"
    assert (await client.get("/livez", headers={"X-Request-Id": "a b;c"})).headers["X-Request-Id"] != "a b;c"


def test_both_languages_have_every_label() -> None:
    """Nothing of the page is left in another language."""
    labels = orjson.loads((STATIC / "labels.json").read_bytes())
    assert set(labels["en"]) == set(labels["nl"])
    assert all(words for language in labels.values() for words in language.values())
