"""Golden conversations are held against the merchant that they are about."""

from __future__ import annotations

import pytest

from sayso.manifest.load import load_conversations

GOLDEN = """\
merchant: kiosk
now: 2026-11-23T09:00:00+01:00
conversations:
  - name: one latte
    language: en
    turns:
      - say: "a large latte please"
        expect:
          basket: ["1 latte size=large milk=oat*2 note:\\"no lid\\""]
"""


def faults(tree, old="", new=""):
    path = tree.root / "skills" / "drinks" / "tests" / "a.yaml"
    path.parent.mkdir(exist_ok=True)
    assert not old or GOLDEN.count(old) == 1
    path.write_text(GOLDEN.replace(old, new) if old else GOLDEN, "utf-8")
    return [(fault.line, fault.code, fault.mend) for fault in load_conversations(tree.root / "skills", tree.load())]


def test_a_sound_golden_has_no_faults(tree):
    """What the catalog sells can be expected."""
    assert faults(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "fix"),
    [
        ("expect:", "expects:", 8, "unknown_key", "expect"),
        ("1 latte", "1 late", 9, "unknown_product", "latte"),
        ("size=large", "sise=large", 9, "unknown_group", "size"),
        ("size=large", "size=larg", 9, "unknown_value", "large"),
        ("size=large", "large", 9, "bad_line", "size=large"),
        ("1 latte", "latte", 9, "bad_line", "quantity"),
        ("language: en", "language: fr", 5, "unknown_language", "en"),
        ("2026-11-23T09:00:00+01:00\nconversations:", "x\nconversation:", 3, "unknown_key", "conversations"),
    ],
)
def test_a_golden_that_cannot_come_true_is_told(tree, old, new, line, code, fix):
    """At its line, with what was probably meant."""
    found = [(at, mend) for at, known, mend in faults(tree, old, new) if known == code]
    assert [at for at, _ in found] == [line]
    assert fix in found[0][1]
