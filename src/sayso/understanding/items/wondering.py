"""What sounds like a change and only asks: "is that large?", "do they run small?", "vallen ze klein uit?".

A question with a verb of being or doing before "it" or "they" asks what a thing is like; one with "can" or "could"
asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model.command import Candidate, Change, Command, Evidence, Question
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading


def wondered(found: Sequence[Command], reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """The question that `found`, changes of what is in the basket, is really meant as; nothing where it is none."""
    changes = [c for c in found if isinstance(c, Change)]
    if not changes or len(changes) < len(found) or not _of_a_thing(reading, lexicon):
        return ()
    said = Evidence(reading.text, "local")
    if all(c.to.options and not (c.to.notes or c.to.removed) for c in changes):
        return (Question("basket", (), said, reading.text),)
    skus = {line.id: line.sku for line in context.lines}
    about = tuple(dict.fromkeys(skus[line.id] for c in changes for line in c.target.lines if line.id in skus))
    return (Question("product", tuple(map(Candidate, about)), said),)


def _of_a_thing(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether it is asked what a thing that is pointed at is like."""
    words = [t.key for t in reading.tokens if t.key]
    after = frozenset[str]().union(*(pack.asking.get("after", ()) for pack in lexicon.packs))
    while words and words[0] in after:
        words.pop(0)
    if len(words) < 3 or not asks(reading.text, lexicon):
        return False
    things = frozenset[str]().union(*(pack.asking.get("things", ()) for pack in lexicon.packs))
    modal = frozenset[str]().union(*(pack.asking.get("modal", ()) for pack in lexicon.packs))
    orders = lexicon.is_role(words[0], "add", "change", "remove")
    asking = any(words[0] in pack.may for pack in lexicon.packs) or not orders
    return asking and words[0] not in modal and words[1] in things
