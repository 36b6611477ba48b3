"""LINE's webhook events, told as :class:`handlers.chat.Incoming`. Pure: no network, no clock, no database.

Events are read as plain JSON and not through the SDK's models, since those refuse a whole event for one new word in a
field that nobody needs; LINE asks that new fields and types be tolerated. What is needed and missing makes the event
nobody's (``None``) and never an exception of the data's making, except :class:`Malformed` for what cannot be an
event. Source: LINE Messaging API, webhook event objects (https://developers.line.biz/en/reference/messaging-api/).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.chat import (
    Act,
    Address,
    Album,
    Arrived,
    Commanded,
    FileRef,
    Incoming,
    Left,
    Linked,
    Reply,
    Said,
    Tapped,
    Unsent,
)

PLATFORM = "line"
EXTERNAL = "external:"
"""Prefix of a :class:`FileRef` id whose bytes lie elsewhere (``contentProvider.type`` external): never fetched."""

REPLY_LIFE = timedelta(seconds=50)
"""A reply token lives one minute from the webhook's arrival; ten seconds are kept for the way."""
REPLY_LIMIT = timedelta(minutes=19)
"""A redelivered event's token is good until twenty minutes after the event itself; one is kept for the way."""

LONGEST_ID = 100
"""Characters of an id; LINE's have 19 to 44."""
LARGEST_ALBUM = 1000
"""Photos; LINE sends far fewer together, and a number beyond this is none."""

COMMAND = re.compile(r"[/／]?(?:keihi|経費)(?=\s|$)\s*", re.IGNORECASE)
"""The first word of an administrator's line: ``/keihi``, ``keihi`` or ``経費``, followed by a space or nothing."""

Event = Mapping[str, Any]


class Malformed(ValueError):
    """Not an event: no JSON object, or one without a type."""


def incoming(event: object, destination: str, now: datetime) -> Incoming | None:
    """The act that ``event`` tells of, or None when it asks nothing of us.

    ``destination`` is the bot's user id of the webhook, ``now`` (UTC) when it arrived. Raises :class:`Malformed`.
    """
    if not isinstance(event, Mapping) or not _text(event, "type"):
        raise Malformed("an event without a type")
    if event.get("mode", "active") != "active":  # standby: another module answers here
        return None
    kind = _text(event, "type")
    sender = _sender(event, destination)
    if sender is None or kind not in ACTS:
        return None
    act = ACTS[kind](event, sender)
    if act is None:
        return None
    at = _time(event, now)
    return Incoming(_event_id(event), at, sender, act, _reply(event, at, now))


def _sender(event: Event, destination: str) -> Address | None:
    source = _object(event, "source")
    user = _text(source, "userId")
    channel = _text(source, "groupId") or _text(source, "roomId")
    if not user:  # somebody in a group who has not agreed that the bot may know them
        return None
    if max(map(len, (user, channel, destination))) > LONGEST_ID:
        raise Malformed("an id longer than LINE's")
    return Address(PLATFORM, destination, user, channel=channel, group=bool(channel))


def _message(event: Event, sender: Address) -> Act | None:
    message = _object(event, "message")
    kind, number = _text(message, "type"), _text(message, "id")[:LONGEST_ID]
    if kind == "text":
        return _words(message, sender)
    if kind in ("image", "file"):
        if not number:
            return None
        external = _text(_object(message, "contentProvider"), "type") == "external"
        file = FileRef(
            EXTERNAL + number if external else number,
            name=_text(message, "fileName"),
            size=_number(message, "fileSize"),
            message=number,
        )
        return Said(files=(file,), album=_album(message))
    if sender.group:  # people talk among themselves there
        return None
    return Said()  # a sticker, video, voice or place: nothing to read, so the answer is help


def _words(message: Event, sender: Address) -> Act | None:
    raw = written = _text(message, "text")
    for_us = not sender.group
    for start, length, user in _mentions(message):
        name = _utf16(raw, start, length)
        if name:
            for_us = for_us or not user
            written = written.replace(name, f"<@{user}>" if user else "", 1)
    command = COMMAND.match(written.strip())
    if command:
        return Commanded(written.strip()[command.end() :])
    return Said(written.strip()) if for_us else None


def _mentions(message: Event) -> list[tuple[int, int, str]]:
    """(start, length, user id) of each mention; the user is empty where the bot itself is meant."""
    listed = _object(message, "mention").get("mentionees")
    found = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping):
            start, length = _number(one, "index"), _number(one, "length")
            own = one.get("isSelf") is True
            if start is not None and length and (own or _text(one, "userId")):
                found.append((start, length, "" if own else _text(one, "userId")))
    return found


def _album(message: Event) -> Album | None:
    set_ = _object(message, "imageSet")
    number = _text(set_, "id")
    # index and total are missing on older Android versions
    index, total = (_number(set_, key) for key in ("index", "total"))
    if max(index or 0, total or 0) > LARGEST_ALBUM:
        index = total = None
    return Album(number, index, total) if number else None


def _postback(event: Event, _sender: Address) -> Act | None:
    postback = _object(event, "postback")
    token = _text(postback, "data")
    params = _object(postback, "params")
    value = _text(params, "date") or _text(params, "datetime") or _text(params, "time")
    return Tapped(token, value) if token else None


def _unsend(event: Event, _sender: Address) -> Act | None:
    number = _text(_object(event, "unsend"), "messageId")[:LONGEST_ID]
    return Unsent(number) if number else None


def _account_link(event: Event, _sender: Address) -> Act | None:
    link = _object(event, "link")
    return Linked(_text(link, "nonce"), ok=_text(link, "result") == "ok")


ACTS: dict[str, Callable[[Event, Address], Act | None]] = {
    "message": _message,
    "postback": _postback,
    "follow": lambda *_: Arrived(),
    "join": lambda *_: Arrived(),
    "unfollow": lambda *_: Left(),
    "unsend": _unsend,
    "accountLink": _account_link,
}
"""What each type of event is for us. Others (beacon, memberJoined, things that LINE invents tomorrow) are nobody's."""


def _reply(event: Event, at: datetime, now: datetime) -> Reply | None:
    token = _text(event, "replyToken")
    until = min(now + REPLY_LIFE, at + REPLY_LIMIT)
    return Reply(token, until) if token and until > now else None


def _event_id(event: Event) -> str:
    """``webhookEventId``; a digest of the event for senders without one (tools). The same in every redelivery."""
    number = _text(event, "webhookEventId")
    if 0 < len(number) <= LONGEST_ID:
        return number
    kept = {key: value for key, value in event.items() if key not in ("deliveryContext", "replyToken")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _time(event: Event, now: datetime) -> datetime:
    """When it happened; the time of arrival where LINE's milliseconds are missing or impossible."""
    milliseconds = _number(event, "timestamp")
    if milliseconds is None:
        return now
    try:
        return min(datetime.fromtimestamp(milliseconds / 1000, UTC), now)
    except (OverflowError, OSError, ValueError):
        return now


def _object(of: Event, key: str) -> Event:
    value = of.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(of: Event, key: str) -> str:
    """A string without what no database keeps (NUL, lone surrogates); empty when it is no string."""
    value = of.get(key)
    return value.replace("\x00", "").encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _number(of: Event, key: str) -> int | None:
    value = of.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _utf16(text: str, start: int, length: int) -> str:
    """The part of ``text`` at positions counted in UTF-16 units, as LINE counts."""
    return text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le", "ignore")
