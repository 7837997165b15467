"""Shared by the tests of Alexa's channel: a minted chain, a merchant, and the folder of real fixtures."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.channels.alexa import Certificates, Limits, read_limits
from sayso.errors import SaysoError
from sayso.manifest.specs import (
    Artefact,
    ChannelSpec,
    ChoiceValue,
    IntentSpec,
    Location,
    MerchantSpec,
    SkillSpec,
    SlotSpec,
)
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.testing.alexa import Chain, Speaker, mint

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SKILL = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def chain() -> Chain:
    return mint(NOW)


@pytest.fixture(scope="session")
def limits() -> Limits:
    return read_limits()


@pytest.fixture
def certificates(chain: Chain, limits: Limits) -> Certificates:
    return Certificates(chain.fetch, [chain.root], limits.certificate)


@pytest.fixture(scope="session")
def anna() -> Speaker:
    return Speaker("amzn1.ask.account.ANNA", SKILL)


@dataclass
class Downloads:
    """A `Fetch` that counts, and answers with what the test puts into `answers`, the last one for ever."""

    answers: list[bytes | SaysoError]
    urls: list[str] = field(default_factory=list)

    async def __call__(self, url: str) -> bytes:
        self.urls.append(url)
        answer = self.answers[min(len(self.urls), len(self.answers)) - 1]
        if isinstance(answer, SaysoError):
            raise answer
        return answer


@pytest.fixture
def downloads() -> type[Downloads]:
    return Downloads


@pytest.fixture(scope="session")
def data() -> Path:
    """The real captures and schemas, which are not part of the repository."""
    default = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("SAYSO_SHARED_DATA") or default) / "voice" / "alexa"
    if not folder.is_dir():
        pytest.skip(f"no fixtures at {folder}: set SAYSO_SHARED_DATA to the folder that holds voice/alexa")
    return folder


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    """A small bar on Alexa, in English and Dutch."""
    lines = SlotSpec("items", "lines")
    store = SlotSpec("store", "location")
    service = SlotSpec(
        "service",
        "choice",
        values={
            "here": ChoiceValue("here", {"en": "for here"}, {"en": ("eat in", "sit in")}),
            "to_go": ChoiceValue("to_go", {"en": "to go"}, {"en": ("take away",)}),
        },
    )
    order = IntentSpec(
        "order",
        "order_coffee",
        "purchase",
        "read_back",
        "add",
        {
            "en": (
                "I'd like {items}",
                "can I get {items}, please?",
                "{items}",
                "I want {items} at {store}",
                "order 2 {items}",
                "let's eat at {store} {service}",
            ),
            "nl": ("ik wil {items}",),
        },
        {"items": lines, "store": store, "service": service},
    )
    usual = IntentSpec("usual", "order_coffee", "purchase", "read_back", "usual", {"en": ("my usual", "My usual!")})
    skill = SkillSpec(
        "order_coffee",
        "1.0.0",
        "order",
        {"en": "Order coffee", "nl": "Koffie bestellen"},
        {"order": order, "usual": usual},
        {},
        examples={"en": ("two oat lattes to go", "my usual"), "nl": ("twee lattes",)},
    )
    catalog = Catalog(
        "bar",
        "v1",
        "EUR",
        {
            "latte": Product("latte", {"en": "latte", "nl": "latte"}, 350, "coffee", options=("milk",)),
            "flat_white": Product("flat_white", {"en": "flat white"}, 340, "coffee", {"en": ("flattie", "7 oz")}),
        },
        {
            "milk": OptionGroup(
                "milk", {"en": "milk"}, {"oat": OptionValue("oat", {"en": "oat milk"}, {"en": ("oat",)}, 50)}
            )
        },
    )
    dam = Location("dam", {"en": "Dam Square", "nl": "de Dam"}, "Dam 1", "Europe/Amsterdam", 52.37, 4.89, {})
    merchant = MerchantSpec(
        "bar",
        {"en": "Corner Bar", "nl": "Corner Bar"},
        ("en", "nl"),
        "EUR",
        "NL",
        "Europe/Amsterdam",
        {"dam": dam},
        ("order_coffee",),
        channels=(ChannelSpec("alexa", SKILL, {"invocation_name": "corner bar"}),),
    )
    return Artefact("digest", merchant, {"order_coffee": skill}, catalog, {}, {})
