"""Who is let in: each kind of proof, and every way in which it can be wrong."""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx
import pytest

from sayso.channels.dialogflow import GoogleKeys, Received, fetching
from sayso.errors import Forbidden, NotFound, Theirs, Unauthorised, Upstream
from sayso.testing.dialogflow import google

AUDIENCE = "https://bots.example/v1/dialogflow/cx/bar"
EMAIL = "service-42@gcp-sa-dialogflow.iam.gserviceaccount.com"
HEADER = {"auth_kind": "header", "auth_header": "X-Bar-Key", "auth_secret": "env:BAR_KEY"}
GOOGLE = {"auth_kind": "google", "auth_audience": AUDIENCE, "auth_email": EMAIL}


@pytest.fixture
def enter(door, cx, now):
    """Post a good request with these headers to the bar."""

    async def run(artefact, headers, at=now):
        return await door.receive("cx", headers, cx.say("r1", "two lattes"), at, artefact)

    return run


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


async def test_the_password_lets_in(enter, artefact):
    """User name and password as RFC 7617 has them, the header's name in any case."""
    assert isinstance(await enter(artefact, basic("dialogflow", "correct horse battery")), Received)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer abc"},
        {"Authorization": "Basic é"},
        basic("dialogflow", "wrong"),
        basic("somebody", "correct horse battery"),
        basic("", ""),
        {"X-Bar-Key": "0123456789abcdef"},
    ],
)
async def test_a_wrong_password_is_refused(enter, artefact, headers):
    """401, which CX turns into webhook.error.rejected."""
    with pytest.raises(Unauthorised):
        await enter(artefact, headers)


async def test_nothing_is_parsed_before_its_sender_is_known(door, artefact, now):
    """A stranger learns nothing about what a body should be."""
    with pytest.raises(Unauthorised):
        await door.receive("cx", {}, b"{not json", now, artefact)


async def test_a_secret_header_lets_in(enter, with_settings):
    """Exactly the secret, in the header that the manifest names."""
    bar = with_settings(**HEADER)
    assert isinstance(await enter(bar, {"x-bar-key": "0123456789abcdef"}), Received)
    for wrong in ("", "0123456789abcde", "0123456789abcdefg", "é"):
        with pytest.raises(Unauthorised):
            await enter(bar, {"X-Bar-Key": wrong})


@pytest.mark.parametrize("variable", ["BAR_MISSING", "BAR_SHORT"])
async def test_a_channel_without_a_good_secret_is_closed(cx, limits, with_settings, now, variable):
    """An absent or short secret opens nothing, not even to an empty header; the owner is told which variable."""
    from sayso.channels.dialogflow import Door

    closed = Door(None, limits, environment={"BAR_SHORT": "short"})
    bar = with_settings(**{**HEADER, "auth_secret": f"env:{variable}"})
    for given in ("", "short"):
        with pytest.raises(Forbidden, match="closed") as refused:
            await closed.receive("cx", {"X-Bar-Key": given}, cx.say("r1", "hi"), now, bar)
        assert variable in refused.value.mend and "short" not in refused.value.mend


async def test_a_merchant_without_an_agent_is_not_found(door, cx, artefact, now):
    """The other channels of a merchant do not open this one."""
    from dataclasses import replace

    bare = replace(artefact, merchant=replace(artefact.merchant, channels=()))
    with pytest.raises(NotFound):
        await door.receive("cx", basic("dialogflow", "correct horse battery"), cx.say("r1", "hi"), now, bare)


async def test_a_channel_without_any_proof_is_closed(enter, with_settings):
    """There is no open door: a manifest without `auth` is refused by the check, and by the host."""
    with pytest.raises(Forbidden):
        await enter(with_settings(), {})


def claims(now, **other):
    made = {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "email": EMAIL,
        "email_verified": True,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
    }
    return {**made, **other}


async def test_a_token_of_the_service_agent_lets_in(enter, with_settings, signer, now):
    """Signed by Google, for this address, by the service agent that the manifest names."""
    headers = {"Authorization": f"Bearer {signer.token(claims(now))}"}
    assert isinstance(await enter(with_settings(**GOOGLE), headers), Received)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"iss": "https://evil.example"}, 401),
        ({"aud": "https://bots.example/v1/dialogflow/cx/other"}, 401),
        ({"aud": [AUDIENCE]}, 401),
        ({"exp": None}, 401),
        ({"exp": "later"}, 401),
        ({"exp": 1}, 401),
        ({"iat": 99_999_999_999}, 401),
        ({"email": "anybody@gmail.com"}, 403),
        ({"email_verified": "true"}, 403),
        ({"email_verified": False}, 403),
    ],
)
async def test_a_token_that_proves_something_else_is_refused(enter, with_settings, signer, now, changed, status):
    """Anybody can have a token of Google's: who it is for, whose it is and when it ends are all checked."""
    with pytest.raises(Theirs) as refused:
        await enter(with_settings(**GOOGLE), {"Authorization": f"Bearer {signer.token(claims(now, **changed))}"})
    assert refused.value.status == status


OTHER_HEADERS = [{"alg": "none"}, {"alg": "HS256"}, {"kid": None}, {"kid": "other"}, {"crit": ["x"]}]


@pytest.mark.parametrize("header", OTHER_HEADERS)
async def test_a_token_with_another_header_is_refused(enter, with_settings, signer, now, header):
    """One algorithm and a key that Google has."""
    with pytest.raises(Unauthorised):
        await enter(with_settings(**GOOGLE), {"Authorization": f"Bearer {signer.token(claims(now), **header)}"})


async def test_a_token_that_somebody_else_signed_is_refused(enter, with_settings, now):
    """The name of Google's key is not enough."""
    forged = google().token(claims(now))
    with pytest.raises(Unauthorised, match="signature"):
        await enter(with_settings(**GOOGLE), {"Authorization": f"Bearer {forged}"})


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "....", "e30.e30.", "é.é.é"])
async def test_what_is_no_token_is_refused(enter, with_settings, token):
    """Broken tokens are refused as such, not as our own fault."""
    with pytest.raises(Unauthorised):
        await enter(with_settings(**GOOGLE), {"Authorization": f"Bearer {token}"})


class Fetched:
    """A `Fetch` that counts; it gives the last of its answers for ever."""

    def __init__(self, *answers):
        self.answers, self.count = answers, 0

    async def __call__(self):
        self.count += 1
        answer = self.answers[min(self.count, len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_keys_are_fetched_once_and_again_when_they_are_old(signer, limits, now):
    """One fetch serves an hour of requests."""
    fetch = Fetched(signer.key_set())
    keys = GoogleKeys(fetch, limits.keys)
    for _ in range(3):
        assert (await keys(signer.kid, now)).public_numbers() == signer.private.public_key().public_numbers()
    assert fetch.count == 1
    await keys(signer.kid, now + timedelta(seconds=limits.keys.fresh_seconds + 1))
    assert fetch.count == 2


async def test_unknown_keys_do_not_become_a_stream_of_fetches(signer, limits, now):
    """A stranger's tokens with invented key ids cost one fetch in a while."""
    fetch = Fetched(signer.key_set())
    keys = GoogleKeys(fetch, limits.keys)
    for serial in range(20):
        with pytest.raises(Unauthorised):
            await keys(f"invented-{serial}", now)
    assert fetch.count == 1


async def test_known_keys_are_believed_while_google_cannot_be_reached(signer, limits, now):
    """A day at most; without any keys the request fails as an upstream's fault."""
    keys = GoogleKeys(Fetched(signer.key_set(), Upstream("down")), limits.keys)
    await keys(signer.kid, now)
    assert await keys(signer.kid, now + timedelta(hours=20))
    with pytest.raises(Unauthorised):
        await keys(signer.kid, now + timedelta(hours=30))
    with pytest.raises(Upstream):
        await GoogleKeys(Fetched(Upstream("down")), limits.keys)(signer.kid, now)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys":[{"kty":"RSA"}]}', b'{"keys":[1]}'])
async def test_a_broken_key_set_is_googles_fault(body, limits, now):
    """What cannot be read is an upstream's failure, not a refusal of the agent."""
    with pytest.raises(Upstream):
        await GoogleKeys(Fetched(body), limits.keys)("any", now)


async def test_the_download_has_limits(limits):
    """Another status, too much, or no connection: an upstream's failure each time."""
    answers = {200: b"x" * (limits.keys.max_bytes + 1), 404: b"", 302: b""}
    for status, content in answers.items():
        transport = httpx.MockTransport(lambda request, s=status, c=content: httpx.Response(s, content=c))
        async with httpx.AsyncClient(transport=transport) as client:
            with pytest.raises(Upstream):
                await fetching(client, limits.keys)()
