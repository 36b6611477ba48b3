"""Who took part in a meal or got a gift: on the cards, with the amount a head, and the button that asks for it."""

from __future__ import annotations

from handlers import attendees, money
from handlers.attendees import OUTSIDE, OWN, Party
from handlers.chat import Button, Field, Note
from handlers.claims import EDITABLE
from handlers.policies import findings
from handlers.policies.attendees_missing import ATTENDEES_MISSING
from handlers.policies.limit_head import ENTERTAINMENT, MEETING
from handlers.turn import View
from storage.models import Claim, Expense

SHOWN = 6  # names on a card
ENGLISH_OWN, ENGLISH_OUTSIDE = "own", "outside"


def wanted(claim: Claim, expense: Expense) -> bool:
    """Whether the draft asks for them: a meal, a gift, what a rule asks of, or what has some already."""
    asked = any(f.rule == ATTENDEES_MISSING.name and f.expense_id == expense.id for f in findings(claim))
    return asked or expense.category in (MEETING, ENTERTAINMENT) or expense.attendees_count is not None


def fields(view: View, expense: Expense) -> list[Field]:
    """``山田商事 山田様 / 自社 2名 （3名・1人あたり ¥4,500）``; nothing while nobody is known."""
    people = attendees.parties(expense.attendees)
    if not people and expense.attendees_count is None:
        return []
    names = text(view, people[:SHOWN], " / ")
    if len(people) > SHOWN:
        names = view.t("{names} and {count} more", names=names, count=len(people) - SHOWN)
    value = f"{names}（{by_head(view, expense)}）" if names else by_head(view, expense)
    return [Field(view.t("Attendees"), value)]


def text(view: View, people: tuple[Party, ...], between: str = "\n") -> str:
    """As the reader would write it, in their language."""
    if view.locale == "en":
        return attendees.written(people, own=ENGLISH_OWN, outside=ENGLISH_OUTSIDE, between=between)
    return attendees.written(people, own=OWN[0], outside=OUTSIDE[0], between=between)


def by_head(view: View, expense: Expense) -> str:
    """``4名・1人あたり ¥4,500``, rounded up; empty while nobody is counted."""
    count = expense.attendees_count or len(expense.attendees or ())
    if not count:
        return ""
    if expense.amount is None:
        return view.t("{count} people", count=count)
    head = money.show(-(-expense.amount // count), expense.currency)
    return view.t("{count} people, {head} each", count=count, head=head)


def notes(view: View, claim: Claim) -> list[Note]:
    """A doubt in the draft: the guests are named, and nobody of the applicant's own, who was there, too."""
    if claim.state not in EDITABLE:
        return []
    made = []
    for expense in claim.expenses:
        people = attendees.parties(expense.attendees)
        counted = sum(party.count for party in people)
        if people and all(party.relation == "outside" for party in people) and counted == expense.attendees_count:
            said = view.t("Only guests are counted. Please add yourself and who else of you was there.")
            made.append(
                Note(
                    view.t("{name}: {what}", name=expense.payee, what=said) if len(claim.expenses) > 1 else said,
                    "doubt",
                )
            )
    return made


def buttons(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    """Opens the form; only in a draft whose expense wants it."""
    if claim.state not in EDITABLE or not wanted(claim, expense):
        return ()
    token = view.token("attendees", claim.id, claim.version, expense.id)
    return (Button(view.t("Attendees"), token, opens_form=True),)
