"""Shared by the tests of Dialogflow's channel: a small merchant with both editions, and the folder of real fixtures."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.channels.dialogflow import Door, Limits, read_limits
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
from sayso.model.catalog import Catalog
from sayso.testing.dialogflow import CX, ES, Google, google

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AGENT = "projects/bar-project/locations/europe-west1/agents/0f0e"
PROJECT = "bar-project"
PASSWORD = "correct horse battery"
AUDIENCE = "https://bots.example/v1/dialogflow/cx/bar"
EMAIL = "service-42@gcp-sa-dialogflow.iam.gserviceaccount.com"
BASIC = {"auth_kind": "basic", "auth_username": "dialogflow", "auth_password": "env:BAR_PASSWORD"}
HEADER = {"auth_kind": "header", "auth_header": "X-Bar-Key", "auth_secret": "env:BAR_KEY"}
GOOGLE = {"auth_kind": "google", "auth_audience": AUDIENCE, "auth_email": EMAIL}


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def limits() -> Limits:
    return read_limits()


@pytest.fixture(scope="session")
def signer() -> Google:
    return google()


@pytest.fixture(scope="session")
def door(signer: Google, limits: Limits) -> Door:
    return Door(signer.key, limits, environment={"BAR_PASSWORD": PASSWORD, "BAR_KEY": "0123456789abcdef"})


@pytest.fixture(scope="session")
def cx() -> CX:
    return CX(AGENT)


@pytest.fixture(scope="session")
def es() -> ES:
    return ES(PROJECT)


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    """A small bar on both editions, in English and Dutch, that proves its agents by a password."""
    service = SlotSpec(
        "service", "choice", values={"here": ChoiceValue("here", {"en": "for here"}), "to_go": ChoiceValue("to_go", {})}
    )
    slots = {"items": SlotSpec("items", "lines"), "store": SlotSpec("store", "location"), "service": service}
    order = IntentSpec("order", "order_coffee", "purchase", "read_back", "add", {"en": ("I'd like {items}",)}, slots)
    skill = SkillSpec("order_coffee", "1.0.0", "order", {"en": "Order coffee"}, {"order": order}, {})
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
        channels=(ChannelSpec("dialogflow_cx", AGENT, BASIC), ChannelSpec("dialogflow_es", PROJECT, BASIC)),
    )
    return Artefact("digest", merchant, {"order_coffee": skill}, Catalog("bar", "v1", "EUR", {}, {}), {}, {})


@pytest.fixture(scope="session")
def with_settings(artefact):
    """The bar with other settings (and another account) of its CX or ES channel."""

    def run(edition="cx", account="", **settings):
        name = f"dialogflow_{edition}"
        channels = tuple(
            replace(c, account=account or c.account, settings=settings) if c.name == name else c
            for c in artefact.merchant.channels
        )
        return replace(artefact, merchant=replace(artefact.merchant, channels=channels))

    return run


@pytest.fixture(scope="session")
def authorised():
    """The headers with which an agent of the bar proves itself."""
    import base64

    credentials = base64.b64encode(f"dialogflow:{PASSWORD}".encode()).decode()
    return {"Content-Type": "application/json", "Authorization": f"Basic {credentials}"}


@pytest.fixture(scope="session")
def data() -> Path:
    """The real captures, which are not part of the repository."""
    default = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("SAYSO_SHARED_DATA") or default) / "voice"
    if not (folder / "dialogflow_cx").is_dir():
        pytest.skip(f"no fixtures at {folder}: set SAYSO_SHARED_DATA to the folder that holds voice/dialogflow_cx")
    return folder
