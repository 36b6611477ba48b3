"""The local chat as a platform: delivered once, changed in place, seen by the right person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.web import WebChat, conversation
from handlers.chat import Address, Button, Card, FileRef, Form, Input, Picture, Platform
from handlers.errors import FileGone, FileTooLarge, PlatformRefused
from handlers.services import Services
from storage.models import Member

KEY = "0f0e0d0c0b0a09080706050403020100"


def shown(services: Services, home: str, user: str) -> list[conversation.Bubble]:
    with services.db.snapshot(home) as session:
        email = {"worker": "misaki.sato@example.jp", "supervisor": "kenichi.tanaka@example.jp"}[user]
        member = session.query(Member).filter_by(email=email).one()
        return conversation.latest(session, [member.id])[0]


def test_it_is_a_platform(chat: WebChat) -> None:
    assert isinstance(chat, Platform)
    assert chat.capabilities.can_edit
    assert chat.capabilities.has_forms


def test_a_card_sent_twice_under_one_key_stands_once(
    services: Services, home: str, chat: WebChat, worker: Address
) -> None:
    card = Card("下書き", buttons=(Button("提出", "token", "primary"),))
    first = chat.send(worker, card, key=KEY, reply=None, interrupted=False)
    again = chat.send(worker, card, key=KEY, reply=None, interrupted=True)
    assert first == again
    assert [bubble.card["title"] for bubble in shown(services, home, "worker") if bubble.card] == ["下書き"]
    assert shown(services, home, "supervisor") == []


def test_a_changed_card_keeps_its_place_and_is_news(
    services: Services, home: str, chat: WebChat, worker: Address
) -> None:
    reference = chat.send(worker, Card("下書き"), key=KEY, reply=None, interrupted=False)
    chat.send(worker, Card("次"), key=KEY[::-1], reply=None, interrupted=False)
    with services.db.snapshot(home) as session:
        _, seen = conversation.latest(session, [shown(services, home, "worker")[0].member_id])
    chat.update(worker, reference, Card("承認済み", tone="good"))
    assert [bubble.card["title"] for bubble in shown(services, home, "worker") if bubble.card] == ["承認済み", "次"]
    with services.db.snapshot(home) as session:
        news = conversation.after(session, [shown(services, home, "worker")[0].member_id], seen)
    assert [bubble.id for bubble in news] == [reference]


def test_a_card_that_is_not_there_cannot_be_changed(chat: WebChat, worker: Address) -> None:
    with pytest.raises(PlatformRefused) as refused:
        chat.update(worker, "nothing", Card("x"))
    assert refused.value.code == "message_not_found"


def test_nobody_unknown_is_written_to(chat: WebChat, worker: Address) -> None:
    with pytest.raises(PlatformRefused) as refused:
        chat.send(replace(worker, user="stranger"), Card("x"), key=KEY, reply=None, interrupted=False)
    assert refused.value.code == "user_not_found"
    assert chat.profile(replace(worker, user="stranger")).standing == "gone"
    assert chat.profile(worker).email == "misaki.sato@example.jp"


def test_a_form_and_a_sign_of_work_are_news_but_no_bubbles(
    services: Services, home: str, chat: WebChat, worker: Address
) -> None:
    chat.send(worker, Card("下書き"), key=KEY, reply=None, interrupted=False)
    member = shown(services, home, "worker")[0].member_id
    with services.db.snapshot(home) as session:
        _, seen = conversation.latest(session, [member])
    form = Form("token", "修正", "保存", (Input("date", "日付", "date", value="2026-11-20"),))
    chat.open_form(worker, "a-handle", form)
    chat.open_form(worker, "a-handle", form)
    chat.working(worker)
    chat.working(worker)
    assert len(shown(services, home, "worker")) == 1
    with services.db.snapshot(home) as session:
        news = conversation.after(session, [member], seen)
    assert [(bubble.handle, bubble.working) for bubble in news] == [("a-handle", False), ("", True)]
    assert news[0].form is not None
    assert news[0].form["inputs"][0]["value"] == "2026-11-20"


def test_files_come_back_as_they_were_within_the_limit(services: Services, chat: WebChat, worker: Address) -> None:
    sha256 = services.blobs.put(b"a receipt")
    file = FileRef(f"{sha256}.act.0", "receipt.jpg", "image/jpeg", 9)
    assert chat.fetch(worker, file, limit=9) == b"a receipt"
    with pytest.raises(FileTooLarge):
        chat.fetch(worker, file, limit=8)
    with pytest.raises(FileGone):
        chat.fetch(worker, replace(file, id="0" * 64 + ".act.0"), limit=9)


def test_a_picture_keeps_its_description(services: Services, home: str, chat: WebChat, worker: Address) -> None:
    chat.send(
        worker, Card("下書き", picture=Picture("0" * 64, "レシートの写真")), key=KEY, reply=None, interrupted=False
    )
    card = shown(services, home, "worker")[0].card
    assert card is not None
    assert card["picture"] == {"sha256": "0" * 64, "alt": "レシートの写真"}
