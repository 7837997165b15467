"""Catalog arithmetic: prices, hours, queues, stock, proposals. Pure functions over rows."""
