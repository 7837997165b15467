"""The web chat: our own page and API."""
