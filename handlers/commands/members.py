"""``members``, ``add`` and ``remove``: who belongs to the organisation."""

from __future__ import annotations

import re

from sqlalchemy import select

from handlers import approvals, directory, people
from handlers.approvals import handover, posts
from handlers.chat import Address, Card, Incoming, Profile, Row
from handlers.commands.base import Command, Gathered
from handlers.errors import Refusal
from handlers.services import Services
from handlers.turn import Turn
from storage import audit
from storage.models import Identity, Member

SHOWN = 30
KEYS = {
    "manager": "manager",
    "上司": "manager",
    "承認者": "manager",
    "roles": "roles",
    "role": "roles",
    "役割": "roles",
    "department": "department",
    "部署": "department",
    "所属": "department",
    "grade": "grade",
    "等級": "grade",
    "職級": "grade",
}
PLATFORM_NAMES = {"slack": "Slack", "line": "LINE", "web": "Local chat"}
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def member_named(turn: Turn, word: str, gathered: Gathered) -> Member:
    """The member meant by an e-mail address, a mention or an exact name; :class:`Refusal` when there is none."""
    mention = _MENTION.fullmatch(word)
    if mention:
        sender = turn.incoming.sender
        identity = people.identity_of(turn.session, Address(sender.platform, sender.tenant, mention.group(1)))
        if identity is not None and identity.organization_id == turn.organization.id:
            return identity.member
        profile = gathered.get(mention.group(1))
        word = profile.email if isinstance(profile, Profile) else word
    found = people.by_email(turn.session, word)
    if found is None:
        named = turn.session.scalars(select(Member).filter_by(name=word, active=True)).all()
        found = named[0] if len(named) == 1 else None
    if found is None:
        if "admin" in turn.member.roles:
            raise Refusal("No member is called “{word}”. “/keihi members” lists everybody.", word=word[:60])
        raise Refusal(
            "No member is called “{word}”. Please write the whole e-mail address or name that they have here.",
            word=word[:60],
        )
    return found


def profiles(services: Services, incoming: Incoming, words: list[str]) -> Gathered:
    """Name and address of everybody mentioned."""
    sender = incoming.sender
    platform = services.platforms[sender.platform]
    mentioned = [m.group(1) for word in words for m in _MENTION.finditer(word)]
    return {user: platform.profile(Address(sender.platform, sender.tenant, user)) for user in mentioned[:5]}


def _members(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    everybody = turn.session.scalars(select(Member).filter_by(active=True).order_by(Member.created_at)).all()
    linked: dict[str, set[str]] = {}
    for identity in turn.session.scalars(select(Identity)):
        linked.setdefault(identity.member_id, set()).add(identity.platform)
    names = {member.id: member.name for member in everybody}
    rows = []
    for member in everybody[:SHOWN]:
        parts = [member.email or "", turn.t(", ").join(turn.t(people.ROLES[role]) for role in member.roles)]
        if member.manager_id:
            parts.append(turn.t("{name}: {what}", name=turn.t("Supervisor"), what=names.get(member.manager_id, "—")))
        accounts = sorted(PLATFORM_NAMES.get(name, name) for name in linked.get(member.id, ()))
        connected = turn.t(", ").join(map(turn.t, accounts)) or turn.t("not connected")
        rows.append(Row(title=member.name, detail=" · ".join(p for p in parts if p), value=connected))
    title = turn.t("{count} members", count=len(everybody))
    more = len(everybody) - SHOWN
    turn.tell(
        Card(
            title=title,
            rows=tuple(rows),
            footer=turn.t("and {count} more", count=more) if more > 0 else "",
            private=True,
        )
    )


def _add(turn: Turn, words: list[str], gathered: Gathered) -> None:
    plain, options = _sort(words)
    mention = next((_MENTION.fullmatch(word) for word in plain if _MENTION.fullmatch(word)), None)
    profile = gathered.get(mention.group(1)) if mention else None
    email = next((people.clean_email(word) for word in plain if "@" in word and not _MENTION.fullmatch(word)), "")
    name = " ".join(word for word in plain if "@" not in word)
    if isinstance(profile, Profile):
        if profile.standing != "member":
            raise Refusal("This account cannot be added: it is a guest, a bot or of another workspace.")
        name, email = name or profile.name, email or profile.email
    if not name or not email:
        raise Refusal(
            "Please say whom: /keihi add NAME E-MAIL [manager=E-MAIL] [roles=approver,admin] [department=NAME]"
        )
    manager = member_named(turn, options["manager"], gathered) if "manager" in options else None
    member, new = people.save(
        turn.session,
        name=name,
        email=email,
        roles=people.parse_roles(options.get("roles", "")),
        by=turn.member.id,
        now=turn.services.clock(),
        manager=manager,
        department=options.get("department", ""),
        grade=options.get("grade", ""),
    )
    if mention:
        sender = turn.incoming.sender
        address = Address(sender.platform, sender.tenant, mention.group(1))
        people.link(turn.session, address, member, how="mention", now=turn.services.clock())
        approvals.send_waiting(turn.session, turn.services, turn.organization, member)
    directory.ask(turn.session, turn.services)
    done = "{name} was added." if new else "{name} was changed."
    lead = "" if mention else turn.t("“/keihi link {email}” gives a code that connects their LINE.", email=email)
    turn.tell(Card(title=turn.t(done, name=member.name), tone="good", lead=lead, private=True))


def _remove(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if not words:
        raise Refusal("Please say whom: /keihi remove E-MAIL")
    member = member_named(turn, words[0], gathered)
    if member is turn.member:
        raise Refusal("You cannot remove yourself.")
    lead = _hand_over(turn, member, words[1:], gathered)
    member.active = False
    vacant = posts.vacate(turn.session, member, by=turn.member)
    if vacant:
        said = turn.t("Vacant now: {posts}.", posts=turn.t(", ").join(post.title for post in vacant))
        lead = " ".join(part for part in (lead, said) if part)
    audit.record(turn.session, actor=turn.member.id, action="member.removed", subject=f"member:{member.id}")
    title = turn.t("{name} can no longer use the bot. Their claims and receipts are kept.", name=member.name)
    turn.tell(Card(title=title, tone="good", lead=lead, private=True))


def _hand_over(turn: Turn, leaver: Member, words: list[str], gathered: Gathered) -> str:
    """Whoever supervises people or has claims to decide does not go before somebody takes their place.

    Returns a sentence on who did; empty when there was nothing to take over.
    """
    team = turn.session.scalars(select(Member).filter_by(manager_id=leaver.id, active=True)).all()
    waiting = handover.held(turn.session, leaver)
    if not team and not waiting:
        return ""
    _, options = _sort(words)
    if "manager" not in options:
        raise Refusal(
            "{name} supervises {people} people and has {claims} claims to decide. "
            "Please name who takes over: /keihi remove {email} manager=E-MAIL",
            name=leaver.name,
            people=len(team),
            claims=len(waiting),
            email=leaver.email or "",
        )
    successor = member_named(turn, options["manager"], gathered)
    if successor is leaver:
        raise Refusal("{name} cannot be their own supervisor.", name=leaver.name)
    above = turn.session.get(Member, leaver.manager_id) if leaver.manager_id not in (None, successor.id) else None
    people.lead(turn.session, successor, by=turn.member.id)
    for member in team:
        member.manager_id = successor.id if member is not successor else above.id if above else None
    turn.session.flush()
    now, zone = turn.services.clock(), turn.organization.zone
    for seat in waiting:
        claim = handover.take_seat(turn.session, seat, successor, above, by=turn.member, now=now, zone=zone)
        approvals.refresh(turn.session, turn.services, turn.organization, claim)
        approvals.send(turn.session, turn.services, turn.organization, claim)
    return turn.t(
        "{name} takes over {people} people and {claims} claims to decide.",
        name=successor.name,
        people=len(team),
        claims=len(waiting),
    )


def _sort(words: list[str]) -> tuple[list[str], dict[str, str]]:
    plain: list[str] = []
    options: dict[str, str] = {}
    for word in words:
        key, separator, value = word.partition("=")
        if separator and key.lower() in KEYS:
            options[KEYS[key.lower()]] = value
        elif separator:
            raise Refusal("I do not know “{word}”. Possible: manager=, roles=, department=, grade=.", word=word[:40])
        else:
            plain.append(word)
    return plain, options


COMMANDS = (
    Command("members", ("メンバー", "社員一覧"), "members", "Everybody of the organisation.", _members, role="admin"),
    Command(
        "add",
        ("追加",),
        "add NAME E-MAIL [manager=E-MAIL] [roles=…] [department=…]",
        "Add a member, or change one.",
        _add,
        role="admin",
        gather=profiles,
    ),
    Command(
        "remove",
        ("削除", "退職"),
        "remove E-MAIL [manager=E-MAIL]",
        "Take a member's access away.",
        _remove,
        role="admin",
        gather=profiles,
    ),
)
