"""What a person does on a phone reaches the product once, and only what is theirs comes back."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from PIL import Image

from bot.settings import Settings
from bot.web import WebChat, issue_link
from handlers.chat import Address, Card, Commanded, Picture, Said, Tapped, Unsent
from handlers.errors import FileTooLarge
from handlers.services import Services
from storage.models import Member, Receipt
from tests.bot.web.conftest import Opened
from tests.bot.web.page import Page, act


@pytest.fixture
def page(browser: Opened) -> Page:
    page = browser(demo=True)
    page.open()
    return page


def jpeg(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_photo_with_a_note_is_kept_and_told_once(
    page: Page, services: Services, chat: WebChat, worker: Address
) -> None:
    photo = jpeg()
    sent = act(text="磐梯町との打合せ")
    for _ in range(2):  # the browser repeats a request whose answer it did not hear
        answer = page.post("/local/messages", data=sent, files=[("files", ("r.jpg", photo, "image/jpeg"))])
        assert answer.status_code == 202
    (incoming,) = page.accepted()
    assert isinstance(incoming.act, Said)
    assert incoming.act.text == "磐梯町との打合せ"
    (file,) = incoming.act.files
    assert (file.name, file.media_type, file.size, file.message) == ("r.jpg", "image/jpeg", len(photo), sent["id"])
    assert chat.fetch(worker, file, limit=1_000_000) == photo


def test_the_same_photo_sent_again_is_another_file(page: Page) -> None:
    for _ in range(2):
        page.post("/local/messages", data=act(text=""), files=[("files", ("r.jpg", jpeg(), "image/jpeg"))])
    files = [one.act.files[0].id for one in page.accepted() if isinstance(one.act, Said)]
    assert len(set(files)) == 2


def test_a_file_over_the_limit_is_told_but_not_kept(page: Page, chat: WebChat, worker: Address) -> None:
    page.post("/local/messages", data=act(text=""), files=[("files", ("big.jpg", b"x" * 1_000_001, "image/jpeg"))])
    (incoming,) = page.accepted()
    assert isinstance(incoming.act, Said)
    with pytest.raises(FileTooLarge):
        chat.fetch(worker, incoming.act.files[0], limit=1_000_000)


def test_words_after_keihi_are_a_command(page: Page) -> None:
    page.post("/local/messages", data=act("administrator", text="/keihi members"))
    page.post("/local/commands", json=act("administrator", text="status"))
    assert [one.act for one in page.accepted()] == [Commanded("members"), Commanded("status")]


def test_a_tap_carries_its_token_value_and_form(page: Page) -> None:
    handle = act()["id"]
    page.post("/local/taps", json=act("supervisor", token="signed", value="2026-11-20", form=handle))
    (incoming,) = page.accepted()
    assert incoming.act == Tapped("signed", "2026-11-20", handle)
    assert incoming.sender.user == "supervisor"


def test_a_made_up_form_is_refused_in_the_form(page: Page) -> None:
    answer = page.post("/local/forms", json=act(token="made up", values={"amount": "1"}))
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [""]
    assert page.accepted() == []


@pytest.mark.parametrize("body", [{}, {"id": "x"}, {"phone": "worker", "id": "not-a-uuid", "token": "t"}])
def test_a_broken_request_changes_nothing(page: Page, body: dict[str, str]) -> None:
    assert page.post("/local/taps", json=body).status_code == 422
    assert page.post("/local/messages", data=body).status_code == 422
    assert page.accepted() == []


def test_a_picture_is_for_those_on_whose_phone_it_is(
    browser: Opened, services: Services, home: str, chat: WebChat, worker: Address, page: Page
) -> None:
    preview, original = services.blobs.put(jpeg("red")), services.blobs.put(b"%PDF-1.7 a receipt")
    with services.db.transaction(home) as session:
        member = session.query(Member).filter_by(email="misaki.sato@example.jp").one()
        session.add(
            Receipt(
                member_id=member.id,
                source="a",
                file={},
                address={},
                readings=[],
                sha256=original,
                preview_sha256=preview,
                arrived_at=services.clock(),
            )
        )
    assert page.client.get(f"/local/pictures/{preview}").status_code == 404  # nobody has been shown it
    chat.send(worker, Card("下書き", picture=Picture(preview, "写真")), key="k" * 32, reply=None, interrupted=False)
    shown = page.client.get(f"/local/pictures/{preview}")
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/jpeg"
    assert page.client.get(f"/local/pictures/{original}").status_code == 404
    whole = page.client.get(f"/local/originals/{preview}")
    assert whole.content == b"%PDF-1.7 a receipt"
    assert whole.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in whole.headers["content-security-policy"]


def test_another_members_picture_is_not_there(
    browser: Opened, services: Services, chat: WebChat, worker: Address
) -> None:
    preview = services.blobs.put(jpeg("red"))
    chat.send(worker, Card("下書き", picture=Picture(preview, "写真")), key="k" * 32, reply=None, interrupted=False)
    other = browser(local_chat=True)
    link = issue_link(services, Settings(_env_file=None), "kenichi.tanaka@example.jp")
    other.client.post(urlsplit(link).path)
    other.open()
    assert other.users == ["supervisor"]
    assert other.client.get(f"/local/pictures/{preview}").status_code == 404
    assert other.client.get(f"/local/originals/{preview}").status_code == 404


def test_the_language_is_changed_for_the_page_and_its_people(page: Page, services: Services, home: str) -> None:
    assert page.post("/local/language", json={"locale": "en"}).status_code == 200
    answer = page.open()
    assert 'lang="en"' in answer.text
    assert "Sample receipts" in answer.text
    with services.db.snapshot(home) as session:
        assert {member.locale for member in session.query(Member)} == {"en"}


def test_html_in_a_name_stays_text(page: Page, services: Services, home: str) -> None:
    with services.db.transaction(home) as session:
        session.query(Member).filter_by(email="misaki.sato@example.jp").one().name = '<img src=x onerror="alert(1)">'
    text = page.open().text
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_a_person_takes_back_their_own_photo_and_nobody_elses(page: Page, services: Services, home: str) -> None:
    sent = act(text="")
    page.post("/local/messages", data=sent, files=[("files", ("r.jpg", jpeg(), "image/jpeg"))])
    sha256 = services.blobs.put(jpeg())
    assert page.client.get(f"/local/pictures/{sha256}").status_code == 200
    page.post("/local/unsend", json=act("supervisor", said=sent["id"]))
    assert [one.act.kind for one in page.accepted()] == ["said"]
    page.post("/local/unsend", json=act("worker", said=sent["id"]))
    page.post("/local/unsend", json=act("worker", said=sent["id"]))
    acts = [one.act for one in page.accepted()]
    assert acts[1:] == [Unsent(sent["id"])]
    assert page.client.get(f"/local/pictures/{sha256}").status_code == 404


def test_there_is_no_sample_beyond_the_tray(page: Page) -> None:
    assert page.client.get("/local/samples/99").status_code == 404
    assert page.client.get("/local/samples/-1").status_code == 404
