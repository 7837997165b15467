"""Whatever a proven request holds, it is read or left alone: no error, and every event fit to be stored."""

from __future__ import annotations

import copy

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.channels.contract import Theirs

OFTEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["1" * 400, "text", "image", "interactive", "-1", "1e9", "\u0000"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "text", "mid", "payload", "body", "url"]), inner, max_size=3)
    ),
    max_leaves=6,
)

WHATSAPP = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "metadata": {"phone_number_id": "100"},
                        "contacts": [{"wa_id": "1", "user_id": "NL.1"}],
                        "messages": [
                            {"from": "1", "id": f"w{n}", "timestamp": "1795000000", "type": kind, kind: held}
                            for n, (kind, held) in enumerate(
                                [
                                    ("text", {"body": "x"}),
                                    ("image", {"id": "9", "mime_type": "m", "caption": "c"}),
                                    ("location", {"latitude": 1.0, "longitude": 2.0}),
                                    (
                                        "interactive",
                                        {"type": "button_reply", "button_reply": {"id": "a", "title": "b"}},
                                    ),
                                    ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a":[1]}'}}),
                                    ("order", {"product_items": [{"product_retailer_id": "l", "quantity": 1}]}),
                                    ("reaction", {"message_id": "m", "emoji": "x"}),
                                    ("edit", {"original_message_id": "m", "message": {"type": "text", "text": {}}}),
                                    ("contacts", [{"name": {"formatted_name": "n"}, "phones": [{"phone": "1"}]}]),
                                ]
                            )
                        ],
                        "statuses": [{"id": "m", "status": "failed", "timestamp": "1", "errors": [{"code": 1}]}],
                    },
                },
                {
                    "field": "user_preferences",
                    "value": {
                        "metadata": {"phone_number_id": "100"},
                        "user_preferences": [{"wa_id": "1", "value": "stop"}],
                    },
                },
            ]
        }
    ],
}
PAGE = {
    "object": "page",
    "entry": [
        {
            "id": "100",
            "messaging": [
                {"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1795000000000, **held}
                for held in [
                    {"message": {"mid": "m", "text": "x", "quick_reply": {"payload": "p"}, "reply_to": {"mid": "m"}}},
                    {"message": {"mid": "m", "attachments": [{"type": "image", "payload": {"url": "https://x"}}]}},
                    {"message": {"mid": "m", "is_echo": True, "metadata": "p"}},
                    {"postback": {"mid": "m", "title": "t", "payload": "p", "referral": {"ref": "r"}}},
                    {"optin": {"ref": "r"}},
                    {"delivery": {"mids": ["m"], "watermark": 1}},
                    {"read": {"watermark": 1}},
                    {"reaction": {"mid": "m", "action": "react", "emoji": "x"}},
                    {"pass_thread_control": {"new_owner_app_id": 1}},
                    {"request_thread_control": {"requested_owner_app_id": 263902037430900}},
                ]
            ],
        }
    ],
}


def places(data, at=()):
    """Every place in the data."""
    yield at
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from places(value, (*at, key))


def changed(data, at, value):
    """The data with another value at a place."""
    if not at:
        return value
    made = copy.deepcopy(data)
    held = made
    for step in at[:-1]:
        held = held[step]
    held[at[-1]] = value
    return made


@OFTEN
@given(data=st.data(), name=st.sampled_from(["whatsapp", "messenger", "instagram"]))
def test_any_value_anywhere(meta_receive, data, name):
    """One thing of a webhook replaced by anything: what comes of it can be stored, or it is refused as theirs."""
    whole = WHATSAPP if name == "whatsapp" else {**PAGE, "object": "page" if name == "messenger" else "instagram"}
    made = whole
    for _ in range(data.draw(st.integers(1, 3))):
        made = changed(made, data.draw(st.sampled_from(list(places(made)))), data.draw(ANY))
    try:
        found = meta_receive(name, orjson.dumps(made))
    except Theirs as error:
        assert not isinstance(made, dict) and error.status == 400
        return
    for event in found.events:
        assert 0 < len(event.id) < 1200 and event.conversation and event.account == "100"
        orjson.dumps([event.id, event.conversation, repr(event.body), dict(event.via)])
    assert all(report.native or report.part or report.until for report in found.reports)
    assert all(call.url.startswith("https://graph.") for call in found.calls)


@pytest.mark.parametrize("name", ["whatsapp", "messenger"])
def test_the_whole_is_read_as_it_stands(meta_receive, name):
    """The webhook that is broken above holds something of everything."""
    found = meta_receive(name, WHATSAPP if name == "whatsapp" else PAGE)
    assert len(found.events) >= 6 and found.reports and not [each for each in found.ignored if each != "echo"]
