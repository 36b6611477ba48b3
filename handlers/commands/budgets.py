"""``budget``: the lines that concern me, with what is left of them; administrators grant and revise a line."""

from __future__ import annotations

from sqlalchemy import select

from handlers import budgets
from handlers.budgets import sheets
from handlers.cards.budgets import line_list
from handlers.commands.base import Command, Gathered
from handlers.errors import NotAllowed, Refusal, SheetWrong
from handlers.turn import Turn
from storage.models import Budget

SHOWN = 15
SET = ("set", "設定", "登録")
_KEYS = {alias: ours for ours, aliases in sheets.COLUMNS.items() for alias in aliases}


def _budget(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    if words and words[0].lower() in SET:
        _set(turn, words[1:])
        return
    year = next((int(word) for word in words if word.isdigit() and len(word) == 4), budgets.fiscal_year(turn.today))
    _show(turn, year, " ".join(word for word in words if word != str(year)).casefold())


def _show(turn: Turn, year: int, wanted: str) -> None:
    mine = select(Budget).where(Budget.year == year).order_by(Budget.code)
    if not {"accountant", "admin"} & set(turn.member.roles):
        mine = mine.where(Budget.department.in_(("", turn.member.department)))
    found = [line for line in turn.session.scalars(mine) if wanted in f"{line.code} {line.name}".casefold()]
    if not found:
        raise Refusal("There is no such budget line in the year {year}.", year=year)
    title = turn.t("Budget of the year {year}: {count} lines", year=year, count=len(found))
    turn.tell(line_list(turn.view, title, found[:SHOWN], len(found) - SHOWN))


def _set(turn: Turn, words: list[str]) -> None:
    """One line granted or revised; what the CSV holds as columns stands as ``key=value``."""
    if "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    cells = {"year": str(budgets.fiscal_year(turn.today))}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator:
            cells["amount"] = word
        elif key.lower() in _KEYS:
            cells[_KEYS[key.lower()]] = value
        else:
            raise _how()
    if "amount" not in cells:
        raise _how()
    try:
        wanted = sheets.row(1, cells)
        sheets.save(turn.session, [wanted], by=turn.member.id, now=turn.services.clock())
    except ValueError as error:
        raise _how() from error
    except SheetWrong as wrong:
        raise Refusal("More than that is reserved or spent of “{code}” already.", code=wanted.code) from wrong
    turn.session.expire_all()
    lines = turn.session.scalars(select(Budget).filter_by(year=wanted.year, code=wanted.code)).all()
    turn.tell(line_list(turn.view, turn.t("The budget is set."), lines, 0))


def _how() -> Refusal:
    return Refusal(
        "Please write it like this: "
        "/keihi budget set 300000 department=… account=… project=… name=… year=2026 stopped=yes"
    )


COMMANDS = (
    Command(
        "budget",
        ("予算", "予算残"),
        "budget [WORD] [YEAR]",
        "What is left of the budget.",
        _budget,
    ),
)
