"""``remind`` and ``timezone``: when the bot may write of its own accord."""

from __future__ import annotations

import re
from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

from handlers import people
from handlers.approvals import reminders
from handlers.approvals.reminders import Habits
from handlers.calendar import Quiet
from handlers.chat import Card, Field
from handlers.commands.base import Command, Gathered
from handlers.errors import Refusal
from handlers.turn import Turn

NEVER = ("off", "none", "なし", "しない")
KEYS = {
    "days": "days",
    "日数": "days",
    "hour": "hour",
    "時刻": "hour",
    "quiet": "quiet",
    "休止": "quiet",
    "reserve": "reserve",
    "残": "reserve",
    "settle": "settle",
    "精算": "settle",
}
MOST_DAYS = 60


def _remind(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    chosen = reminders.habits(turn.organization)
    if words:
        for word in words:
            chosen = _changed(chosen, word)
        if chosen.hour is not None and chosen.hour in chosen.quiet:
            raise Refusal("{hour}:00 lies in the quiet hours, so nobody would be reminded.", hour=chosen.hour)
        reminders.set_habits(turn, chosen)
    held = reminders.held_back(turn.session)
    fields = [Field(label, value) for label, value in reminders.shown(turn.view, chosen)]
    if held:
        fields.append(Field(turn.t("Reminders that wait for the next message"), str(held)))
    turn.tell(
        Card(
            title=turn.t("Reminders are set") if words else turn.t("Reminders"),
            tone="good" if words else "plain",
            fields=tuple(fields),
            footer=turn.t("Change with for example: /keihi remind hour=9 days=3 quiet=19-8"),
            private=True,
        )
    )


def _changed(chosen: Habits, word: str) -> Habits:
    """One ``key=value``. :class:`Refusal` says how it is written."""
    key, _, value = word.partition("=")
    name, never = KEYS.get(key.lower(), ""), value.lower() in NEVER
    number = int(value) if value.isdecimal() and len(value) < 7 else None
    if name == "hour" and (never or (number is not None and number < 24)):
        return replace(chosen, hour=None if never else number)
    if name == "days" and (never or (number is not None and 1 <= number <= MOST_DAYS)):
        return replace(chosen, days=None if never else number)
    if name == "settle" and (never or (number is not None and 1 <= number <= MOST_DAYS)):
        return replace(chosen, settle=None if never else number)
    if name == "reserve" and number is not None:
        return replace(chosen, reserve=number)
    if name == "quiet":
        span = re.fullmatch(r"(\d{1,2})(?::00)?[-~〜](\d{1,2})(?::00)?", value)
        if never:
            return replace(chosen, quiet=Quiet(0, 0))
        if span and int(span[1]) < 24 and int(span[2]) <= 24:
            return replace(chosen, quiet=Quiet(int(span[1]), int(span[2]) % 24))
    raise Refusal(
        "I do not understand “{word}”. Possible: hour=9 (0-23 or off), days=3 (1-60 or off), quiet=19-8 (or off), "
        "reserve=50, settle=10 (1-60 or off).",
        word=word[:40],
    )


def _timezone(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    if words:
        known = {name.lower(): name for name in available_timezones()}
        zone = known.get(words[0].lower())
        if zone is None:
            raise Refusal("Please write the name of a time zone, for example: /keihi timezone Asia/Tokyo")
        turn.member.zone = "" if zone == turn.organization.zone else zone
    zone = people.zone_of(turn.member, turn.organization)
    now = turn.services.clock().astimezone(ZoneInfo(zone))
    turn.tell(turn.t("Your time zone is {zone}. It is {time} there.", zone=zone, time=f"{now:%H:%M}"))


COMMANDS = (
    Command("timezone", ("タイムゾーン", "時間帯"), "timezone ZONE", "Where I work, for reminders.", _timezone),
    Command(
        "remind",
        ("リマインド", "催促"),
        "remind hour=9 days=3 quiet=19-8",
        "When people are reminded and the next above is asked.",
        _remind,
        role="admin",
    ),
)
