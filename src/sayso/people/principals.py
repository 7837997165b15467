"""Who acts, and what they may: one table for everybody.

Theory. A principal is somebody whose identity was verified at the door. An action is a word; who may do it is a row of
`MAY`: for each kind of principal, a rule over the principal and the resource. What no row allows is refused. Nobody
reaches another merchant's resource, an administrator of the host excepted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sayso.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Principal:
    """`kind`: "customer", "staff", "merchant_key", "agent" or "admin"; `merchant` "" only for an admin; `name` is a
    customer's id or a person's or key's name; `roles` of staff: "floor", "desk", "manager"."""

    kind: str
    merchant: str
    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on: `kind` ("conversation", "order", "trace", "switch", "manifest", ...), its merchant, its owner
    (a customer's id, "" for none) and the conversation a customer's door is bound to."""

    kind: str
    merchant: str
    id: str = ""
    owner: str = ""


Rule = Callable[[Principal, Resource], bool]


def _anyone(principal: Principal, resource: Resource) -> bool:
    return True


def _own(principal: Principal, resource: Resource) -> bool:
    return bool(resource.owner) and resource.owner == principal.name


def _role(*roles: str) -> Rule:
    def holds(principal: Principal, resource: Resource) -> bool:
        return not principal.roles.isdisjoint(roles)

    return holds


FLOOR = _role("floor", "desk", "manager")
DESK = _role("desk", "manager")
MANAGER = _role("manager")

MAY: Mapping[str, Mapping[str, Rule]] = {
    "talk": {"customer": _own, "agent": _own},
    "read_conversation": {"customer": _own, "agent": _own, "staff": DESK, "merchant_key": _anyone},
    "read_order": {"customer": _own, "agent": _own, "staff": FLOOR, "merchant_key": _anyone},
    "undo_order": {"customer": _own, "agent": _own, "staff": DESK},
    "read_trace": {"staff": DESK},
    "switch": {"staff": FLOOR, "merchant_key": _anyone},
    "read_unrecognised": {"staff": FLOOR, "merchant_key": _anyone},
    "read_deliveries": {"staff": DESK, "merchant_key": _anyone},
    "resend": {"staff": DESK, "merchant_key": _anyone},
    "read_attachment": {"staff": DESK},
    "answer": {"staff": DESK},
    "read_customer": {"customer": _own, "staff": DESK},
    "erase_customer": {"customer": _own, "staff": MANAGER},
    "publish": {"staff": MANAGER, "merchant_key": _anyone},
    "read_manifest": {"staff": FLOOR, "merchant_key": _anyone},
}
"""action -> kind of principal -> rule. An admin may do whatever is in the table but talk for a customer."""

NEVER_ADMIN = frozenset({"talk"})


def authorize(principal: Principal, action: str, resource: Resource) -> None:
    """Raises Forbidden unless the table allows it; its text names nothing that the principal may not know."""
    if principal.kind == "admin" and action in MAY and action not in NEVER_ADMIN:
        return
    rule = MAY.get(action, {}).get(principal.kind)
    same = bool(principal.merchant) and principal.merchant == resource.merchant
    if rule is None or not same or not rule(principal, resource):
        who = f"a {principal.kind.replace('_', ' ')}"
        mend = "use a key or login that has this right"
        raise Forbidden(f"{who} may not {action.replace('_', ' ')} here", where=resource.kind, mend=mend)
