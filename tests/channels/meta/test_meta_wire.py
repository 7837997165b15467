"""Any message, sent on WhatsApp, Messenger and Instagram: the platform takes every part, and nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.channels.compiler import Part, compile_message
from sayso.channels.contract import Address, NotFound
from sayso.testing.messages import MESSAGES, WHERE, addresses, tokens

NAMES = ("whatsapp", "messenger", "instagram")
OFTEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def sent(meta_channels, meta_account):
    """The calls that a message becomes: (channel, message) -> (plan, bodies)."""

    def send(name, message, native="31612345678"):
        channel, account = meta_channels[name], meta_account(name)
        plan = compile_message(message, channel.capabilities, WHERE)
        calls = [channel.wire(part, Address(native, f"p{n}"), account) for n, part in enumerate(plan.parts)]
        assert all(call.method == "POST" and not call.once for call in calls)
        return plan, [json.loads(call.body) for call in calls]

    return send


@OFTEN
@given(message=MESSAGES, name=st.sampled_from(NAMES))
def test_the_platform_takes_every_part(sent, stand_in, message, name):
    """Each call is within every limit that the platform refuses beyond."""
    _, bodies = sent(name, message)
    assert bodies
    for body in bodies:
        whom = stand_in.whatsapp(body) if name == "whatsapp" else stand_in.threads(body, name == "instagram")
        assert whom == "31612345678"


@OFTEN
@given(message=MESSAGES, name=st.sampled_from(NAMES))
def test_every_action_is_in_what_is_sent(sent, stand_in, message, name):
    """Each button is a button, a row, a suggestion or a number; each address a button or written."""
    plan, bodies = sent(name, message)
    pressed = {value for body in bodies for _, _, value in stand_in.pressable(body)}
    assert pressed | {*plan.numbered} == {*tokens(message)}
    links = {url for body in bodies for url in stand_in.opened(body)}
    words = "\n".join(stand_in.said(body) for body in bodies)
    assert all(url in links or url in words for url in addresses(message))


@OFTEN
@given(message=MESSAGES, name=st.sampled_from(NAMES))
def test_every_word_is_in_what_is_sent(sent, stand_in, message, name):
    """The words of the parts are those of the calls."""
    plan, bodies = sent(name, message)
    words = "".join("".join(stand_in.said(body).split()) for body in bodies)
    assert all("".join(part.text.split()) in words for part in plan.parts)


@pytest.mark.parametrize("name", NAMES)
def test_calls_go_to_the_account_with_its_token(meta_channels, meta_account, name):
    """The address has the account's id, the header its token; without one the host says what to set."""
    host = "https://graph.instagram.com" if name == "instagram" else "https://graph.facebook.com"
    call = meta_channels[name].wire(Part("Hi"), Address("31612345678", "p1"), meta_account(name, "4711"))
    assert call.url == f"{host}/v26.0/4711/messages"
    assert call.headers["Authorization"] == "Bearer t0ken"
    with pytest.raises(NotFound):
        meta_channels[name].wire(Part("Hi"), Address("1", "p1"), meta_account(name, environment={}))


def test_an_instagram_account_of_a_page_is_called_by_the_page(meta_channels, meta_account):
    """`login: facebook` and a version of its own change the address alone."""
    account = meta_account("instagram", login="facebook", api_version="v25.0")
    call = meta_channels["instagram"].wire(Part("Hi"), Address("1", "p1"), account)
    assert call.url == "https://graph.facebook.com/v25.0/me/messages"


@pytest.mark.parametrize(("native", "key"), [("31612345678", "to"), ("US.13491208655302741918", "recipient")])
def test_a_customer_without_a_number_is_a_recipient(meta_channels, meta_account, native, key):
    """WhatsApp takes a telephone number as `to`, an id of this business as `recipient`."""
    call = meta_channels["whatsapp"].wire(Part("Hi"), Address(native, "p1"), meta_account("whatsapp"))
    body = json.loads(call.body)
    assert body[key] == native and not {"to", "recipient"} - {key} & set(body)


def test_a_part_is_known_again(meta_channels, meta_account):
    """Our id of the part goes along, to come back in a status or an echo."""
    to = Address("31612345678", "part-7")
    call = meta_channels["whatsapp"].wire(Part("Hi"), to, meta_account("whatsapp"))
    assert json.loads(call.body)["biz_opaque_callback_data"] == "part-7"
    call = meta_channels["messenger"].wire(Part("Hi"), to, meta_account("messenger"))
    assert json.loads(call.body)["message"]["metadata"] == "part-7"
