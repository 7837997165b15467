"""The replies of an artefact, compiled once: what the host says, in each language and variant.

phrases = Phrases(artefact)
scope = phrases.scope("nl", now, voice=True)
phrases.say("order.placed", params, scope)
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from sayso.manifest.messages import BadMessage, Compiled, Scope, compile_message, render
from sayso.manifest.names import names
from sayso.manifest.specs import Artefact, Replies, Reply
from sayso.model.fact import Named, Params

__all__ = [
    "BadMessage",
    "Compiled",
    "Compiler",
    "Phrase",
    "Phrases",
    "Scope",
    "compile_message",
    "compile_replies",
    "render",
]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Phrase:
    """One reply in one language. `speech` falls back to `text`; `short` None: as long as ever; `reprompt` None: say
    `speech` again."""

    text: Compiled
    speech: Compiled
    short: Compiled | None = None
    reprompt: Compiled | None = None

    def variant(self, name: str, voice: bool = True) -> Compiled:
        """ "text", "speech", "short" or "reprompt"; without it, what is said or shown anyway."""
        found: Compiled | None = getattr(self, name)
        return found or (self.speech if voice else self.text)


Compilation = Mapping[str, Mapping[str, Phrase]]


class Compiler:
    """Compiles replies, each once: merchants whose replies are the same share what is compiled, for as long as one of
    them has it. Safe from any thread."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[Reply, Phrase] = WeakValueDictionary()

    def reply(self, reply: Reply) -> Phrase:
        """Raises BadMessage."""
        found = self._known.get(reply)
        return found if found is not None else self._known.setdefault(reply, compile_reply(reply))

    def replies(self, replies: Replies) -> Compilation:
        """Every reply, compiled. Raises BadMessage: a published artefact has none."""
        return {sys.intern(key): self._each(each) for key, each in replies.items()}

    def _each(self, each: Mapping[str, Reply]) -> Mapping[str, Phrase]:
        return {sys.intern(tag): self.reply(reply) for tag, reply in each.items()}


def compile_reply(reply: Reply) -> Phrase:
    """Raises BadMessage."""
    text = compile_message(reply.text)
    return Phrase(
        text=text,
        speech=compile_message(reply.speech) if reply.speech else text,
        short=compile_message(reply.short) if reply.short else None,
        reprompt=compile_message(reply.reprompt) if reply.reprompt else None,
    )


def compile_replies(replies: Replies) -> Compilation:
    """Every reply, compiled. Raises BadMessage: a published artefact has none."""
    return Compiler().replies(replies)


class Phrases:
    """The compiled replies of one artefact; immutable after it is made, so shared by every turn."""

    def __init__(self, artefact: Artefact, compiler: Compiler | None = None) -> None:
        self.replies = (compiler or Compiler()).replies(artefact.replies)
        self.merchant = artefact.merchant
        tags = artefact.merchant.languages
        self.names: Mapping[str, Callable[[Named], str]] = {tag: names(artefact, tag) for tag in tags}

    def find(self, key: str, language: str) -> Phrase | None:
        """The reply in `language`, else in its base language, else in the merchant's own; None: no such reply."""
        found = self.replies.get(key)
        if not found:
            return None
        wanted = (language, language.partition("-")[0], *self.merchant.languages)
        return next((found[tag] for tag in wanted if tag in found), None) or next(iter(found.values()))

    def repeats(self, key: str, language: str) -> bool:
        """Whether nothing but the reply itself is there to be said when nobody answers it."""
        phrase = self.find(key, language)
        return phrase is not None and phrase.reprompt is None

    def scope(self, language: str, now: datetime, *, voice: bool = False, zone: str = "") -> Scope:
        """Where the replies of one message are rendered; `zone` is that of the place it is about."""
        name = self.names.get(language) or self.names[self.merchant.languages[0]]
        return Scope(
            language=language,
            zone=ZoneInfo(zone or self.merchant.zone),
            now=now,
            name=name,
            template=self.template(language, voice),
            voice=voice,
            country=self.merchant.country,
        )

    def template(self, language: str, voice: bool) -> Callable[[str], Compiled]:
        """The text that renders a Row of a list."""

        def find(key: str) -> Compiled:
            phrase = self.find(key, language)
            if phrase is None:
                raise LookupError(f"no reply {key!r} to render a row with")
            return phrase.speech if voice else phrase.text

        return find

    def say(self, key: str, params: Params, scope: Scope, variant: str = "") -> str:
        """The words of reply `key`. `variant`: "text", "speech", "short" or "reprompt"; by default the scope's."""
        phrase = self.find(key, scope.language)
        if phrase is None:
            raise LookupError(f"{self.merchant.id} has no reply {key!r}")
        return render(phrase.variant(variant or ("speech" if scope.voice else "text"), scope.voice), params, scope)
