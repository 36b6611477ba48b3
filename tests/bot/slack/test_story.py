"""From the photo to the decision in Slack, against the real server in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.texts import t
from tests.fakes.plain_engine import paper
from tests.fakes.seen import Attachment, Seen, from_bot
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.fakes.slack_delivery import HttpDelivery
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_socket import SocketDelivery
from tests.fakes.waiting import wait_until

PEOPLE = """name,email,manager,roles,department
田中 花,tanaka@example.jp,sato@example.jp,employee,総務課
佐藤 健,sato@example.jp,,employee;approver;admin,総務課
"""


def label(text: str) -> str:
    return t("ja", text)


def receipt(total: str) -> bytes:
    return paper(
        "カフェ木漏れ日",
        "東京都千代田区1-2-3",
        "2026年11月20日 12:10",
        "領収書",
        f"合計 ¥{total}",
        "登録番号 T1180301018771",
    )


class World:
    """The town hall's Slack with a worker and her supervisor, and the server."""

    def __init__(self, slack: SlackServer, server: Server) -> None:
        self.slack, self.server = slack, server
        self.tanaka = slack.add_user("tanaka", "tanaka@example.jp", real_name="田中 花")
        self.sato = slack.add_user("sato", "sato@example.jp", real_name="佐藤 健")
        self.worker, self.boss = SlackPhone(slack, self.tanaka), SlackPhone(slack, self.sato)

    def sees(self, phone: SlackPhone, *words: str, button: str = "", count: int = 1) -> Seen:
        """The newest message of the bot with these words and this button, when there are ``count`` of them."""

        def found() -> Seen | None:
            seen = [m for m in from_bot(phone.messages()) if m.has(*words) and (not button or button in m.buttons)]
            return seen[-1] if len(seen) >= count else None

        shown = lambda: f"{words} {button}\n{[(m.text, m.buttons) for m in phone.messages()]}\n{self.server.tail(20)}"  # noqa: E731
        return wait_until(found, 30, what=shown) or pytest.fail("unreachable")

    def became(self, phone: SlackPhone, card: Seen, *words: str) -> Seen:
        """The same card of the screen, once it holds these words and no button of before that decides."""

        def found() -> Seen | None:
            now = next(m for m in phone.messages() if m.ref == card.ref)
            return now if now.edited and now.has(*words) and now.text != card.text else None

        return wait_until(found, 20, what=self.server.tail) or pytest.fail("unreachable")

    def drafted(self, total: str, note: str = "") -> Seen:
        self.worker.send([Attachment("IMG_0001.png", receipt(total), "image/png")], note)
        return self.sees(self.worker, total, button=label("Submit"))

    def submitted(self, total: str) -> Seen:
        self.worker.tap(self.drafted(total), label("Submit"))
        return self.sees(self.boss, total, button=label("Approve"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("slack")
    people = Path(folder, "people.csv")
    people.write_text(PEOPLE, encoding="utf-8")
    with SlackServer() as slack, Server(folder, slack=slack) as server:
        world = World(slack, server)
        server.cli("members", "import", str(people))
        for phone in (world.worker, world.boss):
            phone.open_home("messages")
            wait_until(lambda phone=phone: from_bot(phone.messages()), 30, what=server.tail)
        yield world


def test_from_photo_to_approval(world: World) -> None:
    draft = world.drafted("1,980", "打合せの飲み物")
    assert draft.has("カフェ木漏れ日", "T1180301018771", "打合せの飲み物")
    assert world.worker.picture(draft.pictures[0])[:3] == b"\xff\xd8\xff"
    world.worker.tap(draft, label("Submit"))
    asked = world.sees(world.boss, "1,980", "田中 花", button=label("Approve"))
    assert asked.pictures
    world.boss.tap(asked, label("Approve"))
    assert world.became(world.boss, asked, "佐藤 健").buttons == (label("Undo"),)  # for a minute
    assert not world.became(world.worker, draft, label("Approved")).buttons


def test_a_second_tap_on_an_old_card_changes_nothing_and_says_why(world: World) -> None:
    asked = world.submitted("2,110")
    world.boss.tap(asked, label("Approve"))
    world.became(world.boss, asked, "佐藤 健")
    before = len(world.boss.messages())
    world.boss.tap(asked, label("Approve"))
    wait_until(lambda: len(world.boss.messages()) == before + 1, 20, what=world.server.tail)
    assert world.boss.messages()[-1].has("佐藤 健")


def test_every_field_is_corrected_in_a_modal_that_says_what_is_wrong(world: World) -> None:
    draft = world.drafted("3,210")
    world.worker.tap(draft, label("Edit"))
    screen = wait_until(lambda: (s := world.worker.modal.screen) and s.questions and s, 10, what=world.server.tail)
    names = {q.block for q in screen.questions}
    assert {"payee", "date", "amount", "category", "purpose"} <= names
    world.worker.modal.submit({"amount": "たくさん"})
    assert list(world.worker.modal.errors) == [screen.question("amount").label]
    world.worker.modal.submit({"amount": "3,200", "payee": "喫茶ひなた", "date": "2026-11-19"})
    assert world.worker.modal.errors == {}
    assert world.worker.modal.screen is None
    after = world.became(world.worker, draft, "喫茶ひなた")
    assert after.has("3,200", "2026/11/19")


def test_returning_asks_for_the_reason_and_the_worker_reads_it(world: World) -> None:
    asked = world.submitted("4,320")
    world.boss.tap(asked, label("Send back"))
    wait_until(lambda: (s := world.boss.modal.screen) and s.questions, 10, what=world.server.tail)
    world.boss.modal.submit({"reason": "宛名を確認してください"})
    world.sees(world.worker, "宛名を確認してください", "4,320")


def test_a_form_on_an_old_card_is_refused_in_the_view_that_had_opened(world: World) -> None:
    draft = world.drafted("5,430")
    world.worker.tap(draft, label("Submit"))
    world.sees(world.boss, "5,430", button=label("Approve"))
    before = len(world.worker.messages())
    world.worker.tap(draft, label("Edit"))
    refused = wait_until(lambda: (s := world.worker.modal.screen) and "⚠️" in s.text and s, 15, what=world.server.tail)
    assert not refused.submit_label
    assert len(world.worker.messages()) == before
    world.worker.modal.close()


def test_a_photo_in_a_channel_with_the_bot_mentioned_is_answered_in_its_thread(world: World) -> None:
    channel = world.slack.add_channel("soumu", world.tanaka, world.sato)
    there = SlackPhone(world.slack, world.tanaka, channel)
    there.say("金額だけの雑談 ¥100")
    there.send([Attachment("b.png", receipt("6,540"), "image/png")], "@keihi 備品")
    world.sees(there, button=label("Submit"))
    answers = [m for m in world.slack.space.timeline[channel.id] if m.bot_id]
    assert answers
    assert all(m.thread_ts == world.slack.space.timeline[channel.id][1].ts for m in answers)
    assert sum(label("Submit") in m.buttons for m in there.messages()) == 1


def test_a_command_typed_where_the_bot_is_not(world: World) -> None:
    channel = world.slack.add_channel("zatsudan", world.tanaka, with_bot=False)
    there = SlackPhone(world.slack, world.tanaka, channel)
    there.say("/keihi whoami")
    assert world.sees(there, "田中 花").private


def test_a_stranger_is_told_how_to_get_in_and_a_guest_that_they_cannot(world: World) -> None:
    for user in (world.slack.add_user("mori", "mori@example.com"), world.slack.add_user("guest", is_restricted=True)):
        phone = SlackPhone(world.slack, user)
        phone.send([Attachment("a.png", receipt("7,650"), "image/png")])
        wait_until(lambda phone=phone: from_bot(phone.messages()), 20, what=world.server.tail)
        assert not any("7,650" in m.text for m in from_bot(phone.messages()))


def test_what_slack_would_refuse_was_never_sent(world: World) -> None:
    """Last: over the whole story Slack refused nothing but what it may."""
    refused = [(name, answer) for name, _, answer in world.slack.calls if not answer["ok"]]
    assert [(name, answer) for name, answer in refused if answer["error"] != "not_found"] == []


def test_the_same_story_without_an_open_port(tmp_path: Path) -> None:
    """Socket Mode: no signing secret is set, so HTTP is closed; photo, form with a mistake, command, approval."""
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    with SlackServer() as slack, SocketDelivery(slack) as delivery:
        server = Server(tmp_path, slack=slack, slack_app_token=slack.app_token, slack_signing_secret="")
        with server:
            server.cli("members", "import", str(people))
            world = World(slack, server)
            assert (
                HttpDelivery(server.url).command(slack, {"command": "/keihi", "user_id": world.tanaka.id}).status == 401
            )
            slack.delivery = delivery
            wait_until(lambda: delivery.connections, 20, what=server.tail)
            for phone in (world.worker, world.boss):
                phone.open_home("messages")
                wait_until(lambda phone=phone: from_bot(phone.messages()), 30, what=server.tail)
            draft = world.drafted("1,980")
            world.worker.tap(draft, label("Edit"))
            wait_until(lambda: (s := world.worker.modal.screen) and s.questions, 10, what=server.tail)
            world.worker.modal.submit({"amount": "たくさん"})
            assert world.worker.modal.errors
            world.worker.modal.submit({"amount": "1,890"})
            world.worker.say("/keihi whoami")
            assert world.sees(world.worker, "tanaka@example.jp").private
            world.worker.tap(world.became(world.worker, draft, "1,890"), label("Submit"))
            asked = world.sees(world.boss, "1,890", button=label("Approve"))
            world.boss.tap(asked, label("Approve"))
            assert not world.became(world.worker, draft, label("Approved")).buttons
