"""What happens to a conversation without a word: opened, closed, a place, a checked secret, a job that came due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sayso.dialogue import questions
from sayso.dialogue.anew import lapsed
from sayso.dialogue.memory import with_allergies
from sayso.dialogue.moves import Moved, Scene, asking, back, open_frame, pending_of, say, settled, withdrawn
from sayso.dialogue.phrases import PERSON, examples, nearest
from sayso.manifest.specs import MerchantSpec
from sayso.model.action import Commit, Consent, Speak
from sayso.model.event import (
    Attached,
    Closed,
    Controlled,
    Due,
    Edited,
    Located,
    Opened,
    Opted,
    Proven,
    Reacted,
    Referred,
    Renumbered,
    Secret,
    Silent,
    Unsent,
    Unsupported,
)
from sayso.model.fact import Fact, Named, Params, Said
from sayso.model.state import Offer, State

PIN_TRIES = 3
"""Wrong PINs in a row before the purchase is dropped."""


@dataclass(frozen=True, slots=True)
class TurnBegin:
    """A turn begins: the bot says once that it is one, and an offer that has expired is withdrawn."""

    opened: bool = False
    silent: bool = False
    """Nobody answered."""
    cut: bool = False
    """Our last words were interrupted before their question."""
    voice: bool = False


def begin(state: State, given: TurnBegin, scene: Scene) -> Moved:
    """Bot notice first; then whatever time has changed."""
    notice = () if state.greeted and not given.opened else (notice_of(scene.specs.merchant),)
    notice = (*notice, *state.unread)
    silences = state.silences if given.silent else 0
    begun = replace(state, greeted=True, touched=(), at=scene.now, turn=state.turn + 1, unread=())
    begun = replace(begun, silences=silences, cut=given.cut, voice=given.voice)
    state, gone = _served(with_allergies(begun), scene)
    notice = (*notice, *gone)
    if state.proposal is not None and state.proposal.expires <= scene.now:
        state, released = lapsed(state)
        return state, (*notice, *released)
    return state, notice


def _served(state: State, scene: Scene) -> Moved:
    """What newer manifests no longer know is ended, and said; everything else goes on with its slots."""
    known = tuple(f for f in state.topic.frames if scene.knows(f.intent))
    if known == state.topic.frames:
        return state, ()
    state, released = withdrawn(replace(settled(state), held=None, queued=None, earlier=()))
    return replace(state, topic=replace(state.topic, frames=known)), (*released, say("frame.ended"))


def excused(state: State, key: str, merchant: MerchantSpec) -> tuple[State, tuple[Speak, ...]]:
    """A turn that could not be held: that is said, nothing else changes; a bot's first words say that it is one."""
    notice = () if state.greeted else (notice_of(merchant),)
    return replace(state, greeted=True), (*notice, Speak(key))


MOST_OFFERED = 40
"""Offers that are remembered."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something was said to the customer in words that are not a reply of ours: by a tool, or by a person. `asked` and
    `offered` are what those words ask and offer, as they were understood."""

    asked: tuple[str, ...] = ()
    offered: tuple[Offer, ...] = ()
    intent: str = ""
    """Whose words they are, where that is not what is in progress."""


def told(state: State, given: Told, scene: Scene) -> Moved:
    """What was told is what the next words may answer or take; what was offered before for other slots still stands."""
    if given.intent:
        state = open_frame(state, given.intent, scene.specs)
    anew = {(o.skill, o.slot) for o in given.offered}
    kept = tuple(replace(o, fresh=False) for o in state.offered if (o.skill, o.slot) not in anew)
    return replace(state, asked=given.asked, offered=(*kept, *given.offered)[-MOST_OFFERED:]), ()


def notice_of(merchant: MerchantSpec) -> Speak:
    """ "You're chatting with X's automated assistant", the persona's name included where there is one."""
    named = {"merchant": Named("merchant", merchant.id)}
    if not merchant.persona.name:
        return Speak("bot_notice", named)
    return Speak("bot_notice.persona", {**named, "persona": Fact(merchant.persona.name, "manifest", merchant.id)})


def opened(state: State, given: Opened | Referred, scene: Scene) -> Moved:
    """A greeting, two examples, one question; or back to what was going on. Nothing where words follow."""
    if isinstance(given, Referred) and given.silent:
        return state, ()
    if state.lines or state.parked:
        return state, (say("welcome_back"),)
    if state.topic.frames:
        return state, back(state, scene)
    state = settled(state)
    return questions.what(state, scene, "greeting", {"examples": examples(scene, state.language)})


def closed(state: State, given: Closed, scene: Scene) -> Moved:
    """The session ended: reservations go back; the basket waits."""
    return withdrawn(state)


FORBEARANCE = 3
"""How often in a row nobody may answer before a person is offered; once more, and the session ends."""


def silent(state: State, given: Silent, scene: Scene) -> Moved:
    """Nobody answered: the question again and shorter, then with help, then a person; at last everything waits."""
    state = replace(state, silences=state.silences + 1)
    pending, question = pending_of(state), state.question
    if state.silences > FORBEARANCE:
        state, released = withdrawn(state)
        return state, (*released, Speak("silence.ends", ends=True))
    if state.silences == FORBEARANCE and (pending is None or pending.kind not in ("offer", "pin")):
        return questions.offer(state, PERSON, "silence.person")
    helped = (say("silence.help"),) if state.silences > 1 else ()
    if pending is None or question is None:
        state, asked = questions.what(state, scene)
        return state, (*helped, *asked)
    state, asked = asking(state, pending, replace(question, short=True))
    return state, (*helped, *asked)


def located(state: State, given: Located, scene: Scene) -> Moved:
    return nearest(replace(state, latitude=given.latitude, longitude=given.longitude), scene)


def secret(state: State, given: Secret, scene: Scene) -> Moved:
    """A PIN was checked at the door: right, the purchase goes on; wrong, a few more tries."""
    pending = pending_of(state)
    if pending is None or pending.kind != "pin":
        return state, ()
    if given.passed and isinstance(state.queued, Commit):
        return replace(settled(state), queued=None), (replace(state.queued, verified=True),)
    if not given.locked and pending.asked < PIN_TRIES and state.question is not None:
        return asking(state, pending, say("pin.wrong"))
    state, released = withdrawn(replace(settled(state), queued=None))
    state, question = questions.what(state, scene, "pin.locked_out" if given.locked else "pin.locked")
    return state, (*released, *question)


def due(state: State, given: Due, scene: Scene) -> Moved:
    """A job of this conversation: an offer lapses without a word, a ready order is told."""
    if given.job == "expire_proposal" and state.proposal and state.proposal.id == given.payload.get("proposal"):
        return lapsed(state)
    if given.job == "ready_order":
        order = given.payload.get("order", "")
        number = Fact(given.payload.get("number", ""), "order", order)
        place = Named("location", given.payload.get("location", ""))
        return state, (Speak("order.ready", {"number": number, "location": place}),)
    if given.job == "linked":
        channel = Fact(given.payload.get("channel", ""), "link", given.payload.get("channel", ""))
        return state, (Speak("link.told", {"channel": channel}),)
    if given.job == "remind_booking":
        return state, (_reminder(given),)
    return state, ()


def _reminder(given: Due) -> Speak:
    """An appointment is near."""
    payload, order = given.payload, given.payload.get("order", "")
    address = payload.get("address", "")
    told: Params = {
        "number": Fact(payload.get("number", ""), "order", order),
        "service": Named("product", payload.get("service", "")),
        "starts": Fact(datetime.fromisoformat(payload["starts"]), "order", order),
        "location": Named("location", payload.get("location", "")),
        "address": (Said(address),) if address else (),
    }
    return Speak("booking.reminder", told)


def unsupported(state: State, given: Unsupported, scene: Scene) -> Moved:
    return state, (say("unsupported"),)


_FILES = {"voice": "voice", "audio": "voice", "sticker": "sticker", "document": "file", "contact": "file"}


def attached(state: State, given: Attached, scene: Scene) -> Moved:
    """A file is kept for a person; what it shows is not guessed at."""
    return state, (say(f"attached.{_FILES.get(given.kind, 'picture')}"),)


def opted(state: State, given: Opted, scene: Scene) -> Moved:
    """The platform's own switch for messages: it is the say-so by itself. One that stops is told once, where the
    platform does not do it."""
    told = () if given.silent else (say("subscribed" if given.on else "unsubscribed"),)
    return state, (Consent("messages", given.on), *told)


def edited(state: State, given: Edited, scene: Scene) -> Moved:
    """What was understood stands: a change of words that were acted upon is no order by itself."""
    return state, (say("edited"),)


def renumbered(state: State, given: Renumbered, scene: Scene) -> Moved:
    """The old contact is told that the conversation goes on at another number; whoever has it now learns no more."""
    return state, (say("renumbered"),) if state.greeted else ()


def controlled(state: State, given: Controlled, scene: Scene) -> Moved:
    """Who has the conversation changed: when it comes back from a person, the bot says again that it is one."""
    return (replace(state, greeted=False) if given.by == "bot" else state), ()


def seen(state: State, given: Unsent | Reacted | Proven, scene: Scene) -> Moved:
    """No answer to anything, and none is given."""
    return state, ()
