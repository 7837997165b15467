"""What an erase leaves: orders as the law wants invoices kept, with nothing of the customer in them, and a receipt.

Theory. Erasing deletes rows. What a law keeps (an invoice, in the Netherlands for seven years: AWR art. 52) stays with
its figures, and its customer is replaced by a pseudonym. The key that the pseudonym was made with is deleted in the
same transaction: nobody can compute it from a customer again, so what is kept can be counted and never attributed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.errors import Theirs
from sayso.model.basket import Order, Priced

KEPT_ORDERS = "invoices: number, moment, articles, amounts and VAT, which tax law keeps for seven years"
KEPT_LEDGER = "ledger entries: amounts on accounts, which name no customer"
KEPT_RECEIPT = "this receipt, which names only the destroyed pseudonym"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erase did. `erased`: what was deleted, with how many; `kept`: what stayed, and why."""

    id: str
    merchant: str
    pseudonym: str
    at: datetime
    erased: Mapping[str, int]
    kept: Mapping[str, str]


def pseudonym(key: str, merchant: str, customer: str, purpose: str) -> str:
    """What a customer is called without being named: HMAC-SHA-256 (RFC 2104) under the customer's own key."""
    message = f"{purpose}/{merchant}/{customer}".encode()
    return hmac.new(bytes.fromhex(key), message, hashlib.sha256).hexdigest()[:32]


def invoice(order: Order, who: str) -> Order:
    """The order with its figures, and nothing that the customer said or is."""
    lines = tuple(_bare(line) for line in order.proposal.lines)
    proposal = replace(order.proposal, lines=lines, slots={}, reserved=())
    return replace(order, conversation="", customer=who, proposal=proposal)


def _bare(line: Priced) -> Priced:
    return replace(line, line=replace(line.line, notes=()))


def running(order: Order, now: datetime) -> bool:
    """Is it still being made, or a booking that is still to come?"""
    ready = order.proposal.ready_at
    return order.state in ("placed", "making") and (ready is None or ready > now)


def refuse(order: Order) -> Theirs:
    """An order that is running needs its customer."""
    return Theirs(
        f"order {order.number} is still running, and needs to know whose it is",
        where=order.id,
        mend="erase after it is done, or cancel it first",
        code="order_running",
        status=409,
    )
