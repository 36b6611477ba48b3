"""What is checked of a claim before it may pass without an approver.

Each condition is one function that gives a :class:`Check`: passed or not, in one sentence with its figures. All of them
must pass; the sentences stand on the claim's card and in the audit chain. Nothing that a person typed or corrected
counts as known here: figures are taken from the reading alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import amounts, claims, policies
from handlers.lane.rules import agreed_at
from handlers.policies import Value, evaluation, in_force
from handlers.policies.facts import case_of
from handlers.policies.in_force import InForce
from handlers.policies.registration_number import REGISTRATION_NUMBER
from handlers.rates import DECLARED, HOME
from handlers.turn import Turn
from ocr.fields.money import ARITHMETIC
from storage.models import Claim, Expense, LaneRule, Policy, StatementRow

FREE = frozenset({"purpose", "payment_method"})  # what was not read and a person may fill in
READ = {"issuer": "payee", "date": "date", "total": "amount", "currency": "currency"}  # the reader's name → ours
KINDS = ("receipt", "ryoshusho", "ticket", "invoice", "card_slip")  # ``other`` is no receipt
PROVED = 0.85  # the reader's confidence in a total that two independent witnesses agree on (``ocr.fields.money``)
PROOFS = {
    "change": "paid − change",
    "taxes": "sum of the tax rates",
    "subtotal": "subtotal + tax",
    "items": "sum of the items",
    "rounding": "rounded sum",
    "balance": "balance before − after",
    "discount": "sum − discount",
}


@dataclass(frozen=True)
class Check:
    """One condition: ``text`` is a msgid, ``values`` fill it as those of a finding do (``policies.base``)."""

    name: str
    ok: bool
    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As it stands in ``LaneDecision.checks``."""
        return {key: value for key, value in asdict(self).items() if key != "ok"}


@dataclass(frozen=True)
class Looked:
    """A claim before the lane. ``rules``: those in force; ``committed_at``: when the month's draw was fixed."""

    turn: Turn
    claim: Claim
    rules: Sequence[LaneRule]
    committed_at: datetime

    @property
    def expenses(self) -> Sequence[Expense]:
        return self.claim.expenses


@dataclass(frozen=True)
class Examined:
    """``rule``: under which the claim may pass; None when a check speaks against it."""

    rule: LaneRule | None
    checks: tuple[Check, ...]


def examine(looked: Looked) -> Examined:
    """Every check, and the rule that it passes under: of several the one that is audited most."""
    checks = [check(looked) for check in CHECKS]
    fitting = [rule for rule in looked.rules if _covers(rule, looked.expenses)]
    fitting.sort(key=lambda rule: (-rule.audit_share, rule.max_amount, rule.id))
    statement = _statement(looked)
    rule = next((rule for rule in fitting if statement.ok or not rule.wants_statement), None)
    nearest = rule or (fitting[0] if fitting else None)
    checks.insert(0, _terms(looked, nearest))
    checks.insert(1, _together(looked, nearest))
    checks.append(_rules(looked, nearest))
    if (rule is not None and rule.wants_statement) or (rule is None and fitting):
        checks.append(statement)
    return Examined(rule if all(check.ok for check in checks) else None, tuple(checks))


def _covers(rule: LaneRule, expenses: Sequence[Expense]) -> bool:
    total = amounts.total_yen(expenses)
    return (
        total is not None
        and total <= rule.max_amount
        and all((e.category or "misc") in rule.categories for e in expenses)
    )


# --- one function each ------------------------------------------------------------------------------------------------


def _terms(looked: Looked, rule: LaneRule | None) -> Check:
    total = amounts.total_yen(looked.expenses)
    if rule is None or total is None:
        return Check("terms", False, "No lane is open for this category and amount.")
    values = {"amount": policies.yen(total), "max": policies.yen(rule.max_amount)}
    return Check("terms", True, "Category and amount are within the lane: {amount} of at most {max}", values)


def _together(looked: Looked, rule: LaneRule | None) -> Check:
    """What the person bought at one shop on one day stays under the lane's limit, into however many claims it came.

    Drafts count along: otherwise the first of two would pass before the second is handed in.
    """
    turn = looked.turn
    case = case_of(turn.session, turn.organization, looked.claim, turn.today)
    most = rule.max_amount if rule is not None else 0
    for date, number, payee in {(line.date, line.registration_number, line.payee) for line in case.lines}:
        if rule is None or date is None:
            continue
        mine = [
            line.claimed or 0
            for line in case.lines
            if line.date == date and ((number and line.registration_number == number) or line.payee == payee)
        ]
        total = sum(mine) + sum(case.history.same_issuer(date, (number, payee)))
        if total > most:
            values = {
                "payee": payee or number,
                "day": policies.day(date),
                "total": policies.yen(total),
                "max": policies.yen(most),
            }
            text = "{payee} on {day}: {total} together, more than the lane's {max}."
            return Check("together", False, text, values)
    return Check("together", True, "Nothing of one shop and day is over the limit together")


def _applicant(looked: Looked) -> Check:
    if "admin" in looked.claim.member.roles:
        return Check("applicant", False, "Administrators' own claims always go to a person.")
    return Check("applicant", True, "The applicant is no administrator")


def _paper(looked: Looked) -> Check:
    """An expense claim of whole receipts, each read from its picture; in yen or at a rate of the table."""
    claim = looked.claim
    parts = [(e.receipt_id, e.receipt_part) for e in looked.expenses]
    ok = (
        claim.kind == "expense"
        and not claim.request_id
        and bool(parts)
        and len(set(parts)) == len(parts)
        and all(_is_whole_receipt(expense) for expense in looked.expenses)
    )
    if ok:
        return Check("paper", True, "Receipts read as a whole: {count}", {"count": len(parts)})
    return Check(
        "paper", False, "Only whole receipts with a picture can take the lane, in yen or at a rate of the table."
    )


def _is_whole_receipt(expense: Expense) -> bool:
    kind = _reading(expense).get("kind") or {}
    return (
        expense.kind == "receipt"
        and expense.receipt is not None
        and (expense.currency == HOME or expense.rate_source not in ("", DECLARED))
        and expense.split == 0
        and not expense.private_amount
        and not expense.missing_receipt
        and kind.get("value") in KINDS
    )


def _fresh(looked: Looked) -> Check:
    """Nobody has decided or asked anything; no receipt of it was rejected; it is younger than the draw."""
    claim = looked.claim
    ok = (
        not claim.decisions
        and not claims.open_questions(claim)
        and not any(expense.rejected_claim_id for expense in looked.expenses)
    )
    if not ok:
        return Check("fresh", False, "A person has dealt with this claim or its receipt before.")
    if claim.created_at < looked.committed_at:
        return Check("fresh", False, "The claim is older than the month's draw.")
    return Check("fresh", True, "The draw was fixed before the claim was made")


def _rules(looked: Looked, rule: LaneRule | None) -> Check:
    """No finding, neither by the rules of today nor by those of the day on which two administrators agreed on the lane.

    So one administrator alone, who may switch a rule off, does not widen the lane by it.
    """
    turn, claim = looked.turn, looked.claim
    found = policies.findings(claim)
    if not found and rule is not None:
        then = policies_at(turn.session, agreed_at(turn.session, rule))
        case = case_of(turn.session, turn.organization, claim, turn.today)
        found = evaluation.check(case, then, policies.RULES)
        if found:
            title = policies.said(policies.title(found[0]))
            text = "A rule found something, which was loosened after the lane was agreed on: {title}"
            return Check("rules", False, text, {"title": title})
    if found:
        title = policies.said(policies.title(found[0]))
        return Check("rules", False, "A rule found something: {title}", {"title": title})
    return Check("rules", True, "No rule found anything: {count} rules", {"count": len(policies.RULES)})


def policies_at(session: Session, moment: datetime) -> list[InForce]:
    """Every rule as it was wanted at a moment: what was written later is left out, what was ended later is not."""
    rows = session.scalars(select(Policy).where(Policy.created_at <= moment).order_by(Policy.created_at, Policy.id))
    written = [
        InForce(
            row.rule,
            row.strength,
            row.parameters,
            row.valid_from,
            None if row.ended_at is not None and row.ended_at > moment else row.valid_to,
            row.paragraph,
            row_id=row.id,
        )
        for row in rows
        if row.rule in policies.RULES
    ]
    return list(reversed([*in_force.defaults(), *written]))


def _as_read(looked: Looked) -> Check:
    """The figures are those that were read; the reader was sure of them, and nobody corrected one."""
    ok = all(
        not expense.doubts and not set(expense.corrected) - FREE and _is_as_read(expense) for expense in looked.expenses
    )
    if ok:
        return Check("as_read", True, "Every figure is as it was read, none was in doubt or corrected")
    return Check("as_read", False, "A figure was in doubt or was corrected.")


def _is_as_read(expense: Expense) -> bool:
    reading = _reading(expense)
    if reading.get("quality") or reading.get("notices"):
        return False
    for name, ours in READ.items():
        read = reading.get(name) or {}
        value = getattr(expense, ours)
        said = value.isoformat() if ours == "date" and value is not None else value
        if read.get("doubted") or read.get("value") is None:
            return False
        if said != read["value"] and ours not in (expense.recalled or {}).get("taught", ()):
            return False
    if "payment_method" in expense.corrected and (reading.get("payment") or {}).get("value") is not None:
        return False  # who paid decides who gets the money
    doubted = [name for name in ("taxes", "registration_number") if (reading.get(name) or {}).get("doubted")]
    return not doubted and _category_is_sure(expense, reading)


def _category_is_sure(expense: Expense, reading: Mapping[str, Any]) -> bool:
    """As it was read without doubt, or as the organisation's earlier claims have it."""
    recalled = expense.recalled or {}
    if recalled.get("habit") or "category" in recalled.get("taught", ()):
        return True
    read = reading.get("category") or {}
    return not read.get("doubted") and (read.get("value") or {}).get("code") == expense.category


def _arithmetic(looked: Looked) -> Check:
    """Of every total two witnesses agree, one of them arithmetic."""
    proofs = [_proofs(expense) for expense in looked.expenses]
    if not all(proofs):
        return Check("arithmetic", False, "The total is not proved by the receipt's own arithmetic.")
    return Check(
        "arithmetic",
        True,
        "The receipt's arithmetic proves its total: {proof}",
        {"proof": policies.said(PROOFS[proofs[0][0]])},
    )


def _proofs(expense: Expense) -> list[str]:
    """Names of the arithmetic that agrees with the total; empty when the reader did not hold it for proved."""
    total = _reading(expense).get("total") or {}
    if (total.get("confidence") or 0.0) < PROVED or total.get("value") != expense.amount:
        return []
    said = [str(words).partition(":")[0] for words in total.get("evidence") or ()]
    return [name for name in said if name in ARITHMETIC]


def _number(looked: Looked) -> Check:
    """A registration number wherever its lack would cost tax, even where the organisation does not use that rule."""
    turn, claim = looked.turn, looked.claim
    case = case_of(turn.session, turn.organization, claim, turn.today)
    live = in_force.on(case.day, in_force.policies(turn.session, policies.RULES), policies.RULES)
    own = next((row.values for row in live if row.rule == REGISTRATION_NUMBER.name), {})
    values = {p.name: p.default for p in REGISTRATION_NUMBER.parameters if p.default is not None} | dict(own)
    if any(REGISTRATION_NUMBER.check(case, policies.Parameters(values))):
        return Check("number", False, "A valid registration number is missing.")
    numbers = dict.fromkeys(e.registration_number for e in looked.expenses if e.registration_number)
    if not numbers:
        return Check("number", True, "No registration number is needed")
    return Check("number", True, "Registration number valid: {numbers}", {"numbers": ", ".join(numbers)})


def _statement(looked: Looked) -> Check:
    """Each expense is the payment of a row on its person's statement, over the same amount."""
    ids = [expense.id for expense in looked.expenses]
    query = select(StatementRow).where(StatementRow.expense_id.in_(ids))
    rows = {
        row.expense_id: row
        for row in looked.turn.session.scalars(query)
        if row.member_id == looked.claim.member_id and row.currency == HOME
    }
    if ids and all(e.id in rows and rows[e.id].amount == amounts.yen(e) for e in looked.expenses):
        return Check("statement", True, "Matched with the statement: {count} rows", {"count": len(ids)})
    return Check("statement", False, "No statement row matches.")


def _reading(expense: Expense) -> Mapping[str, Any]:
    if expense.receipt is None or expense.receipt_part >= len(expense.receipt.readings):
        return {}
    found = expense.receipt.readings[expense.receipt_part]
    return found if isinstance(found, dict) else {}


CHECKS: tuple[Callable[[Looked], Check], ...] = (_applicant, _paper, _fresh, _as_read, _arithmetic, _number)
