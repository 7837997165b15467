"""One customer's conversation with a whole host, as a test or a terminal holds it.

chat = Chat(hosted, "coffee_bar")
await chat.say("two lattes please")
await chat.press("Yes")
assert chat.basket == ("2 latte",)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sayso.channels.contract import Pushing
from sayso.errors import Theirs
from sayso.host.ports import Answer, Handle, Ledger, Posted, Turns
from sayso.manifest.specs import Artefact
from sayso.model.basket import Line, Order
from sayso.model.catalog import Catalog
from sayso.model.event import Body, Event, Located, Opened, Pressed, Proof, Silent, Utterance, Written
from sayso.model.message import Action, Message
from sayso.model.state import State
from sayso.testing.agents import agent
from sayso.testing.stands import Over, OverStand


class SettableClock(Protocol):
    """A clock that the holder of the conversation moves."""

    def now(self) -> datetime: ...

    def set(self, moment: datetime) -> None: ...


Reprice = Callable[[str, Mapping[str, str]], Awaitable[Artefact]]
"""Of a merchant: sku -> what it costs from now on."""

SetPin = Callable[[str, str, str], Awaitable[None]]
"""A merchant's customer (as vouched for) has this PIN."""


async def _fixed(merchant: str, prices: Mapping[str, str]) -> Artefact:
    raise Theirs("prices stand still here", where="price", mend="hold this conversation with a host of its own")


async def _no_pin(merchant: str, customer: str, pin: str) -> None:
    raise Theirs("no PIN can be set here", where="pin", mend="hold this conversation with a host of its own")


@dataclass(frozen=True, slots=True)
class Hosted:
    """A running host with what a conversation's holder may look at. `due` says when the next job comes due; `work`
    runs the jobs that are due now."""

    handle: Handle
    turns: Turns
    ledger: Ledger
    artefacts: Mapping[str, Artefact]
    clock: SettableClock
    due: Callable[[], Awaitable[datetime | None]]
    work: Callable[[], Awaitable[None]]
    reprice: Reprice = _fixed
    set_pin: SetPin = _no_pin


class Chat:
    """A conversation: what was said last, and how things stand now.

    `merchant` is its id; `language` and `channel` as in an Event; `customer` names a customer whom the merchant vouches
    for, "" for a stranger; `voice` is what a speaker would hear; `deadline_s` is what the channel allows a turn. Over
    Dialogflow each turn goes through the channel itself, and `response` is what the agent gets; `over` a stand-in of a
    chat platform through that platform's channel."""

    def __init__(
        self,
        hosted: Hosted,
        merchant: str,
        *,
        language: str = "",
        channel: str = "web",
        voice: bool | None = None,
        customer: str = "",
        conversation: str = "test",
        deadline_s: float = 8.0,
        over: OverStand | None = None,
    ) -> None:
        if merchant not in hosted.artefacts:
            known = ", ".join(sorted(hosted.artefacts)) or "none"
            raise Theirs(f"there is no merchant {merchant!r}", where="merchant", mend=f"one of: {known}")
        self._hosted, self.artefact = hosted, hosted.artefacts[merchant]
        self.catalogs: tuple[Catalog, ...] = (self.artefact.catalog,)  # an offer stands at the price it was made at
        self.language = language or self.artefact.merchant.languages[0]
        self.voice = channel == "alexa" if voice is None else voice
        self._origin = _origin(self.artefact, channel, conversation)
        self._proof = Proof("linked", merchant, customer) if customer else Proof()
        self._agent: Over | None = over or agent(
            self.artefact, channel, conversation, self.language, self.voice, self._proof
        )
        if over:
            over.language, over.proof = self.language, self._proof
            self._origin = (over.stand.channel.name, over.stand.account.id, over.conversation)
        elif self._agent:
            self._origin = (channel, self._origin[1], self._agent.conversation)
        self._serial, self._deadline_s = 0, deadline_s
        self.response: Mapping[str, Any] = {}
        self._orders: tuple[str, ...] = ()
        self.order: Order | None = None
        self.answer: Answer | None = None

    async def open(self) -> str:
        """Come in without a wish. Returns the reply."""
        return await self._send(Opened())

    async def say(self, words: str, *, heard: str | None = None) -> str:
        """Say `words`, after having heard no more than `heard` of what was said last. Returns the reply."""
        return await self._send(Utterance(words), heard)

    async def silence(self) -> str:
        """Say nothing until the platform tells that nobody answers. Returns the reply."""
        return await self._send(Silent())

    async def hear_from(self, words: str, *, by: str = "Sanne", closes: bool = False) -> str:
        """Somebody of the merchant's writes about the newest matter that was handed over. Returns what is shown."""
        task = next((topic.id for topic in reversed(self.state.others) if topic.owner == "person"), "")
        self._serial += 1
        body = Written(task, words, by, shown=self._shows(), closes=closes)
        self.answer = await self._hosted.handle(self._event(body))
        return self.reply

    async def press(self, label: str) -> str:
        """Press the button that shows `label`. Raises Theirs when no button of the last reply does."""
        action = _button(self.actions, label)
        return await self._send(Pressed(action.value, action.label))

    async def locate(self, latitude: float, longitude: float) -> str:
        """Share a position, WGS84 degrees. Returns the reply."""
        return await self._send(Located(latitude, longitude))

    async def wait(self, minutes: float = 0, *, until: datetime | None = None) -> None:
        """Let time pass; the jobs that come due meanwhile run at their moment."""
        end = until or self._hosted.clock.now() + timedelta(minutes=minutes)
        ran: datetime | None = None
        # A job that fails stays due: it is not waited for twice.
        while (due := await self._hosted.due()) is not None and due <= end and due != ran:
            self._hosted.clock.set(max(due, self._hosted.clock.now()))
            await self._hosted.work()
            ran = due
        self._hosted.clock.set(end)
        await self._catch_up()

    async def reprice(self, prices: Mapping[str, str]) -> None:
        """The merchant publishes other prices, sku -> amount ("4.20"), while the conversation goes on."""
        self.catalogs += ((await self._hosted.reprice(self.artefact.merchant.id, prices)).catalog,)

    async def set_pin(self, pin: str) -> None:
        """The customer sets a PIN, outside the conversation. Raises Theirs where nobody vouches for them."""
        if not self._proof.subject:
            raise Theirs("a stranger has no PIN", where="pin", mend="name a customer: customer: anna")
        await self._hosted.set_pin(self.artefact.merchant.id, self._proof.subject, pin)

    @property
    def state(self) -> State:
        """The conversation's state after the last turn."""
        return self._said.state

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the last answer."""
        return tuple(posted.message for posted in self.posted)

    @property
    def posted(self) -> Sequence[Posted]:
        """The messages of the last answer as they are stored, the customer's own left out."""
        return [posted for posted in self._said.messages if posted.author != "customer"]

    @property
    def reply(self) -> str:
        """What was answered last: the words on the screen, or what the speaker says."""
        return "\n".join((message.speech if self.voice else "") or message.text for message in self.messages)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The buttons of the last answer, those of its cards included."""
        found = [action for message in self.messages for action in message.actions]
        cards = [card for message in self.messages for card in message.cards]
        return (*found, *(action for card in cards for action in card.actions))

    @property
    def basket(self) -> tuple[str, ...]:
        """The open basket in the notation of golden conversations: `2 latte milk=oat note:"extra napkin"`."""
        return tuple(line_text(line, self.artefact.catalog) for line in self.state.lines)

    @property
    def pending(self) -> str:
        """The kind of the open question, "none" when nothing is asked."""
        pending = self.state.topic.pending
        return pending.kind if pending else "none"

    @property
    def slots(self) -> Mapping[str, str]:
        """What is filled in: of the frame in progress and its proposal, or of the newest order when nothing is."""
        state = self.state
        ordered = self.order.proposal.slots if self.order and not state.topic.frames else {}
        framed = state.topic.frames[-1].slots if state.topic.frames else {}
        proposed = state.proposal.slots if state.proposal else {}
        return {**ordered, **framed, **proposed}

    @property
    def _said(self) -> Answer:
        if self.answer is None:
            raise Theirs("nothing was said yet", where="chat", mend='begin with chat.open() or chat.say("...")')
        return self.answer

    def _shows(self) -> bool:
        """Whether what is written without being asked for comes at once."""
        over = self._agent.stand.channel if isinstance(self._agent, OverStand) else None
        return self._origin[0] == "web" or isinstance(over, Pushing)

    async def _send(self, body: Body, heard: str | None = None) -> str:
        self._serial += 1
        if self._agent:
            return await self._post(self._agent, body, heard)
        self.answer = await self._hosted.handle(replace(self._event(body), heard=heard))
        await self._look()
        return self.reply

    async def _post(self, agent: Over, body: Body, heard: str | None = None) -> str:
        """The same over an assistant platform: its request, and its response in `response`."""
        said = self.messages if self.answer else ()
        received = agent.receive(f"{self._origin[2]}-{self._serial}", body, said, self._hosted.clock.now())
        self.answer = await self._hosted.handle(replace(received.event, deadline_s=self._deadline_s, heard=heard))
        self.response = agent.respond(received, self.messages)
        await self._look()
        return self.reply

    def _event(self, body: Body) -> Event:
        channel, account, conversation = self._origin
        return Event(
            id=f"{conversation}-{self._serial}",
            merchant=self.artefact.merchant.id,
            channel=channel,
            account=account,
            conversation=conversation,
            at=self._hosted.clock.now(),
            body=body,
            language=self.language if self._serial == 1 else "",
            proof=self._proof,
            deadline_s=self._deadline_s,
            voice=self.voice,
        )

    async def _catch_up(self) -> None:
        """What happened while nobody spoke: jobs may have changed the state and sent messages."""
        key = "/".join((self.artefact.merchant.id, *self._origin))
        state, _ = await self._hosted.turns.load(key)
        if state is None or self.answer is None:
            return
        seen = max((posted.seq for posted in self.answer.messages), default=0)
        pushed = tuple(await self._hosted.turns.messages(key, after=seen))
        turn = pushed[-1].turn if pushed else self.answer.turn
        self.answer = Answer(pushed or self.answer.messages, turn, state)
        await self._look()

    async def _look(self) -> None:
        """Find the newest order of this conversation as it stands now."""
        if self.answer is None:
            return
        new = [done.order for done in self.answer.state.done if done.order and done.order not in self._orders]
        self._orders = (*self._orders, *new)
        if self._orders:
            self.order = await self._hosted.ledger.order(self.artefact.merchant.id, self._orders[-1])


def line_text(line: Line, catalog: Catalog) -> str:
    """A line in the notation of golden conversations, its default options left out."""
    product = catalog.products.get(line.sku)
    defaults = product.defaults if product else {}
    said = [chosen for chosen in line.options if chosen.count != 1 or defaults.get(chosen.group) != chosen.value]
    options = sorted(f"{c.group}={c.value}" + (f"*{c.count}" if c.count != 1 else "") for c in said)
    return " ".join([str(line.quantity), line.sku, *options, *(f'note:"{note}"' for note in line.notes)])


def _origin(artefact: Artefact, channel: str, conversation: str) -> tuple[str, str, str]:
    accounts = {spec.name: spec.account for spec in artefact.merchant.channels}
    return channel, accounts.get(channel, artefact.merchant.id), conversation


def _button(actions: Sequence[Action], label: str) -> Action:
    wanted = label.casefold().strip()
    for action in actions:
        if action.kind == "reply" and action.label.casefold().strip() == wanted:
            return action
    shown = ", ".join(f"[{action.label}]" for action in actions) or "no buttons at all"
    raise Theirs(f"no button [{label}] in the last reply", where="press", mend=f"it shows {shown}")
