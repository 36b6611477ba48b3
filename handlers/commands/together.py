"""``together``: several drafts submitted as one claim: all that can, those of some numbers, those of a month."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from handlers import forms, together
from handlers.cards import together as shown
from handlers.commands.base import Command, Gathered
from handlers.commands.paid import numbers
from handlers.dates import parse_month
from handlers.errors import Refusal
from handlers.turn import Turn

NAME = "together"
ALL = (
    *("all", "everything", "drafts", "my drafts", "all my drafts"),
    *("すべて", "全て", "全部", "下書き", "領収書", "レシート", "経費"),
)
_SAID = re.compile(  # 「11月分をまとめて提出してください」: what stands around the words is what they are about
    r"(?P<before>.*?)(?:を|は|の)?\s*まとめて\s*(?:提出|申請|出(?=して|す))"
    r"(?:して|する|します|したい|したいです|す)?(?:下さい|ください|お願いします|お願い)?\s*[。.!！]*(?P<after>.*)"
)
_ENGLISH = re.compile(r"submit\s+(?P<before>.*?)\s*(?:all\s+)?together(?P<after>.*?)[.!]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s、,，]+|と(?=[\s#\d])")


def heard(text: str, today: date) -> str | None:
    """The command that a plain message means, ``together 11月分`` of 「11月分をまとめて提出」; None without one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _SAID.fullmatch(plain) or _ENGLISH.fullmatch(plain)
    if found is None:
        return None
    about = f"{found['before']} {found['after']}".strip()
    words = [word for word in _BETWEEN.split(about) if word]
    known = not words or parse_month(" ".join(words), today=today) is not None or all(map(_is_number, words))
    return " ".join((NAME, *words)) if known or about.lower() in ALL else None


def _is_number(word: str) -> bool:
    """``3``, ``#3`` or ``3-5``; not the month of a year that has none."""
    found = re.fullmatch(r"#?(\d{1,9})(?:-#?(\d{1,9}))?", word)
    return found is not None and (found[2] is None or int(found[1]) <= int(found[2]))


def _wish(words: list[str], today: date) -> together.Wish:
    """:class:`Refusal` for words that are neither numbers nor a month."""
    about = " ".join(words).strip()
    if not about or about.lower() in ALL:
        return together.Wish()
    month = parse_month(about, today=today)
    if month is not None:
        return together.Wish(month=month)
    plain = re.split(r"[\s,、]+", unicodedata.normalize("NFKC", about))
    if not all(map(_is_number, plain)):
        text = "Please write the numbers of your drafts, or a month: /keihi together 3 5, /keihi together 2026-11"
        raise Refusal(text)
    return together.Wish(numbers=tuple(numbers(NAME, plain)))


def _together(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    chosen = together.choose(turn, _wish(words, turn.today))
    enough = len(chosen.drafts) >= together.LEAST
    outlook = together.outlook(turn, chosen.drafts) if enough else None
    turn.tell(shown.offer(turn.view, chosen.drafts, told(turn, chosen), outlook))


def told(turn: Turn, chosen: together.Chosen) -> list[str]:
    """A sentence for each draft that stays out, which begins with its number."""
    lines = []
    for number, why in chosen.out:
        said = forms.sentence(turn.view.locale, why)
        lines.append(said if said.startswith(f"#{number}") else turn.t("#{number}: {what}", number=number, what=said))
    return lines


COMMANDS = (
    Command(
        NAME,
        ("まとめて", "まとめて提出", "一括提出"),
        "together [NUMBER… or MONTH]",
        "Submit several drafts as one claim.",
        _together,
    ),
)
