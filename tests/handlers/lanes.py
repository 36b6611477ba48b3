"""A house with a lane in it: two administrators, an accountant, and receipts whose arithmetic is proved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from stdnum.jp import cn

from handlers.chat import Card, Commanded, FileRef, Said
from handlers.lane import draw, rules
from ocr.reading import Field, Reading
from storage.models import AuditEvent, Claim, LaneDecision, LaneDraw, LaneRule, Member, Organization, StatementRow
from tests.handlers.house import House, PaperReader, reading
from tests.handlers.waiting import at, change

NUMBER = "T6012345678901"


def proved(amount: int) -> Reading:
    """A receipt with everything on it: what the tax says agrees with the total."""
    plain = reading(payee=f"喫茶 {amount}", amount=amount)
    total = Field(amount, 0.95, evidence=(f"label: 合計 {amount}", f"taxes: {amount}"))
    return replace(plain, total=total, registration_number=Field(number_of(amount), 1.0))


def number_of(amount: int) -> str:
    """Each amount is another shop's, for what one shop sells on a day counts together."""
    body = f"{amount:012d}"
    return NUMBER if amount == 1280 else f"T{cn.calc_check_digit(body)}{body}"


class ProvedReader(PaperReader):
    """Every file reads as a proved receipt of the amount that is written in it; ``odd`` changes the readings."""

    def __init__(self) -> None:
        self.odd: dict[str, object] = {}

    def read(self, data: bytes) -> tuple[Reading, ...]:
        return (replace(proved(int(data.decode().split("-")[0])), **self.odd),)  # type: ignore[arg-type]


def prepared(house: House) -> None:
    """A Tuesday; ``a`` and ``s`` are administrators, ``c`` keeps the books; proved receipts."""
    at(house, 11, 24, 10)
    makes_administrators(house)
    change(house, "c", roles=["accountant"])


def makes_administrators(house: House) -> None:
    """``a`` and ``s``; and receipts that prove themselves."""
    house.services.reader = ProvedReader()
    change(house, "s", roles=["approver", "admin"])


def stands(
    house: House, *categories: str, most: int = 5000, share: int = 100, statement: bool = False, by: str = "a"
) -> None:
    """A lane in force since now, with the draws of this month and the next."""
    now = house.services.clock()
    with house.services.db.transaction(house.organization_id) as session:
        people = {member.name: member.id for member in session.scalars(select(Member))}
        row = LaneRule(
            categories=sorted(categories or ("meeting",)),
            max_amount=most,
            audit_share=share,
            wants_statement=statement,
            state="active",
            proposed_by=people[by],
            confirmed_by=people["s" if by == "a" else "a"],
            created_at=now,
            active_from=now,
        )
        session.add(row)
        rules.prepare(session, house.services.keys, session.get_one(Organization, house.organization_id), now)


def opens(house: House, terms: str = "category=会議費 max=5000 audit=1% statement=no") -> None:
    """The same as people do it: proposed by one administrator, confirmed by the other."""
    house.does("a", Commanded(f"lane open {terms}"))
    house.taps("s", house.button("s", "Confirm"))
    assert lane_rules(house)[-1].state == "active", house.last("s")


def sends(house: House, user: str, amount: int, *, note: str = "打合せ", copy: str = "") -> None:
    """A proved receipt with its purpose. ``copy``: other bytes of the same receipt."""
    name = f"lane-{user}-{amount}{copy}-{len(house.paper.files)}"
    house.paper.files[name] = f"{amount}{copy and '-' + copy}".encode()
    house.does(user, Said(text=note, files=(FileRef(name, message=name),)))


def hands_in(house: House, user: str, amount: int, *, note: str = "打合せ", copy: str = "") -> Claim:
    """The same, submitted; the claim as it is then."""
    sends(house, user, amount, note=note, copy=copy)
    house.taps(user, house.button(user, "Submit"))
    return house.claims()[-1]


def fixes_seed(house: House, month: str, share: int, *, drawn: bool, claim_id: str) -> None:
    """Let the month's draw fall as a test wants it: another seed, of those that people could have got by chance."""
    number = next(n for n in range(10**6) if draw.drawn(draw.draw_of(_seed(n), claim_id), share) is drawn)
    with house.services.db.transaction(house.organization_id) as session:
        row = session.scalars(select(LaneDraw).filter_by(month=month)).one()
        row.seed, row.commitment = house.services.keys.encrypt(_seed(number).hex()), draw.commitment_of(_seed(number))


def _seed(number: int) -> bytes:
    return number.to_bytes(draw.SEED_BYTES, "big")


# --- looking ----------------------------------------------------------------------------------------------------------


def lane_rules(house: House) -> list[LaneRule]:
    with house.services.db.snapshot(house.organization_id) as session:
        return list(session.scalars(select(LaneRule).order_by(LaneRule.created_at, LaneRule.id)))


def decisions(house: House) -> list[LaneDecision]:
    with house.services.db.snapshot(house.organization_id) as session:
        query = select(LaneDecision).join(Claim, Claim.id == LaneDecision.claim_id)
        return list(session.scalars(query.order_by(Claim.number, LaneDecision.round)))


def links(house: House, action: str) -> list[AuditEvent]:
    with house.services.db.snapshot(house.organization_id) as session:
        return list(session.scalars(select(AuditEvent).filter_by(action=action).order_by(AuditEvent.sequence)))


def words(card: Card) -> str:
    """Everything that stands on a card."""
    parts = [card.title, card.lead, card.footer, *(note.text for note in card.notes)]
    parts += [f"{field.label}: {field.value}" for field in card.fields]
    parts += [f"{row.title} {row.detail} {row.value}" for row in card.rows]
    return "\n".join(part for part in parts if part)


def later(house: House, days: int) -> None:
    """So many days go by."""
    moment = house.services.clock() + dt.timedelta(days=days)
    house.services.clock = lambda: moment


def statement_row(house: House, claim: Claim) -> None:
    """The row of a statement that the claim's expense is the payment of."""
    expense = claim.expenses[0]
    with house.services.db.transaction(house.organization_id) as session:
        session.add(
            StatementRow(
                key=f"row-{claim.number}",
                member_id=claim.member_id,
                kind="card",
                date=expense.date,
                amount=expense.amount,
                expense_id=expense.id,
                imported_at=house.services.clock(),
            )
        )
