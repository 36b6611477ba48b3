"""``exported`` and ``paid``: the accountant marks what has been booked and what was paid out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from sqlalchemy import select

from handlers import albums, approvals, cards, claims
from handlers.cards import payers
from handlers.chat import Card, Note
from handlers.commands.base import Command, Gathered
from handlers.errors import Refusal
from handlers.turn import Turn
from storage.models import Claim

MOST = 50


def _marked(act: str) -> Callable[[Turn, list[str], Gathered], None]:
    def run(turn: Turn, words: list[str], _gathered: Gathered) -> None:
        wanted = numbers("paid" if act == "pay" else "exported", words)
        done, refused = [], []
        for number in wanted:
            claim = turn.session.scalars(select(Claim).filter_by(number=number).with_for_update()).first()
            request = claim is not None and claim.kind == "request"  # nothing is paid on it but an advance
            if claim is None or request or (claim.state, act) not in claims.TRANSITIONS:
                state = turn.t(cards.STATE_LABELS[claim.state][0]) if claim is not None else turn.t("not found")
                state = turn.t("a trip request; its settlement is paid") if request else state
                refused.append(Note(turn.t("#{number}: {what}", number=number, what=state), "doubt"))
                continue
            claims.mark(turn.session, claim, act, by=turn.member, zone=turn.organization.zone)
            approvals.refresh(turn.session, turn.services, turn.organization, claim)
            albums.refresh(turn.session, turn.services, turn.organization, claim)
            done.append(claim)
        label = (
            "{count} claims are marked as paid: {total}"
            if act == "pay"
            else "{count} claims are marked as exported: {total}"
        )
        total = payers.total(turn.view, done) if act == "pay" else cards.sums(done) or "—"
        title = turn.t(label, count=len(done), total=total)
        lead = turn.t("Not possible for these:") if refused else ""
        turn.tell(Card(title=title, tone="doubt" if refused else "good", lead=lead, notes=tuple(refused), private=True))

    return run


def numbers(command: str, words: list[str]) -> list[int]:
    """``12``, ``#12``, ``12-15``, ``12,14``; :class:`Refusal` names the ``command`` to which they were missing."""
    found: list[int] = []
    for word in " ".join(words).replace(",", " ").replace("、", " ").split():
        low, dash, high = unicodedata.normalize("NFKC", word).replace("#", "").partition("-")
        if not low.isdecimal() or (dash and not high.isdecimal()):
            raise Refusal("“{word}” is not the number of a claim.", word=word[:20])
        found += range(int(low), min(int(high or low), int(low) + MOST) + 1)
    if not found:
        raise Refusal("Please say which claims: /keihi {word} 12 15-18", word=command)
    if len(found) > MOST:
        raise Refusal("At most {count} claims at once, please.", count=MOST)
    return list(dict.fromkeys(found))


COMMANDS = (
    Command(
        "exported",
        ("出力済",),
        "exported NUMBER…",
        "Mark approved claims as taken over into the books.",
        _marked("export"),
        role="accountant",
    ),
    Command("paid", ("支払済",), "paid NUMBER…", "Mark claims as paid out.", _marked("pay"), role="accountant"),
)
