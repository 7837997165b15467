"""The web chat's channel: JSON events of our own page or API, and messages as JSON. Pure; `sayso.web` has routes."""

from sayso.channels.web.parse import ACCOUNT, CHANNEL, conversation_key, opened, parse
from sayso.channels.web.render import render

__all__ = ["ACCOUNT", "CHANNEL", "conversation_key", "opened", "parse", "render"]
