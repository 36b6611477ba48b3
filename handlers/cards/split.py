"""A receipt split into lines, and its private share, as cards say it; the ways to divide it."""

from __future__ import annotations

from handlers import amounts, money
from handlers.chat import Button, Card, Field, Note
from handlers.claims import EDITABLE, purchases, split
from handlers.turn import View
from storage.models import Claim, Expense

UNTAXED = "-"  # stands for the pool without a rate where a rate is chosen


def buttons(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    """The way to :func:`chooser`, on a draft's line that can be divided."""
    if claim.state not in EDITABLE or expense.kind not in split.KINDS or expense.amount is None:
        return ()
    return (Button(view.t("Divide"), view.token("split", claim.id, claim.version, expense.id)),)


def chooser(view: View, claim: Claim, expense: Expense) -> Card:
    """The receipt by rate, and what can be done with it."""

    def button(label: str, act: str, *, form: bool = False) -> Button:
        return Button(label, view.token(act, claim.id, claim.version, expense.id), opens_form=form)

    told = split.pools(expense)
    ways = []
    if expense.private_amount:
        ways.append(button(view.t("Take back the private share"), "claim_all"))
    else:
        if told:
            ways.append(button(view.t("By tax rate"), "split_rates"))
        ways.append(button(view.t("By amount"), "split_part", form=True))
    ways.append(button(view.t("Private share"), "private", form=True))
    if expense.split:
        ways.append(button(view.t("Put together again"), "unsplit"))
    return Card(
        title=view.t("Divide {payee} {total}", payee=expense.payee, total=money.show(expense.amount, expense.currency)),
        fields=tuple(Field(rate_name(view, p.rate), money.show(p.gross, expense.currency)) for p in told),
        notes=tuple(notes(view, expense)),
        buttons=tuple(ways),
        private=True,
    )


def rate_name(view: View, rate: str) -> str:
    """``10%``, exempt, or that the receipt names no rate for it."""
    return view.t("Exempt") if rate == "0" else f"{rate}%" if rate else view.t("Without tax")


def total(view: View, expense: Expense) -> str:
    """What is claimed of it, and of what: ``¥3,000 (private: ¥200 of ¥3,200)``."""
    shown = money.show(amounts.claimed(expense), expense.currency)
    own, capped = _shares(expense)
    if not own and not capped:
        return shown
    values = {"claimed": shown, "whole": money.show(expense.amount, expense.currency)}
    if not own:
        over = money.show(capped, expense.currency)
        return view.t("{claimed} ({over} of {whole} not paid by the travel rules)", over=over, **values)
    return view.t("{claimed} (private: {private} of {whole})", private=money.show(own, expense.currency), **values)


def place(expense: Expense) -> str:
    """``1/2`` of a receipt in two lines, else nothing."""
    mates = purchases.lines_of(expense)
    return f"{mates.index(expense) + 1}/{len(mates)}" if len(mates) > 1 else ""


def details(view: View, expense: Expense) -> list[str]:
    """What a row adds of it: its place among the receipt's lines, its private share, what it is for."""
    own, capped = _shares(expense)
    private = view.t("private {amount}", amount=money.show(own, expense.currency)) if own else ""
    over = (
        view.t("{amount} not paid by the travel rules", amount=money.show(capped, expense.currency)) if capped else ""
    )
    return [x for x in (place(expense), private, over, expense.description) if x]


def _shares(expense: Expense) -> tuple[int, int]:
    """The person's own private share, and what travel rules do not pay (``handlers.trips.lines``), which is none."""
    capped = min(int((expense.basis or {}).get("capped") or 0), expense.private_amount or 0)
    return (expense.private_amount or 0) - capped, capped


def notes(view: View, expense: Expense) -> list[Note]:
    """Where a line comes from."""
    if not place(expense):
        return []
    whole = money.show(purchases.whole_amount(expense), expense.currency)
    return [Note(view.t("Line {place} of one receipt of {whole}.", place=place(expense), whole=whole))]


def done(view: View, lines: list[Expense]) -> str:
    """What a receipt was divided into."""
    parts = " + ".join(money.show(line.amount, line.currency) for line in lines)
    return view.t("Divided into {count} lines: {parts}", count=len(lines), parts=parts)
