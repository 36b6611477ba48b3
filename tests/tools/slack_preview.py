"""Pictures of Slack messages: Block Kit to an HTML approximation of Slack, photographed by headless Chromium.

    python -m tests.tools.slack_preview OUT.png FILE.json [--width 720] [--pictures FOLDER]

FILE holds a list of messages (``text``, ``blocks``) or views. ``FOLDER/<slack file id>`` is shown for an uploaded
picture. Measures are those of Slack's clients; fonts differ, so a picture shows proportions and overflow.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from tests.tools.flex_preview import _chromium, _height

Json = dict[str, Any]

STYLE = """
* { box-sizing: border-box; } body { margin: 0; background: #fff; color: #1d1c1d;
  font: 15px/1.47 "Lato", "Noto Sans CJK JP", sans-serif; }
.chat { padding: 8px 0; }
.message { display: flex; gap: 8px; padding: 8px 20px; }
.face { width: 36px; height: 36px; border-radius: 8px; background: #1f4e46; color: #fff; display: grid;
  place-items: center; font-weight: 900; flex: none; }
.body { flex: 1; min-width: 0; max-width: 600px; } .who { font-weight: 900; }
.who small { color: #616061; font-size: 12px; font-weight: 400; }
.who i { background: #ddd; border-radius: 2px; font: 700 10px/14px sans-serif; padding: 0 3px; }
.block { margin: 8px 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.header { font-size: 18px; font-weight: 900; line-height: 1.33; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; }
.context { font-size: 13px; line-height: 1.38; color: #616061; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; white-space: normal; }
.button { border: 1px solid #1d1c1d4d; border-radius: 8px; font-weight: 700; padding: 0 12px; height: 36px;
  display: grid;
  place-items: center; background: #fff; max-width: 220px; overflow: hidden; white-space: nowrap; flex: none; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.danger { color: #e01e5a; border-color: #e01e5a; }
.row { display: flex; gap: 16px; align-items: flex-start; } .row > .text { flex: 1; min-width: 0; }
.image img { max-width: 360px; max-height: 420px; border-radius: 8px; border: 1px solid #1d1c1d21; display: block; }
.image .none { width: 240px; height: 160px; background: #f4f4f4; border-radius: 8px; display: grid; place-items: center;
  color: #868686; font-size: 13px; }
.view { width: min(520px, calc(100% - 24px)); margin: 16px auto; border-radius: 8px; box-shadow: 0 0 0 1px #1d1c1d21,
  0 18px 48px #00000059; } .view .top { font: 900 22px/1 sans-serif; padding: 20px 28px; }
.view .in { padding: 0 28px 8px; }
.view .end { display: flex; justify-content: flex-end; gap: 12px; padding: 16px 28px 24px; }
.label { font-weight: 700; } .label small { color: #616061; font-weight: 400; }
.hint { color: #616061; font-size: 13px; }
.field { border: 1px solid #868686; border-radius: 4px; padding: 8px 12px; min-height: 40px; margin: 4px 0; }
.tall { min-height: 88px; }
@media (max-width: 500px) { .fields { grid-template-columns: 1fr 1fr; gap: 8px; } .message { padding: 8px 12px; }
  .image img { max-width: 100%; } }
"""


def photograph(shown: list[Json], out: Path, *, width: int = 720, pictures: Path | None = None) -> None:
    """Write a PNG at double density, as tall as the messages are."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page(shown, pictures), encoding="utf-8")
        height = _height(source, width, folder)
        size = f"--window-size={width},{height}"
        _chromium(folder, f"--screenshot={out}", size, "--force-device-scale-factor=2", source)


def page(shown: list[Json], pictures: Path | None = None) -> str:
    parts = "".join(_view(one, pictures) if one.get("type") == "modal" else _message(one, pictures) for one in shown)
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><div class="chat">{parts}</div>'


def _message(message: Json, pictures: Path | None) -> str:
    blocks = "".join(_block(block, pictures) for block in message.get("blocks") or [])
    who = '<div class="who">Keihi <i>APP</i> <small>12:34</small></div>'
    plain = f'<div class="block">{_mrkdwn(message.get("text", ""))}</div>'
    return f'<div class="message"><div class="face">経</div><div class="body">{who}{blocks or plain}</div></div>'


def _view(view: Json, pictures: Path | None) -> str:
    blocks = "".join(_block(block, pictures) for block in view["blocks"])
    close = f'<div class="button">{_text(view["close"])}</div>' if "close" in view else ""
    submit = f'<div class="button primary">{_text(view["submit"])}</div>' if "submit" in view else ""
    top, end = f'<div class="top">{_text(view["title"])}</div>', f'<div class="end">{close}{submit}</div>'
    return f'<div class="view">{top}<div class="in">{blocks}</div>{end}</div>'


def _block(block: Json, pictures: Path | None) -> str:
    kind = block["type"]
    if kind == "header":
        return f'<div class="block header">{_text(block["text"])}</div>'
    if kind == "divider":
        return '<hr style="border:0;border-top:1px solid #ddd">'
    if kind == "context":
        return f'<div class="block context">{"  ".join(_text(e) for e in block["elements"])}</div>'
    if kind == "actions":
        return f'<div class="block actions">{"".join(_element(e) for e in block["elements"])}</div>'
    if kind == "image":
        return f'<div class="block image">{_image(block, pictures)}</div>'
    if kind == "input":
        return _input(block)
    text = f'<div class="text">{_text(block["text"])}</div>' if "text" in block else ""
    if fields := block.get("fields"):
        text += f'<div class="fields">{"".join(f"<div>{_text(f)}</div>" for f in fields)}</div>'
    accessory = _element(block["accessory"]) if "accessory" in block else ""
    return f'<div class="block row">{text}{accessory}</div>' if accessory else f'<div class="block">{text}</div>'


def _image(block: Json, pictures: Path | None) -> str:
    file = (pictures / block["slack_file"]["id"]) if pictures and "slack_file" in block else None
    alt = html.escape(block["alt_text"])
    return f'<img src="{file.as_uri()}" alt="{alt}">' if file and file.exists() else f'<div class="none">{alt}</div>'


def _element(element: Json) -> str:
    if element["type"] == "button":
        return f'<div class="button {element.get("style", "")}">{_text(element["text"])}</div>'
    if element["type"] == "datepicker":
        shown = element.get("initial_date") or (element.get("placeholder") or {}).get("text", "")
        return f'<div class="button">📅 {html.escape(shown)} ▾</div>'
    return f'<div class="button">{html.escape(element["type"])}</div>'


def _input(block: Json) -> str:
    element = block["element"]
    chosen = element.get("initial_option")
    value = element.get("initial_value") or element.get("initial_date") or (chosen and chosen["text"]["text"]) or ""
    mark = EMOJI["📅"] + " " if element["type"] == "datepicker" else ""
    tall = " tall" if element.get("multiline") else ""
    optional = " <small>（任意）</small>" if block.get("optional") else ""
    hint = f'<div class="hint">{_text(block["hint"])}</div>' if "hint" in block else ""
    arrow = " ▾" if element["type"] == "static_select" else ""
    field = f'<div class="field{tall}">{mark}{html.escape(value)}{arrow}</div>'
    return f'<div class="block"><div class="label">{_text(block["label"])}{optional}</div>{field}{hint}</div>'


# Slack brings its own emoji; a machine may have none.
EMOJI = {
    "✅": '<b style="color:#007a5a">✔</b>',
    "⚠️": '<b style="color:#de8600">⚠</b>',
    "⛔": '<b style="color:#e01e5a">⊘</b>',
    "⏳": '<span style="color:#616061">◔</span>',
    "📅": '<span style="color:#616061">▦</span>',
}


def _text(text: Json) -> str:
    shown = html.escape(text["text"]) if text["type"] == "plain_text" else _mrkdwn(text["text"])
    for emoji, drawn in EMOJI.items():
        shown = shown.replace(emoji, drawn)
    return shown


def _mrkdwn(text: str) -> str:
    """What Slack makes of mrkdwn, as far as cards use it: bold. Entities are HTML's own."""
    return re.sub(r"(?<!\w)\*(?=\S)([^*\n]+)\*", r"<b>\1</b>", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=720)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    shown = json.loads(options.file.read_text(encoding="utf-8"))
    photograph(shown, options.out, width=options.width, pictures=options.pictures)


if __name__ == "__main__":
    main()
