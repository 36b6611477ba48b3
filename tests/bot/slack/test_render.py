"""Cards as Block Kit: what a person sees, and that Slack would take it whatever stands on the card."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import render
from bot.slack.text import literal, plain
from handlers.chat import Button, Card, Choice, Field, Note, Picture, Row
from tests.fakes.block_kit import message_problems

DRAFT = Card(
    title="領収書を読み取りました",
    lead="内容を確認して「提出」を押してください。",
    picture=Picture("ab" * 32, "カフェ木漏れ日の領収書"),
    fields=(
        Field("支払先", "カフェ木漏れ日"),
        Field("日付", "2026年11月20日", doubted=True),
        Field("合計", "¥1,980", emphasis=True),
        Field("登録番号", "T1234567890123"),
    ),
    notes=(Note("日付が薄くて読みにくい写真です。", "doubt"), Note("登録番号の桁は正しい形です。", "good")),
    buttons=(
        Button("提出", "s-1", "primary"),
        Button("修正", "e-1", opens_form=True),
        Button("削除", "d-1", "danger"),
    ),
    footer="受付番号 R-12",
)


def test_a_draft_looks_as_it_was_designed() -> None:
    assert render.message(DRAFT, "F0PICTURE1") == {
        "text": "領収書を読み取りました",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "領収書を読み取りました", "emoji": False}},
            {
                "type": "section",
                "text": {"type": "plain_text", "text": "内容を確認して「提出」を押してください。", "emoji": False},
            },
            {
                "type": "section",
                "fields": [
                    {"type": "mrkdwn", "text": "*支払先*\nカフェ木漏れ日", "verbatim": True},
                    {"type": "mrkdwn", "text": "*日付* ⚠️\n2026年11月20日", "verbatim": True},
                    {"type": "mrkdwn", "text": "*合計*\n*¥1,980*", "verbatim": True},
                    {"type": "mrkdwn", "text": "*登録番号*\nT1234567890123", "verbatim": True},
                ],
            },
            {"type": "image", "slack_file": {"id": "F0PICTURE1"}, "alt_text": "カフェ木漏れ日の領収書"},
            {
                "type": "context",
                "elements": [
                    {
                        "type": "plain_text",
                        "text": "⚠️ 日付が薄くて読みにくい写真です。\n✅ 登録番号の桁は正しい形です。",
                        "emoji": False,
                    }
                ],
            },
            {
                "type": "actions",
                "elements": [
                    _button("提出", "keihi.tap.0", "s-1", "primary"),
                    _button("修正", "keihi.form.1", "e-1"),
                    _button("削除", "keihi.tap.2", "d-1", "danger"),
                ],
            },
            {"type": "context", "elements": [{"type": "plain_text", "text": "受付番号 R-12", "emoji": False}]},
        ],
    }


def _button(label: str, action: str, value: str, style: str = "") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label, "emoji": True}
    return (
        {"type": "button", "text": text} | ({"style": style} if style else {}) | {"action_id": action, "value": value}
    )


def test_a_sentence_stays_a_sentence() -> None:
    (only,) = render.blocks(Card("すでに承認済みです（佐藤・11/20 10:31）", tone="doubt"))
    assert only["type"] == "section"
    assert only["text"]["text"] == "⚠️ すでに承認済みです（佐藤・11/20 10:31）"


def test_the_summary_is_what_a_notification_shows() -> None:
    assert render.message(Card("承認待ち", summary="田中さん ¥8,950 <@U1>"))["text"] == "田中さん ¥8,950 &lt;@U1&gt;"


def test_without_an_uploaded_picture_the_card_goes_without() -> None:
    assert "image" not in [b["type"] for b in render.blocks(DRAFT)]


def test_rows_with_buttons_are_cut_where_slack_ends_and_the_rest_is_counted() -> None:
    rows = tuple(Row(f"店 {n}", "11/20", "¥100", button=Button("開く", f"r{n}")) for n in range(80))
    blocks = render.blocks(Card("20枚を読みました", rows=rows, buttons=(Button("全部提出", "all"),)))
    assert not message_problems(blocks)
    shown = [b for b in blocks if "accessory" in b]
    assert f"他 {80 - len(shown)} 件" in json.dumps(blocks, ensure_ascii=False)
    assert blocks[-1]["elements"][0]["value"] == "all"
    english = render.blocks(Card("Read 80 receipts", rows=rows))
    assert f"… and {80 - sum('accessory' in b for b in english)} more" in json.dumps(english, ensure_ascii=False)


def test_exactly_as_many_rows_as_fit_are_all_shown() -> None:
    rows = tuple(Row(f"店 {n}", button=Button("開く", f"r{n}")) for n in range(49))
    blocks = render.blocks(Card("一覧", rows=rows))
    assert len(blocks) == 50
    assert all("accessory" in b for b in blocks[1:])


def test_rows_without_buttons_share_a_block() -> None:
    blocks = render.blocks(Card("メンバー", rows=tuple(Row(f"社員{n}", "営業部", "申請者") for n in range(30))))
    assert [b["type"] for b in blocks] == ["header", "section"]
    assert blocks[1]["text"]["text"].startswith("*社員0*　申請者　営業部\n*社員1*")


def test_a_date_picker_carries_its_token_though_slack_gives_it_no_value() -> None:
    token = "t" * 300
    (block,) = render.blocks(
        Card("日付は？", choices=(Choice("日付を選ぶ", token, picker="date", initial="2026-11-20"),))
    )[1:]
    (element,) = block["elements"]
    assert element["initial_date"] == "2026-11-20"
    assert block["block_id"].endswith("t" * 230)
    assert element["action_id"] == "keihi.pick." + "t" * 70


@pytest.mark.parametrize("day", ["", "11/20", "2026-13-01", "２０２６-11-20", "0001-01-01"])
def test_what_is_no_date_does_not_stand_in_a_picker(day: str) -> None:
    assert "initial_date" not in render.date_picker("a", day, "日付")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "<!channel> <@U012> <https://evil.example|click>",
            "&lt;!channel&gt; &lt;@U012&gt; &lt;https://evil.example|click&gt;",
        ),
        ("A&B", "A&amp;B"),
        ("*bold* _it_ ~no~ `code`", "∗bold∗ ＿it＿ ∼no∼ ˋcodeˋ"),
        ("2*100円 IMG_0001.jpg", "2*100円 IMG_0001.jpg"),
        (":warning: 10:30:45", "∶warning∶ 10:30:45"),
        ("a\x00b\ud800c", "abc"),
    ],
)
def test_what_people_write_shows_as_itself(typed: str, shown: str) -> None:
    assert literal(typed) == shown


def test_no_mention_can_hide_anywhere_on_a_card() -> None:
    evil = "<!channel> <@U012AB3CD> <https://evil.example|ok>"
    card = Card(
        title=evil,
        lead=evil,
        fields=(Field(evil, evil),),
        rows=(Row(evil, evil, evil),),
        notes=(Note(evil),),
        footer=evil,
        summary=evil,
    )
    for text in _mrkdwn(render.message(card)):
        assert "<" not in text


def _mrkdwn(value: Any) -> list[str]:
    found = [value["text"]] if isinstance(value, dict) and value.get("type") == "mrkdwn" else []
    if isinstance(value, dict):
        found += [value["text"]] if isinstance(value.get("text"), str) and "type" not in value else []
        return found + [text for one in value.values() for text in _mrkdwn(one)]
    return [text for one in value for text in _mrkdwn(one)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("A&amp;B &lt;3", "A&B <3"),
        ("<@U0BOT> 出張 <mailto:a@example.jp|a@example.jp>", "出張 a@example.jp"),
        ("add <@U012|tanaka> <#C01|general> <!here>", "add <@U012> #general @here"),
        ("<https://example.jp/a|example.jp/a> <https://example.jp>", "example.jp/a https://example.jp"),
    ],
)
def test_what_slack_encoded_is_read_as_typed(sent: str, meant: str) -> None:
    assert plain(sent, bot_user="U0BOT") == meant


# --- any card at all --------------------------------------------------------------------------------------------------

text = st.text(max_size=60) | st.text(alphabet="&<>*_~`:a 漢\n", max_size=4000)
token = st.text(alphabet="abcXYZ019._-", max_size=300)
buttons = st.builds(
    Button,
    label=text,
    token=token | st.just("x" * 2001),
    style=st.sampled_from(("plain", "primary", "danger")),
    url=st.sampled_from(("", "", "https://keihi.example.jp/x", "javascript:alert(1)", "https://" + "x" * 3000)),
    opens_form=st.booleans(),
)
cards = st.builds(
    Card,
    title=text,
    tone=st.sampled_from(("plain", "good", "doubt", "bad")),
    lead=text,
    picture=st.none() | st.builds(Picture, sha256=st.just("ab" * 32), alt=text),
    fields=st.lists(st.builds(Field, text, text, st.booleans(), st.booleans()), max_size=120).map(tuple),
    rows=st.lists(st.builds(Row, text, text, text, st.booleans(), st.none() | buttons), max_size=90).map(tuple),
    notes=st.lists(st.builds(Note, text, st.sampled_from(("plain", "good", "doubt", "bad"))), max_size=40).map(tuple),
    buttons=st.lists(buttons, max_size=60).map(tuple),
    choices=st.lists(
        st.builds(Choice, text, token, text, st.sampled_from(("", "date")), st.sampled_from(("", "2026-11-20", "x"))),
        max_size=30,
    ).map(tuple),
    footer=text,
    summary=text,
)


@settings(max_examples=150, deadline=None)
@given(cards)
def test_slack_takes_every_card(card: Card) -> None:
    message = render.message(card, "F0PICTURE1")
    assert message_problems(message["blocks"]) == []
    assert message["blocks"]
    assert message["text"].strip()
    json.dumps(message).encode()
