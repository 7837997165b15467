"""Manifests: their schemas, loading, checking and publishing; and the frozen specs that the rest of sayso reads."""
