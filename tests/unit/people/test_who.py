"""PINs, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.errors import Forbidden, Theirs
from sayso.people.pins import LockOut, Tries, after, digest, locked, matches
from sayso.people.principals import MAY, Principal, Resource, authorize

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SALT = bytes(16)
RULE = LockOut(3, timedelta(minutes=15))


def test_a_pin_matches_its_digest_however_it_was_said() -> None:
    """Digits with spaces between them are the same PIN."""
    stored = digest("4711", SALT)
    assert matches("4 7 1 1", stored)
    assert not matches("4712", stored)


def test_a_digest_does_not_show_the_pin() -> None:
    """Another salt is another digest."""
    assert "4711" not in digest("4711", SALT)
    assert digest("4711", SALT) != digest("4711", bytes([1]) * 16)


@pytest.mark.parametrize("stored", ["", "scrypt", "scrypt$1$1$1$!!$!!", "plain$16384$8$1$AA==$AA==", "a$b$c$d$e$f"])
def test_a_broken_digest_matches_nothing(stored: str) -> None:
    """And raises nothing."""
    assert not matches("4711", stored)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "abcd", "١٢٣٤"])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    """Four to eight digits."""
    with pytest.raises(Theirs):
        digest(pin, SALT)


def test_three_misses_lock_for_a_while() -> None:
    """Then a new count begins."""
    tries = Tries()
    for _ in range(3):
        assert not locked(tries, RULE, NOW)
        tries = after(tries, False, RULE, NOW)
    assert locked(tries, RULE, NOW + timedelta(minutes=14))
    later = NOW + timedelta(minutes=15)
    assert not locked(tries, RULE, later)
    assert after(tries, False, RULE, later) == Tries(1, later)


def test_a_hit_forgets_the_misses() -> None:
    """Misses in a row are counted."""
    assert after(Tries(2, NOW), True, RULE, NOW) == Tries()


ANNA = Principal("customer", "bar", "anna")
FLOOR = Principal("staff", "bar", "bo", frozenset({"floor"}))
MANAGER = Principal("staff", "bar", "mo", frozenset({"manager"}))
KEY = Principal("merchant_key", "bar", "site")
ADMIN = Principal("admin", "", "root")


@pytest.mark.parametrize(
    ("principal", "action", "owner", "allowed"),
    [
        (ANNA, "talk", "anna", True),
        (ANNA, "talk", "ben", False),
        (ANNA, "talk", "", False),
        (ANNA, "read_trace", "anna", False),
        (ANNA, "switch", "", False),
        (FLOOR, "switch", "", True),
        (FLOOR, "read_conversation", "anna", False),
        (MANAGER, "read_conversation", "anna", True),
        (MANAGER, "publish", "", True),
        (KEY, "publish", "", True),
        (KEY, "talk", "anna", False),
        (ADMIN, "publish", "", True),
        (ADMIN, "talk", "anna", False),
        (ADMIN, "fly", "", False),
        (Principal("ghost", "bar", "x"), "talk", "x", False),
    ],
)
def test_the_table_decides(principal: Principal, action: str, owner: str, allowed: bool) -> None:
    """What no row allows is refused, with a text for whoever asked."""
    resource = Resource("thing", "bar", "1", owner)
    if allowed:
        authorize(principal, action, resource)
        return
    with pytest.raises(Forbidden) as found:
        authorize(principal, action, resource)
    assert found.value.mend


@pytest.mark.parametrize("action", sorted(MAY))
@pytest.mark.parametrize("principal", [ANNA, FLOOR, MANAGER, KEY, Principal("staff", "", "x", MANAGER.roles)])
def test_nobody_reaches_another_merchant(principal: Principal, action: str) -> None:
    """Whatever the action, and also for one without a merchant."""
    for merchant in ("other", ""):
        with pytest.raises(Forbidden):
            authorize(principal, action, Resource("thing", merchant, "1", principal.name))
