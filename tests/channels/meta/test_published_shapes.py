"""What is sent has the shape of the platforms' own published examples."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sayso.channels.compiler import compile_message
from sayso.channels.contract import Action, Address, Button, Card, Image, Message, Part, Picture, Row, Tile
from sayso.testing.messages import WHERE

YES, NO = Button("reply", "Yes", "0a1b"), Button("reply", "No", "0a1c")
PAGE = Button("url", "Read more", "https://shop.example/p")
CUP = Image("https://shop.example/cup.png", "A cup")
CUPS, ORDER = Picture("cup.png", "A cup"), Action("reply", "Order", "t1")
MORE = Action("url", "Read more", "https://shop.example/p")
LIST = Part("Which?", rows=(Row("Dam", "0a", "Open until 19:00"), Row("West", "0b")), list_label="Choose")
CARDS = (Tile("Latte", "Warm", CUP, (PAGE,)), Tile("Mocha", "Warm", CUP, (PAGE,)))

WHATSAPP = [
    (Part("hello"), "messages__send_text_message_with_preview_url"),
    (Part("", picture=CUP), "messages__send_image_message_by_url"),
    (Part("Shall I?", buttons=(YES, NO)), "messages__send_reply_button"),
    (LIST, "messages__send_list_message"),
]
THREADS = [
    (Part("hello"), "mapi_send__sendmessage_3"),
    (Part("", picture=CUP), "mapi_send__sendattachment_1"),
    (Part("Shall I?", buttons=(YES, NO, PAGE)), "buttontemplatepayload"),
    (Part("Warm", "Latte", CUP, (YES, PAGE)), "generictemplatepayload"),
    (Part(tiles=CARDS), "fbm_generic_template"),
    (Part("Which?", quick=(YES, NO), picture=CUP, title="Latte"), "fbm_generic_template_with_quick_replies"),
]
OURS = {"biz_opaque_callback_data", "metadata"}
"""Fields that no example has: they bring our own id back."""


def paths(data, at=()):
    """Every path of names in the data; the places of a list are one."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*at, key)
            yield from paths(value, (*at, key))
    elif isinstance(data, list):
        for value in data:
            yield from paths(value, at)


@pytest.fixture
def example(meta_data):
    def read(channel, name):
        return json.loads((meta_data / channel / "out" / f"{name}.json").read_text())

    return read


def _sent(call):
    return {path for path in paths(json.loads(call.body)) if path[-1] not in OURS}


@pytest.mark.parametrize(("part", "name"), WHATSAPP)
def test_whatsapp(meta_channels, meta_account, example, part, name):
    """No field stands elsewhere than in Meta's own collection of requests."""
    call = meta_channels["whatsapp"].wire(part, Address("31612345678", "p1"), meta_account("whatsapp"))
    published = {*paths(example("whatsapp", name)), ("type",), ("recipient_type",)}
    assert _sent(call) <= published


SHOWN = Part("Espresso and milk. € 3.50", picture=CUP, buttons=(YES,), product="latte")
STRIP = Part("Two of these", tiles=tuple(replace(tile, buttons=(YES,), product=tile.title) for tile in CARDS))


@pytest.mark.parametrize(
    ("part", "name"),
    [(SHOWN, "messages__send_single_product_message"), (STRIP, "messages__send_multi_product_message")],
)
def test_products_of_the_catalog_there(meta_channels, meta_account, example, stand_in, part, name):
    """With a catalog on the platform, what is pictured is its own product; without one, a picture and a button."""
    to, channel = Address("31612345678", "p1"), meta_channels["whatsapp"]
    call = channel.wire(part, to, meta_account("whatsapp", catalog_id="367025965434465"))
    assert _sent(call) <= {*paths(example("whatsapp", name))}
    assert stand_in.whatsapp(json.loads(call.body)) == "31612345678"
    assert "latte" in call.body.decode().lower()
    plain = json.loads(channel.wire(part, to, meta_account("whatsapp")).body)
    assert {value for _, _, value in stand_in.pressable(plain)} == {"0a1b"}


@pytest.mark.parametrize(
    ("card", "actions", "product"),
    [
        (Card("Latte", "Warm", CUPS, (ORDER, MORE), sku="latte"), (), "latte"),
        (Card("Latte", "Warm", CUPS, (ORDER, Action("reply", "Tell me", "t2")), sku="latte"), (), ""),
        (Card("Latte", "Warm", CUPS, (ORDER,), sku="latte"), (Action("reply", "Back", "t3"),), ""),
        (Card("Latte", "Warm", None, (ORDER,), sku="latte"), (), ""),
        (Card("Oosterpark", "Open", CUPS, (ORDER,)), (), ""),
    ],
)
def test_a_product_is_named_where_ordering_is_all_that_stands_below(meta_channels, card, actions, product):
    """Another button would be lost behind the platform's own, so then it stays a picture with buttons."""
    caps = meta_channels["whatsapp"].capabilities
    parts = compile_message(Message("Here:", cards=(card,), actions=actions), caps, WHERE).parts
    assert {part.product for part in parts} - {""} == ({product} if product else set())


def test_cards_of_products_are_named(meta_channels):
    """Each of several cards whose only button orders it."""
    cards = tuple(Card(f"Latte {n}", "Warm", CUPS, (Action("reply", "Order", f"t{n}"),), sku=f"l{n}") for n in range(3))
    parts = compile_message(Message("Here:", cards=cards), meta_channels["whatsapp"].capabilities, WHERE).parts
    assert [tile.product for tile in parts[-1].tiles] == ["l0", "l1", "l2"]


@pytest.mark.parametrize("parameters", [0, 1])
def test_a_template(meta_channels, meta_account, example, parameters):
    """With and without words of its own."""
    account = meta_account("whatsapp", templates_en_name="news", templates_en_parameters=parameters)
    call = meta_channels["whatsapp"].template(Message("Ready!"), Address("31612345678", "p1"), account)
    assert _sent(call) <= {*paths(example("whatsapp", "messages__send_message_template_text"))}


def test_read_and_typing(meta_receive, example):
    """What the customer sees while an answer is written."""
    message = {"from": "1", "id": "wamid.1", "type": "text", "text": {"body": "x"}}
    value = {"metadata": {"phone_number_id": "100"}, "messages": [message]}
    changes = [{"field": "messages", "value": value}]
    data = {"object": "whatsapp_business_account", "entry": [{"changes": changes}]}
    (call,) = meta_receive("whatsapp", data).calls
    published = example("whatsapp", "typing_indicators__send_typing_indicator_and_read_receipt")
    assert _sent(call) == {*paths(published)}


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
@pytest.mark.parametrize(("part", "name"), THREADS)
def test_threads(meta_channels, meta_account, example, channel, part, name):
    """Whole requests, message objects and payloads, as the examples have them."""
    body = json.loads(meta_channels[channel].wire(part, Address("1", "p1"), meta_account(channel)).body)
    data = example("messenger", name)
    if "recipient" not in data:
        assert {*paths(body)} - {*paths({"message": body["message"]})} == {
            ("recipient",),
            ("recipient", "id"),
            ("messaging_type",),
        }
        body = body["message"] if "attachment" in data else body["message"]["attachment"]["payload"]
    published = {path[-1] for path in paths(data)} | {"payload"}
    assert {path for path in paths(body) if path[-1] not in OURS | published} == set()
    assert body.get("template_type") == data.get("template_type")


def test_actions_and_control(meta_receive, example):
    """Seen, typing, and a thread that is handed over."""
    element = {"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1}
    asked = {"request_thread_control": {"requested_owner_app_id": "263902037430900"}}
    every = [{**element, "message": {"mid": "m", "text": "x"}}, {**element, **asked}]
    data = {"object": "page", "entry": [{"id": "100", "messaging": every}]}
    handed, seen, typing = meta_receive("messenger", data).calls
    assert _sent(seen) == {*paths(example("messenger", "mapi_send__markseen_1"))}
    assert _sent(typing) == {*paths(example("messenger", "mapi_send__sendsenderaction_1"))}
    assert _sent(handed) <= {*paths(example("messenger", "mapi_handover__passthreadcontroltopageinbox_1"))}
