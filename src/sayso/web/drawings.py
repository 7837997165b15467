"""Drawings as pictures: chat platforms take PNG and JPEG, a merchant's pictures may be SVG."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.errors import NotFound

WIDTH = 960
"""Pixels: sharp on a telephone, far below every platform's 5 MB."""
MOST = 262_144
"""Bytes of a drawing that is rendered."""

_OUTSIDE = re.compile(rb"""href\s*=\s*["']?\s*(?!["']?\s*(?:#|data:image/(?:png|jpeg)))|<!ENTITY""", re.IGNORECASE)
"""What reaches outside of the drawing: it is not followed, so such a drawing is not rendered."""


@lru_cache(maxsize=64)
def png(drawing: bytes) -> bytes:
    """The drawing as PNG. Raises NotFound for what is none, is too large or reaches outside of itself."""
    import resvg_py

    if len(drawing) > MOST or _OUTSIDE.search(drawing):
        raise NotFound("this drawing cannot be shown as a picture", where="path", mend="add it as PNG or JPEG")
    try:
        return bytes(resvg_py.svg_to_bytes(drawing.decode(), width=WIDTH, background="#ffffff"))
    except ValueError as error:
        raise NotFound("this drawing cannot be shown as a picture", where="path", mend="check the SVG") from error
