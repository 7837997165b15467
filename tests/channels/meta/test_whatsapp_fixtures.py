"""Every published webhook of WhatsApp is read as what it is."""

from __future__ import annotations

import json

import pytest

from sayso.model.event import CartItem

READ = {
    "message_status_update_notifications": "sent",
    "netflie__a_button_notification": "Pressed",
    "netflie__a_button_reply_notification": "Pressed",
    "netflie__a_contact_notification": "Attached",
    "netflie__a_flow_notification": "Recognised",
    "netflie__a_forwarded_notification": "Utterance",
    "netflie__a_list_notification": "Pressed",
    "netflie__a_location_notification": "Unsupported",  # Its degrees are placeholders.
    "netflie__a_marketing_status_notification": "delivered",
    "netflie__a_notification": "Referred Pressed",
    "netflie__a_notification_with_bsuid_only_and_no_from": "Utterance",
    "netflie__a_reaction_notification": "Reacted",
    "netflie__a_removed_reaction_notification": "Reacted",
    "netflie__a_service_status_notification": "delivered",
    "netflie__a_status_conversation_initiated_notification": "read",
    "netflie__a_status_notification": "read",
    "netflie__a_status_notification_with_errors": "failed",
    "netflie__a_status_notification_without_expiration_time": "delivered",
    "netflie__a_status_with_pricing_notification": "delivered",
    "netflie__a_sticker_notification": "Attached",
    "netflie__a_system_notification": "Renumbered",
    "netflie__a_text_notification": "Utterance",
    "netflie__an_authentication_status_notification": "delivered",
    "netflie__an_document_notification": "Attached",
    "netflie__an_image_notification": "Attached",
    "netflie__an_order_notification": "CartSent",
    "netflie__an_unknown_notification": "Unsupported",
    "netflie__an_utility_status_notification": "delivered",
    "netflie__build_from_payload_can_keep_wa_id_priority_when_user_id_is_present": "Utterance",
    "netflie__build_from_payload_without_contact_profile_can_build_a_notification": "Utterance",
    "netflie__multiple_text_notification": "Utterance Utterance",
    "received_callback_from_a_quick_reply_button_click": "Pressed",
    "received_contact_messages": "Attached",
    "received_media_message_with_image": "Attached",
    "received_media_message_with_sticker": "Attached",
    "received_message_triggered_by_click_to_whatsapp_ads": "Referred Utterance",
    "received_message_with_reaction": "Reacted",
    "received_order_messages": "CartSent",
    "received_product_enquiry_message": "Utterance",
    "received_static_location_messages": "Unsupported",  # Its degrees are placeholders.
    "received_text_message": "Utterance",
    "received_text_message_with_show_security_notifications": "Utterance",
    "received_unknown_messages": "Unsupported",
    "status_transaction_status_order_details_message": "status of a payment",
}
"""fixture -> the kinds of its events, the states of its reports, or why it is left alone."""


def _found(inbound):
    kinds = [type(event.body).__name__ for event in inbound.events]
    return " ".join([*kinds, *(report.state for report in inbound.reports), *inbound.ignored])


@pytest.fixture
def received(meta_data, meta_receive):
    def receive(name):
        data = json.loads((meta_data / "whatsapp" / "in" / f"{name}.json").read_text())
        return meta_receive("whatsapp", data, data["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"])

    return receive


@pytest.mark.parametrize("name", READ)
def test_each_is_read_as_what_it_is(received, name):
    """Events, reports and what is left alone."""
    assert _found(received(name)) == READ[name]


def test_none_is_missing(meta_data):
    """The table above has every fixture."""
    assert {path.stem for path in (meta_data / "whatsapp" / "in").iterdir()} == {*READ}


def test_another_number_of_the_same_app_is_not_read(meta_data, meta_receive):
    """A webhook for a number that is not this account's holds nothing for it."""
    data = json.loads((meta_data / "whatsapp" / "in" / "received_text_message.json").read_text())
    found = meta_receive("whatsapp", data, "999")
    assert (list(found.events), list(found.ignored)) == ([], ["another number"])


def test_a_customer_without_a_number_has_an_id_of_this_business(received):
    """The business-scoped id is the conversation's where there is no telephone number."""
    assert [event.conversation for event in received("netflie__a_notification_with_bsuid_only_and_no_from").events] == [
        "BSUID_123"
    ]


def test_a_basket_a_form_and_an_enquiry_keep_what_they_say(received):
    """Products by their sku, fields by their own names, the product that words are about."""
    basket = received("received_order_messages").events[0].body
    assert basket.items == (CartItem("the-product-SKU-identifier", 1),)
    form = received("netflie__a_flow_notification").events[0].body
    assert form.slots == {"name": "Email", "orderNumber": "ID"}
    assert received("received_product_enquiry_message").events[0].body.about == "PRODUCT_ID"


def test_what_failed_says_why(received):
    """The code and the words of an error go to staff."""
    report = received("netflie__a_status_notification_with_errors").reports[0]
    assert (report.native, report.code, report.reason) == ("amid.ID", "131053", "ERROR_TITLE")
