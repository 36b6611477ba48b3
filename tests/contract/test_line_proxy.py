"""Keihi behind LINE's own specification: `prism proxy` stands before the fake and lets nothing wrong pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.receipts import MOTIFS, render_sample
from tests.contract.emulator import BOT_TOKEN, SECRET, SlackEmulator
from tests.contract.prism import Prism
from tests.contract.test_slack_emulator import Person
from tests.fakes.line import LineServer, LineUser
from tests.fakes.line_phone import LinePhone
from tests.fakes.seen import Attachment, Seen
from tests.fakes.server import Server
from tests.fakes.waiting import wait_until

SECONDS = 60.0
CSV = "name,email,manager_email,roles,slack_user_id,line_user_id\n"


@pytest.fixture
def people(proxied_line: tuple[LineServer, Prism]) -> tuple[LineUser, LineUser]:
    line, _ = proxied_line
    return line.add_user("佐藤 由美"), line.add_user("田中 誠")


@pytest.fixture(autouse=True)
def _nothing_was_stopped(proxied_line: tuple[LineServer, Prism]) -> Iterator[None]:
    """The proxy says "violation" for every request or answer that LINE's specification does not allow."""
    _, prism = proxied_line
    before = len(prism.tool.output)
    yield
    wrong = [line for line in prism.tool.output[before:] if "violation" in line.lower()]
    assert not wrong, "\n".join(wrong[:10])


def message(phone: LinePhone, label: str, *words: str) -> Seen:
    """The newest message with this button and these words."""

    def found() -> Seen | None:
        newest = reversed(phone.messages())
        return next((m for m in newest if label in m.buttons + m.choices and all(w in m.text for w in words)), None)

    seen = wait_until(found, SECONDS, what=lambda: "\n".join(m.text for m in phone.messages()))
    assert seen is not None
    return seen


def says(phone: LinePhone, *words: str) -> None:
    wait_until(
        lambda: [m for m in phone.messages() if not m.mine and all(w in m.text for w in words)],
        SECONDS,
        what=lambda: "\n".join(m.text for m in phone.messages()),
    )


def test_a_photograph_becomes_an_approved_claim(
    proxied_line: tuple[LineServer, Prism], people: tuple[LineUser, LineUser], tmp_path: Path
) -> None:
    line, prism = proxied_line
    worker, boss = people
    photo = render_sample(MOTIFS[0], datetime.now(UTC).date())
    with Server(tmp_path, line=line, engine="", line_api_host=prism.url) as server:
        file = tmp_path / "people.csv"
        rows = f"佐藤 由美,sato@example.jp,tanaka@example.jp,employee,,{worker.id}\n"
        file.write_text(CSV + rows + f"田中 誠,tanaka@example.jp,sato@example.jp,admin,,{boss.id}\n", encoding="utf-8")
        server.cli("members", "import", str(file))
        mine, theirs = LinePhone(line, worker), LinePhone(line, boss)
        mine.send([Attachment("r.jpg", photo.image)])
        draft = message(mine, "提出", "¥2,280")
        assert mine.picture(draft.pictures[0])
        mine.tap(draft, "修正")
        mine.tap(message(mine, "用途"), "用途")
        says(mine, "「用途」を送ってください")
        mine.say("町役場との打合せ")
        mine.tap(message(mine, "提出", "町役場との打合せ"), "提出")
        asked = message(theirs, "承認", "町役場との打合せ", "¥2,280")
        theirs.tap(asked, "差戻し")
        says(theirs, "「理由」を送ってください")
        theirs.say("参加者を書いてください")
        says(mine, "参加者を書いてください")
        mine.tap(message(mine, "開く"), "開く")
        mine.tap(message(mine, "提出", "差戻し", "町役場との打合せ"), "提出")
        wait_until(lambda: len([m for m in theirs.messages() if "承認" in m.buttons]) == 2, SECONDS)
        theirs.tap(message(theirs, "承認"), "承認")
        says(mine, "承認", "田中 誠")
        theirs.tap(asked, "承認")
        says(theirs, "すでに承認済みです")
        theirs.say("経費 members")
        says(theirs, "佐藤 由美", "sato@example.jp")


def test_from_line_to_the_slack_emulator(
    proxied_line: tuple[LineServer, Prism], people: tuple[LineUser, LineUser], emulator: SlackEmulator, tmp_path: Path
) -> None:
    """Applicant and approver on platforms that neither of us wrote: LINE's specification here, the emulator there."""
    line, prism = proxied_line
    worker, _ = people
    photo = render_sample(MOTIFS[1], datetime.now(UTC).date())
    slack = {
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": emulator.api_url,
        "slack_file_hosts": f"127.0.0.1:{emulator.port}",
    }
    with Server(tmp_path, line=line, engine="", line_api_host=prism.url, **slack) as server:
        boss = Person(emulator, server, "suzuki")
        file = tmp_path / "people.csv"
        rows = f"佐藤 由美,sato@example.jp,suzuki@example.jp,employee,,{worker.id}\n"
        file.write_text(CSV + rows + f"鈴木 花子,suzuki@example.jp,,approver,{boss.id},\n", encoding="utf-8")
        server.cli("members", "import", str(file))
        mine = LinePhone(line, worker)
        mine.send([Attachment("r.jpg", photo.image)])
        mine.tap(message(mine, "提出"), "提出")
        asked = boss.card("承認")
        boss.tap(asked, "承認")
        says(mine, "承認", "鈴木 花子")
