"""What an author is told of labels that are cut and replies that take several messages."""

from __future__ import annotations

from sayso.channels.capabilities import Capabilities
from sayso.channels.review import Remark, review
from sayso.manifest.specs import Artefact, MerchantSpec, Reply
from sayso.model.catalog import Catalog, Product

LONG = "Extra large oat flat white"
NAMES = {"en": "Bar", "nl": "Bar"}
SPEC = MerchantSpec("bar", NAMES, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
LATTE = Product(sku="latte", names={"en": LONG, "nl": "Latte", "fr": LONG}, category="coffee", price=350)
CATALOG = Catalog("bar", version="1", currency="EUR", products={"latte": LATTE}, options={})
REPLIES = {"hello": {"en": Reply("Hello {name}! " + "word " * 30), "nl": Reply("Hoi!")}}
ARTEFACT = Artefact("d", SPEC, {}, CATALOG, {}, REPLIES)


def remarks(**caps: object) -> tuple[Remark, ...]:
    made = Capabilities("sms", "push", **{"text": 1000, **caps})  # type: ignore[arg-type]
    return review(ARTEFACT, {"sms": made})[0].remarks


def test_a_label_that_is_cut() -> None:
    """Of the merchant's own languages; what it then reads is told."""
    (cut,) = remarks(buttons=3, button_label=20)
    assert (cut.where, cut.language, cut.becomes) == ("product/latte", "en", "Extra large oat fla…")


def test_a_label_that_stands_whole() -> None:
    """In the second line of a list, or in the text where there are no buttons."""
    assert not remarks(buttons=3, button_label=20, row_title=24, row_text=72)
    assert not remarks()


def test_a_reply_of_several_messages() -> None:
    """Counted in the channel's own limit; a placeholder counts as some characters."""
    (long,) = remarks(text=100)
    assert (long.kind, long.where, long.becomes) == ("reply", "hello", "2")


def test_a_language_that_the_platform_lacks() -> None:
    """A merchant that speaks it is told."""
    made = Capabilities("alexa", "response", 8000, voice=True, languages=("en",))
    assert review(ARTEFACT, {"alexa": made})[0].lacks == ("nl",)
