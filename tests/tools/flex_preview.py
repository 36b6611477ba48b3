"""Pictures of LINE messages: Flex JSON to an HTML approximation of LINE's renderer, photographed by headless Chromium.

    python -m tests.tools.flex_preview OUT.png FILE.json [--width 390]

FILE holds a list of message objects, as ``bot.line.render.messages`` makes them. The sizes, margins and paddings are
those of LINE's published Flex layout; fonts differ, so a picture shows proportions and overflow, not the last pixel.
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

Json = dict[str, Any]
CHROMIUM = Path("/usr/bin/chromium")
WINDOW_FRAME = 150  # pixels of a window that headless Chromium takes from the page
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
]

FONT = {"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22, "xxl": 29, "3xl": 35, "4xl": 48, "5xl": 74}
GAP = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20}
WIDTH = {"nano": 120, "micro": 160, "deca": 220, "hecto": 241, "kilo": 260, "mega": 300, "giga": 386}
ALIGN = {"start": "left", "end": "right", "center": "center"}

STYLE = """
* { box-sizing: border-box; } body { margin: 0; background: #8cabd9; font: 16px/1.35 "Noto Sans CJK JP", sans-serif; }
.chat { padding: 12px 10px 12px 12px; display: flex; flex-direction: column; gap: 10px; }
.line { display: flex; gap: 8px; align-items: flex-start; }
.face { width: 34px; height: 34px; border-radius: 50%; background: #0b6b57; color: #fff; display: grid;
  place-items: center; font-weight: 700; flex: none; }
.words { background: #fff; border-radius: 18px; padding: 9px 13px; max-width: 76%; white-space: pre-wrap;
  overflow-wrap: anywhere; font-size: 15px; }
.carousel { display: flex; gap: 8px; align-items: stretch; }
.bubble { background: #fff; border-radius: 17px; overflow: hidden; flex: none; display: flex; flex-direction: column; }
.bubble > .body { flex: 1; } .box { display: flex; min-width: 0; }
.text { overflow-wrap: anywhere; white-space: pre-wrap; min-width: 0; }
.button { border-radius: 8px; display: grid; place-items: center; font-size: 16px; padding: 0 8px; min-width: 0;
  white-space: nowrap; overflow: hidden; }
.quick { display: flex; gap: 8px; flex-wrap: wrap; } .quick span { background: #fff; border: 1px solid #c8ced8;
  border-radius: 16px; padding: 5px 12px; font-size: 14px; } .alt { font-size: 11px; color: #24406e; }
"""


def page(messages: list[Json], width: int) -> str:
    """An HTML page that shows the messages as one chat, ``width`` pixels wide."""
    drawn = "".join(f'<div class="line"><div class="face">経</div>{_message(m)}</div>{_quick(m)}' for m in messages)
    head = f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>'
    return f'{head}<div class="chat" style="width:{width}px">{drawn}</div>'


def photograph(messages: list[Json], out: Path, *, width: int = 390, height: int = 0) -> None:
    """Write a PNG at double density. ``height`` 0: as tall as the messages are."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page(messages, width), encoding="utf-8")
        if not height:
            height = _height(source, width, folder)
        window = f"--window-size={width},{height + WINDOW_FRAME}"
        _chromium(folder, f"--screenshot={out}", window, "--force-device-scale-factor=2", source)
    with Image.open(out) as picture:
        picture.crop((0, 0, 2 * width, 2 * height)).save(out)


def _height(source: Path, width: int, folder: str) -> int:
    probe = Path(folder, "probe.html")
    script = "<script>document.title='';document.body.dataset.h=document.querySelector('.chat').offsetHeight</script>"
    probe.write_text(source.read_text(encoding="utf-8") + script, encoding="utf-8")
    dom = _chromium(folder, "--dump-dom", f"--window-size={width},2000", probe)
    found = dom.partition('data-h="')[2].partition('"')[0]
    return int(found or 1200)


def _chromium(folder: str, *options: object) -> str:
    *flags, source = options
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder}/profile", *map(str, flags), Path(str(source)).as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def _message(message: Json) -> str:
    if message["type"] == "text":
        return f'<div class="words">{html.escape(message["text"])}</div>'
    contents = message["contents"]
    bubbles = contents["contents"] if contents["type"] == "carousel" else [contents]
    return '<div class="carousel">' + "".join(map(_bubble, bubbles)) + "</div>"


def _quick(message: Json) -> str:
    items = message.get("quickReply", {}).get("items", [])
    labels = "".join(f"<span>{html.escape(item['action']['label'])}</span>" for item in items)
    alt = f'<div class="alt">altText: {html.escape(message["altText"])}</div>' if "altText" in message else ""
    return alt + (f'<div class="quick">{labels}</div>' if labels else "")


def _bubble(bubble: Json) -> str:
    width = WIDTH[bubble.get("size", "mega")]
    drawn = ""
    for part, padding in (("header", 20), ("hero", 0), ("body", 20), ("footer", 10)):
        if part in bubble:
            drawn += f'<div class="{part}">{_component(bubble[part], "vertical", 0, padding)}</div>'
    return f'<div class="bubble" style="width:{width}px">{drawn}</div>'


def _component(item: Json, inside: str, gap: int, padding: int = 0) -> str:
    style = _placed(item, inside, gap)
    kind = item["type"]
    if kind == "box":
        return _box(item, style, padding)
    if kind == "text":
        style += f"font-size:{_size(item.get('size', 'md'), FONT)}px;color:{item.get('color', '#111')};"
        style += f"font-weight:{700 if item.get('weight') == 'bold' else 400};"
        style += f"text-align:{ALIGN[item.get('align', 'start')]};"
        style += "" if item.get("wrap") else "white-space:nowrap;overflow:hidden;text-overflow:ellipsis;"
        return f'<div class="text" style="{style}">{html.escape(item["text"])}</div>'
    if kind == "separator":
        return f'<div style="{style}height:1px;background:{item.get("color", "#d4d6da")}"></div>'
    if kind == "button":
        height = 40 if item.get("height") == "sm" else 52
        plain = {"primary": ("#17c950", "#fff"), "secondary": ("#dcdfe5", "#111"), "link": ("none", "#42659a")}
        ground, ink = plain[item.get("style", "link")]
        if item.get("style", "link") == "link":
            ink = item.get("color", ink)
        else:
            ground = item.get("color", ground)
        style += f"height:{height}px;background:{ground};color:{ink};"
        return f'<div class="button" style="{style}">{html.escape(item["action"]["label"])}</div>'
    if kind == "image":
        wide, high = item.get("aspectRatio", "1:1").split(":")
        fit = "cover" if item.get("aspectMode") == "cover" else "contain"
        style += f"width:100%;aspect-ratio:{wide}/{high};object-fit:{fit};display:block;"
        return f'<img src="{html.escape(item["url"])}" style="{style}background:{item.get("backgroundColor", "none")}">'
    raise ValueError(f"no drawing for {kind}")


def _box(item: Json, style: str, padding: int) -> str:
    layout, gap = item["layout"], _size(item.get("spacing", "none"), GAP)
    style += f"flex-direction:{'column' if layout == 'vertical' else 'row'};"
    style += "align-items:baseline;" if layout == "baseline" else ""
    style += {"center": "align-items:center;"}.get(item.get("alignItems", ""), "")
    style += f"padding:{_size(item.get('paddingAll', f'{padding}px'), GAP)}px;"
    for side, css in (("Top", "top"), ("Bottom", "bottom"), ("Start", "left"), ("End", "right")):
        if f"padding{side}" in item:
            style += f"padding-{css}:{_size(item[f'padding{side}'], GAP)}px;"
    style += f"background:{item['backgroundColor']};" if "backgroundColor" in item else ""
    style += f"border-radius:{_size(item['cornerRadius'], GAP)}px;" if "cornerRadius" in item else ""
    inner = "".join(_component(child, layout, gap if count else 0) for count, child in enumerate(item["contents"]))
    return f'<div class="box" style="{style}">{inner}</div>'


def _placed(item: Json, inside: str, gap: int) -> str:
    """Flex factor and the margin before a component within its parent box."""
    space = _size(item["margin"], GAP) if "margin" in item else gap
    style = f"margin-{'top' if inside == 'vertical' else 'left'}:{space}px;" if space else ""
    if inside == "vertical":
        return style + "flex:none;"
    factor = item.get("flex", 1)
    return style + (f"flex:{factor} 0 0;" if factor else "flex:none;")


def _size(value: str, names: dict[str, int]) -> int:
    return names[value] if value in names else int(float(value.removesuffix("px")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=390)
    options = parser.parse_args()
    photograph(json.loads(options.file.read_text(encoding="utf-8")), options.out, width=options.width)


if __name__ == "__main__":
    main()
