"""Total, taxes, paid, change: chosen together.

Every figure is a candidate for the total. Words speak for it (its label) and so does arithmetic: paid − change, the sum
over the tax rates, subtotal + tax, the sum of the items, the amount charged to the card. What two independent
witnesses agree on is proved; what only a label says is doubted when something else contradicts it or it stands alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from ocr.fields.amounts import Amount
from ocr.fields.mend import alike, exempt, mend
from ocr.fields.taxes import RateTax, solve
from ocr.layout import Sheet
from ocr.reading import Item

WEIGHT = {
    "label": 5.0,
    "change": 4.0,
    "taxes": 4.0,
    "subtotal": 3.5,
    "payment": 2.5,
    "items": 2.5,
    "repeat": 0.8,
    "rounding": 3.5,
    "balance": 4.0,
    "discount": 4.0,
}
_CASH = re.compile(r"現金|現計|\bcash\b", re.I)
_TENDER = re.compile(r"現計")  # the key that ends a sale in cash: its figure is the sum, or what was handed over
_RECEIVED = re.compile(r"領収金?額")
_BALANCE = re.compile(r"残[高額]|balance", re.I)
ARITHMETIC = ("change", "taxes", "subtotal", "items", "rounding", "balance", "discount")
TAXED = 0.45  # weight of a label (料金, 運賃) that the tax contained in its figure bears out
INDEPENDENT = {"change", "payment", "items", "repeat", "balance"}  # witnesses that do not rest on a tax line


@dataclass
class Candidate:
    value: int
    score: float = 0.0
    witnesses: dict[str, str] = field(default_factory=dict)
    source: Amount | None = None
    label: float = 0.0

    @property
    def proved(self) -> bool:
        """Two independent witnesses, at least one of them arithmetic or a payment beside the label."""
        arithmetic = sum(name in self.witnesses for name in ARITHMETIC)
        said = self.label >= 0.8
        return (
            (said and arithmetic >= 1)
            or (self.label >= TAXED and "taxes" in self.witnesses)
            or arithmetic >= 2
            or (said and ("payment" in self.witnesses or "repeat" in self.witnesses))
            or (arithmetic >= 1 and "payment" in self.witnesses)
        )


@dataclass(frozen=True)
class Money:
    total: Candidate | None
    rivals: tuple[Candidate, ...]
    taxes: list[RateTax]
    paid: Amount | None
    change: Amount | None
    tip: Amount | None
    service: Amount | None
    items: tuple[Item, ...]
    items_fit: bool


def choose(page: Sheet, amounts: list[Amount], items: tuple[Item, ...], currency: str) -> Money:
    """The best total and everything around it; ``total`` is None when no figure could be one."""
    taxes = solve(amounts, currency)
    board: dict[int, Candidate] = {}
    _by_label(board, amounts)
    pair = _by_change(board, amounts)
    _by_payment(board, amounts)
    _by_taxes(board, taxes, amounts)
    if currency != "JPY":
        _by_rates(board, amounts)
    _by_subtotal(board, amounts, taxes)
    _by_rounding(board, amounts)
    _by_balance(board, amounts)
    _by_discount(board, amounts)
    fit = _by_items(board, items, amounts)
    _by_looks(board, amounts, page)
    ranked = sorted((c for c in board.values() if c.value > 0), key=lambda c: -c.score)
    best = ranked[0] if ranked and ranked[0].score >= 1.5 else None
    if best is not None:
        if best.proved and set(best.witnesses) & INDEPENDENT:
            taxes = mend(taxes, amounts, best.value)
        taxes = exempt(taxes, amounts, best.value) if currency == "JPY" else taxes
    tip = next((a for a in amounts if a.label.role == "tip" and a.value > 0), None)
    return Money(best, tuple(ranked[1:4]), taxes, *pair, tip, _service(amounts), items, fit)


def _service(amounts: list[Amount]) -> Amount | None:
    """All that is charged on top of what was served: サービス料 10%, 深夜料金 10%."""
    charges = [a for a in amounts if a.label.role == "service" and a.value > 0]
    return replace(charges[0], value=sum(a.value for a in charges)) if charges else None


def contradicted(found: Money, amounts: list[Amount]) -> bool:
    """Whether what was paid, or the goods, say another figure than a total that nothing but its own tax bears out.

    The tax fits any total within some ten yen, so it does not see a misread last digit; what differs from the total by
    so little, or in one digit only, is the same figure read otherwise.
    """
    best = found.total
    if best is None or (set(best.witnesses) & (set(ARITHMETIC) | {"payment", "repeat"})) - {"taxes"}:
        return False
    said = [a.value for a in amounts if a.label.role == "payment" and a.value > 0]
    if sum(said) == best.value:
        return False
    said += [a.value for a in amounts if a.label.role == "paid" and 0 < a.value < best.value]
    if len(found.items) > 1:
        said.append(sum(item.amount for item in found.items))
    return any(value != best.value and (alike(value, best.value) or abs(value - best.value) < 12) for value in said)


def overruled(found: Money) -> bool:
    """Whether an unlabelled figure beats a clear label with only tax lines on its side: they may be misread."""
    best = found.total
    if best is None or best.label >= TAXED or set(best.witnesses) & (INDEPENDENT | {"rounding", "discount"}):
        return False
    return any(rival.label >= 0.8 for rival in found.rivals)


def _speak(board: dict[int, Candidate], value: int, witness: str, words: str, weight: float = 1.0) -> None:
    if value <= 0:
        return
    candidate = board.setdefault(value, Candidate(value))
    if witness not in candidate.witnesses:
        candidate.witnesses[witness] = words
        candidate.score += WEIGHT[witness] * weight


def _by_label(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    said: dict[int, list[Amount]] = defaultdict(list)
    for a in amounts:
        if a.label.role == "total" and a.value > 0:
            said[a.value].append(a)
            for other in a.others:
                board.setdefault(other, Candidate(other, score=0.5, source=a))
    for value, sources in said.items():
        best = max(sources, key=lambda a: (a.label.weight, a.order))
        weight = best.label.weight * (1.0 if best.marked or "." in best.token.text or "," in best.token.text else 0.8)
        _speak(board, value, "label", best.text, weight)
        board[value].label = max(board[value].label, weight)
        board[value].source = best
        if len(sources) > 1:
            _speak(board, value, "repeat", f"{len(sources)} ×")


def _by_change(board: dict[int, Candidate], amounts: list[Amount]) -> tuple[Amount | None, Amount | None]:
    """Paid − change. Returns the pair that supports the best supported candidate."""
    paid = [a for a in amounts if (a.label.role in ("paid", "payment") or _TENDER.search(a.words)) and a.value > 0]
    changes = [a for a in amounts if a.label.role == "change" and a.value >= 0]
    pairs = [
        (p, c)
        for c in changes
        for p in paid
        if p.value >= c.value
        and -8 <= p.row.index - c.row.index <= 6
        and (c.value > 0 or p.label.role == "paid" or _CASH.search(p.words))
    ]
    for p, c in pairs:
        sure = 1.0 if c.value > 0 else 0.6
        for value in {p.value, *p.others}:
            known = any(a.value == value - c.value and a is not p for a in amounts)
            _speak(board, value - c.value, "change", f"{value} − {c.value}", sure if known else sure * 0.6)
    best = max(
        pairs, key=lambda pc: board.get(pc[0].value - pc[1].value, Candidate(0, -1.0)).score, default=(None, None)
    )
    if best[0] is not None and not _labelled(board, best[0].value - best[1].value):
        best = next(_with_another(paid, changes, board), best)
    if best[0] is None:
        handed = next((a for a in paid if a.label.role == "paid"), None)
        received = next((a for a in amounts if _RECEIVED.search(a.words) and a.value > 0), None)
        cash = next((a for a in paid if _CASH.search(a.words)), None)
        return handed or received or cash, changes[0] if changes else None
    return best


def _labelled(board: dict[int, Candidate], value: int) -> bool:
    return value in board and board[value].label > 0


def _with_another(
    paid: list[Amount], changes: list[Amount], board: dict[int, Candidate]
) -> Iterator[tuple[Amount, Amount]]:
    """Cash and its change where a part was paid otherwise: 商品券 2,000, お預り 3,000, お釣り 416 for 4,584."""
    for handed, change, other in product(paid, changes, paid):
        whole = handed.value + other.value - change.value
        if handed.label.role == "paid" and other.label.role == "payment" and _labelled(board, whole):
            _speak(board, whole, "change", f"{handed.value} + {other.value} − {change.value}")
            yield handed, change


def _by_payment(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    for a in amounts:
        if a.label.role == "payment" and (a.marked or re.search(r"\d[.,]\d", a.token.text)) and a.value:
            _speak(board, abs(a.value), "payment", a.text, a.label.weight)  # some tills deduct what is paid: −6,555
        elif a.label.role == "paid" and a.value > 0:
            _speak(board, a.value, "payment", a.text, 0.3)


def _by_taxes(board: dict[int, Candidate], taxes: list[RateTax], amounts: list[Amount]) -> None:
    proved = [entry for entry in taxes if entry.proved]
    gross = [entry.line.gross for entry in proved if entry.line.gross is not None]
    if gross and len(proved) == len(taxes):
        words = " + ".join(str(g) for g in gross)
        exempt = [a.value for a in amounts if a.label.role == "base" and a.rate in (None, "0") and "非" in a.words]
        _speak(board, sum(gross) + sum(exempt[:1]), "taxes", words)
    elif gross and all(entry.line.gross is not None for entry in taxes):
        # a base without a readable tax (a plastic bag at 3 yen carries none) still adds to the sum
        rest = [entry.line.gross or 0 for entry in taxes if not entry.proved]
        _speak(board, sum(gross) + sum(rest), "taxes", " + ".join(str(g) for g in gross + rest), 0.7)


def _by_rates(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    """Abroad the sums of the rates stand above the total: Total 6% supplies (incl. GST) + Total 0% supplies."""
    of_rate: dict[str, list[int]] = defaultdict(list)
    for a in amounts:
        if a.rate is not None and a.label.role in ("subtotal", "base", "total") and a.value:
            of_rate[a.rate].append(a.value)
    if not 2 <= len(of_rate) <= 3:
        return
    for parts in product(*(dict.fromkeys(values[:4]) for values in of_rate.values())):
        if sum(parts) in board and board[sum(parts)].label:
            _speak(board, sum(parts), "taxes", " + ".join(map(str, parts)))


def _by_subtotal(board: dict[int, Candidate], amounts: list[Amount], taxes: list[RateTax]) -> None:
    subtotals = {a.value for a in amounts if a.label.role == "subtotal" and a.value > 0}
    outside = sum(e.line.tax or 0 for e in taxes if e.line.inclusive is False)
    single = {a.value for a in amounts if a.label.role == "tax" and a.value > 0}
    extras = [a.value for a in amounts if a.label.role in ("service", "tip") and a.value > 0]
    rounding = {0} | {a.value for a in amounts if a.label.role == "rounding"}
    rounding |= {-value for value in rounding}
    discounts = {0} | {-abs(a.value) for a in amounts if a.label.role == "discount"}
    known = {a.value for a in amounts} | set(board)
    for subtotal in subtotals:
        for tax in {outside, *single, 0} if single or outside else {0}:
            for rest in rounding | discounts:
                for extra in {0, sum(extras)}:
                    value = subtotal + tax + rest + extra
                    if value not in known or (value == subtotal and not any(a.value == value for a in amounts)):
                        continue
                    if value == subtotal:
                        weight = 0.45 if sum(a.value == value for a in amounts) > 1 else 0.0
                    else:
                        weight = 1.0 if tax or extra else 0.7
                    if weight:
                        _speak(board, value, "subtotal", f"{subtotal} + {tax + extra + rest}", weight)


def _by_rounding(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    """Where cash is rounded to the smallest coin, the rounded sum is what was paid."""
    known = {a.value for a in amounts}
    steps = {a.value for a in amounts if a.label.role == "rounding" and 0 < abs(a.value) <= 5}
    for step in steps | {-step for step in steps}:
        for value in [v for v, c in board.items() if c.label > 0]:
            if value + step in known and (value + step) % 5 == 0 and value % 5:
                _speak(board, value + step, "rounding", f"{value} {step:+}")
                board[value].score -= 2.0


def _by_balance(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    """An IC card's balance before and after a charge or a ride differ by what was paid."""
    balances = [a for a in amounts if _BALANCE.search(a.words) and a.value >= 0]
    for before, after in combinations(balances, 2):
        difference = abs(after.value - before.value)
        if difference in board and board[difference].label:
            _speak(board, difference, "balance", f"{after.value} − {before.value}")


def _by_discount(board: dict[int, Candidate], amounts: list[Amount]) -> None:
    """合計 38,280, 割引 −1,000, お支払額 37,280: what was paid is the total, and the sum above it speaks for it.

    The same with a tip: Total 31.08, Tip 5.00, Mastercard 36.08.
    """
    known = {a.value: a for a in amounts if a.label.role in ("total", "payment") and a.value > 0}
    for off in (a for a in amounts if a.label.role in ("discount", "tip") and a.value):
        step = off.value if off.label.role == "tip" else -abs(off.value)
        for before in [a for a in amounts if a.label.role == "total" and a.order < off.order]:
            after = known.get(before.value + step)
            if after is None or after.order < off.order or before.value not in board:
                continue
            words = f"{before.value} {'+' if step > 0 else '−'} {abs(step)}"
            _speak(board, after.value, "discount", words)
            board[after.value].score += max(board[before.value].score, 0.0)
            board[before.value].score -= 3.0


def _by_items(board: dict[int, Candidate], items: tuple[Item, ...], amounts: list[Amount]) -> bool:
    total = sum(item.amount for item in items)
    subtotals = {a.value for a in amounts if a.label.role == "subtotal"}
    if len(items) >= 2 and (total in board or total in subtotals):
        if total in board:
            _speak(board, total, "items", f"{len(items)} items = {total}")
        return True
    if len(items) == 1 and total in board:
        _speak(board, total, "items", "1 item", 0.5)
        return True
    return False


def _by_looks(board: dict[int, Candidate], amounts: list[Amount], page: Sheet) -> None:
    """Small pushes: large type, the largest sum of all; and away from what the words call something else."""
    apart = {"other", "discount", "tax", "change", "tip", "service", "rounding"}
    role_of: dict[int, set[str]] = defaultdict(set)
    for a in amounts:
        role_of[a.value].add(a.label.role)
        if a.value in board:
            candidate = board[a.value]
            candidate.source = candidate.source or a
    for value, candidate in board.items():
        roles = role_of.get(value, set())
        if roles and roles <= apart:
            candidate.score -= 3
        if not roles:
            candidate.score -= 1.5
        source = candidate.source
        if source is not None and source.token.height > 1.35 * page.letter:
            candidate.score += 0.6
    sums = [v for v, c in board.items() if c.label > 0]
    if sums:
        board[max(sums)].score += 0.4
    if not any(c.label for c in board.values()):
        marked = [a for a in amounts if a.marked and a.label.role in ("", "payment", "base") and a.value > 0]
        if marked:
            top = max(marked, key=lambda a: (a.token.height > 1.4 * page.letter, a.value))
            large = top.token.height > 1.4 * page.letter
            again = sum(a.value == top.value for a in amounts) > 1
            alone = len({a.value for a in marked}) == 1
            push = 1.0 + large + 0.8 * again + 0.6 * alone
            board.setdefault(top.value, Candidate(top.value, source=top)).score += push
