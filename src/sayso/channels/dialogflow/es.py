"""Dialogflow ES (v2): its WebhookRequest read, its WebhookResponse made. Pure.

Source: google-cloud-dialogflow 2.54 (`dialogflow_v2.types`), "Webhooks" and "Rich response messages" of the ES guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sayso.channels.dialogflow.call import Call
from sayso.channels.dialogflow.limits import ResponseLimits
from sayso.channels.dialogflow.reading import Reader, wording
from sayso.channels.dialogflow.rich import PRESS, Look, address, label, richness, screen, spoken_text, standing
from sayso.channels.speech import plain
from sayso.errors import Theirs
from sayso.model.message import Action, Card, Message

Rendered = dict[str, Any]

PLATFORMS: Mapping[str, str] = {
    "facebook": "FACEBOOK",
    "slack": "SLACK",
    "slack_testbot": "SLACK",
    "telegram": "TELEGRAM",
    "kik": "KIK",
    "skype": "SKYPE",
    "line": "LINE",
    "viber": "VIBER",
}
"""The integration that a request names in `source`, and the platform that its messages must name."""

TELEPHONY = "GOOGLE_TELEPHONY"
CONTEXT = "sayso"


def read_call(top: Reader) -> Call:
    """The call. Raises errors.Theirs for what is not a request of ES v2, saying what it is."""
    _refuse(top)
    result, original = top.object("queryResult"), top.object("originalDetectIntentRequest")
    payload = original.object("payload")
    source = original.words("source")
    session, words = top.words("session"), result.spoken("queryText")
    event = words if _is_event(words, session, result) else ""
    intent = result.object("intent")
    return Call(
        id=top.words("responseId"),
        session=session,
        language=result.words("languageCode"),
        words="" if event else words,
        names=tuple(n for n in (result.words("action"), intent.words("displayName")) if n),
        slots=dict(_parameters(result.object("parameters"))),
        event=event,
        voice=source == TELEPHONY or payload.has("telephony"),
        source=source,
        token=payload.words("customerToken"),
        heard=payload.spoken("heard") if payload.has("heard") else None,
    )


def _refuse(top: Reader) -> None:
    if top.has("result") and not top.has("queryResult"):
        raise Theirs(
            "this is a request of Dialogflow v1, which ended in 2020",
            where="/result",
            mend="in the agent's settings choose API version V2",
            code="version_1",
        )
    if top.has("fulfillmentInfo", "sessionInfo", "pageInfo"):
        raise Theirs(
            "this is a request of Dialogflow CX",
            where="/sessionInfo",
            mend="let the CX agent call /v1/dialogflow/cx/{merchant}",
            code="other_edition",
        )
    if not top.has("queryResult"):
        raise Theirs(
            "this is not a WebhookRequest: it has no queryResult",
            where="/queryResult",
            mend="send the request as Dialogflow made it",
            code="not_a_request",
        )
    if top.object("originalDetectIntentRequest").words("source") == "google":
        raise Theirs(
            "this is a request of Conversational Actions, which Google ended on 2023-06-13",
            where="/originalDetectIntentRequest/source",
            mend="use another integration of the agent",
            code="google_assistant",
        )


def _is_event(words: str, session: str, result: Reader) -> bool:
    """An event has its name for a query, and leaves a context of that name behind."""
    if not words or not words.replace("_", "").isalnum():
        return False
    if words.isupper() and words.endswith("WELCOME"):
        return True
    name = f"{session}/contexts/{words}".lower()
    return any(context.words("name").lower() == name for context in result.each("outputContexts"))


def _parameters(parameters: Reader) -> Iterator[tuple[str, str]]:
    for name, value in list(parameters.raw.items())[: parameters.limits.max_slots]:
        if said := wording(value)[: parameters.limits.max_words]:
            yield str(name), said


def render(messages: Sequence[Message], call: Call, look: Look, limits: ResponseLimits) -> list[Rendered]:
    """The response that says `messages`, and poorer ones in case it is too large."""
    said = [message for message in messages if message.text or message.speech]
    if not said:
        return [{}]
    text = spoken_text(said, limits) if look.voice else screen(said, limits, options=False)
    context = {"name": f"{call.session}/contexts/{CONTEXT}", "lifespanCount": 1}
    base = {"outputContexts": [{**context, "parameters": {"state": standing(said, look)}}]}
    bare = {"fulfillmentText": text, "fulfillmentMessages": [_text(text)], **base}
    if look.voice:
        return [bare]
    full = {"fulfillmentText": text, "fulfillmentMessages": _messages(said, text, call, look, limits), **base}
    whole = screen(said, limits)
    return [full, {"fulfillmentText": whole, "fulfillmentMessages": [_text(whole)], **base}]


def _text(text: str) -> Rendered:
    return {"text": {"text": [text]}}


def _messages(said: Sequence[Message], text: str, call: Call, look: Look, limits: ResponseLimits) -> list[Rendered]:
    if look.rich and (content := richness(said, look, limits)):
        return [_text(text), {"payload": {"richContent": content}}]
    platform = PLATFORMS.get(call.source.lower(), "")
    cards = [part for message in said for card in message.cards for part in _card(card, look, limits)]
    own = [action for message in said for action in message.actions]
    choices = [label(a.label, limits) for a in own if a.kind == "reply"]
    links = [_link(action, limits) for action in own if action.kind == "url"]
    replies = _replies(choices, text if platform and not cards and not links else "")
    parts = [*([] if replies and replies[0]["quickReplies"].get("title") else [_text(text)]), *cards, *links, *replies]
    return [{**part, "platform": platform} for part in parts] if platform else parts


def _replies(choices: Sequence[str], title: str) -> list[Rendered]:
    """Quick replies; a messaging platform wants words above them, which are then what is said."""
    if not choices:
        return []
    return [{"quickReplies": {**({"title": title} if title else {}), "quickReplies": list(choices)}}]


def _card(card: Card, look: Look, limits: ResponseLimits) -> list[Rendered]:
    """A picture goes before its card, as a card of ES has no text alternative for one."""
    image = address(card.picture, look, limits)
    picture = [{"image": {"imageUri": image, "accessibilityText": card.picture.alt}}] if card.picture and image else []
    made: Rendered = {"title": plain(card.title, limits.max_label)}
    if card.body:
        made["subtitle"] = plain(card.body, limits.max_text)
    if buttons := [_button(action, limits) for action in card.actions if action.kind in ("reply", "url")]:
        made["buttons"] = buttons
    return [*picture, {"card": made}]


def _button(action: Action, limits: ResponseLimits) -> Rendered:
    value = action.value if action.kind == "url" else f"{PRESS}{action.value}"
    return {"text": label(action.label, limits), "postback": value}


def _link(action: Action, limits: ResponseLimits) -> Rendered:
    return {"card": {"title": label(action.label, limits), "buttons": [_button(action, limits)]}}
