"""The kind `booking`: which handler serves what. Operations: "book", "move", "cancel", "status"."""

from __future__ import annotations

from sayso import Skill
from sayso.skill.booking import offer, tell
from sayso.skill.booking.commit import commit, commit_cancel, undo


def booking_kind() -> Skill:
    """The handlers of the kind, as any skill has them."""
    bookings = Skill(local=True, kind="booking")
    bookings.propose("book")(offer.book)
    bookings.propose("move")(offer.move)
    bookings.propose("cancel")(offer.cancel)
    bookings.commit("book", "move")(commit)
    bookings.commit("cancel")(commit_cancel)
    bookings.undo("book", "move", "cancel")(undo)
    bookings.ask("order", "status")(tell.status)
    bookings.ask("price", "duration")(tell.price)
    bookings.ask("product")(tell.product)
    bookings.ask("menu")(tell.menu)
    bookings.ask("open")(tell.found)
    bookings.ask("suggested")(tell.suggested)
    return bookings
