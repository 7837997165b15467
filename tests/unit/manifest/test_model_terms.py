"""What a merchant says about language models."""

from __future__ import annotations

import pytest

from sayso.manifest.resolve import model_terms
from sayso.manifest.specs import ModelTerms


def test_nothing_said_is_the_hosts_limits() -> None:
    """Enabled where the operator has a model, in any region."""
    assert model_terms({}) == ModelTerms(True, 0, 0, "")


@pytest.mark.parametrize(("amount", "millionths"), [("1.50", 1_500_000), ("0.001", 1_000), ("20", 20_000_000)])
def test_money_is_whole_millionths(amount: str, millionths: int) -> None:
    """No binary fraction comes in between."""
    assert model_terms({"daily_cost": amount}).daily_cost == millionths


def test_a_merchant_may_refuse_and_bound() -> None:
    """All of it in one line."""
    said = {"enabled": False, "daily_tokens": 1000, "region": "eu"}
    assert model_terms(said) == ModelTerms(False, 1000, 0, "eu")
