"""``rule``: what the organisation wants of each rule, from which day on. Rows end and are never changed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from handlers import categories, money
from handlers.cards.parts import validity
from handlers.chat import Card, Note, Row
from handlers.commands.base import Command, Gathered
from handlers.dates import parse_day
from handlers.errors import Refusal
from handlers.policies import RULES, STRENGTHS, Parameter, Rule, in_force
from handlers.policies.base import Plain
from handlers.policies.in_force import InForce
from handlers.texts import t
from handlers.turn import Turn
from storage import audit
from storage.models import Policy

STRENGTH_LABELS = {"note": "note", "reason": "needs a reason", "stop": "stop", "off": "off"}
CONFIDENCE_LABELS = {
    "verified": "built in, source read",
    "usual": "built in, common practice",
    "unverified": "built in, not verified",
}
STRENGTH_WORDS = {
    **{name: name for name in (*STRENGTHS, "off")},
    **{"通知": "note", "注意": "note", "理由": "reason", "停止": "stop", "禁止": "stop", "なし": "off"},
}
OFF, DEFAULT = ("off", "なし", "無効"), ("default", "標準", "既定")
OWN_KEYS = {
    **{"strength": "strength", "強さ": "strength"},
    **{"from": "from", "開始": "from", "適用開始": "from", "to": "to", "終了": "to", "適用終了": "to"},
    **{"paragraph": "paragraph", "根拠": "paragraph"},
}
YES, NO = ("yes", "on", "true", "はい", "する"), ("no", "off", "false", "いいえ", "しない")
EXAMPLE = (
    '/keihi rule limit-category category=会議費 max=10000 strength=reason from=2026-12-01 paragraph="旅費規程 第8条"'
)


def _rule(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    if not words:
        _list(turn)
        return
    rule = _named(words[0])
    rest = words[1:]
    if not rest:
        _show(turn, rule)
    elif rest[0].lower() in DEFAULT:
        _back(turn, rule)
    elif rest[0].lower() in OFF:
        _write(turn, rule, {**_given(rule, rest[1:], turn), "strength": "off"})
    else:
        _write(turn, rule, _given(rule, rest, turn))


def _named(word: str) -> Rule:
    wanted = unicodedata.normalize("NFKC", word).casefold()
    found = RULES.get(wanted) or next((r for r in RULES.values() if wanted == t("ja", r.title).casefold()), None)
    if found is None:
        raise Refusal("There is no rule “{name}”. “/keihi rule” lists all rules.", name=word[:40])
    return found


# --- reading what was typed -------------------------------------------------------------------------------------------


def _given(rule: Rule, words: Sequence[str], turn: Turn) -> dict[str, object]:
    """Typed values by name: the rule's parameters, and strength, from, to, paragraph."""
    known = {name: p for p in rule.parameters for name in (p.name, *p.words)}
    given: dict[str, object] = {}
    for word in words:
        key, equals, text = word.partition("=")
        key = key.casefold()
        parameter, own = known.get(key), OWN_KEYS.get(key)
        if not equals or (parameter is None and own is None):
            names = ", ".join((*(f"{p.name}=" for p in rule.parameters), "strength=", "from=", "to=", "paragraph="))
            raise Refusal("“{word}” is not understood here. Possible: {names}", word=word[:40], names=names)
        if parameter is not None:
            given[parameter.name] = _value(parameter, text)
        elif own in ("from", "to"):
            given[own] = _day(text, turn.today)
        elif own == "strength":
            given[own] = _strength(text)
        else:
            given["paragraph"] = text.strip()[:200]
    return given


def _strength(text: str) -> str:
    found = STRENGTH_WORDS.get(text.strip().casefold())
    if found is None:
        raise Refusal("The strength is one of: note, reason, stop, off.")
    return found


def _value(parameter: Parameter, text: str) -> Plain:
    match parameter.kind:
        case "yen":
            return money.parse(text)
        case "number":
            if not re.fullmatch(r"\d{1,6}", text.strip()):
                raise Refusal("{name} is a whole number, for example {name}=30.", name=parameter.name)
            return int(text)
        case "category":
            return categories.find(text) if text.strip() else ""
        case "categories":
            return [categories.find(part) for part in re.split(r"[,、]", text) if part.strip()]
        case "words":
            return [part.strip()[:40] for part in re.split(r"[,、]", text) if part.strip()][:100]
        case "flag":
            if text.strip().casefold() not in (*YES, *NO):
                raise Refusal("{name} is yes or no, for example {name}=yes.", name=parameter.name)
            return text.strip().casefold() in YES
        case "text":
            return text.strip()[:100]


def _day(text: str, today: dt.date) -> dt.date:
    """A day as people write it; one without a year is the next such day, for rules are made for what comes."""
    day = parse_day(text, today=today)
    without_year = len(re.findall(r"\d+", text)) == 2
    return day.replace(year=day.year + 1) if without_year and day < today else day


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(turn: Turn, rule: Rule, given: Mapping[str, object]) -> None:
    values = {p.name: given[p.name] for p in rule.parameters if p.name in given}
    strength = str(given.get("strength", rule.strength))
    first, last = given.get("from", turn.today), given.get("to")
    lacking = [p.name for p in rule.parameters if p.default is None and p.name not in given]
    if strength != "off" and lacking:
        names = ", ".join(f"{name}=" for name in lacking)
        raise Refusal("{names} must be given. Example: {example}", names=names, example=EXAMPLE)
    if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
        raise Refusal("The last day lies before the first.")
    now = turn.services.clock()
    row = Policy(
        rule=rule.name,
        strength=strength,
        parameters=values,
        paragraph=str(given.get("paragraph", "")),
        valid_from=first,
        valid_to=last,
        created_by=turn.member.id,
        created_at=now,
    )
    replaced = _end_those_before(turn, rule, row, now) if last is None else 0
    turn.session.add(row)
    turn.session.flush()
    audit.record(
        turn.session,
        actor=turn.member.id,
        action="policy.written",
        subject=f"policy:{row.id}",
        data={
            "rule": rule.name,
            "strength": strength,
            "values": values,
            "from": row.valid_from.isoformat(),
            "to": row.valid_to.isoformat() if row.valid_to else None,
            "paragraph": row.paragraph,
            "ended": replaced,
        },
    )
    made = InForce(row.rule, row.strength, row.parameters, row.valid_from, row.valid_to, row.paragraph, row_id=row.id)
    text = "The rule was switched off." if strength == "off" else "The rule is set."
    turn.tell(Card(title=turn.t(text), tone="good", rows=(_row(turn, rule, made),), notes=_hints(turn)))


def _hints(turn: Turn) -> tuple[Note, ...]:
    return (Note(turn.t("It counts for expenses of these days; “/keihi rule NAME” shows what was before.")),)


def _end_those_before(turn: Turn, rule: Rule, row: Policy, now: dt.datetime) -> int:
    """Rows for the same expenses end on the day before; how many did."""
    group = InForce(row.rule, row.strength, row.parameters, row.valid_from).group(rule)
    everything = row.strength == "off" and not row.parameters
    ended = 0
    for old in turn.session.scalars(select(Policy).filter_by(rule=rule.name, ended_at=None)):
        same = InForce(old.rule, old.strength, old.parameters, old.valid_from).group(rule) == group
        if (same or everything) and (old.valid_to is None or old.valid_to >= row.valid_from):
            old.valid_to, old.ended_at = row.valid_from - dt.timedelta(days=1), now
            ended += 1
    return ended


def _back(turn: Turn, rule: Rule) -> None:
    """End every row of one's own: the built-in rule counts again."""
    now, yesterday, ended = turn.services.clock(), turn.today - dt.timedelta(days=1), 0
    for old in turn.session.scalars(select(Policy).filter_by(rule=rule.name)):
        if old.valid_to is None or old.valid_to > yesterday:
            old.valid_to, old.ended_at = min(yesterday, old.valid_to or yesterday), now
            ended += 1
    if not ended:
        raise Refusal("Your organisation has no rule of its own here.")
    audit.record(
        turn.session,
        actor=turn.member.id,
        action="policy.ended",
        subject=f"policy:{rule.name}",
        data={"rule": rule.name, "ended": ended},
    )
    _show(turn, rule)


# --- showing ----------------------------------------------------------------------------------------------------------


def _list(turn: Turn) -> None:
    live = in_force.on(turn.today, in_force.policies(turn.session, RULES), RULES)
    shown = {row.rule for row in live}
    rows = [_row(turn, RULES[row.rule], row, dated=row.own or row.valid_to is not None) for row in live]
    absent = ", ".join(name for name in RULES if name not in shown)
    turn.tell(
        Card(
            title=turn.t("Rules in force: {count}", count=len(rows)),
            rows=tuple(rows),
            notes=(
                *((Note(turn.t("Not in force: {names}", names=absent)),) if absent else ()),
                Note(turn.t("Example: {example}", example=EXAMPLE)),
            ),
            private=True,
        )
    )


def _show(turn: Turn, rule: Rule) -> None:
    """One rule: what it is, what may be set, and every row there was."""
    built_in = [row for row in in_force.defaults() if row.rule == rule.name]
    rows = [*reversed(in_force.written(turn.session, rule.name)), *built_in]
    known = (turn.t("{name}=: {what}", name=_typed(turn, p), what=turn.t(p.what)) for p in rule.parameters)
    sources = (turn.t("Source: {source}", source=row.source) for row in built_in)
    turn.tell(
        Card(
            title=turn.t("{name}: {what}", name=rule.name, what=turn.t(rule.title)),
            lead=turn.t(rule.what),
            rows=tuple(_row(turn, rule, row) for row in rows[:20]),
            notes=tuple(Note(text) for text in (*known, *sources)),
            private=True,
        )
    )


def _row(turn: Turn, rule: Rule, row: InForce, *, dated: bool = True) -> Row:
    days = validity(turn.view, row.valid_from, row.valid_to) if dated else ""
    origin = turn.t("your organisation's own") if row.own else turn.t(CONFIDENCE_LABELS[row.confidence])
    parts = (turn.t(STRENGTH_LABELS[row.strength]), _values(turn, rule, row), days, row.paragraph, origin)
    return Row(
        title=f"{rule.name} {turn.t(rule.title)}",
        detail=" · ".join(part for part in parts if part),
        doubted=row.confidence == "unverified",
    )


def _values(turn: Turn, rule: Rule, row: InForce) -> str:
    """As they are typed, in the reader's own words."""
    given = [p for p in rule.parameters if p.name in row.values]
    return " ".join(f"{_typed(turn, p)}={_shown(turn, p, row.values[p.name])}" for p in given)


def _typed(turn: Turn, parameter: Parameter) -> str:
    return parameter.words[0] if parameter.words and turn.view.locale != "en" else parameter.name


def _shown(turn: Turn, parameter: Parameter, value: Plain) -> str:
    if parameter.kind == "yen" and isinstance(value, int):
        return money.show(value)
    if parameter.kind == "category":
        return categories.label(turn.view.locale, str(value)) if value else "*"
    if isinstance(value, list):
        label = (lambda code: categories.label(turn.view.locale, code)) if parameter.kind == "categories" else str
        return "、".join(label(part) for part in value[:6]) + (" …" if len(value) > 6 else "")
    if isinstance(value, bool):
        return turn.t("yes") if value else turn.t("no")
    return str(value)


COMMANDS = (
    Command(
        "rule",
        ("ルール", "規則"),
        "rule [NAME [KEY=VALUE …]]",
        "The rules for expenses: list them, set one, switch one off.",
        _rule,
        role="admin",
    ),
)
