"""Which channels there are: ours by name, and those of installed packages. One is imported when it is first asked for.

A package of somebody else adds one with an entry point:

    [project.entry-points."sayso.channels"]
    pigeon = "sayso_pigeon:channel"
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points

from sayso.channels.capabilities import Capabilities, read_capabilities
from sayso.channels.contract import Channel
from sayso.errors import SaysoError

GROUP = "sayso.channels"

OURS: Mapping[str, str] = {
    "home_assistant": "sayso.channels.assistants:home_assistant",
    "instagram": "sayso.channels.instagram:channel",
    "lex": "sayso.channels.lex:channel",
    "messenger": "sayso.channels.messenger:channel",
    "mms": "sayso.channels.sms:mms",
    "ollama": "sayso.channels.assistants:ollama",
    "openai": "sayso.channels.assistants:openai",
    "sms": "sayso.channels.sms:sms",
    "twilio_voice": "sayso.channels.twilio_voice:channel",
    "wechat": "sayso.channels.wechat:channel",
    "whatsapp": "sayso.channels.whatsapp:channel",
    "line": "sayso.channels.line:channel",
    "telegram": "sayso.channels.telegram:channel",
}
"""name -> "module:attribute" of a `Channel`."""

DOORS: Mapping[str, str] = {
    "web": "sayso.channels.web",
    "alexa": "sayso.channels.alexa",
    "dialogflow_es": "sayso.channels.dialogflow",
    "dialogflow_cx": "sayso.channels.dialogflow",
}
"""Channels with an entrance of their own: name -> the package whose `limits.toml` says what they show."""


def known() -> dict[str, str]:
    """Every installed channel: name -> "module:attribute". A name of ours cannot be taken."""
    theirs = {point.name: point.value for point in entry_points(group=GROUP)}
    return {**theirs, **OURS}


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of a host, made once by the composition root. `found` may be given by a test."""

    found: Mapping[str, str] = field(default_factory=known)
    _loaded: dict[str, Channel] = field(default_factory=dict)

    def get(self, name: str) -> Channel | None:
        """The channel, None when none of this name is installed. Raises SaysoError for a package that has none."""
        if name not in self.found:
            return None
        if name not in self._loaded:
            self._loaded[name] = loaded(name, self.found[name])
        return self._loaded[name]

    def capabilities(self, name: str) -> Capabilities | None:
        """What any channel can show, those with an entrance of their own included; None for one nobody knows."""
        if name in DOORS:
            return read_capabilities(DOORS[name])
        found = self.get(name)
        return found.capabilities if found else None

    def all(self) -> tuple[str, ...]:
        """Every name that `capabilities` knows."""
        return tuple(sorted({*self.found, *DOORS}))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.found))


def loaded(name: str, where: str) -> Channel:
    """The `Channel` at "module:attribute". Raises SaysoError when there is none, with what to write instead."""
    module, _, attribute = where.partition(":")
    try:
        made = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SaysoError(
            f"the channel {name!r} cannot be loaded: {error}",
            where=where,
            mend=f'name a Channel in the entry point: {name} = "module:channel"',
            code="bad_channel",
        ) from error
    if not isinstance(made, Channel) or made.name != name:
        raise SaysoError(
            f"what {where!r} names is no channel called {name!r}",
            where=where,
            mend="give it `name`, `capabilities` and `receive`, as sayso.channels.contract.Channel has them",
            code="bad_channel",
        )
    return made
