"""``whoami``, ``link`` and ``language``: a person's own account, and codes for those who are to join."""

from __future__ import annotations

from sqlalchemy import select

from handlers import people
from handlers.chat import Card, Field, Note
from handlers.commands.base import Command, Gathered
from handlers.commands.members import PLATFORM_NAMES, member_named
from handlers.errors import NotAllowed, Refusal
from handlers.texts import LOCALES
from handlers.turn import Turn, view_of
from storage.models import Identity, Member


def _whoami(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    member = turn.member
    manager = turn.session.get(Member, member.manager_id) if member.manager_id else None
    accounts = turn.session.scalars(select(Identity).filter_by(member_id=member.id)).all()
    platforms = turn.t(", ").join(sorted({turn.t(PLATFORM_NAMES.get(a.platform, a.platform)) for a in accounts}))
    fields = (
        Field(turn.t("Name"), member.name),
        Field(turn.t("E-mail"), member.email or "—"),
        Field(turn.t("Roles"), turn.t(", ").join(turn.t(people.ROLES[role]) for role in member.roles)),
        Field(turn.t("Supervisor"), manager.name if manager else "—"),
        Field(turn.t("Department"), member.department or "—"),
        Field(turn.t("Connected"), platforms),
        Field(turn.t("Organisation"), turn.organization.name),
    )
    turn.tell(Card(title=member.name, fields=fields, private=True))


def _link(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if words and "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    member = member_named(turn, words[0], gathered) if words else turn.member
    code = people.issue_code(turn.session, turn.services, member, by=turn.member.id)
    turn.tell(
        Card(
            title=turn.t("Registration code for {name}: {code}", name=member.name, code=code),
            lead=turn.t("Send this code to the bot from the account to be connected (LINE, Slack), within 24 hours."),
            notes=(Note(turn.t("It works once. Hand it over in person or by a channel you trust."), "doubt"),),
            private=True,
        )
    )


def _language(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    names = {"ja": "ja", "日本語": "ja", "japanese": "ja", "en": "en", "英語": "en", "english": "en"}
    chosen = names.get(words[0].lower()) if words else None
    if chosen is None or chosen not in LOCALES:
        raise Refusal("Please say “/keihi language ja” or “/keihi language en”.")
    turn.member.locale = chosen
    turn.tell(view_of(turn.services, turn.organization, turn.member).t("From now on I speak English."), tone="good")


COMMANDS = (
    Command("whoami", ("自分", "わたし"), "whoami", "Who I am here.", _whoami),
    Command("language", ("言語", "lang"), "language ja|en", "Change my language.", _language),
    Command(
        "link",
        ("連携", "登録コード"),
        "link [E-MAIL]",
        "A code that connects another account (administrators: for any member).",
        _link,
    ),
)
