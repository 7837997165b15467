"""When it can be: the time that was asked for, or honest others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sayso import (
    Fact,
    Free,
    Params,
    Rows,
    Search,
    Trouble,
    Turn,
    When,
    closest,
    free,
    grain_key,
    local,
    next_opening,
    read_when,
    resources,
    spread,
    window_at,
)
from sayso.skill.booking.slots import SOONEST, Wishes, minutes, setting
from sayso.skill.booking.where import Desk
from sayso.skill.booking.words import flag, holiday, moment, most, times, word

GRACE = timedelta(minutes=10)
"""How long a time that was offered may still be chosen although it has become short notice."""

AROUND = timedelta(days=8)
"""How far around a wish is looked first; beyond it only when nothing is free there."""


@dataclass(frozen=True, slots=True)
class Diary:
    """A desk as one turn sees it: its rows, and what may be offered."""

    turn: Turn
    wish: Wishes
    desk: Desk
    rows: Rows

    @property
    def zone(self) -> str:
        return self.desk.location.zone

    @property
    def soonest(self) -> datetime:
        lead = self.desk.service.lead
        return self.turn.now + (minutes(self.turn, "lead_minutes") if lead is None else timedelta(minutes=lead))

    @property
    def latest(self) -> datetime:
        return self.turn.now + timedelta(days=setting(self.turn, "days_ahead"))

    async def free(self, since: datetime, until: datetime, grace: timedelta = timedelta()) -> tuple[Free, ...]:
        """What can be had with a start in [since, until); `grace`: how much shorter the notice may be than declared."""
        since, until = max(since, self.turn.now, self.soonest - grace), min(until, self.latest + grace)
        if since >= until:
            return ()
        every = minutes(self.turn, "every_minutes")
        search = Search(self.desk.service, self.desk.location, self.desk.staff, since, until, every)
        return free(search, self.turn.merchant, await self._used(since, until))

    async def _used(self, since: datetime, until: datetime) -> dict[tuple[str, str], int]:
        """Every grain that an appointment with such a start may touch."""
        reach = timedelta(days=2, minutes=self.desk.service.buffer)
        names = {n for s in self.desk.staff for n in resources(self.desk.service, self.desk.location, s.id)}
        found: dict[tuple[str, str], int] = {}
        for name in sorted(names):
            used = await self.rows.used(name, grain_key(since), grain_key(until + reach))
            found |= {(name, grain): units for grain, units in used.items()}
        return found

    async def around(self, wanted: datetime) -> tuple[Free, ...]:
        """What can be had nearest to a moment."""
        near = await self.free(wanted - AROUND, wanted + AROUND)
        return near or await self.free(self.turn.now, self.latest)

    def trouble(self, key: str, found: tuple[Free, ...], params: Params | None = None) -> Trouble:
        """A trouble that another time mends."""
        told = {**times(self.desk.service, found, self.desk.location), **(params or {})}
        ids = tuple(local(each.starts, self.zone).isoformat() for each in found)
        return self.wish.trouble(key, "time", ids, told)


async def choose(diary: Diary) -> Free | Trouble:
    """The appointment for what was said about the time; the trouble offers what can be had."""
    words = diary.wish.value("time")
    if not words:
        return await _first(diary, "booking.when")
    if words == SOONEST:
        found = await diary.around(diary.turn.now)
        return found[0] if found else diary.trouble("booking.full", ())
    when = read_when(words, diary.zone)
    if when is None:
        return await _first(diary, "booking.when")
    found = await diary.free(when.since, when.until, GRACE if when.exact else timedelta())
    if len(found) == 1 or (found and when.exact):
        return found[0]
    if found:
        return diary.trouble("booking.choose_time", spread(found, most(diary.turn)), _more(diary, len(found)))
    return await _instead(diary, when)


async def _first(diary: Diary, key: str) -> Trouble:
    """Times to choose from: those that were wished for before something came between, else the first there are."""
    asked = read_when(diary.wish.refused.get("time", ""), diary.zone)
    if asked is not None and (then := await diary.free(asked.since, asked.until)):
        return diary.trouble("booking.choose_time", spread(then, most(diary.turn)), _more(diary, len(then)))
    if asked is not None and (near := closest(await diary.around(asked.since), asked.since, most(diary.turn))):
        return diary.trouble(key, near, _more(diary, len(near)))
    found = await diary.around(diary.turn.now)
    few = spread(found[: most(diary.turn) * 4], most(diary.turn))
    return diary.trouble(key if found else "booking.full", few, _more(diary, len(found)))


def _more(diary: Diary, count: int) -> Params:
    return {"more": Fact(max(0, count - most(diary.turn)), "capacity", diary.desk.service.sku)}


async def _instead(diary: Diary, when: When) -> Trouble:
    """Nothing then: why, and the nearest that can be had."""
    wanted = when.since if when.exact else when.since + (when.until - when.since) / 2
    found = closest(await diary.around(wanted), wanted, min(3, most(diary.turn)))
    if not found:
        return diary.trouble("booking.full", ())
    told: Params = {
        "why": _why(diary, when),
        "wanted": moment(when.since, diary.zone, "customer"),
        "exact": flag(when.exact),
        **holiday(diary.turn, diary.desk.location, when.since),
    }
    return diary.trouble("booking.not_then", found, told)


def _why(diary: Diary, when: When) -> Fact:
    if when.until <= diary.turn.now or (when.exact and when.since < diary.turn.now):
        return word("past")
    if when.until <= diary.soonest:
        return word("soon")
    if when.since >= diary.latest:
        return word("far")
    if not diary.desk.service.home and not _open(diary, when):
        return word("closed")
    return word("taken")


def _open(diary: Diary, when: When) -> bool:
    """Is the place open at some time of the wish?"""
    opening = next_opening(diary.desk.location, when.since)
    return window_at(diary.desk.location, when.since) is not None or (
        opening is not None and opening.opens < when.until
    )


async def again(diary: Diary, starts: datetime, staff: str) -> Free | None:
    """The very appointment that was offered, as far as it can still be had; its notice was judged when it was."""
    members = tuple(s for s in diary.desk.staff if s.id == staff)
    alone = replace(diary, desk=replace(diary.desk, staff=members))
    notice = diary.soonest - diary.turn.now + GRACE
    found = await alone.free(starts, starts + timedelta(seconds=1), notice) if members else ()
    return found[0] if found else None
