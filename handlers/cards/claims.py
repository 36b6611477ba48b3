"""A claim's card, for the person who made it and for the person who decides it, and the card of one of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from handlers import amounts, categories, taxes
from handlers.cards import advances as prepaid
from handlers.cards import (
    approvals,
    attendees,
    budgets,
    changes,
    duplicates,
    findings,
    route,
    settlements,
    trail,
    trips,
)
from handlers.cards import lane as automatic
from handlers.cards import missing as absent
from handlers.cards import notes as typed
from handlers.cards import payers as paid
from handlers.cards import rates as foreign
from handlers.cards import split as divided
from handlers.cards.history import answer_button, history, rejections
from handlers.cards.labels import NOTICES, STATE_LABELS
from handlers.cards.parts import picture, sums
from handlers.chat import Button, Card, Field, Note, Row, Tone
from handlers.claims import EDITABLE, WAITING, open_questions, purchases
from handlers.dates import show_day
from handlers.learning import notes as learned
from handlers.turn import View
from storage.models import Claim, Expense, Member

if TYPE_CHECKING:
    from handlers.approvals.seats import Decider


def claim_for_applicant(view: View, claim: Claim) -> Card:
    """The draft card, and what it becomes: one card through the claim's whole life."""
    if claim.kind == "request":
        return trips.request_for_applicant(view, claim)
    if not claim.expenses:
        return settlements.moved(view, claim)
    editable = claim.state in EDITABLE
    doubted = editable and any(expense.doubts for expense in claim.expenses)
    notes = [*_receipt_notes(view, claim), *typed.notes(view, claim), *settlements.notes(view, claim)]
    notes += [*settlements.draft_notes(view, claim), *findings.notes(view, claim)]
    notes += attendees.notes(view, claim)
    notes[:0] = paid.notes(view, claim)
    notes += absent.photo_notes(view, claim)
    notes += rejections(view, claim.expenses)
    notes += [*automatic.notes(view, claim), *route.notes(view, claim), *history(view, claim)]
    if editable and len(claim.expenses) == 1:
        notes[:0] = learned.notes(view, claim.expenses[0])
    if doubted:
        notes.insert(0, Note(view.t("Please check the fields marked ⚠."), "doubt"))
    buttons: tuple[Button, ...] = ()
    if editable:
        edit = Button(view.t("Edit"), view.token("edit", claim.id, claim.version), opens_form=True)
        wants_reason = bool(findings.unanswered(claim))
        buttons = (
            Button(view.t("Submit"), view.token("submit", claim.id, claim.version), "primary", opens_form=wants_reason),
            *absent.photo_buttons(view, claim),
            *typed.buttons(view, claim),
            *((edit, *divided.buttons(view, claim, claim.expenses[0])) if len(claim.expenses) == 1 else ()),
            *(attendees.buttons(view, claim, claim.expenses[0]) if len(claim.expenses) == 1 else ()),
            *settlements.buttons(view, claim),
            *_purpose_button(view, claim),
            *budgets.buttons(view, claim),
            *(absent.buttons(view, claim, claim.expenses[0]) if len(claim.expenses) == 1 else ()),
            *(foreign.buttons(view, claim, claim.expenses[0]) if len(claim.expenses) == 1 else ()),
            Button(view.t("Delete"), view.token("cancel", claim.id, claim.version), "danger"),
        )
    elif claim.state in WAITING:
        asked = open_questions(claim)
        buttons = (
            *((answer_button(view, claim),) if asked else ()),
            Button(view.t("Withdraw"), view.token("withdraw", claim.id, claim.version)),
        )
    return _claim_card(view, claim, notes, buttons, tone="doubt" if doubted else STATE_LABELS[claim.state][1])


def _purpose_button(view: View, claim: Claim) -> tuple[Button, ...]:
    """Of several receipts, whose lines are edited one by one; a trip says its purpose with its days."""
    if len(claim.expenses) < 2 or claim.trip_id:
        return ()
    return (Button(view.t("Purpose"), view.token("purpose_all", claim.id, claim.version), opens_form=True),)


def claim_for_approver(view: View, claim: Claim, decider: Decider | None) -> Card:
    """What is decided on: picture, figures, purpose, applicant, history. ``decider``: as whom the reader may decide."""
    if claim.kind == "request":
        return trips.request_for_approver(view, claim, decider)
    notes = [
        *approvals.stand_in(view, decider),
        *automatic.notes(view, claim),
        *changes.notes(view, claim),
        *approvals.asked_beside(view, claim),
        *paid.notes(view, claim),
        *_receipt_notes(view, claim),
        *typed.notes(view, claim),
        *settlements.notes(view, claim),
        *findings.notes(view, claim),
        *findings.unexplained(view, claim),
        *duplicates.notes(view, claim),
        *rejections(view, claim.expenses),
        *route.progress(view, claim),
        *trail.gone(view, claim),
        *history(view, claim, trail.acts(view, claim) if decider is None else ()),
    ]
    buttons = (*approvals.buttons(view, claim, decider), *duplicates.buttons(view, claim))
    return _claim_card(view, claim, notes, buttons, tone=STATE_LABELS[claim.state][1], applicant=claim.member)


def _claim_card(
    view: View,
    claim: Claim,
    notes: Sequence[Note],
    buttons: tuple[Button, ...],
    *,
    tone: Tone,
    applicant: Member | None = None,
) -> Card:
    status = view.t(STATE_LABELS[claim.state][0])
    total = sums([claim])
    fields: list[Field] = []
    if applicant is not None:
        who = f"{applicant.name}（{applicant.department}）" if applicant.department else applicant.name
        fields.append(Field(view.t("Applicant"), who))
    single = claim.expenses[0] if len(claim.expenses) == 1 else None
    if single is not None:
        fields += expense_fields(view, single)
    fields.append(Field(view.t("Purpose"), claim.purpose or "—"))
    if single is None:
        fields.append(Field(view.t("Total"), total, emphasis=True))
    fields += prepaid.fields(view, claim)
    fields += budgets.fields(view, claim)
    rows = () if single is not None else tuple(_expense_row(view, claim, expense) for expense in claim.expenses)
    head = f"#{claim.number} {status}"
    payee = single.payee if single else _payees(view, claim)
    one_paper = claim.expenses[0].receipt if purchases.receipts(claim) == 1 else None
    return Card(
        title=head,
        tone=tone,
        picture=picture(view, one_paper),
        fields=tuple(fields),
        rows=rows,
        notes=tuple(notes),
        buttons=buttons,
        summary=" ".join(x for x in (head, applicant.name if applicant else "", payee, total) if x),
    )


def _payees(view: View, claim: Claim) -> str:
    """``5 receipts``, or the shop of the only one with its lines."""
    count = purchases.receipts(claim)
    if count == 1:
        return view.t("{payee}, {count} lines", payee=claim.expenses[0].payee, count=len(claim.expenses))
    return view.t("{count} receipts", count=count)


def expense_fields(view: View, expense: Expense) -> list[Field]:
    """Payee, date, total, tax by rate, registration number, category, payment; doubted ones marked."""
    doubts = set(expense.doubts)
    total, claimed_taxes = divided.total(view, expense), amounts.taxes(expense)
    fields = [
        Field(view.t("Payee"), expense.payee or "—", "payee" in doubts),
        Field(view.t("Date"), show_day(expense.date, view.locale), "date" in doubts),
        Field(view.t("Total"), total, bool(doubts & {"amount", "currency"}), emphasis=True),
        *foreign.fields(view, expense),
        *absent.fields(view, expense),
        Field(view.t("Tax"), taxes.shown(view.locale, claimed_taxes, expense.currency), "taxes" in doubts),
        Field(view.t("Registration no."), expense.registration_number or "—", "registration_number" in doubts),
        Field(view.t("Category"), categories.both(view.locale, expense.category or "misc"), "category" in doubts),
    ]
    if expense.description:
        fields.append(Field(view.t("Purpose of this line"), expense.description))
    if expense.payment_method:
        label = categories.payment_label(view.locale, expense.payment_method)
        fields.append(Field(view.t("Paid by"), label, "payment_method" in doubts))
    return [*fields, *attendees.fields(view, expense)]


def line_card(view: View, claim: Claim, expense: Expense, *, mine: bool) -> Card:
    """One receipt of a claim of several: picture and figures; to its owner also the ways to mend it."""
    if claim.kind == "request":
        return trips.line_card(view, claim, expense, mine=mine)
    buttons: tuple[Button, ...] = ()
    if mine and claim.state in EDITABLE:
        buttons = (
            Button(view.t("Edit"), view.token("edit", claim.id, claim.version, expense.id), "primary", opens_form=True),
            *divided.buttons(view, claim, expense),
            *attendees.buttons(view, claim, expense),
            *settlements.line_buttons(view, claim, expense),
            *settlements.out(view, claim, expense),
            *absent.buttons(view, claim, expense),
            *foreign.buttons(view, claim, expense),
        )
    number = [e.id for e in claim.expenses].index(expense.id) + 1
    return Card(
        title=view.t(
            "#{number}: receipt {index} / {count}", number=claim.number, index=number, count=len(claim.expenses)
        ),
        tone="doubt" if expense.doubts and mine and buttons else "plain",
        picture=picture(view, expense.receipt),
        fields=tuple(expense_fields(view, expense)),
        notes=(
            *settlements.line_notes(view, expense),
            *divided.notes(view, expense),
            *findings.notes(view, claim, expense.id),
            *rejections(view, [expense]),
        ),
        buttons=buttons,
    )


def _expense_row(view: View, claim: Claim, expense: Expense) -> Row:
    parts = [show_day(expense.date, view.locale), categories.label(view.locale, expense.category or "misc")]
    parts += [paid.by_office(view, expense)]
    parts += divided.details(view, expense)
    return Row(
        title=expense.payee or view.t("Payee unknown"),
        detail=" · ".join(
            part for part in (*parts, attendees.by_head(view, expense), settlements.how_added(view, expense)) if part
        ),
        value=foreign.value(expense),
        doubted=bool(expense.doubts),
        button=Button(view.t("Open"), view.token("line", claim.id, claim.version, expense.id)),
    )


def _receipt_notes(view: View, claim: Claim) -> list[Note]:
    codes: list[str] = []
    for expense in claim.expenses:
        reading = _reading_of(expense)
        codes += ["not_a_receipt"] * ((reading.get("kind") or {}).get("value") == "other")
        codes += [str(v["code"]) for v in reading.get("quality") or ()] + [str(n) for n in reading.get("notices") or ()]
    return [Note(view.t(NOTICES[code]), "doubt") for code in dict.fromkeys(codes) if code in NOTICES]


def _reading_of(expense: Expense) -> dict[str, Any]:
    if expense.receipt is None or expense.receipt_part >= len(expense.receipt.readings):
        return {}
    found = expense.receipt.readings[expense.receipt_part]
    return found if isinstance(found, dict) else {}
