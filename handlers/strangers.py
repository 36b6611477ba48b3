"""People whom we do not know yet: linked by what their platform vouches for or by a code, or told how to get in.

Guests, bots, closed accounts and people of other workspaces never get in, whatever code they hold; and since a
colleague can become a guest, the platform is asked about everybody again once a day.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from handlers import approvals, cards, expected, forms, outbox, people
from handlers.chat import Button, Card, Commanded, Incoming, Left, Linked, Note, Profile, Said, Unsent
from handlers.errors import PlatformBusy, PlatformRefused, Refusal
from handlers.services import Services
from handlers.texts import LOCALES, t
from handlers.turn import view_of
from storage.jobs import Later
from storage.models import Identity, InboxEvent, Member, Organization

log = structlog.get_logger()

VOUCHED_FOR = timedelta(days=1)
ASKED_AGAIN = timedelta(minutes=10)  # after a platform did not answer
UNTOLD = ("bot", "left")  # two bots would talk for ever; a closed account reads nothing
REFUSALS = {
    "guest": "Guests of a workspace cannot use this bot. Please ask your administrator.",
    "stranger": "This bot belongs to another workspace. People of other workspaces cannot use it.",
    "gone": "Your account could not be found. Please ask your administrator.",
}


def admit(services: Services, organization_id: str, inbox_id: str, incoming: Incoming) -> bool:
    """True when the sender is a linked member, now or already; otherwise they were answered and the event is done."""
    with services.db.snapshot(organization_id) as session:
        identity = people.identity_of(session, incoming.sender)
        linked = identity is not None and identity.member.active
    if isinstance(incoming.act, Left | Unsent):
        if not linked:
            mark_done(services, organization_id, inbox_id)
        return linked
    if identity is not None and linked and not _brings_secret(incoming):
        return _still_one_of_us(services, organization_id, inbox_id, incoming, identity)
    profile, link_url = _look_up(services, incoming)
    with services.db.transaction(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
        if event.done_at is not None:
            return False
        organization = session.get_one(Organization, organization_id)
        known = people.identity_of(session, incoming.sender)
        now = services.clock()
        outside = profile.standing in people.OUTSIDERS  # before the code is looked at, which is then not used up
        secret = None if outside else _secret(services, session, organization, incoming)
        if isinstance(secret, Member):
            identity = people.link(session, incoming.sender, secret, how="code", now=now, profile=profile)
            people.note_standing(identity, profile, now=now)
            event.done_at = now
            _welcome(services, session, organization, incoming, identity)
            return False
        if known is not None and known.member.active and secret is None and not outside:
            return True  # it only looked like a code
        if secret is None and known is None and not outside:
            found = people.link_by_profile(session, incoming.sender, profile, now=now)
            found = found or expected.meet(session, incoming.sender, now=now)
            if found is not None:
                approvals.send_waiting(session, services, organization, found.member)
                return True  # and their very first message is answered like any other
        event.done_at = now
        if known is not None:
            people.note_standing(known, profile, now=now)
        if profile.standing not in UNTOLD:
            _tell(
                services,
                session,
                organization,
                incoming,
                _way_in(organization, profile, secret, link_url),
            )
        return False


def _still_one_of_us(
    services: Services, organization_id: str, inbox_id: str, incoming: Incoming, identity: Identity
) -> bool:
    """Whether a linked account still is the office's, as its platform says once a day.

    A platform that does not answer, or knows nobody of this id (LINE, of people who show it no profile), holds nobody
    up, but those who were outsiders when it last did. Whoever has become one is told, and gets no messages until the
    platform says otherwise.
    """
    now = services.clock()
    if identity.vouched_at is not None and now - identity.vouched_at < VOUCHED_FOR:
        return True
    profile = None
    try:
        profile = services.platforms[incoming.sender.platform].profile(incoming.sender)
    except (PlatformBusy, PlatformRefused) as error:
        log.info("nobody vouches today", platform=incoming.sender.platform, error=type(error).__name__)
    with services.db.transaction(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
        account = session.get_one(Identity, identity.id)
        if profile is None and not account.barred:
            account.vouched_at = now - VOUCHED_FOR + ASKED_AGAIN  # nor does its silence slow every act down
            return True
        if profile is not None and people.note_standing(account, profile, now=now):
            if profile.locale in LOCALES and not account.member.locale:
                account.member.locale = profile.locale
            return True
        if event.done_at is None:
            event.done_at = now
            _turn_away(services, session, incoming, account)
    log.warning("an outsider's account was stopped", account=identity.id)
    return False


def _turn_away(services: Services, session: Session, incoming: Incoming, account: Identity) -> None:
    if account.barred in UNTOLD:
        return
    organization = session.get_one(Organization, account.organization_id)
    sentence = t(people.locale_of(account.member, organization), REFUSALS[account.barred])
    _tell(services, session, organization, incoming, cards.sentence(sentence, "doubt", private=True))


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
