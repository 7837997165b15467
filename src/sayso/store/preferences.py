"""What customers like: one row for each thing that it is about, with its provenance.

Those who were merged are one customer: their rows are read together, the newest about a thing counts, and what is set
or deleted is so for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sayso.model.effect import PreferenceGone, PreferenceSet
from sayso.model.preference import Like, Preference
from sayso.store.statements import Script, Statement, Value, micros, moment, words

MEMBERS = "(SELECT id FROM customers WHERE merchant = ? AND (id = ? OR merged_into = ?))"
COLUMNS = "about, value, words, how, channel, conversation, at"
READ = f"SELECT {COLUMNS} FROM preferences WHERE merchant = ? AND customer IN {MEMBERS} ORDER BY at, about"
SET = f"""INSERT INTO preferences (merchant, customer, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (merchant, customer, about) DO UPDATE SET value = excluded.value, words = excluded.words,
 how = excluded.how, channel = excluded.channel, conversation = excluded.conversation, at = excluded.at"""
GONE = f"DELETE FROM preferences WHERE merchant = ? AND customer IN {MEMBERS}"
SPECIAL = "allergen/"


def preferences_script(merchant: str, customer: str) -> Script[tuple[Preference, ...]]:
    """What the customer likes, the newest last."""
    rows = yield Statement(READ, (merchant, merchant, customer, customer), alone=True)
    newest = {words(row[0]): _preference(merchant, customer, row) for row in rows}
    return tuple(newest.values())


def _preference(merchant: str, customer: str, row: Sequence[Value]) -> Preference:
    about, value, said, how, channel, conversation, at = row
    like = Like(words(about), words(value), words(said))
    return Preference(merchant, customer, like, words(how), words(channel), words(conversation), moment(at))


def preference_set(change: PreferenceSet) -> Iterator[Statement]:
    """What was known about the same goes, whoever of those merged it was of."""
    kept = change.preference
    yield from preference_gone(PreferenceGone(kept.merchant, kept.customer, kept.about))
    like = kept.like
    row = (like.about, like.value, like.words, kept.how, kept.channel, kept.conversation, micros(kept.at))
    yield Statement(SET, (kept.merchant, kept.customer, *row))


def preference_gone(change: PreferenceGone) -> Iterator[Statement]:
    """One thing; or all of what needs one kind of consent."""
    members = (change.merchant, change.merchant, change.customer, change.customer)
    kinds = {"*": "about NOT LIKE ?", "allergen/*": "about LIKE ?"}
    value = f"{SPECIAL}%" if change.about in kinds else change.about
    yield Statement(f"{GONE} AND {kinds.get(change.about, 'about = ?')}", (*members, value))


def plain(kept: Preference) -> Mapping[str, Any]:
    """For the customer's own file."""
    return {
        "about": kept.about,
        "value": kept.like.value,
        "words": kept.like.words,
        "how": kept.how,
        "channel": kept.channel,
        "conversation": kept.conversation,
        "at": micros(kept.at),
    }
