"""Keihi against Slack programs that are not ours.

The emulator carries a receipt from photo to approval; Slack's own types take every card and form of ours.
"""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from bot.demo.receipts import MOTIFS, render_sample
from bot.slack import render, views
from handlers.chat import Address, Card, Form
from handlers.texts import t
from tests.bot.slack.test_render import cards
from tests.bot.slack.test_story import PEOPLE
from tests.bot.slack.test_views import forms
from tests.contract.block_types import BlockTypes
from tests.contract.emulator import BOT_TOKEN, SECRET, SlackEmulator
from tests.fakes.server import Server
from tests.fakes.slack_delivery import signature
from tests.fakes.waiting import wait_until

SUPERVISOR = "suzuki"


class Person:
    """One of the emulator's people. What it cannot do (tap), we sign and send as Slack would."""

    def __init__(self, emulator: SlackEmulator, server: Server, name: str) -> None:
        self.bot, self.me, self.server = emulator.client(), emulator.client(f"xoxp-{name}"), server
        self.id = self.bot.users_lookupByEmail(email=f"{name}@example.jp")["user"]["id"]
        self.team = self.bot.auth_test()["team_id"]
        self.channel = self.bot.conversations_open(users=self.id)["channel"]["id"]

    def card(self, label: str) -> dict[str, Any]:
        """The newest message with this button."""

        def found() -> dict[str, Any] | None:
            history = self.bot.conversations_history(channel=self.channel)["messages"]
            return next((m for m in history if _button(m, label)), None)

        return wait_until(found, 60, every=0.3, what=self.server.tail) or pytest.fail("unreachable")

    def message(self, ts: str) -> dict[str, Any]:
        history = self.bot.conversations_history(channel=self.channel)["messages"]
        return next(m for m in history if m["ts"] == ts)

    def tap(self, message: dict[str, Any], label: str) -> None:
        payload = {
            "type": "block_actions",
            "team": {"id": self.team},
            "user": {"id": self.id, "team_id": self.team},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": self.channel},
            "channel": {"id": self.channel},
            "message": message,
            "trigger_id": uuid.uuid4().hex,
            "actions": [_button(message, label) | {"action_ts": f"{time.time():.6f}", "type": "button"}],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(SECRET, stamp, body),
        }
        assert httpx.post(f"{self.server.url}/slack/events", content=body, headers=headers).status_code == 200


def _button(message: dict[str, Any], label: str) -> dict[str, Any]:
    elements = [e for block in message.get("blocks") or [] for e in block.get("elements") or []]
    return next((e for e in elements if e["type"] == "button" and e["text"]["text"] == label), {})


def test_a_photograph_becomes_an_approved_claim(emulator: SlackEmulator, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("sato", SUPERVISOR), encoding="utf-8")
    photo = render_sample(MOTIFS[0], datetime.now(UTC).date())
    slack = {
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": emulator.api_url,
        "slack_file_hosts": f"127.0.0.1:{emulator.port}",
    }
    with Server(tmp_path, engine="", **slack) as server:
        server.cli("members", "import", str(people))
        emulator.send_events_to(f"{server.url}/slack/events")
        worker, boss = Person(emulator, server, "tanaka"), Person(emulator, server, SUPERVISOR)
        boss.me.chat_postMessage(channel=boss.channel, text="whoami")  # links her account
        worker.me.files_upload_v2(channel=worker.channel, filename="IMG_0001.jpg", content=photo.image)
        draft = worker.card(t("ja", "Submit"))
        assert "¥2,280" in json.dumps(draft["blocks"], ensure_ascii=False)
        assert "slack_file" in json.dumps(draft["blocks"])
        worker.tap(draft, t("ja", "Submit"))
        asked = boss.card(t("ja", "Approve"))
        boss.tap(asked, t("ja", "Approve"))

        def decided() -> bool:
            mine, theirs = worker.message(draft["ts"]), boss.message(asked["ts"])
            return all(t("ja", "Approved") in json.dumps(m["blocks"], ensure_ascii=False) for m in (mine, theirs))

        def screens() -> str:
            shown = [person.message(card["ts"])["blocks"] for person, card in ((worker, draft), (boss, asked))]
            return f"{json.dumps(shown, ensure_ascii=False)}\n{server.tail()}"

        wait_until(decided, 60, every=0.3, what=screens)
        assert not _button(boss.message(asked["ts"]), t("ja", "Approve"))
        log = server.log.read_text(errors="replace")
        assert BOT_TOKEN not in log
        assert "Traceback" not in log


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(card=cards)
def test_slacks_own_types_take_every_card(block_types: BlockTypes, card: Card) -> None:
    assert block_types.message_problems(render.blocks(card, "F0PICTURE1")) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=forms())
def test_slacks_own_types_take_every_form(block_types: BlockTypes, form: Form) -> None:
    at = Address("slack", "T1", "U1")
    assert block_types.view_problems(views.view(form, "keihi-1", at, close="閉じる")) == []
    assert block_types.view_problems(views.loading("ja", "keihi-1")) == []
