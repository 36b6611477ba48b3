"""Cards as LINE messages: what people see, and that LINE takes whatever card there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linebot.v3.messaging import PushMessageRequest

from bot.line import limits
from bot.line.render import messages
from handlers.chat import Button, Card, Choice, Field, Note, Picture, Row
from tests.contract.line_spec import spec
from tests.fakes.line_rules import problems

TOKEN = "Ab3-_." * 22
PICTURE = "https://keihi.example.jp/pictures/abc.jpg"
USER = "U" + "0" * 32

DRAFT = Card(
    title="経費の下書き",
    lead="内容を確かめて、提出を押してください。",
    picture=Picture("0" * 64, "喫茶 こもれびの領収書"),
    fields=(
        Field("合計", "¥3,480", emphasis=True),
        Field("支払先", "喫茶 こもれび"),
        Field("日付", "2026年11月20日(金)", doubted=True),
    ),
    notes=(Note("日付が薄く読めました。", "doubt"),),
    buttons=(Button("提出", TOKEN, "primary"), Button("修正", TOKEN, opens_form=True), Button("削除", TOKEN, "danger")),
    footer="#12",
)


def parts(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Every component of a kind, in reading order."""

    def walk(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if value.get("type") == kind:
                yield value
            for name in ("header", "hero", "body", "footer", "contents"):
                yield from walk(value.get(name))
        if isinstance(value, list):
            for one in value:
                yield from walk(one)

    return list(walk(message))


def words(message: dict[str, Any]) -> list[str]:
    return [part["text"] for part in parts(message, "text")]


def taken(found: list[dict[str, Any]]) -> None:
    """LINE's own specification, the limits beyond it, and the SDK take these messages, and the SDK loses nothing."""
    assert problems(found) == []
    body = {"to": USER, "messages": found}
    official = spec("messaging-api.yml")
    if official is not None:
        assert official.problems("PushMessageRequest", body) == []
    sent = json.loads(json.dumps(PushMessageRequest.from_dict(body).to_dict()))
    for ours, theirs in zip(found, sent["messages"], strict=True):
        assert without_defaults(theirs, ours) == ours


def without_defaults(theirs: Any, ours: Any) -> Any:
    """The SDK's dictionary without the defaults that it adds."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return {name: without_defaults(value, ours[name]) for name, value in theirs.items() if name in ours}
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        return [without_defaults(one, other) for one, other in zip(theirs, ours, strict=True)]
    return theirs


def test_a_draft_is_one_bubble_with_everything_on_it() -> None:
    found = messages(DRAFT, PICTURE)
    taken(found)
    assert len(found) == 1
    text = words(found[0])
    assert text[:2] == ["経費の下書き", "内容を確かめて、提出を押してください。"]
    for shown in (
        "合計",
        "¥3,480",
        "支払先",
        "喫茶 こもれび",
        "⚠ 2026年11月20日(金)",
        "⚠ 日付が薄く読めました。",
        "#12",
    ):
        assert shown in text
    assert [image["url"] for image in parts(found[0], "image")] == [PICTURE]
    buttons = parts(found[0], "button")
    assert [(b["action"]["label"], b["style"]) for b in buttons] == [
        ("提出", "primary"),
        ("修正", "secondary"),
        ("削除", "secondary"),
    ]
    assert {b["action"]["data"] for b in buttons} == {TOKEN}
    assert found[0]["altText"] == "経費の下書き 合計 ¥3,480"


def test_the_total_is_the_largest_word_on_the_card() -> None:
    sizes = {part["text"]: part.get("size") for part in parts(messages(DRAFT)[0], "text")}
    assert sizes["¥3,480"] == "xxl"
    assert list(sizes.values()).count("xxl") == 1


def test_without_a_public_address_the_card_goes_without_its_picture() -> None:
    assert parts(messages(DRAFT)[0], "image") == []


def test_words_alone_are_a_text_message_that_can_be_copied() -> None:
    card = Card(
        title="登録されていません。", lead="管理者に伝えてください。", notes=(Note("コードが違います。", "bad"),)
    )
    assert messages(card) == [
        {"type": "text", "text": "登録されていません。\n\n管理者に伝えてください。\n\n✕ コードが違います。"}
    ]


def test_a_sentence_shows_its_tone() -> None:
    assert messages(Card(title="承認されました", tone="good"))[0]["text"] == "✓ 承認されました"
    assert messages(Card(title="⚠ 確認してください", tone="doubt"))[0]["text"] == "⚠ 確認してください"


def test_a_long_text_goes_in_several_messages_between_lines() -> None:
    lines = [f"{number:04d} " + "あ" * 60 for number in range(300)]
    found = messages(Card(title="\n".join(lines)))
    taken(found)
    assert len(found) == 4
    assert "\n".join(message["text"] for message in found).split("\n") == lines


def test_choices_are_quick_replies_of_three_kinds() -> None:
    choices = (
        Choice("支払先", TOKEN),
        Choice("日付", TOKEN, picker="date", initial="2026-11-20"),
        Choice("会議費", text="会議費"),
        Choice("日付2", TOKEN, picker="date", initial="unknown"),
    )
    found = messages(Card(title="どの項目を直しますか？", choices=choices))
    taken(found)
    actions = [item["action"] for item in found[-1]["quickReply"]["items"]]
    assert actions == [
        {"type": "postback", "label": "支払先", "data": TOKEN, "displayText": "支払先"},
        {"type": "datetimepicker", "label": "日付", "data": TOKEN, "mode": "date", "initial": "2026-11-20"},
        {"type": "message", "label": "会議費", "text": "会議費"},
        {"type": "datetimepicker", "label": "日付2", "data": TOKEN, "mode": "date"},
    ]


def test_an_album_of_twenty_is_two_pages_and_every_row_can_be_tapped() -> None:
    rows = tuple(
        Row(f"店 {n}", "11/20 会議費", f"¥{n},480", doubted=n == 3, button=Button("確認", f"token-{n}"))
        for n in range(20)
    )
    found = messages(Card(title="20枚を読み取りました", rows=rows, buttons=(Button("まとめて提出", TOKEN, "primary"),)))
    taken(found)
    bubbles = parts(found[0], "bubble")
    assert len(bubbles) == 2
    assert "20枚を読み取りました (2/2)" in words(bubbles[1])
    tapped = [box["action"]["data"] for box in parts(found[0], "box") if "action" in box]
    assert tapped == [f"token-{n}" for n in range(20)]
    assert "⚠ 店 3" in words(found[0])


def test_a_list_without_end_says_how_many_are_missing() -> None:
    rows = tuple(
        Row(f"店 {n} 株式会社テスト商店", "11/20 会議費", "¥480", button=Button("確認", TOKEN)) for n in range(500)
    )
    found = messages(Card(title="一覧", rows=rows))
    taken(found)
    shown = sum("株式会社" in word for word in words(found[0]))
    assert 30 <= shown < 500
    assert words(found[0])[-1] == f"…他 {500 - shown} 件"


def test_the_words_of_our_own_follow_the_cards_language() -> None:
    rows = tuple(Row(f"Shop {n}", button=Button("Open", TOKEN)) for n in range(500))
    last = words(messages(Card(title="Your claims", rows=rows))[0])[-1]
    assert last.startswith("… and ")
    assert last.endswith(" more")


def test_long_labels_are_cut_where_a_character_ends() -> None:
    found = messages(Card(title="x", buttons=(Button("👨‍👩‍👧‍👦" * 5, TOKEN), Button("か\u3099" * 20, TOKEN))))
    taken(found)
    labels = [button["action"]["label"] for button in parts(found[0], "button")]
    assert all(limits.units(label) <= 20 and label.endswith("…") for label in labels)
    assert not any("\u200d…" in label for label in labels)
    assert labels[1].count("か") == labels[1].count("\u3099")


def test_a_link_opens_a_page_and_a_strange_one_is_no_button() -> None:
    buttons = (
        Button("詳しく", url="https://example.jp/a?b=c"),
        Button("悪い", url="javascript:alert(1)"),
        Button("無"),
    )
    found = messages(Card(title="x", buttons=buttons))
    assert [button["action"] for button in parts(found[0], "button")] == [
        {"type": "uri", "label": "詳しく", "uri": "https://example.jp/a?b=c"}
    ]


def test_a_token_that_could_not_come_back_is_an_error() -> None:
    with pytest.raises(ValueError, match="301"):
        messages(Card(title="x", buttons=(Button("提出", "t" * 301),)))


def test_user_text_stays_text() -> None:
    nasty = '{"type":"bubble"} <@U123> @all $ {name} %s\u0000\u202e'
    found = messages(Card(title=nasty, fields=(Field(nasty, nasty),)))
    taken(found)
    assert any("<@U123> @all $ {name} %s" in word for word in words(found[0]))


TEXT = st.text(max_size=60) | st.text(alphabet="領収書あア漢字。\n 😀e\u0301⚠", max_size=400)
TOKENS = st.text("ABCabc019-_.", min_size=1, max_size=300)
TONES = st.sampled_from(["plain", "good", "doubt", "bad"])
BUTTONS = st.builds(
    Button,
    label=TEXT,
    token=TOKENS | st.just(""),
    style=st.sampled_from(["plain", "primary", "danger"]),
    url=st.just("") | st.sampled_from(["https://example.jp/x", "ftp://example.jp", "https://例え.jp"]),
)
CARDS = st.builds(
    Card,
    title=TEXT,
    tone=TONES,
    lead=TEXT,
    picture=st.none() | st.builds(Picture, sha256=st.just("0" * 64), alt=TEXT),
    fields=st.lists(st.builds(Field, TEXT, TEXT, st.booleans(), st.booleans()), max_size=60).map(tuple),
    rows=st.lists(st.builds(Row, TEXT, TEXT, TEXT, st.booleans(), st.none() | BUTTONS), max_size=60).map(tuple),
    notes=st.lists(st.builds(Note, TEXT, TONES), max_size=20).map(tuple),
    buttons=st.lists(BUTTONS, max_size=15).map(tuple),
    choices=st.lists(
        st.builds(Choice, TEXT, TOKENS | st.just(""), TEXT, st.sampled_from(["", "date"]), st.just("2026-11-20")),
        max_size=20,
    ).map(tuple),
    footer=TEXT,
    summary=TEXT,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(card=CARDS, picture=st.sampled_from(["", PICTURE]))
def test_line_takes_every_card(card: Card, picture: str) -> None:
    taken(messages(card, picture))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(filler=st.sampled_from(["あ", "😀", "x", "⚠", "e\u0301"]), many=st.sampled_from([1, 30, 300]))
def test_line_takes_the_longest_cards(filler: str, many: int) -> None:
    long = filler * 3000
    button = Button(long, "t" * 300, "primary")
    card = Card(
        title=long,
        lead=long,
        picture=Picture("0" * 64, long),
        fields=(Field(long, long, True, True), Field(long, long, True)) * many,
        rows=(Row(long, long, long, True, button),) * many,
        notes=(Note(long, "bad"),) * many,
        buttons=(button,) * many,
        choices=(Choice(long, "t" * 300), Choice(long, text=long)) * many,
        footer=long,
        summary=long,
    )
    found = messages(card, PICTURE)
    taken(found)
    assert any("…他" in word or "more" in word for word in words(found[0])) or many == 1
