"""The host on the web: `create_app` is the composition root, `wire` makes its parts, `serve` runs it."""

from sayso.web.app import create_app
from sayso.web.config import Config
from sayso.web.parts import Parts, Site

__all__ = ["Config", "Parts", "Site", "create_app"]
