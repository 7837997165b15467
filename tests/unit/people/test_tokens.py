"""Customer tokens: believed only whole."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import Unauthorised
from sayso.model.event import Proof
from sayso.people.tokens import sign, verify

SECRET = "a-secret-of-the-merchant-of-32-b"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = {"sub": "anna", "aud": "bar", "exp": int(NOW.timestamp()) + 600}


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def made(claims: Any, header: Any = None, secret: str = SECRET) -> str:
    """A token signed by hand."""
    body = f"{part(header or {'alg': 'HS256'})}.{part(claims)}"
    mac = hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def refusal(token: str, now: datetime = NOW) -> str:
    with pytest.raises(Unauthorised) as found:
        verify(token, SECRET, "bar", now=now)
    assert found.value.mend
    assert SECRET not in found.value.text + found.value.mend
    return found.value.text


def test_a_signed_token_is_a_linked_proof() -> None:
    """The merchant vouches for its customer."""
    token = sign("anna", SECRET, "bar", now=NOW)
    assert verify(token, SECRET, "bar", now=NOW) == Proof("linked", "bar", "anna")


def test_a_token_of_another_library_is_accepted() -> None:
    """RFC 7515's form, with an audience list."""
    assert verify(made(GOOD | {"aud": ["else", "bar"]}), SECRET, "bar", now=NOW).subject == "anna"


def test_the_vector_of_rfc_7515_verifies() -> None:
    """Appendix A.1: the signature is right; only its claims are not for us."""
    token = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
        "LmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    key = base64.urlsafe_b64decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
    )
    body, _, signature = token.rpartition(".")
    mac = hmac.new(key, body.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(mac).rstrip(b"=").decode() == signature


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        (GOOD | {"aud": "else"}, "for somebody else"),
        ({"sub": "anna", "exp": GOOD["exp"]}, "for somebody else"),
        ({"sub": "anna", "aud": "bar"}, "has no end"),
        (GOOD | {"exp": "soon"}, "has a bad exp"),
        (GOOD | {"exp": True}, "has a bad exp"),
        (GOOD | {"exp": 1e300}, "has a bad exp"),
        (GOOD | {"exp": int(NOW.timestamp()) - 61}, "has expired"),
        (GOOD | {"exp": int(NOW.timestamp()) + 32 * 86400}, "valid for too long"),
        (GOOD | {"nbf": int(NOW.timestamp()) + 3600}, "not valid yet"),
        (GOOD | {"sub": ""}, "names nobody"),
        (GOOD | {"sub": 7}, "names nobody"),
        (GOOD | {"sub": "x" * 256}, "names nobody"),
        (["anna"], "is not JSON"),
    ],
)
def test_claims_that_do_not_hold_are_refused(claims: Any, why: str) -> None:
    """With what to set instead."""
    assert why in refusal(made(claims))


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "not a compact JWS"),
        ("a.b", "not a compact JWS"),
        ("a.b.c.d", "not a compact JWS"),
        ("x" * 5000 + ".b.c", "not a compact JWS"),
        (made(GOOD, secret="another-secret-another-secret-!!"), "wrong signature"),
        (made(GOOD).rpartition(".")[0] + ".", "wrong signature"),
        (made(GOOD)[:-1] + "é", "wrong signature"),
        (f"{part({'alg': 'none'})}.{part(GOOD)}.", "wrong signature"),
        (made(GOOD, {"alg": "none"}), "not signed with HS256"),
        (made(GOOD, {"alg": "HS512"}), "not signed with HS256"),
        (made(GOOD, {"alg": "HS256", "crit": ["b64"]}), "not signed with HS256"),
    ],
)
def test_anything_but_our_signature_is_refused(token: str, why: str) -> None:
    """No other algorithm, none at all, or another's secret."""
    assert why in refusal(token)


def test_clocks_may_differ_by_a_minute() -> None:
    """Not by more."""
    token = sign("anna", SECRET, "bar", now=NOW, valid=timedelta(minutes=5))
    assert verify(token, SECRET, "bar", now=NOW + timedelta(minutes=6)).subject == "anna"
    assert "expired" in refusal(token, NOW + timedelta(minutes=6, seconds=1))


def test_a_short_secret_signs_nothing() -> None:
    """It could be guessed."""
    with pytest.raises(ValueError, match="16 bytes"):
        sign("anna", "short", "bar", now=NOW)


@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    """Nothing but Unauthorised comes of whatever is sent."""
    with pytest.raises(Unauthorised):
        verify(text, SECRET, "bar", now=NOW)


@given(position=st.integers(0, 200), character=st.characters(codec="ascii"))
def test_no_altered_token_is_believed(position: int, character: str) -> None:
    """One character elsewhere than in the last one's spare bits."""
    token = sign("anna", SECRET, "bar", now=NOW)
    place = position % (len(token) - 1)
    altered = token[:place] + character + token[place + 1 :]
    if altered != token:
        refusal(altered)
