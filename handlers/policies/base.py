"""What a rule is: what it gets (:class:`Case`), what it says (:class:`Finding`), what an organisation may set of it.

A rule looks at plain frozen facts and asks :class:`~handlers.policies.history.History` for what other claims say. It
changes nothing, refuses nothing and knows no screen: what a finding leads to is decided by its strength.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Protocol

from handlers.policies.history import History

Strength = Literal["note", "reason", "stop"]
STRENGTHS: tuple[Strength, ...] = ("note", "reason", "stop")  # from weak to strong

# What fills a sentence. Plain texts and numbers stand as they are; yen, days, categories and msgids are written in the
# reader's language when the finding is shown (``handlers.cards.findings``), so that it can be stored once for all.
Value = str | int | Mapping[str, str | int]


def yen(amount: int) -> Value:
    """An amount of the organisation's own money."""
    return {"yen": amount}


def money(amount: int, currency: str) -> Value:
    """An amount in minor units of any currency."""
    return {"minor": amount, "currency": currency}


def day(date: dt.date) -> Value:
    return {"day": date.isoformat()}


def category(code: str) -> Value:
    return {"category": code}


def said(msgid: str) -> Value:
    """A word or sentence of ours, to be translated."""
    return {"text": msgid}


@dataclass(frozen=True)
class Finding:
    """What a rule says of a claim, or of one expense of it (``expense_id``).

    ``text`` is a msgid and ``values`` fill its braces. ``key`` is the same whenever the rule is asked again about the
    same thing (empty: rule and expense), so that a reason stays with its finding. ``strength`` and ``paragraph`` are
    those of the policy; a rule sets a strength only where one of its findings must be weaker or stronger than that.
    """

    rule: str
    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    expense_id: str = ""
    key: str = ""
    strength: Strength | Literal[""] = ""
    paragraph: str = ""

    @property
    def figures(self) -> dict[str, int]:
        """The numbers of the sentence by name: yen, days, persons, per cent."""
        found: dict[str, int] = {}
        for name, value in self.values.items():
            number = value.get("yen", value.get("minor")) if isinstance(value, Mapping) else value
            if isinstance(number, int):
                found[name] = number
        return found

    def stored(self) -> dict[str, Any]:
        """As it stands in ``Claim.findings``."""
        return asdict(self)

    @staticmethod
    def restored(row: Mapping[str, Any]) -> Finding:
        """What :meth:`stored` gave."""
        return Finding(**row)


# --- what a rule looks at ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A member of the organisation, as far as rules may know them."""

    id: str
    name: str
    email: str = ""
    department: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Attendee:
    """Somebody at the table. ``relation``: own (of the organisation) or outside; empty when it was not said."""

    name: str
    company: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Seen:
    """What the reader saw on the receipt itself. ``items``: (name, amount in minor units); ``flags``: ocr.metadata."""

    kind: str = ""
    issuer: str = ""
    items: tuple[tuple[str, int], ...] = ()
    flags: tuple[str, ...] = ()
    text: str = ""
    persons: int | None = None
    tip: int | None = None
    service_charge: int | None = None

    def flag(self, name: str) -> str | None:
        """What stands behind ``name:`` among the flags (empty for a bare one); None when it is not among them."""
        for flag in self.flags:
            head, _, tail = flag.partition(":")
            if head == name:
                return tail
        return None


@dataclass(frozen=True)
class Line:
    """One expense. ``claimed`` is what is asked back, in yen; None while the amount or its rate is unknown.

    ``amount`` is the whole in minor units of ``currency``. ``arrived``: the day its file came, in the organisation's
    zone. ``persons``: how many sat at the table, None when nobody said. ``journey``: from, to, mode, round_trip, km;
    ``basis``: what a computed amount rests on.
    """

    id: str
    kind: str = "receipt"
    payee: str = ""
    date: dt.date | None = None
    amount: int | None = None
    currency: str = "JPY"
    claimed: int | None = None
    taxes: tuple[Mapping[str, Any], ...] = ()
    registration_number: str = ""
    category: str = "misc"
    payment_method: str = ""
    description: str = ""
    attendees: tuple[Attendee, ...] = ()
    persons: int | None = None
    missing_receipt: str = ""
    journey: Mapping[str, Any] = field(default_factory=dict)
    basis: Mapping[str, Any] = field(default_factory=dict)
    receipt_id: str = ""
    receipt_part: int = 0
    sha256: str = ""
    arrived: dt.date | None = None
    seen: Seen = field(default_factory=Seen)
    doubts: tuple[str, ...] = ()

    @property
    def purchase(self) -> str:
        """The same for all lines that one receipt was split into (``handlers.claims.purchases``)."""
        if self.receipt_id:
            return f"{self.receipt_id}:{self.receipt_part}"
        return str((self.basis.get("split") or {}).get("of") or self.id)


@dataclass(frozen=True)
class TripFacts:
    """The journey that the claim belongs to; both days included.

    ``requested``: the claim settles an approved request. ``km``: one way to the destination, None where nobody said.
    """

    id: str
    starts: dt.date
    ends: dt.date
    nights: int = 0
    destination: str = ""
    computed: tuple[Mapping[str, Any], ...] = ()
    requested: bool = False
    km: int | None = None


@dataclass(frozen=True)
class Limit:
    """An amount up to which an expense gets on easier: without a reason, without a receipt, without an approver.

    ``categories``: empty for all. ``by_head``: for each who sat at the table. ``on_paper``: None for any, else whether
    it is for expenses with a receipt or for those without.
    """

    amount: int
    categories: frozenset[str] = frozenset()
    by_head: bool = False
    on_paper: bool | None = None


@dataclass(frozen=True)
class Case:
    """One claim before the rules. ``lines`` are the expenses on whose days the rule is in force.

    ``claim_lines`` are all of them. ``day``: the day that counts for delays, the one of submission, or today while the
    claim is a draft. ``approvers``: who is to decide as far as it is known. ``history`` answers about other claims.
    ``caps``: those of the lanes without an approver. ``limits``: they, and what the rules in force on a line's day
    allow (``handlers.policies.limits``), by day.
    """

    claim_id: str
    kind: str
    purpose: str
    day: dt.date
    member: Person
    lines: tuple[Line, ...]
    claim_lines: tuple[Line, ...]
    history: History
    approvers: tuple[Person, ...] = ()
    trip: TripFacts | None = None
    caps: tuple[Limit, ...] = ()
    limits: Mapping[dt.date, tuple[Limit, ...]] = field(default_factory=dict)

    def papers(self) -> list[Line]:
        """``lines``, those of one receipt as one: the first of them, with the amount of the whole."""
        firsts: dict[str, Line] = {}
        for line in self.lines:
            firsts.setdefault(line.purchase, line)
        return [replace(line, amount=self._whole(line)) for line in firsts.values()]

    def _whole(self, line: Line) -> int | None:
        mates = [mate.amount for mate in self.claim_lines if mate.purchase == line.purchase]
        return line.amount if len(mates) < 2 else sum(amount or 0 for amount in mates)

    def bought(self, line: Line) -> int | None:
        """What is claimed in yen of the line's receipt in its category, into however many lines it was split."""
        if line.claimed is None:
            return None
        mates = (m for m in self.claim_lines if m.purchase == line.purchase and m.category == line.category)
        return max(line.claimed, sum(mate.claimed or 0 for mate in mates))


# --- what a rule is ---------------------------------------------------------------------------------------------------

Kind = Literal["yen", "number", "category", "categories", "words", "text", "flag"]  # categories, words: lists
Plain = int | str | bool | list[str]  # as they stand in JSON and TOML


@dataclass(frozen=True)
class Parameter:
    """What an administrator may set of a rule. ``what`` (msgid) explains it; ``words`` are its Japanese names.

    ``selects``: it says which expenses the row is for, so that rows that differ in it stand side by side (a limit for
    each category); other rows of a rule replace each other. A parameter whose ``default`` is None must be given.
    """

    name: str
    kind: Kind
    default: Plain | None
    what: str
    words: tuple[str, ...] = ()
    selects: bool = False


@dataclass(frozen=True)
class Parameters:
    """The values in force, by name, each of its parameter's kind; ``strength`` is how what it finds counts."""

    values: Mapping[str, Plain]
    strength: str = ""

    def number(self, name: str) -> int:
        value = self.values[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is no number")
        return int(value)

    def flag(self, name: str) -> bool:
        return bool(self.values[name])

    def text(self, name: str) -> str:
        return str(self.values[name])

    def words(self, name: str) -> tuple[str, ...]:
        value = self.values[name]
        return tuple(value) if isinstance(value, list) else tuple(str(value).split(",")) if value else ()


class Rule(Protocol):
    """One rule, one file, one line in :data:`handlers.policies.RULES`.

    ``name`` is what administrators type (``limit-category``), ``title`` (msgid) its short name on forms, ``what``
    (msgid) one sentence on what it finds; ``strength`` is how it counts where nobody chose otherwise.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def what(self) -> str: ...

    @property
    def strength(self) -> Strength: ...

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        """Everything that this rule finds in ``case.lines``, in their order. Reads only; raises nothing."""
        ...
