"""What happened to a claim, as lines on its card and as news to its applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.cards.names import called
from handlers.cards.parts import sums
from handlers.chat import Button, Card, Note, Tone
from handlers.claims import EDITABLE
from handlers.dates import show_moment
from handlers.turn import View
from storage.models import Claim, Comment, Decision, Expense


def rejections(view: View, expenses: Sequence[Expense]) -> list[Note]:
    """That a receipt was refused before. A colleague who sends the same bytes does not learn whose claim that was."""
    notes = []
    for expense in expenses:
        before = expense.rejected_claim
        if before is None:
            continue
        if view.member_id == expense.claim.member_id != before.member_id:
            notes.append(Note(view.t("The same receipt was in another claim, which was rejected."), "doubt"))
            continue
        verdict = [d for d in before.decisions if d.undone_at is None][-1]
        text = view.t(
            "The same receipt was in #{number}, rejected by {who} ({when}): {reason}"
            if view.member_id == before.member_id
            else "The same receipt was in #{number} of {applicant}, rejected by {who} ({when}): {reason}",
            number=before.number,
            applicant=before.member.name,
            who=verdict.member.name,
            when=show_moment(verdict.at, view.zone),
            reason=verdict.reason,
        )
        notes.append(Note(text, "doubt"))
    return notes


def history(view: View, claim: Claim, acts: Sequence[tuple[datetime, Note]] = ()) -> list[Note]:
    """Decisions and words, as they came; ``acts``: what else happened, and when.

    What was decided on an earlier submission says so, and has no colour.
    """
    rounds = {step.id: step.round for step in claim.steps}
    told = [*acts]
    for decision in claim.decisions:
        note = decision_note(view, decision)
        if _is_over(claim, decision, rounds):
            note = Note(view.t("Of an earlier submission: {what}", what=note.text))
        told.append((decision.at, note))
    told += [(comment.at, comment_note(view, comment)) for comment in claim.comments]
    return [note for _, note in sorted(told, key=lambda line: line[0])]


def _is_over(claim: Claim, decision: Decision, rounds: Mapping[str, int]) -> bool:
    """Whether it counts for nothing now: the claim was handed in anew since, or an agreement to what came back.

    Why a claim was sent back holds until it is handed in again: that is what its applicant has to mend.
    """
    if rounds.get(decision.step_id or "", claim.round) < claim.round:
        return True
    return claim.state in EDITABLE and decision.verdict == "approved"


def comment_note(view: View, comment: Comment) -> Note:
    """A question, an answer or a comment, in its writer's words."""
    sentences = {
        "question": "Question of {who} ({when}): {text}",
        "answer": "Answer of {who} ({when}): {text}",
        "comment": "Comment of {who} ({when}): {text}",
    }
    when = show_moment(comment.at, view.zone)
    return Note(view.t(sentences[comment.kind], who=comment.member.name, when=when, text=comment.text))


def said(view: View, claim: Claim, comment: Comment) -> Card:
    """The news of words about a claim. A question comes with the way to answer it."""
    buttons: tuple[Button, ...] = (Button(view.t("Open"), view.token("open", claim.id)),)
    if comment.kind == "question" and view.member_id == claim.member_id:
        buttons = (answer_button(view, claim), *buttons)
    return Card(
        title=f"#{claim.number} {comment_note(view, comment).text}",
        lead=f"{called(view, claim)} {sums([claim])}".strip(),
        buttons=buttons,
    )


def answer_button(view: View, claim: Claim) -> Button:
    return Button(view.t("Answer"), view.token("answer", claim.id), "primary", opens_form=True)


def decision_note(view: View, decision: Decision, *, standing: bool = False) -> Note:
    """Who decided what, and for whom. ``standing``: as it was said before it was taken back."""
    when = show_moment(decision.at, view.zone)
    sentences: dict[str, tuple[str, Tone]] = {
        "approved": ("Approved by {who} ({when})", "good"),
        "returned": ("Sent back by {who} ({when}): {reason}", "doubt"),
        "rejected": ("Rejected by {who} ({when}): {reason}", "bad"),
    }
    text, tone = sentences[decision.verdict]
    who = decision.member.name
    if decision.for_member is not None:
        who = view.t("{delegate} for {name}", delegate=who, name=decision.for_member.name)
    said = view.t(text, who=who, when=when, reason=decision.reason)
    if decision.undone_at is None or standing:
        return Note(said, tone)
    return Note(view.t("{what} – taken back ({when})", what=said, when=show_moment(decision.undone_at, view.zone)))


def decided(view: View, claim: Claim, decision: Decision) -> Card:
    """The news to the applicant. A returned claim comes with what to do next, so does a trip that may be made."""
    note = decision_note(view, decision)
    title = f"#{claim.number} {note.text}"
    buttons: tuple[Button, ...] = ()
    opens, request = Button(view.t("Open"), view.token("open", claim.id)), claim.kind == "request"
    if decision.verdict == "returned":
        edit = Button(view.t("Edit"), view.token("edit", claim.id, claim.version), "primary", opens_form=True)
        buttons = (*((edit,) if request or len(claim.expenses) == 1 else ()), opens)
    elif request and claim.state == "approved":
        buttons = (opens,)
    return Card(title=title, tone=note.tone, lead=f"{called(view, claim)} {sums([claim])}".strip(), buttons=buttons)
