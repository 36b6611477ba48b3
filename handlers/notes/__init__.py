"""Trip and expense notes: one line or several, as people write them, to legs, nights, amounts and a purpose.

``read`` is pure: a text and a day in, a :class:`Reading` out; it never raises. The steps: ``normal`` (one spelling),
``lexer`` (tokens, with ``days``, ``figures`` and ``words``), ``grammar`` (phrases; the grammar itself stands there, its
rules of ways in ``routes``, the others in ``people``, ``stays`` and ``amounts``), ``compose`` (what belongs together;
its rides in ``ways``), ``conclude`` (what follows), ``reading`` (the values, JSON).
"""

from __future__ import annotations

import re
from datetime import date

from handlers.notes.compose import Composer
from handlers.notes.days import Lean
from handlers.notes.grammar import Parser
from handlers.notes.lexer import tokens
from handlers.notes.normal import normal
from handlers.notes.reading import Item, Leg, Lodging, Reading, as_json

__all__ = ["Item", "Leg", "Lodging", "Reading", "as_json", "caption", "read"]

_AHEAD = re.compile(r"予定|想定|見込|伺|する$|します(?!た)|行きます|行く|will\b|going to|plan|upcoming", re.IGNORECASE)
_TRIP = re.compile(r"出張|\btrip\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:です|ます|た|てる|ている)[。!！\s]*$")
_ASKS = re.compile(
    r"[?？]\s*$|(?:か|っけ|かな|かね|でしょう)[。!！\s]*$"
    r"|^(?:can|could|do|does|did|is|are|what|when|who|how)\b.*\b(?:you|i|we|it|the)\b",
    re.IGNORECASE,
)
_CHATS = re.compile(
    r"(?:ですね|ですよ|だね|よね)[。!！\s]*$|(?:ください|下さい|お願いします|ありがとう|すみません|取り?消し|休みます|lol)",
    re.IGNORECASE,
)


_AROUND = " \n、,。・/()"  # what is left beside a list that was taken out


def read(text: str, today: date) -> Reading:
    """What ``text`` says, seen on ``today``; kind ``unknown`` for small talk. Never raises."""
    plain = normal(text)
    lean: Lean = "future" if _AHEAD.search(plain) else "nearest"
    reading = _read(plain, today, lean)
    if reading.kind == "expense" and lean != "future" and reading.end is not None and reading.end > today:
        reading = _read(plain, today, "past")  # what was paid lies behind
    return Reading() if _is_talk(plain, reading) else reading


def caption(text: str) -> tuple[str, str]:
    """(purpose, list of people) of the words beside a picture: 打合せ 参加者 佐藤・鈴木. No list: all is purpose."""
    plain = normal(text)
    found = tokens(plain, date.min)
    begin = next((at for at, token in enumerate(found) if token.sort == "attending"), None)
    if begin is None:
        return text, ""
    parser = Parser(found)
    parser.at = begin
    parser.people()
    listed = parser.made[0].text if parser.made else ""
    if not listed:
        return text, ""
    if parser.sort() == "total" and parser.sort(1) == "people":  # 佐藤・鈴木 計3名
        listed += f"、計{found[parser.at + 1].value}名"
        parser.at += 2
    rest = (plain[: found[begin].start], plain[found[parser.at - 1].end :])
    return " ".join(part for part in (side.strip(_AROUND) for side in rest) if part), listed


def _read(plain: str, today: date, lean: Lean) -> Reading:
    try:
        return Composer().read(Parser(tokens(plain, today, lean)).note())
    except OverflowError:  # a day before the first or after the last that a calendar has
        return Reading()


def _is_talk(plain: str, reading: Reading) -> bool:
    """Whether it only sounds like a note: a question, a request, a place without a plan."""
    if reading.kind == "unknown":
        return True
    if _ASKS.search(plain):
        return True
    if reading.has_amount or any(leg.km is not None and leg.mode for leg in reading.legs):
        return reading.kind == "trip" and reading.start is None and not reading.legs and "泊" not in plain
    if _CHATS.search(plain):
        return True
    if reading.kind == "trip":
        moves = any(leg.destination and (leg.mode or leg.km) for leg in reading.legs)
        moves = moves or any(leg.km is not None for leg in reading.legs)
        leads = any(leg.destination for leg in reading.legs) or bool(reading.lodging and reading.nights)
        if reading.start is not None:
            return not (moves or leads)
        slept = any(stay.place for stay in reading.lodging) and "泊" in plain
        talks = _AHEAD.search(plain) or _SENTENCE.search(plain)  # 大阪出張、新幹線が遅れています
        return talks is not None or not (slept or (moves and _TRIP.search(plain)))
    return reading.start is None and _AHEAD.search(plain) is not None  # 田中さんと昼食に行きます
