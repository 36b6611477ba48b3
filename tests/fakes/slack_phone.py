"""A person with Slack on their phone: what they type, send, tap and see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.seen import Attachment, Seen
from tests.fakes.slack import SlackServer, unescaped
from tests.fakes.slack_checks import walk
from tests.fakes.slack_delivery import Delivered
from tests.fakes.slack_modal import Modal, ModalScreen
from tests.fakes.slack_state import Channel, File, Message, User


class Refused(AssertionError):
    """The app did not acknowledge in time, so Slack shows a warning to the person."""


@dataclass(frozen=True)
class Control:
    """Something that can be tapped: its visible label, its block and element, and the option for a menu."""

    label: str
    block: dict[str, Any]
    element: dict[str, Any]
    option: dict[str, Any] | None = None


class SlackPhone:
    """One member's Slack. `channel` is where they are; the direct conversation with the bot unless said otherwise."""

    def __init__(self, slack: SlackServer, user: User, channel: Channel | None = None) -> None:
        self.slack = slack
        self.user = user
        self.name = user.real_name
        self.team = slack.space.teams[user.team]
        with slack.lock:
            self.channel = channel or slack.space.im(self.team, user.id)
        self.modal = Modal(self)

    # --- what they do -------------------------------------------------------------------------------------------------

    def say(self, text: str, *, thread: str = "") -> None:
        """Type a message, or a slash command when it begins with a slash."""
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            self.command(rest, command)
            return
        self._post(text, [], thread)

    def send(self, files: Sequence[Attachment], text: str = "", *, thread: str = "", mode: str = "hosted") -> None:
        """One post with these files; `mode` is how Slack will serve them (see slack_state.File)."""
        stored = []
        with self.slack.lock:
            for given in files:
                new = self.slack.space.new_id("F")
                file = File(new, self.team.id, given.name, given.data, given.media_type, self.user.id, mode=mode)
                file.channels.add(self.channel.id)
                self.slack.space.files[new] = file
                stored.append(file)
        self._post(text, stored, thread)

    def _post(self, text: str, files: list[File], thread: str) -> None:
        with self.slack.lock:
            message = Message(
                ts=self.slack.space.new_ts(),
                channel=self.channel.id,
                user=self.user.id,
                text=text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
                team=self.team.id,
                files=[f.id for f in files],
                thread_ts=thread,
            )
            message.text = message.text.replace("@keihi", f"<@{self.team.bot_user}>")
            self.slack.space.timeline[self.channel.id].append(message)
        for event in self._events(message, files):
            self.slack.delivery.event(self.slack, self.team, event)

    def _events(self, message: Message, files: list[File]) -> list[dict[str, Any]]:
        base = self.slack.message_json(message) | {"event_ts": message.ts, "client_msg_id": f"c-{message.ts}"}
        base["channel"] = self.channel.id
        if files:
            base |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
            base["files"] = [self.slack.file_json(f, in_event=True) for f in files]
        events = []
        subscribed = self.slack.subscribed
        if "file_shared" in subscribed:  # one for each file, with nothing in it but ids, often before the message
            for file in files:
                event = {"type": "file_shared", "file_id": file.id, "user_id": self.user.id, "file": {"id": file.id}}
                events.append(event | {"channel_id": self.channel.id, "event_ts": message.ts})
        if f"<@{self.team.bot_user}>" in message.text and self.channel.kind != "im" and "app_mention" in subscribed:
            bare = {
                k: v for k, v in base.items() if k not in ("subtype", "files")
            }  # as some clients send it, and first
            events.append(bare | {"type": "app_mention"})
        if self.slack.wants(self.channel):
            events.append(base | {"channel_type": self.channel.type})
        return events

    def unsend(self, text: str = "") -> None:
        """Delete one's own newest message (that contains `text`)."""
        with self.slack.lock:
            line = self.slack.space.timeline[self.channel.id]
            message = next(m for m in reversed(line) if m.user == self.user.id and text in m.text and not m.deleted)
            message.deleted = True
            previous = self.slack.message_json(message)
            stamp = self.slack.space.new_ts()
        event = {"type": "message", "subtype": "message_deleted", "channel": self.channel.id, "hidden": True}
        event |= {"deleted_ts": message.ts, "previous_message": previous, "ts": stamp, "event_ts": stamp}
        event["channel_type"] = self.channel.type
        if self.slack.wants(self.channel):
            self.slack.delivery.event(self.slack, self.team, event)

    def open_home(self, tab: str = "home") -> None:
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self.user.id,
            "channel": self.channel.id,
            "tab": tab,
        }
        event["event_ts"] = self.slack.space.new_ts()
        if "app_home_opened" in self.slack.subscribed:
            self.slack.delivery.event(self.slack, self.team, event)

    def command(self, text: str, command: str = "/keihi") -> None:
        """Type a slash command; mentions as `@name` become `<@U…|name>`, as with `should_escape`."""
        by_name = {u.name: u.id for u in self.slack.space.users.values() if u.team == self.team.id}
        escaped = re.sub(
            r"(?<![\w.])@([\w.-]+)", lambda m: f"<@{by_name[m[1]]}|{m[1]}>" if m[1] in by_name else m[0], text
        )
        with self.slack.lock:
            trigger = self.slack.space.new_trigger(self.user.id, self.team.id)
        form = {
            "token": "unused-verification-token",
            "team_id": self.team.id,
            "team_domain": self.team.domain,
            "channel_id": self.channel.id,
            "channel_name": "directmessage" if self.channel.kind == "im" else self.channel.name,
            "user_id": self.user.id,
            "user_name": self.user.name,
            "command": command,
            "text": escaped,
            "api_app_id": self.slack.space.app_id,
            "is_enterprise_install": "false",
            "response_url": self.slack.new_response_url(self.user.id, self.channel.id),
            "trigger_id": trigger,
        }
        self._shown(self._accepted(self.slack.delivery.command(self.slack, form), f"{command} {text}"))

    def _shown(self, delivered: Delivered) -> None:
        """An answer's body is a message to the person alone (or to the channel when it says so)."""
        if not delivered.body.strip():
            return
        try:
            body = delivered.json()
        except ValueError:
            body = {"text": delivered.body.decode()}
        from tests.fakes.slack_methods import content_of, post

        if not isinstance(body, dict) or not (body.get("text") or body.get("blocks")):
            return
        with self.slack.lock:
            content = content_of(self.slack, self.team, body)
            only_for = "" if body.get("response_type") == "in_channel" else self.user.id
            post(self.slack, self.team, self.channel, content, only_for=only_for)

    def tap(self, message: Seen, label: str, value: str = "") -> None:
        """Tap the button, menu entry or picker with this label on the message as it was seen."""
        control = _control(message, label)
        raw: Message = message.raw
        payload = self.interaction("block_actions") | {
            "container": {
                "type": "message",
                "message_ts": raw.ts,
                "channel_id": raw.channel,
                "is_ephemeral": bool(raw.only_for),
            },
            "channel": {"id": raw.channel, "name": "directmessage"},
            "message": self.slack.message_json(raw),
            "state": {"values": {}},
            "response_url": self.slack.new_response_url(self.user.id, raw.channel, raw.ts),
            "actions": [_action(control, value)],
        }
        self._accepted(self.slack.delivery.interaction(self.slack, payload), f"tap on {label}")

    def shortcut(self, message: Seen, callback_id: str) -> None:
        """Use a message shortcut of the app ("…" beside a message)."""
        raw: Message = message.raw
        payload = self.interaction("message_action") | {
            "callback_id": callback_id,
            "message_ts": raw.ts,
            "action_ts": f"{time.time():.6f}",
            "channel": {"id": raw.channel, "name": "directmessage"},
            "message": self.slack.message_json(raw),
            "response_url": self.slack.new_response_url(self.user.id, raw.channel, raw.ts),
        }
        self._accepted(self.slack.delivery.interaction(self.slack, payload), f"shortcut {callback_id}")

    def interaction(self, kind: str) -> dict[str, Any]:
        """What every interaction carries; the trigger is new and good for three seconds."""
        with self.slack.lock:
            trigger = self.slack.space.new_trigger(self.user.id, self.team.id)
        user = {"id": self.user.id, "username": self.user.name, "name": self.user.name, "team_id": self.team.id}
        return {
            "type": kind,
            "user": user,
            "api_app_id": self.slack.space.app_id,
            "token": "unused-verification-token",
            "trigger_id": trigger,
            "team": {"id": self.team.id, "domain": self.team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _accepted(self, delivered: Delivered, what: str) -> Delivered:
        if not delivered.ok:
            raise Refused(f"{what}: the app answered {delivered.status or 'nothing'} after {delivered.seconds:.2f} s")
        return delivered

    # --- what they see ------------------------------------------------------------------------------------------------

    def messages(self, channel: Channel | None = None) -> list[Seen]:
        where = channel or self.channel
        with self.slack.lock:
            line = [
                m for m in self.slack.space.timeline[where.id] if not m.deleted and m.only_for in ("", self.user.id)
            ]
            return [self._seen(m) for m in line]

    def _seen(self, message: Message) -> Seen:
        # A message's blocks replace its text on the screen; the text is then only the notification.
        blocks = list(message.blocks) + [b for a in message.attachments for b in a.get("blocks") or []]
        lines = visible_lines(blocks) if blocks else [message.text]
        lines += [str(a["text"]) for a in message.attachments if a.get("text")]
        markup = _markup(blocks) if blocks else message.text
        pictures = [i["image_url"] for i in walk(blocks, "image_url")]
        pictures += [str(i["slack_file"].get("id") or i["slack_file"].get("url")) for i in walk(blocks, "slack_file")]
        pictures += [f for f in message.files if message.bot_id]
        frozen = Message(**{**message.__dict__, "versions": []})
        return Seen(
            ref=message.ts,
            text="\n".join(plain(line) for line in lines),
            buttons=tuple(c.label for c in controls(blocks)),
            pictures=tuple(pictures),
            alerts=tuple(re.findall(r"<(?:!(?:channel|here|everyone)|@[A-Z0-9]+|!subteam\^[^>]+)[^>]*>", markup)),
            private=bool(message.only_for),
            edited=bool(message.edited),
            mine=message.user == self.user.id,
            raw=frozen,
        )

    def picture(self, ref: str) -> bytes:
        """The bytes that the client would load for one of `Seen.pictures`."""
        import urllib.request

        if file := self.slack.space.files.get(ref):
            return file.data
        with urllib.request.urlopen(self.slack.reachable(ref), timeout=5) as answer:
            return bytes(answer.read())

    def home(self) -> ModalScreen | None:
        """The app's Home tab as it stands."""
        view = self.slack.space.views.get(self.slack.space.homes.get(self.user.id, ""))
        return ModalScreen(view) if view else None


def plain(markup: str) -> str:
    """mrkdwn as it is read: links by their label, mentions by name, entities as characters, no emphasis marks."""
    text = re.sub(r"<(?:https?|mailto|tel)[^|>]*\|([^>]*)>", r"\1", markup)
    text = re.sub(r"<((?:https?|mailto|tel)[^>]*)>", r"\1", text)
    text = re.sub(r"<[@#!][^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"(?<!\w)([*_~])(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return unescaped(text).replace("\u200b", "")


def visible_lines(blocks: Sequence[dict[str, Any]]) -> list[str]:
    """The text of blocks from top to bottom, labels of controls included."""
    lines: list[str] = []

    def add(value: Any) -> None:
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            lines.append(value["text"] if value.get("type") != "plain_text" else _guarded(value["text"]))

    for block in blocks:
        kind = block.get("type")
        if kind in ("section", "header"):
            add(block.get("text"))
            for value in block.get("fields") or []:
                add(value)
        elif kind == "context":
            for element in block.get("elements") or []:
                add(element)
        elif kind == "image":
            add(block.get("title"))
        elif kind == "markdown":
            lines.append(str(block.get("text")))
        elif kind == "input":
            add(block.get("label"))
            add(block.get("hint"))
    return lines


def _guarded(text: str) -> str:
    """plain_text is shown as it is: keep `plain` from reading markup into it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markup(blocks: Sequence[dict[str, Any]]) -> str:
    return "\n".join(t["text"] for t in walk(list(blocks), "text") if t.get("type") == "mrkdwn")


def controls(blocks: Sequence[dict[str, Any]]) -> list[Control]:
    """Everything that can be tapped in a message or view, top to bottom."""
    found: list[Control] = []
    for block in blocks:
        elements = list(block.get("elements") or []) if block.get("type") == "actions" else []
        if block.get("type") == "section" and (accessory := block.get("accessory")):
            elements.append(accessory)
        for element in elements:
            kind = element.get("type")
            if kind == "button":
                found.append(Control(element["text"]["text"], block, element))
            elif kind in ("overflow", "static_select", "radio_buttons"):
                options = element.get("options") or [o for g in element.get("option_groups", []) for o in g["options"]]
                found += [Control(o["text"]["text"], block, element, o) for o in options]
            elif kind in ("datepicker", "timepicker", "datetimepicker"):
                found.append(Control((element.get("placeholder") or {}).get("text", kind), block, element))
    return found


def _control(message: Seen, label: str) -> Control:
    raw: Message = message.raw
    blocks = list(raw.blocks) + [b for a in raw.attachments for b in a.get("blocks") or []]
    return by_label(controls(blocks), label)


def by_label(found: Sequence[Control], label: str) -> Control:
    matches: list[Callable[[Control], bool]] = [lambda c: c.label == label, lambda c: label in c.label]
    for match in matches:
        if control := next((c for c in found if match(c)), None):
            return control
    raise LookupError(f"no {label!r} among {[c.label for c in found]}")


def _action(control: Control, value: str) -> dict[str, Any]:
    element = control.element
    action: dict[str, Any] = {
        "type": element["type"],
        "action_id": element.get("action_id", "a0"),
        "block_id": control.block.get("block_id", "b0"),
        "action_ts": f"{time.time():.6f}",
    }
    match element["type"]:
        case "button":
            action["text"] = element["text"]
            action |= {k: element[k] for k in ("value", "style", "url") if k in element}
        case "datepicker":
            action["selected_date"] = value
        case "timepicker":
            action["selected_time"] = value
        case _:
            action["selected_option"] = control.option
    return action
