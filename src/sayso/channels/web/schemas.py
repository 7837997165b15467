"""JSON Schemas (2020-12) of what the web chat's API takes and gives. The requests are validated by them and the
OpenAPI document is made of them: one source."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

MERCHANT_ID = "^[a-z][a-z0-9_]{0,63}$"
CONVERSATION_ID = "^[A-Za-z0-9_-]{22}$"
EVENT_ID = "^[A-Za-z0-9_-]{8,64}$"
LANGUAGE = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"


def closed(properties: Schema, required: tuple[str, ...] | None = None, **more: Any) -> Schema:
    """An object with these properties and no others; all are required unless `required` says which."""
    wanted = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": wanted, "additionalProperties": False, **more}


def text(longest: int, **more: Any) -> Schema:
    return {"type": "string", "maxLength": longest, **more}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_LANGUAGE = text(35, pattern=LANGUAGE, description="BCP-47 language tag.", examples=["en", "nl"])
_ID = {
    "type": "string",
    "pattern": EVENT_ID,
    "description": "The client's own id of this event, new for each event. Sending it again gives the same answer.",
}
_AT = {"type": "string", "format": "date-time"}


def _event(kind: str, properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    every = {"id": _ID, "type": {"const": kind}, **properties, "language": _LANGUAGE}
    return closed(every, tuple(name for name in every if name not in {*optional, "language"}))


REQUESTS: dict[str, Schema] = {
    "NewConversation": closed(
        {
            "language": _LANGUAGE,
            "customer_token": text(4096, description="A token that the merchant signed for its customer."),
        },
        (),
    ),
    "TextEvent": _event(
        "text",
        {
            "text": text(2000, minLength=1, description="The customer's words."),
            "heard": text(4000, description="Of what was read aloud last, what was heard before it was interrupted."),
        },
        ("heard",),
    ),
    "PressEvent": _event(
        "press",
        {
            "token": text(128, minLength=1, description="The `value` of a reply action."),
            "label": text(200, description="What the button showed."),
        },
        ("label",),
    ),
    "LocateEvent": _event(
        "locate",
        {
            "latitude": {"type": "number", "minimum": -90, "maximum": 90},
            "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        },
    ),
    "OpenEvent": _event("open", {}),
    "CloseEvent": _event("close", {}),
    "Event": {
        "oneOf": [ref(f"{kind}Event") for kind in ("Text", "Press", "Locate", "Open", "Close")],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                kind.lower(): f"#/components/schemas/{kind}Event"
                for kind in ("Text", "Press", "Locate", "Open", "Close")
            },
        },
    },
    "CustomerToken": closed({"customer_token": text(4096, minLength=1)}),
    "Forget": closed({"about": text(200, minLength=1, description="As `about` of what is remembered.")}),
    "Switch": closed(
        {
            "name": text(
                200,
                pattern="^(paused/[a-z0-9_]+|sold_out/[a-z0-9_]+(/[a-z0-9_]+)?)$",
                description="`paused/<location>`, `sold_out/<sku>` or `sold_out/<group>/<value>`.",
            ),
            "on": {"type": "boolean"},
        }
    ),
    "Resend": closed({"id": text(64, pattern="^[a-z0-9.-]{1,64}$", description="Of an undelivered part.")}),
    "NewStaffKey": closed(
        {
            "name": text(64, pattern="^[A-Za-z0-9 _.-]{1,64}$"),
            "days": {"type": "integer", "minimum": 1, "maximum": 366},
            "role": {"enum": ["floor", "desk", "manager"]},
        },
        ("name",),
    ),
    "LinkClaim": closed({"link": text(2048, minLength=1, description="What stands behind the # of the link.")}),
    "DeskAnswer": closed(
        {"id": _ID, "text": text(2000, minLength=1), "closes": {"type": "boolean", "description": "It is settled."}},
        ("id", "text"),
    ),
    "DeskClose": closed({"id": _ID}),
    "DemoCustomer": closed({"name": text(32, pattern="^[a-z]{1,32}$")}),
    "Empty": closed({}),
}

_ACTION = closed(
    {
        "kind": {"enum": ["reply", "url", "location", "link"]},
        "label": {"type": "string"},
        "value": {"type": "string", "description": "reply: the token to press with; url: where it leads."},
    }
)
_IMAGE = closed({"src": {"type": "string"}, "alt": {"type": "string"}})
_CARD = closed(
    {
        "title": {"type": "string"},
        "body": {"type": "string"},
        "image": {"anyOf": [_IMAGE, {"type": "null"}]},
        "more_images": {"type": "array", "items": _IMAGE},
        "actions": {"type": "array", "items": ref("Action")},
    }
)
_MESSAGE = closed(
    {
        "seq": {"type": "integer", "minimum": 1, "description": "Position in the conversation, without gaps."},
        "id": {"type": "string"},
        "turn": {"type": "string"},
        "event": {"type": "string", "description": "The client's own event id, for a customer's message; else empty."},
        "at": _AT,
        "author": {"enum": ["bot", "person", "customer"]},
        "language": {"type": "string"},
        "text": {"type": "string"},
        "cards": {"type": "array", "items": ref("Card")},
        "actions": {"type": "array", "items": ref("Action")},
        "expects_reply": {"type": "boolean"},
        "ends": {"type": "boolean"},
    }
)
_NAMES = {"type": "object", "additionalProperties": {"type": "string"}, "description": "A text per language."}
_MERCHANT = closed(
    {
        "id": {"type": "string"},
        "names": _NAMES,
        "languages": {"type": "array", "items": {"type": "string"}},
        "assistant": {"type": "string", "description": "The assistant's name; empty when it has none."},
        "phone": {"type": "string"},
    }
)
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "A stable word for programs."},
        "where": {"type": "string", "description": "JSON pointer into the body, or the header or parameter."},
        "mend": {"type": "string", "description": "What to do about it."},
        "request": {"type": "string", "description": "The request's id, to quote when asking for help."},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["type", "title", "status", "detail", "code"],
}

_MESSAGES = {"type": "array", "items": ref("Message")}
ANSWERS: dict[str, Schema] = {
    "Action": _ACTION,
    "Card": _CARD,
    "Message": _MESSAGE,
    "Merchant": _MERCHANT,
    "Problem": _PROBLEM,
    "Merchants": closed({"merchants": {"type": "array", "items": ref("Merchant")}}),
    "Conversation": closed(
        {
            "id": {"type": "string", "pattern": CONVERSATION_ID},
            "token": {"type": "string", "description": "Bearer token of this conversation; also set as a cookie."},
            "language": {"type": "string"},
            "messages": _MESSAGES,
        }
    ),
    "Answered": closed({"event": {"type": "string"}, "turn": {"type": "string"}, "messages": _MESSAGES}),
    "Messages": closed({"messages": _MESSAGES, "more": {"type": "boolean"}}),
    "Token": closed({"token": {"type": "string"}, "name": {"type": "string"}}),
    "Preferences": closed(
        {
            "known": {"type": "boolean", "description": "Does somebody vouch for the customer? Else nothing is shown."},
            "preferences": {"type": "array", "items": ref("Preference")},
        }
    ),
    "Preference": closed(
        {
            "about": {"type": "string"},
            "words": {"type": "string", "description": "What it is and where it comes from."},
            "how": {"enum": ["said", "chosen"]},
            "at": {"type": "string", "format": "date-time"},
        }
    ),
    "Traces": closed({"traces": {"type": "array", "items": {"type": "object"}}}),
    "Switches": closed(
        {
            "switches": {"type": "array", "items": {"type": "string"}, "description": "The names that are on."},
            "offers": {"type": "array", "items": ref("SwitchOffer")},
        }
    ),
    "SwitchOffer": closed({"name": {"type": "string"}, "group": {"type": "string"}, "titles": _NAMES, "names": _NAMES}),
    "Unrecognised": closed({"unrecognised": {"type": "array", "items": ref("UnrecognisedWords")}}),
    "UnrecognisedWords": closed(
        {
            "words": {"type": "string", "description": "What is personal in them is masked."},
            "language": {"type": "string"},
            "times": {"type": "integer"},
            "last": {"type": "string", "format": "date-time"},
            "nearest": {"type": "array", "items": {"type": "string"}},
            "line": {"type": "string", "description": "To copy among the utterances of the intent that was meant."},
        }
    ),
    "Attachments": closed({"attachments": {"type": "array", "items": ref("Attachment")}}),
    "Attachment": closed(
        {
            "id": {"type": "string"},
            "conversation": {"type": "string"},
            "turn": {"type": "string"},
            "kind": {"type": "string"},
            "mime": {"type": "string", "description": 'As its first bytes tell; "" when there is no file.'},
            "name": {"type": "string", "description": "As the customer's device called it."},
            "size": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "reason": {"type": "string", "description": 'Why there is no file, "" when there is.'},
        }
    ),
    "Undelivered": closed({"undelivered": {"type": "array", "items": ref("UndeliveredPart")}}),
    "UndeliveredPart": closed(
        {
            "id": {"type": "string"},
            "channel": {"type": "string"},
            "conversation": {"type": "string"},
            "state": {
                "enum": ["dead", "failed", "unknown"],
                "description": "Given up or refused; taken and not delivered; sent perhaps.",
            },
            "reason": {"type": "string"},
            "code": {"type": "string"},
            "attempts": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "text": {"type": "string", "description": "The words of the whole message."},
        }
    ),
    "LinkMade": closed({"linked": {"type": "boolean", "description": "False where the link was used or has ended."}}),
    "LinkNonce": closed({"nonce": {"type": "string", "description": "For the platform; good once, for half an hour."}}),
    "Tasks": closed({"tasks": {"type": "array", "items": ref("Task")}}),
    "Task": closed(
        {
            "id": {"type": "string"},
            "channel": {"type": "string"},
            "reason": {"type": "string", "description": "Why a person is wanted: asked, complaint, call_back, ..."},
            "about": {"type": "object", "additionalProperties": {"type": "string"}},
            "promised": {"type": "string", "description": "By when the customer expects an answer; empty: not said."},
            "at": _AT,
            "waiting": {"type": "boolean", "description": "The customer said something that nobody answered."},
            "messages": {"type": "array", "items": ref("DeskMessage"), "description": "The end of the conversation."},
        }
    ),
    "DeskMessage": closed(
        {
            "author": {"enum": ["bot", "person", "customer"]},
            "text": {"type": "string"},
            "at": _AT,
            "revised": {"enum": ["edited", "unsent"], "description": "What the customer did to it afterwards."},
        },
        ("author", "text", "at"),
    ),
    "Published": closed({"merchant": {"type": "string"}, "digest": {"type": "string"}}),
    "Key": closed({"key": {"type": "string"}, "name": {"type": "string"}}),
    "CustomerKey": closed({"customer_token": {"type": "string"}, "name": {"type": "string"}}),
}
