"""Each kind of webhook event, in the shape of LINE's reference, and what it means to us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line.incoming import Malformed, incoming
from handlers.chat import (
    INCOMING,
    Act,
    Address,
    Album,
    Arrived,
    Commanded,
    FileRef,
    Incoming,
    Left,
    Linked,
    Said,
    Tapped,
    Unsent,
)

NOW = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)
BOT = "Ub07b07b07b07b07b07b07b07b07b07b0"
USER = "U1234567890abcdef1234567890abcdef"


def event(kind: str, **more: Any) -> dict[str, Any]:
    body = {
        "type": kind,
        "mode": "active",
        "timestamp": int((NOW - timedelta(seconds=1)).timestamp() * 1000),
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "38ef843bde154d9b91c21320ffd17a0f",
    }
    return body | more


def message(**content: Any) -> dict[str, Any]:
    return event("message", message={"id": "444573844083572737", **content})


def act(body: dict[str, Any]) -> Act | None:
    found = incoming(body, BOT, NOW)
    return found.act if found else None


def test_a_text_is_said_with_everything_around_it() -> None:
    found = incoming(message(type="text", text=" 打合せ "), BOT, NOW)
    assert isinstance(found, Incoming)
    assert found.act == Said("打合せ")
    assert found.event_id == "01FZ74A0TDDPYRVKNK77XKC3ZR"
    assert found.sender == Address("line", BOT, USER)
    assert found.at == NOW - timedelta(seconds=1)
    assert found.reply is not None
    assert found.reply.handle == "38ef843bde154d9b91c21320ffd17a0f"
    assert found.reply.expires_at == NOW + timedelta(seconds=50)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/keihi members", "members"),
        ("／keihi　members", "members"),
        ("/Keihi   add 田中 tanaka@example.jp", "add 田中 tanaka@example.jp"),
        ("keihi status", "status"),
        ("経費 一覧", "一覧"),
        ("経費　一覧", "一覧"),
        ("/経費", ""),
        ("/keihi", ""),
    ],
)
def test_the_commands_first_word_is_taken_off(text: str, command: str) -> None:
    assert act(message(type="text", text=text)) == Commanded(command)


@pytest.mark.parametrize("text", ["経費精算について", "keihiro さんとの昼食", "/keihix", "昨日の経費 3,000円"])
def test_a_word_that_only_begins_alike_is_no_command(text: str) -> None:
    assert act(message(type="text", text=text)) == Said(text)


def test_a_photo_and_its_place_in_an_album() -> None:
    album = {"id": "E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855", "index": 2, "total": 5}
    body = message(type="image", contentProvider={"type": "line"}, imageSet=album)
    file = FileRef("444573844083572737", message="444573844083572737")
    assert act(body) == Said(files=(file,), album=Album(album["id"], 2, 5))


def test_an_album_of_an_older_phone_says_neither_index_nor_total() -> None:
    found = act(message(type="image", contentProvider={"type": "line"}, imageSet={"id": "E0"}))
    assert isinstance(found, Said)
    assert found.album == Album("E0")


def test_a_number_that_no_album_has_is_left_out() -> None:
    body = message(
        type="image", contentProvider={"type": "line"}, imageSet={"id": "E0", "index": 10**30, "total": 2**31}
    )
    found = act(body)
    assert isinstance(found, Said)
    assert found.album == Album("E0")


def test_a_file_keeps_its_name_and_size() -> None:
    found = act(message(type="file", fileName="領収書.pdf", fileSize=2138))
    number = "444573844083572737"
    assert found == Said(files=(FileRef(number, name="領収書.pdf", size=2138, message=number),))


def test_a_picture_that_lies_elsewhere_is_marked_and_not_addressed() -> None:
    provider = {"type": "external", "originalContentUrl": "https://intranet.example.jp/secret.jpg"}
    found = act(message(type="image", contentProvider=provider))
    assert isinstance(found, Said)
    assert found.files[0].id == "external:444573844083572737"
    assert "intranet" not in repr(found)


@pytest.mark.parametrize("kind", ["sticker", "video", "audio", "location", "something-new"])
def test_what_cannot_be_read_is_said_without_words(kind: str) -> None:
    assert act(message(type=kind)) == Said()


def test_taps() -> None:
    assert act(event("postback", postback={"data": "token"})) == Tapped("token")
    picked = {"data": "token", "params": {"date": "2026-11-20"}}
    assert act(event("postback", postback=picked)) == Tapped("token", "2026-11-20")


def test_coming_going_and_taking_back() -> None:
    assert act(event("follow", follow={"isUnblocked": False})) == Arrived()
    gone = event("unfollow")
    del gone["replyToken"]
    found = incoming(gone, BOT, NOW)
    assert found is not None
    assert (found.act, found.reply) == (Left(), None)
    assert act(event("unsend", unsend={"messageId": "325708"})) == Unsent("325708")


def test_account_link() -> None:
    assert act(event("accountLink", link={"result": "ok", "nonce": "n"})) == Linked("n", ok=True)
    assert act(event("accountLink", link={"result": "failed", "nonce": "n"})) == Linked("n", ok=False)


GROUP = {"type": "group", "groupId": "Ca56f94637c", "userId": USER}


def test_in_a_group_only_what_is_meant_for_the_bot_is_heard() -> None:
    assert act(message(type="text", text="お昼どうする？") | {"source": GROUP}) is None
    assert act(message(type="sticker") | {"source": GROUP}) is None
    found = incoming(message(type="image") | {"source": GROUP}, BOT, NOW)
    assert found is not None
    assert found.sender == Address("line", BOT, USER, channel="Ca56f94637c", group=True)
    room = {"type": "room", "roomId": "Ra8dbf4673c", "userId": USER}
    found = incoming(message(type="image") | {"source": room}, BOT, NOW)
    assert found is not None
    assert (found.sender.channel, found.sender.group) == ("Ra8dbf4673c", True)


def test_a_mention_of_the_bot_in_a_group_is_heard() -> None:
    mention = {"mentionees": [{"index": 3, "length": 3, "type": "user", "userId": BOT, "isSelf": True}]}
    body = message(type="text", text="😀 @経費 使い方は？", mention=mention) | {"source": GROUP}
    assert act(body) == Said("😀  使い方は？")


def test_a_mention_in_a_command_names_the_person() -> None:
    other = "U" + "9" * 32
    mention = {"mentionees": [{"index": 11, "length": 3, "type": "user", "userId": other}]}
    body = message(type="text", text="keihi link @田中", mention=mention) | {"source": GROUP}
    assert act(body) == Commanded(f"link <@{other}>")


def test_who_may_not_be_known_is_not_answered() -> None:
    assert act(message(type="image") | {"source": {"type": "group", "groupId": "Ca56f94637c"}}) is None
    assert act(event("join") | {"source": {"type": "group", "groupId": "Ca56f94637c"}}) is None


@pytest.mark.parametrize("kind", ["beacon", "memberJoined", "memberLeft", "videoPlayComplete", "membership", "new"])
def test_other_events_are_nobodys(kind: str) -> None:
    assert act(event(kind)) is None


def test_standby_is_left_to_whoever_is_active() -> None:
    assert act(message(type="text", text="x") | {"mode": "standby"}) is None


def test_a_redelivery_is_the_same_event_with_the_time_it_happened() -> None:
    first = message(type="text", text="x")
    del first["webhookEventId"]
    again = first | {"deliveryContext": {"isRedelivery": True}, "replyToken": "another"}
    one, two = incoming(first, BOT, NOW), incoming(again, BOT, NOW + timedelta(minutes=5))
    assert one is not None
    assert two is not None
    assert (one.event_id, one.at) == (two.event_id, two.at)
    assert two.reply is not None
    assert two.reply.expires_at == NOW + timedelta(minutes=5, seconds=50)


def test_a_reply_token_of_long_ago_is_not_kept() -> None:
    late = incoming(message(type="text", text="x"), BOT, NOW + timedelta(minutes=20))
    assert late is not None
    assert late.reply is None


@pytest.mark.parametrize("body", [None, 7, "text", [], {}, {"type": 3}, {"type": ""}])
def test_what_is_no_event_is_called_so(body: object) -> None:
    with pytest.raises(Malformed):
        incoming(body, BOT, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("message", "postback", "source", "link", "unsend", "timestamp", "replyToken", "webhookEventId", "mode")


@given(
    kind=st.sampled_from(["message", "postback", "follow", "unsend", "accountLink"]),
    inner=st.sampled_from(["text", "image", "file", "sticker"]),
    fields=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3),
    content=st.dictionaries(
        st.sampled_from(["text", "id", "mention", "imageSet", "contentProvider", "data", "params", "fileSize"]), JSON
    ),
)
def test_no_event_breaks_it_and_what_comes_out_can_be_stored(
    kind: str, inner: str, fields: dict[str, Any], content: dict[str, Any]
) -> None:
    body = event(kind, message={"type": inner, "id": "1"} | content, postback=content) | fields
    found = incoming(body, BOT, NOW)
    if found is not None:
        assert INCOMING.validate_json(INCOMING.dump_json(found)) == found
        assert "\x00" not in INCOMING.dump_json(found).decode().replace("\\u0000", "\x00")
