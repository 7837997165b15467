"""The page on which a customer links a conversation, with one press, on a device where they are known.

The address is signed, ends, and holds what it is for in its fragment, which no server and no log sees. Opening it
changes nothing: a preview of a messenger or a mail scanner opens every link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sayso.host.ports import Clock
from sayso.model.event import Claimed, Event, Proof
from sayso.people.links import PAGE_LIFE
from sayso.web.tokens import Signer

KIND = "link"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Implements `host.linking.Page`. `public_url`: "" when nobody outside can see this host."""

    signer: Signer
    public_url: str
    clock: Clock

    def __call__(self, event: Event, offer: str) -> str:
        """The address of the page for an event's conversation, "" where there is none."""
        if not self.public_url:
            return ""
        token = link_token(self.signer, event, offer, self.clock.now() + PAGE_LIFE)
        return f"{self.public_url.rstrip('/')}/link/{event.merchant}#{token}"


def link_token(signer: Signer, event: Event, offer: str, until: datetime) -> str:
    claims = {"m": event.merchant, "h": event.channel, "a": event.account, "c": event.conversation, "o": offer}
    proof = event.proof
    return signer.sign(KIND, {**claims, "p": [proof.assurance, proof.issuer, proof.subject]}, until)


def claim(signer: Signer, token: str, now: datetime) -> Callable[[str], Event]:
    """What makes the event that links the token's conversation to a customer. Raises Unauthorised."""
    claims = signer.read(KIND, token, now)

    def make(customer: str) -> Event:
        return Event(
            id=f"link/{claims['o']}/{customer}",
            merchant=claims["m"],
            channel=claims["h"],
            account=claims["a"],
            conversation=claims["c"],
            at=now,
            body=Claimed(claims["o"], customer),
            proof=Proof(*claims["p"]),
        )

    return make
