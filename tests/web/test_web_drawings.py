"""A merchant's drawings as the pictures that chat platforms take."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from quart.typing import TestClientProtocol as Client

from sayso.channels.compiler import Where
from sayso.errors import NotFound
from sayso.model.message import Picture
from sayso.web.drawings import png

CUP = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><defs><path id="a" d="M0 0h9v9z"/></defs>%s</svg>'


def test_a_drawing_becomes_a_png() -> None:
    """As wide as a telephone shows, in its own proportions; a reference to a part of itself is fine."""
    found = png(CUP % b'<use href="#a"/>')
    assert found.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", found[16:24]) == (960, 720)


@pytest.mark.parametrize(
    "drawing",
    [
        b"",
        b"not a drawing",
        b"\xff\xfe",
        CUP % b'<image href="/etc/passwd"/>',
        CUP % b'<image xlink:href="https://elsewhere.example/x.png"/>',
        CUP % b"<image href='data:image/svg+xml;base64,AAAA'/>",
        b'<!DOCTYPE svg [<!ENTITY x "y">]>' + CUP % b"",
        CUP % (b"<g/>" * 70000),
    ],
)
def test_what_is_none_or_reaches_outside_is_not_rendered(drawing: bytes) -> None:
    """Nothing is read or fetched for a drawing; a huge one is left."""
    with pytest.raises(NotFound):
        png(drawing)


async def test_it_is_served_beside_the_drawing(client: Client, config: Any) -> None:
    """At the drawing's address with .png behind it."""
    (config.manifests / "bar" / "images" / "cup.svg").write_bytes(CUP % b"")
    response = await client.get("/assets/bar/images/cup.svg.png")
    assert (response.status_code, response.content_type) == (200, "image/png")
    assert (await response.get_data()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("source", "types", "address"),
    [
        ("a.svg", (), "https://x.example/a.svg"),
        ("a.svg", ("png", "jpg"), "https://x.example/a.svg.png"),
        ("a.svg", ("svg", "png"), "https://x.example/a.svg"),
        ("a.svg", ("jpg",), None),
        ("a.PNG", ("png", "jpg"), "https://x.example/a.PNG"),
        ("a.webp", ("png", "jpg"), None),
    ],
)
def test_a_channel_gets_what_it_takes(source: str, types: tuple[str, ...], address: str | None) -> None:
    """A drawing as PNG where it must be, another type not at all."""
    found = Where("https://x.example").image(Picture(source, "a"), types)
    assert (found.url if found else None) == address
