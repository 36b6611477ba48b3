"""What people do in Slack, as Slack's own payload shapes say it. Values are fictional, keys are Slack's."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.slack import incoming as payloads
from handlers.chat import (
    Address,
    Arrived,
    Commanded,
    FileRef,
    FormSent,
    Incoming,
    Left,
    Reply,
    Said,
    Tapped,
    Unsent,
)

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BOT = "U0BOT"
URL = "https://hooks.slack.com/actions/T0KEIHI/1/abc"


def read(body: dict[str, Any]) -> Incoming | None:
    return payloads.read(body, tenant="T0KEIHI", bot_user=BOT, now=NOW)


def event(**fields: Any) -> dict[str, Any]:
    return {
        "token": "unused",
        "team_id": "T0KEIHI",
        "api_app_id": "A0KEIHI",
        "type": "event_callback",
        "event_id": "Ev0001",
        "event_time": 1763866800,
        "authorizations": [{"team_id": "T0KEIHI", "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        "event": fields,
    }


def message(**fields: Any) -> dict[str, Any]:
    said = {"type": "message", "channel": "D0TANAKA", "user": "U0TANAKA", "ts": "1763866800.000100", "text": "昼食"}
    return event(**(said | {"channel_type": "im", "event_ts": "1763866800.000100"} | fields))


FILE = {"id": "F0RECEIPT1", "name": "IMG_0001.HEIC", "mimetype": "image/heic", "size": 2_345_678, "mode": "hosted"}
REF = FileRef("F0RECEIPT1", "IMG_0001.HEIC", "image/heic", 2_345_678, "D0TANAKA:1763866800.000100")


def test_a_message_in_the_direct_chat() -> None:
    assert read(message(text="打合せ &amp; 昼食")) == Incoming(
        "Ev0001",
        datetime.fromtimestamp(1763866800.0001, UTC),
        Address("slack", "T0KEIHI", "U0TANAKA"),
        Said("打合せ & 昼食"),
    )


def test_an_album_is_one_post_with_all_its_files() -> None:
    files = [FILE, {"id": "F0RECEIPT2", "name": "b.jpg", "mimetype": "image/jpeg", "size": 10}]
    act = read(message(subtype="file_share", text="出張", files=files))
    assert act is not None
    assert act.act == Said("出張", (REF, FileRef("F0RECEIPT2", "b.jpg", "image/jpeg", 10, REF.message)))


def test_a_stub_of_a_shared_channel_is_a_file_too() -> None:
    stub = {"id": "F0STUB", "mode": "file_access", "file_access": "check_file_info", "created": 0, "user": "U0TANAKA"}
    act = read(message(subtype="file_share", files=[stub]))
    assert act is not None
    assert act.act == Said("昼食", (FileRef("F0STUB", message=REF.message),))


def test_thin_payloads_are_enough() -> None:
    body = message(subtype="file_share", files=[FILE])
    for missing in ("token", "api_app_id", "authorizations", "event_time"):
        del body[missing]
    for missing in ("channel_type", "event_ts"):
        del body["event"][missing]
    act = read(body)
    assert act is not None
    assert (act.sender, act.act) == (Address("slack", "T0KEIHI", "U0TANAKA"), Said("昼食", (REF,)))


def test_an_answer_in_a_thread_of_the_direct_chat_keeps_its_thread() -> None:
    act = read(message(thread_ts="1763866000.000000"))
    assert act is not None
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA", thread="1763866000.000000")


def test_a_photo_in_a_channel_thread_that_mentions_the_bot() -> None:
    where = {
        "channel": "C0SOUMU",
        "channel_type": "channel",
        "thread_ts": "1763866000.000000",
        "text": f"<@{BOT}> 備品",
    }
    act = read(message(subtype="file_share", files=[FILE], **where))
    assert act is not None
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA", "C0SOUMU", "1763866000.000000", group=True)
    assert isinstance(act.act, Said)
    assert act.act.text == "備品"
    assert act.act.files[0].message == "C0SOUMU:1763866800.000100"


def test_a_mention_starts_a_thread_under_itself() -> None:
    act = read(message(type="app_mention", channel="C0SOUMU", channel_type="channel", text=f"<@{BOT}> help"))
    assert act is not None
    assert act.sender.thread == "1763866800.000100"
    assert act.act == Said("help")


def test_a_mention_that_comes_twice_counts_as_the_message() -> None:
    where = {"channel": "C0SOUMU", "channel_type": "channel", "text": f"<@{BOT}> 備品", "files": [FILE]}
    as_message = message(subtype="file_share", **where)
    as_mention = message(type="app_mention", **where) | {"event_id": "Ev0002"}
    first, second = read(as_message), read(as_mention)
    assert first is not None
    assert second is not None
    assert first.unless == ""
    assert second.unless == first.event_id != second.event_id


def test_a_mention_that_lost_its_files_does_not_swallow_the_message_that_has_them() -> None:
    where = {"channel": "C0SOUMU", "channel_type": "channel", "text": f"<@{BOT}> 備品"}
    bare, full = read(message(type="app_mention", **where)), read(message(subtype="file_share", files=[FILE], **where))
    assert bare is not None
    assert full is not None
    assert bare.unless == full.event_id


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "C0SOUMU", "channel_type": "channel"},
        {"channel": "G0GROUP", "channel_type": "mpim"},
        {"bot_id": "B0OTHER"},
        {"user": BOT},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"subtype": "channel_join"},
        {
            "subtype": "message_changed",
            "message": {"text": "x", "user": "U0TANAKA"},
            "previous_message": {"user": "U0TANAKA"},
        },
        {"text": ""},
        {"type": "file_shared", "file_id": "F0RECEIPT1", "file": {"id": "F0RECEIPT1"}},
        {"type": "reaction_added"},
    ],
)
def test_what_is_not_said_to_us_is_ignored(fields: dict[str, Any]) -> None:
    assert read(message(**fields)) is None


def test_a_deleted_message_is_unsent() -> None:
    before = {"user": "U0TANAKA", "ts": "1763866800.000100", "text": "昼食", "files": [FILE]}
    body = message(
        subtype="message_deleted", user=None, hidden=True, deleted_ts="1763866800.000100", previous_message=before
    )
    act = read(body)
    assert act is not None
    assert (act.sender, act.act) == (Address("slack", "T0KEIHI", "U0TANAKA"), Unsent(REF.message))


def test_a_deleted_message_with_answers_becomes_a_tombstone_and_is_unsent_too() -> None:
    before = {"user": "U0TANAKA", "ts": "1763866800.000100"}
    tombstone = {"subtype": "tombstone", "user": "USLACKBOT", "ts": "1763866800.000100"}
    act = read(message(subtype="message_changed", user=None, message=tombstone, previous_message=before))
    assert act is not None
    assert act.act == Unsent(REF.message)


def test_of_a_channels_deleted_messages_only_those_to_us_are_noted() -> None:
    where = {
        "subtype": "message_deleted",
        "user": None,
        "channel": "C0SOUMU",
        "channel_type": "channel",
        "deleted_ts": "1.2",
    }
    assert read(message(**where, previous_message={"user": "U0TANAKA", "text": "雑談"})) is None
    to_us = read(message(**where, previous_message={"user": "U0TANAKA", "text": f"<@{BOT}> 備品"}))
    assert to_us is not None
    assert to_us.act == Unsent("C0SOUMU:1.2")


def test_our_own_deleted_message_is_nobodys() -> None:
    before = {"user": BOT, "bot_id": "B0KEIHI", "ts": "1.2"}
    assert read(message(subtype="message_deleted", user=None, deleted_ts="1.2", previous_message=before)) is None


def test_the_messages_tab_greets_each_person_once() -> None:
    act = read(event(type="app_home_opened", user="U0TANAKA", channel="D0TANAKA", tab="messages"))
    assert act == Incoming("arrived:T0KEIHI:U0TANAKA", NOW, Address("slack", "T0KEIHI", "U0TANAKA"), Arrived())
    assert read(event(type="app_home_opened", user="U0TANAKA", channel="D0TANAKA", tab="home")) is None


@pytest.mark.parametrize(
    "fields", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}]
)
def test_the_workspace_removed_the_app(fields: dict[str, Any]) -> None:
    assert read(event(**fields)) == Incoming("Ev0001", NOW, Address("slack", "T0KEIHI", ""), Left())


def test_a_persons_own_revoked_token_is_not_the_bots() -> None:
    assert read(event(type="tokens_revoked", tokens={"oauth": ["U0TANAKA"], "bot": []})) is None


# --- taps, forms, commands --------------------------------------------------------------------------------------------


def tap(channel: str = "D0TANAKA", **action: Any) -> dict[str, Any]:
    pressed = {
        "type": "button",
        "action_id": "keihi.tap.0",
        "block_id": "b",
        "value": "signed",
        "action_ts": "1763866900.5",
    }
    return {
        "type": "block_actions",
        "team": {"id": "T0KEIHI", "domain": "hikari-cho"},
        "user": {"id": "U0TANAKA", "username": "tanaka", "team_id": "T0KEIHI"},
        "api_app_id": "A0KEIHI",
        "token": "unused",
        "container": {"type": "message", "message_ts": "1763866850.1", "channel_id": channel, "is_ephemeral": False},
        "trigger_id": "1.2.abc",
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"type": "message", "ts": "1763866850.1"},
        "response_url": URL,
        "actions": [pressed | action],
    }


def test_a_tap_in_the_direct_chat() -> None:
    act = read(tap())
    assert act is not None
    assert act.act == Tapped("signed")
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA")
    assert act.reply == Reply(f"tap {URL}", NOW + timedelta(minutes=30))


def test_the_same_tap_delivered_twice_is_one_event_and_a_second_tap_is_another() -> None:
    first, again, second = read(tap()), read(tap()), read(tap(action_ts="1763866901.0"))
    assert first is not None
    assert again is not None
    assert second is not None
    assert first.event_id == again.event_id != second.event_id


def test_a_tap_in_a_channel_thread_answers_there() -> None:
    body = tap("C0SOUMU")
    body["container"]["thread_ts"] = "1763866000.000000"
    act = read(body)
    assert act is not None
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA", "C0SOUMU", "1763866000.000000", group=True)


def test_a_button_that_opens_a_form_names_the_view() -> None:
    act = read(tap(action_id="keihi.form.1"))
    assert act is not None
    assert isinstance(act.act, Tapped)
    assert act.act.token == "signed"
    assert act.act.form.startswith("keihi-")
    assert len(act.act.form) <= 255
    assert act.reply is not None
    assert act.reply.handle == f"form {act.act.form} {URL}"


def test_a_date_picker_gives_its_date_and_a_long_token_whole() -> None:
    long = "t" * 300
    body = tap(
        type="datepicker",
        action_id=f"keihi.pick.{long[230:]}",
        block_id=f"keihi.pick.0.{long[:230]}",
        selected_date="2026-11-20",
        value=None,
    )
    act = read(body)
    assert act is not None
    assert act.act == Tapped(long, "2026-11-20")


def test_a_suggested_answer_is_said() -> None:
    act = read(tap(action_id="keihi.say.choice.0", value="交通費"))
    assert act is not None
    assert act.act == Said("交通費")


@pytest.mark.parametrize("action_id", ["keihi.link.0", "another_app", "keihi.tapper"])
def test_links_and_foreign_actions_are_only_acknowledged(action_id: str) -> None:
    assert read(tap(action_id=action_id)) is None


def test_a_submitted_form_goes_back_to_where_it_was_opened() -> None:
    noted = {"token": "signed", "channel": "C0SOUMU", "thread": "1.2", "group": True}
    body = {
        "type": "view_submission",
        "team": {"id": "T0KEIHI"},
        "user": {"id": "U0TANAKA"},
        "view": {
            "id": "V1",
            "hash": "1.h",
            "callback_id": "keihi.form",
            "private_metadata": json.dumps(noted),
            "blocks": [{"type": "input", "block_id": "amount"}],
            "state": {"values": {"amount": {"value": {"type": "plain_text_input", "value": "１,９８０"}}}},
        },
    }
    act, again = read(body), read(body)
    assert act is not None
    assert again is not None
    assert act.event_id == again.event_id
    assert act.act == FormSent("signed", (("amount", "１,９８０"),))
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA", "C0SOUMU", "1.2", group=True)


def test_a_slash_command_is_answered_to_the_person_wherever_it_was_typed() -> None:
    body = {
        "command": "/keihi",
        "text": "link <@U0SATO|sato> &lt;sato@example.jp&gt;",
        "team_id": "T0KEIHI",
        "user_id": "U0TANAKA",
        "channel_id": "C0SOUMU",
        "response_url": URL,
        "trigger_id": "1.2.abc",
    }
    act = read(body)
    assert act is not None
    assert act.act == Commanded("link <@U0SATO> <sato@example.jp>")
    assert act.sender == Address("slack", "T0KEIHI", "U0TANAKA")
    assert act.reply == Reply(f"command {URL}", NOW + timedelta(minutes=30))


def test_the_shortcut_takes_a_messages_files_for_the_person_who_used_it() -> None:
    body = {
        "type": "message_action",
        "callback_id": "keihi_add_receipt",
        "team": {"id": "T0KEIHI"},
        "user": {"id": "U0SATO"},
        "channel": {"id": "C0SOUMU", "name": "soumu"},
        "message_ts": "1763866800.000100",
        "message": {"type": "message", "user": "U0TANAKA", "ts": "1763866800.000100", "text": "備品", "files": [FILE]},
        "response_url": URL,
        "trigger_id": "1.2.abc",
    }
    act = read(body)
    assert act is not None
    assert act.sender == Address("slack", "T0KEIHI", "U0SATO")
    assert isinstance(act.act, Said)
    assert [f.id for f in act.act.files] == ["F0RECEIPT1"]
    del body["message"]["files"]  # type: ignore[attr-defined]
    assert read(body) is None


SAMPLES = Path(os.environ.get("KEIHI_SHARED", "../shared")) / "platforms" / "slack-samples"


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*Payload.json")), ids=lambda f: f.stem)
def test_payloads_with_every_key_of_slacks_and_blank_values_do_no_harm(file: Path) -> None:
    read(json.loads(file.read_text()))
    blank = json.loads(file.read_text(), object_hook=lambda one: dict.fromkeys(one))
    read(blank)
