"""Forms as modals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import views
from handlers.chat import Address, Form, Input
from tests.fakes.block_kit import view_problems

WORKER = Address("slack", "T1", "U1", channel="C1", thread="1.2", group=True)
FORM = Form(
    token="signed-token",
    title="経費の内容を修正してください（全部の項目を変えられます）",
    submit="保存",
    inputs=(
        Input("payee", "支払先", value="カフェ木漏れ日", required=True),
        Input("date", "日付", "date", "2026-11-20", required=True),
        Input("amount", "合計", "amount", "1980", hint="税込"),
        Input("category", "区分", "choice", "meeting", options=(("", "（なし）"), ("meeting", "会議費"))),
        Input("purpose", "目的", "long_text", "打合せ\n2名", max_length=1000),
    ),
)


def test_every_field_can_be_changed_with_what_slack_has_for_it() -> None:
    view = views.view(FORM, "keihi-1", WORKER, close="閉じる")
    assert view_problems(view) == []
    elements = {b["block_id"]: b["element"] for b in view["blocks"]}
    assert elements["date"]["initial_date"] == "2026-11-20"
    assert elements["category"]["initial_option"]["text"]["text"] == "会議費"
    assert elements["purpose"]["multiline"] is True
    assert elements["payee"]["initial_value"] == "カフェ木漏れ日"
    assert [b["optional"] for b in view["blocks"]] == [False, False, True, True, True]
    assert view["title"]["text"].endswith("…")


def test_a_submission_says_what_was_typed_and_where_the_person_was() -> None:
    view = views.view(FORM, "keihi-1", WORKER, close="閉じる")
    view["state"] = {
        "values": {
            "category": {"value": {"type": "static_select", "selected_option": {"value": "="}}},
            "payee": {"value": {"type": "plain_text_input", "value": "喫茶ひなた"}},
            "date": {"value": {"type": "datepicker", "selected_date": "2026-11-21"}},
            "amount": {"value": {"type": "plain_text_input", "value": None}},
        }
    }
    assert views.values(view) == (("payee", "喫茶ひなた"), ("date", "2026-11-21"), ("amount", ""), ("category", ""))
    assert views.where(view) == {"token": "signed-token", "channel": "C1", "thread": "1.2", "group": True}


def test_an_error_stands_at_its_field_and_one_of_the_whole_form_at_the_first() -> None:
    view = views.view(FORM, "keihi-1", WORKER, close="閉じる")
    assert views.errors(view, {"amount": "金額を", "": "すでに提出済みです。"}) == {
        "amount": "金額を",
        "payee": "すでに提出済みです。",
    }


def test_another_apps_view_is_not_ours() -> None:
    assert views.where({"private_metadata": "not json"}) == {}
    assert views.where({"private_metadata": json.dumps({"other": 1})}) == {}


def test_more_than_a_hundred_choices_are_grouped_and_can_be_preselected() -> None:
    options = tuple((str(n), f"費目 {n}") for n in range(250))
    view = views.view(Form("t", "x", "y", (Input("c", "区分", "choice", "249", options),)), "h", WORKER, close="x")
    assert view_problems(view) == []
    assert view["blocks"][0]["element"]["initial_option"]["value"] == "=249"


def test_a_loading_view_is_valid() -> None:
    assert view_problems(views.loading("ja", "keihi-1")) == []


def test_a_choice_of_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        views.view(Form("t", "x", "y", (Input("c", "区分", "choice"),)), "h", WORKER, close="x")


words = st.text(max_size=80) | st.text(alphabet="ab漢\n&<", max_size=4000)
options = st.lists(
    st.tuples(st.text(alphabet="abc-", max_size=40), words), min_size=1, max_size=130, unique_by=lambda o: o[0]
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    names = draw(st.lists(st.text(alphabet="abc_", min_size=1, max_size=20), min_size=1, max_size=20, unique=True))
    kinds = st.sampled_from(("text", "long_text", "amount", "date", "choice"))
    inputs: list[Any] = []
    for name in names:
        kind = draw(kinds)
        chosen = tuple(draw(options)) if kind == "choice" else ()
        value = draw(words | st.just("2026-11-20") | st.just("a"))
        inputs.append(
            Input(name, draw(words), kind, value, chosen, draw(st.booleans()), draw(words), draw(st.integers(1, 5000)))
        )
    return Form("t" * 300, draw(words), draw(words), tuple(inputs))


@settings(max_examples=100, deadline=None)
@given(forms())
def test_slack_takes_every_form(form: Form) -> None:
    assert view_problems(views.view(form, "keihi-" + "a" * 40, WORKER, close="閉じる")) == []
