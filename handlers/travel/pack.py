"""A travel regulation as data: what a pack may say, and how its file is read.

A pack is a TOML file (``docs/travel.md`` describes it). Every figure in it carries its confidence and its source; every
block names the paragraph it comes from. A pack may extend another (準用): what it says goes before what the other says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from handlers.errors import Refusal
from handlers.travel.places import prefectures

Confidence = Literal["confirmed", "verified", "inferred", "unverified", "example", "unknown"]
# From the surest to the least sure; a computed amount is as sure as the least sure figure in it.
CONFIDENCES: tuple[Confidence, ...] = ("confirmed", "verified", "inferred", "unverified", "example", "unknown")
SURE = ("confirmed", "verified")
NAME = r"^[a-z0-9][a-z0-9-]{0,62}$"
Mode = Literal["shinkansen", "train", "bus", "air", "ship", "taxi", "car", "rental_car", "walk"]


def least(*given: Confidence) -> Confidence:
    """The least sure of several; ``verified`` of none."""
    return max(given, key=CONFIDENCES.index, default="verified")


class Part(BaseModel):
    """Unknown keys are refused: a misspelt key would silently change what people are paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Part):
    """``source`` is a key of the pack's ``sources``."""

    confidence: Confidence
    source: str = ""


class Figure(Sourced):
    """Yen; None (with confidence ``unknown``) where the figure is not known and must be asked."""

    yen: int | None = Field(default=None, ge=0, le=10_000_000)

    @model_validator(mode="after")
    def _known_or_not(self) -> Self:
        if (self.yen is None) != (self.confidence == "unknown"):
            raise ValueError("a figure without yen, and only that, has the confidence “unknown”")
        return self


class Distance(Sourced):
    """Whole kilometres."""

    km: int = Field(ge=0, le=10_000)


class Block(Sourced):
    """A rule without a figure of its own is also read somewhere: ``paragraph`` of the regulation."""

    paragraph: str


class Grade(Part):
    """A grade of the pack's tables; ``words`` are what members' grades say for it."""

    name: str
    label: str
    label_en: str = ""
    words: tuple[str, ...] = ()


class Start(Block):
    """Where a trip from home begins: ``home`` (actual fare), ``office``, or the ``cheaper`` of the two."""

    rule: Literal["home", "office", "cheaper"]


class Agency(Block):
    """A travel agency or card firm (旅行役務提供者) may be paid directly, by contract."""


class Transport(Block):
    """Fares are paid as they were; modes of ``needs_reason`` only with a reason (taxi, rental car)."""

    needs_reason: tuple[Mode, ...] = ()


class Car(Block):
    """A private car: its ``actual`` costs, or yen for each whole kilometre of a leg, a day or the trip."""

    rule: Literal["actual", "per_km"]
    per_km: Figure | None = None
    whole_km_of: Literal["leg", "day", "trip"] = "leg"

    @model_validator(mode="after")
    def _has_its_figure(self) -> Self:
        if (self.rule == "per_km") != (self.per_km is not None):
            raise ValueError("“per_km” wants a figure, “actual” none")
        return self


class Reason(Part):
    """A reason that the regulation accepts for a price over the cap."""

    text: str
    text_en: str = ""


class OverCap(Part):
    """What goes beyond the cap, and up to where (no ``limit``: the actual price)."""

    paragraph: str
    reasons: tuple[Reason, ...]
    limit: Figure | None = None


class Flat(Part):
    """One cap for all grades: inside the pack's own prefecture and outside."""

    inside: Figure
    outside: Figure


class Lodging(Part):
    """宿泊費 for a night: the actual price up to a cap by grade and prefecture, or up to a flat cap."""

    paragraph: str
    caps: dict[str, dict[str, Figure]] = {}
    flat: Flat | None = None
    over: OverCap | None = None
    receipt: bool = True

    @model_validator(mode="after")
    def _one_kind_of_cap(self) -> Self:
        if bool(self.caps) == (self.flat is not None):
            raise ValueError("either “caps” or “flat”")
        unknown = {p for table in self.caps.values() for p in table} - set(prefectures())
        if unknown:
            raise ValueError("no such prefecture: " + ", ".join(sorted(unknown)))
        return self


class LodgingAllowance(Part):
    """宿泊手当 for a night away, less where the price of the lodging contains meals that are not shown apart."""

    paragraph: str
    night: Figure
    one_meal: Figure
    two_meals: Figure


class Daily(Part):
    """日当 or 旅行雑費 for a day, by grade (``all``: every grade)."""

    paragraph: str
    label: str = "日当"
    label_en: str = "Daily allowance"
    yen: dict[str, Figure]
    only_without_lodging: bool = False
    half_below: Distance | None = None
    none_in: tuple[str, ...] = ()


class Package(Block):
    """包括宿泊費: one price for transport and lodging, up to the ordinary fare and the lodging caps together."""


class Cancellation(Block):
    """Of each kind of cost the smaller: what the trip would have given, or what cannot be had back."""


class Commuter(Block):
    """Sections that the commuting allowance pays are not paid again."""


class Pack(Part):
    """A whole regulation. Member grades that no grade's words name have ``default_grade``."""

    name: str = Field(pattern=NAME)
    series: str = Field(default="", pattern=rf"{NAME}|^$")
    title: str
    title_en: str = ""
    effective_from: date
    decided_by: Literal["departure"] = "departure"
    fictional: bool = False
    note: str = ""
    home_prefecture: str = ""
    sources: dict[str, str] = {}
    default_grade: str = "general"
    grades: tuple[Grade, ...] = ()
    start: Start | None = None
    agency: Agency | None = None
    transport: Transport | None = None
    car: Car | None = None
    lodging: Lodging | None = None
    lodging_allowance: LodgingAllowance | None = None
    daily: Daily | None = None
    package: Package | None = None
    cancellation: Cancellation | None = None
    commuter: Commuter | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        known = {grade.name for grade in self.grades}
        used = {*(self.lodging.caps if self.lodging else ()), *(self.daily.yen if self.daily else ())} - {"all"}
        if not known >= {self.default_grade, *used}:
            raise ValueError("grades that are used but not listed: " + ", ".join({self.default_grade, *used} - known))
        if self.lodging and self.lodging.flat and self.home_prefecture not in prefectures():
            raise ValueError("flat caps want “home_prefecture”")
        unnamed = {cell.source for _, cell in cells(self)} - set(self.sources) - {""}
        if unnamed:
            raise ValueError("sources that are not listed: " + ", ".join(sorted(unnamed)))
        sourceless = [
            path for path, cell in cells(self) if not cell.source and cell.confidence not in ("example", "unknown")
        ]
        if sourceless:
            raise ValueError("no source: " + ", ".join(sourceless[:5]))
        return self

    def grade_of(self, said: str) -> Grade:
        """The pack's grade for what a member's ``grade`` says."""
        for grade in self.grades:
            if said and said in (grade.name, grade.label, grade.label_en, *grade.words):
                return grade
        return next(grade for grade in self.grades if grade.name == self.default_grade)


def cells(part: Part, path: str = "") -> Iterator[tuple[str, Sourced]]:
    """(name, figure or rule) of everything in a pack that has a source: ``lodging.caps.general.福島県``, …"""
    if isinstance(part, Sourced):
        yield path, part
    for name in type(part).model_fields:
        yield from _cells(getattr(part, name), f"{path}.{name}".lstrip("."))


def _cells(value: object, path: str) -> Iterator[tuple[str, Sourced]]:
    if isinstance(value, Part):
        yield from cells(value, path)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _cells(inner, f"{path}.{name}")


def number(cell: Sourced) -> int | None:
    """The yen or kilometres of a cell; None for a rule without a figure and for what is not known."""
    return cell.yen if isinstance(cell, Figure) else cell.km if isinstance(cell, Distance) else None


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a pack's file. :class:`Refusal` when it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal("The pack is not a TOML file: {why}", why=str(error)) from error


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``over`` laid on ``base``, table by table; ``remove`` lists top-level blocks of the base that do not apply."""
    kept = {name: value for name, value in base.items() if name not in over.get("remove", ())}
    for name, value in over.items():
        if name in ("remove", "extends"):
            continue
        inner = kept.get(name)
        # A figure is replaced as a whole: its source and confidence belong to its number.
        both = isinstance(inner, Mapping) and isinstance(value, Mapping) and "confidence" not in value
        kept[name] = merged(inner, value) if both and isinstance(inner, Mapping) else value
    return kept


def validated(tables: Mapping[str, Any]) -> Pack:
    """The pack in these (merged) tables. :class:`Refusal` naming the first place that is wrong."""
    try:
        return Pack.model_validate(dict(tables))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "—"
        raise Refusal("The pack has a fault at {where}: {why}", where=where, why=first["msg"]) from error
