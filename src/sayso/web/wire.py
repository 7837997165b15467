"""From the configuration to the parts of a host: the store, understanding, the skills, the channels.

The one place that knows every package. Nothing else makes a store or reads a secret.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from sayso.channels import dialogflow
from sayso.channels.alexa import Certificates, Door, fetching, read_limits, trusted_roots
from sayso.channels.registry import Channels
from sayso.host import Assembled, Done, assemble
from sayso.host.access import Access
from sayso.host.outbox import Outbox
from sayso.host.ports import Clock
from sayso.host.reach import Reach
from sayso.manifest.specs import Artefact
from sayso.model.message import Action
from sayso.people.history import History
from sayso.skill.api import Fulfilment
from sayso.skill.kinds import fulfilments, kinds
from sayso.store import Store, open_store
from sayso.understanding import Cascade, LocalEmbedder, Model, ModelStage, Purse, create
from sayso.understanding.intents.embedder import embedder_for
from sayso.web.calling import Caller
from sayso.web.config import Config
from sayso.web.config_model import endpoints
from sayso.web.delivering import fetching_of, outbox_of, reported, waking
from sayso.web.fetching import Fetcher
from sayso.web.identity import Identity
from sayso.web.link_pages import LinkPage
from sayso.web.linked import page_of
from sayso.web.logs import note
from sayso.web.measured import Measured
from sayso.web.metrics import Metrics
from sayso.web.parts import Parts
from sayso.web.publishing import Publisher
from sayso.web.sharing import Sharing, index_missing
from sayso.web.tokens import Signer, derived

log = logging.getLogger("sayso.wire")

SECRET_FILE = "secret"
Tell = Callable[[str], None]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))


def _silent(line: str) -> None:
    """Tells nobody."""


async def wire(config: Config, clock: Clock | None = None, tell: Tell = _silent) -> Parts:
    """Open the store and put a host together; in demo mode publish every merchant first. `Parts.close` ends it; when
    it fails everything is closed again. `tell` hears, in one line each, what takes time.

    Raises SaysoError when the data folder is in use or cannot be opened.
    """
    async with AsyncExitStack() as stack:
        parts = await _parts(config, clock or SystemClock(), stack, tell)
        return replace(parts, close=stack.pop_all().aclose)


async def _parts(config: Config, clock: Clock, stack: AsyncExitStack, tell: Tell) -> Parts:
    opening = open_store(config.data, clock, database_url=config.database, chroma_url=config.chroma)
    store = await stack.enter_async_context(opening)
    client = await stack.enter_async_context(httpx.AsyncClient(follow_redirects=False))
    keys = config.secrets or (await asyncio.to_thread(kept_secret, config.data),)
    metrics, embedder = Metrics(), embedder_for(config.embedder)
    store = _watched(store, metrics)
    understanding = create(embedder, store.vectors.vectors_for, _model(config, store, stack))
    reach = _reach(config, keys, clock)
    running = _assembled(config, clock, store, metrics, understanding, embedder, reach, keys)
    call = Caller(client)
    access = Access(call, clock)
    outbox = outbox_of(store, running, reach, access, clock, metrics)
    files = fetching_of(store, running, reach, Fetcher(client), access, clock)
    running.worker.silent = {**running.worker.silent, **files.jobs()}
    running.feed.beyond = waking(reach, outbox, store.relay.tell if store.relay else None)
    publisher = Publisher(config, store, running.library, embedder, understanding.commons)
    if config.demo:
        await publisher.publish_all(tell)
    identity = Identity(config, keys, clock)
    return Parts(
        handle=running.handle,
        feed=running.feed,
        turns=store.turns,
        ledger=store.ledger,
        artefacts=store.artefacts,
        clock=clock,
        secrets=keys,
        publish=publisher.publish,
        customer=identity.customer,
        vouch=identity.vouch,
        identify=store.people.identify,
        forget=store.people.forget,
        nonce=running.linking.offer,
        unheard=store.unheard.found,
        metrics=metrics,
        alexa=_alexa(client, config),
        dialogflow=_dialogflow(client, config),
        reach=reach,
        keep=running.keep,
        call=call,
        access=access,
        report=reported(outbox),
        outbox=outbox,
        attachments=store.attachments,
        files=store.files,
        desk=store.desk,
        lag=_lag(store, clock),
        start=_starting(store, running, outbox, embedder, understanding, stack),
    )


def _watched(store: Store, metrics: Metrics) -> Store:
    """The store with the writes of turns measured."""
    database = Measured(store.database, metrics)
    return replace(store, inbox=replace(store.inbox, database=database), turns=replace(store.turns, database=database))


def _lag(store: Store, clock: Clock) -> Callable[[], Awaitable[float]]:
    async def lag() -> float:
        due = await store.jobs.next_due()
        return max(0.0, (clock.now() - due).total_seconds()) if due else 0.0

    return lag


def _model(config: Config, store: Store, stack: AsyncExitStack) -> Model | None:
    """The model stage, where a model is configured."""
    if not config.model:
        return None
    purse = Purse(store.usage, config.model_daily_tokens)
    model = ModelStage(endpoints(config), purse, config.model_wait_s)
    stack.push_async_callback(model.close)
    return model


def _assembled(
    config: Config,
    clock: Clock,
    store: Store,
    metrics: Metrics,
    understanding: Cascade,
    embedder: LocalEmbedder,
    reach: Reach,
    keys: tuple[str, ...],
) -> Assembled:
    known = kinds()

    def bind(artefact: Artefact) -> dict[str, Fulfilment]:
        return fulfilments(artefact, known, config.skills)

    def count(done: Done) -> None:
        metrics.understood(done.stages, done.model)

    return assemble(
        inbox=store.inbox,
        turns=store.turns,
        ledger=store.ledger,
        people=store.people,
        links=store.links,
        jobs=store.jobs,
        artefacts=store.artefacts,
        understanding=understanding,
        bind=bind,
        clock=clock,
        count=count,
        leases=store.leases,
        history=History(store.history, store.ledger, embedder),
        reach=reach,
        link_key=bytes.fromhex(derived(keys, "links")),
        eraser=store.privacy,
        link_page=LinkPage(Signer(keys), config.public_url, clock),
        finding=understanding,
    )


WARMED = 8
"""Merchants whose first turn finds their words compiled; the others compile them when they are spoken to."""


async def _warm(store: Store, understanding: Cascade) -> None:
    for merchant in (await store.artefacts.merchants())[:WARMED]:
        artefact = await store.artefacts.current(merchant)
        if artefact is not None:
            await understanding.warm(artefact)


def _starting(
    store: Store,
    running: Assembled,
    outbox: Outbox,
    embedder: LocalEmbedder,
    understanding: Cascade,
    stack: AsyncExitStack,
) -> Callable[[], Awaitable[None]]:
    """Runs what the last process left unanswered, then the jobs, until the stack is closed. Among several hosts what is
    unanswered may be another's, who is at it: there it waits until it is old."""
    working: list[asyncio.Task[None]] = []

    async def prepare() -> None:
        await _warm(store, understanding)
        await asyncio.to_thread(embedder.warm)
        try:
            await index_missing(store, embedder)
        except Exception as error:  # Without vectors the other stages of understanding still answer.
            note(log, logging.ERROR, "vectors could not be built", error=type(error).__name__)

    async def start() -> None:
        forever = [prepare(), running.worker.forever(), outbox.forever()]
        if store.relay:
            sharing = Sharing(store, running, embedder, store.relay)
            forever += [sharing.follow(), sharing.look_forever()]
        else:
            await store.deliveries.resume()
            await store.files.sweep(await store.attachments.names())
            await running.recover()
        working.extend(asyncio.create_task(each) for each in forever)

    async def end() -> None:
        for task in working:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    stack.push_async_callback(end)
    return start


def _alexa(client: httpx.AsyncClient, config: Config) -> Door:
    limits = read_limits()
    certificates = Certificates(fetching(client, limits.certificate), trusted_roots(), limits.certificate)
    return Door(certificates, limits, _pictures(config), config.environment)


def _dialogflow(client: httpx.AsyncClient, config: Config) -> dialogflow.Door:
    limits = dialogflow.read_limits()
    keys = dialogflow.GoogleKeys(dialogflow.fetching(client, limits.keys), limits.keys)
    return dialogflow.Door(keys, limits, _pictures(config), config.environment)


def _reach(config: Config, keys: tuple[str, ...], clock: Clock) -> Reach:
    """Every installed channel, and the addresses of this host that messages may hold."""
    signer = Signer(keys)

    def link(conversation: str, action: Action) -> str:
        return page_of(signer, config.public_url, clock.now(), conversation, action)

    return Reach(Channels(), config.public_url, link, config.environment)


def _pictures(config: Config) -> str:
    """Where a platform's screen finds this host's pictures."""
    return f"{config.public_url.rstrip('/')}/assets" if config.public_url else ""


def kept_secret(folder: Path) -> str:
    """The host's own secret, made at the first start; only this user may read it."""
    path = folder / SECRET_FILE
    if path.exists():
        return path.read_text().strip()
    made = secrets.token_hex(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made
