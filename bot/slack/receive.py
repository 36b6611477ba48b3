"""Slack's requests, by HTTP or Socket Mode: one Bolt app, one door.

A global middleware turns every request into an :class:`Incoming` and has it remembered before Slack gets its answer;
the work is done by jobs. Nothing is left unanswered: what does not concern us gets 200, because Slack counts anything
else as a failure and sends it again. Only when it could not be remembered does Slack get an error, and tries again.

Two things cannot wait for a job: a form view must be opened while its trigger lives (three seconds), and the errors of
a submitted form stand in the answer itself.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize

from bot.settings import Settings
from bot.slack import incoming as payloads
from bot.slack import views
from bot.slack.install import Installer
from bot.slack.text import literal
from bot.slack.web import Web, client, log
from handlers import forms, inbox, installations, people
from handlers.chat import Address, FormSent, Incoming, Tapped
from handlers.errors import KeihiError, Refusal
from handlers.services import Services
from handlers.texts import t

OK = BoltResponse(status=200, body="")
SHAPE = (AttributeError, KeyError, TypeError, ValueError)  # what reading a payload of the wrong shape raises
OPENING = 8  # views opened at the same time

log_bolt = logging.getLogger("keihi.slack.bolt")
log_bolt.setLevel(logging.ERROR)  # at lower levels the library logs whole requests, people's words included


class Workspaces(Authorize):
    """Where Bolt asks for the installation of a request's workspace."""

    def __init__(self, services: Services, installer: Installer) -> None:
        self._services = services
        self._installer = installer

    def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_more: Any
    ) -> AuthorizeResult | None:
        """None when there is none: Bolt answers 200, with our sentence where one can be shown."""
        here = installations.find(self._services, "slack", team_id or "")
        if here is None and self._installer.install_token():
            here = installations.find(self._services, "slack", team_id or "")
        if here is None or not here.token:
            log.warning("slack request of a workspace without the app", team=team_id)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=here.tenant,
            bot_user_id=here.bot_user,
            bot_token=here.token,
            user_id=user_id,
        )


class Receiver:
    """Takes requests of every workspace; ``dispatch`` blocks some milliseconds and may be called from any thread."""

    def __init__(self, services: Services, settings: Settings, installer: Installer) -> None:
        self._services = services
        self._installer = installer
        self._web = Web(settings.slack_api_url)
        self._opening = ThreadPoolExecutor(OPENING, thread_name_prefix="slack-view")
        self.app = App(
            name="keihi",
            logger=log_bolt,
            client=client(settings.slack_api_url),
            authorize=Workspaces(services, installer),  # type: ignore[arg-type]  # an Authorize is taken, too
            request_verification_enabled=False,  # bot/slack/routes.py does it, on the raw bytes
            ignoring_self_events_enabled=False,  # bot/slack/incoming.py does it
            user_facing_authorize_error_message=self._not_installed(),
            listener_executor=self._opening,
        )
        self.app.use(self._remember)
        self.app.error(self._failed)

    def dispatch(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> BoltResponse:
        """One verified request, as Bolt answers it. One of a shape that Slack does not send is none of ours."""
        if not payloads.well_shaped(body):
            return _misshapen(body)
        try:
            return self.app.dispatch(BoltRequest(mode="socket_mode", body=dict(body), headers=dict(headers or {})))
        except SHAPE:  # raised by the library, for ours end in ``_failed``
            return _misshapen(body)

    def _not_installed(self) -> str:
        how = t(self._services.locale, "Keihi is not installed in this workspace. Please ask an administrator.")
        link = f"{self._services.base_url}/slack/install" if self._services.base_url and self._installer.oauth else ""
        return f"{how} {link}".strip()

    # --- the door -----------------------------------------------------------------------------------------------------

    def _remember(self, req: BoltRequest) -> BoltResponse:
        body, context = req.body, req.context
        result = context.authorize_result
        tenant = (result.team_id if result else None) or context.team_id or ""
        bot_user, now = (result.bot_user_id if result else None) or "", self._services.clock()
        try:
            act = payloads.read(body, tenant=tenant, bot_user=bot_user, now=now)
        except SHAPE:
            return _misshapen(body)
        if act is None:
            self._explain(body, tenant)
            return OK
        if isinstance(act.act, FormSent):
            return self._submitted(act, act.act, body["view"])
        new = inbox.accept(self._services, act)
        if new and isinstance(act.act, Tapped) and act.act.form:
            self._opening.submit(self._open, str(result.bot_token if result else ""), act.sender, act.act.form, body)
        if new and payloads.gone(body):
            installations.uninstall(self._services, "slack", tenant)
        return OK

    def _failed(self, error: Exception) -> BoltResponse:
        """It could not be remembered: Slack hears so and sends it again.

        Where it happened is logged; what the error says is not, for a database's error repeats people's words.
        """
        where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
        log.error("slack request not taken", error=type(error).__name__, where=where)
        return BoltResponse(status=503, body="")

    def _submitted(self, act: Incoming, sent: FormSent, view: Mapping[str, Any]) -> BoltResponse:
        try:
            found = forms.check(self._services, act.sender, sent)
        except Refusal as refusal:
            found = {"": forms.sentence(people.locale_at(self._services, act.sender), refusal)}
        if found:
            return _json({"response_action": "errors", "errors": views.errors(view, found)})
        inbox.accept(self._services, act)
        return _json({"response_action": "clear"})

    def _open(self, token: str, who: Address, handle: str, body: Mapping[str, Any]) -> None:
        """Open the loading view; the job that the tap caused fills it."""
        try:
            trigger, view = body.get("trigger_id"), views.loading(people.locale_at(self._services, who), handle)
            self._web.call(token, "views.open", repeatable=False, trigger_id=trigger, view=view)
        except KeihiError as error:
            log.warning("slack form not opened", error=str(error))  # the job finds no view and tells the person

    def _explain(self, body: Mapping[str, Any], tenant: str) -> None:
        """The one act that comes to nothing and must not do so in silence: the shortcut on a message without files."""
        if body.get("type") == "message_action" and body.get("callback_id") == payloads.ADD_RECEIPT:
            who = Address("slack", tenant, str((body.get("user") or {}).get("id") or ""))
            locale = people.locale_at(self._services, who)
            sentence = t(locale, "This message has no file. Please choose one with a photo or a PDF.")
            self._opening.submit(self._whisper, body, sentence)

    def _whisper(self, body: Mapping[str, Any], sentence: str) -> None:
        url = body.get("response_url")
        if not isinstance(url, str) or not url:
            return
        try:
            said = {"response_type": "ephemeral", "replace_original": False, "text": literal(sentence)}
            httpx.post(url, json=said, timeout=10.0)
        except httpx.HTTPError as error:
            log.warning("slack response url failed", error=type(error).__name__)


def _misshapen(body: Mapping[str, Any]) -> BoltResponse:
    """200, for it would be no better the next time; what is in it is not logged, for it may be people's words."""
    log.warning("slack request of the wrong shape", type=str(body.get("type"))[:40])
    return OK


def _json(body: Mapping[str, Any]) -> BoltResponse:
    written = json.dumps(body, ensure_ascii=False)
    return BoltResponse(status=200, body=written, headers={"content-type": ["application/json; charset=utf-8"]})
