"""The built-in kind `advice`: finds what fits a wish, and says why.

It is written against the public `sayso` names, as any skill is. Operations: "find" and "advise". The choices among an
intent's slots are the attributes that it knows: the slot `finish` stands for the catalog's column `attr_finish`, its
values and their synonyms for what customers call them. A text with `whole: true` takes the customer's words, from which
colours (against `attr_hex`), option values ("size 42"), a greatest price and free words are read as well. A choice with
a prompt is a quiz question: put only while nothing more telling was said. Settings: `questions` (how many at most),
`most` (how many products at once).
"""

from sayso.skill.advice.kind import advice_kind

__all__ = ["advice_kind"]
