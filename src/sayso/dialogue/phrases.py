"""What can be said from every place: beginnings, endings, questions, the global phrases; the same for every skill."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from sayso.dialogue import memory, questions
from sayso.dialogue.edits import best, fill, go_back
from sayso.dialogue.moves import (
    Moved,
    Scene,
    asking,
    back,
    basket_changed,
    buys,
    close_frame,
    frame_of,
    keep_earlier,
    open_frame,
    pending_of,
    place,
    say,
    seeking,
    settled,
    with_frame,
    with_words,
    withdrawn,
)
from sayso.manifest.specs import IntentSpec
from sayso.model.action import Ask, Carry, Consent, Erase, HandOver, Recall, Revert, Speak, Undoable
from sayso.model.command import (
    Allergy,
    Candidate,
    Fill,
    Language,
    NotUnderstood,
    Question,
    Say,
    Stale,
    Start,
)
from sayso.model.fact import Fact, Named, Param, Row, Said
from sayso.model.state import Done, Frame, State

PREFERENCES = {"forget": False, "remember": True}
"""Operations that are a preference: the request itself is the say-so, and the other one undoes it."""

PATIENCE = 3
"""How many turns in a row may be not understood before a person is offered."""

PERSON = "person"
"""The offer that is made when nothing is understood."""

NEAR = 0.35
"""How near the words must have come to an intent for it to be offered as a choice."""

MOST_CHOICES = 3


def start(state: State, given: Start, scene: Scene) -> Moved:
    """Begin an intent. One that reshapes what was done before corrects what is only being made."""
    name = best(given.intents) or _nearer(state, given, scene)
    try:
        intent = scene.specs.intent(name)
    except KeyError:
        return state, (say("not_understood.1"),)
    if intent.operation == "status" and (again := _read_back(state)):
        return again
    if intent.operation == "status":
        return state, (Ask(Question("order", (), given.evidence), name, state.lines, {}),)
    if scene.kind(name) == "hand_over":
        return state, (HandOver(intent.operation),)
    if intent.operation == "erase":
        return state, (Erase(),)
    if intent.operation == "move" and _making(state, intent, scene):
        return state, ()
    if intent.effect == "purchase":
        return _buy(state, intent, scene)
    wished = (Consent("personalise", PREFERENCES[intent.operation]),) if intent.operation in PREFERENCES else ()
    state, released = _interrupted(replace(state, mentioned=()), intent)  # "it" is from now on what is begun
    return with_words(open_frame(state, name, scene.specs), intent, given.evidence.words), (*released, *wished)


def _read_back(state: State) -> Moved | None:
    """The offer that is open, told in full: asked when it is ready, who has ordered nothing yet means that one."""
    pending = pending_of(state)
    if pending is None or pending.kind != "confirm" or state.question is None or state.done:
        return None
    return asking(state, pending, replace(state.question, short=False))


def _making(state: State, intent: IntentSpec, scene: Scene) -> bool:
    """Is a thing that this intent reshapes only being made, and none made yet?"""
    frame = frame_of(state)
    if frame is None or any(d.intent.partition(".")[0] == intent.skill for d in state.done):
        return False
    current = scene.specs.intent(frame.intent)
    return current.skill == intent.skill and current.operation == "book"


def _buy(state: State, intent: IntentSpec, scene: Scene) -> Moved:
    frame = frame_of(state)
    if frame is not None and frame.intent == intent.name and (state.lines or state.parked):
        return state, ()
    state, released = withdrawn(settled(keep_earlier(state)))
    state = open_frame(state, intent.name, scene.specs)
    if intent.operation != "add":
        recall = Recall(intent.name, intent.operation)
        # Nothing is in focus until it is back: "with soy" beside it is said of what comes back alone.
        return replace(state, queued=recall, focus=()), (*released, recall)
    if state.lines or state.parked:
        return state, released
    state, question = questions.what(state, scene)
    return state, (*released, *question)


def _interrupted(state: State, intent: IntentSpec) -> Moved:
    """What is begun comes first: the open question of another intent is closed, and where this one is to be agreed to,
    an open offer is withdrawn. What it interrupts is asked and offered anew when it comes back."""
    frame, pending = frame_of(state), pending_of(state)
    same = frame is not None and frame.intent == intent.name
    if same or intent.effect in ("none", "read"):
        return (settled(state) if pending and pending.kind == "what" else state), ()
    return withdrawn(settled(keep_earlier(state)))


def cancel(state: State, given: Say, scene: Scene) -> Moved:
    """Drop what is in progress; a placed order is only offered to be undone."""
    if not buys(state, scene):
        state, released = withdrawn(settled(keep_earlier(state)))
        state = close_frame(replace(state, queued=None, held=None))
        return state, (*released, say("cancelled"), *back(state, scene))
    if state.lines or state.parked or frame_of(state):
        state, released = _dropped(keep_earlier(state))
        return close_frame(state), (*released, say("cancelled"), *back(close_frame(state), scene))
    undoable = _undoable(state, scene)
    if undoable:
        state, question = questions.offer(settled(state), "undo", "offer.undo")
        return replace(state, queued=Revert(undoable.effect)), question
    return settled(state), (Undoable(),)


def _dropped(state: State) -> Moved:
    """Nothing is wanted any more; "undo" still brings it back."""
    kept = state.earlier[:1]
    state, released = basket_changed(settled(state), (), ())
    state = replace(state, parked=(), unsure=(), allergies=(), earlier=kept, queued=None, held=None)
    return state, released


def _nearer(state: State, given: Start, scene: Scene) -> str:
    """Of intents that are equally likely, the one that reshapes what was just done ("can I come on Friday?")."""
    reshapes = (c.id for c in given.intents if state.done and _operation(c.id, scene) == "move")
    return next(reshapes, given.intents[0].id)


def _operation(intent: str, scene: Scene) -> str:
    try:
        return scene.specs.intent(intent).operation
    except KeyError:
        return ""


def start_over(state: State, given: Say, scene: Scene) -> Moved:
    """The intent in progress from its first question; with nothing begun, what would you like?"""
    frame = frame_of(state)
    state = keep_earlier(state)
    if frame is not None and not buys(state, scene):
        state, released = withdrawn(settled(state))
        state = with_frame(replace(state, held=None, queued=None), replace(frame, slots={}))
        return state, (*released, say("started_over"))
    began = bool(state.lines or state.parked or frame)
    state, released = _dropped(state)
    state, question = questions.what(close_frame(state), scene)
    return state, (*released, *((say("started_over"),) if began else ()), *question)


def undo(state: State, given: Say, scene: Scene) -> Moved:
    """The newest first: the last turn that changed what is wanted, or the last effect that may still be undone."""
    done, state = _undoable(state, scene), _differing(state, scene)
    if state.unkept and state.unkept.turn >= max(done.turn if done else 0, *(e.turn for e in state.earlier), 0):
        return memory.undone(state)
    if state.earlier and (done is None or state.earlier[0].turn > done.turn):
        return go_back(state, scene)
    return state, (Revert(done.effect) if done else Undoable(),)


def _differing(state: State, scene: Scene) -> State:
    """Without the changes that came to nothing: undoing one of those would be no undo. A question that was answered
    since is not put again."""
    now, going = (state.lines, state.topic.frames, state.parked), {f.intent for f in state.topic.frames}
    earlier = tuple(replace(e, frames=_lasting(e.frames, going, scene)) for e in state.earlier)
    while earlier and (earlier[0].lines, earlier[0].frames, earlier[0].parked) == now:
        earlier = earlier[1:]
    return replace(state, earlier=earlier)


def _lasting(frames: tuple[Frame, ...], going: Collection[str], scene: Scene) -> tuple[Frame, ...]:
    reads = (f for f in frames if scene.specs.intent(f.intent).effect in ("none", "read"))
    gone = {f.intent for f in reads} - set(going)
    return tuple(f for f in frames if f.intent not in gone)


def _undoable(state: State, scene: Scene) -> Done | None:
    """The newest effect that may still be undone."""
    return next((d for d in reversed(state.done) if d.undo_until is None or d.undo_until > scene.now), None)


def carry_on(state: State, given: Say, scene: Scene) -> Moved:
    """Where were we: here, if something is going on; else what the customer left in another conversation."""
    if state.lines or state.parked or frame_of(state):
        return repeat(state, given, scene) if pending_of(state) else (state, ())
    return settled(state), (Carry(),)


def repeat(state: State, given: Say, scene: Scene) -> Moved:
    """What was said last, once more."""
    pending = pending_of(state)
    said = tuple(replace(s, asks=False) for s in state.last if not s.asks)
    if pending and state.question:
        whole = replace(state.question, short=False) if pending.kind == "confirm" else state.question
        state, question = asking(state, pending, whole)
        return state, (*(said if whole == state.question else ()), *question)
    return state, said or (say("repeat.nothing"),)


def unheard(state: State, given: Say, scene: Scene) -> Moved:
    """Yes to a question that was not heard to its end: it is put again, whole."""
    pending, question = pending_of(state), state.question
    if pending is None or question is None:
        return state, ()
    state, asked = asking(state, pending, replace(question, short=False))
    return state, (say("unheard"), *asked)


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
    pending = pending_of(state)
    if given.about == "options" and not given.ids and pending and state.question and state.question.options:
        return asking(state, pending, replace(state.question, short=False))  # "what can I choose from?"
    if given.about == "order" and (again := _read_back(state)):
        return again
    frame = frame_of(state)
    purchase = scene.purchase()
    intent = frame.intent if frame else purchase.name if purchase else ""
    given = _of_it(given, state, scene)
    mentioned = tuple(c.id for c in given.ids if c.id in scene.specs.catalog.products)
    state = replace(state, mentioned=mentioned[:3])
    slots = dict(frame.slots) if frame else {}
    return state, (Ask(given, intent, state.lines, slots, state.allergies, seeking(state)),)


def _of_it(given: Question, state: State, scene: Scene) -> Question:
    """ "How much is it?": of what was spoken of last, or what a platform says that the words are about, where nothing
    is ordered that it could be."""
    if given.about not in ("price", "product") or given.ids or state.lines or len(state.mentioned) != 1:
        return given
    return replace(given, ids=(Candidate(state.mentioned[0]),))


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
    """Rephrase, then choices, then a person. Where a merchant's things are looked for, the words may describe one."""
    misses = state.misses + 1
    state = replace(state, misses=misses)
    pending = pending_of(state)
    if pending is not None and pending.kind == "offer" and pending.subject == PERSON:
        return state, ()
    if misses >= PATIENCE:
        return questions.offer(state, PERSON, "offer.person")
    search, frame = scene.search(), frame_of(state)
    sought = seeking(state)
    if search is not None and given.words.strip() and (pending is None or sought is not None):
        asked = Question("open", (), given.evidence, given.words)
        slots = dict(frame.slots) if frame else {}
        return state, (Ask(asked, search.name, state.lines, slots, state.allergies, sought),)
    if misses > 1 and pending is None and (likely := _likely(given, scene)):
        return questions.choices(state, likely)
    return state, (missed(state, scene, given.words),)


def _likely(given: NotUnderstood, scene: Scene) -> tuple[str, ...]:
    """The intents that the words came nearest to, where they are near enough to be offered."""
    near = (c.id for c in given.nearest if c.score >= NEAR)
    return tuple(name for name in near if scene.knows(name))[:MOST_CHOICES]


def missed(state: State, scene: Scene, words: str = "") -> Speak:
    """It was not understood, for as many turns as it has not been now."""
    params: dict[str, Param] = {"examples": examples(scene, state.language)}
    if words.strip():
        params["words"] = Said(words[:60])
    return Speak(f"not_understood.{min(state.misses, 2)}", params)


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
    """That is all: on to the read-back; what is shown without having been chosen is left."""
    if place(state) == "confirm":
        return state, ()
    if state.lines or state.parked or state.topic.frames:
        return settled(state), ()
    if pending_of(state) is None or place(state) == "what":
        return questions.what(state, scene, "ask.what_empty")
    return state, ()


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
