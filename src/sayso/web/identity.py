"""Who a merchant vouches for: its customers' signed tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sayso.errors import Forbidden
from sayso.host.ports import Clock
from sayso.manifest.specs import MerchantSpec
from sayso.model.event import Proof
from sayso.people import tokens
from sayso.web.config import Config
from sayso.web.tokens import derived

DEMO_LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Identity:
    """Verifies customers' tokens with each merchant's secret; in demo mode a merchant without one gets a secret of
    ours, so that its customers can be played."""

    config: Config
    keys: tuple[str, ...]
    clock: Clock

    def customer(self, spec: MerchantSpec, token: str) -> Proof:
        """Raises Unauthorised for a bad token, Forbidden where the merchant has no secret."""
        return tokens.verify(token, self._secret(spec), spec.id, now=self.clock.now())

    def vouch(self, spec: MerchantSpec, name: str) -> str:
        """A token for a demo customer."""
        return tokens.sign(name, self._secret(spec), spec.id, now=self.clock.now(), valid=DEMO_LIFE)

    def _secret(self, spec: MerchantSpec) -> str:
        found = self.config.resolve(spec.identity_secret)
        if found or not self.config.demo:
            return found or _missing(spec)
        return derived(self.keys, f"identity/{spec.id}")


def _missing(spec: MerchantSpec) -> str:
    raise Forbidden(
        f"{spec.id} does not sign its customers in",
        where="/customer_token",
        mend="The merchant names a secret under `identity` in merchant.yaml, and the host has it in its environment.",
        code="no_identity",
    )
