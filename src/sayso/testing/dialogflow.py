"""Dialogflow's requests for tests: what an agent of ES or CX posts to its webhook, and Google's tokens, minted.

Nothing here weakens a host: it trusts such a token only when it is given `Google.key` for its keys.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from sayso.errors import Unauthorised

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CX:
    """A session of a CX agent: makes the bodies of its webhook requests."""

    agent: str
    session: str = "dfMessenger-1"
    language: str = "en"
    tag: str = "sayso"
    telephone: bool = False

    @property
    def path(self) -> str:
        return f"{self.agent}/sessions/{self.session}"

    def say(self, id: str, words: str) -> bytes:
        """The words, as they were typed; on the telephone, as they were heard."""
        return self.body(id, {"transcript" if self.telephone else "text": words})

    def event(self, id: str, name: str) -> bytes:
        return self.body(id, {"triggerEvent": name})

    def body(self, id: str, what: Mapping[str, Any], **more: Any) -> bytes:
        """The whole request around `what`, with the undocumented fields that real ones have."""
        flow = f"{self.agent}/flows/00000000-0000-0000-0000-000000000000"
        made: Json = {
            "detectIntentResponseId": id,
            "languageCode": self.language,
            "fulfillmentInfo": {"tag": self.tag},
            "intentInfo": {"lastMatchedIntent": f"{self.agent}/intents/1", "displayName": "Say", "confidence": 0.3},
            "pageInfo": {"currentPage": f"{flow}/pages/START_PAGE", "formInfo": {}, "displayName": "Start Page"},
            "sessionInfo": {"session": self.path, "parameters": {}},
            "messages": [
                {"text": {"text": [""], "redactedText": [""]}, "responseType": "HANDLER_PROMPT", "source": "AGENT"}
            ],
            **what,
            **more,
        }
        if self.telephone:
            made.setdefault("payload", {"telephony": {"caller_id": "+31612345678"}})
        return orjson.dumps(made)


@dataclass(frozen=True, slots=True)
class ES:
    """A session of an ES agent: makes the bodies of its webhook requests."""

    project: str
    session: str = "88d13aa8-2999-4f71-b233-39cbf3a824a0"
    language: str = "en"
    intent: str = "Say"
    source: str = ""

    @property
    def path(self) -> str:
        return f"projects/{self.project}/agent/sessions/{self.session}"

    def say(self, id: str, words: str) -> bytes:
        return self.body(id, {"queryText": words})

    def event(self, id: str, name: str) -> bytes:
        """ES sends the event's name for a query, and a context of that name."""
        context = {"name": f"{self.path}/contexts/{name.lower()}", "parameters": {}}
        return self.body(id, {"queryText": name, "outputContexts": [context]})

    def body(self, id: str, result: Mapping[str, Any], **more: Any) -> bytes:
        """The whole request around the query's result."""
        made: Json = {
            "responseId": id,
            "session": self.path,
            "queryResult": {
                "parameters": {},
                "allRequiredParamsPresent": True,
                "intent": {"name": f"projects/{self.project}/agent/intents/1", "displayName": self.intent},
                "intentDetectionConfidence": 1,
                "languageCode": self.language,
                **result,
            },
            "originalDetectIntentRequest": {"source": self.source, "payload": {}} if self.source else {"payload": {}},
            **more,
        }
        return orjson.dumps(made)


@dataclass(frozen=True, slots=True)
class Google:
    """Signs ID tokens as Google does, with a key of its own."""

    private: RSAPrivateKey
    kid: str = "test-key"

    async def key(self, kid: str, now: datetime) -> RSAPublicKey:
        """Implements `channels.dialogflow.auth.Key` for this signer's one key."""
        if kid != self.kid:
            raise Unauthorised("the token is signed with a key that is not Google's", where="Authorization")
        return self.private.public_key()

    def key_set(self) -> bytes:
        """The JSON Web Key Set that Google would serve."""
        public = self.private.public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid, "n": _number(public.n), "e": _number(65537)}
        return orjson.dumps({"keys": [key]})

    def token(self, claims: Mapping[str, Any], **header: Any) -> str:
        """The claims as a compact JSON Web Token."""
        head = {"alg": "RS256", "kid": self.kid, "typ": "JWT", **header}
        signed = f"{_base64(orjson.dumps(head))}.{_base64(orjson.dumps(dict(claims)))}"
        return f"{signed}.{_base64(self.private.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def google() -> Google:
    return Google(generate_private_key(65537, 2048))


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
