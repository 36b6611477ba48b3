"""What a claim means for the budget, as lines of its card, and the list of budget lines."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from handlers import budgets, money, policies
from handlers.budgets.lines import left, name
from handlers.chat import Button, Card, Field, Row
from handlers.errors import Refusal
from handlers.turn import View
from storage.models import Budget, Claim

EDITABLE = ("draft", "returned")
WAITING = ("submitted", "in_approval")
RULE = "over-budget"


def fields(view: View, claim: Claim) -> list[Field]:
    """Each line that bears the claim, with what is left before and after; marked where it would not be enough."""
    if claim.state not in (*EDITABLE, *WAITING):
        return []
    today = view.services.clock().astimezone(ZoneInfo(view.zone)).date()
    try:
        found = budgets.outlook(claim, today)
    except Refusal as refusal:
        return [Field(view.t("Budget"), view.t(refusal.text, **refusal.values), doubted=True)]
    return [Field(view.t("Budget"), _sentence(view, claim, line), doubted=line.after < 0) for line in found]


def _sentence(view: View, claim: Claim, line: budgets.Outlook) -> str:
    now, after = money.show(line.left), money.show(line.after)
    told = {finding.values.get("line") for finding in policies.findings(claim) if finding.rule == RULE}
    if line.after < 0 and line.name in told:
        text = "{line} ({year})"  # the rule's own sentence below has the figures
    elif claim.state in WAITING:
        text = "{line} ({year}): {left} left, this claim taken off"
    else:
        text = "{line} ({year}): {left} left, {after} after this claim"
    return view.t(text, line=line.name, year=line.year, left=now, after=after)


def buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    """The choice of another line, where the organisation has budgets."""
    session = object_session(claim)
    if session is None or claim.state not in EDITABLE or not budgets.used(session):
        return ()
    return (Button(view.t("Budget"), view.token("budget", claim.id, claim.version), opens_form=True),)


def line_list(view: View, title: str, lines: Sequence[Budget], more: int) -> Card:
    """Budget lines, each with what was granted, is reserved, is spent and is left."""
    text = "Budget {amount} · reserved {reserved} · spent {consumed}"
    return Card(
        title=title,
        rows=tuple(
            Row(
                title=name(line),
                detail=" · ".join(
                    [
                        *([line.code] if line.name else []),
                        view.t(
                            text,
                            amount=money.show(line.amount),
                            reserved=money.show(line.reserved),
                            consumed=money.show(line.consumed),
                        ),
                        view.t("stops when used up" if line.stopped else "may be exceeded"),
                    ]
                ),
                value=view.t("{amount} left", amount=money.show(left(line))),
                doubted=left(line) < 0,
            )
            for line in lines
        ),
        footer=view.t("and {count} more; “/keihi budget WORD” searches", count=more) if more > 0 else "",
        private=True,
    )
