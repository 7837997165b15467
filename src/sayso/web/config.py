"""Configuration, typed, from the environment. Every bad value is reported at once, with what to write instead.

`SETTINGS` is the one list: `read` parses by it and `table` prints it for the README.
"""

from __future__ import annotations

import difflib
import ipaddress
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sayso.errors import SaysoError
from sayso.understanding.intents.embedder import embedder_for
from sayso.understanding.language_model.endpoint import Prices
from sayso.web import config_model

SECRET_LENGTH = 32
"""Characters that a signing secret has at least: 128 bits even when it is written in hexadecimal."""


class BadConfig(SaysoError):
    """The environment holds values that cannot be used; `faults` has one sentence for each."""

    code = "bad_config"

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults), where="environment", mend="Correct these variables and start again.")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Config:
    """What a host is told from outside. `secrets`: the first signs, all are accepted; empty: a secret is made once
    and kept in the data folder. `environment` resolves the references ("env:NAME") of manifests."""

    data: Path = Path("data")
    database: str = field(default="", repr=False)
    chroma: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    manifests: Path = Path("manifests")
    skills: Path = Path("skills")
    demo: bool = False
    admin_key: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    model: str = ""
    openai_api_key: str = field(default="", repr=False)
    openai_base_url: str = ""
    model_dialect: str = "auto"
    model_api_version: str = ""
    model_region: str = ""
    model_regions: Mapping[str, str] = field(default_factory=dict)
    model_prices: Prices = field(default_factory=Prices)
    model_daily_tokens: int = 200_000
    model_wait_s: float = 6.0
    model_extra: Mapping[str, Any] = field(default_factory=dict)
    public_url: str = ""
    log_level: str = "INFO"
    embedder: str = "local"
    trusted_proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    max_body: int = 131_072
    rate: int = 90
    rate_opened: int = 600
    drain_s: float = 10.0
    wyoming: tuple[str, int, str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def resolve(self, reference: str) -> str:
        """The value behind "env:NAME"; "" when the reference or the variable is empty."""
        kind, _, name = reference.partition(":")
        return self.environment.get(name, "") if kind == "env" else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: the field it fills, how it is read, its default as shown, and what it means."""

    name: str
    field: str
    parse: Callable[[str], object]
    default: str
    meaning: str


def read(environment: Mapping[str, str]) -> Config:
    """The configuration. Raises BadConfig with every fault."""
    values: dict[str, Any] = {}
    faults = list(_unknown(environment))
    for setting in SETTINGS:
        given = environment.get(setting.name, "").strip()
        if not given:
            continue
        try:
            values[setting.field] = setting.parse(given)
        except ValueError as error:
            # A secret's value is never repeated in a message.
            faults.append(f"{setting.name}: {error}")
    if values.get("model") and not {"openai_api_key", "openai_base_url"} & set(values):
        faults.append("SAYSO_MODEL: needs OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint of your own.")
    if "database" in values and "secrets" not in values:
        faults.append(
            "SAYSO_SECRET: hosts that share a database share their secret; make one with `openssl rand -hex 32`."
        )
    if faults:
        raise BadConfig(tuple(faults))
    return Config(**values, environment=dict(environment))


def table() -> str:
    """The settings as a Markdown table."""
    rows = [f"| `{one.name}` | {one.default} | {one.meaning} |" for one in SETTINGS]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are not: almost always a typing error. Names that manifests refer to do not
    start with SAYSO_."""
    known = [setting.name for setting in SETTINGS]
    faults = []
    for name in sorted(environment):
        if name.startswith("SAYSO_") and name not in known and name not in ELSEWHERE:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean {near[0]}?" if near else f" Known are: {', '.join(known)}."
            faults.append(f"{name}: there is no such setting.{hint}")
    return faults


ELSEWHERE = frozenset(
    {"SAYSO_CHROMIUM", "SAYSO_SHARED_DATA", "SAYSO_TEST_DATABASE_URL", "SAYSO_TEST_STORE", "SAYSO_URL"}
)
"""Variables with our prefix that tests and tools read; the host does not."""


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is not a yes or no; write 1 or 0.")
    return words[text.lower()]


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
            raise ValueError(f"{text!r} is not a whole number from {low} to {high}.")
        return int(text)

    return parse


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 600:
        raise ValueError(f"{text!r} is not a number of seconds from 0 to 600.")
    return seconds


def _wyoming(text: str) -> tuple[str, int, str]:
    place, _, merchant = text.partition("=")
    host, _, port = place.rpartition(":")
    if not (merchant and port.isdecimal() and int(port) <= 65_535):
        raise ValueError(f"{text!r} is not HOST:PORT=MERCHANT; write for example 127.0.0.1:10900=coffee_bar.")
    return host or "127.0.0.1", int(port), merchant


def _level(text: str) -> str:
    if text.upper() not in logging.getLevelNamesMapping():
        raise ValueError(f"{text!r} is not a log level; write DEBUG, INFO, WARNING or ERROR.")
    return text.upper()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _names(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _words(text))


def _secrets(text: str) -> tuple[str, ...]:
    found = _words(text)
    if any(len(secret) < SECRET_LENGTH for secret in found):
        raise ValueError(f"a secret is shorter than {SECRET_LENGTH} characters; make one with `openssl rand -hex 32`.")
    return found


def _key(text: str) -> str:
    if len(text) < SECRET_LENGTH:
        raise ValueError(f"is shorter than {SECRET_LENGTH} characters; make one with `openssl rand -hex 32`.")
    return text


def _proxies(text: str) -> tuple[str, ...]:
    for word in _words(text):
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise ValueError(f"{word!r} is not an address or network; write for example 10.0.0.0/8.") from None
    return _words(text)


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError(f"{text!r} is not a URL; write for example https://api.openai.com/v1.")
    return text


def _embedder(text: str) -> str:
    embedder_for(text)
    return text


def _database(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        # It may hold a password: it is not repeated.
        raise ValueError("that is not a PostgreSQL URL; write postgresql://user:password@host:5432/sayso.")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("SAYSO_DATA", "data", Path, "`data`", "folder of the database, the vectors and the host's own secret"),
    Setting(
        "SAYSO_DATABASE_URL",
        "database",
        _database,
        "none: SQLite in the data folder",
        "`postgresql://user:password@host:5432/sayso`, shared by any number of hosts; needs SAYSO_SECRET",
    ),
    Setting(
        "SAYSO_CHROMA_URL",
        "chroma",
        _url,
        "none: Chroma in the data folder",
        "a Chroma server, `http://host:8000`, shared by any number of hosts",
    ),
    Setting("SAYSO_HOST", "host", str, "`127.0.0.1`", "address to listen on; `0.0.0.0` for every interface"),
    Setting("SAYSO_PORT", "port", _whole(0, 65535), "`8080`", "port to listen on; 0 picks a free one"),
    Setting("SAYSO_MANIFESTS", "manifests", Path, "`manifests`", "folder with a folder for each merchant"),
    Setting("SAYSO_SKILLS", "skills", Path, "`skills`", "folder with a folder for each skill"),
    Setting("SAYSO_DEMO", "demo", _flag, "`0`", "publish the merchants at start, show traces, offer demo customers"),
    Setting("SAYSO_ADMIN_KEY", "admin_key", _key, "none: admin API off", "bearer key of `/v1/admin`, 32 characters"),
    Setting(
        "SAYSO_SECRET",
        "secrets",
        _secrets,
        "made once, kept in the data folder",
        "signs conversation tokens and staff keys; several, comma-separated: the first signs, all are accepted",
    ),
    Setting(
        "SAYSO_EMBEDDER",
        "embedder",
        _embedder,
        "`local`",
        "`local+english` asks a second embedding model about English sentences; needs `pip install 'sayso[english]'`",
    ),
    Setting("SAYSO_MODEL", "model", str, "none: model stage off", "name of the language model"),
    Setting("OPENAI_API_KEY", "openai_api_key", str, "none: model stage off", "key for the model's endpoint"),
    Setting("OPENAI_BASE_URL", "openai_base_url", _url, "OpenAI's", "any endpoint that speaks Chat Completions"),
    Setting(
        "SAYSO_MODEL_DIALECT",
        "model_dialect",
        config_model.dialect,
        "`auto`: by the address",
        "how the endpoint is asked: openai, azure, ollama, vllm, llama.cpp or compatible",
    ),
    Setting("SAYSO_MODEL_API_VERSION", "model_api_version", str, "none", "`api-version` of an Azure endpoint"),
    Setting(
        "SAYSO_MODEL_REGION",
        "model_region",
        str,
        "none",
        "where OPENAI_BASE_URL handles data; merchants may ask for a region in their manifest",
    ),
    Setting(
        "SAYSO_MODEL_REGIONS",
        "model_regions",
        config_model.regions,
        "none",
        "endpoints of other regions, `eu=https://…,us=https://…`, with their keys in OPENAI_API_KEY_EU, …",
    ),
    Setting(
        "SAYSO_MODEL_PRICES",
        "model_prices",
        config_model.prices,
        "`0 0`",
        "what a million tokens cost, prompt and answer (`0.15 0.60`); read from a cache in the middle",
    ),
    Setting(
        "SAYSO_MODEL_DAILY_TOKENS",
        "model_daily_tokens",
        _whole(0, 1_000_000_000),
        "`200000`",
        "tokens a merchant may take a day where its manifest does not say; 0 for no limit",
    ),
    Setting("SAYSO_MODEL_WAIT_S", "model_wait_s", _seconds, "`6`", "seconds that a turn waits for the model at most"),
    Setting(
        "SAYSO_MODEL_EXTRA",
        "model_extra",
        config_model.extra,
        "none",
        'a JSON object that goes into every request, `{"reasoning_effort": "minimal"}`',
    ),
    Setting(
        "SAYSO_PUBLIC_URL",
        "public_url",
        _url,
        "none",
        "the host's address on the internet; cards of assistants show pictures from it",
    ),
    Setting("SAYSO_LOG_LEVEL", "log_level", _level, "`INFO`", "DEBUG, INFO, WARNING or ERROR"),
    Setting(
        "SAYSO_TRUSTED_PROXIES", "trusted_proxies", _proxies, "none", "addresses whose `X-Forwarded-*` is believed"
    ),
    Setting("SAYSO_HOSTS", "hosts", _names, "any", "host names that are served, comma-separated; others get 421"),
    Setting("SAYSO_MAX_BODY", "max_body", _whole(1024, 16_777_216), "`131072`", "bytes of a request body at most"),
    Setting("SAYSO_RATE", "rate", _whole(1, 100_000), "`90`", "events a minute in one conversation"),
    Setting(
        "SAYSO_RATE_OPENED", "rate_opened", _whole(1, 1_000_000), "`600`", "conversations a minute from one address"
    ),
    Setting("SAYSO_DRAIN_S", "drain_s", _seconds, "`10`", "seconds that running turns get after SIGTERM"),
    Setting(
        "SAYSO_WYOMING",
        "wyoming",
        _wyoming,
        "off",
        "HOST:PORT=MERCHANT of a Wyoming server; no key, so a network of one's own",
    ),
)
