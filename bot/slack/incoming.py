"""Slack's payloads → :class:`handlers.chat.Incoming`. Pure; ``None`` means: nothing of ours, answer 200 and forget it.

``message`` is the truth about what people say: it has the text, all files of one post and the thread. ``file_shared``
(one per file, ids only) is ignored. A mention in a channel arrives twice, as ``app_mention`` (from some clients without
its files) and as ``message``: event ids are made from the post and not from the delivery, and the mention counts only
where no message comes, as in a group conversation. Interactions and commands have no event id; theirs is a hash
of what makes the act unique, which is the same in a repeated delivery.

Thin payloads are normal (``channel_type``, ``event_ts``, ``authorizations`` may be missing): nothing relies on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.slack import views
from bot.slack.render import FORM, PICK, SAY, TAP
from bot.slack.text import mentions, plain
from handlers.chat import (
    Act,
    Address,
    Arrived,
    Commanded,
    FileRef,
    FormSent,
    Incoming,
    Left,
    Reply,
    Said,
    Tapped,
    Unsent,
)

Payload = Mapping[str, Any]

ADD_RECEIPT = "keihi_add_receipt"  # callback id of the message shortcut in the manifests
# First word of a reply handle, see bot/slack/send.py. After FORM_REPLY follow the view's name and the response URL.
COMMAND_REPLY, TAP_REPLY, FORM_REPLY = "command ", "tap ", "form "
REPLY_LIFE = timedelta(minutes=30)
SPOKEN = (None, "", "file_share", "thread_broadcast")  # message subtypes that are a person speaking
SLACKBOT = "USLACKBOT"


def read(body: Payload, *, tenant: str, bot_user: str, now: datetime) -> Incoming | None:
    """One payload of Slack. ``tenant`` is the workspace the app is installed in, ``bot_user`` the bot's own user id."""
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, tenant, bot_user, now)
    if kind == "block_actions":
        return _tapped(body, tenant, now)
    if kind == "view_submission":
        return _submitted(body, tenant, now)
    if kind == "message_action" and body.get("callback_id") == ADD_RECEIPT:
        return _added(body, tenant, bot_user, now)
    if body.get("command"):
        return _commanded(body, tenant, now)
    return None


def well_shaped(body: Payload) -> bool:
    """Whether what a payload consists of is of the kinds that Slack sends: the library, too, takes that for granted."""
    inside = [body.get("event")]
    if body.get("type") != "event_callback":
        inside += [body.get(name) for name in ("team", "user", "channel", "container", "message", "view", "enterprise")]
    listed = [body.get("authorizations"), body.get("actions")]
    if not all(one is None or isinstance(one, list) for one in listed):
        return False
    inside += [one for several in listed for one in several or []]
    return all(one is None or isinstance(one, Mapping) for one in inside)


# --- events -----------------------------------------------------------------------------------------------------------


def _event(body: Payload, tenant: str, bot_user: str, now: datetime) -> Incoming | None:
    event = body.get("event") or {}
    kind = event.get("type")
    event_id = str(body.get("event_id") or _hash("event", tenant, kind, event.get("channel"), event.get("ts"), event))
    if kind in ("message", "app_mention"):
        if event.get("subtype") in ("message_deleted", "message_changed"):
            return _unsent(event, tenant, bot_user, event_id, now)
        return _said(event, tenant, bot_user, event_id, now)
    if kind == "app_home_opened" and event.get("tab") == "messages" and event.get("user"):
        user = str(event["user"])
        return Incoming(f"arrived:{tenant}:{user}", now, Address("slack", tenant, user), Arrived())
    if gone(body):
        return Incoming(event_id, now, Address("slack", tenant, ""), Left())
    return None


def gone(body: Payload) -> bool:
    """Whether the workspace removed the app (or took back the bot's token, which comes to the same)."""
    event = body.get("event") or {}
    if event.get("type") == "tokens_revoked":
        return bool((event.get("tokens") or {}).get("bot"))
    return event.get("type") in ("app_uninstalled", "team_access_revoked")


def _said(event: Payload, tenant: str, bot_user: str, event_id: str, now: datetime) -> Incoming | None:
    user, channel, ts = str(event.get("user") or ""), str(event.get("channel") or ""), str(event.get("ts") or "")
    foreign = event.get("bot_id") or user in ("", SLACKBOT, bot_user) or event.get("subtype") not in SPOKEN
    if foreign or event.get("hidden") or not channel:
        return None
    text = str(event.get("text") or "")
    files = _files(event.get("files"), channel, ts)
    direct, unless = _direct(channel, event.get("channel_type")), ""
    if not direct:
        if event.get("type") != "app_mention" and not mentions(text, bot_user):
            return None
        event_id = f"post:{tenant}:{channel}:{ts}"
        if event.get("type") == "app_mention":
            event_id, unless = f"mention:{tenant}:{channel}:{ts}", event_id
    thread = str(event.get("thread_ts") or "")
    address = Address(
        "slack",
        tenant,
        user,
        channel="" if direct else channel,
        thread=("" if thread == ts else thread) if direct else thread or ts,
        group=not direct,
    )
    said = plain(text, bot_user=bot_user)
    if not said and not files and direct:
        return None
    return Incoming(event_id, _time(ts, now), address, Said(said, files), unless=unless)


def _unsent(event: Payload, tenant: str, bot_user: str, event_id: str, now: datetime) -> Incoming | None:
    """A message taken back. One that has answers in a thread is not deleted but changed into a tombstone."""
    before = event.get("previous_message") or {}
    if event.get("subtype") == "message_changed" and (event.get("message") or {}).get("subtype") != "tombstone":
        return None
    user, channel = str(before.get("user") or ""), str(event.get("channel") or "")
    ts = str(event.get("deleted_ts") or before.get("ts") or "")
    if before.get("bot_id") or user in ("", SLACKBOT, bot_user) or not channel or not ts:
        return None
    direct = _direct(channel, event.get("channel_type"))
    if not direct and not mentions(str(before.get("text") or ""), bot_user):
        return None  # what was never said to us cannot be taken back from us
    address = Address("slack", tenant, user, channel="" if direct else channel, group=not direct)
    return Incoming(event_id, now, address, Unsent(post(channel, ts)))


def post(channel: str, ts: str) -> str:
    """How a post is named in :class:`FileRef` and :class:`Unsent`."""
    return f"{channel}:{ts}"


def _files(given: Any, channel: str, ts: str) -> tuple[FileRef, ...]:
    """Also stubs of shared channels, which hold nothing but the id (``file_access: check_file_info``)."""
    return tuple(
        FileRef(
            id=str(file["id"]),
            name=str(file.get("name") or file.get("title") or ""),
            media_type=str(file.get("mimetype") or ""),
            size=file["size"] if isinstance(file.get("size"), int) else None,
            message=post(channel, ts),
        )
        for file in given or []
        if isinstance(file, Mapping) and file.get("id")
    )


def _direct(channel: str, kind: object = None) -> bool:
    """A conversation with the bot alone: its id starts with D (``channel_type`` is not always there)."""
    return kind == "im" or (not kind and channel.startswith("D"))


# --- interactions and commands ----------------------------------------------------------------------------------------


def _tapped(body: Payload, tenant: str, now: datetime) -> Incoming | None:
    action: Payload = next(iter(body.get("actions") or []), {})
    kind, user = str(action.get("action_id") or ""), str((body.get("user") or {}).get("id") or "")
    container = body.get("container") or {}
    if not user or container.get("type") == "view":
        return None
    what = (kind, action.get("value"), action.get("selected_date"))
    when = (body.get("trigger_id"), action.get("action_ts"), container.get("message_ts"))
    event_id = _hash("tap", tenant, user, *when, *what)
    act = _act(kind, action, event_id)
    if act is None:
        return None
    form = act.form if isinstance(act, Tapped) else ""
    reply = _reply(f"{FORM_REPLY}{form} " if form else TAP_REPLY, body, now)
    return Incoming(event_id, _time(str(action.get("action_ts") or ""), now), _place(body, tenant, user), act, reply)


def _act(kind: str, action: Payload, event_id: str) -> Act | None:
    value = str(action.get("value") or "")
    if kind.startswith(f"{PICK}."):
        first = str(action.get("block_id") or "").removeprefix(f"{PICK}.").partition(".")[2]
        return Tapped(first + kind.removeprefix(f"{PICK}."), str(action.get("selected_date") or ""))
    if kind.startswith(f"{FORM}.") and value:
        return Tapped(value, form=f"keihi-{event_id.removeprefix('tap:')}")
    if kind.startswith(f"{TAP}.") and value:
        return Tapped(value)
    if kind.startswith(f"{SAY}.") and value:
        return Said(value)
    return None


def _place(body: Payload, tenant: str, user: str) -> Address:
    container, channel = body.get("container") or {}, body.get("channel") or {}
    where = str(container.get("channel_id") or channel.get("id") or "")
    if not where or _direct(where):
        thread = "" if not where else str(container.get("thread_ts") or "")
        return Address("slack", tenant, user, thread=thread)
    thread = str(container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or "")
    return Address("slack", tenant, user, where, thread, group=True)


def _submitted(body: Payload, tenant: str, now: datetime) -> Incoming | None:
    view, user = body.get("view") or {}, str((body.get("user") or {}).get("id") or "")
    noted = views.where(view)
    if view.get("callback_id") != views.CALLBACK or not noted or not user:
        return None
    address = Address(
        "slack",
        tenant,
        user,
        channel=str(noted.get("channel") or ""),
        thread=str(noted.get("thread") or ""),
        group=bool(noted.get("group")),
    )
    sent = FormSent(str(noted["token"]), views.values(view))
    return Incoming(_hash("view", tenant, user, view.get("id"), view.get("hash"), sent.values), now, address, sent)


def _added(body: Payload, tenant: str, bot_user: str, now: datetime) -> Incoming | None:
    """The shortcut on a message. The receipt is the person's who used it, and the answer comes in their own chat."""
    message, user = body.get("message") or {}, str((body.get("user") or {}).get("id") or "")
    channel = str((body.get("channel") or {}).get("id") or "")
    ts = str(body.get("message_ts") or message.get("ts") or "")
    files = _files(message.get("files"), channel, ts)
    if not user or not files:
        return None
    said = Said(plain(str(message.get("text") or ""), bot_user=bot_user), files)
    event_id = _hash("shortcut", tenant, user, body.get("trigger_id"), body.get("action_ts"), channel, ts)
    return Incoming(event_id, now, Address("slack", tenant, user), said, _reply(TAP_REPLY, body, now))


def _commanded(body: Payload, tenant: str, now: datetime) -> Incoming | None:
    """A slash command. It may be typed where the bot is not, so the address is the person's own chat with the bot."""
    user = str(body.get("user_id") or "")
    if not user:
        return None
    event_id = _hash("command", tenant, user, body.get("trigger_id"), body.get("command"), body.get("text"))
    act = Commanded(plain(str(body.get("text") or "")))
    return Incoming(event_id, now, Address("slack", tenant, user), act, _reply(COMMAND_REPLY, body, now))


def _reply(kind: str, body: Payload, now: datetime) -> Reply | None:
    url = str(body.get("response_url") or "")
    return Reply(kind + url, now + REPLY_LIFE) if url else None


def _hash(kind: str, *parts: object) -> str:
    return f"{kind}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:40]}"


def _time(ts: str, otherwise: datetime) -> datetime:
    """Slack's ``1732300000.000100`` as UTC."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
