"""Checked documents to the frozen specs. Nothing here finds faults: what it reads has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sayso.manifest.specs import (
    Answer,
    ChannelSpec,
    ChoiceValue,
    Delivery,
    Holiday,
    IntentSpec,
    Location,
    MerchantSpec,
    ModelTerms,
    Opening,
    Persona,
    Queue,
    Replies,
    Reply,
    SkillSpec,
    SlotSpec,
    Staff,
)
from sayso.manifest.values import absence, day, minor_units, openings, weekdays
from sayso.manifest.words import plain_utterance
from sayso.model.catalog import OptionGroup, OptionValue, Synonyms
from sayso.model.money import Money

Data = Mapping[str, Any]


def merchant_spec(data: Data, skills: tuple[str, ...]) -> MerchantSpec:
    currency, limits = data["currency"], data.get("limits", {})
    allergens: Data = data.get("allergens", {})
    return MerchantSpec(
        id=data["id"],
        names=data["name"],
        languages=tuple(data["languages"]),
        currency=currency,
        country=data["country"],
        zone=data["zone"],
        locations={id: location(id, each, data["zone"], currency) for id, each in data["locations"].items()},
        skills=skills,
        persona=Persona(**plain(data.get("persona", {}))),
        channels=tuple(
            channel(name, each, data["id"]) for name, each in plain(data.get("channels", {"web": {}})).items()
        ),
        max_quantity=limits.get("max_quantity", 20),
        max_amount=money(limits["max_amount"], currency) if "max_amount" in limits else None,
        allergens={id: each["name"] for id, each in allergens.items()},
        allergen_synonyms={id: synonyms(each) for id, each in allergens.items()},
        withdrawal=data.get("withdrawal", {}),
        payments=tuple(data.get("payments", ("counter",))),
        identity_secret=data.get("identity", {}).get("secret", ""),
        emergency=data.get("emergency", {}),
        support_phone=data.get("support_phone", ""),
        replies=replies(data.get("replies", {})),
        staff={id: staff(id, each) for id, each in plain(data.get("staff", {})).items()},
        site=data.get("site", "").rstrip("/"),
        model=model_terms(data.get("model", {})),
        out_of_scope={tag: tuple(texts) for tag, texts in data.get("out_of_scope", {}).items()},
        attachment_days=data.get("attachment_days", 30),
    )


def model_terms(data: Data) -> ModelTerms:
    return ModelTerms(
        enabled=data.get("enabled", True),
        daily_tokens=data.get("daily_tokens", 0),
        daily_cost=int(Decimal(data.get("daily_cost", "0")).scaleb(6)),
        region=data.get("region", ""),
    )


def plain(data: Data) -> dict[str, Any]:
    """Without an author's own keys (x-...)."""
    return {key: value for key, value in data.items() if not key.startswith("x-")}


def money(text: str, currency: str) -> Money:
    return Money(minor_units(text, currency), currency)


def synonyms(data: Data) -> Synonyms:
    return {tag: tuple(words) for tag, words in data.get("synonyms", {}).items()}


def location(id: str, data: Data, zone: str, currency: str) -> Location:
    last_orders = data.get("last_orders", 0)
    return Location(
        id=id,
        names=data["name"],
        address=data["address"],
        zone=data.get("zone", zone),
        latitude=float(data["coordinates"]["latitude"]),
        longitude=float(data["coordinates"]["longitude"]),
        weekly=week(data["hours"], last_orders),
        holidays=tuple(
            Holiday(day(each["on"]), each["name"], openings(each["hours"], last_orders))
            for each in data.get("holidays", ())
        ),
        synonyms=synonyms(data),
        services=tuple(data.get("services", ())),
        delivery=delivery(data["delivery"], currency) if "delivery" in data else None,
        queue=Queue(**plain(data["queue"])) if "queue" in data else None,
        phone=data.get("phone", ""),
        capacity=plain(data.get("capacity", {})),
    )


def week(hours: Data, last_orders: int = 0) -> Mapping[int, tuple[Opening, ...]]:
    """Openings per ISO weekday; a day that is not named has none."""
    said = {number: openings(each, last_orders) for days, each in hours.items() for number in weekdays(days)}
    return {number: said.get(number, ()) for number in range(1, 8)}


def staff(id: str, data: Data) -> Staff:
    return Staff(
        id=id,
        names=data["name"],
        locations=tuple(data["locations"]),
        services=tuple(data["services"]),
        weekly=week(data["hours"]),
        absent=tuple(absence(text) for text in data.get("absent", ())),
        capacity=data.get("capacity", 1),
        synonyms=synonyms(data),
    )


def delivery(data: Data, currency: str) -> Delivery:
    return Delivery(
        areas=tuple(area.upper().replace(" ", "") for area in data["areas"]),
        fee=money(data.get("fee", "0"), currency),
        minimum=money(data.get("minimum", "0"), currency),
        minutes=data.get("minutes", 30),
    )


ACCOUNT = (
    "skill_id",
    "agent",
    "project",
    "app_id",
    "number",
    "phone_number_id",
    "page_id",
    "instagram_id",
    "account",
    "bot",
    "bot_user_id",
)
"""What a merchant's id is called on the channels that give it one."""


def channel(name: str, data: Data, merchant: str) -> ChannelSpec:
    """The account is the merchant's id on the channel; on our own web page that is the merchant's id. What stands in
    a mapping is a setting of both names: `auth: {kind: ...}` is `auth_kind`."""
    account = next((data[key] for key in ACCOUNT if key in data), merchant)
    return ChannelSpec(name, account, {key: value for key, value in _settings(data) if key not in ACCOUNT})


def _settings(data: Data) -> Iterator[tuple[str, str | int | bool]]:
    for key, value in plain(data).items():
        if isinstance(value, Mapping):
            yield from ((f"{key}_{inner}", each) for inner, each in _settings(value))
        elif isinstance(value, str | int | bool):
            yield key, value


def option_group(id: str, data: Data, currency: str) -> OptionGroup:
    return OptionGroup(
        id=id,
        names=data["name"],
        values={value: option_value(value, each, currency) for value, each in data["values"].items()},
        kind=data.get("kind", "one"),
        max_count=data.get("max_count", 1),
        spoken=data.get("spoken", "with"),
        remember=data.get("remember", False),
        synonyms=synonyms(data),
    )


def option_value(id: str, data: Data, currency: str) -> OptionValue:
    return OptionValue(
        id=id,
        names=data["name"],
        synonyms=synonyms(data),
        price=minor_units(data.get("price", "0"), currency),
        adds_allergens=tuple(data.get("adds_allergens", ())),
        removes_allergens=tuple(data.get("removes_allergens", ())),
    )


def skill_spec(data: Data, settings: Data) -> SkillSpec:
    """A skill as one merchant uses it: its own settings where the merchant sets none."""
    declared = {name: each["default"] for name, each in data.get("settings", {}).items()}
    return SkillSpec(
        id=data["id"],
        version=data["version"],
        fulfilment=data["fulfilment"]["kind"],
        titles=data["title"],
        intents={id: intent(id, data["id"], each) for id, each in data["intents"].items()},
        replies=replies(data.get("replies", {})),
        settings={**declared, **settings},
        examples={tag: tuple(each) for tag, each in data.get("examples", {}).items()},
        entry_point=data["fulfilment"].get("entry_point", ""),
    )


def intent(id: str, skill: str, data: Data) -> IntentSpec:
    return IntentSpec(
        id=id,
        skill=skill,
        effect=data["effect"],
        say_so=data.get("say_so", "none"),
        operation=data.get("operation", ""),
        utterances={tag: tuple(map(plain_utterance, each)) for tag, each in data["utterances"].items()},
        marked={tag: tuple(found) for tag, each in data["utterances"].items() if (found := _marked(each))},
        slots={name: slot(name, each) for name, each in data.get("slots", {}).items()},
        undo=data.get("undo", ""),
        titles=data.get("title", {}),
    )


def _marked(texts: Iterable[str]) -> list[str]:
    """The samples that show what their values look like."""
    return [text for text in texts if text != plain_utterance(text)]


def slot(name: str, data: Data) -> SlotSpec:
    return SlotSpec(
        name=name,
        type=data["type"],
        prompts=texts(data.get("prompt", {})),
        reprompts=texts(data.get("reprompt", {})),
        why=texts(data.get("why", {})),
        required=data.get("required", False),
        when={other: tuple(values) for other, values in data.get("when", {}).items()},
        default=data.get("default", ""),
        values={id: ChoiceValue(id, each["name"], synonyms(each)) for id, each in data.get("values", {}).items()},
        secret=data.get("secret", data["type"] == "secret"),
        whole=data.get("whole", False),
        categories=tuple(data.get("categories", ())),
        answers={tag: tuple(each) for tag, each in data.get("answers", {}).items()},
        about=data.get("about", {}),
        told=data.get("told", False),
        remember=data.get("remember", False),
    )


def texts(data: Data) -> Mapping[str, str]:
    """The screen's text of each language."""
    return {tag: each.text for tag, each in reply(data).items()}


def reply(data: Data) -> Mapping[str, Reply]:
    return {
        tag: Reply(each) if isinstance(each, str) else Reply(**plain(each))
        for tag, each in data.items()
        if tag != "params"
    }


def replies(data: Data) -> Replies:
    return {key: reply(each) for key, each in data.items()}


def prompt_replies(skill: Data) -> Replies:
    """The questions of every slot, as replies: "prompt:", "reprompt:" and "why:" with "<skill>.<intent>.<slot>"."""
    found: dict[str, Mapping[str, Reply]] = {}
    for intent_id, each in skill["intents"].items():
        for name, data in each.get("slots", {}).items():
            for kind in ("prompt", "reprompt", "why"):
                if kind in data:
                    found[f"{kind}:{skill['id']}.{intent_id}.{name}"] = _asked(kind, data)
    return found


def _asked(kind: str, data: Data) -> Mapping[str, Reply]:
    """A voice that gets no answer to a prompt hears the reprompt."""
    asked = reply(data[kind])
    if kind != "prompt" or "reprompt" not in data:
        return asked
    again = reply(data["reprompt"])
    return {
        tag: Reply(each.text, each.speech, each.short, each.reprompt or (again[tag].speech or again[tag].text))
        if tag in again
        else each
        for tag, each in asked.items()
    }


def answers(data: Data) -> Mapping[str, Answer]:
    return {
        id: Answer(
            id=id,
            questions={tag: tuple(each) for tag, each in found["questions"].items()},
            texts=found["answer"],
            speech=found.get("speech", {}),
        )
        for id, found in data["answers"].items()
    }


def answer_replies(found: Mapping[str, Answer]) -> Replies:
    """The merchant's own answers as replies "answer:<id>"; they take no parameters."""
    return {
        f"answer:{id}": {tag: Reply(text, answer.speech.get(tag, "")) for tag, text in answer.texts.items()}
        for id, answer in found.items()
    }


def emergency_reply(merchant: MerchantSpec) -> Replies:
    """The merchant's fixed answer to an emergency, as the reply "emergency"; it takes no parameters."""
    return {"emergency": {tag: Reply(text) for tag, text in merchant.emergency.items()}} if merchant.emergency else {}


def overlay(*layers: Replies) -> Replies:
    """Later layers win, key by key and language by language."""
    found: dict[str, dict[str, Reply]] = {}
    for layer in layers:
        for key, each in layer.items():
            found.setdefault(key, {}).update(each)
    return found


def spoken_by(languages: tuple[str, ...], layer: Replies) -> Replies:
    """Only the languages that the merchant speaks."""
    return {key: kept for key, each in layer.items() if (kept := {tag: each[tag] for tag in languages if tag in each})}
