"""``claims`` and ``waiting``: what is mine, and what waits for me."""

from __future__ import annotations

from sqlalchemy import select

from handlers import cards
from handlers.approvals import bulk, waiting
from handlers.cards.waiting import waiting_list
from handlers.commands.base import Command, Gathered
from handlers.turn import Turn
from storage.models import Claim

LATEST = 10


def _claims(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    mine = select(Claim).where(Claim.member_id == turn.member.id, Claim.state != "cancelled")
    latest = turn.session.scalars(mine.order_by(Claim.number.desc()).limit(LATEST)).all()
    turn.tell(cards.claim_list(turn.view, turn.t("My claims"), latest))


def _waiting(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    entries = waiting.entries(turn.session, turn.member, turn.today)
    title = turn.t("Waiting for your decision")
    turn.tell(waiting_list(turn.view, title, entries, bulk.batch(entries)))


COMMANDS = (
    Command("claims", ("申請", "申請一覧", "一覧"), "claims", "My latest claims.", _claims),
    Command("waiting", ("承認", "承認待ち"), "waiting", "Claims that wait for my decision.", _waiting),
)
