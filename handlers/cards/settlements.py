"""What cards say of a trip's settlement: what the travel rules gave and why, and how it differs from the request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from handlers import claims
from handlers.cards.labels import STATE_LABELS
from handlers.chat import Button, Card, Note
from handlers.claims import EDITABLE
from handlers.travel import Item, line
from handlers.travel.places import english
from handlers.travel.sentences import yen
from handlers.trips import commuting, differences, evidence, gathering, lacking, settlement
from handlers.trips.differences import Difference, Reason
from handlers.turn import View
from storage.models import AuditEvent, Claim, Expense, Trip

MOST = 12  # lines of a kind; what is beyond is counted
PARTS = {
    "transport": "Transport",
    "car": "Private car",
    "package": "Package",
    "lodging": "Lodging",
    "lodging_allowance": "Lodging allowance",
    "daily": "Daily allowance",
    "cancellation": "Cancellation costs",
    "other": "Other",
}


# --- the settlement itself --------------------------------------------------------------------------------------------


def notes(view: View, claim: Claim) -> list[Note]:
    """On both cards: the trip, each computed amount with its paragraph, what is open, and the difference."""
    session = object_session(claim)
    trip = settlement.trip_of(session, claim) if session is not None else None
    if session is None or trip is None:
        return _passes(view, claim) if claim.kind != "request" else []
    made = [Note(_head(view, session, claim, trip))]
    if trip.cancelled_at is not None:
        because = str((trip.options or {}).get("cancelled_because", ""))
        made.append(Note(view.t("Called off: {reason}", reason=because)))
    made += _computed(view, claim)
    if claim.state in EDITABLE:
        made += _open(view, trip, claim)
    made += _compared(view, session, claim)
    return made


def _passes(view: View, claim: Claim) -> list[Note]:
    """On a draft that is no trip: what a commuter pass pays of its journeys, and whether it pays all."""
    section = commuting.covering(claim)
    if not section:
        return _computed(view, claim)
    text = "The commuter pass {section} covers this journey: there is nothing to claim."
    return [*_computed(view, claim), Note(view.t(text, section=section), "doubt")]


def _head(view: View, session: Session, claim: Claim, trip: Trip) -> str:
    request = session.get(Claim, claim.request_id) if claim.request_id else None
    values = {"trip": trip_name(view, trip), "nights": trip.nights}
    if request is None:
        return view.t("Settlement: {trip}, nights: {nights}", **values)
    return view.t("Settlement: {trip}, nights: {nights}, request #{number}", **values, number=request.number)


def trip_name(view: View, trip: Trip) -> str:
    """``福島出張（11/20–21）``."""
    where = trip.destination or (english(trip.prefecture) if view.locale == "en" else trip.prefecture)
    return view.t("trip to {place} ({days})", place=where or "?", days=days(trip.starts, trip.ends))


def days(first: date, last: date) -> str:
    """``11/20``, ``11/20–21``, ``11/30–12/1``."""
    begin = f"{first.month}/{first.day}"
    if first == last:
        return begin
    return f"{begin}–{last.day}" if first.month == last.month else f"{begin}–{last.month}/{last.day}"


def _computed(view: View, claim: Claim) -> list[Note]:
    """A sentence for each item that stands behind a line."""
    made = []
    for expense in claim.expenses:
        kept = differences.item_of(expense)
        if not kept:
            continue
        item = _item(kept)
        if _is_open(item) and claim.state in EDITABLE and expense.basis.get("part"):
            continue  # a typed line's questions are asked by its note
        sure = item.sure and not item.asked and not item.inputs.get("unsure")
        made.append(Note(line(item, view.locale), "plain" if sure else "doubt"))
    return _shortened(view, made)


def _item(kept: dict[str, object]) -> Item:
    names = ("kind", "amount", "paragraph", "confidence", "inputs", "asked", "over", "to")
    return Item.from_json({name: kept[name] for name in names if name in kept})


def _is_open(item: Item) -> bool:
    return item.asked.endswith((".amount", ".covers"))


def _open(view: View, trip: Trip, claim: Claim) -> Iterable[Note]:
    """What is still missing: nights without a price, receipts whose ride is not known."""
    priced = {i for stay in trip.lodging for i in stay.get("expense_ids", ())}
    for item in (_item(kept) for kept in trip.computed):
        if item.kind in ("lodging", "package") and item.asked.endswith(".amount"):
            text = "The price of {nights} nights is not known yet: please send the receipt of the lodging."
            yield Note(view.t(text, nights=item.inputs.get("nights", 1)), "doubt")
    for stay in trip.lodging:
        for expense in claim.expenses:
            place = evidence.place_of(expense) if expense.id in stay.get("expense_ids", ()) else ""
            if place and place != stay.get("prefecture") and "prefecture" not in expense.basis.get("stay", {}):
                text = "{payee}: the receipt says {place}, the cap is that of {prefecture}. Please check."
                values = {"payee": expense.payee, "place": place, "prefecture": stay.get("prefecture")}
                yield Note(view.t(text, **values), "doubt")
    for expense in claim.expenses:
        if expense.basis.get(evidence.GUESSED):
            text = (
                "{payee} {amount} is taken to be for both ways. If it is for one way only, open it and choose the ride."
            )
            amount = _yen(view, evidence.paid(expense) or 0)
            yield Note(view.t(text, payee=expense.payee, amount=amount), "doubt")
    free = evidence.open_legs(trip, evidence.lines(claim, trip))
    if not free:
        return
    for expense in unplaced(claim, trip):
        if expense.id not in priced:
            text = "{payee}: which ride does it pay for? Open it and choose, so that none is paid twice."
            yield Note(view.t(text, payee=expense.payee), "doubt")


def unplaced(claim: Claim, trip: Trip) -> list[Expense]:
    """Receipts of travel that may pay for a ride that was said; nobody has told which yet."""
    return [
        e
        for e in evidence.lines(claim, trip)
        if e.kind in ("receipt", "statement") and e.category == evidence.TRAVEL and "legs" not in e.basis
        if not evidence.is_lodging(e) and not any(evidence.no_ride(name) for name in evidence.names(e))
    ]


def moved(view: View, claim: Claim) -> Card:
    """The card of a draft whose lines are in another claim now."""
    session = object_session(claim)
    told = select(AuditEvent).filter_by(subject=f"claim:{claim.id}", action="claim.merged")
    event = session.scalars(told.order_by(AuditEvent.sequence.desc())).first() if session is not None else None
    head = f"#{claim.number} {view.t(STATE_LABELS[claim.state][0])}"
    if event is None:
        return Card(title=head)
    number = event.data.get("into", "")
    into = session.scalars(select(Claim).filter_by(number=number)).first() if session is not None else None
    button = (Button(view.t("Open #{number}", number=number), view.token("open", into.id)),) if into else ()
    return Card(title=view.t("#{number} is in #{into} now.", number=claim.number, into=number), buttons=button)


# --- the difference ---------------------------------------------------------------------------------------------------


def _compared(view: View, session: Session, claim: Claim) -> list[Note]:
    found = differences.compare(session, claim)
    if found is None:
        return []
    parts = [part for part in found.parts if part.more or part.reasons]
    made = _shortened(view, [Note(_difference(view, part), "doubt" if part.more > 0 else "plain") for part in parts])
    values = {"estimate": _yen(view, found.estimate), "actual": _yen(view, found.actual)}
    total = view.t("Estimate {estimate} → settlement {actual} ({more})", **values, more=_signed(view, found))
    return [*made, Note(total)]


def _signed(view: View, found: differences.Comparison) -> str:
    return _more(view, found.actual - found.estimate)


def _more(view: View, amount: int) -> str:
    return f"{'+' if amount > 0 else '−' if amount < 0 else '±'}{_yen(view, abs(amount))}"


def _difference(view: View, part: Difference) -> str:
    label = view.t(PARTS.get(part.kind, "Other"))
    if part.label and part.label != label:
        label = f"{label} {part.label}" if part.kind == "transport" else part.label
    before, after = (_yen(view, amount) if amount is not None else "—" for amount in (part.estimate, part.actual))
    comma = "; " if view.locale == "en" else "、"
    why = comma.join(_reason(view, reason) for reason in part.reasons)
    text = (
        "{part}: estimate {before} → {after} ({more}: {why})" if why else "{part}: estimate {before} → {after} ({more})"
    )
    return view.t(text, part=label, before=before, after=after, more=_more(view, part.more), why=why)


def _reason(view: View, reason: Reason) -> str:
    values = {name: _yen(view, value) if isinstance(value, int) else value for name, value in reason.values.items()}
    return view.t(reason.text, **values)


def _yen(view: View, amount: int) -> str:
    return yen(view.locale, amount)


def _shortened(view: View, made: list[Note]) -> list[Note]:
    if len(made) <= MOST:
        return made
    return [*made[:MOST], Note(view.t("and {count} more", count=len(made) - MOST))]


# --- its lines --------------------------------------------------------------------------------------------------------


def why(view: View, expense: Expense) -> str:
    """Why a line was taken into the settlement; empty for others."""
    said = (expense.basis or {}).get("why") or {}
    if said.get("place"):
        place = english(str(said["place"])) if view.locale == "en" else said["place"]
        return view.t("taken by its place ({place})", place=place)
    return view.t("taken by its day") if said else ""


def how_added(view: View, expense: Expense) -> str:
    """The same in two words, for a row."""
    said = (expense.basis or {}).get("why") or {}
    return view.t("added by its place" if said.get("place") else "added by its day") if said else ""


def row_button(view: View, request: Claim) -> Button | None:
    """What to do with a trip in the list of one's trips, where it is over and nobody settles it yet."""
    session = object_session(request)
    trip = session.get(Trip, request.trip_id) if session is not None and request.trip_id else None
    if session is None or trip is None or request.state != "approved" or trip.ends >= _today(view):
        return None
    if trip.cancelled_at is not None or settlement.of(session, request) is not None:
        return None
    return Button(view.t("Settle"), view.token("trip_settle", request.id, request.version))


def line_notes(view: View, expense: Expense) -> list[Note]:
    """On the card of one line: what the travel rules said of it, why it was taken, what is not paid."""
    kept = differences.item_of(expense)
    made = [Note(line(_item(kept), view.locale))] if kept else []
    taken = why(view, expense)
    return [*made, *([Note(taken)] if taken else [])]


def line_buttons(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    """For the traveller, on the card of one line: the nights' facts, the ride it pays for, not to claim it."""
    session = object_session(claim)
    trip = settlement.trip_of(session, claim) if session is not None else None
    if trip is None or claim.state not in EDITABLE:
        return ()
    made = []
    if settlement.is_computed(expense):
        return (Button(view.t("Do not claim"), view.token("trip_decline", claim.id, claim.version, expense.id)),)
    bought = expense.category == evidence.TRAVEL and not evidence.is_ride(expense)  # an agency's bill of a package, too
    if evidence.is_lodging(expense) or (bought and trip.nights):
        token = view.token("trip_stay", claim.id, claim.version, expense.id)
        made.append(Button(view.t("Nights and reason"), token, opens_form=True))
    if not evidence.is_lodging(expense) and (expense in unplaced(claim, trip) or expense.basis.get("legs")):
        token = view.token("trip_ride", claim.id, claim.version, expense.id)
        made.append(Button(view.t("Choose the ride"), token, opens_form=True))
    if evidence.is_ride(expense) or evidence.hired(expense):
        token = view.token("trip_way", claim.id, claim.version, expense.id)
        made.append(Button(view.t("Reason, start and payer"), token, opens_form=True))
    return tuple(made)


def out(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    """The way of a line into a draft of its own; a computed one has none, it is claimed or not."""
    if settlement.is_computed(expense):
        return ()
    return (Button(view.t("Take out"), view.token("take_out", claim.id, claim.version, expense.id)),)


# --- buttons ----------------------------------------------------------------------------------------------------------


def buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    """On a settlement that may change: to mend the trip's facts; on a draft of a trip's day: where it shall go."""
    session = object_session(claim)
    if session is None:
        return ()
    if claim.state in EDITABLE and claim.trip_id:
        trip = session.get(Trip, claim.trip_id)
        if trip is not None and trip.cancelled_at is None:
            token = view.token("trip_facts", claim.id, claim.version)
            mend = Button(view.t("Mend the trip"), token, opens_form=True)
            alone = claim.expenses[0] if len(claim.expenses) == 1 else None  # its own card is never opened
            of_line = line_buttons(view, claim, alone) if alone is not None else ()
            return (*_answer(view, claim, trip), mend, *of_line)
        return ()
    return _on_draft(view, session, claim)


def _answer(view: View, claim: Claim, trip: Trip) -> tuple[Button, ...]:
    """The way to what the travel rules still want to know: first of all why a taxi."""
    asked = lacking.questions(claim, trip, also_left=True)
    if not asked:
        return ()
    label = "Give the reason for the ride" if claims.rides_without_reason(claim) else "Answer what the rules ask"
    return (Button(view.t(label), view.token("trip_lacks", claim.id, claim.version)),)


def on_request(view: View, claim: Claim) -> tuple[Button, ...]:
    """For the traveller on an approved request: to settle it, to call it off, or to open what settles it."""
    session = object_session(claim)
    trip = session.get(Trip, claim.trip_id) if session is not None and claim.trip_id else None
    if session is None or trip is None or claim.state != "approved":
        return ()
    made = settlement.of(session, claim)
    if made is not None:
        return (Button(view.t("Open #{number}", number=made.number), view.token("open", made.id)),)
    if trip.cancelled_at is not None:
        return ()
    off = Button(view.t("Call off"), view.token("trip_cancel", claim.id, claim.version), "danger", opens_form=True)
    if trip.starts > _today(view):
        return (off,)
    return (Button(view.t("Settle"), view.token("trip_settle", claim.id, claim.version), "primary"), off)


def request_notes(view: View, claim: Claim) -> list[Note]:
    """On a request that was decided: what comes next, where its settlement is, or that it was called off."""
    session = object_session(claim)
    if session is None or claim.state not in ("approved", "cancelled"):
        return []
    made = settlement.of(session, claim)
    notes: list[Note] = []
    trip = session.get(Trip, claim.trip_id) if claim.trip_id else None
    if trip is not None and trip.cancelled_at is not None:
        because = str((trip.options or {}).get("cancelled_because", ""))
        notes += [Note(view.t("Called off: {reason}", reason=because))] if because else []
    if made is not None:
        state = view.t(STATE_LABELS[made.state][0])
        notes.append(Note(view.t("Settled with #{number} ({state})", number=made.number, state=state)))
    elif claim.state == "approved" and trip is not None and not trip.cancelled_at and view.member_id == claim.member_id:
        notes.append(Note(view.t("Approved. After the trip, send its receipts."), "good"))
    return notes


def _today(view: View) -> date:
    return view.services.clock().astimezone(ZoneInfo(view.zone)).date()


# --- a draft of a trip's day ------------------------------------------------------------------------------------------


def draft_notes(view: View, claim: Claim) -> list[Note]:
    """On a draft whose day is within a trip: where it will go."""
    session = object_session(claim)
    found = gathering.offer(session, claim) if session is not None else None
    if found is None:
        return []
    name = trip_name(view, found.trip)
    if found.kept_out:
        return [Note(view.t("It stays out of the settlement of the {trip}.", trip=name))]
    if found.settlement is not None:
        text = "It can go into settlement #{number} of the {trip}."
        return [Note(view.t(text, number=found.settlement.number, trip=name))]
    return [Note(view.t("It goes into the settlement of the {trip}.", trip=name))]


def _on_draft(view: View, session: Session, claim: Claim) -> tuple[Button, ...]:
    found = gathering.offer(session, claim)
    if found is None:
        return ()
    if found.settlement is not None:
        label = view.t("Put into #{number}", number=found.settlement.number)
        return (Button(label, view.token("trip_add", claim.id, claim.version, found.settlement.id)),)
    if found.kept_out:
        return (Button(view.t("Into the settlement"), view.token("trip_keep", claim.id, claim.version)),)
    return (Button(view.t("Keep it out"), view.token("trip_keep", claim.id, claim.version, found.trip.id)),)


def offered(view: View, request: Claim, trip: Trip) -> Card:
    """After the trip's end, once: settle it now?"""
    return Card(
        title=view.t("The {trip} is over. Shall I put its settlement together?", trip=trip_name(view, trip)),
        lead=view.t("I gather the receipts and card rows of these days and compute the allowances."),
        buttons=(
            Button(view.t("Settle"), view.token("trip_settle", request.id, request.version), "primary"),
            Button(view.t("Call off"), view.token("trip_cancel", request.id, request.version), opens_form=True),
        ),
    )
