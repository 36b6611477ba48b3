"""Cards drawn as LINE messages: plain dictionaries in the JSON of the Messaging API, within every limit. Pure.

A card of words alone becomes a text message, which people can copy; everything else one Flex bubble: the picture, a
head in the colour of the tone, the emphasised figures large, the other fields as label and value, rows, notes, and
the buttons in the footer where the thumb is. A long list goes on in the next bubbles of a carousel. What does not fit
is counted ("…他 3 件") and never dropped unsaid. ``Card`` carries no language for these few words of our own: they
follow the script of the card's texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.line import flex
from bot.line.limits import (
    ALT_TEXT,
    BUBBLE_BYTES,
    BUBBLES,
    CAROUSEL_BYTES,
    DISPLAY_TEXT,
    LABEL,
    MESSAGE_ACTION_TEXT,
    MESSAGES,
    POSTBACK_DATA,
    QUICK_REPLIES,
    TEXT,
    URI,
    clean,
    cut,
    parts,
    size,
    units,
)
from handlers.chat import Button, Card, Choice
from handlers.texts import t

Json = dict[str, Any]

ROWS_A_BUBBLE = 12
SPARE = 600
"""Bytes kept free in a bubble for the line that counts what was left out and for the page number."""
FOOTER = 3200
"""Bytes kept free for the card's footer: 500 characters as the SDK escapes them, and their style."""
ROOM_FOR_ROWS = 6000
"""Bytes of the first bubble that its fields and notes leave to its rows."""
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def messages(card: Card, picture: str = "") -> list[Json]:
    """1 to 5 message objects. ``picture`` is the https address of the card's picture, empty when it has none.

    Raises ValueError when a button's token is longer than LINE's postback data: a button that cannot come back.
    """
    found = [_flex(card, picture)] if _needs_flex(card, picture) else _texts(card)
    quick = [item for choice in card.choices[:QUICK_REPLIES] if (item := _quick(choice))]
    if quick:
        found[-1]["quickReply"] = {"items": quick}
    return found


def _needs_flex(card: Card, picture: str) -> bool:
    return bool(picture or card.fields or card.rows or card.buttons)


def _texts(card: Card) -> list[Json]:
    lines = [
        flex.marked(card.title, card.tone),
        card.lead,
        *(flex.marked(note.text, note.tone) for note in card.notes),
        card.footer,
    ]
    text = "\n\n".join(line for line in map(clean, lines) if line) or "…"
    return [{"type": "text", "text": part} for part in parts(text, TEXT, MESSAGES)]


def _flex(card: Card, picture: str) -> Json:
    more = _more(card)
    a_page = math.ceil(len(card.rows) / max(1, math.ceil(len(card.rows) / ROWS_A_BUBBLE)))  # pages of even length
    bubbles = [_first_page(card, picture, more)]
    rows = flex.rows(card.rows[:a_page], _action, ruled="body" in bubbles[0])
    shown = flex.add(bubbles[0], rows, BUBBLE_BYTES - 2 * SPARE - FOOTER)
    while shown < len(card.rows) and len(bubbles) < BUBBLES:
        rows = flex.rows(card.rows[shown : shown + a_page], _action, ruled=False)
        page = flex.bubble(card, first=False)
        added = flex.add(page, rows, min(BUBBLE_BYTES, CAROUSEL_BYTES - FOOTER - sum(map(size, bubbles))) - 2 * SPARE)
        if not added:
            break
        bubbles.append(page)
        shown += added
    if shown < len(card.rows):
        flex.add(bubbles[-1], [flex.small(more(len(card.rows) - shown))], BUBBLE_BYTES)
    if clean(card.footer):
        flex.add(bubbles[0], [flex.small(card.footer)], BUBBLE_BYTES)
    flex.number_pages(bubbles)
    contents = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": bubbles}
    return {"type": "flex", "altText": _alt(card), "contents": contents}


def _first_page(card: Card, picture: str, more: Callable[[int], str]) -> Json:
    """Everything of the card but its rows; what exceeds the room is counted."""
    page = flex.bubble(card, picture=picture, alt=card.picture.alt if card.picture else "")
    hidden = flex.footer(page, card.buttons, _action)
    figures, rest = flex.figures(card.fields), [*flex.fields(card.fields), *flex.notes(card.notes)]
    blocks = [*figures, *([flex.rule()] if figures and rest else []), *rest]
    budget = BUBBLE_BYTES - 2 * SPARE - FOOTER - (ROOM_FOR_ROWS if card.rows else 0)
    hidden += len(blocks) - flex.add(page, blocks, budget)
    if hidden:
        flex.add(page, [flex.small(more(hidden))], BUBBLE_BYTES)
    return page


def _alt(card: Card) -> str:
    """What the notification and a screen reader say: the summary, or the title with the emphasised figures."""
    spoken = clean(card.summary) or " ".join(
        [clean(card.title), *(f"{clean(f.label)} {clean(f.value)}" for f in card.fields if f.emphasis)]
    )
    return cut(spoken.replace("\n", " "), ALT_TEXT) or "…"


def _action(button: Button) -> Json | None:
    """The action of a button; None for one that has neither a token nor an address that LINE opens."""
    label = cut(button.label.replace("\n", " "), LABEL) or "…"
    if button.url:
        fits = button.url.startswith(("https://", "http://", "tel:")) and units(button.url) <= URI
        return {"type": "uri", "label": label, "uri": button.url} if fits and button.url.isascii() else None
    return (
        {"type": "postback", "label": label, "data": _data(button.token), "displayText": label}
        if button.token
        else None
    )


def _quick(choice: Choice) -> Json | None:
    label = cut(choice.label.replace("\n", " "), LABEL)
    if not label:
        return None
    action: Json
    if choice.picker == "date" and choice.token:
        action = {"type": "datetimepicker", "label": label, "data": _data(choice.token), "mode": "date"}
        if DAY.fullmatch(choice.initial):
            action["initial"] = choice.initial
    elif choice.token:
        shown = cut(choice.text, DISPLAY_TEXT) or label
        action = {"type": "postback", "label": label, "data": _data(choice.token), "displayText": shown}
    else:
        said = clean(choice.text) or clean(choice.label)
        action = {"type": "message", "label": label, "text": cut(said, MESSAGE_ACTION_TEXT)}
    return {"type": "action", "action": action}


def _data(token: str) -> str:
    if units(token) > POSTBACK_DATA:
        raise ValueError(f"a button's token has {units(token)} characters, LINE takes {POSTBACK_DATA}")
    return token


def _more(card: Card) -> Callable[[int], str]:
    texts: Sequence[str] = [card.title, card.lead, card.summary, *(row.title for row in card.rows[:5])]
    locale = "ja" if any(JAPANESE.search(text) for text in texts) else "en"
    return lambda count: t(locale, "… and {count} more", count=count)
