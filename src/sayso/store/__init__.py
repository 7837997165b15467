"""Rows and vectors: the one schema, the drivers, and the ports of the host on them."""

from sayso.store.open import Store, open_store

__all__ = ["Store", "open_store"]
