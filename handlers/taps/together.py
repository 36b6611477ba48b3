"""What the buttons of drafts that go together do: show the list, put them together, submit them as one."""

from __future__ import annotations

from handlers import cards, commands, together
from handlers.actions import Action
from handlers.approvals import bulk
from handlers.cards import findings
from handlers.cards import together as shown
from handlers.cards.waiting import OWNER
from handlers.chat import Tapped
from handlers.claims import EDITABLE
from handlers.commands.together import told
from handlers.errors import NotAllowed
from handlers.screen import hand_in, put
from handlers.turn import Turn
from storage.models import Claim


def _list(turn: Turn, _action: Action, _tap: Tapped) -> None:
    commands.run(turn, "together", {})


def _submit(turn: Turn, action: Action, _tap: Tapped) -> None:
    """One claim of all, handed in. Where a reason is asked for first they are together, and wait for it as a draft."""
    drafts = _agreed(turn, action)
    if not drafts:
        return
    claim = _put_together(turn, drafts)
    if findings.unanswered(claim) and not turn.capabilities.has_forms:
        turn.tell(shown.merged(turn.view, claim, [draft.number for draft in drafts[1:]]))
    hand_in(turn, claim, claim.version)
    if claim.state in EDITABLE:
        put(turn, claim, quietly=True)
    elif turn.capabilities.can_edit:
        turn.tell(shown.submitted(turn.view, claim, len(drafts)))


def _merge(turn: Turn, action: Action, _tap: Tapped) -> None:
    drafts = _agreed(turn, action)
    if not drafts:
        return
    claim = _put_together(turn, drafts)
    put(turn, claim, quietly=True)
    slot = f"open:{claim.id}:{turn.incoming.event_id}"[:255]
    turn.show(slot, cards.claim_for_applicant(turn.view, claim), subject=f"claim:{claim.id}")


def _agreed(turn: Turn, action: Action) -> list[Claim]:
    """The drafts of the list as they were looked at; none where something has changed, which is then told."""
    if action.subject != turn.member.id[:OWNER]:
        raise NotAllowed("This list is not yours.")
    seen = together.as_seen(turn, bulk.unpack(action.extra))
    if not seen.out and len(seen.drafts) >= together.LEAST:
        return seen.drafts
    # no refusal: what the rules found anew stays on the drafts and their cards
    turn.tell(shown.stale(turn.view, told(turn, seen)))
    return []


def _put_together(turn: Turn, drafts: list[Claim]) -> Claim:
    claim = together.merge(turn, drafts)
    for draft in drafts[1:]:
        put(turn, draft, quietly=True)
    return claim


TAPS = {"together": _list, "together_submit": _submit, "together_merge": _merge}
