"""Forms as Slack modals: the loading view that is opened at once, and the form that replaces it.

``private_metadata`` carries the form's token and where the person was, because a submission says neither. Each input's
``block_id`` is its name, so that an error can be shown beside it.

Source of the limits: docs.slack.dev/reference/views and …/block-kit/blocks/input-block.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.slack.render import Block, blocks, date_picker, language
from bot.slack.text import clean, cut, one_line
from handlers.chat import Address, Card, Form, Input
from handlers.texts import t

CALLBACK = "keihi.form"
VALUE = "value"
TITLE, LABEL, HINT, OPTION, TYPED, OPTIONS, GROUPS = 24, 2000, 2000, 75, 3000, 100, 100
_MARK = "="  # Slack wants option values of at least one character; ours may be empty


def loading(locale: str, handle: str) -> dict[str, Any]:
    """Opened within the three seconds that a trigger lives; filled by :func:`view` a moment later."""
    return {
        "type": "modal",
        "callback_id": f"{CALLBACK}.loading",
        "external_id": handle,
        "title": _plain(t(locale, "Keihi"), TITLE),
        "close": _plain(t(locale, "Close"), TITLE),
        "blocks": [{"type": "section", "text": _plain("⏳ " + t(locale, "One moment…"), 3000)}],
    }


def answer(card: Card, handle: str) -> dict[str, Any]:
    """A card where a form was expected: why there is none."""
    locale = language(card)
    return {
        "type": "modal",
        "callback_id": f"{CALLBACK}.answer",
        "external_id": handle,
        "title": _plain(t(locale, "Keihi"), TITLE),
        "close": _plain(t(locale, "Close"), TITLE),
        "blocks": blocks(card),
    }


def view(form: Form, handle: str, at: Address, close: str) -> dict[str, Any]:
    """The form. Raises ValueError when the form itself is impossible (more than 100 inputs, a choice of nothing)."""
    if len(form.inputs) > 100:
        raise ValueError("a form has at most 100 inputs")
    where = {"token": form.token, "channel": at.channel, "thread": at.thread, "group": at.group}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "external_id": handle,
        "private_metadata": json.dumps(where),
        "title": _plain(form.title, TITLE),
        "submit": _plain(form.submit, TITLE),
        "close": _plain(close, TITLE),
        "blocks": [_input(one) for one in form.inputs],
    }


def where(view: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`view` noted; empty when the view is not a form of ours."""
    try:
        noted = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) and isinstance(noted.get("token"), str) else {}


def values(view: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Name and text of every input, in the form's order; an empty input is an empty text."""
    state = (view.get("state") or {}).get("values") or {}
    order = [block["block_id"] for block in view.get("blocks") or [] if block.get("block_id") in state]
    return tuple((name, _value(state[name].get(VALUE) or {})) for name in order or state)


def _value(element: Mapping[str, Any]) -> str:
    if chosen := element.get("selected_option"):
        return str(chosen.get("value") or "").removeprefix(_MARK)
    return str(element.get("selected_date") or element.get("value") or "")


def errors(view: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, str]:
    """Sentences by ``block_id``. What concerns the whole form stands at its first input: Slack knows no other place."""
    names = [b["block_id"] for b in view.get("blocks") or [] if b.get("type") == "input"]
    shown: dict[str, str] = {}
    for name, sentence in found.items():
        block = name if name in names else names[0] if names else name
        shown[block] = f"{shown[block]} {sentence}" if block in shown else sentence
    return shown


def _input(one: Input) -> Block:
    block: Block = {
        "type": "input",
        "block_id": one.name,
        "label": _plain(one.label, LABEL),
        "optional": not one.required,
        "element": _element(one),
    }
    if one_line(one.hint):
        block["hint"] = _plain(one.hint, HINT)
    return block


def _element(one: Input) -> Block:
    if one.kind == "date":
        return date_picker(VALUE, one.value)
    if one.kind == "choice":
        return _select(one)
    most = min(max(one.max_length, 1), TYPED)
    element: Block = {"type": "plain_text_input", "action_id": VALUE, "max_length": most}
    if one.kind == "long_text":
        element["multiline"] = True
    typed = clean(one.value) if one.kind == "long_text" else one_line(one.value)
    if typed:
        element["initial_value"] = cut(typed, most)
    return element


def _select(one: Input) -> Block:
    options = [_option(value, label) for value, label in one.options[: OPTIONS * GROUPS]]
    if not options:
        raise ValueError(f"nothing to choose for {one.name}")
    element: Block = {"type": "static_select", "action_id": VALUE}
    if len(options) <= OPTIONS:
        element["options"] = options
    else:
        batches = [options[i : i + OPTIONS] for i in range(0, len(options), OPTIONS)]
        element["option_groups"] = [
            {"label": _plain(f"{cut(b[0]['text']['text'], 35)} – {cut(b[-1]['text']['text'], 35)}", 75), "options": b}
            for b in batches
        ]
    chosen = next((o for o in options if o["value"] == _MARK + one.value), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return element


def _option(value: str, label: str) -> Block:
    if len(value) > 149:
        raise ValueError("the value of a choice has at most 149 characters")
    return {"text": _plain(one_line(label) or value or "…", OPTION), "value": _MARK + value}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(clean(text), most) or "…", "emoji": False}
