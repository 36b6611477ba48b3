"""What Slack shows before, around and instead of a form speaks the language of the person in front of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.settings import Settings
from bot.slack.send import Slack
from handlers import people
from handlers.chat import Form, Input
from handlers.services import Services
from tests.bot.slack.sending import to
from tests.bot.slack.test_incoming import tap
from tests.bot.slack.test_receive import Server, submission
from tests.bot.slack.test_send_forms import open_view
from tests.fakes.slack import SlackServer
from tests.fakes.slack_state import User
from tests.fakes.waiting import wait_until

FORM = Form("signed", "Edit", "Save", (Input("payee", "Payee", value="Café"),))


@pytest.fixture(params=["en", "ja"])
def locale(request: pytest.FixtureRequest, services: Services, installed: str, worker: User) -> str:
    """The worker reads this language; the server's own is Japanese."""
    read = str(request.param)
    with services.db.transaction(installed) as session:
        now = datetime.now(UTC)
        member, _ = people.save(
            session, name="田中 花", email="tanaka@example.jp", roles=[], by="system", now=now, locale=read
        )
        people.link(session, to(worker), member, how="test", now=now)
    return read


@pytest.fixture
def server(services: Services, settings: Settings, slack: SlackServer) -> Server:
    return Server(services, settings, slack.signing_secret)


def shown(slack: SlackServer) -> dict[str, Any]:
    wait_until(lambda: slack.space.views, 5)
    (view,) = slack.space.views.values()
    return view.content


def test_the_view_that_is_opened_at_once(server: Server, slack: SlackServer, worker: User, locale: str) -> None:
    user = {"id": worker.id, "team_id": worker.team}
    body = tap(action_id="keihi.form.1") | {"trigger_id": slack.space.new_trigger(worker.id, worker.team), "user": user}
    assert server.interaction(body).status_code == 200
    view = shown(slack)
    assert view["close"]["text"] == {"en": "Close", "ja": "閉じる"}[locale]
    assert ("One moment" in str(view["blocks"])) is (locale == "en")


def test_the_form_itself(platform: Slack, slack: SlackServer, worker: User, locale: str) -> None:
    open_view(platform, slack, worker, "keihi-1")
    platform.open_form(to(worker), "keihi-1", FORM)
    assert shown(slack)["close"]["text"] == {"en": "Close", "ja": "閉じる"}[locale]


def test_what_is_wrong_with_the_whole_form(server: Server, worker: User, locale: str) -> None:
    body = submission() | {"user": {"id": worker.id, "team_id": worker.team}}
    answer = server.interaction(body).json()
    (sentence,) = answer["errors"].values()
    assert ("This button is not valid" in sentence) is (locale == "en")
