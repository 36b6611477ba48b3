"""Pieces of text to a Reading: the order in which the fields are asked, and what is doubted in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from ocr import classify
from ocr.engines import TextLine
from ocr.fields import amounts as amounts_
from ocr.fields import currency as currency_
from ocr.fields import dates, issuer, items, kind, marks, money, payment, persons, phone, registration, ryoshusho
from ocr.fields.mend import untaxed
from ocr.layout import Sheet, Token, sheet
from ocr.reading import Box, Category, Field, Item, Line, Payment, Reading, TaxLine
from ocr.text import skeleton

SURE = 0.7  # a field at or above this confidence is not doubted
SURE_ISSUER = 0.68
SURE_ISSUER_ABROAD = 0.71  # no registration number or brand list stands behind a name there
SURE_CURRENCY, ANY_CLUE = 0.55, 0.3  # below the second one it is a mere guess, and says nothing of the country
FUTURE = dt.timedelta(days=1)  # a receipt from the other side of the date line is not from the future
OLD = dt.timedelta(days=366 * 11)  # beyond every period for which receipts are kept (10 years): a misread year
STRONG = 0.95  # score of a date that heads a receipt of its own
# evidence of a date that is doubted though it is clear to read: looking again would not help
PAST, TO_COME, DAY_OR_MONTH = "long past", "to come", "day or month first"
CLEAR = frozenset({PAST, TO_COME, DAY_OR_MONTH})

LEAST_EACH = 100  # yen: nobody eats for less, so the number of persons is doubted

Place = Callable[[Token], Box]


def extract(lines: list[TextLine], *, today: dt.date, page: int = 0, scale: float = 1.0) -> Reading:
    """The Reading of one receipt's text. ``scale``: px of the upright page for one px of ``lines``. Raises nothing."""
    document = sheet(lines)

    def place(token: Token) -> Box:
        xs, ys = [p[0] * scale for p in token.quad], [p[1] * scale for p in token.quad]
        return Box(round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys)), page)

    code, code_sure, code_words = currency_.read(document.text)
    figures = amounts_.read(document, code)
    goods = items.read(document, figures, place)
    found = money.choose(document, figures, goods, code)
    days = dates.read(document, code if code_sure >= ANY_CLUE else "", today)
    numbers = registration.read(document)
    total = _total(found, figures, _merged(found, days, numbers), place)
    date, time = _date(document, days, code, code_sure, today, place)
    addressed = ryoshusho.addressee(document)
    who, branch, brand = _issuer(document, code, addressed[0] if addressed else "", place)
    number = _registration(numbers, place)
    paying = _payment(document, figures, total.value, place)
    sort, sort_sure, sort_words = kind.read(document, len(figures))
    head = who.value or ""
    odd = _contradicted(found, figures)
    reading = Reading(
        kind=Field(sort, sort_sure, None, (sort_words,) if sort_words else ()),
        issuer=who,
        branch=branch,
        date=date,
        time=time,
        total=total,
        currency=Field(code, code_sure, None, (code_words,) if code_words else (), code_sure < SURE_CURRENCY),
        taxes=_taxes(found, figures if code == "JPY" else [], place),
        registration_number=number,
        phone=_phone(document, code, place),
        payment=paying,
        paid=_amount(found.paid, place, odd),
        change=_amount(found.change, place, odd),
        tip=_amount(found.tip, place),
        service_charge=_amount(found.service, place),
        persons=_persons(document, total.value if code == "JPY" else None, place),
        addressee=_words(addressed, place),
        description=_words(ryoshusho.description(document), place),
        items=Field(_goods(found), 0.95 if found.items_fit else 0.5, None, ("sum fits",) if found.items_fit else ())
        if found.items
        else Field(),
        category=_category(head, brand, document, sort, found),
        lines=tuple(Line(t.raw, round(t.score, 3), place(t)) for row in document.rows for t in row.tokens),
    )
    return reading


def _amount(amount: amounts_.Amount | None, place: Place, odd: bool = False) -> Field[int]:
    if amount is None:
        return Field()
    sure = round((0.4 if odd else 0.9) * amount.token.score, 2)
    return Field(amount.value, sure, place(amount.token), (amount.text,), odd)


def _contradicted(found: money.Money, figures: list[amounts_.Amount]) -> bool:
    """Whether paid − change is not the proved total, and no other payment or reduction makes up for it."""
    if found.paid is None or found.total is None or not found.total.proved:
        return False
    if found.change is None and found.paid.value >= found.total.value:
        return False
    rest = found.total.value - (found.paid.value - (found.change.value if found.change else 0))
    used = (a for a in figures if a.label.role in ("payment", "discount", "rounding", "other"))
    return rest != 0 and abs(rest) not in {abs(a.value) for a in used if a is not found.paid}


def _merged(found: money.Money, days: list[dates.Found], numbers: list[registration.Found]) -> bool:
    """Whether two receipts were taken for one: two registration numbers, two dates, two proved totals, of these two."""
    two_numbers = len({number.value for number in numbers if number.valid}) > 1
    two_days = sum(day.score >= STRONG for day in days) > 1
    best = found.total
    two_totals = best is not None and best.label >= 0.8 and any(r.proved and r.label >= 0.8 for r in found.rivals)
    return two_numbers + two_days + two_totals > 1


def _total(found: money.Money, figures: list[amounts_.Amount], merged: bool, place: Place) -> Field[int]:
    best = found.total
    if best is None:
        return Field(doubted=True)
    rival = found.rivals[0] if found.rivals else None
    lead = best.score - (rival.score if rival else 0.0)
    sure = 0.4 + 0.03 * min(best.score, 8.0)
    if best.proved:
        sure = 0.85 + 0.01 * min(best.score, 13.0)
    elif best.label >= 0.8:
        sure += 0.1
    if rival is not None and rival.proved and lead < 2.0:
        sure -= 0.25
    elif lead < 1.0:
        sure -= 0.15
    said: tuple[str, ...] = ()
    if money.contradicted(found, figures) or money.overruled(found):
        sure, said = min(sure, 0.6), ("contradicted",)
    if merged:
        sure, said = min(sure, 0.6), (*said, "two receipts?")
    if best.source is not None and best.source.token.score < 0.8 and not best.proved:
        sure -= 0.15
    sure = round(max(0.05, min(sure, 0.99)), 2)
    box = place(best.source.token) if best.source is not None else None
    evidence = (*(f"{k}: {v}" for k, v in best.witnesses.items()), *said)
    return Field(best.value, sure, box, evidence, sure < SURE)


def _taxes(found: money.Money, figures: list[amounts_.Amount], place: Place) -> Field[tuple[TaxLine, ...]]:
    printed = next((a for a in figures if a.label.role == "tax" and a.value > 0), None)
    if not found.taxes:
        return Field() if printed is None else Field(None, 0.0, place(printed.token), (printed.text,), True)
    proved = all(entry.proved or (entry.line.tax is None and _too_little(entry.line)) for entry in found.taxes)
    total = found.total.value if found.total else None
    gross = sum(entry.line.gross or 0 for entry in found.taxes)
    sure = 0.6 + (0.25 if proved else 0.0) + (0.12 if gross == total and proved else 0.0)
    ways = {entry.line.inclusive for entry in found.taxes if entry.line.tax} - {None}
    if gross != total and (len(ways) > 1 or any(untaxed(a) for a in figures)):
        sure = min(sure, 0.6)  # a till prints all its rates the same way, and what is untaxed completes the total
    source = found.taxes[0].source
    lines = tuple(entry.line for entry in found.taxes)
    evidence = tuple(entry.evidence for entry in found.taxes)
    return Field(lines, round(sure, 2), place(source.token) if source else None, evidence, sure < SURE)


def _too_little(line: TaxLine) -> bool:
    """A plastic bag at 3 yen carries no tax."""
    return line.gross is not None and line.gross * line.rate < 110


def _goods(found: money.Money) -> tuple[Item, ...]:
    if not found.items_fit or found.total is None or not found.taxes or not all(e.proved for e in found.taxes):
        return found.items
    return marks.settled(found.items, tuple(entry.line for entry in found.taxes), found.total.value)


def _date(
    page: Sheet, found: list[dates.Found], code: str, code_sure: float, today: dt.date, place: Place
) -> tuple[Field[dt.date], Field[dt.time]]:
    if not found:
        return Field(doubted=True), Field()
    best = found[0]
    sure = min(0.99, best.score) * (0.7 + 0.3 * best.token.score)
    if len(found) > 1 and found[1].score > best.score - 0.2:
        sure -= 0.15
    said = {True: ("weekday fits",), False: ("weekday contradicts",), None: ()}[best.weekday]
    said += (TO_COME,) if best.value > today + FUTURE else (PAST,) if best.value < today - OLD else ()
    odd = best.weekday is False or PAST in said or TO_COME in said
    sure = round(max(0.05, sure - (0.4 if odd else 0.0)), 2)
    if dates.ambiguous(best, code if code_sure >= SURE_CURRENCY or code == "JPY" else "") and best.weekday is None:
        odd, said = True, (*said, DAY_OR_MONTH)
    date = Field(best.value, sure, place(best.token), (best.words, *said), sure < SURE or odd)
    clock = dates.time_near(page, best)
    return date, Field() if clock is None else Field(clock[0], 0.9, place(clock[1]), (clock[2],))


def _issuer(page: Sheet, code: str, addressee: str, place: Place) -> tuple[Field[str], Field[str], str]:
    found = issuer.read(page)
    if found and addressee and skeleton(found[0].name) == skeleton(addressee):  # nobody makes out a receipt to himself
        found = [replace(c, sure=min(c.sure, 0.6)) for c in found[1:] if skeleton(c.name) != skeleton(addressee)]
    if not found or found[0].score < 0.5:
        return Field(doubted=True), Field(), ""
    best = found[0]
    limit = SURE_ISSUER if code == "JPY" else SURE_ISSUER_ABROAD
    who = Field(best.name, best.sure, place(best.token), best.why, best.sure < limit)
    where = issuer.branch(page, best)
    branch: Field[str] = Field() if where is None else Field(where[0], 0.7, place(where[1]))
    return who, branch, best.brand.category if best.brand else ""


def _registration(found: list[registration.Found], place: Place) -> Field[str]:
    if not found:
        return Field()
    best = found[0]
    sure = round(best.score * (0.8 + 0.2 * best.token.score), 2)
    several = len({number.value for number in found if number.valid}) > 1  # of the operator and of the shop
    how = (best.how, *(number.value for number in found[1:] if number.valid and number.value != best.value))
    return Field(best.value, min(sure, 0.6) if several else sure, place(best.token), how, several or not best.valid)


def _phone(page: Sheet, code: str, place: Place) -> Field[str]:
    found = phone.read(page, code)
    return Field() if found is None else Field(found[0], found[2], place(found[1]), (found[3],))


def _payment(page: Sheet, figures: list[amounts_.Amount], total: int | None, place: Place) -> Field[Payment]:
    found = payment.read(page, figures, total)
    if found is None:
        return Field()
    return Field(found[0], found[2], place(found[1].tokens[0]), (found[3],))


def _words(found: tuple[str, Token] | None, place: Place) -> Field[str]:
    return Field() if found is None else Field(found[0], 0.8, place(found[1]))


def _persons(page: Sheet, total: int | None, place: Place) -> Field[int]:
    found = persons.read(page)
    if found is None:
        return Field()
    odd = found.joined or (total is not None and total < LEAST_EACH * found.number)
    return Field(found.number, 0.5 if odd else 0.85, place(found.token), (found.words,), odd)


def _category(head: str, brand: str, page: Sheet, sort: str, found: money.Money) -> Field[Category]:
    total = found.total.value if found.total else None
    reduced = sum(entry.line.gross or 0 for entry in found.taxes if entry.line.rate == 8)
    people = persons.read(page)
    each = total // people.number if total is not None and people is not None else None
    food = total is not None and reduced * 2 > total
    choice = classify.classify(head, page.text, brand=brand, kind=sort, per_person=each, food=food)
    return Field(choice.category, choice.confidence, None, (choice.because,), choice.confidence < 0.5)
