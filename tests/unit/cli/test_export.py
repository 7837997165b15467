"""`sayso export`: what a platform is given, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sayso.cli.app import root
from sayso.errors import NotFound, SaysoError, Theirs

ROOT = Path(__file__).parents[3]


def export(out: Path, *words: str) -> str:
    """What the command tells. Raises what it raises."""
    where = ("--manifests", str(ROOT / "manifests"), "--skills", str(ROOT / "skills"), "--out", str(out))
    done = CliRunner().invoke(root(), ["export", *words, *where], catch_exceptions=False, env={"SAYSO_PUBLIC_URL": ""})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_package_of_a_merchant_is_written(tmp_path: Path) -> None:
    """A model for each locale, and a manifest whose address is this host's."""
    told = export(tmp_path, "alexa", "coffee_bar", "--url", "https://shop.example/")
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.json")}
    assert {"ask-resources.json", "skill-package/skill.json"} < written
    assert "skill-package/interactionModels/custom/en-GB.json" in written
    assert all(str(tmp_path / name) in told for name in written)
    manifest = json.loads((tmp_path / "skill-package" / "skill.json").read_text())["manifest"]
    assert manifest["apis"]["custom"]["endpoint"]["uri"].startswith("https://shop.example/v1/alexa/coffee_bar/")


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("alexa", "coffee_bar", "--url", "https://x.example", "--language", "nl"), Theirs, "does not speak 'nl'"),
        (("alexa", "coffee_bar"), Theirs, "address"),
        (("alexa", "coffee_ba", "--url", "https://x.example"), NotFound, "coffee_ba"),
        (("alexa", "coffee_bar", "--url", "http://x.example"), Theirs, "https"),
    ],
)
def test_what_cannot_be_exported_is_told(
    tmp_path: Path, words: tuple[str, ...], error: type[SaysoError], told: str
) -> None:
    """A language that Alexa lacks, an address that it cannot call, a merchant that is not there; nothing is written."""
    with pytest.raises(error, match=told):
        export(tmp_path, *words)
    assert list(tmp_path.iterdir()) == []
