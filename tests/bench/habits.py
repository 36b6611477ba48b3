"""How well the category follows an organisation's habits: ``python -m tests.bench.habits [--seed N] [--write]``.

Pretend organisations book the generator's receipts each in its own way: by trade, by shop where shops of one trade
differ, a bookshop by what was bought, and one time in twenty wrongly. Every receipt is judged by an organisation that
has never met it (five folds over receipts), and once more by one that has never met its shop (five folds over issuers).
The text is what is printed, without the reader's mistakes: those are measured by ``make bench-ocr``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from statistics import median

from bot.demo.receipts import LAYOUTS, Spec, Truth, drawn
from handlers.learning import habits, words
from ocr.classify import classify, table
from ocr.reading import Field, Item, Reading
from tests.bench import report
from tests.bench.generate import STRIDE

FOLDS = 5
POOL = 700  # receipts that the organisations take theirs from
MISTAKES = 0.05
BY_TRADE = {
    "supermarket": ("meeting", "welfare", "supplies"),
    "convenience": ("meeting", "welfare", "supplies"),
    "cafe": ("meeting", "entertainment", "welfare"),
    "restaurant": ("meeting", "entertainment", "welfare"),
    "taxi": ("travel_transport", "misc"),
    "parking": ("travel_transport", "vehicle", "rent"),
    "hotel": ("travel_transport", "training"),
    "drugstore": ("supplies", "welfare"),
}
BY_SHOP = {
    "handwritten": ("entertainment", "supplies", "printing", "fees", "meeting"),
    "invoice": ("rent", "printing", "outsourcing", "repair", "meeting"),
    "card_slip": ("entertainment", "vehicle", "welfare", "meeting"),
}
BOOKS = ("雑誌", "書籍", "文庫")


@dataclass(frozen=True)
class Case:
    """One receipt: its words, what the word table says, and how this organisation books such a receipt."""

    issuer: str
    told: tuple[str, ...]
    first: str
    wanted: str
    booked: str


class Organisation:
    def __init__(self, seed: int) -> None:
        self._rng = Random(f"organisation {seed}")
        self._trades = {trade: self._rng.choice(codes) for trade, codes in BY_TRADE.items()}
        self._shops: dict[str, str] = {}
        self._by_goods = self._rng.random() < 0.5

    def cases(self, printed: Sequence[Truth]) -> list[Case]:
        return [self._case(truth) for truth in printed]

    def _case(self, truth: Truth) -> Case:
        wanted = self._category(truth)
        wrong = self._rng.random() < MISTAKES
        booked = self._rng.choice(sorted(set(table()) - {wanted})) if wrong else wanted
        text = "\n".join([truth.issuer, truth.purpose or "", *(item.name for item in truth.items)])
        reduced = sum(item.amount for item in truth.items if item.reduced)
        first = classify(truth.issuer, text, kind=_kind(truth), food=reduced * 2 > truth.total).category.code
        told = (words.table_word(first), *words.of_reading(truth.issuer, _reading(truth)))
        return Case(truth.issuer, told, first, wanted, booked)

    def _category(self, truth: Truth) -> str:
        if truth.layout == "bookshop":
            books = sum(item.amount for item in truth.items if item.name.startswith(BOOKS))
            return "books" if self._by_goods and books * 2 > truth.total else "supplies"
        if truth.layout in BY_SHOP:
            if truth.issuer not in self._shops:
                self._shops[truth.issuer] = self._rng.choice(BY_SHOP[truth.layout])
            return self._shops[truth.issuer]
        return self._trades.get(truth.layout, "travel_transport")


def _kind(truth: Truth) -> str:
    return "ticket" if truth.kind in ("transit", "ic_charge") else str(truth.kind)


def _reading(truth: Truth) -> Reading:
    items = tuple(Item(item.name, item.amount, item.quantity, item.reduced) for item in truth.items)
    empty: Reading = Reading(kind=Field(), issuer=Field(), date=Field(), total=Field(), currency=Field())
    return replace(empty, items=Field(items), description=Field(truth.purpose))


def printed(seed: int, count: int) -> Iterator[Truth]:
    """What Japanese receipts of the generator say; their pictures are not drawn."""
    layouts = [name for name in LAYOUTS if name in {*BY_TRADE, *BY_SHOP, "bookshop", "train", "ic_charge"}]
    for index in range(count):
        spec = drawn(Spec(seed * STRIDE + index, layouts[index % len(layouts)]))
        assert spec.layout and spec.on and spec.at  # noqa: PT018  (drawn fills them all)
        yield LAYOUTS[spec.layout](Random(f"keihi {spec.layout} {spec.seed}"), datetime.combine(spec.on, spec.at)).truth


@dataclass
class Tally:
    cases: int = 0
    table: int = 0
    mixed: int = 0
    overruled: int = 0
    overruled_right: int = 0

    def add(self, case: Case, choice: habits.Choice | None) -> None:
        given = choice.category if choice else case.first
        self.cases += 1
        self.table += case.first == case.wanted
        self.mixed += given == case.wanted
        if given != case.first:
            self.overruled += 1
            self.overruled_right += given == case.wanted


def judged(cases: Sequence[Case], *, by_shop: bool, seed: int) -> Tally:
    """Every case judged by the habits of the cases of the other folds."""
    rng, tally = Random(f"folds {seed}"), Tally()
    names = sorted({case.issuer for case in cases}) if by_shop else list(range(len(cases)))
    rng.shuffle(names)
    fold = {name: place % FOLDS for place, name in enumerate(names)}
    of = [fold[case.issuer if by_shop else number] for number, case in enumerate(cases)]
    for left_out in range(FOLDS):
        learned = habits.train((c.told, c.booked) for c, f in zip(cases, of, strict=True) if f != left_out)
        for case, own in zip(cases, of, strict=True):
            if own == left_out:
                tally.add(case, learned.choose(case.told[1:], case.first))
    return tally


def measure(seed: int, organisations: int, sizes: Sequence[int]) -> list[list[str]]:
    pool = list(printed(seed, POOL))
    rows = []
    for size in sizes:
        for by_shop in (False, True):
            whole = Tally()
            for number in range(organisations):
                own = Random(f"receipts {seed} {number} {size}").sample(pool, size)
                cases = Organisation(seed * 1000 + number).cases(own)
                one = judged(cases, by_shop=by_shop, seed=number)
                for name, value in vars(one).items():
                    setattr(whole, name, getattr(whole, name) + value)
            rows.append(
                [
                    str(size * (FOLDS - 1) // FOLDS),
                    "never met" if by_shop else "mostly known",
                    f"{whole.table / whole.cases:.1%}",
                    f"{whole.mixed / whole.cases:.1%}",
                    f"{whole.overruled / whole.cases:.1%}",
                    f"{whole.overruled_right / max(1, whole.overruled):.1%}",
                ]
            )
    return rows


def seconds(seed: int) -> float:
    """Counting as many claims as are ever looked back on, and one choice; median of five."""
    cases = Organisation(seed).cases(list(printed(seed, 100)))
    past = [(case.told, case.booked) for case in cases] * (habits.NEWEST // len(cases) + 1)
    taken = []
    for case in cases[:5]:
        began = time.process_time()
        habits.train(past[: habits.NEWEST], frozenset(case.told)).choose(case.told[1:], case.first)
        taken.append(time.process_time() - began)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description="Cross-validate the category's habits.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--organisations", type=int, default=10)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args()
    header = ("claims before", "its shop", "word table alone", "with habits", "table overruled", "of these right")
    made = report.table(header, measure(wanted.seed, wanted.organisations, (25, 50, 100, 250, 500)))
    text = f"""## Learned categories

`python -m tests.bench.habits --seed {wanted.seed} --write`: {wanted.organisations} pretend organisations that book the
generator's receipts each in its own way, one time in twenty wrongly; five-fold cross-validation, over receipts (the
shop is mostly known from others) and over shops (it was never met). Right means: as this organisation books it;
which of several possible accounts that is, the word table cannot know.

{made}

Counting {habits.NEWEST} claims, the most that are looked back on, and choosing for one receipt takes
{seconds(wanted.seed) * 1000:.0f} ms of processor time without the query.
What people corrected for one issuer comes before all this and needs no numbers: it is taken over as it was said."""
    print(text)
    if wanted.write:
        report.replace_part("habits", text)


if __name__ == "__main__":
    main()
