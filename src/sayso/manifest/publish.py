"""Publishing: a checked draft to a content-addressed artefact, which is all that a host reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sayso.manifest.digest import digest
from sayso.manifest.draft import Draft
from sayso.manifest.specs import Artefact

Train = Callable[[Artefact], bytes]
"""What understanding compiles from an artefact (classifier, lexicon): opaque bytes."""


def compile_artefact(draft: Draft, train: Train | None = None) -> Artefact:
    """The draft as an artefact, trained, under the digest of everything in it."""
    bare = Artefact(
        digest="",
        merchant=draft.merchant,
        skills=draft.skills,
        catalog=draft.catalog,
        answers=draft.answers,
        replies=draft.replies,
    )
    trained = replace(bare, trained=train(bare) if train else b"")
    return replace(trained, digest=digest(trained))
