"""How the bot gets into a workspace: by the token in the settings (one workspace), or by OAuth (several).

Tokens are kept by ``handlers.installations``, encrypted. Installations for a whole Enterprise organization are refused:
each workspace is installed by itself, so that it is clear which people belong to which organisation of ours.
"""

from __future__ import annotations

import html
import secrets
import threading
from collections.abc import Sequence
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth import InstallationStore, OAuthStateStore
from slack_sdk.oauth.installation_store import Installation as SlackInstallation

from bot.settings import Settings
from bot.slack.manifest import SCOPES
from bot.slack.web import Web, client, log
from handlers import installations
from handlers.errors import PlatformBusy, PlatformError, Refusal
from handlers.services import Services
from handlers.texts import t

STATE, STATE_LIFE = "slack oauth", 600  # salt; seconds
WHOLE_ORGANIZATION = "whole organization"


class Installer:
    """Installs what the settings say. ``start`` and ``stop`` make it an object of the server's lifespan."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services = services
        self._token = settings.slack_bot_token.get_secret_value()
        self._web = Web(settings.slack_api_url)
        self._lock = threading.Lock()
        self._done = not self._token
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.oauth = bool(settings.slack_client_id and settings.slack_client_secret.get_secret_value())

    def start(self) -> None:
        self._thread = threading.Thread(target=self._keep_trying, name="slack-install", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def install_token(self) -> bool:
        """Install the token of the settings, unless that is done; True when it has been done just now.

        Raises PlatformBusy when Slack cannot be asked, or is being asked, so that a request is not mistaken for a
        stranger's; Slack then sends it again.
        """
        if self._done:
            return False
        if not self._lock.acquire(blocking=False):
            raise PlatformBusy("auth.test is under way")
        try:
            if self._done:
                return False
            me = self._web.call(self._token, "auth.test")
            if me.get("is_enterprise_install") or not me.get("team_id"):
                log.error("KEIHI_SLACK_BOT_TOKEN belongs to a whole organization; use the token of one workspace")
                self._done = True
                return False
            installations.install(
                self._services,
                "slack",
                str(me["team_id"]),
                name=str(me.get("team") or ""),
                bot_user=str(me.get("user_id") or ""),
                token=self._token,
                scopes=",".join(SCOPES),
            )
            self._done = True
            log.info("slack installed", team=me["team_id"])
            return True
        finally:
            self._lock.release()

    def _keep_trying(self) -> None:
        pause = 1.0
        while not self._stop.is_set():
            try:
                self.install_token()
                return
            except PlatformError as error:
                log.error("slack does not accept KEIHI_SLACK_BOT_TOKEN", error=str(error))
            self._stop.wait(pause)
            pause = min(60.0, pause * 2)


class SignedState(OAuthStateStore):
    """OAuth state without a table: signed, ten minutes, bound to the browser by Bolt's cookie."""

    def __init__(self, services: Services) -> None:
        self._keys = services.keys

    def issue(self, *_args: Any, **_kwargs: Any) -> str:
        return self._keys.sign_for(STATE, secrets.token_urlsafe(16))

    def consume(self, state: str) -> bool:
        try:
            return bool(self._keys.unsign_within(STATE, state, STATE_LIFE))
        except Refusal:
            return False


class Store(InstallationStore):
    """What Bolt's OAuth flow saves, in ``handlers.installations``."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def save(self, installation: SlackInstallation) -> None:
        if installation.is_enterprise_install or not installation.team_id:
            raise BoltError(WHOLE_ORGANIZATION)
        scopes = installation.bot_scopes or []
        installations.install(
            self._services,
            "slack",
            installation.team_id,
            name=installation.team_name or "",
            bot_user=installation.bot_user_id or "",
            token=installation.bot_token or "",
            scopes=scopes if isinstance(scopes, str) else ",".join(scopes),
            installed_by=installation.user_id or "",
            adopts=False,
        )


def flow(services: Services, settings: Settings) -> OAuthFlow:
    """`GET /slack/install` and `GET /slack/oauth_redirect`, on Bolt's flow."""
    api_url = settings.slack_api_url.rstrip("/")
    pages = _Pages(services.locale)
    oauth = OAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        scopes=list(SCOPES),
        user_scopes=[],
        redirect_uri=f"{services.base_url}/slack/oauth_redirect" if services.base_url else None,
        install_page_rendering_enabled=False,
        authorization_url=f"{api_url.removesuffix('/api')}/oauth/v2/authorize",
        installation_store=Store(services),
        state_store=SignedState(services),
        callback_options=CallbackOptions(success=pages.success, failure=pages.failure),
    )
    return OAuthFlow(client=client(settings.slack_api_url), settings=oauth)


class _Pages:
    """What the administrator's browser shows at the end."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def success(self, args: SuccessArgs) -> BoltResponse:
        team = args.installation.team_name or ""
        title = t(self._locale, "Keihi is now in {name}.", name=team)
        text = t(self._locale, "You can close this page. In Slack, open Keihi and type /keihi help.")
        return self._page(args, 200, title, text)

    def failure(self, args: FailureArgs) -> BoltResponse:
        if WHOLE_ORGANIZATION in str(args.error or ""):
            why = t(self._locale, "Installing for a whole organization is not supported. Please choose one workspace.")
        elif args.reason == "access_denied":
            why = t(self._locale, "The installation was cancelled in Slack. Nothing was changed.")
        else:
            why = t(self._locale, "Slack or this server did not accept the installation. Please start again.")
        log.warning("slack installation failed", reason=args.reason)
        status = args.suggested_status_code
        return self._page(args, status, t(self._locale, "Keihi was not installed."), why, args.reason)

    def _page(
        self, args: SuccessArgs | FailureArgs, status: int, title: str, text: str, code: str = ""
    ) -> BoltResponse:
        small = f"<p class=code>{html.escape(code)}</p>" if code else ""
        body = _PAGE.format(locale=self._locale, title=html.escape(title), text=html.escape(text), small=small)
        cookie = args.settings.state_utils.build_set_cookie_for_deletion()
        headers: dict[str, str | Sequence[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Set-Cookie": cookie,
            "Cache-Control": "no-store",
        }
        return BoltResponse(status=status, body=body, headers=headers)


_PAGE = """<!doctype html>
<html lang="{locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.7 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; color: #1d2b2a; background: #f4f6f4;
  display: grid; place-items: center; min-height: 100vh; margin: 0; }}
main {{ background: #fff; border-radius: 16px; padding: 2.5rem 3rem; max-width: 30rem; margin: 1rem;
  box-shadow: 0 8px 32px #1d2b2a1a; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .75rem; }}
p {{ margin: 0; }} .code {{ margin-top: 1rem; color: #5b6b69; font-size: .85rem; }}
</style>
<main><h1>{title}</h1><p>{text}</p>{small}</main>
</html>
"""


def request_of(query: str, headers: dict[str, str]) -> BoltRequest:
    """A browser's request, as Bolt's flow wants it."""
    return BoltRequest(body="", query=query, headers=dict(headers))
