"""The kind `order`: which handler serves what. Operations: "add" (lines), "usual", "last" (recall), "status"."""

from __future__ import annotations

from sayso import Skill
from sayso.skill.order import browse, found, tell
from sayso.skill.order.check import check
from sayso.skill.order.commit import commit, undo
from sayso.skill.order.propose import propose
from sayso.skill.order.recall import recall
from sayso.skill.order.suggest import suggested

BUYING = ("add", "usual", "last")


def order_kind() -> Skill:
    """The handlers of the kind, as any skill has them."""
    orders = Skill(local=True, kind="order")
    orders.check(*BUYING)(check)
    orders.propose(*BUYING)(propose)
    orders.commit(*BUYING)(commit)
    orders.undo(*BUYING)(undo)
    orders.recall("usual", "last")(recall)
    orders.ask("menu")(browse.menu)
    orders.ask("product")(browse.product_of)
    orders.ask("open")(found.found)
    orders.ask("price")(browse.price_of)
    orders.ask("options")(browse.options)
    orders.ask("allergens")(browse.allergens)
    orders.ask("suggested")(suggested)
    orders.ask("basket")(tell.basket)
    orders.ask("order", "status")(tell.order)
    orders.ask("duration")(tell.duration)
    orders.ask("receipt")(tell.show_receipt)
    return orders
