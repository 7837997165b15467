"""Je or u, never both: every Dutch reply of every skill and merchant, and what a check says of one that mixes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sayso.manifest.check_address import misaddressed
from sayso.manifest.load import load_base, load_tree
from sayso.manifest.resolve import overlay
from sayso.manifest.specs import Reply

ROOT = Path(__file__).parents[3]


def found(text: str, formal: bool = False, language: str = "nl") -> list[str]:
    return [each.word for each in misaddressed({"k": {language: Reply(text)}}, formal)]


def test_no_merchant_mixes_je_and_u() -> None:
    """Of the base, of every skill, of every merchant's own replies and answers."""
    merchants = load_tree(ROOT / "manifests", ROOT / "skills").merchants
    assert len(merchants) >= 4
    for draft in merchants.values():
        assert list(misaddressed(draft.replies, draft.merchant.persona.formal)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Je kunt het ophalen.", []),
        ("U kunt het ophalen.", ["u"]),
        ("Wat is uw postcode?", ["uw"]),
        ("Alstublieft!", ["alstublieft"]),
        ("Jullie hebben het buurtje nu.", []),
        ("Zeg “wat weet u van mij”.", []),
        ("{u} euro, {uw, list}", []),
        ("{n, plural, one {Uw bestelling} other {Uw # bestellingen}}", ["uw"]),
    ],
)
def test_a_familiar_merchant_says_no_u(text: str, words: list[str]) -> None:
    """What a customer may say, and names of parameters, are no address."""
    assert found(text) == words


@pytest.mark.parametrize("variant", ["speech", "short", "reprompt"])
def test_every_variant_is_looked_at(variant: str) -> None:
    """What is only heard as well."""
    reply = replace(Reply("Goed."), **{variant: "Wilt u nog iets?"})
    assert [each.word for each in misaddressed({"k": {"nl": reply}}, formal=False)] == ["u"]


def test_a_polite_merchant_says_no_je() -> None:
    """The other way round."""
    assert found("Wat mag het voor je zijn?", formal=True) == ["je"]
    assert found("Wat mag het voor u zijn?", formal=True) == []


def test_a_language_with_one_you_has_none_to_mix() -> None:
    """English."""
    assert found("You and u", language="en") == []


def test_the_check_names_the_reply_and_the_mend(tmp_path: Path) -> None:
    """At the merchant's own reply, with its line."""
    import shutil

    shutil.copytree(ROOT / "manifests" / "workshop", tmp_path / "manifests" / "workshop")
    file = tmp_path / "manifests" / "workshop" / "merchant.yaml"
    file.write_text(file.read_text("utf-8").replace("Wat is er met je fiets?", "Wat is er met uw fiets?"), "utf-8")
    (fault,) = load_tree(tmp_path / "manifests", ROOT / "skills").faults
    assert (fault.pointer, fault.code) == ("/replies/hello/nl", "address")
    assert '"uw"' in fault.what and "familiar" in fault.mend


def test_the_base_has_every_reply_in_the_polite_form() -> None:
    """What ships says u throughout to the customers of a merchant that does."""
    base = load_base()
    assert base.faults == ()
    assert list(misaddressed(overlay(base.replies, base.formal), formal=True)) == []
    assert base.formal.keys() <= base.replies.keys()


def test_a_polite_merchant_gets_the_polite_base(tmp_path: Path) -> None:
    """And the questions of its skills: only its own words are left to it."""
    import shutil

    shutil.copytree(ROOT / "manifests" / "workshop", tmp_path / "manifests" / "workshop")
    file = tmp_path / "manifests" / "workshop" / "merchant.yaml"
    file.write_text(file.read_text("utf-8").replace("formal: false", "formal: true"), "utf-8")
    loaded = load_tree(tmp_path / "manifests", ROOT / "skills")
    (shared,) = (fault.what for fault in loaded.faults if fault.pointer == "/persona")
    told = shared.partition(": ")[2].removesuffix(", ...").split(", ")
    assert {key.partition(":")[0] for key in told} == {"emergency", "answer"}
