"""``lane``: which claims need no approver. What widens or ends it is a proposal until a second administrator agrees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from sqlalchemy import func, select

from handlers import cards, categories, money
from handlers.cards import lane as shown
from handlers.commands.base import Command, Gathered
from handlers.commands.members import member_named, profiles
from handlers.commands.policies import NO, YES
from handlers.errors import NotAllowed, Refusal
from handlers.lane import decisions, draw, report, rules
from handlers.lane.rules import Terms
from handlers.taps import lane as taps
from handlers.turn import Turn
from storage.models import Claim, LaneDraw, LaneRule, Member, StatementRow

OPEN = ("open", "開く", "追加", "add")
CHANGE = ("change", "変更")
CLOSE = ("close", "閉じる", "終了", "remove")
REPORT = ("report", "報告")
WHY = ("why", "理由", "確認")
REOPEN = ("reopen", "再審", "取消")
KEYS = {
    **{"category": "categories", "categories": "categories", "科目": "categories"},
    **{"max": "max", "上限": "max", "audit": "audit", "抜き取り": "audit", "抜取": "audit"},
    **{"statement": "statement", "明細": "statement", "to": "to", "確認者": "to", "確認": "to"},
}
LEAST_SHARE = 1  # ten-thousandths; never nothing, for a lane that nobody ever looks at proves nothing
USUAL_SHARE = 1000
MORE = ("/keihi lane change 1 …", "lane close 1", "lane report 2026-11", "lane why 12", "lane reopen 12 …")
EXAMPLE = "For example: /keihi lane open category=消耗品費,新聞図書費 max=5000 audit=10% statement=no"


def _lane(turn: Turn, words: list[str], gathered: Gathered) -> None:
    what, rest = (words[0].lower(), words[1:]) if words else ("", [])
    if not what:
        _show(turn)
    elif what in REPORT:
        _report(turn, rest)
    elif what in WHY:
        _why(turn, rest)
    elif what in REOPEN:
        _reopen(turn, rest)
    elif "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    elif what in OPEN:
        given = _given(turn, rest, gathered)
        if given.categories is None or given.max_amount is None:
            raise Refusal(EXAMPLE)
        terms = Terms(given.categories, given.max_amount, given.share or USUAL_SHARE, given.statement is not False)
        _proposed(turn, rules.open_lane(turn, terms), given.asked)
    elif what in CHANGE:
        rule = rules.numbered(turn.session, rest[0] if rest else "")
        given = _given(turn, rest[1:], gathered)
        _proposed(turn, rules.change(turn, rule, given.over(rules.terms_of(rule))), given.asked)
    elif what in CLOSE:
        rule = rules.numbered(turn.session, rest[0] if rest else "")
        _proposed(turn, rules.close(turn, rule), _given(turn, rest[1:], gathered).asked)
    else:
        raise Refusal(EXAMPLE)


# --- showing ----------------------------------------------------------------------------------------------------------


def _show(turn: Turn) -> None:
    session, now = turn.session, turn.services.clock()
    active = rules.active(session)
    administrator = "admin" in turn.member.roles
    notes: list[str] = []
    if any(rule.wants_statement for rule in active) and not session.scalar(select(func.count(StatementRow.id))):
        notes.append(turn.t("No statement has been imported yet: where one is wanted, nothing passes."))
    if {"accountant", "admin"} & set(turn.member.roles):
        month = draw.month_of(now, turn.organization.zone)
        fixed = session.scalars(select(LaneDraw).filter_by(month=month)).first()
        if fixed is not None:
            notes.append(turn.t("Commitment of {month}: {sha256}", month=month, sha256=fixed.commitment))
    if administrator:
        if not rules.others(turn):
            notes.append(turn.t(rules.ALONE))
        notes += [turn.t(EXAMPLE), turn.t("Also: {commands}", commands=" · ".join(MORE))]
    proposals = rules.proposals(session, now) if administrator else []
    waiting = [(rule, rules.fallen(session, rule, now)) for rule in proposals]
    turn.tell(shown.overview(turn.view, active, waiting, notes))


def _report(turn: Turn, words: Sequence[str]) -> None:
    _must_keep_books(turn)
    month = draw.month_of(turn.services.clock(), turn.organization.zone)
    if words:
        found = re.fullmatch(r"(20\d\d)[-/年](0?[1-9]|1[0-2])月?", words[0])
        if found is None:
            raise Refusal("Please write the month like this: 2026-11")
        month = f"{found[1]}-{int(found[2]):02}"
    turn.tell(shown.report(turn.view, report.month_of(turn.session, turn.organization, month)))


def _why(turn: Turn, words: Sequence[str]) -> None:
    """Every check of one claim, as it would be looked at now."""
    _must_keep_books(turn)
    claim = decisions.of_number(turn, words[0] if words else "")
    turn.tell(shown.examined(turn.view, claim, decisions.look(turn, claim)))


def _must_keep_books(turn: Turn) -> None:
    if not {"accountant", "admin"} & set(turn.member.roles):
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="accountant / admin")


# --- proposing --------------------------------------------------------------------------------------------------------


class _Given:
    """What was typed; None where it was not. ``asked``: who is to confirm, if somebody was named."""

    def __init__(self) -> None:
        self.categories: tuple[str, ...] | None = None
        self.max_amount: int | None = None
        self.share: int | None = None
        self.statement: bool | None = None
        self.asked: Member | None = None

    def over(self, before: Terms) -> Terms:
        """``before`` with what was typed in its place."""
        if self.categories is not None:
            before = replace(before, categories=self.categories)
        if self.max_amount is not None:
            before = replace(before, max_amount=self.max_amount)
        if self.share is not None:
            before = replace(before, audit_share=self.share)
        return before if self.statement is None else replace(before, wants_statement=self.statement)


def _given(turn: Turn, words: Sequence[str], gathered: Gathered) -> _Given:
    given = _Given()
    for word in words:
        key, equals, value = word.partition("=")
        name = KEYS.get(key.lower()) if equals else None
        if name == "categories":
            codes = {categories.find(part) for part in re.split(r"[,、]", value) if part.strip()}
            given.categories = tuple(sorted(codes)) or None
        elif name == "max":
            given.max_amount = _amount(value)
        elif name == "audit":
            given.share = _share(value)
        elif name == "statement":
            given.statement = _flag(value)
        elif name == "to":
            given.asked = member_named(turn, value, gathered)
        else:
            raise Refusal(EXAMPLE)
    return given


def _amount(text: str) -> int:
    amount = money.parse(text)
    if amount < 1:
        raise Refusal("The limit must be more than nothing.")
    return amount


def _share(text: str) -> int:
    try:
        share = Decimal(text.strip().rstrip("%")) * 100
    except InvalidOperation:
        share = Decimal(0)
    if not LEAST_SHARE <= share <= draw.WHOLE or share != share.to_integral_value():
        raise Refusal("The audit share is between 0.01% and 100%, for example audit=10%.")
    return int(share)


def _flag(text: str) -> bool:
    plain = text.strip().casefold()
    if plain not in (*YES, *NO, "必要", "不要"):
        raise Refusal("{name} is yes or no, for example {name}=yes.", name="statement")
    return plain in (*YES, "必要")


def _proposed(turn: Turn, rule: LaneRule, asked: Member | None) -> None:
    """What was proposed, before the proposer and before who may confirm it."""
    if rule.state == rules.ACTIVE:
        title = turn.t("The lane is narrower from now on. That takes no second administrator.")
        turn.tell(cards.sentence(f"{title}\n{shown.terms(turn.view, rule)}", "good", private=True))
        return
    if asked is not None and (asked.id == turn.member.id or "admin" not in asked.roles):
        raise Refusal("{name} cannot confirm it: that takes another administrator.", name=asked.name)
    taps.put(turn, rule)
    if not taps.ask(turn, rule, [asked] if asked is not None else rules.others(turn)):
        turn.tell(turn.t("Nobody who could confirm it is connected to the chat yet."), tone="doubt")


# --- reopening --------------------------------------------------------------------------------------------------------


def _reopen(turn: Turn, words: Sequence[str]) -> None:
    if not words:
        raise Refusal("Please write which claim, and why: /keihi lane reopen 12 …")
    claim: Claim = decisions.of_number(turn, words[0])
    decisions.reopen(turn, claim, " ".join(words[1:]))
    turn.tell(cards.sentence(turn.t("#{number} was reopened and waits for approval.", number=claim.number), "good"))


COMMANDS = (
    Command(
        "lane",
        ("自動承認",),
        "lane",
        "Which claims pass without an approver.",
        _lane,
        gather=profiles,
    ),
)
