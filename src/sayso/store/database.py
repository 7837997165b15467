"""What the rows need of a database; each driver implements it."""

from __future__ import annotations

from typing import Protocol, TypeVar

from sayso.store.statements import Script

T = TypeVar("T")


class Database(Protocol):
    """Runs scripts. A script that raises leaves nothing behind and hurts no other."""

    async def write(self, script: Script[T]) -> T:
        """Run in one transaction; when this returns, its rows survive a loss of power. Cancelling does not stop it."""
        ...

    async def read(self, script: Script[T]) -> T:
        """Run on one snapshot that holds every write that was acknowledged before this call."""
        ...
