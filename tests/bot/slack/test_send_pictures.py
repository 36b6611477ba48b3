"""Pictures on cards: uploaded once for the workspace, waited for, and never in the way of the card."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from bot.slack.pictures import PATIENCE, Pictures
from bot.slack.send import Slack
from bot.slack.web import Web
from handlers.chat import Card, Field, Picture
from handlers.errors import PlatformBusy
from handlers.services import Services
from tests.bot.slack.sending import JPEG, only, post
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone

pytestmark = pytest.mark.usefixtures("installed")


def with_picture(services: Services) -> Card:
    return Card(
        "承認をお願いします", picture=Picture(services.blobs.put(JPEG), "領収書"), fields=(Field("合計", "¥1"),)
    )


def test_the_picture_is_uploaded_once_for_the_workspace(
    platform: Slack, services: Services, slack: SlackServer, phone: SlackPhone
) -> None:
    card = with_picture(services)
    post(platform, phone.user, card)
    post(platform, phone.user, card)
    first, second = phone.messages()
    assert first.pictures == second.pictures
    assert phone.picture(first.pictures[0]) == JPEG
    assert [name for name, _, _ in slack.calls].count("files.completeUploadExternal") == 1
    assert slack.space.files[first.pictures[0]].channels == set()


def test_a_picture_that_somebody_deleted_is_uploaded_again(
    platform: Slack, services: Services, slack: SlackServer, phone: SlackPhone
) -> None:
    card = with_picture(services)
    post(platform, phone.user, card)
    slack.space.files[phone.messages()[0].pictures[0]].mode = "tombstone"
    post(platform, phone.user, card)
    before, after = phone.messages()
    assert before.pictures != after.pictures
    assert phone.picture(after.pictures[0]) == JPEG


def test_without_the_scope_for_files_the_card_goes_without_its_picture(
    platform: Slack, services: Services, slack: SlackServer, phone: SlackPhone
) -> None:
    slack.team.scopes -= {"files:write"}
    post(platform, phone.user, with_picture(services))
    assert only(phone.messages()).has("合計")


def test_slack_is_waited_for_while_it_looks_through_a_picture_but_not_for_ever(
    services: Services, settings: Settings, slack: SlackServer, phone: SlackPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    platform = Slack(services, settings)
    platform._pictures = Pictures(services, Web(settings.slack_api_url), clock=lambda: seconds[0])
    monkeypatch.setattr("bot.slack.pictures.LOOKS", (0.0,))
    monkeypatch.setattr(slack, "sniffed", lambda data: "")  # Slack has not looked at it yet
    card = with_picture(services)
    for at in (0.0, PATIENCE / 2):
        seconds[0] = at
        with pytest.raises(PlatformBusy):
            post(platform, phone.user, card)
    assert phone.messages() == []
    seconds[0] = PATIENCE + 1
    post(platform, phone.user, card)
    assert only(phone.messages()).pictures == ()


def test_a_picture_that_is_not_in_the_store_does_not_stop_the_card(platform: Slack, phone: SlackPhone) -> None:
    post(platform, phone.user, Card("承認", picture=Picture("0" * 64, "領収書"), lead="…"))
    only(phone.messages())
