"""The global phrases, yes and no, questions and everything that is not an edit: each the same for every skill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sayso.dialogue import questions
from sayso.dialogue.edits import best, fill, go_back, remove
from sayso.dialogue.moves import (
    Moved,
    Scene,
    asking,
    basket_changed,
    buys,
    close_frame,
    frame_of,
    open_frame,
    pending_of,
    say,
    settled,
    with_words,
    withdrawn,
)
from sayso.manifest.specs import IntentSpec
from sayso.model.action import IO, Ask, Commit, Consent, HandOver, Recall, Revert, Speak, Undoable
from sayso.model.command import (
    Allergy,
    Candidate,
    Fill,
    Language,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Stale,
    Start,
    Target,
    Yes,
)
from sayso.model.fact import Fact, Named, Param, Row, Said
from sayso.model.state import Pending, State

PREFERENCES = {"forget": False, "remember": True}
"""Operations that are a preference: the request itself is the say-so, and the other one undoes it."""

PATIENCE = 3
"""How many turns in a row may be not understood before a person is offered."""


def yes(state: State, given: Yes, scene: Scene) -> Moved:
    """A yes counts only for the open question; to a proposal only for the digest that was read back."""
    pending = pending_of(state)
    if pending is None:
        return state, ()
    if pending.kind == "confirm" and state.proposal and state.proposal.digest == pending.subject:
        commit = Commit(state.proposal)
        return replace(settled(state), queued=commit), (commit,)
    if pending.kind == "offer":
        return _accept(state, pending.subject)
    return settled(state) if pending.kind == "what" else state, ()


def _accept(state: State, subject: str) -> Moved:
    queued = state.queued
    state = replace(settled(state), queued=None)
    if subject == "consent":
        resumed: tuple[IO, ...] = (queued,) if queued else ()
        if isinstance(queued, Recall) and queued.wish:
            state = replace(state, queued=queued)
        return state, (Consent("personalise", True), *resumed)
    if subject == "person":
        return state, (HandOver("asked"),)
    return state, (queued,) if queued else ()


def no(state: State, given: No, scene: Scene) -> Moved:
    """A no to the open question; nothing is lost by it but what was asked about."""
    pending = pending_of(state)
    kind = pending.kind if pending else ""
    if kind == "confirm":
        state, released = withdrawn(state)
        state, question = questions.what(state, scene, "ask.change")
        return state, (*released, *question)
    if kind == "offer":
        return replace(settled(state), queued=None), (say("offer.declined"),)
    if kind == "product" and state.parked:
        return replace(settled(state), parked=state.parked[1:]), (say("basket.left_out"),)
    if kind == "product" and pending is not None and not pending.subject:
        return settled(state), (say("offer.declined"),)
    if kind == "product" and pending is not None:
        return remove(state, Remove(Target("", (Candidate(pending.subject),)), given.evidence), scene)
    if kind == "option" and pending is not None and not _required(state, pending, scene):
        return replace(settled(state), unsure=state.unsure[1:]), ()
    if kind in ("what", "anything_else"):
        return (settled(state), ()) if state.lines else (settled(state), (say("goodbye"),))
    if kind in ("option", "line", "quantity", "slot"):
        return state, (say("no.still_needed"),)
    return state, (say("nothing_open"),)


def _required(state: State, pending: Pending, scene: Scene) -> bool:
    line = next((line for line in state.lines if line.id == pending.subject), None)
    product = scene.specs.catalog.products.get(line.sku) if line else None
    return product is not None and pending.group in product.required


def start(state: State, given: Start, scene: Scene) -> Moved:
    """Begin an intent."""
    name = best(given.intents) or given.intents[0].id
    try:
        intent = scene.specs.intent(name)
    except KeyError:
        return state, (say("not_understood.1"),)
    if intent.operation == "status":
        return state, (Ask(Question("order", (), given.evidence), name, state.lines, {}),)
    if scene.kind(name) == "hand_over":
        return state, (HandOver(intent.operation),)
    if intent.effect != "purchase":
        wished = (Consent("personalise", PREFERENCES[intent.operation]),) if intent.operation in PREFERENCES else ()
        state, released = _interrupted(state, intent)
        return with_words(open_frame(state, name, scene.specs), intent, given.evidence.words), (*released, *wished)
    state = open_frame(settled(state), name, scene.specs)
    if intent.operation != "add":
        recall = Recall(name, intent.operation)
        # Nothing is in focus until it is back: "with soy" beside it is said of what comes back alone.
        return replace(state, queued=recall, focus=()), (recall,)
    return (state, ()) if state.lines or state.parked else questions.what(state, scene)


def _interrupted(state: State, intent: IntentSpec) -> Moved:
    """What is begun comes first: the open question of another intent is closed, and where this one is to be agreed to,
    an open offer is withdrawn. What it interrupts is asked and offered anew when it comes back."""
    frame, pending = frame_of(state), pending_of(state)
    if frame is not None and frame.intent == intent.name:
        return (settled(state) if pending and pending.kind == "what" else state), ()
    if intent.effect in ("none", "read"):
        return (settled(state) if pending and pending.kind == "what" else state), ()
    return withdrawn(settled(state))


def cancel(state: State, given: Say, scene: Scene) -> Moved:
    """Drop what is in progress; a placed order is only offered to be undone."""
    if not buys(state, scene):
        state, released = withdrawn(settled(state))
        return close_frame(state), (*released, say("cancelled"))
    if state.lines or state.parked or frame_of(state):
        state, released = basket_changed(settled(state), (), ())
        state = replace(state, parked=(), unsure=(), allergies=(), earlier=(), queued=None)
        return close_frame(state), (*released, say("cancelled"))
    undoable = _undoable(state, scene)
    if undoable:
        state, question = questions.offer(state, "undo", "offer.undo")
        return replace(state, queued=Revert(undoable)), question
    return settled(state), (Undoable(),)


def undo(state: State, given: Say, scene: Scene) -> Moved:
    """The last change of an open basket, else the last effect that may still be undone."""
    if state.earlier and (state.lines or state.parked):
        return go_back(state, scene)
    effect = _undoable(state, scene)
    if effect:
        return settled(state), (Revert(effect),)
    return settled(state), (Undoable(),)


def _undoable(state: State, scene: Scene) -> str:
    for done in reversed(state.done):
        if done.undo_until is None or done.undo_until > scene.now:
            return done.effect
    return ""


def repeat(state: State, given: Say, scene: Scene) -> Moved:
    """What was said last, once more."""
    pending = pending_of(state)
    said = tuple(replace(s, asks=False) for s in state.last if not s.asks)
    if pending and state.question:
        state, question = asking(state, pending, state.question)
        return state, (*said, *question)
    return state, said or (say("repeat.nothing"),)


def help_(state: State, given: Say, scene: Scene) -> Moved:
    """What can be said here, then back to the open question."""
    pending = pending_of(state)
    place = pending.kind if pending else "none"
    told = Speak("help", {"examples": examples(scene, state.language), "place": Fact(place, "state", place)})
    if pending is not None:
        return state, (told,)
    state, question = questions.what(state, scene)
    return state, (told, *question)


def examples(scene: Scene, language: str) -> tuple[Param, ...]:
    """Two wishes that this merchant's skills can serve, as its manifests put them."""
    base = language.partition("-")[0]
    found = [
        Row({"words": Fact(wish, "manifest", skill.id)})
        for skill in scene.specs.skills.values()
        for wish in (skill.examples.get(language) or skill.examples.get(base) or ())
    ]
    return tuple(found[:2])


def skip(state: State, given: Say, scene: Scene) -> Moved:
    """Leave the open question out where it is not needed."""
    pending = pending_of(state)
    if pending is None:
        return state, (say("nothing_open"),)
    if pending.kind == "product" and state.parked:
        return replace(settled(state), parked=state.parked[1:]), (say("basket.left_out"),)
    if pending.kind == "option" and state.unsure:
        return replace(settled(state), unsure=state.unsure[1:]), ()
    if pending.kind == "offer":
        return replace(settled(state), queued=None), (say("offer.declined"),)
    if pending.kind == "slot" and not _needed(pending, scene):
        return settled(state), ()
    return state, (say("no.still_needed"),)


def _needed(pending: Pending, scene: Scene) -> bool:
    """Can a slot not be left out? One of an intent that only reads can, where the manifest does not require it."""
    intent = scene.specs.intent(pending.intent)
    slot = intent.slots.get(pending.slot)
    return intent.effect not in ("none", "read") or slot is None or slot.required


def why(state: State, scene: Scene) -> Moved:
    """Why the open question is asked, in the manifest's words."""
    pending = pending_of(state)
    if pending and pending.kind == "slot":
        spec = scene.specs.intent(pending.intent).slots.get(pending.slot)
        if spec and spec.why:
            return state, (say(f"why:{pending.intent}.{pending.slot}"),)
    return state, (say(f"why.{pending.kind}" if pending else "nothing_open"),)


def question(state: State, given: Question, scene: Scene) -> Moved:
    """A digression: answered from rows, then back to the open question."""
    if given.about == "why":
        return why(state, scene)
    frame = frame_of(state)
    purchase = scene.purchase()
    intent = frame.intent if frame else purchase.name if purchase else ""
    mentioned = tuple(c.id for c in given.ids if c.id in scene.specs.catalog.products)
    state = replace(state, mentioned=mentioned[:3])
    return state, (Ask(given, intent, state.lines, dict(frame.slots) if frame else {}, state.allergies),)


def allergy(state: State, given: Allergy, scene: Scene) -> Moved:
    """An allergy becomes a constraint of this order; only declared allergens are ever told."""
    merged = state.allergies + tuple(a for a in given.allergens if a not in state.allergies)
    state, released = withdrawn(state)
    state = replace(state, allergies=merged, checked=False)
    names = tuple(Named("allergen", a) for a in given.allergens)
    said = Speak("allergy.noted", {"allergens": names}) if names else say("allergy.unknown")
    products = given.products or tuple(Candidate(line.sku) for line in state.lines)
    if not products:
        return state, (*released, said)
    asked = Question("allergens", products, given.evidence)
    state, more = question(state, asked, scene)
    return state, (*released, said, *more)


def language(state: State, given: Language, scene: Scene) -> Moved:
    """Speak another language of the merchant from here on."""
    if given.language not in scene.specs.merchant.languages:
        known = tuple(Named("language", code) for code in scene.specs.merchant.languages)
        return state, (Speak("language.unknown", {"languages": known}),)
    state, pending = replace(state, language=given.language), pending_of(state)
    if pending and pending.kind == "what":
        state = replace(state, question=say("ask.what"))
    return state, (say("language.switched"),)


def stale(state: State, given: Stale, scene: Scene) -> Moved:
    """An old button explains itself."""
    return state, (say("stale_button"),)


def not_understood(state: State, given: NotUnderstood, scene: Scene) -> Moved:
    """Rephrase, then examples, then a person. Where a merchant's things are looked for, the words may describe one."""
    misses = state.misses + 1
    state = replace(state, misses=misses)
    if misses >= PATIENCE:
        return questions.offer(replace(state, misses=0), "person", "offer.person")
    search, frame = scene.search(), frame_of(state)
    if search is not None and given.words.strip() and pending_of(state) is None:
        asked = Question("open", (), given.evidence, given.words)
        return state, (Ask(asked, search.name, state.lines, dict(frame.slots) if frame else {}, state.allergies),)
    return state, (missed(state, scene, given.words),)


def missed(state: State, scene: Scene, words: str = "") -> Speak:
    """It was not understood, for as many turns as it has not been now."""
    params: dict[str, Param] = {"examples": examples(scene, state.language)}
    if words.strip():
        params["words"] = Said(words[:60])
    return Speak(f"not_understood.{state.misses}", params)


def emergency(state: State, given: Say, scene: Scene) -> Moved:
    """The merchant's fixed, safe answer, from every state; nothing is sold in this turn."""
    state, released = withdrawn(settled(state))
    return state, (*released, Speak("emergency", ends=True))


def ended(key: str) -> Callable[[State, Say, Scene], Moved]:
    """The customer ends it: at once; the basket waits, its reservations do not."""

    def move(state: State, given: Say, scene: Scene) -> Moved:
        state, released = withdrawn(settled(state))
        return state, (*released, Speak(key, ends=True))

    return move


def unsubscribe(state: State, given: Say, scene: Scene) -> Moved:
    """Stop messaging me: the request itself is the say-so."""
    return state, (Consent("messages", False), say("unsubscribed"))


def person(state: State, given: Say, scene: Scene) -> Moved:
    return state, (HandOver("asked"),)


def checkout(state: State, given: Say, scene: Scene) -> Moved:
    """That is all: on to the read-back."""
    if state.lines or state.parked:
        pending = pending_of(state)
        return (state if pending and pending.kind == "confirm" else settled(state)), ()
    return questions.what(state, scene, "ask.what_empty")


def change_something(state: State, given: Say, scene: Scene) -> Moved:
    return questions.what(state, scene, "ask.change") if state.lines else questions.what(state, scene)


def nearest(state: State, scene: Scene) -> Moved:
    """A position was shared while a place was asked for."""
    pending = pending_of(state)
    if pending and pending.kind == "slot" and pending.slot:
        intent = scene.specs.intent(pending.intent)
        if intent.slots[pending.slot].type == "location":
            return fill(state, Fill(pending.slot, (Candidate("@nearest"),), questions.GIVEN), scene)
    return state, (say("located"),)


def spoken(key: str) -> Callable[[State, Say, Scene], Moved]:
    """A phrase that only gets words back."""

    def move(state: State, given: Say, scene: Scene) -> Moved:
        return state, (say(key),)

    return move


SAID: dict[str, Callable[[State, Say, Scene], Moved]] = {
    "cancel": cancel,
    "start_over": cancel,
    "undo": undo,
    "repeat": repeat,
    "help": help_,
    "skip": skip,
    "wait": spoken("waiting"),
    "person": person,
    "stop": ended("stopped"),
    "unsubscribe": unsubscribe,
    "emergency": emergency,
    "checkout": checkout,
    "change": change_something,
    "greeting": spoken("hello"),
    "thanks": spoken("thanks"),
    "goodbye": ended("goodbye"),
    "smalltalk": spoken("smalltalk"),
    "bot": spoken("bot.truth"),
    "hesitation": spoken("hesitation"),
}


def said(state: State, given: Say, scene: Scene) -> Moved:
    """One of the global phrases."""
    return SAID.get(given.what, spoken("not_understood.1"))(state, given, scene)
