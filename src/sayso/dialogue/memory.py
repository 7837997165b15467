"""What a customer likes: kept, forgotten, used where nothing was said, and told whenever it is used.

Theory. A like is a default with a history. It never asks and never hides: it fills what was left open, the read-back
says which values came from it, and a word corrects it. Consent is asked in one question, when no order is in progress;
what was told in the middle of one waits until it is placed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sayso.dialogue import questions
from sayso.dialogue.moves import Moved, Scene, basket_changed, buys, frame_of, pending_of, place, say, settled
from sayso.manifest.liking import about_of, defaults, offered, told
from sayso.manifest.specs import IntentSpec, SlotSpec
from sayso.model.action import Erase, Kept, Remember, Speak
from sayso.model.basket import Chosen, Line, Proposal
from sayso.model.command import Fill, Forget, Item, Keep
from sayso.model.fact import Param
from sayso.model.preference import Like
from sayso.model.state import Liked, State, Unkept

OFFERS = {"personalise": "consent", "allergies": "allergies"}
"""Purpose -> the offer that asks for it."""


def keep(state: State, given: Keep, scene: Scene) -> Moved:
    """What is liked for good. It is no answer to an offer, and none of its questions is lost by it."""
    state = replace(settled(state), queued=None) if place(state) == "offer" else state
    return state, (Remember(given.likes),)


def forget(state: State, given: Forget, scene: Scene) -> Moved:
    """The request itself is the say-so; "undo" brings it back."""
    state = replace(settled(state), queued=None) if place(state) == "offer" else state
    return state, (Remember(forget=given.abouts),)


def kept(state: State, given: Kept, scene: Scene) -> Moved:
    """It is known, or known no more, from now on; or a consent is needed first."""
    if given.needs == "verify":
        return state, (Speak("memory.verify", invites="link"),)
    state, released = _taken_back(_learned(state, given), state.liked, given, scene)
    said = (*released, *_said(given, scene))
    if not given.needs:
        return state, said
    if _busy(state, scene):
        return replace(state, wished=(*state.wished, *given.likes)), (*said, say("memory.later"))
    names = _names(given.likes, scene)
    key = f"memory.ask_{given.needs}" if not given.learned else f"memory.offer_{given.needs}"
    state, question = questions.offer(state, OFFERS[given.needs], key, {"values": names})
    queued = Remember(given.likes, how="chosen" if given.learned else "said")
    return replace(state, queued=queued, wished=()), (*said, *question)


def _busy(state: State, scene: Scene) -> bool:
    """Is something in progress that a question would stand in the way of?"""
    frame, pending = frame_of(state), pending_of(state)
    asked = pending is not None and pending.kind != "what"
    return bool(state.lines or state.parked) or asked or (frame is not None and not buys(state, scene))


def _learned(state: State, given: Kept) -> State:
    """The state that knows it; an undo goes back to what was known before."""
    abouts = {each.about for each in (*given.kept, *given.gone)}
    if not abouts:
        return state
    known = (*(p for p in state.known if p.about not in abouts), *given.kept)
    healed = {p.like.value for p in given.gone if p.like.special} - {p.like.value for p in given.kept}
    allergies = tuple(a for a in state.allergies if a not in healed)
    added = tuple(abouts - {p.about for p in given.gone})
    unkept = None if given.undone else Unkept(state.turn, given.gone, added)
    liked = tuple(each for each in state.liked if each.like.about not in abouts)
    return replace(state, known=known, allergies=allergies, unkept=unkept, liked=liked)


def _taken_back(state: State, liked: tuple[Liked, ...], given: Kept, scene: Scene) -> Moved:
    """What is forgotten is taken out of the things that only had it because it was known."""
    gone = {p.about for p in given.gone} - {p.about for p in given.kept}
    which = {each.line: each.like for each in liked if each.like.about in gone}
    lines = tuple(_without(line, which[line.id]) if line.id in which else line for line in state.lines)
    return basket_changed(state, lines, tuple(which)) if lines != state.lines else (state, ())


def _without(line: Line, like: Like) -> Line:
    chosen = Chosen(like.about.partition("/")[2], like.value)
    return replace(line, options=tuple(c for c in line.options if c != chosen))


def _said(given: Kept, scene: Scene) -> tuple[Speak, ...]:
    values = {p.about for p in given.kept}
    gone = tuple(p.like for p in given.gone if p.about not in values)
    found: list[Speak] = []
    if given.undone:
        return (say("memory.restored" if given.kept or gone else "memory.none"),)
    if given.kept:
        key = "memory.learned" if given.learned else "memory.kept"
        found.append(Speak(key, {"values": _names([p.like for p in given.kept], scene)}))
    if gone:
        found.append(Speak("memory.gone", {"values": _names(gone, scene)}))
    if not found and not given.needs and not given.learned:
        found.append(say("memory.none"))
    return tuple(found)


def _names(likes: tuple[Like, ...] | list[Like], scene: Scene) -> tuple[Param, ...]:
    return tuple(told(scene.specs, like) for like in likes)


def undone(state: State) -> Moved:
    """What was kept is forgotten again, what was forgotten comes back."""
    assert state.unkept is not None
    back = Remember(forget=state.unkept.added, restore=state.unkept.before, undo=True)
    return replace(state, unkept=None), (back,)


def erasable(state: State, given: object, scene: Scene) -> Moved:
    """Everything goes only after a yes to exactly that."""
    state, question = questions.offer(state, "erase", "memory.ask_erase")
    return replace(state, queued=Erase(agreed=True)), question


def erased(state: State, given: object, scene: Scene) -> Moved:
    """Nothing goes on after this."""
    return replace(settled(state), queued=None, held=None), (Speak("memory.erased", ends=True),)


def with_allergies(state: State) -> State:
    """An allergy that may be remembered is a constraint of every order."""
    known = tuple(p.like.value for p in state.known if p.like.special and p.like.value not in state.allergies)
    return replace(state, allergies=state.allergies + known) if known else state


def liked_slots(state: State, scene: Scene, intent: IntentSpec, slots: Mapping[str, str]) -> dict[str, str]:
    """What is liked for slots that nothing was said for, where it goes with what was said."""
    if not state.known:
        return {}
    found: dict[str, str] = {}
    for name, value in defaults(intent, {p.about: p for p in state.known}, scene.specs).items():
        if name not in slots and _fits(state, scene, intent.slots[name], value, {**slots, **found}, intent):
            found[name] = value
    return found


def _fits(state: State, scene: Scene, spec: SlotSpec, value: str, slots: Mapping[str, str], intent: IntentSpec) -> bool:
    if any(slots.get(other, intent.slots[other].default) not in values for other, values in spec.when.items()):
        return False
    if spec.type == "location":
        near = spec.default == "@nearest" and state.latitude is not None
        services = scene.specs.merchant.locations[value].services
        return not near and (not services or slots.get("service", "") in ("", *services))
    return spec.type != "staff" or _serves(scene, intent, value, slots)


def _serves(scene: Scene, intent: IntentSpec, staff: str, slots: Mapping[str, str]) -> bool:
    """Does somebody who is liked do what is asked for, where it is asked for?"""
    member = scene.specs.merchant.staff[staff]
    said = {spec.type: slots[name] for name, spec in intent.slots.items() if name in slots}
    product = scene.specs.catalog.products.get(said.get("product", ""))
    able = product is None or bool({product.sku, product.category} & {*member.services})
    return able and said.get("location", member.locations[0]) in member.locations


def liked_options(
    line: Line, items: tuple[Item, ...], item: Item, state: State, scene: Scene
) -> tuple[Line, tuple[Liked, ...]]:
    """The line with what is liked, in groups about which nothing was said: of several things that are ordered at once,
    what is said of one is not meant for another."""
    used: list[Liked] = []
    for like in (p.like for p in state.known if p.about.startswith("option/")):
        group = like.about.partition("/")[2]
        if _open(line, group, like, items, item, state, scene):
            line = replace(line, options=(*line.options, Chosen(group, like.value)))
            used.append(Liked(line.id, like))
    return line, tuple(used)


def _open(line: Line, group: str, like: Like, items: tuple[Item, ...], item: Item, state: State, scene: Scene) -> bool:
    catalog = scene.specs.catalog
    product = catalog.products[line.sku]
    if not offered(scene.specs, like) or product.defaults.get(group) == like.value:
        return False
    value = next((v for v in catalog.allowed(line.sku, group) if v.id == like.value), None)
    chosen = any(c.group == group for each in items for c in (*each.options, *each.removed))
    doubted = any(c.id.startswith(f"{group}/") for d in item.doubts for c in d.candidates)
    harmless = value is not None and not {*value.adds_allergens} & {*state.allergies}
    return harmless and not chosen and not doubted


def used(state: State, offer: Proposal, scene: Scene) -> tuple[Speak, ...]:
    """Which values of an offer came from what is known, so that a wrong one is corrected in a turn."""
    names = tuple(dict.fromkeys(told(scene.specs, like) for like in _used(state, offer, scene)))
    return (Speak("memory.used", {"values": names}),) if names else ()


def _used(state: State, offer: Proposal, scene: Scene) -> Iterator[Like]:
    chosen = {(p.line.id, c.group, c.value) for p in offer.lines for c in p.line.options if c.count}
    for each in state.liked:
        if (each.line, each.like.about.partition("/")[2], each.like.value) in chosen:
            yield each.like
    frame = frame_of(state)
    intent = scene.specs.intent(offer.intent)
    said = frame.slots if frame and frame.intent == offer.intent else {}
    known = {p.about: p for p in state.known}
    for name, value in defaults(intent, known, scene.specs).items():
        lone = intent.slots[name].type == "location" and len(scene.specs.merchant.locations) == 1
        if name not in said and offer.slots.get(name) == value and not lone and intent.slots[name].default != value:
            yield known[about_of(intent, intent.slots[name])].like


WORDS = 120
"""Characters of the customer's words that are kept with a like."""


def heard_of(state: State, items: tuple[Item, ...]) -> State:
    """The customer's own words for options that were said of things: where a like comes from."""
    words = {f"option/{c.group}": item.words[:WORDS] for item in items for c in item.options if item.words}
    return replace(state, heard={**state.heard, **words}) if words else state


def heard_for(state: State, scene: Scene, intent: str, given: Fill) -> State:
    """The customer's own words for a slot."""
    spec = scene.specs.intent(intent)
    about = about_of(spec, spec.slots[given.slot]) if given.slot in spec.slots else ""
    words = given.evidence.words[:WORDS]
    return replace(state, heard={**state.heard, about: words}) if about and words else state


def allergens(allergies: tuple[str, ...]) -> tuple[Like, ...]:
    return tuple(Like(f"allergen/{id}", id) for id in allergies)
