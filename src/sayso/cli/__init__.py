"""The sayso command."""
