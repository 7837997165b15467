"""Yes, no, skip, "it does not matter", "the cheaper one": what each answers depends on the one open question alone.

Each function here is the answer in one place of the policy; there is no place in which silence, doubt or "yes, but"
comes to a yes.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue import questions
from sayso.dialogue.edits import remove
from sayso.dialogue.moves import Moved, Scene, asking, frame_of, pending_of, say, settled, with_frame, withdrawn
from sayso.dialogue.phrases import PATIENCE, PERSON, missed
from sayso.model.action import IO, Commit, Consent, HandOver, Recall, Revert
from sayso.model.command import Candidate, Evidence, Remove, Target
from sayso.model.moment import REFUSED
from sayso.model.state import Pending, State

GIVEN = Evidence("", "given")


def nothing(state: State, given: object, scene: Scene) -> Moved:
    """It changes nothing; what is open stays open."""
    return state, ()


def nothing_open(state: State, given: object, scene: Scene) -> Moved:
    return state, (say("nothing_open"),)


def still_needed(state: State, given: object, scene: Scene) -> Moved:
    """No way around this question but to drop the whole."""
    return state, (say("no.still_needed"),)


def out_of_range(state: State, given: object, scene: Scene) -> Moved:
    """A choice that is not there."""
    return state, (say("choose.out_of_range"),)


def no_answer(state: State, given: object, scene: Scene) -> Moved:
    """ "Whatever" to a yes-or-no question is neither."""
    return state, (say("hesitation"),)


def onward(state: State, given: object, scene: Scene) -> Moved:
    """ "What would you like?": yes, no, nothing more: on with what there is."""
    return settled(state), ()


def no_more(state: State, given: object, scene: Scene) -> Moved:
    """No to "what would you like?": on with what there is; with nothing, that was it."""
    state = settled(state)
    return (state, ()) if state.lines or state.topic.frames else (state, (say("goodbye"),))


# Yes


def commit(state: State, given: object, scene: Scene) -> Moved:
    """The say-so: it counts for the digest that was read back, and for no other."""
    pending = pending_of(state)
    if pending is None or state.proposal is None or state.proposal.digest != pending.subject:
        return settled(state), ()
    action = Commit(state.proposal)
    return replace(settled(state), queued=action), (action,)


def accept(state: State, given: object, scene: Scene) -> Moved:
    """Yes to an offer runs what it was made for."""
    pending, queued = pending_of(state), state.queued
    assert pending is not None
    state = replace(settled(state), queued=None)
    if pending.subject == "person":
        return replace(state, misses=0), (HandOver("asked"),)
    resumed: tuple[IO, ...] = (queued,) if queued else ()
    if pending.subject == "allergies":
        return state, (Consent("allergies", True), *resumed)
    if pending.subject == "consent":
        # A recall keeps what is to be different about what comes back.
        state = replace(state, queued=queued) if isinstance(queued, Recall) and queued.wish else state
        return state, (Consent("personalise", True), *resumed)
    return state, resumed


def which(state: State, given: object, scene: Scene) -> Moved:
    """Yes to a choice of several says not which: the same choice is put again, then otherwise, then a person is
    offered; to an open question it is no answer."""
    pending, question = pending_of(state), state.question
    assert pending is not None
    state = replace(state, misses=state.misses + 1)
    if state.misses >= PATIENCE:
        return questions.offer(state, PERSON, "offer.person")
    if question is None or len(question.options) < 2:
        return state, (missed(state, scene),) if state.misses > 1 else ()
    names = tuple(o.params["label"] for o in question.options if "label" in o.params)
    if len(names) != len(question.options):
        return asking(state, pending, replace(question, short=True))
    key = "ask.which" if state.misses == 1 else "ask.which_again"
    return asking(state, pending, replace(question, key=key, params={"options": names}, short=False))


# No


def change_what(state: State, given: object, scene: Scene) -> Moved:
    """No to the read-back: nothing is done, and everything may be changed."""
    state, released = withdrawn(state)
    state, question = questions.what(state, scene, "ask.change")
    return state, (*released, *question)


def decline(state: State, given: object, scene: Scene) -> Moved:
    """No to an offer or to what was shown; nothing is lost by it but that. What was to be taken back stands."""
    stands = isinstance(state.queued, Revert)
    return replace(settled(state), queued=None, amends=None, misses=0), (
        say("offer.stands" if stands else "offer.declined"),
    )


def leave_out(state: State, given: object, scene: Scene) -> Moved:
    """The thing that was asked about is left out, where it can be."""
    pending = pending_of(state)
    assert pending is not None
    if pending.kind == "product" and state.parked:
        return replace(settled(state), parked=state.parked[1:]), (say("basket.left_out"),)
    if pending.kind == "product":
        return remove(state, Remove(Target("", (Candidate(pending.subject),)), GIVEN), scene)
    if pending.kind == "line":
        return settled(state), (say("offer.declined"),)
    if pending.kind == "option" and not _required(state, pending, scene):
        return replace(settled(state), unsure=state.unsure[1:]), ()
    return still_needed(state, given, scene)


def _required(state: State, pending: Pending, scene: Scene) -> bool:
    line = next((line for line in state.lines if line.id == pending.subject), None)
    product = scene.specs.catalog.products.get(line.sku) if line else None
    return product is not None and pending.group in product.required


def none_of_these(state: State, given: object, scene: Scene) -> Moved:
    """No to values that were offered in place of another: the slot is asked openly again."""
    question, pending = state.question, pending_of(state)
    if question is not None and pending is not None and pending.slot and not _plain(question.key):
        return _wished_no_more(settled(state), pending.slot), (say("choose.none"),)
    return leave_slot(state, given, scene)


def _wished_no_more(state: State, slot: str) -> State:
    """Nothing near what was wished for suits: the next values are offered from the beginning."""
    frame = frame_of(state)
    if frame is None:
        return state
    slots = {name: value for name, value in frame.slots.items() if name != f"{REFUSED}{slot}"}
    return with_frame(state, replace(frame, slots=slots))


def _plain(key: str) -> bool:
    return key.startswith(("prompt:", "reprompt:"))


def leave_slot(state: State, given: object, scene: Scene) -> Moved:
    """A slot that is not needed is left open."""
    pending = pending_of(state)
    assert pending is not None
    if not _needed(pending, scene):
        return settled(state), ()
    return still_needed(state, given, scene)


def _needed(pending: Pending, scene: Scene) -> bool:
    """Can a slot not be left out? One of an intent that only reads can, where the manifest does not require it."""
    intent = scene.specs.intent(pending.intent)
    slot = intent.slots.get(pending.slot)
    return intent.effect not in ("none", "read") or slot is None or slot.required


def needed(state: State, scene: Scene) -> bool:
    """Can the open question not go without an answer? What is needed and does not matter is the first that was
    offered; what is not needed is left out."""
    pending = pending_of(state)
    if pending is None or pending.kind not in ("slot", "option"):
        return True
    return _needed(pending, scene) if pending.kind == "slot" else _required(state, pending, scene)


def give_up(state: State, given: object, scene: Scene) -> Moved:
    """No PIN, no purchase: what was to be done is not."""
    state, released = withdrawn(replace(settled(state), queued=None))
    state, question = questions.what(state, scene, "ask.change")
    return state, (*released, *question)
