"""The page and its files: rendered by Jinja2, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Any

import jinja2
from fastapi import HTTPException, Request, Response

from bot.web import samples
from bot.web.access import Phone, Visitor
from bot.web.words import COMMANDS, part_words, words

_HERE = Path(__file__).parent
_FILES = {file.name: file.read_bytes() for file in sorted((_HERE / "static").iterdir()) if file.is_file()}
PLAIN_FILES = {"page.css", "mark.svg"}
"""What the plain page is made of; the rest belongs to the local chat."""
VERSION = hashlib.sha256(b"".join(_FILES.values())).hexdigest()[:12]
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def chat_page(visitor: Visitor, *, demo: bool) -> str:
    """The phones of a visitor."""
    locale = visitor.locale
    page_words = words(locale, demo=demo)
    return _ENVIRONMENT.get_template("chat.html").render(
        locale=locale,
        w=page_words,
        version=VERSION,
        phones=[_phone(phone, locale) for phone in visitor.phones],
        samples=samples.entries(locale) if demo else [],
        setup={
            "csrf": visitor.csrf,
            "locale": locale,
            "version": VERSION,
            "phones": [{"user": phone.user, "part": phone.part} for phone in visitor.phones],
            "words": page_words,
        },
    )


def _phone(phone: Phone, locale: str) -> dict[str, Any]:
    return {
        "user": phone.user,
        "name": phone.name,
        "initial": phone.name[:1],
        "part": phone.part,
        "commands": COMMANDS if phone.part == "administrator" else (),
        **part_words(locale, phone.part),
    }


def plain_page(locale: str, title: str, *lines: str, button: str = "", action: str = "") -> str:
    """One message, and one button where something is to be confirmed."""
    return _ENVIRONMENT.get_template("plain.html").render(
        locale=locale, title=title, lines=lines, button=button, action=action, version=VERSION
    )


def static_file(request: Request, name: str) -> Response:
    """A file of the page; 304 when the browser has it already."""
    data = _FILES.get(name)
    if data is None:
        raise HTTPException(404)
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(data, media_type=kind, headers=headers)
