"""Values in what customers say: numbers, money, times, contacts, colours, sizes; read by one pure call.

`numbers`: numbers in digits and words; `lexical`, `chart` and the tables of rules: times put together from their words
(`en.yaml`, `nl.yaml`); `nodes` and `occurrences`: times as expressions, and when they occur; `resolve`: ISO readings;
`opinions` and `libraries`: what other libraries read of words that are left over, for who asks.
"""

from sayso.understanding.values.lexicon import vocabulary
from sayso.understanding.values.model import KINDS, Conventions, Reading, Value
from sayso.understanding.values.recognise import first_number, recognise, tells_sum
from sayso.understanding.values.resolve import upcoming

__all__ = [
    "KINDS", "Conventions", "Reading", "Value", "first_number", "recognise", "tells_sum", "upcoming", "vocabulary",
]  # fmt: skip
