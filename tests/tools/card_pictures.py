"""Takes the pictures of single cards in the documentation from a real run: ``python -m tests.tools.card_pictures``.

Starts the demo with the default reading engine, lets its people act, opens the page as wide as a phone and writes each
card to docs/pictures/card-*.png. Needs Chromium; takes some minutes. Fictional people, shops and figures.
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


def _sample(key: str, *, again: bool = False) -> Paper:
    """A receipt of the demo's tray; ``again``: the same photo, smaller and saved once more."""

    def made(_number: int) -> bytes:
        motif = next(one for one in MOTIFS if one.key == key)
        image = render_sample(motif, datetime.now(TOKYO).date()).image
        if not again:
            return image
        picture = Image.open(io.BytesIO(image)).convert("RGB")
        picture.thumbnail((900, 900))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=70)
        return out.getvalue()

    return Paper(form="JPEG", make=made)


CAFE, TAXI, TAXI_AGAIN = _sample("cafe"), _sample("taxi"), _sample("taxi", again=True)
TRAIN, HOTEL = _sample("train"), _sample("hotel")

STORY: tuple[Step, ...] = (
    administrator.commands("rule limit-category category=会議費 max=500 paragraph=旅費規程第8条 from=2026-01-01"),
    administrator.sees("The rule is set."),
    administrator.commands("rule duplicate-picture strength=reason from=2026-01-01"),
    administrator.commands("post 課長 department=企画課 holder={administrator.email}"),
    administrator.sees("The post {post} was added."),
    administrator.commands("route add 会議 category=会議費 : 上司 > 課長"),
    administrator.sees("Route {number} was added.", times=1),
    administrator.commands("route add 高額 金額>=50000 : 上司 > 課長 > 役割:経理"),
    administrator.sees("Route {number} was added.", times=2),
    administrator.commands("budget set 60000 department=企画課 account=会議費 name=企画課の会議費 stopped=yes"),
    administrator.commands("budget set 90000 department=企画課 account=旅費交通費 name=企画課の旅費 stopped=no"),
    administrator.sees("The budget is set.", "企画課の旅費"),
    administrator.commands("rule limit-category"),
    administrator.sees("limit-category: ", "旅費規程第8条"),
    administrator.commands("route"),
    administrator.sees("上司 > 課長 > 役割:経理"),
    supervisor.sends(TAXI, note="県庁との協議"),
    supervisor.taps("Submit", on=("県庁との協議",)),
    worker.sends(TAXI_AGAIN, note="県庁への同行"),
    worker.taps("Submit", on=("県庁への同行",)),
    worker.fills({"理由：同じ画像": "相乗りの控えで、私の分です"}),
    supervisor.sees("相乗りの控えで、私の分です"),
    supervisor.commands("delegate {administrator.email} 今日から3日間"),
    administrator.sees("{name} decides for {principal}: {days}"),
    administrator.taps("Open", on=("{name} decides for {principal}: {days}",)),
    administrator.sees("You decide for {name}.", "相乗りの控えで、私の分です"),
    worker.sends(TRAIN, note="福島市での説明会"),
    worker.taps("Submit", on=("福島市での説明会",)),
    worker.sends(HOTEL, note="説明会の前泊"),
    worker.taps("Submit", on=("説明会の前泊",)),
    supervisor.sees("説明会の前泊"),
    supervisor.commands("waiting"),
    supervisor.sees("Waiting for your decision"),
    worker.sends(CAFE, note="企画会議の飲み物"),
    worker.sees("企画会議の飲み物", "A reason is needed."),
)


def _shoot(page: Page, user: str, words: tuple[str, ...], name: str) -> None:
    """The newest card of a phone with these words."""
    page.locator(f"[data-tab={user}]").click()
    card = page.locator(f".station[data-phone={user}] .turn.bot .card")
    for word in words:
        card = card.filter(has_text=word)
    card.last.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    file = FOLDER / f"card-{name}.png"
    shot = Image.open(io.BytesIO(card.last.screenshot())).convert("RGB")
    shot.quantize(200).save(file, optimize=True)  # small enough to be read on a phone's page
    print(f"{file.name}  {file.stat().st_size // 1000} kB")


CARDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("administrator", ("limit-category:",), "rule"),
    ("administrator", ("承認経路",), "routes"),
    ("administrator", ("相乗りの控え", "代理"), "delegate"),
    ("supervisor", ("相乗りの控え",), "approver"),
    ("supervisor", ("承認待ち",), "waiting"),
    ("worker", ("企画会議の飲み物",), "draft"),
)


def main() -> int:
    if chromium.path() is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="keihi-cards-") as folder,
        Server(Path(folder), engine="", demo="1", base_url="", locale="ja") as server,
        chromium.started() as browser,
    ):
        demo = Demo.open(server)
        play = demo.play("web")
        play.seconds = READING_SECONDS
        play.play(dialogue("The pictures of the cards", *STORY))
        page = browser.new_page(
            viewport={"width": 390, "height": 2600}, locale="ja-JP", timezone_id="Asia/Tokyo", device_scale_factor=1.5
        )
        page.goto(server.url)
        page.wait_for_selector("html[data-ready]")
        for user, words, name in CARDS:
            _shoot(page, user, words, name)
        demo.page.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
