"""What is compiled of each artefact, once: by the first turn that needs it or ahead of it, however many wait for it.

Theory. A lexicon costs a good part of a second of CPU, so it is compiled off the loop by one thread; turns that come
meanwhile wait for the same result, and one that is cut off does not end it for the others. What languages bring is the
same for all merchants that speak them, and is shared. The least recently used merchants are let go.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from sayso.manifest.specs import Artefact
from sayso.understanding.context import Embedder
from sayso.understanding.intents.claims import NOTHING, Claims, compile_claims
from sayso.understanding.intents.classify import Classifier, loaded
from sayso.understanding.intents.samples import own_samples
from sayso.understanding.intents.train import train
from sayso.understanding.intents.views import Commons
from sayso.understanding.lexicon import Lexicon, Tongues, compile_lexicon, compile_tongues
from sayso.understanding.schemas import Forms, compile_forms
from sayso.understanding.words import keys

KEPT = 128
"""Merchants whose lexicon and classifier stay in memory, as many as the library keeps: about three megabytes for three
hundred products, of which the classifier is views of the artefact's own bytes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is compiled of one artefact: its lexicon, its classifier, and the words of its samples."""

    lexicon: Lexicon
    classifier: Classifier | None
    forms: Forms | None = None
    words: frozenset[str] = frozenset()
    own: Claims = NOTHING

    def sampled(self, text: str) -> bool:
        """Whether a word of `text`, not a short one, is in a sample."""
        return any(len(word) > 3 and word in self.words for word in keys(text))


class Knowledge:
    """The compiled artefacts of a host. Any loop's turns may ask."""

    def __init__(self, embedder: Embedder, commons: Commons, most: int = KEPT) -> None:
        self._embedder, self._most = embedder, most
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._compiling: dict[str, Future[Known]] = {}
        self._tongues: dict[tuple[str, ...], Tongues] = {}
        self._commons = commons
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sayso-lexicon")

    async def of(self, artefact: Artefact) -> Known:
        """What is compiled of `artefact`."""
        with self._lock:
            known = self._known.get(artefact.digest)
            if known is not None:
                self._known.move_to_end(artefact.digest)
                return known
            compiling = self._compiling.get(artefact.digest)
            if compiling is None:
                compiling = self._compiling[artefact.digest] = self._worker.submit(self._compile, artefact)
        return await asyncio.shield(asyncio.wrap_future(compiling))

    def _compile(self, artefact: Artefact) -> Known:
        try:
            languages = artefact.merchant.languages
            if languages not in self._tongues:
                self._tongues[languages] = compile_tongues(languages)
            lexicon = compile_lexicon(artefact, self._tongues[languages])
            words = frozenset(word for _, text in own_samples(artefact) for word in keys(text))
            classifier = self._classifier(artefact)
            known = Known(lexicon, classifier, compile_forms(artefact), words, compile_claims(artefact, lexicon))
            with self._lock:
                self._keep(artefact.digest, known)
            return known
        finally:
            with self._lock:
                self._compiling.pop(artefact.digest, None)

    def _classifier(self, artefact: Artefact) -> Classifier | None:
        """As it was published; fitted anew where another version's phrases or another embedder saw the samples."""
        languages = artefact.merchant.languages
        found = loaded(artefact.trained, self._embedder, self._commons, languages)
        if found is None and artefact.trained:
            fresh = train(artefact, self._embedder, self._commons)
            found = loaded(fresh, self._embedder, self._commons, languages)
        return found

    def _keep(self, digest: str, known: Known) -> None:
        self._known[digest] = known
        while len(self._known) > self._most:
            self._known.popitem(last=False)
