"""Cards on their way out, against a strict fake of Slack: shown once, replaced, found again, and every bad day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.incoming import COMMAND_REPLY, TAP_REPLY
from bot.slack.send import Slack
from handlers import installations
from handlers.chat import Card, Platform, Reply
from handlers.errors import PlatformBusy, PlatformRefused
from handlers.services import Services
from tests.bot.slack.sending import CARD, key, only, post, to
from tests.fakes.http import AcceptAndDrop, HangUp, Html, RateLimited, ServerError
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_state import User

pytestmark = pytest.mark.usefixtures("installed")


def test_it_is_a_platform(platform: Slack) -> None:
    assert isinstance(platform, Platform)


def test_a_card_comes_to_the_direct_chat_and_can_be_replaced(platform: Slack, phone: SlackPhone) -> None:
    reference = post(platform, phone.user)
    assert only(phone.messages()).buttons == ("提出", "削除")
    platform.update(to(phone.user), reference, Card("提出しました", tone="good", lead="佐藤さんの承認を待っています。"))
    seen = only(phone.messages())
    assert seen.has("✅ 提出しました", "佐藤さん")
    assert seen.buttons == ()
    assert seen.edited


def test_links_are_never_unfolded(platform: Slack, worker: User, slack: SlackServer) -> None:
    post(platform, worker, Card("https://example.jp"))
    (sent,) = [args for name, args, _ in slack.calls if name == "chat.postMessage"]
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


def test_a_card_in_a_thread_stays_in_the_thread(platform: Slack, slack: SlackServer, worker: User) -> None:
    channel = slack.add_channel("soumu", worker)
    phone = SlackPhone(slack, worker, channel)
    phone.say("@keihi 備品")
    ts = slack.space.timeline[channel.id][0].ts
    platform.send(to(worker, channel=channel.id, thread=ts, group=True), CARD, key=key(), reply=None, interrupted=False)
    answer = slack.space.timeline[channel.id][1]
    assert answer.thread_ts == ts
    assert phone.messages()[1].has("¥1,980")


def test_a_private_card_in_a_channel_is_for_one_person(platform: Slack, slack: SlackServer, worker: User) -> None:
    other = slack.add_user("sato")
    channel = slack.add_channel("soumu", worker, other)
    private = Card("金額は本人にだけ見えます", private=True)
    there = to(worker, channel=channel.id, group=True)
    assert platform.send(there, private, key=key(), reply=None, interrupted=False) == ""
    assert only(SlackPhone(slack, worker, channel).messages()).private
    assert SlackPhone(slack, other, channel).messages() == []


def test_where_the_bot_was_removed_the_answer_comes_to_the_direct_chat(
    platform: Slack, slack: SlackServer, worker: User, phone: SlackPhone
) -> None:
    channel = slack.add_channel("soumu", worker, with_bot=False)
    for private in (False, True):
        card = Card("こちらでお答えします", private=private)
        platform.send(to(worker, channel=channel.id, group=True), card, key=key(), reply=None, interrupted=False)
    assert len(phone.messages()) == 2


def test_a_commands_answer_is_seen_where_it_was_typed_by_who_typed_it(
    platform: Slack, slack: SlackServer, worker: User
) -> None:
    channel = slack.add_channel("zatsudan", worker, with_bot=False)
    url = slack.new_response_url(worker.id, channel.id)
    reply = Reply(COMMAND_REPLY + url, datetime.now(UTC) + timedelta(minutes=30))
    platform.send(to(worker), Card("使い方"), key=key(), reply=reply, interrupted=False)
    seen = only(SlackPhone(slack, worker, channel).messages())
    assert seen.private
    assert seen.has("使い方")


@pytest.mark.parametrize("late", [True, False])
def test_a_response_url_that_is_over_is_not_the_end(
    platform: Slack, slack: SlackServer, worker: User, phone: SlackPhone, late: bool
) -> None:
    url = f"{slack.url}/response/R0USED"
    reply = Reply(COMMAND_REPLY + url, datetime.now(UTC) + timedelta(minutes=-1 if late else 30))
    platform.send(to(worker), Card("使い方"), key=key(), reply=reply, interrupted=False)
    assert only(phone.messages()).has("使い方")


def test_a_taps_answer_that_must_last_is_a_message_and_not_ephemeral(
    platform: Slack, slack: SlackServer, worker: User, phone: SlackPhone
) -> None:
    url = slack.new_response_url(worker.id, phone.channel.id)
    reply = Reply(TAP_REPLY + url, datetime.now(UTC) + timedelta(minutes=30))
    assert platform.send(to(worker), CARD, key=key(), reply=reply, interrupted=False)
    assert not only(phone.messages()).private


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_send_whose_answer_was_lost_is_found_and_not_repeated(
    platform: Slack, slack: SlackServer, phone: SlackPhone
) -> None:
    slack.faults.next("chat.postMessage", AcceptAndDrop())
    same = key()
    with pytest.raises(PlatformBusy):
        post(platform, phone.user, same=same)
    reference = post(platform, phone.user, interrupted=True, same=same)
    only(phone.messages())
    platform.update(to(phone.user), reference, Card("更新"))
    assert only(phone.messages()).has("更新")


def test_a_send_that_never_arrived_is_sent_after_looking(
    platform: Slack, slack: SlackServer, phone: SlackPhone
) -> None:
    for _ in range(3):
        post(platform, phone.user)
    slack.faults.next("chat.postMessage", HangUp())
    same = key()
    with pytest.raises(PlatformBusy):
        post(platform, phone.user, same=same)
    post(platform, phone.user, interrupted=True, same=same)
    assert len(phone.messages()) == 4


def test_an_interrupted_send_is_found_in_its_thread_too(platform: Slack, slack: SlackServer, worker: User) -> None:
    channel = slack.add_channel("soumu", worker)
    phone = SlackPhone(slack, worker, channel)
    phone.say("@keihi 備品")
    there = to(worker, channel=channel.id, thread=slack.space.timeline[channel.id][0].ts, group=True)
    same = key()
    slack.faults.next("chat.postMessage", AcceptAndDrop())
    with pytest.raises(PlatformBusy):
        platform.send(there, CARD, key=same, reply=None, interrupted=False)
    platform.send(there, CARD, key=same, reply=None, interrupted=True)
    assert len(phone.messages()) == 2


# --- bad days ---------------------------------------------------------------------------------------------------------


def test_a_long_rate_limit_goes_back_to_the_queue_with_its_time(
    platform: Slack, slack: SlackServer, worker: User
) -> None:
    slack.faults.next("chat.postMessage", RateLimited(30))
    with pytest.raises(PlatformBusy) as busy:
        post(platform, worker)
    assert busy.value.retry_after == 30


def test_a_short_rate_limit_is_waited_for(platform: Slack, slack: SlackServer, phone: SlackPhone) -> None:
    slack.faults.next("chat.postMessage", RateLimited(1))
    post(platform, phone.user)
    only(phone.messages())


@pytest.mark.parametrize("fault", [ServerError(500), ServerError(503), Html(200), Html(502), HangUp()])
def test_when_slack_is_not_well_the_message_waits(
    platform: Slack, slack: SlackServer, worker: User, fault: ServerError | Html | HangUp
) -> None:
    slack.faults.next("chat.postMessage", fault)
    with pytest.raises(PlatformBusy):
        post(platform, worker)


def test_what_slack_refuses_for_good_is_a_dead_letter(platform: Slack, slack: SlackServer, worker: User) -> None:
    worker.deleted = True
    with pytest.raises(PlatformRefused) as refused:
        post(platform, worker)
    assert refused.value.code == "user_disabled"


def test_a_workspace_without_the_app_is_refused(platform: Slack, services: Services, worker: User) -> None:
    installations.uninstall(services, "slack", worker.team)
    with pytest.raises(PlatformRefused) as refused:
        post(platform, worker)
    assert refused.value.code == "not_installed"
