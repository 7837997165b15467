"""A basket of a platform's own catalog as a command: the products by their sku, the customer's note with the last."""

from __future__ import annotations

from dataclasses import replace

from sayso.manifest.specs import Artefact
from sayso.model.command import Add, Candidate, Command, Evidence, Item
from sayso.model.event import CartItem, CartSent
from sayso.model.text import pick


def of_cart(cart: CartSent, artefact: Artefact) -> tuple[Command, ...]:
    """What the basket asks for. A sku that the catalog does not know is asked about; no price is taken from it."""
    if not cart.items:
        return ()
    evidence = Evidence(", ".join(item.sku for item in cart.items), "given")
    items = [_item(item, artefact) for item in cart.items]
    if note := cart.note.strip():
        items[-1] = replace(items[-1], notes=(note,))
    return (Add(tuple(items), evidence),)


def _item(item: CartItem, artefact: Artefact) -> Item:
    product = artefact.catalog.products.get(item.sku)
    if product is None:
        return Item(item.sku, quantity=item.quantity)
    return Item(pick(product.names, artefact.merchant.languages[0]), (Candidate(item.sku),), item.quantity)
