"""What the tests of sending have in common: one card, and short ways to send it."""

from __future__ import annotations

import uuid

from bot.slack.send import Slack
from handlers.chat import Address, Button, Card, Field
from tests.fakes.seen import Seen
from tests.fakes.slack_state import User

CARD = Card(
    "領収書を読み取りました", fields=(Field("合計", "¥1,980"),), buttons=(Button("提出", "s"), Button("削除", "d"))
)
JPEG = b"\xff\xd8\xff\xe0 a small preview"


def to(user: User, **more: object) -> Address:
    return Address("slack", user.team, user.id, **more)  # type: ignore[arg-type]


def key() -> str:
    return str(uuid.uuid4())


def post(platform: Slack, user: User, card: Card = CARD, *, interrupted: bool = False, same: str = "") -> str:
    return platform.send(to(user), card, key=same or key(), reply=None, interrupted=interrupted)


def only(messages: list[Seen]) -> Seen:
    (seen,) = messages
    return seen
