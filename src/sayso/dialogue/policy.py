"""The policy: what comes, where the conversation stands, what is done, where that may lead.

Theory. A conversation is a stack of intents in progress (frames), one basket, and at most one open question. Where it
stands is the kind of that question:

    rest      nothing is asked              slot      a value of the intent in progress
    what      what would you like?          thing     which product, option, line, how many?
    confirm   the read-back: shall I?       list      one of these that I showed you?
    offer     shall I do this one thing?    pin       a secret, checked at the door

A rule has the input, the places it is for (`*`: all that have no rule of their own), its move, the places it may lead
to (`=`: where it came from, `*`: anywhere) and what it may ask of the host. Only `confirm` has a yes that commits, and
only the digest that was read back; a Commit that waits for a PIN is the same one. An answer by position, or yes to the
only one, is the command that the option stands for, looked up again. Results come back as inputs, and the end of the
turn is the last one: it settles what is asked next, so any mixture of wishes ends in at most one question.

`docs/dialogue.md` draws this table; the tests hold every step against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sayso.dialogue import answers, edits, linking, lists, memory, moments, phrases, results, settle, topics
from sayso.dialogue.moments import Told, TurnBegin
from sayso.dialogue.moves import Moved, Scene
from sayso.dialogue.settle import TurnEnd
from sayso.model.action import (
    Answered,
    Carried,
    Checked,
    Committed,
    Erasable,
    Erased,
    Found,
    HandedOver,
    Kept,
    Linked,
    Noted,
    Proposed,
    Recalled,
    Refused,
    Reverted,
    Wanting,
)
from sayso.model.command import (
    Add,
    Allergy,
    Change,
    Choose,
    Fill,
    Forget,
    Keep,
    Language,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Stale,
    Start,
    Yes,
)
from sayso.model.event import (
    Attached,
    Claimed,
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
    Written,
)
from sayso.model.state import State

PLACES = ("rest", "what", "slot", "thing", "list", "confirm", "offer", "pin")

Move = Callable[[State, Any, Scene], Moved]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `given` is an input's type, or the word of a global phrase."""

    given: type[Any] | str
    at: str
    move: Move
    leads: str
    asks: str = ""


# fmt: off
POLICY: tuple[Rule, ...] = (
    #    what comes     where              what is done              leads to       asks the host for
    Rule(TurnBegin,     "*",              moments.begin,            "= rest",      "Release"),
    Rule(Opened,        "*",              moments.opened,           "= what"),
    Rule(Referred,      "*",              moments.opened,           "= what"),
    Rule(Closed,        "*",              moments.closed,           "= rest",      "Release"),
    Rule(Located,       "*",              moments.located,          "= rest",      "Release"),
    Rule(Secret,        "*",              moments.secret,           "= rest what", "Commit Release"),
    Rule(Claimed,       "*",              linking.claimed,          "=",           "Link"),
    Rule(Silent,        "*",              moments.silent,           "= what offer rest", "Release"),
    Rule(Written,       "*",              topics.written,           "="),
    Rule(Due,           "*",              moments.due,              "= rest",      "Release"),
    Rule(Attached,      "*",              moments.attached,         "="),
    Rule(Opted,         "*",              moments.opted,            "=",           "Consent"),
    Rule(Edited,        "*",              moments.edited,           "="),
    Rule(Unsent,        "*",              moments.seen,             "="),
    Rule(Reacted,       "*",              moments.seen,             "="),
    Rule(Controlled,    "*",              moments.controlled,       "="),
    Rule(Proven,        "*",              moments.seen,             "="),
    Rule(Renumbered,    "*",              moments.renumbered,       "="),
    Rule(Unsupported,   "*",              moments.unsupported,      "="),
    Rule(Told,          "*",              moments.told,             "="),
    # answers to the open question
    Rule(Yes,           "confirm",        answers.commit,           "rest",        "Commit"),
    Rule(Yes,           "offer",          answers.accept,      "rest", "Consent Erase HandOver Recall Remember Revert"),
    Rule(Yes,           "slot thing list",answers.which,            "= offer"),
    Rule(Yes,           "what",           answers.onward,           "rest"),
    Rule(Yes,           "rest pin",       answers.nothing,          "="),
    Rule(No,            "confirm",        answers.change_what,      "what",        "Release"),
    Rule(No,            "offer list",     answers.decline,          "rest"),
    Rule(No,            "slot",           answers.none_of_these,    "= rest"),
    Rule(No,            "thing",          answers.leave_out,        "= rest what", "Release"),
    Rule(No,            "what",           answers.no_more,          "rest"),
    Rule(No,            "pin",            answers.give_up,          "what",        "Release"),
    Rule(No,            "rest",           answers.nothing_open,     "="),
    Rule("skip",        "offer list",     answers.decline,          "rest"),
    Rule("skip",        "slot",           answers.leave_slot,       "= rest"),
    Rule("skip",        "thing",          answers.leave_out,        "= rest what", "Release"),
    Rule("skip",        "what",           answers.no_more,          "rest"),
    Rule("skip",        "confirm pin",    answers.still_needed,     "="),
    Rule("skip",        "rest",           answers.nothing_open,     "="),
    Rule("any",         "confirm offer",  answers.no_answer,        "="),
    Rule("any",         "pin",            answers.still_needed,     "="),
    Rule("any",         "slot",           answers.leave_slot,       "= rest"),
    Rule("any",         "thing",          answers.leave_out,        "= rest what", "Release"),
    Rule("any",         "list",           answers.still_needed,     "="),
    Rule("any",         "rest what",      answers.onward,           "rest"),
    Rule("unheard",     "*",              phrases.unheard,          "="),
    Rule("more",        "*",              lists.more,               "=",           "Ask"),
    Rule(Choose,        "*",              answers.out_of_range,     "="),
    # what is wanted
    Rule(Start,         "*",             phrases.start,    "= rest what", "Ask Consent Erase HandOver Recall Release"),
    Rule(Add,           "*",              edits.add,                "= rest thing", "Release"),
    Rule(Change,        "*",              edits.change,             "= rest thing offer", "Ask Release"),
    Rule(Remove,        "*",              edits.remove,             "= rest what thing offer", "Release"),
    Rule(Fill,          "*",              edits.fill,               "= rest slot", "Release"),
    Rule(Allergy,       "*",              phrases.allergy,          "= rest",      "Ask Release"),
    Rule(Keep,          "*",              memory.keep,              "= rest",      "Remember"),
    Rule(Forget,        "*",              memory.forget,            "= rest",      "Remember"),
    Rule(Keep,          "pin",            answers.still_needed,     "="),
    Rule(Forget,        "pin",            answers.still_needed,     "="),
    Rule("change",      "*",              phrases.change_something, "what"),
    Rule("checkout",    "*",              phrases.checkout,         "= rest what"),
    Rule("cancel",      "offer list",     answers.decline,          "rest"),
    Rule("cancel",      "*",              phrases.cancel,           "rest offer",  "Undoable Release"),
    Rule("start_over",  "*",              phrases.start_over,       "rest what",   "Release"),
    Rule("undo",        "*",              phrases.undo,             "= rest what", "Remember Revert Undoable Release"),
    # digressions: back to the open question
    Rule(Question,      "*",              phrases.question,         "=",           "Ask"),
    Rule(Language,      "*",              phrases.language,         "="),
    Rule(Stale,         "*",              phrases.stale,            "="),
    Rule(NotUnderstood, "*",              phrases.not_understood,   "= offer list", "Ask"),
    Rule("carry_on",    "*",              phrases.carry_on,         "=",           "Carry"),
    Rule("link",        "*",              linking.offer,            "=",           "Link"),
    Rule("unlink",      "*",              linking.end,              "=",           "Link"),
    Rule("links",       "*",              linking.tell,             "=",           "Link"),
    Rule("repeat",      "*",              phrases.repeat,           "="),
    Rule("help",        "*",              phrases.help_,            "= what"),
    Rule("to_person",   "*",              topics.pass_on,           "=",           "Pass"),
    Rule("person",      "*",              phrases.person,           "=",           "HandOver"),
    Rule("unsubscribe", "*",              phrases.unsubscribe,      "=",           "Consent"),
    Rule("wait",        "*",              phrases.spoken("waiting"), "="),
    Rule("hesitation",  "*",              phrases.spoken("hesitation"), "="),
    Rule("greeting",    "*",              phrases.spoken("hello"),  "="),
    Rule("thanks",      "*",              phrases.spoken("thanks"), "="),
    Rule("smalltalk",   "*",              phrases.spoken("smalltalk"), "="),
    Rule("bot",         "*",              phrases.spoken("bot.truth"), "="),
    # the end of the session; what was wanted waits
    Rule("stop",        "*",              phrases.ended("stopped"), "rest",        "Release"),
    Rule("goodbye",     "*",              phrases.ended("goodbye"), "rest",        "Release"),
    Rule("emergency",   "*",              phrases.emergency,        "rest",        "Release"),
    # results of what was asked
    Rule(Checked,       "*",              results.checked,          "= slot thing",  "Propose"),
    Rule(Proposed,      "*",              results.proposed,         "confirm"),
    Rule(Refused,       "*",              results.refused,          "*",           "Check Propose Release"),
    Rule(Committed,     "*",              results.committed,        "rest", "Learn Release"),
    Rule(Reverted,      "*",              results.reverted,         "= rest what thing", "Release"),
    Rule(Found,         "*",              results.found,            "offer"),
    Rule(Recalled,      "*",              results.recalled,         "="),
    Rule(Answered,      "*",              results.answered,         "= list",      "Pass"),
    Rule(Wanting,       "*",              results.wanting,          "slot",        "Release"),
    Rule(HandedOver,    "*",              topics.opened,            "="),
    Rule(Carried,       "*",              results.carried,          "="),
    Rule(Linked,        "*",              linking.linked,           "= rest",      "Release"),
    Rule(Kept,          "*",              memory.kept,              "= offer"),
    Rule(Erasable,      "*",              memory.erasable,          "offer"),
    Rule(Erased,        "*",              memory.erased,            "rest"),
    Rule(Noted,         "*",              results.noted,            "="),
    # the turn is over: what is asked next
    Rule(TurnEnd,       "*",              settle.settle,            "*",           "Ask Check Propose Release"),
)
# fmt: on

UNKNOWN = Rule("", "*", phrases.spoken("not_understood.1"), "=")


def _columns(rule: Rule) -> tuple[str, ...]:
    return PLACES if rule.at == "*" else tuple(rule.at.split())


TABLE: dict[tuple[type[Any] | str, str], Rule] = {
    (rule.given, place): rule
    for rule in chain((r for r in POLICY if r.at == "*"), (r for r in POLICY if r.at != "*"))
    for place in _columns(rule)
}
"""Input and place -> its rule; a rule for a place goes before one for all."""


def rule_for(given: Any, place: str) -> Rule:
    """The rule of an input. One that has none (an utterance: it must be understood first) raises KeyError."""
    if isinstance(given, Say):
        return TABLE.get((given.what, place), UNKNOWN)
    return TABLE[type(given), place]
