"""What every channel must do, as checks that its author runs: ours and those of other packages alike.

    from sayso.testing.channels import Trial, account, checks

    TRIAL = Trial(channel, account("pigeon", "loft-1", {"app_secret": "env:SECRET"}, {"SECRET": "s"}), sign, BODIES)

    @pytest.mark.parametrize("check", checks(TRIAL), ids=lambda check: check.__name__)
    def test_contract(check):
        check(TRIAL)

`sign` makes the request that the platform would make of a body; `BODIES` are bodies that it sends, one of each kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.channels.compiler import Part, compile_message
from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Attaching,
    Call,
    Channel,
    ChannelSpec,
    Event,
    Inbound,
    MerchantSpec,
    Outcome,
    Pushing,
    Request,
    Responding,
    Theirs,
)
from sayso.testing.messages import MESSAGES, WHERE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN_BYTES = 18
"""A button's value: what a channel must hold at least."""
OUTCOMES = frozenset({"sent", "retry", "failed", "window", "opted_out", "token", "unknown"})
STATES = frozenset({"sent", "delivered", "read", "failed"})

Check = Callable[["Trial"], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A channel to be checked. `signs_body`: the proof covers the body's bytes. `valid` is told each call that sends a
    message, and raises where the platform would refuse it; `to` is an address of the platform's kind."""

    channel: Channel
    account: Account
    sign: Callable[[bytes], Request]
    bodies: Sequence[bytes]
    signs_body: bool = True
    valid: Callable[[Call], None] = lambda call: None
    to: Address = field(default_factory=lambda: Address("491511234567", "p1", now=NOW))
    examples: int = 60

    def receive(self, request: Request) -> Inbound:
        return self.channel.receive(request, self.account, NOW)


def account(
    channel: str,
    id: str,
    given: Mapping[str, str | int | bool] | None = None,
    environment: Mapping[str, str] | None = None,
    languages: tuple[str, ...] = ("en", "nl"),
) -> Account:
    """A small merchant's account on the channel, with these settings and this environment."""
    spec = ChannelSpec(channel, id, given or {})
    merchant = MerchantSpec("bar", {"en": "Bar", "nl": "Bar"}, languages, "EUR", "NL", "Europe/Amsterdam", {}, ())
    return Account(replace(merchant, channels=(spec,)), spec, environment or {}, "https://shop.example")


def checks(trial: Trial) -> tuple[Check, ...]:
    """The checks for what the channel is: each raises AssertionError with what is wrong."""
    found: list[Check] = [capabilities_are_sane, unsigned_is_refused, nothing_known_is_nothing_broken]
    found += [events_are_whole, unknown_fields_change_nothing, anything_may_come]
    if isinstance(trial.channel, Pushing):
        found += [every_part_is_sent, every_answer_has_an_outcome]
    if isinstance(trial.channel, Responding):
        found += [every_message_is_answered]
    if isinstance(trial.channel, Attaching):
        found += [files_come_from_the_platform]
    return tuple(found)


def check_channel(trial: Trial) -> None:
    """All checks at once; the first that fails raises."""
    for check in checks(trial):
        check(trial)


def capabilities_are_sane(trial: Trial) -> None:
    """What is offered has room for what it needs: a label, a value, a row's title."""
    caps = trial.channel.capabilities
    assert caps.channel == trial.channel.name, "capabilities.channel is the channel's name"
    assert caps.delivery == ("push" if isinstance(trial.channel, Pushing) else "response"), (
        "delivery and methods differ"
    )
    assert isinstance(trial.channel, Pushing | Responding), "a channel has wire and outcome, or respond"
    assert caps.text >= 100, "text is the longest text of a message"
    needs = {
        "buttons": caps.button_label,
        "url_buttons": caps.button_label,
        "quick": caps.quick_label,
        "list_rows": min(caps.row_title, caps.list_label),
        "cards": min(caps.card_title, caps.card_actions),
    }
    for name, room in needs.items():
        assert not getattr(caps, name) or room > 0, f"{name} needs the length of its labels"
    for name in ("button_value_bytes", "row_value_bytes"):
        most = getattr(caps, name)
        assert not most or most >= TOKEN_BYTES, f"{name}: a token of ours has {TOKEN_BYTES} bytes"
    assert caps.rate_per_s > 0 and caps.burst >= 1 and caps.parts >= 1 and caps.deadline_s > 0, "rates are positive"
    assert all("/" not in host and host == host.lower() for host in caps.hosts), "hosts are names"


def unsigned_is_refused(trial: Trial) -> None:
    """Without its proof, with a wrong one and with another body than the one that is signed: 400, 401 or 403."""
    for body in trial.bodies:
        signed = trial.sign(body)
        bare = replace(signed, headers={k: v for k, v in signed.headers.items() if k == "content-type"}, query={})
        wrong = replace(signed, headers={k: v if k == "content-type" else f"x{v}" for k, v in signed.headers.items()})
        forged = [bare, replace(wrong, query={k: f"x{v}" for k, v in signed.query.items()})]
        if trial.signs_body:
            forged.append(replace(signed, body=body + b" "))
        for request in forged:
            assert _refused(trial, request) in (400, 401, 403), f"an unproven request is taken: {request}"


def _refused(trial: Trial, request: Request) -> int:
    """The status of the refusal, 0 for none."""
    try:
        trial.receive(request)
    except Theirs as error:
        return error.status
    return 0


def nothing_known_is_nothing_broken(trial: Trial) -> None:
    """On a host that lacks the secrets the door says what to set."""
    ignorant = replace(trial, account=replace(trial.account, environment={}))
    if any(str(value).startswith("env:") for value in trial.account.spec.settings.values()):
        for body in trial.bodies:
            assert 400 <= _refused(ignorant, trial.sign(body)) < 600, "without its secret nothing is proven"


def events_are_whole(trial: Trial) -> None:
    """Ids are there, short and the same every time; whose event it is is told; reports name a state."""
    for body in trial.bodies:
        first, second = trial.receive(trial.sign(body)), trial.receive(trial.sign(body))
        assert [event.id for event in first.events] == [event.id for event in second.events], "ids change"
        assert len({event.id for event in first.events}) == len(first.events), "two events of one request share an id"
        for event in first.events:
            _whole(trial, event)
        assert all(report.state in STATES for report in first.reports), f"a report's state is one of {sorted(STATES)}"


def _whole(trial: Trial, event: Event) -> None:
    assert 0 < len(event.id) <= 512 and 0 < len(event.conversation) <= 256, f"an id is missing or long: {event}"
    given = (event.channel, event.account, event.merchant)
    wanted = (trial.channel.name, trial.account.id, trial.account.merchant.id)
    assert given == wanted, f"channel, account, merchant: {given}, not {wanted}"
    assert event.at == NOW, "`at` is when it was received"
    assert event.deadline_s > 0, "a turn has a deadline"


def unknown_fields_change_nothing(trial: Trial) -> None:
    """Platforms add fields without notice."""
    for body in trial.bodies:
        grown = _grown(body)
        if grown is None:
            continue
        was, now = trial.receive(trial.sign(body)), trial.receive(trial.sign(grown))
        assert [e.body for e in was.events] == [e.body for e in now.events], f"an unknown field changes {body!r}"


def _grown(body: bytes) -> bytes | None:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return orjson.dumps(_with_more(data))


def _with_more(data: Any) -> Any:
    if isinstance(data, dict):
        return {**{key: _with_more(value) for key, value in data.items()}, "x_new_field": {"y": [1, None]}}
    return [_with_more(each) for each in data] if isinstance(data, list) else data


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12) | st.sampled_from(["", "0", "-1", "\x00", "2026-11-23", "a" * 400]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=5,
)  # fmt: skip


def anything_may_come(trial: Trial) -> None:
    """Whatever stands in a proven request, `receive` gives an Inbound or raises Theirs; what it gives is whole."""
    bodies = st.sampled_from([*trial.bodies, b"{}", b"[]", b""])

    @settings(max_examples=trial.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies.flatmap(spoilt) | st.binary(max_size=60))
    def fuzz(body: bytes) -> None:
        try:
            found = trial.receive(trial.sign(body))
        except Theirs:
            return
        for event in found.events:
            _whole(trial, event)
            json.dumps(repr(event)).encode()

    fuzz()


def spoilt(body: bytes) -> st.SearchStrategy[bytes]:
    """The body with one or two of its values changed to anything; a body that is no JSON with a byte changed."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return st.tuples(st.integers(0, max(len(body) - 1, 0)), st.binary(max_size=2)).map(
            lambda at: body[: at[0]] + at[1] + body[at[0] + 1 :]
        )
    paths = list(_paths(data))
    changes = st.lists(st.tuples(st.sampled_from(paths), JUNK), min_size=1, max_size=2)
    return changes.map(lambda made: _dumped(data, made))


def _dumped(data: Any, made: Sequence[tuple[tuple[Any, ...], Any]]) -> bytes:
    for path, junk in made:
        data = _changed(data, path, junk)
    return json.dumps(data).encode()


def _paths(data: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield before
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from _paths(value, (*before, key))


def _changed(data: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    key, rest = path[0], path[1:]
    if isinstance(data, dict) and key in data:
        return {**data, key: _changed(data[key], rest, junk)}
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return [*data[:key], _changed(data[key], rest, junk), *data[key + 1 :]]
    return data


def every_part_is_sent(trial: Trial) -> None:
    """Any message: each part of its plan is one valid HTTPS call that has all of its words, tokens and addresses; the
    same part gives the same call."""
    channel = trial.channel
    assert isinstance(channel, Pushing)

    @settings(max_examples=trial.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(MESSAGES)
    def sends(message: Any) -> None:
        for place, part in enumerate(compile_message(message, channel.capabilities, WHERE).parts):
            to = replace(trial.to, part=f"p{place}", language=message.language)
            call = channel.wire(part, to, trial.account)
            assert call == channel.wire(part, to, trial.account), "the same part gives two calls"
            assert call.method in ("POST", "PUT") and call.url.startswith("https://"), f"no call: {call.url}"
            lost = [each for each in _wanted(part) if each not in _texts(call)]
            assert not lost, f"the call lacks {lost}: {call.body!r}"
            trial.valid(call)

    sends()


def _wanted(part: Part) -> Iterator[str]:
    """What a customer must get of a part."""
    yield part.text
    yield part.title
    for tile in part.tiles:
        yield tile.title
    buttons = (*part.buttons, *part.quick, *(b for tile in part.tiles for b in tile.buttons))
    for button in buttons:
        yield from (button.label, button.value)
    for row in part.rows:
        yield from (row.title, row.value)


def _texts(call: Call) -> str:
    """All that the call says: its JSON's strings, or its form's values."""
    try:
        return "\n".join(_strings(orjson.loads(call.body)))
    except orjson.JSONDecodeError:
        return "\n".join(value for _, value in parse_qsl(call.body.decode()))


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for each in inside:
        yield from _strings(each)


def every_answer_has_an_outcome(trial: Trial) -> None:
    """Any status and any body of the platform's answer: an outcome, never an error; a success is no failure."""
    channel = trial.channel
    assert isinstance(channel, Pushing)
    bodies = [b"", b"{}", b"[]", b"null", b"<html>", b"\xff\xfe", b'{"error": 7}', b'{"ok": false, "parameters": 1}']
    for status in (*range(200, 600),):
        for body in bodies:
            found = channel.outcome(status, {}, body)
            assert isinstance(found, Outcome) and found.state in OUTCOMES, f"{status} {body!r}: {found}"
            assert found.after_s >= 0, f"{status}: a wait is not negative"
            assert status < 400 or found.state != "sent" or status == 409, f"{status} is told as sent"
    assert channel.outcome(429, {"retry-after": "7"}, b"{}").state in ("retry", "window", "failed"), "429 is a wait"


def files_come_from_the_platform(trial: Trial) -> None:
    """A customer's file is fetched from a host that the platform owns, or not at all: what goes there has secrets."""
    channel = trial.channel
    assert isinstance(channel, Attaching)
    bodies = [event.body for body in trial.bodies for event in trial.receive(trial.sign(body)).events]
    strange = [Attached(kind, handle) for kind in ("image", "contact", "sticker") for handle in STRANGE]
    for attached in (*(each for each in bodies if isinstance(each, Attached)), *strange):
        calls = [channel.attachment(attached, trial.account)]
        calls += [channel.attachment_at(answer, attached, trial.account) for answer in (b"", b"{}", b"[1]", b"\x89PNG")]
        for call in calls:
            parts = urlsplit(call.url) if call else None
            ours = parts is None or (parts.scheme == "https" and parts.hostname in channel.capabilities.hosts)
            assert ours or not (call and call.headers), f"a secret would go to {call}"


STRANGE = ("", "x", "../../etc", "https://evil.example/a", "https://evil.example@platform.example/a", "a b?c=d#e")
"""Handles that no platform gives."""


def every_message_is_answered(trial: Trial) -> None:
    """Any messages: a response."""
    channel = trial.channel
    assert isinstance(channel, Responding)
    events = [event for body in trial.bodies for event in trial.receive(trial.sign(body)).events]

    @settings(max_examples=trial.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(events), st.lists(MESSAGES, max_size=2))
    def answers(event: Event, messages: list[Any]) -> None:
        assert 200 <= channel.respond(event, messages, trial.account).status < 300

    answers()
