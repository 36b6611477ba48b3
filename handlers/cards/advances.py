"""An advance on the cards of its request and of the claim that settles it, the list of open ones, the news of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import object_session

from handlers import advances, money
from handlers.advances import Advance
from handlers.chat import Button, Card, Choice, Field, Note, Row
from handlers.dates import show_day, show_moment
from handlers.turn import View
from storage.models import Claim, Member

SHOWN = 20
ACCOUNTANT = "accountant"


def fields(view: View, claim: Claim) -> list[Field]:
    """What was asked for and what became of it; on a settlement the sum of the advance and the costs."""
    session = object_session(claim)
    advance = advances.of(session, claim) if session is not None else None
    if advance is None:
        return []
    if claim.kind != "request":
        return [Field(view.t("Advance"), settled(view, advance))]
    if advance.stage == "wanted":
        return [Field(view.t("Advance wanted"), money.show(advance.amount))]
    return [Field(view.t("Advance"), f"{money.show(advance.amount)} · {_stage(view, advance)}")]


def settled(view: View, advance: Advance) -> str:
    """``前渡 ¥30,000 − 精算 ¥27,400 ＝ 返納 ¥2,600``."""
    amount = money.show(advance.amount)
    if advance.paid_at is None:
        return view.t("{amount} was asked for and not paid", amount=amount)
    if advance.spent is None:
        return view.t("{amount} was paid", amount=amount)
    spent, rest = money.show(advance.spent), money.show(abs(advance.rest))
    if advance.rest > 0:
        said = view.t("Advance {amount} − costs {spent} = {rest} to give back", amount=amount, spent=spent, rest=rest)
    elif advance.rest < 0:
        said = view.t("Costs {spent} − advance {amount} = {rest} to be paid", amount=amount, spent=spent, rest=rest)
    else:
        said = view.t("Advance {amount} − costs {spent} = nothing left", amount=amount, spent=spent)
    if advance.returned_at is not None:
        return f"{said} · {view.t('given back on {when}', when=show_moment(advance.returned_at, view.zone))}"
    return said


def _stage(view: View, advance: Advance) -> str:
    stage = advance.stage
    if stage == "dropped":
        return view.t("not paid")
    if stage == "to_pay":
        return view.t("approved, not paid yet")
    if stage == "held":
        return (
            view.t("paid on {when}, to be settled", when=show_moment(advance.paid_at, view.zone))
            if advance.paid_at
            else ""
        )
    return settled(view, advance)


def buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    """To accountants: that it was paid, that the rest came back."""
    session = object_session(claim)
    if session is None or claim.kind != "request":
        return ()
    advance, reader = advances.of(session, claim), session.get(Member, view.member_id) if view.member_id else None
    if advance is None or reader is None or ACCOUNTANT not in reader.roles:
        return ()
    done = _done_button(view, claim, advance)
    return (done,) if done is not None else ()


def _done_button(view: View, claim: Claim, advance: Advance, *, brief: bool = False) -> Button | None:
    if advance.stage == "to_pay":
        label = view.t("Mark paid") if brief else view.t("Advance paid")
        return Button(label, view.token("advance_paid", claim.id), "primary")
    if advance.stage == "to_return":
        label = view.t("Mark returned") if brief else view.t("Rest returned")
        return Button(label, view.token("advance_returned", claim.id), "primary")
    return None


def open_list(view: View, found: Sequence[tuple[Claim, Advance]], today: dt.date, *, books: bool) -> Card:
    """Open advances, a line each, the oldest first. ``books``: to those who keep them, with what they can mark."""
    if not found:
        return Card(title=view.t("No advance is open."), private=True)
    rows = []
    for claim, advance in found[:SHOWN]:
        done = _done_button(view, claim, advance, brief=True) if books else None
        opens = Button(view.t("Open"), view.token("open", claim.id))
        parts = [claim.member.name] * books + [_brief(view, advance, today)]
        rows.append(
            Row(
                title=f"#{claim.number} {claim.purpose or view.t('Advance')}",
                detail=" · ".join(parts),
                value=money.show(advance.rest if advance.stage == "to_return" else advance.amount),
                doubted=advance.stage == "held" and advances.age(advance, today) > 0,
                button=done or opens,
            )
        )
    more = len(found) - SHOWN
    return Card(
        title=view.t("Open advances: {count}", count=len(found)),
        rows=tuple(rows),
        footer=view.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )


def _brief(view: View, advance: Advance, today: dt.date) -> str:
    if advance.stage == "to_pay":
        return view.t("to be paid")
    if advance.stage == "to_return":
        return view.t(
            "{rest} to come back (#{number})", rest=money.show(advance.rest), number=advance.settlement or "—"
        )
    if advance.settlement_state not in ("", "draft", "returned"):
        return view.t("being settled (#{number})", number=advance.settlement)
    days = advances.age(advance, today)
    if days > 0:
        return view.t("to be settled for {days} business days", days=days)
    return view.t("to be settled after the trip ({day})", day=show_day(advance.since, view.locale))


def approved(view: View, claim: Claim) -> Card:
    """To the accountants: an advance may be paid out."""
    return Card(
        title=view.t(
            "#{number}: an advance of {amount} is approved", number=claim.number, amount=money.show(claim.advance)
        ),
        lead=f"{claim.member.name} {claim.purpose}".strip(),
        buttons=(
            Button(view.t("Advance paid"), view.token("advance_paid", claim.id), "primary"),
            Button(view.t("Open"), view.token("open", claim.id)),
        ),
    )


def news(view: View, claim: Claim, advance: Advance) -> Card:
    """To the traveller: it was paid, or what was left of it came back."""
    opens = (Button(view.t("Open"), view.token("open", claim.id)),)
    if advance.returned_at is not None:
        title = view.t(
            "#{number}: {rest} of the advance came back. It is closed.",
            number=claim.number,
            rest=money.show(advance.rest),
        )
        return Card(title=title, tone="good", buttons=opens)
    title = view.t(
        "#{number}: the advance of {amount} was paid.", number=claim.number, amount=money.show(advance.amount)
    )
    return Card(title=title, tone="good", lead=view.t("Please settle it after the trip."), buttons=opens)


def reminder(view: View, found: Sequence[tuple[Claim, Advance]]) -> Card:
    """To a traveller who holds one too long: a message of its own."""
    return Card(
        title=view.t("{count} advances are not settled yet.", count=len(found)),
        tone="doubt",
        rows=tuple(
            Row(
                f"#{claim.number} {claim.purpose}".strip(),
                view.t("The trip ended on {day}.", day=show_day(advance.since, view.locale)),
                money.show(advance.amount),
                button=Button(view.t("Open"), view.token("open", claim.id)),
            )
            for claim, advance in found[:SHOWN]
        ),
    )


def with_waiting(view: View, card: Card | None, found: Sequence[tuple[Claim, Advance]]) -> Card:
    """The one message of a day: beside what waits for a decision (``card``), or alone."""
    return postscript(view, card, found) if card is not None else reminder(view, found)


def postscript(view: View, card: Card, found: Sequence[tuple[Claim, Advance]]) -> Card:
    """The same on another message."""
    note = Note(view.t("{count} advances are not settled yet.", count=len(found)), "doubt")
    return replace(
        card, notes=(*card.notes, note), choices=(*card.choices, Choice(view.t("My advances"), view.token("advances")))
    )
