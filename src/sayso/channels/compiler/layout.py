"""A message laid out within what a channel can show. Pure: the same message gives the same plan.

One thing to look at is one compound part (picture, words, buttons) wherever the platform has such a thing. Several are
cards side by side, else messages of their own when they are few, else choices of a list or of the text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler.arrange import WRITTEN, Arrangement, Choice, Way, arrange, buttons
from sayso.channels.compiler.measure import fit, fits, parted, pieces
from sayso.channels.compiler.plan import Degradation, Image, Part, Plan, Tile
from sayso.channels.speech import plain, spoken
from sayso.model.message import Action, Card, Message, Picture


def _nowhere(action: Action) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Where:
    """`assets`: the public HTTPS address of the merchant's pictures, "" when there is none. `link` gives the address
    that stands for an action of ours (a calendar file, a page that links an account), "" when there is none."""

    assets: str = ""
    link: Callable[[Action], str] = _nowhere

    def image(self, picture: Picture | None, types: Collection[str] = ()) -> Image | None:
        """The picture at its address, as one of `types`, endings of names; none said: as it is. A drawing (SVG) is also
        there as PNG, at its address with ".png" behind it."""
        if picture is None or not self.assets:
            return None
        ending = picture.source.rpartition(".")[2].lower()
        drawn = ".png" if types and ending == "svg" and "svg" not in types and "png" in types else ""
        if types and not drawn and ending not in types:
            return None
        return Image(f"{self.assets.rstrip('/')}/{quote(picture.source)}{drawn}", picture.alt)


APART_MOST = 3
"""Things to look at that may each be a message of their own; more would bury the question."""


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def words_in(language: str) -> Mapping[str, str]:
    """The channels' own words in the language, else in English."""
    known = _words()
    return known.get(language) or known.get(language.partition("-")[0]) or known["en"]


def compiled(message: Message, caps: Capabilities, where: Where) -> Plan:
    """What `message` becomes on the channel."""
    if caps.voice:
        return _voiced(message, caps)
    message = _once(message)
    laid = Layout(message, caps, where, words_in(message.language)).plan()
    if len(laid.parts) > caps.parts:
        laid = Layout(message, caps, where, words_in(message.language), WRITTEN).plan()
    if len(laid.parts) > caps.parts:
        # What things are called and how to choose them stands at the end: that is kept, their descriptions are not.
        bare = replace(message, cards=tuple(replace(card, body="") for card in message.cards))
        laid = Layout(bare, caps, where, words_in(message.language), WRITTEN).plan()
        told = (*laid.degradations, Degradation("text", "shortened"))
        laid = replace(laid, parts=laid.parts[-caps.parts :], degradations=told)
    return replace(laid, parts=tuple(replace(part, language=message.language) for part in laid.parts))


def _once(message: Message) -> Message:
    """The message without the actions below it that a card, or another of them, has already."""
    held = {(each.kind, each.value) for each in _card_actions(message)}
    below = {(each.kind, each.value): each for each in reversed(message.actions)}
    kept = tuple(each for each in message.actions if below[each.kind, each.value] is each)
    return replace(message, actions=tuple(each for each in kept if (each.kind, each.value) not in held))


def _voiced(message: Message, caps: Capabilities) -> Plan:
    """A voice says it; what stood on buttons is said in reply."""
    said = plain(message.speech or spoken(message.text), caps.text)
    told = [Degradation(f"button “{a.label}”", "told") for a in (*message.actions, *_card_actions(message))]
    seen = [Degradation("picture", "left out") for card in message.cards if card.picture]
    return Plan((Part(said, language=message.language),), (*told, *seen))


def _card_actions(message: Message) -> Iterator[Action]:
    return (action for card in message.cards for action in card.actions)


@dataclass(frozen=True, slots=True)
class Layout:
    """One message on one channel. `ways`: how choices may be shown, all ways when empty."""

    message: Message
    caps: Capabilities
    where: Where
    words: Mapping[str, str]
    ways: tuple[Way, ...] = ()

    def plan(self) -> Plan:
        cards = self.message.cards
        laid = self._alone(cards[0] if cards else None) if len(cards) < 2 else self._many()
        return self._located(laid)

    def _alone(self, card: Card | None) -> Plan:
        """One thing to look at; a product that nothing but ordering it stands below is named."""
        laid = self._one(card)
        if card is None or not card.sku or self.message.actions:
            return laid
        return replace(laid, parts=tuple(_named(part, card.sku) for part in laid.parts))

    def _one(self, card: Card | None) -> Plan:
        """A text, or a compound of one thing to look at."""
        choices = self.choices((*(card.actions if card else ()), *self.message.actions))
        image = self._image(card.picture) if card else None
        if card is None:
            return self._controlled(self.message.text, choices, None)
        below = "\n".join(each for each in (card.title, card.body) if each)
        together = "\n\n".join(each for each in (self.message.text, below) if each)
        album = self._album([(card.title, each) for each in (card.picture, *card.shots)]) if card.shots else ()
        shown = image if not album and self._shows(image, choices) else None
        lost = () if album else self._lost(card, shown)
        if fits(together, self._room(choices, shown), self.caps.unit) and not (shown and self.caps.title):
            return _with(_after(album, self._controlled(together, choices, shown)), lost)
        lead = _parts(pieces(self.message.text, self.caps.text, self.caps.unit))
        title = fit(card.title, self.caps.title, self.caps.unit) if shown and self.caps.title else ""
        rest = self._controlled(card.body if title == card.title else below, choices, shown, title)
        return _with(_after((*lead, *album), rest), lost)

    def _album(self, pictures: Sequence[tuple[str, Picture | None]]) -> tuple[Part, ...]:
        """Titled pictures as albums, which have no buttons; none where the channel has no such thing."""
        caps = self.caps
        shown = [(title, self._image(each)) for title, each in pictures]
        images = [replace(each, alt=fit(title, caps.caption, caps.unit)) for title, each in shown if each]
        if self.ways or not caps.album or len(images) < 2:
            return ()
        groups = [images[at : at + caps.album] for at in range(0, len(images), caps.album)]
        if len(groups[-1]) < 2:
            groups[-2:] = [groups[-2][:-1], [groups[-2][-1], *groups[-1]]]
        return tuple(Part(album=tuple(group)) for group in groups)

    def _image(self, picture: Picture | None) -> Image | None:
        return self.where.image(picture, self.caps.picture_types)

    def _shows(self, image: Image | None, choices: Sequence[Choice]) -> bool:
        return image is not None and self.caps.picture and (not choices or self.caps.picture_button)

    def _lost(self, card: Card, shown: Image | None) -> tuple[Degradation, ...]:
        return (Degradation(f"picture of {card.title}", "left out"),) if card.picture and shown is None else ()

    def _room(self, choices: Sequence[Choice], image: Image | None) -> int:
        """How many words may stand with the controls."""
        if image is not None:
            return min(self.caps.caption, self.caps.text)
        return min(self.caps.button_text or self.caps.text, self.caps.text) if choices else self.caps.text

    def _controlled(self, text: str, choices: Sequence[Choice], image: Image | None, title: str = "") -> Plan:
        """Words with their choices, in as many parts as it takes; the choices stand below the last."""
        arranged = arrange(choices, self.caps, self.ways)
        written = self._written(arranged)
        whole = "\n\n".join(each for each in (text.strip(), written) if each)
        controls = bool(arranged.buttons or arranged.quick or arranged.rows)
        room = self._room(choices if controls else (), image)
        crowded = bool(written) and not fits(whole, room, self.caps.unit)
        if image is not None and (crowded or (arranged.rows and not self.caps.list_picture)):
            return _after((Part(picture=image, title=title),), self._controlled(text, choices, None))
        text = whole
        if crowded:
            # What is numbered must be read as a whole: it is never parted from its controls by a cut.
            before, last = "", text
        else:
            before, last = parted(text, room, self.caps.unit)
        bodies = pieces(before, self.caps.text, self.caps.unit) if before else []
        ends = pieces(last, room, self.caps.unit) if last else [self.words["more"] if controls else ""]
        if image is not None and len(ends) > 1:
            bodies, ends = [*bodies, *ends[:-1]], ends[-1:]
        listed = fit(self.words["list"], self.caps.list_label, self.caps.unit) if arranged.rows else ""
        links = [Part(self.words["link"], buttons=links) for links in arranged.apart]
        end = Part(ends[-1], title, image, arranged.buttons, arranged.quick, arranged.rows, listed)
        parts = (*_parts((*bodies, *ends[:-1])), *links, end)
        numbered = tuple(choice.value for choice in arranged.numbered)
        return Plan(tuple(p for p in parts if _shown(p)), _how(choices, arranged, len(parts) - len(links)), numbered)

    def _written(self, arranged: Arrangement) -> str:
        """What stands in the text for want of buttons: addresses, then numbers with a hint."""
        lines = [f"{choice.label}: {choice.value}" for choice in arranged.linked]
        numbered = [_numbered(place, choice) for place, choice in enumerate(arranged.numbered, start=1)]
        return "\n".join([*lines, *numbered, *([self.words["number"]] if numbered else [])])

    def _many(self) -> Plan:
        """Several things to look at."""
        return self._tiles() or self._stacked() or self._choices()

    def _tiles(self) -> Plan | None:
        """Cards side by side."""
        caps, cards = self.caps, self.message.cards
        if self.ways or not caps.cards_least <= len(cards) <= caps.cards:
            return None
        images = [self._image(card.picture) for card in cards]
        if caps.cards_pictured and not all(images):
            return None
        made = [self._tile(card, image) for card, image in zip(cards, images, strict=True)]
        if any(tile is None for tile, _ in made) or (caps.cards_alike and not _alike([tile for tile, _ in made])):
            return None
        below = self.choices(self.message.actions)
        quick = buttons(below, caps.quick_label, caps, True) if caps.cards_quick and len(below) <= caps.quick else None
        inside = quick is not None and all(choice.kind == "reply" for choice in below)
        lines = "\n".join(f"{c.label}: {c.value}" for _, linked in made for c in linked)
        lead = "\n\n".join(each for each in (self.message.text.strip(), lines) if each)
        above, beside = self._above(lead)
        strip = Part(beside, tiles=tuple(tile for tile, _ in made if tile), quick=quick[0] if inside and quick else ())
        laid = Plan((*_parts(pieces(above, caps.text, caps.unit)), strip), tuple(_cut_tiles(cards, strip.tiles, lines)))
        if not below or inside:
            return laid
        return _after(laid.parts, self._controlled(self.words["more"], below, None), laid.degradations)

    def _above(self, lead: str) -> tuple[str, str]:
        """The words before the cards, and those that stand with them where some must."""
        most = self.caps.cards_text
        if not most:
            return lead, ""
        above, beside = parted(lead, most, self.caps.unit)
        return above, beside or fit(self.words["list"], most, self.caps.unit)

    def _tile(self, card: Card, image: Image | None) -> tuple[Tile | None, list[Choice]]:
        """The card, and those of its addresses that it has no room for."""
        caps = self.caps
        choices = self.choices(card.actions)
        replies = [choice for choice in choices if choice.kind == "reply"]
        held = choices if caps.card_mix and len(choices) <= caps.card_actions else replies or choices
        made = buttons(held, caps.button_label, caps, True) if 0 < len(held) <= caps.card_actions else None
        if made is None or sum(choice.kind == "url" for choice in held) > (caps.card_urls or caps.card_actions):
            return None, []
        title, text = fit(card.title, caps.card_title, caps.unit), fit(card.body, caps.card_text, caps.unit)
        linked = [replace(c, label=f"{card.title}, {c.label.lower()}") for c in choices if c not in held]
        product = card.sku if len(held) == 1 and replies else ""
        return Tile(title, text, image if caps.picture else None, made[0], product), linked

    def _stacked(self) -> Plan | None:
        """A message for each card, when they are few and the channel shows something of them."""
        caps, cards = self.caps, self.message.cards
        if self.ways or len(cards) > min(APART_MOST, caps.parts - 2) or not (caps.picture_button and caps.buttons):
            return None
        if any(self._image(card.picture) is None for card in cards):
            return None
        laid = Plan(_parts(pieces(self.message.text, caps.text, caps.unit)), (Degradation("cards", "split"),))
        alone = replace(self.message, text="", actions=(), cards=())
        for card in cards:
            each = replace(self, message=alone)._alone(card)
            laid = _after(laid.parts, each, laid.degradations)
            if each.numbered:
                return None
        below = self.choices(self.message.actions)
        return (
            _after(laid.parts, self._controlled(self.words["more"], below, None), laid.degradations) if below else laid
        )

    def _choices(self) -> Plan:
        """Each card as a choice; what it tells stands in the list, else in the text."""
        choices, lines = [], []
        for card in self.message.cards:
            held = self.choices(card.actions)
            replies = [choice for choice in held if choice.kind == "reply"]
            one = len(replies) == 1
            for choice in replies:
                label = card.title if one else f"{card.title}: {choice.label}"
                choices.append(replace(choice, label=label, text=card.body))
            choices += [replace(c, label=f"{card.title}: {c.label}") for c in held if c.kind == "url"]
            if not replies:
                lines.append(" ".join(f"{card.title} {card.body}".split()))
        choices += self.choices(self.message.actions)
        album = self._album([(card.title, card.picture) for card in self.message.cards])
        lost = () if album else tuple(d for card in self.message.cards for d in self._lost(card, None))
        text = "\n\n".join(each for each in (self.message.text.strip(), "\n".join(lines)) if each)
        arranged = arrange(choices, self.caps, self.ways)
        if not (arranged.rows or arranged.numbered):
            told = [f"{card.title}: {' '.join(card.body.split())}" for card in self.message.cards if card.body]
            text = "\n\n".join(each for each in (text, "\n".join(told)) if each)
        split = (Degradation("cards", "split"),) if album else ()
        return _with(_after(album, self._controlled(text, choices, None)), (*split, *lost))

    def choices(self, actions: Iterable[Action]) -> list[Choice]:
        """The actions as choices; ours without an address of their own get one."""
        made = (self._choice(action) for action in actions)
        return [choice for choice in made if choice is not None]

    def _choice(self, action: Action) -> Choice | None:
        if action.kind in ("reply", "url"):
            return Choice(action.kind, action.label, action.value)
        address = self.where.link(action) if action.kind != "location" else ""
        return Choice("url", action.label, address) if address else None

    def _located(self, laid: Plan) -> Plan:
        """The platform's own way to share a position, below the last part or below one of its own."""
        wanted = next((a for a in self.message.actions if a.kind == "location"), None)
        unlinked = [a for a in (*self.message.actions, *_card_actions(self.message)) if self._unreachable(a)]
        laid = _with(laid, tuple(Degradation(f"button “{a.label}”", "told") for a in unlinked))
        if wanted is None:
            return laid
        if not self.caps.location or self.ways:
            return _with(laid, (Degradation(f"button “{wanted.label}”", "told"),))
        last = laid.parts[-1]
        controls = last.buttons or last.rows or last.tiles or last.quick or last.picture
        if not controls and fits(last.text, self.caps.button_text or self.caps.text, self.caps.unit):
            return replace(laid, parts=(*laid.parts[:-1], replace(last, asks_location=True)))
        return replace(laid, parts=(*laid.parts, Part(self.words["place"], asks_location=True)))

    def _unreachable(self, action: Action) -> bool:
        return action.kind not in ("reply", "url", "location") and not self.where.link(action)


def _parts(texts: Iterable[str]) -> tuple[Part, ...]:
    return tuple(Part(text) for text in texts if text)


def _shown(part: Part) -> bool:
    return bool(part.text or part.title or part.picture or part.tiles or part.album)


def _after(before: tuple[Part, ...], laid: Plan, told: tuple[Degradation, ...] = ()) -> Plan:
    return Plan((*before, *laid.parts), (*told, *laid.degradations), laid.numbered)


def _with(laid: Plan, told: tuple[Degradation, ...]) -> Plan:
    return replace(laid, degradations=(*laid.degradations, *told)) if told else laid


def _named(part: Part, sku: str) -> Part:
    ordered = part.picture is not None and [button.kind for button in part.buttons] == ["reply"]
    return replace(part, product=sku) if ordered else part


def _alike(tiles: Sequence[Tile | None]) -> bool:
    """Whether all have as many buttons of the same kinds."""
    return len({tuple(button.kind for button in tile.buttons) for tile in tiles if tile}) == 1


def _numbered(place: int, choice: Choice) -> str:
    told = f": {' '.join(choice.text.split())}" if choice.text else ""
    return f"{place}. {choice.label}{told}"


def _how(choices: Sequence[Choice], arranged: Arrangement, parts: int) -> tuple[Degradation, ...]:
    named = ", ".join(f"“{choice.label}”" for choice in choices)
    told = [Degradation(f"buttons {named}", how) for how in dict.fromkeys(arranged.how)]
    return (*told, *([Degradation("text", "split")] if parts > 1 else []))


def _cut_tiles(cards: Sequence[Card], tiles: Sequence[Tile], lines: str) -> Iterator[Degradation]:
    if lines:
        yield Degradation("addresses of cards", "linked")
    for card, tile in zip(cards, tiles, strict=True):
        if (tile.title, tile.text) != (card.title, card.body):
            yield Degradation(f"card {card.title}", "shortened")
        if card.picture and tile.picture is None:
            yield Degradation(f"picture of {card.title}", "left out")
