"""What the organisation's rules say of a claim.

A rule is one file of this package and one line of :data:`RULES`; what is built in of each stands in ``defaults.toml``,
what an organisation wants instead in rows of ``Policy``. A claim is looked at when its draft appears and changes, when
it is submitted and when it is approved; ``handlers.policies.gate`` says what a finding then leads to.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers import rates
from handlers.claims.life import EDITABLE
from handlers.policies import evaluation, rate_missing
from handlers.policies.alcohol import ALCOHOL
from handlers.policies.approver_attends import APPROVER_ATTENDS
from handlers.policies.attendees_missing import ATTENDEES_MISSING
from handlers.policies.base import (
    STRENGTHS,
    Attendee,
    Case,
    Finding,
    Line,
    Parameter,
    Parameters,
    Person,
    Rule,
    Seen,
    Strength,
    TripFacts,
    Value,
    category,
    day,
    money,
    said,
    yen,
)
from handlers.policies.capture_date import CAPTURE_DATE
from handlers.policies.date_day_off import DATE_DAY_OFF
from handlers.policies.date_future import DATE_FUTURE
from handlers.policies.duplicates import DUPLICATE_FACTS, DUPLICATE_PICTURE, DUPLICATE_STATEMENT
from handlers.policies.history import History
from handlers.policies.hotel_and_home import HOTEL_AND_HOME
from handlers.policies.late import LATE
from handlers.policies.limit_category import LIMIT_CATEGORY
from handlers.policies.limit_day import LIMIT_DAY
from handlers.policies.limit_head import LIMIT_HEAD
from handlers.policies.limit_month import LIMIT_MONTH
from handlers.policies.limit_person import LIMIT_PERSON
from handlers.policies.not_an_expense import NOT_AN_EXPENSE
from handlers.policies.over_budget import OVER_BUDGET
from handlers.policies.per_diem_meal import PER_DIEM_MEAL
from handlers.policies.purpose_missing import PURPOSE_MISSING
from handlers.policies.rate_missing import RATE_MISSING
from handlers.policies.receipt_missing import RECEIPT_MISSING
from handlers.policies.registration_number import REGISTRATION_NUMBER
from handlers.policies.screen_photo import SCREEN_PHOTO
from handlers.policies.software_traces import SOFTWARE_TRACES
from handlers.policies.split import SPLIT
from handlers.policies.tips import TIPS
from handlers.policies.tobacco import TOBACCO
from handlers.policies.trip_dates import TRIP_DATES
from handlers.policies.trip_request import TRIP_REQUEST
from handlers.policies.unusual import UNUSUAL
from storage.models import Claim, Organization

__all__ = [
    "RULES",
    "STRENGTHS",
    "Attendee",
    "Case",
    "Finding",
    "History",
    "Line",
    "Parameter",
    "Parameters",
    "Person",
    "Rule",
    "Seen",
    "Strength",
    "TripFacts",
    "Value",
    "category",
    "day",
    "evaluate",
    "findings",
    "keep",
    "money",
    "said",
    "title",
    "yen",
]

_ALL: tuple[Rule, ...] = (
    LIMIT_CATEGORY,
    LIMIT_PERSON,
    LIMIT_DAY,
    LIMIT_MONTH,
    LIMIT_HEAD,
    OVER_BUDGET,
    RECEIPT_MISSING,
    RATE_MISSING,
    PURPOSE_MISSING,
    ATTENDEES_MISSING,
    LATE,
    DATE_FUTURE,
    DATE_DAY_OFF,
    TRIP_DATES,
    TRIP_REQUEST,
    ALCOHOL,
    TOBACCO,
    TIPS,
    NOT_AN_EXPENSE,
    SPLIT,
    UNUSUAL,
    REGISTRATION_NUMBER,
    SCREEN_PHOTO,
    SOFTWARE_TRACES,
    CAPTURE_DATE,
    APPROVER_ATTENDS,
    PER_DIEM_MEAL,
    HOTEL_AND_HOME,
    DUPLICATE_PICTURE,
    DUPLICATE_FACTS,
    DUPLICATE_STATEMENT,
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}


def evaluate(session: Session, organization: Organization, claim: Claim, today: dt.date) -> list[Finding]:
    """What the rules say of the claim as it is now, the strongest first. Changes nothing."""
    return evaluation.evaluate(session, organization, claim, today, RULES)


def keep(session: Session, organization: Organization, claim: Claim, today: dt.date) -> list[Finding]:
    """The same, kept on the claim for its cards. What may still be changed is first reckoned in yen as of today."""
    if claim.state in EDITABLE:
        rates.reckon(session, claim, today, lambda day: rate_missing.terms(session, day))
    found = evaluate(session, organization, claim, today)
    claim.findings = [finding.stored() for finding in found]
    session.flush()
    return found


def findings(claim: Claim) -> list[Finding]:
    """What was kept last."""
    return [Finding.restored(row) for row in claim.findings or ()]


def title(finding: Finding) -> str:
    """The short name (msgid) of the rule that found it."""
    rule = RULES.get(finding.rule)
    return rule.title if rule is not None else finding.rule
