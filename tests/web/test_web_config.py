"""Configuration, tokens and rates: the small parts that need no application."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sayso.errors import Unauthorised
from sayso.understanding import Prices
from sayso.web.config import SETTINGS, BadConfig, Config, read, table
from sayso.web.config_model import endpoints
from sayso.web.rate import Rate
from sayso.web.tokens import Signer

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_nothing_set_is_the_default() -> None:
    """An empty environment is a working configuration."""
    assert read({}) == Config()


def test_values_are_typed() -> None:
    """Each variable becomes its field's type."""
    found = read({"SAYSO_PORT": "9000", "SAYSO_DEMO": "yes", "SAYSO_DATA": "/x", "SAYSO_HOSTS": "a.example, b.example"})
    assert (found.port, found.demo, found.data) == (9000, True, Path("/x"))
    assert found.hosts == ("a.example", "b.example")


def test_every_bad_value_is_told_at_once() -> None:
    """One start shows all that is wrong, each with what to write."""
    bad = {"SAYSO_PORT": "http", "SAYSO_DEMO": "maybe", "SAYSO_TRUSTED_PROXIES": "everybody", "SAYSO_PROT": "1"}
    with pytest.raises(BadConfig) as caught:
        read(bad)
    assert len(caught.value.faults) == 4
    assert any("Did you mean SAYSO_PORT?" in fault for fault in caught.value.faults)


def test_a_short_secret_is_refused_and_not_repeated() -> None:
    """The message says how to make one; it does not show the one that was given."""
    with pytest.raises(BadConfig) as caught:
        read({"SAYSO_SECRET": "hunter2", "SAYSO_ADMIN_KEY": "hunter3"})
    assert "hunter" not in str(caught.value)
    assert "openssl rand" in str(caught.value)


def test_a_model_needs_an_endpoint() -> None:
    """A model's name alone cannot be called."""
    with pytest.raises(BadConfig, match="OPENAI_API_KEY"):
        read({"SAYSO_MODEL": "gpt"})
    assert read({"SAYSO_MODEL": "small", "OPENAI_BASE_URL": "http://localhost:1/v1"}).model == "small"


def test_secrets_are_not_shown() -> None:
    """A configuration can be printed."""
    shown = repr(read({"SAYSO_SECRET": "s" * 32, "SAYSO_ADMIN_KEY": "k" * 32, "OPENAI_API_KEY": "o" * 32}))
    assert not any(letter * 32 in shown for letter in "sko")


def test_the_table_has_every_setting() -> None:
    """The README's table is made of the same list; each row fills a field that exists."""
    names = {field.name for field in fields(Config)}
    assert {setting.field for setting in SETTINGS} <= names
    assert all(f"`{setting.name}`" in table() for setting in SETTINGS)


def test_a_secret_can_be_rotated() -> None:
    """What the old secret signed is accepted while it is listed after the new one."""
    token = Signer(("old" * 12,)).sign("conversation", {"c": "1"}, NOW + timedelta(days=1))
    assert Signer(("new" * 12, "old" * 12)).read("conversation", token, NOW)["c"] == "1"
    with pytest.raises(Unauthorised):
        Signer(("new" * 12,)).read("conversation", token, NOW)


def test_a_token_is_for_one_purpose() -> None:
    """A conversation's token is no staff key."""
    signer = Signer(("s" * 32,))
    with pytest.raises(Unauthorised):
        signer.read("staff", signer.sign("conversation", {}, NOW + timedelta(days=1)), NOW)


def test_a_changed_token_is_refused() -> None:
    """No byte of a token can be changed."""
    signer = Signer(("s" * 32,))
    token = signer.sign("staff", {"m": "bar"}, NOW + timedelta(days=1))
    for at in range(0, len(token), 7):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(Unauthorised):
            signer.read("staff", changed, NOW)


def test_a_rate_fills_up_again() -> None:
    """After the burst each key waits its share, and only its own."""
    rate = Rate(per_minute=60)
    assert [rate.wait("a", 0.0) for _ in range(30)] == [0.0] * 30
    assert rate.wait("a", 0.0) == pytest.approx(1.0)
    assert rate.wait("b", 0.0) == 0.0
    assert rate.wait("a", 1.01) == 0.0


def test_endpoints_of_regions_have_their_own_keys() -> None:
    """The first is OPENAI_BASE_URL's; a region without a key of its own has the general one."""
    given = {
        "SAYSO_MODEL": "small",
        "OPENAI_API_KEY": "general",
        "OPENAI_API_KEY_EU": "european",
        "SAYSO_MODEL_REGION": "us",
        "SAYSO_MODEL_REGIONS": "eu=https://eu.example/v1, asia=https://asia.example/v1",
        "SAYSO_MODEL_PRICES": "0.15 0.075 0.60",
    }
    found = {each.region: each for each in endpoints(read(given))}
    assert list(found) == ["us", "eu", "asia"]
    assert [found[region].api_key for region in found] == ["general", "european", "general"]
    assert found["eu"].prices == Prices(0.15, 0.6, 0.075)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAYSO_MODEL_DIALECT", "klingon"),
        ("SAYSO_MODEL_PRICES", "cheap"),
        ("SAYSO_MODEL_REGIONS", "eu"),
        ("SAYSO_MODEL_EXTRA", "[1]"),
    ],
)
def test_what_is_said_about_models_is_checked(name: str, value: str) -> None:
    """With what to write instead."""
    with pytest.raises(BadConfig, match="write"):
        read({name: value})
