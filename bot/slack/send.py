"""The Slack :class:`handlers.chat.Platform`: cards are posted, replaced and found again.

A card goes to the person's direct conversation with the bot, or to the channel and thread where they spoke. The
answer to a slash command goes to its response URL, for the command may have been typed where the bot is not; there,
and for private cards in a channel, only the person sees it. Slack forgets such messages, so they have no reference.

Every posted message carries the delivery's key as metadata: after an interrupted try the conversation is read back
before anything is posted again.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx

from bot.settings import Settings
from bot.slack import views
from bot.slack.files import Files
from bot.slack.incoming import COMMAND_REPLY, FORM_REPLY, TAP_REPLY
from bot.slack.people import People
from bot.slack.pictures import Pictures
from bot.slack.render import message
from bot.slack.web import BlocksRefused, Web, log
from handlers import installations, people
from handlers.chat import Address, Capabilities, Card, FileRef, Form, Profile, Reply
from handlers.errors import PlatformBusy, PlatformRefused
from handlers.installations import Installation
from handlers.services import Services
from handlers.texts import t

METADATA = "keihi_delivery"
LOOK_BACK = 2 * 24 * 3600  # seconds of history in which an interrupted delivery is looked for
PAGES, PAGE = 5, 200
# The place is gone or closed to the bot; the person's own chat is then the place.
NOT_THERE = frozenset(("channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived", "thread_not_found"))
FORM_TRIES, FORM_PAUSE = 12, 0.25  # the loading view may open a moment after we want to fill it


class Slack:
    """One for all workspaces; what is remembered here (ids of direct conversations) is only a cache."""

    name = "slack"
    capabilities = Capabilities(can_edit=True, has_forms=True, counts_pushes=False, has_private=True)

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services = services
        self.web = Web(settings.slack_api_url)
        self._files = Files(self.web, settings.slack_file_hosts)
        self._people = People(self.web)
        self._pictures = Pictures(services, self.web)
        self._direct: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    # --- cards --------------------------------------------------------------------------------------------------------

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        """See :meth:`Platform.send`. An interrupted ephemeral card may show twice: Slack keeps no trace of it."""
        here = self._installed(to.tenant)
        handle = reply.handle if reply is not None and reply.expires_at > self._services.clock() else ""
        if handle.startswith(COMMAND_REPLY) and self._respond(here, handle.removeprefix(COMMAND_REPLY), card):
            return ""
        if handle.startswith(FORM_REPLY):
            view, _, url = handle.removeprefix(FORM_REPLY).partition(" ")
            if card.private and self._in_view(here, view, card):
                return ""
            handle = TAP_REPLY + url
        private = card.private and to.group
        if private and handle.startswith(TAP_REPLY) and self._respond(here, handle.removeprefix(TAP_REPLY), card):
            return ""
        if private:
            return self._ephemeral(here, to, card)
        try:
            return self._post(here, to.channel or self._conversation(here, to.user), to.thread, card, key, interrupted)
        except PlatformRefused as refused:
            if refused.code not in NOT_THERE or not (to.channel or to.thread):
                raise
        return self._post(here, self._conversation(here, to.user), "", card, key, interrupted)

    def _post(self, here: Installation, channel: str, thread: str, card: Card, key: str, interrupted: bool) -> str:
        if interrupted and (ts := self._sent_before(here, channel, thread, key)):
            return f"{channel}:{ts}"
        metadata = {"event_type": METADATA, "event_payload": {"key": key}}
        answer = self._show(
            here, "chat.postMessage", card, channel=channel, thread_ts=thread or None, metadata=metadata
        )
        return f"{answer.get('channel') or channel}:{answer['ts']}"

    def update(self, to: Address, reference: str, card: Card) -> None:
        channel, _, ts = reference.partition(":")
        if not ts:
            raise PlatformRefused("message_not_found")
        self._show(self._installed(to.tenant), "chat.update", card, channel=channel, ts=ts)

    def _show(self, here: Installation, method: str, card: Card, **args: Any) -> dict[str, Any]:
        """Post or replace, with the picture when Slack can show it.

        A picture that Slack refuses was uploaded a moment ago (wait), or somebody deleted it (upload it anew, once).
        """
        again = method != "chat.postMessage"
        if method == "chat.postMessage":
            args |= {"unfurl_links": False, "unfurl_media": False}
        for _ in range(2):
            picture = self._pictures.file_id(here, card.picture)
            try:
                return self.web.call(here.token, method, repeatable=again, **args, **message(card, picture))
            except BlocksRefused as refused:
                if not (picture and card.picture and refused.about_file):
                    raise
                if self._pictures.gone(here, card.picture, picture):
                    continue
                if self._pictures.patient(here, card.picture):
                    raise PlatformBusy("the picture cannot be shown yet", 2.0) from None
                break
        log.warning(
            "slack does not show the picture; the card goes without", sha256=card.picture and card.picture.sha256
        )
        return self.web.call(here.token, method, repeatable=again, **args, **message(card))

    def _ephemeral(self, here: Installation, to: Address, card: Card) -> str:
        try:
            thread = to.thread or None
            self._show(here, "chat.postEphemeral", card, channel=to.channel, user=to.user, thread_ts=thread)
        except PlatformRefused as refused:
            if refused.code not in NOT_THERE:
                raise
            self._show(here, "chat.postMessage", card, channel=self._conversation(here, to.user))
        return ""

    def _respond(self, here: Installation, url: str, card: Card) -> bool:
        """Answer at a response URL; False when it is used up (five times, thirty minutes)."""
        body = {"response_type": "ephemeral", "replace_original": False}
        try:
            answer = httpx.post(url, json=body | message(card, self._picture_or_none(here, card)), timeout=10.0)
        except httpx.HTTPError as error:
            raise PlatformBusy(f"response_url: {type(error).__name__}") from None
        if answer.status_code == 200 and not answer.headers.get("content-type", "").startswith("text/html"):
            return True
        if answer.status_code == 429 or answer.status_code >= 500 or answer.status_code == 200:
            wait = answer.headers.get("retry-after", "")
            raise PlatformBusy(f"response_url: {answer.status_code}", float(wait) if wait.isdigit() else None)
        log.info("slack response url is used up", status=answer.status_code)
        return False

    def _picture_or_none(self, here: Installation, card: Card) -> str:
        try:
            return self._pictures.file_id(here, card.picture)
        except PlatformBusy:
            return ""

    def _conversation(self, here: Installation, user: str) -> str:
        """The direct conversation with a person."""
        with self._lock:
            known = self._direct.get((here.tenant, user))
        if known:
            return known
        answer = self.web.call(here.token, "conversations.open", users=user)
        channel = str(answer["channel"]["id"])
        with self._lock:
            self._direct[here.tenant, user] = channel
        return channel

    def _sent_before(self, here: Installation, channel: str, thread: str, key: str) -> str:
        """The ts of the message with this key, or empty. Reads back a little more than the outbox keeps trying."""
        method = "conversations.replies" if thread else "conversations.history"
        within: dict[str, Any] = {"ts": thread} if thread else {"oldest": f"{time.time() - LOOK_BACK:.6f}"}
        cursor = ""
        for _ in range(PAGES):
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = self.web.call(
                here.token, method, form=True, channel=channel, limit=PAGE, include_all_metadata=True, **within, **more
            )
            for one in answer.get("messages") or []:
                metadata = one.get("metadata") or {}
                if metadata.get("event_type") == METADATA and (metadata.get("event_payload") or {}).get("key") == key:
                    return str(one["ts"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return ""

    # --- forms --------------------------------------------------------------------------------------------------------

    def open_form(self, to: Address, handle: str, form: Form) -> None:
        """Fill the view that ``bot/slack/receive.py`` opens at the same moment. Refused when the person closed it."""
        here = self._installed(to.tenant)
        self._fill(here, handle, views.view(form, handle, to, close=t(people.locale_at(self._services, to), "Close")))

    def _in_view(self, here: Installation, handle: str, card: Card) -> bool:
        """Say "no" where the form was expected; False when the person has closed the view."""
        try:
            self._fill(here, handle, views.answer(card, handle))
        except PlatformRefused as refused:
            log.info("slack view is closed", code=refused.code)
            return False
        return True

    def _fill(self, here: Installation, handle: str, view: dict[str, Any]) -> None:
        for left in reversed(range(FORM_TRIES)):
            try:
                self.web.call(here.token, "views.update", external_id=handle, view=view)
                return
            except PlatformRefused as refused:
                if refused.code != "not_found" or not left:
                    raise
            time.sleep(FORM_PAUSE)

    # --- the rest -----------------------------------------------------------------------------------------------------

    def working(self, _to: Address) -> None:
        """Slack has no typing sign for apps in a direct conversation; the card that says "reading…" is the sign."""

    def fetch(self, sender: Address, file: FileRef, *, limit: int) -> bytes:
        return self._files.fetch(self._installed(sender.tenant).token, file.id, limit)

    def profile(self, of: Address) -> Profile:
        return self._people.profile(self._installed(of.tenant).token, of.tenant, of.user)

    def directory(self, tenant: str) -> tuple[tuple[Address, Profile], ...]:
        return tuple(self._people.members(self._installed(tenant).token, tenant))

    def facts(self, tenant: str) -> tuple[tuple[str, str], ...]:
        """The workspace's name, asked of Slack: the administrator sees that the token is good."""
        return (("Slack", str(self.web.call(self._installed(tenant).token, "auth.test").get("team") or tenant)),)

    def pushes_left(self, _tenant: str) -> int | None:
        """Slack counts no messages."""
        return None

    def by_email(self, tenant: str, email: str) -> tuple[Address, Profile] | None:
        """The person with this e-mail address in the workspace."""
        return self._people.by_email(self._installed(tenant).token, tenant, email)

    def link_url(self, _to: Address) -> str:
        """Slack has no account link: people are found by their e-mail address, or type their code."""
        return ""

    def _installed(self, tenant: str) -> Installation:
        here = installations.find(self._services, "slack", tenant)
        if here is None or not here.token:
            raise PlatformRefused("not_installed")
        return here
