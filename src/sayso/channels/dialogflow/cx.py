"""Dialogflow CX (v3): its WebhookRequest read, its WebhookResponse made. Pure.

Source: google-cloud-dialogflow-cx 2.9 (`dialogflowcx_v3.types`), "Webhooks" and "Handlers" of the CX guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sayso.channels.dialogflow.call import Call
from sayso.channels.dialogflow.limits import ResponseLimits
from sayso.channels.dialogflow.reading import Reader, wording
from sayso.channels.dialogflow.rich import Look, richness, screen, spoken_text, standing
from sayso.channels.speech import ssml
from sayso.errors import Theirs
from sayso.model.message import Message

Rendered = dict[str, Any]

PARAMETER = "sayso"
"""The one session parameter that is set: how the conversation stands, for the agent's routes."""

_ENVELOPE = ("detectIntentResponseId", "fulfillmentInfo", "sessionInfo", "pageInfo", "intentInfo")


def read_call(top: Reader) -> Call:
    """The call. Raises errors.Theirs for what is not a request of CX, saying what it is."""
    _refuse(top)
    info, intent, payload = top.object("sessionInfo"), top.object("intentInfo"), top.object("payload")
    heard, keyed = top.spoken("transcript"), top.spoken("dtmfDigits")
    tag, named = top.object("fulfillmentInfo").words("tag"), intent.words("displayName")
    telephony = payload.has("telephony")
    return Call(
        id=top.words("detectIntentResponseId"),
        session=info.words("session"),
        language=top.words("languageCode"),
        words=top.spoken("text") or heard or keyed.rstrip("#"),
        names=tuple(name for name in (tag, named) if name),
        slots={**dict(_form(top.object("pageInfo"))), **dict(_parameters(intent, "originalValue"))},
        resolved=dict(_parameters(intent, "resolvedValue")),
        event=top.words("triggerEvent"),
        voice=bool(heard or keyed) or telephony,
        source="telephony" if telephony else "",
        page=top.object("pageInfo").words("currentPage"),
        token=payload.words("customerToken"),
        heard=payload.spoken("heard") if payload.has("heard") else None,
    )


def _refuse(top: Reader) -> None:
    if top.has("queryResult", "originalDetectIntentRequest") or (top.has("result") and not top.has(*_ENVELOPE)):
        raise Theirs(
            "this is a request of Dialogflow ES",
            where="/queryResult",
            mend="let the ES agent, with API version V2, call /v1/dialogflow/es/{merchant}",
            code="other_edition",
        )
    if not top.has(*_ENVELOPE):
        raise Theirs(
            "this is not a WebhookRequest of CX: it has neither sessionInfo nor fulfillmentInfo",
            where="/sessionInfo",
            mend="choose the standard webhook, not the flexible one, and send the request as Dialogflow made it",
            code="not_a_request",
        )


def _parameters(intent: Reader, which: str) -> Iterator[tuple[str, str]]:
    parameters = intent.object("parameters")
    for name in list(parameters.raw)[: parameters.limits.max_slots]:
        # Not `object`: a parameter's name is the author's, not a field's.
        value = Reader(parameters.raw[name], f"{parameters.where}/{name}", parameters.limits)
        if said := wording(value.get(which))[: parameters.limits.max_words]:
            yield str(name), said


def _form(page: Reader) -> Iterator[tuple[str, str]]:
    """What the page's form has just collected, or holds when it does not say when."""
    for parameter in page.object("formInfo").each("parameterInfo"):
        name = parameter.words("displayName")
        said = wording(parameter.get("value"))[: parameter.limits.max_words]
        if name and said and parameter.get("justCollected") is not False:
            yield name, said


def render(messages: Sequence[Message], call: Call, look: Look, limits: ResponseLimits) -> list[Rendered]:
    """The response that says `messages`, and poorer ones in case it is too large."""
    said = [message for message in messages if message.text or message.speech]
    if not said:
        return [{}]
    state = standing(said, look)
    tail: Rendered = {"sessionInfo": {"parameters": {PARAMETER: state}}}
    if state == "ended" and (page := _end(call.page)):
        tail["targetPage"] = page
    content = [] if look.voice else richness(said, look, limits) if look.rich else []
    plain, rich = _texts(said, look, limits, options=True), _texts(said, look, limits, options=False)
    ways = [[*rich, {"payload": {"richContent": content}}], plain] if content else [plain]
    return [_response([*parts, *_told(state, look)], tail) for parts in ways]


def _texts(said: Sequence[Message], look: Look, limits: ResponseLimits, *, options: bool) -> list[Rendered]:
    """What a screen shows; with it, on a telephone, what is said: that is used for the audio then, and it alone."""
    if not look.voice:
        return [{"text": {"text": [screen(said, limits, options=options)]}}]
    speech = spoken_text(said, limits)
    opens = any(message.expects_reply for message in said)
    return [
        {"text": {"text": [speech]}},
        {"outputAudioText": {"ssml": ssml(speech, limits.max_speech, keep_last=opens)}},
    ]


def _told(state: str, look: Look) -> list[Rendered]:
    """What the platform is told besides: that the conversation ended well, for its figures; that a person was asked
    for, where the merchant has people or a telephone there."""
    found: list[Rendered] = []
    if state == "ended":
        found.append({"conversationSuccess": {"metadata": {"merchant": look.merchant}}})
    if look.person and look.live_agent:
        found.append({"liveAgentHandoff": {"metadata": {"reason": "asked", "merchant": look.merchant}}})
    if look.person and look.voice and look.transfer_to:
        found.append({"telephonyTransferCall": {"phoneNumber": look.transfer_to}})
    return found


def _response(parts: Sequence[Rendered], tail: Rendered) -> Rendered:
    return {"fulfillmentResponse": {"messages": list(parts), "mergeBehavior": "REPLACE"}, **tail}


def _end(page: str) -> str:
    """The page that ends the session, named within the flow that is current; "" when no flow is."""
    flow, found, _ = page.partition("/pages/")
    return f"{flow}/pages/END_SESSION" if found and "/flows/" in flow else ""
