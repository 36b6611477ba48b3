"""Reckoning a month's draw again from the audit chain alone, and holding the tables against it.

Whoever has the chain can do the same: the commitment is the SHA-256 of the seed, a draw is the HMAC-SHA256 of a claim's
id under it. What is found here is what somebody would have had to change: a seed that is not the committed one, a draw
that is another claim's, a claim that passed though it was drawn, a decision that was dropped or added, a rule that only
one person put in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.lane import draw, verdicts
from storage import audit
from storage.models import AuditEvent, LaneDecision, LaneDraw


@dataclass(frozen=True)
class Drawn:
    """One decision as the chain has it. ``sequence`` is its link's."""

    sequence: int
    claim_id: str
    number: int
    round: int
    rule_id: str
    share: int
    draw: str
    carried: str
    audited: bool


@dataclass
class Proof:
    """A month. ``seed`` is empty until it is revealed; ``wrong`` has a sentence for everything that does not hold."""

    month: str
    commitment: str = ""
    seed: str = ""
    decisions: list[Drawn] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def audited(self) -> int:
        return sum(decision.audited for decision in self.decisions)

    def as_json(self) -> dict[str, Any]:
        """Everything that it takes to reckon the month elsewhere."""
        return {
            "month": self.month,
            "commitment": self.commitment,
            "seed": self.seed,
            "decisions": [vars(decision) for decision in self.decisions],
            "wrong": self.wrong,
        }


@dataclass
class Chain:
    """What the audit chain says of the lane. Lists hold (sequence, value) in the order of the links."""

    committed: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    revealed: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    drew: dict[str, list[Drawn]] = field(default_factory=lambda: defaultdict(list))
    first_seen: dict[str, int] = field(default_factory=dict)
    reopened: set[tuple[str, int]] = field(default_factory=set)
    approved: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)  # by claim and sequence
    proposed: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    in_force: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)  # since when, and its terms
    ended: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def read(links: Iterable[AuditEvent]) -> Chain:
        chain = Chain()
        for link in links:
            chain._take(link)
        return chain

    def _take(self, link: AuditEvent) -> None:
        kind, _, subject = link.subject.partition(":")
        if kind == "claim":
            self.first_seen.setdefault(subject, link.sequence)
        match link.action:
            case "lane.committed":
                self.committed[link.data["month"]].append((link.sequence, link.data["commitment"]))
            case "lane.revealed":
                self.revealed[link.data["month"]].append((link.sequence, link.data["seed"]))
            case "lane.drew":
                data = link.data
                self.drew[data["month"]].append(
                    Drawn(
                        link.sequence,
                        subject,
                        data["number"],
                        data["round"],
                        data["rule"],
                        data["share"],
                        data["draw"],
                        data["carried"],
                        data["audited"],
                    )
                )
            case "lane.reopened":
                self.reopened.add((subject, link.data["round"]))
            case "claim.approved" if link.actor == "rule":
                self.approved[subject, link.sequence] = link.data
            case "lane.proposed":
                self.proposed[subject] = (link.actor, link.data)
            case "lane.confirmed" | "lane.narrowed":
                self._put_in_force(link, subject)

    def _put_in_force(self, link: AuditEvent, rule_id: str) -> None:
        """A rule counts that two people agreed on, or one that is narrower than such a rule."""
        proposer, terms = self.proposed.get(rule_id, ("", link.data))
        by_two = link.action == "lane.confirmed" and proposer not in ("", link.actor) and terms == link.data
        narrower = link.action == "lane.narrowed" and link.data["replaces"] in self.in_force
        if not by_two and not narrower:
            return
        if link.data["act"] != "close":
            self.in_force[rule_id] = (link.sequence, link.data)
        if link.data["replaces"]:
            self.ended[link.data["replaces"]] = link.sequence


def months(session: Session) -> list[str]:
    """Every month that a draw was committed for."""
    return list(session.scalars(select(LaneDraw.month).order_by(LaneDraw.month)))


def prove(session: Session, month: str) -> Proof:
    """The month reckoned again. The chain itself is checked by ``storage.audit.verify``."""
    chain = Chain.read(audit.links(session))
    proof = Proof(month, decisions=chain.drew.get(month, []))
    _seed(proof, chain)
    for decision in proof.decisions:
        proof.wrong += [f"#{decision.number}: {why}" for why in _of_one(decision, proof, chain)]
    proof.wrong += _tables(session, proof, chain)
    return proof


def _seed(proof: Proof, chain: Chain) -> None:
    commitments, seeds = chain.committed.get(proof.month, []), chain.revealed.get(proof.month, [])
    if len(commitments) != 1:
        proof.wrong.append(f"the draw was committed {len(commitments)} times instead of once")
    proof.commitment = commitments[0][1] if commitments else ""
    if len(seeds) > 1:
        proof.wrong.append(f"the seed was revealed {len(seeds)} times instead of once")
    if not seeds:
        return
    proof.seed = seeds[0][1]
    if draw.commitment_of(bytes.fromhex(proof.seed)) != proof.commitment:
        proof.wrong.append("the seed is not the one that was committed")
    if any(decision.sequence > seeds[0][0] for decision in proof.decisions):
        proof.wrong.append("a claim was drawn after the seed was revealed")


def _of_one(decision: Drawn, proof: Proof, chain: Chain) -> Iterable[str]:
    committed_at = next((sequence for sequence, _ in chain.committed.get(proof.month, [])), 0)
    if chain.first_seen[decision.claim_id] < committed_at:
        yield "the claim was there before the draw was committed"
    yield from _of_its_rule(decision, chain)
    if proof.seed and draw.draw_of(bytes.fromhex(proof.seed), decision.claim_id) != decision.draw:
        yield "its draw is not the one of this seed and claim"
    if decision.audited != (bool(decision.carried) or draw.drawn(decision.draw, decision.share)):
        yield "it passed though it was drawn" if not decision.audited else "it was audited though it was not drawn"
    if decision.carried and not _was_looked_at(decision, chain):
        yield "the claim whose draw it carries on was not drawn"


def _of_its_rule(decision: Drawn, chain: Chain) -> Iterable[str]:
    since, terms = chain.in_force.get(decision.rule_id, (0, {}))
    if not since or since > decision.sequence:
        yield "its rule was not put in force by two administrators"
        return
    if chain.ended.get(decision.rule_id, decision.sequence) < decision.sequence:
        yield "its rule was not in force any more"
    if terms["share"] != decision.share:
        yield "its audit share is not that of its rule"
    expenses = chain.approved.get((decision.claim_id, decision.sequence + 1), {}).get("expenses", ())
    if sum(one.get("yen", one["amount"]) for one in expenses) > terms["max"]:
        yield "it came to more than its rule allows"
    if {one["category"] for one in expenses} - set(terms["categories"]):
        yield "its category is not one of its rule"


def _was_looked_at(decision: Drawn, chain: Chain) -> bool:
    earlier = [
        one
        for drawn in chain.drew.values()
        for one in drawn
        if one.claim_id == decision.carried and one.sequence < decision.sequence
    ]
    return any(one.audited or (one.claim_id, one.round) in chain.reopened for one in earlier)


def _tables(session: Session, proof: Proof, chain: Chain) -> Iterable[str]:
    """Where the tables say something else than the chain."""
    row = session.scalars(select(LaneDraw).filter_by(month=proof.month)).first()
    if row is None or row.commitment != proof.commitment:
        yield "the table has another commitment than the chain"
    elif proof.seed and row.seed != proof.seed:
        yield "the table has another seed than the chain"
    known = {(d.claim_id, d.round): d for d in proof.decisions}
    rows = {(r.claim_id, r.round): r for r in session.scalars(select(LaneDecision).filter_by(month=proof.month))}
    for key, decision in known.items():
        kept = rows.get(key)
        if kept is None:
            yield f"#{decision.number}: its decision is missing in the table"
        elif kept.draw != decision.draw or kept.rule_id != decision.rule_id:
            yield f"#{decision.number}: its decision was changed in the table"
        elif kept.state == verdicts.PASSED and decision.audited:
            yield f"#{decision.number}: it passed though it was drawn"
    for claim_id, _ in rows.keys() - known.keys():
        yield f"claim {claim_id}: a decision that the chain does not know"
    passed = {(d.claim_id, d.sequence + 1) for drawn in chain.drew.values() for d in drawn if not d.audited}
    if proof.decisions:
        yield from (
            f"claim {claim_id}: approved by the rules without a draw"
            for claim_id, sequence in chain.approved
            if (claim_id, sequence) not in passed
        )
