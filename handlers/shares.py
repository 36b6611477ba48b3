"""A receipt's total and taxes divided: by rate, or a share cut off. Nothing is lost: the pieces add up to the whole.

Of a share that is cut off each tax is rounded half up to minor units; what remains is the rest, so that no yen appears
or vanishes by rounding. Amounts are minor units with tax; taxes are lines as ``handlers.taxes`` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Line = dict[str, Any]
FIELDS = ("tax", "net", "gross")


@dataclass(frozen=True)
class Pool:
    """What of a total is taxed at one rate, tax included. ``rate`` is empty for what the receipt names no rate for."""

    rate: str
    gross: int


@dataclass(frozen=True)
class Piece:
    """A part of a receipt with the taxes in it."""

    amount: int
    taxes: tuple[Line, ...]


def pools(amount: int, lines: Sequence[Mapping[str, Any]]) -> tuple[Pool, ...]:
    """The total by rate, in the order of ``lines``, the rest without a rate last.

    Empty where the receipt does not say it, or where what it says is more than the total (points, a discount).
    """
    if amount <= 0 or len({line["rate"] for line in lines}) < len(lines):
        return ()
    known = [_gross(line) for line in lines]
    rest = amount - sum(gross for gross in known if gross is not None)
    if known.count(None) > 1:
        return ()
    if None in known:
        place = known.index(None)
        if not _plausible(lines[place], rest):
            return ()
        known[place], rest = rest, 0
    grosses = [gross for gross in known if gross is not None]
    if rest < 0 or any(gross <= 0 for gross in grosses):
        return ()
    found = [Pool(str(line["rate"]), gross) for line, gross in zip(lines, grosses, strict=True)]
    return (*found, Pool("", rest)) if rest else tuple(found)


def by_rate(amount: int, lines: Sequence[Line]) -> tuple[Piece, ...]:
    """One piece for each rate; empty where there are fewer than two or where the receipt does not tell them apart."""
    found = pools(amount, lines)
    if len(found) < 2:
        return ()
    of_rate = {line["rate"]: line for line in lines}
    return tuple(Piece(p.gross, (_completed(of_rate[p.rate], p.gross),) if p.rate else ()) for p in found)


def room(amount: int, lines: Sequence[Mapping[str, Any]], rate: str) -> int:
    """How much of the total is taxed at ``rate``; all of it where the receipt does not tell the rates apart."""
    return next((pool.gross for pool in pools(amount, lines) if pool.rate == rate), amount)


def cut(amount: int, lines: Sequence[Line], share: int, rate: str = "") -> tuple[Piece, Piece]:
    """(what remains, the share of ``share``), the share taken from what is taxed at ``rate``.

    Where there is one rate it is that one. Where the receipt does not tell its rates apart, or that rate has less than
    the share, every tax gives its proportion. ``share`` lies between 0 and ``amount``.
    """
    found = pools(amount, lines)
    rate = found[0].rate if len(found) == 1 else rate
    pool = next((pool for pool in found if pool.rate == rate and pool.gross >= share), None)
    remains: list[Line] = []
    taken: list[Line] = []
    for line in (dict.fromkeys(FIELDS) | line for line in lines):
        if pool is not None and line["rate"] != pool.rate:
            remains.append(line)
            continue
        whole = pool.gross if pool is not None else amount
        part = _part(_completed(line, whole) if pool is not None else line, share, whole)
        taken.append(part)
        if share < whole or len(lines) == 1:  # of the only tax nothing may be left, but it is known
            remains.append(_rest(line if pool is None else _completed(line, whole), part))
    return Piece(amount - share, tuple(remains)), Piece(share, tuple(taken))


def proportion(amount: int, share: int, whole: int) -> int:
    """``amount × share ÷ whole``, half up."""
    return (2 * amount * share + whole) // (2 * whole)


def _gross(line: Mapping[str, Any]) -> int | None:
    gross, net, tax = (line.get(name) for name in ("gross", "net", "tax"))
    if gross is not None:
        return int(gross)
    return int(net) + int(tax) if net is not None and tax is not None else None


def _plausible(line: Mapping[str, Any], gross: int) -> bool:
    """Whether the tax is what its rate gives of ``gross``, but for rounding."""
    rate, tax = Decimal(line["rate"]), line.get("tax")
    return gross > 0 and (tax is None or abs(tax * (100 + rate) - gross * rate) <= 100 + rate)


def _completed(line: Line, gross: int) -> Line:
    """With what the receipt did not print: its total at that rate, and the net of it."""
    net, tax = line.get("net"), line.get("tax")
    return {**line, "gross": gross, "tax": tax, "net": gross - tax if net is None and tax is not None else net}


def _part(line: Line, share: int, whole: int) -> Line:
    part = {name: None if line[name] is None else proportion(line[name], share, whole) for name in FIELDS}
    net, tax, gross = part["net"], part["tax"], part["gross"]
    if net is not None and tax is not None and gross is not None and line["net"] + line["tax"] == line["gross"]:
        part["net"] = gross - tax
    return {**line, **part}


def _rest(line: Line, part: Line) -> Line:
    return {**line, **{name: None if line[name] is None else line[name] - part[name] for name in FIELDS}}
