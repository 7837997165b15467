"""What is answered, as TwiML: said while the caller may speak or press, and the next turn's address. Pure.

Source: Twilio's "<Gather>", "<Say>", "<Dial>", "<Connect>" (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from sayso.channels.contract import Account, Event, Message, Response
from sayso.channels.speech import plain, spoken
from sayso.channels.twilio import xml
from sayso.channels.twilio_voice.limits import limits

PERSON = "person"
"""In `Event.via`: the turn handed the call to a person."""


def twiml(event: Event, messages: Sequence[Message], account: Account) -> Response:
    """The answer to a turn of a call."""
    language = messages[-1].language if messages else event.language or "en"
    words = said(messages)
    number = account.text("transfer_to")
    if event.via.get(PERSON) and number:
        return xml(f"{say(words, language)}<Dial>{escape(number)}</Dial>")
    if any(message.ends for message in messages) or _silences(event) >= limits().silences:
        return xml(f"{say(words, language)}<Hangup/>")
    return xml(gathered(words, language, event, account))


def said(messages: Sequence[Message]) -> str:
    """What is said aloud: a repeated question after silence is the reprompt's."""
    return " ".join(message.speech or spoken(message.text) for message in messages)


def say(words: str, language: str) -> str:
    """Words in the voice of their language; "" for none."""
    tag, voice = limits().voice(language)
    text = escape(plain(words, limits().text), quote=False)
    return f'<Say language="{tag}" voice="{voice}">{text}</Say>' if text else ""


def gathered(words: str, language: str, event: Event, account: Account) -> str:
    """The words, and what comes back: speech or keys; silence comes back too."""
    turn = {"n": str(_next(event)), "lang": language, "silent": str(_silences(event))}
    action = f"/v1/channels/twilio_voice/{account.merchant.id}/turn?{urlencode(turn)}"
    held = {
        "input": "speech dtmf",
        "action": action,
        "method": "POST",
        "language": limits().voice(language)[0],
        "speechTimeout": limits().speech_timeout,
        "timeout": str(limits().timeout_s),
        "actionOnEmptyResult": "true",
        "hints": account.text("hints")[: limits().hints_chars],
    }
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in held.items() if value)
    return f"<Gather {attributes}>{say(words, language)}</Gather>"


def connected(account: Account, language: str) -> Response:
    """The call goes on over a WebSocket (ConversationRelay)."""
    base = account.public_url.rstrip("/").replace("https://", "wss://", 1).replace("http://", "ws://", 1)
    url = f"{base}/v1/channels/twilio_voice/{account.merchant.id}/relay"
    tag, _ = limits().voice(language)
    relay = f'<ConversationRelay url="{escape(url)}" language="{tag}" interruptible="any" dtmfDetection="true"/>'
    action = f"/v1/channels/twilio_voice/{account.merchant.id}/relayed"
    return xml(f'<Connect action="{escape(action)}">{relay}</Connect>')


def first_language(account: Account) -> str:
    """The language in which calls are answered."""
    return account.text("language") or account.merchant.languages[0]


def _next(event: Event) -> int:
    return int(event.via.get("n", "0")) + 1


def _silences(event: Event) -> int:
    """Silences in a row, this one included."""
    return int(event.via.get("silent", "0"))
