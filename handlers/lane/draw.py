"""Who is looked at: a draw that is fixed before the claims are known, and that anybody can reckon again afterwards.

For every month there is a seed of 32 random bytes. Its SHA-256, the *commitment*, stands in the audit chain before any
claim of the month can be drawn; the seed itself is encrypted until the month is over, and then stands in the chain,
too. A claim's draw is HMAC-SHA256 with the seed as key and the claim's id as message, read as a number below 2²⁵⁶; it
is looked at when that number is below the audit share of 2²⁵⁶. Without the seed the draws of a month are as good as
dice; with it, nobody can claim another result.

Only the id enters: neither what is on the claim nor when or how often it is handed in changes its draw. A new claim
for the same receipt has a new draw, but once one was drawn, the receipt stays drawn (``verdicts.carried``).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.keys import Keys
from storage import audit
from storage.models import LaneDraw, Organization

SEED_BYTES = 32
WHOLE = 10_000  # audit shares are counted in ten-thousandths


def month_of(moment: datetime, zone: str) -> str:
    """``2026-11``: the month of a moment by the organisation's calendar."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m}"


def following(month: str) -> str:
    """The month after."""
    return f"{_first_day_after(month):%Y-%m}"


def bounds(month: str, zone: str) -> tuple[datetime, datetime]:
    """The moments at which a month begins and ends (its end is the beginning of the next)."""
    first, after = date.fromisoformat(f"{month}-01"), _first_day_after(month)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)) for day in (first, after))
    return begin, end


def _first_day_after(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1)


# --- reckoning --------------------------------------------------------------------------------------------------------


def commitment_of(seed: bytes) -> str:
    """SHA-256 of the seed, in hexadecimal."""
    return hashlib.sha256(seed).hexdigest()


def draw_of(seed: bytes, claim_id: str) -> str:
    """HMAC-SHA256 of the claim's id under the seed, in hexadecimal."""
    return hmac.new(seed, claim_id.encode(), hashlib.sha256).hexdigest()


def drawn(draw: str, share: int) -> bool:
    """Whether a draw is below the audit share (ten-thousandths); by whole numbers, so that everybody agrees."""
    return int(draw, 16) * WHOLE < share << 256


# --- rows -------------------------------------------------------------------------------------------------------------


def commit(session: Session, keys: Keys, month: str, now: datetime) -> LaneDraw:
    """The month's draw; where there is none yet its seed is made and its commitment goes into the audit chain."""
    row = session.scalars(select(LaneDraw).filter_by(month=month)).first()
    if row is not None:
        return row
    _one_at_a_time(session)
    row = session.scalars(select(LaneDraw).filter_by(month=month)).first()
    if row is not None:
        return row
    seed = secrets.token_bytes(SEED_BYTES)
    row = LaneDraw(month=month, commitment=commitment_of(seed), seed=keys.encrypt(seed.hex()), created_at=now)
    session.add(row)
    session.flush()
    data = {"month": month, "commitment": row.commitment}
    audit.record(session, actor="system", action="lane.committed", subject=f"lane:{month}", data=data)
    return row


def seed_of(keys: Keys, row: LaneDraw) -> bytes:
    """The seed, whether revealed or not. ValueError when it was encrypted with another secret key."""
    return bytes.fromhex(row.seed if row.revealed_at is not None else keys.decrypt(row.seed))


def reveal(session: Session, keys: Keys, row: LaneDraw, now: datetime) -> bool:
    """Put the seed of a month that is over into the audit chain; False when that was done before."""
    _one_at_a_time(session)
    session.refresh(row)
    if row.revealed_at is not None:
        return False
    row.seed, row.revealed_at = seed_of(keys, row).hex(), now
    session.flush()
    data = {"month": row.month, "commitment": row.commitment, "seed": row.seed}
    audit.record(session, actor="system", action="lane.revealed", subject=f"lane:{row.month}", data=data)
    return True


def _one_at_a_time(session: Session) -> None:
    """The audit chain's own lock, taken before anything else, so that nobody waits for anybody in a circle."""
    home = session.info["organization_id"]
    session.execute(select(Organization.id).where(Organization.id == home).with_for_update())
