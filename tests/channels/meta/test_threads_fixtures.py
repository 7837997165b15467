"""Every published webhook of Messenger and Instagram is read as what it is."""

from __future__ import annotations

import json

import pytest

READ = {
    "messenger/in/fbm_payload_account_linking": "Referred",
    "messenger/in/fbm_payload_delivered": "delivered delivered",
    "messenger/in/fbm_payload_message": "Utterance",
    "messenger/in/fbm_payload_message_read": "read",
    "messenger/in/fbm_payload_optin": "Opted Referred",
    "messenger/in/fbm_payload_postback": "Pressed",
    "messenger/in/tock_callback_1_message": "Utterance",
    "messenger/in/tock_event_1_message": "Utterance",
    "messenger/in/tock_event_2_pass_thread_control": "Controlled",
    "messenger/in/tock_event_3_take_thread_control": "Controlled",
    "messenger/in/tock_event_4_request_thread_control": "request_thread_control of another app",
    "messenger/in/tock_event_5_app_roles": "app_roles of nobody",
    "messenger/in/tock_event_6_object_entry": "standby 1",
    "messenger/in/tock_event_7_referral": "Referred",
    "messenger/in/tock_quick_reply": "Pressed",
    "instagram/in/cw_share_attachment": "Unsupported",
    "instagram/in/cw_standby": "standby 1",
    "instagram/in/cw_story_mention": "Unsupported",
    "instagram/in/cw_story_reply": "Utterance",
    "instagram/in/cw_text": "Utterance",
}
"""fixture -> the kinds of its events, the states of its reports, or why it is left alone."""


@pytest.fixture
def received(meta_data, meta_receive):
    def receive(name, id=""):
        data = json.loads((meta_data / f"{name}.json").read_text())
        if "entry" not in data:  # A single element of a webhook, as the index says.
            page = (data.get("recipient") or {}).get("id")
            data = {"object": "page", "entry": [{"id": page, "time": 1, "messaging": [data]}]}
        return meta_receive(name.partition("/")[0], data, id or str(data["entry"][0]["id"]))

    return receive


@pytest.mark.parametrize("name", READ)
def test_each_is_read_as_what_it_is(received, name):
    """Events, reports and what is left alone."""
    found = received(name)
    kinds = [type(event.body).__name__ for event in found.events]
    assert " ".join([*kinds, *(report.state for report in found.reports), *found.ignored]) == READ[name]


def test_none_is_missing(meta_data):
    """The table above has every fixture."""
    every = [path for name in ("messenger", "instagram") for path in (meta_data / name / "in").iterdir()]
    assert {str(path.relative_to(meta_data).with_suffix("")) for path in every} == {*READ}


@pytest.mark.parametrize("name", READ)
def test_the_same_again_has_the_same_ids(received, name):
    """What is delivered twice is told to be the same, whether it has an id of its own or not."""
    assert [event.id for event in received(name).events] == [event.id for event in received(name).events]


def test_another_page_of_the_same_app_is_not_read(received):
    """A webhook for a page that is not this account's holds nothing for it."""
    found = received("messenger/in/tock_callback_1_message", "999")
    assert (list(found.events), list(found.ignored)) == ([], ["another account"])


def test_a_reply_to_a_story_says_which(received):
    """The words are an utterance; what is replied to comes along."""
    event = received("instagram/in/cw_story_reply").events[0]
    assert (event.body.text, event.via["story"]) == ("This is the story reply", "chatwoot-app-user-id-1")
