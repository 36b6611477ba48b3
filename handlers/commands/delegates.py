"""``delegate`` and ``comment``: who decides while I am away, and words on a claim."""

from __future__ import annotations

from sqlalchemy import select

from handlers import periods
from handlers.approvals import comments, delegates
from handlers.cards.delegates import delegations
from handlers.commands.base import Command, Gathered
from handlers.commands.members import member_named, profiles
from handlers.errors import NotAllowed, Refusal
from handlers.screen import may_see
from handlers.turn import Turn
from storage.models import Claim, Member

FOR = ("for", "本人")
OFF = ("off", "end", "解除", "終了")


def _delegate(turn: Turn, words: list[str], gathered: Gathered) -> None:
    principal, words = _principal(turn, words, gathered)
    if not words:
        rows = delegates.current(turn.session, principal, turn)
        if not rows:
            raise Refusal("There is no delegate. Write for example: /keihi delegate E-MAIL 12/1-12/7")
        turn.tell(delegations(turn.view, rows))
        return
    if words[0].lower() in OFF:
        rows = [row for row in delegates.current(turn.session, principal, turn) if row.principal_id == principal.id]
        if not rows:
            raise Refusal("There is no delegate. Write for example: /keihi delegate E-MAIL 12/1-12/7")
        for row in rows:
            delegates.end(turn, row)
        return
    who, days = _who_and_when(turn, words)
    delegate = member_named(turn, who, gathered)
    delegates.appoint(turn, principal, delegate, periods.parse(days, today=turn.today))


def _principal(turn: Turn, words: list[str], gathered: Gathered) -> tuple[Member, list[str]]:
    """For whom: the person themselves, or ``for=E-MAIL`` by an administrator; and the words without it."""
    named = [word for word in words if word.partition("=")[0].lower() in FOR and "=" in word]
    rest = [word for word in words if word not in named]
    if not named:
        return turn.member, rest
    member = member_named(turn, named[-1].partition("=")[2], gathered)
    if member is not turn.member and "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can do this for somebody else.", role="admin")
    return member, rest


def _who_and_when(turn: Turn, words: list[str]) -> tuple[str, str]:
    """A name may have blanks, and so may the days: the name ends where the first days begin."""
    for number in range(1, len(words)):
        days = " ".join(words[number:])
        if periods.is_period(days, today=turn.today):
            return " ".join(words[:number]), days
    if len(words) == 1:
        raise Refusal("Please say on which days, too: /keihi delegate E-MAIL 12/1-12/7")
    return words[0], " ".join(words[1:])


def _comment(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    number = words[0].lstrip("#") if words else ""
    if not number.isdecimal() or len(words) < 2:
        raise Refusal("Please write the claim's number and your words: /keihi comment 12 The list is in the file")
    claim = turn.session.scalars(select(Claim).filter_by(number=int(number)).with_for_update()).first()
    if claim is None or claim.state in ("draft", "cancelled"):
        raise Refusal("There is no submitted claim #{number}.", number=number)
    may_see(turn, claim)
    comments.remark(turn, claim, " ".join(words[1:]))


COMMANDS = (
    Command(
        "delegate",
        ("代理", "代理人"),
        "delegate E-MAIL 12/1-12/7",
        "Who decides while I am away; “off” ends it.",
        _delegate,
        gather=profiles,
    ),
    Command("comment", ("コメント",), "comment NUMBER WORDS", "A comment on a claim, without a decision.", _comment),
)
