"""A merchant whose own intents are for what global phrases and questions mean goes first, but never for what is
reached from every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.manifest.specs import Artefact, IntentSpec, SkillSpec
from sayso.model.command import Candidate, Evidence, No, NotUnderstood, Question, Say, Start
from sayso.model.event import Event, Utterance
from sayso.model.state import Pending
from sayso.understanding import LocalEmbedder, create, train
from sayso.understanding.context import Context
from sayso.understanding.intents.claims import compile_claims
from sayso.understanding.intents.classify import believed
from sayso.understanding.intents.samples import claims_of
from sayso.understanding.intents.views import Commons
from sayso.understanding.lexicon import compile_lexicon
from sayso.understanding.talk import told

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
INTENTS = {
    "indifferent": (
        "read",
        {
            "en": ("it does not matter to me", "any of those suits me", "I am easy about it", "all the same to me"),
            "nl": ("het maakt me niet uit", "mij is alles goed"),
        },
    ),
    "praised": ("read", {"en": ("well done", "you did a fine job there", "splendid work"), "nl": ("goed gedaan",)}),
    "parcel": (
        "read",
        {
            "en": ("where is my parcel", "how long until my order is ready", "has my package left", "track my parcel"),
            "nl": ("waar is mijn pakje", "is mijn bestelling al onderweg"),
        },
    ),
    "flights": (
        "read",
        {
            "en": ("which flights go to Oslo in May", "find me a flight to Rome", "what does a flight to Lisbon cost"),
            "nl": ("welke vluchten gaan er in mei naar Oslo", "zoek een vlucht naar Rome"),
        },
    ),
    "payments": (
        "read",
        {
            "en": ("show me the payments on my card", "what did I spend on my card", "I want to see my transactions"),
            "nl": ("laat de betalingen met mijn kaart zien", "wat heb ik met mijn kaart uitgegeven"),
        },
    ),
    "ended": ("read", {"en": ("cancel", "I want to speak to a person"), "nl": ("annuleren",)}),
    "bought": ("purchase", {"en": ("good evening to you all",), "nl": ("goedenavond samen",)}),
}


def kept(artefact: Artefact, fulfilment: str) -> Artefact:
    """A merchant with those intents alone, fulfilled so."""
    intents = {
        name: IntentSpec(name, "own", effect, "none", "any", utterances, titles={"en": name})
        for name, (effect, utterances) in INTENTS.items()
    }
    skill = SkillSpec("own", "1", fulfilment, {"en": "Own"}, intents, {})
    return replace(artefact, digest=fulfilment, skills={"own": skill}, answers={})


@pytest.fixture(scope="module")
def own(lexicon) -> Artefact:
    return kept(lexicon.artefact, "webhook")


@pytest.fixture(scope="module")
def claims(own):
    return compile_claims(own, compile_lexicon(own))


@pytest.fixture(scope="module")
def hear(own):
    embedder = LocalEmbedder()
    commons = Commons(embedder)
    cascade = create(embedder, commons=commons)
    trained = replace(own, trained=train(own, embedder, commons))

    async def heard(text: str, pending: Pending | None = None, language: str = "en"):
        event = Event("1", "own", "web", "t", "someone", NOW, Utterance(text))
        return (await cascade.understand(event, Context(language, NOW, pending), trained, 30.0)).commands

    return heard


def test_only_what_a_merchant_fulfils_itself_is_claimed(own, lexicon):
    """The built-in kinds go together with the global questions; what buys claims nothing."""
    assert claims_of(own) == {f"intent:own.{name}" for name in INTENTS if name != "bought"}
    assert claims_of(kept(lexicon.artefact, "answer")) == frozenset()


def test_a_phrase_in_a_sample_is_claimed(claims):
    """In either language."""
    assert {"any"} <= claims.phrases


def test_what_is_reached_from_every_state_is_never_claimed(claims):
    """Not even where a sample says just that."""
    said = Evidence("", "local")
    assert claims.exactly(Say("cancel", said), "cancel") is None
    assert not claims.doubt(Say("person", said), "I want to speak to a person")


def test_a_sample_as_it_stands_is_its_intent(claims):
    """Before the small talk that it is elsewhere."""
    started = claims.exactly(Say("smalltalk", Evidence("", "local")), "well done!")
    assert started is not None
    assert [c.id for c in started.intents] == ["own.praised"]
    assert claims.exactly(Say("smalltalk", Evidence("", "local")), "well done indeed") is None


def test_a_merchant_without_claims_doubts_nothing(lexicon):
    """Where everything is built in, a phrase means what it means."""
    plain = compile_claims(lexicon.artefact, lexicon)
    evidence = Evidence("", "local", 0.9)
    assert not plain.doubt(Say("carry_on", evidence), "let us carry on where we were")
    assert plain.exactly(No(evidence), "no") is None


def test_an_intent_that_changes_nothing_is_believed_sooner():
    """To be asked to say it again is the worse mistake there."""
    ranked = (Candidate("intent:own.praised", 0.2), Candidate("intent:own.parcel", 0.1))
    assert believed(ranked) is None
    assert believed(ranked, {"intent:own.praised"}) == ranked[0]
    assert believed((Candidate("oos", 0.9), *ranked), {"intent:own.praised"}) is None


def test_what_is_for_nobody_yields_to_an_intent_that_is_nearly_as_likely(claims):
    """An intent that changes nothing, from half as likely on."""
    nobody, near = Candidate("oos", 0.8), Candidate("intent:own.parcel", 0.5)
    assert claims.first((nobody, near))[0] == near
    assert claims.first((nobody, replace(near, score=0.3)))[0] == nobody


def test_a_phrase_that_may_not_be_meant_stands_before_nothing(claims):
    """ "Can I still cancel?" cancels nothing, so that what is next is heard; where it may be meant it goes first."""
    ranked = (Candidate("say:cancel", 0.9), Candidate("intent:own.ended", 0.6))
    assert claims.first(ranked)[0].id == "say:cancel"
    assert claims.first(ranked, lambda what: what != "cancel")[0].id == "intent:own.ended"


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("well done!", "en", "own.praised"),
        ("does not matter to me", "en", "own.indifferent"),
        ("how long until my parcel is here", "en", "own.parcel"),
        ("when will my order be ready", "en", "own.parcel"),
        ("mij maakt het niets uit", "nl", "own.indifferent"),
        ("find me a flight to Madrid for under $300", "en", "own.flights"),
        ("zoek de goedkoopste vlucht naar Rome in mei", "nl", "own.flights"),
        ("let me check the payments on my card", "en", "own.payments"),
    ],
)
async def test_what_own_samples_are_for_begins_their_intent(hear, text, language, intent):
    """As a sample says it or in other words."""
    (command,) = await hear(text, language=language)
    assert isinstance(command, Start)
    assert command.intents[0].id == intent


@pytest.mark.parametrize(
    ("text", "what"),
    [("cancel", "cancel"), ("I want to speak to a person", "person"), ("hold on, I have to think", "wait")],
)
async def test_a_person_and_a_cancel_stay_in_reach(hear, text, what):
    """Whatever the samples of a merchant say."""
    (command,) = await hear(text)
    assert isinstance(command, Say)
    assert command.what == what


async def test_where_something_was_asked_the_phrase_answers_it(hear):
    """ "It does not matter to me" is no intent while a question is open."""
    (command,) = await hear("it does not matter to me", Pending("slot", intent="own.parcel", slot="which"))
    assert isinstance(command, Say)
    assert command.what == "any"


async def test_what_nothing_is_for_is_not_understood(hear):
    """A lower threshold is still one."""
    (command,) = await hear("the turbines of the dam were replaced by engineers")
    assert isinstance(command, NotUnderstood | Question)


@pytest.mark.parametrize("what", ["link", "unlink", "links"])
def test_what_is_linked_is_told_by_words_of_its_samples_alone(lexicon, what):
    """A sentence that is only near to it in meaning is about something else."""
    assert not told(what, "my brain needs fuel", lexicon)
    assert told("smalltalk", "my brain needs fuel", lexicon)
