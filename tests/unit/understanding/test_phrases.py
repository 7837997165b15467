"""Phrases that mean the same from every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.state import Pending


@pytest.mark.parametrize(
    ("what", "phrases"),
    [
        ("cancel", ["cancel", "never mind", "could you cancel that please", "laat maar", "annuleer mijn bestelling"]),
        ("undo", ["undo", "oh no, undo that order", "ongedaan maken", "o nee, maak die bestelling ongedaan"]),
        ("repeat", ["say that again please", "what did you say", "wat zei je", "kun je dat herhalen"]),
        ("help", ["help", "what can I say", "hoe werkt dit", "help me"]),
        ("person", ["can I talk to a human please", "ik wil een medewerker spreken", "operator", "een mens graag"]),
        ("stop", ["stop", "exit", "hou op", "stop maar"]),
        ("unsubscribe", ["stop messaging me", "meld me af", "geen berichten meer"]),
        ("checkout", ["that's all", "no that's all", "nothing else", "dat was het", "verder niks", "nee dat is alles"]),
        ("start_over", ["start over", "remove everything", "opnieuw beginnen", "maak het mandje leeg"]),
        ("greeting", ["hi", "good morning", "hoi", "goedemiddag"]),
        ("thanks", ["thanks", "thank you very much", "dank je wel", "merci"]),
        ("bot", ["are you human?", "ben je een robot?", "ben jij een mens of een robot?"]),
        ("goodbye", ["bye", "tot ziens"]),
        ("wait", ["hold on", "wacht even"]),
        ("skip", ["skip", "next question", "sla maar over"]),
        ("any", ["no preference", "it doesn't matter", "whichever", "maakt niet uit", "doe maar wat", "wat dan ook"]),
    ],
)
def test_global_phrases(read, what, phrases):
    """Many wordings in both languages, politeness around them forgiven."""
    assert {phrase: read(phrase) for phrase in phrases} == {phrase: [f"say {what}"] for phrase in phrases}


@pytest.mark.parametrize(
    "said",
    ["I can't breathe", "my throat is swelling, a latte please", "bel een ambulance", "ik krijg geen lucht"],
)
def test_an_emergency_comes_before_everything(read, basket, said):
    """From every state, whatever else is in the words."""
    assert read(said, replace(basket, pending=Pending("confirm", subject="x"))) == ["say emergency"]


@pytest.mark.parametrize(
    ("said", "language"),
    [("in het Nederlands graag", "nl"), ("kunnen we Nederlands praten?", "nl"), ("English please", "en")],
)
def test_the_language_can_be_switched(read, said, language):
    """By its name in either language."""
    assert read(said) == [f"language {language}"]


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("my usual", "usual"),
        ("doe maar hetzelfde als altijd", "usual"),
        ("can you order my usual please", "usual"),
        ("I want to order", "order"),
        ("ik wil graag bestellen", "order"),
        ("where is my order", "status"),
    ],
)
def test_an_intents_own_utterance_begins_it(read, said, intent):
    """The manifest's samples without slots are known word for word."""
    assert read(said) == [f"start order_coffee.{intent}"]


@pytest.mark.parametrize("said", ["", "   ", "\u202e\u202d\u200b", "\x00\x07", "?!...", "🙂"])
def test_input_without_a_meaning_is_not_understood(read, said):
    """Empty and invisible input gives a useful command, never an exception."""
    assert read(said) == ["NotUnderstood"]


def test_a_huge_input_is_read_in_bounded_time(lexicon, context):
    """Only the beginning of 100 kB is analysed."""
    from sayso.understanding.local import analyse

    assert len(analyse("qzx latte " * 10_000, context, lexicon).text) <= 800
