"""sayso: a host for merchants' skills in every conversation. What a skill's author imports, and nothing else.

    from sayso import Line, Skill, Turn, line

    coffee = Skill()

    @coffee.line("order")
    async def order(turn: Turn, drink: str, size: str = "medium", quantity: int = 1) -> Line:
        return line(drink, quantity, size=size)

Amounts are `Money` in integer minor units; times are aware; texts are keyed by BCP-47 language tags. A handler that
cannot do what was asked returns `Refused` with `Trouble`s (what the customer hears, and what could be had instead);
an error that is nobody's wish is a `SaysoError` with its status, and says where, what and how to mend it.
"""

from sayso.commerce.bookings import (
    Free,
    Search,
    Service,
    closest,
    free,
    grain_key,
    limit_of,
    resources,
    serves,
    service_of,
    spread,
    taken,
)
from sayso.commerce.bookings_calendar import Appointment, ics
from sayso.commerce.bookings_when import When, read_when
from sayso.commerce.colour import Lab, Palette, akin, difference, is_hex, lab, palette, undertone
from sayso.commerce.constraints import Conflict, Contents, age_trouble, conflict, contents
from sayso.commerce.digest import digest, new_id
from sayso.commerce.hours import (
    Window,
    holiday_at,
    local,
    next_opening,
    takes_orders_at,
    window_at,
    windows_from,
    windows_on,
)
from sayso.commerce.ledger import sale
from sayso.commerce.lines import effective, same_thing
from sayso.commerce.places import delivers_to, metres, nearest
from sayso.commerce.pricing import price, total, unit_price, vat_rows
from sayso.commerce.queue import Spot, by, earliest, horizon, slot_after
from sayso.commerce.receipt import Receipt, receipt
from sayso.commerce.stock import (
    available,
    counted,
    made_to_order,
    option_off,
    paused,
    product_off,
    short,
    values_left,
    wanted,
)
from sayso.errors import Forbidden, NotFound, SaysoError, Theirs, Upstream
from sayso.manifest.liking import preference_row
from sayso.manifest.specs import (
    Artefact,
    Delivery,
    IntentSpec,
    Location,
    MerchantSpec,
    Queue,
    SkillSpec,
    SlotSpec,
    Staff,
)
from sayso.model.action import (
    Answered,
    Ask,
    Check,
    Checked,
    Commit,
    Committed,
    HandedOver,
    HandOver,
    Option,
    Propose,
    Proposed,
    Recall,
    Recalled,
    Refused,
    Reverted,
    Sought,
    Speak,
    Trouble,
    Wanting,
)
from sayso.model.basket import Chosen, Fee, Line, Order, Priced, Proposal, Reserved
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.command import Add, Candidate, Command, Evidence, Item, Question, Say
from sayso.model.describe import line_row
from sayso.model.effect import (
    Booked,
    CapacityMoved,
    Change,
    Effect,
    Freed,
    Held,
    OrderMoved,
    OrderPlaced,
    StockMoved,
    TaskClosed,
    TaskMade,
    advance,
    inverse,
)
from sayso.model.fact import Fact, Named, Param, Params, Row, Said
from sayso.model.moment import amended, is_part
from sayso.model.money import Money
from sayso.model.text import pick
from sayso.model.writes import Job
from sayso.people.history import Past, preferences
from sayso.skill.api import Outcome, Turn
from sayso.skill.author import Changes, Key, Skill, line
from sayso.skill.effects import effect_of, taken_back
from sayso.skill.overlay import Freeing
from sayso.skill.plain import done, offer, undone
from sayso.skill.rows import Rows, free_number

__all__ = [
    "Add",
    "Answered",
    "Appointment",
    "Artefact",
    "Ask",
    "Booked",
    "Candidate",
    "CapacityMoved",
    "Catalog",
    "Change",
    "Changes",
    "Check",
    "Checked",
    "Chosen",
    "Command",
    "Commit",
    "Committed",
    "Conflict",
    "Contents",
    "Delivery",
    "Effect",
    "Evidence",
    "Fact",
    "Fee",
    "Forbidden",
    "Free",
    "Freed",
    "Freeing",
    "HandOver",
    "HandedOver",
    "Held",
    "IntentSpec",
    "Item",
    "Job",
    "Key",
    "Lab",
    "Line",
    "Location",
    "MerchantSpec",
    "Money",
    "Named",
    "NotFound",
    "Option",
    "OptionGroup",
    "OptionValue",
    "Order",
    "OrderMoved",
    "OrderPlaced",
    "Outcome",
    "Palette",
    "Param",
    "Params",
    "Past",
    "Priced",
    "Product",
    "Proposal",
    "Propose",
    "Proposed",
    "Question",
    "Queue",
    "Recall",
    "Recalled",
    "Receipt",
    "Refused",
    "Reserved",
    "Reverted",
    "Row",
    "Rows",
    "Said",
    "Say",
    "SaysoError",
    "Search",
    "Service",
    "Skill",
    "SkillSpec",
    "SlotSpec",
    "Sought",
    "Speak",
    "Spot",
    "Staff",
    "StockMoved",
    "TaskClosed",
    "TaskMade",
    "Theirs",
    "Trouble",
    "Turn",
    "Upstream",
    "Wanting",
    "When",
    "Window",
    "advance",
    "age_trouble",
    "akin",
    "amended",
    "available",
    "by",
    "closest",
    "conflict",
    "contents",
    "counted",
    "delivers_to",
    "difference",
    "digest",
    "done",
    "earliest",
    "effect_of",
    "effective",
    "free",
    "free_number",
    "grain_key",
    "holiday_at",
    "horizon",
    "ics",
    "inverse",
    "is_hex",
    "is_part",
    "lab",
    "limit_of",
    "line",
    "line_row",
    "local",
    "made_to_order",
    "metres",
    "nearest",
    "new_id",
    "next_opening",
    "offer",
    "option_off",
    "palette",
    "paused",
    "pick",
    "preference_row",
    "preferences",
    "price",
    "product_off",
    "read_when",
    "receipt",
    "resources",
    "sale",
    "same_thing",
    "serves",
    "service_of",
    "short",
    "slot_after",
    "spread",
    "taken",
    "taken_back",
    "takes_orders_at",
    "total",
    "undertone",
    "undone",
    "unit_price",
    "values_left",
    "vat_rows",
    "wanted",
    "window_at",
    "windows_from",
    "windows_on",
]
