"""The lane on screens: which claims may take it, what waits for a second administrator, what a claim's card says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy.orm import object_session

from handlers import categories, money
from handlers.cards.findings import shown
from handlers.cards.parts import sums
from handlers.chat import Button, Card, Field, Note, Row, Tone
from handlers.dates import show_moment
from handlers.errors import Refusal
from handlers.lane import verdicts
from handlers.policies import Value
from handlers.turn import View
from storage.models import Claim, LaneDecision, LaneRule, Member

if TYPE_CHECKING:  # only its shape: the report draws this card
    from handlers.lane.conditions import Check
    from handlers.lane.report import Month

ACTS = {
    "open": "Open a lane",
    "widen": "Widen a lane",
    "narrow": "Narrow a lane",
    "renew": "Agree on a lane anew",
    "close": "Close a lane",
}
FALLEN = "Fallen away: {what}"
SHOWN = 10


def percent(share: int) -> str:
    """Ten-thousandths as people read them: ``10%``, ``2.5%``."""
    return f"{Decimal(share) / 100:f}".rstrip("0").rstrip(".") + "%" if share % 100 else f"{share // 100}%"


# --- on a claim's card ------------------------------------------------------------------------------------------------


def notes(view: View, claim: Claim) -> list[Note]:
    """That the rules approved the claim, or that it was drawn, and everything that was checked."""
    session = object_session(claim)
    row = verdicts.latest(session, claim) if session is not None else None
    if row is None or claim.state == "draft":
        return []
    if row.round < claim.round and row.state == verdicts.OVERTURNED and not is_drawn(row):
        return [Note(view.t("The rules had approved it; it was reopened."), "doubt")]
    if row.round != claim.round:
        return []
    when = show_moment(row.at, view.zone)
    checked = Note(view.t("Checked: {checks}", checks=checks(view, row)))
    if row.state == verdicts.PASSED:
        return [Note(view.t("Approved by the rules, without an approver ({when})", when=when), "good"), checked]
    texts = {
        verdicts.AUDITED: "Random audit: everything was clean, and it was drawn to be looked at by a person.",
        verdicts.UPHELD: "Random audit: looked at and found right.",
        verdicts.OVERTURNED: "Random audit: looked at and not approved.",
    }
    return [Note(view.t(texts[row.state]), "doubt" if row.state == verdicts.AUDITED else "plain"), checked]


def checks(view: View, row: LaneDecision) -> str:
    """The sentences of what was checked, a line each."""
    return "".join(
        f"\n✓ {_filled(view, check['text'], check['values'])}"
        for check in row.checks
        if check["name"] != verdicts.LINES
    )


def _filled(view: View, text: str, values: Mapping[str, Value]) -> str:
    return view.t(text, **{name: shown(view, value) for name, value in values.items()})


def examined(view: View, claim: Claim, found: Sequence[Check]) -> Card:
    """Why a claim does, or does not, take the lane: every check."""
    ok = all(check.ok for check in found)
    title = "#{number} passes every check of the lane." if ok else "#{number} goes to people:"
    return Card(
        title=view.t(title, number=claim.number),
        tone="good" if ok else "doubt",
        notes=tuple(
            Note(f"{'✓' if c.ok else '✗'} {_filled(view, c.text, c.values)}", "plain" if c.ok else "doubt")
            for c in found
        ),
        private=True,
    )


def is_drawn(row: LaneDecision) -> bool:
    """Whether a person was to look at it from the beginning."""
    return any(check["name"] == verdicts.DRAWN for check in row.checks)


def passed(view: View, claim: Claim) -> Card:
    """The answer to a submission where the card itself cannot change."""
    return Card(
        title=view.t("#{number} was approved by the rules.", number=claim.number),
        tone="good",
        lead=f"{claim.expenses[0].payee} {sums([claim])}".strip() if claim.expenses else "",
        notes=tuple(notes(view, claim)),
        private=True,
    )


def reopened(view: View, claim: Claim, by: Member, reason: str) -> Card:
    """The news to the applicant that a person looks at it after all."""
    text = "#{number}, which the rules had approved, was reopened by {name}: {reason}"
    return Card(
        title=view.t(text, number=claim.number, name=by.name, reason=reason),
        tone="doubt",
        lead=view.t("It waits for approval now. You need not do anything."),
        buttons=(Button(view.t("Open"), view.token("open", claim.id)),),
    )


# --- rules and proposals ----------------------------------------------------------------------------------------------


def terms(view: View, rule: LaneRule) -> str:
    """``会議費・旅費交通費 · 5,000円まで · 抜き取り 10% · 明細との一致が必要``."""
    between = "・" if view.locale != "en" else ", "
    parts = (
        between.join(categories.label(view.locale, code) for code in rule.categories),
        view.t("up to {amount}", amount=money.show(rule.max_amount)),
        view.t("random audit {share}", share=percent(rule.audit_share)),
        view.t("with a statement row") if rule.wants_statement else view.t("without a statement row"),
    )
    return " · ".join(parts)


def overview(
    view: View,
    active: Sequence[LaneRule],
    proposals: Sequence[tuple[LaneRule, Refusal | None]],
    notes: Sequence[str] = (),
) -> Card:
    """The rules in force with their numbers, and the proposals: those that wait for a second administrator, and those
    that have fallen away, with why.
    """
    rows = [Row(f"{number}. {terms(view, rule)}", _since(view, rule)) for number, rule in enumerate(active, start=1)]
    waiting = [
        Row(
            view.t(FALLEN if why else "Proposed: {what}", what=view.t(ACTS[rule.act])),
            " · ".join((terms(view, rule), *([view.t(why.text, **why.values)] if why else ()))),
            doubted=why is None,
            button=None if why else Button(view.t("Open"), view.token("lane_proposal", rule.id)),
        )
        for rule, why in proposals
    ]
    closed = view.t("Every claim goes to people.")
    return Card(
        title=view.t("The lane without an approver"),
        lead=view.t("Claims within these terms that pass every check need no approver.") if active else closed,
        rows=(*rows, *waiting),
        notes=tuple(Note(note) for note in notes),
        private=True,
    )


def _since(view: View, rule: LaneRule) -> str:
    return view.t("since {when}", when=show_moment(rule.active_from, view.zone)) if rule.active_from else ""


def proposal(
    view: View, rule: LaneRule, before: LaneRule | None, people: tuple[Member, Member | None], why: Refusal | None
) -> Card:
    """What one administrator proposes (and, once it is decided, what became of it), before another.

    ``people``: who proposed it, and who answered; ``why``: why it has fallen away unanswered.
    """
    proposer, answered = people
    fields = [*_terms_of(view, rule, before if rule.act in ("widen", "narrow") else None)]
    fields.append(Field(view.t("Proposed by"), f"{proposer.name} ({show_moment(rule.created_at, view.zone)})"))
    if answered is not None:
        when = show_moment(rule.active_from or rule.ended_at or rule.created_at, view.zone)
        fields.append(Field(view.t("Answered by"), f"{answered.name} ({when})"))
    buttons: tuple[Button, ...] = ()
    notes: tuple[Note, ...] = ()
    if why is not None:
        notes = (Note(view.t(why.text, **why.values), "doubt"),)
    elif rule.state == "proposed" and view.member_id == proposer.id:
        notes = (Note(view.t("It comes into force when another administrator confirms it.")),)
        buttons = (Button(view.t("Withdraw"), view.token("lane_refuse", rule.id)),)
    elif rule.state == "proposed":
        notes = (Note(view.t("Only a second administrator can put it in force: is it right?")),)
        buttons = (
            Button(view.t("Confirm"), view.token("lane_confirm", rule.id), "primary"),
            Button(view.t("Refuse"), view.token("lane_refuse", rule.id), "danger"),
        )
    title, tone = _headed(view, rule) if why is None else (view.t(FALLEN, what=view.t(ACTS[rule.act])), "plain")
    return Card(title=title, tone=tone, fields=tuple(fields), notes=notes, buttons=buttons)


def answer(view: View, rule: LaneRule, answered: Member) -> Card:
    """The news to who proposed it."""
    title, tone = _headed(view, rule)
    return Card(title=title, tone=tone, lead=terms(view, rule), footer=view.t("By {name}", name=answered.name))


def _headed(view: View, rule: LaneRule) -> tuple[str, Tone]:
    states: dict[str, tuple[str, Tone]] = {
        "proposed": ("Proposal: {what}", "doubt"),
        "refused": ("Refused: {what}", "bad"),
        "withdrawn": ("Withdrawn: {what}", "plain"),
    }
    text, tone = states.get(rule.state, ("In force: {what}", "good"))
    return view.t(text, what=view.t(ACTS[rule.act])), tone


def _terms_of(view: View, rule: LaneRule, before: LaneRule | None) -> list[Field]:
    """The terms by name; those that change as old → new, marked."""
    between = "・" if view.locale != "en" else ", "

    def said(of: LaneRule) -> tuple[tuple[str, str], ...]:
        return (
            (view.t("Category"), between.join(categories.label(view.locale, code) for code in of.categories)),
            (view.t("Limit of a claim"), money.show(of.max_amount)),
            (view.t("Random audit"), percent(of.audit_share)),
            (view.t("Statement row"), view.t("needed") if of.wants_statement else view.t("not needed")),
        )

    pairs = zip(said(rule), said(before or rule), strict=True)
    return [
        Field(label, value if value == was else f"{was} → {value}", doubted=value != was)
        for (label, value), (_, was) in pairs
    ]


# --- the month --------------------------------------------------------------------------------------------------------


def report(view: View, month: Month) -> Card:
    """What a month's lane decided, how much of it was looked at, and what came of that."""

    def many(number: int, of: int | None = None) -> str:
        said = view.t("{count} claims", count=number)
        if not of:
            return said
        share = (number * 2000 + of) // (of * 2)  # thousandths, half up
        return view.t("{what} ({share})", what=said, share=f"{share / 10:g}%")

    taken = month.passed + month.audited
    fields = [
        Field(view.t("Handed in"), many(month.submitted)),
        Field(
            view.t("Approved by the rules"),
            f"{many(month.passed, month.submitted)} {money.show(month.yen)}",
            emphasis=True,
        ),
        Field(view.t("Drawn for an audit"), many(month.audited, taken)),
        Field(view.t("Found right"), many(month.upheld)),
        Field(view.t("Overturned"), many(month.overturned, month.audited), doubted=month.overturned > 0),
        Field(view.t("Not looked at yet"), many(month.waiting)),
        Field(view.t("Reopened by accounting"), many(month.reopened), doubted=month.reopened > 0),
    ]
    rows = [
        Row(
            f"#{claim.number} {claim.expenses[0].payee if claim.expenses else ''}".strip(),
            claim.member.name,
            sums([claim]),
            button=Button(view.t("Open"), view.token("open", claim.id)),
        )
        for claim in month.doubtful[:SHOWN]
    ]
    text = "The month's seed is revealed: “keihi audit draw {month}” reckons every draw again."
    seed = view.t(text, month=month.month)
    kept = view.t("The month's seed is secret until the month is over.")
    return Card(
        title=view.t("The lane without an approver: {month}", month=month.month),
        fields=tuple(fields),
        rows=tuple(rows),
        notes=(Note(seed if month.revealed else kept),),
        private=True,
    )
