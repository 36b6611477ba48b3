"""The account link page, from LINE's linkToken to LINE's event."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot import line as line_bot
from bot.line.send import LinePlatform
from bot.settings import Settings
from handlers import people
from handlers.chat import Address
from handlers.services import Services
from storage.models import Member
from tests.fakes.line import LineServer, LineUser

ENGLISH = {"accept-language": "en-GB,en;q=0.9"}


@pytest.fixture
def client(services: Services, settings: Settings) -> TestClient:
    services.base_url = "https://keihi.example.jp"
    app = FastAPI()
    app.include_router(line_bot.routes(services, settings))
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def code(services: Services, installed: str) -> str:
    """A one-use code that an administrator made for 佐藤."""
    with services.db.transaction(installed) as session:
        member = Member(name="佐藤 一郎", email="sato@example.jp", roles=["employee"], created_at=services.clock())
        session.add(member)
        session.flush()
        return people.issue_code(session, services, member, by="system")


@pytest.fixture
def page(client: TestClient, platform: LinePlatform, to: Address) -> str:
    """Path and query of the page that the bot sends."""
    parts = urlsplit(platform.link_url(to))
    return f"{parts.path}?{parts.query}"


def form(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', html)}


def test_a_right_code_leads_to_lines_own_page(
    client: TestClient, page: str, code: str, line: LineServer, worker: LineUser
) -> None:
    opened = client.get(page)
    assert opened.status_code == 200
    answer = client.post("/link/line", data=form(opened.text) | {"code": code.lower()})
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert (there.scheme, there.netloc, there.path) == ("https", "access.line.me", "/dialog/bot/accountLink")
    query = parse_qs(there.query)
    assert line.state.link_tokens[query["linkToken"][0]][0] == worker.id
    assert 22 <= len(query["nonce"][0]) <= 255  # 128 bits or more, in LINE's bounds


def test_a_wrong_code_is_told_and_the_page_can_be_tried_again(client: TestClient, page: str, code: str) -> None:
    opened = client.get(page, headers=ENGLISH)
    answer = client.post("/link/line", data=form(opened.text) | {"code": "WRNG-WRNG"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "This code is wrong or has expired." in answer.text
    assert client.post("/link/line", data=form(answer.text) | {"code": code}).status_code == 303


def test_a_code_is_good_once(client: TestClient, page: str, code: str) -> None:
    data = form(client.get(page).text) | {"code": code}
    assert client.post("/link/line", data=data).status_code == 303
    assert client.post("/link/line", data=data).status_code == 422


def test_guessing_ends_even_with_new_links(
    client: TestClient, page: str, code: str, platform: LinePlatform, to: Address
) -> None:
    data = form(client.get(page).text)
    for _ in range(people.CODE_TRIES):
        assert client.post("/link/line", data=data | {"code": "WRNG-WRNG"}).status_code == 422
    fresh = urlsplit(platform.link_url(to))
    data = form(client.get(f"{fresh.path}?{fresh.query}").text)
    assert client.post("/link/line", data=data | {"code": code}).status_code == 422


def test_the_page_speaks_the_readers_language(client: TestClient, page: str) -> None:
    assert '<html lang="ja">' in client.get(page).text
    assert "登録コード" in client.get(page).text
    assert '<html lang="en">' in client.get(page, headers=ENGLISH).text
    assert '<html lang="en">' in client.get(f"{page}&lang=en").text


@pytest.mark.parametrize("token", ["", "x", "WyJ4Il0.aaaa.bbbb", "\x00", '"><script>'])
def test_a_forged_address_shows_no_form(client: TestClient, token: str) -> None:
    answer = client.get("/link/line", params={"token": token})
    assert answer.status_code == 410
    assert "<form" not in answer.text
    assert "<script" not in answer.text
    assert client.post("/link/line", data={"token": token, "code": "ABCD-EFGH"}).status_code == 410


def test_an_old_address_is_over(
    client: TestClient, page: str, code: str, monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    import itsdangerous.timed as timed

    data = form(client.get(page).text) | {"code": code}
    later = (services.clock() + timedelta(minutes=11)).timestamp()
    monkeypatch.setattr(timed.time, "time", lambda: later)
    assert client.get(page).status_code == 410
    assert client.post("/link/line", data=data).status_code == 410


@pytest.mark.parametrize("typed", ["", " ", "a" * 65, '"><script>alert(1)</script>'])
def test_what_is_typed_is_never_shown_again(client: TestClient, page: str, typed: str) -> None:
    answer = client.post("/link/line", data=form(client.get(page).text) | {"code": typed})
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert typed.strip() == "" or typed not in answer.text


def test_nothing_of_the_page_is_kept_framed_or_told_to_others(client: TestClient, page: str) -> None:
    headers = client.get(page).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a" * 5000, b"&".join(b"a=b" for _ in range(50))])
def test_any_body_is_answered_plainly(client: TestClient, body: bytes) -> None:
    assert client.post("/link/line", content=body).status_code == 410
