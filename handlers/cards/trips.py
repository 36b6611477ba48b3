"""A request on the cards of those who ask and those who decide, the card of one of its lines, and one's own trips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import object_session

from handlers import budgets as money_of_the_town
from handlers import categories, money
from handlers.cards import advances, approvals, budgets, changes, findings, route, settlements
from handlers.cards.history import answer_button, history
from handlers.cards.labels import STATE_LABELS
from handlers.cards.names import journey
from handlers.cards.parts import sums
from handlers.chat import Button, Card, Field, Note, Row, Tone
from handlers.claims import EDITABLE, WAITING, missing, open_questions
from handlers.dates import show_day
from handlers.travel import line as told
from handlers.travel import say
from handlers.travel.places import english
from handlers.trips import asking, requests
from handlers.turn import View
from storage.models import Claim, Expense, Trip

if TYPE_CHECKING:  # only its shape: approvals themselves draw these cards
    from handlers.approvals.seats import Decider


def request_for_applicant(view: View, claim: Claim) -> Card:
    """The draft of a request, and what it becomes."""
    trip = requests.trip_of(claim)
    asked = asking.questions(claim, trip, also_left=True) if trip is not None and claim.state in EDITABLE else []
    notes = [*_notes(view, claim, trip), *findings.notes(view, claim), *route.notes(view, claim)]
    if asked:
        labels = dict.fromkeys(view.t(asking.QUESTIONS[asking.name_of(path)]) for path in asked)
        fields = (", " if view.locale == "en" else "・").join(labels)
        notes.insert(0, Note(view.t("asked: {fields}", fields=fields), "doubt"))
    return _card(view, claim, trip, [*notes, *history(view, claim)], _applicants_buttons(view, claim, trip, asked))


def request_for_approver(view: View, claim: Claim, decider: Decider | None) -> Card:
    """What is decided on: who, where, when and why, the estimate by line, and what is left of the budget."""
    trip = requests.trip_of(claim)
    notes = [
        *approvals.stand_in(view, decider),
        *changes.notes(view, claim),
        *approvals.asked_beside(view, claim),
        *_notes(view, claim, trip),
        *findings.notes(view, claim),
        *findings.unexplained(view, claim),
        *route.progress(view, claim),
        *history(view, claim),
    ]
    buttons = (*approvals.buttons(view, claim, decider), *advances.buttons(view, claim))
    return _card(view, claim, trip, notes, buttons, applicant=True)


def line_card(view: View, claim: Claim, line: Expense, *, mine: bool) -> Card:
    """One line of the estimate: what it is, how it was reckoned, and to its owner the way to change it."""
    buttons: tuple[Button, ...] = ()
    if mine and claim.state in EDITABLE:
        token = view.token("edit", claim.id, claim.version, line.id)
        buttons = (Button(view.t("Edit"), token, "primary", opens_form=True),)
    return Card(
        title=f"#{claim.number} {line.payee}",
        fields=(
            Field(view.t("Date"), show_day(line.date, view.locale)),
            Field(view.t("Expected amount"), money.show(line.amount, line.currency), bool(line.doubts), emphasis=True),
        ),
        notes=tuple(Note(text) for text in (_how(view, line),) if text),
        buttons=buttons,
    )


def when(view: View, trip: Trip) -> str:
    """``2026/12/03（木）〜12/04（金）・1泊``."""
    days = show_day(trip.starts, view.locale)
    if trip.ends != trip.starts:
        last = show_day(trip.ends, view.locale)
        if trip.ends.year == trip.starts.year and view.locale != "en":
            last = last.partition("/")[2]
        days = view.t("{first} to {last}", first=days, last=last)
    if not trip.nights:
        return view.t("{days}, back the same day", days=days) if trip.ends == trip.starts else days
    return view.t("{days}, nights: {nights}", days=days, nights=trip.nights)


def where(view: View, trip: Trip) -> str:
    """``福島（福島県）``, with the prefecture where the name does not say it itself."""
    prefecture = english(trip.prefecture) if view.locale == "en" else trip.prefecture
    if not prefecture or trip.destination in ("", trip.prefecture):
        return trip.destination or prefecture or "—"
    return f"{trip.destination} ({prefecture})" if view.locale == "en" else f"{trip.destination}（{prefecture}）"


# --- its parts --------------------------------------------------------------------------------------------------------


def _card(
    view: View,
    claim: Claim,
    trip: Trip | None,
    notes: Sequence[Note],
    buttons: tuple[Button, ...],
    *,
    applicant: bool = False,
) -> Card:
    status, tone = STATE_LABELS[claim.state]
    head = view.t("#{number} Trip request: {status}", number=claim.number, status=view.t(status))
    who, total = claim.member, sums([claim]) or "—"
    fields: list[Field] = []
    if applicant:
        fields.append(Field(view.t("Applicant"), f"{who.name}（{who.department}）" if who.department else who.name))
    if trip is not None:
        fields.append(Field(view.t("Where to"), where(view, trip), doubted=not trip.destination))
        fields.append(Field(view.t("When"), when(view, trip)))
    fields.append(Field(view.t("Purpose"), claim.purpose or "—"))
    fields.append(Field(view.t("Estimate"), total, emphasis=True))
    fields += advances.fields(view, claim)
    fields += [*budgets.fields(view, claim), *_reserved(view, claim)]
    doubted = claim.state in EDITABLE and any(line.doubts for line in claim.expenses)
    return Card(
        title=head,
        tone="doubt" if doubted else tone,
        fields=tuple(fields),
        rows=tuple(_row(view, claim, line) for line in claim.expenses),
        notes=tuple(notes),
        buttons=buttons,
        summary=" ".join(
            x for x in (head, who.name if applicant else "", journey(view, trip) if trip else "", total) if x
        ),
    )


def _row(view: View, claim: Claim, line: Expense) -> Row:
    paid_by = categories.payment_label(view.locale, line.payment_method) if line.payment_method else ""
    return Row(
        title=line.payee or "—",
        detail=" · ".join(filter(None, (_how(view, line) or show_day(line.date, view.locale), paid_by))),
        value=money.show(line.amount, line.currency),
        doubted=bool(line.doubts),
        button=Button(view.t("Open"), view.token("line", claim.id, claim.version, line.id)),
    )


def _how(view: View, line: Expense) -> str:
    """How an amount was reckoned, with the paragraph where travel rules gave it; empty for one that was typed."""
    item = requests.item_of(line)
    if item is None:
        return ""
    if line.amount and not item.amount and item.kind in ("transport", "lodging"):
        return view.t("As typed: the travel rules do not say.")
    how = told(item, view.locale) if item.paragraph else say(item, view.locale)
    if "typed" in line.basis:
        return f"{how} / {view.t('typed: {amount}', amount=money.show(line.amount, line.currency))}"
    return how


def _notes(view: View, claim: Claim, trip: Trip | None) -> list[Note]:
    notes: list[Note] = []
    if trip is None:
        return notes
    session = object_session(claim)
    if session is not None and claim.state in (*EDITABLE, *WAITING):
        also = " ".join(f"#{other.number}" for other in requests.overlapping(session, claim, trip))
        notes += [
            Note(view.t("For some of these days there is another request: {others}", others=also), "doubt")
        ] * bool(also)
    if trip.note:
        notes.append(Note(view.t("Your note: {note}", note=trip.note[:300])))
    if not trip.pack:
        notes.append(Note(view.t("No travel rules are in use: the amounts are as typed, or known fares.")))
    notes += settlements.request_notes(view, claim)
    return notes


def _reserved(view: View, claim: Claim) -> list[Field]:
    """What an approved request goes on holding of its budget, until it is settled or called off."""
    session = object_session(claim)
    if session is None or claim.state != "approved":
        return []
    held = [line for line in money_of_the_town.outlook(claim, date.min) if line.held]
    text = "{line} ({year}): {held} reserved until the settlement, {left} left"
    return [
        Field(
            view.t("Budget"),
            view.t(text, line=line.name, year=line.year, held=money.show(line.held), left=money.show(line.left)),
        )
        for line in held
    ]


def _applicants_buttons(view: View, claim: Claim, trip: Trip | None, asked: Sequence[str]) -> tuple[Button, ...]:
    if claim.state in WAITING:
        withdraw = Button(view.t("Withdraw"), view.token("withdraw", claim.id, claim.version))
        return (*((answer_button(view, claim),) if open_questions(claim) else ()), withdraw)
    if claim.state not in EDITABLE:
        return settlements.on_request(view, claim)
    wants_reason = bool(findings.unanswered(claim)) and not missing(claim)
    submit = Button(view.t("Submit"), view.token("submit", claim.id, claim.version), "primary", opens_form=wants_reason)
    fill = Button(view.t("Fill in what is missing"), view.token("trip_complete", claim.id, claim.version))
    edit = Button(view.t("Edit"), view.token("edit", claim.id, claim.version), opens_form=True)
    other = Button(view.t("Not a request"), view.token("trip_expense", claim.id, claim.version))
    return (
        submit,
        *((fill,) if asked else ()),
        edit,
        *(budgets.buttons(view, claim) if not asked else ()),
        *((other,) if trip is not None and trip.note else ()),
        Button(view.t("Delete"), view.token("cancel", claim.id, claim.version), "danger"),
    )


# --- one's own trips --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Journey:
    """A trip with the claims that live of it; one of the two there is."""

    trip: Trip
    request: Claim | None
    settlement: Claim | None


def status(view: View, one: Journey, today: date) -> tuple[str, Tone]:
    """Where a trip stands: asked for, approved, to be settled, settled, called off."""
    if one.settlement is not None:
        number, state = one.settlement.number, view.t(STATE_LABELS[one.settlement.state][0])
        tone: Tone = "doubt" if one.settlement.state in EDITABLE else "plain"
        return view.t("Settlement #{number}: {status}", number=number, status=state), tone
    if one.request is None or one.request.state != "approved":
        label, tone = STATE_LABELS[one.request.state if one.request else "cancelled"]
        return view.t(label), tone
    if one.trip.cancelled_at is not None:
        return view.t("Called off"), "plain"
    if one.trip.ends < today:
        return view.t("To be settled"), "doubt"
    return view.t("Approved"), "good"


def trip_list(view: View, trips: Sequence[Journey], today: date) -> Card:
    """One's trips, each with where it stands, to be opened where it is now."""
    rows = []
    for one in trips:
        claim = one.settlement or one.request
        assert claim is not None
        said, tone = status(view, one, today)
        rows.append(
            Row(
                title=journey(view, one.trip),
                detail=f"#{one.request.number} {said}" if one.request is not None else said,
                value=sums([claim]),
                doubted=tone == "doubt",
                button=settlements.row_button(view, claim) or Button(view.t("Open"), view.token("open", claim.id)),
            )
        )
    return Card(
        title=view.t("My trips") if rows else view.t("You have asked for no trip yet."),
        lead="" if rows else how_to(view),
        rows=tuple(rows),
        buttons=(new_button(view),),
        private=True,
    )


def new_button(view: View) -> Button:
    return Button(view.t("New trip request"), view.token("trip_new"), "primary", opens_form=True)


def how_to(view: View) -> str:
    return view.t("One line does it, too: “12/3 Tokyo → Fukushima by shinkansen, 1 night, meeting at the town hall”.")


def invitation(view: View) -> Card:
    """Where a form opens only on the tap of a button."""
    return Card(title=view.t("A new trip request"), lead=how_to(view), buttons=(new_button(view),), private=True)
