"""Who somebody is, as Slack knows them."""

from __future__ import annotations

import pytest

from bot.slack.send import Slack
from handlers.chat import Address
from handlers.errors import PlatformRefused
from tests.bot.slack.sending import post, to
from tests.fakes.slack import SlackServer
from tests.fakes.slack_state import User

pytestmark = pytest.mark.usefixtures("installed")


@pytest.mark.parametrize(
    ("mark", "standing"),
    [
        ({}, "member"),
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True}, "guest"),
        ({"is_bot": True}, "bot"),
        ({"deleted": True}, "left"),
    ],
)
def test_who_may_be_linked(platform: Slack, slack: SlackServer, mark: dict[str, bool], standing: str) -> None:
    user = slack.add_user("sato", "sato@example.jp", real_name="佐藤 健", **mark)
    profile = platform.profile(to(user))
    assert (profile.name, profile.email, profile.locale) == ("佐藤 健", "sato@example.jp", "ja")
    assert profile.standing == standing


def test_somebody_of_another_workspace_is_a_stranger(platform: Slack, slack: SlackServer) -> None:
    other = slack.add_workspace("みなと市役所", "minato")
    visitor = slack.add_user("mori", team=other, is_stranger=True)
    assert platform.profile(Address("slack", slack.team.id, visitor.id)).standing == "stranger"
    assert platform.profile(Address("slack", slack.team.id, "U0NOBODY")).standing == "gone"


def test_the_directory_has_everybody_page_by_page(
    platform: Slack, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.people.PAGE", 2)
    users = [slack.add_user(f"user{n}", f"user{n}@example.jp") for n in range(5)]
    found = {address.user: profile.email for address, profile in platform.directory(slack.team.id)}
    assert {u.id: u.email for u in users}.items() <= found.items()
    lookup = platform.by_email(slack.team.id, "user3@example.jp")
    assert lookup is not None
    assert lookup[0].user == users[3].id
    assert platform.by_email(slack.team.id, "nobody@example.jp") is None


def test_the_administrators_status_asks_slack_whether_the_token_is_good(platform: Slack, slack: SlackServer) -> None:
    assert platform.facts(slack.team.id) == (("Slack", "ひかり町役場"),)
    slack.space.revoked.add(slack.team.token)
    with pytest.raises(PlatformRefused):
        platform.facts(slack.team.id)


def test_no_token_of_ours_is_ever_revealed_in_an_error(platform: Slack, slack: SlackServer, worker: User) -> None:
    slack.space.revoked.add(slack.team.token)
    with pytest.raises(PlatformRefused) as refused:
        post(platform, worker)
    assert refused.value.code == "token_revoked"
    assert slack.team.token not in str(refused.value)
