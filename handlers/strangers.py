"""People whom we do not know yet: linked by what their platform vouches for or by a code, or told how to get in."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

from handlers import approvals, cards, forms, outbox, people
from handlers.chat import Button, Card, Commanded, Incoming, Left, Linked, Note, Profile, Said, Unsent
from handlers.errors import PlatformBusy, PlatformRefused, Refusal
from handlers.services import Services
from handlers.texts import t
from handlers.turn import view_of
from storage.jobs import Later
from storage.models import Identity, InboxEvent, Member, Organization

log = structlog.get_logger()

REFUSALS = {
    "guest": "Guests of a workspace cannot use this bot. Please ask your administrator.",
    "stranger": "This bot belongs to another workspace. People of other workspaces cannot use it.",
    "gone": "Your account could not be found. Please ask your administrator.",
}


def admit(services: Services, organization_id: str, inbox_id: str, incoming: Incoming) -> bool:
    """True when the sender is a linked member, now or already; otherwise they were answered and the event is done."""
    with services.db.snapshot(organization_id) as session:
        identity = people.identity_of(session, incoming.sender)
        if identity is not None and identity.member.active and not _brings_secret(incoming):
            return True
    if isinstance(incoming.act, Left | Unsent):
        mark_done(services, organization_id, inbox_id)
        return False
    profile, link_url = _look_up(services, incoming)
    with services.db.transaction(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
        if event.done_at is not None:
            return False
        organization = session.get_one(Organization, organization_id)
        known = people.identity_of(session, incoming.sender)
        secret = _secret(services, session, organization, incoming)
        if isinstance(secret, Member):
            identity = people.link(session, incoming.sender, secret, how="code", now=services.clock())
            event.done_at = services.clock()
            _welcome(services, session, organization, incoming, identity)
            return False
        if known is not None and known.member.active and secret is None:
            return True  # it only looked like a code
        if secret is None and known is None:
            linked = people.link_by_profile(session, incoming.sender, profile, now=services.clock())
            if linked is not None:
                approvals.send_waiting(session, services, organization, linked.member)
                return True  # and their very first message is answered like any other
        event.done_at = services.clock()
        if profile.standing != "bot":
            _tell(
                services,
                session,
                organization,
                incoming,
                _way_in(organization, profile, secret, link_url),
            )
        return False


def mark_done(services: Services, organization_id: str, inbox_id: str) -> None:
    with services.db.transaction(organization_id) as session:
        session.get_one(InboxEvent, inbox_id).done_at = services.clock()


def _brings_secret(incoming: Incoming) -> bool:
    if isinstance(incoming.act, Linked):
        return True
    return isinstance(incoming.act, Said) and not incoming.act.files and bool(people.looks_like_code(incoming.act.text))


def _look_up(services: Services, incoming: Incoming) -> tuple[Profile, str]:
    platform = services.platforms[incoming.sender.platform]
    try:
        profile = platform.profile(incoming.sender)
        return profile, platform.link_url(incoming.sender) if profile.standing == "member" else ""
    except PlatformBusy as busy:
        raise Later(busy.retry_after or 3.0, str(busy)) from busy
    except PlatformRefused as refused:
        log.info("no profile", platform=incoming.sender.platform, code=refused.code)
        return Profile(standing="gone"), ""


def _secret(
    services: Services, session: Session, organization: Organization, incoming: Incoming
) -> Member | Refusal | None:
    """The member that a code or nonce stands for; a refusal when it stands for nobody; None when there is none."""
    wrong = Refusal("This code is wrong or has expired. Please ask your administrator for a new one.")
    if isinstance(incoming.act, Linked):
        member = people.redeem(session, services, incoming.act.nonce, "nonce") if incoming.act.ok else None
        return member or Refusal(
            "The account could not be linked. Please try again from the link, or send the code here."
        )
    if not _brings_secret(incoming):
        return None
    sender = incoming.sender
    if not people.may_try(session, services, organization.id, f"{sender.platform}:{sender.tenant}:{sender.user}"):
        return Refusal("Too many tries. Please wait an hour, or ask your administrator for a new code.")
    assert isinstance(incoming.act, Said)
    return people.redeem(session, services, people.looks_like_code(incoming.act.text), "code") or wrong


def _welcome(
    services: Services, session: Session, organization: Organization, incoming: Incoming, identity: Identity
) -> None:
    view = view_of(services, organization, identity.member)
    title = view.t("You are registered as {name}.", name=identity.member.name)
    lead = view.t("Send me a photo of a receipt and I prepare the claim.")
    _tell(services, session, organization, incoming, Card(title=title, tone="good", lead=lead))
    approvals.send_waiting(session, services, organization, identity.member)


def _way_in(
    organization: Organization,
    profile: Profile,
    secret: Member | Refusal | None,
    link_url: str,
) -> Card:
    locale = profile.locale if profile.locale in ("ja", "en") else organization.locale
    if profile.standing in REFUSALS:
        return cards.sentence(t(locale, REFUSALS[profile.standing]), "doubt", private=True)
    if isinstance(secret, Refusal):
        return cards.sentence(forms.sentence(locale, secret), "doubt", private=True)
    name = organization.name
    buttons = (Button(t(locale, "Register"), url=link_url, style="primary"),) if link_url else ()
    notes = [Note(t(locale, "Or send the registration code (like ABCD-EFGH) that your administrator gave you."))]
    if profile.email:
        notes.append(
            Note(t(locale, "Your address here is {email}; the administrator can add it.", email=profile.email))
        )
    return Card(
        title=t(locale, "You are not registered yet."),
        lead=t(locale, "This is the expense bot of {name}. Please ask your administrator to add you.", name=name),
        notes=tuple(notes),
        buttons=buttons,
        private=True,
    )


def _tell(services: Services, session: Session, _organization: Organization, incoming: Incoming, card: Card) -> None:
    if (
        isinstance(incoming.act, Commanded)
        or not incoming.sender.group
        or services.platforms[incoming.sender.platform].capabilities.has_private
    ):
        outbox.tell(session, services, incoming.sender, card, reply=incoming.reply)
