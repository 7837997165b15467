"""The fulfilment kind `answer`: questions about the merchant itself, each told from its rows.

It knows hours, places, the merchant's own answers, returns and payment, and what is known about the speaker. It is
written with the names that `sayso` gives to every author.
"""

from sayso.skill.answer.kind import answer_kind

__all__ = ["answer_kind"]
