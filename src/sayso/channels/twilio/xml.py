"""TwiML: what Twilio reads in an answer."""

from __future__ import annotations

from sayso.channels.contract import Response

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def xml(inside: str) -> Response:
    """A TwiML document."""
    return Response(f"{HEAD}<Response>{inside}</Response>".encode(), content_type="text/xml; charset=utf-8")


EMPTY = xml("")
"""Nothing is to be done now."""
