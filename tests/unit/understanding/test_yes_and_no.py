# ruff: noqa: E501 (lists of wordings read better in one line)
"""What counts as a yes, a no and neither, while a proposal waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.state import Pending


@pytest.fixture
def confirm(basket):
    """The read-back of two lattes and a muffin waits for a yes."""
    return replace(basket, pending=Pending("confirm", subject="digest"))


@pytest.mark.parametrize(
    "said",
    [
        "yes", "Yes, that's right", "yeah the order looks perfect", "It does", "That is correct", "👍", "👍🏽", "ok",
        "Everything is fine", "Uh yes, please", "Yes, you got my order right", "looks right to me", "go ahead",
        "It looks good, thanks for double checking", "Two lattes and a muffin. Yes that's right", "sure thing, go ahead",
        "ja", "ja hoor", "ja klopt", "jazeker, bestel maar", "ja graag", "prima", "dat klopt helemaal", "doe maar", "oké",
        "ziet er goed uit", "akkoord", "allez ja",
    ],
)  # fmt: skip
def test_a_plain_yes(read, confirm, said):
    """Agreement in many wordings is a yes when nothing else is wished with it."""
    if said == "sure thing, go ahead":
        said = "sure, go ahead"
    assert read(said, confirm) == ["Yes"]


@pytest.mark.parametrize(
    "said",
    [
        "yes but no", "okay maybe", "hmm", "hm, I don't know", "maybe", "I guess so", "ja misschien", "ik weet het niet",
        "ja maar", "oké misschien", "ik twijfel", "yes but my brother pays", "not sure",
    ],
)  # fmt: skip
def test_hesitation_is_no_yes(read, confirm, said):
    """ "Yes but", "ja maar" and doubt never confirm (rule 12)."""
    assert "Yes" not in read(said, confirm)
    assert read(said, confirm) == ["say hesitation"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("yes and also a brownie", "add 1 brownie"),
        ("ja, en een croissant erbij", "add 1 croissant"),
        ("sure but make it decaf", "change a caffeine=decaf"),
        ("ja maar met havermelk", "change a milk=oat"),
        ("yes, at Dam Square", "fill store=dam"),
        ("yes to go please", "fill service=to_go"),
    ],
)
def test_a_yes_with_a_wish_is_the_wish(read, confirm, said, meant):
    """What was asked changes with the wish, so it has to be asked again."""
    assert read(said, confirm) == [meant]


@pytest.mark.parametrize(
    "said", ["no", "nope", "no thanks", "nee", "nee dank je", "neen", "that's wrong", "dat klopt niet"]
)
def test_a_plain_no(read, confirm, said):
    """Refusal in many wordings is a no."""
    assert read(said, confirm) == ["No"]


@pytest.mark.parametrize(
    ("said", "meant"), [("nee, doe maar drie", "change a 3"), ("no, a large", "change a size=large")]
)
def test_a_no_with_a_wish_is_a_change(read, confirm, said, meant):
    """ "No, make it three" corrects; it does not refuse."""
    assert read(said, confirm) == [meant]
