"""Token buckets: `limit` requests a minute with a burst of half of that, for each key.

Kept in this process and bounded: beyond `KEYS` keys the one that was used longest ago is forgotten, which only makes
its holder's bucket full again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

KEYS = 20_000


@dataclass(slots=True)
class Rate:
    """One limit for many keys. `buckets` holds (tokens left, when that was counted)."""

    per_minute: int
    buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, key: str, now: float) -> float:
        """Take one token at `now` (monotonic seconds): 0 when there was one, else the seconds until there is."""
        speed, full = self.per_minute / 60, max(1.0, self.per_minute / 2)
        tokens, since = self.buckets.pop(key, (full, now))
        tokens = min(full, tokens + (now - since) * speed)
        taken = tokens >= 1
        self.buckets[key] = (tokens - 1 if taken else tokens, now)
        if len(self.buckets) > KEYS:
            self.buckets.popitem(last=False)
        return 0.0 if taken else (1 - tokens) / speed
