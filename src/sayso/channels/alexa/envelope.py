"""Alexa's request envelope: bytes become an `Envelope`, or an error that names the place, in one step.

Source: Amazon's "Request and Response JSON Reference" and the classes of ask-sdk-model. Unknown properties are ignored,
as Amazon asks; `null` counts as absent; a property of a wrong type is refused with its JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeGuard

import orjson

from sayso.channels.alexa.limits import RequestLimits
from sayso.errors import Theirs
from sayso.model.event import Located

JSON = Mapping[str, Any]
APL = "Alexa.Presentation.APL"


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it was spoken: `words` "" when it was not filled; `id` is the one declared id that all authorities
    agree on, "" when there is none or more than one."""

    name: str
    words: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """What was spoken to: `screen`: it shows APL documents. `endpoint` and `token`: where Amazon takes words for it
    before the answer is there."""

    screen: bool = False
    endpoint: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """What our last answer of this session left: `asked`: what it told Alexa to listen for; `options`: of its question,
    as they are said, with the tokens of their buttons."""

    asked: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request. `applications` are the skill ids that it names, in context and session; `failure` is the type of
    an error that Alexa reports; `tokens` are access tokens of account linking, the recognised person's first;
    `confirmation`: what became of a yes or no that Alexa was told to ask for; `arguments`: of a touched control."""

    type: str
    id: str
    at: datetime
    locale: str
    applications: tuple[str, ...]
    user: str
    intent: str = ""
    slots: tuple[Slot, ...] = ()
    reason: str = ""
    failure: str = ""
    tokens: tuple[str, ...] = ()
    position: Located | None = None
    confirmation: str = ""
    arguments: tuple[str, ...] = ()
    device: Device = Device()
    session: Session = Session()


def read_envelope(body: bytes, limits: RequestLimits) -> Envelope:
    """The envelope in `body`. Raises errors.Theirs: 413 when it is too large, 400 when it is not an envelope."""
    if len(body) > limits.max_bytes:
        raise Theirs(
            f"the body has {len(body)} bytes, at most {limits.max_bytes} are read",
            where="body",
            mend="send the request as Alexa made it",
            code="too_large",
            status=413,
        )
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Theirs(f"the body is not JSON: {error}", where="body", mend="send UTF-8 JSON", code="not_json") from None
    return _envelope(_Reader(raw, "", limits))


def _envelope(top: _Reader) -> Envelope:
    request, session, context = top.required("request"), top.object("session"), top.object("context")
    system = context.object("System")
    user, member = system.object("user"), session.object("user")
    intent = request.object("intent")
    return Envelope(
        type=request.words("type", required=True),
        id=request.words("requestId", required=True),
        at=_moment(request),
        locale=request.words("locale"),
        applications=tuple(_filled(o.object("application").words("applicationId") for o in (system, session))),
        user=user.words("userId") or member.words("userId"),
        intent=intent.words("name"),
        slots=tuple(_slot(name, slot) for name, slot in intent.object("slots").objects()),
        reason=request.words("reason"),
        failure=request.object("error").words("type"),
        tokens=tuple(_filled(o.words("accessToken") for o in (system.object("person"), *_told(request), user, member))),
        position=_position(context.object("Geolocation").object("coordinate")),
        confirmation=intent.words("confirmationStatus"),
        arguments=_arguments(request),
        device=_device(system),
        session=_session(session.raw.get("attributes")),
    )


def _told(request: _Reader) -> tuple[_Reader, ...]:
    """What an event about the skill itself tells."""
    return (request.object("body"),) if request.words("type").startswith("AlexaSkillEvent.") else ()


def _arguments(request: _Reader) -> tuple[str, ...]:
    """What a touched control sends; any program of APL may, so another shape is no error."""
    found = request.raw.get("arguments")
    texts = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    return tuple(texts) if all(len(each) <= request.limits.max_identifier for each in texts) else ()


def _device(system: _Reader) -> Device:
    interfaces = system.object("device").object("supportedInterfaces").raw
    return Device(APL in interfaces, system.words("apiEndpoint"), system.words("apiAccessToken"))


def _session(attributes: Any) -> Session:
    """Ours, or of another program that served this skill before: only our own shape counts."""
    kept = attributes if isinstance(attributes, dict) else {}
    asked, options = kept.get("asked"), kept.get("options")
    listed = options if isinstance(options, dict) else {}
    return Session(
        asked if isinstance(asked, str) else "",
        {words: token for words, token in listed.items() if isinstance(token, str)},
    )


def _filled(values: Iterator[str]) -> Iterator[str]:
    return (value for value in values if value)


def _moment(request: _Reader) -> datetime:
    """ISO 8601 with a zone; older device interfaces sent milliseconds since 1970, which are as exact and are taken."""
    value = request.raw.get("timestamp")
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise request.wrong("timestamp", "a time such as 2026-11-21T09:30:00Z")
    return moment.astimezone(UTC)


def _position(coordinate: _Reader) -> Located | None:
    latitude, longitude = coordinate.raw.get("latitudeInDegrees"), coordinate.raw.get("longitudeInDegrees")
    if not _number(latitude) or not _number(longitude):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Located(float(latitude), float(longitude))


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _slot(name: str, slot: _Reader) -> Slot:
    """A slot has one value, or `slotValue` with a list of them: those are joined as they would be said."""
    values = [value for _, value in slot.object("slotValue").each("values")]
    if not values:
        return Slot(name, slot.spoken("value"), _agreed([slot]))
    return Slot(name, ", ".join(_filled(value.spoken("value") for value in values)), "")


def _agreed(slots: list[_Reader]) -> str:
    """Authorities (static and dynamic) may disagree: only one distinct id among all matches is believed."""
    found = {
        value.object("value").words("id")
        for slot in slots
        for _, authority in slot.object("resolutions").each("resolutionsPerAuthority")
        if authority.object("status").words("code") == "ER_SUCCESS_MATCH"
        for _, value in authority.each("values")
    }
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """A JSON object and where it is, for errors that name the place."""

    value: Any
    where: str
    limits: RequestLimits

    @property
    def raw(self) -> JSON:
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise Theirs(
                f"{self.where or '/'} is {_kind(self.value)}, an object is needed",
                where=self.where or "/",
                mend="send the request as Alexa made it",
                code="wrong_type",
            )
        return self.value

    def object(self, key: str) -> _Reader:
        return _Reader(self.raw.get(key), f"{self.where}/{key}", self.limits)

    def required(self, key: str) -> _Reader:
        found = self.object(key)
        if found.value is None:
            raise self.wrong(key, "an object")
        return found

    def objects(self) -> Iterator[tuple[str, _Reader]]:
        """The objects in this object, by key."""
        return ((str(key), self.object(key)) for key in self.raw)

    def each(self, key: str) -> Iterator[tuple[int, _Reader]]:
        """The objects in the list at `key`; none when it is absent."""
        value = self.raw.get(key)
        if value is None:
            return iter(())
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return ((i, _Reader(item, f"{self.where}/{key}/{i}", self.limits)) for i, item in enumerate(value))

    def words(self, key: str, *, required: bool = False) -> str:
        """An identifier, without the spaces around it; "" when it is absent."""
        value = self.raw.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or len(value) > self.limits.max_identifier:
            raise self.wrong(key, f"a text of at most {self.limits.max_identifier} characters")
        value = value.strip()
        if required and not value:
            raise self.wrong(key, "a text that is not empty")
        return value

    def spoken(self, key: str) -> str:
        """What somebody said, without control characters; "?" is how Alexa writes a number it did not catch."""
        value = self.raw.get(key)
        if value is None or value == "?":
            return ""
        if not isinstance(value, str) or len(value) > self.limits.max_words:
            raise self.wrong(key, f"a text of at most {self.limits.max_words} characters")
        return "".join(c if c.isprintable() else " " for c in value).strip()

    def wrong(self, key: str, wanted: str) -> Theirs:
        found = _kind(self.raw.get(key))
        return Theirs(
            f"{self.where}/{key} is {found}, wanted {wanted}",
            where=f"{self.where}/{key}",
            mend="send the request as Alexa made it",
            code="malformed",
        )


_KINDS: Mapping[type, str] = {dict: "an object", list: "a list", str: "another text", bool: "true or false"}


def _kind(value: Any) -> str:
    return "absent" if value is None else _KINDS.get(type(value), "a number")
