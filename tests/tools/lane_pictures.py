"""Takes the pictures of the lane's cards from a real run: ``python -m tests.tools.lane_pictures``.

A lane is proposed and confirmed, and a taxi receipt passes it; written to docs/pictures/card-lane-*.png. Needs Chromium
and the default reading engine. Of a thousand runs one has the claim drawn for an audit and finds no such card.
"""

from __future__ import annotations

import io
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from bot.demo.receipts.tray import MOTIFS, TOKYO, render_sample
from tests.browser import chromium
from tests.fakes.server import Server
from tests.scenarios.script import Paper, Step, administrator, dialogue, supervisor, worker
from tests.scenarios.town import Demo
from tests.tools.pictures import FOLDER

READING_SECONDS = 400.0


def _taxi(_number: int) -> bytes:
    motif = next(one for one in MOTIFS if one.key == "taxi")
    return render_sample(motif, datetime.now(TOKYO).date()).image


TAXI = Paper(form="JPEG", make=_taxi)

PROPOSED: tuple[Step, ...] = (
    administrator.commands("add {supervisor} {supervisor.email} roles=approver,admin"),
    administrator.sees("{name} was changed."),
    administrator.commands("lane open 科目=旅費交通費,消耗品費 上限=5000 明細=不要 抜き取り=0.1%"),
    supervisor.sees("Proposal: {what}"),
)
PASSED: tuple[Step, ...] = (
    supervisor.taps("Confirm", on=("Proposal: {what}",)),
    administrator.sees("In force: {what}"),
    worker.sends(TAXI, note="県庁との協議"),
    worker.taps("Submit", on=("県庁との協議",)),
    worker.sees("Approved by the rules, without an approver ({when})"),
)


def shoot(page: Page, user: str, words: tuple[str, ...], name: str) -> None:
    """The newest card of a phone with these words."""
    page.locator(f"[data-tab={user}]").click()
    card = page.locator(f".station[data-phone={user}] .turn.bot .card")
    for word in words:
        card = card.filter(has_text=word)
    card.last.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    file = FOLDER / f"card-{name}.png"
    taken = Image.open(io.BytesIO(card.last.screenshot()))
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}  {file.stat().st_size // 1000} kB")


def main() -> int:
    if chromium.path() is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="keihi-lane-") as folder,
        Server(Path(folder), engine="", demo="1", base_url="", locale="ja") as server,
        chromium.started() as browser,
    ):
        demo = Demo.open(server)
        play = demo.play("web")
        play.seconds = READING_SECONDS
        page = browser.new_page(  # as wide as a phone, and high enough for the longest card
            viewport={"width": 390, "height": 1500}, locale="ja-JP", timezone_id="Asia/Tokyo", device_scale_factor=1.5
        )
        play.play(dialogue("A lane is proposed", *PROPOSED))
        page.goto(server.url)
        page.wait_for_selector("html[data-ready]")
        shoot(page, "supervisor", ("提案",), "lane-proposal")
        play.play(dialogue("A claim passes", *PASSED))
        shoot(page, "worker", ("県庁との協議", "規則により承認"), "lane-passed")
        demo.page.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
