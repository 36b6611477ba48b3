"""Forms: the loading view becomes the form, or says why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack import send
from bot.slack.incoming import FORM_REPLY
from bot.slack.send import Slack
from handlers.chat import Card, Form, Input, Reply
from handlers.errors import PlatformRefused
from tests.bot.slack.sending import key, only, to
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_state import User

pytestmark = pytest.mark.usefixtures("installed")


FORM = Form("signed", "修正", "保存", (Input("payee", "支払先", value="カフェ木漏れ日"),))


def open_view(platform: Slack, slack: SlackServer, user: User, handle: str) -> None:
    from bot.slack.views import loading

    trigger = slack.space.new_trigger(user.id, user.team)
    view = loading("ja", handle)
    platform.web.call(slack.team.token, "views.open", trigger_id=trigger, view=view)


def test_the_loading_view_becomes_the_form(platform: Slack, slack: SlackServer, phone: SlackPhone) -> None:
    open_view(platform, slack, phone.user, "keihi-1")
    platform.open_form(to(phone.user), "keihi-1", FORM)
    (view,) = slack.space.views.values()
    assert view.content["blocks"][0]["element"]["initial_value"] == "カフェ木漏れ日"
    platform.open_form(to(phone.user), "keihi-1", FORM)  # a job that runs twice does no harm


def test_a_form_that_is_quicker_than_its_loading_view_waits_for_it(
    platform: Slack, slack: SlackServer, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            open_view(platform, slack, worker, "keihi-1")

    monkeypatch.setattr(send.time, "sleep", meanwhile)
    platform.open_form(to(worker), "keihi-1", FORM)
    assert len(pauses) == 2


def test_a_form_whose_view_was_closed_is_given_up(
    platform: Slack, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send.time, "sleep", lambda seconds: None)
    with pytest.raises(PlatformRefused) as refused:
        platform.open_form(to(worker), "keihi-gone", FORM)
    assert refused.value.code == "not_found"


def test_a_refusal_stands_in_the_view_that_waited_for_the_form(
    platform: Slack, slack: SlackServer, phone: SlackPhone
) -> None:
    open_view(platform, slack, phone.user, "keihi-1")
    reply = Reply(f"{FORM_REPLY}keihi-1 {slack.url}/response/R0", datetime.now(UTC) + timedelta(minutes=30))
    no = Card("すでに提出済みです。", tone="doubt", private=True)
    assert platform.send(to(phone.user), no, key=key(), reply=reply, interrupted=False) == ""
    (view,) = slack.space.views.values()
    assert "すでに提出済みです。" in str(view.content["blocks"])
    assert "submit" not in view.content
    assert phone.messages() == []


def test_a_refusal_whose_view_was_closed_is_a_message(
    platform: Slack, slack: SlackServer, phone: SlackPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send.time, "sleep", lambda seconds: None)
    reply = Reply(f"{FORM_REPLY}keihi-1 {slack.url}/response/R0", datetime.now(UTC) + timedelta(minutes=30))
    platform.send(to(phone.user), Card("すでに提出済みです。", private=True), key=key(), reply=reply, interrupted=False)
    assert only(phone.messages()).has("すでに提出済みです。")
