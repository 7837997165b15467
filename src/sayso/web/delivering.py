"""The outbox of a host put together: the way to each platform, what is counted, what other hosts need not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sayso.channels.contract import Account, Channel, Pushing, Report
from sayso.errors import NotFound
from sayso.host import Assembled
from sayso.host.access import Access
from sayso.host.attachments import Fetch, Fetching
from sayso.host.outbox import Outbox
from sayso.host.parcels import Route, Routes
from sayso.host.ports import Clock
from sayso.host.reach import Reach
from sayso.store import Store
from sayso.web.metrics import Metrics
from sayso.web.parts import Reported


def outbox_of(store: Store, running: Assembled, reach: Reach, access: Access, clock: Clock, metrics: Metrics) -> Outbox:
    """The outbox of this host. It sends when its `forever` runs. It keeps the tokens that it fetches by
    the way that `access` has."""
    return Outbox(store.deliveries, routes(running, reach), access.send, clock, metrics.delivery)


def routes(running: Assembled, reach: Reach) -> Routes:
    """The way to the platforms, by what merchants have published."""

    async def route(merchant: str, channel: str, conversation: str) -> Route:
        found = reach.channels.get(channel)
        if not isinstance(found, Pushing):
            raise NotFound(f"this host cannot send over {channel!r}", where=channel, mend="install its package")
        spec = (await running.library.current(merchant)).artefact.merchant
        return Route(found, reach.account(spec, channel), reach.where(merchant, conversation))

    return route


def fetching_of(store: Store, running: Assembled, reach: Reach, fetch: Fetch, access: Access, clock: Clock) -> Fetching:
    """What fetches the files that customers send."""

    async def way(merchant: str, channel: str) -> tuple[Channel, Account]:
        found = reach.channels.get(channel)
        if found is None:
            raise NotFound(f"this host has no {channel!r}", where=channel, mend="install its package")
        return found, reach.account((await running.library.current(merchant)).artefact.merchant, channel)

    return Fetching(store.attachments, store.files, way, fetch, access, clock)


def reported(outbox: Outbox) -> Reported:
    """Where webhooks bring what became of a message."""

    async def report(channel: str, account: Account, told: Report) -> None:
        await outbox.report(account.merchant.id, channel, account.id, told)

    return report


def waking(reach: Reach, outbox: Outbox, beyond: Callable[[str, int], None] | None) -> Callable[[str, int], None]:
    """Told of each new message: the outbox where it is to be sent, and the other hosts."""

    def told(conversation: str, seq: int) -> None:
        if reach.pushes(conversation.split("/", 2)[1]):
            outbox.wake()
        if beyond is not None:
            beyond(conversation, seq)

    return told


async def measure(outbox: Outbox, metrics: Metrics, now: datetime) -> None:
    """What waits to be sent, and what staff should see, as it stands."""
    metrics.outbox_waiting.clear()
    metrics.outbox_oldest.clear()
    metrics.outbox_attention.clear()
    for each in await outbox.rows.waiting():
        oldest = (now - each.oldest).total_seconds() if each.oldest else 0.0
        metrics.outbox_waiting.labels(each.channel).set(each.messages)
        metrics.outbox_oldest.labels(each.channel).set(max(0.0, oldest))
        metrics.outbox_attention.labels(each.channel).set(each.attention)
