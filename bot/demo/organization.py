"""The demo's fictional organisation: a worker, her supervisor and the administrator, each with a phone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from handlers import installations, people
from handlers.chat import Address
from handlers.services import Services
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import Organization

PLATFORM = "web"
NAME = "みどり野市役所（デモ）"


@dataclass(frozen=True)
class Person:
    """``user`` is the id on the local chat; ``manager`` another person's ``user``."""

    user: str
    name: str
    email: str
    department: str
    roles: tuple[str, ...]
    manager: str = ""


PEOPLE = (
    Person("worker", "佐藤 美咲", "misaki.sato@example.jp", "企画課", ("employee",), manager="supervisor"),
    Person("supervisor", "田中 健一", "kenichi.tanaka@example.jp", "企画課", ("approver",), manager="administrator"),
    Person(
        "administrator", "鈴木 陽子", "yoko.suzuki@example.jp", "総務課", ("accountant", "admin"), manager="supervisor"
    ),
)


def seed(services: Services) -> str:
    """Make the organisation and its people, once, and return the organisation's id. Called again it changes nothing."""
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        alone(session, installations.FOUNDING)
        for known in session.scalars(select(Organization)):
            if known.settings.get("demo"):
                return known.id
        home = Organization(
            name=NAME, zone=services.zone, locale=services.locale, settings={"demo": True}, created_at=services.clock()
        )
        session.add(home)
        session.flush()
        session.info["organization_id"] = home.id
        now = services.clock()
        members = {}
        for person in PEOPLE:
            members[person.user], _ = people.save(
                session,
                name=person.name,
                email=person.email,
                roles=list(person.roles),
                by="system",
                now=now,
                department=person.department,
            )
        for person in PEOPLE:
            members[person.user].manager_id = members[person.manager].id
            address = Address(PLATFORM, home.id, person.user)
            people.link(session, address, members[person.user], how="demo", now=now)
        return home.id
