"""Pages for people: the chat, the list of merchants, the staff's switches; their files and the merchants' pictures."""

from __future__ import annotations

import asyncio
from pathlib import Path

from quart import Response, render_template, request

from sayso.errors import NotFound
from sayso.manifest.specs import MerchantSpec
from sayso.model.text import pick
from sayso.web import asking
from sayso.web.drawings import png
from sayso.web.parts import Site
from sayso.web.routes.table import Route

STATIC = Path(__file__).parent.parent / "static"
PAGE_LANGUAGES = ("en", "nl")
"""The languages that the page's own labels exist in; static/labels has a file for each."""
PICTURES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
FILES = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
DAY = "public, max-age=86400"
FRESH = "no-cache"
"""Kept, but asked for again each time: a new version of the page must not meet old scripts."""


async def home(site: Site) -> Response:
    """The merchants that can be talked to."""
    found = [one for one in await site.parts.artefacts.listed() if "web" in one.channels]
    wish = request.accept_languages.best_match(PAGE_LANGUAGES, "en") or "en"
    shown = [{"id": one.id, "name": pick(one.names, wish), "languages": one.languages} for one in found]
    return _html(await render_template("home.html", merchants=shown, language=wish, demo=site.config.demo))


async def chat(site: Site, merchant: str) -> Response:
    return await merchant_page(site, merchant, "chat.html")


async def desk(site: Site, merchant: str) -> Response:
    """The staff's desk and switches, for a phone behind the counter; also where there is no chat on the web."""
    return await _page(site, (await asking.published(site, merchant)).merchant, "staff.html")


async def merchant_page(site: Site, merchant: str, template: str) -> Response:
    """A page about one merchant with a chat on the web."""
    return await _page(site, (await asking.artefact(site, merchant)).merchant, template)


async def _page(site: Site, spec: MerchantSpec, template: str) -> Response:
    return _html(await render_template(template, **_about(site, spec)))


async def static(site: Site, name: str) -> Response:
    """A file of the pages."""
    return await _file(STATIC, name, FILES, FRESH)


async def asset(site: Site, merchant: str, name: str) -> Response:
    """A merchant's picture, from the folder of its manifest."""
    found = await site.parts.artefacts.current(merchant)
    if found is None:
        raise NotFound("there is no such picture", where="path")
    return await _file(site.config.manifests / found.merchant.id, name, PICTURES, DAY)


def _about(site: Site, spec: MerchantSpec) -> dict[str, object]:
    language = asking.language(spec, request.args.get("language", "")[:35])
    return {
        "merchant": spec.id,
        "name": pick(spec.names, language),
        "names": dict(spec.names),
        "assistant": spec.persona.name,
        "language": language,
        "languages": spec.languages,
        "demo": site.config.demo,
        "phone": spec.support_phone,
    }


def _html(page: str) -> Response:
    return Response(page, headers={"Cache-Control": FRESH}, content_type="text/html; charset=utf-8")


async def _file(folder: Path, name: str, kinds: dict[str, str], cache: str) -> Response:
    """The file, when its name stays in the folder and its type is allowed; a drawing also as a picture."""
    kind = kinds.get(Path(name).suffix.lower())
    drawn = kind is not None and name.lower().endswith(".svg.png")
    read = await asyncio.to_thread(_read, folder, name[:-4] if drawn else name) if kind else None
    if kind is None or read is None:
        raise NotFound("there is no such file", where="path")
    content, tag = read
    headers = {"Cache-Control": cache, "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return Response(b"", 304, headers)
    if drawn:
        content = await asyncio.to_thread(png, content)
    if kind == "image/svg+xml":
        # Opened by itself an SVG is a document: it may not run scripts.
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return Response(content, headers=headers, content_type=f"{kind}; charset=utf-8" if "text" in kind else kind)


def _read(folder: Path, name: str) -> tuple[bytes, str] | None:
    """Content and tag of a regular file that lies in the folder even when links are followed; hidden ones do not
    exist."""
    if "\x00" in name or any(part.startswith(".") for part in Path(name).parts):
        return None
    root, path = folder.resolve(), (folder / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        return None
    known = path.stat()
    return path.read_bytes(), f'"{known.st_mtime_ns:x}-{known.st_size:x}"'


ROUTES = (
    Route("GET", "/", home),
    Route("GET", "/chat/<merchant>", chat),
    Route("GET", "/staff/<merchant>", desk),
    Route("GET", "/static/<path:name>", static),
    Route("GET", "/assets/<merchant>/<path:name>", asset),
)
