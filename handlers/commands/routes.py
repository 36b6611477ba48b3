"""``route``: which claims take which way, tried out before anybody meets it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers import budgets, cards
from handlers.approvals import route_lines, routes
from handlers.cards import route as route_cards
from handlers.chat import Card, Note, Row
from handlers.commands.base import Command, Gathered
from handlers.commands.members import member_named, profiles
from handlers.errors import Refusal
from handlers.turn import Turn
from storage import audit
from storage.models import Claim, Member, Route

ADD = ("add", "追加")
REMOVE = ("remove", "削除")
MOVE = ("move", "移動")
TRY = ("try", "試す")
EXAMPLE = "For example: /keihi route add amount>=100000 : manager > 課長 > role:accountant"


def _route(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if not words:
        _list(turn)
        return
    what, rest = words[0].lower(), words[1:]
    if what in ADD:
        _add(turn, rest, gathered)
    elif what in REMOVE:
        _remove(turn, rest)
    elif what in MOVE:
        _move(turn, rest)
    elif what in TRY:
        _try(turn, rest, gathered)
    else:
        raise Refusal(EXAMPLE)


def _list(turn: Turn) -> None:
    lines = routes.lines(turn.session)
    rows = tuple(
        Row(title=f"{number}. {line.name}".strip(), detail=route_lines.shown(turn.session, line, turn.view.locale))
        for number, line in enumerate(lines, start=1)
    )
    last = turn.t("The first line that fits is taken. Where none fits, the supervisor decides alone.")
    how = Note(turn.t(EXAMPLE))
    turn.tell(Card(title=turn.t("Routes"), lead=last, rows=rows, notes=() if rows else (how,), private=True))


def _add(turn: Turn, words: list[str], gathered: Gathered) -> None:
    line = route_lines.parse(turn.session, words, lambda word: member_named(turn, word, gathered))
    route = Route(
        position=len(routes.lines(turn.session)) + 1,
        name=line.name[:100],
        conditions=line.conditions,
        steps=line.steps,
        created_at=turn.services.clock(),
    )
    turn.session.add(route)
    turn.session.flush()
    _changed(turn, "route.added", route)
    title = turn.t("Route {number} was added.", number=route.position)
    unreachable = next((r for r in routes.lines(turn.session)[:-1] if not r.conditions), None)
    late = turn.t(
        "Route {number} has no condition and comes first, so this one is never reached. "
        "“/keihi route move {last} {number}” puts it before.",
        number=unreachable.position if unreachable else 0,
        last=route.position,
    )
    detail = route_lines.shown(turn.session, route, turn.view.locale)
    notes = (Note(late, "doubt"),) if unreachable else ()
    turn.tell(Card(title=title, tone="good", lead=detail, notes=notes, private=True))


def _remove(turn: Turn, words: list[str]) -> None:
    route = _numbered(turn, words[0] if words else "")
    route.ended_at = turn.services.clock()
    turn.session.flush()
    _changed(turn, "route.removed", route)
    title = turn.t("Route {number} was removed. Claims on their way keep it.", number=route.position)
    _number(turn, routes.lines(turn.session))
    turn.tell(cards.sentence(title, "good", private=True))


def _move(turn: Turn, words: list[str]) -> None:
    if len(words) != 2:
        raise Refusal("Please write which line goes where: /keihi route move 3 1")
    route, place = _numbered(turn, words[0]), _numbered(turn, words[1]).position
    lines = [line for line in routes.lines(turn.session) if line is not route]
    lines.insert(place - 1, route)
    _number(turn, lines)
    _changed(turn, "route.moved", route)
    _list(turn)


def _try(turn: Turn, words: list[str], gathered: Gathered) -> None:
    """The way of a claim that nobody has made."""
    who = [word for word in words if word.lower().startswith(("as=", "申請者="))]
    conditions, rest = route_lines.conditions(turn.session, [word for word in words if word not in who])
    applicant = member_named(turn, who[0].partition("=")[2], gathered) if who else turn.member
    facts = routes.Facts(amount=0, department=applicant.department, grade=applicant.grade)
    for word in rest:
        facts = replace(facts, amount=route_lines.amount_of(word))
    facts = _with(facts, conditions)
    facts = replace(facts, budgets=_borne_by(turn, facts))
    fitting = routes.fitting(turn.session, facts)
    steps = routes.plan(turn.session, applicant, facts)
    title = turn.t("No line fits: the supervisor decides alone.")
    if fitting is not None:
        title = turn.t("Route {number} fits.", number=f"{fitting.position} {fitting.name}".strip())
    notes = tuple(route_cards.planned(turn.view, steps))
    turn.tell(Card(title=title, lead=turn.t("As {name}", name=applicant.name), notes=notes, private=True))


def _borne_by(turn: Turn, facts: routes.Facts) -> frozenset[str]:
    """The lines that would bear it this year; :class:`Refusal` where it would have to be said which, and it matters."""
    named = next(iter(facts.budgets), "")
    if not any(line.conditions.get("budgets") for line in routes.lines(turn.session)):
        return facts.budgets
    claim = Claim(member=Member(department=facts.department), project=facts.project, budget_code=named)
    year = budgets.fiscal_year(turn.today)
    return budgets.supposed(turn.session, claim, facts.categories, year)


def _with(facts: routes.Facts, conditions: dict[str, Any]) -> routes.Facts:
    """The facts that a trial names: one value each."""
    single = {name: values[0] for name, values in conditions.items() if isinstance(values, list) and values}
    changed: dict[str, Any] = {
        ours: single[name]
        for name, ours in (("departments", "department"), ("grades", "grade"), ("projects", "project"))
        if name in single
    }
    if "categories" in conditions:
        changed["categories"] = frozenset(conditions["categories"])
    if "budgets" in single:
        changed["budgets"] = frozenset({single["budgets"]})
    if "kinds" in single:
        changed["kind"] = single["kinds"]
    if conditions.get("amount_from") is not None:
        changed["amount"] = conditions["amount_from"]
    return replace(facts, **changed)


def _numbered(turn: Turn, word: str) -> Route:
    lines = routes.lines(turn.session)
    if not word.isdecimal() or not 1 <= int(word) <= len(lines):
        raise Refusal("There is no route “{word}”. “/keihi route” lists them with their numbers.", word=word[:20])
    return lines[int(word) - 1]


def _number(turn: Turn, lines: list[Route]) -> None:
    for position, line in enumerate(lines, start=1):
        line.position = position
    turn.session.flush()


def _changed(turn: Turn, action: str, route: Route) -> None:
    data = {"position": route.position, "name": route.name, "conditions": route.conditions, "steps": route.steps}
    audit.record(turn.session, actor=turn.member.id, action=action, subject=f"route:{route.id}", data=data)


COMMANDS = (
    Command(
        "route",
        ("経路", "承認経路"),
        "route [add … | remove N | move N M | try AMOUNT …]",
        "Who decides which claims, in which order.",
        _route,
        role="admin",
        gather=profiles,
    ),
)
