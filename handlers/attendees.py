"""Those who took part as rows of an expense, and written back for forms and cards (read: ``handlers.notes.parties``).

A row is what ``Expense.attendees`` holds: {name, company, relation}. People who are only counted are a row without a
name and with a ``count``. ``relation``: own (of the organisation), outside, or empty where nothing says it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.errors import Refusal
from handlers.notes import caption
from handlers.notes.parties import OUTSIDE, OWN, Party, Relation, Table, checked, heads, is_company, read
from storage.models import Member

__all__ = [
    "OUTSIDE", "OWN", "Party", "Relation", "Table",
    "checked", "colleagues", "listed", "named", "of_caption", "parties", "read", "rows", "written",
]  # fmt: skip

LONGEST_PURPOSE = 500  # as much as is kept of the words beside a picture


def colleagues(session: Session) -> Sequence[str]:
    """The names of the organisation's people: of one's own, whatever stands around them."""
    return session.scalars(select(Member.name).filter_by(active=True)).all()


def of_caption(session: Session, member: Member, text: str) -> dict[str, Any]:
    """The purpose that the words beside a picture tell, and the columns of those who took part, if they list any."""
    purpose, people = caption(text)
    return {"purpose": purpose[:LONGEST_PURPOSE], **(listed(session, member, people) if people else {})}


def listed(session: Session, member: Member, text: str, names: Sequence[str] = ()) -> dict[str, Any]:
    """The columns of an expense that the list of a note of ``member`` gives, and ``names`` that stand elsewhere in it.

    The number is set only where some of the people are counted and not named, as in the form.
    """
    try:
        table = read(text, applicant=member.name, colleagues=colleagues(session))
    except Refusal:  # a company alone: a name is all that is known
        table = Table()
    known = {party.name for party in table.parties} | ({member.name} if table.parties else set())
    others = tuple(Party(name) for name in names if name not in known)
    count = (
        table.total + len(others) if table.total > len(table.parties) or not all(map(_named, table.parties)) else None
    )
    people = rows(Table((*table.parties, *others)))
    return {"attendees": people, "attendees_count": count} if people or count else {}


def _named(party: Party) -> bool:
    return bool(party.name)


def rows(table: Table) -> list[dict[str, Any]]:
    """As ``Expense.attendees`` holds them."""
    return [
        {"name": party.name, "company": party.company, "relation": party.relation}
        | ({} if party.name else {"count": party.count})
        for party in table.parties
    ]


def parties(rows: Sequence[Any]) -> tuple[Party, ...]:
    """What :func:`rows` gave, and what notes made of names alone."""
    found = []
    for row in rows:
        plain: Mapping[str, Any] = row if isinstance(row, dict) else {"name": str(row)}
        relation = plain.get("relation")
        known: Relation = "own" if relation == "own" else "outside" if relation == "outside" else ""
        count = int(plain.get("count") or 1)
        found.append(Party(str(plain.get("name") or ""), str(plain.get("company") or ""), known, count))
    return tuple(found)


def named(rows: Sequence[Any]) -> list[Any]:
    """The rows of people, without those who were only counted."""
    return [row for row in rows if not isinstance(row, dict) or row.get("name")]


def written(parties: Sequence[Party], *, own: str = OWN[0], outside: str = OUTSIDE[0], between: str = "\n") -> str:
    """A line for each company; read again it is the same. ``own``, ``outside``: words of :data:`OWN`, :data:`OUTSIDE`.

    ``between`` may be a comma: those of whom nothing is known then come first, so that no company holds for them.
    """
    ordered = parties if between == "\n" else sorted(parties, key=lambda party: bool(party.relation or party.company))
    lines = []
    for (company, relation), group in itertools.groupby(ordered, lambda party: (party.company, party.relation)):
        head = company or {"own": own, "outside": outside, "": ""}[relation]
        lines.append(_line(head, list(group), polite=relation == "outside"))
    return between.join(lines)


def _line(head: str, group: Sequence[Party], *, polite: bool) -> str:
    names = [party.name + ("様" if polite and not party.name.isascii() else "") for party in group if party.name]
    some = heads([party for party in group if not party.name])
    asian = not head.isascii() or not all(name.isascii() for name in names)
    comma, gap = ("、", " ") if asian else (", ", ": ")
    if not is_company(head):
        gap = ": "
    if not names:
        if not head:
            return f"ほか{some}名"
        return f"{head} {some}名" if asian else f"{head} {some} {'person' if some == 1 else 'people'}"
    others = [f"ほか{some}名" if asian else f"plus {some}"] * bool(some)
    return (head + gap if head else "") + comma.join((*names, *others))
