"""The local chat's addresses. They exist only in the demo, or where the local chat was switched on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from sqlalchemy import update
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from bot.settings import Settings
from bot.web import page, pictures, samples
from bot.web.access import LANGUAGE_COOKIE, Door, Visitor
from bot.web.acts import Acts, Upload
from bot.web.events import Stream
from bot.web.platform import NAME, WebChat
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import t
from storage.models import Member

FILES_AT_ONCE = 30
REQUEST_BYTES = 250_000_000
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

ActId = Annotated[str, StringConstraints(pattern=UUID)]


class Act(BaseModel):
    """One act on one phone. ``id`` is made by the browser and the same in every repeat."""

    phone: str = Field(max_length=255)
    id: ActId


class Tap(Act):
    token: str = Field(max_length=2000)
    value: str = Field("", max_length=100)
    form: ActId | None = None
    label: str = Field("", max_length=200)


class Sent(Act):
    token: str = Field(max_length=2000)
    values: dict[str, Annotated[str, StringConstraints(max_length=5000)]] = Field(max_length=50)


class Command(Act):
    text: str = Field(max_length=2000)


class TakenBack(Act):
    said: ActId


class Language(BaseModel):
    locale: str = Field(pattern="^(ja|en)$")


def enabled(settings: Settings) -> bool:
    """Whether there is a local chat at all."""
    return settings.demo or settings.local_chat


def routes(services: Services, settings: Settings) -> APIRouter:
    """A router with the page, its stream and its acts; without the local chat only a page that says so."""
    router = APIRouter(include_in_schema=False)
    door = Door(services, settings)

    @router.get("/local/static/{name}")
    def static(request: Request, name: str) -> Response:
        if not enabled(settings) and name not in page.PLAIN_FILES:
            raise HTTPException(404)
        return page.static_file(request, name)

    if not enabled(settings):

        @router.api_route("/", methods=["GET", "HEAD"])
        def nothing(request: Request) -> HTMLResponse:
            locale = door.locale(request)
            return _html(
                page.plain_page(
                    locale,
                    t(locale, "This is a Keihi server"),
                    t(locale, "Expenses are claimed and approved in your chat. There is nothing to see here."),
                )
            )

        return router

    chat = services.platforms[NAME]
    assert isinstance(chat, WebChat)
    acts = Acts(services, chat)

    @router.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request) -> HTMLResponse:
        visitor = door.visitor(request)
        if visitor is None:
            locale = door.locale(request)
            how = t(locale, "To sign in, ask your administrator for a link (`keihi local-link E-MAIL`) and open it.")
            return _html(page.plain_page(locale, t(locale, "Please sign in"), how), status=401)
        answer = _html(page.chat_page(visitor, demo=settings.demo))
        door.remember(request, answer, visitor)
        return answer

    @router.get("/local/enter/{secret}")
    def ask_to_enter(request: Request, secret: str) -> HTMLResponse:
        # A link that is opened by a mail scanner or a preview must not be used up: only the button uses it.
        locale = door.locale(request)
        return _html(
            page.plain_page(
                locale,
                t(locale, "Open the local chat"),
                t(locale, "This link works once."),
                button=t(locale, "Open"),
                action=f"/local/enter/{secret}",
            )
        )

    @router.post("/local/enter/{secret}")
    def enter(request: Request, secret: str) -> Response:
        locale = door.locale(request)
        try:
            session = door.sign_in(request, secret)
        except Refusal as refusal:
            return _html(page.plain_page(locale, t(locale, refusal.text, **refusal.values)), status=403)
        answer = RedirectResponse("/", status_code=303)
        door.give(request, answer, session)
        return answer

    @router.get("/local/events")
    def events(request: Request, phone: Annotated[list[str] | None, Query()] = None) -> StreamingResponse:
        visitor = door.looking(request)
        phones = tuple(visitor.phone(user) for user in phone) if phone else visitor.phones
        last = request.headers.get("last-event-id", "")
        stream = Stream(services, chat.bell, phones, visitor.locale, int(last) if last.isdecimal() else None)
        return StreamingResponse(
            stream.events(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.post("/local/messages", status_code=202)
    async def messages(request: Request) -> dict[str, str]:
        visitor = await run_in_threadpool(door.acting, request)
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > REQUEST_BYTES:
            raise HTTPException(413, t(visitor.locale, "That is too much at once. Please send fewer files."))
        async with request.form(max_files=FILES_AT_ONCE, max_fields=10, max_part_size=100_000) as form:
            try:
                act = Act.model_validate({"phone": form.get("phone"), "id": form.get("id")})
            except ValidationError:
                raise HTTPException(422, t(visitor.locale, "That did not work. Please try again.")) from None
            text = str(form.get("text") or "").strip()[:2000]
            uploads = [
                await _upload(file, services.limits.file_bytes)
                for file in form.getlist("files")
                if isinstance(file, UploadFile)
            ]
        if text or uploads:
            await run_in_threadpool(acts.say, visitor.phone(act.phone), act.id, text, uploads)
        return {}

    @router.post("/local/taps", status_code=202)
    def taps(request: Request, tap: Tap) -> dict[str, str]:
        visitor = door.acting(request)
        acts.tap(visitor.phone(tap.phone), tap.id, tap.token, tap.value, tap.form or "", tap.label)
        return {}

    @router.post("/local/forms", status_code=202)
    def forms(request: Request, sent: Sent) -> Response:
        visitor = door.acting(request)
        errors = acts.send_form(visitor.phone(sent.phone), sent.id, sent.token, sent.values)
        return JSONResponse({"errors": errors} if errors else {}, status_code=422 if errors else 202)

    @router.post("/local/commands", status_code=202)
    def commands(request: Request, command: Command) -> dict[str, str]:
        visitor = door.acting(request)
        acts.command(visitor.phone(command.phone), command.id, command.text.strip())
        return {}

    @router.post("/local/unsend", status_code=202)
    def unsend(request: Request, taken: TakenBack) -> dict[str, str]:
        visitor = door.acting(request)
        acts.take_back(visitor.phone(taken.phone), taken.id, taken.said)
        return {}

    @router.post("/local/language")
    def language(request: Request, choice: Language) -> Response:
        visitor = door.acting(request)
        _set_language(services, visitor, choice.locale)
        answer = JSONResponse({})
        answer.set_cookie(LANGUAGE_COOKIE, choice.locale, max_age=365 * 86400, samesite="strict", httponly=True)
        return answer

    @router.get("/local/pictures/{sha256}")
    def picture(request: Request, sha256: str) -> Response:
        phones = door.looking(request).phones
        return pictures.picture(services, phones[0].organization_id, [phone.member_id for phone in phones], sha256)

    @router.get("/local/originals/{sha256}")
    def original(request: Request, sha256: str) -> Response:
        phones = door.looking(request).phones
        return pictures.original(services, phones[0].organization_id, [phone.member_id for phone in phones], sha256)

    if settings.demo:
        tray = sample_tray(settings)

        @router.get("/local/samples/{index}")
        def sample(request: Request, index: int, small: bool = False) -> Response:
            door.looking(request)
            try:
                data = tray.picture(index, small=small)
            except IndexError:
                raise HTTPException(404) from None
            except TimeoutError:
                raise HTTPException(503) from None
            return Response(data, media_type=samples.MEDIA_TYPE, headers={"Cache-Control": "private, max-age=600"})

    return router


def _html(content: str, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(content, status_code=status, headers=page.SECURITY)


def sample_tray(settings: Settings) -> samples.Tray:
    """The demo's samples, kept in the data folder."""
    return samples.Tray(settings.data_dir / "samples")


async def _upload(file: UploadFile, limit: int) -> Upload:
    """A file that is too large is not kept, only remembered; the bot tells the person."""
    size = file.size or 0
    data = await file.read() if size <= limit else b""
    return Upload(file.filename or "", file.content_type or "", size, data)


def _set_language(services: Services, visitor: Visitor, locale: str) -> None:
    members = [phone.member_id for phone in visitor.phones]
    with services.db.transaction(visitor.phones[0].organization_id) as session:
        session.execute(update(Member).where(Member.id.in_(members)).values(locale=locale))
