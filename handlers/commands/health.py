"""``status`` and ``retry``: whether everything runs, and what could not be delivered."""

from __future__ import annotations

from sqlalchemy import func, select

from handlers import installations, outbox, people
from handlers.chat import Button, Card, Field, Incoming, Note, Tone
from handlers.claims import WAITING
from handlers.commands.base import Command, Gathered
from handlers.dates import show_moment
from handlers.errors import PlatformError, Refusal
from handlers.services import Services
from handlers.turn import Turn
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import Claim, Identity, JobRecord, Member


def _platform_facts(services: Services, incoming: Incoming, _words: list[str]) -> Gathered:
    """The platforms' own facts (LINE's push quota), and the audit chain checked, outside the transaction."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        organization_id = people.organization_of(session, incoming.sender) or ""
    facts: list[tuple[str, str]] = []
    with services.db.snapshot(organization_id) as session:
        for platform, tenant in installations.tenants(session):
            if platform in services.platforms:
                try:
                    facts += services.platforms[platform].facts(tenant)
                except PlatformError as error:
                    facts.append((platform, str(error)[:80]))
        good, broken = audit.verify(session)
    return {"facts": facts, "links": good, "broken": broken}


def _status(turn: Turn, _words: list[str], gathered: Gathered) -> None:
    session = turn.session
    members = session.scalar(select(func.count(Member.id)).where(Member.active)) or 0
    accounts = select(func.count(func.distinct(Identity.member_id))).join(Member, Member.id == Identity.member_id)
    linked = session.scalar(accounts.where(Member.active)) or 0
    waiting = session.scalar(select(func.count(Claim.id)).where(Claim.state.in_(WAITING))) or 0
    states = outbox.counts(session)
    queue = (
        session.scalar(select(func.count(JobRecord.id)).where(JobRecord.state.in_(("queued", "running", "waiting"))))
        or 0
    )
    broken = gathered.get("broken")
    if broken is None:
        chain = turn.t("{count} links, all hold", count=gathered.get("links", 0))
    else:
        chain = turn.t("BROKEN at link {sequence}", sequence=broken.sequence)
    fields = [
        Field(turn.t("Members"), turn.t("{count} ({linked} connected)", count=members, linked=linked)),
        Field(turn.t("Claims waiting for approval"), str(waiting)),
        Field(turn.t("Jobs in the queue"), str(queue)),
        Field(turn.t("Messages on their way"), str(states.get("pending", 0) + states.get("sending", 0))),
        Field(turn.t("Undeliverable messages"), str(states.get("dead", 0)), doubted=bool(states.get("dead"))),
        Field(turn.t("Audit chain"), chain, doubted=broken is not None),
        *(Field(label, value) for label, value in gathered.get("facts", ())),
    ]
    if states.get("held"):
        held = turn.t("Messages held for the next answer or month")
        fields.insert(4, Field(held, str(states["held"]), doubted=True))
    notes, buttons = [], []
    for row in outbox.dead_letters(session, limit=3):
        when = show_moment(row.created_at, turn.organization.zone)
        notes.append(Note(f"{when} {row.address['platform']}: {row.error[:80]}", "bad"))
    if states.get("dead"):
        buttons.append(Button(turn.t("Send again"), turn.view.token("retry")))
    tone: Tone = "bad" if broken is not None else "doubt" if states.get("dead") else "good"
    turn.tell(
        Card(
            title=turn.t("Everything runs") if tone == "good" else turn.t("Something needs your attention"),
            tone=tone,
            fields=tuple(fields),
            notes=tuple(notes),
            buttons=tuple(buttons),
            private=True,
        )
    )


def _retry(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    dead = outbox.dead_letters(turn.session, limit=100)
    if not dead:
        raise Refusal("There are no undeliverable messages.")
    for row in dead:
        outbox.revive(turn.session, turn.services, row)
    audit.record(
        turn.session, actor=turn.member.id, action="message.retried", subject="outbox", data={"count": len(dead)}
    )
    turn.tell(turn.t("{count} messages are sent again.", count=len(dead)), tone="good")


COMMANDS = (
    Command(
        "status",
        ("状態", "ステータス"),
        "status",
        "Whether everything runs.",
        _status,
        role="admin",
        gather=_platform_facts,
    ),
    Command("retry", ("再送",), "retry", "Send undeliverable messages again.", _retry, role="admin"),
)
