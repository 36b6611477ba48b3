"""Packs, passes and fares of an organisation: what is chosen, imported, confirmed, looked up and replayed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.errors import Refusal
from handlers.travel import (
    commuter,
    compute,
    context_of,
    facts_of,
    fare,
    fares,
    given,
    load,
    pack_for,
    replay,
    sheets,
    total,
)
from storage import audit
from storage.db import Database
from storage.models import AuditEvent, Claim, Expense, Fare, Member, PackCell, StatementRow, Trip

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
OURS = """
name = "our-town"
extends = "kaede-town"
title = "うちの町"
effective_from = 2026-04-01
[sources]
ordinance = "旅費条例 別表"
[lodging.flat]
outside = { yen = 12000, confidence = "verified", source = "ordinance" }
"""


@pytest.fixture
def session(database: Database, towns: tuple[str, str]) -> Iterator[Session]:
    with database.transaction(towns[0]) as opened:
        yield opened


@pytest.fixture
def member(session: Session) -> Member:
    made = Member(name="森 花子", email="hanako.mori@example.jp", grade="主事", roles=["admin"], created_at=NOW)
    session.add(made)
    session.flush()
    return made


def use(session: Session, name: str, day: date) -> None:
    load.use(session, name, day, by="system", now=NOW)


def trip(session: Session, member: Member, starts: date, nights: int, price: int, **more: Any) -> Trip:
    made = Trip(
        member_id=member.id,
        starts=starts,
        ends=date.fromordinal(starts.toordinal() + nights),
        nights=nights,
        **{"destination": "東京", "prefecture": "東京都", "legs": [], "options": {}, **more},
        lodging=[{"nights": nights, "place": None, "amount": price, "meals": None}] if nights else [],
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


# --- which pack -------------------------------------------------------------------------------------------------------


def test_the_day_of_departure_decides_between_packs(session: Session) -> None:
    use(session, "aoba-town", date(2025, 4, 1))
    use(session, "state-2026-04", date(2026, 4, 1))
    chosen = {day: pack_for(session, day) for day in (date(2025, 3, 31), date(2026, 3, 31), date(2026, 4, 1))}
    assert [pack.name if pack else None for pack in chosen.values()] == [None, "aoba-town", "state-2026-04"]


def test_of_any_choices_the_latest_before_the_departure_counts(session: Session) -> None:
    draw = random.Random(20261123)
    begins = date(2026, 4, 1).toordinal()
    chosen: dict[date, str] = {}
    for _ in range(12):
        day = date.fromordinal(begins + draw.randrange(60))
        chosen[day] = draw.choice(["state-2025-04", "state-2026-04", "aoba-town", "kaede-town"])
        use(session, chosen[day], day)
    for ordinal in range(begins - 3, begins + 65):
        departure = date.fromordinal(ordinal)
        latest = max((day for day in chosen if day <= departure), default=None)
        assert load.name_for(session, departure) == (chosen[latest] if latest else None)


def test_a_series_moves_on_by_itself_and_a_new_choice_of_a_day_replaces_the_old(session: Session) -> None:
    use(session, "aoba-town", date(2025, 4, 1))
    use(session, "state", date(2025, 4, 1))
    assert load.name_for(session, date(2026, 3, 31)) == "state-2025-04"
    assert load.name_for(session, date(2026, 4, 1)) == "state-2026-04"
    assert [chosen.pack for chosen in load.in_use(session)] == ["state"]


def test_a_trip_over_the_change_is_computed_by_its_departure(session: Session, member: Member) -> None:
    use(session, "state", date(2025, 4, 1))
    for starts, cap in ((date(2026, 3, 31), 19_000), (date(2026, 4, 1), 21_000)):
        over = trip(session, member, starts, 2, 50_000)
        pack = pack_for(session, over.starts)
        assert pack is not None
        lodging = next(item for item in compute(facts_of(over), pack) if item.kind == "lodging")
        assert lodging.amount == 2 * cap


@pytest.mark.parametrize(("name", "day"), [
    ("nowhere", date(2026, 4, 1)), ("state-2026-04", date(2026, 3, 31)), ("state", date(2025, 3, 31)),
])  # fmt: skip
def test_a_pack_that_is_not_there_or_not_in_force_is_refused(session: Session, name: str, day: date) -> None:
    with pytest.raises(Refusal):
        use(session, name, day)


# --- import, confirmation ---------------------------------------------------------------------------------------------


def test_an_imported_pack_is_one_like_the_others_and_comes_out_as_it_went_in(session: Session) -> None:
    load.import_pack(session, OURS, by="system", now=NOW)
    assert "our-town" in load.names(session)
    lodging = load.get(session, "our-town").lodging
    assert lodging is not None
    assert lodging.flat is not None
    assert (lodging.flat.inside.yen, lodging.flat.outside.yen) == (11_800, 12_000)
    assert load.text_of(session, "our-town") == OURS
    load.import_pack(session, OURS.replace("12000", "12500"), by="system", now=NOW)
    assert {cell.yen for cell in load.cells_of(load.get(session, "our-town"))} >= {12_500}


@pytest.mark.parametrize(("text", "why"), [
    (OURS.replace("our-town", "kaede-town"), "comes with the program"),
    (OURS.replace("kaede-town", "nowhere"), "nowhere"),
    (OURS.replace("kaede-town", "our-town"), "circle"), ("title = 1", "no name"), (OURS + "surprise = 1", "surprise"),
])  # fmt: skip
def test_a_pack_with_a_fault_is_refused_and_nothing_is_kept(session: Session, text: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        load.import_pack(session, text, by="system", now=NOW)
    assert "our-town" not in load.names(session)


def test_a_confirmed_figure_counts_and_is_in_the_audit_chain(session: Session, member: Member) -> None:
    before = load.confirm(session, "state-2026-04", "福島県", 9000, "官報", member=member, now=NOW)
    assert (before.yen, before.confidence) == (8000, "unverified")
    pack = load.get(session, "state-2026-04")
    cell = load.cell_named(pack, "福島県")
    assert (cell.yen, cell.confidence, cell.source) == (9000, "confirmed", "官報")
    assert cell not in load.unverified(pack)
    hidamari = load.get(session, "hidamari-city")  # what extends the pack has its confirmed figures
    assert load.cell_named(hidamari, "福島県").yen == 9000
    [event] = session.scalars(select(AuditEvent).filter_by(action="travel.cell_confirmed"))
    assert event.data["before"] == 8000
    assert audit.verify(session)[1] is None


def test_an_unknown_figure_becomes_known_by_confirming_it(session: Session, member: Member) -> None:
    load.confirm(session, "hoshimi-town", "福岡県", 24_000, "別表", member=member, now=NOW)
    assert load.cell_named(load.get(session, "hoshimi-town"), "福岡県").yen == 24_000
    load.confirm(session, "hoshimi-town", "half_below", 25, "規則", member=member, now=NOW)
    daily = load.get(session, "hoshimi-town").daily
    assert daily is not None
    assert daily.half_below is not None
    assert daily.half_below.km == 25


@pytest.mark.parametrize(("cell", "value", "source"), [
    ("江戸県", 9000, "官報"), ("福島県", 9000, " "), ("yen", 1, "x"), ("福島県", 10**7, "官報"), ("commuter", 1, "x"),
])  # fmt: skip
def test_what_cannot_be_confirmed_is_refused(
    session: Session, member: Member, cell: str, value: int, source: str
) -> None:
    with pytest.raises(Refusal):
        load.confirm(session, "state-2026-04", cell, value, source, member=member, now=NOW)
    assert session.scalars(select(PackCell)).all() == []


def test_a_name_in_two_tables_must_be_given_in_full(session: Session, member: Member) -> None:
    with pytest.raises(Refusal, match=r"lodging\.caps\.chief"):
        load.confirm(session, "aoba-town", "東京都", 25_000, "別表", member=member, now=NOW)
    load.confirm(session, "aoba-town", "chief.東京都", 25_000, "別表", member=member, now=NOW)


def test_figures_go_out_as_a_table_and_the_checked_ones_come_back(session: Session, member: Member) -> None:
    lines = sheets.written(load.get(session, "state-2026-04")).splitlines()
    row = next(n for n, line in enumerate(lines) if "岩手県" in line)
    lines[row] = "lodging.caps.general.岩手県,10000,unverified,官報,森"
    back = "\n".join(lines).encode("cp932")
    confirmed = sheets.confirm_csv(session, "state-2026-04", back, member=member, now=NOW)
    assert [cell.name for cell in confirmed] == ["lodging.caps.general.岩手県"]
    cell = load.cell_named(load.get(session, "state-2026-04"), "岩手県")
    assert (cell.yen, cell.source) == (10_000, "官報 (森)")


# --- replay -----------------------------------------------------------------------------------------------------------


def test_a_trip_is_given_what_the_pack_in_use_gives_and_nothing_without_one(session: Session, member: Member) -> None:
    planned = trip(session, member, date(2026, 12, 1), 1, 0)
    planned.lodging = [{"nights": 1, "amount": None}]
    assert given(session, planned, member).items == ()
    use(session, "state", date(2025, 4, 1))
    before = given(session, planned, member, estimate=True)
    assert total(before.items) == 21_000 + 2400
    assert before.reasons("en")[0].startswith("The organiser names the lodging")
    assert len(before.reasons("ja")) == 5
    assert total(given(session, planned, member).items) == 2400


def test_past_trips_are_computed_again_under_another_pack(session: Session, member: Member) -> None:
    trip(session, member, date(2026, 5, 11), 1, 20_000)
    trip(session, member, date(2026, 6, 1), 2, 50_000)
    trip(session, member, date(2026, 9, 1), 1, 9000)
    found = replay.replay(session, "state-2025-04", "state-2026-04", since=date(2026, 5, 1), until=date(2026, 6, 30))
    assert [(one.first, one.second) for one in found] == [
        (19_000 + 2400, 20_000 + 2400),
        (38_000 + 4800, 42_000 + 4800),
    ]
    assert sum(one.difference for one in found) == 5000
    assert [one.open for one in found] == [True, True]  # the second trip's price still wants a reason, the first's did


def test_a_series_gives_each_trip_the_pack_of_its_day(session: Session, member: Member) -> None:
    for starts in (date(2026, 3, 1), date(2026, 4, 1)):
        trip(session, member, starts, 1, 30_000)
    found = replay.replay(session, "state", "state-2025-04")
    assert [one.difference for one in found] == [0, -2000]
    with pytest.raises(Refusal):
        replay.replay(session, "state", "nowhere")


def test_two_packs_are_compared_figure_by_figure(session: Session) -> None:
    found = replay.compare(load.get(session, "state-2025-04"), load.get(session, "state-2026-04"))
    changed = {one.place: (one.first, one.second) for one in found}
    assert changed["lodging.caps.general.東京都.yen"] == (19_000, 21_000)
    assert "lodging.caps.general.大阪府.yen" not in changed
    gone = replay.compare(load.get(session, "state-2025-04"), load.get(session, "aoba-town"))
    assert next(one for one in gone if one.place == "lodging_allowance.night.yen").second is None


def test_a_stored_trip_says_what_its_note_said(session: Session, member: Member) -> None:
    legs = [
        {
            "date": "2026-11-20", "from": "東京", "to": "福島", "mode": "shinkansen", "amount": 17_900,
            "currency": "JPY", "round_trip": True, "km": None, "covers": "round_trip",
        },
        {"date": "2026-11-20", "from": "福島", "to": "磐梯町", "mode": "car", "amount": None, "km": 34.5},
        {"date": None, "from": "A", "to": "B", "mode": "bus", "amount": 12, "currency": "USD", "paid_by": "host"},
    ]  # fmt: skip
    legs.append({"date": None, "from": "A", "to": "B", "mode": "air", "amount": 62_000, "round_trip": True})
    options = {"distance_km": 12, "lost": [{"kind": "lodging", "paid": 5000}]}
    facts = facts_of(trip(session, member, date(2026, 11, 20), 2, 12_000, legs=legs, options=options))
    assert (facts.legs[0].covers, facts.legs[1].km, facts.legs[2].amount) == ("both", Decimal("34.5"), None)
    assert facts.legs[3].covers == "unsaid"
    assert (facts.nights, facts.stays[0].amount, facts.distance_km) == (2, 12_000, Decimal(12))
    assert facts.lost[0].unrecoverable == 5000
    bare = trip(session, member, date(2026, 11, 20), 0, 0)
    bare.nights = 2
    assert facts_of(bare).stays[0].nights == 2  # nights that no lodging names are not forgotten


# --- fares and passes -------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 20)
TABLE = """発,着,手段,運賃,キロ,開始日,終了日,出典
福島駅,東京,新幹線,"8,950円",272.8,2026-04-01,,時刻表
青葉,海岸,,310,,令和8年4月1日,,
"""


def card_row(member: Member, amount: int, day: date, **more: Any) -> StatementRow:
    return StatementRow(
        key=f"{day}{amount}", member_id=member.id, kind="ic", date=day, amount=amount, imported_at=NOW,
        **{"origin": "青葉", "destination": "海岸", **more},
    )  # fmt: skip


def paid(session: Session, member: Member, amount: int, kind: str, state: str = "approved") -> None:
    claim = Claim(number=session.query(Claim).count() + 1, member_id=member.id, state=state, created_at=NOW)
    session.add(claim)
    session.flush()
    journey = {"from": "海岸", "to": "青葉", "mode": "train", "round_trip": True}
    session.add(Expense(claim_id=claim.id, kind=kind, date=DAY, amount=amount, journey=journey))
    session.flush()


def test_a_fare_is_the_persons_own_before_the_tables_and_never_a_guess(session: Session, member: Member) -> None:
    def known(mode: str = "train", member_id: str = member.id, day: date = DAY) -> tuple[int, str] | None:
        quote = fare(session, "海岸駅", "青葉", mode, day, member_id=member_id)
        return (quote.amount, quote.source) if quote else None

    assert known() is None
    fares.import_csv(session, TABLE.encode("cp932"), file="/secret/place/fares.csv", by="system")
    assert known() == (310, "fares.csv")
    assert known("bus") is None
    assert known(day=date(2026, 3, 31)) is None
    paid(session, member, 700, "note")
    paid(session, member, 640, "receipt", "rejected")
    assert known() == (310, "fares.csv")
    paid(session, member, 615, "receipt")  # half of it is no fare
    assert known() == (310, "fares.csv")
    paid(session, member, 620, "receipt")
    assert known() == (310, "#4 2026-11-20")
    session.add_all([card_row(member, 298, date(2026, 11, 1)), card_row(member, 290, date(2025, 1, 1))])
    session.flush()
    assert known() == (298, "IC 2026-11-01")
    assert known(member_id="") == (310, "fares.csv")


def test_fares_are_imported_once_and_changed_by_the_same_key(session: Session) -> None:
    assert fares.import_csv(session, TABLE.encode(), file="fares.csv", by="system") == (2, 0)
    again = TABLE.replace("310", "320")
    assert fares.import_csv(session, again.encode("utf-8-sig"), file="fares.csv", by="system") == (0, 1)
    assert {row.amount for row in session.scalars(select(Fare))} == {8950, 320}


@pytest.mark.parametrize(
    "wrong", ["a,b,train,円,,2026-04-01", "a,b,rocket,1,,2026-04-01", "a,,train,1,,2026-04-01", "a,b,train,1,,4/1"]
)
def test_a_wrong_line_of_fares_is_named_and_nothing_is_kept(session: Session, wrong: str) -> None:
    with pytest.raises(Refusal, match="Line 4"):
        fares.import_csv(session, f"{TABLE}{wrong},,\n".encode(), file="fares.csv", by="system")


PASSES = "email,stations,from,to\nHanako.Mori@example.jp,青葉＞若草>楓,2026-04-01,2027-03-31\n"


def test_passes_are_imported_and_taken_off_journeys_and_card_rows_alike(session: Session, member: Member) -> None:
    assert commuter.import_csv(session, PASSES.encode(), file="passes.csv", by="system") == (1, 0)
    fares.import_csv(session, "from,to,amount,valid_from\n楓,海岸,180,2026-04-01\n".encode(), file="f.csv", by="system")
    leg = {"date": "2026-11-20", "from": "青葉", "to": "海岸", "mode": "train", "amount": 310, "currency": "JPY"}
    ridden = trip(session, member, DAY, 0, 0, legs=[leg])
    typed = compute(facts_of(ridden), load.get(session, "state-2026-04"), context_of(session, member))
    assert total(typed) == 180
    assert commuter.left_of_row(session, card_row(member, 310, DAY), member).amount == 180
    assert commuter.left_of_row(session, card_row(member, 310, date(2026, 3, 31)), member).amount == 310
    within = card_row(member, 210, DAY, origin="青葉", destination="若草")
    assert commuter.left_of_row(session, within, member).amount == 0


def test_a_pass_is_ended_by_importing_it_again(session: Session, member: Member) -> None:
    commuter.import_csv(session, PASSES.encode(), file="passes.csv", by="system")
    shorter = PASSES.replace("2027-03-31", "2026-09-30")
    assert commuter.import_csv(session, shorter.encode(), file="passes.csv", by="system") == (0, 1)
    [section] = commuter.sections(session, member)
    assert section.valid_to == date(2026, 9, 30)


def test_a_pass_is_of_the_railway_unless_it_says_otherwise(session: Session, member: Member) -> None:
    commuter.import_csv(session, PASSES.encode(), file="passes.csv", by="system")
    [section] = commuter.sections(session, member)
    assert (section.carries("train"), section.carries("bus")) == (True, False)
    for word, carried in (("バス", ("bus",)), ("共通", ("train", "bus")), ("電車", ("train",))):
        named = PASSES.replace("\n", ",手段\n", 1).replace("2027-03-31", f"2027-03-31,{word}")
        assert commuter.import_csv(session, named.encode(), file="passes.csv", by="system") == (0, 1)
        [section] = commuter.sections(session, member)
        assert tuple(mode for mode in ("train", "bus") if section.carries(mode)) == carried
    with pytest.raises(Refusal, match="no means of transport"):
        commuter.import_csv(session, named.replace("電車", "飛行機").encode(), file="passes.csv", by="system")


@pytest.mark.parametrize(("wrong", "why"), [
    ("nobody@example.jp,a>b,2026-04-01,", "nobody@example.jp"),
    ("hanako.mori@example.jp,a,2026-04-01,", "two stations"),
    ("hanako.mori@example.jp,a>b,2026-04-01,2026-03-01", "before the first"),
    ("hanako.mori@example.jp,a>b,soon,", "a day"),
])  # fmt: skip
def test_a_wrong_line_of_passes_is_named(session: Session, member: Member, wrong: str, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        commuter.import_csv(session, f"{PASSES}{wrong}\n".encode(), file="passes.csv", by="system")
    assert "Line 3" in str(refused.value)
