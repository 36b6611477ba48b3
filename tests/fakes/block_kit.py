"""What Slack refuses in blocks and views: its published limits, checked before anything is shown.

The functions walk the JSON by themselves, so that the renderer under test is never judged by its own library. Shapes
(which key belongs to which block) are checked besides by the JSON Schema made from Slack's own types when
tests/contract has it. Source of the numbers: docs.slack.dev/reference/block-kit (blocks, block elements, composition
objects) and docs.slack.dev/reference/views.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
Check = Callable[[Any, str], Iterator[str]]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000
MESSAGE_TYPES = frozenset(
    [
        "actions",
        "context",
        "context_actions",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "markdown",
        "rich_text",
        "section",
        "table",
        "video",
    ]
)
VIEW_TYPES = frozenset(["actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"])
PICKERS = frozenset(
    [
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "multi_static_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
        "multi_external_select",
        "overflow",
        "radio_buttons",
        "static_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "external_select",
        "timepicker",
        "workflow_button",
    ]
)
IN_ACTIONS = PICKERS
IN_ACCESSORY = PICKERS | {"image"}
IN_INPUT = (PICKERS - {"button", "overflow", "workflow_button"}) | frozenset(
    ["plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input", "rich_text_input"]
)


def message_problems(blocks: Any) -> list[str]:
    """Sentences about what Slack would refuse in a message's blocks; empty when it would take them."""
    if not isinstance(blocks, list):
        return ["blocks: must be an array"]
    return list(_blocks(blocks, "/blocks", MESSAGE_BLOCKS, MESSAGE_TYPES))


def view_problems(view: Any) -> list[str]:
    """The same for a modal or an App Home."""
    return list(_view(view)) if isinstance(view, dict) else ["view: must be an object"]


def _view(view: Json) -> Iterator[str]:
    kind = view.get("type")
    if kind not in ("modal", "home"):
        yield f"/type: unknown view type {kind!r}"
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        yield "view: larger than 250 KB"
    yield from _blocks(view.get("blocks"), "/blocks", VIEW_BLOCKS, VIEW_TYPES)
    if kind == "modal":
        yield from _plain(view.get("title"), "/title", 24)
        for name in ("submit", "close"):
            if name in view:
                yield from _plain(view[name], f"/{name}", 24)
        if "submit" not in view and any(b.get("type") == "input" for b in view.get("blocks") or []):
            yield "/submit: required when the view has an input block"
    yield from _length(view, "private_metadata", "", 3000, least=0)
    yield from _length(view, "callback_id", "", 255, least=0)
    yield from _length(view, "external_id", "", 255, least=0)
    unknown = set(view) - set(
        [
            "type",
            "title",
            "blocks",
            "submit",
            "close",
            "private_metadata",
            "callback_id",
            "clear_on_close",
            "notify_on_close",
            "external_id",
            "submit_disabled",
        ]
    )
    if unknown:
        yield f"view: unknown keys {sorted(unknown)}"


def _blocks(blocks: Any, at: str, most: int, allowed: frozenset[str]) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield f"{at}: must be an array"
        return
    if len(blocks) > most:
        yield f"{at}: {len(blocks)} blocks, at most {most}"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        here = f"{at}/{number}"
        if not isinstance(block, dict):
            yield f"{here}: must be an object"
            continue
        kind = block.get("type")
        if kind not in allowed:
            yield f"{here}/type: unsupported block {kind!r} on this surface"
            continue
        if (block_id := block.get("block_id")) is not None:
            yield from _length(block, "block_id", here, 255)
            if block_id in seen:
                yield f"{here}/block_id: {block_id!r} is used twice"
            seen.add(block_id)
        yield from _BLOCKS.get(str(kind), _nothing)(block, here)


def _section(block: Json, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{at}: a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], f"{at}/text", 3000)
    if "fields" in block:
        yield from _many(block, "fields", at, 10)
        for number, value in enumerate(block["fields"] or []):
            yield from _text(value, f"{at}/fields/{number}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory", IN_ACCESSORY)


def _header(block: Json, at: str) -> Iterator[str]:
    yield from _plain(block.get("text"), f"{at}/text", 150)


def _actions(block: Json, at: str) -> Iterator[str]:
    yield from _many(block, "elements", at, 25)
    ids = [e.get("action_id") for e in block.get("elements") or [] if isinstance(e, dict) and e.get("action_id")]
    if len(ids) != len(set(ids)):
        yield f"{at}/elements: an action_id is used twice"
    for number, element in enumerate(block.get("elements") or []):
        yield from _element(element, f"{at}/elements/{number}", IN_ACTIONS)


def _context(block: Json, at: str) -> Iterator[str]:
    yield from _many(block, "elements", at, 10)
    for number, element in enumerate(block.get("elements") or []):
        here = f"{at}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _image(element, here)
        else:
            yield from _text(element, here, 3000)


def _image(block: Json, at: str) -> Iterator[str]:
    if ("image_url" in block) == ("slack_file" in block):
        yield f"{at}: exactly one of image_url and slack_file"
    if "image_url" in block:
        yield from _length(block, "image_url", at, 3000)
        if not str(block["image_url"]).startswith(("https://", "http://")):
            yield f"{at}/image_url: not a URL"
    if "slack_file" in block:
        value = block["slack_file"]
        if not isinstance(value, dict) or not (value.get("id") or value.get("url")):
            yield f"{at}/slack_file: needs id or url"
    yield from _length(block, "alt_text", at, 2000, required=True)
    if "title" in block:
        yield from _plain(block["title"], f"{at}/title", 2000)


def _input(block: Json, at: str) -> Iterator[str]:
    yield from _plain(block.get("label"), f"{at}/label", 2000)
    if "hint" in block:
        yield from _plain(block["hint"], f"{at}/hint", 2000)
    yield from _element(block.get("element"), f"{at}/element", IN_INPUT)


def _markdown(block: Json, at: str) -> Iterator[str]:
    yield from _length(block, "text", at, 12_000, required=True)


def _nothing(block: Json, at: str) -> Iterator[str]:
    yield from ()


_BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
}


def _element(element: Any, at: str, allowed: frozenset[str]) -> Iterator[str]:
    if not isinstance(element, dict):
        yield f"{at}: must be an object"
        return
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"{at}/type: element {kind!r} is not allowed here"
        return
    if kind == "image":
        yield from _image(element, at)
        return
    yield from _length(element, "action_id", at, 255)
    if "placeholder" in element:
        yield from _plain(element["placeholder"], f"{at}/placeholder", 150)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    yield from _ELEMENTS.get(kind, _nothing)(element, at)


def _button(element: Json, at: str) -> Iterator[str]:
    yield from _plain(element.get("text"), f"{at}/text", 75)
    yield from _length(element, "url", at, 3000)
    yield from _length(element, "value", at, 2000)
    yield from _length(element, "accessibility_label", at, 75)
    if element.get("style", "primary") not in ("primary", "danger"):
        yield f"{at}/style: {element['style']!r} is not primary or danger"


def _select(element: Json, at: str) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield f"{at}: exactly one of options and option_groups"
    if "options" in element:
        yield from _many(element, "options", at, 100)
        yield from _options(element["options"], f"{at}/options")
    for number, group in enumerate(element.get("option_groups") or []):
        here = f"{at}/option_groups/{number}"
        yield from _plain(group.get("label"), f"{here}/label", 75)
        yield from _many(group, "options", here, 100)
        yield from _options(group.get("options"), f"{here}/options")
    every = [o for g in element.get("option_groups") or [element] for o in g.get("options") or []]
    for name in ("initial_option", "initial_options"):
        if name in element:
            chosen = element[name] if isinstance(element[name], list) else [element[name]]
            if any(o not in every for o in chosen):
                yield f"{at}/{name}: not one of the options"


def _few(most: int) -> Check:
    def check(element: Json, at: str) -> Iterator[str]:
        yield from _many(element, "options", at, most)
        yield from _options(element.get("options"), f"{at}/options")
        chosen = element.get("initial_options") or ([element["initial_option"]] if "initial_option" in element else [])
        if any(o not in (element.get("options") or []) for o in chosen):
            yield f"{at}: an initial option is not one of the options"

    return check


def _options(options: Any, at: str) -> Iterator[str]:
    for number, option in enumerate(options or []):
        here = f"{at}/{number}"
        if not isinstance(option, dict):
            yield f"{here}: must be an object"
            continue
        yield from _text(option.get("text"), f"{here}/text", 75)
        yield from _length(option, "value", here, 150, required=True)
        if "description" in option:
            yield from _text(option["description"], f"{here}/description", 75)


def _dated(name: str, pattern: str) -> Check:
    def check(element: Json, at: str) -> Iterator[str]:
        if name in element and not re.fullmatch(pattern, str(element[name])):
            yield f"{at}/{name}: {element[name]!r} has the wrong form"

    return check


def _typed(element: Json, at: str) -> Iterator[str]:
    if not 0 <= element.get("min_length", 0) <= 3000:
        yield f"{at}/min_length: 0 to 3000"
    if not 1 <= element.get("max_length", 3000) <= 3000:
        yield f"{at}/max_length: 1 to 3000"
    if len(str(element.get("initial_value", ""))) > element.get("max_length", 3000):
        yield f"{at}/initial_value: longer than max_length"


def _number(element: Json, at: str) -> Iterator[str]:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        yield f"{at}/is_decimal_allowed: required"
    for name in ("initial_value", "min_value", "max_value"):
        if name in element and not (isinstance(element[name], str) and re.fullmatch(r"-?\d+(\.\d+)?", element[name])):
            yield f"{at}/{name}: must be a number in a string"


def _file_input(element: Json, at: str) -> Iterator[str]:
    if not 1 <= element.get("max_files", 10) <= 10:
        yield f"{at}/max_files: 1 to 10"


_ELEMENTS: dict[str, Check] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _few(5),
    "checkboxes": _few(10),
    "radio_buttons": _few(10),
    "datepicker": _dated("initial_date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "timepicker": _dated("initial_time", r"([01]\d|2[0-3]):[0-5]\d"),
    "plain_text_input": _typed,
    "number_input": _number,
    "file_input": _file_input,
}


def _confirm(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: must be an object"
        return
    yield from _plain(value.get("title"), f"{at}/title", 100)
    yield from _text(value.get("text"), f"{at}/text", 300)
    yield from _plain(value.get("confirm"), f"{at}/confirm", 30)
    yield from _plain(value.get("deny"), f"{at}/deny", 30)


def _text(value: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{at}: must be a plain_text or mrkdwn object"
        return
    if value["type"] == "mrkdwn" and "emoji" in value:
        yield f"{at}: emoji is for plain_text only"
    if value["type"] == "plain_text" and "verbatim" in value:
        yield f"{at}: verbatim is for mrkdwn only"
    yield from _length(value, "text", at, most, required=True)


def _plain(value: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") != "plain_text":
        yield f"{at}: must be a plain_text object"
        return
    yield from _text(value, at, most)


def _length(owner: Json, name: str, at: str, most: int, *, least: int = 1, required: bool = False) -> Iterator[str]:
    value = owner.get(name)
    if value is None:
        if required or name in owner:
            yield f"{at}/{name}: required"
    elif not isinstance(value, str):
        yield f"{at}/{name}: must be a string"
    elif not least <= len(value) <= most:
        yield f"{at}/{name}: {len(value)} characters, {least} to {most}"


def _many(owner: Json, name: str, at: str, most: int) -> Iterator[str]:
    values = owner.get(name)
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        size = len(values) if isinstance(values, list) else "no"
        yield f"{at}/{name}: {size} items, 1 to {most}"
