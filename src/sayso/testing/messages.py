"""Any message that a host may send, as Hypothesis draws it, and what of it can be reached on a channel.

For tests of channels; needs Hypothesis, which is no dependency of a host.
"""

from __future__ import annotations

from hypothesis import strategies as st

from sayso.channels.compiler import Plan, Where
from sayso.model.message import Action, Card, Message, Picture

WHERE = Where("https://shop.example/assets/bar", lambda action: f"https://shop.example/{action.kind}/{action.value}")

LABELS = st.one_of(
    st.sampled_from(
        [
            "Yes",
            "No",
            "Ja",
            "Large latte with oat milk, please",
            "Read more",
            "Bestel hier",
            "👩‍👩‍👧‍👦 family",
            "🇳🇱",
            "é" * 30,
        ]
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool),
)
TOKENS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:018x}")
ACTIONS = st.one_of(
    st.builds(Action, st.just("reply"), LABELS, TOKENS),
    st.builds(Action, st.just("url"), LABELS, st.integers(0, 99).map(lambda n: f"https://shop.example/p/{n}")),
    st.builds(Action, st.just("calendar"), LABELS, TOKENS),
    st.builds(Action, st.just("location"), LABELS),
)
TEXTS = st.lists(
    st.sampled_from(["Which one would you like?", "Hoi!", "Zoë 👋🏽 " * 9, "x" * 300, "One. Two. Three.", "a\nb"]),
    max_size=9,
).map("\n\n".join)
PICTURES = st.one_of(st.none(), st.builds(Picture, st.sampled_from(["a.png", "b c.png"]), LABELS))
CARDS = st.builds(
    Card,
    LABELS,
    TEXTS,
    PICTURES,
    st.lists(ACTIONS.filter(lambda a: a.kind != "location"), max_size=3).map(tuple),
    st.lists(st.builds(Picture, st.sampled_from(["1.png", "2.png"]), LABELS), max_size=2).map(tuple),
)
MESSAGES = st.builds(
    Message,
    TEXTS.filter(bool),
    cards=st.lists(CARDS, max_size=10).map(tuple),
    actions=st.lists(ACTIONS, max_size=14).map(tuple),
    language=st.sampled_from(["en", "nl", "fr"]),
).filter(lambda m: len(tokens(m)) == len(set(tokens(m))))


def tokens(message: Message) -> list[str]:
    """The values of everything that can be pressed."""
    every = (*message.actions, *(a for card in message.cards for a in card.actions))
    return [action.value for action in every if action.kind == "reply"]


def addresses(message: Message) -> set[str]:
    """The addresses of everything that opens one."""
    every = (*message.actions, *(a for card in message.cards for a in card.actions))
    return {a.value if a.kind == "url" else WHERE.link(a) for a in every if a.kind not in ("reply", "location")}


def reachable(plan: Plan) -> tuple[set[str], set[str]]:
    """The tokens and the addresses that the plan gives."""
    held = [b for part in plan.parts for b in (*part.buttons, *part.quick, *(b for t in part.tiles for b in t.buttons))]
    rows = {row.value for part in plan.parts for row in part.rows}
    replies = {b.value for b in held if b.kind == "reply"} | rows | {*plan.numbered}
    return replies, {b.value for b in held if b.kind == "url"}
