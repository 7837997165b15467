"""Colour science: CIELAB, CIEDE2000 against the published test pairs, undertones, colour words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.colour import Lab, akin, difference, lab, palette, undertone

PALETTE = palette()

SHARMA = [
    (50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425),
    (50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615),
    (50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412),
    (50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669),
    (50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461),
    (50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065),
    (50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492),
    (50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977),
    (50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030),
    (50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000),
    (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
    (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
    (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
    (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
    (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
    (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
    (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
    (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
    (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
    (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
]
"""Table 1 of Sharma, Wu and Dalal (2005): two colours and their difference, to four decimals."""


@pytest.mark.parametrize("pair", SHARMA, ids=[str(number) for number in range(1, len(SHARMA) + 1)])
def test_ciede2000_has_the_published_values(pair: tuple[float, ...]) -> None:
    """Each of the 34 published pairs, both ways round."""
    one, other = Lab(*pair[:3]), Lab(*pair[3:6])
    assert difference(one, other) == pytest.approx(pair[6], abs=5e-5)
    assert difference(other, one) == pytest.approx(pair[6], abs=5e-5)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ffffff", (100.0, 0.0, 0.0)),
        ("#000000", (0.0, 0.0, 0.0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.74, -86.18, 83.18)),
        ("0000ff", (32.30, 79.19, -107.86)),
        ("#808080", (53.59, 0.0, 0.0)),
    ],
)
def test_hex_values_become_cielab(colour: str, expected: tuple[float, float, float]) -> None:
    """The corners of sRGB have their known places."""
    found = lab(colour)
    assert (found.lightness, found.a, found.b) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#gggggg"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    """Only six hex digits are a colour."""
    with pytest.raises(ValueError, match="not a colour"):
        lab(text)


HEX = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(HEX, HEX)
def test_a_difference_is_symmetric_and_none_for_the_same(one: str, other: str) -> None:
    """It does not matter which of the two comes first."""
    assert difference(lab(one), lab(other)) == pytest.approx(difference(lab(other), lab(one)), abs=1e-9)
    assert difference(lab(one), lab(one)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#e0ac7e", "warm"),
        ("#d9a58f", "cool"),
        ("#c8502a", "warm"),
        ("#8a1c4a", "cool"),
        ("#2f5fb3", "cool"),
        ("#808080", "neutral"),
    ],
)
def test_an_undertone_follows_from_hue(colour: str, expected: str) -> None:
    """Golden beige and brick are warm, rosy beige and berry cool, grey neither."""
    assert undertone(lab(colour)) == expected


def named(text: str) -> Lab:
    found = list(PALETTE.find(text.split()))
    assert len(found) == 1, text
    return found[0].colour


@pytest.mark.parametrize(
    ("words", "near", "far"),
    [
        ("rode lippen", "#c4122f", "#3f8f4f"),
        ("red lips", "#c4122f", "#3f8f4f"),
        ("dusky green", "#6f8a70", "#3f8f4f"),
        ("dofgroen", "#6f8a70", "#3f8f4f"),
        ("iets bordeaux", "#6d1a36", "#c4122f"),
        ("oudroze", "#c08081", "#e0218a"),
        ("a brick shade", "#9b4a34", "#e58fa8"),
        ("donkerrode", "#8d0a1f", "#e58fa8"),
        ("lichtblauw", "#7f9fd8", "#1f2f55"),
    ],
)
def test_colour_words_stand_for_a_colour(words: str, near: str, far: str) -> None:
    """A word lies nearer to what it means than to another colour."""
    colour = named(words)
    assert difference(colour, lab(near)) < min(12.0, difference(colour, lab(far)))


@pytest.mark.parametrize(("one", "other"), [("dusky green", "dofgroen"), ("dark red", "donkerrood"), ("pink", "roze")])
def test_both_languages_mean_the_same_colour(one: str, other: str) -> None:
    """English and Dutch words for one colour stand for one point."""
    assert named(one) == named(other)


def test_modifiers_move_a_colour_the_way_they_say() -> None:
    """Dark is darker, light lighter, dusky greyer, bright stronger, warm yellower."""
    plain = named("red")
    assert named("dark red").lightness < plain.lightness < named("light red").lightness
    assert named("dusky red").chroma < plain.chroma < named("bright red").chroma
    assert named("cool red").b < plain.b < named("warm red").b


def test_several_colours_are_all_found() -> None:
    """ "red or dusky pink" names two, each with its own words."""
    found = list(PALETTE.find(["red", "or", "dusky", "pink", "please"]))
    assert [each.words for each in found] == [("red",), ("dusky", "pink")]


@pytest.mark.parametrize(
    "text", ["a warm skin tone", "een donkere huid", "light", "waterproof trail shoes", "a mat finish"]
)
def test_words_that_name_no_colour_find_none(text: str) -> None:
    """A modifier alone is no colour."""
    assert list(PALETTE.find(text.split())) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#3f8f4f", "#23543a", True),
        ("#c4122f", "#9b1030", True),
        ("#151515", "#1a1a1c", True),
        ("#151515", "#a8683a", False),
        ("#3f8f4f", "#8a8d92", False),
        ("#3f8f4f", "#1f2f55", False),
        ("#c4122f", "#6f4a9b", False),
    ],
)
def test_a_colour_word_covers_light_and_dark_of_its_hue(one: str, other: str, expected: bool) -> None:
    """Bottle green is green; grey is not."""
    assert akin(lab(one), lab(other)) is expected
