"""The audit chain as an administrator watches it: each new link in words, and whether the chain still holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.texts import t
from storage import audit
from storage.models import AuditEvent, Claim, Member

_RECENT = 30


def action_words(locale: str) -> dict[str, str]:
    """What an action of the chain is called on screen."""
    return {
        "member.added": t(locale, "Member added"),
        "member.changed": t(locale, "Member changed"),
        "identity.linked": t(locale, "Account linked"),
        "identity.code_issued": t(locale, "Link code issued"),
        "platform.installed": t(locale, "Chat installed"),
        "platform.removed": t(locale, "Chat removed"),
        "member.removed": t(locale, "Member removed"),
        "receipt.kept": t(locale, "Receipt kept"),
        "receipt.duplicate": t(locale, "Second copy of a receipt"),
        "receipt.withdrawn": t(locale, "Receipt taken back"),
        "claim.receipt_attached": t(locale, "Photo put on an expense"),
        "rate.set": t(locale, "Exchange rate registered"),
        "claim.drafted": t(locale, "Draft made"),
        "claim.corrected": t(locale, "Claim corrected"),
        "claim.submitted": t(locale, "Claim submitted"),
        "claim.withdrawn": t(locale, "Claim withdrawn"),
        "claim.cancelled": t(locale, "Claim deleted"),
        "claim.merged": t(locale, "Claims put together"),
        "claim.divided": t(locale, "Claim divided"),
        "claim.split": t(locale, "Receipt divided into lines"),
        "claim.joined": t(locale, "Receipt put together again"),
        "claim.private_share": t(locale, "Private share"),
        "claim.reassigned": t(locale, "Claim given to another approver"),
        "claim.approved": t(locale, "Claim approved"),
        "claim.returned": t(locale, "Claim sent back"),
        "claim.rejected": t(locale, "Claim rejected"),
        "claim.agreed": t(locale, "Step approved"),
        "claim.undone": t(locale, "Decision taken back"),
        "claim.exported": t(locale, "Claim exported"),
        "claim.paid": t(locale, "Claim paid"),
        "budgets.imported": t(locale, "Budget lines imported"),
        "claim.escalated": t(locale, "Next above asked"),
        "claim.reasons": t(locale, "Reason given"),
        "claim.viewed": t(locale, "Claim looked at"),
        "commuter.imported": t(locale, "Commuter passes imported"),
        "fares.imported": t(locale, "Fares imported"),
        "lesson.forgotten": t(locale, "Lesson undone"),
        "lesson.learned": t(locale, "Correction learned"),
        "policy.ended": t(locale, "Rule ended"),
        "policy.written": t(locale, "Rule set"),
        "reminders.set": t(locale, "Reminders changed"),
        "travel.cell_confirmed": t(locale, "Travel figure confirmed"),
        "travel.pack_chosen": t(locale, "Travel rules chosen"),
        "travel.pack_imported": t(locale, "Travel rules imported"),
        "trip.cancelled": t(locale, "Trip called off"),
        "trip.corrected": t(locale, "Trip corrected"),
        "advance.paid": t(locale, "Advance paid out"),
        "advance.returned": t(locale, "Rest of an advance given back"),
        "route.added": t(locale, "Route added"),
        "route.removed": t(locale, "Route removed"),
        "route.moved": t(locale, "Routes reordered"),
        "post.changed": t(locale, "Post changed"),
        "post.removed": t(locale, "Post removed"),
        "lane.proposed": t(locale, "Lane proposed"),
        "lane.confirmed": t(locale, "Lane confirmed"),
        "lane.refused": t(locale, "Lane refused"),
        "lane.withdrawn": t(locale, "Lane proposal withdrawn"),
        "lane.narrowed": t(locale, "Lane narrowed"),
        "lane.committed": t(locale, "Lane draw committed"),
        "lane.drew": t(locale, "Lane draw"),
        "lane.revealed": t(locale, "Lane seed revealed"),
        "lane.reopened": t(locale, "Lane decision reopened"),
        "message.retried": t(locale, "Message tried again"),
        "message.undeliverable": t(locale, "Message could not be delivered"),
    }


@dataclass
class Trail:
    """One page's view of one organisation's chain. Looked at from the start once, then link by link."""

    organization_id: str
    locale: str
    length: int = 0
    broken: int = 0
    _hash: str = audit.START
    _started: bool = False
    _names: dict[str, str] = field(default_factory=dict)

    def news(self, session: Session) -> dict[str, Any] | None:
        """What the strip has to show now, or None when nothing is new.

        ``{organization, length, broken, fresh, lines: [{sequence, at, action, who, what, hash}]}``; ``broken`` is the
        first link that does not hold, 0 while the chain is whole.
        """
        if not self._started:
            return self._begin(session)
        if self.broken:
            return None
        links = list(audit.links(session, after=self.length))
        if not links:
            return None
        for link in links:
            if not self._follows(link):
                self.broken = self.length + 1
                break
            self.length, self._hash = link.sequence, link.hash
        return self._message(session, links, fresh=True)

    def _begin(self, session: Session) -> dict[str, Any]:
        self._started = True
        self.length, gap = audit.verify(session)
        self.broken = gap.sequence if gap else 0
        recent = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(_RECENT)).all()
        last = next((link for link in recent if link.sequence == self.length), None)
        self._hash = last.hash if last else audit.START
        return self._message(session, list(reversed(recent)), fresh=False)

    def _follows(self, link: AuditEvent) -> bool:
        if link.sequence != self.length + 1 or link.previous != self._hash:
            return False
        return link.hash == audit.link_hash(
            self.organization_id,
            link.sequence,
            link.at,
            link.actor,
            link.action,
            link.subject,
            link.data,
            link.previous,
        )

    def _message(self, session: Session, links: list[AuditEvent], *, fresh: bool) -> dict[str, Any]:
        words = action_words(self.locale)
        lines = [
            {
                "sequence": link.sequence,
                "at": link.at,
                "action": link.action,
                "who": self._who(session, link.actor),
                "what": self._what(session, words, link),
                "hash": link.hash,
            }
            for link in links
        ]
        return {
            "organization": self.organization_id,
            "length": self.length,
            "broken": self.broken,
            "fresh": fresh,
            "lines": lines,
        }

    def _who(self, session: Session, actor: str) -> str:
        if actor not in self._names:
            member = session.get(Member, actor)
            self._names[actor] = member.name if member else t(self.locale, "System")
        return self._names[actor]

    def _what(self, session: Session, words: dict[str, str], link: AuditEvent) -> str:
        what = words.get(link.action, link.action)
        kind, _, key = link.subject.partition(":")
        if kind == "claim" and (claim := session.get(Claim, key)) is not None:
            return f"{what} #{claim.number}"
        if kind == "member" and (member := session.get(Member, key)) is not None:
            return f"{what}: {member.name}"
        return what
