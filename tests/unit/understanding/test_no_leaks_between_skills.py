"""No word of one skill's slot values fills another skill's slot: only those of the skill in play, or the one named."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.manifest.specs import ChoiceValue, IntentSpec, SkillSpec, SlotSpec
from sayso.model.command import Fill, Start
from sayso.model.state import Pending
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon, compile_lexicon, compile_tongues
from sayso.understanding.local import analyse

WORDS = ("velvet", "granite", "harbour", "lantern", "meadow", "copper", "thistle", "juniper", "saffron", "cobalt")
NAMES = ("kind", "style", "type", "range")
IDS = ("one", "two", "three")
BESIDE = {
    "when": SlotSpec("when", "time"),
    "day": SlotSpec("day", "date"),
    "people": SlotSpec("people", "party"),
    "place": SlotSpec("place", "location"),
    "remark": SlotSpec("remark", "text"),
    "who": SlotSpec("who", "person"),
}


TONGUES = compile_tongues(("en", "nl"))


@dataclass(frozen=True)
class Pair:
    """Two skills of one merchant; `foreign` are the names of the second one's values."""

    lexicon: Lexicon
    first: IntentSpec
    second: IntentSpec
    foreign: tuple[str, ...]


@st.composite
def pairs(draw: st.DrawFn, lexicon: Lexicon) -> Pair:
    """Two skills whose slots may bear the same names, and whose values the same ids, but not the same words."""
    words = draw(st.permutations(WORDS))
    names = [draw(st.sampled_from(NAMES)) for _ in range(2)]
    chosen = (words[:3], words[3:6])
    skills = {}
    for id, name, values in zip(("errands", "repairs"), names, chosen, strict=True):
        called = {i: ChoiceValue(i, {"en": w, "nl": w}) for i, w in zip(IDS, values, strict=True)}
        choice = SlotSpec(name, "choice", required=True, values=called)
        more = draw(st.lists(st.sampled_from(sorted(BESIDE)), unique=True, max_size=3))
        slots = {name: choice, **{each: BESIDE[each] for each in more}}
        said = {"en": (f"please {id} my {{{name}}}",), "nl": (f"graag {id} van mijn {{{name}}}",)}
        intent = IntentSpec("do", id, "write", "read_back", "", said, slots)
        skills[id] = SkillSpec(id, "1", "python", {"en": id}, {"do": intent}, {})
    compiled = compile_lexicon(replace(lexicon.artefact, skills=skills), TONGUES)
    return Pair(compiled, skills["errands"].intents["do"], skills["repairs"].intents["do"], tuple(chosen[1]))


def _heard(pair: Pair, text: str, context: Context) -> tuple[set[str], set[str]]:
    """The intents that begin, and the slots that are filled."""
    commands = analyse(text, context, pair.lexicon).commands
    started = {c.intents[0].id for c in commands if isinstance(c, Start)}
    return started, {c.slot for c in commands if isinstance(c, Fill)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_foreign_words_fill_nothing(lexicon: Lexicon, context: Context, data: st.DataObject) -> None:
    """While one skill is busy, the bare name of another's value fills no choice, time, place or party of it."""
    pair = data.draw(pairs(lexicon))
    word = data.draw(st.sampled_from(pair.foreign))
    asked = data.draw(st.sampled_from([s for s in pair.first.slots.values() if s.type not in ("text", "person")]))
    busy = replace(context, intent="errands.do", pending=Pending("slot", intent="errands.do", slot=asked.name))
    text = data.draw(st.sampled_from((f"{word}", f"the {word} please", f"I'd like {word}", f"doe maar {word}")))
    started, filled = _heard(pair, text, busy)
    assert started <= {"repairs.do"}
    assert started or not filled


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_skill_that_is_named_takes_its_own_words(lexicon: Lexicon, context: Context, data: st.DataObject) -> None:
    """Who names another skill in the middle of one begins it, and its words fill its own slots alone."""
    pair = data.draw(pairs(lexicon))
    word = data.draw(st.sampled_from(pair.foreign))
    choice = next(s.name for s in pair.second.slots.values() if s.type == "choice")
    busy = replace(context, intent="errands.do", pending=Pending("slot", intent="errands.do", slot=choice))
    started, filled = _heard(pair, f"please repairs my {word}", busy)
    assert started == {"repairs.do"}
    assert filled == {choice}
