"""The way of a claim on its cards: who will decide it, before it is handed in; how far it is, afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from handlers import people
from handlers.approvals import routes
from handlers.chat import Note
from handlers.claims import EDITABLE, WAITING
from handlers.errors import Refusal
from handlers.turn import View
from storage.models import ApprovalStep, Claim


def notes(view: View, claim: Claim) -> list[Note]:
    """To the applicant: the way it would go, or goes."""
    return expected(view, claim) if claim.state in EDITABLE else progress(view, claim)


def expected(view: View, claim: Claim) -> list[Note]:
    """Before it is handed in: the steps in order, or why there are none."""
    session = object_session(claim)
    if session is None:
        return []
    try:
        today = view.services.clock().astimezone(ZoneInfo(view.zone)).date()
        steps = routes.plan(session, claim.member, routes.facts_of(session, claim, today))
    except Refusal as refusal:
        values = dict(refusal.values)
        if "role" in values:
            values["role"] = people.role_names(view.locale, str(values["role"]))
        return [Note(view.t(refusal.text, **values), "doubt")]
    return planned(view, steps)


def planned(view: View, steps: Sequence[routes.Step]) -> list[Note]:
    """A planned way in one sentence, and a sentence for everybody who is left out or stands in."""
    names = [
        _step(view, step.mode, [(place.word, [m.name for m in place.members]) for place in step.places])
        for step in steps
        if step.places
    ]
    sentence = view.t("This claim goes: {route}.", route=" → ".join(names))
    return [Note(sentence), *_said(view, (note for step in steps for note in step.notes))]


def progress(view: View, claim: Claim) -> list[Note]:
    """While it waits: every step with a mark on those that have passed. Nothing where one person decides alone."""
    steps = [step for step in claim.steps if step.round == claim.round]
    told = _said(view, (note for step in steps for note in step.notes))
    shown = [step for step in steps if step.seats and step.state != "skipped"]
    if claim.state not in WAITING or (len(shown) < 2 and not told and all(len(step.seats) < 2 for step in shown)):
        return []
    names = " → ".join(_progress(view, step) for step in shown)
    return [Note(view.t("Route: {route}", route=names)), *told]


def _progress(view: View, step: ApprovalStep) -> str:
    places: dict[tuple[int, str], list[str]] = {}
    for seat in step.seats:
        mark = " ✓" if seat.state == "approved" else ""
        if seat.state != "skipped" and (step.state != "passed" or mark):
            places.setdefault((seat.position, seat.title or "manager"), []).append(seat.member.name + mark)
    text = _step(view, step.mode, [(word, names) for (_, word), names in places.items()])
    return f"【{text}】" if step.state == "open" else text


def _step(view: View, mode: str, places: Iterable[tuple[str, Sequence[str]]]) -> str:
    between = view.t(" and ") if mode == "all" else view.t(" or ")
    return between.join(_place(view, word, names) for word, names in places)


def _place(view: View, word: str, names: Sequence[str]) -> str:
    """``課長（鈴木）``; a named person is only their name; of many with a role only the first two are named."""
    kind, _, name = word.partition(":")
    who = view.t(" or ").join(names[:2]) + (view.t(" and others") if len(names) > 2 else "")
    if kind == "member":
        return who
    title = name.split("/")[0]
    if kind == "manager":
        title = view.t("Supervisor")
    elif kind == "role":
        title = view.t(people.ROLES[name])
    return view.t("{title} ({names})", title=title, names=who)


def _said(view: View, said: Iterable[dict[str, Any]]) -> list[Note]:
    sentences = []
    for note in said:
        values = dict(note["values"])
        if "role" in values:
            values["role"] = view.t(people.ROLES[values["role"]])
        sentences.append(view.t(note["text"], **values) if values else view.t(note["text"]))
    return [Note(text) for text in dict.fromkeys(sentences)]
