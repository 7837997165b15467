"""The skill package that Amazon is given."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from sayso.channels.alexa import read_limits
from sayso.channels.alexa.export import skill_manifest, skill_package
from sayso.channels.alexa.intents import BUILT_IN
from sayso.channels.alexa.model import aims_of, carriers, interaction_model
from sayso.channels.alexa.samples import normal
from sayso.errors import Theirs
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import ChannelSpec

LIMITS = read_limits().export
ENDPOINT = "https://shop.example/v1/alexa/bar"


@pytest.fixture(scope="module")
def model(artefact):
    return interaction_model(artefact, "en", LIMITS)["interactionModel"]["languageModel"]


def intents(model):
    return {intent["name"]: intent for intent in model["intents"]}


def test_the_package_has_a_model_for_each_locale(artefact):
    """One language of ours is several locales of Amazon's; Dutch is left to the other channels."""
    files = skill_package(artefact, ENDPOINT, LIMITS)
    locales = {name.rpartition("/")[2] for name in files if "interactionModels" in name}
    assert locales == {"en-US.json", "en-GB.json", "en-AU.json", "en-CA.json", "en-IN.json"}


def test_a_language_that_alexa_lacks_is_refused(artefact):
    """Dutch: the error says which languages there are."""
    with pytest.raises(Theirs) as error:
        interaction_model(artefact, "nl", LIMITS)
    assert "'nl'" in error.value.text and "en" in error.value.mend


def test_a_merchant_without_a_language_of_alexas_is_refused(artefact):
    """Nothing could be exported."""
    dutch = replace(artefact, merchant=replace(artefact.merchant, languages=("nl",)))
    with pytest.raises(Theirs):
        skill_package(dutch, ENDPOINT, LIMITS)


def test_amazons_standard_intents_are_there(model):
    """Help, cancel and stop are required; the others are global commands of ours."""
    assert set(BUILT_IN) <= set(intents(model))


def test_free_wording_gets_an_intent_for_its_carrier_phrase(model):
    """The words around the slot are kept in the intent's name."""
    order = intents(model)["Say_can_i_get_WORDS_please"]
    assert order["samples"] == ["can i get {words} please"]
    assert order["slots"] == [{"name": "words", "type": "AMAZON.SearchQuery"}]


def test_free_wording_alone_is_the_bare_wish(model):
    """A phrase slot alone is refused by Amazon; a custom type is not."""
    say = intents(model)["Say"]
    assert (say["samples"], say["slots"]) == (["{wish}"], [{"name": "wish", "type": "Wish"}])


def test_typed_slots_keep_the_skills_own_intent(model):
    """A sample without free wording."""
    order = intents(model)["order_coffee_DOT_order"]
    assert order["samples"] == ["let's eat at {store} {service}"]
    assert {slot["name"]: slot["type"] for slot in order["slots"]} == {
        "store": "Location",
        "service": "order_coffee_DOT_order_service",
    }


def test_the_catalog_is_the_wishes_type(model):
    """Articles, options and places, with their other names, each word once."""
    wishes = {v["id"]: v["name"] for t in model["types"] if t["name"] == "Wish" for v in t["values"]}
    assert wishes["latte"] == {"value": "latte", "synonyms": []}
    assert wishes["flat_white"] == {"value": "flat white", "synonyms": ["flattie", "seven oz"]}
    assert wishes["milk/oat"] == {"value": "oat milk", "synonyms": ["oat"]}
    assert wishes["dam"] == {"value": "dam square", "synonyms": []}


@pytest.mark.parametrize(
    ("sample", "written"),
    [
        ("Can I get {items}, please?", "can i get {items} please"),
        ("order 2 {items}!", "order two {items}"),
        ("I’d like {items} & {more}", "i'd like {items} and {more}"),
        ("my go-to drink", "my go-to drink"),
        ("where's my order…", "where's my order"),
        ("3.5 - really?", "three five really"),
    ],
)
def test_samples_are_written_in_amazons_alphabet(sample, written):
    """No digits and no punctuation but that of words."""
    assert normal(sample, "en") == written


def test_every_name_and_sample_keeps_amazons_rules(model):
    """Names of letters and single underscores; samples of letters, spaces, apostrophes, hyphens, periods and slots."""
    for intent in model["intents"]:
        if not intent["name"].startswith("AMAZON."):
            assert re.fullmatch(r"[A-Za-z]+(?:_[A-Za-z]+)*", intent["name"])
        for sample in intent["samples"]:
            assert re.fullmatch(r"(?:[a-z .'\-]|\{[A-Za-z_]+\})+", sample), sample


def test_references_in_the_model_hold(model):
    """What the schema does not check: slots declared, types defined, samples unique, phrases carried."""
    types = {t["name"] for t in model["types"]}
    shapes = []
    for intent in model["intents"]:
        slots = {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
        assert all(type_ in types or type_.startswith("AMAZON.") for type_ in slots.values())
        for sample in intent["samples"]:
            used = re.findall(r"\{(\w+)\}", sample)
            assert set(used) <= set(slots)
            if any(slots[name] == "AMAZON.SearchQuery" for name in used):
                assert len(used) == 1 and re.sub(r"\{\w+\}", "", sample).strip()
            shapes.append(re.sub(r"\{\w+\}", "{}", sample))
    assert len(shapes) == len(set(shapes))
    assert len(intents(model)) == len(model["intents"])


def test_carrier_phrases_are_well_formed():
    """Each has one place for the rest, and something before or after it."""
    for phrases in carriers().values():
        assert len(phrases) == len(set(phrases))
        assert all(phrase.count("{words}") == 1 and phrase != "{words}" for phrase in phrases)


@pytest.mark.parametrize(
    "name", ["Corner Bar", "bar", "open the bar", "the bar", "coffee 2 go", "my skill bar", "corner, bar", ""]
)
def test_an_invocation_name_that_amazon_refuses_is_refused(artefact, name):
    """Before it is sent there; an empty one means the merchant's name, here one word."""
    channel = ChannelSpec("alexa", "id", {"invocation_name": name})
    merchant = replace(artefact.merchant, channels=(channel,), names={"en": "Bar"})
    with pytest.raises(Theirs) as error:
        interaction_model(replace(artefact, merchant=merchant), "en", LIMITS)
    assert error.value.code == "invocation_name"


@pytest.mark.parametrize("endpoint", ["http://shop.example/x", "https://shop.example:8443/x", "shop.example", ""])
def test_an_endpoint_that_alexa_cannot_call_is_refused(artefact, endpoint):
    """HTTPS on port 443."""
    with pytest.raises(Theirs):
        skill_manifest(artefact, endpoint)


def test_the_manifest_says_that_it_sells(artefact):
    """A skill that takes orders declares it."""
    manifest = skill_manifest(artefact, ENDPOINT)["manifest"]
    assert manifest["privacyAndCompliance"]["isChildDirected"] is False
    assert manifest["privacyAndCompliance"]["allowsPurchases"] is True
    assert manifest["apis"]["custom"]["endpoint"] == {"uri": ENDPOINT, "sslCertificateType": "Trusted"}
    assert manifest["events"]["endpoint"] == manifest["apis"]["custom"]["endpoint"]
    listing = manifest["publishingInformation"]["locales"]["en-US"]
    assert listing["examplePhrases"] == [
        "Alexa, open corner bar",
        "Alexa, ask corner bar for two oat lattes to go",
        "Alexa, ask corner bar for my usual",
    ]


@pytest.mark.parametrize("definition", ["interactionModel.InteractionModelData", "Manifest.SkillManifestEnvelope"])
def test_amazons_own_schema_accepts_the_package(artefact, data, definition):
    """The definitions of Amazon's management API, which wants a synonym where Amazon's own samples have none."""
    spec = json.loads((data / "schema" / "smapi_spec.swagger2.json").read_text())
    schema = {"$ref": f"#/definitions/v1.skill.{definition}", "definitions": spec["definitions"]}
    files = skill_package(artefact, ENDPOINT, LIMITS)
    for name, content in files.items():
        if ("interactionModels" in name) == ("interactionModel" in definition):
            faults = list(Draft4Validator(schema).iter_errors(content))
            assert [fault.json_path for fault in faults if fault.absolute_path[-1] != "synonyms"] == []


ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def merchants():
    """The merchants that are shipped, as they would be published."""
    loaded = load_tree(ROOT / "manifests", ROOT / "skills").merchants
    return {id: compile_artefact(draft, lambda bare: b"") for id, draft in loaded.items()}


@pytest.mark.parametrize("merchant", ["clothing_shop", "coffee_bar", "makeup_counter", "workshop"])
def test_what_is_shipped_can_be_exported(merchants, merchant, data):
    """Amazon's schema takes it, every reference of the model and of its dialog holds, and directives aim at nothing
    else than what is there."""
    spec = json.loads((data / "schema" / "smapi_spec.swagger2.json").read_text())
    name = "v1.skill.interactionModel.InteractionModelData"
    schema = {"$ref": f"#/definitions/{name}", "definitions": spec["definitions"]}
    whole = interaction_model(merchants[merchant], "en", LIMITS)
    faults = Draft4Validator(schema).iter_errors(whole)
    assert [fault.json_path for fault in faults if fault.absolute_path[-1] != "synonyms"] == []
    model = whole["interactionModel"]
    test_references_in_the_model_hold(model["languageModel"])
    test_every_name_and_sample_keeps_amazons_rules(model["languageModel"])
    spoken = {i["name"]: {s["name"]: s["type"] for s in i.get("slots", ())} for i in model["languageModel"]["intents"]}
    prompts = {prompt["id"]: prompt["variations"][0]["value"] for prompt in model["prompts"]}
    assert all(text.strip() and not set("{}") & set(text) for text in prompts.values())
    for intent in model["dialog"]["intents"]:
        assert {slot["name"]: slot["type"] for slot in intent["slots"]} == spoken[intent["name"]]
        used = [*intent["prompts"].values(), *(id for slot in intent["slots"] for id in slot["prompts"].values())]
        assert set(used) <= set(prompts)
        assert all(bool(slot["prompts"]) is slot["elicitationRequired"] for slot in intent["slots"])
    targets = aims_of(merchants[merchant], LIMITS).languages["en"]
    assert {name: set(target.slots) for name, target in targets.items()} == {
        intent["name"]: set(spoken[intent["name"]]) for intent in model["dialog"]["intents"]
    }
    assert "Answer" in targets


def test_what_has_nothing_to_choose_from_is_left_out(merchants):
    """A workshop without people by name: Amazon takes no empty type."""
    merchant = replace(merchants["workshop"].merchant, staff={})
    model = interaction_model(replace(merchants["workshop"], merchant=merchant), "en", LIMITS)["interactionModel"]
    assert all(type_["values"] for type_ in model["languageModel"]["types"])
    test_references_in_the_model_hold(model["languageModel"])
    booked = next(i for i in model["languageModel"]["intents"] if i["name"] == "book_appointment_DOT_book")
    assert "staff" not in {slot["name"] for slot in booked["slots"]} and booked["samples"]


def test_the_address_names_the_models(artefact):
    """So the host knows what Amazon has."""
    manifest = skill_package(artefact, ENDPOINT, LIMITS)["skill-package/skill.json"]["manifest"]
    expected = f"{ENDPOINT}/{aims_of(artefact, LIMITS).id}"
    assert manifest["apis"]["custom"]["endpoint"]["uri"] == expected


def test_one_language_may_be_exported(artefact):
    """One that the merchant does not speak, or Alexa does not, is refused by name."""
    assert skill_package(artefact, ENDPOINT, LIMITS, ("en",)).keys() == skill_package(artefact, ENDPOINT, LIMITS).keys()
    for language in ("nl", "de"):
        with pytest.raises(Theirs, match=f"'{language}'"):
            skill_package(artefact, ENDPOINT, LIMITS, (language,))


def test_a_skill_for_children_sells_nothing(artefact):
    """One that sells is refused; one that does not says so, and asks for no position."""
    (channel,) = artefact.merchant.channels
    settings = {**channel.settings, "child_directed": True}
    merchant = replace(artefact.merchant, channels=(replace(channel, settings=settings),))
    selling = replace(artefact, merchant=merchant)
    with pytest.raises(Theirs, match="children"):
        skill_manifest(selling, ENDPOINT)
    skill = artefact.skills["order_coffee"]
    reading = {name: replace(intent, effect="read") for name, intent in skill.intents.items()}
    told = replace(selling, skills={"order_coffee": replace(skill, intents=reading)})
    manifest = skill_manifest(told, ENDPOINT)["manifest"]
    assert manifest["privacyAndCompliance"]["isChildDirected"] is True
    assert manifest["privacyAndCompliance"]["allowsPurchases"] is False
    assert manifest["permissions"] == []
