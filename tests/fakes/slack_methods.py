"""The Web API methods that Keihi uses, each as Slack documents it (docs.slack.dev/reference/methods).

`METHODS` maps a method's name to what it does and the scopes it needs (any one of them). A method gets the server, the
team of the token and the arguments; it returns the answer without `ok`, or raises `ApiError` with Slack's own code.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_state import ApiError, Channel, Message, Team, View

if TYPE_CHECKING:
    from tests.fakes.slack import SlackServer

Args = dict[str, Any]
Method = Callable[["SlackServer", Team, Args], dict[str, Any]]
METHODS: dict[str, tuple[Method, frozenset[str]]] = {}
TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000


def method(name: str, scopes: str = "") -> Callable[[Method], Method]:
    def register(function: Method) -> Method:
        METHODS[name] = (function, frozenset(scopes.split()))
        return function

    return register


def need(args: Args, *names: str) -> None:
    missing = [n for n in names if args.get(n) in (None, "")]
    if missing:
        raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing {n}" for n in missing]})


def truth(value: Any) -> bool:
    return value in (True, "true", "1", 1)


def a_channel(slack: SlackServer, team: Team, channel_id: str) -> Channel:
    channel = slack.space.channels.get(channel_id)
    if channel is None or channel.team != team.id:
        raise ApiError("channel_not_found")
    if channel.kind != "im" and team.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    return channel


# --- people and places ------------------------------------------------------------------------------------------------


@method("api.test")
def _api_test(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    return {"args": args}


@method("auth.test")
def _auth_test(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": "keihi",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("team.info", "team:read")
def _team_info(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


@method("users.info", "users:read")
def _users_info(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "user")
    user = slack.space.users.get(args["user"])
    if user is None or (user.team != team.id and not user.is_stranger):
        raise ApiError("user_not_found")
    answer = user.as_json("users:read.email" in team.scopes)
    if not truth(args.get("include_locale")):
        answer.pop("locale")
    return {"user": answer}


@method("users.list", "users:read")
def _users_list(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    everyone = [u for u in slack.space.users.values() if u.team == team.id]
    start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 1000)
    page = everyone[start : start + limit]
    following = str(start + limit) if start + limit < len(everyone) else ""
    return {
        "members": [u.as_json("users:read.email" in team.scopes) for u in page],
        "response_metadata": {"next_cursor": following},
    }


@method("users.lookupByEmail", "users:read.email")
def _lookup(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "email")
    for user in slack.space.users.values():
        if user.team == team.id and user.email.lower() == str(args["email"]).lower() and not user.deleted:
            return {"user": user.as_json(True)}
    raise ApiError("users_not_found")


@method("conversations.open", "im:write mpim:write")
def _open(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    if args.get("channel"):
        return {"channel": {"id": a_channel(slack, team, args["channel"]).id}, "no_op": True, "already_open": True}
    need(args, "users")
    user = slack.space.users.get(str(args["users"]).split(",")[0])
    if user is None or (user.team != team.id and not user.is_stranger):
        raise ApiError("user_not_found")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    channel = slack.space.im(team, user.id)
    return {"channel": channel.as_json() if truth(args.get("return_im")) else {"id": channel.id}}


@method("conversations.info", "channels:read im:read groups:read")
def _conversations_info(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel")
    return {"channel": a_channel(slack, team, args["channel"]).as_json()}


@method("conversations.history", "channels:history im:history groups:history mpim:history")
def _history(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel")
    return _page(slack, args, [m for m in _visible(slack, team, args) if m.thread_ts in ("", m.ts)])


@method("conversations.replies", "channels:history im:history groups:history mpim:history")
def _replies(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel", "ts")
    thread = [m for m in _visible(slack, team, args) if args["ts"] in (m.ts, m.thread_ts)]
    if not thread:
        raise ApiError("thread_not_found")
    return _page(slack, args, thread, newest_first=False)


def _visible(slack: SlackServer, team: Team, args: Args) -> list[Message]:
    channel = a_channel(slack, team, args["channel"])
    return [m for m in slack.space.timeline[channel.id] if not m.deleted and not m.only_for]


def _page(slack: SlackServer, args: Args, found: list[Message], newest_first: bool = True) -> dict[str, Any]:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = truth(args.get("inclusive"))
    chosen = [m for m in found if (oldest <= float(m.ts) <= latest if inclusive else oldest < float(m.ts) < latest)]
    if newest_first:
        chosen.reverse()
    start, limit = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), 999)
    with_metadata = truth(args.get("include_all_metadata"))
    more = start + limit < len(chosen)
    return {
        "messages": [slack.message_json(m, with_metadata) for m in chosen[start : start + limit]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


# --- messages ---------------------------------------------------------------------------------------------------------


def a_message(slack: SlackServer, team: Team, args: Args) -> tuple[Channel, dict[str, Any]]:
    """The channel and the checked content of a message about to be shown."""
    need(args, "channel")
    target = str(args["channel"])
    user = slack.space.users.get(target)
    if user is not None and (user.team == team.id or user.is_stranger) and not user.is_bot:
        channel = slack.space.im(team, target)
    else:
        channel = a_channel(slack, team, target)
    return channel, content_of(slack, team, args)


def content_of(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    blocks, attachments = slack.parsed(args.get("blocks")) or [], slack.parsed(args.get("attachments")) or []
    text = str(args.get("text") or "")
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    slack.check_blocks(team, blocks)
    for attachment in attachments:
        slack.check_blocks(team, attachment.get("blocks") or [])
    metadata = slack.parsed(args.get("metadata"))
    if metadata is not None and not (
        isinstance(metadata, dict) and metadata.get("event_type") and isinstance(metadata.get("event_payload"), dict)
    ):
        raise ApiError("invalid_metadata_format")
    return {"text": text[:TEXT_LIMIT], "blocks": blocks, "attachments": attachments, "metadata": metadata}


def post(slack: SlackServer, team: Team, channel: Channel, content: dict[str, Any], **more: Any) -> Message:
    message = Message(
        ts=slack.space.new_ts(),
        channel=channel.id,
        user=team.bot_user,
        team=team.id,
        bot_id=team.bot_id,
        app_id=slack.space.app_id,
        **content,
        **more,
    )
    slack.space.timeline[channel.id].append(message)
    return message


@method("chat.postMessage", "chat:write")
def _post_message(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    channel, content = a_message(slack, team, args)
    thread = str(args.get("thread_ts") or "")
    if thread and slack.space.find(channel.id, thread) is None:
        raise ApiError("thread_not_found")
    message = post(slack, team, channel, content, thread_ts=thread)
    slack.echo(team, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": slack.message_json(message)}


@method("chat.postEphemeral", "chat:write")
def _post_ephemeral(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "user")
    channel, content = a_message(slack, team, args)
    if args["user"] not in channel.members:
        raise ApiError("user_not_in_channel")
    message = post(slack, team, channel, content, only_for=args["user"], thread_ts=str(args.get("thread_ts") or ""))
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def _update(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel", "ts")
    channel = a_channel(slack, team, args["channel"])
    message = slack.space.find(channel.id, str(args["ts"]))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    if message.bot_id != team.bot_id:
        raise ApiError("cant_update_message")
    content = content_of(slack, team, args)
    if len(content["text"]) > UPDATE_TEXT_LIMIT:
        raise ApiError("msg_too_long")
    kept = {} if args.get("metadata") else {"metadata": message.metadata}
    slack.replace(message, content | kept)
    slack.echo(team, channel, message, "message_changed")
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": slack.message_json(message)}


@method("chat.delete", "chat:write")
def _delete(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel", "ts")
    channel = a_channel(slack, team, args["channel"])
    message = slack.space.find(channel.id, str(args["ts"]))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    if message.bot_id != team.bot_id:
        raise ApiError("cant_delete_message")
    message.deleted = True
    slack.echo(team, channel, message, "message_deleted")
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def _permalink(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel", "message_ts")
    if slack.space.find(args["channel"], args["message_ts"]) is None:
        raise ApiError("message_not_found")
    stamp = str(args["message_ts"]).replace(".", "")
    return {
        "channel": args["channel"],
        "permalink": f"https://{team.domain}.slack.com/archives/{args['channel']}/p{stamp}",
    }


@method("reactions.add", "reactions:write")
def _react(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "channel", "timestamp", "name")
    if slack.space.find(args["channel"], args["timestamp"]) is None:
        raise ApiError("message_not_found")
    return {}


# --- views ------------------------------------------------------------------------------------------------------------


def _new_view(slack: SlackServer, team: Team, user: str, args: Args) -> View:
    content = slack.check_view(team, args.get("view"))
    external = content.get("external_id")
    if external and any(
        v.content.get("external_id") == external and v.team == team.id for v in slack.space.views.values()
    ):
        raise ApiError("duplicate_external_id")
    view = View(slack.space.new_id("V"), team.id, user, content["type"], _hash(), content)
    view.root = view.id
    slack.space.views[view.id] = view
    return view


def _hash() -> str:
    return f"{int(time.time())}.{secrets.token_hex(4)}"


@method("views.open")
def _views_open(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "trigger_id", "view")
    trigger = slack.space.spend_trigger(str(args["trigger_id"]), team)
    view = _new_view(slack, team, trigger.user, args)
    if view.type != "modal":
        raise ApiError("invalid_arguments")
    for old in slack.space.modals[trigger.user]:
        slack.space.views[old].closed = True
    slack.space.modals[trigger.user] = [view.id]
    return {"view": slack.view_json(view)}


@method("views.push")
def _views_push(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "trigger_id", "view")
    trigger = slack.space.spend_trigger(str(args["trigger_id"]), team)
    stack = slack.space.modals[trigger.user]
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= 3:
        raise ApiError("push_limit_reached")
    view = _new_view(slack, team, trigger.user, args)
    view.root, view.previous = stack[0], stack[-1]
    stack.append(view.id)
    return {"view": slack.view_json(view)}


@method("views.update")
def _views_update(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "view")
    views = slack.space.views
    view = views.get(str(args.get("view_id") or ""))
    if external := args.get("external_id"):
        view = next((v for v in views.values() if v.content.get("external_id") == external and v.team == team.id), None)
    if view is None or view.team != team.id or view.closed:
        raise ApiError("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise ApiError("hash_conflict")
    view.content, view.hash = slack.check_view(team, args["view"]), _hash()
    return {"view": slack.view_json(view)}


@method("views.publish")
def _views_publish(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "user_id", "view")
    user = slack.space.users.get(args["user_id"])
    if user is None or user.team != team.id:
        raise ApiError("user_not_found")
    old = slack.space.views.get(slack.space.homes.get(user.id, ""))
    if old is not None and args.get("hash") and args["hash"] != old.hash:
        raise ApiError("hash_conflict")
    view = _new_view(slack, team, user.id, args)
    if view.type != "home":
        raise ApiError("invalid_arguments")
    slack.space.homes[user.id] = view.id
    return {"view": slack.view_json(view)}


def as_arguments(query: dict[str, Any], form: dict[str, Any], body: bytes, kind: str) -> Args:
    """Slack takes arguments in the query, as a form or as JSON; the last wins."""
    given: Args = dict(query)
    if kind == "application/json":
        decoded = json.loads(body or b"{}")
        if not isinstance(decoded, dict):
            raise ApiError("json_not_object")
        given |= decoded
    else:
        given |= form
    return given
