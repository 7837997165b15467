"""The pure core: one utterance to commands, from the published manifests alone and without embeddings.

Cheapest and safest first: emergencies, phrases that mean the same everywhere, the answer to the pending question, then
what the sentences say about items, slots, questions and allergies. `Analysis.sure` False asks for the later stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sayso.model.command import (
    Add,
    Allergy,
    Candidate,
    Change,
    Choose,
    Command,
    Evidence,
    Fill,
    Item,
    Keep,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Start,
    Target,
    Yes,
)
from sayso.model.state import Pending
from sayso.understanding import pending, questions, talk
from sayso.understanding.agreement import agrees
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.foreign import foreign
from sayso.understanding.items.choosing import from_list
from sayso.understanding.items.counting import recount
from sayso.understanding.items.filters import read_filter
from sayso.understanding.items.heads import mark, verb
from sayso.understanding.items.judging import judged
from sayso.understanding.items.orders import read_orders
from sayso.understanding.items.people import company
from sayso.understanding.items.pointing import pointed, pointed_at, rechosen
from sayso.understanding.items.recalls import Recalled, read_recall
from sayso.understanding.items.refining import refined
from sayso.understanding.items.wondering import wondered
from sayso.understanding.keeping import names_thing, read_keeping, read_onward, without_lasting
from sayso.understanding.lexicon import Lexicon, Sense
from sayso.understanding.phrasing import heard
from sayso.understanding.scopes import Scope, begun
from sayso.understanding.slots.anchors import shifted
from sayso.understanding.slots.leaving import left_alone
from sayso.understanding.slots.naming import read_name
from sayso.understanding.slots.opening_days import with_days
from sayso.understanding.slots.slots import (
    MOST,
    Mentions,
    mentions,
    pending_slot,
    read_slots,
    time_slot,
    typed_words,
)
from sayso.understanding.spans import Reading, Span, read
from sayso.understanding.tongue import gone_on_in
from sayso.understanding.values import tells_sum
from sayso.understanding.words import clean, tokens

_STRONG = frozenset(
    ("cancel", "help", "repeat", "person", "stop", "unsubscribe", "start_over", "undo", "bot", "wait", "skip", "any")
)
"""Global phrases that win over a text slot: "help" is no address."""


_LED = 0.9
"""How firm a global phrase is at the head of words that say no more."""
_NAMED = 0.95
"""From this score on, words are a product's own name."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the local stage concluded. `sure`: no later stage is needed. `text` is what was analysed."""

    commands: tuple[Command, ...]
    sure: bool
    text: str
    language: str = ""
    stage: str = "local"
    known: bool = True
    """Some word of it is a word of one of the languages: gibberish is near to nothing."""


def analyse(text: str, context: Context, lexicon: Lexicon) -> Analysis:
    """What `text` means in `context`. Pure and bounded: the same input gives the same commands."""
    cleaned = clean(text)
    toks = tokens(cleaned)
    if not any(t.key for t in toks):
        return Analysis((NotUnderstood(cleaned, Evidence(cleaned, "local", 0.0)),), True, cleaned)
    if alarm := talk.emergency(cleaned, toks, lexicon):
        return Analysis((alarm,), True, cleaned)
    reading = read(cleaned, toks, lexicon, context.language)
    if context.pending is not None and sum(1 for t in toks if t.key) < 2:
        # One word of an answer ("ja", "n") is no wish for another language.
        reading = replace(reading, language="")
    if begin := talk.prefaced(toks, lexicon):
        return analyse(cleaned[toks[begin].start :], context, lexicon)
    reading = replace(reading, language=gone_on_in(reading, lexicon, context.language))
    if person := _beside_a_person(reading, lexicon, context):
        return person
    if about := judged(reading, lexicon, context):
        return Analysis(about, True, cleaned, reading.language)
    if picked := from_list(reading, lexicon, context):
        return Analysis(picked, True, cleaned, reading.language)
    if again := rechosen(reading, context):
        return Analysis(again, True, cleaned, reading.language)
    if context.pending is not None and (labelled := pending.shown(reading, context)):
        return Analysis(labelled, True, cleaned, reading.language, "pending")
    if (place := pending.numbered(reading, lexicon, context)) is not None:
        return Analysis((place,), True, cleaned, reading.language, "pending")
    if context.recalling and (onward := read_onward(reading, lexicon, context)):
        return Analysis((onward,), True, cleaned, reading.language)
    if moved := _shifted(reading, lexicon, context):
        return Analysis(moved, True, cleaned, reading.language, "pending")
    said = talk.whole(reading, toks, lexicon)
    if said is not None and _heard(said, reading, lexicon, context):
        return Analysis((said,), True, cleaned, reading.language)
    if closer := refined(reading, lexicon, context):
        return Analysis(closer, True, cleaned, reading.language)
    if counted := recount(reading, lexicon, context):
        return Analysis(counted, True, cleaned, reading.language)
    if lasting := read_keeping(reading, lexicon, context):
        return Analysis((*_besides(lasting, reading, lexicon, context), *lasting), True, cleaned, reading.language)
    if instead := _minded(reading, lexicon, context) or _instead(reading, lexicon, context):
        return instead
    if answered := pending.answer(reading, lexicon, context):
        return Analysis(answered, True, cleaned, reading.language, "pending")
    if elsewhere := foreign(cleaned, toks, lexicon):
        return Analysis((elsewhere,), True, cleaned)
    found = _chosen_and(reading, lexicon, context) or _sentences(reading, lexicon, context)
    only = wondered(found.commands, reading, lexicon, context)
    return replace(found, commands=only, sure=True) if only else found


def _beside_a_person(reading: Reading, lexicon: Lexicon, context: Context) -> Analysis | None:
    """ "One latte, and can I talk to a person": the person is called, whatever is said beside. A yes there is none."""
    toks = reading.tokens
    cuts = {n for n, t in enumerate(toks) if t.mark} | {s.start for s in reading.spans if s.role("and", "but")}
    for cut in sorted(cuts, reverse=True):
        before, after = toks[:cut], toks[cut + 1 :]
        if not (any(t.key for t in before) and any(t.key for t in after)):
            continue
        for asking, rest in ((after, reading.text[: toks[cut].start]), (before, reading.text[after[0].start :])):
            person = talk.global_phrase(reading.text, asking, lexicon)
            if not isinstance(person, Say) or person.what != "person":
                continue
            found = analyse(rest, context, lexicon)
            wished = tuple(c for c in found.commands if isinstance(c, Add | Change | Remove | Fill | Start | Question))
            return replace(found, commands=(*wished, person), sure=True, text=reading.text)
    return None


def _minded(reading: Reading, lexicon: Lexicon, context: Context) -> Analysis | None:
    """ "I changed my mind, a ristretto": instead of the one thing that was wanted last."""
    last = context.focus if len(context.focus) == 1 else tuple(line.id for line in context.lines)
    if len(last) != 1 or not (rest := _after_minded(reading, lexicon)):
        return None
    found = analyse(rest, context, lexicon)
    match found.commands:
        case (Add(items=(item,)) as add,) if item.products:
            target = Target(reading.text, (Candidate(last[0]),))
            return replace(found, commands=(Change(target, item, add.evidence),), text=reading.text)
        case _:
            return None


def _after_minded(reading: Reading, lexicon: Lexicon) -> str:
    """What is said after that something else is wanted after all; "" where nothing is."""
    toks = tokens(reading.text)
    said = [(t.key, t.end) for t in toks if t.key]
    for phrase in heard(talk.flat(toks), lexicon.cues["minded"]):
        run = phrase.split()
        for at in range(len(said) - len(run)):
            if [key for key, _ in said[at : at + len(run)]] == run:
                return reading.text[said[at + len(run) - 1][1] :].lstrip(" ,.:;")
    return ""


def _chosen_and(reading: Reading, lexicon: Lexicon, context: Context) -> Analysis | None:
    """One of what is shown, by its place, and more beside it: "the second one, for pickup"."""
    cut = next((n for n, s in enumerate(reading.spans) if n and (mark(reading, s) == "," or s.role("and"))), 0)
    if context.pending is None or not cut or not context.shown:
        return None
    first = replace(reading, spans=reading.spans[:cut])
    chosen = pending.placed(first, context)
    if not chosen:
        return None
    rest = analyse(reading.text[reading.tokens[reading.spans[cut].end - 1].end :], _settled(context), lexicon)
    if asked := _only_asked(first, reading, rest.commands, context):
        return Analysis(asked, True, reading.text, reading.language)
    telling = (c for c in rest.commands if isinstance(c, Fill | Add | Question | Change | Allergy | NotUnderstood))
    return replace(rest, commands=(*chosen, *telling), sure=True, text=reading.text, stage="pending")


def _shifted(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Fill, ...]:
    """ "A bit later", where times are offered."""
    slot = time_slot(context, lexicon)
    asked = context.pending
    if slot is None or asked is None or (asked.kind, asked.slot) not in (("slot", slot.name), ("confirm", "")):
        return ()
    return () if context.lines else shifted(reading, lexicon, context, slot)


def _only_asked(first: Reading, reading: Reading, rest: Sequence[Command], context: Context) -> tuple[Question, ...]:
    """Whether a place in a list is said for a question about what stands there: "the second one, how much is it?"."""
    asking = [c for c in rest if isinstance(c, Question)]
    if len(asking) != len(rest) or any(s.role("want", "add", "change") and s.key for s in first.spans):
        return ()
    return tuple(pointed(question, reading, context) for question in asking)


def _settled(context: Context) -> Context:
    """The same with its question answered."""
    return replace(context, pending=None, shown=())


def _besides(lasting: Sequence[Command], reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """What is said of this order in the same words: "a latte, I always take oat milk", "from now on soy" while one is
    in the basket."""
    if not any(isinstance(c, Keep) for c in lasting):
        return ()
    allergy = questions.read_allergy(reading, reading.spans, lexicon)
    if allergy is not None:
        return (allergy,)
    if not (context.lines or context.pending or names_thing(reading, lexicon)):
        return ()
    text = without_lasting(reading, lexicon)
    once = read(text, tokens(text), lexicon, context.language)
    found = pending.answer(once, lexicon, context) or _sentences(once, lexicon, context).commands
    return tuple(c for c in found if isinstance(c, Change | Choose) or _timeless(c, lexicon, context) or _things(c))


def _timeless(command: Command, lexicon: Lexicon, context: Context) -> bool:
    """Whether a value is filled that is no time: "from now on" is none."""
    asked = context.pending.slot if context.pending else ""
    if not isinstance(command, Fill) or command.slot == asked:
        return isinstance(command, Fill)
    slot = lexicon.slots.get(command.slot)
    return slot is None or slot.type not in ("time", "date", "clock")


def _things(command: Command) -> bool:
    """Whether something is ordered, clear or not."""
    return isinstance(command, Add) and all(i.products for i in command.items)


def _instead(reading: Reading, lexicon: Lexicon, context: Context) -> Analysis | None:
    """What is asked is dropped, for another thing ("never mind, a croissant") or with a reason ("I'll fix it")."""
    asked, (what, start) = context.pending, talk.led(reading.tokens, lexicon)
    start = start or talk.patience(reading.tokens, lexicon)
    if what == "wait" or (start and not what):
        return _after(reading, start, lexicon, context)
    if what not in ("cancel", "skip", "any") or asked is None:
        return None
    words = reading.text[reading.tokens[start].start :]
    beside = analyse(words, context, lexicon)
    if any(isinstance(c, Fill) and _answers(c, asked, context) for c in beside.commands):
        return replace(beside, text=reading.text)  # "never mind that. Oosterpark", "never mind, I'll collect it"
    rest = analyse(words, replace(context, pending=None), lexicon)
    if asked.kind == "offer" and all(isinstance(c, No) for c in rest.commands):
        return replace(rest, commands=(No(Evidence(reading.text, "pending")),), sure=True, text=reading.text)
    if all(isinstance(c, NotUnderstood | No) or _going_on(c, context) for c in rest.commands):
        return replace(rest, commands=(Say("cancel", Evidence(reading.text, "local")),), sure=True, text=reading.text)
    wished = any(isinstance(c, Add | Start | Question) for c in rest.commands)
    if not wished or asked.kind not in ("product", "option"):
        return None
    said = Evidence(reading.text, "pending")
    # The thing whose options were asked is in the basket already.
    dropped = Remove(Target("", (Candidate(asked.subject),)), said) if asked.kind == "option" else No(said)
    return replace(rest, commands=(dropped, *rest.commands), text=reading.text)


def _after(reading: Reading, start: int, lexicon: Lexicon, context: Context) -> Analysis | None:
    """What is said after "wait": "wait, the latte should be decaf". Who asks to wait agrees to nothing yet, and what
    says nothing to a shop ("I'll ask my wife") is why."""
    rest = analyse(reading.text[reading.tokens[start].start :], context, lexicon)
    if "?" not in reading.text and all(_says_nothing(c) for c in rest.commands):
        waits = Say("wait", Evidence(reading.text, "local", _LED))
        return replace(rest, commands=(waits,), sure=True, text=reading.text)
    telling = not any(isinstance(c, Yes) for c in rest.commands) and not all(
        isinstance(c, NotUnderstood | Say) or (isinstance(c, Question) and not _asked_of(c)) for c in rest.commands
    )
    return replace(rest, text=reading.text) if telling else None


def _asked_of(question: Question) -> bool:
    """Whether a question says what it is about: "hang on, are there nuts in the brownie"."""
    return bool(question.ids) or question.about not in ("open", "product", "menu", "options")


def _says_nothing(command: Command) -> bool:
    return isinstance(command, NotUnderstood) or (isinstance(command, Say) and command.what == "hesitation")


def _answers(fill: Fill, asked: Pending, context: Context) -> bool:
    """Whether a value is for the question that is open, or changes what stands in another slot."""
    known = context.frames[-1].slots if context.frames else {}
    if len(fill.values) != 1 or fill.values[0].score < _NAMED or asked.kind != "slot":
        return False
    return fill.slot == asked.slot or known.get(fill.slot, fill.values[0].id) != fill.values[0].id


def _going_on(command: Command, context: Context) -> bool:
    """Whether a command only says what is in progress anyway."""
    return isinstance(command, Fill) or (isinstance(command, Start) and command.intents[0].id == context.intent)


def _heard(said: Command, reading: Reading, lexicon: Lexicon, context: Context) -> bool:
    """Whether a global phrase stands although a question is open that the same words could answer."""
    slot = pending_slot(context, lexicon)
    if isinstance(said, Start) and context.lines:
        asked = questions.read_question(reading, reading.spans, lexicon)
        return asked is None or asked.about != "basket"  # "what did I order?" with something in the basket
    if isinstance(said, Say) and slot is not None and slot.type == "staff" and said.what in ("skip", "any"):
        return False  # no wish whom is an answer
    if isinstance(said, Say) and slot is not None and slot.type == "text" and slot.name not in ("address", "name"):
        return said.what in _STRONG
    if isinstance(said, Say) and said.what == "checkout" and context.pending and context.pending.kind == "confirm":
        return not _plain_yes(reading, lexicon)
    if isinstance(said, Say) and said.what == "thanks" and context.pending is None:
        return True  # "ok, thanks" agrees to nothing where nothing was asked
    return not (
        isinstance(said, Say) and said.what in ("hesitation", "thanks", "repeat") and _plain_yes(reading, lexicon)
    )


def _plain_yes(reading: Reading, lexicon: Lexicon) -> bool:
    return agrees(reading.tokens, lexicon)


def _sentences(reading: Reading, lexicon: Lexicon, context: Context) -> Analysis:
    """The commands of all sentences: slots first, for they take their words away from the items."""
    found = mentions(reading, lexicon, context)
    started = _started(found, lexicon, context)
    if left_alone(found, started, lexicon, context):
        return Analysis((No(Evidence(reading.text, "local")),), True, reading.text, reading.language)
    found = _moved(found, started, lexicon, context)
    scope = lexicon.intents.scope(context, started.intents[0].id if started else "")
    reading = found.reading = _scoped(reading, scope, lexicon)
    allergy = questions.read_allergy(reading, reading.spans, lexicon)
    if allergy is not None:
        allergy = replace(allergy, products=_about(reading, context))
    asked, rest = ((), reading.spans) if started else _questions(reading, lexicon, context)
    asked = with_days(asked, found.times, reading.text, lexicon, context)
    again = _recalled(reading, reading.spans, lexicon, context, started is not None)
    if again.asking:
        asked, rest = (), reading.spans
    if allergy is not None:
        asked = tuple(q for q in asked if q.about != "allergens")
        rest = tuple(s for s in rest if not s.has("allergen"))
    fills, spans = read_slots(found, lexicon, context, scope)
    if asked and any(f.slot and q.about in ("hours", "places", "order") for f in fills for q in asked):
        fills = ()
    fills = tuple(f for f in fills if not _asked_about(f, asked, scope))
    if any(q.about == "open" and not q.ids for q in asked):
        fills = ()  # "what would you suggest to go with it"
    if fills and all(_of_the_house(f, reading, lexicon) for f in fills) and not asked:
        nothing = NotUnderstood(reading.text, Evidence(reading.text, "local", 0.0))
        return Analysis((nothing,), False, reading.text, reading.language)
    if fills and context.pending and any(f.slot == context.pending.slot for f in fills):
        asked = tuple(q for q in asked if q.ids or q.about not in ("product", "menu", "open"))
    before = [s for s in spans if s in rest]
    name, spans = read_name(reading, before, scope)
    for span in (s for s in before if name is not None and s not in spans):
        found.take(span.start, span.end)
    fills = (*fills, name) if name else fills
    if allergy is not None:
        spans = tuple(_apart(reading, spans, lexicon))
    recalled = _recalled(reading, spans, lexicon, context, started is not None or (bool(asked) and not again.asking))
    orders = _orders(reading, recalled.rest, lexicon, context, scope, started is not None)
    started, orders, fills = _booked(reading.text, started, orders, fills, lexicon, context)
    # What else is ordered comes first: whether earlier orders may be looked at can be a question, and the last word.
    orders = (*orders, *recalled.commands)
    starts: Iterable[Start] = (started,) if started else () if orders or asked else _begun(reading, lexicon)
    if not (scope.intent or started or lexicon.intents.sells):
        fills = ()
    meant = (*((allergy,) if allergy else ()), *starts, *orders, *_staged(fills, context), *asked)
    left = [s for s in reading.spans if found.free(s)]
    return _weighed(meant, reading, left, lexicon, context, allergic=allergy is not None)


def _of_the_house(fill: Fill, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether it is asked what the merchant does at all: "bezorgen jullie ook?" has nothing delivered yet, as "can you
    deliver it" has."""
    words = [t.key for t in reading.tokens if t.key]
    said = [t.key for t in tokens(fill.evidence.words) if t.key]
    hosts = frozenset[str]().union(*(pack.asking.get("hosts", ()) for pack in lexicon.packs))
    things = frozenset[str]().union(*(pack.asking.get("things", ()) for pack in lexicon.packs))
    if not asks(reading.text, lexicon) or things.intersection(words) or not said:
        return False
    at = next((n for n in range(len(words)) if words[n : n + len(said)] == said), -1)
    after = words[at + len(said) : at + len(said) + 1]
    return at >= 0 and (bool(hosts.intersection(after)) or bool(hosts.intersection(words[max(0, at - 1) : at])))


def _asked_about(fill: Fill, asked: Sequence[Question], scope: Scope) -> bool:
    """Whether a thing is only asked about, and not chosen: "how much is a tune-up?", "what does delivery cost?"."""
    ids = {c.id for question in asked for c in question.ids}
    if any(q.about == "price" for q in asked) and fill.values and ids >= {f"{fill.slot}/{c.id}" for c in fill.values}:
        return True
    if any(q.about == "price" and fill.evidence.words in q.words for q in asked if not q.ids):
        return fill.slot in scope.slots and scope.slots[fill.slot].type == "product"
    return fill.slot in scope.slots and scope.slots[fill.slot].type == "product" and ids >= {c.id for c in fill.values}


def _recalled(reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context, otherwise: bool) -> Recalled:
    """An earlier order that is asked for, unless something else is meant."""
    return (
        read_recall(reading, spans, lexicon, context)
        if lexicon.recalls and not otherwise
        else Recalled(rest=tuple(spans))
    )


def _weighed(
    found: tuple[Command, ...],
    reading: Reading,
    left: Sequence[Span],
    lexicon: Lexicon,
    context: Context,
    allergic: bool,
) -> Analysis:
    """What was found, with the yes or no beside it, and whether that is sure."""
    sided = pending.sides(reading, lexicon, context, found) if not allergic else None
    if sided is not None:
        return Analysis(sided, True, reading.text, reading.language, "pending" if context.pending else "local")
    if not found:
        nothing = NotUnderstood(reading.text, Evidence(reading.text, "local", 0.0))
        known = any(s.senses for s in reading.spans if s.key)
        return Analysis((nothing,), False, reading.text, reading.language, known=known)
    return Analysis(found, _sure(found, left, reading), reading.text, reading.language)


def opened(text: str, context: Context, lexicon: Lexicon, intent: str) -> tuple[Fill, ...]:
    """The values that `text` holds for the slots of `intent`, which a later stage understood that it begins."""
    cleaned = clean(text)
    reading = read(cleaned, tokens(cleaned), lexicon, context.language)
    scope = lexicon.intents.scope(context, intent)
    found = mentions(_scoped(reading, scope, lexicon), lexicon, context)
    return read_slots(found, lexicon, context, scope)[0]


def _about(reading: Reading, context: Context) -> tuple[Candidate, ...]:
    """The products that are spoken of together with an allergy: named, or just asked about."""
    named = {c.id: c for s in reading.spans if not s.has("allergen") for c in s.ids("product")}
    parts = {c.id: c for s in reading.spans if not s.has("allergen") for c in s.ids("part") if c.score > 0.6}
    return tuple((named or parts).values()) or tuple(Candidate(sku) for sku in context.mentioned)


_MAY = ("can", "may", "could", "is", "are", "does", "kan", "mag", "zou", "bevat", "zit")


def _apart(reading: Reading, spans: Sequence[Span], lexicon: Lexicon) -> Iterator[Span]:
    """The parts of an utterance that order something beside an allergy: neither its own part nor a question."""
    if "?" in reading.text:
        return
    part: list[Span] = []
    for span in (*spans, None):
        if span is not None and not mark(reading, span):
            part.append(span)
            continue
        words = [t.key for s in part for t in reading.tokens[s.start : s.end] if t.key]
        of_allergy = bool(part) and questions.read_allergy(reading, part, lexicon, within=part) is not None
        if words and words[0] not in _MAY and not of_allergy:
            yield from part
        if span is not None:
            yield span
        part = []


def _started(found: Mentions, lexicon: Lexicon, context: Context) -> Start | None:
    """The intent of another skill that an utterance begins; a plain yes begins nothing."""
    if not lexicon.intents.inside and not lexicon.intents.whole:
        return None
    started = begun(typed_words(found, lexicon), found.reading.text, lexicon.intents, context)
    if started is None or (context.pending and _plain_yes(found.reading, lexicon)):
        return None
    asked = (
        questions.read_question(found.reading, found.reading.spans, lexicon) if pending_slot(context, lexicon) else None
    )
    if asked is not None and asked.about == "why":
        return None
    if context.listed and pointed_at(found.reading, context):
        return None
    return None if _ordered(started.intents[0].id, found.reading, lexicon) else started


def _ordered(intent: str, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether what sounds like a search orders one thing by its full name: "I'd like the IJ sneaker white in 42"."""
    search = lexicon.intents.specs[intent].effect in ("none", "read") and lexicon.intents.sells
    if not search or "?" in reading.text or not any(s.role("want") for s in reading.spans):
        return False
    named = [s.ids("product") for s in reading.spans if s.end - s.start > 1]
    return any(len(ids) == 1 and ids[0].score > _NAMED for ids in named)


def _moved(found: Mentions, started: Start | None, lexicon: Lexicon, context: Context) -> Mentions:
    """What is moved is moved to a time, so that a bare number is one: "can we move it to 11?"."""
    spec = lexicon.intents.specs[started.intents[0].id] if started else None
    slot = next((s.name for s in spec.slots.values() if s.type == "time"), "") if spec else ""
    if spec is None or spec.operation != "move" or found.times or not slot:
        return found
    asked = Pending("slot", intent=spec.name, slot=slot)
    return mentions(found.reading, lexicon, replace(context, intent=spec.name, pending=asked))


def _scoped(reading: Reading, scope: Scope, lexicon: Lexicon) -> Reading:
    """The reading without what words could choose in other intents."""
    foreign = any(
        s.kind == "choice" and not _own(s, span, scope, lexicon) for span in reading.spans for s in span.senses
    )
    if not foreign:
        return reading
    kept = (
        replace(span, senses=tuple(x for x in span.senses if x.kind != "choice" or _own(x, span, scope, lexicon)))
        for span in reading.spans
    )
    return replace(reading, spans=tuple(kept))


def _own(sense: Sense, span: Span, scope: Scope, lexicon: Lexicon) -> bool:
    slot, _, value = sense.id.partition("/")
    known = slot in scope.slots and value in scope.slots[slot].values
    return known and lexicon.names_choice(span.key, sense.id, scope.intent)


def _orders(
    reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context, scope: Scope, began: bool
) -> tuple[Command, ...]:
    """What is said about things for a basket: nothing where none is sold, things alone while another intent is busy."""
    if not lexicon.intents.sells and not lexicon.intents.bookable:
        return () if lexicon.intents.specs else read_orders(reading, spans, lexicon, context)
    if _budgeted(reading, lexicon):
        return ()
    people = company(reading, lexicon)
    spans = people.spared(spans)
    found = people.served(read_orders(reading, spans, lexicon, context), [s for s in spans if s.has("product")])
    if scope.lines:
        return found
    things = (c for c in found if isinstance(c, Add) and all(i.products for i in c.items))
    if scope.intent and lexicon.intents.specs[scope.intent].effect in ("none", "read"):
        # "I'm looking for a red lipstick" asks for one; while it is busy what is named plainly is ordered.
        return tuple(c for c in things if not began and all(i.products[0].score > 0.9 for i in c.items))
    return tuple(things)


def _budgeted(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether things are looked for at a price, and none is ordered: "shirts under 50 euros"."""
    said = talk.flat(reading.tokens)
    if not any(p in said for pack in lexicon.packs for p in pack.finding.get("most", ())):
        return False
    return tells_sum(reading.text, reading.language)


def _booked(
    text: str,
    started: Start | None,
    orders: tuple[Command, ...],
    fills: tuple[Fill, ...],
    lexicon: Lexicon,
    context: Context,
) -> tuple[Start | None, tuple[Command, ...], tuple[Fill, ...]]:
    """Things that are booked rather than bought ("a tune-up on Friday please") begin what books them."""
    intents, products = lexicon.intents, lexicon.catalog.products
    items = _firmest([i for c in orders if isinstance(c, Add) for i in c.items])
    names = {
        intents.bookable.get(products[c.id].category, intents.bookable.get("", "")) for i in items for c in i.products
    }
    if not items or "" in names or not names:
        return started, orders if intents.sells else (), fills
    kept = tuple(c for c in orders if not isinstance(c, Add)) if intents.sells else ()
    intent = next(iter(names)) if started is None else started.intents[0].id
    slot = next((s.name for s in intents.specs[intent].slots.values() if s.type == "product"), "")
    evidence = Evidence(items[0].words, "local")
    thing = (Fill(slot, items[0].products[:MOST], evidence),) if slot and all(f.slot != slot for f in fills) else ()
    if started is None and context.intent != intent:
        more = opened(text, context, lexicon, intent)
        fills = (*(f for f in more if f.slot != slot), *(f for f in fills if f.slot not in {m.slot for m in more}))
        fills = tuple(f for f in fills if f.slot in intents.specs[intent].slots)
        started = Start((Candidate(intent, 0.85),), evidence)
    return started, kept, tuple(sorted((*thing, *fills), key=lambda f: len(f.values) != 1))


def _firmest(items: Sequence[Item]) -> list[Item]:
    """What was named rather than touched upon: in "my bike broke down can someone come by" that is a visit, and no
    check of a child's bike."""
    most = max((i.products[0].score for i in items if i.products), default=0.0)
    return [i for i in items if not i.products or i.products[0].score > most - _CLEARLY]


_CLEARLY = 0.25


def _staged(fills: Sequence[Fill], context: Context) -> tuple[Fill, ...]:
    slot = context.pending.slot if context.pending and context.pending.kind == "slot" else ""
    return tuple(
        Fill(f.slot, f.values, Evidence(f.evidence.words, "pending", f.evidence.score)) if f.slot == slot else f
        for f in fills
    )


def _questions(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[tuple[Question, ...], tuple[Span, ...]]:
    """The sentences that ask, and the spans of those that do not."""
    found: list[Question] = []
    rest: list[Span] = []
    for sentence in _split(reading):
        question = read_filter(reading, sentence, lexicon, context) or questions.read_question(
            reading, sentence, lexicon
        )
        found.extend((pointed(question, reading, context),) if question else ())
        rest.extend(() if question or _tells(sentence) else sentence)
    return tuple(found), tuple(rest)


def _tells(sentence: Sequence[Span]) -> bool:
    """Whether a sentence tells how something was, which orders nothing: "my coffee was cold and the lid leaked"."""
    words = [s for s in sentence if s.key]
    told = any(s.role("past") for s in words) and not any(s.role("want") and not s.role("stop") for s in words)
    known = any(a.role("definite") and b.has("product", "part", "category") for a, b in pairwise(words))
    return told and known and not any(verb(s) for s in words)


def _split(reading: Reading) -> Iterator[list[Span]]:
    part: list[Span] = []
    for span in reading.spans:
        begins = bool(part) and (part[-1].role("but", "and") or bool(mark(reading, part[-1])))
        if begins and questions.opens(reading, span) and not part[-1].role("with"):
            yield part
            part = []
        part.append(span)
        if mark(reading, span) in tuple(".!?;"):
            yield part
            part = []
    if part:
        yield part


def _begun(reading: Reading, lexicon: Lexicon) -> Iterator[Start]:
    """An intent whose own utterance is part of what was said: "can you do my usual today"."""
    words = [t.key for t in reading.tokens if t.key]
    for size in range(min(8, len(words)), 1, -1):
        for start in range(len(words) - size + 1):
            if intent := lexicon.utterances.get("".join(words[start : start + size])):
                yield Start((Candidate(intent),), Evidence(reading.text, "local", 0.9))
                return


def _sure(commands: Sequence[Command], left: Sequence[Span], reading: Reading) -> bool:
    """Whether no later stage could do better: nothing unknown was asked for, the question has its subject, and an order
    sounds like one."""
    wanted = any(s.role("want", "another") or verb(s) for s in reading.spans)
    unknown = any(s.content and s.key and not s.named for s in left)
    for command in commands:
        if isinstance(command, Add) and not any(item.products for item in command.items):
            return False
        if isinstance(command, Add) and unknown and not wanted and all(i.quantity is None for i in command.items):
            return False
        if isinstance(command, Question) and command.about in ("product", "menu", "open") and not command.ids:
            return False
        if isinstance(command, Question) and len(commands) == 1 and command.about in ("menu", "hours", "places"):
            return bool(command.ids) or len(reading.tokens) < 5
    asking = "?" in reading.text or unknown
    return not (asking and all(isinstance(c, Fill) and c.evidence.stage == "local" for c in commands))
