"""Whether a customer has gone on in another of the merchant's languages, or only borrowed a word of it.

Dutch is full of English ("sorry", "please", "to go", "no stress"), and whole sentences are cut by the language that
explains most of them. The conversation itself changes its language only for words that its own language does not
have, and for more of them than of its own.
"""

from __future__ import annotations

from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading

ENOUGH = 2
"""Words of another language that tell, beside words that are of no language known."""


def gone_on_in(reading: Reading, lexicon: Lexicon, own: str) -> str:
    """The language that the customer speaks from here on; "" while it may well be the conversation's, `own`."""
    other = reading.language
    own = own.partition("-")[0]
    mine, theirs = lexicon.closed.get(own), lexicon.closed.get(other)
    if mine is None or theirs is None or other == own:
        return other
    borrowed = next((pack.borrowed for pack in lexicon.packs if pack.language == own), frozenset[str]())
    words = [t.key for t in reading.tokens if t.key and not t.key.isdigit() and t.key not in lexicon.names]
    new = [word for word in words if word in theirs and word not in mine]
    own_words = sum(1 for word in words if word in mine and word not in theirs)
    told = sum(1 for word in new if word not in borrowed)
    return other if told > 2 * own_words and len(new) >= min(ENOUGH, len(words)) else ""
