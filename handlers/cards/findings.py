"""What the rules say of a claim, on the cards of its applicant and of those who decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from handlers import categories, money
from handlers.chat import Card, Note, Tone
from handlers.claims import WAITING
from handlers.dates import show_day
from handlers.policies import Finding, Value, findings
from handlers.turn import View
from storage.models import Claim

TONES: dict[str, Tone] = {"note": "plain", "reason": "doubt", "stop": "bad"}
SHOWN = 10


def notes(view: View, claim: Claim, expense_id: str = "") -> list[Note]:
    """A line each, the strongest first, with its figures, its paragraph and the applicant's reason.

    ``expense_id`` asks for those of one expense alone.
    """
    found = [finding for finding in findings(claim) if expense_id in ("", finding.expense_id)]
    lines = [Note(_line(view, finding, claim, alone=bool(expense_id)), _tone(claim, finding)) for finding in found]
    if len(lines) > SHOWN:
        more = view.t("and {count} more findings", count=len(lines) - SHOWN)
        lines[SHOWN:] = [Note(more)]
    return lines


def sentence(view: View, finding: Finding, claim: Claim | None = None) -> str:
    """What a finding says, in the reader's language, with the paragraph it comes from.

    In a claim of several receipts the receipt is named first.
    """
    values = {name: shown(view, value) for name, value in finding.values.items()}
    said = view.t(finding.text, **values) if values else view.t(finding.text)
    if claim is not None and len(claim.expenses) > 1 and finding.expense_id:
        payee = _payee(claim, finding.expense_id)
        said = view.t("{name}: {what}", name=payee, what=said) if payee else said
    return view.t("{what} [{paragraph}]", what=said, paragraph=finding.paragraph) if finding.paragraph else said


def shown(view: View, value: Value) -> str:
    """A value of a finding as its reader writes it."""
    if not isinstance(value, Mapping):
        return str(value)
    if "yen" in value:
        return money.show(int(value["yen"]))
    if "minor" in value:
        return money.show(int(value["minor"]), str(value["currency"]))
    if "day" in value:
        return show_day(date.fromisoformat(str(value["day"])), view.locale)
    if "category" in value:
        return categories.label(view.locale, str(value["category"]))
    return view.t(str(value["text"]))


def unanswered(claim: Claim) -> list[Finding]:
    """Findings that want a reason which the applicant has not given yet."""
    return [f for f in findings(claim) if f.strength == "reason" and f.key not in (claim.reasons or {})]


def unexplained(view: View, claim: Claim) -> list[Note]:
    """To those who decide: that a rule wants a reason which the applicant was never asked for."""
    if claim.state not in WAITING or not unanswered(claim):
        return []
    text = "This was found after it was handed in, and no reason was given: ask, send it back, or approve it knowingly."
    return [Note(view.t(text), "doubt")]


def found_since(view: View, claim: Claim, found: Sequence[Finding]) -> Card:
    """The answer to an approval of a card that did not show these findings yet."""
    return Card(
        title=view.t(
            "#{number} is not approved yet: something was found since it was shown to you.", number=claim.number
        ),
        tone="doubt",
        notes=(*(Note(sentence(view, finding, claim), "doubt") for finding in found), _once_more(view)),
        private=True,
    )


def with_found_since(view: View, card: Card, claim: Claim, found: Sequence[Finding]) -> Card:
    """The card that shows them, where the old one cannot change, with the same answer on top."""
    told = found_since(view, claim, found)
    return replace(card, notes=(Note(told.title, "doubt"), _once_more(view), *card.notes), tone="doubt")


def _once_more(view: View) -> Note:
    return Note(view.t("If it may pass all the same, tap “Approve” once more on its card."))


def blocked(claim: Claim) -> bool:
    """Whether it cannot go along unread when many are submitted together."""
    return bool(unanswered(claim)) or any(finding.strength == "stop" for finding in findings(claim))


def _line(view: View, finding: Finding, claim: Claim, *, alone: bool) -> str:
    said = sentence(view, finding, None if alone else claim)
    reason = (claim.reasons or {}).get(finding.key)
    if reason:
        return f"{said}\n{view.t('Reason given: {reason}', reason=reason)}"
    if finding.strength == "reason":
        return f"{said} {view.t('A reason is needed.')}"
    if finding.strength == "stop":
        how = "It cannot be approved like this." if claim.state in WAITING else "It cannot be submitted like this."
        return f"{said} {view.t(how)}"
    return said


def _tone(claim: Claim, finding: Finding) -> Tone:
    return "plain" if finding.key in (claim.reasons or {}) else TONES[finding.strength]


def _payee(claim: Claim, expense_id: str) -> str:
    return next((expense.payee for expense in claim.expenses if expense.id == expense_id), "")
