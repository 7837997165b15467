"""Named arrays as bytes that are read without a copy: a length, a head in JSON, then the arrays one after another.

A published merchant's classifier is such bytes. The host that loads an artefact holds them once: the arrays of the
classifier are views of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = b"sayso-arrays-1\n\0"
_ALIGNED = 64
_LENGTH = 8


def pack(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The same bytes for the same content."""
    places, body = {}, bytearray()
    for name, array in arrays.items():
        body += bytes(-len(body) % _ALIGNED)
        places[name] = [array.dtype.str, list(array.shape), len(body)]
        body += array.tobytes()
    told = json.dumps({"head": dict(head), "arrays": places}).encode()
    told += b" " * (-(len(MAGIC) + _LENGTH + len(told)) % _ALIGNED)
    return MAGIC + len(told).to_bytes(_LENGTH, "little") + told + bytes(body)


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The head and the arrays, which cannot be written to; nothing for bytes of another kind."""
    import numpy

    if not packed.startswith(MAGIC):
        return {}, {}
    begins = len(MAGIC) + _LENGTH
    ends = begins + int.from_bytes(packed[len(MAGIC) : begins], "little")
    told = json.loads(packed[begins:ends])
    arrays = {
        name: numpy.frombuffer(packed, kind, prod(shape), ends + at).reshape(shape)
        for name, (kind, shape, at) in told["arrays"].items()
    }
    return told["head"], arrays
