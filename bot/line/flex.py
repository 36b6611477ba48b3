"""The parts of a Flex bubble: how a head, a figure, a field, a row, a note and a button look on a phone.

Colours keep a contrast of at least 4.5 to 1 on their ground; a doubt is never told by colour alone (⚠ stands before
it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.line.limits import clean, cut, size, units
from handlers.chat import Button, Card, Field, Note, Row, Tone

Json = dict[str, Any]
Action = Callable[[Button], Json | None]

INK, MUTED, LINE, BRAND = "#1A2433", "#5B6675", "#E6E9EE", "#0B6B57"
PICTURE_GROUND = "#E4E8EE"
PLAIN_BUTTON, DANGER_BUTTON = "#E9EDF2", "#F8D9D6"
DOUBT_INK, DOUBT_GROUND = "#7A4700", "#FFF3D6"
HEAD: dict[Tone, tuple[str, str]] = {  # ground, ink
    "plain": ("#EEF4F3", "#0F4A3F"),
    "good": ("#DFF4E6", "#12562F"),
    "doubt": (DOUBT_GROUND, DOUBT_INK),
    "bad": ("#FCE4E2", "#8C1710"),
}
NOTE: dict[Tone, tuple[str, str]] = {
    "plain": ("#F3F5F8", "#414C5B"),
    "good": ("#E7F6EC", "#12562F"),
    "doubt": (DOUBT_GROUND, DOUBT_INK),
    "bad": ("#FDECEA", "#8C1710"),
}
MARK: dict[Tone, str] = {"plain": "", "good": "✓ ", "doubt": "⚠ ", "bad": "✕ "}
MARKS = ("✓", "✔", "✅", "⚠", "✕", "✗", "❌")
MOST_BUTTONS = 10
NARROW = 12
"""Characters of a row's value up to which its column is as narrow as the text."""


def marked(text: str, tone: Tone) -> str:
    """``text`` with the sign of its tone, unless it brings one."""
    text = clean(text)
    return text if not text or text.startswith(MARKS) else MARK[tone] + text


def text(value: str, limit: int = 300, **style: Any) -> Json:
    """A text that wraps. A blank one would be refused by LINE and becomes a dash."""
    return {"type": "text", "text": cut(value, limit) or "—", "wrap": True, **style}


def box(layout: str, contents: Iterable[Json], **style: Any) -> Json:
    return {"type": "box", "layout": layout, "contents": list(contents), **style}


def bubble(card: Card, *, picture: str = "", alt: str = "", first: bool = True) -> Json:
    """A bubble with its head and no body yet (see :func:`add`); only the ``first`` of a card has the lead."""
    ground, ink = HEAD[card.tone]
    title = cut(marked(card.title, card.tone), 200) or "—"
    head = [text(title, weight="bold", size="lg", color=ink)]
    if first and clean(card.lead):
        head.append(text(card.lead, 1000, size="sm", color=ink, margin="sm"))
    drawn: Json = {
        "type": "bubble",
        "size": "mega",
        "header": box("vertical", head, backgroundColor=ground, paddingAll="16px"),
    }
    if picture:
        drawn["hero"] = {
            "type": "image",
            "url": picture,
            "size": "full",
            "aspectRatio": "4:3",
            "aspectMode": "fit",
            "backgroundColor": PICTURE_GROUND,
            "action": {"type": "uri", "label": cut(alt.replace("\n", " "), 20) or "…", "uri": picture},
        }
    return drawn


def add(bubble: Json, blocks: Sequence[Json], limit: int) -> int:
    """Append blocks to the body while the bubble stays within ``limit`` bytes; how many were appended."""
    if not blocks:
        return 0
    contents: list[Json] = bubble.setdefault("body", box("vertical", [], spacing="md", paddingAll="16px"))["contents"]
    used = size(bubble)
    for count, block in enumerate(blocks):
        used += size(block) + 2
        if used > limit:
            return count
        contents.append(block)
    return len(blocks)


def number_pages(bubbles: Sequence[Json]) -> None:
    """Write "(2/3)" behind the titles of a card's further bubbles."""
    for page, bubble in enumerate(bubbles[1:], 2):
        bubble["header"]["contents"][0]["text"] += f" ({page}/{len(bubbles)})"


def figures(fields: Iterable[Field]) -> list[Json]:
    """The emphasised fields: a small label above a large value."""
    return [_figure(field) for field in fields if field.emphasis]


def _figure(field: Field) -> Json:
    value = text(marked(field.value, "doubt") if field.doubted else field.value, 200, size="xxl", weight="bold")
    value["color"] = DOUBT_INK if field.doubted else INK
    drawn = box("vertical", [text(field.label, 60, size="xs", color=MUTED), value])
    return {**drawn, **_doubt_ground()} if field.doubted else drawn


def fields(all_fields: Iterable[Field]) -> list[Json]:
    """The other fields: label left, value right, the labels' column as wide as the longest wants."""
    plain = [field for field in all_fields if not field.emphasis]
    longest = max((sum(1 if c.isascii() else 2 for c in clean(field.label)) for field in plain), default=0)
    column = 3 if longest <= 8 else 4 if longest <= 11 else 5 if longest <= 14 else 8
    return [_field(field, column) for field in plain]


def _field(field: Field, column: int) -> Json:
    label = text(field.label, 60, size="sm", color=DOUBT_INK if field.doubted else MUTED, flex=column)
    value = text(marked(field.value, "doubt") if field.doubted else field.value, 500, size="sm", flex=8)
    value |= {"color": DOUBT_INK, "weight": "bold"} if field.doubted else {"color": INK}
    drawn = box("baseline", [label, value], spacing="md")
    return box("vertical", [drawn], **_doubt_ground()) if field.doubted else drawn


def _doubt_ground() -> Json:
    return {"backgroundColor": DOUBT_GROUND, "cornerRadius": "8px", "paddingAll": "8px"}


def notes(all_notes: Iterable[Note]) -> list[Json]:
    drawn = []
    for note in all_notes:
        if clean(note.text):
            ground, ink = NOTE[note.tone]
            words = text(marked(note.text, note.tone), 500, size="sm", color=ink)
            drawn.append(box("vertical", [words], backgroundColor=ground, cornerRadius="8px", paddingAll="10px"))
    return drawn


def rows(items: Sequence[Row], action: Action, *, ruled: bool) -> list[Json]:
    """Lines of a list with a rule between them, and before the first when ``ruled``."""
    return [_row(item, action, ruled=ruled or count > 0) for count, item in enumerate(items)]


def _row(item: Row, action: Action, *, ruled: bool) -> Json:
    """The whole line is tapped where it has a button, whose label stands under the value."""
    title = marked(item.title, "doubt") if item.doubted else item.title
    left = [text(title, 100, size="sm", weight="bold", color=DOUBT_INK if item.doubted else INK)]
    if clean(item.detail):
        left.append(text(item.detail, 200, size="xs", color=MUTED))
    right = []
    if clean(item.value):
        right.append(text(item.value, 40, size="sm", weight="bold", color=INK, align="end"))
    tap = action(item.button) if item.button else None
    if tap:
        right.append(text(f"{tap['label']} ›", 24, size="xs", weight="bold", color=BRAND, align="end"))
    columns = [box("vertical", left, flex=7)]
    if right:
        narrow = all(units(part["text"]) <= NARROW for part in right)
        columns.append(box("vertical", right, flex=0 if narrow else 5, spacing="xs"))
    drawn = box("horizontal", columns, spacing="md", alignItems="center")
    drawn |= {"action": tap} if tap else {}
    return box("vertical", [rule(), drawn], spacing="md") if ruled else drawn


def rule() -> Json:
    return {"type": "separator", "color": LINE}


def small(words: str) -> Json:
    return text(words, 500, size="xs", color=MUTED)


def footer(bubble: Json, buttons: Sequence[Button], action: Action) -> int:
    """The buttons: primary ones alone and wide, the others side by side, two a line (three where they are short).

    Returns how many found no place.
    """
    able = [(button, tap) for button in buttons if (tap := action(button))]
    drawn = able[:MOST_BUTTONS]
    lines: list[Json] = [_button(button, tap) for button, tap in drawn if button.style == "primary"]
    others = [(button, tap) for button, tap in drawn if button.style != "primary"]
    a_line = 3 if len(others) == 3 and all(len(tap["label"]) <= 4 for _, tap in others) else 2
    for at in range(0, len(others), a_line):
        pair = [_button(button, tap) for button, tap in others[at : at + a_line]]
        lines.append(box("horizontal", pair, spacing="sm") if len(pair) > 1 else pair[0])
    if lines:
        bubble["footer"] = box("vertical", lines, spacing="sm", paddingAll="12px")
    return len(able) - len(drawn)


def _button(button: Button, action: Json) -> Json:
    if button.style == "primary":
        return {"type": "button", "style": "primary", "color": BRAND, "height": "md", "action": action}
    color = DANGER_BUTTON if button.style == "danger" else PLAIN_BUTTON
    return {"type": "button", "style": "secondary", "color": color, "height": "sm", "action": action}
