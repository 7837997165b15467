"""What a merchant's own intents are for although the same words mean something everywhere.

Theory. Global phrases ("it does not matter", "well done") and questions are understood at every merchant alike. A
merchant that fulfils an intent itself and gives samples that say the same has another meaning in mind, and goes first
where nothing was asked. What must be reached from every state (a person, cancel, help, stop) is never claimed, nor is
anything claimed by an intent that buys or books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.manifest.specs import Artefact
from sayso.model.command import Candidate, Command, Evidence, No, Question, Say, Start, Yes
from sayso.understanding.intents.samples import ESSENTIAL, OUT_OF_SCOPE, claims_of, own_samples
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.talk import stripped
from sayso.understanding.words import clean, tokens

_WORDS = 8
"""The longest sample in words that is looked at for a global phrase."""
_FEW = 2
"""A phrase of so few words means what it means everywhere, unless it is a sample as it stands."""

_PATIENT = ("wait",)
"""What is essential only as all that is said: "let me check my transactions" waits for nothing."""
_LIKELY = 0.5
"""How likely an intent must be, as a share of a likelier phrase, to go before it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """`intents`: labels of the intents that go first; `light`: of those that change nothing; `whole`: their samples,
    words joined -> "skill.intent"; `phrases`: the global phrases, "yes" and "no" that are said in their samples."""

    intents: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    whole: Mapping[str, str] = field(default_factory=dict)
    phrases: frozenset[str] = frozenset()

    def exactly(self, command: Command, text: str) -> Start | None:
        """The intent whose sample `text` is, where `command` was heard in it."""
        what = _what(command)
        if not self.whole or not what or f"say:{what}" in ESSENTIAL:
            return None
        intent = self.whole.get("".join(t.key for t in tokens(text)))
        return Start((Candidate(intent),), Evidence(text, "local")) if intent else None

    def first(
        self, ranked: Sequence[Candidate], told: Callable[[str], bool] = lambda what: True
    ) -> Sequence[Candidate]:
        """`ranked` with an intent of the merchant's own before a phrase or question that is hardly likelier, one that
        changes nothing also before what is for nobody. `told`: whether a phrase may be meant; one that is not claims
        nothing either."""
        best = ranked[0].id if self.intents and ranked else ""
        what = best.removeprefix("say:") if best.startswith("say:") else ""
        claimed = self.light if best == OUT_OF_SCOPE else self.intents
        yields = best == OUT_OF_SCOPE or best.startswith(("say:", "question:"))
        if not yields or (best in ESSENTIAL and told(what)):
            return ranked
        own = next((c for c in ranked if c.id in claimed), None)
        return (own, *(c for c in ranked if c is not own)) if own and own.score >= _LIKELY * ranked[0].score else ranked

    def doubt(self, command: Command, text: str) -> bool:
        """Whether `text`, in which `command` was heard, may be for one of the intents all the same."""
        what = _what(command)
        inside = isinstance(command, Say) and command.evidence is not None and command.evidence.score < 1
        stays = f"say:{what}" in ESSENTIAL and not (inside and what in _PATIENT)
        if not self.intents or not what or stays or len(text.split()) <= _FEW:
            return False
        return inside or what in self.phrases


NOTHING = Claims()


def compile_claims(artefact: Artefact, lexicon: Lexicon) -> Claims:
    """What the intents of a merchant claim."""
    claimed = claims_of(artefact)
    own = [(label, text) for label, text in own_samples(artefact) if label in claimed]
    whole = {"".join(t.key for t in tokens(clean(text))): label.partition(":")[2] for label, text in own}
    specs = lexicon.intents.specs
    light = frozenset(label for label in claimed if specs[label.partition(":")[2]].effect in ("none", "read"))
    return Claims(claimed, light, whole, frozenset(what for _, text in own for what in _said(text, lexicon)))


def _said(text: str, lexicon: Lexicon) -> Iterator[str]:
    toks = tokens(clean(text))
    if len(toks) <= _WORDS:
        for key in stripped(toks, lexicon):
            for pack in lexicon.packs:
                yield from (what for what in (pack.said(key), *pack.agreement.get(key, ())) if what)


def _what(command: Command) -> str:
    """The phrase that was heard; of a question that it was one."""
    if isinstance(command, Say):
        return command.what
    kinds: dict[type, str] = {Yes: "yes", No: "no", Question: "question"}
    return kinds.get(type(command), "")
