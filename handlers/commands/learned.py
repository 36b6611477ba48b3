"""``learned``: what corrections have taught, and how to undo it.

Everybody sees what they taught themselves; accountants and administrators see and undo all of it, by a button or, where
that is easier, by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from handlers import categories
from handlers.actions import Action
from handlers.chat import Button, Card, Row, Tapped
from handlers.commands.base import Command, Gathered
from handlers.dates import show_day
from handlers.errors import NotAllowed, Refusal
from handlers.learning import lessons
from handlers.turn import Turn
from ocr.text import skeleton
from storage.models import Lesson

SHOWN = 10
FORGET = ("forget", "忘れる", "取消", "取り消し")
KINDS = {"registration_number": "Registration no.", "phone": "Telephone", "name": "Name as read"}


def _learned(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    if words and words[0].lower() in FORGET:
        _forget_named(turn, " ".join(words[1:]))
        return
    wanted = skeleton(" ".join(words))
    groups = [group for group in _groups(turn) if wanted in _spoken(turn, group)]
    if not groups:
        raise Refusal("Nothing was learned yet." if not words else "Nothing of that name was learned.")
    more = len(groups) - SHOWN
    turn.tell(
        Card(
            title=turn.t("Learned from corrections: {count}", count=len(groups)),
            rows=tuple(_row(turn, group) for group in groups[:SHOWN]),
            footer=turn.t("and {count} more; “/keihi learned WORD” searches", count=more) if more > 0 else "",
            private=True,
        )
    )


def _groups(turn: Turn) -> list[list[Lesson]]:
    """The lessons of each issuer, oldest first; the issuer last taught comes first."""
    mine = "" if _may_undo(turn) else turn.member.id
    groups: dict[tuple[str, str], list[Lesson]] = {}
    for lesson in lessons.standing(turn.session, member_id=mine):
        groups.setdefault((lesson.kind, lesson.key), []).append(lesson)
    return sorted(groups.values(), key=lambda group: group[-1].at, reverse=True)


def _may_undo(turn: Turn) -> bool:
    return bool({"accountant", "admin"} & set(turn.member.roles))


def _name(group: Iterable[Lesson]) -> str:
    found = list(group)
    return lessons.settled(found).issuer or found[-1].expense.payee


def _spoken(turn: Turn, group: list[Lesson]) -> str:
    """All that a search may name, folded."""
    category = lessons.settled(group).category
    label = categories.label(turn.view.locale, category) if category else ""
    return skeleton(" ".join((_name(group), label, group[-1].key, group[-1].read_as)))


def _row(turn: Turn, group: list[Lesson]) -> Row:
    known, newest = lessons.settled(group), group[-1]
    parts = [categories.label(turn.view.locale, known.category)] if known.category else []
    parts += [f"{rate}%" for rate in known.rates]
    if known.issuer and newest.read_as and skeleton(newest.read_as) != skeleton(known.issuer):
        parts.append(turn.t("read as “{name}”", name=newest.read_as[:40]))
    day = show_day(newest.at.astimezone(ZoneInfo(turn.organization.zone)).date(), turn.view.locale)
    parts += [f"{turn.t(KINDS[newest.kind])} {newest.key}", f"{newest.member.name} {day}"]
    if len(group) > 1:
        parts.append(turn.t("{count} corrections", count=len(group)))
    button = Button(turn.t("Forget"), turn.view.token("forget", newest.id), "danger") if _may_undo(turn) else None
    return Row(title=_name(group), detail=" · ".join(parts), button=button)


def _forget_named(turn: Turn, name: str) -> None:
    _check(turn)
    if not name:
        raise Refusal("Please say what: /keihi learned forget NAME")
    wanted = skeleton(name)
    exact = [g for g in _groups(turn) if wanted and wanted in (skeleton(_name(g)), skeleton(g[-1].key))]
    found = exact or [g for g in _groups(turn) if wanted and wanted in _spoken(turn, g)]
    if not found:
        raise Refusal("Nothing of that name was learned.")
    if len(found) > 1:
        names = tuple(f"{_name(g)} ({g[-1].key})" for g in found[:5])
        raise Refusal("Several have that name: {names}. Please give the number.", names=", ".join(names))
    _forget(turn, found[0][-1])


def _check(turn: Turn) -> None:
    if not _may_undo(turn):
        raise NotAllowed("Only accountants and administrators can make the bot forget.")


def forget_tapped(turn: Turn, action: Action, _tap: Tapped) -> None:
    """The button beside an issuer."""
    _check(turn)
    lesson = turn.session.get(Lesson, action.subject)
    if lesson is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    _forget(turn, lesson)


def _forget(turn: Turn, lesson: Lesson) -> None:
    name = _name([lesson])
    known = lessons.forget(turn.session, lesson, by=turn.member, now=turn.services.clock())
    text = "Forgotten: {name}. Its receipts are taken as they are read again."
    turn.tell(turn.t(text, name=known.issuer or name), tone="good")


COMMANDS = (
    Command(
        "learned",
        ("学習", "学習一覧"),
        "learned [WORD]",
        "What was learned from corrections, with a way to undo it.",
        _learned,
    ),
)
