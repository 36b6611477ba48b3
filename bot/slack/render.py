"""Cards as Block Kit. Pure: a card in, JSON out, within every limit of Slack whatever the card holds.

Order of a card: head, lead, figures in two columns, picture, list, notes, buttons, small print. A card that is one
sentence stays one sentence. Actions carry their kind in ``action_id`` (see :data:`TAP` and its neighbours) and our
token in ``value``; ``bot/slack/incoming.py`` reads them back.

Source of the limits: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from bot.slack.text import clean, cut, literal, one_line
from handlers.chat import Button, Card, Choice, Field, Note, Picture, Row, Tone
from handlers.texts import t

Block = dict[str, Any]

TAP, FORM, SAY, PICK, LINK = "keihi.tap", "keihi.form", "keihi.say", "keihi.pick", "keihi.link"

BLOCKS = 50
SECTION_TEXT, FIELD_TEXT, HEADER_TEXT, CONTEXT_TEXT, ALT_TEXT = 3000, 2000, 150, 2000, 2000
FIELDS, ELEMENTS = 10, 25
BUTTON_TEXT, BUTTON_VALUE, BUTTON_URL, ACTION_ID = 75, 2000, 3000, 255
TOKEN_PART = 230  # a date picker has no value; its token stands in block_id and action_id, 255 characters each
INLINE = 80  # characters of a row without a button that still stand well on one line
ROWS_TEXT = 9000  # characters of all rows together: Slack refuses very long messages with msg_blocks_too_long

ELSE = "…"  # where Slack wants a text and there is none
_ICON: dict[Tone, str] = {"plain": "", "good": "✅", "doubt": "⚠️", "bad": "⛔"}
_DOUBT = _ICON["doubt"]


def message(card: Card, picture_file: str = "") -> dict[str, Any]:
    """``text`` and ``blocks`` of a message. ``picture_file`` is Slack's id of the uploaded picture, if any."""
    return {"text": summary(card), "blocks": blocks(card, picture_file)}


def summary(card: Card) -> str:
    """The line for notifications and screen readers."""
    return literal(one_line(card.summary or card.title), 500) or "…"


def blocks(card: Card, picture_file: str = "") -> list[Block]:
    head = [
        *_title(card),
        *_paragraph(card.lead),
        *_fields(card.fields),
        *_picture(card.picture, picture_file),
    ]
    tail = [*_notes(card.notes), *_actions(card), *_small_print(card.footer)]
    return head + _rows(card, BLOCKS - len(head) - len(tail)) + tail


def _title(card: Card) -> Iterator[Block]:
    title = clean(card.title)
    icon = _ICON[card.tone]
    shown = f"{icon} {title}" if icon and not title.startswith(icon[0]) else title
    if not (card.lead or card.fields or card.rows or card.picture or card.notes):
        yield from _paragraph(shown or ELSE)
        return
    yield {"type": "header", "text": _plain(one_line(shown) or ELSE, HEADER_TEXT)}
    if len(one_line(shown)) > HEADER_TEXT:
        yield from _paragraph(title)


def _paragraph(text: str) -> Iterator[Block]:
    if clean(text):
        yield {"type": "section", "text": _plain(text, SECTION_TEXT)}


def _fields(fields: Sequence[Field]) -> Iterator[Block]:
    columns = [_mrkdwn(_field(field), FIELD_TEXT) for field in fields[: 10 * FIELDS]]
    for some in _batches(columns, FIELDS):
        yield {"type": "section", "fields": some}


def _field(field: Field) -> str:
    label = literal(one_line(field.label), 200)
    value = literal(field.value, 1700) or "—"
    head = " ".join(part for part in (f"*{label}*" if label else "", _DOUBT if field.doubted else "") if part)
    if field.emphasis and "\n" not in value:
        value = f"*{value}*"
    return f"{head}\n{value}" if head else value


def _picture(picture: Picture | None, file: str) -> Iterator[Block]:
    if picture is not None and file:
        yield {
            "type": "image",
            "slack_file": {"id": file},
            "alt_text": cut(one_line(picture.alt), ALT_TEXT) or ELSE,
        }


def _rows(card: Card, room: int) -> list[Block]:
    """Rows with a button are a section each; rows without are written together. What has no room is counted."""
    shown: list[Block] = []
    written = 0
    for number, row in enumerate(card.rows):
        text = _row(row)
        last = shown[-1] if shown else None
        joins = last is not None and row.button is None and "accessory" not in last
        if joins and last is not None and len(last["text"]["text"]) + len(text) + 1 <= SECTION_TEXT:
            last["text"]["text"] += "\n" + text
        elif len(shown) + 1 < room or (len(shown) < room and number == len(card.rows) - 1):
            shown.append({"type": "section", "text": _mrkdwn(text, SECTION_TEXT)})
            if row.button is not None and (element := _button(row.button, 0)):
                shown[-1]["accessory"] = element
        else:
            return [*shown, _more(card, len(card.rows) - number)]
        written += len(text)
        if written > ROWS_TEXT and number < len(card.rows) - 1 and len(shown) < room:
            return [*shown, _more(card, len(card.rows) - number - 1)]
    return shown


def _row(row: Row) -> str:
    title, value = literal(one_line(row.title), 300) or ELSE, literal(one_line(row.value), 200)
    line = f"{_DOUBT} *{title}*" if row.doubted else f"*{title}*"
    if value:
        line += f"　{value}"
    detail = literal(row.detail, 600)
    inline = row.button is None and "\n" not in detail and len(line) + len(detail) <= INLINE
    return line + ("　" if inline else "\n") + detail if detail else line


def _more(card: Card, count: int) -> Block:
    return {"type": "context", "elements": [_plain(t(language(card), "… and {count} more", count=count), CONTEXT_TEXT)]}


def language(card: Card) -> str:
    """The card's language, for the few words that a platform adds itself: a card's own texts are written already."""
    texts = (card.title, card.lead, card.footer, *(f.label for f in card.fields), *(b.label for b in card.buttons))
    return "ja" if any("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" for text in texts for c in text) else "en"


def _notes(notes: Sequence[Note]) -> Iterator[Block]:
    """Each note one line of small print under the figures, a few blocks at most."""
    lines = [cut(f"{_ICON[n.tone] or '・'} {one_line(n.text)}", 500) for n in notes if one_line(n.text)]
    chunk: list[str] = []
    chunks = [chunk]
    for line in lines:
        if sum(len(one) + 1 for one in chunk) + len(line) > CONTEXT_TEXT:
            chunk = []
            chunks.append(chunk)
        chunk.append(line)
    for some in chunks[:6]:
        if some:
            yield {"type": "context", "elements": [_plain("\n".join(some), CONTEXT_TEXT)]}


def _actions(card: Card) -> Iterator[Block]:
    elements = [e for i, button in enumerate(card.buttons) if (e := _button(button, i))]
    elements += [e for i, choice in enumerate(card.choices) if not choice.picker and (e := _choice(choice, i))]
    for some in list(_batches(elements, ELEMENTS))[:4]:
        yield {"type": "actions", "elements": some}
    pickers = [c for c in card.choices if c.picker == "date" and 0 < len(c.token) <= 2 * TOKEN_PART]
    for i, choice in enumerate(pickers[:4]):
        yield {
            "type": "actions",
            "block_id": f"{PICK}.{i}.{choice.token[:TOKEN_PART]}",
            "elements": [date_picker(f"{PICK}.{choice.token[TOKEN_PART:]}", choice.initial, choice.label)],
        }


def _button(button: Button, number: int) -> Block | None:
    element: Block = {"type": "button", "text": _plain(one_line(button.label) or ELSE, BUTTON_TEXT, emoji=True)}
    if button.style != "plain":
        element["style"] = button.style
    if button.url:
        if len(button.url) > BUTTON_URL or not button.url.startswith(("https://", "http://")):
            return None
        return element | {"action_id": f"{LINK}.{number}", "url": button.url}
    if not 0 < len(button.token) <= BUTTON_VALUE:
        return None
    return element | {"action_id": f"{FORM if button.opens_form else TAP}.{number}", "value": button.token}


def _choice(choice: Choice, number: int) -> Block | None:
    kind, value = (TAP, choice.token) if choice.token else (SAY, clean(choice.text))
    if not 0 < len(value) <= BUTTON_VALUE:
        return None
    return {
        "type": "button",
        "text": _plain(one_line(choice.label) or ELSE, BUTTON_TEXT, emoji=True),
        "action_id": f"{kind}.choice.{number}",
        "value": value,
    }


def date_picker(action_id: str, initial: str, placeholder: str = "") -> Block:
    """A date picker; ``initial`` is used when it is a date (YYYY-MM-DD)."""
    element: Block = {"type": "datepicker", "action_id": action_id}
    if is_date(initial):
        element["initial_date"] = initial
    elif one_line(placeholder):
        element["placeholder"] = _plain(one_line(placeholder), 150)
    return element


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and text >= "1000"
    except ValueError:
        return False


def _small_print(text: str) -> Iterator[Block]:
    if clean(text):
        yield {"type": "context", "elements": [_plain(text, CONTEXT_TEXT)]}


def _plain(text: str, most: int, *, emoji: bool = False) -> Block:
    return {"type": "plain_text", "text": cut(clean(text), most), "emoji": emoji}


def _mrkdwn(text: str, most: int) -> Block:
    """``text`` is mrkdwn already made of :func:`literal` parts; ``verbatim`` keeps Slack from linking names in it."""
    return {"type": "mrkdwn", "text": text[:most], "verbatim": True}


def _batches(items: Iterable[Block], size: int) -> Iterator[list[Block]]:
    batch: list[Block] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
