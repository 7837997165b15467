"""What the environment says about language models: which, where, how it is asked, what it costs and may take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sayso.understanding.language_model.dialects import DIALECTS
from sayso.understanding.language_model.endpoint import Endpoint, Prices

if TYPE_CHECKING:
    from sayso.web.config import Config


def endpoints(config: Config) -> tuple[Endpoint, ...]:
    """The endpoint of OPENAI_BASE_URL, and one for each region that has its own. A region's key is
    OPENAI_API_KEY_<REGION> where there is one."""
    places = {config.model_region: config.openai_base_url, **config.model_regions}
    return tuple(_endpoint(config, region, address) for region, address in places.items())


def _endpoint(config: Config, region: str, address: str) -> Endpoint:
    own = f"OPENAI_API_KEY_{region.upper().replace('-', '_')}"
    return Endpoint(
        model=config.model,
        api_key=config.environment.get(own, "") or config.openai_api_key,
        base_url=address,
        region=region,
        dialect=config.model_dialect,
        api_version=config.model_api_version,
        prices=config.model_prices,
        extra=config.model_extra,
    )


def dialect(text: str) -> str:
    """The name of a dialect, or "auto"."""
    if text != "auto" and text not in DIALECTS:
        raise ValueError(f"{text!r} is no dialect; write auto, {', '.join(DIALECTS)}.")
    return text


def prices(text: str) -> Prices:
    """ "0.15 0.60" or, with what is read from a cache in the middle, "0.15 0.075 0.60"."""
    try:
        found = [float(word) for word in text.split()]
    except ValueError:
        found = []
    if len(found) not in (2, 3) or min(found) < 0:
        raise ValueError(f"{text!r} are no prices; write what a million tokens cost: prompt, answer: 0.15 0.60.")
    return Prices(found[0], found[-1], found[1] if len(found) == 3 else None)


def regions(text: str) -> Mapping[str, str]:
    """ "eu=https://eu.example/v1,us=https://us.example/v1"."""
    found = {}
    for word in (word.strip() for word in text.split(",") if word.strip()):
        name, _, address = word.partition("=")
        if not name or not address.startswith(("http://", "https://")):
            raise ValueError(f"{word!r} is no region with its address; write for example eu=https://eu.example/v1.")
        found[name] = address
    return found


def extra(text: str) -> Mapping[str, Any]:
    """A JSON object that goes into every request."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f'{text!r} is no JSON object; write for example {{"reasoning_effort": "minimal"}}.')
    return found
