"""What Slack knows of people, and who of them may be linked to a member at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from bot.slack.web import Web
from handlers.chat import Address, Profile
from handlers.errors import PlatformRefused

UNKNOWN = frozenset(("user_not_found", "users_not_found"))
PAGE = 200
SLACKBOT = "USLACKBOT"  # looks like a person, has no mark of a bot


class People:
    """The people of every workspace."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def profile(self, token: str, tenant: str, user: str) -> Profile:
        """The person's profile; ``standing`` "gone" when Slack knows nobody of this id."""
        try:
            answer = self._web.call(token, "users.info", form=True, user=user, include_locale=True)
        except PlatformRefused as error:
            if error.code in UNKNOWN:
                return Profile(standing="gone")
            if error.code == "user_not_visible":
                return Profile(standing="stranger")
            raise
        return profile(answer.get("user") or {}, tenant)

    def by_email(self, token: str, tenant: str, email: str) -> tuple[Address, Profile] | None:
        """The account with this e-mail address."""
        try:
            answer = self._web.call(token, "users.lookupByEmail", form=True, email=email)
        except PlatformRefused as error:
            if error.code in UNKNOWN:
                return None
            raise
        user = answer.get("user") or {}
        return Address("slack", tenant, str(user.get("id") or "")), profile(user, tenant)

    def members(self, token: str, tenant: str) -> list[tuple[Address, Profile]]:
        """Everybody whom the workspace lists, bots and former members among them."""
        found: list[tuple[Address, Profile]] = []
        cursor = ""
        while True:
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = self._web.call(token, "users.list", form=True, limit=PAGE, include_locale=True, **more)
            for user in answer.get("members") or []:
                found.append((Address("slack", tenant, str(user["id"])), profile(user, tenant)))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found


def profile(user: Mapping[str, Any], tenant: str) -> Profile:
    """A user object of Slack's, as seen from the workspace ``tenant``."""
    about = user.get("profile") or {}
    name = about.get("real_name") or user.get("real_name") or about.get("display_name") or user.get("name") or ""
    return Profile(
        name=str(name),
        email=str(about.get("email") or ""),
        locale=str(user.get("locale") or "").partition("-")[0],
        standing=standing(user, tenant),
    )


def standing(user: Mapping[str, Any], tenant: str) -> Literal["member", "guest", "bot", "stranger", "left"]:
    """A member is a person of this very workspace; guests (single- and multi-channel) are not, nor are bots."""
    if user.get("deleted"):
        return "left"
    if any(user.get(kind) for kind in ("is_bot", "is_workflow_bot", "is_connector_bot")) or user.get("id") == SLACKBOT:
        return "bot"
    teams = (user.get("enterprise_user") or {}).get("teams") or []
    if user.get("is_stranger") or (user.get("team_id") not in (None, "", tenant) and tenant not in teams):
        return "stranger"
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "guest"
    return "member"
