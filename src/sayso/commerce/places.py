"""Where: the nearest location, and what a location delivers to."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from sayso.manifest.specs import Delivery, Location

EARTH_METRES = 6_371_008.8
"""Mean radius R1 of the Earth (IUGG)."""


def metres(latitude: float, longitude: float, location: Location) -> int:
    """The great-circle distance to a location (haversine formula)."""
    north, south = radians(latitude), radians(location.latitude)
    half_north = sin((north - south) / 2) ** 2
    half_east = cos(north) * cos(south) * sin(radians(longitude - location.longitude) / 2) ** 2
    return round(2 * EARTH_METRES * asin(sqrt(min(1.0, half_north + half_east))))


def nearest(locations: Iterable[Location], latitude: float, longitude: float) -> tuple[Location, ...]:
    """The locations, nearest first."""
    return tuple(sorted(locations, key=lambda location: (metres(latitude, longitude, location), location.id)))


def postcode(words: str) -> str:
    """A postcode as compared: upper case, without spaces or signs ("1012 ab" is "1012AB")."""
    return "".join(character for character in words.upper() if character.isalnum())


def delivers_to(delivery: Delivery, words: str) -> bool:
    """Does the location deliver to this postcode? An area is a prefix ("1012" holds "1012 AB")."""
    code = postcode(words)
    return bool(code) and any(code.startswith(postcode(area)) for area in delivery.areas)
