# ruff: noqa: E501 (lists of wordings read better in one line)
"""Rule 12: only a plain yes to the read-back commits an order; everything with more in it is asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.model.basket import Line
from sayso.model.command import Evidence, Yes
from sayso.model.message import Shown
from sayso.model.state import Pending
from sayso.understanding.local import analyse


@pytest.fixture
def one(context):
    """The read-back of one latte waits for a yes."""
    return replace(
        context, lines=(Line("a", "latte", 1),), focus=("a",), intent="order_coffee.order",
        pending=Pending("confirm", "order_coffee.order", subject="digest"),
    )  # fmt: skip


CHANGES = [
    "yes change it", "yes, i want to change", "ok change that please", "can we change that, please", "go ahead and change it",
    "ok so change the drinks", "cool it down please", "yes but change the size", "sure, let me change something", "ok edit it",
    "great, modify the order", "fine, swap it", "yes replace it", "perfect, now add something", "right, take it off", "ok remove it",
    "good but smaller", "yes without it", "ok not that one", "yes, a different one", "ok i want something else", "sure, another store",
    "yes cancel it", "ok cancel", "yes, no", "yes no wait", "right, stop", "ok stop it", "fine, forget it", "great, undo that",
    "ja ik wil het veranderen", "ja verander het", "oke wijzig dat", "prima, pas het aan", "goed, maar", "top, nog wat", "ja nog iets",
    "ja en nog iets erbij", "oke haal die eraf", "prima maar kleiner", "ja doe maar anders", "ja liever een andere", "oke annuleer het",
    "ja nee", "ja nee wacht", "goed, stop maar", "ja zonder", "ja niet die", "oke iets anders", "ja andere winkel",
]  # fmt: skip
QUESTIONS = [
    "is that right?", "is that correct?", "is everything alright", "would you send me the order details please",
    "can i see the details, please", "can you confirm the order to me please", "yes?", "ok?", "right?", "sure?", "is it good", "is that good",
    "is it perfect", "are they right", "does it look good", "does that sound good", "is it ready", "are you sure", "are you sure?", "am i sure",
    "what is right", "what looks good", "how does it look", "what is good", "who is right", "yes what", "ok what now", "ok now what",
    "yes how much", "okay when", "good how long", "right where", "sure why", "is this it?", "is it ok?", "all good?", "everything good?",
    "it is right?", "that's right?", "correct?", "you got it?", "should i say yes", "do i say yes", "did you get it right",
    "klopt dat?", "klopt dat", "is dat goed", "is alles goed", "ok en nu?", "oke en nu", "wat is super", "ja?", "goed?", "is het goed",
    "is dat juist", "ziet dat er goed uit", "ziet het er goed uit", "klinkt dat goed", "klopt het", "klopt alles", "klopt mijn bestelling",
    "wat klopt", "wat is goed", "hoe ziet het eruit", "wie is top", "ja wat", "ja hoe", "ja wanneer", "ja hoeveel", "zeker weten?", "weet je het zeker",
    "ben je zeker", "is dat alles", "mag dat", "kan dat", "moet ik ja zeggen", "en dan",
]  # fmt: skip
DOUBTS = [
    "yes but", "yes but no", "ok maybe", "i think so", "i think that looks right", "i guess that's fine", "probably right", "sounds good i guess",
    "yes if you have oat milk", "yes if it is warm", "ok when it's cheaper", "ok when my friend agrees", "sure unless it takes long", "fine as long as it is quick",
    "yes provided it is free", "yes only if it's decaf", "good except the price", "yes, however", "right, although", "sure, wait", "ok hold on",
    "yes one moment", "ok let me ask my wife", "ok let me think", "not right", "not good", "it is not right", "that's not good", "that isn't right",
    "it doesn't look right", "no yes", "i don't know", "ok...", "yes ...", "well ok but", "not sure that's right", "hopefully that's right", "almost perfect",
    "nearly right", "kind of right", "hardly good", "it was good", "it should be right", "that would be great if", "it could be good", "might be ok",
    "ja als", "ja als het warm is", "prima mits", "prima mits het snel gaat", "akkoord behalve de prijs", "ja tenzij", "ja alleen als het kan", "goed zolang het niet lang duurt",
    "ja maar", "ja misschien", "oke denk ik", "ik denk het wel", "volgens mij klopt het", "ja wacht", "oke even wachten", "ja momentje",
    "ja even overleggen", "dat klopt niet", "het klopt niet helemaal", "niet goed", "is niet goed", "dat is niet juist", "dat ziet er niet goed uit", "bijna goed",
    "bijlange niet", "zou goed kunnen zijn", "zou kunnen kloppen", "ja eventueel", "bwa ja", "hopelijk klopt het", "ik twijfel", "ja twijfel", "ja ...",
]  # fmt: skip
BACKGROUND = [
    "my mate ordered that, it was great", "yes both", "he said yes", "she says it's fine", "they told me it is good", "yes mum i'm coming", "ok google play music",
    "great weather today", "the movie was great", "sure sounds like rain", "good morning", "good afternoon", "sweet dreams", "nice dog", "super mario",
    "i said yes to him", "oh my god that's great news", "you look good", "we look great", "yes dear i took the bins out", "right turn ahead",
    "ok turn left", "cool shoes", "perfect pitch", "correct me if i'm wrong", "the good place", "all right turn it off", "fine dining", "yes minister",
    "thanks", "thank you", "please", "hello", "now", "it", "that", "the order", "my order", "everything", "looks", "you can", "that's", "so", "well",
    "hij zei ja", "mijn vrouw zegt ja", "ja schat ik kom", "goed weer vandaag", "mooi weer", "goedemorgen", "lekker weertje", "leuk zeg", "top drie",
    "ze vonden het goed", "mijn maat had dat, het was super", "ja mam ik kom eraan", "bedankt", "dank je", "graag gedaan", "alsjeblieft", "het", "dat is", "de bestelling",
    "ok siri", "zet de muziek goed hard", "prima vent", "fijn huis", "goed nieuws",
]  # fmt: skip


@pytest.mark.parametrize("said", [*CHANGES, *QUESTIONS, *DOUBTS, *BACKGROUND])
def test_no_yes(lexicon, one, said):
    """A change, a question, a doubt, a condition or background speech never confirms."""
    assert not any(isinstance(c, Yes) for c in analyse(said, one, lexicon).commands)


TRUE = [
    "yes", "Yes.", "YES!", "yes please", "yes please go ahead", "yep that's right", "yeah", "yup", "yes yes", "yess", "yesss", "yeahh", "yse", "ye", "y",
    "sure", "sure thing", "of course", "absolutely", "definitely", "correct", "that is correct", "that's correct, thank you", "it's correct, yes",
    "looks good", "looks good to me", "looks great, thanks", "that looks perfect to me", "everything looks right", "Everything looks great, thanks for double checking",
    "the order is correct, thank you for double checking", "it all looks good", "that all looks good", "yes everything is right", "yes that is what I want",
    "that's what I ordered", "yes you got it", "you've got it right", "yes, you have it correct", "it is", "yes it is", "yes it does", "it sure is, thank you",
    "indeed it is", "ok", "okay", "ok go ahead", "okay, place the order", "go ahead and place the order", "please place my order", "you can place it", "order it",
    "confirm", "yes, confirm it", "perfect", "perfect, thanks", "great, thanks", "good to go", "yes, good to go", "all good", "all good, go ahead", "spot on",
    "sounds good", "sounds great to me", "that works", "works for me", "do it", "let's do it", "go for it", "fine", "that's fine", "that's fine with me", "alright",
    "uh huh", "uh yes please", "oh yes", "yes sir", "yes, no problem", "yep, no issues", "yes that's everything", "👍", "👌🏽", "✅",
    "ja", "ja!", "jaa", "jaaa", "jazeker", "jazeker doe maar", "ja hoor prima", "ja hoor", "ja graag", "ja doe maar", "doe maar", "klopt", "klopt helemaal, bestel maar",
    "dat klopt", "dat klopt helemaal", "alles klopt", "ja alles klopt", "het klopt", "ja dat is goed", "dat is helemaal goed", "prima", "prima, doe maar", "prima hoor", "akkoord", "helemaal akkoord",
    "ziet er goed uit", "dat ziet er goed uit", "het ziet er perfect uit, dank je", "klinkt goed", "ja perfect", "perfect, bedankt", "top", "top, doe maar", "oke", "oké dan", "okee prima",
    "ja bestel maar", "bestel maar", "plaats de bestelling maar", "ja plaats maar", "zeker", "zeker weten", "zeker en vast", "natuurlijk", "tuurlijk, doe maar", "ga je gang",
    "inderdaad", "juist", "ja juist", "ja dat is het", "helemaal goed zo", "in orde", "da's in orde", "ja da's goed", "allez ja", "ja merci", "ja, dat is prima voor mij",
    "yes hoor", "jep", "j", "vooruit maar", "is goed", "is goed hoor", "dat is wat ik wil", "dat is wat ik besteld heb",
]  # fmt: skip


@pytest.mark.parametrize("said", TRUE)
def test_a_true_yes(read, one, said):
    """People agree in many ways, in English, Dutch and Flemish, with slips of the fingers."""
    assert read(said, one) == ["Yes"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("fine, one more", ["add 1 latte"]),
        ("yes, one latte", ["Yes"]),
        ("Yes, it is a latte.", ["Yes"]),
        ("One latte. Yes.", ["Yes"]),
        ("ja, een latte, klopt", ["Yes"]),
        ("yes, also a latte", ["add 1 latte"]),
        ("one latte, right?", ["say hesitation"]),
        ("yes change it", ["say change"]),
        ("can we change that, please", ["say change"]),
        ("ja ik wil het veranderen", ["say change"]),
        ("no problem", ["say hesitation"]),
        ("no changes", ["say hesitation"]),
        ("nee, prima", ["say hesitation"]),
        ("no it's wrong", ["No"]),
    ],
)
def test_what_else_it_comes_to(read, one, said, meant):
    """What is said again is no wish; a wish to change is heard; a no that takes itself back is asked again."""
    assert read(said, one) == meant


YESES = st.sampled_from([t for t in TRUE if t[0].isalpha()])
FRAGMENTS = st.sampled_from([
    "change it", "make it large", "with oat milk", "without sugar", "but smaller", "not that", "another one", "two of them", "and a muffin", "add a croissant", "remove it",
    "is that right", "how much is it", "what is it", "when is it ready", "?", "unless it rains", "if possible today", "maybe", "wait", "at the other store", "hold on", "no", "cancel",
    "except the milk", "i want decaf", "to my office", "for tomorrow", "later", "let me see the menu", "who are you",
    "maar groter", "met havermelk", "zonder suiker", "niet die", "nog een", "en een croissant", "verander het", "haal weg", "klopt dat wel", "hoeveel kost het", "wanneer is het klaar",
    "tenzij het regent", "mits", "als het kan morgen", "wacht even", "annuleer", "nee", "behalve de melk", "ik wil decaf", "voor morgen", "straks", "liever thee", "misschien",
])  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(yes=YESES, fragment=FRAGMENTS, joint=st.sampled_from([" ", ", ", ". ", " and "]), before=st.booleans())
def test_a_yes_with_anything_more_is_never_bare(lexicon, one, yes, fragment, joint, before):
    """Whatever edit, question, condition or negation stands beside a yes, no yes comes of it."""
    said = f"{fragment}{joint}{yes}" if before and fragment != "?" else f"{yes}{joint}{fragment}"
    assert not any(isinstance(c, Yes) for c in analyse(said, one, lexicon).commands), said


@pytest.mark.parametrize("said", ["yes?", "Yes ?", "yes??"])
def test_a_buttons_label_with_a_question_mark_asks(lexicon, one, said):
    """Beside a button "Yes", "yes?" is no press of it."""
    button = Shown("token", "Yes", Yes(Evidence("", "given")))
    assert not any(isinstance(c, Yes) for c in analyse(said, replace(one, shown=(button,)), lexicon).commands)


@pytest.mark.parametrize("said", ["yes", "Yes!", "Toppie"])
def test_a_buttons_label_typed_is_the_button(lexicon, one, said):
    button = Shown("token", "Yes", Yes(Evidence("", "given")))
    assert any(isinstance(c, Yes) for c in analyse(said, replace(one, shown=(button,)), lexicon).commands)
