"""Ours, theirs, upstream: every error carries a status, a text for the log and one for whoever asked.

`Theirs`: the request is wrong (4xx): says where, what and how to mend it. `Upstream`: another party failed or was late
(502/504). Anything else that escapes is ours (500) and a bug.
"""

from __future__ import annotations


class SaysoError(Exception):
    """`status` is the HTTP status; `code` a stable word for programs; `mend` says what to do about it."""

    status = 500
    code = "internal"

    def __init__(self, text: str, *, where: str = "", mend: str = "", code: str = "", status: int = 0) -> None:
        super().__init__(text)
        self.text, self.where, self.mend = text, where, mend
        self.code = code or type(self).code
        self.status = status or type(self).status


class Theirs(SaysoError):
    """The request cannot be served as it is."""

    status = 400
    code = "bad_request"


class NotFound(Theirs):
    status = 404
    code = "not_found"


class Forbidden(Theirs):
    status = 403
    code = "forbidden"


class Unauthorised(Theirs):
    status = 401
    code = "unauthorised"


class Upstream(SaysoError):
    """A model, web hook or provider failed or was late."""

    status = 502
    code = "upstream"


class Conflict(SaysoError):
    """A precondition of a WriteSet failed: `what` is "version", "stock", "capacity" or "order". Nothing was written;
    the turn is run again."""

    status = 409
    code = "conflict"

    def __init__(self, what: str, detail: str = "") -> None:
        super().__init__(f"{what} changed meanwhile {detail}".strip())
        self.what, self.detail = what, detail
