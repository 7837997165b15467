"""The compiler: one message to what a channel shows of it, within the channel's limits, nothing dropped silently.

Message ─▶ choices arranged (arrange) ─▶ laid out in parts (layout) ─▶ Plan(parts, degradations, numbered)
"""

from sayso.channels.compiler.layout import Where, words_in
from sayso.channels.compiler.layout import compiled as compile_message
from sayso.channels.compiler.plan import Button, Degradation, Image, Part, Plan, Row, Tile

__all__ = ["Button", "Degradation", "Image", "Part", "Plan", "Row", "Tile", "Where", "compile_message", "words_in"]
