"""A little Amazon: a Lex V2 bot or a contact flow of Connect, with the merchant's Lambda in between.

It keeps the session's attributes as Lex does, and refuses what Lex and Connect refuse of a Lambda's answer. Its limits
are written here anew, from "Lambda input event and response format" and the runtime API's model, not read from the
channel's table.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.channels.contract import Account, Channel, Request, Response

LOCALES = {"en": "en_US", "nl": "nl_NL"}
ACTIONS = {"Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot"}
STATES = {"Failed", "Fulfilled", "FulfillmentInProgress", "InProgress", "ReadyForFulfillment", "Waiting"}


class Refused(Exception):
    """DependencyFailedException: the Lambda's answer is not one."""


def need(kept: bool, why: str) -> None:
    if not kept:
        raise Refused(why)


def sized(text: object, most: int, what: str) -> None:
    need(isinstance(text, str) and 1 <= len(text) <= most, f"{what} has 1 to {most} letters: {text!r}")


def message(made: Mapping[str, Any]) -> None:
    kind = made.get("contentType")
    if kind == "ImageResponseCard":
        need(set(made) == {"contentType", "imageResponseCard"}, f"a card alone: {sorted(made)}")
        return card(made["imageResponseCard"])
    need(kind in ("PlainText", "SSML", "CustomPayload"), f"contentType {kind!r}")
    need(set(made) == {"contentType", "content"}, f"a text alone: {sorted(made)}")
    sized(made["content"], 1024, "content")


def card(made: Mapping[str, Any]) -> None:
    need(set(made) <= {"title", "subtitle", "imageUrl", "buttons"}, f"fields of a card: {sorted(made)}")
    for name in ("title", "subtitle", "imageUrl"):
        if name == "title" or name in made:
            sized(made.get(name), 250, name)
    buttons = made.get("buttons", [{"text": "x", "value": "x"}])
    need(1 <= len(buttons) <= 5, "a card has one to five buttons")
    for button in buttons:
        sized(button["text"], 50, "a button's text")
        sized(button["value"], 50, "a button's value")


def texts(made: object, what: str) -> None:
    need(isinstance(made, dict) and all(isinstance(v, str) for v in made.values()), f"{what}: texts to texts")


def answer(made: Mapping[str, Any]) -> None:
    """Raises Refused for what Lex does not take."""
    need(set(made) <= {"sessionState", "messages", "requestAttributes"}, f"fields of an answer: {sorted(made)}")
    state = made["sessionState"]
    need(set(state) <= {"sessionAttributes", "activeContexts", "dialogAction", "intent"}, f"fields: {sorted(state)}")
    texts(state.get("sessionAttributes", {}), "sessionAttributes")
    action = state["dialogAction"]["type"]
    need(action in ACTIONS, f"dialogAction {action!r}")
    need(action != "ElicitIntent" or bool(made.get("messages")), "ElicitIntent needs messages")
    if action != "ElicitIntent":
        need(state["intent"]["state"] in STATES, "the state of the intent")
        sized(state["intent"]["name"], 100, "the intent's name")
    said = made.get("messages", [{"contentType": "PlainText", "content": "x"}])
    need(1 <= len(said) <= 10, "one to ten messages")
    for each in said:
        message(each)


@dataclass
class Bot:
    """A session with a bot: typed, or spoken on a telephone. `shown` are the messages of each answer; `attributes` the
    session's."""

    channel: Channel
    account: Account
    speech: bool = False
    language: str = "en"
    customer: str = "customer-1"
    shown: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def says(self, words: str) -> Request | None:
        return self.posts(words, "Speech" if self.speech else "Text")

    def opens(self) -> Request | None:
        """A contact begins before anything is said."""
        return self.posts("", "Speech" if self.speech else "Text")

    def falls_silent(self) -> Request | None:
        return self.posts("", "Speech") if self.speech and self.attributes else None

    def presses(self, token: str) -> Request | None:
        """A card's button: its value comes as what was said."""
        if self.speech:
            return None
        cards = [each["imageResponseCard"] for said in self.shown for each in said if "imageResponseCard" in each]
        values = [button["value"] for made in cards for button in made.get("buttons", ())]
        found = next((value for value in values if value.endswith(token)), None)
        return self.posts(found, "Text") if found else None

    def chooses(self, name: str) -> Request | None:
        return self.says(name) if self.speech else None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def posts(self, words: str, mode: str) -> Request:
        """The Lambda's post: Lex's event, the key, the Lambda's own request."""
        serial = next(self.numbers)
        intent = {"name": "FallbackIntent", "state": "InProgress", "slots": {}, "confirmationState": "None"}
        state = {"intent": intent, "sessionAttributes": {**self.attributes}, "activeContexts": []}
        event = {
            "messageVersion": "1.0",
            "invocationSource": "DialogCodeHook",
            "inputMode": mode,
            "responseContentType": "text/plain; charset=utf-8",
            "sessionId": self.customer,
            "inputTranscript": words,
            "bot": {"id": "B1", "name": "bar", "aliasId": "A1", "localeId": LOCALES[self.language], "version": "1"},
            "interpretations": [{"intent": intent, "interpretationSource": "Lex"}],
            "transcriptions": [{"transcription": words, "transcriptionConfidence": 1.0}],
            "sessionState": {**state, "originatingRequestId": f"r-{serial}"},
        }
        return self.keyed(event, f"aws-{serial}", "")

    def keyed(self, event: Mapping[str, Any], id: str, path: str) -> Request:
        headers = {"authorization": f"Bearer {self.account.secret('api_key')}", "x-request-id": id}
        url = f"https://bots.example/v1/channels/lex/{self.account.merchant.id}"
        body = json.dumps(event).encode()
        headers["content-type"] = "application/json"
        return Request("POST", f"{url}/{path}" if path else url, headers, body=body, path=path)

    def hears(self, response: Response) -> str:
        if response.status != 200:
            return f"status {response.status}"
        made = json.loads(response.body)
        try:
            answer(made)
        except (Refused, KeyError, TypeError) as error:
            return f"DependencyFailedException: {error!r}"
        self.shown.append(made.get("messages", ()))
        self.attributes = dict(made["sessionState"].get("sessionAttributes", {}))
        return ""


@dataclass
class Flow(Bot):
    """A telephone call through a contact flow that asks the Lambda itself. `texts`: what was said to the caller."""

    speech: bool = True
    texts: list[str] = field(default_factory=list)

    def posts(self, words: str, mode: str) -> Request:
        contact = {
            "Channel": "VOICE",
            "ContactId": self.customer,
            "CustomerEndpoint": {"Address": "+31612345678", "Type": "TELEPHONE_NUMBER"},
            "LanguageCode": LOCALES[self.language].replace("_", "-"),
            "InitiationMethod": "INBOUND",
            "Attributes": {},
        }
        given = {"text": words} if words or self.texts else {}
        event = {"Name": "ContactFlowEvent", "Details": {"ContactData": contact, "Parameters": given}}
        return self.keyed(event, f"aws-{next(self.numbers)}", "connect")

    def falls_silent(self) -> Request | None:
        return self.posts("", "Speech") if self.texts else None

    def hears(self, response: Response) -> str:
        """A map of texts, at most 32 kB."""
        if response.status != 200 or len(response.body) > 32_768:
            return f"status {response.status}, {len(response.body)} bytes"
        made = json.loads(response.body)
        try:
            texts(made, "External")
            need(all(name.replace("_", "").isalnum() for name in made), "a key has letters, digits, _")
        except Refused as error:
            return str(error)
        self.texts.append(made["text"])
        return ""
