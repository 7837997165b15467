"""The fulfilment kind `hand_over`: a task for a person, with what it is about and a promise of when.

It is written with the names that `sayso` gives to every author.
"""

from sayso.skill.hand_over.kind import hand_over_kind

__all__ = ["hand_over_kind"]
