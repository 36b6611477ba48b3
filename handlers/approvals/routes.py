"""Routes: which line of the organisation's is a claim's, who decides in which order, and the steps that come of it.

A step is one or several *places* (a word of the route: supervisor, post, role, person), and in each place somebody or
one of several. Left out are the applicant and whoever would decide twice; each is said in a sentence on the step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import amounts, budgets, people
from handlers.approvals import posts
from handlers.errors import Refusal
from storage.models import ApprovalStep, Claim, Member, Route, Seat

SUPERVISOR_ALONE: tuple[dict[str, Any], ...] = ({"who": ["manager"], "mode": "any"},)


@dataclass(frozen=True)
class Facts:
    """What routes look at. ``amount``: yen, None while it is not known (then it counts as a large one).

    ``budgets``: codes of the lines that bear it, whether the applicant chose them or they follow from what it is.
    """

    amount: int | None
    categories: frozenset[str] = frozenset()
    department: str = ""
    grade: str = ""
    project: str = ""
    budgets: frozenset[str] = frozenset()
    kind: str = "expense"


@dataclass
class Place:
    """``word`` of the route, and who could decide there: all of them as good as each other."""

    word: str
    members: list[Member]


@dataclass
class Step:
    """A planned step; without places it is skipped. ``notes``: [{"text": msgid, "values": {…}}]."""

    mode: str
    words: list[str]
    places: list[Place] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str, **values: str) -> None:
        self.notes.append({"text": text, "values": values})


def facts_of(session: Session, claim: Claim, today: dt.date | None = None) -> Facts:
    """The claim as routes see it; one that is not handed in yet, as if it were ``today``."""
    return Facts(
        amount=amounts.total_yen(claim.expenses),
        categories=frozenset(expense.category for expense in claim.expenses if expense.category),
        department=claim.member.department,
        grade=claim.member.grade,
        project=claim.project,
        budgets=budgets.borne_by(session, claim, today),
        kind=claim.kind,
    )


def lines(session: Session) -> list[Route]:
    """The organisation's routes in the order in which they are looked at."""
    return list(session.scalars(select(Route).filter_by(ended_at=None).order_by(Route.position, Route.created_at)))


def fitting(session: Session, facts: Facts) -> Route | None:
    """The first line whose conditions hold."""
    return next((route for route in lines(session) if holds(route.conditions, facts)), None)


def holds(conditions: dict[str, Any], facts: Facts) -> bool:
    """Whether every condition holds; of categories and budget lines it is enough that one expense has one of them."""
    amount = facts.amount
    wanted = (
        conditions.get("amount_from") is None or amount is None or amount >= conditions["amount_from"],
        conditions.get("amount_to") is None or (amount is not None and amount <= conditions["amount_to"]),
        _any_of(conditions.get("categories"), facts.categories),
        _any_of(conditions.get("departments"), {facts.department}),
        _any_of(conditions.get("grades"), {facts.grade}),
        _any_of(conditions.get("projects"), {facts.project}),
        _any_of(conditions.get("kinds"), {facts.kind}),
        not conditions.get("budgets")
        or any(code == line or code.startswith(f"{line}/") for line in conditions["budgets"] for code in facts.budgets),
    )
    return all(wanted)


def _any_of(named: Sequence[str] | None, have: frozenset[str] | set[str]) -> bool:
    return not named or bool(have & set(named))


def plan(session: Session, applicant: Member, facts: Facts) -> list[Step]:
    """The steps that a claim of this applicant would take. Raises :class:`Refusal` where nobody could decide."""
    route = fitting(session, facts)
    steps, seated = [], list[Member]()
    for line in route.steps if route else SUPERVISOR_ALONE:
        step = Step(line["mode"], list(line["who"]))
        for word in step.words:
            members = _members(session, applicant, word, step, seated)
            if members:
                seated += members
                step.places.append(Place(word, members))
        steps.append(step)
    _once_each(steps)
    if not any(step.places for step in steps):
        raise Refusal("Besides you there is nobody who could decide this claim. Please ask your administrator.")
    return steps


def _members(session: Session, applicant: Member, word: str, step: Step, seated: Sequence[Member]) -> list[Member]:
    """Who sits in a place: never the applicant; where a post, role or person is missing, the next above.

    ``seated``: who sits in the places before, in order.
    """
    kind, _, name = word.partition(":")
    if kind == "role":
        return _with_role(session, applicant, name, step, seated)
    if kind == "post":
        return _of_post(session, applicant, name, step)
    first_id = applicant.manager_id if kind == "manager" else name
    first = session.get(Member, first_id) if first_id else None
    if first is None:
        raise Refusal("No supervisor is set for you yet. Please ask your administrator.")
    found = next((m for m in _above(session, first) if m.active and m.id != applicant.id), None)
    if found is None:
        if first.id == applicant.id:
            step.say("{name} is the applicant and is left out.", name=first.name)
            return []
        raise Refusal("No supervisor is set for you yet. Please ask your administrator.")
    if found is not first:
        text = "{name} is the applicant; {heir} decides instead."
        gone = "{name} has left; {heir} decides instead."
        step.say(text if first.id == applicant.id else gone, name=first.name, heir=found.name)
    return [found]


def _above(session: Session, member: Member) -> list[Member]:
    """A person and their supervisors upwards."""
    chain = [member]
    while chain[-1].manager_id and len(chain) < posts.MOST_LEVELS:
        above = session.get(Member, chain[-1].manager_id)
        if above is None or above in chain:
            break
        chain.append(above)
    return chain


def _with_role(session: Session, applicant: Member, role: str, step: Step, seated: Sequence[Member]) -> list[Member]:
    """Everybody with the role; where it is nobody's, who is above the last before, else whoever administers."""
    members = [m for m in people.with_role(session, role) if m.id != applicant.id]
    if members:
        return members
    above = _above(session, seated[-1] if seated else applicant)[1:]
    heirs = [m for m in above if m.active and m.id != applicant.id and m not in seated][:1]
    if not heirs:
        heirs = [m for m in people.with_role(session, "admin") if m.id != applicant.id]
        heirs = [m for m in heirs if m not in seated] or heirs  # who decides before does it once, for both
    if heirs:
        names = " / ".join(heir.name for heir in heirs)
        step.say("Nobody else has the role “{role}”; {heir} decides instead.", role=role, heir=names)
        return heirs
    if role in applicant.roles:
        step.say("{name} is the applicant and is left out.", name=applicant.name)
        return []
    raise Refusal(
        "Your route asks for the role “{role}”, which nobody else has, and nobody is above. "
        "Please ask your administrator.",
        role=role,
    )


def _of_post(session: Session, applicant: Member, name: str, step: Step) -> list[Member]:
    title, _, department = name.partition("/")
    first = posts.find(session, title, department or applicant.department)
    if first is None:
        raise Refusal(
            "Your route asks for the post “{post}”, and “{department}” has none. Please ask your administrator.",
            post=title,
            department=department or applicant.department or "—",
        )
    for post in posts.upwards(first):
        holder = post.member
        if holder is None or not holder.active or holder.id == applicant.id:
            continue
        if post is not first:
            text = "The post {post} is vacant; {heir} ({above}) decides instead."
            if first.member is not None and first.member.id == applicant.id:
                text = "{post} is the applicant; {heir} ({above}) decides instead."
            step.say(text, post=first.title, heir=holder.name, above=post.title)
        return [holder]
    if first.member is not None and first.member.id == applicant.id:
        step.say("{name} is the applicant and is left out.", name=applicant.name)
        return []
    raise Refusal(
        "The post “{post}” on your route is vacant, and nobody is above it. Please ask your administrator.", post=title
    )


def _once_each(steps: list[Step]) -> None:
    """Nobody decides twice: of two places that are one person's alone, the later counts for both.

    Where only one of the two is theirs alone they sit there, and the other place is left to its other people. Where
    both have others, too, they may take either (``seats`` keeps them from taking both), but never two in one step.
    """
    while _one_less(steps):  # a place with one person less may be somebody's alone now
        pass
    for step in steps:
        step.places = [place for place in step.places if place.members]


def _one_less(steps: list[Step]) -> bool:
    """Take one person out of one place where they are too many; False when there is none."""
    everybody = {m.id: m for step in steps for place in step.places for m in place.members}
    for member in everybody.values():
        found = [(step, place) for step in steps for place in step.places if member in place.members]
        alone = [(step, place) for step, place in found if len(place.members) == 1]
        kept = alone[-1] if alone else None
        for number, (step, place) in enumerate(found):
            doubled = kept is None and any(step is earlier for earlier, _ in found[:number])
            if doubled or (kept is not None and place is not kept[1]):
                place.members.remove(member)
                if kept is not None and not place.members and step is not kept[0]:
                    step.say("{name} decides once, in a later step.", name=member.name)
                return True
    return False


def lay(session: Session, claim: Claim, *, now: dt.datetime) -> None:
    """Give a claim that was just handed in its steps, the first of them open.

    Raises :class:`Refusal` when there is nobody who could decide it.
    """
    opened = False
    for position, step in enumerate(plan(session, claim.member, facts_of(session, claim))):
        state = "skipped" if not step.places else "ahead" if opened else "open"
        row = ApprovalStep(
            claim_id=claim.id,
            round=claim.round,
            position=position,
            label=(" & " if step.mode == "all" else " | ").join(step.words),
            mode=step.mode,
            state=state,
            notes=step.notes,
            opened_at=now if state == "open" else None,
        )
        opened = opened or state == "open"
        session.add(row)
        session.flush()
        for number, place in enumerate(step.places):
            for member in place.members:
                session.add(
                    Seat(step_id=row.id, claim_id=claim.id, member_id=member.id, position=number, title=place.word)
                )
    session.flush()
    session.expire(claim, ["steps"])
