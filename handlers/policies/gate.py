"""What findings lead to: a stop refuses, a missing reason is asked for, a note only stands on the card."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import claims, dialogues, policies
from handlers.cards import findings as shown
from handlers.chat import Button, Card, Form, Input, Note, Tapped
from handlers.errors import Refusal
from handlers.policies import Finding, seen
from handlers.policies.receipt_missing import RECEIPT_MISSING
from handlers.turn import Turn, View
from storage import audit
from storage.models import Claim

LONGEST = 300
MOST_AT_ONCE = 10  # questions of one form


def asks_reasons(turn: Turn, claim: Claim, version: int) -> bool:
    """Before submission: whether the person is asked for a reason first, so that nothing is submitted yet.

    Raises :class:`Refusal` where a rule stops the claim. A claim that cannot be submitted anyway is left to
    ``claims.submit``, which says why.
    """
    stale = claim.version != version or claim.state not in claims.EDITABLE
    if stale or claim.member_id != turn.member.id or claims.missing(claim):
        return False
    found = policies.keep(turn.session, turn.organization, claim, turn.today)
    for finding in found:
        if finding.strength == "stop":
            why = shown.sentence(turn.view, finding, claim)
            raise Refusal("#{number} cannot be submitted. {why}", number=claim.number, why=why)
    wanting = shown.unanswered(claim)
    if not wanting:
        return False
    if not turn.capabilities.has_forms:
        dialogues.ask(turn, reasons_form(turn.view, claim, wanting[:1]))
    elif isinstance(turn.incoming.act, Tapped) and turn.incoming.act.form:
        dialogues.ask(turn, reasons_form(turn.view, claim, wanting[:MOST_AT_ONCE]))
    else:  # a form opens only on the tap of a button that is known to open one
        turn.tell(_invitation(turn.view, claim, wanting))
    return True


def reasons_form(view: View, claim: Claim, wanting: Sequence[Finding]) -> Form:
    """One question for each finding that wants a reason."""
    return Form(
        token=view.token("reasons", claim.id, claim.version),
        title=view.t("Reasons for #{number}", number=claim.number),
        submit=view.t("Submit"),
        inputs=tuple(
            Input(
                finding.key,
                view.t("Reason: {title}", title=view.t(policies.title(finding))),
                "long_text",
                required=True,
                hint=shown.sentence(view, finding, claim),
                max_length=LONGEST,
            )
            for finding in wanting
        ),
    )


def _invitation(view: View, claim: Claim, wanting: Sequence[Finding]) -> Card:
    return Card(
        title=view.t("Before #{number} can be submitted, a reason is needed.", number=claim.number),
        tone="doubt",
        notes=tuple(Note(shown.sentence(view, finding, claim), "doubt") for finding in wanting),
        buttons=(
            Button(view.t("Give reasons"), view.token("submit", claim.id, claim.version), "primary", opens_form=True),
        ),
        private=True,
    )


def give_reasons(turn: Turn, claim: Claim, reasons: dict[str, str]) -> None:
    """Keep what the applicant answered, by the keys of the findings that stand on the claim."""
    claims.own(claim, turn.member)
    if claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    keys = {finding.key for finding in policies.findings(claim)}
    given = {key: text.strip()[:LONGEST] for key, text in reasons.items() if key in keys and text.strip()}
    kept = {key: text for key, text in given.items() if not _declared(claim, key, text)}
    claim.reasons = {**(claim.reasons or {}), **kept}
    turn.session.flush()
    audit.record(
        turn.session,
        actor=turn.member.id,
        action="claim.reasons",
        subject=f"claim:{claim.id}",
        data={"number": claim.number, "reasons": given},
    )


def _declared(claim: Claim, key: str, reason: str) -> bool:
    """Why there is no receipt belongs to the line: it stays with it wherever the line goes."""
    finding = next(f for f in policies.findings(claim) if f.key == key)
    line = next((expense for expense in claim.expenses if expense.id == finding.expense_id), None)
    if finding.rule != RECEIPT_MISSING.name or line is None:
        return False
    line.missing_receipt = reason
    return True


def at_approval(turn: Turn, claim: Claim, on_card: str) -> list[Finding]:
    """Before an approval: the rules once more. What they find that was not on the card (``on_card``: its word).

    Raises :class:`Refusal` where one stops the claim now: none stopped it when it was handed in.
    """
    found = policies.keep(turn.session, turn.organization, claim, turn.today)
    for finding in found:
        if finding.strength == "stop":
            raise Refusal(
                "#{number} cannot be approved as it is. {why} Please send it back.",
                number=claim.number,
                why=shown.sentence(turn.view, finding, claim),
            )
    return seen.unseen(found, on_card)
