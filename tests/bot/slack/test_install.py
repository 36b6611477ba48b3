"""How the bot gets into a workspace."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from sqlalchemy import select

from bot import slack as package
from bot.settings import Settings
from bot.slack import manifest
from bot.slack.install import Installer, Store
from handlers import installations
from handlers.errors import PlatformBusy
from handlers.services import Services
from storage.db import EVERY_ORGANIZATION
from storage.models import Installation
from tests.fakes.http import ServerError
from tests.fakes.slack import SlackServer
from tests.fakes.slack_state import User

PUBLIC = "https://keihi.example.jp"


@pytest.fixture
def browser(services: Services, settings: Settings, slack: SlackServer) -> TestClient:
    services.base_url = PUBLIC
    oauth = settings.model_copy(
        update={
            "slack_client_id": slack.client_id,
            "slack_client_secret": type(settings.slack_signing_secret)(slack.client_secret),
        }
    )
    app = FastAPI()
    app.include_router(package.routes(services, oauth))
    return TestClient(app, base_url=PUBLIC, follow_redirects=False)


def test_a_workspace_is_installed_by_oauth(
    browser: TestClient, services: Services, slack: SlackServer, worker: User
) -> None:
    to_slack = browser.get("/slack/install")
    assert to_slack.status_code == 302
    asked = urlsplit(to_slack.headers["location"])
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == f"{slack.url}/oauth/v2/authorize"
    query = {name: value[0] for name, value in parse_qs(asked.query).items()}
    assert set(query["scope"].split(",")) == set(manifest.SCOPES)
    assert query["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"

    back = browser.get(
        "/slack/oauth_redirect", params={"code": slack.consent(worker, query["redirect_uri"]), "state": query["state"]}
    )
    assert back.status_code == 200
    assert "ひかり町役場 に経費アプリが入りました。" in back.text
    found = installations.find(services, "slack", slack.team.id)
    assert found is not None
    assert (found.token, found.bot_user, found.name) == (slack.team.token, slack.team.bot_user, "ひかり町役場")
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        row = session.scalars(select(Installation)).one()
        assert slack.team.token not in row.token
        assert row.installed_by == worker.id


@pytest.mark.parametrize("what", ["forged state", "another browser", "spent code", "refused by the person"])
def test_what_is_not_a_proper_consent_installs_nothing(
    browser: TestClient, services: Services, slack: SlackServer, worker: User, what: str
) -> None:
    query = parse_qs(urlsplit(browser.get("/slack/install").headers["location"]).query)
    given = {"code": slack.consent(worker, query["redirect_uri"][0]), "state": query["state"][0]}
    if what == "forged state":
        given["state"] = given["state"][:-2] + "xx"
        browser.cookies.set("slack-app-oauth-state", given["state"])
    elif what == "another browser":
        browser.cookies.clear()
    elif what == "spent code":
        slack.space.codes.clear()
    else:
        given = {"error": "access_denied", "state": given["state"]}
    answer = browser.get("/slack/oauth_redirect", params=given)
    assert "経費アプリをインストールできませんでした。" in answer.text
    assert not re.search(r"Traceback|xoxb|secret", answer.text)
    assert installations.find(services, "slack", slack.team.id) is None


def test_a_page_says_nothing_that_the_address_put_in(browser: TestClient) -> None:
    answer = browser.get("/slack/oauth_redirect", params={"error": "<script>alert(1)</script>"})
    assert "<script>" not in answer.text


def test_a_whole_organization_is_refused(services: Services) -> None:
    with pytest.raises(BoltError):
        Store(services).save(
            SlackInstallation(user_id="U1", enterprise_id="E1", is_enterprise_install=True, bot_token="xoxb-1")
        )


def test_without_an_oauth_client_there_are_no_such_pages(services: Services, settings: Settings) -> None:
    app = FastAPI()
    app.include_router(package.routes(services, settings))
    assert TestClient(app).get("/slack/install").status_code == 404


# --- the token in the settings ----------------------------------------------------------------------------------------


def with_token(settings: Settings, token: str) -> Settings:
    return settings.model_copy(update={"slack_bot_token": type(settings.slack_bot_token)(token)})


def test_the_token_of_the_settings_is_installed_once(
    services: Services, settings: Settings, slack: SlackServer
) -> None:
    installer = Installer(services, with_token(settings, slack.team.token))
    assert installer.install_token()
    assert not installer.install_token()
    found = installations.find(services, "slack", slack.team.id)
    assert found is not None
    assert found.bot_user == slack.team.bot_user


def test_when_slack_is_away_at_the_start_it_is_asked_again(
    services: Services, settings: Settings, slack: SlackServer
) -> None:
    installer = Installer(services, with_token(settings, slack.team.token))
    slack.faults.next("auth.test", ServerError(503), times=2)
    with pytest.raises(PlatformBusy):
        installer.install_token()
    assert installer.install_token()


# --- manifests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("socket", [True, False])
def test_a_manifest_asks_for_what_the_code_uses(socket: bool) -> None:
    given = yaml.safe_load(manifest.text(socket=socket, base_url="https://keihi.hikari.example.jp/"))
    assert tuple(given["oauth_config"]["scopes"]["bot"]) == manifest.SCOPES
    assert given["settings"]["socket_mode_enabled"] is socket
    home = given["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert given["features"]["shortcuts"][0]["callback_id"] == "keihi_add_receipt"
    assert given["features"]["slash_commands"][0]["should_escape"] is True
    assert len(given["display_information"]["long_description"]) >= 174
    assert len(given["display_information"]["description"]) <= 140
    assert len(given["features"]["shortcuts"][0]["name"]) <= 24
    assert "keihi.example.jp" not in str(given)


def test_the_two_manifests_differ_in_their_addresses_only() -> None:
    http, socket = (yaml.safe_load(manifest.text(socket=s)) for s in (False, True))
    del http["features"]["slash_commands"][0]["url"], http["oauth_config"]["redirect_urls"]
    del http["settings"]["event_subscriptions"]["request_url"], http["settings"]["interactivity"]["request_url"]
    http["settings"]["socket_mode_enabled"] = True
    assert http == socket
