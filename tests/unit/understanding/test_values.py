"""Values of every kind in text: what each is read as, and that nothing a customer types makes it fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding.values import KINDS, Conventions, Value, first_number, recognise, tells_sum, upcoming
from sayso.understanding.values.contacts import in_parts, postcodes

PLACE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PLACE)
"""A Monday."""


def said(text: str, locale: str = "en", now: datetime = NOW, **options: object) -> tuple[Value, ...]:
    return recognise(text, now, PLACE, locale, **options)  # type: ignore[arg-type]


def read(text: str, locale: str, *kinds: str) -> list[str]:
    """The likeliest reading of each value of those kinds, with its unit; of a range both ends."""
    found = said(text, locale, kinds=kinds or KINDS)
    return [
        f"{v.best.value or f'{v.best.start}/{v.best.end}'} {v.best.unit}".replace(":00+01:00", "").strip()
        for v in found
    ]


@pytest.mark.parametrize(
    ("locale", "text", "meant"),
    [
        ("en", "next Friday around half past two", "2026-12-04T14:30"),
        ("nl", "op de 3e om kwart voor vier", "2026-12-03T15:45"),
        ("nl", "over anderhalf uur", "2026-11-23T10:30"),
        ("nl", "over drie kwartier", "2026-11-23T09:45"),
        ("en", "in an hour and a half", "2026-11-23T10:30"),
        ("en", "between 2 and 4", "2026-11-23T14:00/2026-11-23T16:00"),
        ("en", "any time after five", "2026-11-23T17:00/"),
        ("nl", "uiterlijk vijf uur", "/2026-11-23T17:00"),
        ("en", "tomorrow", "2026-11-24"),
        ("nl", "overmorgen", "2026-11-25"),
        ("en", "the day after tomorrow at noon", "2026-11-25T12:00"),
        ("nl", "dinsdagmiddag om drie uur", "2026-11-24T15:00"),
        ("nl", "woensdag de 3e om half 4", "2027-02-03T15:30"),
        ("en", "2/3/2027", "2027-03-02"),
        ("en-US", "2/3/2027", "2027-02-03"),
        ("nl", "18-12-2026", "2026-12-18"),
        ("en", "the first Monday of December", "2026-12-07"),
        ("en", "the last Friday of next month", "2026-12-25"),
        ("nl", "de tweede dinsdag van januari", "2027-01-12"),
        ("nl", "tweede paasdag", "2027-03-29"),
        ("nl", "koningsdag", "2027-04-27"),
        ("en", "next week", "2026-11-30/2026-12-07"),
        ("en", "this weekend", "2026-11-28/2026-11-30"),
        ("nl", "van 13 tot 15 juli", "2027-07-13/2027-07-15"),
        ("nl", "morgen tussen 10 en half 12", "2026-11-24T10:00/2026-11-24T11:30"),
        ("nl", "begin volgende maand", "2026-12-01/2026-12-11"),
        ("en", "a week from Friday", "2026-12-04"),
        ("en", "3 days after Christmas", "2026-12-28"),
        ("nl", "binnen twee weken", "2026-11-23/2026-12-07"),
        ("en", "from the 13th to the 15th of July", "2027-07-13/2027-07-15"),
        ("nl", "van de 13e tot de 15e juli", "2027-07-13/2027-07-15"),
        ("en", "twenty to five in the afternoon", "2026-11-23T16:40"),
        ("en", "8-10 tonight", "2026-11-23T20:00/2026-11-23T22:00"),
        ("nl", "8-10 vanavond", "2026-11-23T20:00/2026-11-23T22:00"),
        ("en", "after 5 days", "2026-11-28"),
        ("en", "four Fridays ago", "2026-10-30"),
        ("nl", "vier vrijdagen geleden", "2026-10-30"),
        ("en", "Wednesday two weeks ago", "2026-11-11"),
        ("en", "Tuesday after next", "2026-12-08"),
        ("nl", "overvolgende dinsdag", "2026-12-08"),
        ("en", "the week after next", "2026-12-07/2026-12-14"),
        ("nl", "het weekend erop", "2026-12-05/2026-12-07"),
        ("en", "two Sundays from 3 June", "2027-06-13"),
        ("en", "the second week after Easter", "2027-04-05/2027-04-12"),
        ("en", "the Monday before last", "2026-11-09"),
        ("en", "the closest Friday to 1 December", "2026-12-04"),
        ("nl", "de dichtstbijzijnde vrijdag", "2026-11-27"),
        ("en", "a week on Tuesday", "2026-12-01"),
        ("nl", "morgen over een week", "2026-12-01"),
        ("en", "this time tomorrow", "2026-11-24T09:00"),
        ("nl", "morgen om deze tijd", "2026-11-24T09:00"),
        ("en", "in 3 days at noon", "2026-11-26T12:00"),
        ("nl", "over 3 dagen om 4 uur", "2026-11-26T16:00"),
        ("nl", "van 11 tot 1 vanmiddag", "2026-11-23T11:00/2026-11-23T13:00"),
        ("en", "10 to 2 this morning", "2026-11-23T10:00/2026-11-23T14:00"),
        ("en", "five to ten this morning", "2026-11-23T09:55"),
        ("en", "3 to 7 tonight", "2026-11-23T15:00/2026-11-23T19:00"),
        ("nl", "zaterdagavond van 11 tot 1", "2026-11-28T23:00/2026-11-29T01:00"),
        ("en", "Dec. 3rd at ten", "2026-12-03T10:00"),
        ("nl", "morgenvroeg", "2026-11-24T06:00/2026-11-24T09:00"),
        ("nl", "donderdag na de middag", "2026-11-26T12:00/2026-11-26T18:00"),
        ("nl", "kwartier over drie", "2026-11-23T15:15"),
        ("en", "Friday morning before 11", "/2026-11-27T11:00"),
        ("nl", "vrijdagmiddag na drieën", "2026-11-27T15:00/"),
        ("nl", "'s avonds na zevenen", "2026-11-23T19:00/"),
        ("en", "next week in the morning", "2026-11-30T06:00/2026-11-30T12:00"),
        ("nl", "over twee weken op dinsdag", "2026-12-08"),
        ("en", "in six weeks' time", "2027-01-04"),
        ("nl", "over een uurtje of twee", "2026-11-23T11:00"),
        ("nl", "maandag a.s.", "2026-11-30"),
        ("nl", "tegen vrijdag", "/2026-11-27"),
        ("nl", "vrijdag ten laatste", "/2026-11-27"),
        ("nl", "zondag 23 maart 2027 om tien uur", "2027-03-23T10:00"),
        ("en", "2026-12-12T10:20", "2026-12-12T10:20"),
        ("en", "the year after 2027", "2028-01-01/2029-01-01"),
        ("nl", "de maand na september", "2027-10-01/2027-11-01"),
        ("en", "in 5", "2026-11-23T09:05"),
        ("en", "this week's Friday", "2026-11-27"),
        ("nl", "na 5 dagen", "2026-11-28"),
    ],
)
def test_times(locale: str, text: str, meant: str) -> None:
    """Days, clocks, ranges and what is counted from now or from a feast."""
    assert read(text, locale, "date", "time", "datetime", "range") == [meant]


@pytest.mark.parametrize(
    ("locale", "text", "rule"),
    [
        ("en", "every Tuesday", "FREQ=WEEKLY;BYDAY=TU"),
        ("nl", "elke dinsdag om 10 uur", "FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0"),
        ("nl", "om de week", "FREQ=WEEKLY;INTERVAL=2"),
        ("en", "every other Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("en", "the 15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("nl", "elke eerste maandag van de maand", "FREQ=MONTHLY;BYDAY=1MO"),
        ("nl", "dagelijks", "FREQ=DAILY"),
        ("en", "every 6 weeks", "FREQ=WEEKLY;INTERVAL=6"),
        ("en", "Mondays and Thursdays", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("en", "Sunday evenings", "FREQ=WEEKLY;BYDAY=SU evening"),
    ],
)
def test_what_recurs(locale: str, text: str, rule: str) -> None:
    """An RFC 5545 rule, with the part of the day that was said."""
    assert read(text, locale, "recurring") == [rule]


def test_the_next_of_what_recurs() -> None:
    """A skill that books one moment asks which of the next."""
    (value,) = said("elke dinsdag", "nl", kinds=("recurring",))
    assert upcoming(value.best, NOW) == ("2026-11-24", "2026-12-01")


@pytest.mark.parametrize(
    ("locale", "text", "kind", "meant"),
    [
        ("en", "twenty-one", "number", ["21"]),
        ("nl", "tweeënvijftig", "number", ["52"]),
        ("nl", "vijfentwintighonderd", "number", ["2500"]),
        ("nl", "drieënhalf", "number", ["3.5"]),
        ("nl", "1.250,50", "number", ["1250.5"]),
        ("en", "1,250.50", "number", ["1250.5"]),
        ("en", "two hundred and two thousand", "number", ["202000"]),
        ("en", "half a dozen", "number", ["6"]),
        ("en", "one and three quarters", "number", ["1.75"]),
        ("en", "a hundred and two thirds", "number", ["100.666666666667"]),
        ("en", "it is -1/4.", "number", ["-0.25"]),
        ("en", "a hundred and first", "number", []),
        ("en", "a hundred and first", "ordinal", ["101"]),
        ("nl", "om zes uur dertig en zes koffie", "number", ["6", "30", "6"]),
        ("nl", "drieëneenhalf", "number", ["3.5"]),
        ("nl", "negen-en-tachtig", "number", ["89"]),
        ("en", "a couple of dozen", "quantity", ["24"]),
        ("en", "which one has 180ml?", "number", []),
        ("en", "a couple", "quantity", ["2"]),
        ("nl", "een paar", "quantity", ["2"]),
        ("en", "the twenty-first", "ordinal", ["21"]),
        ("nl", "op een na laatste", "ordinal", ["end-1"]),
        ("nl", "twee euro vijftig", "money", ["2.5 EUR"]),
        ("en", "£20 or five bucks", "money", ["20 GBP", "5 USD"]),
        ("nl", "12,5 %", "percentage", ["12.5 percent"]),
        ("en", "an hour and 45 minutes", "duration", ["6300 second"]),
        ("nl", "anderhalf uur", "duration", ["5400 second"]),
        ("nl", "bel 06-12345678", "phone", ["+31612345678 NL"]),
        ("en", "call +44 20 7946 0958", "phone", ["+442079460958 GB"]),
        ("en", "anna at example dot com", "email", ["anna@example.com"]),
        ("nl", "anna.b@voorbeeld.nl graag", "email", ["anna.b@voorbeeld.nl"]),
        ("nl", "1012ab", "postcode", ["1012AB NL"]),
        ("en-GB", "sw1a1aa", "postcode", ["SW1A 1AA GB"]),
        ("nl-BE", "9000 Gent", "postcode", ["9000 BE"]),
        ("en-US", "90210-1234", "postcode", ["90210-1234 US"]),
        ("nl", "donkerblauw", "colour", ["#000099"]),
        ("en", "#f80 or red", "colour", ["#ff8800", "#ff0000"]),
        ("en", "size 42 and a half", "size", ["42.5"]),
        ("nl", "maat 38 of XL", "size", ["38", "XL letter"]),
        ("en", "a UK 8", "size", ["8 UK"]),
    ],
)
def test_other_kinds(locale: str, text: str, kind: str, meant: list[str]) -> None:
    """Numbers, amounts, contacts, colours and sizes."""
    assert read(text, locale, kind) == meant


@pytest.mark.parametrize(
    "text", ["she may come", "goedemorgen allemaal", "a second latte", "do maar", "up to four euros"]
)
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_no_time(locale: str, text: str) -> None:
    """Words that are also words of time are none by themselves."""
    assert read(text, locale, "date", "time", "datetime", "range", "recurring") == []


def test_both_readings() -> None:
    """Without am or pm there are two, where a convention asks for both."""
    (value,) = said("half drie", "nl", kinds=("time",), conventions=Conventions(halves=True))
    assert [r.value[11:16] for r in value.readings] == ["14:30", "02:30"]


def test_only_the_future() -> None:
    """What has passed is no value; a date without a year is the next such day."""
    assert said("yesterday", kinds=("date",), future_only=True) == ()
    (value,) = said("3 March", kinds=("date",), future_only=True)
    assert value.best.value == "2027-03-03"


def test_a_bare_number_counts_where_a_time_was_asked() -> None:
    """ "Ten" is ten o'clock then, and a number otherwise."""
    assert said("ten", kinds=("time",)) == ()
    (value,) = said("ten", kinds=("time",), asked=True)
    assert value.best.value[11:16] == "10:00"


@pytest.mark.parametrize(
    ("now", "text", "value"),
    [
        ("2027-03-27T12:00+01:00", "tomorrow at 2:30 am", "2027-03-28T03:30:00+02:00"),
        ("2027-03-28T01:30+01:00", "in an hour", "2027-03-28T03:30:00+02:00"),
        ("2026-10-25T01:30+02:00", "in 3 hours", "2026-10-25T03:30:00+01:00"),
        ("2026-12-31T23:30+01:00", "in an hour", "2027-01-01T00:30:00+01:00"),
        ("2026-12-31T12:00+01:00", "tomorrow", "2027-01-01"),
        ("2026-02-01T12:00+01:00", "29 February", "2028-02-29"),
        ("2028-02-28T12:00+01:00", "tomorrow", "2028-02-29"),
        ("2028-02-29T12:00+01:00", "in a year", "2029-02-28"),
        ("2026-01-31T12:00+01:00", "in a month", "2026-02-28"),
    ],
)
def test_edges_of_the_calendar(now: str, text: str, value: str) -> None:
    """A skipped hour is moved on; hours that are counted are real ones; leap days and ends of months and years."""
    (found,) = said(text, now=datetime.fromisoformat(now), kinds=("date", "datetime"))
    assert found.best.value == value


_NOWS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))
_SOME = (
    "next last dinsdag every om half 3 past to van tot 12:30 2027 31 feb the first week of in over een kwartier jaar 0 "
    "€ maat - / . , @ volgende after 29 's ochtends and 99999999"
)
_WORDS = st.lists(st.sampled_from(_SOME.split()), max_size=12).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=60), _WORDS), now=_NOWS, locale=st.sampled_from(["en", "nl", "nl-BE", "fr", ""]))
def test_nothing_makes_it_fail(text: str, now: datetime, locale: str) -> None:
    """Whatever is typed: values lie in the text, and every moment is ISO 8601."""
    for value in recognise(text, now, PLACE, locale, asked=True):
        assert 0 <= value.start < value.end <= len(text)
        assert value.text == text[value.start : value.end]
        assert value.readings


@settings(max_examples=80, deadline=None)
@given(text=_WORDS, now=_NOWS)
def test_future_only_holds(text: str, now: datetime) -> None:
    """No moment before now is read where only the future counts."""
    for value in recognise(text, now, PLACE, "en", future_only=True, kinds=("datetime", "time")):
        assert datetime.fromisoformat(value.best.value) >= now - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("two and a half million", "2500000"),
        ("a million and a half", "1500000"),
        ("one point two million", "1200000"),
        ("three million and a half thousand", "3000500"),
        ("point five", "0.5"),
        ("minus point two five", "-0.25"),
        ("2½", "2.5"),
        ("1 ¼", "1.25"),
        ("¾", "0.75"),
        ("3 and 1/2", "3.5"),
        ("2 & 3/4", "2.75"),
        ("1'000'000", "1000000"),
        ("fifty k", "50000"),
        ("one in every five", "0.2"),
        ("a hundred and a half", "100.5"),
        ("six million and one half", "6500000"),
        ("seven and one quarter", "7.25"),
    ],
)
def test_numbers_with_parts_marks_and_scales(text: str, wanted: str) -> None:
    """Fractions of a scale, vulgar fractions, apostrophes between thousands, decimals without a whole."""
    assert read(text, "en", "number") == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2½", "2.5"), ("1 en 1/2", "1.5"), ("zes miljoen en een half", "6500000"), ("een komma twee miljoen", "1200000")],
)
def test_dutch_numbers_with_parts_and_scales(text: str, wanted: str) -> None:
    """The same in Dutch."""
    assert read(text, "nl", "number") == [wanted]


def test_at_this_point_is_no_decimal() -> None:
    """ "Point" before a number begins a decimal only where the text begins with it."""
    assert read("at this point two people", "en", "number") == ["2"]


@pytest.mark.parametrize(
    ("locale", "text", "meant"),
    [
        ("en", "a quarter of a million", ["250000"]),
        ("nl", "een kwart van een miljoen", ["250000"]),
        ("en", "half of a dozen", ["6"]),
        ("en", "half of a latte", ["0.5"]),
        ("en", "ten thousand five hundred trillions", ["10500000000000000"]),
        ("en", "two thousand, three million", ["2000", "3000000"]),
        ("en", "two-hundred-and-fifty", ["250"]),
        ("en", "2 million and a half", ["2500000"]),
        ("en", "hundreds of people", []),
    ],
)
def test_large_numbers(locale: str, text: str, meant: list[str]) -> None:
    """Parts of a scale, scales of a scale, hyphens between all words; a scale in the plural alone is no number."""
    assert read(text, locale, "number") == meant


@pytest.mark.parametrize(
    ("text", "meant"), [("the 99 th", "99"), ("the 2nd last one", "end-1"), ("the 3rd to last", "end-2")]
)
def test_places(text: str, meant: str) -> None:
    """Digits apart from what makes them an ordinal, and places counted from the end."""
    assert read(text, "en", "ordinal") == [meant]


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("en", "I think two and a half would do", "2.5"),
        ("nl", "doe er maar anderhalf", "1.5"),
        ("nl", "vijfentwintig stuks", "25"),
        ("en", "a couple of them", "2"),
        ("en", "none that I know of", ""),
    ],
)
def test_how_many_is_said_first(locale: str, text: str, number: str) -> None:
    """The answer to a question for a number: in digits or words, with parts."""
    assert first_number(text, locale) == number


@pytest.mark.parametrize(
    ("locale", "text", "told"),
    [("en", "under £50", True), ("nl", "hooguit vijftig euro", True), ("en", "at most fifty of them", False)],
)
def test_an_amount_of_money_is_told_from_a_number(locale: str, text: str, told: bool) -> None:
    """What something may cost, and not how many."""
    assert tells_sum(text, locale) is told


@pytest.mark.parametrize(
    ("country", "text", "written"),
    [("NL", "naar 3512ab graag", "3512 AB"), ("GB", "it's sw1a1aa", "SW1A 1AA"), ("BE", "9000 in Gent", "9000")],
)
def test_a_postcode_as_it_is_written(country: str, text: str, written: str) -> None:
    """The form of the merchant's country."""
    assert [in_parts(code) for code in postcodes(text, country)] == [written]


@pytest.mark.parametrize("way", ["Wednesday {} weeks ago", "{} days before Friday", "in {} weeks on Tuesday"])
def test_no_length_leads_out_of_the_calendar(way: str) -> None:
    """What is further away than years have numbers is read as something, or not at all."""
    said(way.format("nine hundred thousand"))
