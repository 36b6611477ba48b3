"""One act being answered: who did it, where, and the transaction in which everything that follows from it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import actions, outbox, people
from handlers.chat import Address, Capabilities, Card, Form, Incoming, Tone
from handlers.services import Services
from handlers.texts import t
from storage.models import Identity, InboxEvent, Member, Organization


@dataclass
class View:
    """What a screen needs to know of its reader: language, zone, and the keys that sign its buttons."""

    services: Services
    locale: str
    zone: str
    member_id: str = ""

    def t(self, text: str, /, **values: object) -> str:
        return t(self.locale, text, **values)

    def token(self, name: str, subject: str = "", version: int = 0, extra: str = "") -> str:
        return actions.token(self.services.keys, name, subject, version, extra)


@dataclass
class Turn:
    """The answer to one :class:`Incoming` of a known member. ``form`` is opened after the transaction, if set.

    ``postscript`` adds to the first answer what was not worth a message of its own.
    """

    services: Services
    session: Session
    organization: Organization
    incoming: Incoming
    event: InboxEvent
    identity: Identity
    member: Member
    form: Form | None = field(default=None)
    postscript: Callable[[Card], Card] | None = field(default=None)

    @property
    def view(self) -> View:
        return view_of(self.services, self.organization, self.member)

    @property
    def capabilities(self) -> Capabilities:
        return self.services.platforms[self.incoming.sender.platform].capabilities

    @property
    def today(self) -> date:
        return self.services.clock().astimezone(ZoneInfo(self.organization.zone)).date()

    def t(self, text: str, /, **values: object) -> str:
        return self.view.t(text, **values)

    def tell(self, card: Card | str, *, tone: Tone = "plain", private: bool = True) -> None:
        """Answer with a message of its own."""
        if isinstance(card, str):
            card = Card(title=card, tone=tone, private=private)
        outbox.tell(
            self.session,
            self.services,
            self.incoming.sender,
            self._with_postscript(card),
            reply=self.incoming.reply,
            member_id=self.member.id,
        )

    def show(self, slot: str, card: Card, *, subject: str = "", to: Address | None = None) -> None:
        """Put a card into a slot of this person's screen."""
        outbox.show(
            self.session,
            self.services,
            to or self.incoming.sender,
            slot,
            self._with_postscript(card),
            subject=subject,
            member_id=self.member.id,
            reply=self.incoming.reply,
        )

    def _with_postscript(self, card: Card) -> Card:
        added, self.postscript = self.postscript, None
        return added(card) if added is not None and not self.incoming.sender.group else card


def view_of(services: Services, organization: Organization, member: Member | None) -> View:
    """How ``member`` (or anybody, if None) sees the organisation's screens."""
    return View(services, people.locale_of(member, organization), organization.zone, member.id if member else "")
