"""In which category an organisation books what: counted from its own claims, mixed with the word table.

A naive Bayes count of words (:mod:`handlers.learning.words`) by category. The word table's choice is one more word,
with a head start: as long as there is little experience it decides alone, and an organisation that books its taxis
elsewhere teaches that with a few claims. Japanese pieces of words repeat one another, so that the words of one receipt
together count as much as :data:`WEIGHT` independent ones. Nothing is stored but each expense's words and category.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.learning.words import is_table_word, joined, table_word
from storage.models import Claim, Expense, Lesson

NO_CLUE = "misc"
STANDING = ("submitted", "in_approval", "approved", "exported", "paid")
NEWEST = 1500  # claims looked back on: habits of years ago do not count, and it stays quick
LEAST = 3  # expenses of the category that share a deciding word, before the word table is overruled
LEAST_WITHOUT = 2  # the same where the word table has no clue
PROBABLE, SURE = 0.65, 0.8  # from which a category is chosen, and from which it is not doubted
WEIGHT = 3.0
HEAD_START = 3.0  # claims that the table's own choice is worth
FAINT = 0.25  # what a word that was never seen in a category is worth, in claims


@dataclass(frozen=True)
class Choice:
    """``words`` decided, as they were seen together with this category in ``times`` expenses; ``confidence`` 0..1."""

    category: str
    confidence: float
    words: tuple[str, ...]
    times: int


@dataclass
class Habits:
    """Counts: expenses by category, and by (word, category)."""

    of_category: Counter[str] = field(default_factory=Counter)
    of_word: dict[str, Counter[str]] = field(default_factory=dict)

    def choose(self, told: Sequence[str], first: str) -> Choice | None:
        """The category for these words where the table says ``first``; None while there is too little to go by."""
        known = [word for word in dict.fromkeys(told) if sum(self.of_word.get(word, {}).values()) >= 2]
        if not known:
            return None
        scores = {category: self._score(category, known, first) for category in {*self.of_category, first}}
        best = max(scores, key=lambda category: (scores[category], category == first, category))
        confidence = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
        if confidence < PROBABLE:
            return None
        rival = max((c for c in scores if c != best), key=lambda c: scores[c], default=first)
        least = LEAST_WITHOUT if first == NO_CLUE else LEAST
        telling = self._telling(known, best, first if best != first else rival, least)
        if not telling:
            return None
        times = max(self.of_word[word][best] for word in telling)
        return Choice(best, round(confidence, 2), joined(telling, told)[:2], times)

    def _score(self, category: str, known: Sequence[str], first: str) -> float:
        whole = sum(self.of_category.values())
        prior = math.log((self.of_category[category] + 1) / (whole + len(self.of_category) + 1))
        words = sum(math.log(self._share(word, category)) for word in known)
        return prior + min(1.0, WEIGHT / len(known)) * words + math.log(self._table_share(first, category))

    def _share(self, word: str, category: str) -> float:
        return (self.of_word[word][category] + FAINT) / (self.of_category[category] + 2 * FAINT)

    def _table_share(self, first: str, category: str) -> float:
        seen = self.of_word.get(table_word(first), Counter[str]())[category]
        head_start = HEAD_START if category == first else 0.0
        return (seen + head_start + FAINT / 4) / (self.of_category[category] + HEAD_START + FAINT)

    def _telling(self, known: Sequence[str], best: str, rival: str, least: int) -> list[str]:
        """The words that speak most for ``best`` against ``rival``, strongest first."""
        odds = {word: math.log(self._share(word, best) / self._share(word, rival)) for word in known}
        ranked = sorted((w for w in known if self.of_word[w][best] >= least and odds[w] > 0), key=lambda w: -odds[w])
        return ranked[:5]


def train(examples: Iterable[tuple[Sequence[str], str]], among: frozenset[str] | None = None) -> Habits:
    """Count (words, category) pairs; with ``among``, only these words, which is all that one receipt needs."""
    habits = Habits()
    for told, category in examples:
        habits.of_category[category] += 1
        for word in set(told) if among is None else among.intersection(told):
            habits.of_word.setdefault(word, Counter())[category] += 1
    return habits


def examples(session: Session) -> Iterator[tuple[list[str], str]]:
    """Words and category of the newest expenses whose claims stand; a correction that was undone teaches nothing."""
    rows = (
        select(Expense.words, Expense.category)
        .join(Claim, Claim.id == Expense.claim_id)
        .outerjoin(Lesson, Lesson.expense_id == Expense.id)
        .where(Claim.state.in_(STANDING), Lesson.undone_at.is_(None), Expense.category != "")
        .order_by(Claim.submitted_at.desc())
        .limit(NEWEST)
    )
    for told, category in session.execute(rows):
        if any(not is_table_word(word) for word in told):
            yield told, category
