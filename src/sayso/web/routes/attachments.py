"""Files that customers sent, for the staff at the desk. A stranger's file is shown, never run."""

from __future__ import annotations

from quart import Response

from sayso.errors import NotFound
from sayso.host.attachments import Kept
from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.table import for_staff

MOST = 100
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Types that a page may show; everything else is saved."""
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/zip": "zip",
}


async def listed(site: Site, merchant: str) -> Response:
    """What customers sent, the newest first, at most 100; where there is no file, why not."""
    await asking.allowed(site, merchant, "read_attachment", "attachment")
    rows = site.parts.attachments
    found = await rows.listed(merchant, MOST) if rows else ()
    return asking.reply({"attachments": [_plain(each) for each in found]})


async def file(site: Site, merchant: str, attachment: str) -> Response:
    """The file: a picture to show, anything else to save under a name of ours."""
    await asking.allowed(site, merchant, "read_attachment", "attachment")
    rows, files = site.parts.attachments, site.parts.files
    kept = await rows.found(merchant, attachment) if rows else None
    content = await files.get(merchant, kept.file) if files and kept and kept.file else None
    if kept is None or content is None:
        raise NotFound("there is no such file any more", where="path", mend="GET the list: `reason` may say why.")
    way = "inline" if kept.mime in SHOWN else "attachment"
    name = f"{kept.id[:8]}.{SUFFIXES.get(kept.mime, 'bin')}"
    headers = HEADERS | {"Content-Disposition": f'{way}; filename="{name}"'}
    return Response(content, headers=headers, content_type=kept.mime)


def _plain(kept: Kept) -> dict[str, object]:
    return {
        "id": kept.id,
        "conversation": kept.conversation,
        "turn": kept.turn,
        "kind": kept.kind,
        "mime": kept.mime,
        "name": kept.name,
        "size": kept.size,
        "at": kept.at,
        "reason": kept.reason,
    }


ROUTES = (
    for_staff("GET", "attachments", listed, "List what customers sent", "Attachments"),
    for_staff("GET", "attachments/<attachment>", file, "Fetch a file", "application/octet-stream"),
)
