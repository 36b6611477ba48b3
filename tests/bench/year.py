"""``make bench-rules``: a year of claims of 200 people, with violations planted in it; what the rules find of them.

Every claim is checked on the day it is handed in, against what was handed in before. Of each rule: how many planted
violations it found, how many near misses it let pass, and on how many clean claims it spoke. Of duplicates: what was
found by kind. The pictures are drawn, changed and read by the real reader (``year_pictures``). Writes its part of
docs/benchmarks.md. The rules were built on another seed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import budgets, duplicates, policies, rates
from handlers.budgets.lines import company_code
from handlers.claims import facts
from handlers.policies import RULES, rate_missing
from handlers.rates.table import Quote, save
from storage.db import EVERY_ORGANIZATION
from storage.models import (
    Budget,
    Claim,
    CommuterPass,
    Expense,
    Member,
    Organization,
    Policy,
    Receipt,
    StatementRow,
    Trip,
)
from tests import databases
from tests.bench import report, year_again, year_life, year_pictures, year_planted
from tests.bench.year_life import Bill, Sheet
from tests.bench.year_planted import Hand

SEED = 20261123
ZONE = ZoneInfo("Asia/Tokyo")
TEAM = 10
REQUESTS = 1_000_000  # numbers of the requests that trips settle
DUPLICATES = ("duplicate-picture", "duplicate-facts", "duplicate-statement", year_again.BYTES)


@dataclass
class Tally:
    """Counts by rule; ``shapes`` of duplicates: planted and found by kind."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    clean_expenses: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    shapes: dict[str, Counter[str]] = field(default_factory=lambda: {"planted": Counter(), "found": Counter()})
    seconds: list[float] = field(default_factory=list)

    def add(self, sheet: Sheet, rules: set[str]) -> None:
        if sheet.planted:
            self.planted[sheet.planted] += 1
            self.found[sheet.planted] += sheet.planted in rules
            self.shapes["planted"][f"{sheet.planted}: {sheet.shape}"] += 1
            self.shapes["found"][f"{sheet.planted}: {sheet.shape}"] += sheet.planted in rules
        elif sheet.near:
            self.near[sheet.near] += 1
            self.wrong[sheet.near] += sheet.near in rules
            if sheet.shape:
                self.shapes["planted"][f"near {sheet.near}: {sheet.shape}"] += 1
                self.shapes["found"][f"near {sheet.near}: {sheet.shape}"] += sheet.near in rules
        else:
            self.clean += 1
            self.clean_expenses += len(sheet.bills)
            self.alarms.update(rules)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the rules on a generated year.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--each", type=int, default=24, help="clean expenses of a person")
    parser.add_argument("--planted", type=int, default=20, help="violations and near misses of each rule")
    parser.add_argument("--pictures", type=int, default=20, help="receipts drawn, each sent again in changed shapes")
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measured(Path(folder), wanted)
    if wanted.write:
        report.replace_part("rules", text)
    print(text)


def measured(folder: Path, wanted: argparse.Namespace) -> str:
    rng, tally = Random(f"year {wanted.seed}"), Tally()
    town = year_life.shops(rng)
    called = year_life.names(wanted.people)
    hand = Hand(rng, town, wanted.people, lambda person: called[_manager(person)])
    sheets = [
        *year_life.life(rng, town, wanted.people, wanted.each),
        *year_again.everything(rng, town, wanted.people, wanted.planted),
        *year_planted.planted(hand, wanted.planted),
    ]
    began = time.perf_counter()
    database = databases.sqlite()
    with database.transaction(EVERY_ORGANIZATION) as session:
        home, members = _organization(session, called)
        session.info["organization_id"] = home.id
        for number, sheet in enumerate(year_planted.in_order(sheets), 1):
            _hand_in(session, home, members, number, sheet, tally, misses=wanted.misses)
    seconds = time.perf_counter() - began
    parts = [
        "## Rules",
        f"`make bench-rules` — {report.machine()}; {wanted.people} people, {len(sheets)} claims with "
        f"{sum(len(sheet.bills) for sheet in sheets)} expenses, seed {wanted.seed}. "
        f"{tally.clean} claims ({tally.clean_expenses} expenses) are clean.",
        _rules_table(tally),
        "### Duplicates",
        _duplicates_table(tally),
    ]
    if wanted.pictures:
        parts += ["### Pictures", year_pictures.measured(folder, wanted.seed, wanted.pictures, misses=wanted.misses)]
    half = sorted(tally.seconds[len(tally.seconds) // 2 :])
    parts.append(
        f"All rules on one claim, in the second half of the year: median {1000 * report.quantile(half, 0.5):.0f} ms, "
        f"95 % within {1000 * report.quantile(half, 0.95):.0f} ms (SQLite; {seconds:.0f} s for the year)."
    )
    database.close()
    return "\n\n".join(parts)


def _manager(person: int) -> int:
    """The first of a team decides for it, and the next team's first for them."""
    first = person // TEAM * TEAM
    return first if person != first else 0 if first else 1


def _organization(session: Session, called: list[str]) -> tuple[Organization, list[Member]]:
    now = dt.datetime(2025, 10, 1, tzinfo=dt.UTC)
    home = Organization(name="青葉町", settings={}, created_at=now)
    session.add(home)
    session.flush()
    members = [
        Member(organization_id=home.id, name=name, email=f"m{n}@example.jp", roles=["employee"], created_at=now)
        for n, name in enumerate(called)
    ]
    session.add_all(members)
    session.flush()
    for person, member in enumerate(members):
        member.manager_id = members[_manager(person)].id
    for rule, values in year_planted.POLICIES:
        session.add(
            Policy(
                organization_id=home.id,
                rule=rule,
                strength="reason",
                parameters=values,
                valid_from=dt.date(2025, 4, 1),
                created_at=now,
            )
        )
    session.flush()
    return home, members


def _hand_in(
    session: Session,
    home: Organization,
    members: list[Member],
    number: int,
    sheet: Sheet,
    tally: Tally,
    *,
    misses: bool,
) -> None:
    """The claim as the bot would have it, checked on its day; then it is approved."""
    at = dt.datetime.combine(sheet.on, dt.time(10), ZONE) + dt.timedelta(seconds=number)
    member = members[sheet.person]
    member.grade = sheet.grade
    claim = Claim(number=number, member_id=member.id, purpose=sheet.purpose, created_at=at)
    if sheet.trip:
        starts, ends = sheet.trip
        trip = Trip(member_id=member.id, starts=starts, ends=ends, nights=sheet.nights, created_at=at)
        session.add(trip)
        session.flush()
        claim.trip_id = trip.id
        if sheet.nights and sheet.asked:
            before = {"number": REQUESTS + number, "kind": "request", "state": "approved", "created_at": at}
            request = Claim(member_id=member.id, trip_id=trip.id, **before)
            session.add(request)
            session.flush()
            claim.request_id = request.id
    if sheet.budget is not None:
        claim.project = f"計画{number}"
        session.add(_budget(claim.project, sheet))
    session.add(claim)
    session.flush()
    rules: set[str] = set()
    for position, bill in enumerate(sheet.bills):
        expense = _expense(claim, bill, position)
        if bill.paper is not None:
            receipt = _receipt(member, bill, at, f"{number}:{position}")
            session.add(receipt)
            session.flush()
            expense.receipt_id = receipt.id
            if duplicates.blocking(session, receipt) is not None:
                rules.add(year_again.BYTES)  # the bot makes no draft of it
        session.add(expense)
    for n, row in enumerate(sheet.rows):
        values = {"payee": "", **row}
        session.add(StatementRow(key=f"{number}:{n}", member_id=member.id, imported_at=at, **values))
    if sheet.home:
        session.add(
            CommuterPass(
                member_id=member.id, stations=[sheet.home, "風見"], valid_from=sheet.on - dt.timedelta(40),
                valid_to=sheet.on + dt.timedelta(40),
            )
        )  # fmt: skip
    for currency, day in sheet.quotes:
        save(session, Quote(currency, day, Decimal(150), "bank"), by="admin", now=at)
    session.flush()
    session.refresh(claim)
    rates.reckon(session, claim, sheet.on, lambda day: rate_missing.terms(session, day))
    began = time.perf_counter()
    if year_again.BYTES not in rules:
        rules |= {finding.rule for finding in policies.evaluate(session, home, claim, sheet.on)}
    tally.seconds.append(time.perf_counter() - began)
    tally.add(sheet, rules)
    if misses:
        _tell(sheet, rules, claim)
    claim.state = "cancelled" if sheet.planted == year_again.BYTES else "approved"
    claim.submitted_at = at
    member.grade = ""
    session.flush()
    if number % 50 == 0:
        session.expire_all()


def _budget(project: str, sheet: Sheet) -> Budget:
    """A line that bears this claim and no other."""
    year = budgets.bearing_year(sheet.bills[0].day, sheet.on)
    at = dt.datetime.combine(sheet.on, dt.time(9), ZONE)
    code = company_code("", "", project)
    return Budget(year=year, code=code, project=project, amount=sheet.budget or 0, stopped=False, updated_at=at)


def _tell(sheet: Sheet, rules: set[str], claim: Claim) -> None:
    what = f"{sheet.planted or sheet.near} {sheet.shape}".strip()
    if sheet.planted and sheet.planted not in rules:
        print("missed", what, facts(claim)["expenses"])
    elif sheet.near and sheet.near in rules:
        print("wrongly found", what, facts(claim)["expenses"])
    elif not sheet.planted and not sheet.near and rules:
        print("alarm", sorted(rules), facts(claim)["expenses"])


def _expense(claim: Claim, bill: Bill, position: int) -> Expense:
    return Expense(
        claim_id=claim.id,
        position=position,
        kind=bill.kind,
        payee=bill.payee,
        date=bill.day,
        amount=bill.amount,
        taxes=[{"rate": "10", "tax": bill.amount * 10 // 110}] if bill.paper is not None else [],
        currency=bill.currency,
        registration_number=bill.number,
        category=bill.category,
        payment_method=bill.payment,
        description=bill.description,
        attendees=[dict(one) for one in bill.attendees],
        attendees_count=bill.persons,
        journey=dict(bill.journey),
        basis=dict(bill.basis),
    )


def _receipt(member: Member, bill: Bill, at: dt.datetime, source: str) -> Receipt:
    """A receipt with its reading, as the reader leaves it."""

    def said(value: Any) -> dict[str, Any]:
        return {"value": value}

    reading = {
        "kind": said(bill.reads),
        "issuer": said(bill.payee),
        "time": said(bill.time.isoformat() if bill.time else None),
        "items": said([{"name": name, "amount": amount} for name, amount in bill.items]),
        "lines": [{"text": text} for text in bill.paper or ()],
        "flags": list(bill.flags),
    }
    return Receipt(
        member_id=member.id,
        source=source,
        file={},
        address={},
        state="read",
        sha256=bill.sha256 or hashlib.sha256(source.encode()).hexdigest(),
        readings=[reading],
        arrived_at=at,
        read_at=at,
    )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "–"


def _rules_table(tally: Tally) -> str:
    rows = [
        [
            rule,
            _share(tally.found[rule], tally.planted[rule]),
            _share(tally.wrong[rule], tally.near[rule]),
            _share(tally.alarms[rule], tally.clean),
        ]
        for rule in RULES
        if rule not in DUPLICATES
    ]
    return report.table(["rule", "planted and found", "near misses wrongly found", "clean claims it spoke on"], rows)


def _duplicates_table(tally: Tally) -> str:
    kinds = [kind for kind in DUPLICATES if kind != "duplicate-picture"]
    rows = [
        [
            f"**{kind}**",
            _share(tally.found[kind], tally.planted[kind]),
            _share(tally.wrong[kind], tally.near[kind]),
            _share(tally.alarms[kind], tally.clean_expenses),
        ]
        for kind in reversed(kinds)
    ]
    for shape, count in sorted(tally.shapes["planted"].items()):
        rule, _, what = shape.partition(": ")
        if what:
            share = _share(tally.shapes["found"][shape], count)
            rows.append([what, "", share, ""] if rule.startswith("near ") else [what, share, "", ""])
    return report.table(["duplicates", "planted and found", "lookalikes wrongly found", "clean receipts"], rows)


if __name__ == "__main__":
    main()
