"""The webhook from outside: signatures, hostile bodies, redelivery, and an answer in time."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import line as line_bot
from bot.line import receive
from bot.line.send import LinePlatform
from bot.settings import Settings
from handlers import inbox, installations
from handlers.chat import Commanded, Said
from handlers.services import Services
from tests.bot.line.conftest import kept
from tests.fakes.line import LineServer, LineUser, as_bytes
from tests.fakes.line_phone import Webhook, signature
from tests.fakes.waiting import wait_until


@pytest.fixture
def client(services: Services, settings: Settings) -> TestClient:
    app = FastAPI()
    app.include_router(line_bot.routes(services, settings))
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def hook(line: LineServer) -> Webhook:
    return Webhook(line, "http://127.0.0.1:1")


def post(client: TestClient, line: LineServer, body: bytes, **headers: str) -> int:
    signed = {"x-line-signature": signature(line.channel_secret, body)} | headers
    return client.post("/line/callback", content=body, headers=signed).status_code


def deliver(client: TestClient, line: LineServer, *events: Any) -> int:
    return post(client, line, as_bytes({"destination": line.bot_id, "events": list(events)}))


def said(hook: Webhook, worker: LineUser, text: str) -> dict[str, Any]:
    content = {"id": hook.line.new_message_id(), "type": "text", "text": text, "quoteToken": "q"}
    return hook.event("message", {"type": "user", "userId": worker.id}, worker.id, message=content)


def test_signed_events_are_kept_and_answered(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser
) -> None:
    assert deliver(client, line, said(hook, worker, "打合せ"), said(hook, worker, "経費 ヘルプ")) == 200
    assert [one.act for one in kept(services)] == [Said("打合せ"), Commanded("ヘルプ")]


@pytest.mark.parametrize("forged", ["", "x", "AAAA", "あ", "\udcff"])
def test_without_the_right_signature_nothing_is_kept(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser, forged: str
) -> None:
    body = as_bytes({"destination": line.bot_id, "events": [said(hook, worker, "x")]})
    header = forged.encode("utf-8", "surrogateescape")
    assert client.post("/line/callback", content=body, headers=[(b"x-line-signature", header)]).status_code == 401
    assert client.post("/line/callback", content=body).status_code == 401
    other = signature("another channel's secret", body)
    assert post(client, line, body, **{"x-line-signature": other}) == 401
    assert post(client, line, body + b" ", **{"x-line-signature": signature(line.channel_secret, body)}) == 401
    assert kept(services) == []


def test_without_a_channel_secret_nobody_is_believed(services: Services, settings: Settings) -> None:
    app = FastAPI()
    app.include_router(
        line_bot.routes(
            services, settings.model_copy(update={"line_channel_secret": type(settings.line_channel_secret)("")})
        )
    )
    body = b'{"destination":"U1","events":[]}'
    answer = TestClient(app).post("/line/callback", content=body, headers={"x-line-signature": signature("", body)})
    assert answer.status_code == 401


def test_the_consoles_verify_button_hears_200(client: TestClient, line: LineServer) -> None:
    assert deliver(client, line) == 200


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"{", b"[]", b"null", b"7", b"[" * 100_000, b'{"events":'])
def test_signed_nonsense_is_refused_not_a_crash(client: TestClient, line: LineServer, body: bytes) -> None:
    assert post(client, line, body) == 400


@pytest.mark.parametrize(
    "body", [{}, {"events": None}, {"events": {}}, {"events": [1]}, {"destination": 5, "events": [{"type": "message"}]}]
)
def test_signed_json_of_another_shape_is_taken_and_holds_nothing(
    client: TestClient, line: LineServer, services: Services, body: Any
) -> None:
    assert post(client, line, json.dumps(body).encode()) == 200
    assert kept(services) == []


def test_a_bad_event_does_not_take_its_neighbours_along(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser
) -> None:
    bad: list[Any] = [{}, {"type": None}, None, "x", {"type": "message", "message": 3, "source": []}]
    assert deliver(client, line, *bad, said(hook, worker, "still here"), *bad) == 200
    assert [one.act for one in kept(services)] == [Said("still here")]


def test_a_webhook_larger_than_any_of_lines_is_not_read_to_its_end(client: TestClient, line: LineServer) -> None:
    assert post(client, line, b" " * (receive.BODY_LIMIT + 1)) == 413


def test_a_redelivered_event_is_kept_once(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser
) -> None:
    event = said(hook, worker, "x")
    assert deliver(client, line, event) == 200
    assert deliver(client, line, event | {"deliveryContext": {"isRedelivery": True}}) == 200
    assert len(kept(services)) == 1


def test_standby_events_are_not_kept(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser
) -> None:
    assert deliver(client, line, said(hook, worker, "x") | {"mode": "standby"}) == 200
    assert kept(services) == []


def test_a_photo_is_met_with_the_loading_animation_at_once(
    client: TestClient,
    line: LineServer,
    services: Services,
    hook: Webhook,
    worker: LineUser,
    platform: LinePlatform,
) -> None:
    services.platforms["line"] = platform
    photo = {"id": "1", "type": "image", "contentProvider": {"type": "line"}, "quoteToken": "q"}
    event = hook.event("message", {"type": "user", "userId": worker.id}, worker.id, message=photo)
    assert deliver(client, line, event, said(hook, worker, "x")) == 200
    wait_until(lambda: line.state.loading == [(worker.id, 20)], 5)


def test_the_first_event_of_a_channel_installs_it(
    client: TestClient, line: LineServer, services: Services, hook: Webhook, worker: LineUser
) -> None:
    assert installations.find(services, "line", line.bot_id) is None
    assert deliver(client, line, said(hook, worker, "x")) == 200
    found = installations.find(services, "line", line.bot_id)
    assert found is not None
    assert (found.bot_user, found.token) == (line.bot_id, "")


def test_what_could_not_be_kept_is_asked_for_again(
    client: TestClient,
    line: LineServer,
    services: Services,
    hook: Webhook,
    worker: LineUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accept, failing = inbox.accept, {"now": True}

    def sometimes(services: Services, one: Any) -> bool:
        if failing["now"] and one.act == Said("one"):
            raise OSError("the disk is full")
        return accept(services, one)

    monkeypatch.setattr(inbox, "accept", sometimes)
    events = said(hook, worker, "one"), said(hook, worker, "two")
    assert deliver(client, line, *events) == 503
    assert [one.act for one in kept(services)] == [Said("two")]
    failing["now"] = False
    assert deliver(client, line, *events) == 200
    assert {one.act for one in kept(services)} == {Said("one"), Said("two")}


def test_the_answer_is_set_to_leave_within_lines_two_seconds(answer_seconds: float) -> None:
    assert answer_seconds < 2.0


def test_a_database_that_hangs_does_not_hold_the_answer_and_loses_nothing(
    client: TestClient,
    line: LineServer,
    services: Services,
    hook: Webhook,
    worker: LineUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accept, free = inbox.accept, threading.Event()

    def held(services: Services, one: Any) -> bool:
        assert free.wait(20)
        return accept(services, one)

    monkeypatch.setattr(inbox, "accept", held)
    monkeypatch.setattr(receive, "ANSWER_SECONDS", 0.2)
    with client:
        assert deliver(client, line, said(hook, worker, "x")) == 503
        free.set()
        wait_until(lambda: kept(services), 10)
    assert [one.act for one in kept(services)] == [Said("x")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "postback", "follow", "unsend", "accountLink", "join"]) | JSON},
    optional={
        "source": st.fixed_dictionaries({"userId": st.text(min_size=1)}) | JSON,
        "message": st.fixed_dictionaries(
            {"type": st.sampled_from(["text", "image", "file"])}, optional={"id": st.text() | JSON, "text": st.text()}
        )
        | JSON,
        "postback": JSON,
        "timestamp": JSON,
        "replyToken": JSON,
        "mode": st.just("active") | JSON,
        "webhookEventId": st.text() | JSON,
    },
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(events=st.lists(EVENTS | JSON, max_size=3))
def test_no_signed_body_makes_a_server_error(client: TestClient, line: LineServer, events: list[Any]) -> None:
    body = json.dumps({"destination": line.bot_id, "events": events}).encode()
    assert post(client, line, body) == 200
