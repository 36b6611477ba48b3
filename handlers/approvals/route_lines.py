"""A route as administrators write it, and as it is shown to them again.

::

    line       = [NAME] [conditions] ":" step { ">" step }
    conditions = amount>=100000 | amount<100000 | category=… | department=… | grade=… | project=… | budget=… | kind=…
    step       = place { "|" place }      one of them is enough
               | place { "&" place }      all of them
    place      = 上司 | POST | POST(DEPARTMENT) | 役割:経理 | E-MAIL

Values of a condition are separated by commas. Japanese and English words mean the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import budgets, categories, people
from handlers.errors import Refusal
from storage.models import Member, Post, Route

KEYS = {
    "amount": "amount",
    "金額": "amount",
    "category": "categories",
    "科目": "categories",
    "department": "departments",
    "部署": "departments",
    "grade": "grades",
    "等級": "grades",
    "project": "projects",
    "案件": "projects",
    "budget": "budgets",
    "予算": "budgets",
    "kind": "kinds",
    "種類": "kinds",
}
SHOWN_KEYS = {
    "categories": ("category", "科目"),
    "departments": ("department", "部署"),
    "grades": ("grade", "等級"),
    "projects": ("project", "案件"),
    "budgets": ("budget", "予算"),
    "kinds": ("kind", "種類"),
}
KINDS = {"request": "request", "出張伺い": "request", "伺い": "request", "expense": "expense", "精算": "expense"}
MANAGER_WORDS = ("上司", "manager", "supervisor")
_CONDITION = re.compile(r"([^<>=]+)(>=|<=|=>|=<|>|<|=)(.+)", re.DOTALL)
_AMOUNT = re.compile(r"[¥\\]?(\d[\d,]*)(万)?円?")
_WITH_DEPARTMENT = re.compile(r"(.+?)\((.+)\)")
_MENTION = re.compile(r"<@[^>]*>")
Named = Callable[[str], Member]


@dataclass
class Line:
    """A route that was understood: what a :class:`Route` row holds."""

    name: str = ""
    conditions: dict[str, Any] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)


def parse(session: Session, words: Sequence[str], named: Named) -> Line:
    """Understand a line of words. ``named`` finds a member. Raises :class:`Refusal` naming what is not understood."""
    left, right = _halves(words)
    line = Line()
    names = []
    for word in _joined(left):
        match = _CONDITION.fullmatch(word)
        if match is None:
            names.append(word)
        else:
            _condition(session, line.conditions, *(part.strip() for part in match.groups()))
    line.name = " ".join(names)
    steps, mentions = _without_mentions(right)
    for text in re.split(r"->|[>→⇒]", steps):
        line.steps.append(_step(session, text, lambda word: named(mentions.get(word, word))))
    return line


def conditions(session: Session, words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Conditions alone, and the words that are none."""
    found: dict[str, Any] = {}
    rest = []
    for word in _joined(words):
        match = _CONDITION.fullmatch(word)
        if match is None:
            rest.append(word)
        else:
            _condition(session, found, *(part.strip() for part in match.groups()))
    return found, rest


def amount_of(text: str) -> int:
    """``100000``, ``100,000円``, ``10万円`` in yen; :class:`Refusal` when it is no amount."""
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise Refusal("“{word}” is not an amount. Write for example amount>=100000.", word=text[:40])
    return int(match.group(1).replace(",", "")) * (10_000 if match.group(2) else 1)


def _halves(words: Sequence[str]) -> tuple[list[str], str]:
    """What stands before and after the colon."""
    for number, word in enumerate(words):
        before, colon, after = word.partition(":")
        if colon:
            left = [*words[:number], *([before] if before else [])]
            right = " ".join([*([after] if after else []), *words[number + 1 :]])
            if right.strip():
                return left, right
    raise Refusal(
        "Please write the conditions, a colon, and the steps: "
        "/keihi route add amount>=100000 : manager > 課長 > role:accountant"
    )


def _joined(words: Sequence[str]) -> list[str]:
    """``amount >= 100000`` in three words is one condition."""
    joined: list[str] = []
    for word in words:
        if joined and (re.match(r"[<>=]", word) or re.search(r"[<>=]$", joined[-1])):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _condition(session: Session, found: dict[str, Any], key: str, operator: str, value: str) -> None:
    name = KEYS.get(key.lower())
    if name is None:
        raise Refusal("“{word}” is not a condition of a route. Possible: {keys}.", word=key[:40], keys=", ".join(KEYS))
    if name == "amount":
        _amount(found, operator, value)
        return
    if operator != "=":
        raise Refusal("“{word}” takes “=”, for example {word}=A,B.", word=key[:40])
    values = [part.strip() for part in re.split(r"[,、]", value) if part.strip()]
    if name == "categories":
        values = [categories.find(part) for part in values]
    elif name == "budgets":  # kept as codes; a line that is nowhere would make a route that is never taken
        values = [budgets.known(session, part) for part in values]
    elif name == "kinds":
        unknown = next((part for part in values if part.lower() not in KINDS), None)
        if unknown is not None:
            raise Refusal(
                "“{word}” is not a kind of claim. Possible: {kinds}.", word=unknown[:40], kinds="request, expense"
            )
        values = [KINDS[part.lower()] for part in values]
    found[name] = values


def _amount(found: dict[str, Any], operator: str, value: str) -> None:
    if operator == "=":
        low, dash, high = re.sub(r"\.\.|[〜~-]", "..", value).partition("..")
        if not dash or not (low.strip() or high.strip()):
            raise Refusal("“{word}” is not an amount. Write for example amount>=100000.", word=value[:40])
        found |= {name: amount_of(text) for name, text in (("amount_from", low), ("amount_to", high)) if text.strip()}
    elif operator in (">=", "=>"):
        found["amount_from"] = amount_of(value)
    elif operator == ">":
        found["amount_from"] = amount_of(value) + 1
    elif operator in ("<=", "=<"):
        found["amount_to"] = amount_of(value)
    else:
        found["amount_to"] = amount_of(value) - 1
    if found.get("amount_to") is not None and found["amount_to"] < found.get("amount_from", 0):
        raise Refusal("No amount is in this range.")


def _without_mentions(text: str) -> tuple[str, dict[str, str]]:
    """A mention's own ``>`` and ``|`` mean nothing here."""
    mentions: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        mentions[f"@{len(mentions)}"] = match.group()
        return f"@{len(mentions) - 1}"

    return _MENTION.sub(keep, text), mentions


def _step(session: Session, text: str, named: Named) -> dict[str, Any]:
    if "&" in text and "|" in text:
        raise Refusal("A step has either “|” (one of them) or “&” (all of them), not both: “{word}”.", word=text[:60])
    mode = "all" if "&" in text else "any"
    words = [part.strip() for part in re.split(r"[|&]", text)]
    if not all(words):
        raise Refusal("A step is empty. Write for example 上司 > 課長 > 役割:経理.")
    return {"who": [_place(session, word, named) for word in words], "mode": mode}


def _place(session: Session, word: str, named: Named) -> str:
    """The word of a place as it is kept: ``manager``, ``post:課長``, ``role:accountant``, ``member:<id>``."""
    if word.lower() in MANAGER_WORDS:
        return "manager"
    kind, colon, name = word.partition(":")
    if colon and kind.strip().lower() in ("役割", "role"):
        [role, *more] = people.parse_roles(name) or [""]
        if role not in people.ROLES or more:
            raise Refusal("“{role}” is not a role. Roles: {roles}.", role=name.strip(), roles=", ".join(people.ROLES))
        return f"role:{role}"
    title = name.strip() if colon and kind.strip().lower() in ("役職", "post") else word
    within = _WITH_DEPARTMENT.fullmatch(title)
    bare, department = (within.group(1).strip(), within.group(2).strip()) if within else (title, "")
    known = select(Post.id).filter_by(title=bare, **({"department": department} if department else {}))
    if session.scalars(known).first() is not None:
        return f"post:{bare}/{department}" if department else f"post:{bare}"
    if "@" not in word:
        raise Refusal(
            "“{word}” is neither a post nor a role. A place of a step is 上司, a post, 役割:経理 or an e-mail address. "
            "Posts are made like this: /keihi post 課長 department=総務課 holder=E-MAIL",
            word=word[:40],
        )
    return f"member:{named(word).id}"


def shown(session: Session, route: Route, locale: str) -> str:
    """The line as it could be written again."""
    left = []
    amount = "amount" if locale == "en" else "金額"
    if route.conditions.get("amount_from") is not None:
        left.append(f"{amount}>={route.conditions['amount_from']}")
    if route.conditions.get("amount_to") is not None:
        left.append(f"{amount}<={route.conditions['amount_to']}")
    for name, (english, japanese) in SHOWN_KEYS.items():
        values = [_value(locale, name, value) for value in route.conditions.get(name) or ()]
        if values:
            text = ",".join(values)
            quoted = f'"{text}"' if " " in text else text
            left.append(f"{english if locale == 'en' else japanese}={quoted}")
    steps = (
        (" & " if step["mode"] == "all" else " | ").join(_word(session, word, locale) for word in step["who"])
        for step in route.steps
    )
    return f"{' '.join(left)} : {' > '.join(steps)}".strip()


def _value(locale: str, name: str, value: str) -> str:
    if name == "categories":
        return categories.label(locale, value)
    if name == "kinds" and locale != "en":
        return {kind: word for word, kind in reversed(KINDS.items()) if not word.isascii()}[value]
    return value


def _word(session: Session, word: str, locale: str) -> str:
    kind, _, name = word.partition(":")
    if kind == "manager":
        return "manager" if locale == "en" else "上司"
    if kind == "role":
        japanese: Mapping[str, str] = {role: text for text, role in people.ROLE_WORDS.items()}
        return f"role:{name}" if locale == "en" else f"役割:{japanese.get(name, name)}"
    if kind == "post":
        title, _, department = name.partition("/")
        return f"{title}({department})" if department else title
    member = session.get(Member, name)
    return (member.email or member.name) if member else "?"
