"""A little Alexa with one customer: it hears with the exported model, does what directives tell it, refuses what Amazon
refuses.

What a customer says is heard as Amazon's service hears it: in lower case; standard words as standard intents; to a
question with a directive, into the slot that it names; else by the samples of the model, a few words as the bare wish;
the rest is lost (`says` gives None: nobody can say that here). No signature is made here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from sayso.channels.alexa import Certificates, Door, Ready, Received, read_limits, trusted_roots
from sayso.channels.alexa.envelope import read_envelope
from sayso.channels.alexa.export import skill_package
from sayso.channels.alexa.parse import parse
from sayso.channels.capabilities import Capabilities, read_capabilities
from sayso.channels.contract import Account, Inbound, Request, Response
from sayso.manifest.specs import Artefact
from sayso.model.event import Event
from sayso.model.message import Message
from sayso.testing.alexa import Speaker

ENDPOINT = "https://bots.example/v1/alexa/bar"
STANDARD: Mapping[str, tuple[str, ...]] = {
    "AMAZON.YesIntent": ("yes", "yes please", "sure"),
    "AMAZON.NoIntent": ("no", "no thanks"),
    "AMAZON.StopIntent": ("stop", "off"),
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it"),
    "AMAZON.HelpIntent": ("help", "help me"),
    "AMAZON.RepeatIntent": ("repeat", "repeat that", "say that again"),
    "AMAZON.StartOverIntent": ("start over", "start again", "restart"),
    "AMAZON.MoreIntent": ("more",),
}
"""Amazon's own examples of what these intents are said with."""
FEW = 5
"""Words that the bare wish takes, though they are no entry of its list."""


async def _none(url: str) -> bytes:
    raise AssertionError("nothing is fetched here")


@dataclass
class Skill:
    """The host's door as a channel: bytes in, one event; messages in, bytes out. `received` is what came last."""

    artefact: Artefact
    door: Door
    model: str
    name: str = "alexa"
    received: Received | None = None

    @property
    def capabilities(self) -> Capabilities:
        return read_capabilities("sayso.channels.alexa")

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        envelope = read_envelope(request.body, self.door.limits.request)
        found = parse(envelope, self.artefact, account.id, now, self.door.limits.answer)
        if isinstance(found, Ready):
            return Inbound()
        self.received = Received(found, envelope)
        return Inbound((found,))

    def respond(self, event: Event, messages: list[Message], account: Account) -> Response:
        assert self.received is not None
        return Response(self.door.respond(self.received, messages, self.artefact, self.model))


def skill_of(artefact: Artefact) -> tuple[Skill, dict[str, Any]]:
    """The skill as it is served, and the English model that was exported for it."""
    limits = read_limits()
    files = skill_package(artefact, ENDPOINT, limits.export)
    uri = files["skill-package/skill.json"]["manifest"]["apis"]["custom"]["endpoint"]["uri"]
    door = Door(Certificates(_none, trusted_roots(), limits.certificate), limits, "https://bots.example/assets")
    model = files["skill-package/interactionModels/custom/en-US.json"]["interactionModel"]
    return Skill(artefact, door, uri.removeprefix(f"{ENDPOINT}/")), model


@dataclass
class Session:
    """What a response left open: `asked` is the intent and slot that a directive named, the slot "" for a yes or no."""

    attributes: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, str] = ("", "")
    shown: tuple[tuple[str, ...], ...] = ()


@dataclass
class Echo:
    """A device of the customer's. `screen`: it shows documents; `session` None: the skill is not open."""

    channel: Skill
    account: Account
    model: dict[str, Any]
    screen: bool = False
    customer: str = "amzn1.ask.account.ANNA"
    language: str = ""
    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    session: Session | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    serial: int = 0
    heard: list[str] = field(default_factory=list)

    def opens(self) -> Request | None:
        self.session = None
        return self.posts({"type": "LaunchRequest"})

    def says(self, words: str) -> Request | None:
        said = heard_as(words)
        request = self.confirmed(said) or self.standard(said) or self.elicited(said) or self.sampled(said)
        return self.posts({"type": "IntentRequest", "dialogState": "IN_PROGRESS", **request}) if request else None

    def chooses(self, name: str) -> Request | None:
        return self.says(name)

    def presses(self, token: str) -> Request | None:
        """A touch of what the screen shows."""
        press = next((p for p in self.session.shown if p[1] == token), None) if self.session else None
        touched = {"type": "Alexa.Presentation.APL.UserEvent", "token": "sayso", "arguments": list(press or ())}
        return self.posts(touched) if press else None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def confirmed(self, said: str) -> dict[str, Any] | None:
        """Yes or no to what a directive had confirmed."""
        name, slot = self.session.asked if self.session else ("", "")
        answers = {"AMAZON.YesIntent": "CONFIRMED", "AMAZON.NoIntent": "DENIED"}
        status = next((answers[i] for i in answers if bare(said) in STANDARD[i]), "") if name and not slot else ""
        return self.intent(name, {}, status) if status else None

    def standard(self, said: str) -> dict[str, Any] | None:
        name = next((name for name, words in STANDARD.items() if bare(said) in words), "")
        return self.intent(name, {}) if name else None

    def elicited(self, said: str) -> dict[str, Any] | None:
        """The slot that a directive asked for; what is no entry of its list may be another intent."""
        name, slot = self.session.asked if self.session else ("", "")
        if not slot:
            return None
        type_ = next(s["type"] for s in self.named(name)["slots"] if s["name"] == slot)
        entry = self.entry(type_, said)
        if type_ != "AMAZON.SearchQuery" and not entry and (other := self.carried(said)):
            return other
        return self.intent(name, {slot: self.filled(slot, said, type_, entry)})

    def sampled(self, said: str) -> dict[str, Any] | None:
        """The intent whose sample it is; a few words are the bare wish; more are lost."""
        if found := self.typed(said) or self.carried(said):
            return found
        if bare(said) in self.entities or self.entry("Wish", said) or len(said.split()) <= FEW:
            return self.intent("Say", {"wish": self.filled("wish", said, "Wish", self.entry("Wish", said))})
        return None

    def typed(self, said: str) -> dict[str, Any] | None:
        """An intent whose slots are lists, all its words said."""
        for intent in self.model["languageModel"]["intents"]:
            types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
            for sample in intent["samples"]:
                found = pattern(sample).fullmatch(bare(said))
                slots = found.groupdict() if found else {}
                entries = {name: self.entry(types[name], words) for name, words in slots.items()}
                if found and intent["name"] not in ("Say", "Answer") and all(entries.values()):
                    filled = {n: self.filled(n, words, types[n], entries[n]) for n, words in slots.items()}
                    return self.intent(intent["name"], filled)
        return None

    def carried(self, said: str) -> dict[str, Any] | None:
        """Free wording within a carrier phrase, the longest one; marks stay in the free words."""
        samples = [(s, i["name"]) for i in self.model["languageModel"]["intents"] for s in i["samples"]]
        carriers = [(s, name) for s, name in samples if name.startswith("Say_") or name == "Answer"]
        for sample, name in sorted(carriers, key=lambda each: -len(each[0])):
            if found := pattern(sample).fullmatch(bare(said)):
                first, last = len(bare(said)[: found.start("words")].split()), len(found["words"].split())
                words = " ".join(said.split()[first : first + last]).rstrip(",.?!;")
                return self.intent(name, {"words": {"name": "words", "value": words}})
        return None

    def named(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(i for i in self.model["languageModel"]["intents"] if i["name"] == name)
        return found

    def entry(self, type_: str, said: str) -> tuple[str, str] | None:
        """(id, name) of the value that is called so."""
        for each in self.model["languageModel"]["types"]:
            for value in each["values"] if each["name"] == type_ else ():
                if bare(said) in (value["name"]["value"], *value["name"]["synonyms"]):
                    return value["id"], value["name"]["value"]
        return None

    def filled(self, name: str, said: str, type_: str, entry: tuple[str, str] | None) -> dict[str, Any]:
        """A slot with what it was resolved to, by the model and by what was listed in the session."""
        found = []
        if type_ == "Wish" and bare(said) in self.entities:
            found.append(resolution(f"dynamic.{self.account.id}.{type_}", self.entities[bare(said)], bare(said)))
        if entry:
            found.append(resolution(f"{self.account.id}.{type_}", *entry))
        return {"name": name, "value": said, "resolutions": {"resolutionsPerAuthority": found}}

    def intent(self, name: str, slots: Mapping[str, Any], status: str = "NONE") -> dict[str, Any]:
        """An intent with all its slots; those that nobody filled have no value."""
        declared = () if name.startswith("AMAZON.") else self.named(name).get("slots", ())
        empty = {s["name"]: {"name": s["name"], "confirmationStatus": "NONE"} for s in declared}
        return {"intent": {"name": name, "confirmationStatus": status, "slots": {**empty, **slots}}}

    def posts(self, request: Mapping[str, Any]) -> Request | None:
        """The request in its envelope; in a language that Amazon has."""
        if self.language not in ("", "en"):
            return None
        self.serial += 1
        speaker = Speaker(self.customer, self.account.id, "en-US")
        raw = json.loads(speaker.body({"requestId": f"r{self.serial}", **request}, self.now))
        raw["session"]["attributes"] = dict(self.session.attributes) if self.session else {}
        raw["session"]["new"] = self.session is None
        if self.screen:
            raw["context"]["System"]["device"]["supportedInterfaces"] = {"Alexa.Presentation.APL": {}}
        return Request("POST", ENDPOINT, body=json.dumps(raw).encode())

    def hears(self, response: Response) -> str:
        try:
            raw = json.loads(response.body)
            self.take(raw, len(response.body))
        except Refused as refused:
            return str(refused)
        return ""

    def take(self, raw: dict[str, Any], size: int) -> None:
        """What Amazon checks of a response, and what it then does."""
        need(raw.get("version") == "1.0" and size <= 120 * 1024, "the envelope or its size")
        check_with_amazons_classes(raw)
        told = raw["response"]
        ends = told.get("shouldEndSession", True)
        for speech in (told.get("outputSpeech"), told.get("reprompt", {}).get("outputSpeech")):
            need(speech is None or spoken(speech["ssml"]), "outputSpeech")
        card = told.get("card", {})
        need(sum(len(text) for text in card.values() if isinstance(text, str)) <= 8000, "card")
        self.heard.append(told.get("outputSpeech", {}).get("ssml", ""))
        asked, shown = ("", ""), self.session.shown if self.session else ()
        for directive in told.get("directives", ()):
            kind = directive["type"]
            if kind == "Dialog.UpdateDynamicEntities":
                self.entities = dict(self.listed(directive))
            elif kind.startswith("Dialog."):
                need(not ends, "a dialog in a session that ends")
                asked = self.aimed(directive)
            else:
                need(kind == "Alexa.Presentation.APL.RenderDocument" and self.screen, f"{kind} on this device")
                shown = tuple(presses(directive))
        self.session = None if ends else Session(raw.get("sessionAttributes", {}), asked, shown)

    def aimed(self, directive: Mapping[str, Any]) -> tuple[str, str]:
        """A directive aims at an intent, and a slot, of the model's dialog."""
        updated = directive["updatedIntent"]
        found = next((i for i in self.model["dialog"]["intents"] if i["name"] == updated["name"]), None)
        need(found is not None, f"{updated['name']} has no dialog")
        assert found is not None
        slots = {slot["name"]: slot for slot in found["slots"]}
        need(set(updated["slots"]) <= set(slots), f"slots of {updated['name']}")
        if directive["type"] == "Dialog.ConfirmIntent":
            need(found["confirmationRequired"], f"{updated['name']} is not confirmed")
            return updated["name"], ""
        slot = directive["slotToElicit"]
        need(
            directive["type"] == "Dialog.ElicitSlot" and slots.get(slot, {}).get("elicitationRequired"), f"slot {slot}"
        )
        return updated["name"], slot

    def listed(self, directive: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        known = {type_["name"] for type_ in self.model["languageModel"]["types"]}
        values = [value for type_ in directive.get("types", ()) for value in type_["values"]]
        need(all(type_["name"] in known for type_ in directive.get("types", ())), "a type that is not in the model")
        need(len(values) <= 100 and (bool(values) is (directive["updateBehavior"] == "REPLACE")), "entities")
        return ((value["name"]["value"], value["id"]) for value in values)


class Refused(Exception):
    """INVALID_RESPONSE: Amazon ends the session with an error."""


def need(kept: Any, what: str) -> None:
    if not kept:
        raise Refused(f"INVALID_RESPONSE {what}")


def check_with_amazons_classes(raw: dict[str, Any]) -> None:
    """Amazon's own classes read it, and write it again as it was."""
    from ask_sdk_core.serialize import DefaultSerializer
    from ask_sdk_model.response_envelope import ResponseEnvelope

    serial = DefaultSerializer()
    need(serial.serialize(serial.deserialize(json.dumps(raw), ResponseEnvelope)) == raw, "unknown properties")


def spoken(ssml: str) -> bool:
    """Words within <speak> alone, of at most 8,000 characters."""
    root = ElementTree.fromstring(ssml)
    return root.tag == "speak" and not len(root) and bool((root.text or "").strip()) and len(ssml) <= 8000


def presses(directive: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What can be touched in a document of ours."""
    properties = directive["datasources"]["sayso"]["properties"]
    yield from (tuple(each["press"]) for each in (*properties["rows"], *properties["buttons"]) if each["press"])


def resolution(authority: str, id: str, name: str) -> dict[str, Any]:
    return {
        "authority": f"amzn1.er-authority.echo-sdk.{authority}",
        "status": {"code": "ER_SUCCESS_MATCH"},
        "values": [{"value": {"name": name, "id": id}}],
    }


def heard_as(words: str) -> str:
    """What speech recognition makes of it: no capitals, no marks that stand alone."""
    return " ".join(word for word in words.lower().replace("’", "'").split() if bare(word))


def bare(said: str) -> str:
    """Without the marks at the ends of words, which no sample has."""
    return " ".join(filter(None, (re.sub(r"^\W+|\W+$", "", word) for word in said.split())))


def pattern(sample: str) -> re.Pattern[str]:
    """A sample as a pattern with a group for each slot."""
    parts = re.split(r"\{(\w+)\}", sample)
    made = "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    return re.compile(made)


def echo(artefact: Artefact, account: Account, screen: bool = False) -> Echo:
    """A device whose customer has the merchant's skill."""
    skill, model = skill_of(artefact)
    return Echo(skill, account, model, screen)
