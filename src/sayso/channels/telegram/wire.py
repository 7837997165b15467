"""One part of a plan as a call of the Bot API. Pure.

Text is plain: no mark-up, so that nothing of a catalog or a customer can become a link or break a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sayso.channels.contract import Account, Address, Button, Call, Part
from sayso.channels.telegram.api import call
from sayso.channels.telegram.limits import limits, words


def wire(part: Part, to: Address, account: Account) -> Call:
    """The call that sends the part."""
    chat, _, _ = to.native.partition(":")
    fields = {"chat_id": int(chat) if chat.lstrip("-").isascii() and chat.lstrip("-").isdigit() else chat, **_where(to)}
    if part.album:
        shots = [{"type": "photo", "media": each.url, "caption": each.alt} for each in part.album]
        return call(account, "sendMediaGroup", {**fields, "media": shots})
    markup = _markup(part, private=":" not in to.native)
    if markup:
        fields["reply_markup"] = markup
    if part.picture is None:
        preview = {"is_disabled": True}
        return call(account, "sendMessage", {**fields, "text": part.text, "link_preview_options": preview})
    caption = {"caption": part.text} if part.text else {}
    return call(account, "sendPhoto", {**fields, "photo": part.picture.url, **caption})


def _where(to: Address) -> dict[str, Any]:
    """The topic of a forum and the business account; in a group, which message is answered."""
    found: dict[str, Any] = {}
    if to.via.get("thread", "").isdigit():
        found["message_thread_id"] = int(to.via["thread"])
    if "business" in to.via:
        found["business_connection_id"] = to.via["business"]
    if ":" in to.native and not to.spent and to.via.get("message", "").isdigit():
        found["reply_parameters"] = {"message_id": int(to.via["message"]), "allow_sending_without_reply": True}
    return found


def _markup(part: Part, private: bool) -> Mapping[str, Any]:
    """Below a message; a group takes no button that asks for a place, people share theirs by themselves there."""
    if part.asks_location and private:
        share = {"text": words(part.language)["share"], "request_location": True}
        return {"keyboard": [[share]], "resize_keyboard": True, "one_time_keyboard": True}
    held = (*part.buttons, *part.quick)
    return {"inline_keyboard": [[_button(each) for each in row] for row in rows(held)]} if held else {}


def rows(buttons: Iterable[Button]) -> Sequence[Sequence[Button]]:
    """Short labels side by side, long ones on a row of their own."""
    laid: list[list[Button]] = []
    for button in buttons:
        last = laid[-1] if laid else []
        used = sum(len(each.label) for each in last) + len(button.label)
        if last and len(last) < limits().row_buttons and used <= limits().row_label:
            last.append(button)
        else:
            laid.append([button])
    return laid


def _button(button: Button) -> Mapping[str, str]:
    return {"text": button.label, ("url" if button.kind == "url" else "callback_data"): button.value}
