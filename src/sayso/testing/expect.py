"""What a golden turn expects against what the conversation shows: one small comparison per expectation, in a table."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sayso.model.money import Money
from sayso.testing.chat import Chat


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that does not hold: what was expected, what came, and what its author can do."""

    what: str
    expected: str
    got: str
    mend: str


def misses(chat: Chat, expect: Mapping[str, Any]) -> tuple[Miss, ...]:
    """Every expectation of a turn that the conversation does not meet."""
    return tuple(miss for what, value in expect.items() for miss in _COMPARE[what](chat, value))


def _reply(chat: Chat, value: Any) -> Iterator[Miss]:
    for wanted in _many(value):
        if not _within(wanted, chat.reply):
            yield Miss("reply", wanted, chat.reply, "change the reply's template, or the words expected here")


def _not_reply(chat: Chat, value: Any) -> Iterator[Miss]:
    for unwanted in _many(value):
        if _within(unwanted, chat.reply):
            yield Miss("not_reply", f"not {unwanted}", chat.reply, "find who says it under `said` in the trace")


def _speech(chat: Chat, value: Any) -> Iterator[Miss]:
    spoken = "\n".join(message.speech or message.text for message in chat.messages)
    for wanted in _many(value):
        if not _within(wanted, spoken):
            yield Miss("speech", wanted, spoken, "change the reply's speech, or the words expected here")


def _basket(chat: Chat, value: Any) -> Iterator[Miss]:
    wanted = sorted((basket_line(str(line), chat) for line in _many(value)), key=repr)
    got = sorted((basket_line(line, chat) for line in chat.basket), key=repr)
    if wanted != got:
        mend = "look under `meant` in the trace: are the words known to the catalog (synonyms, options of the product)?"
        yield Miss("basket", _listed(_many(value)), _listed(chat.basket), mend)


def _slots(chat: Chat, value: Any) -> Iterator[Miss]:
    for name, wanted in dict(value).items():
        got = chat.slots.get(name, "")
        if got != ("" if wanted is None else str(wanted)):
            mend = "a slot's value is an id of its manifest, an ISO 8601 time, or the words of a text slot"
            yield Miss(f"slots.{name}", "" if wanted is None else str(wanted), got or "(empty)", mend)


def _pending(chat: Chat, value: Any) -> Iterator[Miss]:
    wanted = "none" if value is None else str(value)
    if chat.pending != wanted:
        yield Miss("pending", wanted, chat.pending, "the open question decides what yes means; see `did` in the trace")


def _order(chat: Chat, value: Any) -> Iterator[Miss]:
    wanted, got = ("none" if value is None else str(value)), (chat.order.state if chat.order else "none")
    if wanted != got:
        yield Miss("order", wanted, got, "an order needs a yes to the read-back in a turn of its own")


def _total(chat: Chat, value: Any) -> Iterator[Miss]:
    proposal = chat.state.proposal or (chat.order.proposal if chat.order else None)
    got = decimal_text(proposal.total) if proposal else "none"
    if not _same_amount(str(value), got):
        yield Miss("total", str(value), got, "the catalog's prices, options and fees make the total; check the CSV")


def _buttons(chat: Chat, value: Any) -> Iterator[Miss]:
    shown = [action.label for action in chat.actions]
    lacking = [label for label in _many(value) if str(label).casefold() not in {each.casefold() for each in shown}]
    if lacking:
        yield Miss("buttons", _listed(lacking), _listed(shown), "buttons are the options of the reply's action")


def _author(chat: Chat, value: Any) -> Iterator[Miss]:
    got = chat.posted[-1].message.author if chat.posted else "nobody"
    if got != str(value):
        yield Miss("author", str(value), got, "a person's words are shown as theirs, and the bot's as the bot's")


def _topics(chat: Chat, value: Any) -> Iterator[Miss]:
    got = sum(topic.owner == "person" for topic in chat.state.others)
    if got != int(value):
        yield Miss("topics", str(value), str(got), "a hand-over opens a person's topic, and the person closes it")


_COMPARE: Mapping[str, Callable[[Chat, Any], Iterator[Miss]]] = {
    "reply": _reply,
    "not_reply": _not_reply,
    "speech": _speech,
    "basket": _basket,
    "slots": _slots,
    "pending": _pending,
    "order": _order,
    "total": _total,
    "buttons": _buttons,
    "author": _author,
    "topics": _topics,
}


def basket_line(text: str, chat: Chat) -> tuple[str, str, frozenset[str], tuple[str, ...]]:
    """A line of the golden notation, made comparable: defaults left out, options in any order, notes without case."""
    quantity, sku, *rest = shlex.split(text.replace("'", "\\'"))
    product = chat.artefact.catalog.products.get(sku)
    defaults = {f"{group}={value}" for group, value in product.defaults.items()} if product else set()
    options = {part.removesuffix("*1") for part in rest if not part.startswith("note:")}
    notes = sorted(part.removeprefix("note:").casefold() for part in rest if part.startswith("note:"))
    return quantity, sku, frozenset(options - defaults), tuple(notes)


def decimal_text(amount: Money) -> str:
    """An amount as a golden writes it: "7.00"."""
    from babel.numbers import get_currency_precision

    digits = get_currency_precision(amount.currency)
    return str(Decimal(amount.minor).scaleb(-digits))


def _same_amount(wanted: str, got: str) -> bool:
    try:
        return Decimal(wanted) == Decimal(got)
    except InvalidOperation:
        return wanted == got


def _within(wanted: str, text: str) -> bool:
    """A `/regex/`, else a substring; without regard to case, kinds of space and of apostrophe."""
    wanted, text = _plain(str(wanted)), _plain(text)
    if len(wanted) > 2 and wanted.startswith("/") and wanted.endswith("/"):
        return re.search(wanted[1:-1], text, re.IGNORECASE) is not None
    return wanted.casefold() in text.casefold()


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u2009]+", " ", text.replace("’", "'"))


def _many(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else list(value or ())


def _listed(lines: Sequence[Any]) -> str:
    return "; ".join(str(line) for line in lines) or "(empty)"
