"""The built-in kind `order`: a basket of catalog lines, priced, reserved, placed, and undone until it is made.

It is written against the public `sayso` names, as any skill is. Slots it knows: one of type `location`, one of type
`time`, one of type `postcode`, a choice called `service` (its value `delivery` means the location's delivery terms) and
a text called `address`. Settings: `days_ahead` (how far ahead a timed order may be).
"""

from sayso.skill.order.kind import order_kind

__all__ = ["order_kind"]
