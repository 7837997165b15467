"""Files fetched over TLS from a server on this machine that is made to look like a platform's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as some

from sayso.channels.contract import Call, Upstream
from sayso.errors import NotFound
from sayso.host.attachments import TooLarge
from sayso.web.fetching import Fetcher, owned

HOSTS = ("media.platform.example", "*.cdn.example")


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body


@dataclass
class Platform:
    """What lies under each "host/path", and the requests that came."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    addresses: dict[str, list[str]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        path = headers["host"] + head[0].split(" ")[1]
        self.asked.append((path, headers))
        writer.write(self.files.get(path, answer(status="404 Not Found")))
        await writer.drain()
        writer.close()

    async def resolve(self, host: str) -> list[str]:
        self.looked_up.append(host)
        return self.addresses.get(host, ["127.0.0.1"])


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for these names, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"), "media.platform.example", "a.cdn.example")


@pytest.fixture
async def platform(keys: tuple[Path, Path]) -> AsyncIterator[Platform]:
    made, context = Platform(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*keys)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


@pytest.fixture
async def fetch(platform: Platform, keys: tuple[Path, Path]) -> AsyncIterator[Fetcher]:
    trust = ssl.create_default_context(cafile=str(keys[0]))
    async with httpx.AsyncClient(verify=trust) as client:
        yield Fetcher(client, platform.resolve, lambda address: address != "10.0.0.1", platform.port)


def get(url: str, **headers: str) -> Call:
    return Call("GET", url, headers)


async def test_a_file_of_the_platform(platform: Platform, fetch: Fetcher) -> None:
    """With what identifies us, to the name that the certificate is for."""
    platform.files["media.platform.example/f?x=1"] = answer(b"picture")
    assert await fetch(get("https://media.platform.example/f?x=1", Authorization="Bearer t"), HOSTS, 100) == b"picture"
    assert platform.asked[0][1]["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/f",
        "https://media.platform.example.evil.example/f",
        "https://evilcdn.example/f",
        "http://media.platform.example/f",
        "https://media.platform.example:8443/f",
        "https://user:word@media.platform.example/f",
        "https://127.0.0.1/f",
        "https://[::1]/f",
        "file:///etc/passwd",
        "//media.platform.example/f",
        "",
        "https://[",
    ],
)
async def test_nothing_is_fetched_from_others(platform: Platform, fetch: Fetcher, url: str) -> None:
    """No other host, no other way: not even its name is looked up."""
    with pytest.raises(NotFound):
        await fetch(get(url), HOSTS, 100)
    assert platform.looked_up == []


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], []])
async def test_nothing_is_fetched_from_within(platform: Platform, fetch: Fetcher, addresses: list[str]) -> None:
    """A name of the platform that leads into a private network: one such address is enough."""
    platform.addresses["media.platform.example"] = addresses
    with pytest.raises(NotFound):
        await fetch(get("https://media.platform.example/f"), HOSTS, 100)
    assert platform.asked == []


def test_which_addresses_are_public() -> None:
    """As the registries of special addresses say."""
    public = Fetcher(httpx.AsyncClient()).public
    within = [
        "10.1.2.3",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.64.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "0.0.0.0",
    ]
    assert not any(public(each) for each in within)
    assert public("93.184.215.14") and public("2606:4700::1111")


async def test_a_redirect_keeps_to_the_platform_and_leaves_our_key_behind(platform: Platform, fetch: Fetcher) -> None:
    """To another host of the platform without what identifies us; to a stranger not at all."""
    platform.files |= {
        "media.platform.example/f": answer(status="302 Found", Location="https://a.cdn.example/g"),
        "a.cdn.example/g": answer(b"picture"),
        "media.platform.example/out": answer(status="302 Found", Location="https://evil.example/g"),
        "media.platform.example/round": answer(status="307 Again", Location="/round"),
    }
    assert await fetch(get("https://media.platform.example/f", Authorization="Bearer t"), HOSTS, 100) == b"picture"
    assert "authorization" not in platform.asked[1][1]
    for path in ("out", "round"):
        with pytest.raises(NotFound):
            await fetch(get(f"https://media.platform.example/{path}"), HOSTS, 100)


async def test_a_certificate_for_another_name_is_refused(platform: Platform, fetch: Fetcher) -> None:
    """The connection goes to an address, the certificate must be the host's."""
    platform.files["b.cdn.example/f"] = answer(b"picture")
    with pytest.raises(Upstream):
        await fetch(get("https://b.cdn.example/f"), HOSTS, 100)
    assert platform.asked == []


async def test_what_is_too_large_is_broken_off(platform: Platform, fetch: Fetcher) -> None:
    """Whatever it says of its length."""
    platform.files["media.platform.example/f"] = answer(b"x" * 101)
    platform.files["media.platform.example/g"] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 500_000
    for path in ("f", "g"):
        with pytest.raises(TooLarge):
            await fetch(get(f"https://media.platform.example/{path}"), HOSTS, 100)


@pytest.mark.parametrize(
    ("status", "error"), [("404 Gone", NotFound), ("403 No", NotFound), ("503 Later", Upstream), ("429 Slow", Upstream)]
)
async def test_what_may_work_later_is_told_from_what_will_not(
    platform: Platform, fetch: Fetcher, status: str, error: type[Exception]
) -> None:
    """So that the one is asked again and the other is not."""
    platform.files["media.platform.example/f"] = answer(status=status)
    with pytest.raises(error):
        await fetch(get("https://media.platform.example/f"), HOSTS, 100)


@given(some.text("abc.-*", max_size=20))
def test_a_host_below_another_ends_with_a_dot_and_its_name(host: str) -> None:
    """And nothing else is owned."""
    assert owned(host, ("*.abc.example",)) == host.rstrip(".").endswith(".abc.example")
    assert owned(f"{host}.abc.example", ("*.abc.example",))
    assert not owned(f"{host}abc.example", ("abc.example",)) or host == ""
