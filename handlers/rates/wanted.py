"""Rates that are wanted and rates that come.

A draft that lacks one cannot be handed in; the administrators (five at most) are told once which currency and day is
wanted. When the rate comes, by command, form or file, the drafts are reckoned again and their people told that they
can go on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import albums, approvals, outbox, people, policies
from handlers.cards import claim_for_applicant, sentence
from handlers.cards import rates as cards
from handlers.claims import EDITABLE
from handlers.policies.rate_missing import terms
from handlers.rates.lines import day_of, foreign
from handlers.rates.table import newest
from handlers.services import Services
from handlers.turn import view_of
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import Claim, Delivery, Expense, Member, Organization

ADMIN = "admin"
MOST_TOLD = 5  # of many administrators: messages cost
MARK = "rates_came"  # in Organization.settings


def look(session: Session, services: Services, organization: Organization, claim: Claim) -> None:
    """What the rules say of a new draft, kept on it; and :func:`ask`."""
    today = _today(services, organization)
    policies.keep(session, organization, claim, today)
    ask(session, services, organization, claim, today)


def ask(session: Session, services: Services, organization: Organization, claim: Claim, today: dt.date) -> None:
    """Tell the administrators who were here last, once for a currency and day, which rates this draft lacks."""
    lacking: dict[tuple[str, dt.date], None] = {}
    for expense in claim.expenses if claim.state in EDITABLE else ():
        day = day_of(claim, expense, today)
        if foreign(expense) and expense.amount is not None and expense.home_amount is None and day is not None:
            lacking[expense.currency, day] = None
    if lacking:
        alone(session, f"rates:{organization.id}")
    for currency, day in lacking:
        told = select(Delivery.id).filter_by(subject=_subject(currency, day)).limit(1)
        if session.scalars(told).first() is None:
            _tell(session, services, organization, currency, day)


def _tell(session: Session, services: Services, organization: Organization, currency: str, day: dt.date) -> None:
    subject = _subject(currency, day)
    found = (people.where(session, services, member) for member in people.with_role(session, ADMIN))
    accounts = sorted((one for one in found if one is not None), key=lambda account: account.seen_at, reverse=True)
    for identity in accounts[:MOST_TOLD]:
        card = cards.wanted(view_of(services, organization, identity.member), currency, day, None)
        to, slot = people.address_of(identity), f"{subject}:{identity.id}"
        outbox.show(session, services, to, slot, card, subject=subject, member_id=identity.member_id)


def _subject(currency: str, day: dt.date) -> str:
    return f"rate:{currency}:{day.isoformat()}"


# --- a rate comes -----------------------------------------------------------------------------------------------------


def drafts(session: Session, currencies: Sequence[str]) -> list[Claim]:
    """What may still be changed and has a line in one of these currencies, locked.

    To be asked before anything is audited: everybody else locks a claim first and the audit chain after it.
    """
    lines = select(Expense.claim_id).where(Expense.currency.in_(currencies))
    asked = select(Claim).where(Claim.state.in_(EDITABLE), Claim.id.in_(lines))
    return list(session.scalars(asked.order_by(Claim.id).with_for_update()))


def arrived(
    session: Session, services: Services, organization: Organization, currencies: Sequence[str], today: dt.date
) -> int:
    """Reckon the drafts of these currencies again; how many can go on that could not. Notices say that it is done."""
    going_on = sum(renew(session, services, organization, one, today) for one in drafts(session, currencies))
    for currency in currencies:
        _close_notices(session, services, organization, currency)
    return going_on


def renew(session: Session, services: Services, organization: Organization, claim: Claim, today: dt.date) -> bool:
    """Reckon one draft again and show it as it is now; whether it had waited for a rate and waits no more."""
    before = {expense.id: expense.home_amount for expense in claim.expenses}
    policies.keep(session, organization, claim, today)
    changed = [expense for expense in claim.expenses if expense.home_amount != before[expense.id]]
    if not changed:
        return False
    approvals.refresh(session, services, organization, claim)
    albums.refresh(session, services, organization, claim)
    if any(before[expense.id] is not None for expense in changed) or not any(e.home_amount for e in changed):
        return False
    identity = people.where(session, services, claim.member)
    if identity is not None:
        view, to = view_of(services, organization, claim.member), people.address_of(identity)
        if services.platforms[identity.platform].capabilities.can_edit:
            text = view.t("#{number}: the exchange rate is there. It can be submitted now.", number=claim.number)
            outbox.tell(session, services, to, sentence(text, "good"), member_id=claim.member_id)
        else:
            card, slot = claim_for_applicant(view, claim), f"claim:{claim.id}:{identity.id}"
            subject = f"claim:{claim.id}"
            outbox.show(session, services, to, slot, card, subject=subject, member_id=claim.member_id)
    return True


def _close_notices(session: Session, services: Services, organization: Organization, currency: str) -> None:
    asked = select(Delivery.subject).where(Delivery.subject.startswith(f"rate:{currency}:")).distinct()
    for subject in session.scalars(asked).all():
        day = dt.date.fromisoformat(subject.rpartition(":")[2])
        row = newest(session, currency, day, terms(session, day))
        for copy in outbox.copies(session, subject):
            reader = session.get(Member, copy.member_id) if copy.member_id else None
            if reader is not None:
                card = cards.wanted(view_of(services, organization, reader), currency, day, row)
                outbox.refresh(session, services, copy, card)


def sweep(services: Services) -> None:
    """Do for a file imported on the server, which knows no chat, what a command does at once."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        homes = session.scalars(select(Organization)).all()
    for home in homes:
        came = home.settings.get(MARK)
        if not came:
            continue
        with services.db.transaction(home.id) as session:
            drafts(session, came)
            organization = session.get_one(Organization, home.id, with_for_update=True)
            if organization.settings.get(MARK) == came:  # else another process did it, or a newer file came
                left = {key: value for key, value in organization.settings.items() if key != MARK}
                organization.settings = left
                arrived(session, services, organization, came, _today(services, organization))


def _today(services: Services, organization: Organization) -> dt.date:
    return services.clock().astimezone(ZoneInfo(organization.zone)).date()


def mark(organization: Organization, currencies: Iterable[str]) -> None:
    """Rates of these currencies were imported; :func:`sweep` sees to what follows."""
    came = {*(organization.settings.get(MARK) or ()), *currencies}
    organization.settings = {**organization.settings, MARK: sorted(came)}
