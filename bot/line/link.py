"""LINE's account link, our half: the page on which a person types the administrator's one-use code.

1. ``page_url`` wraps LINE's linkToken (ten minutes, one use, made for one LINE user) in a signed address of this
   server.
2. The page asks for the code. The code names the member; the handlers turn it into a one-use nonce.
3. The browser goes on to LINE with linkToken and nonce; LINE checks that the person who opens it is the one for whom
   the linkToken was made, which defeats the forwarded-link attack, and tells us by an ``accountLink`` event.

The page has no session and sets no cookie, so there is nothing for a foreign page to ride on: a POST is worth
something only with a signed address *and* a code. The handlers bound the guesses
of one LINE user.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, Template
from starlette.concurrency import run_in_threadpool

from handlers import people
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import LOCALES, t

log = structlog.get_logger(__name__)

LINE_PAGE = "https://access.line.me/dialog/bot/accountLink"
SALT = "line account link"
LIFE_SECONDS = 600
FORM_BYTES = 4000
CODE_LENGTH = 64

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' https://access.line.me"
    ),
}


def page_url(services: Services, user: str, link_token: str) -> str:
    """The address of our page for the linkToken that LINE made for ``user``, good for ten minutes."""
    token = services.keys.sign_for(SALT, [services.keys.digest(SALT, user), link_token])
    return f"{services.base_url}/link/line?{urlencode({'token': token})}"


def router(services: Services) -> APIRouter:
    """``GET`` and ``POST /link/line``."""
    routes = APIRouter()

    def opened(token: str) -> tuple[str, str]:
        """(who, linkToken); ``who`` is a keyed hash of the LINE user. Refusal when the address is old or forged."""
        who, link_token = services.keys.unsign_within(SALT, token, LIFE_SECONDS)
        return str(who), str(link_token)

    @routes.get("/link/line", include_in_schema=False)
    async def ask(request: Request) -> Response:
        token, locale = request.query_params.get("token", ""), _locale(request, services)
        try:
            opened(token)
        except Refusal as refusal:
            return _page(locale, refused=t(locale, refusal.text, **refusal.values), status=410)
        return _page(locale, token=token)

    @routes.post("/link/line", include_in_schema=False)
    async def check(request: Request) -> Response:
        locale = _locale(request, services)
        form = await _form(request)
        token, code = form.get("token", ""), form.get("code", "").strip()
        try:
            who, link_token = opened(token)
        except Refusal as refusal:
            return _page(locale, refused=t(locale, refusal.text, **refusal.values), status=410)
        try:
            if not code or len(code) > CODE_LENGTH:
                raise Refusal("Please type the code that your administrator gave you.")
            nonce = await run_in_threadpool(people.start_account_link, services, code, who=who)
        except Refusal as refusal:
            log.info("line.link_refused")
            return _page(locale, token=token, error=t(locale, refusal.text, **refusal.values), status=422)
        log.info("line.link_started")
        address = f"{LINE_PAGE}?{urlencode({'linkToken': link_token, 'nonce': nonce})}"
        return RedirectResponse(address, status_code=303, headers=HEADERS)

    return routes


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small urlencoded form; empty when it is anything else."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_BYTES:
            return {}
    try:
        return {key: values[-1] for key, values in parse_qs(body.decode("ascii"), max_num_fields=10).items()}
    except ValueError:
        return {}


def _locale(request: Request, services: Services) -> str:
    """The page's language: ``?lang=``, else the browser's first wish that we speak, else the server's."""
    wishes = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").split(",")]
    for wish in wishes:
        language = wish.split(";")[0].split("-")[0].strip().lower()
        if language in LOCALES:
            return language
    return services.locale


def _page(locale: str, *, token: str = "", error: str = "", refused: str = "", status: int = 200) -> Response:
    words = {
        "title": t(locale, "Link LINE to your expense account"),
        "lead": t(locale, "Type the one-use code from your administrator. LINE then asks you once to confirm."),
        "label": t(locale, "Code"),
        "submit": t(locale, "Link"),
        "hint": t(locale, "No code yet? Please ask your administrator for one."),
    }
    html = _template().render(locale=locale, token=token, error=error, refused=refused, **words)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


@lru_cache
def _template() -> Template:
    source = Path(__file__).with_name("link.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
