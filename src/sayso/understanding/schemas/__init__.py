"""Forms: intents whose slots are explained by a description alone, as the schemas of other makers' tools are.

Theory. Such a slot has a type and a line of text ("City where the bus is leaving from"), no list of its values and no
annotated samples. What a customer says is cut into mentions by their kind (a day, a clock, a count, a sum, a choice's
value, a yes-or-no property, a proper name); each mention goes to the slot of that kind that it fits best: the one that
was asked for, the one whose description shares a word with the words beside the mention, the end of a way or a period
that a small word points to ("from", "until"). The same reading of our own last message tells what it asked and what it
offered; taking the offer fills its slots. Values of another form of the conversation come along when the customer
points to them ("there", "that day"). All words that this needs of a language are in `phrases/schemas`.
"""

from sayso.understanding.schemas.heard import Proposed, hear
from sayso.understanding.schemas.spec import Forms, compile_forms
from sayso.understanding.schemas.turn import gist, read_turn

__all__ = ["Forms", "Proposed", "compile_forms", "gist", "hear", "read_turn"]
