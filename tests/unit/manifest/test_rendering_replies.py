"""Replies in English and Dutch, on a screen and aloud."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sayso.manifest.formats import formats
from sayso.manifest.messages import BadMessage, Scope, compile_message, render
from sayso.manifest.spoken import spoken
from sayso.model.fact import Fact, Named, Row, Said
from sayso.model.money import Money

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)
NAMES = {
    "latte": "latte",
    "milk/oat": "oat milk",
    "syrup/vanilla": "vanilla syrup",
    "size/large": "large",
    "dam": "de Dam",
}
ROWS = {"line": "{quantity, number} {before, list, words} {product}{with, plural, =0 {} other { with {with, list}}}"}
NBSP = "\u00a0"


def fact(value):
    return Fact(value, "catalog", "x")


def say(text, params=None, language="en", voice=False):
    scope = Scope(
        language=language,
        zone=AMSTERDAM,
        now=NOW,
        name=lambda named: NAMES[named.id],
        template=lambda key: compile_message(ROWS[key]),
        voice=voice,
        country="NL",
    )
    return render(compile_message(text), params or {}, scope)


def line(quantity, before=(), options=()):
    return Row(
        {
            "quantity": fact(quantity),
            "product": Named("product", "latte"),
            "before": tuple(Named("option", each) for each in before),
            "with": tuple(Named("option", each) for each in options),
        }
    )


@pytest.mark.parametrize(
    ("minor", "english", "dutch"),
    [
        (350, "€3.50", f"€{NBSP}3,50"),
        (0, "€0.00", f"€{NBSP}0,00"),
        (123456, "€1,234.56", f"€{NBSP}1.234,56"),
        (-350, "-€3.50", f"€{NBSP}-3,50"),
    ],
)
def test_money_is_written_by_cldr(minor, english, dutch):
    """An amount has the signs and the order of its language."""
    params = {"total": fact(Money(minor, "EUR"))}
    assert say("{total, money}", params) == english
    assert say("{total, money}", params, "nl") == dutch


@pytest.mark.parametrize("tag", ["en", "nl", "de", "fr", "nl-BE", "pl", "ja"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY"])
def test_fast_money_equals_babels(tag, currency):
    """What is taken apart once writes what Babel writes."""
    from decimal import Decimal

    from babel.numbers import format_currency, get_currency_precision

    figures, precision = formats(tag), get_currency_precision(currency)
    for minor in (0, 5, 99, 100, 99999, 123456789, -250):
        expected = format_currency(Decimal(minor).scaleb(-precision), currency, locale=tag.replace("-", "_"))
        assert figures.money(Money(minor, currency)) == expected


@pytest.mark.parametrize(
    ("minor", "english", "dutch"),
    [
        (350, "three euros fifty", "drie euro vijftig"),
        (100, "one euro", "één euro"),
        (200, "two euros", "twee euro"),
        (50, "fifty cents", "vijftig cent"),
        (1, "one cent", "één cent"),
        (305, "three euros and five cents", "drie euro en vijf cent"),
        (2195, "twenty-one euros ninety-five", "eenentwintig euro vijfennegentig"),
        (-350, "minus three euros fifty", "min drie euro vijftig"),
    ],
)
def test_money_is_spoken_in_words(minor, english, dutch):
    """A voice says an amount as people do."""
    params = {"total": fact(Money(minor, "EUR"))}
    assert say("{total, money}", params, voice=True) == english
    assert say("{total, money}", params, "nl", voice=True) == dutch


@pytest.mark.parametrize(
    ("clock", "english", "dutch"),
    [
        (time(14, 30), "half past two in the afternoon", "half drie 's middags"),
        (time(9, 45), "quarter to ten in the morning", "kwart voor tien 's ochtends"),
        (time(9, 15), "quarter past nine in the morning", "kwart over negen 's ochtends"),
        (time(8, 20), "twenty past eight in the morning", "tien voor half negen 's ochtends"),
        (time(8, 35), "twenty-five to nine in the morning", "vijf over half negen 's ochtends"),
        (time(18, 0), "six in the evening", "zes uur 's avonds"),
        (time(10, 7), "seven minutes past ten in the morning", "zeven minuten over tien 's ochtends"),
        (time(10, 59), "one minute to eleven in the morning", "één minuut voor elf 's ochtends"),
        (time(12, 0), "noon", "twaalf uur 's middags"),
        (time(0, 0), "midnight", "middernacht"),
        (time(12, 45), "quarter to one in the afternoon", "kwart voor één 's middags"),
    ],
)
def test_times_are_spoken_in_words(clock, english, dutch):
    """ "half drie" is 14:30."""
    assert spoken("en", "NL").time(clock) == english
    assert spoken("nl", "NL").time(clock) == dutch


def test_a_time_is_that_of_the_place():
    """A moment in UTC is said in the zone of the scope."""
    params = {"ready": fact(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))}
    assert say("{ready, time}", params) == "14:30"
    assert say("{ready, time}", params, "nl", voice=True) == "half drie 's middags"


@pytest.mark.parametrize(
    ("day", "dutch", "english"),
    [
        (date(2026, 11, 23), "vandaag", "today"),
        (date(2026, 11, 24), "morgen", "tomorrow"),
        (date(2026, 11, 25), "wo 25-11", "Wed, 25/11"),
        (date(2027, 1, 1), "1-1-2027", "01/01/2027"),
    ],
)
def test_days_are_near_or_written_by_cldr(day, dutch, english):
    """Today and tomorrow are said as such; another day as it is written in the country."""
    assert say("{day, date}", {"day": fact(day)}, "nl") == dutch
    assert say("{day, date}", {"day": fact(day)}) == english


def test_days_are_spoken_in_words():
    """A far day has its weekday, its number and its month."""
    params = {"day": fact(date(2026, 12, 1))}
    assert say("{day, date}", params, voice=True) == "Tuesday the first of December"
    assert say("{day, date}", params, "nl", voice=True) == "dinsdag één december"


def test_a_moment_on_another_day_says_its_day():
    """A moment without a format is its time today, else day and time."""
    tomorrow = {"at": fact(NOW + timedelta(days=1, hours=1))}
    assert say("{at}", {"at": fact(NOW)}) == "09:00"
    assert say("{at}", tomorrow) == "tomorrow at 10:00"
    assert say("{at, datetime}", tomorrow, "nl", voice=True) == "morgen om tien uur 's ochtends"


def test_durations_have_units():
    """A duration is hours and minutes in the language."""
    params = {"wait": fact(timedelta(minutes=95))}
    assert say("{wait, duration}", params) == "1 hour 35 minutes"
    assert say("{wait, duration}", params, "nl") == "1 uur 35 minuten"
    assert say("{wait, duration}", params, "nl", voice=True) == "één uur vijfendertig minuten"


@pytest.mark.parametrize(
    ("count", "text", "speech"), [(1, "1 item", "one item"), (2, "2 items", "two items"), (0, "none", "none")]
)
def test_plurals_choose_their_form(count, text, speech):
    """# is the number, in words for a voice; an exact number goes before a form."""
    message = "{n, plural, =0 {none} one {# item} other {# items}}"
    assert say(message, {"n": fact(count)}) == text
    assert say(message, {"n": fact(count)}, voice=True) == speech


def test_ordinals_choose_their_form():
    """selectordinal goes by the ordinal forms of the language."""
    message = "{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}"
    assert [say(message, {"n": fact(n)}) for n in (1, 2, 3, 4, 11, 22)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd"]


@pytest.mark.parametrize(
    ("params", "chosen"),
    [
        ({}, "nothing"),
        ({"x": ()}, "nothing"),
        ({"x": (Said("a"),)}, "some"),
        ({"x": Fact("a", "order", "1")}, "A"),
        ({"x": Named("choice", "b")}, "B"),
    ],
)
def test_select_goes_by_value_id_or_presence(params, chosen):
    """A missing parameter and an empty list are "none"."""
    assert say("{x, select, none {nothing} a {A} b {B} some {some} other {other}}", params) == chosen


def test_lists_join_by_cldr():
    """Two or three names are joined as the language joins them; options are a choice."""
    three = tuple(Said(word) for word in ("a", "b", "c"))
    assert say("{x, list}", {"x": three}) == "a, b and c"
    assert say("{x, list}", {"x": three}, "nl") == "a, b en c"
    assert say("{options, list}", {"options": three}, "nl") == "a, b of c"
    assert say("{x, list, or}", {"x": three[:2]}) == "a or b"
    assert say("{x, list, quote:or}", {"x": three[:2]}) == "“a” or “b”"
    assert say("{x, list}", {"x": ()}) == ""


def test_rows_are_rendered_by_their_reply():
    """Each row has a line of its own on a screen and is joined aloud."""
    params = {"lines": (line(2, ("size/large",)), line(1, (), ("milk/oat", "syrup/vanilla*2")))}
    assert say("{lines, list, line:rows}", params) == "2 large latte\n1 latte with oat milk and 2× vanilla syrup"
    spoken_words = "two large latte and one latte with oat milk and two times vanilla syrup"
    assert say("{lines, list, line:rows}", params, voice=True) == spoken_words


def test_an_empty_parameter_leaves_no_gap():
    """Spaces around what is empty are not doubled and do not dangle."""
    assert say("Nice {a, list} latte {a, list}.", {"a": ()}) == "Nice latte."


@pytest.mark.parametrize("bad", [3, "€3.50", 3.5, Money(350, "EUR"), None, [Said("a")], {"a": 1}])
@pytest.mark.parametrize("text", ["{x}", "{x, money}", "{x, number}", "{x, list}", "{x, plural, other {#}}"])
def test_a_figure_comes_from_a_fact_only(bad, text):
    """A bare number, text or amount in a reply is refused."""
    with pytest.raises(TypeError):
        say(text, {"x": bad})


def test_a_fact_of_another_type_is_refused():
    """Money is not shown as a time."""
    with pytest.raises(TypeError):
        say("{x, time}", {"x": fact(Money(1, "EUR"))})


def test_a_missing_parameter_is_told():
    """The error names the parameter and what there is."""
    with pytest.raises(LookupError, match=r"'total'.*lines"):
        say("{total}", {"lines": ()})


def test_words_of_a_customer_are_never_a_template():
    """Braces in what a customer said stay braces."""
    assert say("You said {x}.", {"x": Said("{total, money}")}) == "You said {total, money}."


@pytest.mark.parametrize("text", ["{", "{x", "}", "{x, plural, one {a}}", "{x, mony}", "{x, plural}", "{}"])
def test_a_bad_message_is_refused_when_compiled(text):
    """What does not parse never reaches a customer."""
    with pytest.raises(BadMessage):
        compile_message(text)


def test_a_language_without_own_words_is_spoken_as_written():
    """A voice in German reads figures; its engine says them."""
    assert say("{x, money}", {"x": fact(Money(350, "EUR"))}, "de", voice=True) == f"3,50{NBSP}€"
