"""The rows behind the bubbles, on each database: nothing is missed and nothing comes twice, whoever writes at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import HTTPException
from sqlalchemy import select

from bot.demo.organization import seed
from bot.web import WebChat, conversation, pictures
from handlers.chat import Address, Card, Picture
from handlers.keys import Keys
from handlers.services import Services
from storage.blobs import Blobs
from storage.db import Database
from storage.models import Member
from tests.fakes.waiting import wait_until

WRITERS, EACH = 4, 8


@pytest.fixture
def services(database: Database, tmp_path: Path) -> Services:
    unused = cast(Any, None)
    return Services(database, Blobs((tmp_path / "receipts").as_uri()), unused, unused, Keys(b"a secret of the tests"))


def test_a_reader_sees_every_bubble_once_while_many_write(services: Services) -> None:
    home = seed(services)
    chat = WebChat(services)
    people = ("worker", "supervisor")
    with services.db.snapshot(home) as session:
        members = list(session.scalars(select(Member.id)))

    def write(number: int) -> None:
        for turn in range(EACH):
            to = Address("web", home, people[turn % 2])
            chat.send(to, Card(f"{number}-{turn}"), key=f"{number:016}{turn:016}", reply=None, interrupted=False)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    heard: list[str] = []
    seen = 0

    def listen() -> bool:
        nonlocal seen
        with services.db.snapshot(home) as session:
            for bubble in conversation.after(session, members, seen):
                assert bubble.sequence > seen
                seen = bubble.sequence
                heard.append((bubble.card or {})["title"])
        return len(heard) >= WRITERS * EACH

    try:
        wait_until(listen, 60, what="not every bubble came")
    finally:
        for writer in writers:
            writer.join()
    assert sorted(heard) == sorted(f"{number}-{turn}" for number in range(WRITERS) for turn in range(EACH))


def test_a_picture_on_a_card_is_found_for_its_reader_alone(services: Services) -> None:
    home = seed(services)
    chat = WebChat(services)
    sha256 = services.blobs.put(b"\xff\xd8\xff a picture")
    card = Card("下書き", picture=Picture(sha256, "写真"))
    chat.send(Address("web", home, "worker"), card, key="k" * 32, reply=None, interrupted=False)
    with services.db.snapshot(home) as session:
        ids = {member.email: member.id for member in session.scalars(select(Member))}
    shown = pictures.picture(services, home, [ids["misaki.sato@example.jp"]], sha256)
    assert shown.media_type == "image/jpeg"
    with pytest.raises(HTTPException):
        pictures.picture(services, home, [ids["kenichi.tanaka@example.jp"]], sha256)
