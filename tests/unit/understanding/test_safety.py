# ruff: noqa: E501 (lists of wordings read better in one line)
"""Allergies, emergencies, numbers that count nothing, and waiting."""

from __future__ import annotations

import pytest

from sayso.model.command import Add, Allergy
from sayso.understanding.local import analyse


@pytest.mark.parametrize(
    "said",
    [
        "my friend collapsed, she's not responding", "mijn vriend is in elkaar gezakt", "hij reageert niet meer", "she is unresponsive", "he stopped breathing",
        "someone has collapsed", "he's having a seizure", "ze ademt niet", "mijn oma is niet aanspreekbaar", "she won't wake up", "bel een ziekenwagen",
        "my lips are swelling up after that lipstick", "my tongue feels swollen, it is swelling", "mijn lippen zwellen op", "sinds de mascara zijn mijn ogen helemaal opgezwollen", "my throat is tight after the brownie",
        "ik ben aangereden en bloed hevig", "help ik ben gevallen", "I fell and can't get up, I'm bleeding", "mijn tong wordt dik van die koek", "mijn hele gezicht is opgezet",
    ],
)  # fmt: skip
def test_an_emergency(read, said):
    """Somebody in danger is heard from every state, in many wordings."""
    assert read(said) == ["say emergency"]


@pytest.mark.parametrize(
    "said",
    [
        "I have a nut allergy, can I have the brownie?", "I'm allergic to nuts can I have the brownie", "Ik heb een notenallergie, kan ik de brownie hebben?",
        "ik ben allergisch voor noten, mag ik de brownie?",
    ],
)  # fmt: skip
def test_an_allergy_with_a_product_asks_about_it(lexicon, context, said):
    """The product is answered for, not ordered."""
    (allergy,) = analyse(said, context, lexicon).commands
    assert isinstance(allergy, Allergy)
    assert allergy.allergens == ("nuts",)
    assert [c.id for c in allergy.products] == ["brownie"]


@pytest.mark.parametrize(
    "said",
    [
        "a latte please, I have a nut allergy",
        "een latte graag, ik heb een notenallergie",
        "I'm allergic to nuts. I'd like a latte",
    ],
)
def test_an_order_beside_an_allergy_is_not_lost(lexicon, context, said):
    """What is ordered in a part of its own is ordered."""
    commands = analyse(said, context, lexicon).commands
    assert [type(c) for c in commands] == [Allergy, Add]


@pytest.mark.parametrize("said", ["zero lattes", "-2 lattes", "1e3 lattes"])
def test_a_number_that_counts_nothing_is_asked_about(lexicon, context, said):
    """No quantity is made up."""
    (add,) = analyse(said, context, lexicon).commands
    assert add.items[0].quantity is None
    assert add.items[0].doubts


@pytest.mark.parametrize("said", ["I'm 25", "ik ben 25", "I am 30"])
def test_an_age_is_no_quantity(read, basket, said):
    """Somebody's age changes no line."""
    assert read(said, basket) == ["NotUnderstood"]


@pytest.mark.parametrize(
    "said", ["wait, let me check with my wife", "Wacht, ik overleg even met mijn vrouw", "hold on, my phone rings"]
)
def test_waiting(read, basket, said):
    """Whatever it is that takes a moment."""
    assert read(said, basket) == ["say wait"]


@pytest.mark.parametrize(
    "said",
    [
        "something for puffy eyes", "iets tegen gezwollen ogen", "a blood orange juice", "een bloedsinaasappelsap", "my brakes are tight", "is the lid closing properly",
        "a lipstick for full lips", "een foundation voor een droog gezicht", "I was hit by a car last month and my frame is bent",
    ],
)  # fmt: skip
def test_no_emergency(read, said):
    """Words of the body alone are no alarm."""
    assert "say emergency" not in read(said)
