"""Whose request is it? Every way to be refused, and the one way in."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from sayso.channels.alexa import Certificates
from sayso.channels.alexa.certificates import checked_url
from sayso.channels.alexa.verify import verify
from sayso.errors import Theirs, Upstream
from sayso.testing.alexa import URL, Speaker, mint


@pytest.fixture
def check(certificates, limits, now, anna):
    """Verify a body, signed by the minted chain unless headers are given."""

    async def run(body, headers=None, *, at=now, certificates=certificates, skills=(anna.skill,)):
        return await verify(headers or {}, body, at, certificates, skills, limits.request)

    return run


@pytest.fixture
def refused(check):
    """The error that a request is refused with."""

    async def run(*args, **kwargs):
        with pytest.raises(Theirs) as error:
            await check(*args, **kwargs)
        assert error.value.text and error.value.where and error.value.mend
        return error.value

    return run


async def test_a_request_that_alexa_signed_is_accepted(check, chain, anna, now):
    """A signature by a trusted chain, fresh, for our skill: the envelope is ours to read."""
    body = anna.launch("r1", now)
    envelope = await check(body, chain.sign(body))
    assert (envelope.type, envelope.id, envelope.user) == ("LaunchRequest", "r1", anna.user)


async def test_header_names_may_have_any_case(check, chain, anna, now):
    """HTTP header names have no case."""
    body = anna.launch("r1", now)
    assert await check(body, {name.upper(): value for name, value in chain.sign(body).items()})


async def test_a_body_with_other_alphabets_is_verified_as_bytes(check, chain, anna, now):
    """The signature covers the raw bytes, whatever is written in them."""
    body = anna.say("r1", now, "één café crème, 拿铁 ☕")
    assert (await check(body, chain.sign(body))).slots[0].words == "één café crème, 拿铁 ☕"


async def test_one_changed_byte_is_refused(refused, chain, anna, now):
    """A body that was altered after it was signed."""
    body = anna.say("r1", now, "one latte")
    error = await refused(body.replace(b"one", b"two"), chain.sign(body))
    assert (error.status, error.code) == (400, "signature")


async def test_the_same_json_written_differently_is_refused(refused, chain, anna, now):
    """Equal meaning is not equal bytes."""
    body = anna.launch("r1", now)
    assert (await refused(json.dumps(json.loads(body)).encode(), chain.sign(body))).code == "signature"


@pytest.mark.parametrize("missing", ["SignatureCertChainUrl", "Signature-256"])
async def test_a_missing_header_is_named(refused, chain, anna, now, missing):
    """The SHA-1 signature alone proves nothing, nor does a signature without its certificate."""
    body = anna.launch("r1", now)
    headers = {name: value for name, value in chain.sign(body).items() if name != missing}
    error = await refused(body, headers)
    assert (error.status, error.where) == (400, missing)


async def test_a_sha1_signature_in_the_new_header_is_refused(refused, chain, anna, now):
    """A SHA-1 signature is not accepted under another name."""
    body = anna.launch("r1", now)
    headers = chain.sign(body)
    assert (await refused(body, {**headers, "Signature-256": headers["Signature"]})).code == "signature"


@pytest.mark.parametrize("signature", ["", "%%%", "AAAA", "é", base64.b64encode(b"x" * 256).decode()])
async def test_rubbish_for_a_signature_is_refused(refused, chain, anna, now, signature):
    """Neither base64 that is not a signature nor text that is not base64 does any harm."""
    body = anna.launch("r1", now)
    assert (await refused(body, {**chain.sign(body), "Signature-256": signature})).status == 400


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://s3.amazonaws.com/echo.api/cert.pem", "https://s3.amazonaws.com/echo.api/cert.pem"),
        ("HTTPS://S3.AmazonAWS.com:443/echo.api/cert.pem", "https://s3.amazonaws.com/echo.api/cert.pem"),
        ("https://s3.amazonaws.com/echo.api/../echo.api/cert.pem", "https://s3.amazonaws.com/echo.api/cert.pem"),
    ],
)
def test_amazons_urls_have_one_form(url, fetched):
    """What is fetched is the form that was checked."""
    assert checked_url(url) == fetched


@pytest.mark.parametrize(
    "url",
    [
        "",
        "badUrl",
        "http://s3.amazonaws.com/echo.api/cert.pem",
        "https://very.bad/echo.api/cert.pem",
        "https://s3.amazonaws.com.evil.test/echo.api/cert.pem",
        "https://s3.amazonaws.com@evil.test/echo.api/cert.pem",
        "https://user:pass@s3.amazonaws.com/echo.api/cert.pem",
        "https://s3.amazonaws.com:563/echo.api/cert.pem",
        "https://s3.amazonaws.com:/echo.api/cert.pem",
        "https://s3.amazonaws.com/cert.pem",
        "https://s3.amazonaws.com/echo.api/",
        "https://s3.amazonaws.com/echo.api/../cert.pem",
        "https://s3.amazonaws.com/ECHO.API/cert.pem",
        "https://s3.amazonaws.com//echo.api/cert.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/cert.pem",
        "https://s3.amazonaws.com/echo.api/..%2fcert.pem",
        "https://s3.amazonaws.com/echo.api\\..\\cert.pem",
        "https://s3.amazonaws.com/echo.api/cert.pem?x=1",
        "https://s3.amazonaws.com/echo.api/cert.pem#x",
        "https://s3.amazonaws.com/echo.api/cert.pem\n",
        " https://s3.amazonaws.com/echo.api/cert.pem",
        "https://s3.amazonaws.com/echo.api/сert.pem",
    ],
)
def test_other_urls_are_refused_before_anything_is_fetched(url):
    """The allow-list leaves no room for two readings of one URL."""
    with pytest.raises(Theirs) as error:
        checked_url(url)
    assert error.value.code == "certificate_url"


async def test_nothing_is_fetched_for_a_strangers_url(refused, downloads, chain, limits, anna, now):
    """A request cannot make the host call an address of its choice."""
    fetch = downloads([chain.bundle])
    own = Certificates(fetch, [chain.root], limits.certificate)
    body = anna.launch("r1", now)
    await refused(body, chain.sign(body, url="https://evil.test/echo.api/cert.pem"), certificates=own)
    assert fetch.urls == []


@pytest.mark.parametrize(
    "flaw",
    [
        {"names": ("echo-api.amazon.evil",)},
        {"names": ("*.amazon.com",)},
        {"names": ()},
        {"until": timedelta(days=-1)},
        {"since": timedelta(days=1)},
        {"signs": False},
        {"intermediate_until": timedelta(days=-1)},
        {"intermediate_is_ca": False},
        {"bits": 1024},
    ],
    ids=lambda flaw: next(iter(flaw)),
)
async def test_a_flawed_chain_is_refused(refused, limits, anna, now, flaw):
    """Another's name, a wild card, no name, expired, not yet valid, not for signatures, a false CA, a short key."""
    flawed = mint(now, **flaw)
    own = Certificates(flawed.fetch, [flawed.root], limits.certificate)
    body = anna.launch("r1", now)
    error = await refused(body, flawed.sign(body), certificates=own)
    assert (error.status, error.code) == (400, "certificate")


async def test_a_chain_to_a_stranger_is_refused(refused, chain, limits, anna, now):
    """A perfect chain whose root nobody trusts."""
    own = Certificates(chain.fetch, [mint(now).root], limits.certificate)
    body = anna.launch("r1", now)
    assert (await refused(body, chain.sign(body), certificates=own)).code == "certificate"


@pytest.mark.parametrize("bundle", [b"", b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
async def test_a_bundle_that_is_no_bundle_is_refused(refused, downloads, chain, limits, anna, now, bundle):
    """Whatever stands at Amazon's address, it must be certificates."""
    own = Certificates(downloads([bundle]), [chain.root], limits.certificate)
    body = anna.launch("r1", now)
    assert (await refused(body, chain.sign(body), certificates=own)).code == "certificate"


async def test_a_very_long_bundle_is_refused(refused, downloads, chain, limits, anna, now):
    """A bundle of many certificates is not walked."""
    own = Certificates(downloads([chain.bundle * 10]), [chain.root], limits.certificate)
    body = anna.launch("r1", now)
    assert (await refused(body, chain.sign(body), certificates=own)).code == "certificate"


async def test_a_cross_signed_tail_does_not_matter(check, downloads, limits, anna, now):
    """Amazon serves its root signed by another root as the last certificate: the trusted one is found all the same."""
    from cryptography.hazmat.primitives.serialization import Encoding

    ours, other = mint(now), mint(now)
    bundle = ours.bundle + other.intermediate.public_bytes(Encoding.PEM)
    own = Certificates(downloads([bundle]), [ours.root], limits.certificate)
    body = anna.launch("r1", now)
    assert await check(body, ours.sign(body), certificates=own)


async def test_a_bundle_is_fetched_once(check, downloads, chain, limits, anna, now):
    """A thousand turns need one download."""
    fetch = downloads([chain.bundle])
    own = Certificates(fetch, [chain.root], limits.certificate)
    for n in range(5):
        body = anna.launch(f"r{n}", now)
        await check(body, chain.sign(body), certificates=own)
    assert fetch.urls == [URL]


async def test_requests_at_once_share_one_download(check, downloads, chain, limits, anna, now):
    """A cold start under load asks Amazon once."""
    fetch = downloads([chain.bundle])
    own = Certificates(fetch, [chain.root], limits.certificate)
    bodies = [anna.launch(f"r{n}", now) for n in range(8)]
    await asyncio.gather(*(check(body, chain.sign(body), certificates=own) for body in bodies))
    assert len(fetch.urls) == 1


async def test_a_certificate_that_expires_in_the_cache_is_refused(check, refused, limits, anna, now):
    """The dates are looked at on every request, not only when the chain is read."""
    short = mint(now, until=timedelta(hours=1))
    own = Certificates(short.fetch, [short.root], limits.certificate)
    body = anna.launch("r1", now)
    assert await check(body, short.sign(body), certificates=own)
    later = now + timedelta(hours=2)
    body = anna.launch("r2", later)
    assert (await refused(body, short.sign(body), at=later, certificates=own)).code == "certificate"


async def test_an_intermediate_that_expires_in_the_cache_is_refused(check, refused, limits, anna, now):
    """Every certificate of the path has dates."""
    short = mint(now, intermediate_until=timedelta(hours=1))
    own = Certificates(short.fetch, [short.root], limits.certificate)
    body = anna.launch("r1", now)
    assert await check(body, short.sign(body), certificates=own)
    later = now + timedelta(hours=2)
    body = anna.launch("r2", later)
    assert (await refused(body, short.sign(body), at=later, certificates=own)).code == "certificate"


async def test_a_renewed_bundle_at_the_same_url_is_taken(check, downloads, limits, anna, now):
    """When the cached certificate is over, the file is fetched again."""
    short = mint(now, until=timedelta(hours=1))
    later = now + timedelta(hours=2)
    fresh = mint(later)
    own = Certificates(downloads([short.bundle, fresh.bundle]), [short.root, fresh.root], limits.certificate)
    body = anna.launch("r1", now)
    await check(body, short.sign(body), certificates=own)
    body = anna.launch("r2", later)
    assert await check(body, fresh.sign(body), at=later, certificates=own)


async def test_a_refused_bundle_is_not_fetched_again_at_once(refused, downloads, chain, limits, anna, now):
    """A stranger's requests do not become a stream of downloads; after a while it may be tried again."""
    fetch = downloads([b"rubbish"])
    own = Certificates(fetch, [chain.root], limits.certificate)
    body = anna.launch("r1", now)
    for seconds in (0, 1, limits.certificate.refused_seconds + 1):
        await refused(body, chain.sign(body), at=now + timedelta(seconds=seconds), certificates=own)
    assert len(fetch.urls) == 2


async def test_a_download_that_fails_is_upstreams_fault(check, downloads, chain, limits, anna, now):
    """502 for Amazon's storage being away, and the next try succeeds."""
    fetch = downloads([Upstream("away"), chain.bundle])
    own = Certificates(fetch, [chain.root], limits.certificate)
    body = anna.launch("r1", now)
    with pytest.raises(Upstream):
        await check(body, chain.sign(body), certificates=own)
    later = now + timedelta(seconds=limits.certificate.retry_seconds)
    assert await check(body, chain.sign(body), at=later, certificates=own)


async def test_the_cache_is_bounded(downloads, chain, limits, now):
    """Many URLs do not fill the memory, and the one in use can be had again."""
    own = Certificates(downloads([chain.bundle]), [chain.root], limits.certificate)
    for n in range(limits.certificate.cached * 3):
        await own.signer(checked_url(f"{URL}{n}"), now)
    assert len(own._signers) == limits.certificate.cached


@pytest.mark.parametrize("seconds", [-150, -10, 0, 10, 150])
async def test_a_fresh_request_is_accepted(check, chain, anna, now, seconds):
    """Clocks may differ by Amazon's 150 s."""
    body = anna.launch("r1", now + timedelta(seconds=seconds))
    assert await check(body, chain.sign(body))


@pytest.mark.parametrize("seconds", [-151, -86400, 151, 86400])
async def test_a_stale_or_future_request_is_refused(refused, chain, anna, now, seconds):
    """A captured request cannot be played again, nor one be kept for later."""
    body = anna.launch("r1", now + timedelta(seconds=seconds))
    error = await refused(body, chain.sign(body))
    assert (error.code, error.where) == ("timestamp", "/request/timestamp")


@pytest.mark.parametrize(("age", "accepted"), [(3600, True), (3601, False), (-151, False)])
async def test_events_about_the_skill_may_be_an_hour_late(check, chain, anna, now, age, accepted):
    """Amazon sends them again for up to an hour."""
    request = {"type": "AlexaSkillEvent.SkillDisabled", "requestId": "r1"}
    body = anna.body(request, now - timedelta(seconds=age))
    if accepted:
        assert await check(body, chain.sign(body))
    else:
        with pytest.raises(Theirs):
            await check(body, chain.sign(body))


@pytest.mark.parametrize("stamp", [None, "", "yesterday", "2026-11-23T09:00:00", True, [], 10**18])
async def test_a_request_without_a_real_time_is_refused(refused, chain, anna, now, stamp):
    """No time, or one without a zone, could be any time."""
    body = anna.body({"type": "LaunchRequest", "requestId": "r1", "timestamp": stamp}, now)
    assert (await refused(body, chain.sign(body))).where == "/request/timestamp"


async def test_milliseconds_since_1970_are_a_time_too(check, chain, anna, now):
    """Older interfaces send a number; it is as exact as a text."""
    stamp = int(now.timestamp() * 1000)
    body = anna.body({"type": "LaunchRequest", "requestId": "r1", "timestamp": stamp}, now)
    assert (await check(body, chain.sign(body))).at == now


async def test_another_skills_request_is_refused(refused, chain, anna, now):
    """Amazon signs for every skill; only our id is ours."""
    body = anna.launch("r1", now)
    error = await refused(body, chain.sign(body), skills=("amzn1.ask.skill.other",))
    assert error.code == "application"


@pytest.mark.parametrize("place", ["session", "context"])
async def test_each_application_id_is_checked(refused, chain, anna, now, place):
    """A request that names our skill in one place and another in the other is not ours."""
    raw = json.loads(anna.launch("r1", now))
    holder = raw["session"] if place == "session" else raw["context"]["System"]
    holder["application"]["applicationId"] = "amzn1.ask.skill.other"
    body = json.dumps(raw).encode()
    assert (await refused(body, chain.sign(body))).code == "application"


async def test_a_request_for_no_skill_is_refused(refused, chain, anna, now):
    """An envelope without any application id proves nothing about its skill."""
    raw = json.loads(anna.launch("r1", now))
    del raw["session"], raw["context"]["System"]["application"]
    body = json.dumps(raw).encode()
    assert (await refused(body, chain.sign(body))).code == "application"


async def test_a_huge_body_is_refused_first(refused, chain, limits):
    """413 before any work is done for it."""
    error = await refused(b" " * (limits.request.max_bytes + 1), {})
    assert (error.status, error.code) == (413, "too_large")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b"\xff\xfe", b'{"request":[]}', b"[" * 5000, b'{"request":null}']
)
async def test_signed_rubbish_is_a_clear_400(refused, chain, body):
    """Even a signed body is read with care."""
    assert (await refused(body, chain.sign(body))).status == 400


async def test_old_captures_fail(data, limits):
    """A real capture of 2019 fails for its missing SHA-256 signature, and for its expired certificate."""
    folder = data / "signed" / "nodejs-sdk-2019"
    body, bundle = (folder / "body.json").read_bytes(), (folder / "echo-api-cert-7.pem").read_bytes()
    old = {
        "SignatureCertChainUrl": "https://s3.amazonaws.com/echo.api/echo-api-cert-7.pem",
        "Signature": (folder / "signature-sha1.b64").read_text().strip(),
    }
    today = datetime(2026, 11, 23, tzinfo=UTC)
    await _must_fail(old, body, bundle, today, limits, "header")
    await _must_fail({**old, "Signature-256": old["Signature"]}, body, bundle, today, limits, "certificate")
    then = datetime(2019, 9, 1, tzinfo=UTC)
    await _must_fail({**old, "Signature-256": old["Signature"]}, body, bundle, then, limits, "signature")


async def _must_fail(headers, body, bundle, at, limits, code):
    from sayso.channels.alexa import trusted_roots

    async def fetch(url: str) -> bytes:
        return bundle

    own = Certificates(fetch, trusted_roots(), limits.certificate)
    with pytest.raises(Theirs) as error:
        await verify(headers, body, at, own, ("any",), limits.request)
    assert error.value.code == code


async def test_speakers_of_other_skills_make_other_bodies(chain, certificates, limits, now):
    """The skill id that is configured is the one that must be in the body."""
    other = Speaker("amzn1.ask.account.BOB", "amzn1.ask.skill.other")
    body = other.launch("r1", now)
    envelope = await verify(chain.sign(body), body, now, certificates, {other.skill}, limits.request)
    assert envelope.applications == (other.skill, other.skill)
