"""Slack's requests as they come over HTTP: signed, remembered before they are answered, never left hanging."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot import slack as package
from bot.settings import Settings
from bot.slack import receive
from handlers import installations
from handlers.chat import FormSent, Incoming, Left, Said, Tapped
from handlers.errors import Refusal
from handlers.services import Services
from tests.bot.slack.test_incoming import FILE, message, tap
from tests.fakes.slack import SlackServer
from tests.fakes.slack_delivery import signature
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_socket import SocketDelivery
from tests.fakes.slack_state import User
from tests.fakes.waiting import wait_until

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Inbox:
    """What was remembered, as `handlers.inbox.accept` remembers it: an event once."""

    def __init__(self) -> None:
        self.events: dict[str, Incoming] = {}
        self.broken = False

    def accept(self, services: Services, incoming: Incoming) -> bool:
        if self.broken:
            raise OperationalError("INSERT", {"text": "a secret word"}, Exception("database is locked"))
        return self.events.setdefault(incoming.event_id, incoming) is incoming

    @property
    def acts(self) -> list[object]:
        return [one.act for one in self.events.values()]


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Inbox:
    kept = Inbox()
    monkeypatch.setattr(receive.inbox, "accept", kept.accept)
    return kept


class Server:
    """The routes under test, and Slack's way of signing."""

    def __init__(self, services: Services, settings: Settings, secret: str) -> None:
        app = FastAPI()
        app.include_router(package.routes(services, settings))
        self.client = TestClient(app)
        self.secret = secret

    def post(self, body: bytes, kind: str = JSON, *, age: int = 0, **headers: str) -> Any:
        stamp = str(int(time.time()) - age)
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(self.secret, stamp, body)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/slack/events", content=body, headers={"Content-Type": kind} | signed | named)

    def event(self, body: dict[str, Any], **headers: str) -> Any:
        return self.post(json.dumps(body, ensure_ascii=False).encode(), **headers)

    def interaction(self, payload: dict[str, Any]) -> Any:
        return self.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


@pytest.fixture
def server(services: Services, settings: Settings, slack: SlackServer, inbox: Inbox, installed: str) -> Server:
    return Server(services, settings, slack.signing_secret)


def test_slack_checks_the_address(server: Server, inbox: Inbox) -> None:
    answer = server.event({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"})
    assert answer.status_code == 200
    assert answer.json() == {"challenge": "3eZbrw1a"}
    assert inbox.acts == []


def test_a_photo_is_remembered_before_the_answer(server: Server, inbox: Inbox) -> None:
    assert server.event(message(subtype="file_share", files=[FILE])).status_code == 200
    (said,) = inbox.acts
    assert isinstance(said, Said)
    assert said.files[0].id == "F0RECEIPT1"


def test_a_retry_of_what_is_known_is_answered_and_changes_nothing(server: Server, inbox: Inbox) -> None:
    retry = {"X_Slack_Retry_Num": "1", "X_Slack_Retry_Reason": "http_timeout"}
    assert server.event(message()).status_code == 200
    assert server.event(message(), **retry).status_code == 200
    assert len(inbox.acts) == 1


def test_a_retry_of_what_never_arrived_is_remembered(server: Server, inbox: Inbox) -> None:
    assert server.event(message(), X_Slack_Retry_Num="2", X_Slack_Retry_Reason="http_error").status_code == 200
    assert len(inbox.acts) == 1


def test_what_could_not_be_remembered_is_not_acknowledged_and_comes_again(
    server: Server, inbox: Inbox, capfd: pytest.CaptureFixture[str]
) -> None:
    inbox.broken = True
    assert server.event(message()).status_code == 503
    logged = "".join(capfd.readouterr())
    assert "OperationalError" in logged
    assert "a secret word" not in logged
    inbox.broken = False
    assert server.event(message(), X_Slack_Retry_Num="1").status_code == 200
    assert len(inbox.acts) == 1


@pytest.mark.parametrize("kind", ["reaction_added", "file_shared", "team_join", "channel_rename", "of the future"])
def test_what_does_not_concern_us_is_answered_all_the_same(server: Server, inbox: Inbox, kind: str) -> None:
    assert server.event(message(type=kind)).status_code == 200
    assert inbox.acts == []


@pytest.mark.parametrize(
    "forged", ["no signature", "wrong signature", "no time", "odd time", "old", "early", "changed body"]
)
def test_without_a_good_signature_nothing_is_stored(server: Server, inbox: Inbox, forged: str) -> None:
    body = json.dumps(message()).encode()
    headers: dict[str, str] = {}
    age = {"old": 301, "early": -301}.get(forged, 0)
    if forged == "no signature":
        headers = {"X_Slack_Signature": ""}
    elif forged == "wrong signature":
        headers = {"X_Slack_Signature": "v0=" + "0" * 64}
    elif forged == "no time":
        headers = {"X_Slack_Request_Timestamp": ""}
    elif forged == "odd time":
        headers = {"X_Slack_Request_Timestamp": "1e9"}
    elif forged == "changed body":
        stamp = str(int(time.time()))
        headers = {
            "X_Slack_Request_Timestamp": stamp,
            "X_Slack_Signature": signature(server.secret, stamp, body + b" "),
        }
    assert server.post(body, age=age, **headers).status_code == 401
    assert inbox.acts == []


def test_a_signature_of_a_moment_ago_is_good(server: Server, inbox: Inbox) -> None:
    assert server.post(json.dumps(message()).encode(), age=295).status_code == 200


def test_without_a_signing_secret_nobody_is_slack(
    services: Services, settings: Settings, inbox: Inbox, installed: str
) -> None:
    without = settings.model_copy(update={"slack_signing_secret": type(settings.slack_signing_secret)("")})
    server = Server(services, without, "")
    assert server.event(message()).status_code == 401
    assert inbox.acts == []


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"{not json", b"[1,2]", b"payload=%7Bnot+json", b"payload=%5B1%5D", b'"a"', b""]
)
def test_signed_nonsense_does_no_harm(server: Server, inbox: Inbox, body: bytes) -> None:
    assert server.post(body).status_code in (200, 400)
    assert inbox.acts == []


def test_a_flood_is_not_read_to_its_end(server: Server, inbox: Inbox) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10):
            yield b" " * 1_000_000

    assert server.client.post("/slack/events", content=endless()).status_code == 413


def test_an_unknown_workspace_is_answered_and_told_how_to_get_in(server: Server, inbox: Inbox) -> None:
    assert server.event(message() | {"team_id": "T0NOBODY", "authorizations": []}).status_code == 200
    body = {"command": "/keihi", "text": "help", "team_id": "T0NOBODY", "user_id": "U1", "trigger_id": "1"}
    answer = server.post(urlencode(body).encode(), FORM)
    assert answer.status_code == 200
    assert "管理者" in answer.text
    assert inbox.acts == []


def test_a_command_may_hold_any_word(server: Server, inbox: Inbox) -> None:
    body = {
        "command": "/keihi",
        "text": "add payload={} 田中",
        "team_id": "T0KEIHI",
        "user_id": "U1",
        "trigger_id": "1",
    }
    answer = server.post(urlencode(body).encode(), FORM)
    assert (answer.status_code, answer.text) == (200, "")
    (act,) = inbox.acts
    assert getattr(act, "text", "") == "add payload={} 田中"


def test_the_workspace_is_forgotten_when_it_removes_the_app(server: Server, inbox: Inbox, services: Services) -> None:
    gone = message() | {"event": {"type": "app_uninstalled"}}
    assert server.event(gone).status_code == 200
    assert inbox.acts == [Left()]
    assert installations.find(services, "slack", "T0KEIHI") is None


def test_a_removal_delivered_again_after_a_new_installation_removes_nothing(
    server: Server, inbox: Inbox, services: Services
) -> None:
    gone = message() | {"event": {"type": "app_uninstalled"}}
    server.event(gone)
    installations.install(services, "slack", "T0KEIHI", name="n", bot_user="U0BOT", token="xoxb-new")
    server.event(gone, X_Slack_Retry_Num="1")
    assert installations.find(services, "slack", "T0KEIHI") is not None


MISSHAPEN: dict[str, dict[str, Any]] = {
    "event a list": {"type": "event_callback", "event": []},
    "event a text": {"type": "event_callback", "event": "message"},
    "event missing": {"type": "event_callback"},
    "authorizations a number": message() | {"authorizations": 7},
    "authorizations of texts": message() | {"authorizations": ["x"]},
    "files a number": message(subtype="file_share", files=5),
    "files of texts": message(subtype="file_share", files=["x"], text=""),
    "deleted, a text": message(subtype="message_deleted", previous_message="x"),
    "tokens a list": message() | {"event": {"type": "tokens_revoked", "tokens": ["x"]}},
    "actions of texts": tap() | {"actions": ["x"]},
    "actions a number": tap() | {"actions": 5},
    "user a text": tap() | {"user": "U0TANAKA"},
    "team a list": tap() | {"team": ["T0KEIHI"]},
    "container a text": tap() | {"container": "message"},
    "view a text": {"type": "view_submission", "team": {"id": "T0KEIHI"}, "user": {"id": "U1"}, "view": "x"},
    "message a list": {
        "type": "message_action",
        "callback_id": "keihi_add_receipt",
        "team": {"id": "T0KEIHI"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message": ["x"],
    },
}


@pytest.mark.parametrize("body", MISSHAPEN.values(), ids=MISSHAPEN)
def test_a_signed_request_of_the_wrong_shape_is_answered_and_not_kept(
    server: Server, inbox: Inbox, body: dict[str, Any]
) -> None:
    """Slack would send it again if it heard of an error, and it would be no better."""
    body = {"team_id": "T0KEIHI"} | body
    answer = server.event(body) if "event" in body or body["type"] == "event_callback" else server.interaction(body)
    assert answer.status_code == 200
    assert inbox.acts == []


# --- taps and forms ---------------------------------------------------------------------------------------------------


def test_a_button_that_opens_a_form_shows_a_loading_view_at_once(
    server: Server, inbox: Inbox, slack: SlackServer, worker: User
) -> None:
    body = tap(action_id="keihi.form.1") | {"trigger_id": slack.space.new_trigger(worker.id, worker.team)}
    assert server.interaction(body).status_code == 200
    (tapped,) = inbox.acts
    assert isinstance(tapped, Tapped)
    wait_until(lambda: slack.space.views, 5)
    (view,) = slack.space.views.values()
    assert view.content["external_id"] == tapped.form
    assert "お待ちください" in str(view.content["blocks"])


def test_slack_being_slow_to_open_a_view_does_not_keep_the_answer(
    server: Server, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(receive.Web, "call", lambda *args, **kwargs: released.wait(10))
    started = time.monotonic()
    assert server.interaction(tap(action_id="keihi.form.1")).status_code == 200
    assert time.monotonic() - started < 2
    released.set()


def submission() -> dict[str, Any]:
    return {
        "type": "view_submission",
        "team": {"id": "T0KEIHI"},
        "user": {"id": "U0TANAKA", "team_id": "T0KEIHI"},
        "view": {
            "id": "V1",
            "type": "modal",
            "hash": "1.h",
            "team_id": "T0KEIHI",
            "callback_id": "keihi.form",
            "private_metadata": json.dumps({"token": "signed", "channel": "", "thread": "", "group": False}),
            "blocks": [{"type": "input", "block_id": "payee"}, {"type": "input", "block_id": "amount"}],
            "state": {"values": {"payee": {"value": {"value": "店"}}, "amount": {"value": {"value": "たくさん"}}}},
        },
    }


def test_a_form_with_a_mistake_stays_open_and_says_where(
    server: Server, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive.forms, "check", lambda *_: {"amount": "金額は数字で入力してください。"})
    answer = server.interaction(submission())
    assert answer.json() == {"response_action": "errors", "errors": {"amount": "金額は数字で入力してください。"}}
    assert inbox.acts == []


def test_a_form_that_is_refused_as_a_whole_says_why(
    server: Server, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def old(*_: object) -> dict[str, str]:
        raise Refusal("This message has no file. Please choose one with a photo or a PDF.")

    monkeypatch.setattr(receive.forms, "check", old)
    assert server.interaction(submission()).json()["errors"]["payee"].startswith("このメッセージ")
    assert inbox.acts == []


def test_a_good_form_is_remembered_and_closed(server: Server, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive.forms, "check", lambda *_: {})
    assert server.interaction(submission()).json() == {"response_action": "clear"}
    assert inbox.acts == [FormSent("signed", (("payee", "店"), ("amount", "たくさん")))]


def test_a_closed_form_and_foreign_interactions_are_acknowledged(server: Server, inbox: Inbox) -> None:
    for kind in ("view_closed", "block_suggestion", "shortcut", "of the future"):
        assert server.interaction(submission() | {"type": kind, "callback_id": "x"}).status_code == 200
    assert inbox.acts == []


def test_the_shortcut_on_a_message_without_files_explains_itself(
    server: Server, inbox: Inbox, slack: SlackServer, worker: User
) -> None:
    phone = SlackPhone(slack, worker)
    body = {
        "type": "message_action",
        "callback_id": "keihi_add_receipt",
        "team": {"id": "T0KEIHI"},
        "user": {"id": worker.id},
        "channel": {"id": phone.channel.id},
        "message": {"ts": "1.2", "text": "写真はありません"},
        "message_ts": "1.2",
        "response_url": slack.new_response_url(worker.id, phone.channel.id),
        "trigger_id": "1",
    }
    assert server.interaction(body).status_code == 200
    wait_until(phone.messages, 5)
    assert phone.messages()[0].has("ファイルがありません")
    assert inbox.acts == []


# --- Socket Mode ------------------------------------------------------------------------------------------------------


def test_the_same_door_over_socket_mode(
    services: Services,
    settings: Settings,
    slack: SlackServer,
    inbox: Inbox,
    worker: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The token of the settings is installed, the connection is made, events and forms are answered over it."""
    secret = type(settings.slack_app_token)
    own = settings.model_copy(
        update={"slack_app_token": secret(slack.app_token), "slack_bot_token": secret(slack.team.token)}
    )
    monkeypatch.setattr(receive.forms, "check", lambda *_: {"amount": "金額は数字で入力してください。"})
    with SocketDelivery(slack) as delivery:
        slack.delivery = delivery
        tasks = package.background(services, own)
        for task in tasks:
            task.start()
        try:
            wait_until(lambda: delivery.connections, 10)
            SlackPhone(slack, worker).say("昼食")
            wait_until(lambda: inbox.acts, 5)
            assert inbox.acts == [Said("昼食")]
            answered = delivery.interaction(slack, submission())
            assert answered.json()["response_action"] == "errors"
            delivery.disconnect()
            wait_until(lambda: delivery.opened == 2 and delivery.connections, 30)
            SlackPhone(slack, worker).say("夕食")
            wait_until(lambda: len(inbox.acts) == 2, 5)
        finally:
            for task in tasks:
                task.stop()
