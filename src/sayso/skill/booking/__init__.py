"""The built-in kind `booking`: appointments with people, at a place or at the customer's home.

It is written against the public `sayso` names, as any skill is. A service is a product of the catalog with the
attribute `duration`; who serves is the merchant's `staff`. Operations: "book", "move", "cancel", "status". Slots it
knows, by type: one `product` (the service), one `location`, one `time`, one `staff`, one `address`. It asks for what is
missing in an order that lets it offer what can be had. Settings: `days_ahead`, `lead_minutes`, `every_minutes`,
`free_cancel_hours`, `late_cancel_percent`, `reminder_hours`.
"""

from sayso.skill.booking.calendar import calendar_file
from sayso.skill.booking.kind import booking_kind

__all__ = ["booking_kind", "calendar_file"]
