"""Words for a customer who waits: a progressive response. Pure.

Amazon speaks them while the answer is being made. They go to an address that the request names, with a token that the
request holds; so that nobody else is ever sent one, only Amazon's own three addresses are used.
"""

from __future__ import annotations

import orjson

from sayso.channels.alexa.envelope import Envelope
from sayso.channels.alexa.limits import Limits
from sayso.channels.contract import Call
from sayso.channels.speech import ssml

SPOKEN_TO = frozenset({"LaunchRequest", "IntentRequest"})
"""Requests that somebody waits for the answer of."""


def meanwhile(envelope: Envelope, words: str, limits: Limits) -> Call | None:
    """The call that has `words` spoken before the answer; None where nobody waits, or Amazon is not who asks for it."""
    device = envelope.device
    endpoint = device.endpoint.rstrip("/")
    if envelope.type not in SPOKEN_TO or endpoint not in limits.progressive.endpoints or not device.token or not words:
        return None
    directive = {"type": "VoicePlayer.Speak", "speech": ssml(words, limits.response.max_speech)}
    body = orjson.dumps({"header": {"requestId": envelope.id}, "directive": directive})
    headers = {"Authorization": f"Bearer {device.token}", "Content-Type": "application/json"}
    return Call("POST", f"{endpoint}/v1/directives", headers, body)
