"""The steps from one schema to the next, run when a store is opened."""

HEAD = "0011"
"""The newest step: a database that is there already needs no Alembic (half a second of imports) to be opened."""
