"""What a conversation's channel can show: the same message gives the same plan wherever it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Plan, Where, compile_message
from sayso.channels.contract import Account
from sayso.channels.registry import Channels
from sayso.errors import NotFound
from sayso.manifest.specs import MerchantSpec
from sayso.model.event import Event, Pressed, Utterance
from sayso.model.message import Action, Message
from sayso.model.state import State

Link = Callable[[str, Action], str]
"""(conversation's key, action of ours) -> the public address that stands for it, "" when there is none."""

_NUMBER = re.compile(r"\W*(\d{1,2})\W*")


def _no_link(conversation: str, action: Action) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The channels of this host with what its addresses are. `public_url`: "" when nobody outside can see it."""

    channels: Channels = field(default_factory=lambda: Channels({}))
    public_url: str = ""
    link: Link = _no_link
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def capabilities(self, channel: str) -> Capabilities | None:
        """None for a channel that renders by itself (our web page, Alexa, Dialogflow)."""
        found = self.channels.get(channel)
        return found.capabilities if found else None

    def pushes(self, channel: str) -> bool:
        """Whether answers go through the outbox."""
        found = self.capabilities(channel)
        return found is not None and found.delivery == "push"

    def plan(self, message: Message, channel: str, merchant: str, conversation: str) -> Plan | None:
        """What the message becomes on its channel."""
        found = self.capabilities(channel)
        return compile_message(message, found, self.where(merchant, conversation)) if found else None

    def where(self, merchant: str, conversation: str) -> Where:
        """The addresses that messages of the conversation may hold."""
        assets = f"{self.public_url.rstrip('/')}/assets/{merchant}" if self.public_url else ""
        return Where(assets, lambda action: self.link(conversation, action))

    def account(self, merchant: MerchantSpec, channel: str) -> Account:
        """The merchant's account on a channel. Raises NotFound when its manifest has none."""
        spec = next((each for each in merchant.channels if each.name == channel), None)
        if spec is None:
            raise NotFound(
                f"{merchant.id} is not on {channel}",
                where=f"merchant.yaml /channels/{channel}",
                mend=f"add channels.{channel} to the merchant manifest",
            )
        return Account(merchant, spec, self.environment, self.public_url)


def numbered(state: State, plan: Plan | None) -> State:
    """The state with what the numbers of the last message stand for."""
    return replace(state, numbered=plan.numbered if plan else ())


def by_number(event: Event, state: State) -> Event:
    """A number that answers a numbered list is a press of what it stands for. A label that reads so goes first."""
    if not isinstance(event.body, Utterance) or not state.numbered or event.voice:
        return event
    found = _NUMBER.fullmatch(event.body.text)
    if found is None or any(each.label.strip() == found.group(1) for each in state.shown):
        return event
    place = int(found.group(1)) - 1
    if not 0 <= place < len(state.numbered):
        return event
    return replace(event, body=Pressed(state.numbered[place], event.body.text.strip()))
