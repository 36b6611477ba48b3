"""A modal as it stands on a person's screen, and what the Slack client itself does with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_state import View

if TYPE_CHECKING:
    from tests.fakes.slack_phone import SlackPhone

EMPTY = {
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "external_select": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "file_input": "files",
}


class NotSent(AssertionError):
    """The client refuses to send the form: a required input is empty or a value cannot be typed."""


@dataclass(frozen=True)
class Question:
    label: str
    block: str
    action: str
    element: dict[str, Any]
    optional: bool


class ModalScreen:
    """One view, read only."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.title = str(view.content.get("title", {}).get("text", ""))
        self.submit_label = str(view.content.get("submit", {}).get("text", ""))
        self.questions = [
            Question(
                label=block["label"]["text"],
                block=block.get("block_id") or f"b{number}",
                action=block["element"].get("action_id") or "a0",
                element=block["element"],
                optional=bool(block.get("optional")),
            )
            for number, block in enumerate(view.content["blocks"])
            if block["type"] == "input"
        ]

    @property
    def text(self) -> str:
        from tests.fakes.slack_phone import plain, visible_lines

        return "\n".join([self.title, *(plain(line) for line in visible_lines(self.view.content["blocks"]))])

    def question(self, label: str) -> Question:
        for question in self.questions:
            if label in (question.label, question.block, question.action):
                return question
        for question in self.questions:
            if label in question.label:
                return question
        raise LookupError(f"no {label!r} among {[q.label for q in self.questions]}")

    def filled(self) -> dict[str, str]:
        """What stands in each input now, by label (options by their label, dates as YYYY-MM-DD)."""
        return {q.label: _as_read(value_of(q, self.view)) for q in self.questions}


class Modal:
    """The modals that are open on one phone. Errors after a submission are kept in `errors` by question label."""

    def __init__(self, phone: SlackPhone) -> None:
        self.phone = phone
        self.errors: dict[str, str] = {}

    @property
    def screen(self) -> ModalScreen | None:
        """The topmost modal."""
        slack = self.phone.slack
        with slack.lock:
            stack = slack.space.modals[self.phone.user.id]
            return ModalScreen(slack.space.views[stack[-1]]) if stack else None

    def submit(self, values: dict[str, str] | None = None) -> None:
        """Fill in by label and send. `NotSent` when the client would not; errors of the app stay in `errors`."""
        screen = self._need()
        view, slack = screen.view, self.phone.slack
        for label, value in (values or {}).items():
            question = screen.question(label)
            view.typed[question.block, question.action] = _typed(question, value)
        state: dict[str, dict[str, Any]] = {}
        for question in screen.questions:
            value = value_of(question, view)
            if not question.optional and not _as_read(value):
                raise NotSent(f"{question.label} must be filled in")
            state.setdefault(question.block, {})[question.action] = value
        payload = self.phone.interaction("view_submission") | {
            "view": slack.view_json(view) | {"state": {"values": state}},
            "response_urls": [],
        }
        delivered = self.phone._accepted(slack.delivery.interaction(slack, payload), "form")
        self._answered(view, delivered.json() if delivered.body.strip() else None)

    def close(self) -> None:
        """Close all of it with the ✕."""
        view, slack = self._need().view, self.phone.slack
        with slack.lock:
            self._clear()
        if view.content.get("notify_on_close"):
            payload = self.phone.interaction("view_closed") | {"view": slack.view_json(view), "is_cleared": True}
            payload.pop("trigger_id")
            slack.delivery.interaction(slack, payload)

    def tap(self, label: str) -> None:
        """Tap a button inside the modal."""
        from tests.fakes.slack_phone import _action, by_label, controls

        view, slack = self._need().view, self.phone.slack
        control = by_label(controls(view.content["blocks"]), label)
        payload = self.phone.interaction("block_actions") | {
            "container": {"type": "view", "view_id": view.id},
            "view": slack.view_json(view) | {"state": {"values": {}}},
            "actions": [_action(control, "")],
        }
        self.phone._accepted(slack.delivery.interaction(slack, payload), f"tap on {label}")

    def _need(self) -> ModalScreen:
        screen = self.screen
        if screen is None:
            raise LookupError("no modal is open")
        return screen

    def _clear(self) -> None:
        space = self.phone.slack.space
        for view_id in space.modals[self.phone.user.id]:
            space.views[view_id].closed = True
        space.modals[self.phone.user.id] = []

    def _answered(self, view: View, answer: Any) -> None:
        slack, space = self.phone.slack, self.phone.slack.space
        action = answer.get("response_action") if isinstance(answer, dict) else None
        self.errors = {}
        with slack.lock:
            stack = space.modals[self.phone.user.id]
            if action == "errors":
                by_block = {q.block: q.label for q in ModalScreen(view).questions}
                unknown = set(answer["errors"]) - set(by_block)
                assert not unknown, f"errors for blocks that are no inputs: {unknown}"
                self.errors = {by_block[b]: text for b, text in answer["errors"].items()}
            elif action == "update":
                view.content, view.hash = slack.check_view(self.phone.team, answer["view"]), f"{view.hash}u"
            elif action == "push":
                content = slack.check_view(self.phone.team, answer["view"])
                new = View(space.new_id("V"), view.team, view.user, "modal", "0.push", content, stack[0], view.id)
                space.views[new.id] = new
                stack.append(new.id)
            elif action == "clear":
                self._clear()
            elif view.id in stack:
                view.closed = True
                stack.remove(view.id)


def value_of(question: Question, view: View) -> dict[str, Any]:
    """The state of one input as a view_submission carries it: what was typed, else what was given at first."""
    kind, element = question.element["type"], question.element
    typed = view.typed.get((question.block, question.action))
    if typed is not None:
        return {"type": kind} | typed
    name = EMPTY.get(kind, "value")
    first = element.get({"value": "initial_value"}.get(name, name.replace("selected", "initial")))
    return {"type": kind, name: first if first is not None else ([] if name.endswith("s") else None)}


def _typed(question: Question, value: str) -> dict[str, Any]:
    kind, element = question.element["type"], question.element
    name = EMPTY.get(kind, "value")
    if name in ("selected_option", "selected_options"):
        options = element.get("options") or [o for g in element.get("option_groups", []) for o in g["options"]]
        chosen = [o for o in options if value in (o["text"]["text"], o["value"])]
        if value and not chosen:
            raise NotSent(f"{question.label} has no option {value!r}: {[o['text']['text'] for o in options]}")
        return {name: chosen if name.endswith("s") else (chosen[0] if chosen else None)}
    if kind == "number_input" and value and not value.lstrip("-").replace(".", "", 1).isdigit():
        raise NotSent(f"{question.label} takes numbers only")
    if len(value) > element.get("max_length", 3000):
        raise NotSent(f"{question.label} takes {element['max_length']} characters at most")
    return {name: value or None}


def _as_read(value: dict[str, Any]) -> str:
    held = next((v for k, v in value.items() if k != "type"), None)
    if isinstance(held, dict):
        return str(held["text"]["text"])
    if isinstance(held, list):
        return ", ".join(str(h["text"]["text"]) if isinstance(h, dict) and "text" in h else str(h) for h in held)
    return "" if held is None else str(held)
