"""The handlers without a server: three people on a platform of paper, jobs run by hand, everything in one thread.

For rules that hold under any order of acts. How things look and feel on real platforms is told in ``tests/scenarios``.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from handlers import actions, conversation, directory, inbox, outbox, people, receipts
from handlers.chat import (
    Act,
    Address,
    Button,
    Capabilities,
    Card,
    FileRef,
    Form,
    FormSent,
    Incoming,
    Profile,
    Reply,
    Said,
    Tapped,
)
from handlers.keys import Keys
from handlers.services import Services
from ocr.reading import Category, Field, Reading, TaxLine
from storage.blobs import Blobs
from storage.db import EVERY_ORGANIZATION, Database
from storage.jobs import Jobs, Later
from storage.models import Claim, InboxEvent, JobRecord, Member, Organization
from tests import databases

PLATFORM = "paper"
MOVED_IN = dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC)  # a Tuesday, 10 o'clock in Tokyo, after these tests' receipts


def reading(payee: str = "喫茶 さくら", amount: int = 1280) -> Reading:
    """A clean reading."""
    return Reading(
        kind=Field("receipt", 1.0),
        issuer=Field(payee, 1.0),
        date=Field(dt.date(2026, 11, 20), 1.0),
        total=Field(amount, 1.0),
        currency=Field("JPY", 1.0),
        taxes=Field((TaxLine(Decimal(10), 116),), 1.0),
        category=Field(Category("meeting", "会議費", "需用費"), 1.0),
    )


class PaperReader:
    """Every file reads as the amount that is written in it."""

    def read(self, data: bytes) -> tuple[Reading, ...]:
        return (reading(amount=int(data.decode())),)

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


@dataclass
class Paper:
    """A platform that keeps what it is told: ``screens[user]`` maps a reference to the card it shows now."""

    name: str = PLATFORM
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(True, True, False, True))
    screens: dict[str, dict[str, Card]] = field(default_factory=dict)
    forms: list[tuple[str, Form]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    left: int | None = None

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        self.screens.setdefault(to.user, {})[key] = card
        return key

    def update(self, to: Address, reference: str, card: Card) -> None:
        self.screens[to.user][reference] = card

    def open_form(self, to: Address, handle: str, form: Form) -> None:
        self.forms.append((to.user, form))

    def working(self, to: Address) -> None: ...

    def fetch(self, sender: Address, file: FileRef, *, limit: int) -> bytes:
        return self.files[file.id]

    def profile(self, of: Address) -> Profile:
        return Profile(standing="gone")

    def directory(self, tenant: str) -> tuple[tuple[Address, Profile], ...]:
        return ()

    def facts(self, tenant: str) -> tuple[tuple[str, str], ...]:
        return ()

    def pushes_left(self, tenant: str) -> int | None:
        return self.left

    def link_url(self, to: Address) -> str:
        return ""


def _going_on_from(moment: dt.datetime) -> Callable[[], dt.datetime]:
    """A clock that begins at this moment whatever the day is, and goes on as time passes."""
    begun = time.monotonic()
    return lambda: moment + dt.timedelta(seconds=time.monotonic() - begun)


class House:
    """Worker ``w``, her supervisor ``s``, his supervisor ``a`` who is also the administrator, and a colleague ``c``."""

    patience = 200  # rounds in a row in which every job asked for a later call

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        database = database or databases.sqlite()
        self.paper = Paper()
        self.services = Services(
            db=database,
            blobs=Blobs((folder / "blobs").as_uri()),
            jobs=Jobs(database),
            reader=PaperReader(),
            keys=Keys(b"test"),
            platforms={PLATFORM: self.paper},
            clock=_going_on_from(MOVED_IN),
        )
        self._kinds = {
            inbox.JOB: conversation.answer,
            receipts.JOB: receipts.read,
            outbox.JOB: outbox.deliver,
            directory.JOB: directory.link_everybody,
        }
        for name, kind in self._kinds.items():
            self.services.jobs.register(name, kind)
        self._counter = itertools.count(1)
        self.organization_id = self._found()

    def close(self) -> None:
        self.services.jobs.stop()
        self.services.db.close()

    def _found(self) -> str:
        now = self.services.clock()
        with self.services.db.transaction(EVERY_ORGANIZATION) as session:
            home = Organization(name="青葉町", settings={}, created_at=now)
            session.add(home)
            session.flush()
            session.info["organization_id"] = home.id
            made: dict[str, Member] = {}
            for user, roles in (("a", ["admin"]), ("s", []), ("w", []), ("c", [])):
                made[user], _ = people.save(
                    session, name=user, email=f"{user}@example.jp", roles=roles, by="system", now=now, locale="en"
                )
                people.link(session, Address(PLATFORM, home.id, user), made[user], how="test", now=now)
            made["w"].manager_id = made["c"].manager_id = made["s"].id
            made["s"].manager_id, made["a"].manager_id = made["a"].id, made["s"].id
            return home.id

    # --- acting -------------------------------------------------------------------------------------------------------

    def does(self, user: str, act: Act, event_id: str = "") -> None:
        """One act, answered to the end."""
        sender = Address(PLATFORM, self.organization_id, user)
        event = Incoming(event_id or f"e{next(self._counter)}", self.services.clock(), sender, act)
        inbox.accept(self.services, event)
        self.settle()

    def starts(self, user: str, act: Act) -> None:
        """One act, accepted and answered in the caller's thread; what follows from it waits for :meth:`settle`."""
        self.answers(self.remembers(user, act))

    def remembers(self, user: str, act: Act) -> str:
        """One act, accepted and not yet answered; its id in the inbox."""
        event_id = f"e{next(self._counter)}"
        sender = Address(PLATFORM, self.organization_id, user)
        inbox.accept(self.services, Incoming(event_id, self.services.clock(), sender, act))
        with self.services.db.snapshot(EVERY_ORGANIZATION) as session:
            return session.scalars(select(InboxEvent).filter_by(event_id=event_id)).one().id

    def answers(self, inbox_id: str) -> None:
        conversation.answer(self.services, self.organization_id, inbox_id)

    def settle(self) -> None:
        """Run every job that is asked for, those that ask for a later call again and again."""
        idle = 0
        while idle < self.patience:
            with self.services.db.snapshot(EVERY_ORGANIZATION) as session:
                waiting = session.scalars(select(JobRecord).where(JobRecord.state == "queued")).all()
            if not waiting:
                return
            done = []
            for job in waiting:
                with suppress(Later):
                    self._kinds[job.name](self.services, job.organization_id, **job.args)
                    done.append(job.id)
            idle = 0 if done else idle + 1
            with self.services.db.transaction(EVERY_ORGANIZATION) as session:
                session.execute(update(JobRecord).where(JobRecord.id.in_(done)).values(state="done"))
        raise AssertionError("the jobs never come to an end")

    def sends_receipt(self, user: str, amount: int) -> None:
        number = next(self._counter)
        self.paper.files[f"f{number}"] = str(amount).encode()
        self.does(user, Said(files=(FileRef(f"f{number}", message=f"m{number}"),)))

    def sends_album(self, user: str, amounts: Sequence[int]) -> None:
        files = []
        for amount in amounts:
            number = next(self._counter)
            self.paper.files[f"f{number}"] = str(amount).encode()
            files.append(FileRef(f"f{number}", message=f"m{number}"))
        self.does(user, Said(files=tuple(files)))

    def taps(self, user: str, button: Button) -> None:
        """Tap; a form that opens is answered with a reason, or unchanged."""
        self.paper.forms.clear()
        self.does(user, Tapped(button.token, form="h"))
        for who, form in list(self.paper.forms):
            words = ("reason", "words")
            values = tuple((i.name, i.value or ("because" if i.name in words else "")) for i in form.inputs)
            self.does(who, FormSent(form.token, values))

    def opens_line(self, user: str, claim: Claim, number: int) -> None:
        """Open one receipt of a claim of several."""
        token = actions.token(self.services.keys, "line", claim.id, claim.version, claim.expenses[number].id)
        self.does(user, Tapped(token))

    def fills(self, user: str, button: Button, **values: str) -> None:
        """Tap, and answer the form that opens with these values, the rest unchanged."""
        self.paper.forms.clear()
        self.does(user, Tapped(button.token, form="h"))
        [(who, form)] = self.paper.forms
        self.does(who, FormSent(form.token, tuple((i.name, values.get(i.name, i.value)) for i in form.inputs)))

    # --- looking ------------------------------------------------------------------------------------------------------

    def cards(self, user: str) -> list[Card]:
        return list(self.paper.screens.get(user, {}).values())

    def last(self, user: str) -> Card:
        return self.cards(user)[-1]

    def button(self, user: str, label: str) -> Button:
        return next(b for card in reversed(self.cards(user)) for b in card.buttons if b.label == label)

    def claims(self) -> list[Claim]:
        with self.services.db.snapshot(self.organization_id) as session:
            parts = selectinload(Claim.decisions), selectinload(Claim.expenses)
            return list(session.scalars(select(Claim).order_by(Claim.number).options(*parts)))
