"""Several drafts submitted together: which of a person's can, why others stay out, and what would become of them.

What was looked at travels in the button itself, numbers and versions. At the tap every draft is looked at anew; where
one has changed since, nothing happens to any of them.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import claims, policies
from handlers.approvals import bulk
from handlers.cards import FIELD_LABELS, STATE_LABELS, findings, route
from handlers.chat import Note
from handlers.errors import NotAllowed, Refusal
from handlers.trips import commuting
from handlers.turn import Turn
from storage.models import AuditEvent, Claim

MOST = 20  # drafts of one claim
MOST_LINES = 40  # more than that nobody reads on a telephone
LEAST = 2
LOOKED_AT = 50  # drafts of one person


@dataclass(frozen=True)
class Wish:
    """What was asked for: drafts by number, those of a month (its first day), or with neither all of them."""

    numbers: tuple[int, ...] = ()
    month: date | None = None


@dataclass
class Chosen:
    """Drafts that can go together, the one first that the others go into; and why others stay out, by number."""

    drafts: list[Claim] = field(default_factory=list)
    out: list[tuple[int, Refusal]] = field(default_factory=list)


@dataclass(frozen=True)
class Outlook:
    """What would stand on the claim of all: its findings and its way. ``stopped``: it could not be submitted."""

    notes: tuple[Note, ...]
    stopped: bool


# --- which ------------------------------------------------------------------------------------------------------------


def choose(turn: Turn, wish: Wish) -> Chosen:
    """The person's drafts that go together, the rules asked anew about each. Somebody else's are never named."""
    chosen = Chosen()
    fit = []
    for claim in _asked_for(turn, wish, chosen):
        why = against(turn, claim, wish)
        if why is None:
            fit.append(claim)
        else:
            chosen.out.append((claim.number, why))
    for keep in (_one_history, _one_budget, _not_too_many):
        fit = keep(fit, chosen)
    chosen.drafts = fit
    chosen.out.sort(key=lambda entry: entry[0])
    return chosen


def could(mine: Sequence[Claim]) -> bool:
    """Whether it is worth asking: at least two of these drafts look as if they could go together."""
    plain = (c for c in mine if c.state == "draft" and not _kept_apart(c) and not _unfinished(c) and not _history(c))
    budgets = Counter((claim.project, claim.budget_code) for claim in plain if not _stop(claim))
    return any(count >= LEAST for count in budgets.values())


def _asked_for(turn: Turn, wish: Wish, chosen: Chosen) -> list[Claim]:
    asked = select(Claim).where(Claim.member_id == turn.member.id)
    if wish.numbers:
        asked = asked.where(Claim.number.in_(wish.numbers)).order_by(Claim.number)
        found = list(turn.session.scalars(asked))
        known = {claim.number for claim in found}
        unknown = Refusal("No claim of yours has this number.")
        chosen.out += [(number, unknown) for number in wish.numbers if number not in known]
        return found
    asked = asked.where(Claim.state.in_(claims.EDITABLE)).order_by(Claim.number.desc()).limit(LOOKED_AT)
    found = sorted(turn.session.scalars(asked), key=lambda claim: claim.number)
    return [claim for claim in found if wish.month is None or _touches(claim, wish.month)]


def _touches(claim: Claim, month: date) -> bool:
    """Whether a line is of the month, or of no known day."""
    return any(line.date is None or _within(line.date, month) for line in claim.expenses)


def _within(day: date, month: date) -> bool:
    last = calendar.monthrange(month.year, month.month)[1]
    return month <= day <= month.replace(day=last)


def against(turn: Turn, claim: Claim, wish: Wish | None = None) -> Refusal | None:
    """Why this draft cannot go with others; None when it can."""
    if claim.state not in claims.EDITABLE:
        return _over(turn, claim)
    why = _kept_apart(claim)
    if why is not None:
        return why
    policies.keep(turn.session, turn.organization, claim, turn.today)
    why = _unfinished(claim)
    if why is not None:
        return why
    if wish is not None and wish.month is not None and not all(_of(line.date, wish.month) for line in claim.expenses):
        return Refusal("Its dates are in more than one month.")
    if wish is not None and not wish.numbers and _history(claim):
        return Refusal("It was submitted before. To add others to it, name the numbers.")
    stop = _stop(claim)
    if stop is not None:
        return Refusal("A rule stops it. {why}", why=findings.sentence(turn.view, stop, claim))
    return None


def _of(day: date | None, month: date) -> bool:
    return day is not None and _within(day, month)


def _over(turn: Turn, claim: Claim) -> Refusal:
    into = claims.merged_into(turn.session, claim)
    if into is not None:
        return Refusal("#{number} is in #{into} now.", number=claim.number, into=into)
    return Refusal("It is no draft any more ({state}).", state=turn.t(STATE_LABELS[claim.state][0]))


def _kept_apart(claim: Claim) -> Refusal | None:
    if claim.kind != "expense":
        return Refusal("A trip request is submitted by itself.")
    if claim.trip_id or claim.request_id:
        return Refusal("The settlement of a trip is submitted by itself.")
    if not claim.expenses:
        return Refusal("There is no expense in it.")
    return None


def _unfinished(claim: Claim) -> Refusal | None:
    """What the person has to do on the draft itself first."""
    lacking = claims.missing(claim)
    if lacking:
        return Refusal("Something is still missing: {fields}. Please fill it in with “Edit”.", fields=tuple(lacking))
    doubts = tuple(name for line in claim.expenses for name in line.doubts)
    if doubts:
        return Refusal("Please check first what is marked ⚠: {fields}.", fields=doubts)
    section = commuting.covering(claim)
    if section:
        return Refusal("The commuter pass {section} covers this journey: there is nothing to claim.", section=section)
    rides = claims.rides_without_reason(claim)
    if rides:
        return Refusal("{ride}: the travel rules pay it only with a reason. Please give it.", ride=rides[0])
    return None


def _history(claim: Claim) -> bool:
    """Whether others have seen it or said something of it; that stays with the claim where it was said."""
    return bool(claim.round or claim.decisions or claim.comments)


def _stop(claim: Claim) -> policies.Finding | None:
    return next((finding for finding in policies.findings(claim) if finding.strength == "stop"), None)


def _one_history(fit: list[Claim], chosen: Chosen) -> list[Claim]:
    """One that was submitted before takes the others in, so that its history stays; a second one stays out."""
    before = [claim for claim in fit if _history(claim)]
    why = Refusal("It was submitted before, like #{number}; each keeps its own history.", number=_first(before))
    chosen.out += [(claim.number, why) for claim in before[1:]]
    return [*before[:1], *(claim for claim in fit if claim not in before)]


def _one_budget(fit: list[Claim], chosen: Chosen) -> list[Claim]:
    """A claim has one budget line and one project: those of its history, else those that most of the drafts have."""
    if not fit:
        return fit
    budgets = Counter((claim.project, claim.budget_code) for claim in fit)
    wanted = (fit[0].project, fit[0].budget_code) if _history(fit[0]) else budgets.most_common(1)[0][0]
    why = Refusal("It has another budget line or project.")
    chosen.out += [(claim.number, why) for claim in fit if (claim.project, claim.budget_code) != wanted]
    return [claim for claim in fit if (claim.project, claim.budget_code) == wanted]


def _not_too_many(fit: list[Claim], chosen: Chosen) -> list[Claim]:
    kept: list[Claim] = []
    for claim in fit:
        lines = sum(len(each.expenses) for each in (*kept, claim))
        if len(kept) < MOST and lines <= MOST_LINES and len(bulk.pack([*kept, claim])) <= bulk.LONGEST:
            kept.append(claim)
        else:
            why = Refusal("The claim would grow too long. It can go with the next ones.")
            chosen.out.append((claim.number, why))
    return kept


def _first(drafts: Sequence[Claim]) -> int:
    return drafts[0].number if drafts else 0


# --- what would become of them ----------------------------------------------------------------------------------------


def outlook(turn: Turn, drafts: Sequence[Claim]) -> Outlook:
    """What the rules and the route say of all in one claim. It is made, looked at and taken back: nothing stays."""
    tried = turn.session.begin_nested()
    try:
        claim = _merged(turn, drafts)
        notes = (*findings.notes(turn.view, claim), *route.expected(turn.view, claim))
        return Outlook(notes, stopped=_stop(claim) is not None)
    finally:
        tried.rollback()
        turn.session.expire_all()  # versions are stepped by statements, which a session does not take back by itself


def _merged(turn: Turn, drafts: Sequence[Claim]) -> Claim:
    claim = claims.merge(turn.session, drafts, by=turn.member, zone=turn.organization.zone)
    policies.keep(turn.session, turn.organization, claim, turn.today)
    return claim


# --- doing it ---------------------------------------------------------------------------------------------------------


def as_seen(turn: Turn, listed: Sequence[tuple[int, int]]) -> Chosen:
    """The drafts of a list, locked; ``out`` says of each that is not as it was, or cannot go any more, what happened.

    :class:`NotAllowed` where the list is somebody else's.
    """
    numbers = [number for number, _ in listed]
    locked = select(Claim).where(Claim.number.in_(numbers)).order_by(Claim.number).with_for_update()
    found = {claim.number: claim for claim in turn.session.scalars(locked)}
    if any(claim.member_id != turn.member.id for claim in found.values()):
        raise NotAllowed("This list is not yours.")
    chosen = Chosen()
    fit = []
    for number, version in listed:
        claim = found.get(number)
        if claim is None:  # a number that this organisation does not have
            continue
        why = _changed(turn.session, claim) if claim.version != version else None
        why = _over(turn, claim) if claim.state not in claims.EDITABLE else why or against(turn, claim)
        if why is None:
            fit.append(claim)
        else:
            chosen.out.append((number, why))
    for keep in (_one_history, _one_budget, _not_too_many):
        fit = keep(fit, chosen)
    chosen.drafts = fit
    return chosen


def _changed(session: Session, claim: Claim) -> Refusal:
    """What was done to it last."""
    told = select(AuditEvent).filter_by(subject=f"claim:{claim.id}").order_by(AuditEvent.sequence.desc()).limit(1)
    event = session.scalars(told).first()
    named = event.data.get("fields") if event is not None and event.action == "claim.corrected" else None
    fields = tuple(name for name in named or () if name in FIELD_LABELS)
    if fields:
        return Refusal("It was corrected since: {fields}.", fields=fields)
    return Refusal("It has changed since.")


def merge(turn: Turn, drafts: Sequence[Claim]) -> Claim:
    """Put them into one draft, about which the rules are then asked anew."""
    return _merged(turn, drafts)
