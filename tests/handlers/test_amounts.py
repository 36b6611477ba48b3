"""What is claimed of a receipt, and its taxes, whatever is cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers import amounts, shares
from handlers.shares import FIELDS, Line
from storage.models import Expense
from tests.handlers.house import House

RATES = ("10", "8", "0", "5.5")


def line(rate: str, gross: int | None, tax: int | None, *, net: int | None = None) -> Line:
    return {"rate": rate, "tax": tax, "net": net, "gross": gross, "inclusive": True}


def expense(amount: int | None, *taxes: Line, private: int = 0, **values: Any) -> Expense:
    return Expense(amount=amount, currency="JPY", taxes=list(taxes), private_amount=private, basis={}, **values)


@st.composite
def receipts(draw: st.DrawFn) -> tuple[int, list[Line]]:
    """Receipts of one to four rates, printed well or badly, and what no rate is named for."""
    lines: list[Line] = []
    whole = draw(st.integers(0, 500))
    for rate in draw(st.lists(st.sampled_from(RATES), unique=True, max_size=4)):
        gross = draw(st.integers(1, 2_000_000))
        tax = draw(st.none() | st.just(int(gross * float(rate) / (100 + float(rate)))))
        net = None if tax is None or draw(st.booleans()) else gross - tax
        lines.append(line(rate, draw(st.just(gross) | st.none()), tax, net=net))
        whole += gross
    return max(2, whole - draw(st.integers(0, 300))), lines


def known(lines: list[Line] | tuple[Line, ...], rate: str, name: str) -> int:
    return sum(found[name] or 0 for found in lines if found["rate"] == rate)


@given(receipts(), st.data())
def test_a_share_and_what_remains_are_the_whole_to_the_last_yen(receipt: tuple[int, list[Line]], data: Any) -> None:
    amount, lines = receipt
    share = data.draw(st.integers(1, amount - 1))
    rate = data.draw(st.sampled_from(("", *RATES)))
    rest, part = shares.cut(amount, lines, share, rate)
    assert (rest.amount, part.amount) == (amount - share, share)
    for printed in lines:
        for name in FIELDS:
            both = known(rest.taxes, printed["rate"], name) + known(part.taxes, printed["rate"], name)
            assert printed[name] is None or both == printed[name]
    for piece in (rest, part):
        assert all((found[name] or 0) >= 0 for found in piece.taxes for name in ("tax", "gross"))


@given(receipts())
def test_by_rate_every_line_has_its_rate_and_together_they_are_the_receipt(receipt: tuple[int, list[Line]]) -> None:
    amount, lines = receipt
    pieces = shares.by_rate(amount, lines)
    if not pieces:
        return
    assert sum(piece.amount for piece in pieces) == amount
    assert [found["rate"] for piece in pieces for found in piece.taxes] == [found["rate"] for found in lines]
    for piece in pieces:
        for found in piece.taxes:
            assert found["gross"] == piece.amount
            assert found["tax"] is None or found["net"] is None or found["net"] + found["tax"] == piece.amount


def test_a_shop_of_two_rates_is_told_apart_by_what_it_printed() -> None:
    lines = [line("10", 2_200, 200, net=2_000), line("8", 1_080, 80)]
    assert [(pool.rate, pool.gross) for pool in shares.pools(3_280, lines)] == [("10", 2_200), ("8", 1_080)]
    assert [piece.amount for piece in shares.by_rate(3_280, lines)] == [2_200, 1_080]
    assert shares.by_rate(3_280, lines)[1].taxes[0]["net"] == 1_000


def test_what_has_no_rate_is_a_piece_of_its_own_and_a_missing_total_is_found() -> None:
    hotel = [line("10", 9_900, 900)]
    assert [piece.amount for piece in shares.by_rate(10_050, hotel)] == [9_900, 150]  # the bath tax
    typed = [line("10", None, 200), line("8", 1_080, 80)]
    assert [piece.amount for piece in shares.by_rate(3_280, typed)] == [2_200, 1_080]


def test_what_the_receipt_does_not_tell_is_not_told_apart() -> None:
    assert shares.by_rate(1_280, [line("10", None, 116)]) == ()
    assert shares.by_rate(3_280, [line("10", None, 200), line("8", None, 80)]) == ()  # two totals unknown
    assert shares.by_rate(3_000, [line("10", 2_200, 200), line("8", 1_080, 80)]) == ()  # points were taken off
    assert shares.by_rate(3_280, [line("10", None, 200)]) == ()  # 200 is not the tax of 3,280


def test_the_private_share_and_its_tax_are_not_claimed() -> None:
    bought = expense(3_280, line("10", 2_200, 200), line("8", 1_080, 80), private=540)
    bought.basis = {amounts.PRIVATE_RATE: "8"}
    assert (amounts.claimed(bought), amounts.yen(bought)) == (2_740, 2_740)
    assert [(found["rate"], found["tax"], found["gross"]) for found in amounts.taxes(bought)] == [
        ("10", 200, 2_200),
        ("8", 40, 540),
    ]
    assert [found["tax"] for found in bought.taxes] == [200, 80]  # the receipt stays what it is


def test_without_a_private_share_the_taxes_are_the_receipts() -> None:
    printed = line("10", None, 116)
    assert amounts.taxes(expense(1_280, printed)) == [printed]
    assert amounts.taxes(expense(None, printed)) == [printed]


def test_sums_count_what_is_claimed_and_know_when_they_do_not_know() -> None:
    yen, dollars = expense(3_200, private=200), expense(1_250)
    dollars.currency = "USD"
    assert amounts.by_currency([yen, dollars, expense(None)]) == {"JPY": 3_000, "USD": 1_250}
    assert amounts.total_yen([yen, dollars]) is None
    dollars.home_amount = 1_900
    assert amounts.total_yen([yen, dollars]) == 4_900


def test_cards_count_what_is_claimed(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.sends_receipt("w", 3_200)
    with house.services.db.transaction(house.organization_id) as session:
        session.get_one(Expense, house.claims()[0].expenses[0].id).private_amount = 200
    house.taps("w", house.button("w", "Submit"))
    assert "¥3,000" in house.last("s").summary
    house.close()
