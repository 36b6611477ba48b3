"""Who somebody is: accounts on platforms, the member behind them, and how the two are linked.

An account is linked by the platform's own word (an e-mail address in the workspace's directory) or by a one-use secret
that an administrator handed out. Nothing a person merely claims links them.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.chat import Address, Profile
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import LOCALES
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import Identity, Installation, LinkSecret, Member, Organization, Throttle

ROLES = {"employee": "Employee", "approver": "Approver", "accountant": "Accountant", "admin": "Administrator"}
ROLE_WORDS = {"申請者": "employee", "社員": "employee", "承認者": "approver", "経理": "accountant", "管理者": "admin"}
OUTSIDERS = ("guest", "bot", "stranger", "left")  # standings of accounts that never get in
CODE_LIFE = timedelta(hours=24)
NONCE_LIFE = timedelta(minutes=10)
CODE_TRIES, CODE_TRIES_WITHIN = 5, timedelta(hours=1)
_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
_CODE = re.compile(rf"[{_CODE_ALPHABET}]{{4}}-?[{_CODE_ALPHABET}]{{4}}")


# --- finding ----------------------------------------------------------------------------------------------------------


def organization_of(session: Session, address: Address) -> str | None:
    """The organisation an address belongs to: its member's, else its workspace's. Wants an unscoped session."""
    identity = identity_of(session, address)
    if identity is not None:
        return identity.organization_id
    return session.scalars(
        select(Installation.organization_id).filter_by(
            platform=address.platform, tenant=address.tenant, removed_at=None
        )
    ).first()


def identity_of(session: Session, address: Address) -> Identity | None:
    """The linked account, or None."""
    return session.scalars(
        select(Identity).filter_by(platform=address.platform, tenant=address.tenant, user=address.user)
    ).first()


def address_of(identity: Identity) -> Address:
    """The direct conversation with a linked account."""
    return Address(identity.platform, identity.tenant, identity.user)


def where(session: Session, services: Services, member: Member) -> Identity | None:
    """The account on which a member is best reached: the one they used last, of the platforms that are switched on."""
    mine = select(Identity).filter_by(member_id=member.id, reachable=True, barred="")
    accounts = mine.order_by(Identity.seen_at.desc())
    return next((account for account in session.scalars(accounts) if account.platform in services.platforms), None)


def by_email(session: Session, email: str) -> Member | None:
    """The active member of this address, whatever its letters' case."""
    return session.scalars(select(Member).filter_by(email=clean_email(email), active=True)).first() if email else None


def with_role(session: Session, role: str) -> list[Member]:
    """Active members that have a role."""
    return [m for m in session.scalars(select(Member).filter_by(active=True)) if role in m.roles]


def locale_of(member: Member | None, organization: Organization) -> str:
    """The language a member reads: their own choice, else the organisation's."""
    return (member.locale if member else "") or organization.locale or "ja"


def locale_at(services: Services, address: Address) -> str:
    """The language of whoever is met at this address; the server's where nobody is known there."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        identity = identity_of(session, address)
        if identity is None:
            return services.locale
        return locale_of(identity.member, session.get_one(Organization, identity.organization_id))


def zone_of(member: Member, organization: Organization) -> str:
    """Where a member's clock stands: their own choice, else the organisation's."""
    return member.zone or organization.zone


def parse_roles(text: str) -> list[str]:
    """Roles as people write them, by comma, English or Japanese; unknown words come back as they are."""
    words = [word.strip() for word in re.split(r"[,、;；]", unicodedata.normalize("NFKC", text))]
    return [ROLE_WORDS.get(word, word.lower()) for word in words if word]


def role_names(locale: str, roles: str) -> str:
    """Roles by comma, or by " / " where one is enough, as this language writes them; any other word as it is."""
    if locale != "ja":
        return roles
    words = {role: word for word, role in reversed(ROLE_WORDS.items())} | {", ": "、"}
    return "".join(words.get(part, part) for part in re.split("(, | / )", roles))


def clean_email(text: str) -> str:
    """An address as it is compared: NFKC, trimmed, lower case; Slack's ``<mailto:a@b|a@b>`` unwrapped."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = re.fullmatch(r"<mailto:[^|>]+\|([^>]+)>", plain)
    return (match.group(1) if match else plain).lower()


# --- linking ----------------------------------------------------------------------------------------------------------


def link(
    session: Session, address: Address, member: Member, *, how: str, now: datetime, profile: Profile | None = None
) -> Identity:
    """Tie an account to a member; an account that belonged to somebody else moves. Audited.

    ``profile`` is what the platform says of the account, where it was asked: who has chosen no language reads its.
    """
    if profile is not None and profile.locale in LOCALES:
        member.locale = member.locale or profile.locale
    identity = identity_of(session, address)
    if identity is not None and identity.member_id == member.id:
        identity.reachable = True
        return identity
    if identity is None:
        identity = Identity(
            platform=address.platform, tenant=address.tenant, user=address.user, linked_at=now, seen_at=now
        )
        identity.organization_id = member.organization_id
        session.add(identity)
    identity.member_id, identity.reachable, identity.linked_at = member.id, True, now
    session.flush()
    session.refresh(identity, ["member"])
    audit.record(
        session,
        actor=member.id,
        action="identity.linked",
        subject=f"member:{member.id}",
        data={"platform": address.platform, "how": how},
    )
    return identity


def note_standing(identity: Identity, profile: Profile, *, now: datetime) -> bool:
    """Remember what the platform says that an account is; whether it may be in. Who is barred gets no messages."""
    identity.barred = profile.standing if profile.standing in OUTSIDERS else ""
    identity.vouched_at = None if identity.barred else now
    return not identity.barred


def link_by_profile(session: Session, address: Address, profile: Profile, *, now: datetime) -> Identity | None:
    """Link by the e-mail address that the platform vouches for; None when nobody has it or the account may not be."""
    if profile.standing != "member":
        return None
    member = by_email(session, profile.email)
    if member is None:
        return None
    identity = link(session, address, member, how="email", now=now, profile=profile)
    note_standing(identity, profile, now=now)
    return identity


def issue_code(session: Session, services: Services, member: Member, *, by: str) -> str:
    """A one-use code (``ABCD-EFGH``) that links whoever sends it to ``member``; older codes of theirs end."""
    for old in session.scalars(select(LinkSecret).filter_by(member_id=member.id, purpose="code", used_at=None)):
        old.used_at = services.clock()
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(8))
    session.add(
        LinkSecret(
            member_id=member.id,
            purpose="code",
            digest=services.keys.digest("code", code),
            expires_at=services.clock() + CODE_LIFE,
        )
    )
    audit.record(session, actor=by, action="identity.code_issued", subject=f"member:{member.id}")
    return f"{code[:4]}-{code[4:]}"


def looks_like_code(text: str) -> str:
    """The eight characters of a code, when a message is nothing but one; else empty."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return plain.replace("-", "") if _CODE.fullmatch(plain) else ""


def redeem(session: Session, services: Services, secret: str, purpose: str) -> Member | None:
    """The member a secret stands for, once; None when it is wrong, used or too old. The session may be unscoped."""
    row = session.scalars(
        select(LinkSecret)
        .filter_by(digest=services.keys.digest(purpose, secret), purpose=purpose, used_at=None)
        .with_for_update()
    ).first()
    if row is None or row.expires_at < services.clock():
        return None
    row.used_at = services.clock()
    member = session.get(Member, row.member_id)
    return member if member and member.active else None


def start_account_link(services: Services, code: str, *, who: str = "") -> str:
    """Change an administrator's code, typed on our page, for the one-use nonce of a platform's account link.

    ``who`` is an opaque key of whoever tries (an address, a hash), for the limit on guesses. Raises :class:`Refusal`.
    """
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        organization = session.scalars(select(Organization).order_by(Organization.created_at)).first()
        if organization is None or not may_try(session, services, organization.id, f"page:{who}"):
            raise Refusal("Too many tries. Please wait an hour, or ask your administrator for a new code.")
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        plain = looks_like_code(code)
        member = redeem(session, services, plain, "code") if plain else None
        if member is None:
            raise Refusal("This code is wrong or has expired. Please ask your administrator for a new one.")
        nonce = secrets.token_urlsafe(24)
        session.add(
            LinkSecret(
                organization_id=member.organization_id,
                member_id=member.id,
                purpose="nonce",
                digest=services.keys.digest("nonce", nonce),
                expires_at=services.clock() + NONCE_LIFE,
            )
        )
        return nonce


def may_try(session: Session, services: Services, organization_id: str, key: str) -> bool:
    """Count one try of guessing something; False once there were too many within the hour."""
    now = services.clock()
    row = session.scalars(select(Throttle).filter_by(organization_id=organization_id, key=key[:255])).first()
    if row is None:
        row = Throttle(organization_id=organization_id, key=key[:255], count=0, since=now)
        session.add(row)
    if now - row.since > CODE_TRIES_WITHIN:
        row.count, row.since = 0, now
    row.count += 1
    return row.count <= CODE_TRIES


# --- keeping the list of members --------------------------------------------------------------------------------------


def save(
    session: Session,
    *,
    name: str,
    email: str,
    roles: list[str],
    by: str,
    now: datetime,
    manager: Member | None = None,
    department: str = "",
    grade: str = "",
    locale: str = "",
    known: dict[str, Member] | None = None,
) -> tuple[Member, bool]:
    """Add a member or bring the one with this address up to date; returns it and whether it is new. Audited.

    ``known`` holds everybody by address where a caller saves many, and gets whoever is new.
    Raises :class:`Refusal` for an unknown role, a broken address or a person who would approve their own claims.
    """
    email = clean_email(email)
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", email):
        raise Refusal("“{email}” is not an e-mail address.", email=email)
    for role in roles:
        if role not in ROLES:
            raise Refusal("“{role}” is not a role. Roles: {roles}.", role=role, roles=", ".join(ROLES))
    if not name.strip():
        raise Refusal("A name is missing.")
    member = session.scalars(select(Member).filter_by(email=email)).first() if known is None else known.get(email)
    new = member is None
    if member is None:
        member = Member(email=email, name=name.strip(), created_at=now, roles=[])
        session.add(member)
        if known is not None:
            known[email] = member
    if manager is not None and manager is member:
        raise Refusal("{name} cannot be their own supervisor.", name=name)
    member.name, member.active = name.strip(), True
    if new or roles:  # roles that are named are the roles; none named leaves them as they are
        leads = not new and session.scalars(select(Member.id).filter_by(manager_id=member.id, active=True)).first()
        member.roles = sorted({"employee", *roles, *(("approver",) if leads else ())})
    member.manager_id = manager.id if manager else member.manager_id
    member.department, member.grade = department or member.department, grade or member.grade
    member.locale = locale or member.locale
    session.flush()
    if manager is not None:
        lead(session, manager, by=by)
    audit.record(
        session,
        actor=by,
        action="member.added" if new else "member.changed",
        subject=f"member:{member.id}",
        data={"roles": list(member.roles), "manager": member.manager_id},
    )
    return member, new


def lead(session: Session, manager: Member, *, by: str) -> None:
    """Whoever is somebody's supervisor may approve. Audited when that is new."""
    if "approver" in manager.roles:
        return
    manager.roles = sorted({*manager.roles, "approver"})
    data = {"roles": list(manager.roles), "manager": manager.manager_id}
    audit.record(session, actor=by, action="member.changed", subject=f"member:{manager.id}", data=data)
