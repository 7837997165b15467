"""What WhatsApp delivers, kind by kind, as far as no published webhook shows it."""

from __future__ import annotations

import json

import pytest

from sayso.model.event import (
    Attached,
    CartItem,
    CartSent,
    Edited,
    Located,
    Opened,
    Opted,
    Pressed,
    Reacted,
    Recognised,
    Referred,
    Renumbered,
    Unsent,
    Unsupported,
    Utterance,
)

ONE = [{"profile": {"name": "Kim"}, "wa_id": "31612345678", "user_id": "NL.99"}]


@pytest.fixture
def received(meta_receive):
    """The inbound of values: (value, field)."""

    def receive(value, field="messages", **settings):
        whole = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "100"}, **value}
        changes = [{"field": field, "value": whole}]
        data = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
        return meta_receive("whatsapp", data, **settings)

    return receive


@pytest.fixture
def bodies(received):
    """The bodies of one message."""

    def read(kind, held, contacts=ONE, **more):
        message = {"from": "31612345678", "id": "wamid.1", "timestamp": "1795000000", "type": kind, kind: held, **more}
        return [event.body for event in received({"contacts": contacts, "messages": [message]}).events]

    return read


AD = {"source_type": "ad", "source_id": "1201", "source_url": "https://fb.me/x", "ctwa_clid": "abc"}

KINDS = [
    ("text", {"body": "een latte"}, [Utterance("een latte")]),
    ("text", {"body": "my card is 4111 1111 1111 1111"}, [Utterance("my card is •••• 1111")]),
    ("text", {"body": "  "}, [Unsupported("text")]),
    (
        "image",
        {"id": "9", "mime_type": "image/jpeg", "caption": "this"},
        [Attached("image", "9", "image/jpeg", "this")],
    ),
    ("audio", {"id": "9", "mime_type": "audio/ogg", "voice": True}, [Attached("voice", "9", "audio/ogg")]),
    ("audio", {"id": "9", "mime_type": "audio/mpeg", "voice": False}, [Attached("audio", "9", "audio/mpeg")]),
    ("video", {"id": "9"}, [Attached("video", "9")]),
    ("document", {"id": 9, "filename": "list.pdf"}, [Attached("document", "9", name="list.pdf")]),
    ("image", {"mime_type": "image/jpeg"}, [Unsupported("image")]),
    ("location", {"latitude": 52.37, "longitude": 4.9, "name": "Dam"}, [Located(52.37, 4.9)]),
    ("location", {"latitude": "52.37", "longitude": "-4.9"}, [Located(52.37, -4.9)]),
    ("location", {"latitude": 152.37, "longitude": 4.9}, [Unsupported("location")]),
    ("location", {"latitude": True, "longitude": 4.9}, [Unsupported("location")]),
    ("button", {"payload": "0a1b", "text": "Yes"}, [Pressed("0a1b", "Yes")]),
    ("button", {"payload": "Yes", "text": "Yes"}, [Utterance("Yes")]),
    ("button", {"text": "Yes"}, [Utterance("Yes")]),
    ("interactive", {"type": "list_reply", "list_reply": {"id": "t", "title": "Dam"}}, [Pressed("t", "Dam")]),
    ("interactive", {"type": "call_permission_reply"}, [Unsupported("call_permission_reply")]),
    ("interactive", {}, [Unsupported("interactive")]),
    ("reaction", {"message_id": "wamid.0", "emoji": "👍"}, [Reacted("wamid.0", "👍")]),
    ("reaction", {"message_id": "wamid.0", "emoji": ""}, [Reacted("wamid.0", "")]),
    ("revoke", {"original_message_id": "wamid.0"}, [Unsent("wamid.0")]),
    ("request_welcome", {}, [Opened()]),
    ("hologram", {"x": 1}, [Unsupported("hologram")]),
    (
        "edit",
        {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "two"}}},
        [Edited("wamid.0", "two")],
    ),
    (
        "edit",
        {"original_message_id": "wamid.0", "message": {"type": "image", "image": {"id": "9", "caption": "two"}}},
        [Edited("wamid.0", "two")],
    ),
    (
        "order",
        {"text": "no hurry", "product_items": [{"product_retailer_id": "latte", "quantity": "2"}, {"quantity": 1}, 7]},
        [CartSent((CartItem("latte", 2),), "no hurry")],
    ),
    ("order", {"product_items": []}, [Unsupported("order")]),
]


@pytest.mark.parametrize(("kind", "held", "expected"), KINDS)
def test_each_kind(bodies, kind, held, expected):
    """A message by its type; what cannot be read is told by its name."""
    assert bodies(kind, held) == expected


def test_cards_of_people_are_no_words(bodies):
    """Names and numbers of others are kept as such, each an event of its own."""
    people = [{"name": {"formatted_name": "Bo"}, "phones": [{"phone": "+31 6 1"}]}, {"name": {"formatted_name": "Al"}}]
    assert bodies("contacts", people) == [
        Attached("contact", "", name="Bo, +31 6 1"),
        Attached("contact", "", name="Al"),
    ]


def test_several_events_of_one_message_have_ids_of_their_own(received):
    """The advertisement first, then what was said."""
    message = {"from": "31612345678", "id": "wamid.1", "type": "text", "text": {"body": "hoi"}, "referral": AD}
    found = received({"contacts": ONE, "messages": [message]}).events
    assert [(event.id, event.body) for event in found] == [
        ("wamid.1/referral", Referred("1201", "ad")),
        ("wamid.1", Utterance("hoi")),
    ]


def test_words_about_a_product_of_the_catalog(bodies):
    """An enquiry says which product it is about."""
    about = {"id": "wamid.0", "referred_product": {"catalog_id": "1", "product_retailer_id": "latte"}}
    assert bodies("text", {"body": "is this hot?"}, context=about) == [Utterance("is this hot?", "latte")]


FORMS = [
    (
        {"flow_token": "unused", "size": "large", "extras": ["oat", "sugar"]},
        "",
        {"size": "large", "extras": "oat, sugar"},
    ),
    ({"flow_token": "booking.book:77", "day": "2026-12-01"}, "booking.book", {"day": "2026-12-01"}),
    ({"screen_0_size_1": "0_Large", "screen_0_first_name_0": "Kim"}, "", {"size": "Large", "first_name": "Kim"}),
    ({"agree": True, "count": 2, "nothing": None, "deep": {"a": 1}}, "", {"agree": "yes", "count": "2"}),
]


@pytest.mark.parametrize(("said", "intent", "slots"), FORMS)
def test_a_form(bodies, said, intent, slots):
    """Its fields are slots by their own names; its token may name the intent."""
    held = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": json.dumps(said)}}
    assert bodies("interactive", held) == [Recognised(intent, slots)]


@pytest.mark.parametrize("said", ["", "[]", "{", None, 7])
def test_a_form_that_is_none(bodies, said):
    """What is no object of fields is told by its name."""
    assert bodies("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": said}}) == [
        Unsupported("nfm_reply")
    ]


WHO = [
    ({"from": "31612345678"}, ONE, "31612345678"),
    ({"from": "31612345678"}, [], "31612345678"),
    ({}, [{"user_id": "NL.99"}], "NL.99"),
    ({"from_user_id": "NL.98"}, [], "NL.98"),
    ({"from": "2"}, [{"wa_id": "1"}, {"wa_id": "2"}], "2"),
    ({"from": "3"}, [{"wa_id": "1"}, {"wa_id": "2"}], "3"),
]


@pytest.mark.parametrize(("from_", "contacts", "native"), WHO)
def test_whose_message_it_is(received, from_, contacts, native):
    """A number where one is shown, else the id that only this business sees; never another contact's."""
    message = {"id": "wamid.1", "type": "text", "text": {"body": "hoi"}, **from_}
    found = received({"contacts": contacts, "messages": [message]}).events
    assert [event.conversation for event in found] == [native]
    assert found[0].proof.subject == native and found[0].proof.issuer == "whatsapp:100"


@pytest.mark.parametrize(
    "message",
    [
        {"id": "wamid.1", "type": "text", "text": {"body": "hoi"}},
        {"from": "1", "type": "text", "text": {"body": "hoi"}},
        {"from": "1", "id": "wamid.1", "type": "text", "text": {"body": "hoi"}, "group_id": "g"},
        {"from": "1", "id": "wamid.1", "type": "system", "system": {"type": "user_changed_number"}},
        7,
    ],
)
def test_what_nobody_waits_for_is_left_alone(received, message):
    """Without sender or id, of a group, of the platform itself, of a wrong type: the others live."""
    other = {"from": "1", "id": "wamid.2", "type": "text", "text": {"body": "ok"}}
    found = received({"contacts": [], "messages": [message, other]})
    assert ([event.id for event in found.events], len(found.ignored)) == (["wamid.2"], 1)


def test_the_switch_for_marketing(received):
    """Stop and resume, by the platform's own switch, which answers by itself."""
    for value, on in (("stop", False), ("resume", True)):
        each = {"wa_id": "31612345678", "category": "marketing_messages", "value": value, "timestamp": 1795000000}
        found = received({"contacts": ONE, "user_preferences": [each]}, "user_preferences").events
        assert [event.body for event in found] == [Opted(on, silent=True, marketing=True)]
        assert found[0].id == f"preference:31612345678:1795000000:{value}"


def test_statuses_bring_our_part_back(received, now):
    """The state, our id of the part, the customer, when; a payment's and an unknown one are left alone."""
    told = {"id": "wamid.9", "timestamp": "1795000000", "recipient_id": "31612345678"}
    every = [
        {**told, "status": "delivered", "biz_opaque_callback_data": "part-7"},
        {**told, "status": "played"},
        {**told, "status": "failed", "errors": [{"code": 131047, "title": "T", "error_data": {"details": "24 hours"}}]},
        {**told, "status": "captured", "type": "payment"},
        {**told, "status": "levitated"},
        {"status": "sent"},
    ]
    found = received({"statuses": every})
    assert [(r.state, r.part, r.code, r.reason) for r in found.reports] == [
        ("delivered", "part-7", "", ""),
        ("read", "", "", ""),
        ("failed", "", "131047", "24 hours"),
    ]
    assert [r.window for r in found.reports] == [False, False, True]
    assert found.reports[0].at.timestamp() == 1795000000
    assert len(found.ignored) == 3


def test_echoes_and_settings_are_left_alone(received):
    """Fields that are no customer's words: an echo of the business's telephone, history, a template's state."""
    for field in ("smb_message_echoes", "history", "message_template_status_update", "account_update"):
        found = received({"messages": [{"from": "1", "id": "a", "type": "text", "text": {"body": "x"}}]}, field)
        assert (list(found.events), list(found.ignored)) == ([], [f"field {field}"])


def test_the_customer_sees_that_an_answer_is_written(received):
    """One call for each conversation, of its last message; none for a reaction, without a token, when switched off."""
    texts = [
        {"from": f, "id": i, "type": "text", "text": {"body": "x"}} for f, i in (("1", "a"), ("1", "b"), ("2", "c"))
    ]
    value = {"messages": texts}
    calls = [json.loads(call.body) for call in received(value).calls]
    assert [call["message_id"] for call in calls] == ["b", "c"]
    assert calls[0] == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "b",
        "typing_indicator": {"type": "text"},
    }
    assert not received(value, typing=False).calls
    assert not received(value, access_token="env:NOWHERE").calls
    assert not received({"messages": [{"from": "1", "id": "a", "type": "reaction", "reaction": {}}]}).calls


@pytest.mark.parametrize(
    ("message", "old", "new"),
    [
        ({"from": "311", "system": {"type": "user_changed_number", "wa_id": "322"}}, "311", "322"),
        ({"from": "3", "system": {"type": "customer_changed_number", "customer": "311", "wa_id": "322"}}, "311", "322"),
        ({"from": "311", "system": {"type": "user_changed_number", "new_wa_id": "322"}}, "311", "322"),
        ({"from_user_id": "NL.1", "system": {"type": "user_changed_user_id", "user_id": "NL.2"}}, "NL.1", "NL.2"),
    ],
)  # fmt: skip
def test_a_new_number_is_told_by_the_old_one(received, message, old, new):
    """Whatever the version of the notice: the conversation and the proof are the old one's."""
    contacts = [{"wa_id": "322"}]
    (event,) = received({"contacts": contacts, "messages": [{"id": "wamid.1", "type": "system", **message}]}).events
    assert (event.conversation, event.proof.subject, event.body) == (old, old, Renumbered(new))


@pytest.mark.parametrize(
    "system",
    [
        {"type": "customer_identity_changed"},
        {"type": "user_changed_number"},
        {"type": "user_changed_user_id", "user_id": "NL.2"},
        {},
        7,
    ],
)
def test_other_notices_mean_nothing(received, system):
    """A new security code, a number that is not told, a new id of somebody who is known by number."""
    message = {"id": "wamid.1", "type": "system", "from": "31611111111", "system": system}
    found = received({"messages": [message]})
    assert (found.events, list(found.ignored)) == ([], ["message system"])
