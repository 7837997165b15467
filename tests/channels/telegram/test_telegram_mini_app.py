"""A mini app's initData: the published vectors hold, anything changed does not."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.contract import Forbidden
from sayso.channels.telegram.mini_app import init_data, init_data_of

TOKEN, AT = "5768337691:AA", datetime(2026, 11, 23, 9, tzinfo=UTC)


def minted(fields, token=TOKEN):
    signed = "\n".join(f"{k}={v}" for k, v in sorted(fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()})


GOOD = {"user": '{"id": 77}', "auth_date": str(int(AT.timestamp())), "signature": "abc", "query_id": "é+ &="}


@pytest.fixture(scope="module")
def vectors(fixtures):
    return {each["id"]: each for each in json.loads((fixtures / "signatures" / "vectors.json").read_text())}


def test_the_published_hash_holds(vectors):
    """Telegram Mini Apps' own example, at its time."""
    vector = vectors["tg-initdata-docs"]
    fields = init_data(vector["init_data"], vector["bot_token"], datetime(2022, 9, 10, 12, tzinfo=UTC))
    assert json.loads(fields["user"])["id"] == 279058397


def test_the_published_signature_holds(vectors):
    """The same by Telegram's key, without the token."""
    vector = vectors["tg-initdata-ed25519"]
    at = datetime.fromtimestamp(1733584787, UTC)
    fields = init_data_of(vector["init_data"], str(vector["bot_id"]), at, vector["public_key_hex"])
    assert json.loads(fields["user"])["username"] == "vdkfrost"
    with pytest.raises(Forbidden):
        init_data_of(vector["init_data"], "7342037358", at)


def test_ours_hold_for_a_day():
    """Any characters; a signature stays in what the hash covers; after a day it is too old."""
    assert init_data(minted(GOOD), TOKEN, AT)["query_id"] == "é+ &="
    for later in (timedelta(days=1, seconds=1), timedelta(minutes=-2)):
        with pytest.raises(Forbidden):
            init_data(minted(GOOD), TOKEN, AT + later)


@given(st.text(max_size=60) | st.integers(0, 200).map(lambda at: minted(GOOD)[:at] + "x" + minted(GOOD)[at + 1 :]))
def test_anything_else_is_refused(said):
    """A changed character, another token, no fields, a field twice."""
    for check in (lambda: init_data(said, TOKEN, AT), lambda: init_data_of(said, "5768337691", AT)):
        try:
            fields = check()
        except Forbidden:
            continue
        assert fields == {k: v for k, v in GOOD.items() if k != "signature"}


def test_refusals_told_apart():
    """Each way to be wrong."""
    for said in ("", minted(GOOD, "other:token"), minted(GOOD) + "&user=2", urlencode(GOOD), "hash=é"):
        with pytest.raises(Forbidden):
            init_data(said, TOKEN, AT)
