"""Times that mean what is spoken of: "two o'clock" of the day that was offered, "the day after", "a bit later".

Theory. What a customer says of a time stands beside what was said before it. A clock without a day is one of the day
whose times are offered, or that is filled in; a day that is told by another one counts from the day that was asked for,
be it that nothing was free on it. Without such a day both are read from now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sayso.manifest.specs import SlotSpec
from sayso.model.command import Candidate, Evidence, Fill
from sayso.model.moment import REFUSED
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.slots.times import SHOP, When, find_times
from sayso.understanding.spans import Reading
from sayso.understanding.words import Token

_DAY = len("2026-11-27")
_MANY = 4
"""Of so many times on one day "later" means those of its second half, of fewer what comes after the last."""
_AHEAD = timedelta(days=14)


def anchored(
    times: Sequence[When], toks: Sequence[Token], lexicon: Lexicon, language: str, context: Context, slot: SlotSpec
) -> list[When]:
    """`times` with the day that each one leaves out, where one is spoken of."""
    found = [_moved(w, context, slot.name) for w in _by_days(times, toks, lexicon, context, slot.name)]
    day = _offered(context, slot.name) or _day(_asked(context, slot.name))
    if day is None or day <= context.now.date() or not any(w.dayless for w in found):
        return found
    then = datetime.combine(day, time(SHOP.waking[0] // 60 - 1, 59), context.now.tzinfo)
    again = {(w.start, w.end): w for w in find_times(toks, lexicon.timely, language, then, True) if w.dayless}
    return [replace(again.get((w.start, w.end), w), part=w.part) if w.dayless else w for w in found]


def _moved(when: When, context: Context, slot: str) -> When:
    """ "Half an hour later" than what was asked for and could not be had."""
    asked = _asked(context, slot)
    if when.part[:1] not in ("+", "-") or len(asked) <= _DAY or "/" in asked or not asked[:1].isdigit():
        return when
    value = (datetime.fromisoformat(asked) + timedelta(minutes=int(when.part))).isoformat()
    return replace(when, value=value, at=value)


def _by_days(
    times: Sequence[When], toks: Sequence[Token], lexicon: Lexicon, context: Context, slot: str
) -> Iterator[When]:
    """ "The day after", "een dag eerder": counted from the day that was asked for, else from the one offered."""
    day = _day(_asked(context, slot)) or _offered(context, slot)
    hit = _relative(toks, lexicon) if day is not None else None
    for when in times:
        if day is None or hit is None or when.end > hit[1] or when.start < hit[0] - 1:
            yield when
    if day is not None and hit is not None and not any(w.end > hit[1] and w.start < hit[1] for w in times):
        start, end, step = hit
        value = (day + timedelta(days=step)).isoformat()
        yield When(start, end, value, part=value)


def _relative(toks: Sequence[Token], lexicon: Lexicon) -> tuple[int, int, int] | None:
    """Where a day is told by another one, and how many days it lies from that."""
    words = [t.key for t in toks]
    phrases = {phrase: step for step, listed in lexicon.timely.days.items() for phrase in listed}
    for size in range(5, 1, -1):
        for start in range(len(words) - size + 1):
            if step := phrases.get(" ".join(words[start : start + size])):
                return start, start + size, step
    return None


def shifted(reading: Reading, lexicon: Lexicon, context: Context, slot: SlotSpec) -> tuple[Fill, ...]:
    """ "A bit later", "earlier if you can": beside the times that are offered, or the one that is filled in. Nothing
    where anything else is said."""
    words = [t.key for t in reading.tokens if t.key]
    way = dict.fromkeys(lexicon.timely.later, 1) | dict.fromkeys(lexicon.timely.earlier, -1)
    said = [way[word] for word in words if word in way]
    if len(said) != 1 or any(word not in way and word not in lexicon.timely.beside for word in words):
        return ()
    value = _shifted(said[0], _moments(context, slot.name), context, slot.name)
    return (Fill(slot.name, (Candidate(value),), Evidence(reading.text, "pending")),) if value else ()


def _shifted(way: int, offered: Sequence[datetime], context: Context, slot: str) -> str:
    """The interval that lies later or earlier than the times that are offered."""
    stands = context.frames[-1].slots.get(slot, "") if context.frames else ""
    if not offered and len(stands) > _DAY and "/" not in stands and stands[:1].isdigit():
        offered = (datetime.fromisoformat(stands),)
    if not offered:
        return ""
    single = len({moment.date() for moment in offered}) == 1
    half = single and len(offered) >= _MANY
    pivot = offered[len(offered) // 2] if half else offered[-1] if way > 0 else offered[0]
    last = datetime.combine(pivot.date(), time(23, 59), pivot.tzinfo)
    if way > 0:
        since, until = pivot + timedelta(minutes=1), last if single else last + _AHEAD
    else:
        since, until = context.now.replace(second=0, microsecond=0), pivot - timedelta(minutes=1)
        since = max(since, datetime.combine(pivot.date(), time(), pivot.tzinfo)) if single else since
    return f"{since.isoformat()}/{until.isoformat()}" if since < until else ""


def _moments(context: Context, slot: str) -> tuple[datetime, ...]:
    """The moments that are offered for a slot, the earliest first."""
    commands = (shown.command for shown in context.shown)
    values = (c.values[0].id for c in commands if isinstance(c, Fill) and c.slot == slot and len(c.values) == 1)
    moments = (v for v in values if len(v) > _DAY and v[:1].isdigit() and "/" not in v)
    return tuple(sorted(map(datetime.fromisoformat, moments)))


def _offered(context: Context, slot: str) -> date | None:
    """The one day whose times are offered."""
    days = {moment.date() for moment in _moments(context, slot)}
    return days.pop() if len(days) == 1 else None


def _asked(context: Context, slot: str) -> str:
    """The time that was asked for: what stands in the slot, else what could not be had."""
    slots = context.frames[-1].slots if context.frames else {}
    return slots.get(slot, "") or slots.get(f"{REFUSED}{slot}", "")


def _day(value: str) -> date | None:
    """The day of a time; None for an interval of several days, for a part, for as soon as possible."""
    first, _, last = value.partition("/")
    if not first[:1].isdigit() or (last and last[:_DAY] != first[:_DAY]):
        return None
    return date.fromisoformat(first[:_DAY])
