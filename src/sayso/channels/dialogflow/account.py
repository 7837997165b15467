"""A merchant's agent, as its manifest describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.channels.dialogflow.limits import AnswerLimits
from sayso.errors import NotFound
from sayso.manifest.specs import Artefact, ChannelSpec

CHANNELS: Mapping[str, str] = {"es": "dialogflow_es", "cx": "dialogflow_cx"}
"""Edition, as in the path, and the channel's name."""


@dataclass(frozen=True, slots=True)
class Account:
    """`agent` is the resource below which its sessions are: a project (ES) or an agent (CX)."""

    edition: str
    agent: str
    settings: Mapping[str, str | int | bool]

    @property
    def channel(self) -> str:
        return CHANNELS[self.edition]

    @property
    def voice(self) -> bool:
        return self.settings.get("mode") == "voice"

    @property
    def rich(self) -> bool:
        """For Dialogflow's Messenger. ES has messages of its own for choices and cards, CX has none."""
        return self.settings.get("rich", "messenger" if self.edition == "cx" else "none") == "messenger"

    def text(self, name: str) -> str:
        return str(self.settings.get(name, ""))

    def seconds(self, limits: AnswerLimits) -> float:
        """What a turn may take: the agent's time limit without the way there and back."""
        said = float(self.settings.get("timeout", limits.seconds))
        return min(said, limits.most_seconds) - limits.margin_seconds

    def has(self, session: str) -> bool:
        """Whether `session` is one of this agent's, in any environment."""
        below = f"projects/{self.agent}/" if self.edition == "es" else f"{self.agent}/"
        return session.startswith(below) and "/sessions/" in session


def account(artefact: Artefact, edition: str, environment: Mapping[str, str]) -> Account:
    """The merchant's agent of an edition. Raises errors.NotFound when it has none."""
    name = CHANNELS[edition]
    spec = next((channel for channel in artefact.merchant.channels if channel.name == name), None)
    if spec is None:
        raise NotFound(
            f"{artefact.merchant.id} has no agent of Dialogflow {edition.upper()}",
            where=f"merchant.yaml /channels/{name}",
            mend=f"add channels.{name} to the merchant manifest",
        )
    return Account(edition, _agent(spec, environment), spec.settings)


def _agent(spec: ChannelSpec, environment: Mapping[str, str]) -> str:
    named = spec.account.startswith("env:")
    found = environment.get(spec.account.removeprefix("env:"), "") if named else spec.account
    if not found:
        raise NotFound(
            "this host does not know the agent",
            where=f"merchant.yaml /channels/{spec.name}",
            mend=f"set {spec.account.removeprefix('env:')} in the environment of the host",
        )
    return found.strip("/")
