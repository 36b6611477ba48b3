"""What LINE refuses in messages beyond its OpenAPI file: the limits of the reference, and empty or unreachable things.

Source: developers.line.biz/en/reference/messaging-api (message objects, action objects, Flex Message) and
docs/messaging-api/text-character-count: texts are counted in UTF-16 code units, labels and postback data in characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

TEXT, ALT_TEXT, LABEL, DATA, DISPLAY = 5000, 1500, 20, 300, 300
BUBBLE_BYTES, CAROUSEL_BYTES, BUBBLES = 30 * 1024, 50 * 1024, 12
QUICK_ONLY = ("camera", "cameraRoll", "location")
SIZES = {"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"}
PICKER_FORMS = {
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "time": r"([01]\d|2[0-3]):[0-5]\d",
    "datetime": r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d",
}


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def problems(messages: Any) -> list[str]:
    """Sentences about what LINE would refuse in the `messages` of a reply or push; empty when it would take them."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return ["/messages: 1 to 5 messages"]
    found: list[str] = []
    for number, message in enumerate(messages):
        at = f"/messages/{number}"
        if not isinstance(message, dict):
            found.append(f"{at}: must be an object")
            continue
        found += _message(message, at)
    return found


def _message(message: dict[str, Any], at: str) -> Iterator[str]:
    match message.get("type"):
        case "text" | "textV2":
            yield from _said(message.get("text"), f"{at}/text", TEXT)
        case "flex":
            yield from _said(message.get("altText"), f"{at}/altText", ALT_TEXT)
            yield from _container(message.get("contents"), f"{at}/contents")
        case "image":
            yield from _https(message.get("originalContentUrl"), f"{at}/originalContentUrl")
            yield from _https(message.get("previewImageUrl"), f"{at}/previewImageUrl")
        case "template":
            yield from _said(message.get("altText"), f"{at}/altText", ALT_TEXT)
            yield from _template(message.get("template") or {}, f"{at}/template")
        case "sticker" | "location" | "video" | "audio" | "imagemap":
            pass
        case other:
            yield f"{at}/type: unknown message type {other!r}"
    if "quickReply" in message:
        items = (message["quickReply"] or {}).get("items")
        if not isinstance(items, list) or not 1 <= len(items) <= 13:
            yield f"{at}/quickReply/items: 1 to 13 items"
        for number, item in enumerate(items or []):
            here = f"{at}/quickReply/items/{number}"
            if item.get("type") != "action":
                yield f"{here}/type: must be action"
            yield from _action(item.get("action"), f"{here}/action", quick=True)
            if "imageUrl" in item:
                yield from _https(item["imageUrl"], f"{here}/imageUrl")
    if "sender" in message:
        yield from _said(message["sender"].get("name", "x"), f"{at}/sender/name", 20)


def _said(text: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"{at}: must not be empty"
    elif units(text) > most:
        yield f"{at}: {units(text)} characters, at most {most}"


def _https(url: Any, at: str) -> Iterator[str]:
    if not isinstance(url, str) or not url.startswith("https://"):
        yield f"{at}: must be an https URL"
    elif len(url) > 2000:
        yield f"{at}: longer than 2000 characters"


def _action(action: Any, at: str, *, quick: bool = False, labelled: bool = True) -> Iterator[str]:
    if not isinstance(action, dict):
        yield f"{at}: must be an action"
        return
    kind = action.get("type")
    label = action.get("label")
    if labelled or label is not None:
        if not isinstance(label, str) or not label.strip():
            yield f"{at}/label: must not be empty"
        elif len(label) > LABEL:
            yield f"{at}/label: {len(label)} characters, at most {LABEL}"
    match kind:
        case "postback":
            yield from _data(action, at)
            for name in ("displayText", "text"):
                if name in action:
                    yield from _said(action[name], f"{at}/{name}", DISPLAY)
            if "displayText" in action and "text" in action:
                yield f"{at}: displayText and text exclude each other"
            if "fillInText" in action and action.get("inputOption") != "openKeyboard":
                yield f"{at}/fillInText: only with inputOption openKeyboard"
        case "message":
            yield from _said(action.get("text"), f"{at}/text", 300)
        case "uri":
            uri = action.get("uri")
            if not isinstance(uri, str) or not re.match(r"(https?|line|tel):", uri) or len(uri) > 1000:
                yield f"{at}/uri: http, https, line or tel, at most 1000 characters"
        case "datetimepicker":
            yield from _data(action, at)
            yield from _picker(action, at)
        case "clipboard":
            yield from _said(action.get("clipboardText"), f"{at}/clipboardText", 1000)
        case "richmenuswitch":
            yield from _data(action, at)
        case _ if kind in QUICK_ONLY:
            if not quick:
                yield f"{at}/type: {kind} is for quick replies only"
        case _:
            yield f"{at}/type: unknown action {kind!r}"


def _data(action: dict[str, Any], at: str) -> Iterator[str]:
    data = action.get("data")
    if not isinstance(data, str) or not 1 <= len(data) <= DATA:
        yield f"{at}/data: 1 to {DATA} characters"


def _picker(action: dict[str, Any], at: str) -> Iterator[str]:
    form = PICKER_FORMS.get(str(action.get("mode")))
    if form is None:
        yield f"{at}/mode: date, time or datetime"
        return
    given = {name: action[name] for name in ("min", "initial", "max") if name in action}
    for name, value in given.items():
        if not re.fullmatch(form, str(value)):
            yield f"{at}/{name}: {value!r} has the wrong form"
    if list(given.values()) != sorted(given.values()) or ("min" in given and given["min"] == given.get("max")):
        yield f"{at}: min, initial and max are not in order"


def _container(container: Any, at: str) -> Iterator[str]:
    if not isinstance(container, dict):
        yield f"{at}: must be a bubble or carousel"
        return
    size = len(json.dumps(container, ensure_ascii=False, separators=(",", ":")).encode())
    match container.get("type"):
        case "bubble":
            if size > BUBBLE_BYTES:
                yield f"{at}: {size} bytes, a bubble holds at most 30 KB"
            yield from _bubble(container, at)
        case "carousel":
            bubbles = container.get("contents")
            if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= BUBBLES:
                yield f"{at}/contents: 1 to {BUBBLES} bubbles"
                return
            if size > CAROUSEL_BYTES:
                yield f"{at}: {size} bytes, a carousel holds at most 50 KB"
            if len({b.get("size", "mega") for b in bubbles}) > 1:
                yield f"{at}/contents: bubbles of different size"
            for number, bubble in enumerate(bubbles):
                yield from _container(bubble, f"{at}/contents/{number}")
        case other:
            yield f"{at}/type: unknown container {other!r}"


def _bubble(bubble: dict[str, Any], at: str) -> Iterator[str]:
    parts = [p for p in ("header", "hero", "body", "footer") if p in bubble]
    if not parts:
        yield f"{at}: an empty bubble"
    for part in parts:
        allowed = ("box", "image", "video") if part == "hero" else ("box",)
        if bubble[part].get("type") not in allowed:
            yield f"{at}/{part}/type: must be {' or '.join(allowed)}"
        yield from _component(bubble[part], f"{at}/{part}", "vertical")
    if "action" in bubble:
        yield from _action(bubble["action"], f"{at}/action", labelled=False)


def _component(part: Any, at: str, layout: str) -> Iterator[str]:
    if not isinstance(part, dict):
        yield f"{at}: must be a component"
        return
    kind = part.get("type")
    if layout == "baseline" and kind not in ("icon", "text", "filler"):
        yield f"{at}/type: {kind!r} in a baseline box"
    if kind == "icon" and layout != "baseline":
        yield f"{at}/type: an icon stands in a baseline box only"
    for name in ("color", "backgroundColor", "borderColor"):
        if name in part and not re.fullmatch(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", str(part[name])):
            yield f"{at}/{name}: {part[name]!r} is not #RRGGBB or #RRGGBBAA"
    if "action" in part and kind != "button":
        yield from _action(part["action"], f"{at}/action", labelled=False)
    match kind:
        case "box":
            if part.get("layout") not in ("horizontal", "vertical", "baseline"):
                yield f"{at}/layout: unknown layout {part.get('layout')!r}"
            contents = part.get("contents")
            if not isinstance(contents, list):
                yield f"{at}/contents: must be an array"
            for number, inner in enumerate(contents or []):
                yield from _component(inner, f"{at}/contents/{number}", str(part.get("layout")))
        case "text":
            spans = part.get("contents")
            if spans:
                for number, span in enumerate(spans):
                    yield from _said(span.get("text"), f"{at}/contents/{number}/text", TEXT)
            else:
                yield from _said(part.get("text"), f"{at}/text", TEXT)
            if "size" in part and part["size"] not in SIZES and not re.fullmatch(r"\d+(\.\d+)?px", str(part["size"])):
                yield f"{at}/size: unknown size {part['size']!r}"
        case "button":
            yield from _action(part.get("action"), f"{at}/action")
            if part.get("style", "link") not in ("primary", "secondary", "link"):
                yield f"{at}/style: unknown style {part['style']!r}"
        case "image" | "icon":
            yield from _https(part.get("url"), f"{at}/url")
        case "separator" | "filler" | "video":
            pass
        case _:
            yield f"{at}/type: unknown component {kind!r}"


def _template(template: dict[str, Any], at: str) -> Iterator[str]:
    kind = template.get("type")
    actions = template.get("actions") or []
    match kind:
        case "confirm":
            yield from _said(template.get("text"), f"{at}/text", 240)
            if len(actions) != 2:
                yield f"{at}/actions: exactly 2"
        case "buttons":
            pictured = "thumbnailImageUrl" in template or "title" in template
            yield from _said(template.get("text"), f"{at}/text", 60 if pictured else 160)
            if "title" in template:
                yield from _said(template["title"], f"{at}/title", 40)
            if not 1 <= len(actions) <= 4:
                yield f"{at}/actions: 1 to 4"
        case "carousel" | "image_carousel":
            if not 1 <= len(template.get("columns") or []) <= 10:
                yield f"{at}/columns: 1 to 10"
        case _:
            yield f"{at}/type: unknown template {kind!r}"
    for number, action in enumerate(actions):
        yield from _action(action, f"{at}/actions/{number}")


def rich_menu_problems(menu: Any) -> list[str]:
    """The same for a rich menu (reference, rich menu object; picture 800 to 2500 wide, ratio at least 1.45)."""
    if not isinstance(menu, dict):
        return ["rich menu: must be an object"]
    found = []
    width, height = (menu.get("size") or {}).get("width", 0), (menu.get("size") or {}).get("height", 0)
    if not 800 <= width <= 2500 or height < 250 or width / max(height, 1) < 1.45:
        found.append(f"/size: {width} x {height}")
    if not 1 <= len(str(menu.get("name") or "")) <= 300:
        found.append("/name: 1 to 300 characters")
    if not 1 <= len(str(menu.get("chatBarText") or "")) <= 14:
        found.append("/chatBarText: 1 to 14 characters")
    areas = menu.get("areas")
    if not isinstance(areas, list) or not 1 <= len(areas) <= 20:
        return [*found, "/areas: 1 to 20"]
    for number, area in enumerate(areas):
        bounds = area.get("bounds") or {}
        right, bottom = bounds.get("x", 0) + bounds.get("width", 0), bounds.get("y", 0) + bounds.get("height", 0)
        if right > width or bottom > height:
            found.append(f"/areas/{number}/bounds: outside the picture")
        found += _action(area.get("action"), f"/areas/{number}/action", labelled=False)
    return found
