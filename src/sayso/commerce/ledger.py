"""Double entry: every effect books entries that sum to zero."""

from __future__ import annotations

from collections.abc import Iterable

from sayso.commerce.pricing import VatRow
from sayso.model.effect import Booked, Change
from sayso.model.money import Money


def sale(merchant: str, effect: str, rows: Iterable[VatRow], payment: str) -> tuple[Booked, ...]:
    """The entries of a sale: what the customer owes against net sales and VAT per class."""
    entries: list[Booked] = []
    owed: Money | None = None
    for row in rows:
        owed = owed + row.gross if owed else row.gross
        entries.append(Booked(merchant, effect, f"sales/{row.vat_class}", -row.net))
        entries.append(Booked(merchant, effect, f"vat/{row.vat_class}", -row.vat))
    if owed is None:
        return ()
    kept = [entry for entry in entries if entry.amount.minor]
    return (Booked(merchant, effect, f"receivable/{payment}", owed), *kept)


def balance(changes: Iterable[Change]) -> dict[str, int]:
    """Minor units per account after these changes."""
    accounts: dict[str, int] = {}
    for change in changes:
        if isinstance(change, Booked):
            accounts[change.account] = accounts.get(change.account, 0) + change.amount.minor
    return accounts
