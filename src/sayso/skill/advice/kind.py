"""The kind `advice`: which handler serves what. Operations: "find", "advise"; questions about products that tell more
than a name are answered by searching, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sayso import Answered, Ask, IntentSpec, Palette, Skill, SlotSpec, Sought, Trouble, Turn, Wanting, palette
from sayso.skill.advice.judge import compared, judged, products_of
from sayso.skill.advice.refine import closer, met, whole
from sayso.skill.advice.search import Fitting, fitting, search, shelf
from sayso.skill.advice.tell import AFTER, SPOKEN, THEN, had_before, told
from sayso.skill.advice.vocabulary import Words, kind_of_thing, shipped, stems, tokens, vocabulary
from sayso.skill.advice.wish import Wish, answered, read, with_slots

OPERATIONS = ("find", "advise")
ASKED = "@asked"
"""The slot that names the quiz questions that were put: none is put twice, whatever the answer was."""
SPENT = " ".join("?" * 99)
"""No further question."""
QUESTIONS, MOST = 2, 3


def advice_kind() -> Skill:
    """The handlers of the kind, as any skill has them."""
    adviser = Adviser(palette(), shipped())
    advice = Skill(local=True, kind="advice")
    advice.ask(*OPERATIONS)(adviser.advise)
    advice.ask("product", "menu", "options", "open")(adviser.question)
    advice.ask("trait")(adviser.judge)
    advice.ask("compare")(adviser.compare)
    return advice


@dataclass(frozen=True, slots=True)
class Adviser:
    """The colour words and word lists that a wish is read with."""

    colours: Palette
    words: Words

    async def advise(self, turn: Turn, asked: Ask) -> Answered | Wanting | None:
        """What fits the wish; while too little is known, one question of the quiz."""
        intent = _intent(turn, asked)
        if intent is None:
            return None
        used = _used(asked, intent)
        said = _said(asked, intent)
        if (more := await self._closer(turn, intent, asked, said)) is not None:
            return await self._found(turn, intent, more, 0)
        wish = self._wish(turn, intent, said)
        if asked.sought is not None and not asked.question.ids and not (wish.telling or wish.comparing):
            return None  # nothing was said of what is looked for: the whole catalog is no answer to it
        quiz = _next_question(turn, intent, wish, used)
        if quiz is not None:
            return _wanting(intent, used, quiz)
        return await self._found(turn, intent, said, _start(asked))

    async def question(self, turn: Turn, asked: Ask) -> Answered | Wanting | None:
        """A question about what there is, where it says what the thing should be like."""
        intent = _intent(turn, asked)
        words = asked.question.words
        if intent is None or not words or _ranks(asked):
            return None
        said = Sought((words,))
        if (more := await self._closer(turn, intent, asked, said)) is not None:
            return await self._found(turn, intent, more, 0)
        wish = self._wish(turn, intent, said)
        if not wish.telling or _is_one_product(turn, asked, words):
            return None
        if asked.question.about == "options" and not (wish.wanted or wish.colours):
            return None
        used = {slot.name: words for slot in intent.slots.values() if slot.whole}
        if not asked.lines and (quiz := _next_question(turn, intent, wish, used)) is not None:
            return _wanting(intent, used, quiz)
        return await self._found(turn, intent, said, 0)

    async def judge(self, turn: Turn, asked: Ask) -> Answered | None:
        """Whether things that were shown are what is asked."""
        intent = _intent(turn, asked)
        if intent is None:
            return None
        wish = self._read(turn, intent, asked.question.words)
        stock = await shelf(turn, list(turn.catalog.products.values()))
        return judged(turn, intent, wish, products_of(turn, asked), stock)

    async def compare(self, turn: Turn, asked: Ask) -> Answered | None:
        """How things that were shown differ."""
        intent = _intent(turn, asked)
        return compared(turn, intent, products_of(turn, asked)) if intent is not None else None

    def _read(self, turn: Turn, intent: IntentSpec, words: str) -> Wish:
        return read(words, self.words, vocabulary(intent, turn.catalog), self.colours, turn.catalog)

    def _wish(self, turn: Turn, intent: IntentSpec, sought: Sought) -> Wish:
        said = whole(sought, lambda words: self._read(turn, intent, words))
        wish = with_slots(said, intent, sought.slots, turn.catalog)
        # "Leave the shoes. Do you have a jacket?": a kind of thing says more than a word for a whole category.
        return replace(wish, categories=()) if wish.wanted.get(kind_of_thing(intent)) else wish

    async def _closer(self, turn: Turn, intent: IntentSpec, asked: Ask, said: Sought) -> Sought | None:
        """What was looked for before, as it is told more closely now; a wish of its own where that alone is met."""
        if asked.sought is None or not said.words or any("=" in c.id for c in asked.question.ids):
            return None
        alone = self._wish(turn, intent, said)
        more = closer(asked.sought, said, alone, intent, turn.catalog)
        if more is None or not alone.wanted or alone.options:
            return more
        stock = await shelf(turn, list(turn.catalog.products.values()))
        both, own = (fitting(self._wish(turn, intent, s), intent, turn.catalog, stock) for s in (more, said))
        lost = {f"attribute:{name}" for name in alone.wanted}.intersection(both.given_up)
        return None if lost and own.products and not own.given_up else more

    async def _found(self, turn: Turn, intent: IntentSpec, sought: Sought, start: int) -> Answered:
        stock = await shelf(turn, list(turn.catalog.products.values()))
        had = await had_before(turn)
        wish = self._wish(turn, intent, sought)
        fit = fitting(wish, intent, turn.catalog, stock)
        found = search(fit, turn.catalog, stock, had, await _near(turn, fit, " ".join(sought.words)))
        most = min(SPOKEN, _setting(turn, "most", MOST)) if turn.voice else _setting(turn, "most", MOST)
        return told(turn, intent, wish, found, stock, met(sought, found.given_up), had, start, most)


async def _near(turn: Turn, fit: Fitting, said: str) -> Mapping[str, float]:
    """How near what fits is to what was said, where words of it are explained by nothing that is declared: a thing that
    is described ("cosy", "against the wind") rather than named."""
    if turn.near is None or not fit.wish.free or not said:
        return {}
    return await turn.near(said, [product.sku for product in fit.products])


def _intent(turn: Turn, asked: Ask) -> IntentSpec | None:
    """The skill's intent that was begun, else the first that searches."""
    searching = [intent for intent in turn.skill.intents.values() if intent.operation in OPERATIONS]
    return next((i for i in searching if i.name == asked.intent), searching[0] if searching else None)


def _used(asked: Ask, intent: IntentSpec) -> dict[str, str]:
    """The slots; of "more", those that the question carries."""
    if not asked.question.ids:
        return dict(asked.slots)
    said = _said(asked, intent)
    return {**{slot.name: said.words[-1] for slot in intent.slots.values() if slot.whole}, **said.slots, ASKED: SPENT}


def _said(asked: Ask, intent: IntentSpec) -> Sought:
    """What is looked for: the words and the other slots; of "more", what the question carries."""
    ids = [c.id for c in asked.question.ids]
    if ids:
        then = tuple(id[len(THEN) :] for id in ids if id.startswith(THEN))
        carried = dict(id.split("=", 1) for id in ids if "=" in id and not id.startswith(THEN))
        return Sought((*then, asked.question.words), carried)
    words = tuple(asked.slots[slot.name] for slot in intent.slots.values() if slot.whole and slot.name in asked.slots)
    whole_ones = {slot.name for slot in intent.slots.values() if slot.whole}
    kept = {name: value for name, value in asked.slots.items() if name != ASKED and name not in whole_ones}
    return Sought(words, kept)


def _ranks(asked: Ask) -> bool:
    """Which of what was shown costs least or most: whoever sells it tells."""
    ids = [c.id for c in asked.question.ids]
    return len(ids) > 1 and ids[0] in ("@cheapest", "@dearest")


def _start(asked: Ask) -> int:
    found = (c.id[len(AFTER) :] for c in asked.question.ids if c.id.startswith(AFTER))
    return next((int(text) for text in found if text.isdigit()), 0)


def _setting(turn: Turn, name: str, default: int) -> int:
    value = turn.skill.settings.get(name, default)
    return value if isinstance(value, int) else default


def _next_question(turn: Turn, intent: IntentSpec, wish: Wish, used: Mapping[str, str]) -> SlotSpec | None:
    """The next choice with a prompt that is open; none when a colour was named or enough was asked."""
    put = used.get(ASKED, "").split()
    if wish.colours or len(put) >= _setting(turn, "questions", QUESTIONS):
        return None
    settled = {*answered(wish, intent, used), *put}
    for slot in intent.slots.values():
        if slot.type == "choice" and slot.prompts and slot.name not in settled and _applies(slot, wish, used):
            return slot
    return None


def _wanting(intent: IntentSpec, used: Mapping[str, str], quiz: SlotSpec) -> Wanting:
    put = f"{used.get(ASKED, '')} {quiz.name}".strip()
    return Wanting(intent.name, {**used, ASKED: put}, Trouble("", slot=quiz.name))


def _applies(slot: SlotSpec, wish: Wish, used: Mapping[str, str]) -> bool:
    """Does it belong to what is wished ("depth" only for a foundation)?"""
    return all(
        used.get(other) in values or set(wish.wanted.get(other, ())).intersection(values)
        for other, values in slot.when.items()
    )


def _is_one_product(turn: Turn, asked: Ask, words: str) -> bool:
    """Is one product named in full? Then that one is meant, and another skill tells what it is."""
    said = f" {' '.join(stems(tokens(words)))} "
    named = [p for p in turn.catalog.products.values() if _named_in(said, tuple(p.names.values()))]
    return len(named) == 1 and named[0].sku in {c.id for c in asked.question.ids}


def _named_in(said: str, names: tuple[str, ...]) -> bool:
    return any(f" {' '.join(stems(tokens(name)))} " in said for name in names)
