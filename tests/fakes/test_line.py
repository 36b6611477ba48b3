"""The LINE fake against LINE's own SDK: it must behave, and refuse, as the real one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3 import WebhookParser
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    FlexContainer,
    FlexMessage,
    MessagingApi,
    MessagingApiBlob,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
)
from linebot.v3.messaging.exceptions import ApiException

from tests.contract.line_spec import spec
from tests.fakes.http import AcceptAndDrop, Answer, FakeServer, RateLimited, Request
from tests.fakes.line import CHANNEL_SECRET, CHANNEL_TOKEN, LineServer
from tests.fakes.line_phone import LinePhone, Webhook
from tests.fakes.line_rules import problems
from tests.fakes.seen import Attachment
from tests.fakes.waiting import wait_until

JPEG = b"\xff\xd8\xff\xe0 not really a picture"


class App(FakeServer):
    """Keeps what LINE sends it; answers 200 unless `answers` says otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []

    def handle(self, request: Request) -> Answer:
        return self.answers.pop(0) if self.answers else Answer()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [e for r in self.requests for e in r.json()["events"]]


@pytest.fixture
def line() -> Iterator[LineServer]:
    with LineServer() as server:
        yield server


@pytest.fixture
def app(line: LineServer) -> Iterator[App]:
    with App() as server:
        Webhook(line, server.url, redeliver=(0.05, 0.05))
        yield server


@pytest.fixture
def api(line: LineServer) -> Iterator[MessagingApi]:
    with ApiClient(Configuration(host=line.url, access_token=CHANNEL_TOKEN)) as client:
        yield MessagingApi(client)


@pytest.fixture
def blob(line: LineServer) -> Iterator[MessagingApiBlob]:
    with ApiClient(Configuration(host=line.data.url, access_token=CHANNEL_TOKEN)) as client:
        yield MessagingApiBlob(client)


@pytest.fixture
def tanaka(line: LineServer, app: App) -> LinePhone:
    return LinePhone(line, line.add_user("田中"))


def text(value: str) -> TextMessage:
    return TextMessage(text=value)


def push(to: str, *values: str) -> PushMessageRequest:
    return PushMessageRequest(to=to, messages=[text(v) for v in values])


def test_a_reply_token_is_good_once_and_for_a_minute(
    api: MessagingApi, line: LineServer, tanaka: LinePhone, app: App
) -> None:
    tanaka.say("こんにちは")
    token = app.events[0]["replyToken"]
    api.reply_message(ReplyMessageRequest(reply_token=token, messages=[text("はい")]))
    with pytest.raises(ApiException, match="Invalid reply token"):
        api.reply_message(ReplyMessageRequest(reply_token=token, messages=[text("はい")]))
    line.reply_seconds = 0
    tanaka.say("遅い")
    late = app.events[-1]["replyToken"]
    with pytest.raises(ApiException, match="Invalid reply token"):
        api.reply_message(ReplyMessageRequest(reply_token=late, messages=[text("はい")]))
    assert [m.text for m in tanaka.messages()] == ["こんにちは", "はい", "遅い"]
    assert line.consumed == 0


def test_a_retry_key_sends_once(api: MessagingApi, line: LineServer, tanaka: LinePhone) -> None:
    key = str(uuid.uuid4())
    line.faults.next("push", AcceptAndDrop())
    with pytest.raises(Exception, match="Connection aborted"):
        api.push_message(push(tanaka.user.id, "一度だけ"), x_line_retry_key=key)
    with pytest.raises(ApiException) as caught:
        api.push_message(push(tanaka.user.id, "一度だけ"), x_line_retry_key=key)
    assert caught.value.status == 409
    assert caught.value.headers["x-line-accepted-request-id"]
    assert [m.text for m in tanaka.messages()] == ["一度だけ"]
    with pytest.raises(ApiException):
        api.push_message(push(tanaka.user.id, "x"), x_line_retry_key="not-a-uuid")


def test_the_monthly_quota_and_blocked_people(api: MessagingApi, line: LineServer, tanaka: LinePhone) -> None:
    line.quota = 2
    tanaka.block()
    api.push_message(push(tanaka.user.id, "1", "2"))
    assert api.get_message_quota_consumption().total_usage == 1
    assert tanaka.messages() == []
    with pytest.raises(ApiException, match="Not found"):
        api.get_profile(tanaka.user.id)
    tanaka.follow(again=True)
    assert api.get_profile(tanaka.user.id).display_name == "田中"
    api.push_message(push(tanaka.user.id, "3"))
    with pytest.raises(ApiException, match="monthly limit"):
        api.push_message(push(tanaka.user.id, "4"))


def test_loading_is_for_people_in_steps_of_five(api: MessagingApi, line: LineServer, tanaka: LinePhone) -> None:
    api.show_loading_animation(ShowLoadingAnimationRequest(chat_id=tanaka.user.id, loading_seconds=20))
    with pytest.raises(ApiException):
        api.show_loading_animation(ShowLoadingAnimationRequest(chat_id=tanaka.user.id, loading_seconds=7))
    assert line.state.loading == [(tanaka.user.id, 20)]


def test_content(blob: MessagingApiBlob, line: LineServer, tanaka: LinePhone, app: App) -> None:
    tanaka.send([Attachment("r.jpg", JPEG)])
    message = app.events[0]["message"]["id"]
    assert bytes(blob.get_message_content(message)) == JPEG
    line.state.contents[message].state, line.state.contents[message].wait = "preparing", 1
    assert blob.get_message_content_with_http_info(message).status_code == 202
    assert bytes(blob.get_message_content(message)) == JPEG
    assert tanaka.unsend() == message
    with pytest.raises(ApiException, match="Gone"):
        blob.get_message_content(message)


def test_an_album_comes_as_one_event_a_photo_in_any_order(tanaka: LinePhone, app: App) -> None:
    tanaka.send([Attachment(f"{n}.jpg", JPEG) for n in range(4)], shuffled=3)
    sets = [e["message"]["imageSet"] for e in app.events]
    assert sorted(s["index"] for s in sets) == [1, 2, 3, 4]
    assert [s["index"] for s in sets] != [1, 2, 3, 4]
    assert len({s["id"] for s in sets}) == 1
    assert len(app.requests) == 4
    tanaka.send([Attachment("r.pdf", b"%PDF", "application/pdf")])
    assert app.events[-1]["message"]["fileName"] == "r.pdf"


def test_webhooks_are_signed_and_come_again(tanaka: LinePhone, app: App) -> None:
    parser = WebhookParser(CHANNEL_SECRET)
    app.answers = [Answer(500)]
    tanaka.say("こんにちは")
    wait_until(lambda: len(app.requests) == 2)
    first, second = (parser.parse(r.body.decode(), r.headers["x-line-signature"])[0] for r in app.requests)
    assert first.webhook_event_id == second.webhook_event_id
    assert (first.delivery_context.is_redelivery, second.delivery_context.is_redelivery) == (False, True)


def bubble(*actions: dict[str, Any], quick: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    buttons = [{"type": "button", "action": a} for a in actions]
    contents = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "喫茶ひかり"}]},
        "footer": {"type": "box", "layout": "vertical", "contents": buttons},
    }
    message: dict[str, Any] = {"type": "flex", "altText": "下書き", "contents": contents}
    if quick:
        message["quickReply"] = {"items": [{"type": "action", "action": a} for a in quick]}
    return message


def test_buttons_stay_and_quick_replies_go(api: MessagingApi, tanaka: LinePhone, app: App) -> None:
    picker = {"type": "datetimepicker", "label": "日付", "data": "d1", "mode": "date", "initial": "2026-11-20"}
    message = bubble({"type": "postback", "label": "提出", "data": "t1", "displayText": "提出"}, quick=[picker])
    container = FlexContainer.from_dict(message["contents"])
    api.push_message(
        PushMessageRequest(to=tanaka.user.id, messages=[FlexMessage(alt_text="下書き", contents=container)])
    )
    tanaka.line.state.chats[tanaka.chat][-1].body = message
    card = tanaka.messages()[-1]
    assert (card.text, card.buttons, card.choices) == ("喫茶ひかり", ("提出",), ("日付",))
    tanaka.tap(card, "日付", "2026-11-21")
    assert app.events[-1]["postback"] == {"data": "d1", "params": {"date": "2026-11-21"}}
    tanaka.tap(card, "提出")
    assert app.events[-1]["postback"] == {"data": "t1"}
    assert [m.choices for m in tanaka.messages()] == [(), ()]
    assert tanaka.messages()[0].buttons == ("提出",)


POSTBACK = {"type": "postback", "label": "提出", "data": "t"}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "text": ""},
        {"type": "text", "text": "あ" * 5001},
        {"type": "text", "text": "😀" * 2501},
        bubble(POSTBACK | {"label": "あ" * 21}),
        bubble(POSTBACK | {"data": "x" * 301}),
        bubble({"type": "camera", "label": "写真"}),
        bubble(POSTBACK) | {"altText": "あ" * 1501},
        bubble(*[POSTBACK | {"data": "x" * 300}] * 90),
        bubble(quick=[POSTBACK] * 14) | {"altText": "x"},
        {"type": "flex", "altText": "x", "contents": {"type": "carousel", "contents": [bubble()["contents"]] * 13}},
        {"type": "image", "originalContentUrl": "http://keihi.example.jp/a.jpg", "previewImageUrl": "https://x.jp/a"},
        {"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {"type": "text", "text": "x"}}},
    ],
)
def test_messages_that_line_refuses(line: LineServer, tanaka: LinePhone, message: dict[str, Any]) -> None:
    import httpx

    answer = httpx.post(
        f"{line.url}/v2/bot/message/push",
        json={"to": tanaka.user.id, "messages": [message]},
        headers={"Authorization": f"Bearer {CHANNEL_TOKEN}"},
    )
    assert answer.status_code == 400
    assert answer.json()["details"]
    assert tanaka.messages() == []


def test_messages_at_the_limit_are_taken() -> None:
    fine = [
        {"type": "text", "text": "あ" * 5000},
        bubble(POSTBACK | {"label": "あ" * 20, "data": "x" * 300}, quick=[POSTBACK] * 13) | {"altText": "あ" * 1500},
        {"type": "flex", "altText": "x", "contents": {"type": "carousel", "contents": [bubble()["contents"]] * 12}},
    ]
    assert problems(fine) == []


@pytest.mark.skipif(spec("messaging-api.yml") is None, reason="LINE's OpenAPI files are not there (shared folder)")
def test_the_official_file_names_the_fault() -> None:
    official = spec("messaging-api.yml")
    assert official is not None
    assert official.problems("Message", bubble(POSTBACK)) == []
    wrong = bubble(POSTBACK)
    wrong["contents"]["body"]["layout"] = "diagonal"
    assert official.problems("Message", wrong) == [
        "/contents/body/layout: 'diagonal' is not one of ['horizontal', 'vertical', 'baseline']"
    ]
    assert official.problems("Message", {"type": "text", "text": "x", "colour": "red"})
    assert official.problems("Message", {"type": "telepathy"})


def test_linking_an_account(api: MessagingApi, line: LineServer, tanaka: LinePhone, app: App) -> None:
    token = api.issue_link_token(tanaka.user.id).link_token
    url = f"https://access.line.me/dialog/bot/accountLink?linkToken={token}&nonce=0123456789abcdef"
    suzuki = LinePhone(line, line.add_user("鈴木"))
    suzuki.follow_link(url)
    assert app.events[-1]["link"] == {"result": "failed", "nonce": "0123456789abcdef"}
    token = api.issue_link_token(tanaka.user.id).link_token
    tanaka.follow_link(f"https://access.line.me/dialog/bot/accountLink?linkToken={token}&nonce=0123456789abcdef")
    assert app.events[-1]["link"]["result"] == "ok"


def test_faults(api: MessagingApi, line: LineServer, tanaka: LinePhone) -> None:
    line.faults.next("push", RateLimited(3))
    with pytest.raises(ApiException) as caught:
        api.push_message(push(tanaka.user.id, "x"))
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "3")
    assert tanaka.messages() == []
