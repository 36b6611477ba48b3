"""The Slack fake against Slack's own client: it must behave, and refuse, as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.signature import SignatureVerifier

from tests.fakes.http import AcceptAndDrop, Answer, FakeServer, HangUp, Html, RateLimited, Request, ServerError
from tests.fakes.seen import Attachment
from tests.fakes.slack import BOT_TOKEN, SlackServer
from tests.fakes.slack_delivery import HttpDelivery
from tests.fakes.slack_modal import NotSent
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.waiting import wait_until

JPEG = b"\xff\xd8\xff\xe0 not really a picture"


class App(FakeServer):
    """A small app that keeps what Slack sends it and answers what the test put on `answers`."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []

    def handle(self, request: Request) -> Answer:
        if request.path == "/picture.jpg":
            return Answer(200, JPEG, "image/jpeg")
        return self.answers.pop(0) if self.answers else Answer()

    def bodies(self) -> list[dict[str, Any]]:
        import json

        found = [r for r in self.requests if r.method == "POST"]
        forms = {id(r): r.form() for r in found if r.content_type != "application/json"}
        return [json.loads(forms[id(r)].get("payload", "{}")) if id(r) in forms else r.json() for r in found]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    with App() as server:
        slack.delivery = HttpDelivery(server.url, retry_after=(0.05, 0.05))
        slack.pictures["https://keihi.example.jp"] = server.url
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=slack.api_url)


@pytest.fixture
def tanaka(slack: SlackServer) -> SlackPhone:
    return SlackPhone(slack, slack.add_user("tanaka", "tanaka@example.jp", real_name="田中 太郎"))


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": "a", **more}


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_people(client: WebClient, slack: SlackServer, tanaka: SlackPhone) -> None:
    assert client.auth_test()["team_id"] == slack.team.id
    user = client.users_lookupByEmail(email="tanaka@example.jp")["user"]
    assert user["id"] == tanaka.user.id
    assert user["is_restricted"] is False
    assert client.users_info(user=tanaka.user.id)["user"]["real_name"] == "田中 太郎"
    assert {m["id"] for m in client.users_list()["members"]} == {tanaka.user.id, slack.team.bot_user}
    assert refused(client.users_lookupByEmail, email="nobody@example.jp") == "users_not_found"
    assert refused(WebClient("xoxb-wrong", base_url=slack.api_url).auth_test) == "invalid_auth"


def test_a_message_is_posted_read_back_updated_and_deleted(client: WebClient, tanaka: SlackPhone) -> None:
    metadata = {"event_type": "keihi", "event_payload": {"key": "k1"}}
    posted = client.chat_postMessage(channel=tanaka.user.id, text="受け取りました", metadata=metadata)
    channel, ts = posted["channel"], posted["ts"]
    history = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert history[0]["metadata"]["event_payload"] == {"key": "k1"}
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]
    client.chat_update(channel=channel, ts=ts, text="読み取りました", blocks=[section("*読み取り* &lt;完了&gt;")])
    assert [(m.text, m.edited) for m in tanaka.messages()] == [("読み取り <完了>", True)]
    client.chat_delete(channel=channel, ts=ts)
    assert tanaka.messages() == []
    assert refused(client.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"


def test_an_ephemeral_message_is_for_one_person_and_in_no_history(
    client: WebClient, slack: SlackServer, tanaka: SlackPhone
) -> None:
    suzuki = SlackPhone(slack, slack.add_user("suzuki"))
    channel = slack.add_channel("keihi", tanaka.user, suzuki.user)
    client.chat_postEphemeral(channel=channel.id, user=tanaka.user.id, text="あなただけに")
    assert [m.private for m in tanaka.messages(channel)] == [True]
    assert suzuki.messages(channel) == []
    assert client.conversations_history(channel=channel.id)["messages"] == []


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3001),
        {"type": "section"},
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "actions", "elements": [button("x" * 76)]},
        {"type": "actions", "elements": [button("x", value="v" * 2001)]},
        {"type": "actions", "elements": [button("x", style="green")]},
        {"type": "actions", "elements": [button("x"), button("y")]},
        {"type": "actions", "elements": []},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11},
        {"type": "context", "elements": [button("x")]},
        {"type": "image", "image_url": "https://keihi.example.jp/missing", "alt_text": "x"},
        {"type": "image", "image_url": "https://keihi.example.jp/picture.jpg"},
        {"type": "image", "slack_file": {"id": "F404"}, "alt_text": "x"},
        {"type": "invented"},
    ],
)
def test_blocks_that_slack_refuses(
    client: WebClient, app: App, tanaka: SlackPhone, slack: SlackServer, block: dict[str, Any]
) -> None:
    del slack.pictures["https://keihi.example.jp"]
    slack.pictures["https://keihi.example.jp/picture.jpg"] = f"{app.url}/picture.jpg"
    slack.pictures["https://keihi.example.jp/missing"] = f"{app.url}/missing"
    assert refused(client.chat_postMessage, channel=tanaka.user.id, text="x", blocks=[block]) == "invalid_blocks"
    assert tanaka.messages() == []


def test_blocks_at_the_limit_are_taken(client: WebClient, app: App, tanaka: SlackPhone) -> None:
    picture = {"type": "image", "image_url": "https://keihi.example.jp/picture.jpg", "alt_text": "領収書"}
    buttons = [button("提" * 75, action_id=f"a{n}", value="v" * 2000) for n in range(25)]
    blocks = [section("x" * 3000), picture, {"type": "actions", "elements": buttons}, *[section("x")] * 47]
    client.chat_postMessage(channel=tanaka.user.id, text="x", blocks=blocks)
    seen = tanaka.messages()[0]
    assert tanaka.picture(seen.pictures[0]) == JPEG
    one_more = [*blocks, section("x")]
    assert refused(client.chat_postMessage, channel=tanaka.user.id, text="x", blocks=one_more) == "invalid_blocks"


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title, submit = {"type": "plain_text", "text": "修正"}, {"type": "plain_text", "text": "保存"}
    return {"type": "modal", "callback_id": "edit", "title": title, "submit": submit, "blocks": list(blocks), **more}


def question(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": {"type": "plain_text", "text": label}, "element": element, **more}


def test_a_modal_opens_once_within_three_seconds_and_is_updated_by_hash(
    client: WebClient, slack: SlackServer, tanaka: SlackPhone, app: App
) -> None:
    trigger = tanaka.interaction("block_actions")["trigger_id"]
    view = client.views_open(trigger_id=trigger, view=modal(section("読み込み中…")))["view"]
    assert refused(client.views_open, trigger_id=trigger, view=modal(section("x"))) == "exchanged_trigger_id"
    assert refused(client.views_open, trigger_id="1.2.3", view=modal(section("x"))) == "invalid_trigger_id"
    slack.space.trigger_seconds = 0
    late = tanaka.interaction("block_actions")["trigger_id"]
    assert refused(client.views_open, trigger_id=late, view=modal(section("x"))) == "expired_trigger_id"

    payee = question(
        "支払先", {"type": "plain_text_input", "action_id": "v", "initial_value": "喫茶ひかり"}, block_id="payee"
    )
    day = question("日付", {"type": "datepicker", "action_id": "v", "initial_date": "2026-11-20"}, block_id="date")
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal(payee, day))
    assert refused(client.views_update, view_id=view["id"], hash=view["hash"], view=modal(payee)) == "hash_conflict"
    assert tanaka.modal.screen is not None
    assert tanaka.modal.screen.filled() == {"支払先": "喫茶ひかり", "日付": "2026-11-20"}

    with pytest.raises(NotSent):
        tanaka.modal.submit({"支払先": ""})
    app.answers = [Answer.of({"response_action": "errors", "errors": {"date": "未来の日付です"}})]
    tanaka.modal.submit({"支払先": "喫茶のぞみ", "日付": "2027-01-01"})
    assert tanaka.modal.errors == {"日付": "未来の日付です"}
    tanaka.modal.submit({"日付": "2026-11-21"})
    assert tanaka.modal.screen is None
    values = app.bodies()[-1]["view"]["state"]["values"]
    assert values["payee"]["v"] == {"type": "plain_text_input", "value": "喫茶のぞみ"}
    assert values["date"]["v"] == {"type": "datepicker", "selected_date": "2026-11-21"}


def test_what_a_person_does_reaches_the_app_signed(
    client: WebClient, slack: SlackServer, tanaka: SlackPhone, app: App
) -> None:
    tanaka.send([Attachment("r.jpg", JPEG)], "打合せ <3")
    client.chat_postMessage(
        channel=tanaka.channel.id,
        text="下書き",
        blocks=[section("下書き"), {"type": "actions", "elements": [button("提出", value="t1")]}],
    )
    tanaka.tap(tanaka.messages()[-1], "提出")
    tanaka.command("whoami @tanaka")

    def heard() -> list[Request]:
        return [r for r in app.requests if r.method == "POST"]

    wait_until(lambda: len(heard()) == 5, what=lambda: str([r.body[:80] for r in heard()]))
    verifier = SignatureVerifier(slack.signing_secret)
    for request in heard():
        assert verifier.is_valid_request(request.body, dict(request.headers))
    shared, message, *_ = app.bodies()[:2]
    assert shared["event"]["type"] == "file_shared"
    assert message["event"]["subtype"] == "file_share"
    assert message["event"]["text"] == "打合せ &lt;3"
    assert message["event_id"] != shared["event_id"]
    tapped = next(r for r in heard() if b"block_actions" in r.body)
    assert b"t1" in tapped.body
    command = heard()[-1].form()
    assert command["command"] == "/keihi"
    assert command["text"] == f"whoami <@{tanaka.user.id}|tanaka>"


def test_a_file_is_given_to_the_token_of_its_workspace_only(slack: SlackServer, tanaka: SlackPhone) -> None:
    import urllib.request

    tanaka.send([Attachment("r.jpg", JPEG)])
    client = WebClient(BOT_TOKEN, base_url=slack.api_url)
    file = next(iter(slack.space.files.values()))
    url = client.files_info(file=file.id)["file"]["url_private_download"]
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    assert urllib.request.urlopen(asked).read() == JPEG
    other = slack.add_workspace("よその町", "yoso")
    stranger = WebClient(other.token, base_url=slack.api_url)
    assert refused(stranger.files_info, file=file.id) == "file_not_found"
    file.mode = "tombstone"
    assert refused(client.files_info, file=file.id) == "file_deleted"


def test_upload_by_the_bot(client: WebClient, tanaka: SlackPhone) -> None:
    done = client.files_upload_v2(channel=tanaka.channel.id, filename="p.jpg", content=JPEG)
    seen = tanaka.messages()[-1]
    assert tanaka.picture(seen.pictures[0]) == JPEG
    image = {"type": "image", "slack_file": {"id": done["files"][0]["id"]}, "alt_text": "領収書"}
    early = {"channel": tanaka.channel.id, "text": "x", "blocks": [image]}
    assert refused(client.chat_postMessage, **early) == "invalid_blocks"
    assert client.files_info(file=image["slack_file"]["id"])["file"]["mimetype"] == ""
    client.chat_postMessage(channel=tanaka.channel.id, text="x", blocks=[image])


def test_a_response_url_works_five_times(slack: SlackServer, tanaka: SlackPhone) -> None:
    from slack_sdk.webhook import WebhookClient

    url = slack.new_response_url(tanaka.user.id, tanaka.channel.id)
    answers = [WebhookClient(url).send(text=f"{n}").status_code for n in range(6)]
    assert answers == [200] * 5 + [404]
    assert [m.text for m in tanaka.messages()] == ["0", "1", "2", "3", "4"]


def test_an_unacknowledged_event_comes_again_with_the_same_id(tanaka: SlackPhone, app: App) -> None:
    app.answers = [Answer(500), Answer(500)]
    tanaka.say("こんにちは")
    wait_until(lambda: len(app.requests) == 3)
    assert len({b["event_id"] for b in app.bodies()}) == 1
    assert [r.headers.get("x-slack-retry-num") for r in app.requests] == [None, "1", "2"]


def test_the_apps_own_messages_come_back_as_events(client: WebClient, tanaka: SlackPhone, app: App) -> None:
    posted = client.chat_postMessage(channel=tanaka.channel.id, text="a")
    client.chat_update(channel=tanaka.channel.id, ts=posted["ts"], text="b")
    wait_until(lambda: len(app.requests) == 2)
    assert [b["event"].get("subtype") for b in app.bodies()] == [None, "message_changed"]


def test_faults(client: WebClient, slack: SlackServer, tanaka: SlackPhone) -> None:
    slack.faults.next("chat.postMessage", RateLimited(1))
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    client.chat_postMessage(channel=tanaka.channel.id, text="1")
    for fault in (ServerError(503), Html()):
        slack.faults.next("chat.postMessage", fault)
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel=tanaka.channel.id, text="2")
    client.retry_handlers.clear()
    for fault in (HangUp(), AcceptAndDrop()):
        slack.faults.next("chat.postMessage", fault)
        with pytest.raises((URLError, ConnectionError)):
            client.chat_postMessage(channel=tanaka.channel.id, text=str(fault))
    assert [m.text for m in tanaka.messages()] == ["1", "AcceptAndDrop()"]


def test_installing(slack: SlackServer) -> None:
    other = slack.add_workspace("よその町", "yoso")
    admin = slack.add_user("sato", team=other)
    url = AuthorizeUrlGenerator(client_id=slack.client_id, scopes=["chat:write"]).generate("state-1")
    assert slack.client_id in url
    code = slack.consent(admin, "https://keihi.example.jp/slack/oauth_redirect")
    client = WebClient(base_url=slack.api_url)
    given = {"client_id": slack.client_id, "client_secret": slack.client_secret, "code": code}
    answer = client.oauth_v2_access(**given)
    assert answer["access_token"] == other.token
    assert refused(client.oauth_v2_access, **given) == "invalid_code"
