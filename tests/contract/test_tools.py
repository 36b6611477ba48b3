"""The contract programs do what they are here for: they take what is right and refuse what is wrong."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, PushMessageRequest, TextMessage
from linebot.v3.messaging.exceptions import ApiException
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from tests.contract.block_types import BlockTypes
from tests.contract.emulator import SECRET, SlackEmulator
from tests.contract.prism import Prism
from tests.fakes.block_kit import message_problems
from tests.fakes.http import Answer, FakeServer, Request
from tests.fakes.line import CHANNEL_TOKEN, LineServer
from tests.fakes.waiting import wait_until


class Listener(FakeServer):
    def handle(self, request: Request) -> Answer:
        return Answer()


def test_the_emulator_knows_people_messages_and_files_and_signs_its_events(emulator: SlackEmulator) -> None:
    with Listener() as listener:
        emulator.send_events_to(listener.url)
        bot, tanaka = emulator.client(), emulator.client("xoxp-tanaka")
        user = bot.users_lookupByEmail(email="tanaka@example.jp")["user"]["id"]
        channel = bot.conversations_open(users=user)["channel"]["id"]
        posted = bot.chat_postMessage(channel=channel, text="受け取りました")
        bot.chat_update(channel=channel, ts=posted["ts"], text="読み取りました")
        assert bot.conversations_history(channel=channel)["messages"][0]["text"] == "読み取りました"
        tanaka.files_upload_v2(channel=channel, filename="r.jpg", content=b"\xff\xd8\xff picture")

        def shared() -> list[dict[str, Any]]:
            events = [json.loads(r.body)["event"] for r in listener.requests]
            return [e for e in events if e.get("subtype") == "file_share"]

        file = wait_until(shared)[0]["files"][0]["id"]
        url = bot.files_info(file=file)["file"]["url_private_download"]
        got = httpx.get(url, headers={"Authorization": f"Bearer {bot.token}"})
        assert got.content == b"\xff\xd8\xff picture"
        verifier = SignatureVerifier(SECRET)
        assert all(verifier.is_valid_request(r.body, dict(r.headers)) for r in listener.requests)
        with pytest.raises(SlackApiError, match="channel_not_found"):
            bot.chat_postMessage(channel="C404", text="x")


def test_the_proxy_passes_what_conforms_and_stops_what_does_not(proxied_line: tuple[LineServer, Prism]) -> None:
    line, prism = proxied_line
    user = line.add_user("田中")
    headers = {"Authorization": f"Bearer {CHANNEL_TOKEN}"}
    with ApiClient(Configuration(host=prism.url, access_token=CHANNEL_TOKEN)) as client:
        api = MessagingApi(client)
        key = str(uuid.uuid4())
        request = PushMessageRequest(to=user.id, messages=[TextMessage(text="こんにちは")])
        api.push_message(request, x_line_retry_key=key)
        with pytest.raises(ApiException) as caught:
            api.push_message(request, x_line_retry_key=key)
        assert (caught.value.status, "x-line-accepted-request-id" in caught.value.headers) == (409, True)
        assert api.get_profile(user.id).display_name == "田中"
        assert api.issue_link_token(user.id).link_token
        assert api.get_message_quota().value == line.quota
    before = len(line.requests)
    unknown = {"to": user.id, "messages": [{"type": "telepathy", "text": "x"}]}
    assert httpx.post(f"{prism.url}/v2/bot/message/push", json=unknown, headers=headers).status_code == 422
    shapeless = {
        "to": user.id,
        "messages": [{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {}}}],
    }
    assert httpx.post(f"{prism.url}/v2/bot/message/push", json=shapeless, headers=headers).status_code == 422
    assert len(line.requests) == before


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "提出"}, "action_id": "a", **more}


def test_block_types_know_shapes(block_types: BlockTypes) -> None:
    assert block_types.message_problems([{"type": "actions", "elements": [button(style="primary")]}]) == []
    assert block_types.message_problems([{"type": "actions", "elements": [button(style="green")]}]) == [
        "/0/elements/0/style: 'green' is not one of ['primary', 'danger']"
    ]
    assert block_types.message_problems([{"type": "context", "elements": [button()]}])
    assert block_types.message_problems([{"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "colour": "red"}])
    title = {"type": "plain_text", "text": "修正"}
    picker = {"type": "input", "label": title, "element": {"type": "datepicker", "action_id": "v"}}
    assert block_types.view_problems({"type": "modal", "title": title, "submit": title, "blocks": [picker]}) == []
    assert block_types.view_problems({"type": "modal", "blocks": [picker]})


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": button()},
        {"type": "header", "text": {"type": "plain_text", "text": "x"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}]},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"},
        {"type": "divider"},
        {"type": "actions", "elements": [button(value="v", url="https://example.jp")]},
    ],
)
def test_our_own_limits_and_slacks_types_take_the_same_blocks(block_types: BlockTypes, block: dict[str, Any]) -> None:
    assert message_problems([block]) == []
    assert block_types.message_problems([block]) == []
