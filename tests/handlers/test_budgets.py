"""Budgets: which line bears what, that a stopped one is never overspent, and that what is held follows the claim."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import budgets, claims
from handlers.budgets import sheets
from handlers.chat import Commanded
from handlers.errors import Refusal, SheetWrong
from storage.db import Database
from storage.models import Budget, Claim, Expense, Member
from tests.handlers.house import House

NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
HEADER = "year,department,account,project,name,amount,stopped\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def grants(house: House, text: str, *, header: str = HEADER) -> None:
    """Import these lines."""
    with house.services.db.transaction(house.organization_id) as session:
        sheets.save(session, sheets.understand((header + text).encode()), by="system", now=NOW, sha256="")


def figures(house: House, year: int = 2026) -> dict[str, tuple[int, int]]:
    """(reserved, consumed) by code."""
    with house.services.db.snapshot(house.organization_id) as session:
        return {b.code: (b.reserved, b.consumed) for b in session.scalars(select(Budget).filter_by(year=year))}


def field(house: House, user: str, label: str = "Budget") -> str:
    return next(f.value for card in reversed(house.cards(user)) for f in card.fields if f.label == label)


def notes(house: House, user: str) -> list[str]:
    """What the rules say on this person's newest card that says anything."""
    return next([note.text for note in card.notes] for card in reversed(house.cards(user)) if card.notes)


# --- the life of what is held -----------------------------------------------------------------------------------------


def test_a_claim_reserves_when_it_is_submitted_and_consumes_when_it_is_approved(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n")
    house.sends_receipt("w", 1280)
    assert field(house, "w") == "会議 (2026): ¥5,000 left, ¥3,720 after this claim"
    assert figures(house)["*/会議費"] == (0, 0)
    house.taps("w", house.button("w", "Submit"))
    assert figures(house)["*/会議費"] == (1280, 0)
    assert field(house, "s") == "会議 (2026): ¥3,720 left, this claim taken off"
    house.taps("s", house.button("s", "Approve"))
    assert figures(house)["*/会議費"] == (0, 1280)


@pytest.mark.parametrize(("who", "label"), [("w", "Withdraw"), ("s", "Send back"), ("s", "Reject")])
def test_what_does_not_go_on_gives_its_budget_back(house: House, who: str, label: str) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps(who, house.button(who, label))
    assert figures(house)["*/会議費"] == (0, 0)


def test_a_claim_that_was_sent_back_reserves_anew(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Send back"))
    house.fills("w", house.button("w", "Edit"), amount="2000")
    house.taps("w", house.button("w", "Submit"))
    assert figures(house)["*/会議費"] == (2000, 0)
    house.taps("s", house.button("s", "Approve"))
    assert figures(house)["*/会議費"] == (0, 2000)


def test_a_stopped_budget_refuses_with_figures_and_the_claim_stays_a_draft(house: House) -> None:
    grants(house, "2026,,会議費,,会議,1000,yes\n")
    house.sends_receipt("w", 1280)
    assert field(house, "w") == "会議 (2026)"  # the figures stand in the rule's sentence, once
    why = "Budget “会議” (2026): ¥1,000 left, this claim needs ¥1,280, ¥280 too much."
    assert f"{why} It cannot be submitted like this." in notes(house, "w")
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title == f"#1 cannot be submitted. {why}"
    assert house.claims()[0].state == "draft"
    assert figures(house)["*/会議費"] == (0, 0)


def test_a_budget_that_may_be_exceeded_lets_the_claim_through_and_says_so(house: House) -> None:
    grants(house, "2026,,会議費,,会議,1000,no\n")
    house.sends_receipt("w", 1280)
    assert "Budget “会議” (2026): ¥1,000 left, this claim needs ¥1,280, ¥280 too much." in notes(house, "w")
    house.taps("w", house.button("w", "Submit"))
    assert figures(house)["*/会議費"] == (1280, 0)
    assert "Budget “会議” (2026): ¥1,000 left, this claim needs ¥1,280, ¥280 too much." in notes(house, "s")
    house.taps("s", house.button("s", "Approve"))
    assert figures(house)["*/会議費"] == (0, 1280)


def test_lines_that_come_after_the_submission_bear_it_at_the_approval(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    grants(house, "2026,,会議費,,会議,1000,yes\n")
    house.taps("s", house.button("s", "Approve"))
    assert "¥1,000 left, this claim needs ¥1,280, ¥280 too much." in house.last("s").title
    grants(house, "2026,,会議費,,会議,1280,yes\n")
    house.taps("s", house.button("s", "Approve"))
    assert figures(house)["*/会議費"] == (0, 1280)


# --- at the same moment -----------------------------------------------------------------------------------------------


def stepping(database: Database, home: str, ids: list[str], act: str) -> list[str]:
    """Every claim takes the step in a thread of its own, at once; what became of each."""
    start, results = threading.Barrier(len(ids)), []

    def go(claim_id: str) -> None:
        start.wait()
        try:
            with database.transaction(home) as session:
                claim = session.get_one(Claim, claim_id)
                values = {"submitted_at": NOW} if act == "submit" else {"decided_at": NOW}
                claims.step(session, claim, act, version=claim.version, zone="Asia/Tokyo", **values)
            results.append("done")
        except Refusal as refusal:
            results.append(refusal.text)

    threads = [threading.Thread(target=go, args=(claim_id,)) for claim_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def drafts(database: Database, home: str, count: int, amount: int, first: int = 100) -> list[str]:
    made = []
    with database.transaction(home) as session:
        worker = session.scalars(select(Member).filter_by(name="w")).one()
        for number in range(first, first + count):
            claim = Claim(number=number, member_id=worker.id, created_at=NOW)
            session.add(claim)
            session.flush()
            day = dt.date(2026, 11, 20)
            session.add(Expense(claim_id=claim.id, payee="x", date=day, amount=amount, category="meeting", taxes=[]))
            made.append(claim.id)
    return made


def test_many_at_once_never_overspend_a_stopped_budget(tmp_path: Path, database: Database) -> None:
    house = House(tmp_path, database)
    home = house.organization_id
    early = drafts(database, home, 8, 1000)
    assert stepping(database, home, early, "submit") == ["done"] * 8  # there is no budget yet, so nothing is held
    grants(house, "2026,,会議費,,会議,9500,yes\n")
    late = drafts(database, home, 8, 1000, first=200)
    submitted = stepping(database, home, late, "submit")
    assert submitted.count("done") == 8
    assert figures(house)["*/会議費"] == (8000, 0)
    approved = stepping(database, home, [*early, *late], "approve")
    refused = [text for text in approved if text != "done"]
    assert approved.count("done") == 9  # the eight that had reserved, and one of the others
    assert len(refused) == 7
    assert all(text.startswith("The budget “{line}” has {left} left") for text in refused)
    assert figures(house)["*/会議費"] == (0, 9000)
    house.close()


def test_claims_over_several_lines_do_not_wait_for_each_other_for_ever(tmp_path: Path, database: Database) -> None:
    house = House(tmp_path, database)
    home = house.organization_id
    grants(house, "2026,,会議費,,,4000,yes\n2026,,消耗品費,,,100000,yes\n")
    ids = drafts(database, home, 6, 1000)
    with database.transaction(home) as session:
        for turn, claim_id in enumerate(ids):
            claim = session.get_one(Claim, claim_id)
            day = dt.date(2026, 11, 20)
            more = Expense(claim_id=claim_id, payee="y", date=day, amount=50, category="supplies", taxes=[], position=1)
            session.add(more)
            if turn % 2:
                claim.expenses[0].category, more.category = "supplies", "meeting"
    results = stepping(database, home, ids, "submit")
    assert results.count("done") == 6 or figures(house)["*/会議費"][0] > 3000
    reserved, _ = figures(house)["*/会議費"]
    assert reserved <= 4000
    house.close()


# --- which line -------------------------------------------------------------------------------------------------------


def bears(
    house: House, *, code: str = "", project: str = "", department: str = "企画課", **expense: object
) -> list[str]:
    """Codes of the lines that bear a claim of one expense."""
    with house.services.db.transaction(house.organization_id) as session:
        worker = session.scalars(select(Member).filter_by(name="w")).one()
        worker.department = department
        claim = Claim(number=1, member_id=worker.id, budget_code=code, project=project, created_at=NOW)
        session.add(claim)
        session.flush()
        values = {"date": dt.date(2026, 11, 20), "amount": 1000, "category": "travel_transport", **expense}
        session.add(Expense(claim_id=claim.id, payee="x", taxes=[], **values))
        session.flush()
        found = budgets.shares(session, claim, NOW.date())
        codes = [session.get_one(Budget, line).code for line in found]
        session.rollback()
        return codes


def test_the_most_particular_line_bears_the_expense(house: House) -> None:
    grants(
        house,
        "2026,企画課,,,,1,no\n2026,企画課,旅費交通費,,,1,no\n2026,,旅費交通費,,,1,no\n2026,,,基幹更新,,1,no\n2026,総務課,,,,1,no\n",
    )
    assert bears(house) == ["企画課/旅費交通費"]
    assert bears(house, category="books") == ["企画課"]
    assert bears(house, project="基幹更新") == ["*/*/基幹更新"]
    assert bears(house, department="税務課") == ["*/旅費交通費"]
    assert bears(house, department="税務課", category="books") == []
    assert bears(house, code="総務課") == ["総務課"]
    with pytest.raises(Refusal, match="no budget line “無い”"):
        bears(house, code="無い")


MUNICIPAL = "年度,款,項,目,事業,節,細節,部署,名称,予算額,超過\n"


def test_a_municipal_line_takes_its_setsu_from_the_category(house: House) -> None:
    grants(
        house,
        "令和8,2 総務費,1 総務管理費,5 企画費,広報事業,08旅費,,企画課,広報旅費,300000,不可\n"
        "令和8,2 総務費,1 総務管理費,5 企画費,広報事業,10需用費,消耗品費,企画課,広報消耗品,50000,不可\n"
        "令和8,2 総務費,1 総務管理費,5 企画費,広報事業,10需用費,食糧費,企画課,,20000,不可\n"
        "令和8,2 総務費,1 総務管理費,1 一般管理費,庶務,8 旅費,,総務課,庶務旅費,100000,不可\n",
        header=MUNICIPAL,
    )
    stem = "2 総務費/1 総務管理費/5 企画費/広報事業"
    assert bears(house) == [f"{stem}/08旅費"]
    assert bears(house, category="supplies") == [f"{stem}/10需用費/消耗品費"]
    assert bears(house, category="meeting") == [f"{stem}/10需用費/食糧費"]
    assert bears(house, category="books", department="総務課") == []
    other = "2 総務費/1 総務管理費/1 一般管理費/庶務"
    assert bears(house, code=other) == [f"{other}/8 旅費"]


def test_where_two_municipal_lines_fit_the_person_is_asked(house: House) -> None:
    grants(
        house,
        "2026,総務費,管理費,企画費,広報,旅費,,企画課,広報旅費,1,不可\n"
        "2026,総務費,管理費,企画費,統計,旅費,,企画課,統計旅費,1,不可\n",
        header=MUNICIPAL,
    )
    with pytest.raises(Refusal, match="Several budget lines fit: 広報旅費 / 統計旅費"):
        bears(house)
    assert bears(house, code="総務費/管理費/企画費/統計") == ["総務費/管理費/企画費/統計/旅費"]


def test_the_person_chooses_the_line_with_the_button(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n2026,,,研究会,研究会の予算,9000,yes\n")
    house.sends_receipt("w", 1280)
    house.fills("w", house.button("w", "Budget"), budget="研究会の予算")
    assert field(house, "w").startswith("研究会の予算 (2026): ¥9,000 left")
    house.taps("w", house.button("w", "Submit"))
    assert figures(house) == {"*/会議費": (0, 0), "*/*/研究会": (1280, 0)}


# --- years ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "handed_in", "year"),
    [
        ("2026-03-31", "2026-04-01", 2025),
        ("2026-04-01", "2026-04-01", 2026),
        ("2026-03-31", "2026-05-31", 2025),  # the old year's books are still open
        ("2026-03-31", "2026-06-01", 2026),  # closed: the year that runs bears it
        ("2027-01-15", "2027-01-20", 2026),
        ("2027-04-02", "2027-03-20", 2027),  # a trip asked for before its year has begun
    ],
)
def test_the_year_that_bears_an_expense(day: str, handed_in: str, year: int) -> None:
    assert budgets.bearing_year(dt.date.fromisoformat(day), dt.date.fromisoformat(handed_in)) == year


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back_unchanged(house: House) -> None:
    grants(house, "2026,企画課,旅費交通費,基幹更新,=旅費,300000,yes\n2027,,会議費,,,1000,no\n")
    grants(house, "2026,総務費,管理費,,広報,旅費,,企画課,-広報,1,可\n", header=MUNICIPAL)
    with house.services.db.transaction(house.organization_id) as session:
        before = sheets.written(session.scalars(select(Budget).order_by(Budget.year, Budget.code)))
        assert "'=旅費" in before  # no spreadsheet takes it for a formula
        rows = sheets.understand(before.encode("utf-8-sig"))
        assert sheets.save(session, rows, by="system", now=NOW, sha256="") == (0, 0)
        assert sheets.written(session.scalars(select(Budget).order_by(Budget.year, Budget.code))) == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("26年,,,,,1000,yes\n", "no year"),
        ("2026,,宇宙旅行,,,1000,yes\n", "line 2: “宇宙旅行” is not known here. Possible: "),
        ("2026,,,,,たくさん,yes\n", "amount in figures"),
        ("2026,,,,,1000,maybe\n", "yes or no"),
        ("2026,A,,,,1,yes\n2026,A,,,,2,yes\n", "line 3: the same budget line as in line 2"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(house: House, text: str, why: str) -> None:
    with pytest.raises(SheetWrong, match=why):
        grants(house, text + "2025,良い,,,,1,yes\n")
    assert figures(house) == {}


def test_a_column_that_would_be_left_out_is_named_and_nothing_is_imported(house: House) -> None:
    with pytest.raises(SheetWrong, match="there is no column “コード”, “備考”; the columns are 年度, "):
        grants(house, "10-1,2026,,会議費,5000,\n", header="コード,年度,部署,科目,予算額,備考\n")
    assert figures(house) == {}
    grants(house, "2026,会議費,5000,\n", header="年度,科目,予算額,\n")  # a spreadsheet's empty column
    assert len(figures(house)) == 1


def test_a_revision_may_not_take_away_what_is_spent(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    with pytest.raises(SheetWrong, match=r"¥1,280 of \*/会議費 are reserved or spent already"):
        grants(house, "2026,,会議費,,会議,1279,yes\n2026,,消耗品費,,,1,yes\n")
    assert list(figures(house)) == ["*/会議費"]
    grants(house, "2026,,会議費,,会議,1280,yes\n")


def test_the_command_lists_what_concerns_the_person(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n2026,総務課,会議費,,総務の会議,9000,yes\n2025,,,,,1,no\n")
    house.does("w", Commanded("budget"))
    assert [(row.title, row.value) for row in house.last("w").rows] == [("会議", "¥5,000 left")]
    house.does("a", Commanded("budget 総務"))
    assert [row.title for row in house.last("a").rows] == ["総務の会議"]
    house.does("w", Commanded("budget 2031"))
    assert house.last("w").title == "There is no such budget line in the year 2031."


def test_an_administrator_grants_and_revises_a_line_in_the_chat(house: House) -> None:
    house.does("a", Commanded("budget set 5,000 科目=会議費 名称=会議 年度=2026"))
    assert [(row.title, row.value) for row in house.last("a").rows] == [("会議", "¥5,000 left")]
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.does("a", Commanded("budget set 1000 account=会議費 name=会議 year=2026"))
    assert house.last("a").title == "More than that is reserved or spent of “*/会議費” already."
    house.does("a", Commanded("budget set 1280 account=会議費 name=会議 year=2026"))
    assert [row.value for row in house.last("a").rows] == ["¥0 left"]
    for bad in ("set", "set 1000 colour=red", "set 1000 year=26x", "set 1000 stopped=perhaps"):
        house.does("a", Commanded(f"budget {bad}"))
        assert house.last("a").title.startswith("Please write it like this: /keihi budget set 300000"), bad
    house.does("w", Commanded("budget set 9999 account=会議費"))
    assert "admin" in house.last("w").title
    assert figures(house) == {"*/会議費": (1280, 0)}


def test_a_decision_taken_back_gives_the_budget_the_state_it_had(house: House) -> None:
    grants(house, "2026,,会議費,,会議,5000,yes\n")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    for label, after in (("Approve", (0, 1280)), ("Send back", (0, 0)), ("Reject", (0, 0)), ("Approve", (0, 1280))):
        house.taps("s", house.button("s", label))
        assert figures(house)["*/会議費"] == after
        house.taps("s", house.button("s", "Undo"))
        assert figures(house)["*/会議費"] == (1280, 0)
