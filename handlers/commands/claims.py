"""``claims``, ``claim`` and ``waiting``: what is mine, one of them, and what waits for me."""

from __future__ import annotations

from sqlalchemy import select

from handlers import cards, opening, together
from handlers.approvals import bulk, waiting
from handlers.cards.together import list_button
from handlers.cards.waiting import waiting_list
from handlers.commands.base import Command, Gathered
from handlers.commands.paid import numbers
from handlers.errors import Refusal
from handlers.turn import Turn
from storage.models import Claim

LATEST = 10


def _claims(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if words:  # 「申請 12」 is one of them
        _claim(turn, words, gathered)
        return
    mine = select(Claim).where(Claim.member_id == turn.member.id, Claim.state != "cancelled")
    latest = turn.session.scalars(mine.order_by(Claim.number.desc()).limit(LATEST)).all()
    mine = select(Claim).where(Claim.member_id == turn.member.id, Claim.state == "draft")
    buttons = (list_button(turn.view),) if together.could(turn.session.scalars(mine).all()) else ()
    turn.tell(cards.claim_list(turn.view, turn.t("My claims"), latest, buttons=buttons))


def _claim(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    asked = numbers("claim", words)
    if len(asked) > 1:
        raise Refusal("One number at a time, please: /keihi claim 12")
    opening.show_number(turn, asked[0])


def _waiting(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    listed = waiting.entries(turn.session, turn.member, turn.today)
    judged = waiting.judged(turn.session, turn.services, turn.organization, listed)
    title = turn.t("Waiting for your decision")
    turn.tell(waiting_list(turn.view, title, judged.entries, bulk.batch(judged.entries), judged.found))


COMMANDS = (
    Command("claims", ("申請", "申請一覧", "一覧"), "claims", "My latest claims.", _claims),
    Command("claim", ("開く", "open"), "claim NUMBER", "One claim with its history.", _claim),
    Command("waiting", ("承認", "承認待ち"), "waiting", "Claims that wait for my decision.", _waiting),
)
