"""The main story once more with PostgreSQL underneath: one setting, everything else alike."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.demo.receipts import MOTIFS, render_sample
from tests.fakes.seen import Attachment
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.waiting import wait_until

SECONDS = 60.0


def test_a_photo_becomes_an_approved_claim_on_postgresql(empty_postgres: str, tmp_path: Path) -> None:
    with SlackServer() as slack:
        worker = SlackPhone(slack, slack.add_user("佐藤", "sato@example.jp"))
        boss = SlackPhone(slack, slack.add_user("田中", "tanaka@example.jp"))
        server = Server(tmp_path, slack=slack, engine="", database_url=empty_postgres).start()
        try:
            people = tmp_path / "people.csv"
            people.write_text("name,email,manager\n佐藤,sato@example.jp,tanaka@example.jp\n田中,tanaka@example.jp,\n")
            assert "2 added" in server.cli("members", "import", str(people))
            worker.send([Attachment("taxi.jpg", render_sample(MOTIFS[1], date(2026, 11, 20)).image)], "打合せ")
            draft = wait_until(lambda: next((m for m in worker.messages() if m.buttons), None), SECONDS)
            assert draft.has("¥2,220", "打合せ")
            worker.tap(draft, "提出")
            asked = wait_until(lambda: next((m for m in boss.messages() if m.buttons), None), SECONDS)
            boss.tap(asked, "承認")
            wait_until(lambda: any("承認：田中" in m.text for m in worker.messages()), SECONDS)
            assert "all hold" in server.cli("audit", "verify")
        finally:
            server.kill()
