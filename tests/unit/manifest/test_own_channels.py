"""Channels of other packages in a merchant's manifest."""

from __future__ import annotations

from dataclasses import replace

from sayso.cli.shown import reviewed, told_shown, uninstalled, unspoken

ALEXA = "  alexa: {skill_id: amzn1.ask.skill.12345678-1234-1234-1234-123456789012}"


def test_a_channel_of_another_package_has_an_account_and_settings(tree):
    """Its account is known by its name, its settings are told as they stand."""
    tree.change("merchant", ALEXA, '  pigeon: {account: loft-7, app_secret: "env:LOFT", fast: true, seeds: 3}')
    assert tree.faults() == []
    spec = {each.name: each for each in tree.load().merchants["kiosk"].merchant.channels}["pigeon"]
    assert (spec.account, dict(spec.settings)) == ("loft-7", {"app_secret": "env:LOFT", "fast": True, "seeds": 3})


def test_its_secret_is_a_reference_too(tree):
    """A secret as a value is refused as everywhere."""
    tree.change("merchant", ALEXA, "  pigeon: {account: loft-7, app_secret: hunter2hunter2}")
    assert [fault.code for fault in tree.faults()] == ["secret"]


def test_a_channel_that_nobody_installed_is_told_with_the_nearest(tree):
    """`sayso check` knows what is installed, a manifest alone does not."""
    tree.change("merchant", ALEXA, "  telegarm: {account: bar_bot}")
    (fault,) = uninstalled(tree.load().merchants.values())
    assert (fault.code, fault.pointer) == ("no_channel", "/channels/telegarm")
    assert 'did you mean "telegram"?' in fault.mend


def test_a_channel_answers_in_a_language_of_the_merchants(tree):
    """Another one is refused, with those there are."""
    tree.change("merchant", ALEXA, '  twilio_voice: {number: "+31970000000", auth_token: "env:TOKEN", language: nl}')
    assert tree.faults() == []
    tree.change("merchant", "language: nl}", "language: fr}")
    (fault,) = tree.faults()
    assert (fault.code, fault.pointer) == ("unknown_language", "/channels/twilio_voice/language")
    assert "en, nl" in fault.mend


def test_a_channel_for_children_is_refused_where_something_is_sold(tree):
    """The fault names the skill and the intents that sell; without them there is none."""
    account = "skill_id: amzn1.ask.skill.12345678-1234-1234-1234-123456789012"
    tree.change("merchant", ALEXA, f"  alexa: {{{account}, child_directed: true}}")
    (fault,) = tree.faults()
    assert (fault.code, fault.pointer) == ("child_directed", "/channels/alexa/child_directed")
    assert "children" in fault.what and "order" in fault.what
    tree.change("merchant", "child_directed: true", "child_directed: false")
    assert tree.faults() == []


def test_a_channel_without_any_language_of_the_merchant_is_a_fault(tree):
    """Alexa has no Dutch: with English beside it that is told, with Dutch alone nobody could be served."""
    (draft,) = tree.load().merchants.values()
    assert list(unspoken([draft])) == []
    dutch = replace(draft, merchant=replace(draft.merchant, languages=("nl",)))
    (fault,) = unspoken([dutch])
    assert (fault.code, fault.pointer) == ("channel_language", "/channels/alexa")
    assert "nl" in fault.what and "en" in fault.mend


def test_a_language_that_a_channel_lacks_is_told(tree):
    """In a line of `sayso check`."""
    lines = list(told_shown(reviewed([(tree.root / "manifests", tree.root / "skills")]), whole=False))
    assert "kiosk on alexa: does not have nl" in lines
