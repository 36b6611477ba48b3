"""Who may open the local chat, and who may act in it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.settings import Settings
from bot.web import issue_link
from handlers.errors import Refusal
from handlers.services import Services, utc_now
from tests.bot.web.conftest import Opened
from tests.bot.web.page import act


def test_without_demo_and_local_chat_there_is_only_a_plain_page(browser: Opened) -> None:
    page = browser()
    answer = page.open()
    assert answer.status_code == 200
    assert "Keihi サーバー" in answer.text
    assert page.setup == {}
    for path in ("/local/events", "/local/pictures/" + "0" * 64, "/local/samples/0", "/local/static/main.js"):
        assert page.client.get(path).status_code == 404, path
    for path in ("messages", "taps", "forms", "commands", "language", "enter/x"):
        assert page.client.post(f"/local/{path}").status_code in (404, 405), path


def test_the_demo_shows_three_phones_to_this_machine(browser: Opened) -> None:
    page = browser(demo=True)
    assert page.open().status_code == 200
    assert page.users == ["worker", "supervisor", "administrator"]
    assert page.post("/local/taps", json=act(token="t")).status_code == 202
    assert len(page.accepted()) == 1


@pytest.mark.parametrize("host", ["keihi.attacker.example", "192.0.2.7:8000"])
def test_the_demo_refuses_another_name_for_this_machine(browser: Opened, host: str) -> None:
    page = browser(demo=True, host=host)
    assert page.open().status_code == 403
    assert page.setup == {}


def test_the_demo_asks_another_machine_to_sign_in_whatever_host_it_claims(browser: Opened) -> None:
    page = browser(demo=True, peer="192.0.2.7")
    answer = page.open()
    assert answer.status_code == 401
    assert page.setup == {}


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP", "Forwarded", "Via"],
)
def test_a_proxy_does_not_make_a_visitor_local(browser: Opened, header: str) -> None:
    page = browser(demo=True)
    assert page.client.get("/", headers={header: "192.0.2.7"}).status_code == 401


def test_a_monitor_may_ask_for_the_head_of_the_page_alone(browser: Opened) -> None:
    for settings in ({}, {"demo": True}):
        answer = browser(**settings).client.head("/")
        assert (answer.status_code, answer.content) == (200, b"")


def test_an_act_needs_the_cookie_the_token_and_the_origin_of_the_page(browser: Opened) -> None:
    page = browser(demo=True)
    page.open()
    tap = act(token="t")
    assert page.post("/local/taps", json=tap, token="").status_code == 403
    assert page.post("/local/taps", json=tap, token="f" * 64).status_code == 403
    assert page.post("/local/taps", json=tap, origin="https://attacker.example").status_code == 403
    assert page.post("/local/taps", json=tap, origin="null").status_code == 403
    stranger = browser(demo=True)
    stranger.setup = page.setup  # somebody who learned the token but has no cookie
    assert stranger.post("/local/taps", json=tap).status_code == 401
    assert page.accepted() == []
    assert page.post("/local/taps", json=tap, origin="http://127.0.0.1:8000").status_code == 202


def test_the_page_runs_nothing_but_its_own_files(browser: Opened) -> None:
    answer = browser(demo=True).open()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "https://" not in answer.text
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


def test_a_link_signs_one_member_in_once_and_shows_their_phone_alone(browser: Opened, services: Services) -> None:
    settings = Settings(_env_file=None, local_chat=True)
    path = urlsplit(issue_link(services, settings, "Kenichi.Tanaka@example.jp")).path
    page = browser(local_chat=True)
    assert page.open().status_code == 401
    assert page.client.get(path).status_code == 200  # a preview of the link does not use it up
    assert page.client.get(path).status_code == 200
    assert page.client.post(path, follow_redirects=False).status_code == 303
    assert page.open().status_code == 200
    assert page.users == ["supervisor"]
    assert page.post("/local/taps", json=act("worker", token="t")).status_code == 403
    assert page.post("/local/taps", json=act("supervisor", token="t")).status_code == 202
    assert [one.sender.user for one in page.accepted()] == ["supervisor"]

    second = browser(local_chat=True)
    answer = second.client.post(path, follow_redirects=False)
    assert answer.status_code == 403
    assert "このリンクは無効" in answer.text
    assert second.open().status_code == 401


def test_a_link_ends_after_a_quarter_of_an_hour(browser: Opened, services: Services) -> None:
    path = urlsplit(issue_link(services, Settings(_env_file=None), "misaki.sato@example.jp")).path
    services.clock = lambda: utc_now() + timedelta(minutes=16)
    assert browser(local_chat=True).client.post(path, follow_redirects=False).status_code == 403


def test_no_link_for_an_unknown_address(services: Services, home: str) -> None:
    with pytest.raises(Refusal, match="nobody@"):
        issue_link(services, Settings(_env_file=None), "nobody@example.jp")


def test_a_foreign_cookie_is_no_session(browser: Opened) -> None:
    page = browser(local_chat=True)
    page.client.cookies.set("keihi_local", "eyJpZCI6ICJ4In0.made.up")
    assert page.open().status_code == 401
