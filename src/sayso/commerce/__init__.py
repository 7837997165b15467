"""Prices, hours, queue, stock, constraints, ledger: pure functions over specs, catalog and rows."""
