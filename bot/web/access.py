"""Who may look at which phone, and who may act on it.

In the demo the visitor is this very machine: the connection comes from it and no proxy passed it on, the page was asked
for by a loopback name (so that no other site's name can be pointed here), and the phones are the fictional
organisation's. Without the demo a person signs in by a one-time link, and only their own phone is there. In both, an
act needs the page's own cookie (SameSite=Strict), the page's own token and the page's own origin.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.web.platform import NAME
from handlers import people
from handlers.chat import Address
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import t
from storage.db import EVERY_ORGANIZATION
from storage.models import Identity, LinkSecret, Member, Organization

COOKIE = "keihi_local"
LANGUAGE_COOKIE = "keihi_language"
SESSION_SECONDS = 12 * 3600
LINK_MINUTES = 15
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
PROXIED = re.compile(r"via|forwarded|x-real-ip|x-forwarded-.+")  # headers that only a proxy adds
_SESSION = "local chat session"
_CSRF = "local chat csrf"


@dataclass(frozen=True)
class Phone:
    """One person's phone. ``user`` is their id on the platform; ``part`` what they are in the demo's story."""

    organization_id: str
    member_id: str
    user: str
    name: str
    locale: str
    roles: tuple[str, ...]
    has_reports: bool

    @property
    def part(self) -> str:
        if "admin" in self.roles:
            return "administrator"
        return "supervisor" if self.has_reports else "worker"


@dataclass(frozen=True)
class Visitor:
    """Somebody at the page: their session, the token that their acts must carry, and the phones they may use."""

    session: str
    csrf: str
    phones: tuple[Phone, ...]
    locale: str

    def phone(self, user: str) -> Phone:
        for phone in self.phones:
            if phone.user == user:
                return phone
        raise HTTPException(403, t(self.locale, "This phone is not yours."))


class Door:
    """Lets visitors in, or not."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services = services
        self._settings = settings

    # --- looking and acting -------------------------------------------------------------------------------------------

    def visitor(self, request: Request) -> Visitor | None:
        """Who is at the page, or None for somebody who has to sign in. Raises 403 for a foreign host name."""
        if self._is_this_machine(request):
            session = self._session(request) or {"id": secrets.token_urlsafe(18)}
            phones = self._demo_phones()
        else:
            known = self._session(request)
            if known is None or not known.get("member"):
                return None
            session, phones = known, self._own_phone(known["member"])
            if not phones:
                return None
        sid = str(session["id"])
        return Visitor(
            self._sign(session), self._services.keys.digest(_CSRF, sid), phones, self.locale(request, phones)
        )

    def looking(self, request: Request) -> Visitor:
        """The visitor of a page that was opened before; raises 401 or 403."""
        if COOKIE not in request.cookies:
            raise HTTPException(401, t(self.locale(request), "Please open the page again."))
        visitor = self.visitor(request)
        if visitor is None:
            raise HTTPException(401, t(self.locale(request), "Please open the page again."))
        return visitor

    def acting(self, request: Request) -> Visitor:
        """Like :meth:`looking`, for an act: the page itself must have asked for it."""
        visitor = self.looking(request)
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
            raise HTTPException(403, t(visitor.locale, "This request did not come from the page."))
        if not secrets.compare_digest(request.headers.get("x-csrf-token", "").encode(), visitor.csrf.encode()):
            raise HTTPException(403, t(visitor.locale, "Please open the page again."))
        return visitor

    def remember(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Give the visitor's browser its session."""
        self.give(request, response, visitor.session)

    def give(self, request: Request, response: Response, session: str) -> None:
        response.set_cookie(
            COOKIE, session, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=self._is_https(request)
        )

    def locale(self, request: Request, phones: tuple[Phone, ...] = ()) -> str:
        """The page's language: chosen here, else the person's own, else the setting."""
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        if chosen in ("ja", "en"):
            return chosen
        own = phones[0].locale if len(phones) == 1 else ""
        return own or self._settings.locale

    # --- one-time links -----------------------------------------------------------------------------------------------

    def sign_in(self, request: Request, secret: str) -> str:
        """Use up a one-time link and return the session for its member; :class:`Refusal` when it is not good."""
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
            raise Refusal("This request did not come from the page.")
        with self._services.db.transaction(EVERY_ORGANIZATION) as session:
            member = people.redeem(session, self._services, secret, NAME)
            if member is None:
                raise Refusal("This link is not valid any more. Please ask for a new one.")
            member_id, home = member.id, member.organization_id
        with self._services.db.transaction(home) as session:
            member = session.get_one(Member, member_id)
            if session.scalars(select(Identity).filter_by(platform=NAME, member_id=member_id)).first() is None:
                address = Address(NAME, home, member_id)
                people.link(session, address, member, how="local_link", now=self._services.clock())
        return self._sign({"id": secrets.token_urlsafe(18), "member": member_id})

    # --- within -------------------------------------------------------------------------------------------------------

    def _is_this_machine(self, request: Request) -> bool:
        if not self._settings.demo:
            return False
        peer = request.client.host if request.client else ""
        try:
            at_home = ipaddress.ip_address(peer).is_loopback
        except ValueError:
            at_home = False
        if not at_home or _passed_on(request):
            return False
        if (request.url.hostname or "") not in LOOPBACK_NAMES:
            raise HTTPException(403, t(self.locale(request), "The demo is open to this machine alone: use localhost."))
        return True

    def _session(self, request: Request) -> dict[str, Any] | None:
        try:
            value = self._services.keys.unsign_within(_SESSION, request.cookies.get(COOKIE, ""), SESSION_SECONDS)
        except Refusal:
            return None
        return value if isinstance(value, dict) and "id" in value else None

    def _sign(self, session: dict[str, Any]) -> str:
        return self._services.keys.sign_for(_SESSION, session)

    def _is_https(self, request: Request) -> bool:
        public = urlsplit(self._services.base_url)
        return request.url.scheme == "https" or (public.scheme == "https" and public.hostname == request.url.hostname)

    def _demo_phones(self) -> tuple[Phone, ...]:
        with self._services.db.snapshot(EVERY_ORGANIZATION) as session:
            homes = [
                organization
                for organization in session.scalars(select(Organization))
                if organization.settings.get("demo")
            ]
            phones = [phone for home in homes[:1] for phone in _phones(session, Member.organization_id == home.id)]
        order = {"worker": 0, "supervisor": 1, "administrator": 2}
        return tuple(sorted(phones, key=lambda phone: order[phone.part]))

    def _own_phone(self, member_id: str) -> tuple[Phone, ...]:
        with self._services.db.snapshot(EVERY_ORGANIZATION) as session:
            found = _phones(session, Member.id == member_id)
        return tuple(found[:1])


def _passed_on(request: Request) -> bool:
    """Whether a proxy brought the request: its connection then comes from this machine, whoever sent it."""
    return any(PROXIED.fullmatch(name.lower()) for name in request.headers)


def _phones(session: Session, which: Any) -> list[Phone]:
    managers = set(session.scalars(select(Member.manager_id).where(Member.manager_id.is_not(None))))
    rows = session.execute(
        select(Member, Identity.user)
        .join(Identity, (Identity.member_id == Member.id) & (Identity.platform == NAME))
        .where(which, Member.active.is_(True))
        .order_by(Member.created_at)
    )
    return [
        Phone(
            member.organization_id,
            member.id,
            user,
            member.name,
            member.locale,
            tuple(member.roles),
            member.id in managers,
        )
        for member, user in rows
    ]


def issue_link(services: Services, settings: Settings, email: str) -> str:
    """A one-time address, good for 15 minutes, that signs the member with this e-mail in to the local chat.

    Raises :class:`Refusal` when nobody, or more than one person, has this e-mail.
    """
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        members = session.scalars(
            select(Member).where(Member.email == people.clean_email(email), Member.active.is_(True))
        ).all()
        if len(members) != 1:
            raise Refusal("Nobody with the e-mail {email} was found.", email=email)
        secret = secrets.token_urlsafe(32)
        session.add(
            LinkSecret(
                organization_id=members[0].organization_id,
                member_id=members[0].id,
                purpose=NAME,
                digest=services.keys.digest(NAME, secret),
                expires_at=services.clock() + timedelta(minutes=LINK_MINUTES),
                used_at=None,
            )
        )
    base = services.base_url or f"http://{settings.host}:{settings.port}"
    return f"{base}/local/enter/{secret}"
