"""docs/pictures/line.png: a real run of the server against the fake LINE, as three phones see it.

    python -m tests.tools.line_pictures [OUT.png]

Fictional people and the demo's own receipts; drawn by ``flex_preview``.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from bot.demo.receipts.tray import MOTIFS, render_sample
from bot.line.richmenu import picture as menu_picture
from tests.contract.line_spec import ROOT
from tests.fakes.line import LineServer
from tests.fakes.line_phone import LinePhone
from tests.fakes.seen import Attachment, Seen
from tests.fakes.server import Server
from tests.fakes.waiting import wait_until
from tests.tools.flex_preview import photograph

WIDTH = 390
SKY = "#8cabd9"
PEOPLE = (
    ("佐藤 花", "sato@example.jp", "tanaka@example.jp", "employee"),
    ("田中 実", "tanaka@example.jp", "suzuki@example.jp", "approver"),
    ("鈴木 恵", "suzuki@example.jp", "tanaka@example.jp", "admin;accountant"),
)


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as name, LineServer() as line:
        folder = Path(name)
        phones = [LinePhone(line, line.add_user(person[0])) for person in PEOPLE]
        worker, supervisor, administrator = phones
        with Server(folder, line=line, engine="") as server:
            _import(server, folder, phones)
            samples = [render_sample(motif, date(2026, 11, 23)) for motif in MOTIFS]
            files = [Attachment(f"{one.key}.jpg", one.image, one.media_type) for one in samples]
            worker.send(files[:1])
            draft = _wait(worker, lambda m: "提出" in m.buttons)
            worker.tap(draft, "提出")
            supervisor.tap(_wait(supervisor, lambda m: "承認" in m.buttons), "承認")
            _wait(worker, lambda m: "承認" in m.text and not m.buttons)
            administrator.send(files[1:])
            _wait(administrator, lambda m: m.buttons.count("開く") > 3)
            columns = [_shot(folder, phone) for phone in phones]
        _compose(columns, out)


def _import(server: Server, folder: Path, phones: list[LinePhone]) -> None:
    file = folder / "members.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        rows = csv.writer(out)
        rows.writerow(["name", "email", "manager_email", "roles", "line_user_id"])
        rows.writerows([*person, phone.user.id] for person, phone in zip(PEOPLE, phones, strict=True))
    server.cli("members", "import", str(file))


def _wait(phone: LinePhone, wanted: Callable[[Seen], bool]) -> Seen:
    found = wait_until(lambda: [m for m in phone.messages() if not m.mine and wanted(m)], 120)
    return found[-1]


def _shot(folder: Path, phone: LinePhone) -> Image.Image:
    out = folder / f"{phone.user.id}.png"
    messages = [json.loads(json.dumps(m.raw[2])) for m in phone.messages() if not m.mine]
    for number, image in enumerate(_images(messages)):
        file = folder / f"{phone.user.id}-{number}.jpg"
        file.write_bytes(phone.picture(image["url"]))
        image["url"] = file.as_uri()
    for message in messages:
        message.pop("altText", None)
    photograph(messages, out, width=WIDTH)
    return Image.open(out).convert("RGB")


def _images(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [image for one in value for image in _images(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") == "image" and "url" in value else []
    return own + [image for one in value.values() for image in _images(one)]


def _compose(columns: list[Image.Image], out: Path) -> None:
    """The phones side by side, the menu under the first."""
    with tempfile.TemporaryFile() as file:
        file.write(menu_picture("ja"))
        file.seek(0)
        menu = Image.open(file).convert("RGB").resize((2 * WIDTH, 2 * WIDTH * 843 // 2500), Image.Resampling.LANCZOS)
    columns[0] = _under(columns[0], menu)
    gap, height = 32, max(column.height for column in columns)
    sheet = Image.new("RGB", (sum(c.width for c in columns) + gap * (len(columns) - 1), height), "white")
    left = 0
    for column in columns:
        sheet.paste(SKY, (left, 0, left + column.width, height))
        sheet.paste(column, (left, 0))
        left += column.width + gap
    sheet = sheet.resize((sheet.width * 2 // 3, sheet.height * 2 // 3), Image.Resampling.LANCZOS)
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(out, optimize=True)
    print(f"{out}: {sheet.width}x{sheet.height}, {out.stat().st_size // 1000} kB")


def _under(column: Image.Image, menu: Image.Image) -> Image.Image:
    joined = Image.new("RGB", (column.width, column.height + 40 + menu.height), SKY)
    joined.paste(column, (0, 0))
    joined.paste(menu, (0, column.height + 40))
    return joined


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures" / "line.png")
