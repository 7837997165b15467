"""The host: one event becomes one turn; effects, jobs and outgoing messages have their own small tables."""

from sayso.host.assemble import Assembled, assemble
from sayso.host.turn import Done

__all__ = ["Assembled", "Done", "assemble"]
