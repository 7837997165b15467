# ruff: noqa: E501 (lists of wordings read better in one line)
"""Rule 11: every word of an order that may be a modifier is in what was understood, as an option, as what is left out,
as a note or as a doubt; whatever else is said beside it, in English and Dutch."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.model.command import Add, Item
from sayso.understanding.local import analyse

KNOWN = {
    "en": {"oat milk": "milk/oat", "vanilla": "syrup/vanilla", "cinnamon": "extras/cinnamon", "whipped cream": "extras/whip"},
    "nl": {"havermelk": "milk/oat", "vanille": "syrup/vanilla", "kaneel": "extras/cinnamon", "slagroom": "extras/whip"},
}  # fmt: skip
UNKNOWN = {
    "en": ["turmeric", "froth", "nutmeg", "cardamom", "sprinkles", "lid", "umbrella", "pistachio"],
    "nl": ["kurkuma", "nootmuskaat", "kardemom", "hagelslag", "deksel", "parapluutje", "pistache"],
}
LEADS = {"en": ["with", "without", "with extra", "with no", "hold the", "with a bit of"], "nl": ["met", "zonder", "met extra", "met wat", "zonder de"]}  # fmt: skip
DRINKS = {"en": ["a latte", "two cappuccinos", "a flat white"], "nl": ["een latte", "twee cappuccino's", "een flat white"]}  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A language, an order, and the words in it that may be modifiers."""
    language = draw(st.sampled_from(["en", "nl"]))
    words = st.sampled_from([*KNOWN[language], *UNKNOWN[language]])
    wishes = draw(
        st.lists(st.tuples(st.sampled_from(LEADS[language]), words), min_size=1, max_size=3, unique_by=lambda w: w[1])
    )
    joint = draw(st.sampled_from([" and ", ", "])) if language == "en" else draw(st.sampled_from([" en ", ", "]))
    drink = draw(st.sampled_from(DRINKS[language]))
    return language, f"{drink} {joint.join(f'{lead} {word}' for lead, word in wishes)}", [word for _, word in wishes]


def _uses(items: list[Item], word: str, option: str) -> bool:
    chosen = {f"{c.group}/{c.value}" for item in items for c in (*item.options, *item.removed)}
    doubted = {c.id for item in items for doubt in item.doubts for c in doubt.candidates}
    told = " ".join(text for item in items for text in (*item.notes, *(d.words for d in item.doubts)))
    return option in chosen | doubted or word in told


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders())
def test_no_modifier_is_dropped(lexicon, context, order):
    """Options that the catalog has, and words that it does not know, are all in the items."""
    language, said, words = order
    items = [i for c in analyse(said, context, lexicon).commands if isinstance(c, Add) for i in c.items]
    assert items, said
    assert [w for w in words if not _uses(items, w, KNOWN[language].get(w, ""))] == [], said
