"""Values that nothing marks: small letters after a small word, sorts, bare answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sayso.understanding.schemas.fit import Found, Reading, fit
from sayso.understanding.schemas.names import is_plain
from sayso.understanding.schemas.said import Mention, Said
from sayso.understanding.schemas.spec import Field
from sayso.understanding.schemas.speech import Speech, stem


def read_sorts(reading: Reading, taken: Collection[int]) -> Iterator[Found]:
    """ "a comedy movie": the word before what the form is about tells its sort."""
    fields = [f for f in reading.form.fields.values() if f.kind == "sort"]
    if not fields or reading.ours:
        return
    heads = reading.speech.spread(reading.form.heads) | reading.speech.single("food")
    plain = frozenset().union(*(reading.speech.single(c) for c in ("not_names", "ends", "no_sort")))
    named = {
        n for m in reading.said.mentions if m.kind == "name" and m.end - m.start > 2 for n in range(m.start, m.end)
    }
    keys = reading.said.keys
    own = {w for f in reading.form.fields.values() for w, v in f.values.items() if "_".join(w) == v}
    for i in range(1, len(keys)):
        word = keys[i - 1]
        free = (i - 1 not in taken or (word,) not in own) and i - 1 not in named
        if (
            stem(keys[i]) in heads
            and word
            and free
            and word.isalpha()
            and word not in plain
            and stem(word) not in heads
        ):
            start = i - 1
            while (
                start
                and reading.said.tokens[start].text[:1].isupper()
                and reading.said.tokens[start - 1].text[:1].isupper()
            ):
                start -= 1
            yield Found(fields[0], reading.said.words(start, i), start, i, 1.0)
            return


def read_small(reading: Reading, taken: Collection[int]) -> Iterator[Found]:
    """Places in small letters after a small word: "in san rafael"."""
    if reading.ours:
        return
    said, speech = reading.said, reading.speech
    plain = speech.single("not_names") | speech.single("ends")
    for i, key in enumerate(said.keys[:-1]):
        if not any(key in speech.single(c) for c in ("within", "way", "at", "by")):
            continue
        if key in speech.single("onto") and not _on_the_way(said, i, speech):
            continue
        end = i + 1
        while (
            end < len(said.keys) and end < i + 4 and end not in taken and said.keys[end] and said.keys[end] not in plain
        ):
            if said.keys[end][:1].isdigit():
                break
            end += 1
        if end == i + 1 or any(m.start < end and m.end > i + 1 for m in said.mentions):
            continue
        mention = Mention("name", i + 1, end, said.words(i + 1, end))
        fits = [(fit(mention, f, reading), f) for f in reading.form.fields.values() if _led(key, f, speech)]
        best = max(fits, key=lambda x: x[0], default=None)
        if best and best[0] >= 1.5 and not any(w in reading.form.heads for w in map(stem, said.keys[i + 1 : end])):
            yield Found(best[1], mention.text, i + 1, end, best[0])


def _on_the_way(said: Said, i: int, speech: Speech) -> bool:
    """Whether a "to" leads somewhere, rather than to a verb: "going to fresno", "money to peter"."""
    before = said.keys[i - 1] if i else ""
    return before in speech.single("to") | speech.single("sent") or bool(speech.single("out_of") & {*said.keys})


def _led(key: str, field: Field, speech: Speech) -> bool:
    """Whether a small word can lead to a slot's value in small letters."""
    if field.told or field.kind not in ("place", "name"):
        return False
    if key in speech.single("by"):
        return bool(speech.single("by") & field.cues)
    return field.kind == "place" or (bool(field.ends) and key in speech.single("way"))


def read_answer(reading: Reading, taken: Collection[int], found: Mapping[str, Found]) -> Iterator[Found]:
    """A bare answer to what was asked, without what leads up to it."""
    if reading.ours:
        return
    said, speech = reading.said, reading.speech
    fields = [reading.form.fields[a] for a in reading.asked if a in reading.form.fields and a not in found]
    texts = [f for f in fields if f.kind in ("name", "place", "sort")]
    if not texts or any(a in found for a in reading.asked):
        return
    start, end = 0, len(said.keys)
    if any(t.text == "?" for t in said.tokens):
        return
    moved = True
    while moved and start < end:
        moved = False
        if not said.keys[start] or (n := speech.at("leads", said.keys, start)):
            start += 1 if not said.keys[start] else n
            moved = True
    stop = start
    plain = speech.single("ends")
    while stop < end and said.keys[stop] and said.keys[stop] not in plain and stop not in taken:
        stop += 1
    words = said.keys[start:stop]
    plain = speech.single("not_names")
    if not words or len(words) > 5 or is_plain(words[0], plain) or speech.within("begin", words):
        return
    if speech.within("accept", words) or speech.within("refuse", words) or speech.within("any", words):
        return
    yield Found(texts[0], said.words(start, stop), start, stop, 1.0)
