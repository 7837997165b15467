"""What is said becomes one message: words from the replies, buttons with tokens, cards of products."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.commerce.pricing import unit_price
from sayso.host.private import private
from sayso.manifest.replies import Phrases, Scope
from sayso.manifest.specs import Artefact
from sayso.model.action import Option, Speak
from sayso.model.basket import Chosen, Line
from sayso.model.catalog import Product
from sayso.model.command import Add, Candidate, Evidence, Item
from sayso.model.fact import Fact, Named, Params
from sayso.model.message import Action, Asked, Card, Message, Picture, Shown
from sayso.model.state import State
from sayso.model.text import pick

GIVEN = Evidence("", "given")
MOST_CARDS = 10
CODE = "link.code"
"""The reply that tells a one-time code."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A message and the options that its buttons stand for."""

    message: Message
    shown: tuple[Shown, ...]


def compose(
    speaks: Sequence[Speak], state: State, artefact: Artefact, phrases: Phrases, now: datetime, seed: str
) -> Composed:
    """One message for a turn. Tokens come from `seed`, so that a replay makes the same."""
    screen = phrases.scope(state.language, now)
    voice = phrases.scope(state.language, now, voice=True)
    shown = _shown(speaks, artefact, phrases, screen, seed)
    question = next((s for s in speaks if s.asks), None)
    message = Message(
        text="\n\n".join(_words(speaks, phrases, screen)),
        speech=" ".join(_words(speaks, phrases, voice)),
        reprompt=_reprompt(question, phrases, voice),
        cards=_cards(speaks, artefact, phrases, screen, seed, shown),
        actions=(*_buttons(shown, state, artefact, phrases, screen, question), *_invitations(speaks, phrases, screen)),
        expects_reply=question is not None,
        ends=any(s.ends for s in speaks),
        language=state.language,
        asks=_asked(state) if question else None,
        private=private(speaks),
        secrets=tuple(_secrets(speaks)),
    )
    return Composed(message, shown + _card_options(message, speaks))


def _words(speaks: Sequence[Speak], phrases: Phrases, scope: Scope) -> list[str]:
    said: list[str] = []
    for speak in speaks:
        if speak.aloud and not scope.voice:
            continue
        words = phrases.say(speak.key, speak.params, scope, _variant(speak, scope)).strip()
        words = words[:1].upper() + words[1:]
        if words and words not in said:
            said.append(words)
    return said


def _secrets(speaks: Sequence[Speak]) -> Iterator[str]:
    """A code as it is shown and as it is said."""
    for speak in speaks:
        told = speak.params.values() if speak.key == CODE else ()
        yield from (fact.value for fact in told if isinstance(fact, Fact) and isinstance(fact.value, str))


def _variant(speak: Speak, scope: Scope) -> str:
    return "short" if speak.short else "speech" if scope.voice else "text"


def _reprompt(question: Speak | None, phrases: Phrases, voice: Scope) -> str:
    """The question once more, with what can be said to it, or with help: who said nothing may not know what to say. An
    author's own reprompt tells that itself where there is nothing to choose."""
    if question is None:
        return ""
    again = phrases.say(question.key, question.params, voice, "reprompt").strip()
    labels = [label for label in _labels(question, phrases, voice) if label]
    if labels and not any(label.casefold() in again.casefold() for label in labels):
        options = tuple(_words_of(label, question) for label in labels)
        return phrases.say("reprompt.options", {"again": _words_of(again, question), "options": options}, voice)
    if labels or phrases.repeats(question.key, voice.language):
        return phrases.say("reprompt.help", {"again": _words_of(again, question)}, voice)
    return again


def _labels(question: Speak, phrases: Phrases, voice: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_label(option, phrases, voice) for option in question.options))


def _words_of(words: str, question: Speak) -> Fact:
    """Words that are composed already, within others."""
    return Fact(words, "reply", question.key)


def _asked(state: State) -> Asked | None:
    """What the open question is about."""
    pending = state.topic.pending
    if pending is None:
        return None
    intent = pending.intent or (state.topic.frames[-1].intent if state.topic.frames else "")
    return Asked(pending.kind, intent, pending.slot)


def _shown(speaks: Sequence[Speak], artefact: Artefact, phrases: Phrases, scope: Scope, seed: str) -> tuple[Shown, ...]:
    """The options of the question, else of everything that was said; equal labels once."""
    asked = [s for s in speaks if s.asks and s.options]
    options = [o for s in asked or speaks for o in s.options]
    shown: dict[str, Shown] = {}
    for place, option in enumerate(options):
        label = _label(option, phrases, scope)
        if label not in shown:
            shown[label] = Shown(token(seed, place), label, option.command)
    return tuple(shown.values())


def _label(option: Option, phrases: Phrases, scope: Scope) -> str:
    key = option.label or "option.name"
    label = phrases.say(key, option.params, scope).strip()
    return label[:1].upper() + label[1:]


def token(seed: str, place: int) -> str:
    """A button's value: short, unguessable without the turn's seed, bound to its message."""
    return hashlib.blake2b(f"{seed}/{place}".encode(), digest_size=9).hexdigest()


def _cards(
    speaks: Sequence[Speak], artefact: Artefact, phrases: Phrases, scope: Scope, seed: str, shown: Sequence[Shown]
) -> tuple[Card, ...]:
    """What can be looked at. A card that orders what an option below does has the option's token: a channel without
    cards offers it once."""
    chosen = _chosen(speaks)
    below = {ordered: each.token for each in reversed(shown) if (ordered := _ordered(each)) is not None}
    skus = list(dict.fromkeys(sku for s in speaks for sku in s.products))[:MOST_CARDS]
    products = [artefact.catalog.products[sku] for sku in skus if sku in artefact.catalog.products]
    return tuple(
        _card(p, began, artefact, phrases, scope, below.get((p.sku, began)) or token(seed, 1000 + place))
        for place, p in enumerate(products)
        for began in (chosen.get(p.sku, ()),)
    )


def _ordered(shown: Shown) -> tuple[str, tuple[Chosen, ...]] | None:
    """The product, with its options, that an option orders one of, as its card would; None for any other option."""
    match shown.command:
        case Add((Item(_, (Candidate(sku),), None | 1, options, (), (), ()),)):
            return sku, options
    return None


def _chosen(speaks: Sequence[Speak]) -> dict[str, tuple[Chosen, ...]]:
    """The options that ordering a product from its card begins with."""
    return {sku: chosen for s in speaks for sku, chosen in s.chosen.items()}


def _card(
    product: Product, chosen: tuple[Chosen, ...], artefact: Artefact, phrases: Phrases, scope: Scope, value: str
) -> Card:
    minor = unit_price(Line("", product.sku, options=chosen), artefact.catalog)
    price = Fact(minor, "catalog", product.sku, artefact.catalog.version)
    described = pick(product.descriptions, scope.language) if product.descriptions else ""
    options = tuple(Named("option", f"{c.group}/{c.value}") for c in chosen)
    params: Params = {"price": price, "description": Fact(described, "catalog", product.sku), "options": options}
    alt = pick(product.image_alt or product.names, scope.language)
    picture = Picture(product.image, alt) if product.image else None
    actions = [Action("reply", phrases.say("option.order", {}, scope), value)]
    if product.page and artefact.merchant.site:
        address = artefact.merchant.site + product.page
        actions.append(Action("url", phrases.say("option.read_more", {}, scope), address))
    shots = tuple(Picture(shot.source, pick(shot.alt, scope.language)) for shot in product.shots)
    body = phrases.say("card.product", params, scope)
    return Card(pick(product.names, scope.language), body, picture, tuple(actions), shots, product.sku)


def _card_options(message: Message, speaks: Sequence[Speak]) -> tuple[Shown, ...]:
    """What the cards' buttons order. They stand last, whatever has the same token: "the last one" is the last thing."""
    chosen = _chosen(speaks)
    return tuple(
        Shown(a.value, card.title, Add((_item(card.title, card.sku, chosen),), GIVEN))
        for card in message.cards
        for a in card.actions
        if a.kind == "reply"
    )


def _item(title: str, sku: str, chosen: Mapping[str, tuple[Chosen, ...]]) -> Item:
    return Item(title, (Candidate(sku),), options=chosen.get(sku, ()))


def _buttons(
    shown: tuple[Shown, ...],
    state: State,
    artefact: Artefact,
    phrases: Phrases,
    scope: Scope,
    question: Speak | None,
) -> tuple[Action, ...]:
    """The options as buttons; where a place is asked for, the customer may share a position."""
    buttons = tuple(Action("reply", s.label, s.token) for s in shown)
    pending = state.topic.pending
    if question is None or pending is None or pending.kind != "slot" or not pending.intent:
        return buttons
    spec = artefact.intent(pending.intent).slots.get(pending.slot)
    if spec is None or spec.type != "location" or state.latitude is not None:
        return buttons
    return (*buttons, Action("location", phrases.say("option.location", {}, scope)))


def _invitations(speaks: Sequence[Speak], phrases: Phrases, scope: Scope) -> tuple[Action, ...]:
    """What a platform can offer by itself: linking the customer's account, a file for their calendar."""
    invited = (s for s in speaks if s.invites)
    return tuple(Action(s.invites, phrases.say(f"option.{s.invites}", {}, scope), s.about) for s in invited)


def remembered(state: State, speaks: Sequence[Speak], shown: tuple[Shown, ...]) -> State:
    """The state after the message went out: what "repeat", "the second one" and a pressed button refer to. What is
    told while a question is open, and does not put it again, leaves the question's options where they are."""
    if not speaks:
        return state
    beside = state.topic.pending is not None and not any(s.asks for s in speaks)
    return replace(state, last=tuple(speaks), shown=(*state.shown, *shown) if beside else shown)
