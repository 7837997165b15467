"""One fault each: found once, at its line, with its fix."""

# One case is one line, however long: it reads as a table.
# ruff: noqa: E501

from __future__ import annotations

import pytest

# (what is wrong, file, what stands there, what is written instead, lines below it, code, words of the fix)
BROKEN = [
    ("unknown key", "merchant", "currency: EUR", "curency: EUR", None, "unknown_key", "currency"),
    ("unknown key deep down", "merchant", 'fee: "2', 'feee: "2', 0, "unknown_key", '"fee"'),
    ("wrong type", "merchant", 'fee: "2.50"', "fee: 2.5", 0, "type", '"2.5"'),
    ("an amount that is none", "merchant", 'fee: "2.50"', 'fee: "2,50"', 0, "pattern", "2.50"),
    ("too many decimals", "merchant", 'fee: "2.50"', 'fee: "2.505"', 0, "bad_amount", "2.50"),
    ("unknown time zone", "merchant", "zone: Europe/Amsterdam", "zone: Europe/Amsterdm", 0, "unknown_zone", "Europe/Amsterdam"),
    ("unknown currency", "merchant", "currency: EUR", "currency: EUX", 0, "currency", "ISO 4217"),
    ("hours that do not parse", "merchant", '"08:30-01:00"', '"half nine"', 0, "bad_hours", "07:30-19:00"),
    ("hours out of the clock", "merchant", '"08:30-01:00"', '"08:30-25:00"', 0, "bad_hours", "07:30-19:00"),
    ("hours that overlap", "merchant", '"13:00-19:00"', '"11:00-19:00"', 0, "overlap", "list"),
    ("a day twice", "merchant", "sat: ", "fri: ", 0, "overlap", "once"),
    ("a day that is none", "merchant", "sun: closed", "sunny: closed", 0, "bad_days", "mon-fri"),
    ("a holiday that is none", "merchant", "2026-12-25", "2026-12-32", 0, "bad_day", "2026-12-25"),
    ("delivery without an area", "merchant", '    delivery:\n      areas: ["1011", "1012 ab"]\n      fee: "2.50"\n', "", -2, "no_delivery_area", "areas"),
    ("an area list that is empty", "merchant", 'areas: ["1011", "1012 ab"]', "areas: []", 0, "minItems", "1011"),
    ("a service nobody knows", "merchant", "services: [here, delivery]", "services: [her, delivery]", 0, "unknown_service", "here"),
    ("unknown allergen of an option", "merchant", "removes_allergens: [milk]", "removes_allergens: [mlk]", 0, "unknown_allergen", "milk"),
    ("a skill that does not exist", "merchant", "  drinks: {settings", "  drink: {settings", 0, "unknown_skill", "drinks"),
    ("a setting of the wrong type", "merchant", "notes: false", "notes: 3", 0, "wrong_type", "boolean"),
    ("a setting that is too small", "merchant", "notes: false", "days: -3", 0, "too_small", "1 or more"),
    ("a setting that is too large", "merchant", "notes: false", "days: 31", 0, "too_large", "30 or less"),
    ("a whole number that is none", "merchant", "notes: false", "days: soon", 0, "wrong_type", "an integer"),
    ("a setting that is not declared", "merchant", "notes: false", "note: false", 0, "unknown_setting", "notes"),
    ("a secret as a value", "merchant", "env:KIOSK_SECRET", "hunter2hunter2", 0, "secret", "env:NAME"),
    ("a key in an innocent place", "merchant", "address: Dam 1, Amsterdam", "address: sk-live-abcdefghij0123456789", 0, "secret", "env:NAME"),
    ("a text without a language", "merchant", "nuts: {name: {en: nuts, nl: noten}}", "nuts: {name: {en: nuts}}", 0, "missing_language", "nl"),
    ("a text in a language too many", "merchant", "nuts: {name: {en: nuts, nl: noten}}", "nuts: {name: {en: nuts, nl: noten, nll: noten}}", 0, "unknown_language", "nl"),
    ("a language tag that is none", "merchant", "{en: Christmas, nl: Kerstmis}", "{en: Christmas, nl: Kerstmis, dutch!: Kerst}", 0, "bad_name", "BCP-47"),
    ("an id that is none", "merchant", "        oat:", "        Oat Milk:", 0, "bad_name", "oat_milk"),
    ("an id that is not the folder", "merchant", "id: kiosk", "id: kioskje", 0, "wrong_id", "kiosk"),
    ("a reply that does not exist", "merchant", "  drinks.hello:", "  drinks.helo:", 0, "unknown_reply", "drinks.hello"),
    ("a reply with an unknown parameter", "merchant", "Hallo {who}!", "Hallo {whom}!", 0, "bad_reply", "who"),
    ("a reply that is not closed", "merchant", "Hallo {who}!", "Hallo {who!", 0, "bad_reply", "brace"),
    ("a plural that Dutch lacks", "merchant", "Hallo {who}!", "{count, plural, few {#} other {#}}", 0, "bad_reply", "one, other"),
    ("a format that does not suit", "merchant", "Hallo {who}!", "Hallo {total, time}", 0, "bad_reply", "money"),
    ("a format that is none", "merchant", "Hallo {who}!", "Hallo {total, mony}", 0, "bad_reply", "brace"),
    ("rows without a reply", "merchant", "Hallo {who}!", "Hallo {rows, list}", 0, "bad_reply", "drinks.row"),
    ("rows with a reply that is not there", "merchant", "Hallo {who}!", "Hallo {rows, list, drinks.rw}", 0, "bad_reply", "drinks.row"),
    ("markup in speech", "merchant", "Hello, {who}.", "Hello, **{who}**.", 0, "markup_in_speech", "plain words"),
    ("a link that a voice would read", "merchant", "Hallo {who}!", "Kijk op https://kiosk.example", 0, "markup_in_speech", "speech"),
    ("a file outside the folder", "merchant", "source: catalog.csv", "source: ../../../etc/passwd", 0, "outside", "beside"),
    ("a file that is missing", "merchant", "answers: answers.yaml", "answers: answer.yaml", None, "missing_file", "answer.yaml"),
    ("a key twice", "merchant", "country: NL", "country: NL\ncountry: BE", 1, "duplicate_key", "keep one"),
    ("an anchor", "merchant", "{en: Coffee, nl: Koffie}", "&a {en: Coffee, nl: Koffie}", 0, "anchor", "write the value out"),
    ("a tab", "merchant", "    address: Dam", "\taddress: Dam", 0, "yaml", "spaces"),
    ("a bracket that is not closed", "merchant", "languages: [en, nl]", "languages: [en, nl", None, "yaml", "brackets"),
    ("a price that is none", "catalog", "2.60", "€2.60", 0, "bad_price", "3.50"),
    ("a decimal comma", "catalog", "2.60", '"2,60"', 0, "bad_price", "3.50"),
    ("an unknown option group", "catalog", "2.60,size,size=small", "2.60,sizes,", 0, "unknown_group", "size"),
    ("an unknown value", "catalog", "2.60,size,size=small", "2.60,size,size=smal", 0, "unknown_value", "small"),
    ("an unknown category", "catalog", "muffin,coffee", "muffin,cofee", 0, "unknown_category", "coffee"),
    ("an unknown allergen", "catalog", "milk nuts", "milk nutz", 0, "unknown_allergen", "nuts"),
    ("an unknown VAT class", "catalog", "milk nuts,low", "milk nuts,lo", 0, "unknown_class", "low"),
    ("an unknown withdrawal class", "catalog", "food,12", "foot,12", 0, "unknown_class", "food"),
    ("a sku twice", "catalog", "espresso,coffee,espresso", "latte,coffee,espresso", 0, "duplicate_sku", "own sku"),
    ("one name for two products", "catalog", "muffin,muffin", "Latte,muffin", 0, "duplicate_name", "tell apart"),
    ("a default that is not allowed", "catalog", '"size=small,large"', "size=large", 0, "default_not_allowed", "large"),
    ("a picture that is not there", "catalog", "latte.svg", "late.svg", 0, "missing_image", "latte.svg"),
    ("a stock that is no number", "catalog", "food,12", "food,plenty", 0, "bad_number", "digits"),
    ("a row that is too long", "catalog", "food,12,,,", "food,12,,,,,", 0, "csv", "quotes"),
    ("a column that is not known", "catalog", "synonyms_en", "synonym_en", 0, "unknown_column", "synonyms_en"),
    ("a product without a name", "catalog", "muffin,muffin", "muffin,", 0, "missing_language", "name_nl"),
    ("an answer without questions", "answers", '      nl: ["hebben jullie wifi"]\n', "", -2, "missing_language", "nl"),
    ("an answer that a voice cannot say", "answers", "Het netwerk heet Kiosk.", "Kijk op www.kiosk.example", 0, "markup_in_speech", "speech"),
    ("a purchase without say-so", "skill", "say_so: read_back", "say_so: none", 0, "no_say_so", "read_back"),
    ("a purchase with no word of say-so", "skill", "    say_so: read_back\n", "", -3, "no_say_so", "read_back"),
    ("a slot without a prompt", "skill", '        prompt: {en: "What is the postcode?", nl: "Wat is de postcode?"}\n', "", -4, "no_prompt", "prompt"),
    ("a prompt without a language", "skill", ', nl: "Wat is de postcode?"', "", 0, "missing_language", "nl"),
    ("a prompt with an unknown parameter", "skill", "What is the postcode?", "What is the {code}?", 0, "bad_reply", "options"),
    ("an utterance with an unknown slot", "skill", "ik wil {items}", "ik wil {itmes}", 0, "unknown_slot", "items"),
    ("an utterance that is not closed", "skill", "ik wil {items}", "ik wil {items", 0, "bad_utterance", "{slot}"),
    ("utterances missing in a language", "skill", ", nl: [waar is mijn bestelling]", "", 0, "missing_language", "nl"),
    ("an operation that the kind lacks", "skill", "operation: add", "operation: ad", 0, "unknown_operation", "add"),
    ("a condition on a slot that is not there", "skill", "when: {service:", "when: {servise:", 0, "unknown_slot", "service"),
    ("a condition on a value that is not there", "skill", "[delivery]", "[delivry]", 0, "unknown_value", "delivery"),
    ("a default that is no value", "skill", "default: here", "default: hre", 0, "unknown_value", "here"),
    ("an undo that is none", "skill", "undo: until_made", "undo: 15 minutes", 0, "pattern", "PT15M"),
    ("an undo of a question", "skill", "    effect: read\n", "    effect: read\n    undo: PT5M\n", 1, "useless_undo", "remove"),
    ("a choice without values", "skill", "      items: {type: lines}", '      items: {type: choice, prompt: {en: "?", nl: "?"}}', 0, "missing_key", "values"),
    ("a colour that is none", "catalog", "#c8a27a", "#ZZ1234", 0, "bad_colour", "hexadecimal"),
    ("a kind that is none", "skill", "kind: order", "kind: ordr", None, "enum", "order"),
    ("an entry point for a built-in kind", "skill", "{kind: order}", '{kind: order, entry_point: "skill:x"}', 0, "unknown_key", "python"),
    ("an entry point that is none", "skill", "{kind: order}", "{kind: python, entry_point: skill.py}", 0, "bad_entry_point", "skill:coffee"),
    ("a setting's default outside its bounds", "skill", "default: 7", "default: 77", 0, "too_large", "30 or less"),
    ("a setting's default of another type", "skill", "default: true", "default: 7", 0, "wrong_type", "boolean"),
    ("a type of parameter that is none", "skill", "total: money", "total: mony", 0, "unknown_type", "money"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "below", "code", "fix"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_one_fault_is_found_at_its_line_with_its_fix(tree, file, old, new, below, code, fix):
    """The fault is told in its file, at its line, with what to write instead."""
    line = tree.change(file, old, new)
    found = [fault for fault in tree.faults() if fault.code == code]
    assert found, tree.faults()
    assert any(fix in fault.mend for fault in found), found
    if below is not None:
        assert [(fault.file, fault.line) for fault in found] == [(str(tree.path(file)), line + below)] * len(found)


@pytest.mark.parametrize(("file", "old", "new"), [case[1:4] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_one_mistake_is_told_in_at_most_three_faults(tree, file, old, new):
    """A single mistake does not drown its author: what follows from it is hardly told."""
    tree.change(file, old, new)
    assert 1 <= len(tree.faults()) <= 3, tree.faults()


def test_the_sound_tree_has_no_faults(tree):
    """What the cases break is whole before."""
    assert tree.faults() == []
    assert list(tree.load().merchants) == ["kiosk"]


def test_every_fault_is_told_at_once(tree):
    """Faults of several files and kinds come out of one check."""
    tree.change("merchant", "currency: EUR", "currency: EUX")
    tree.change("catalog", "2.60", "free")
    tree.change("skill", "say_so: read_back", "say_so: none")
    tree.change("answers", "Het netwerk heet Kiosk.", "Het {netwerk}.")
    assert {"currency", "no_say_so", "bad_reply"} <= {fault.code for fault in tree.faults()}


def test_a_secret_is_never_repeated_in_its_fault(tree):
    """The fault says where the secret is, not what it is."""
    tree.change("merchant", "env:KIOSK_SECRET", "hunter2hunter2")
    assert not any("hunter2" in fault.what + fault.mend for fault in tree.faults())
