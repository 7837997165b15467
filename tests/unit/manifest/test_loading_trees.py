"""Loading: one bad part never stops the others, and no file makes it raise."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.read import parse_csv, parse_yaml
from sayso.manifest.schema import NAMES, schema_text
from sayso.model.money import Money


def test_everything_is_resolved(tree):
    """The specs say what the files say."""
    draft = tree.load().merchants["kiosk"]
    dam = draft.merchant.locations["dam"]
    assert [(o.opens, o.closes, o.last_orders_minutes) for o in dam.weekly[1]] == [
        (time(7, 30), time(12), 10),
        (time(13), time(19), 10),
    ]
    assert dam.weekly[7] == () and dam.weekly[6][0].closes == time(1)
    assert dam.holidays[0].on == date(2026, 12, 25)
    assert dam.delivery and dam.delivery.areas == ("1011", "1012AB")
    assert dam.delivery.fee == Money(250, "EUR")
    assert draft.merchant.max_amount == Money(8000, "EUR")
    assert draft.catalog.products["latte"].price == 350
    assert draft.catalog.products["latte"].only == {"size": ("small", "large")}
    assert draft.catalog.products["espresso"].allergens == ()
    assert draft.catalog.products["muffin"].opening_stock == 12
    assert draft.catalog.options["milk"].values["oat"].price == 50
    assert draft.catalog.vat_rates == {"low": 900, "high": 2100}
    assert draft.skills["drinks"].settings == {"days": 7, "notes": False}
    assert draft.skills["drinks"].intents["order"].slots["postcode"].when == {"service": ("delivery",)}


def test_replies_are_base_then_skill_then_merchant(tree):
    """A merchant's words win, and slots' questions and answers are replies."""
    replies = tree.load().merchants["kiosk"].replies
    assert replies["drinks.hello"]["en"].text == "Hello {who}!"
    assert replies["bot_notice"]["nl"].text
    assert replies["prompt:drinks.order.store"]["nl"].text == "Welke zaak: {options, list}?"
    assert replies["prompt:drinks.order.store"]["nl"].reprompt == "Noem een zaak."
    assert replies["answer:wifi"]["nl"].text == "Het netwerk heet Kiosk."


def test_an_authors_own_keys_are_let_be(tree):
    """Keys that begin with x- are open everywhere and mean nothing."""
    tree.change("merchant", "country: NL", "country: NL\nx-note: mine\npersona: {name: Pip, x-mood: sunny}")
    tree.change("merchant", "queue: {capacity: 6}", "queue: {capacity: 6, x-machine: old}")
    tree.change("merchant", "  web: {}", "  web: {x-a: b}\n  x-soon: {whatsapp: true}")
    tree.change("merchant", '{text: "Hello {who}!"', '{x-by: me, text: "Hello {who}!"')
    assert tree.faults() == []
    assert [channel.name for channel in tree.load().merchants["kiosk"].merchant.channels] == ["web", "alexa"]


def test_a_bad_merchant_does_not_stop_the_others(tree, make_tree):
    """The sound merchant is loaded, the bad one told."""
    other = tree.root / "manifests" / "other"
    other.mkdir()
    (other / "merchant.yaml").write_text("id: [", "utf-8")
    loaded = tree.load()
    assert list(loaded.merchants) == ["kiosk"]
    assert any(fault.file.endswith("other/merchant.yaml") for fault in loaded.faults)


def test_a_bad_skill_does_not_stop_the_merchants_others(tree):
    """The merchant goes without the bad skill, and says which."""
    bad = tree.root / "skills" / "broken"
    bad.mkdir()
    (bad / "skill.yaml").write_text("id: broken\n", "utf-8")
    tree.change("merchant", "  drinks: {settings", "  broken: {}\n  drinks: {settings")
    draft = tree.load().merchants["kiosk"]
    assert draft.left_out == ("broken",)
    assert draft.merchant.skills == ("drinks",)


def test_a_merchant_without_a_sound_skill_is_left_out(tree):
    """A merchant that can do nothing is not published; its fault says why."""
    tree.change("skill", "say_so: read_back", "say_so: none")
    loaded = tree.load()
    assert loaded.merchants == {}
    assert "no_skill" in {fault.code for fault in loaded.faults}


def test_a_folder_that_is_not_there_is_a_fault(tmp_path):
    """Nothing to load is told, not raised."""
    loaded = load_tree(tmp_path / "none", tmp_path / "none either")
    assert "missing_file" in {fault.code for fault in loaded.faults}


def test_the_digest_follows_the_content(tree):
    """The same files give the same address, another price another one."""
    first = compile_artefact(tree.load().merchants["kiosk"])
    again = compile_artefact(tree.load().merchants["kiosk"])
    tree.change("catalog", "2.60", "2.70")
    dearer = compile_artefact(tree.load().merchants["kiosk"])
    assert first.digest == again.digest != dearer.digest
    assert first.catalog.version == again.catalog.version != dearer.catalog.version


def test_what_is_trained_is_part_of_the_address(tree):
    """Training sees the artefact, and its outcome is addressed too."""
    draft = tree.load().merchants["kiosk"]
    one = compile_artefact(draft, lambda artefact: artefact.merchant.id.encode())
    other = compile_artefact(draft, lambda artefact: b"other")
    assert one.trained == b"kiosk"
    assert one.digest != other.digest


def test_words_that_yaml_1_1_reads_as_booleans_stay_words(tmp_path):
    """`no`, `on` and a date are text; true is a boolean."""
    source = parse_yaml(tmp_path, "a: no\non: yes\nday: 2026-12-25\nb: true\nn: 012\nbig: 1e400\n")
    assert source.data == {"a": "no", "on": "yes", "day": "2026-12-25", "b": True, "n": 12, "big": "1e400"}


def test_escaped_surrogates_become_characters(tmp_path):
    """A pair is one character, a lone one is replaced: what is read can be written again."""
    source = parse_yaml(tmp_path, '{"a": "\\ud83d\\ude00", "b": "\\ud800"}')
    assert source.data == {"a": "\U0001f600", "b": "\ufffd"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_mapping"),
        (b"- a\n", "not_a_mapping"),
        (b"\xff\xfe\x00", "not_utf8"),
        (b"a: \x07", "yaml"),
        (b"a: " + b"[" * 3000 + b"]" * 3000, "too_deep"),
        (b"a: &a [*a]", "anchor"),
        (b"a: 1\na: 2\n", "duplicate_key"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault(tree, raw, code):
    """Odd bytes become one fault, with a fix."""
    tree.path("skill").write_bytes(raw)
    faults = [fault for fault in tree.faults() if fault.file == str(tree.path("skill"))]
    assert code in {fault.code for fault in faults}
    assert all(fault.mend for fault in faults)


def test_a_catalog_from_a_dutch_spreadsheet_is_read(tmp_path):
    """Semicolons separate, and a byte order mark or a quoted line break does not move the lines."""
    table = parse_csv(tmp_path, 'sku;name_en\na;"one\ntwo"\nb;three\n')
    assert [(row.line, row.cells["name_en"]) for row in table.rows] == [(2, "one\ntwo"), (4, "three")]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_and_closed(name):
    """Each is a valid 2020-12 schema with a title and a description for editors."""
    import json

    from jsonschema import Draft202012Validator

    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert schema["title"] and schema["description"]


def test_the_replies_that_ship_have_no_faults(base):
    """Every base reply renders, in every language that the base has."""
    assert base.faults == ()
    languages = {tag for each in base.replies.values() for tag in each}
    assert languages == {"en", "nl"}
    assert [key for key, each in base.replies.items() if set(each) != languages] == []


FILES = st.sampled_from(["merchant", "catalog", "answers", "skill"])
SNIPPETS = st.sampled_from(
    [
        *("{", "}", "[", "]", ":", "- ", '"', "'", "&a ", "*a", "!!int ", "null", "~", "1e999", "{x, plural, }"),
        *("true", "-1", "no", "env:", "2026-13-45", "99:99-00:00", "|", ">", "#", "? ", "%", "@only", ",,,,"),
        *("\n", "\t", "\r\n", "  ", "\x00", "é", "\ud800"),
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=FILES, at=st.floats(0, 1), cut=st.integers(0, 40), snippet=st.one_of(SNIPPETS, st.text(max_size=12)))
def test_no_change_of_a_file_makes_loading_raise(make_tree, file, at, cut, snippet):
    """Whatever stands in a file, loading ends in merchants and faults."""
    tree = make_tree()
    text = tree.path(file).read_text("utf-8")
    place = int(at * len(text))
    changed = (text[:place] + snippet + text[place + cut :]).encode("utf-8", "surrogatepass")
    tree.path(file).write_bytes(changed)
    loaded = tree.load()
    assert loaded.merchants or loaded.faults


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(["merchant", "answers", "skill"]), pick=st.integers(0, 10_000), value=JSONISH)
def test_no_value_anywhere_makes_loading_raise(make_tree, file, pick, value):
    """Any part of a manifest may be of any type: it is told, not raised."""
    import json

    tree = make_tree()
    data = parse_yaml(Path(file), tree.path(file).read_text("utf-8")).data
    places = list(_places(data))
    holder, key = places[pick % len(places)]
    holder[key] = value
    tree.path(file).write_text(json.dumps(data), "utf-8")
    loaded = tree.load()
    assert loaded.merchants or loaded.faults


def _places(data):
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in list(items):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_the_readers_raise(text):
    """YAML and CSV readers end in data or faults."""
    assert parse_yaml(Path("a.yaml"), text) is not None
    assert parse_csv(Path("a.csv"), text) is not None
